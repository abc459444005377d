"""Build the workspace of Boston from its compact sources."""

from collections.abc import Callable
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from data.answers import answered
from data.areas import valid
from data.boston.buildings import clean_buildings
from data.boston.grids import grids
from data.boston.words import DEPARTMENTS, INTERSTATES, PARK_ACCESS, PARK_KINDS
from data.sources import source_layer, source_table
from data.toilets import toilets_within
from geo.crs import reprojected
from layers.catalog import BUILDINGS, GRIDS, ISSUES, PARKS, STREETS, TOILETS, LayerSpec
from layers.manifest import Extent, Level, Manifest, Words
from layers.standards import mapped_types, severity_of, standard
from layers.workspace import save_workspace

PACKAGE = "data.boston"
CRS = "EPSG:26986"
ACRE_M2 = 4046.872_609_874_252
"""US survey acre, in which MassGIS states areas."""

# The open requests due at 2016-01-12 22:53:53 are marked overdue, those due at 2016-01-13 08:02:23
# are not, and nothing was closed later than 2016-01-12 22:22:40: the dump was taken in that night.
MANIFEST = Manifest(
    name="boston",
    title=Words(zh="波士顿（2015 年市民热线）", en="Boston (service requests of 2015)"),
    crs=CRS,
    as_of=datetime(2016, 1, 13),  # noqa: DTZ001 (local time without an offset is what the manifest holds)
    profile="custom",
    levels=(
        Level(level=1, zh="街区", en="neighbourhood"),
        Level(level=2, zh="普查区", en="census tract", nests=False),
    ),
    extents=(  # the sources were cut to the centre: outside these boxes nothing is known
        Extent(layer="buildings", west=232_271, south=896_955, east=238_713, north=903_329),
        Extent(layer="parks", west=229_088, south=896_919, east=241_803, north=903_392),
        Extent(layer="streets", west=233_658, south=898_952, east=237_199, north=902_310),
    ),
    credit=Words(
        zh="波士顿市（PDDL）、MassGIS、美国人口普查局 2010、波士顿气候就绪计划、boston-public-bathrooms（MIT）",
        en="City of Boston (PDDL), MassGIS, US Census 2010, Climate Ready Boston, boston-public-bathrooms (MIT)",
    ),
)


def parks(city: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Give the open space with a representative point in one of the neighbourhoods."""
    raw = reprojected(source_layer(PACKAGE, "open_space"), CRS)
    raw = raw[shapely.intersects(shapely.union_all(city.to_numpy()), raw.representative_point().to_numpy())]
    return gpd.GeoDataFrame(
        {
            "name": raw["SITE_NAME"].fillna(raw["ALT_SITE_N"]),
            "kind": raw["PRIM_PURP"].map(PARK_KINDS),
            "open_to_public": raw["PUB_ACCESS"].map(PARK_ACCESS).astype("boolean"),
            "stated_area_m2": (raw["GIS_ACRES"] * ACRE_M2).round(1),
        },
        geometry=valid(raw.geometry),
    ).set_index(pd.Index(raw["OS_ID"], name="park_id"))


def streets() -> gpd.GeoDataFrame:
    """Give the centre lines of the middle of the city; motorways cannot be walked, of the rest nothing is said."""
    raw = reprojected(source_layer(PACKAGE, "streets"), CRS)
    motorway = raw["ST_LABEL"].isin(INTERSTATES)
    ids = pd.Index([f"S{n:04d}" for n in range(1, len(raw) + 1)], name="street_id")
    return gpd.GeoDataFrame(
        {
            "name": raw["ST_LABEL"],
            "kind": raw["STTYPE"].str.lower().mask(motorway, "motorway"),
            "walkable": answered(no=motorway),
        },
        geometry=raw.geometry,
    ).set_index(ids)


def issues() -> gpd.GeoDataFrame:
    """Give all requests; the default point of the source and dates out of order stay as they are."""
    raw = source_table(PACKAGE, "issues")
    point = gpd.points_from_xy(raw["LONGITUDE"].astype(float), raw["LATITUDE"].astype(float), crs="EPSG:4326")
    issue_type = mapped_types(raw["TYPE"], raw["OPEN_DT"], standard("boston_types"))
    table = gpd.GeoDataFrame(
        {
            "issue_type": issue_type,
            "source_type": raw["TYPE"],
            "description": raw["CASE_TITLE"],
            "address": raw["Location"],
            "reported_at": raw["OPEN_DT"],
            "due_at": raw["TARGET_DT"],
            "closed_at": raw["CLOSED_DT"],
            "severity": severity_of(issue_type),
            "unit_in_charge": raw["Department"].map(DEPARTMENTS).fillna(raw["SUBJECT"]),
            "source": raw["Source"],
            "subject": raw["SUBJECT"],
            "reason": raw["REASON"],
        },
        geometry=point,
    )
    ids = pd.Index(raw["CASE_ENQUIRY_ID"].astype(str), name="issue_id")
    return reprojected(table, CRS).set_index(ids)


def _silent(_message: str) -> None:
    """Say nothing."""


def build(folder: Path, progress: Callable[[str], None] = _silent) -> None:
    """Write the workspace of Boston.

    Args:
        folder: workspace folder to write.
        progress: is told the title of each layer before it is made, in both languages.
    """
    places = grids(CRS)
    city = places.geometry[places["level"] == 1]
    makers: dict[LayerSpec, Callable[[], gpd.GeoDataFrame]] = {
        BUILDINGS: lambda: clean_buildings(source_layer(PACKAGE, "buildings"), CRS),
        TOILETS: lambda: toilets_within(city),
        PARKS: lambda: parks(city),
        ISSUES: issues,
        STREETS: streets,
    }
    tables = {GRIDS.key: places}
    for spec, make in makers.items():
        progress(str(spec.title))
        tables[spec.key] = make()
    with as_file(files(PACKAGE) / "source" / "population.tif") as raster:
        save_workspace(folder, MANIFEST, tables, {"population": raster})
