"""A community so small that every number can be worked out by hand.

Two large grids, west and east, of two small grids each; a small grid is 100 m by 100 m, which is one
hectare, with 100 households and 200 residents::

    NW | NE      B  north row
    ---+---
    SW | SE      A  south row
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers import Manifest, Words, save_workspace

CRS = "EPSG:4546"
X0, Y0, SIDE = 500_000.0, 3_400_000.0, 100.0
AS_OF = datetime(2024, 6, 1, 12)  # noqa: DTZ001 (workspaces keep naive local time)
SMALL = {"E1": ("SE", "E", 1, 0), "E2": ("NE", "E", 1, 1), "W1": ("SW", "W", 0, 0), "W2": ("NW", "W", 0, 1)}
ISSUES_OPEN = {"E1": 3, "E2": 1, "W1": 3, "W2": 0}
"""Open issues of each small grid as of ``AS_OF``, counted by hand."""

# id, metres east and north of the corner (None: no geometry), type, reported, due, closed, severity
ISSUES = [
    ("i01", (20, 20), "ROAD_PATCH", "2024-05-01 09:00", "2024-05-08 09:00", "2024-05-08 09:00", 2),
    ("i02", (21, 20), "ROAD_PATCH", "2024-05-01 09:00", "2024-05-08 09:00", "2024-05-09 09:00", 2),
    ("i03", (22, 20), "SEWER_BLOCK", "2024-05-15 12:00", "2024-05-22 12:00", None, 4),
    ("i04", (23, 20), "GARBAGE", "2024-05-25 12:00", "2024-06-01 12:00", None, 2),
    ("i05", (24, 20), "PIPE_OLD", "2024-05-25 12:00", None, None, 3),
    ("i06", (25, 20), "GARBAGE", "2024-06-02 00:00", "2024-06-09 00:00", None, 2),
    ("i07", (150, 20), "MANHOLE", "2024-05-30 12:00", "2024-05-31 12:00", None, 5),
    ("i08", (100, 100), "GARBAGE", "2024-05-01 00:00", "2024-05-08 00:00", "2024-05-03 00:00", 1),
    ("i09", (150, 100), "GARBAGE", "2024-05-28 00:00", "2024-06-04 00:00", None, 1),
    ("i10", (300, 50), None, "2024-05-28 00:00", "2024-06-04 00:00", None, None),
    ("i11", None, "GARBAGE", "2024-05-28 00:00", "2024-06-04 00:00", None, 2),
    ("i12", (160, 20), "GARBAGE", "2024-05-01 00:00", "2024-06-03 00:00", "2024-06-05 00:00", 3),
    ("i13", (150, 150), "OTHER", "2024-05-31 12:00", "2024-06-07 12:00", None, 1),
]
PLACES = {"grid": 11, "outside": 1, "no_geometry": 1}


def box(east: float, north: float, width: float = SIDE, height: float = SIDE) -> shapely.Polygon:
    return shapely.box(X0 + east, Y0 + north, X0 + east + width, Y0 + north + height)


def point(east: float, north: float) -> shapely.Point:
    return shapely.Point(X0 + east, Y0 + north)


def frame(rows: Mapping[str, object], ids: list[str], name: str, shapes: list[object]) -> gpd.GeoDataFrame:
    geometry = gpd.GeoSeries(shapes, index=pd.Index(ids, name=name, dtype="str"), crs=CRS)
    return gpd.GeoDataFrame(dict(rows), index=geometry.index, geometry=geometry)


def grids() -> gpd.GeoDataFrame:
    """Six grids; small grids W1 and E1 lie in the south."""
    rows = {
        "name": ["西片", "东片", *(SMALL[i][0] for i in SMALL)],
        "parent_id": [None, None, *(SMALL[i][1] for i in SMALL)],
        "level": [1, 1, 2, 2, 2, 2],
        "households": [200, 200, 100, 100, 100, 100],
        "residents": [400, 400, 200, 200, 200, 200],
        "elderly_residents": [60, 100, 20, 80, 40, 20],
    }
    shapes = [box(0, 0, 100, 200), box(100, 0, 100, 200), *(box(100 * c, 100 * r) for _, _, c, r in SMALL.values())]
    return frame(rows, ["W", "E", *SMALL], "grid_id", shapes)


def buildings() -> gpd.GeoDataFrame:
    """One old and one new building in each grid of the west, one unknown one in E1, none in E2."""
    spots = {"b1": (10, 10), "b2": (60, 60), "b3": (10, 110), "b4": (60, 160), "b5": (110, 10)}
    rows = {
        "name": list(spots),
        "built_year": pd.array([1985, 2010, 2000, 2001, None], dtype="Int64"),
        "hazard_grade": ["A", "D", "B", "B", None],
        "households": pd.array([60, 40, 50, 50, 100], dtype="Int64"),
        "floor_area_m2": [400.0] * 5,
    }
    return frame(rows, list(spots), "building_id", [box(e, n, 20, 20) for e, n in spots.values()])


def issues() -> gpd.GeoDataFrame:
    columns = ["issue_id", "at", "issue_type", "reported_at", "due_at", "closed_at", "severity"]
    table = pd.DataFrame(ISSUES, columns=columns)
    times = {c: pd.to_datetime(table[c]) for c in ("reported_at", "due_at", "closed_at")}
    rows = {
        "issue_type": table["issue_type"].to_numpy(),
        "source_type": table["issue_type"].fillna("Something else").to_numpy(),
        "description": [f"第 {n} 件" for n in range(len(table))],
        **{c: t.to_numpy() for c, t in times.items()},
        "severity": table["severity"].astype("Int64").to_numpy(),
    }
    shapes = [None if at is None else point(*at) for at in table["at"]]
    return frame(rows, list(table["issue_id"]), "issue_id", shapes)


def toilets() -> gpd.GeoDataFrame:
    return frame({"name": ["南公厕"]}, ["t1"], "toilet_id", [point(30, 30)])


def parks() -> gpd.GeoDataFrame:
    """A quarter of W2 is a park."""
    return frame({"name": ["小游园"]}, ["p1"], "park_id", [box(0, 100, 50, 50)])


def tables() -> dict[str, pd.DataFrame]:
    return {
        "grids": grids(),
        "buildings": buildings(),
        "toilets": toilets(),
        "parks": parks(),
        "issues": issues(),
    }


def manifest(**changes: object) -> Manifest:
    said = {"name": "sample", "title": Words(zh="样例社区", en="Sample community"), "crs": CRS, "as_of": AS_OF}
    return Manifest.model_validate({**said, **changes})


def community(folder: Path, changed: Mapping[str, pd.DataFrame | None] | None = None, **said: object) -> Path:
    """Write the community; ``changed`` replaces tables (None: leaves them out), ``said`` the manifest's words."""
    wanted = {key: table for key, table in {**tables(), **(changed or {})}.items() if table is not None}
    save_workspace(folder, manifest(**said), wanted)
    return folder


