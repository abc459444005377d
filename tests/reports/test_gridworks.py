"""The workshop of grids on the community that can be counted by hand: audit, codes, workload, redrawing, undoing."""

from datetime import date, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import DataError
from geo.partition import PartitionError
from layers import FORMER_GRIDS, GRIDS, Workspace, open_workspace, save_workspace
from layers.intake.history import history, undo
from layers.ledger.store.opening import open_ledger
from layers.people.areas import areas
from layers.succession import grids_on, in_present_grids, responsible, successors
from reports.gridworks.audit import audit
from reports.gridworks.carrying import dealt
from reports.gridworks.codes import OWN_SCHEME, checked, proposed, recoding
from reports.gridworks.drawing import next_codes
from reports.gridworks.plan import Operation, Plan
from reports.gridworks.redraw import Redraw, apply, redraw, reopened
from reports.gridworks.workload import workload
from reports.priority import rank
from reports.wall import in_level, wall
from tests import samples
from tests.ledger_home import begun

DAY = date(2024, 6, 2)


def done(ws: Workspace, *steps: Operation, level: int = 2) -> Redraw:
    return redraw(ws, Plan(level=level, valid_from=DAY, steps=steps))


def merge(*grids: str, **more: object) -> Operation:
    return Operation(kind="merge", grids=grids, **more)  # type: ignore[arg-type]


def total(found: Redraw, key: str) -> tuple[float, float]:
    row = found.totals.set_index("key").loc[key]
    return float(row["before"]), float(row["after"])


# ---- audit ----


def test_sound_grids_have_no_fault(sample: Workspace) -> None:
    found = audit(sample)
    assert found.faults.empty
    assert found.levels[["level", "grids", "faults", "doubts"]].to_numpy().tolist() == [[1, 2, 0, 0], [2, 4, 0, 0]]
    assert found.nesting.set_index("grid_id")["share"].to_dict() == {"E1": 1, "E2": 1, "W1": 1, "W2": 1}


def test_orphans_and_childless_parents_are_told(tmp_path: Path) -> None:
    grids = samples.grids()
    more = samples.frame(
        {"name": ["空片"], "parent_id": [None], "level": [1]}, ["N"], "grid_id", [samples.box(0, 200, 200, 100)]
    )
    whole = gpd.GeoDataFrame(pd.concat([grids, more]), crs=grids.crs)
    ws = open_workspace(samples.community(tmp_path / "more", {"grids": whole}))
    told = audit(ws).faults[["level", "kind", "grid_id"]].to_numpy().tolist()
    assert told == [[1, "no_children", "N"], [1, "uncovered", "N"]]
    # An orphan keeps a workspace from opening, so it is looked for in a table.
    lost = grids.assign(parent_id=grids["parent_id"].where(grids.index != "W1"))
    faults = audit(reopened(ws, {"grids": lost.reindex(columns=ws[GRIDS].columns)})).faults
    assert ["no_parent", "W1"] in faults[["kind", "grid_id"]].to_numpy().tolist()


# ---- codes ----


def test_proposals_run_west_to_east_and_north_to_south(sample: Workspace) -> None:
    found = proposed(sample, scheme="unit_grid_14", base="431103001001")
    assert dict(zip(found["grid_id"], found["proposed"], strict=True)) == {
        "W2": "43110300100101", "E2": "43110300100102", "W1": "43110300100103", "E1": "43110300100104",
    }  # fmt: skip
    own = proposed(sample)
    assert dict(zip(own["grid_id"], own["proposed"], strict=True)) == {
        "W2": "W-01",
        "E2": "E-01",
        "W1": "W-02",
        "E1": "E-02",
    }
    assert own["is_free"].all()


def test_codes_are_judged(tmp_path: Path) -> None:
    codes = {
        "W2": "43110300100101", "E2": "43110300100102", "W1": "43110300100104", "E1": "43110300100103",
    }  # fmt: skip
    grids = samples.grids().rename(index=codes)
    grids.index.name = "grid_id"
    ws = open_workspace(samples.community(tmp_path / "coded", {"grids": grids}))
    verdict = checked(ws).table.set_index("grid_id")["verdict"].to_dict()
    assert verdict == {
        "43110300100101": "ok", "43110300100102": "ok", "43110300100103": "order", "43110300100104": "order",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("1.10E+13", "damaged"),
        ("4311030010０101", "damaged"),
        ("4311030010010", "length"),
        ("99110300100101", "province"),
        ("43110300100201", "base"),
        ("SW", "own"),
        ("431103001001", "ok"),
    ],
)
def test_each_verdict(tmp_path: Path, code: str, verdict: str) -> None:
    others = {"W2": "43110300100101", "E2": "43110300100102", "E1": "43110300100104", "W1": code}
    grids = samples.grids().rename(index=others)
    grids.index.name = "grid_id"
    ws = open_workspace(samples.community(tmp_path / "one", {"grids": grids}))
    assert checked(ws).table.set_index("grid_id")["verdict"][code] == verdict


