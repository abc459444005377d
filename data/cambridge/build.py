"""Build the workspace of Cambridge from its compact sources."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd

from data.areas import apportioned, best_parents
from data.cambridge import assets
from data.cambridge.parking import parking
from data.sources import source_layer
from data.toilets import toilets_within
from geo.crs import reprojected
from layers.catalog import (
    BOUNDARY,
    FACILITIES,
    GRIDS,
    LIGHTS,
    MURALS,
    PARKING,
    PARKS,
    STREETS,
    TOILETS,
    LayerSpec,
)
from layers.manifest import Level, Manifest, Words
from layers.workspace import save_workspace

PACKAGE = "data.cambridge"
CRS = "EPSG:26986"

MANIFEST = Manifest(
    name="cambridge",
    title=Words(zh="剑桥市（马萨诸塞州）", en="Cambridge, Massachusetts"),
    crs=CRS,
    as_of=datetime(2026, 8, 13),  # noqa: DTZ001 (local time; the last edit noted in any file is of the day before)
    profile="custom",
    levels=(
        Level(level=1, zh="街区", en="neighbourhood"),
        Level(level=2, zh="普查街区组", en="block group", nests=False),
    ),
    credit=Words(
        zh="剑桥市地理信息系统（PDDL 1.0）、美国人口普查局 2020、boston-public-bathrooms（MIT）",
        en="City of Cambridge GIS (PDDL 1.0), US Census 2020, boston-public-bathrooms (MIT)",
    ),
)


def grids() -> gpd.GeoDataFrame:
    """Give 13 neighbourhoods and 87 block groups; residents are those of the precincts, spread by area."""
    large, small = _neighbourhoods(), _block_groups()
    small["parent_id"] = best_parents(small.geometry, large.geometry)
    # A number says nothing to a reader; the name of the neighbourhood that holds most of it does.
    small["name"] += " (" + large["name"].reindex(small["parent_id"]).to_numpy() + ")"
    precincts = reprojected(source_layer(PACKAGE, "wards_precincts"), CRS)
    for table in (large, small):
        table["residents"] = apportioned(precincts["TOTALPOP"].to_numpy(), precincts.geometry, table.geometry)
        table["residents_qualifier"] = "approx"
    return gpd.GeoDataFrame(pd.concat([large, small]), crs=CRS)


def _neighbourhoods() -> gpd.GeoDataFrame:
    raw = reprojected(source_layer(PACKAGE, "neighborhoods"), CRS)
    return gpd.GeoDataFrame(
        {"name": raw["NAME"], "level": 1, "kind": "neighbourhood"},
        geometry=raw.geometry,
    ).set_index(pd.Index("N" + raw["N_HOOD"].str.zfill(2), name="grid_id"))


def _block_groups() -> gpd.GeoDataFrame:
    raw = reprojected(source_layer(PACKAGE, "block_groups_2020"), CRS)
    tract = raw["TRACTCE20"].str[:4].str.lstrip("0") + ("." + raw["TRACTCE20"].str[4:]).replace(".00", "")
    return gpd.GeoDataFrame(
        {"name": "Tract " + tract + ", group " + raw["BLKGRPCE20"], "level": 2, "kind": "block group"},
        geometry=raw.geometry,
    ).set_index(pd.Index(raw["GEOID20"], name="grid_id"))


def boundary() -> gpd.GeoDataFrame:
    """Give the outline of the city."""
    raw = reprojected(source_layer(PACKAGE, "city_boundary"), CRS)
    return gpd.GeoDataFrame({"name": ["Cambridge"]}, geometry=raw.geometry).set_index(
        pd.Index(["CAMBRIDGE"], name="boundary_id")
    )


def _silent(_message: str) -> None:
    """Say nothing."""


def build(folder: Path, progress: Callable[[str], None] = _silent) -> None:
    """Write the workspace of Cambridge.

    Args:
        folder: workspace folder to write.
        progress: is told the title of each layer before it is made, in both languages.
    """
    places = grids()
    city = places.geometry[places["level"] == 1]
    makers: dict[LayerSpec, Callable[[], gpd.GeoDataFrame]] = {
        TOILETS: lambda: toilets_within(city),
        PARKS: lambda: assets.parks(CRS),
        MURALS: lambda: assets.murals(CRS),
        PARKING: lambda: parking(CRS),
        STREETS: lambda: assets.streets(CRS),
        FACILITIES: lambda: assets.facilities(CRS),
        LIGHTS: lambda: assets.lights(CRS),
        BOUNDARY: boundary,
    }
    tables = {GRIDS.key: places}
    for spec, make in makers.items():
        progress(str(spec.title))
        tables[spec.key] = make()
    save_workspace(folder, MANIFEST, tables)
