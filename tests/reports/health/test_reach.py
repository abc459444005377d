"""Who is in reach of what: worked out by hand on five buildings and two lanes.

Straight from (30, 30): b1 14.14, b2 56.57, b3 and b5 90.55, b4 145.60 m. On foot (leg, lane, leg; the place at (30, 30)
is 10 m off the lane): b1 20+10+10 = 40, b2 20+30+20+10 = 80, b5 20+90+10 = 120, b3 30+80+20+10 = 140, b4 20+130+20+10 = 180.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import Extent, Workspace
from tests import samples
from tests.reports.health import ground

AT_TOILET = (30, 30)


def test_toilet_radius_is_straight_with_the_walk_beside_it(tmp_path: Path) -> None:
    door = ground.toilets(AT_TOILET, open_to_public=pd.array([True], dtype="boolean"))
    ws = ground.opened(tmp_path, {"streets": ground.streets(), "toilets": door})
    found = ground.checked(ws, "T-R", T_R=100)
    whole = ground.at(found, "T-R")
    assert whole.value == pytest.approx(100 * 250 / 300)
    assert (whole.above, whole.below) == (250, 300)
    assert whole.beside["walk_percent"][1] == pytest.approx(100 * 100 / 300)  # b1 and b2
    assert list(whole.failing["buildings"]) == ["b4"]
    assert ground.values(found, "T-R") == pytest.approx(
        {"E1": 100, "E2": np.nan, "W1": 100, "W2": 50, "*": 250 / 3}, nan_ok=True
    )
    assert ground.verdicts(found, "T-R") == {"E1": "meets", "E2": "unknown", "W1": "meets", "W2": "fails", "*": "fails"}
    assert whole.threshold.whose == "caller"
    assert whole.limit.whose == "standard"
    assert whole.denominator.en == "households by residential building"
    assert ground.at(found, "T-R", "E2").missing is not None


def test_rim_counts(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path)
    far = float(np.hypot(40, 40))
    assert ground.at(ground.checked(ws, "T-R", T_R=far), "T-R", "W1").value == 100
    assert ground.at(ground.checked(ws, "T-R", T_R=far - 0.001), "T-R", "W1").value == 60


def test_bus_stop_is_on_foot_with_the_straight_line_beside_it(tmp_path: Path) -> None:
    stop = ground.facilities(("bus_stop", *AT_TOILET))
    ws = ground.opened(tmp_path, {"streets": ground.streets(), "facilities": stop})
    found = ground.checked(ws, "F-BUS", F_BUS=120)
    whole = ground.at(found, "F-BUS")
    assert whole.value == pytest.approx(100 * 200 / 300)  # b1, b2 and, on the rim, b5
    assert whole.status == "ready"
    assert whole.beside["straight_percent"][1] == pytest.approx(100 * 250 / 300)
    assert sorted(whole.failing["buildings"]) == ["b3", "b4"]
    assert ground.verdicts(found, "F-BUS")["W2"] == "fails"
    assert ground.at(ground.checked(ws, "F-BUS", F_BUS=119.9), "F-BUS").value == pytest.approx(100 * 100 / 300)


def test_straight_line_instead_of_the_walk_is_a_proxy_without_a_verdict(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"facilities": ground.facilities(("bus_stop", *AT_TOILET))})
    whole = ground.at(ground.checked(ws, "F-BUS", F_BUS=100), "F-BUS")
    assert (whole.value, whole.status, whole.verdict) == (pytest.approx(100 * 250 / 300), "proxy", "context")


def test_barrier_is_not_crossed(tmp_path: Path) -> None:
    railway = shapely.LineString([samples.point(0, 100), samples.point(200, 100)])
    lines = samples.frame(
        {"walkable": pd.array([True, True, True, False], dtype="boolean")},
        ["s1", "s2", "s3", "s4"],
        "street_id",
        [
            shapely.LineString([samples.point(0, 40), samples.point(200, 40)]),
            shapely.LineString([samples.point(50, 0), samples.point(50, 90)]),
            shapely.LineString([samples.point(50, 110), samples.point(50, 200)]),
            railway,
        ],
    )
    ws = ground.opened(tmp_path, {"streets": lines, "facilities": ground.facilities(("bus_stop", *AT_TOILET))})
    whole = ground.at(ground.checked(ws, "F-BUS"), "F-BUS")
    assert whole.value == pytest.approx(100 * 200 / 300)  # b3 and b4 lie beyond the railway
    assert whole.beside["straight_percent"][1] == 100


def test_facility_that_is_too_small_serves_and_is_told(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"facilities": ground.facilities(("day_care", *AT_TOILET), floor_area_m2=349.0)})
    whole = ground.at(ground.checked(ws, "F-DC", F_DC=100), "F-DC")
    assert whole.value == pytest.approx(100 * 250 / 300)
    assert whole.beside["too_small"][1] == 1


@pytest.mark.parametrize(
    ("indicator", "kind"),
    [
        ("F-KG", "kindergarten"),
        ("F-PS", "小学"),
        ("F-MS", "初中"),
        ("F-SS", "community_service"),
        ("F-CS", "culture_station"),
        ("F-DC", "day_care"),
        ("F-HS", "health_station"),
        ("F-HC", "Health Care"),
        ("F-MK", "market"),
    ],
)
def test_every_facility_by_its_kind(tmp_path: Path, indicator: str, kind: str) -> None:
    ws = ground.opened(tmp_path, {"facilities": ground.facilities((kind, *AT_TOILET))})
    found = ground.checked(ws, indicator, "F-GC", **{indicator.replace("-", "_"): 60})
    assert ground.at(found, indicator).value == pytest.approx(100 * 100 / 300)
    assert ground.at(found, "F-GC").verdict == "unknown"


def test_waste_point_is_reached_on_foot(tmp_path: Path) -> None:
    point = ground.facilities(("waste_point", *AT_TOILET))
    ws = ground.opened(tmp_path, {"streets": ground.streets(), "facilities": point})
    whole = ground.at(ground.checked(ws, "F-GC"), "F-GC")
    assert whole.value == pytest.approx(100 * 60 / 300)  # only b1, 40 m, is within 70 m
    assert sorted(whole.failing["buildings"]) == ["b2", "b3", "b4", "b5"]


def test_sports_ground_has_to_be_large_enough(tmp_path: Path) -> None:
    small = ground.parks("运动场地").set_geometry([samples.box(20, 20, 20, 38.4)])  # 768 m²
    large = ground.parks("运动场地").set_geometry([samples.box(20, 20, 20, 38.5)])  # 770 m²
    some = [
        ground.at(ground.checked(ground.opened(tmp_path / name, {"parks": one}), "F-SP", F_SP=50), "F-SP")
        for name, one in (("a", small), ("b", large))
    ]
    assert [one.value for one in some] == [0, pytest.approx(100 * 100 / 300)]  # b1 inside, b2 32.3 m off, b3 61.5 m


def test_life_circle_needs_everything_at_once(tmp_path: Path) -> None:
    there = ground.facilities(("market", *AT_TOILET), ("小学", *AT_TOILET), ("bus_stop", 130, 40))
    ws = ground.opened(tmp_path, {"streets": ground.streets(), "facilities": there})
    whole = ground.at(ground.checked(ws, "LC10", LC10=120), "LC10")
    # the stop: b5 20+10, b2 20+30+80 = 130, b1 20+110 = 130; all three of them at once: only b5
    assert whole.value == pytest.approx(100 * 100 / 300)
    assert (whole.status, whole.verdict) == ("ready", "fails")


def test_life_circle_can_fail_but_not_meet_while_a_need_is_not_recorded(tmp_path: Path) -> None:
    there = ground.facilities(("market", *AT_TOILET))
    ws = ground.opened(tmp_path, {"streets": ground.streets(), "facilities": there})
    near, far = (ground.at(ground.checked(ws, "LC10", LC10=metres), "LC10") for metres in (120, 500))
    assert (near.status, near.verdict) == ("partial", "fails")
    assert (far.value, far.status, far.verdict) == (100, "partial", "context")
    assert far.missing is not None
    assert "primary school" in far.missing.en


def test_fifteen_minutes_take_the_far_end_of_the_range(tmp_path: Path) -> None:
    there = ground.facilities(("初中", *AT_TOILET), ("health_centre", *AT_TOILET))
    ws = ground.opened(tmp_path, {"streets": ground.streets(), "facilities": there})
    assert ground.at(ground.checked(ws, "LC15", LC15="80..120"), "LC15").value == pytest.approx(100 * 200 / 300)


def test_five_minutes_need_toilets_and_grounds_too(tmp_path: Path) -> None:
    kinds = ("community_service", "culture_station", "day_care", "kindergarten")
    there = ground.facilities(*((kind, *AT_TOILET) for kind in kinds))
    ws = ground.opened(tmp_path, {"streets": ground.streets(), "facilities": there, "parks": ground.parks("活动场地")})
    whole = ground.at(ground.checked(ws, "LC5", LC5=180), "LC5")
    # all things at (30, 30) are within 180 m of everybody; the ground's gates on the lane at x = 50:
    # b1 20 + 30 + 60 = 110 to (50, 100), b5 20 + 70 + 60 = 150, the others are nearer
    # whether the toilet is open is not recorded, so that nobody can be said to meet
    assert (whole.value, whole.status, whole.verdict) == (100, "partial", "context")
    assert ground.at(ground.checked(ws, "LC5", LC5=139), "LC5").value == pytest.approx(100 * 100 / 300)  # not b5


def test_service_circle_is_a_description(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"facilities": ground.facilities(("canteen", *AT_TOILET))})
    whole = ground.at(ground.checked(ws, "SVC-10", service_circle_m=60), "SVC-10")
    assert (whole.value, whole.verdict) == (pytest.approx(100 * 100 / 300), "context")


def test_what_is_not_recorded_is_unknown_and_not_zero(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"facilities": ground.facilities(("market", *AT_TOILET)), "toilets": None})
    found = ground.checked(ws, "F-KG", "T-R")
    for indicator in ("F-KG", "T-R"):
        one = ground.at(found, indicator)
        assert np.isnan(one.value)
        assert (one.status, one.verdict, dict(one.failing)) == ("unavailable", "unknown", {})
        assert one.missing is not None


def test_unknown_opening_is_partial_and_closed_does_not_serve(tmp_path: Path) -> None:
    doors = pd.array([None, False], dtype="boolean")
    ws = ground.opened(tmp_path, {"toilets": ground.toilets((30, 30), (120, 20), open_to_public=doors)})
    whole = ground.at(ground.checked(ws, "T-R", T_R=50), "T-R")
    assert (whole.value, whole.status) == (pytest.approx(100 * 60 / 300), "partial")
    verdicts = ground.verdicts(ground.checked(ws, "T-R", T_R=100), "T-R")
    assert (verdicts["W1"], verdicts["W2"]) == ("context", "fails")  # the toilet may be closed: nobody meets for sure


def test_without_households_the_footprint_counts_and_is_named(tmp_path: Path) -> None:
    bare = samples.buildings().drop(columns="households")
    whole = ground.at(ground.checked(ground.opened(tmp_path, {"buildings": bare}), "T-R", T_R=100), "T-R")
    assert whole.value == pytest.approx(80)  # four of five buildings of the same size
    assert (whole.status, whole.denominator.en) == ("partial", "footprint of residential buildings, m²")


def test_without_buildings_the_ground_is_a_proxy(tmp_path: Path) -> None:
    whole = ground.at(ground.checked(ground.opened(tmp_path, {"buildings": None}), "T-R", T_R=100), "T-R")
    assert (whole.status, whole.verdict, whole.denominator.en) == ("proxy", "context", "grid area, m²")
    assert whole.below == pytest.approx(40_000)


def test_layer_that_covers_a_part_leaves_the_rest_unknown(tmp_path: Path) -> None:
    extent = Extent(
        layer="toilets", west=samples.X0 - 500, south=samples.Y0 - 500, east=samples.X0 + 100, north=samples.Y0 + 700
    )
    found = ground.checked(ground.opened(tmp_path, extents=[extent]), "T-R", T_R=0.001)
    assert ground.verdicts(found, "T-R") == {
        "E1": "unknown",
        "E2": "unknown",
        "W1": "fails",
        "W2": "fails",
        "*": "context",
    }
    whole = ground.at(found, "T-R")
    assert (whole.value, whole.below, whole.status) == (0, 200, "partial")


@settings(max_examples=10)
@given(near=st.floats(1, 200), more=st.floats(0, 200))
def test_share_grows_with_the_radius(sample_ws: Workspace, near: float, more: float) -> None:
    less, most = (ground.checked(sample_ws, "T-R", "F-BUS", T_R=metres, F_BUS=metres) for metres in (near, near + more))
    for key in ("T-R", "F-BUS"):
        one, two = ground.values(less, key), ground.values(most, key)
        assert all(np.isnan(one[place]) or one[place] <= two[place] + 1e-9 for place in one)


@settings(max_examples=4)
@given(order=st.permutations(range(5)), east=st.floats(-1000, 1000))
def test_whole_is_the_sum_of_the_grids_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], east: float
) -> None:
    table = samples.buildings().iloc[order]
    found = ground.checked(ground.opened(tmp_path_factory.mktemp("ws"), {"buildings": table}), "T-R", T_R=abs(east))
    *grids, whole = found.findings["T-R"]
    known = [one for one in grids if not np.isnan(one.value)]
    assert sum(one.above for one in known) == whole.above
    assert sum(one.below for one in known) == whole.below
    assert sum(len(one.failing.get("buildings", ())) for one in grids) == len(whole.failing.get("buildings", ()))