def test_proposals_that_cannot_be(sample: Workspace) -> None:
    for said in ({"scheme": "none"}, {"scheme": "unit_grid_14"}, {"scheme": "unit_grid_14", "base": "991103001001"}):
        with pytest.raises(PartitionError):
            proposed(sample, **said)
    with pytest.raises(PartitionError):
        proposed(sample, scheme="community_12", base="431103001001")  # four grids cannot all be the community
    assert proposed(sample, scheme="social_grid_20", base="000000431103001001")["proposed"].str.len().eq(20).all()


def test_new_codes_follow_the_pattern_and_are_never_used_twice() -> None:
    assert next_codes("HL-01-01", 2, {"HL-01-01", "HL-01-03"}) == ["HL-01-04", "HL-01-05"]
    assert next_codes("43110300100101", 1, {"43110300100101", "43110300100107"}) == ["43110300100108"]
    assert next_codes("SW", 1, {"SW", "SW-01"}) == ["SW-02"]


# ---- workload ----


def test_workload_by_hand(sample: Workspace) -> None:
    found = workload(sample)
    assert found.table["open"].to_dict() == samples.ISSUES_OPEN
    assert found.table["buildings"].to_dict() == {"E1": 1, "E2": 0, "W1": 2, "W2": 2}
    assert found.spread["open"].most_over_mean == pytest.approx(3 / 1.75)
    # Pairs of 3, 1, 3, 0 differ by 2, 0, 3, 2, 1, 3 = 11; twice is 22; 22 / (2 * 16 * 1.75)
    assert found.spread["open"].gini == pytest.approx(22 / 56)
    assert found.meta["issues_in_no_grid"] == 2
    assert set(found.table["size"]) == {"small"}
    assert (found.table["issues_low"] <= found.table["issues"]).all()


# ---- redrawing ----


def test_a_merge_adds_up(sample: Workspace) -> None:
    found = done(sample, merge("W1", "W2"))
    new = found.after.grids().loc["W3"]
    assert new["name"] == "SW＋NW"
    assert (new["households"], new["residents"], new["parent_id"]) == (200, 400, "W")
    assert new.geometry.area == pytest.approx(20_000)
    assert found.is_kept
    assert found.retired == ["W1", "W2"]
    assert found.correspondence.set_index("old_id")["issues"].to_dict() == {"W1": 6, "W2": 0}
    assert total(found, "issues") == (13, 13)
    assert total(found, "issues_in_grids") == (11, 11)
    assert total(found, "issues_no_geometry") == (1, 1)


def test_issues_are_where_their_points_lie(sample: Workspace) -> None:
    line = ((samples.X0 + 22.5, samples.Y0 - 1), (samples.X0 + 22.5, samples.Y0 + 101))
    found = done(sample, Operation(kind="split", grids=("W1",), lines=(line,), ids=("W1a", "W1b"), names=("西", "东")))
    owner = found.after.owner("issues")
    assert owner[["i01", "i02", "i03", "i04", "i05", "i06"]].tolist() == ["W1a"] * 3 + ["W1b"] * 3
    assert found.moved["old_id"].unique().tolist() == ["W1"]
    # b1 (60 households) has its middle at 20 m, b2 (40) at 70 m: households go with them, exactly.
    grids = found.after.grids()
    assert grids["households"][["W1a", "W1b"]].tolist() == [60, 40]
    assert grids["residents"][["W1a", "W1b"]].tolist() == [120, 80]
    assert grids["residents_qualifier"][["W1a", "W1b"]].tolist() == ["approx", "approx"]
    assert grids["name"]["W1a"] == "西"
    assert found.is_kept


def test_counts_are_dealt_out_whole() -> None:
    assert dealt(10, np.array([1.0, 1.0, 1.0])).tolist() == [4, 3, 3]
    assert dealt(7, np.array([0.5, 0.25, 0.25])).tolist() == [3, 2, 2]
    assert np.isnan(dealt(np.nan, np.array([1.0, 2.0]))).all()
    random = np.random.default_rng(0)
    for _ in range(50):
        assert dealt(997, random.uniform(0, 1, 7)).sum() == 997


def test_grids_stay_in_their_parents(sample: Workspace) -> None:
    with pytest.raises(PartitionError, match="W"):
        done(sample, merge("W1", "E1"))
    large = done(sample, merge("W", "E", ids=("ALL",)), level=1)
    assert large.after.grids(2)["parent_id"].unique().tolist() == ["ALL"]
    assert large.is_kept


