"""Where something could be built: idle land and dumps, wide footways, parks and car parks; and what is there already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.ownership import locate
from geo.text import Text
from layers import PARKING, PARKS, SITES, STREETS, LayerSpec, Workspace
from layers.places import grid_ids
from layers.schema import Parking, Parks, Sites, Streets
from layers.standards import policy, standard
from reports.built import said_no
from reports.service.services import area_m2

SITE, STREET, PARK, LOT = "sites", "streets", "parks", "parking"
GROUNDS: Mapping[str, Text] = {
    SITE: Text("闲置地与垃圾场等地块", "idle land, dumps and other sites"),
    STREET: Text("宽街巷的人行道", "footways of wide streets"),
    PARK: Text("公园内", "inside parks"),
    LOT: Text("停车场内", "inside car parks"),
}
"""Kinds of ground on which something can be built."""
FIRST = (SITE, STREET)
"""Grounds that are tried unless told otherwise; where they hold nothing, the other ones."""
_USED = ("done", "working")


@dataclass(frozen=True)
class Candidates:
    """Candidate sites for a layer.

    ``table`` by candidate id: ground, name, place_layer, place_id, grid_id, x_m, y_m, area_m2, cost_yuan (NaN is
    unknown); ``shapes`` in the same order; ``left_out`` tells what cannot be built on and why.
    """

    table: pd.DataFrame = field(repr=False)
    shapes: NDArray[np.object_] = field(repr=False)
    grounds: tuple[str, ...]
    left_out: tuple[Text, ...]


def candidates(ws: Workspace, layer: str, *, grounds: Sequence[str] | None = None) -> Candidates:
    """Give the places where a thing of a layer could be built.

    Args:
        ws: the workspace.
        layer: what is to be built: "toilets", "parks", "parking" or another service.
        grounds: keys of ``GROUNDS``; None: idle land and wide footways, and where there are none, all grounds.
    """
    asked = FIRST if grounds is None else tuple(one for one in GROUNDS if one in set(grounds))
    found = _gathered(ws, layer, asked)
    others = tuple(one for one in GROUNDS if one not in asked)
    if grounds is None and found.table.empty and others:
        more = _gathered(ws, layer, others)
        told = Text(
            "没有可用的闲置地块和宽街巷，改用公园和停车场为候选",
            "no idle land or wide street is on record: parks and car parks are the candidates instead",
        )
        return Candidates(more.table, more.shapes, others, (told, *found.left_out, *more.left_out))
    return found


def _gathered(ws: Workspace, layer: str, grounds: Sequence[str]) -> Candidates:
    makers = {SITE: _sites, STREET: _streets, PARK: _parks, LOT: _lots}
    skip = {"parks": PARK, "parking": LOT}.get(layer)
    parts = [makers[one](ws, layer) for one in grounds if one != skip]
    tables = [table for table, _ in parts if len(table)]
    columns = ["candidate_id", "ground", "name", "place_layer", "place_id", "geometry"]
    whole = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
    shapes = whole["geometry"].to_numpy(dtype=object)
    spots = shapely.point_on_surface(shapes) if len(shapes) else shapes
    x, y = (shapely.get_x(spots), shapely.get_y(spots)) if len(shapes) else (np.empty(0), np.empty(0))
    table = whole.drop(columns="geometry").assign(x_m=np.round(x, 3), y_m=np.round(y, 3))
    area = shapely.area(shapes) if len(shapes) else np.empty(0)
    table["area_m2"] = np.where(area > 0, area, np.nan)
    table["cost_yuan"] = _cost(ws, layer, table)
    codes = locate(x, y, ws.grids().geometry.to_numpy()) if ws.levels and len(x) else np.full(len(x), -1)
    table["grid_id"] = grid_ids(codes, ws.grids(), table.index) if ws.levels else ""
    return Candidates(
        table.set_index("candidate_id"), shapes, tuple(grounds), tuple(words for _, words in parts if words is not None)
    )


def _need_m2(ws: Workspace, layer: str) -> float:
    rules = policy(ws.folder)
    return rules.get(f"site_{layer}_m2", rules["site_other_m2"])


def _cost(ws: Workspace, layer: str, table: pd.DataFrame) -> NDArray[np.float64]:
    """Cost of building at each candidate; unknown for what the policy table has no figure."""
    rules = policy(ws.folder)
    if layer != "toilets":
        return np.full(len(table), np.nan)
    on_street = (table["ground"] == STREET).to_numpy(dtype=bool)
    return np.where(on_street, rules["site_toilet_street_yuan"], rules["site_toilet_ground_yuan"])


def _rows(ws: Workspace, spec: LayerSpec, use: NDArray[np.bool_], ground: str) -> pd.DataFrame:
    rows = ws[spec][use]
    name = rows["name"].fillna(rows.index.to_series()).astype("str").to_numpy()
    ids = rows.index.astype("str").to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "candidate_id": ids, "ground": ground, "name": name, "place_layer": spec.key, "place_id": ids,
            "geometry": rows.geometry.to_numpy(),
        }
    )  # fmt: skip


def _drawn(ws: Workspace, spec: LayerSpec) -> NDArray[np.bool_]:
    shapes = ws[spec].geometry.to_numpy()
    found: NDArray[np.bool_] = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    return found


def _large(ws: Workspace, spec: LayerSpec, layer: str) -> NDArray[np.bool_]:
    """Mark what is known to have ground enough."""
    found: NDArray[np.bool_] = area_m2(ws[spec]) >= _need_m2(ws, layer)
    return found & _drawn(ws, spec)


def _sites(ws: Workspace, layer: str) -> tuple[pd.DataFrame, Text | None]:
    """Sites that are not taken: no works are done or under way on them."""
    if SITES not in ws:
        return pd.DataFrame(), None
    free = ~ws[SITES][Sites.status].isin(_USED).to_numpy(dtype=bool)
    large = _large(ws, SITES, layer)
    told = _said(
        Text("{n} 处地块已改造或在建、或面积不够，不作候选", "sites already used, under way or too small: {n}"),
        int((~(free & large)).sum()),
    )
    return _rows(ws, SITES, free & large, SITE), told


def _parks(ws: Workspace, layer: str) -> tuple[pd.DataFrame, Text | None]:
    if PARKS not in ws:
        return pd.DataFrame(), None
    use = _large(ws, PARKS, layer) & ~said_no(ws[PARKS][Parks.open_to_public])
    told = Text("{n} 处公园不开放、过小或面积不明，不作候选", "parks closed, too small or of unknown size: {n}")
    return _rows(ws, PARKS, use, PARK), _said(told, int((~use).sum()))


def _lots(ws: Workspace, layer: str) -> tuple[pd.DataFrame, Text | None]:
    if PARKING not in ws:
        return pd.DataFrame(), None
    table = ws[PARKING]
    surface = (table[Parking.kind] == "surface").to_numpy(dtype=bool, na_value=False)
    use = _large(ws, PARKING, layer) & surface & ~said_no(table[Parking.open_to_public])
    told = Text("{n} 处停车场不对外、不在地面、过小或面积不明，不作候选",
                "car parks closed to the public, not on the surface, too small or of unknown size: {n}")  # fmt: skip
    return _rows(ws, PARKING, use, LOT), _said(told, int((~use).sum()))


def _streets(ws: Workspace, layer: str) -> tuple[pd.DataFrame, Text | None]:
    """Places along streets that are known to be wide enough; what needs real ground finds none there."""
    rules = policy(ws.folder)
    if STREETS not in ws or layer in {"parks", "parking"}:
        return pd.DataFrame(), None
    table = ws[STREETS]
    width = table[Streets.width_m].to_numpy(dtype=float, na_value=np.nan)
    kinds = standard("street_kinds", ws.folder).set_index("kind")["walkable"].to_dict()
    by_kind = table[Streets.kind].str.casefold().map(kinds).fillna(value=True).to_numpy(dtype=bool)
    can = np.where(table[Streets.walkable].notna(), table[Streets.walkable].fillna(value=True), by_kind).astype(bool)
    use = (width >= rules["site_street_width_m"]) & can & _drawn(ws, STREETS)
    wide = _rows(ws, STREETS, use, STREET)
    unknown = int(np.isnan(width).sum())
    told = _said(Text("{n} 条街巷宽度不明，不作候选", "streets of unknown width: {n}"), unknown)
    if wide.empty:
        return wide, told
    of, spots, number = _along(wide["geometry"].to_numpy(dtype=object), rules["site_street_step_m"])
    each = wide.iloc[of].reset_index(drop=True)
    each["geometry"] = spots
    each["candidate_id"] = [f"{one}@{n}" for one, n in zip(each["place_id"], number, strict=True)]
    each["name"] = [f"{one} {n}" for one, n in zip(each["name"], number, strict=True)]
    return each, told


def _along(lines: NDArray[np.object_], step_m: float) -> tuple[NDArray[np.int64], NDArray[np.object_], list[int]]:
    """Give the middles of equal parts of each line, none longer than a step: line, point, metres along it."""
    length = shapely.length(lines)
    parts = np.maximum(np.ceil(length / step_m).astype(np.int64), 1)
    of = np.repeat(np.arange(len(lines)), parts)
    first = np.repeat(np.concatenate([[0], np.cumsum(parts)[:-1]]), parts)
    metres = (np.arange(len(of)) - first + 0.5) * (length / parts)[of]
    return of, shapely.line_interpolate_point(lines[of], metres), [round(one) for one in metres.tolist()]


def _said(words: Text, count: int) -> Text | None:
    return words.format(n=f"{count:,}") if count else None
