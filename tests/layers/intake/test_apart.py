"""Storing in a process of its own: the same bytes, the same faults, and as before or as after when it is killed."""

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from geo.errors import DataError
from geo.files import digest
from geo.text import Text
from layers import ISSUES, open_workspace, store
from layers.intake import apart
from layers.intake.apart import Storing
from layers.intake.history import FOLDER, RECORD, history, next_intake, undo
from layers.intake.look import Look, Wishes, setting_of
from layers.intake.looking import look
from layers.intake.parcel import packed_into, unpacked_from
from layers.intake.taking import parcel_of, take_in
from tests import intake_files as files
from tests import samples

Kind = tuple[str, Callable[[], bytes]]
KINDS: list[Kind] = [("a.csv", files.csv_file), ("a.xlsx", files.xlsx_file)]


class Elsewhere(BaseException):
    """What a session raises that goes on to something else."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return samples.community(tmp_path / "sample")


def looked(folder: Path, tmp_path: Path, kind: Kind = KINDS[0]) -> tuple[Look, Path]:
    path = tmp_path / kind[0]
    path.write_bytes(kind[1]())
    return look(setting_of(folder), path, Wishes(ISSUES)), path


def content(folder: Path) -> dict[str, str]:
    """What an intake left, by file, but for its moment."""
    found = [path for path in folder.rglob("*") if path.is_file() and ".cache" not in path.parts]
    found = [path for path in found if path.name not in {RECORD, ".intake.lock"} and path.suffix != ".xlsx"]
    return {path.relative_to(folder).as_posix(): digest([path]) for path in found}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[0])
def test_what_is_stored_apart_is_what_would_be_stored_here(folder: Path, tmp_path: Path, kind: Kind) -> None:
    here = shutil.copytree(folder, tmp_path / "here")
    found, path = looked(folder, tmp_path, kind)
    told: list[Text] = []
    done = Storing(folder, parcel_of(found), path).outcome(told.append)
    same = take_in(here, found, path)
    assert content(folder) == content(here)
    assert (done.number, done.folder) == (1, folder / FOLDER / "0001")
    assert {**done.record, "at": ""} == {**json.loads(json.dumps(same.record)), "at": ""}
    assert (done.folder / str(done.record["rejects_file"])).is_file()
    assert len(told) == 3
    assert all("19" in words.zh and "19" in words.en for words in (told[0], told[2]))
    undo(folder)
    assert history(folder) == []


def test_this_process_does_not_store(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, path = looked(folder, tmp_path)
    pids: list[int] = []
    begin = apart.subprocess.Popen

    def begun(*words: object, **options: object) -> object:
        run = begin(*words, **options)  # type: ignore[call-overload]
        pids.append(run.pid)
        return run

    monkeypatch.setattr(apart.subprocess, "Popen", begun)
    monkeypatch.setattr(apart, "store", None)
    Storing(folder, parcel_of(found), path).outcome()
    assert len(pids) == 1
    assert pids[0] != os.getpid()
    assert len(open_workspace(folder)[ISSUES]) == len(samples.ISSUES) + files.KEPT


def test_a_parcel_comes_out_as_it_went_in(folder: Path, tmp_path: Path) -> None:
    parcel = parcel_of(looked(folder, tmp_path)[0])
    packed_into(tmp_path, parcel)
    again = unpacked_from(tmp_path)
    assert again.table.equals(parcel.table)
    assert again.table.crs == parcel.table.crs  # type: ignore[attr-defined]
    assert again.table.dtypes.equals(parcel.table.dtypes)
    assert (again.layer, again.lost, again.maps) == (parcel.layer, parcel.lost, parcel.maps)
    assert again.private.to_csv() == parcel.private.reset_index(drop=True).to_csv()
    for one, other in zip(again.sources, parcel.sources, strict=True):
        assert one.cells.equals(other.cells)
        assert one._replace(cells=None, rows=None, notes=()) == other._replace(cells=None, rows=None, notes=())  # type: ignore[arg-type]


def test_the_workspace_is_opened_ahead(folder: Path, tmp_path: Path) -> None:
    found, path = looked(folder, tmp_path)
    open_workspace(folder)
    Storing(folder, parcel_of(found), path).outcome()
    copy = store.stored(folder)
    assert copy is not None
    assert len(copy.tables["issues"]) == len(samples.ISSUES) + files.KEPT
    assert copy.digest == store.inputs(folder)
    assert not [one for one in (folder / FOLDER / "0001").iterdir() if one.name.startswith(".")]


def test_faults_come_back_as_they_are(folder: Path, tmp_path: Path) -> None:
    found, path = looked(folder, tmp_path)
    with next_intake(folder), pytest.raises(DataError) as caught:
        Storing(folder, parcel_of(found), path).outcome()
    (problem,) = caught.value.problems
    assert problem.code == "intake_busy"
    assert problem.found == Text("另一处正在入库", "another intake under way")


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_killed_process_leaves_the_workspace_as_before_and_says_so(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    found, path = looked(folder, tmp_path)
    before = content(folder)
    runs: list[apart.subprocess.Popen[str]] = []
    begin = apart.subprocess.Popen

    def begun(*words: object, **options: object) -> object:
        runs.append(begin(*words, **options))  # type: ignore[call-overload]
        return runs[-1]

    monkeypatch.setattr(apart.subprocess, "Popen", begun)
    told: list[Text] = []

    def kill(words: Text) -> None:
        told.append(words)
        if len(told) == steps:
            runs[-1].send_signal(signal.SIGKILL)

    storing = Storing(folder, parcel_of(found), path)
    with suppress(DataError):
        storing.outcome(kill)
    assert len(told) >= steps
    kept = {name: one for name, one in content(folder).items() if not name.startswith(FOLDER)}
    assert [one.number for one in history(folder)] == ([] if storing.done is None else [1])
    assert storing.done is not None or kept == before
    monkeypatch.undo()
    if storing.done is None:  # the rule; that it was done before the signal came is not ruled out
        assert Storing(folder, parcel_of(found), path).outcome().number == 1
    assert len(open_workspace(folder)[ISSUES]) == len(samples.ISSUES) + files.KEPT


def test_a_process_that_ends_before_its_time_is_told(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, path = looked(folder, tmp_path)
    monkeypatch.setattr(apart, "packed_into", lambda home, _parcel: (home / "parcel.json").write_text("{}"))
    with pytest.raises(DataError) as caught:
        Storing(folder, parcel_of(found), path).outcome()
    assert [one.code for one in caught.value.problems] == ["storing_stopped"]
    assert history(folder) == []


def test_a_full_disk_is_told(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, path = looked(folder, tmp_path)

    def full(_home: Path, _parcel: object) -> None:
        raise OSError

    monkeypatch.setattr(apart, "packed_into", full)
    with pytest.raises(DataError) as caught:
        Storing(folder, parcel_of(found), path).outcome()
    assert [one.code for one in caught.value.problems] == ["storing_stopped"]
    assert history(folder) == []


def test_a_session_that_goes_on_meanwhile_still_learns_what_was_stored(folder: Path, tmp_path: Path) -> None:
    found, path = looked(folder, tmp_path)
    storing = Storing(folder, parcel_of(found), path)

    def away(_words: Text) -> None:
        raise Elsewhere

    with pytest.raises(Elsewhere):
        storing.outcome(away)
    assert storing.done is not None
    assert [one.number for one in history(folder)] == [1]


def test_others_go_on_while_rows_are_stored(folder: Path, tmp_path: Path) -> None:
    found, path = looked(folder, tmp_path)
    turns = 0
    thread = threading.Thread(target=Storing(folder, parcel_of(found), path).outcome)
    thread.start()
    while thread.is_alive():
        turns += 1
        time.sleep(0.001)
    assert turns > 10
    assert [one.number for one in history(folder)] == [1]
