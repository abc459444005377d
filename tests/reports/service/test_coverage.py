"""Coverage of the small community by hand: five buildings, a toilet, two lanes, a bridge and a railway between them."""

import json
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.text import Text
from layers import BUILDINGS, Workspace, open_workspace
from reports.service.coverage import (
    SERVED,
    UNKNOWN,
    UNSERVED,
    CircleError,
    Limit,
    circle_error,
    coverage,
    estate_table,
    grid_table,
    metres_limit,
    minutes_limit,
    parts_table,
    standard_limit,
    step_table,
    unknown,
    unserved,
    whole_table,
)
from reports.service.coverage_answer import conventions, coverage_answer, coverage_lines
from reports.service.coverage_map import drawing, ground_layers, with_coverage
from reports.service.coverage_table import (
    coverage_facts,
    list_shown,
    parts_shown,
    places_file,
    rounded,
    steps_shown,
    table_file,
    titles,
    whole_shown,
)
from reports.service.coverage_words import limit_words, method_words, source_words
from reports.service.served import STATUS_WORDS, Distances, distances_of, reached
from reports.service.services import service, services_of
from reports.service.streets import streets_of
from reports.webmap.payload import payload
from tests.samples import X0, Y0, box, community, frame, overrule, point, toilets

FOOT = [40.0, 80.0, 460.0, 420.0, 120.0]
"""By hand: b1 20 + 10 + 10; b2 30 + 40 + 10; b3 20 + 170 + bridge 100 + 160 + 10; b4 30 + 120 + 100 + 160 + 10; b5 20 + 90 + 10."""
LINE = [float(np.hypot(*one)) for one in ((10, 10), (40, 40), (10, 90), (40, 140), (90, 10))]
NAMES = ["b1", "b2", "b3", "b4", "b5"]


def line(*places: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X0 + east, Y0 + north) for east, north in places])


def streets(walkable: object = None) -> gpd.GeoDataFrame:
    """Two lanes, the bridge between them in the east, and a railway that the bridge alone crosses."""
    shapes = [
        line((0, 40), (200, 40)), line((0, 140), (200, 140)), line((190, 40), (190, 140)), line((-10, 100), (210, 100)),
    ]  # fmt: skip
    rows = {
        "kind": ["lane", "lane", "path", "railway"],
        "walkable": pd.array(walkable or [None, None, True, None], dtype="boolean"),
    }
    return frame(rows, ["s1", "s2", "s3", "r1"], "street_id", list(shapes))


def town(folder: Path, changed: Mapping[str, pd.DataFrame | None] | None = None, **said: object) -> Workspace:
    return open_workspace(
        overrule(community(folder, {"streets": streets(), **(changed or {})}, **said), walk_snap_m=50)
    )


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return town(tmp_path_factory.mktemp("coverage") / "town")


@pytest.fixture(scope="module")
def measured(five: Workspace) -> Distances:
    return distances_of(five, "toilets")


def test_walks_go_over_the_bridge_not_over_the_railway(measured: Distances) -> None:
    assert measured.foot[0].distance_m == pytest.approx(FOOT)
    assert measured.straight[0].distance_m == pytest.approx(LINE)
    assert measured.foot[0].meta["method"] == "on foot"
    assert measured.straight[0].meta["method"] == "straight line"
    assert measured.streets.meta["lines_as_barriers"] == 1
    assert measured.foot[0].thing.tolist() == [0] * 5
    assert set(measured.foot[0].status) == {"reached"}


def test_shares_by_hand_and_the_rim_counts(five: Workspace, measured: Distances) -> None:
    """Within 120 m on foot b1, b2 and, exactly, b5; in a straight line b3 too."""
    found = coverage(measured, metres_limit(measured, 120))
    assert found.foot.tolist() == [1, 1, 0, 0, 1]
    assert found.straight.tolist() == [1, 1, 1, 0, 1]
    table = whole_table(found)
    assert table.index.tolist() == ["buildings", "households", "residents", "floor_area"]
    assert table["foot_percent"].tolist() == pytest.approx([60, 100 * 200 / 300, 100 * 400 / 600, 60])
    assert table["straight_percent"].tolist() == pytest.approx([80, 100 * 250 / 300, 100 * 500 / 600, 80])
    assert table["circle_error_points"].iloc[0] == pytest.approx(20)
    assert table["served"].tolist() == [3, 200, 400, 1200]
    assert circle_error(found) == CircleError(5, 1, pytest.approx(np.median(np.array(FOOT) / LINE)))
    assert coverage(measured, metres_limit(measured, 119.999)).foot.tolist() == [1, 1, 0, 0, 0]
    grids = grid_table(five, found, 2, "households")
    assert grids.loc["W1", ["total", "served", "foot_percent"]].tolist() == [100, 100, 100]
    assert grids.loc["W2", ["served", "unserved", "straight_percent"]].tolist() == [0, 100, 50]
    assert grids.loc["E2", "total"] == 0
    assert np.isnan(grids.loc["E2", "foot_percent"])
    assert grid_table(five, found, 1, "households")["served"].tolist() == [100, 100]
    assert list(unserved(five, found, on_foot=True).index) == ["b3", "b4"]
    assert list(unserved(five, found, on_foot=False).index) == ["b4"]
    assert unserved(five, found, on_foot=True)["grid_id"].tolist() == ["W2", "W2"]


