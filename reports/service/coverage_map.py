"""Coverage on the map: buildings served, not served and unknown, the things that serve, and how far a walk goes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.text import Text
from geo.walk import isochrone_areas, joined_reach, reach
from geo.walk.gates import gates
from layers import BUILDINGS, GRIDS, STREETS, Workspace
from layers.catalog import CATALOG
from reports.service.coverage import SERVED, UNKNOWN, UNSERVED, Coverage, walk_status
from reports.service.served import STATUS_WORDS
from reports.webmap import columns, encode
from reports.webmap.degrees import degrees
from reports.webmap.documents import QUANTUM

MOST_OUTLINES = 6_000
"""Up to so many buildings are drawn as outlines, more as dots over the outlines that the map has anyway."""


class Look(NamedTuple):
    """How one verdict looks."""

    key: str
    title: Text
    colour: str
    glyph: Text


LOOKS: Mapping[int, Look] = {
    UNKNOWN: Look("coverage_unknown", Text("无法判断", "Cannot be known"), "#9aa3a9", Text("？", "?")),
    SERVED: Look("coverage_served", Text("已覆盖", "Served"), "#0072b2", Text("是", "Y")),
    UNSERVED: Look("coverage_unserved", Text("未覆盖", "Not served"), "#d55e00", Text("否", "N")),
}
AREA = Look("coverage_area", Text("限值内能走到（示意）", "Within the walk (drawing)"), "#b3ddf2", Text("", ""))
OTHER_PARTS = Look(
    "coverage_parts", Text("与主网络不相连的街巷", "Streets not connected to the rest"), "#cc79a7", Text("", "")
)
BARRIERS = Look(
    "coverage_barriers", Text("屏障（步行不可穿越）", "Barriers that no walk crosses"), "#22272b", Text("", "")
)
NAME, FOOT, LINE = Text("名称", "Name"), Text("步行距离", "On foot"), Text("直线距离", "Straight line")
WHY, METRES = Text("步行", "Walk"), Text("m", "m")


class Drawing(NamedTuple):
    """A drawing of how far a walk goes: its area and the metres of street in it."""

    area: shapely.Geometry | None
    length_m: float

    @property
    def street_km(self) -> float:
        """Kilometres of street in it."""
        return self.length_m / 1000


def ground_layers(ws: Workspace, found: Coverage) -> tuple[str, ...]:
    """Name the layers that lie under the coverage: grids, streets, the things that serve."""
    wanted = {STREETS.key, *(part.layer for part in found.distances.service.classes)}
    if len(found.places.x) > MOST_OUTLINES:
        wanted.add(BUILDINGS.key)
    return tuple(key for key in CATALOG if key in wanted | {GRIDS.key} and key in ws)


def drawing(found: Coverage) -> Drawing:
    """Draw how far a walk from all things of a service goes, each as far as its class may be."""
    network = found.distances.streets.network
    if network is None:
        return Drawing(None, 0.0)
    snap_m, gate_m = found.distances.streets.snap_m, found.distances.streets.gate_m
    several = []
    for things, metres in zip(found.distances.things, found.limit.metres, strict=True):
        doors = gates(network, things.shapes, touch_m=gate_m)
        several.append(reach(network, doors.x, doors.y, limit_m=metres, snap_m=snap_m, together=True))
    whole = joined_reach(several)
    return Drawing(isochrone_areas(network, whole)[0], float(whole.length_m[0]))


def with_coverage(
    payload: Mapping[str, Any], ws: Workspace, found: Coverage, *, on_foot: bool, drawn: Drawing | None = None
) -> dict[str, Any]:
    """Give a map with the coverage on it; the one given stays as it is.

    Args:
        payload: of ``reports.webmap.payload``, with the layers of ``ground_layers``.
        ws: its workspace.
        found: the coverage.
        on_foot: colour by the walk, else by the straight line.
        drawn: how far a walk goes, laid under the buildings.
    """
    crs = ws.manifest.crs
    verdict = found.foot if on_foot else found.straight
    many = len(verdict) > MOST_OUTLINES or not found.places.are_buildings
    shapes = _shapes(ws, found, many=many)
    under = []
    if drawn is not None and drawn.area is not None:
        under.append(overlay(AREA, "area", np.array([drawn.area], dtype=object), pd.Index(["1"]), [], crs))
    over = _network_lines(found, crs) if on_foot else []
    why = walk_status(found)
    for value, look in LOOKS.items():
        rows = np.flatnonzero((verdict == value) & ~shapely.is_missing(shapes))
        if len(rows):
            shape = "point" if many else "area"
            over.append(overlay(look, shape, shapes[rows], found.places.ids[rows], _said(found, rows, why), crs))
    ground = [dict(one) for one in payload["layers"]]
    bounds = _bounds(found, crs) if on_foot else None
    return {
        **payload,
        "shades": [],
        "no_issues": None,
        "layers": [*under, *ground, *over],
        "bounds": bounds or payload["bounds"],
    }


def _bounds(found: Coverage, crs: str) -> list[list[float]] | None:
    """The corners of the part of the map in which walks are known, None without one."""
    network = found.distances.streets.network
    if network is None:
        return None
    xy = np.array([network.nodes.min(axis=0), network.nodes.max(axis=0)])
    lon, lat = degrees(crs, xy[:, 0].copy(), xy[:, 1].copy())
    corners: list[list[float]] = np.round(np.column_stack([lat, lon]), 6).tolist()
    return corners


def _shapes(ws: Workspace, found: Coverage, *, many: bool) -> np.ndarray:
    if not many:
        return np.asarray(ws[BUILDINGS].geometry.to_numpy(), dtype=object)
    placed = np.isfinite(found.places.x)
    shapes = np.full(len(placed), None, dtype=object)
    shapes[placed] = shapely.points(found.places.x[placed], found.places.y[placed])
    return shapes


def _network_lines(found: Coverage, crs: str) -> list[dict[str, Any]]:
    """What cannot be crossed, and the streets that do not connect to the main part."""
    network = found.distances.streets.network
    if network is None:
        return []
    apart = network.shapes[network.edges["part"].to_numpy() > 0]
    return [
        overlay(look, "line", lines, pd.Index([str(one) for one in range(1, len(lines) + 1)]), [], crs)
        for look, lines in ((BARRIERS, network.barriers), (OTHER_PARTS, apart))
        if len(lines)
    ]


def _said(found: Coverage, rows: np.ndarray, why: np.ndarray) -> list[dict[str, Any]]:
    """What a pop-up tells: name, both distances, always labelled, and how the walk is known."""
    names = found.places.names.iloc[rows].astype("str")
    told: list[dict[str, Any]] = [{"key": "name", "title": columns.words(NAME), **columns.values(names)}]
    for key, title, metres in (("foot", FOOT, found.foot_m), ("straight", LINE, found.straight_m)):
        shown = pd.Series(np.round(np.where(np.isfinite(metres[rows]), metres[rows], np.nan)))
        told.append({"key": key, "title": columns.words(title), "unit": columns.words(METRES), **columns.values(shown)})
    status = columns.values(pd.Series(why[rows], dtype="str"), STATUS_WORDS)
    return [*told, {"key": "why", "title": columns.words(WHY), **status}]


def overlay(  # noqa: PLR0917 (one line of a table)
    look: Look, shape: str, shapes: np.ndarray, ids: pd.Index, said: list[dict[str, Any]], crs: str
) -> dict[str, Any]:
    """Give a layer of a map: shapes in metres of a CRS with what their pop-ups tell, see ``reports.webmap``."""
    outline = encode.outline(shapes)
    lon, lat = degrees(crs, outline.xy[:, 0].copy(), outline.xy[:, 1].copy())
    coded = encode.shapes(outline._replace(xy=np.column_stack([lon, lat])), QUANTUM)
    return {
        "key": look.key,
        "title": columns.words(look.title),
        "shape": shape,
        "colour": look.colour,
        "glyph": columns.words(look.glyph),
        "count": len(ids),
        "drawn": len(ids),
        "on": True,
        "notes": [],
        "data": {**coded, "ids": columns.identifiers(ids), "columns": said},
    }
