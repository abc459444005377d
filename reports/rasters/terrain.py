"""The terrain around the grids: slope, hollows and where water gathers, computed once from the heights, and written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from geo.files import whole_file
from geo.raster import Surface, write_raster
from geo.raster.warping import metric_surface
from geo.terrain import filled, flow_accumulation, flow_direction, slope
from geo.text import Text
from layers import Workspace
from layers.intake.rasters.look import FOLDER
from reports.rasters.figures import readable
from reports.rasters.kinds import Held

Floats = NDArray[np.float64]
MARGIN_M = 1_000.0
"""How far around the grids the heights are looked at: water comes from outside, and the rim of a hollow may lie there."""
OF_BYTES, NEAR_TOP = 255, 250
"""Highest value of heights kept in one byte, and from which height on the end is near."""
WRITTEN: Mapping[str, tuple[Text, Text]] = {
    "slope": (Text("地面坡度", "slope of the ground"), Text("%", "%")),
    "ponding": (Text("洼地可积水深度", "depth that hollows can hold"), Text("m", "m")),
    "flow": (Text("汇水像元数", "cells that drain here"), Text("个", "")),
}
"""What ``write_terrain`` writes, by the ending of the raster's name, with its unit."""


@dataclass(frozen=True)
class Terrain:
    """Heights in metres around the grids and what follows from them, all on the cells of ``surface``."""

    surface: Surface
    slope_percent: Floats
    aspect_deg: Floats
    level_m: Floats
    depth_m: Floats
    notes: tuple[Text, ...]
    meta: Mapping[str, object]

    @cached_property
    def flow(self) -> NDArray[np.int64]:
        """Cells that drain to each cell over the filled ground."""
        cell = (self.surface.place.a, -self.surface.place.e)
        return flow_accumulation(flow_direction(self.level_m, cell))

    def in_hollow(self, least_m: float) -> Floats:
        """Give 1 in hollows that can hold at least this depth, 0 elsewhere, NaN where the height is unknown."""
        return np.where(np.isfinite(self.depth_m), (self.depth_m >= least_m).astype(float), np.nan)

    def at(self, values: Floats, x: Floats, y: Floats) -> Floats:
        """Give the value of the cell under each point, NaN outside."""
        place = self.surface.place
        rows, columns = values.shape
        column, row = np.floor((x - place.c) / place.a), np.floor((y - place.f) / place.e)
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        found = np.full(len(x), np.nan)
        found[inside] = values[row[inside].astype(np.int64), column[inside].astype(np.int64)]
        return found


def terrain_of(ws: Workspace, held: Held) -> Terrain:
    """Compute the terrain of a workspace from a raster of heights.

    Heights in degrees, or in another system, are carried to square cells in the workspace's own, by bilinear
    interpolation; then slope (Horn), hollows (Priority-Flood) and flow (D8) are computed in metres.

    Raises:
        CrsError: there is no accurate conversion between the raster and the workspace.
        DataError: no grids; too many cells around them, or none.
    """
    west, south, east, north = (float(end) for end in ws.grids(ws.levels[0] if ws.levels else None).total_bounds)
    box = (west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    with readable(held) as source:
        read = metric_surface(source, box, ws.manifest.crs)
    surface = Surface(read.values * held.scale + held.offset, read.place, read.crs)
    cell = (surface.place.a, -surface.place.e)
    steep, full = slope(surface.values, cell, surface.crs), filled(surface.values)
    meta = {**full.meta, "slope": steep.meta["method"], "cell_m": cell, "crs": surface.crs, "margin_m": MARGIN_M}
    return Terrain(
        surface,
        steep.slope_percent,
        steep.aspect_deg,
        full.level,
        full.depth,
        _notes(held, read, cell),
        MappingProxyType(meta),
    )


def _notes(held: Held, surface: Surface, cell: tuple[float, float]) -> tuple[Text, ...]:
    """Say what limits the heights themselves."""
    said = [
        Text(
            f"高程像元约 {cell[0]:.3g} 米；比它窄的沟、坎看不到。",
            f"A cell of the heights is about {cell[0]:.3g} m; ditches and kerbs narrower than that do not show.",
        )
    ]
    if np.dtype(held.head.dtype).kind in "iu" and held.scale == 1.0:
        said.append(
            Text(
                "高程只到整米：坡度呈台阶状，深 1 米以内的洼地可能只是取整的结果。",
                "Heights are whole metres: slopes come in steps, and a hollow of 1 m may be rounding alone.",
            )
        )
    top = np.nanmax(surface.values) if np.isfinite(surface.values).any() else 0.0
    if held.head.dtype == "uint8" and top >= NEAR_TOP:
        said.append(
            Text(
                f"高程存为一个字节，最高只能到 {OF_BYTES} 米：更高处被截平，那里的坡度与洼地不可用。",
                f"Heights are kept in one byte and end at {OF_BYTES} m: higher ground is cut off level, so slopes and hollows up there mean nothing.",
            )
        )
    return tuple(said)


def write_terrain(ws: Workspace, held: Held) -> Mapping[str, Path]:
    """Write slope, depth of hollows and flow as cloud-optimised GeoTIFF among the rasters of the workspace.

    The files are called after the heights (``elevation_slope`` and so on) and take the place of earlier ones; each notes
    what it is, what it was made from (with the SHA-256 of that) and how. The same heights give the same bytes.

    Returns:
        The files by the keys of ``WRITTEN``.

    Raises:
        CrsError, DataError: as ``terrain_of``.
    """
    ground = terrain_of(ws, held)
    values = {
        "slope": ground.slope_percent,
        "ponding": ground.depth_m,
        "flow": np.where(np.isfinite(ground.level_m), ground.flow, np.nan),
    }
    with held.path.open("rb") as file:
        origin = {"raster": held.name, "sha256": file_digest(file, "sha256").hexdigest()}
    found = {}
    for key, (title, unit) in WRITTEN.items():
        path = ws.folder / FOLDER / f"{held.name}_{key}.tif"
        notes = {
            "kind": key, "title_zh": title.zh, "title_en": title.en, "unit_zh": unit.zh, "unit_en": unit.en,
            "made_from": json.dumps(origin, ensure_ascii=False, sort_keys=True),
            "method": json.dumps({k: str(v) for k, v in ground.meta.items()}, ensure_ascii=False, sort_keys=True),
        }  # fmt: skip
        head = ground.surface.head._replace(dtype="float32", nodata=float("nan"))
        with whole_file(path) as part:
            write_raster(part, head, values[key][None].astype(np.float32), notes=notes)
        found[key] = path
    return found
