"""Need and readiness as two axes: each condition by hand, the unknown in no part, and the score untouched."""

from pathlib import Path

import pandas as pd
import pytest

from geo.mcda import ranks_min
from layers import Workspace, open_workspace
from reports import rank
from reports.readiness import CONDITIONS, QUADRANTS, need_and_readiness, readiness, ready
from reports.readiness.answer import readiness_answer
from reports.readiness.matrix import matrix_table
from tests import samples
from tests.reports.test_priority import THREE
from tests.samples import box, community, frame, overrule


def voted() -> pd.DataFrame:
    """W1: b1 agrees, b2 does not; W2: both agree; E1's building has no votes."""
    table = samples.buildings()
    for what in ("owners", "area"):
        unit = "_m2" if what == "area" else ""
        table[f"{what}_total{unit}"] = pd.array(
            [12, 12, 12, 12, None], dtype="Int64" if what == "owners" else "Float64"
        )
        table[f"{what}_voted{unit}"] = pd.array([12, 12, 9, 8, None], dtype="Int64" if what == "owners" else "Float64")
        table[f"{what}_yes{unit}"] = pd.array([12, 5, 9, 8, None], dtype="Int64" if what == "owners" else "Float64")
    return table


def projects() -> pd.DataFrame:
    rows = {"name": ["路", "园", "院"], "status": ["working", "done", "planned"]}
    return frame(
        rows, ["j1", "j2", "j3"], "project_id", [box(80, 10, 40, 10), box(10, 110, 20, 20), box(120, 120, 10, 10)]
    )


def items() -> pd.DataFrame:
    """W1: 100 of 400 yuan in j1 (by its recorded grid), one unpriced; E2: 50 of 50 by its project; one declined."""
    rows = {
        "project_id": ["j1", None, None, "j3", None, None],
        "cost_yuan": [100.0, 300.0, None, 50.0, 999.0, 7.0],
        "place_layer": [None, "buildings", "buildings", None, "buildings", None],
        "place_id": [None, "b1", "b2", None, "b1", None],
        "grid_code": ["W1", None, None, None, None, "nowhere"],
        "decision": [None, "accepted", "proposed", None, "declined", None],
    }
    return pd.DataFrame(rows, index=pd.Index([f"k{n}" for n in range(6)], name="item_id", dtype="str"))


def estates() -> pd.DataFrame:
    rows = {"name": ["南", "北", "东"], "households": [100, 100, 50], "property_mode": ["none", "self", None]}
    return frame(rows, ["e1", "e2", "e3"], "estate_id", [box(5, 5, 80, 80), box(5, 105, 80, 80), box(105, 5, 80, 80)])


@pytest.fixture
def town(tmp_path: Path) -> Workspace:
    tables = {"buildings": voted(), "projects": projects(), "budget_items": items(), "housing_estates": estates()}
    return open_workspace(community(tmp_path / "town", tables))


def test_each_condition_by_hand(town: Workspace) -> None:
    found = readiness(town)
    assert found["consent_percent"].dropna().to_dict() == {"W1": 50, "W2": 100}
    assert found["buildings_known"].to_dict() == {"E1": 0, "E2": 0, "W1": 2, "W2": 2}
    assert found["funds_percent"].dropna().to_dict() == {"E2": 100, "W1": 25}
    assert found["cost_yuan"].dropna().to_dict() == {"E2": 50, "W1": 400}
    assert found["items_unknown"].to_dict() == {"E1": 0, "E2": 0, "W1": 1, "W2": 0}
    assert found["works"].to_dict() == {"E1": 1, "E2": 0, "W1": 1, "W2": 0}
    assert found["works_names"].dropna().to_dict() == {"E1": "路", "W1": "路"}
    assert found["managed_percent"].dropna().to_dict() == {"W1": 0, "W2": 100}
    assert found[["met", "known"]].to_numpy().tolist() == [[0, 1], [2, 2], [0, 4], [3, 3]]
    assert found["readiness_percent"].to_dict() == {"E1": 0, "E2": 100, "W1": 0, "W2": 100}
    status = {one.key: one.status for one in ready(town).conditions}
    assert status == {"consent": "partial", "funds": "partial", "works": "ready", "managed": "partial"}
    money = next(one for one in ready(town).conditions if one.key == "funds")
    assert money.missing is not None
    assert money.missing.en == "1 items without an amount, left out; 1 items have no place"


