"""Broken communities: what is wrong with each, and what must be said of it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from tests import samples
from tests.samples import box, community, point


class Fault(NamedTuple):
    """How to break a community; code, place, row and severity of the problem that must be listed."""

    break_at: Callable[[Path], object]
    code: str
    file: str
    row: str | None
    severity: str = "error"
    column: str | None = None
    found: str = ""


def grids(**cells: tuple[str, object]) -> gpd.GeoDataFrame:
    """The grids with single cells changed: column=(grid, value)."""
    table = samples.grids()
    for column, (grid, value) in cells.items():
        table.loc[grid, column] = value
    return table


def with_parent(grid: str, parent: str | None) -> gpd.GeoDataFrame:
    return grids(parent_id=(grid, parent))


def moved(table: gpd.GeoDataFrame, thing: str, shape: shapely.Geometry | None) -> gpd.GeoDataFrame:
    return table.set_geometry([shape if i == thing else g for i, g in table.geometry.items()], crs=samples.CRS)


def without_crs(folder: Path) -> Path:
    """What QGIS calls "undefined": the entry that the GeoPackage standard keeps for it."""
    community(folder)
    tables = ("gpkg_contents", "gpkg_geometry_columns")
    return samples.patched(
        folder,
        *((f"UPDATE {t} SET srs_id = -1 WHERE table_name = 'toilets'", ()) for t in tables),  # noqa: S608
    )


def elsewhere(folder: Path) -> Path:
    return community(folder, {"toilets": samples.toilets().to_crs("EPSG:4547")})


def twice(table: gpd.GeoDataFrame, thing: str) -> gpd.GeoDataFrame:
    return pd.concat([table, table.loc[[thing]]])


BOWTIE = shapely.Polygon([point(60, 60), point(80, 80), point(80, 60), point(60, 80)])
NO_YEAR = samples.buildings().assign(storeys=[1.0, 2.0, -3.0, 4.0, 5.0])
TEXT_YEAR = samples.buildings().assign(built_year=["1985", "2010", "about 1990", "2001", None])
UNKNOWN_TYPE = samples.issues().assign(issue_type=lambda t: t["issue_type"].replace("MANHOLE", "MANHOLES"))
NO_DATE = samples.issues().assign(reported_at=lambda t: t["reported_at"].where(t.index != "i03"))
BUILDINGS, GRIDS, ISSUES = (f"layers.gpkg:{key}" for key in ("buildings", "grids", "issues"))


def changed(**tables: pd.DataFrame | None) -> Callable[[Path], object]:
    return lambda folder: community(folder, tables)


def words(text: str) -> Callable[[Path], object]:
    """A community whose manifest holds exactly this text."""
    return lambda folder: (community(folder) / "workspace.toml").write_text(text, encoding="utf-8")


def bytes_of(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (community(folder) / name).write_bytes(content)


HEAD = 'name = "x"\ntitle = {zh = "x", en = "x"}\nas_of = 2024-06-01 12:00:00\n'
FAULTS = {
    "no manifest": Fault(lambda folder: folder.mkdir(), "manifest", "workspace.toml", None),
    "manifest is no TOML": Fault(words("name = "), "manifest", "workspace.toml", None),
    "manifest lacks the CRS": Fault(words(HEAD), "manifest", "workspace.toml", None, column="crs"),
    "manifest in degrees": Fault(words(f'{HEAD}crs = "EPSG:4326"\n'), "crs_not_metric", "workspace.toml", None),
    "manifest with a CRS that is none": Fault(words(f'{HEAD}crs = "EPSG:999999"\n'), "crs_not_metric", "workspace.toml", None),
    "manifest with a level twice": Fault(
        words(f'{HEAD}crs = "EPSG:4546"\nlevels = [{{level = 1, zh = "a", en = "a"}}, {{level = 1, zh = "b", en = "b"}}]\n'),
        "manifest", "workspace.toml", None, column="levels",
    ),
    "no GeoPackage": Fault(bytes_of("layers.gpkg", b"hello"), "format", "layers.gpkg", None),
    "layer without CRS": Fault(without_crs, "no_crs", "layers.gpkg:toilets", None),
    "layer in another CRS": Fault(elsewhere, "crs_differs", "layers.gpkg:toilets", None, found="EPSG:4547"),
    "cycle": Fault(changed(grids=with_parent("W", "W1")), "grid_cycle", GRIDS, "W", column="parent_id", found="W1"),
    "orphan": Fault(changed(grids=with_parent("W1", "X")), "grid_orphan", GRIDS, "W1", column="parent_id", found="X"),
    "overlap": Fault(
        changed(grids=moved(samples.grids(), "E1", box(90, 0, 110, 100))), "grid_overlap", GRIDS, "E1 / W1", found="1,000"
    ),
    "no parent": Fault(changed(grids=with_parent("W1", None)), "grid_level", GRIDS, "W1", column="level"),
    "level skipped": Fault(changed(grids=grids(level=("W1", 5))), "grid_level", GRIDS, "W1", column="level"),
    "level without grids": Fault(changed(grids=samples.grids().iloc[:2]), "no_level", "workspace.toml", None, found="level 2"),
    "small grid elsewhere": Fault(
        changed(grids=moved(samples.grids(), "W1", box(900, 0))), "grid_not_nested", GRIDS, "W1", found="no grid"
    ),
    "grids lack a column": Fault(changed(grids=samples.grids().drop(columns="level")), "missing_column", GRIDS, None, column="level"),
    "issues lack a column": Fault(
        changed(issues=samples.issues().drop(columns="reported_at")), "missing_column", ISSUES, None, column="reported_at"
    ),
    "no id column": Fault(
        changed(buildings=samples.buildings().rename_axis("code")), "missing_column", BUILDINGS, None, column="building_id"
    ),
    "id missing": Fault(
        changed(buildings=samples.buildings().rename(index={"b2": ""})), "missing_id", BUILDINGS, None, column="building_id", found="1 row without"
    ),
    "duplicate id": Fault(changed(buildings=twice(samples.buildings(), "b2")), "duplicate_id", BUILDINGS, "b2", "row", "building_id"),
    "no geometry": Fault(changed(buildings=moved(samples.buildings(), "b2", None)), "no_geometry", BUILDINGS, "b2", "row"),
    "empty geometry": Fault(
        changed(buildings=moved(samples.buildings(), "b2", shapely.Polygon())), "no_geometry", BUILDINGS, "b2", "row"
    ),
    "invalid geometry": Fault(
        changed(buildings=moved(samples.buildings(), "b2", BOWTIE)), "invalid_geometry", BUILDINGS, "b2", "row", None, "crosses itself"
    ),
    "unclosed ring": Fault(
        lambda folder: samples.unclosed(community(folder), "buildings", "building_id", "b2"),
        "unreadable_geometry", BUILDINGS, "b2", "row",
    ),
    "wrong shape": Fault(changed(buildings=moved(samples.buildings(), "b2", point(60, 60))), "wrong_shape", BUILDINGS, "b2", "row", None, "a point"),
    "value out of range": Fault(changed(buildings=NO_YEAR), "bad_value", BUILDINGS, "b3", "row", "storeys", "-3"),
    "text for a number": Fault(changed(buildings=TEXT_YEAR), "bad_value", BUILDINGS, "b3", "row", "built_year", "about 1990"),
    "date missing": Fault(changed(issues=NO_DATE), "bad_value", ISSUES, "i03", "row", "reported_at"),
    "unknown issue type": Fault(changed(issues=UNKNOWN_TYPE), "unknown_type", ISSUES, "i07", "row", "issue_type", "MANHOLES"),
    "policy is no number": Fault(
        lambda folder: samples.overrule(community(folder), toilet_radius_m="far"), "bad_value", "standards/policy.csv", "2", column="value"
    ),
}  # fmt: skip
"""One fault each; ``layer without CRS`` and others leave the rest of the community as it is."""