def test_minutes_depend_on_the_pace(five: Workspace, measured: Distances) -> None:
    assert minutes_limit(five, measured, 2, "adult") == Limit((150.0,), 2, "adult")
    slow = minutes_limit(five, measured, 2, "elderly")
    assert slow.metres == pytest.approx((96.0,))
    assert coverage(measured, slow).foot.tolist() == [1, 1, 0, 0, 0]
    steps = step_table(five, measured, "buildings", ("adult", "elderly"))
    assert steps.loc[("metres", 500.0, ""), "foot_percent"] == 100
    assert steps.loc[("minutes", 5.0, "adult"), "metres"] == 375
    assert (steps["foot_percent"] <= steps["straight_percent"]).all()
    with pytest.raises(DataError, match="walking_paces"):
        minutes_limit(five, measured, 5, "snail")


def test_near_the_border_of_the_streets_the_walk_is_not_known(tmp_path: Path) -> None:
    """Streets are known from 40 m west of b1 on: within 30 m of b1 nothing is hidden, within 100 m something may be."""
    west = {"layer": "streets", "west": X0 - 20, "south": Y0 - 500, "east": X0 + 500, "north": Y0 + 500}
    ws = town(tmp_path / "border", extents=[west])
    measured = distances_of(ws, "toilets")
    assert measured.foot[0].margin_m[[0, 1]].tolist() == [40, 90]
    assert coverage(measured, metres_limit(measured, 40)).foot.tolist() == [1, 0, 0, 0, 0]
    wide = coverage(measured, metres_limit(measured, 50))
    assert wide.foot.tolist() == [-1, 0, -1, 0, 0]
    assert wide.straight.tolist() == [1, 0, 0, 0, 0]
    assert list(unknown(ws, wide).index) == ["b3", "b1"]
    assert whole_table(wide).loc["buildings", ["total", "known", "known_straight"]].tolist() == [5, 3, 5]


def test_outside_of_the_streets_only_the_straight_line_is_known(tmp_path: Path) -> None:
    box_of = {"layer": "streets", "west": X0 + 100, "south": Y0 - 500, "east": X0 + 900, "north": Y0 + 500}
    ws = town(tmp_path / "outside", extents=[box_of])
    found = reached(ws, "toilets", on_foot=True)
    assert found.status.tolist() == ["outside"] * 4 + ["reached"]
    assert np.isnan(found.distance_m[:4]).all()
    assert reached(ws, "toilets", on_foot=False).distance_m == pytest.approx(LINE)


def test_without_streets_the_walk_is_unknown_and_said_to_be(tmp_path: Path) -> None:
    ws = open_workspace(community(tmp_path / "bare"))
    found = coverage(distances_of(ws, "toilets"))
    assert (found.foot == UNKNOWN).all()
    assert found.straight.tolist() == [SERVED] * 5
    assert set(found.distances.foot[0].status) == {"no_streets"}
    assert np.isnan(whole_table(found)["foot_percent"]).all()
    assert "步行距离未知" in method_words(found.distances)[0].zh
    assert drawing(found).area is None
    assert coverage_facts(found, "buildings", "zh")[0].value == "—"
    assert coverage_lines(ws, found, "en", on_foot=True)[2].startswith("buildings: on foot unknown")


def test_what_streets_say_of_themselves_comes_before_their_kind(tmp_path: Path) -> None:
    ws = town(tmp_path / "walked", {"streets": streets([None, None, True, True])})
    assert streets_of(ws).meta["lines_as_barriers"] == 0
    assert reached(ws, "toilets", on_foot=True).distance_m[2] < 460
    shut = town(tmp_path / "shut", {"streets": streets([None, None, False, None])})
    assert reached(shut, "toilets", on_foot=True).status.tolist()[2:4] == ["unreached", "unreached"]


def test_parts_that_do_not_connect_are_listed_with_who_is_on_them(tmp_path: Path) -> None:
    shut = town(tmp_path / "parts", {"streets": streets([None, None, False, None])})
    table = parts_table(coverage(distances_of(shut, "toilets")))
    assert table["length_m"].tolist() == [200, 200]
    assert table["places"].tolist() == [3, 2]
    assert (
        coverage_answer(shut, coverage(distances_of(shut, "toilets")), level=None, on_foot=True)["parts"][1]["part"]
        == 2
    )