def test_halving_a_parent_keeps_children_whole(sample: Workspace) -> None:
    found = done(
        sample, Operation(kind="halve", grids=("W",), by="area"), level=1
    )  # the cut runs along the border of W1 and W2
    assert found.after.grids(2)["parent_id"][["W1", "W2"]].tolist() == ["W-02", "W-01"]
    line = ((samples.X0 - 1, samples.Y0 + 50), (samples.X0 + 101, samples.Y0 + 50))
    with pytest.raises(PartitionError):
        done(sample, Operation(kind="split", grids=("W",), lines=(line,)), level=1)


@pytest.mark.parametrize(
    "step",
    [
        Operation(kind="merge", grids=("W1",)),
        Operation(kind="merge", grids=("W1", "no")),
        Operation(kind="split", grids=("W1",)),
        Operation(kind="split", grids=("W1",), streets=("*",)),
        Operation(kind="draw", grids=("W1",)),
        Operation(kind="balance", grids=("W1", "W2"), by="area"),
        Operation(kind="merge", grids=("W1", "W2"), ids=("E1",)),
        Operation(kind="merge", grids=("W1", "W2"), ids=("a", "b")),
        Operation(kind="recode", grids=("W1",), ids=("E1",)),
        Operation(kind="recode", grids=("W1",), ids=()),
    ],
)
def test_what_cannot_be_done_is_said(sample: Workspace, step: Operation) -> None:
    with pytest.raises(PartitionError) as said:
        done(sample, step)
    assert said.value.message.zh
    assert said.value.message.en


def test_balancing_by_households(sample: Workspace) -> None:
    found = done(sample, Operation(kind="balance", grids=("W1", "W2"), into=2, by="households", cells="buildings"))
    assert found.is_kept
    assert found.meta["steps"][0]["is_heuristic"]
    assert sorted(found.after.grids().loc[found.correspondence["new_id"].unique(), "households"]) == [100, 100]


def test_drawing_takes_and_gives(sample: Workspace) -> None:
    x, y = samples.X0, samples.Y0
    outline = ((x, y), (x + 100, y), (x + 100, y + 50), (x, y + 50))
    found = done(sample, Operation(kind="draw", grids=("W1",), lines=(outline,)))
    areas_m2 = found.after.grids().geometry.area
    assert (areas_m2["W1"], areas_m2["W2"]) == (pytest.approx(5_000), pytest.approx(15_000))
    assert found.retired == []
    assert found.is_kept
    past = found.after[FORMER_GRIDS].set_index("former_code")["replaced_by"].to_dict()
    assert past == {"W1": "W1|W2", "W2": "W2"}  # W2 only gained, but its outline changed too


def test_a_plan_is_read_back() -> None:
    plan = Plan(
        level=2,
        valid_from=DAY,
        steps=(merge("a", "b"), Operation(kind="split", grids=("c",), lines=(((0.0, 1.0), (2.0, 3.0)),))),
    )
    assert Plan.of_json(plan.as_json()) == plan
    for wrong in ("{", "{}", '{"level": 1, "valid_from": "2024-01-01", "steps": [{"kind": "fly"}]}'):
        with pytest.raises(PartitionError):
            Plan.of_json(wrong)


# ---- stored, looked back at, undone ----


def test_applied_and_undone(folder: Path) -> None:
    before = (folder / "layers.gpkg").read_bytes()
    ws = open_workspace(folder)
    kept = apply(done(ws, merge("W1", "W2")))
    assert kept.record["rows_added"] == 1
    after = open_workspace(folder)
    assert list(after.grids().index) == ["E1", "E2", "W3"]
    assert successors(after.tables) == {"W1": ("W3",), "W2": ("W3",)}
    assert rank(after, draws=20).grids.index.tolist() == ["E1", "E2", "W3"]
    apply(done(after, Operation(kind="halve", grids=("W3",), by="area")))
    twice = open_workspace(folder)
    assert successors(twice.tables)["W1"] == ("W4", "W5")
    assert set(grids_on(twice, date(2024, 6, 1), 2).index) == {"E1", "E2", "W1", "W2"}
    assert len(history(folder)) == 2
    undo(folder)
    undo(folder)
    assert (folder / "layers.gpkg").read_bytes() == before


def test_a_plan_for_other_layers_is_refused(folder: Path) -> None:
    ws = open_workspace(folder)
    first, second = done(ws, merge("W1", "W2")), done(ws, merge("E1", "E2"))
    apply(first)
    with pytest.raises(DataError, match="plan"):
        apply(second)


