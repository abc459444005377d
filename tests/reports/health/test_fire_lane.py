"""Fire lanes and roads on the small community: two lanes, a house, bays and an illegal structure in them."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from layers import Workspace
from reports.health.fire_lane import fire_lanes
from reports.health.fire_map import lane_facts, lane_map, lane_table
from tests import samples
from tests.reports.health import ground


def lanes(width_m: float | None = 7.0, kind: str = "lane") -> gpd.GeoDataFrame:
    """A lane from west to east through W1 and E1, 45 m north of the corner; one to the north through W1 and W2."""
    shapes = [
        shapely.LineString([samples.point(0, 45), samples.point(200, 45)]),
        shapely.LineString([samples.point(45, 0), samples.point(45, 200)]),
    ]
    rows = {"name": ["东西巷", "南北巷"], "kind": [kind, kind], "width_m": [width_m, width_m]}
    return samples.frame(rows, ["s1", "s2"], "street_id", shapes)


def bays() -> gpd.GeoDataFrame:
    """A row of bays that reaches 0.5 m into the corridor over 20 m, half of it in E1, and one that only touches it."""
    rows = {"name": ["甲", "乙"], "kind": ["street", "street"], "bays": pd.array([4, 4], dtype="Int64")}
    shapes = [samples.box(90, 46.5, 20, 2), samples.box(150, 47, 20, 2)]
    return samples.frame(rows, ["k1", "k2"], "parking_id", shapes)


def issues() -> gpd.GeoDataFrame:
    """The issues of the sample, with two of illegal structures in the lane to the north: one open, one closed."""
    table = samples.issues()
    more = table.iloc[:2].copy()
    more.index = pd.Index(["i98", "i99"], name="issue_id", dtype="str")
    more["issue_type"] = "ILLEGAL_BUILD"
    more["reported_at"] = pd.Timestamp("2024-05-01")
    more["closed_at"] = [pd.NaT, pd.Timestamp("2024-05-10")]
    more["geometry"] = [samples.point(46, 150), samples.point(46, 160)]
    return gpd.GeoDataFrame(pd.concat([table, more]), geometry="geometry", crs=samples.CRS)


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    tables = {"streets": lanes(), "parking": bays(), "issues": issues()}
    return ground.opened(tmp_path_factory.mktemp("lanes") / "ws", tables)


def test_the_corridor_test_by_grid(ws: Workspace) -> None:
    health = ground.checked(ws, "R-FIRE")
    # 20 m of bays, 10 m in each grid; the hut has no length; the houses stand 10 m and more from the lanes.
    assert ground.values(health, "R-FIRE") == {
        "E1": 10.0,
        "E2": pytest.approx(float("nan"), nan_ok=True),
        "W1": 10.0,
        "W2": 0.0,
        "*": 20.0,
    }
    assert ground.verdicts(health, "R-FIRE") == {
        "E1": "fails",
        "E2": "unknown",
        "W1": "fails",
        "W2": "fails",
        "*": "fails",
    }
    whole = ground.at(health, "R-FIRE")
    assert (whole.status, whole.above, whole.below) == ("partial", 20.0, 400.0)
    assert {layer: sorted(ids) for layer, ids in whole.failing.items()} == {
        "streets": ["s1", "s1", "s2"],
        "parking": ["k1"],
        "issues": ["i98"],
    }
    assert whole.beside["least_clear_m"][1] == 4.5  # of the hut at 1 m: 3.5 + 1.0 on its other side
    assert whole.beside["below_clear_m"][1] == 0.0  # 5 m are left beside the bays


def test_where_nothing_is_in_the_way_there_is_still_no_verdict(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path / "ws", {"streets": lanes()})
    found = ground.at(ground.checked(ws, "R-FIRE"), "R-FIRE")
    assert (found.value, found.verdict, found.status) == (0.0, "context", "partial")
    assert found.missing is not None
    assert "净高" in found.missing.zh
    assert "停车" in found.missing.zh


def test_a_lane_may_itself_be_too_narrow(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path / "ws", {"streets": lanes(width_m=3.5)})
    found = ground.at(ground.checked(ws, "R-FIRE"), "R-FIRE")
    assert (found.value, found.verdict, found.beside["least_clear_m"][1]) == (400.0, "fails", 3.5)
    looser = ground.at(ground.checked(ws, "R-FIRE", R_FIRE=3.5), "R-FIRE")
    assert (looser.value, looser.verdict) == (0.0, "context")


def test_a_dead_end_without_room_to_turn_fails(tmp_path: Path) -> None:
    court = samples.frame(
        {"name": ["a", "b"], "kind": ["lane", "lane"], "width_m": [5.0, 5.0]},
        ["s1", "s2"],
        "street_id",
        [
            shapely.LineString([samples.point(0, 30), samples.point(200, 30)]),
            shapely.LineString([samples.point(100, 30), samples.point(100, 100)]),
        ],
    )
    houses = samples.buildings()
    open_court = ground.opened(tmp_path / "a", {"streets": court, "buildings": houses})
    assert ground.at(ground.checked(open_court, "R-FIRE"), "R-FIRE").beside["dead_ends"][1] == 0
    walls = [samples.box(80, 90, 17, 30), samples.box(103, 90, 17, 30), samples.box(80, 105, 40, 10)]
    houses = houses.iloc[:3].assign(geometry=walls)
    shut = ground.opened(tmp_path / "b", {"streets": court, "buildings": houses})
    health = ground.checked(shut, "R-FIRE")
    found = ground.at(health, "R-FIRE")
    assert (found.value, found.verdict, found.beside["dead_ends"][1]) == (0.0, "fails", 1)


def test_the_drawing_and_its_table(ws: Workspace) -> None:
    check = ground.checked(ws, "R-FIRE").check
    found = fire_lanes(check)
    table = lane_table(found, "zh")
    assert table[["street", "from_m", "to_m", "cause", "thing_id", "intrusion_m", "room"]].to_numpy().tolist() == [
        ["东西巷", 90.0, 110.0, "泊位", "k1", 0.5, "够"],
        ["南北巷", 150.0, 150.0, "违法建设（未结）", "i98", 1.0, "够"],
    ]
    facts = {one.key: one.value.zh for one in lane_facts(found)}
    assert (facts["length"], facts["taken"], facts["short"]) == ("400 m", "20 m", "0 m")
    drawn = {layer["key"]: layer["count"] for layer in lane_map(check, found, lang="zh")["layers"]}
    assert (drawn["fire_taken"], drawn["fire_spots"]) == (1, 1)


def test_lane_spacing_counts_circles_that_hold_a_building(ws: Workspace) -> None:
    health = ground.checked(ws, "R-FIREGAP")
    found = ground.at(health, "R-FIREGAP", "E1")
    # Around the corner of the grid at (100, 100): 55 m to both lanes, with b2 inside.
    assert found.value == pytest.approx(110, abs=0.1)
    assert found.verdict == "context"  # hydrants are unknown
    assert ground.verdicts(ground.checked(ws, "R-FIREGAP", R_FIREGAP=100), "R-FIREGAP")["E1"] == "fails"


def test_density_of_streets_shares_a_border(tmp_path: Path) -> None:
    border = samples.frame(
        {"name": ["中"], "kind": ["lane"]}, ["s1"], "street_id",
        [shapely.LineString([samples.point(100, 0), samples.point(100, 100)])],
    )  # fmt: skip
    ws = ground.opened(tmp_path / "ws", {"streets": border})
    assert ground.values(ground.checked(ws, "R-D"), "R-D") == {"E1": 5.0, "E2": 0.0, "W1": 5.0, "W2": 0.0, "*": 2.5}


def test_roads_of_estates_and_footways(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path / "ws", {"streets": lanes(width_m=3.0)})
    health = ground.checked(ws, "R-W1", "R-SW")
    assert ground.at(health, "R-W1").value == 0.0
    assert ground.at(health, "R-W1").verdict == "fails"
    assert ground.at(health, "R-SW").verdict == "unknown"
    paths = ground.opened(tmp_path / "paths", {"streets": lanes(width_m=3.0, kind="path")})
    found = ground.at(ground.checked(paths, "R-W1"), "R-W1")
    assert (found.value, found.verdict) == (100.0, "context")  # 2.5 m are enough for a path; entrances are unknown


def test_walkways_with_open_issues(ws: Workspace) -> None:
    # The open MANHOLE i07 lies 25 m from the lane to the east: its segment from the crossing on, 55 m of it in W1.
    health = ground.checked(ws, "R-WALK")
    assert [ground.values(health, "R-WALK")[one] for one in ("W1", "E1", "*")] == pytest.approx([0.055, 0.1, 0.155])
    assert list(ground.at(health, "R-WALK").failing["issues"]) == ["i07"]
    assert ground.verdicts(health, "R-WALK") == {
        "E1": "fails",
        "E2": "unknown",
        "W1": "fails",
        "W2": "context",
        "*": "fails",
    }
    far = ground.at(ground.checked(ws, "R-WALK", walkway_issue_m=24), "R-WALK")
    assert (far.value, far.verdict) == (0.0, "context")  # nobody surveyed: no issue is not to say that all is in order


def test_two_issues_on_a_segment_count_its_length_once(tmp_path: Path) -> None:
    table = samples.issues()
    table.loc["i03", "issue_type"] = "PONDING"  # open, at (22, 20): nearer to the lane to the north, 23 m
    table.loc["i04", "issue_type"] = "LIGHT_OUT"  # beside it
    ws = ground.opened(tmp_path / "ws", {"streets": lanes(), "issues": table})
    health = ground.checked(ws, "R-WALK")
    assert ground.values(health, "R-WALK")["W1"] == pytest.approx(0.055 + 0.045)


def test_dark_streets_are_a_proxy(tmp_path: Path) -> None:
    lamps = samples.frame(
        {"works": pd.array([True, False], dtype="boolean")}, ["l1", "l2"], "light_id",
        [samples.point(45, 45), samples.point(150, 45)],
    )  # fmt: skip
    ws = ground.opened(tmp_path / "ws", {"streets": lanes(), "lights": lamps})
    found = ground.at(ground.checked(ws, "L-SP", "L-LX"), "L-SP")
    # 35 m to all four sides of the crossing: 140 m of 400 m are lit; the broken lamp lights nothing.
    assert (found.value, found.status, found.verdict) == (pytest.approx(65.0), "proxy", "context")
    assert ground.at(ground.checked(ws, "L-LX"), "L-LX").verdict == "unknown"


def test_the_whole_is_what_is_known_of_it(tmp_path: Path) -> None:
    west = {
        "layer": "streets",
        "west": samples.X0,
        "south": samples.Y0,
        "east": samples.X0 + 100,
        "north": samples.Y0 + 200,
    }
    tables = {"streets": lanes(), "parking": bays(), "issues": issues()}
    ws = ground.opened(tmp_path / "ws", tables, extents=[west])
    health = ground.checked(ws, "R-FIRE", "R-D", "R-WALK")
    assert ground.verdicts(health, "R-FIRE") == {
        "E1": "unknown", "E2": "unknown", "W1": "fails", "W2": "fails", "*": "context",
    }  # fmt: skip
    # 10 of the 20 m of bays lie in the west, 100 + 200 m of lanes on two hectares.
    whole = ground.at(health, "R-FIRE")
    assert (whole.value, whole.below, whole.status) == (10.0, 300.0, "partial")
    assert ground.at(health, "R-D").value == pytest.approx(15.0)
    assert ground.at(health, "R-WALK").value == pytest.approx(0.055)
