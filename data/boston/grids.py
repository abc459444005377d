"""Neighbourhoods and census tracts of Boston, which do not nest in each other."""

import geopandas as gpd
import pandas as pd
import shapely

from data.areas import apportioned, best_parents, valid
from data.sources import source_layer
from geo.crs import reprojected

PACKAGE = "data.boston"
DISPLACED = "25025010500"
"""A tract that the source draws 20 m too far north: its neighbours leave a gap of exactly its shape."""
_ROUND_M = 60.0


def grids(crs: str) -> gpd.GeoDataFrame:
    """Give 26 neighbourhoods and 180 census tracts; the parent of a tract is where most of it lies."""
    large, small = _neighbourhoods(crs), _tracts(crs)
    small["parent_id"] = best_parents(small.geometry, large.geometry)
    # A number says nothing to a reader; the name of the neighbourhood that holds most of it does.
    small["name"] += " (" + large["name"].reindex(small["parent_id"]).to_numpy() + ")"
    for count in ("residents", "households", "elderly_residents"):
        large[count] = apportioned(small[count].to_numpy(), small.geometry, large.geometry)
    return gpd.GeoDataFrame(pd.concat([large, small]), crs=crs)


def _neighbourhoods(crs: str) -> gpd.GeoDataFrame:
    raw = reprojected(source_layer(PACKAGE, "neighborhoods"), crs)
    ids = pd.Index("N" + raw["Neighborhood_ID"].str.zfill(2), name="grid_id")
    return gpd.GeoDataFrame(
        {
            "name": raw["Name"],
            "level": 1,
            "kind": "neighbourhood",
            "residents_qualifier": "approx",
        },
        geometry=valid(raw.geometry),
    ).set_index(ids)


def _tracts(crs: str) -> gpd.GeoDataFrame:
    raw = reprojected(source_layer(PACKAGE, "tracts"), crs)
    return gpd.GeoDataFrame(
        {
            "name": "Tract " + raw["GEOID10"].map(_tract_number),
            "level": 2,
            "kind": "tract",
            "residents_qualifier": "eq",
            "residents": raw["POP100_RE"].astype("Int64"),
            "households": raw["HU100_RE"].astype("Int64"),
            "elderly_residents": raw["OlderAdult"].astype("Int64"),
        },
        geometry=_moved_back(valid(raw.geometry), raw["GEOID10"] == DISPLACED),
    ).set_index(pd.Index(raw["GEOID10"], name="grid_id"))


def _tract_number(geoid: str) -> str:
    """Write a tract as the Census Bureau does: "25025010405" is 104.05."""
    whole, part = int(geoid[5:9]), geoid[9:]
    return f"{whole}.{part}" if part != "00" else str(whole)


def _moved_back(shapes: gpd.GeoSeries, displaced: pd.Series) -> gpd.GeoSeries:
    """Put one polygon where its neighbours leave room for it."""
    drawn = shapes[displaced].iloc[0]
    around = shapely.box(*shapely.bounds(shapely.buffer(drawn, _ROUND_M)))
    free = shapely.get_parts(shapely.difference(around, shapely.union_all(shapes[~displaced].to_numpy())))
    settled = shapes.copy()
    settled[displaced] = max(free, key=lambda part: float(shapely.area(shapely.intersection(part, drawn))))
    return settled
