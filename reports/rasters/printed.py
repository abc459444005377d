"""Rasters on paper: each with the grids over it, its legend and a scale bar."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.text import Text
from layers import Workspace
from reports.document import Block, Drawing, Outline, Paragraph, Section
from reports.rasters.overlay import overlays
from reports.webmap.degrees import degrees

Floats = NDArray[np.float64]
TITLE = Text("栅格", "Rasters")
SOURCE = Text(
    "颜色按图中数值分级；网格边界叠在上面。只作示意，数值以 guatu zonal 为准。",
    "colours by classes of the values shown; borders of the grids lie over them. For orientation: take figures from guatu zonal.",
)
NONE = Text("本工作区没有可以画出的栅格。", "This workspace has no raster that can be drawn.")
RADIUS_M = 6_378_137.0
"""Of the sphere of Web Mercator, in which pictures of rasters are laid out."""
MARGIN = 0.04
"""Part of the longer side that is left around the grids."""
BARS_M = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)
"""Lengths of scale bars; the longest that takes up no more than a quarter of the width."""


def raster_section(ws: Workspace) -> Section:
    """Give the section of a report that shows every raster of a workspace that can be drawn."""
    drawn: list[Block] = [_drawing(ws, one) for one in overlays(ws)] if ws.levels else []
    return Section(TITLE, tuple(drawn) or (Paragraph(NONE),))


def _drawing(ws: Workspace, one: dict[str, Any]) -> Drawing:
    """Lay a raster and the grids on the plane of Web Mercator, shrunk to metres on the ground in their middle."""
    rings = [(shape, level == ws.levels[0]) for level in ws.levels for shape in ws.grids(level).geometry]
    places = [(_plane(ws, ring), thick) for shape, thick in rings for ring in _rings(shape)]
    (south, west), (north, east) = one["bounds"]
    shrink = float(np.cos(np.radians((south + north) / 2)))
    every = np.concatenate([xy for xy, _ in places]) * shrink
    room = MARGIN * float(np.ptp(every, axis=0).max())
    left, top = every[:, 0].min() - room, every[:, 1].max() + room
    wide, tall = (float(side) + 2 * room for side in np.ptp(every, axis=0))
    corners = _mercator(np.array([west, east]), np.array([south, north])) * shrink
    x, y = corners[0, 0] - left, top - corners[1, 1]
    across, down = np.ptp(corners, axis=0)
    return Drawing(
        Text(*one["title"]),
        (wide, tall),
        one["image"],
        (float(x), float(y), float(across), float(down)),
        one["opacity"],
        tuple(Outline(tuple((float(e - left), float(top - n)) for e, n in xy * shrink), thick) for xy, thick in places),
        Text(*one["unit"]),
        tuple((entry["colour"], Text(*entry["words"])) for entry in one["legend"]),
        float(max((bar for bar in BARS_M if bar <= wide / 4), default=BARS_M[0])),
        SOURCE,
    )


def _rings(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """Give the rings of an area."""
    return [ring for part in shapely.get_parts(shape) for ring in shapely.get_rings(part)]


def _plane(ws: Workspace, ring: shapely.Geometry) -> Floats:
    """Place the points of a ring on the plane of Web Mercator, shape (n, 2)."""
    xy = shapely.get_coordinates(ring)
    return _mercator(*degrees(ws.manifest.crs, xy[:, 0].copy(), xy[:, 1].copy()))


def _mercator(lon: Floats, lat: Floats) -> Floats:
    """Place degrees on the plane of Web Mercator, shape (n, 2)."""
    up = np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))
    return RADIUS_M * np.column_stack([np.radians(lon), up])
