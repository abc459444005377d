"""Adapters of the known answers about coordinates: ``METHODS`` by the name of the method."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from geo.conversion import transformer
from geo.datum import bd09_from_gcj02, gcj02_from_bd09, gcj02_from_wgs84, wgs84_from_bd09, wgs84_from_gcj02

Answer = dict[str, Any]


def china_offset(given: Answer, _folder: Path) -> Answer:
    """The closed formula of others for BD-09 to GCJ-02 is an example of its own; everything else is exact."""
    lon, lat = np.array(given["points_lonlat"], dtype=float).T
    what = given["operation"].split(" ")[0]
    if what == "wgs84->gcj02->wgs84":
        there = gcj02_from_wgs84(lon, lat)
        return {"points_lonlat": _rows(wgs84_from_gcj02(*there)), "gcj02": _rows(there)}
    if what == "bd09->gcj02":
        return {"points_lonlat": _rows(gcj02_from_bd09(lon, lat, published=True))}
    one = {"wgs84->gcj02": gcj02_from_wgs84, "gcj02->bd09": bd09_from_gcj02, "bd09->wgs84": wgs84_from_bd09}[what]
    return {"points_lonlat": _rows(one(lon, lat))}


def cgcs2000(given: Answer, _folder: Path) -> Answer:
    lon, lat = np.array(given["points_lonlat_cgcs2000"], dtype=float).T
    return {"xy": _rows(transformer("EPSG:4490", f"EPSG:{given['target_epsg']}").transform(lon, lat))}


def projection_check(given: Answer, _folder: Path) -> Answer:
    operation = transformer(f"EPSG:{given['source_epsg']}", f"EPSG:{given['target_epsg']}")
    return {"xy": list(operation.transform(given["lon"], given["lat"]))}


def _rows(columns: tuple[Any, Any]) -> list[list[float]]:
    rows: list[list[float]] = np.column_stack(columns).tolist()
    return rows


METHODS: dict[str, Callable[[Answer, Path], Answer]] = {
    one.__name__: one for one in (china_offset, cgcs2000, projection_check)
}
