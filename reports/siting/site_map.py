"""Sites on the map: what is there, candidates, what is chosen, who is newly served, who is still not, where bays fit."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.text import Text
from layers import BUILDINGS, GRIDS, PARKING, STREETS, Workspace
from layers.catalog import CATALOG
from reports.service.coverage_map import MOST_OUTLINES, Look, overlay
from reports.siting.gains import points_of
from reports.siting.parking import ParkingPlan
from reports.siting.siting import Siting
from reports.webmap import columns
from reports.webmap.degrees import degrees

NEW = Look("site_new", Text("新增服务", "Newly served"), "#009e73", Text("新", "N"))
STILL = Look("site_still", Text("仍未服务", "Still not served"), "#d55e00", Text("缺", "–"))
BEYOND = Look("site_beyond", Text("任何候选点都够不着", "Out of reach of every candidate"), "#7a0019", Text("远", "×"))
CANDIDATES = Look("site_candidates", Text("候选点", "Candidates"), "#e6a117", Text("候", "?"))
CHOSEN = Look("site_chosen", Text("选中", "Chosen"), "#b01ab0", Text("建", "★"))
BAYS = Look("site_bays", Text("可增泊位的路段和地块", "Where bays fit"), "#b01ab0", Text("泊", "P"))
START = Look("site_start", Text("中心或必经之路", "Centre or route"), "#22272b", Text("中", "C"))
IN_WALK = Look("site_homes", Text("步行范围内的建筑", "Buildings within the walk"), "#e6a117", Text("", ""))
NAME, ADDS, COST = Text("名称", "Name"), Text("新增服务", "Adds"), Text("费用", "Cost")
BAY_COUNT = Text("可增泊位", "Bays that fit")


def ground_layers(ws: Workspace, found: Siting) -> tuple[str, ...]:
    """Name the layers that lie under the choice: grids, streets, buildings where they are many, what there is now."""
    wanted = {GRIDS.key, STREETS.key, *(part.layer for part in found.wants.found.distances.service.classes)}
    if len(found.wants.places.x) > MOST_OUTLINES:
        wanted.add(BUILDINGS.key)
    return tuple(key for key in CATALOG if key in wanted and key in ws)


def plan_layers(ws: Workspace) -> tuple[str, ...]:
    """Name the layers that lie under a parking plan."""
    return tuple(key for key in CATALOG if key in {GRIDS.key, STREETS.key, PARKING.key} and key in ws)


def with_sites(payload: Mapping[str, Any], ws: Workspace, found: Siting) -> dict[str, Any]:
    """Give a map with candidates, choice and people on it; the one given stays as it is."""
    asked, crs = found.wants, ws.manifest.crs
    many = len(asked.known) > MOST_OUTLINES or not asked.places.are_buildings
    shapes = points_of(found) if many else np.asarray(ws[BUILDINGS].geometry.to_numpy(), dtype=object)
    beyond = np.zeros(len(asked.known), dtype=bool)
    beyond[found.uncoverable] = True
    lived = np.nan_to_num(asked.weight) > 0
    marks = {
        NEW: found.after & ~asked.before & asked.known & lived,
        STILL: ~found.after & asked.known & lived & ~beyond,
        BEYOND: beyond,
    }
    over = []
    for look, mark in marks.items():
        rows = np.flatnonzero(mark & ~shapely.is_missing(shapes))
        if len(rows):
            names = [_said("name", NAME, asked.places.names.iloc[rows].astype("str"))]
            over.append(overlay(look, "point" if many else "area", shapes[rows], asked.places.ids[rows], names, crs))
    over += _candidates(found, crs)
    return _laid(payload, over, _bounds(found, crs))


def _candidates(found: Siting, crs: str) -> list[dict[str, Any]]:
    table = found.candidates.table
    chosen = table.index.isin(found.chosen.index)
    layers = []
    for look, mark in ((CANDIDATES, ~chosen), (CHOSEN, chosen)):
        rows = table[mark]
        if rows.empty:
            continue
        spots = shapely.points(rows["x_m"].to_numpy(dtype=float), rows["y_m"].to_numpy(dtype=float))
        said = [
            _said("name", NAME, rows["name"].astype("str")),
            _said("cost_yuan", COST, rows["cost_yuan"].astype(float)),
        ]
        if look is CHOSEN:
            said.append(_said("adds", ADDS, found.chosen["adds"].reindex(rows.index).round()))
        layers.append(overlay(look, "point", spots, pd.Index(rows.index), said, crs))
    return layers


def with_plan(payload: Mapping[str, Any], ws: Workspace, plan: ParkingPlan) -> dict[str, Any]:
    """Give a map with a parking plan on it; the one given stays as it is."""
    crs, over = ws.manifest.crs, []
    if BUILDINGS in ws and len(plan.homes):
        table = ws[BUILDINGS].iloc[plan.homes]
        over.append(overlay(IN_WALK, "area", table.geometry.to_numpy(), table.index, [], crs))
    for ground, shape in (("streets", "line"), ("sites", "area")):
        mark = (plan.spots["ground"] == ground).to_numpy(dtype=bool)
        if mark.any():
            rows = plan.spots[mark]
            said = [
                _said("name", NAME, rows["name"].astype("str")),
                _said("bays", BAY_COUNT, rows["bays"].astype(float)),
            ]
            over.append(overlay(BAYS, shape, plan.shapes[mark], rows.index, said, crs))
    kind = "line" if shapely.get_dimensions(plan.start[0]) == 1 else "point"
    start = plan.start if kind == "line" else shapely.point_on_surface(plan.start)
    over.append(overlay(START, kind, start, pd.Index([str(n) for n in range(1, len(start) + 1)]), [], crs))
    return _laid(payload, over)


def _said(key: str, title: Text, values: pd.Series) -> dict[str, Any]:
    return {"key": key, "title": columns.words(title), **columns.values(values)}


def _laid(
    payload: Mapping[str, Any], over: Sequence[Mapping[str, Any]], bounds: list[list[float]] | None = None
) -> dict[str, Any]:
    ground = [dict(one) for one in payload["layers"]]
    return {
        **payload,
        "shades": [],
        "no_issues": None,
        "layers": [*ground, *over],
        "bounds": bounds or payload["bounds"],
    }


def _bounds(found: Siting, crs: str) -> list[list[float]] | None:
    """Give the corners of the part of the map where it is known who is served."""
    known, places = found.wants.known, found.wants.places
    if not known.any():
        return None
    x, y = places.x[known], places.y[known]
    lon, lat = degrees(crs, np.array([x.min(), x.max()]), np.array([y.min(), y.max()]))
    corners: list[list[float]] = np.round(np.column_stack([lat, lon]), 6).tolist()
    return corners
