"""The maps of the workshop: grids to choose from, what is being drawn, and what a plan would make of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import reprojected
from geo.text import Text
from layers import GRIDS, STREETS, Workspace
from reports.gridworks.audit import MEANT, GridAudit
from reports.gridworks.plan import Line
from reports.gridworks.redraw import Redraw
from reports.gridworks.workload import LOADS, Workload
from reports.webmap import columns, encode
from reports.webmap.degrees import degrees
from reports.webmap.documents import QUANTUM
from reports.webmap.payload import Link, payload

CHOSEN, DRAWN, MADE, BEFORE, WRONG, DOUBTFUL = "chosen", "drawn", "made", "boundary", "wrong", "doubtful"
"""Keys of what is laid over the map; the last one the map draws dashed and does not let be clicked."""
COLOURS = {
    CHOSEN: "#0b5394",
    DRAWN: "#d55e00",
    MADE: "#cc79a7",
    BEFORE: "#22272b",
    WRONG: "#d55e00",
    DOUBTFUL: "#f0b400",
}
WORDS = {
    CHOSEN: Text("选中的网格", "chosen grids"),
    DRAWN: Text("画的线", "what is drawn"),
    MADE: Text("新网格", "new grids"),
    BEFORE: Text("原边界", "former borders"),
    WRONG: Text("需改的网格", "grids to mend"),
    DOUBTFUL: Text("待确认的网格", "grids to look at"),
}
CORNER_SHARE = 1 / 70
"""Part of the map's width that a corner of a drawing is shown with."""


def choosing_map(
    ws: Workspace,
    level: int,
    lang: str,
    *,
    chosen: Sequence[str] = (),
    drawn: Line = (),
    is_drawing: bool = False,
    link: Link | None = None,
) -> dict[str, Any]:
    """Give the map on which grids are chosen, or corners are clicked one after the other.

    Args:
        ws: the workspace.
        level: whose grids can be chosen.
        lang: of the words.
        chosen: ids that are marked.
        drawn: corners so far, in metres.
        is_drawing: a click gives a place, see ``views.map_component``.
        link: see ``reports.webmap.payload``.
    """
    found = payload(ws, [GRIDS, *([STREETS] if STREETS in ws else [])], level=level, lang=lang, link=link)
    shapes = ws.grids(level).geometry
    over = []
    if chosen:
        over.append(_layer(ws, CHOSEN, shapes[list(chosen)].to_numpy(), list(chosen)))
    if drawn:
        west, _, east, _ = shapes.total_bounds
        spots = shapely.buffer(shapely.points(np.array(drawn)), (east - west) * CORNER_SHARE / 2)
        lines = [shapely.LineString(drawn)] if len(drawn) > 1 else []
        over.append(_layer(ws, DRAWN, np.array([*spots, *lines], dtype=object)))
    more = {"pointing": is_drawing, "choosing": True, "no_issues": ""}
    return {**found, "layers": [*found["layers"], *over], **more}


def preview_map(found: Redraw, lang: str) -> dict[str, Any]:
    """Give the map of the grids as a plan would make them, the former borders dashed, with the streets."""
    ws, level = found.after, found.plan.level
    drawn = payload(ws, [GRIDS, *([STREETS] if STREETS in ws else [])], level=level, lang=lang)
    new = ws.grids(level).geometry
    changed = new[new.index.isin(found.correspondence["new_id"])]
    old = found.before.grids(level).geometry[sorted(set(found.correspondence["old_id"]))]
    over = [_layer(ws, MADE, changed.to_numpy(), list(map(str, changed.index))), _layer(ws, BEFORE, old.to_numpy())]
    return {**drawn, "layers": [*drawn["layers"], *over], "bounds": _bounds(ws, old), "no_issues": ""}


def audit_map(ws: Workspace, level: int, found: GridAudit, lang: str, *, link: Link | None = None) -> dict[str, Any]:
    """Give the map of a level with the grids that have faults, those to mend above those to look at."""
    drawn, shapes = payload(ws, [GRIDS], level=level, lang=lang, link=link), ws.grids(level).geometry
    of_level = found.faults[found.faults["level"] == level]
    over = []
    for key, meant in ((DOUBTFUL, True), (WRONG, False)):
        part = of_level[of_level["kind"].isin(MEANT) == meant]
        ids = [one for one in shapes.index if one in {*part["grid_id"], *part["other_id"]}]
        if ids:
            over.append(_layer(ws, key, shapes[ids].to_numpy(), ids))
    return {**drawn, "layers": [*drawn["layers"], *over], "no_issues": ""}


def workload_map(ws: Workspace, found: Workload, load: str, lang: str, *, link: Link | None = None) -> dict[str, Any]:
    """Give the map of a level shaded by a load."""
    level = int(found.meta["level"])
    shade = found.table[load].copy()
    shade.attrs["title"] = LOADS[load]
    return {**payload(ws, [GRIDS], shade=shade, level=level, lang=lang, link=link), "no_issues": ""}


def _bounds(ws: Workspace, shapes: gpd.GeoSeries) -> list[list[float]]:
    west, south, east, north = shapes.total_bounds
    side = max(east - west, north - south) * 0.3
    lon, lat = degrees(ws.manifest.crs, np.array([west - side, east + side]), np.array([south - side, north + side]))
    return [[float(lat[0]), float(lon[0])], [float(lat[1]), float(lon[1])]]


def _layer(ws: Workspace, key: str, shapes: np.ndarray, ids: Sequence[str] = ()) -> dict[str, Any]:
    """Give shapes as a layer of the map's payload."""
    outline = encode.outline(shapes)
    x, y = degrees(ws.manifest.crs, outline.xy[:, 0].copy(), outline.xy[:, 1].copy())
    names = list(ids) or [f"{key}-{at}" for at in range(len(shapes))]
    coded = encode.shapes(outline._replace(xy=np.column_stack([x, y])), QUANTUM)
    document: Mapping[str, Any] = {**coded, "ids": {"words": names}, "columns": []}
    title = columns.words(WORDS[key])
    return {
        "key": key, "title": title, "shape": "any", "colour": COLOURS[key], "glyph": None, "count": len(shapes),
        "drawn": len(shapes), "on": True, "notes": [], "data": document,
    }  # fmt: skip


def metres_of(ws: Workspace, picked: str) -> tuple[float, float] | None:
    """Give the place of a click, "longitude,latitude", in metres; None for what is none."""
    try:
        lon, lat = (float(one) for one in picked.split(","))
    except ValueError:
        return None
    point = reprojected(gpd.GeoDataFrame(geometry=[shapely.Point(lon, lat)], crs="EPSG:4326"), ws.manifest.crs)
    x, y = shapely.get_coordinates(point.geometry.iloc[0])[0]
    return (float(x), float(y)) if np.isfinite([x, y]).all() else None