def test_far_from_streets_and_behind_a_barrier(tmp_path: Path) -> None:
    lane = frame(
        {"kind": ["lane", "wall"]}, ["s1", "w1"], "street_id", [line((0, 40), (200, 40)), line((0, 35), (60, 35))]
    )
    ws = town(tmp_path / "far", {"streets": lane})
    assert reached(ws, "toilets", on_foot=True).status.tolist() == [
        "blocked",
        "unreached",
        "too_far",
        "too_far",
        "unreached",
    ]


def test_parks_by_size_class(tmp_path: Path) -> None:
    """A park of 2,500 m² serves 300 m, one of 10,000 m² 500 m; the distances are to their outlines."""
    parks = frame(
        {"name": ["小", "大", "不开放"], "open_to_public": pd.array([True, None, False], dtype="boolean")},
        ["p1", "p2", "p3"], "park_id", [box(0, 100, 50, 50), box(600, 0), box(0, 0, 90, 90)],
    )  # fmt: skip
    ws = town(tmp_path / "parks", {"parks": parks})
    rule = distances_of(ws, "parks")
    assert [one.key for one in rule.service.classes] == ["small", "large"]
    assert standard_limit(rule).metres == (300, 500)
    assert rule.straight[0].distance_m == pytest.approx([80, np.hypot(20, 30), 0, np.hypot(20, 20), np.hypot(70, 80)])
    assert rule.straight[1].distance_m[4] == pytest.approx(480)
    assert rule.foot[0].status[2] == "inside"
    assert rule.foot[0].distance_m[2] == 0
    assert [one.closed for one in rule.things] == [1, 1]
    found = coverage(rule)
    assert found.straight.tolist() == [SERVED] * 5
    assert distances_of(ws, "parks_large").straight[0].distance_m[4] == pytest.approx(480)
    assert "300 m" in limit_words(ws, found).zh
    assert "500 m" in limit_words(ws, found).zh


def test_services_are_rows_of_a_table_and_kinds_of_facility(tmp_path: Path) -> None:
    places = frame(
        {"kind": ["Health_Station", "kiosk", "kiosk"]}, ["f1", "f2", "f3"], "facility_id",
        [point(10, 10), point(20, 10), point(30, 10)],
    )  # fmt: skip
    ws = town(tmp_path / "kinds", {"facilities": places, "parks": None})
    assert [one.key for one in services_of(ws)] == ["toilets", "health", "kind:kiosk"]
    assert service(ws, "health").classes[0].limit_m == 300
    assert service(ws, "kind:kiosk").classes[0].limit_m == 500
    assert "（待核）" in source_words(distances_of(ws, "health")).zh
    with pytest.raises(DataError, match="services"):
        distances_of(ws, "cinema")
    own = reached(ws, np.array([point(20, 20)], dtype=object), on_foot=False)
    assert own.distance_m[0] == 0


def test_a_workspace_adds_services_of_its_own(tmp_path: Path) -> None:
    """As the how-to page shows it: the columns that it leaves out are empty."""
    places = frame({"kind": ["Library"]}, ["f1"], "facility_id", [point(10, 10)])
    folder = community(tmp_path / "own", {"facilities": places})
    (folder / "standards").mkdir()
    page = (Path(__file__).parents[3] / "docs" / "howto-coverage.md").read_text(encoding="utf-8")
    (folder / "standards" / "services.csv").write_text(page.split("```csv\n")[1].split("```")[0], encoding="utf-8")
    ws = open_workspace(folder)
    found = service(ws, "libraries")
    assert (found.title.zh, found.classes[0].limit_m, found.classes[0].confidence) == ("图书馆", 800, "L")
    assert "libraries" in [one.key for one in services_of(ws)]


def test_without_buildings_points_of_the_ground_stand_in(tmp_path: Path) -> None:
    ws = town(tmp_path / "ground", {"buildings": None})
    found = coverage(distances_of(ws, "toilets"))
    assert not found.places.are_buildings
    assert whole_table(found).index.tolist() == ["area"]
    assert found.places.amounts["area"].status == "proxy"
    made = with_coverage(payload(ws, ground_layers(ws, found)), ws, found, on_foot=True)
    assert {"coverage_served"} <= {one["key"] for one in made["layers"]}


def test_estates_have_shares_of_their_own(tmp_path: Path) -> None:
    estates = frame({"name": ["北院"]}, ["e1"], "estate_id", [box(0, 100)])
    ws = town(tmp_path / "estates", {"housing_estates": estates})
    found = coverage(distances_of(ws, "toilets"), Limit((430.0,)))
    assert estate_table(ws, found, "households").loc["e1", ["total", "served", "foot_percent"]].tolist() == [
        100,
        50,
        50,
    ]