def test_a_grid_above_has_what_lies_in_its_grids(town: Workspace) -> None:
    found = readiness(town, 1)
    assert found["consent_percent"].to_dict() == pytest.approx({"E": float("nan"), "W": 75}, nan_ok=True)
    assert found["cost_yuan"].to_dict() == {"E": 50, "W": 400}
    assert found["items"].to_dict() == {"E": 1, "W": 3}


def test_without_any_record_readiness_is_unknown_and_not_nought(sample: Workspace) -> None:
    found = ready(sample)
    assert {one.status for one in found.conditions} == {"unavailable"}
    assert all(one.missing is not None for one in found.conditions)
    assert found.grids["readiness_percent"].isna().all()
    assert found.grids[[f"{key}_met" for key in CONDITIONS]].isna().all(axis=None)
    matrix = need_and_readiness(rank(sample, criteria=THREE, draws=5))
    assert set(matrix.grids["quadrant"]) == {"unknown"}


def test_need_and_readiness_never_mix(town: Workspace, sample: Workspace) -> None:
    one, other = (rank(ws, criteria=THREE, draws=5) for ws in (town, sample))
    assert one.total.equals(other.total)
    matrix = need_and_readiness(one)
    assert matrix.grids["rank"].tolist() == sorted(ranks_min(one.total.dropna().to_numpy()))
    assert set(matrix.grids["quadrant"]) <= set(QUADRANTS)
    high = matrix.grids["score"] >= matrix.need_from
    assert matrix.grids.loc[high, "quadrant"].isin(["start", "prepare"]).all()


def test_nothing_stands_in_for_the_vote_of_owners(tmp_path: Path) -> None:
    """Ready by half of the conditions, but the owners of W1 have not agreed."""
    tables = {
        "buildings": voted(),
        "housing_estates": estates().assign(property_mode="self"),
        "projects": projects().iloc[1:],
    }
    ws = open_workspace(overrule(community(tmp_path / "x", tables), matrix_need_percentile=0))
    found = need_and_readiness(rank(ws, criteria=THREE, draws=5)).grids
    assert found["readiness_percent"]["W1"] >= 50
    assert found["quadrant"][["W1", "W2"]].to_dict() == {"W1": "prepare", "W2": "start"}


def test_the_thresholds_are_policy(tmp_path: Path) -> None:
    tables = {"buildings": voted(), "budget_items": items(), "projects": projects()}
    ws = open_workspace(
        overrule(community(tmp_path / "x", tables), readiness_consent_percent=50, readiness_funds_percent=25)
    )
    found = readiness(ws)
    assert found["consent_met"]["W1"]
    assert found["funds_met"]["W1"]


def test_table_and_answer_say_the_same(town: Workspace) -> None:
    ranking = rank(town, criteria=THREE, draws=5)
    table = matrix_table(need_and_readiness(ranking), "zh")
    assert table["known"].to_dict() == {"E1": "0/1", "E2": "2/2", "W1": "0/4", "W2": "3/3"}
    assert table["consent"].to_dict()["E1"] == "未知"
    answer = readiness_answer(ranking)["readiness"]
    assert [one["grid_id"] for one in answer["grids"]] == list(table.index)
    assert answer["grids"][0]["conditions"].keys() == CONDITIONS.keys()
    assert {one["key"]: one["status"] for one in answer["conditions"]}["works"] == "ready"


def test_huolong_has_votes_works_and_management(huolong: Workspace) -> None:
    found = need_and_readiness(rank(huolong, draws=5))
    assert len(found.grids) == 17
    status = {one.key: one.status for one in found.readiness.conditions}
    assert status["works"] == status["managed"] == "ready"
    assert found.grids["readiness_percent"].between(0, 100).all()
