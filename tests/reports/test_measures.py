"""Measures of the small community, each worked out by hand; the unknown is never zero."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely

from layers import Workspace, open_workspace
from layers.manifest import Extent
from reports import MEASURES, measured
from reports.denominators import households, residents
from reports.measures import Measured
from tests import samples
from tests.samples import CRS, X0, Y0, community, overrule, point

NAN = np.nan
GRIDS = ["E1", "E2", "W1", "W2"]
BY_HAND: Mapping[str, tuple[list[float], str]] = {
    "severity_per_100_households": ([9, 1, 9, 0], "partial"),  # i10 has no type, i11 no place
    "open_issues_per_100_households": ([3, 1, 3, 0], "partial"),
    "open_issues_per_ha": ([3, 1, 3, 0], "partial"),
    "open_share_pct": ([75, 100, 60, NAN], "ready"),  # of 4, 1, 5 and 0 that are known
    "overdue_share_pct": ([100 / 3, 0, 50, NAN], "partial"),  # i05 is open without a deadline
    "hazardous_building_share_pct": ([NAN, NAN, 50, 0], "partial"),  # b5 is not surveyed
    "old_building_share_pct": ([NAN, NAN, 50, 50], "partial"),  # 1985 of 2; 2000 of 2000 and 2001
    "toilet_unserved_share_pct": ([0, 100, 0, 0], "proxy"),  # centres 28, 122, 122 and 170 m away
    "park_unserved_share_pct": ([100, 0, 0, 0], "proxy"),  # 112, exactly 100, 50 and 0 m
    "open_space_share_pct": ([0, 0, 0, 25], "ready"),
    "elderly_share_pct": ([10, 40, 20, 10], "ready"),
    "parking_gap_per_100_households": ([NAN] * 4, "unavailable"),
    "unlit_street_share_pct": ([NAN] * 4, "unavailable"),
}
RULES = MappingProxyType({"rate_min_cases": 1, "toilet_radius_m": 125, "park_radius_small_m": 100})


def of(folder: Path, key: str, **rules: float) -> Measured:
    return measured(open_workspace(overrule(folder, **{**RULES, **rules}))).by_key[key]


@pytest.fixture(scope="module")
def by_key(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Measured]:
    folder = community(tmp_path_factory.mktemp("measures") / "x")
    return measured(open_workspace(overrule(folder, **RULES))).by_key


def test_all_measures_are_worked_out_here() -> None:
    assert set(BY_HAND) == set(MEASURES)


@pytest.mark.parametrize("key", BY_HAND)
def test_a_measure_by_hand(key: str, by_key: Mapping[str, Measured]) -> None:
    values, status = BY_HAND[key]
    found = by_key[key]
    assert list(found.by_grid.index) == GRIDS
    assert found.by_grid.tolist() == pytest.approx(values, nan_ok=True)
    assert found.status == status
    assert found.denominator.zh
    assert found.denominator.en
    if status in {"partial", "unavailable"}:
        assert found.missing or found.note


def test_few_cases_make_no_share(sample: Workspace) -> None:
    found = measured(sample).by_key
    assert found["open_share_pct"].by_grid.tolist() == pytest.approx([NAN, NAN, 60, NAN], nan_ok=True)
    assert found["overdue_share_pct"].by_grid.isna().all()


def test_few_households_make_no_rate(tmp_path: Path) -> None:
    table = samples.grids()
    table.loc["E2", "households"] = 49
    table.loc["E1", "households"] = 50
    found = of(community(tmp_path / "x", {"grids": table}), "open_issues_per_100_households")
    assert found.by_grid.tolist() == pytest.approx([6, NAN, 3, 0], nan_ok=True)


def test_no_issues_layer_is_unavailable_not_zero(tmp_path: Path) -> None:
    ws = open_workspace(community(tmp_path / "x", {"issues": None, "buildings": None, "toilets": None, "parks": None}))
    for key, found in measured(ws).by_key.items():
        if key != "elderly_share_pct":
            assert found.status == "unavailable", key
            assert found.missing
            assert found.by_grid.isna().all()


def test_the_large_grids_are_measured_alike(folder: Path) -> None:
    ws = open_workspace(overrule(folder, **RULES))
    found = measured(ws, level=1).by_key
    assert found["open_issues_per_100_households"].by_grid.to_dict() == {"E": 2.0, "W": 1.5}
    assert found["open_share_pct"].by_grid.to_dict() == {"E": 80.0, "W": 60.0}
    assert found["elderly_share_pct"].by_grid.to_dict() == {"E": 25.0, "W": 15.0}


def test_a_toilet_that_is_shut_serves_nobody(tmp_path: Path) -> None:
    shut = samples.toilets().assign(open_to_public=[False])
    found = of(community(tmp_path / "x", {"toilets": shut}), "toilet_unserved_share_pct")
    assert found.by_grid.tolist() == [100, 100, 100, 100]


def test_a_park_that_is_too_small_serves_nobody(folder: Path) -> None:
    assert of(folder, "park_unserved_share_pct", park_min_m2=2501).by_grid.tolist() == [100, 100, 100, 100]
    assert of(folder, "park_unserved_share_pct", park_min_m2=2500).by_grid.tolist() == [100, 0, 0, 0]


def test_households_in_buildings_are_the_demand_where_every_grid_has_some(tmp_path: Path) -> None:
    fifth = samples.buildings().iloc[[0]].rename(index={"b1": "b6"})
    fifth = fifth.set_geometry([samples.box(110, 110, 20, 20)], crs=CRS)
    table = pd.concat([samples.buildings(), fifth])
    found = of(community(tmp_path / "x", {"buildings": table}), "toilet_unserved_share_pct", toilet_radius_m=60)
    assert found.status == "ready"  # from (30, 30): b1 14 m, b2 57 m, b3 91 m, b4 147 m, b5 91 m
    assert found.by_grid.tolist() == [100, 100, 0, 100]
    some = table.assign(households=table["households"].where(table.index != "b1"))
    found = of(community(tmp_path / "y", {"buildings": some}), "toilet_unserved_share_pct", toilet_radius_m=50)
    assert (found.status, found.by_grid["W1"]) == ("partial", 50)  # buildings are counted instead


def parking() -> pd.DataFrame:
    spots = {"k1": (50, 50), "k2": (150, 50), "k3": (150, 150), "k4": (160, 150)}
    rows = {"name": list(spots), "bays": pd.array([30, None, 60, None], dtype="Int64")}
    return samples.frame(rows, list(spots), "parking_id", [point(*at) for at in spots.values()])


def test_unknown_bays_leave_the_gap_unknown_unless_there_is_none(tmp_path: Path) -> None:
    found = of(community(tmp_path / "x", {"parking": parking()}), "parking_gap_per_100_households")
    assert found.by_grid.tolist() == pytest.approx([NAN, 0, 20, 50], nan_ok=True)  # half a bay a household
    assert found.status == "partial"
    assert found.missing is not None
    assert found.missing.en == "bays of 2 parking places"


def test_streets_without_a_lamp_near(tmp_path: Path) -> None:
    line = shapely.LineString([(X0, Y0 + 50), (X0 + 100, Y0 + 50)])
    streets = samples.frame({"name": ["中街"]}, ["s1"], "street_id", [line])
    lamps = {"works": pd.array([True, False], dtype="boolean")}
    lights = samples.frame(lamps, ["l1", "l2"], "light_id", [point(10, 50), point(90, 50)])
    folder = community(tmp_path / "x", {"streets": streets, "lights": lights})
    found = of(folder, "unlit_street_share_pct", rate_min_street_m=50)
    # pieces of 20 m, their middles 0, 20, 40, 60 and 80 m from the lamp that works
    assert found.by_grid.tolist() == pytest.approx([NAN, NAN, 60, NAN], nan_ok=True)
    assert found.status == "proxy"
    few = of(folder, "unlit_street_share_pct", rate_min_street_m=200)
    assert few.by_grid.isna().all()  # 100 m of street are too little to judge by


def test_issues_of_no_renewal_type_are_left_aside_and_told(sample: Workspace) -> None:
    found = measured(sample).by_key["open_issues_per_ha"]
    assert found.missing is not None
    assert found.missing.en == "1 open issue of no renewal type and 1 open issue in no grid"


def test_where_a_layer_was_not_recorded_nothing_is_known(tmp_path: Path) -> None:
    west = Extent(layer="parks", west=X0 - 500, south=Y0 - 500, east=X0 + 100, north=Y0 + 700)
    folder = community(tmp_path / "x", extents=(west,))
    found = of(folder, "open_space_share_pct")
    assert found.by_grid.tolist() == pytest.approx([NAN, NAN, 0, 25], nan_ok=True)
    assert found.status == "partial"
    assert found.missing is not None
    assert found.missing.en.endswith("cover 2 of 4 grids")
    found = of(folder, "park_unserved_share_pct")  # a park up to 500 m outside could serve the west
    assert (found.status, found.by_grid.isna().all()) == ("unavailable", True)


def test_denominators_are_stated_summed_carried_over_or_missing(tmp_path: Path, sample: Workspace) -> None:
    assert households(sample, 2).status == "ready"
    small = samples.grids()["level"] == 2
    bare = samples.grids().assign(households=lambda t: t["households"].astype("Int64").mask(small))
    ws = open_workspace(community(tmp_path / "summed", {"grids": bare}))
    found = households(ws, 2)
    assert found.status == "partial"  # E2 has no building, which is not "no households"
    assert found.by_grid.tolist() == pytest.approx([100, NAN, 100, 100], nan_ok=True)
    ws = open_workspace(community(tmp_path / "carried", {"grids": bare, "buildings": None}))
    found = households(ws, 2)
    assert (found.status, found.by_grid.tolist()) == ("proxy", [100, 100, 100, 100])
    assert found.note is not None
    assert "large grid" in found.note.en
    none = samples.grids().drop(columns="households")
    ws = open_workspace(community(tmp_path / "missing", {"grids": none, "buildings": None}))
    assert households(ws, 2).status == "unavailable"
    assert measured(ws).by_key["open_issues_per_100_households"].status == "unavailable"


def test_an_estimate_is_a_stand_in(tmp_path: Path) -> None:
    guessed = samples.grids().assign(residents_qualifier="approx")
    ws = open_workspace(community(tmp_path / "x", {"grids": guessed}))
    assert (residents(ws, 2).status, households(ws, 2).status) == ("proxy", "ready")
    assert measured(ws).by_key["elderly_share_pct"].status == "proxy"


def test_residents_come_from_the_raster_where_no_table_knows_them(tmp_path: Path) -> None:
    folder = community(tmp_path / "x", {"grids": samples.grids().drop(columns="residents")})
    (folder / "rasters").mkdir()
    with rasterio.open(
        folder / "rasters" / "population.tif", "w", driver="GTiff", width=2, height=2, count=1, dtype="float32",
        crs=CRS, transform=rasterio.Affine(100, 0, X0, 0, -100, Y0 + 200),
    ) as raster:  # fmt: skip
        raster.write(np.array([[3, 4], [1, 2]], dtype="float32"), 1)
    found = residents(open_workspace(folder), 2)
    assert (found.status, found.by_grid.tolist()) == ("proxy", [2, 4, 1, 3])


def test_residents_come_from_a_raster_in_degrees_too(tmp_path: Path) -> None:
    folder = community(tmp_path / "x", {"grids": samples.grids().drop(columns="residents")})
    (folder / "rasters").mkdir()
    west, south, east, north = samples.grids().to_crs("EPSG:4490").total_bounds
    with rasterio.open(
        folder / "rasters" / "population.tif", "w", driver="GTiff", width=2, height=2, count=1, dtype="float32",
        crs="EPSG:4490", transform=rasterio.Affine((east - west) / 2, 0, west, 0, (south - north) / 2, north),
    ) as raster:  # fmt: skip
        raster.write(np.array([[3, 4], [1, 2]], dtype="float32"), 1)
    found = residents(open_workspace(folder), 2)
    assert (found.status, found.by_grid.tolist()) == ("proxy", pytest.approx([2, 4, 1, 3], rel=1e-3))
