"""Who wants service, and parks that are drawn as points."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.areal import points_inside
from layers import PARKS, Extent, Workspace, open_workspace
from reports import measured
from reports.demand import LATTICE_M, demand_of
from tests import samples
from tests.samples import community


def parks(*areas_m2: float | None) -> gpd.GeoDataFrame:
    """Parks as points in the middle of the first grid."""
    first = samples.grids().geometry.iloc[-1].centroid
    table = gpd.GeoDataFrame(
        {"park_id": [f"P{n}" for n in range(len(areas_m2))], "stated_area_m2": list(areas_m2)},
        geometry=[first] * len(areas_m2),
        crs=samples.CRS,
    )
    return table.set_index("park_id")


def test_a_grid_smaller_than_the_lattice_has_one_point(tmp_path: Path) -> None:
    ws = open_workspace(community(tmp_path / "x", {"buildings": None}))
    small = shapely.box(3, 3, LATTICE_M - 7, LATTICE_M - 7)
    x, y = points_inside(small, LATTICE_M)
    assert len(x) == 1
    assert shapely.contains_xy(small, x, y).all()
    assert demand_of(ws, ws.finest).status == "proxy"


def test_a_park_given_as_a_point_serves_by_its_stated_area(tmp_path: Path) -> None:
    ws = open_workspace(community(tmp_path / "x", {"parks": parks(20_000)}))
    found = measured(ws).by_key
    assert (found["park_unserved_share_pct"].by_grid.fillna(100) < 100).any()
    assert found["open_space_share_pct"].by_grid.max() > 0
    assert found["open_space_share_pct"].status == "partial"


def test_a_point_without_an_area_leaves_a_doubt(tmp_path: Path) -> None:
    ws = open_workspace(community(tmp_path / "x", {"parks": parks(None)}))
    found = measured(ws).by_key["park_unserved_share_pct"]
    assert found.missing is not None
    assert "1" in found.missing.en
    assert PARKS in ws


def test_issue_measures_know_the_extent_of_their_layer(sample: Workspace) -> None:
    west, south, east, north = (float(v) for v in sample.grids().total_bounds)
    middle = (west + east) / 2
    boxes = tuple(
        Extent(layer=layer, west=west - 1, south=south - 1, east=middle + 1, north=north + 1) for layer in ("issues",)
    )
    half = Workspace(
        sample.folder, sample.manifest.model_copy(update={"extents": boxes}), sample.tables, sample.places,
        sample.problems, sample.digest,
    )  # fmt: skip
    found = measured(half)
    for key in ("open_issues_per_ha", "open_share_pct", "severity_per_100_households"):
        assert found.by_key[key].by_grid[["E1", "E2"]].isna().all(), key
        assert found.by_key[key].by_grid[["W1", "W2"]].notna().any(), key
        assert found.by_key[key].status == "partial"


@pytest.mark.parametrize(("value", "needed"), [(7.61, 7.59), (7.6001, 7.6002), (1.0, 250.0), (3.0, 2.999999999999)])
def test_two_numbers_are_told_apart(value: float, needed: float) -> None:
    from reports.moves import _apart  # noqa: PLC0415 (one private step)

    now, then = _apart(value, needed)
    assert now != then
