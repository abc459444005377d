"""What supply there is and who wants it: toilets in cubicles, parks in square metres, parking in bays."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo.text import Text, counted
from layers import PARKING, PARKS, TOILETS, LayerSpec, Workspace
from layers.schema import Parking, Toilets
from layers.standards import policy
from reports.service.homes import Homes
from reports.service.parking import bays_of_homes
from reports.service.services import area_m2, said_no_entry

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """One kind of supply.

    ``unit`` counts what is supplied; access is supply for ``per`` persons or households, called ``rate``; ``who`` of
    the homes wants it; ``reach`` is the entry of the policy table with the farthest way.
    """

    key: str
    layer: LayerSpec
    title: Text
    unit: Text
    rate: Text
    per: float
    who: str
    reach: str
    need: Text


KINDS: Mapping[str, Kind] = {
    "toilets": Kind(
        "toilets",
        TOILETS,
        Text("公厕", "Toilets"),
        Text("厕位", "cubicles"),
        Text("厕位/千人", "cubicles per 1,000 residents"),
        1000.0,
        "residents",
        "toilet_radius_m",
        Text("每 {n:g} 名居民一个厕位", "one cubicle for {n:g} residents"),
    ),
    "parks": Kind(
        "parks",
        PARKS,
        Text("公园绿地", "Parks"),
        Text("m²", "m²"),
        Text("m²/人", "m² per resident"),
        1.0,
        "residents",
        "park_radius_large_m",
        Text("每名居民 {n:g} m²", "{n:g} m² for each resident"),
    ),
    "parking": Kind(
        "parking",
        PARKING,
        Text("停车（夜间）", "Parking by night"),
        Text("泊位", "bays"),
        Text("泊位/户", "bays per household"),
        1.0,
        "households",
        "parking_reach_m",
        Text("每户 {n:g} 个泊位（含访客）", "{n:g} bays for each household, visitors included"),
    ),
}


@dataclass(frozen=True)
class Stock:
    """The facilities of a kind that count.

    ``row`` is the row in the layer, ``shapes`` points or polygons, ``amount`` what each has (NaN: unknown), ``shared``
    whether everybody may use it or only homes of the same grid, ``reach_m`` how far it serves. ``status`` as for
    measures.
    """

    row: NDArray[np.int64] = field(repr=False)
    shapes: NDArray[np.object_] = field(repr=False)
    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    amount: Floats = field(repr=False)
    shared: NDArray[np.bool_] = field(repr=False)
    reach_m: Floats = field(repr=False)
    status: str
    missing: Text | None
    note: Text | None

    def codes(self, ws: Workspace, kind: Kind, level: int) -> NDArray[np.int64]:
        """Row of the grid in which each stands, -1 for none."""
        found: NDArray[np.int64] = ws.codes(kind.layer, level)[self.row]
        return found


def stock(ws: Workspace, kind: Kind) -> Stock:
    """Give the facilities of a kind with what each has."""
    found: Stock = _STOCKS[kind.key](ws)
    return found


def needs(ws: Workspace, kind: Kind, homes: Homes) -> Floats:
    """Give what each point of homes wants, in the unit of the kind; NaN where nobody knows who lives there."""
    people = homes.people[kind.who]
    if kind.key == "parking":
        return bays_of_homes(ws, people, "night")
    return people * need_each(ws, kind)


def need_each(ws: Workspace, kind: Kind) -> float:
    """Give what one resident or household wants."""
    rules = policy(ws.folder)
    if kind.key == "toilets":
        return 1.0 / rules["toilet_residents_per_cubicle"]
    if kind.key == "parks":
        return rules["park_m2_per_resident" + ("_new" if ws.manifest.profile == "CN-new" else "")]
    return float(bays_of_homes(ws, [1.0], "night")[0])


def need_words(ws: Workspace, kind: Kind) -> Text:
    """Say what one resident or household wants."""
    each = need_each(ws, kind)
    number = 1 / each if kind.key == "toilets" else each
    return kind.need.format(n=number)


def _of(
    ws: Workspace, spec: LayerSpec, use: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.object_], Floats, Floats]:
    """Give rows, shapes and points of the things that are used and have a place."""
    x, y = ws.xy(spec)
    row = np.flatnonzero(use & np.isfinite(x) & np.isfinite(y))
    return row, ws[spec].geometry.to_numpy()[row], x[row], y[row]


def _toilets(ws: Workspace) -> Stock:
    """Toilets that are not closed to the public, in cubicles; those without a number get the stand-in of the policy."""
    table = ws[TOILETS]
    row, shapes, x, y = _of(ws, TOILETS, ~said_no_entry(table))
    both = table[[Toilets.stalls_women, Toilets.stalls_men]].astype("Float64")
    stalls = both.sum(axis=1, min_count=1).to_numpy(dtype=float, na_value=np.nan)[row]
    unknown = int(np.isnan(stalls).sum())
    usual = policy(ws.folder)["toilet_cubicles_if_unknown"]
    note = Text(
        f"{unknown:,} 座公厕未登记厕位数，每座按 {usual:g} 个计",
        f"{counted(unknown, 'toilet has', 'toilets have')} no number of cubicles, each counts as {usual:g}",
    )
    reach = np.full(len(row), policy(ws.folder)["toilet_radius_m"])
    return Stock(
        row, shapes, x, y, np.where(np.isnan(stalls), usual, stalls), np.ones(len(row), dtype=bool), reach,
        "proxy" if unknown else "ready", None, note if unknown else None,
    )  # fmt: skip


def _parks(ws: Workspace) -> Stock:
    """Parks that are not closed to the public and not too small to count, in square metres; large ones reach farther."""
    table, rules = ws[PARKS], policy(ws.folder)
    least = rules["park_min_m2"]
    area = area_m2(table)
    row, shapes, x, y = _of(ws, PARKS, ~said_no_entry(table) & ~(area < least))
    unknown, small = int(np.isnan(area[row]).sum()), int((area < least).sum())
    missing = Text(f"{unknown:,} 处公园面积未知", f"areas of {unknown:,} parks") if unknown else None
    note = Text(
        "不足 {big:g} m² 的公园只服务 {near:g} m 以内，{n} 处不足 {k:g} m² 的不计",
        "parks below {big:g} m² serve up to {near:g} m only, {n} below {k:g} m² do not count",
    ).format(big=rules["park_large_from_m2"], near=rules["park_radius_small_m"], n=f"{small:,}", k=least)
    large = area[row] >= rules["park_large_from_m2"]
    reach = np.where(large, rules["park_radius_large_m"], rules["park_radius_small_m"])
    return Stock(
        row, shapes, x, y, area[row], np.ones(len(row), dtype=bool), reach,
        "partial" if unknown else "ready", missing, note,
    )  # fmt: skip


def _parking(ws: Workspace) -> Stock:
    """All parking places, in bays; those that are not open to the public serve the homes of their grid only."""
    table = ws[PARKING]
    closed = said_no_entry(table)
    row, shapes, x, y = _of(ws, PARKING, np.ones(len(table), dtype=bool))
    bays = table[Parking.bays].to_numpy(dtype=float, na_value=np.nan)[row]
    unknown = int(np.isnan(bays).sum())
    missing = Text(f"{unknown:,} 处停车场泊位数未知", f"bays of {unknown:,} parking places") if unknown else None
    note = Text("{n} 处内部停车场只供本网格住户使用", "{n} private places serve the homes of their own grid only")
    reach = np.full(len(row), policy(ws.folder)["parking_reach_m"])
    return Stock(
        row, shapes, x, y, bays, ~closed[row], reach, "partial" if unknown else "ready", missing,
        note.format(n=f"{int(closed.sum()):,}") if closed.any() else None,
    )  # fmt: skip


_STOCKS = {"toilets": _toilets, "parks": _parks, "parking": _parking}
