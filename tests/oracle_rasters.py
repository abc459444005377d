"""Adapters of the known answers on rasters: statistics by polygon, slope, hollows, flow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

import geo
from geo.raster import Place, Surface
from geo.terrain import filled, flow_accumulation, flow_direction, slope

Answer = dict[str, Any]
CRS = "EPSG:32650"


def _cells(rows: Any) -> np.ndarray:
    return np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=float)


def zonal_statistics(given: Answer, _folder: Path) -> Answer:
    place = Place(given["cell"], 0.0, given["x_min"], 0.0, -given["cell"], given["y_max"])
    source = Surface(_cells(given["raster"]), place, CRS)
    names = ("count", "sum", "mean", "min", "max", "variance")
    found = geo.zonal_statistics(source, [shapely.from_wkt(given["polygon_wkt"])], CRS, statistics=names)
    return {name: float(found.table[name].iloc[0]) for name in names}


def terrain_slope_aspect(given: Answer, _folder: Path) -> Answer:
    found = slope(_cells(given["dem"]), (given["cell"], given["cell"]), CRS)
    return {
        "slope_deg": found.slope_deg[1, 1],
        "slope_percent": found.slope_percent[1, 1],
        "aspect_deg": found.aspect_deg[1, 1],
    }


def ponding_depth(given: Answer, _folder: Path) -> Answer:
    found = filled(_cells(given["dem"]))
    return {
        "filled": found.level.tolist(),
        "depth": found.depth.tolist(),
        "ponded_cells": int((found.depth > 1e-9).sum()),
        "volume": float(found.depth.sum()) * given["cell"] ** 2,
        "max_depth": float(found.depth.max()),
    }


def flow_accumulation_of(given: Answer, _folder: Path) -> Answer:
    """The directions must be those that the example gives, but for the cell where it lets the water off the grid."""
    told = np.array(given["flow_direction_d8"])
    ours = flow_direction(_cells(given["dem"]), (given["cell"], given["cell"]))
    differ = np.argwhere(ours != told).tolist()
    assert differ in ([], [[5, 4]])
    assert (flow_accumulation(ours) == flow_accumulation(told)).all()
    return {"flow_accumulation_upstream_cells": flow_accumulation(told).tolist()}


METHODS: dict[str, Callable[[Answer, Path], Answer]] = {
    "zonal_statistics": zonal_statistics,
    "terrain_slope_aspect": terrain_slope_aspect,
    "ponding_depth": ponding_depth,
    "flow_accumulation": flow_accumulation_of,
}