def overrule(folder: Path, **numbers: float) -> Path:
    """Give a workspace its own numbers of policy."""
    (folder / "standards").mkdir(exist_ok=True)
    lines = ["key,value", *(f"{key},{value}" for key, value in numbers.items())]
    (folder / "standards" / "policy.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def patched(folder: Path, *statements: tuple[str, tuple[object, ...]]) -> Path:
    """Change the GeoPackage of a workspace behind GDAL's back; triggers that need GDAL's functions go first."""
    with closing(sqlite3.connect(folder / "layers.gpkg")) as store, store:
        triggers = store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            store.execute(f'DROP TRIGGER "{name}"')
        for statement, values in statements:
            store.execute(statement, values)
    return folder


def unclosed(folder: Path, layer: str, column: str, thing: str) -> Path:
    """Move the last corner of a polygon's ring away from the first one."""
    with closing(sqlite3.connect(folder / "layers.gpkg")) as store:
        (blob,) = store.execute(f'SELECT geom FROM "{layer}" WHERE "{column}" = ?', (thing,)).fetchone()  # noqa: S608
    moved = blob[:-16] + np.array([X0 + 7.0, Y0 + 3.0]).tobytes()
    return patched(folder, (f'UPDATE "{layer}" SET geom = ? WHERE "{column}" = ?', (moved, thing)))  # noqa: S608