def test_a_code_of_before_is_not_given_again(folder: Path) -> None:
    apply(done(open_workspace(folder), merge("W1", "W2")))
    with pytest.raises(PartitionError):
        done(open_workspace(folder), Operation(kind="recode", grids=("E1",), ids=("W1",)))


def test_new_codes_for_all(folder: Path) -> None:
    ws = open_workspace(folder)
    found = done(ws, recoding(proposed(ws, scheme="unit_grid_14", base="431103001001")))
    assert found.is_kept
    apply(found)
    again = open_workspace(folder)
    assert set(checked(again).table["verdict"]) == {"ok"}
    with pytest.raises(PartitionError):
        recoding(proposed(again, scheme="unit_grid_14", base="431103001001"))
    assert proposed(again, scheme=OWN_SCHEME)["is_new"].all()


def test_wall_and_rights_follow_the_ledger(quick: Path) -> None:
    ws, _ = begun(quick / "regrid")
    ws = open_workspace(ws.folder)
    as_of = datetime(2024, 6, 1, 12)  # noqa: DTZ001

    def hung(at: Workspace) -> dict[str | None, int]:
        cases = in_level(open_ledger(at.folder).cases(as_of), at, 2)
        names = {str(code): name for code, name in at.grids()["name"].items()}
        found = wall(cases, names, as_of, folder=at.folder)  # type: ignore[arg-type]
        return {card.grid_id: card.total for card in found.cards}

    before = hung(ws)
    line = ((samples.X0 + 22.5, samples.Y0 - 1), (samples.X0 + 22.5, samples.Y0 + 101))
    steps = (merge("E1", "E2"), Operation(kind="split", grids=("W1",), lines=(line,), ids=("W1a", "W1b")))
    found = done(ws, *steps)
    assert {"wall_total", "wall_red", "wall_in_grids"} <= set(found.totals["key"])
    assert found.is_kept
    apply(found)
    ws = open_workspace(ws.folder)
    after = hung(ws)
    assert sum(after.values()) == sum(before.values())
    assert after["E3"] == before["E1"] + before["E2"]
    assert after["W1a"] + after["W1b"] == before["W1"]
    tree = areas(responsible(ws.tables))
    assert tree.above("E1") == ("E1", "E3", "E")  # its only successor answers for it
    assert tree.above("W1") == ("W1", "W")  # of two none has a right to all


def test_an_issue_without_a_point_keeps_its_code_or_follows(folder: Path) -> None:
    apply(done(open_workspace(folder), merge("E1", "E2"), Operation(kind="halve", grids=("W1",), by="area")))
    ws = open_workspace(folder)
    cases = pd.DataFrame(
        {"grid_id": ["E1", "W1", "W2", None], "x_m": [np.nan] * 4, "y_m": [np.nan] * 4}, index=["a", "b", "c", "d"]
    )
    assert in_present_grids(cases, ws)["grid_id"].fillna("-").tolist() == ["E3", "W1", "W2", "-"]


def test_duties_pass_on_and_nobody_is_lost(tmp_path: Path) -> None:
    people = pd.DataFrame({"name": ["甲", "乙"]}, index=pd.Index(["p1", "p2"], name="person_id"))
    duties = pd.DataFrame(
        {"person_id": ["p1", "p2"], "role": ["grid_officer"] * 2, "layer": ["grids"] * 2, "thing_id": ["W1", "W2"]},
        index=pd.Index(["d1", "d2"], name="duty_id"),
    )
    folder = tmp_path / "staffed"
    save_workspace(folder, samples.manifest(), {**samples.tables(), "people": people, "duties": duties})
    ws = open_workspace(folder)
    merged = done(ws, merge("W1", "W2"))
    assert merged.after.tables["duties"]["thing_id"].tolist() == ["W3", "W3"]
    parted = done(ws, Operation(kind="halve", grids=("W1",), by="area"))
    held = parted.after.tables["duties"]
    assert held[held["person_id"] == "p1"]["thing_id"].tolist() == ["W3", "W4"]
    assert total(parted, "officers") == (2, 2)
    apply(parted)
    assert not [one for one in open_workspace(folder).problems if one.code == "unknown_reference"]


def test_unknown_households_stay_unknown(tmp_path: Path) -> None:
    grids = samples.grids().assign(households=pd.array([None] * 6, dtype="Int64"))
    ws = open_workspace(samples.community(tmp_path / "unknown", {"grids": grids}))
    assert done(ws, merge("W1", "W2")).after.grids()["households"].isna().all()
    assert shapely.coverage_is_valid(done(ws, merge("W1", "W2")).after.grids().geometry.to_numpy())
