"""What is dangerous comes before any score and does not depend on weights."""

from pathlib import Path

import pandas as pd

from layers import Workspace, open_workspace
from reports import immediate_list, rank
from reports.immediate import COLUMNS
from tests import samples
from tests.faults import moved
from tests.reports.test_priority import THREE, ranked
from tests.samples import community


def test_the_list_by_hand(sample: Workspace) -> None:
    found = immediate_list(sample)
    assert list(found.columns) == list(COLUMNS)
    rows = found[["layer", "thing_id", "grid_id", "place"]].to_numpy().tolist()
    assert rows == [["issues", "i07", "E1", "grid"], ["buildings", "b2", "W1", "grid"]]
    assert found["what_en"].tolist() == ["Manhole cover missing or damaged", "hazard grade D"]
    assert found["since"].tolist() == [pd.Timestamp("2024-05-30 12:00"), pd.NaT]
    assert immediate_list(sample, 1)["grid_id"].tolist() == ["E", "W"]


def test_grids_with_most_come_first_and_things_outside_are_kept(tmp_path: Path) -> None:
    table = samples.issues()
    table.loc[["i03", "i04", "i10", "i11", "i01", "i06"], "severity"] = 5  # i01 is closed, i06 not yet reported
    table.loc["i04", ["issue_type", "source_type"]] = None
    found = immediate_list(open_workspace(community(tmp_path / "x", {"issues": table})))
    assert found["thing_id"].tolist() == ["i03", "i04", "b2", "i07", "i10", "i11"]
    assert found["place"].tolist() == ["grid"] * 4 + ["outside", "no_geometry"]
    assert found["grid_id"].isna().tolist() == [False] * 4 + [True] * 2
    assert found.loc[1, "what_en"] == "issue without a type"


def test_place_and_grid_are_of_the_same_level(tmp_path: Path) -> None:
    """A thing may lie in a large grid and in no small one where levels do not nest."""
    levels = ({"level": 1, "zh": "区", "en": "ward"}, {"level": 2, "zh": "片", "en": "tract", "nests": False})
    grids = moved(samples.grids(), "E1", samples.box(160, 0, 40, 100))
    ws = open_workspace(community(tmp_path / "x", {"grids": grids}, levels=levels))
    assert immediate_list(ws)[["grid_id", "place"]].iloc[-1].isna().tolist() == [True, False]
    for level in (1, 2):
        found = immediate_list(ws, level)
        assert (found["grid_id"].notna() == (found["place"] == "grid")).all()


def test_weights_do_not_change_it(sample: Workspace) -> None:
    one, two = rank(sample, draws=5), ranked(sample, THREE, draws=5)
    pd.testing.assert_frame_equal(one.immediate, two.immediate)
    assert len(one.immediate) == 2


def test_nothing_dangerous_is_an_empty_list(tmp_path: Path) -> None:
    for name, issues in (("calm", samples.issues().assign(severity=1)), ("none", None)):
        ws = open_workspace(community(tmp_path / name, {"issues": issues, "buildings": None}))
        found = immediate_list(ws)
        assert found.empty
        assert list(found.columns) == list(COLUMNS)
        assert rank(ws, draws=5).immediate.empty
