"""Toilets, parks and the profile for elsewhere, worked out by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.text import Text
from tests import samples
from tests.reports.health import ground

OPEN = pd.array([True, True], dtype="boolean")


def test_density_is_per_land_of_estates_and_judged_only_where_a_toilet_is_asked_for(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"housing_estates": ground.estates((0, 0, 100, 50), (100, 0, 100, 50))})
    whole = ground.at(ground.checked(ws, "T-D"), "T-D")
    assert whole.value == pytest.approx(1 / 0.01)
    assert (whole.status, whole.verdict, whole.denominator.en) == ("ready", "context", "land of housing estates, km²")
    found = ground.checked(ws, "T-D", T_D="200..300")  # 200 per km² on 0.005 km² is one toilet
    assert ground.verdicts(found, "T-D") == {
        "E1": "fails",
        "E2": "unknown",
        "W1": "meets",
        "W2": "unknown",
        "*": "fails",
    }
    assert ground.values(found, "T-D")["W1"] == pytest.approx(200)


def test_density_without_estates_is_a_proxy(tmp_path: Path) -> None:
    whole = ground.at(ground.checked(ground.opened(tmp_path), "T-D", T_D="30..50"), "T-D")
    assert (whole.value, whole.status, whole.verdict) == (pytest.approx(25), "proxy", "context")


def test_spacing_is_the_mean_way_to_the_next_toilet(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"toilets": ground.toilets((30, 30), (30, 90), (130, 90))})
    found = ground.checked(ws, "T-SP")
    assert ground.values(found, "T-SP") == pytest.approx(
        {"E1": 100, "E2": np.nan, "W1": 60, "W2": np.nan, "*": 220 / 3}, nan_ok=True
    )
    assert ground.at(found, "T-SP").verdict == "context"


def test_one_toilet_has_no_spacing(tmp_path: Path) -> None:
    assert np.isnan(ground.at(ground.checked(ground.opened(tmp_path), "T-SP"), "T-SP").value)


def test_size_of_detached_toilets(tmp_path: Path) -> None:
    places = ground.toilets(
        (30, 30), (40, 40), (150, 20), kind=["独立式", "独立式", "附属式"], floor_area_m2=[80.0, 81.0, 5.0]
    )
    found = ground.checked(ground.opened(tmp_path, {"toilets": places}), "T-A")
    whole = ground.at(found, "T-A")
    assert (whole.value, whole.verdict, list(whole.failing["toilets"])) == (50, "fails", ["t2"])
    assert ground.at(found, "T-A", "E1").verdict == "unknown"


def test_size_needs_the_kind(tmp_path: Path) -> None:
    one = ground.at(ground.checked(ground.opened(tmp_path), "T-A"), "T-A")
    assert (one.status, one.missing) == (
        "unavailable",
        Text("公厕类型（独立式、附属式）", "the kind of toilet (detached or attached)"),
    )


def test_ratio_of_stalls(tmp_path: Path) -> None:
    places = ground.toilets(
        (30, 30), (40, 40), (150, 20), (160, 20), stalls_women=pd.array([3, 2, 4, None], dtype="Int64"),
        stalls_men=pd.array([2, 2, 0, 1], dtype="Int64"),
    )  # fmt: skip
    found = ground.checked(ground.opened(tmp_path, {"toilets": places}), "T-RATIO")
    whole = ground.at(found, "T-RATIO")
    assert whole.value == pytest.approx(200 / 3)
    assert (whole.status, list(whole.failing["toilets"])) == ("partial", ["t2"])
    assert ground.verdicts(found, "T-RATIO") == {
        "E1": "meets",
        "E2": "unknown",
        "W1": "fails",
        "W2": "unknown",
        "*": "fails",
    }


def test_toilet_near_food_can_fail_but_not_meet(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"facilities": ground.facilities(("canteen", 30, 59))})
    near, rim = (ground.at(ground.checked(ws, "T-BUF", T_BUF=metres), "T-BUF") for metres in (30, 29))
    assert (near.value, near.verdict, list(near.failing["toilets"])) == (29, "fails", ["t1"])
    assert (rim.verdict, rim.status, dict(rim.failing)) == ("context", "partial", {})


def test_cover_by_land_of_estates(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"parks": ground.parks(), "housing_estates": ground.estates((0, 90, 100, 10))})
    found = ground.checked(ws, "P-R", park_radius_small_m=20)
    # all of x <= 50 is within 20 m of the park's edge; beyond, a slice of a circle of 20 m: integral of sqrt(400 - g^2), g from 0 to 10
    slice_m2 = 5 * np.sqrt(300) + 200 * np.arcsin(0.5)
    whole = ground.at(found, "P-R")
    assert whole.value == pytest.approx((500 + slice_m2) / 10, rel=1e-4)
    assert (whole.below, whole.status, whole.verdict) == (pytest.approx(1000), "ready", "fails")
    assert ground.at(ground.checked(ws, "P-R", park_radius_small_m=20, P_R=60), "P-R").verdict == "meets"
    assert ground.at(found, "P-R", "W2").verdict == "unknown"


def test_cover_by_households_without_estates_and_by_size(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"parks": ground.parks()})
    # from the park's edge: b3 inside, b4 20 and 20 off, b2 20 and 30 off, b1 80 m, b5 70 and 80 off
    assert ground.at(ground.checked(ws, "P-R", park_radius_small_m=37), "P-R").value == pytest.approx(100 * 140 / 300)
    large = ground.checked(ws, "P-R", park_radius_small_m=37, park_large_from_m2=2500, park_radius_large_m=80)
    assert ground.at(large, "P-R").value == pytest.approx(100 * 200 / 300)
    assert ground.at(ground.checked(ws, "P-R", park_min_m2=2501), "P-R").value == 0


def test_pocket_parks_are_judged_only_where_they_are_called_so(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"parks": ground.parks()})
    whole = ground.at(ground.checked(ws, "P-PK"), "P-PK")
    assert (whole.value, whole.verdict, whole.beside["area_m2"][1]) == (1, "meets", 2500)
    wrong = ground.checked(ws, "P-PK", P_PK="2501..10000")
    assert ground.verdicts(wrong, "P-PK") == {
        "E1": "context",
        "E2": "context",
        "W1": "context",
        "W2": "fails",
        "*": "fails",
    }
    assert list(ground.at(wrong, "P-PK").failing["parks"]) == ["p1"]
    plain = ground.opened(tmp_path / "other", {"parks": ground.parks("公园")})
    assert ground.at(ground.checked(plain, "P-PK"), "P-PK").verdict == "context"


def test_green_per_person_asks_for_size_and_width(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"parks": ground.parks("公园")})
    small = ground.at(ground.checked(ws, "P-CAP"), "P-CAP")
    assert (small.value, small.verdict) == (0, "fails")  # 2,500 m² are no patch of 0.4 ha
    assert small.beside["any_size_m2_per_person"][1] == pytest.approx(2500 / 800)
    found = ground.checked(ws, "P-CAP", green_patch_5_m2=2500)
    assert ground.at(found, "P-CAP").value == pytest.approx(3.125)
    assert ground.at(found, "P-CAP").verdict == "meets"
    assert ground.at(found, "P-CAP", "W2").value == pytest.approx(12.5)
    assert ground.at(found, "P-CAP", "W2").verdict == "context"  # 200 residents are no five-minute circle
    assert ground.at(ground.checked(ws, "P-CAP", green_patch_5_m2=2500, green_width_5_m=51), "P-CAP").value == 0


def test_activity_ground_is_asked_of_a_community(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"parks": ground.parks("活动场地")})
    found = ground.checked(ws, "P-ACT")
    assert ground.values(found, "P-ACT") == {"E1": 0, "E2": 0, "W1": 0, "W2": 2500, "*": 2500}
    assert ground.verdicts(found, "P-ACT") == {
        "E1": "context",
        "E2": "context",
        "W1": "context",
        "W2": "meets",
        "*": "meets",
    }
    assert ground.at(ground.checked(ws, "P-ACT", P_ACT=2501), "P-ACT").verdict == "fails"
    crowd = ground.checked(ws, "P-ACT", community_residents_max=799)
    assert ground.at(crowd, "P-ACT").verdict == "context"  # one ground is not enough for more than a community


def test_green_in_reach_by_size(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"parks": ground.parks("公园")})
    own = {"W_300PARK": 37, "W_OPEN": 37}
    found = ground.checked(ws, "W-GREEN", "W-300PARK", "W-OPEN", "W-ANGST", "W-SPACE", profile="WHO", **own)
    assert ground.at(found, "W-300PARK").value == pytest.approx(100 * 140 / 300)
    assert ground.at(found, "W-OPEN").verdict == "context"  # asked on foot, measured in a straight line
    assert ground.at(found, "W-GREEN").value == 0
    assert ground.at(found, "W-ANGST").verdict == "fails"
    space = ground.at(found, "W-SPACE")
    assert (space.value, space.verdict) == (pytest.approx(100 * 2500 / 40_000), "context")


def test_large_green_counts(tmp_path: Path) -> None:
    park = ground.parks("公园").set_geometry([samples.box(0, 100, 100, 100)])
    ws = ground.opened(tmp_path, {"parks": park})
    found = ground.checked(ws, "W-GREEN", profile="WHO", W_GREEN=31)
    assert ground.at(found, "W-GREEN").value == pytest.approx(100 * 140 / 300)  # 1 ha; b2 30 m off, b3 and b4 inside


def test_transport_counts_residents(tmp_path: Path) -> None:
    people = samples.buildings().assign(residents=pd.array([100, 100, 100, 100, 600], dtype="Int64"))
    stop = ground.facilities(("bus_stop", 30, 30))
    ws = ground.opened(tmp_path, {"buildings": people, "facilities": stop, "streets": ground.streets()})
    whole = ground.at(ground.checked(ws, "W-TRANSIT", profile="WHO", W_TRANSIT=100), "W-TRANSIT")
    assert (whole.value, whole.verdict) == (pytest.approx(20), "fails")
    assert whole.denominator.en == "residents by residential building"


@pytest.mark.parametrize("indicator", ["W-3TREES", "W-30CANOPY"])
def test_trees_are_unknown(tmp_path: Path, indicator: str) -> None:
    one = ground.at(ground.checked(ground.opened(tmp_path), indicator, profile="WHO"), indicator)
    assert (one.verdict, one.status) == ("unknown", "unavailable")
    assert one.missing is not None


def test_other_land_is_unknown(tmp_path: Path) -> None:
    one = ground.at(ground.checked(ground.opened(tmp_path), "T-D2"), "T-D2")
    assert (one.verdict, one.missing) == ("unknown", Text("需要用地分类图层", "needs a layer of land use"))
