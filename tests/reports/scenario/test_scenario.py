"""Scenarios on the smallest community: differences applied in memory, gainers and losers by hand, saved, decided, undone."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.choice.delta import cover_delta
from geo.errors import DataError, PlanError
from geo.text import Text
from layers import Workspace, open_workspace
from layers.intake.history import undo
from reports.gridworks.plan import MERGE, Operation, Plan
from reports.scenario.applying import applied, at_wkt, criteria_of, with_ids
from reports.scenario.comparison import compared, outcome
from reports.scenario.edits import ADD, CLOSE, MOVE, REMOVE, RESIZE, SET, Edit, Scenario
from reports.scenario.reading import parsed_scenario
from reports.scenario.saved import decide, save, saved_scenarios
from reports.scenario.written import scenario_hash, scenario_toml
from reports.service.streets import streets_of
from tests import samples
from tests.samples import CRS, X0, Y0

DAY = date(2024, 6, 1)


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_workspace(samples.community(tmp_path_factory.mktemp("scenario") / "sample"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return samples.community(tmp_path / "sample")


def place(east: float, north: float) -> str:
    return at_wkt(X0 + east, Y0 + north)


def of(*edits: Edit, **more: object) -> Scenario:
    return Scenario(name="try", title=Text("试", "try"), edits=edits, **more)  # type: ignore[arg-type]


NEW = Edit(do=ADD, layer="toilets", wkt=place(105, 15), values={"name": "东公厕"}, cost_yuan=300_000.0)


def test_nothing_changes_where_nothing_is_said(ws: Workspace) -> None:
    assert applied(ws, of()) is ws
    found = outcome(ws, of())
    assert found.touched == []
    assert found.things.empty
    assert found.health.empty
    assert found.supply.empty
    assert found.needs is not None
    assert set(found.needs.grids["lot"]) <= {"same", "unknown"}


def test_a_new_thing_is_located_and_the_workspace_stays_as_it_was(ws: Workspace) -> None:
    after = applied(ws, of(NEW))
    assert list(after["toilets"].index) == ["t1", "t2"]
    assert after["toilets"]["name"].to_dict() == {"t1": "南公厕", "t2": "东公厕"}
    assert after.owner("toilets").to_dict() == {"t1": "W1", "t2": "E1"}
    assert list(ws["toilets"].index) == ["t1"]
    assert after.digest != ws.digest
    assert after["buildings"] is ws["buildings"]
    assert dict(after["toilets"].dtypes) == dict(ws["toilets"].dtypes)


def test_each_deed(ws: Workspace) -> None:
    moved = applied(ws, of(Edit(do=MOVE, layer="toilets", id="t1", wkt=place(130, 130))))
    assert moved.owner("toilets")["t1"] == "E2"
    gone = applied(ws, of(Edit(do=REMOVE, layer="toilets", id="t1")))
    assert len(gone["toilets"]) == 0
    said = applied(ws, of(Edit(do=SET, layer="toilets", id="t1", values={"stalls_women": 4, "open_to_public": False})))
    assert said["toilets"].loc["t1", "stalls_women"] == 4
    half = applied(ws, of(Edit(do=RESIZE, layer="parks", id="p1", area_m2=1250.0)))
    assert half["parks"].geometry["p1"].area == pytest.approx(1250)
    assert half["parks"].geometry["p1"].centroid.equals_exact(ws["parks"].geometry["p1"].centroid, 1e-6)
    assert half["parks"].loc["p1", "measured_area_m2"] == pytest.approx(1250)
    along = applied(ws, of(Edit(do=MOVE, layer="parks", id="p1", wkt=place(150, 150))))
    assert along["parks"].geometry["p1"].area == pytest.approx(2500)
    assert along.owner("parks")["p1"] == "E2"


def test_a_closed_street_is_not_walked_along_but_crossed(huolong: Workspace) -> None:
    found = applied(huolong, of(Edit(do=CLOSE, layer="streets", id="HL-S13")))
    net, was = streets_of(found).network, streets_of(huolong).network
    assert net is not None
    assert was is not None
    row = list(huolong["streets"].index).index("HL-S13")
    assert row in set(was.edges["line"])
    assert row not in set(net.edges["line"])
    assert len(net.barriers) == len(was.barriers)
    assert found["streets"].loc["HL-S13", "kind"] == "path"


def test_a_site_becomes_a_square(huolong: Workspace) -> None:
    edit = Edit(do=ADD, layer="parks", id="P-NEW", outline_of="sites/HL-X1", values={"name": "新广场"})
    found = applied(huolong, of(edit))
    assert found["parks"].geometry["P-NEW"].equals(huolong["sites"].geometry["HL-X1"])


@pytest.fixture(scope="module")
def huolong(workspaces: dict[str, Path]) -> Workspace:
    return open_workspace(workspaces["huolong"])


def test_all_faults_come_at_once(ws: Workspace) -> None:
    wrong = of(
        Edit(do=ADD, layer="toilets", id="t1", wkt=place(1, 1)),
        Edit(do=REMOVE, layer="toilets", id="t9"),
        Edit(do=ADD, layer="parks", outline_of="sites/none"),
    )
    with pytest.raises(DataError) as told:
        applied(ws, wrong)
    assert [(p.row, p.column) for p in told.value.problems] == [
        ("edits 1", "id"), ("edits 2", "id"), ("edits 3", "outline_of"),
    ]  # fmt: skip
    bad = of(Edit(do=SET, layer="toilets", id="t1", values={"stalls_women": -1, "action": "none"}))
    with pytest.raises(DataError) as told:
        applied(ws, bad)
    assert {p.column for p in told.value.problems} == {"stalls_women", "action"}
    line = of(Edit(do=ADD, layer="toilets", wkt="LINESTRING (0 0, 1 1)"))
    with pytest.raises(DataError) as told:
        applied(ws, line)
    assert [p.code for p in told.value.problems] == ["wrong_shape"]


FAULTY = b"""
colour = "red"
budget_yuan = -1
made_on = "soon"
[weights]
nothing = 1
[[edits]]
do = "paint"
layer = "grids"
[[edits]]
do = "add"
layer = "toilets"
set = {shine = 1}
[[edits]]
do = "close"
layer = "parks"
id = "p1"
[[edits]]
do = "add"
layer = "toilets"
at = [1]
lonlat = [1, 2]
"""


def test_a_file_tells_all_its_faults() -> None:
    with pytest.raises(DataError) as told:
        parsed_scenario(FAULTY, "wrong.toml", CRS)
    found = {(p.row, p.column) for p in told.value.problems}
    assert {
        (None, "colour"), (None, "budget_yuan"), (None, "made_on"), (None, "weights.nothing"), ("edits 1", "do"),
        ("edits 1", "layer"), ("edits 2", "set.shine"), ("edits 2", "at"), ("edits 3", "layer"), ("edits 4", "at"),
    } <= found  # fmt: skip
    with pytest.raises(DataError):
        parsed_scenario(b"edits = [", "wrong.toml", CRS)


def test_written_and_read_it_is_the_same(ws: Workspace) -> None:
    plan = Plan(level=2, valid_from=DAY, steps=(Operation(kind=MERGE, grids=("W1", "W2")),))
    square = Edit(do=ADD, layer="parks", wkt="POLYGON ((0 0, 0 10, 10 10, 0 0))", note="a “square”\n")
    one = of(NEW, square, grids=plan, weights={"elderly_share_pct": 0.5}, budget_yuan=1e6, author="甲", made_on=DAY)
    text = scenario_toml(one)
    read = parsed_scenario(text.encode(), "try.toml", CRS)
    assert read.scenario == one
    assert read.is_as_saved is True
    assert scenario_toml(read.scenario) == text
    assert parsed_scenario(text.replace("300000", "300001").encode(), "try.toml", CRS).is_as_saved is False
    assert scenario_hash(one) == scenario_hash(one.but(author="乙", made_on=None))
    assert scenario_hash(one) != scenario_hash(one.but(budget_yuan=2e6))
    assert [e.id for e in with_ids(ws, of(NEW, NEW)).edits] == ["t2", "t3"]


def test_who_gains_and_who_loses_is_told_apart(ws: Workspace) -> None:
    """t1 goes from the south-west to the far north-east: straight lines, for the sample has no streets."""
    found = outcome(ws, of(Edit(do=MOVE, layer="toilets", id="t1", wkt=place(700, 20))))
    walks = found.walks["toilets"]
    was = shapely.distance(ws["toilets"].geometry["t1"], shapely.points(*ws.xy("buildings")))
    assert walks.places["before_m"].to_numpy() == pytest.approx(was)
    lots = walks.places["lot"].to_dict()
    assert set(lots.values()) <= {"loses", "farther"}
    lost = sum(walks.places.loc[walks.places["lot"] == "loses", "people"])
    assert walks.delta.lost == lost == walks.grids["loses"].sum()
    assert walks.delta.newly_covered == walks.grids["gains"].sum() == 0
    assert walks.delta.change == walks.delta.newly_covered - walks.delta.lost
    back = compared(found.after, found.before).walks["toilets"]
    assert back.delta.newly_covered == walks.delta.lost
    assert back.delta.lost == 0


def test_need_has_the_same_goalposts(ws: Workspace) -> None:
    found = outcome(ws, of(Edit(do=REMOVE, layer="parks", id="p1")))
    assert found.needs is not None
    table = found.needs.grids
    assert table.loc["W2", "score_change"] > 0
    assert table.loc["W2", "lot"] == "loses"
    parts = found.needs.parts.groupby("grid_id")["change"].sum()
    for grid, change in parts.items():
        assert change == pytest.approx(table.loc[str(grid), "score_change"])
    assert table.loc["W2", "need_change"] == pytest.approx(table.loc["W2", "score_change"] * 100)


def test_other_weights_move_ranks_but_nobody_gains_by_them(ws: Workspace) -> None:
    found = outcome(ws, of(weights={"elderly_share_pct": 5.0}))
    assert found.needs is not None
    assert set(found.needs.grids["lot"]) <= {"same", "unknown"}
    assert found.needs.reweighed is not None
    assert "rank_reweighed" in found.needs.grids
    assert criteria_of(ws, of(weights={"elderly_share_pct": 5.0})) != criteria_of(ws)


def test_buildings_that_come_and_go_are_neither_gain_nor_loss(ws: Workspace) -> None:
    new = Edit(do=ADD, layer="buildings", id="b9", wkt="POLYGON ((500150 3400150, 500150 3400160, 500160 3400160, 500150 3400150))",
               values={"households": 7})  # fmt: skip
    found = outcome(ws, of(new, Edit(do=REMOVE, layer="buildings", id="b1")))
    lots = found.walks["toilets"].places["lot"].to_dict()
    assert (lots["b9"], lots["b1"]) == ("new", "gone")
    assert found.walks["toilets"].delta.newly_covered == found.walks["toilets"].delta.lost == 0


def test_grids_change_with_the_scenario(ws: Workspace) -> None:
    plan = Plan(level=2, valid_from=DAY, steps=(Operation(kind=MERGE, grids=("W1", "W2")),))
    found = outcome(ws, of(NEW, grids=plan))
    assert list(found.after.grids(2).index) == ["E1", "E2", "W3"]
    assert found.needs is not None
    assert found.needs.grids.loc["W3", "lot"] == "unknown"


def test_saved_decided_and_undone(home: Path) -> None:
    ws = open_workspace(home)
    before = (home / "layers.gpkg").read_bytes()
    path = save(ws, of(NEW), author="甲", day=DAY)
    content = path.read_bytes()
    assert save(ws, of(NEW), author="甲", day=DAY).read_bytes() == content
    with pytest.raises(DataError):
        save(ws, of(), author="乙", day=DAY)
    with pytest.raises(DataError):
        save(ws, of(NEW), author=" ", day=DAY)
    (one,) = saved_scenarios(ws)
    assert (one.is_as_saved, one.is_current, one.decided) == (True, True, None)
    assert one.scenario is not None
    done = decide(ws, one.scenario, author="乙", day=DAY)
    assert done.record["scenario"]["decided_by"] == "乙"
    after = open_workspace(home)
    assert list(after["toilets"].index) == ["t1", "t2"]
    assert saved_scenarios(after)[0].decided == 1
    undo(home)
    assert (home / "layers.gpkg").read_bytes() == before
    assert saved_scenarios(open_workspace(home))[0].decided is None


def test_a_decision_on_other_layers_is_refused(home: Path) -> None:
    ws = open_workspace(home)
    path = save(ws, of(NEW), author="甲", day=DAY)
    decide(ws, of(Edit(do=REMOVE, layer="parks", id="p1")), author="乙", day=DAY)
    now = open_workspace(home)
    (one,) = saved_scenarios(now)
    assert (one.path, one.is_current) == (path, False)
    assert one.scenario is not None
    with pytest.raises(DataError) as told:
        decide(now, one.scenario, author="乙", day=DAY)
    assert [p.code for p in told.value.problems] == ["plan_outdated"]
    assert list(open_workspace(home)["toilets"].index) == ["t1"]


def test_a_layer_that_is_not_there_yet_is_made(home: Path) -> None:
    ws = open_workspace(home)
    one = of(Edit(do=ADD, layer="murals", wkt=place(5, 5), values={"name": "墙绘"}))
    decide(ws, one, author="乙", day=DAY)
    assert open_workspace(home)["murals"]["name"].to_list() == ["墙绘"]
    with pytest.raises(DataError):
        decide(open_workspace(home), of(budget_yuan=1.0), author="乙", day=DAY)


ways = st.lists(st.tuples(st.floats(0, 900), st.floats(0, 900), st.integers(0, 50)), min_size=1, max_size=30)


@given(ways, st.floats(1, 900))
def test_gains_less_losses_are_the_change(rows: list[tuple[float, float, int]], limit: float) -> None:
    before, after, people = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    found = cover_delta((before <= limit, after <= limit), (before, after), people)
    assert found.newly_covered - found.lost == found.change == found.covered_after - found.covered_before
    back = cover_delta((after <= limit, before <= limit), (after, before), people)
    assert (back.newly_covered, back.lost) == (found.lost, found.newly_covered)
    assert found.nearer_demand + found.farther_demand <= found.total_demand


def test_delta_refuses_points_that_do_not_match() -> None:
    with pytest.raises(PlanError):
        cover_delta((np.array([True]), np.array([True, False])), ([1.0], [1.0, 2.0]))
