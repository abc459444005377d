"""Layers that differ from what the last intake wrote: damage is an error, an edit elsewhere a warning to confirm."""

import os
from pathlib import Path

import pytest

from geo.errors import DataError
from layers import ISSUES, open_workspace, store
from layers.intake.damage import CHANGED, DAMAGED, changes, confirm
from layers.intake.history import history, undo
from layers.intake.look import Wishes, setting_of
from layers.intake.looking import look
from layers.intake.taking import take_in
from tests import intake_files as files
from tests import samples


def edit(folder: Path, issue: str = "T-1") -> None:
    """Change a description as QGIS does."""
    samples.patched(folder, ("UPDATE issues SET description = 'seen again' WHERE issue_id = ?", (issue,)))


def flip(folder: Path) -> None:
    """Turn over one bit of a description, as a failing disk does: neither size nor count of changes tell."""
    path = folder / "layers.gpkg"
    content = bytearray(path.read_bytes())
    at = content.find("第 1 件".encode())
    assert at > 0
    content[at + len("第 1 件".encode()) - 1] ^= 1
    path.write_bytes(content)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community that a ledger was taken into."""
    made = samples.community(tmp_path / "sample")
    path = tmp_path / "a.csv"
    path.write_bytes(files.csv_file())
    take_in(made, look(setting_of(made), path, Wishes(ISSUES)), path)
    return made


def codes(folder: Path) -> list[str]:
    return [one.code for one in open_workspace(folder).problems if one.code in {DAMAGED, CHANGED}]


def test_layers_as_they_were_written_have_no_such_problem(folder: Path, tmp_path: Path) -> None:
    assert changes(folder) == []
    assert codes(folder) == []
    undo(folder)
    edit(folder, "i01")  # of layers that no intake wrote nothing is known
    assert changes(folder) == []
    assert changes(samples.community(tmp_path / "other")) == []


def test_an_edit_elsewhere_is_a_warning_with_its_date_until_it_is_confirmed(folder: Path) -> None:
    edit(folder)
    (problem,) = changes(folder)
    assert (problem.code, problem.severity, problem.file) == (CHANGED, "warning", "layers.gpkg")
    for words in problem.found:
        assert "1" in words
        assert "20" in words
    assert codes(folder) == [CHANGED]
    assert codes(folder) == [CHANGED]  # the copy that was made says so too
    assert open_workspace(folder)[ISSUES].loc["T-1", "description"] == "seen again"
    confirm(folder)
    assert changes(folder) == []
    assert codes(folder) == []
    confirm(folder)
    edit(folder, "T-3")
    assert codes(folder) == [CHANGED]
    with pytest.raises(DataError) as caught:
        undo(folder)
    assert caught.value.problems[0].code == "changed_since"


def test_the_next_intake_writes_anew_what_was_edited(folder: Path, tmp_path: Path) -> None:
    edit(folder)
    path = tmp_path / "b.csv"
    path.write_bytes(files.csv_file().replace(b"T-", b"U-"))
    take_in(folder, look(setting_of(folder), path, Wishes(ISSUES)), path)
    assert codes(folder) == []
    assert open_workspace(folder)[ISSUES].loc["T-1", "description"] == "seen again"


def test_damage_is_an_error_that_cannot_be_confirmed_but_can_be_undone(folder: Path) -> None:
    flip(folder)
    (problem,) = changes(folder)
    assert (problem.code, problem.severity) == (DAMAGED, "error")
    for refused in (open_workspace, setting_of, confirm):
        with pytest.raises(DataError) as caught:
            refused(folder)
        assert DAMAGED in {one.code for one in caught.value.problems}
    undo(folder)
    assert history(folder) == []
    assert len(open_workspace(folder)[ISSUES]) == len(samples.ISSUES)


def test_damage_behind_a_copy_is_found_when_it_is_looked_for(folder: Path) -> None:
    open_workspace(folder)
    layers = folder / "layers.gpkg"
    moment = layers.stat().st_mtime_ns
    flip(folder)
    os.utime(layers, ns=(moment, moment))
    assert store.stored(folder) is not None
    assert [one.code for one in changes(folder)] == [DAMAGED]
