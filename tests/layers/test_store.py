"""The stored copy of an opened workspace: used when it is current and whole, made anew when it is not."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import DataError
from layers import Workspace, open_workspace, store, workspace
from tests import samples


def read_counter(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Note each time that the files themselves are read."""
    read: list[Path] = []
    real = workspace._read

    def counted(folder: Path, said: object) -> store.Opened:
        read.append(folder)
        return real(folder, said)  # type: ignore[arg-type]

    monkeypatch.setattr(workspace, "_read", counted)
    return read


def same(one: Workspace, other: Workspace) -> None:
    assert (one.digest, one.problems, list(one.tables)) == (other.digest, other.problems, list(other.tables))
    for key in one.tables:
        pd.testing.assert_frame_equal(one[key], other[key])
        assert type(one[key]) is type(other[key])
    assert list(one.places) == list(other.places)
    for key in one.places:
        pd.testing.assert_frame_equal(one.places[key], other.places[key])


def test_the_second_opening_reads_the_copy_and_gives_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_workspace(folder)
    read = read_counter(monkeypatch)
    second = open_workspace(folder)
    assert read == []
    same(first, second)


def test_the_same_holds_for_a_whole_workspace(huolong: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    read = read_counter(monkeypatch)
    stored = open_workspace(huolong.folder)
    assert read == []
    monkeypatch.setattr(store, "stored", lambda _: None)
    monkeypatch.setattr(store, "store", lambda *_: None)
    fresh = open_workspace(huolong.folder)
    assert read == [huolong.folder]
    same(fresh, stored)


def later(path: Path) -> None:
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1_000_000_000))


def _policy(folder: Path) -> None:
    samples.overrule(folder, default_point_min_rows=60)


CHANGES: dict[str, Callable[[Path], object]] = {
    "manifest": lambda folder: later(folder / "workspace.toml"),
    "layers": lambda folder: later(folder / "layers.gpkg"),
    "a standard of its own": _policy,
    "a raster": lambda folder: ((folder / "rasters").mkdir(), (folder / "rasters" / "a.tif").write_bytes(b"x")),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_file_is_read_again(what: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = open_workspace(folder).digest
    CHANGES[what](folder)
    read = read_counter(monkeypatch)
    assert (open_workspace(folder).digest == before) == (what in {"manifest", "layers"})  # only their times changed
    assert len(read) == 1
    open_workspace(folder)
    assert len(read) == 1


def test_a_standard_of_its_own_changes_where_things_lie(folder: Path) -> None:
    assert open_workspace(folder).place("issues")["i01"] == "grid"
    samples.overrule(folder, default_point_min_rows=1, default_point_min_share=0)
    assert open_workspace(folder).place("issues")["i01"] == "default_point"
    (folder / "standards" / "policy.csv").unlink()
    assert open_workspace(folder).place("issues")["i01"] == "grid"


def test_a_change_of_the_shipped_tables_counts_as_one_of_the_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_workspace(folder)
    read = read_counter(monkeypatch)
    monkeypatch.setattr(store, "shipped_digests", lambda: {"policy.csv": "another"})
    assert open_workspace(folder).digest != before.digest
    assert len(read) == 1


def test_what_is_open_stays_of_one_state_when_the_files_change(folder: Path) -> None:
    open_workspace(folder)
    old = open_workspace(folder)  # reads its tables when they are asked for
    few = samples.issues().iloc[:3]
    samples.community(folder, {"issues": few})
    new = open_workspace(folder)
    assert (len(old["issues"]), len(old.place("issues"))) == (len(samples.ISSUES), len(samples.ISSUES))
    assert (len(new["issues"]), len(new.place("issues"))) == (3, 3)


@pytest.mark.parametrize("ask", [lambda ws: ws["issues"], lambda ws: ws.place("issues")])
def test_a_copy_that_was_removed_while_open_says_so(ask: Callable[[Workspace], object], folder: Path) -> None:
    open_workspace(folder)
    ws = open_workspace(folder)
    shutil.rmtree(folder / ".cache")
    with pytest.raises(DataError) as error:
        ask(ws)
    (problem,) = error.value.problems
    assert (problem.code, problem.remedy.en) == ("copy_gone", "the copy was removed; open the workspace again")
    assert len(open_workspace(folder)["issues"]) == len(samples.ISSUES)


def test_one_copy_is_kept_beside_the_present_one(folder: Path) -> None:
    home = folder / ".cache"
    oldest = home / "oldest"
    oldest.mkdir(parents=True)
    os.utime(oldest, (0, 0))
    (home / "issues.arrow").write_bytes(b"of an earlier version")
    last = oldest
    for _ in range(3):
        later(folder / "layers.gpkg")
        open_workspace(folder)
        present = store.copy_folder(folder)
        assert set(home.iterdir()) == {last, present}
        last = present


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def without(key: str) -> Callable[[Path], None]:
    def remove(path: Path) -> None:
        index = json.loads(path.read_text("utf-8"))
        del index[key]
        path.write_text(json.dumps(index), "utf-8")

    return remove


DAMAGE: dict[str, tuple[str, Callable[[Path], object]]] = {
    "index gone": ("index.json", Path.unlink),
    "index cut": ("index.json", cut),
    "index no text": ("index.json", lambda p: p.write_bytes(b"\xff\xfe\x00")),
    "index another kind": ("index.json", lambda p: p.write_text("[1, 2]")),
    "index empty": ("index.json", lambda p: p.write_text("{}")),
    "index without problems": ("index.json", without("problems")),
    "index without sums": ("index.json", without("sums")),
    "table gone": ("issues.arrow", Path.unlink),
    "table cut": ("issues.arrow", cut),
    "table empty": ("issues.arrow", lambda p: p.write_bytes(b"")),
    "table flipped": ("issues.arrow", flipped),
    "places cut": ("buildings.places.arrow", cut),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_copy_is_made_anew(what: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_workspace(folder)
    name, harm = DAMAGE[what]
    harm(store.copy_folder(folder) / name)
    read = read_counter(monkeypatch)
    same(first, open_workspace(folder))
    assert len(read) == 1
    same(first, open_workspace(folder))
    assert len(read) == 1


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_to_works_all_the_same(
    number: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        first = open_workspace(folder)
    assert not (folder / ".cache").exists()
    same(first, open_workspace(folder))


def test_a_file_where_the_copy_should_lie_does_no_harm(folder: Path) -> None:
    (folder / ".cache").write_text("mine", "utf-8")
    assert len(open_workspace(folder)["issues"]) == len(samples.ISSUES)
    assert (folder / ".cache").read_text("utf-8") == "mine"


def test_tables_are_read_when_they_are_asked_for() -> None:
    asked: list[str] = []

    def table(key: str) -> Callable[[], pd.DataFrame]:
        return lambda: (asked.append(key), pd.DataFrame({"a": [1]}))[1]

    tables = store.LazyTables({"x": table("x"), "y": table("y")})
    assert (list(tables), len(tables), "x" in tables, "z" in tables, asked) == (["x", "y"], 2, True, False, [])
    assert tables["x"] is tables["x"]
    assert asked == ["x"]
