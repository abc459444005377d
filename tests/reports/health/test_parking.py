"""Parking indicators on the small community: 100 households in each small grid."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from layers import Workspace
from tests import samples
from tests.reports.health import ground


def parking(**more: object) -> gpd.GeoDataFrame:
    """60 bays in W1, 30 in W2, an unknown number in E1, none in E2."""
    rows = {
        "name": ["甲", "乙", "丙"],
        "kind": ["surface", "underground", "street"],
        "bays": pd.array([60, 30, None], dtype="Int64"),
        "accessible_bays": pd.array([1, 0, None], dtype="Int64"),
        "charging_bays": pd.array([60, 3, None], dtype="Int64"),
        **more,
    }
    places = [samples.box(40, 60, 10, 10), samples.box(60, 110, 10, 10), samples.box(150, 50, 5, 5)]
    return samples.frame(rows, ["k1", "k2", "k3"], "parking_id", places)


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return ground.opened(tmp_path_factory.mktemp("parking") / "ws", {"parking": parking()})


def test_bays_per_household(ws: Workspace) -> None:
    health = ground.checked(ws, "K-R")
    assert ground.values(health, "K-R") == {"E1": 0.0, "E2": 0.0, "W1": 0.6, "W2": 0.3, "*": 0.225}
    # In E1 bays are unknown and might suffice; so might those of the whole.
    assert ground.verdicts(health, "K-R") == {
        "E1": "context",
        "E2": "fails",
        "W1": "meets",
        "W2": "fails",
        "*": "context",
    }
    assert ground.at(health, "K-R", "E1").status == "partial"
    assert ground.at(health, "K-R").below == 400


def test_a_lower_threshold_never_fails_more(ws: Workspace) -> None:
    fails = [
        sum(one == "fails" for one in ground.verdicts(ground.checked(ws, "K-R", K_R=asked), "K-R").values())
        for asked in (0.1, 0.3, 0.5, 0.7)
    ]
    assert fails == sorted(fails) == [1, 1, 2, 3]


def test_missing_bays_are_whole_and_add_up(ws: Workspace) -> None:
    health = ground.checked(ws, "K-GAP", parking_bays_per_household=0.505)
    # 50.5 wanted in each grid: none missing in W1, 21 in W2, 51 in E1 at most and in E2.
    assert ground.values(health, "K-GAP") == {"E1": 51.0, "E2": 51.0, "W1": 0.0, "W2": 21.0, "*": 123.0}
    assert ground.verdicts(health, "K-GAP") == {
        "E1": "context",
        "E2": "fails",
        "W1": "meets",
        "W2": "fails",
        "*": "context",
    }
    new = ground.checked(ws, "K-GAP", profile="CN-new")
    assert ground.values(new, "K-GAP")["*"] == 100 + 100 + 40 + 70


def test_ground_accessible_and_charging_bays(ws: Workspace) -> None:
    health = ground.checked(ws, "K-GRD", "K-ACC", "K-EV", profile="CN-new")
    assert ground.values(health, "K-GRD") == {"E1": 0.0, "E2": 0.0, "W1": 60.0, "W2": 0.0, "*": 15.0}
    # More unknown ground bays can only add to 15 %: the whole fails for sure, E1 is open.
    assert ground.verdicts(health, "K-GRD") == {
        "E1": "context",
        "E2": "meets",
        "W1": "fails",
        "W2": "meets",
        "*": "fails",
    }
    accessible = ground.values(health, "K-ACC")
    assert (accessible["W1"], accessible["W2"]) == (pytest.approx(100 / 60), 0.0)
    assert ground.verdicts(health, "K-ACC")["W1"] == "meets"
    assert ground.verdicts(health, "K-ACC")["W2"] == "fails"
    assert ground.verdicts(health, "K-ACC")["E2"] == "unknown"
    # Bays with charging are recorded, bays ready for it are not: 5 % may be short of the truth.
    assert ground.verdicts(health, "K-EV")["W1"] == "meets"
    assert ground.verdicts(health, "K-EV")["W2"] == "context"


def test_one_accessible_bay_is_the_least(tmp_path: Path) -> None:
    none = parking(accessible_bays=pd.array([0, 0, 0], dtype="Int64"), bays=pd.array([60, 30, 5], dtype="Int64"))
    ws = ground.opened(tmp_path / "ws", {"parking": none})
    health = ground.checked(ws, "K-ACC", K_ACC=0)
    assert set(ground.verdicts(health, "K-ACC").values()) == {"fails", "unknown"}


def test_without_parking_or_households_nothing_is_known(tmp_path: Path) -> None:
    bare = samples.grids().drop(columns=["households"])
    homeless = samples.buildings().drop(columns=["households"])
    ws = ground.opened(tmp_path / "a", {"grids": bare, "buildings": homeless, "parking": parking()})
    found = ground.at(ground.checked(ws, "K-R"), "K-R")
    assert (found.verdict, found.status) == ("unknown", "unavailable")
    assert found.missing is not None
    without = ground.opened(tmp_path / "b")
    for key in ("K-R", "K-GAP", "K-ACC", "K-FAC", "K-EB"):
        assert ground.at(ground.checked(without, key), key).verdict == "unknown"


def test_estates_without_shared_charging(tmp_path: Path) -> None:
    tables = {
        "housing_estates": ground.estates((0, 0, 90, 90), (0, 100, 90, 90)),
        "facilities": ground.facilities(("ebike_charging", 95, 50)),  # 5 m outside the first: at its edge
    }
    ws = ground.opened(tmp_path / "ws", tables)
    health = ground.checked(ws, "K-EB")
    assert {k: v for k, v in ground.values(health, "K-EB").items() if not np.isnan(v)} == {
        "W1": 100.0,
        "W2": 0.0,
        "*": 50.0,
    }
    assert ground.verdicts(health, "K-EB")["W2"] == "fails"
    assert list(ground.at(health, "K-EB").failing["housing_estates"]) == ["x2"]
    other = ground.opened(tmp_path / "other", tables | {"facilities": ground.facilities(("shop", 95, 50))})
    none = ground.at(ground.checked(other, "K-EB"), "K-EB")
    assert none.verdict == "unknown"  # none is recorded, which is not to say that there is none


def test_facilities_have_the_bays_near_them_as_a_proxy(tmp_path: Path) -> None:
    market = ground.facilities(("market", 45, 70), floor_area_m2=1000.0)
    ws = ground.opened(tmp_path / "ws", {"parking": parking(), "facilities": market})
    found = ground.at(ground.checked(ws, "K-FAC"), "K-FAC")
    assert (found.value, found.status, found.verdict) == (9.0, "proxy", "context")  # 60 + 30 bays for 10 x 100 m²
    assert found.beside["needed_bays"][1] == 3