def test_tables_files_and_map_say_the_same(five: Workspace, measured: Distances) -> None:
    found = coverage(measured, Limit((120.0,)))
    facts = [(one.title.zh, one.value) for one in coverage_facts(found, "households", "zh")]
    assert facts == [
        ("步行覆盖", "66.7%"),
        ("同范围直线覆盖", "83.3%"),
        ("直线多算", "16.7 个百分点"),
        ("步行无法判断", "0"),
    ]
    listed = list_shown(five, found, "unserved", "zh", level=2)
    assert listed["why"].tolist() == [STATUS_WORDS["reached"].zh] * 2
    for table in (whole_shown(found, "zh"), parts_shown(five, found, "households", level=2), listed):
        assert set(table.columns) <= set(titles("zh"))
        assert table_file(rounded(table), "a.csv", "zh").startswith(b"\xef\xbb\xbf")
    assert parts_shown(five, found, "households", level=2)["name"].iloc[0] == "NW"
    assert steps_shown(five, found, "buildings", "en")["limit"].iloc[0] == "300 m"
    made = json.loads(places_file(five, found, "a.geojson", "en"))
    told = {one["properties"]["building_id"]: one["properties"] for one in made["features"]}
    assert told["b3"]["served_on_foot"] == "no"
    assert told["b3"]["served_straight"] == "yes"
    assert told["b5"]["foot_m"] == 120
    drawn = drawing(found)
    assert drawn.length_m == pytest.approx(30 + 110)  # 110 m of the lane to each side of the toilet, 30 m to the west
    shown = with_coverage(payload(five, ground_layers(five, found)), five, found, on_foot=True, drawn=drawn)
    counts = {one["key"]: one["count"] for one in shown["layers"]}
    assert counts["coverage_served"], counts["coverage_unserved"] == (3, 2)
    assert {"coverage_area", "coverage_barriers"} <= set(counts)
    line_only = with_coverage(payload(five, ground_layers(five, found)), five, found, on_foot=False)
    assert {one["key"]: one["count"] for one in line_only["layers"]}["coverage_served"] == 4


def test_answers_carry_their_conventions(five: Workspace, measured: Distances) -> None:
    found = coverage(measured, minutes_limit(five, measured, 2, "elderly"))
    answer = coverage_answer(five, found, level=1, on_foot=True)
    assert json.loads(json.dumps(answer)) == answer
    told = answer["conventions"]
    assert (told["pace"], told["pace_m_per_s"], told["limits_m"], told["seed"]) == ("elderly", 0.8, {"all": 96.0}, None)
    assert told["rim"] == "distance <= limit is served"
    assert [one["grid_id"] for one in answer["grids"]] == ["E", "W"]
    assert conventions(five, found)["denominators"]["households"] == "ready"
    assert [one["id"] for one in answer["unserved"]] == ["b3", "b4", "b5"]
    assert any("2 minutes" in one for one in coverage_lines(five, found, "en", on_foot=True))
    assert isinstance(limit_words(five, found), Text)


@settings(deadline=None, max_examples=25)
@given(st.floats(0, 600), st.floats(0, 600))
def test_more_metres_never_serve_fewer_and_the_walk_never_more_than_the_line(
    measured: Distances, a: float, b: float
) -> None:
    near, far = (coverage(measured, metres_limit(measured, one)) for one in sorted((a, b)))
    assert (far.foot[near.foot == SERVED] == SERVED).all()
    assert (near.straight[near.foot == SERVED] == SERVED).all()
    assert (near.foot[near.straight == UNSERVED] == UNSERVED).all()
    table = whole_table(near)
    assert (table["served"] + table["unserved"] == table["known"]).all()


def test_the_order_of_rows_does_not_matter(tmp_path: Path, five: Workspace) -> None:
    turned = five[BUILDINGS].iloc[::-1][["name", "households", "geometry"]]
    ws = town(tmp_path / "turned", {"buildings": turned, "streets": streets().iloc[::-1]})
    found = pd.Series(reached(ws, "toilets", on_foot=True).distance_m, index=ws[BUILDINGS].index)
    assert found[NAMES].tolist() == pytest.approx(FOOT)


def test_bundled_workspaces_know_what_they_can(workspaces: Mapping[str, Path]) -> None:
    huolong = coverage(distances_of(open_workspace(workspaces["huolong"]), "toilets"))
    assert huolong.distances.streets.meta["lines_as_barriers"] == 1
    assert whole_table(huolong).loc["buildings", ["known", "served"]].tolist() == [54, 46]
    assert circle_error(huolong).straight_only == 8
    assert len(toilets()) == 1
