"""First facts: counts that add up at every level."""

import re
from pathlib import Path

import pytest

from layers import Workspace, open_workspace
from reports import grid_counts, issue_counts, layer_counts, type_counts
from reports.overview import unplaced_note
from tests import samples
from tests.samples import community


def test_issue_counts_by_hand(sample: Workspace) -> None:
    found = issue_counts(sample)
    assert found is not None
    assert (found.reported, found.is_open, found.overdue, found.closed, found.closed_late) == (12, 9, 2, 3, 1)
    assert (found.without_deadline, found.places) == (1, {**samples.PLACES, "grid": 10})  # one is not yet reported
    assert found.reported == found.is_open + found.closed


def test_layer_counts_by_hand(sample: Workspace) -> None:
    found = {one.spec.key: (one.rows, one.outside) for one in layer_counts(sample)}
    assert found == {"grids": (6, 0), "buildings": (5, 0), "toilets": (1, 0), "parks": (1, 0), "issues": (13, 2)}
    assert list(found) == ["grids", "buildings", "toilets", "parks", "issues"]


def test_grid_counts_by_hand(sample: Workspace) -> None:
    found = grid_counts(sample)
    assert found["issues_open"].to_dict() == samples.ISSUES_OPEN
    assert found["issues_overdue"].to_dict() == {"E1": 1, "E2": 0, "W1": 1, "W2": 0}
    assert found["buildings"].to_dict() == {"E1": 1, "E2": 0, "W1": 2, "W2": 2}
    assert found["name"].to_dict() == {"E1": "SE", "E2": "NE", "W1": "SW", "W2": "NW"}
    assert grid_counts(sample, 1)["issues_open"].to_dict() == {"E": 4, "W": 3}


@pytest.mark.parametrize("city", ["sample", "huolong", "boston"])
@pytest.mark.parametrize("level", [1, 2])
def test_grids_and_what_lies_in_none_add_up(city: str, level: int, request: pytest.FixtureRequest) -> None:
    ws: Workspace = request.getfixturevalue(city)
    table = grid_counts(ws, level)
    assert set(ws.places) <= set(table.columns)
    for key in ws.places:
        assert table[key].sum() + (ws.place(key, level) != "grid").sum() == len(ws[key])


def test_type_counts_by_hand(sample: Workspace) -> None:
    found = type_counts(sample)
    assert found.loc["GARBAGE", ["reported", "open", "overdue"]].tolist() == [5, 4, 0]
    assert found.loc["", ["title_en", "reported", "open"]].tolist() == ["not mapped", 1, 1]
    assert found.index[0] == "GARBAGE"
    counts = issue_counts(sample)
    assert counts is not None
    assert (found["reported"].sum(), found["open"].sum()) == (counts.reported, counts.is_open)


def test_what_has_no_place_is_said(sample: Workspace, tmp_path: Path) -> None:
    note = unplaced_note(sample)
    assert note is not None
    for text in note:
        assert re.findall(r"\d+", text) == ["12", "1", "1"]
    bare = open_workspace(community(tmp_path / "x", {"issues": None}))
    assert unplaced_note(bare) is None
    assert issue_counts(bare) is None
    placed = samples.issues().loc[["i01", "i02"]]
    assert unplaced_note(open_workspace(community(tmp_path / "y", {"issues": placed}))) is None
