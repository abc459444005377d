"""Supply of a workspace: what homes have when all who reach it share it, and what is missing when all want their part."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.measure import rate, totals
from geo.supply.assignment import Assignment, assign
from geo.supply.catchment import Access, Band, enhanced, gaussian, gravity, two_step
from geo.supply.reach import Reach
from geo.text import Text
from layers import BUILDINGS, STREETS, Workspace
from layers.schema import Grids
from layers.standards import policy
from reports.denominators import households, residents
from reports.measures import Ground
from reports.service.homes import Homes, homes
from reports.service.kinds import KINDS, Kind, Stock, needs, stock
from reports.service.ways import Ways, ways

Floats = NDArray[np.float64]
METHODS: Mapping[str, Text] = {
    "2sfca": Text("两步移动搜索", "two-step floating catchment"),
    "enhanced": Text("增强两步移动搜索（分段权重）", "enhanced floating catchment (bands)"),
    "gaussian": Text("高斯两步移动搜索", "Gaussian floating catchment"),
    "gravity": Text("重力模型", "gravity"),
}
WORST = ("ready", "partial", "proxy", "unavailable")
"""Statuses from the best to the worst: the worst of all inputs is that of the result."""


@dataclass(frozen=True)
class Supply:
    """Supply and shortfall of one kind.

    ``by_grid`` by grid id: name, people, supply (what stands in the grid), access (mean of the people, supply for
    ``kind.per`` of them), without_share (share of people who reach nothing), wants, missing, out_of_reach (part of
    missing: nothing with room is near) and met_share. ``by_building`` by building id: grid_id, people, access, wants,
    missing. ``by_facility`` by id of the layer: supply, people_share (supply for ``kind.per`` of those who come, NaN if
    left out), used, spare, why (why it is left out, else ""). NaN wherever something is not known. ``unplaced`` are
    people of homes in no grid.
    """

    ws: Workspace = field(repr=False)
    level: int
    kind: Kind
    method: str
    on_foot: bool
    by_grid: pd.DataFrame = field(repr=False)
    by_building: pd.DataFrame = field(repr=False)
    by_facility: pd.DataFrame = field(repr=False)
    status: str
    missing: tuple[Text, ...]
    notes: tuple[Text, ...]
    meta: Mapping[str, object] = field(repr=False)

    @property
    def is_known(self) -> bool:
        """Whether anything can be said at all."""
        return self.status != "unavailable"


def supply(ws: Workspace, of: str, *, level: int | None = None, method: str = "2sfca", on_foot: bool = True) -> Supply:
    """Compute supply and shortfall.

    Args:
        ws: an opened workspace.
        of: a key of ``KINDS``: toilets in cubicles, parks in m², parking in bays by night.
        level: grid level; None is the finest.
        method: a key of ``METHODS``; radius, bands and exponents are those of the policy table.
        on_foot: along the streets, else in a straight line.

    Raises:
        DataError: no grids or no such level.
        KeyError: no such kind or method.
    """
    kind, wanted = KINDS[of], ws.finest if level is None else level
    METHODS[method]
    ground = Ground(ws, wanted, policy(ws.folder), households(ws, wanted), residents(ws, wanted))
    asked = _Asked(ground, kind, method, on_foot)
    people = homes(ws, wanted)
    absent = _absent(asked, people)
    if absent is not None:
        return _nothing(asked, absent)
    have = stock(ws, kind)
    found = ways(ground, kind, people, have, on_foot=on_foot)
    access = _access(asked, found.pairs, have.amount, people.people[kind.who])
    wants = needs(ws, kind, people)
    sent = assign(found.pairs, have.amount, wants, radius_m=ground.policy[kind.reach])
    return _result(asked, _Found(people, have, found, access, sent, wants))


@dataclass(frozen=True)
class _Asked:
    """What is asked for."""

    ground: Ground
    kind: Kind
    method: str
    on_foot: bool


@dataclass(frozen=True)
class _Found:
    """What was found for all homes."""

    people: Homes
    have: Stock
    ways: Ways
    access: Access
    sent: Assignment
    wants: Floats


def _absent(asked: _Asked, people: Homes) -> Text | None:
    """Name what is missing for saying anything."""
    ws, kind = asked.ground.ws, asked.kind
    if kind.layer not in ws or not len(ws[kind.layer]):
        return kind.layer.title
    if people.status[kind.who] == "unavailable":
        return people.missing(kind.who)
    if asked.on_foot and STREETS not in ws:
        return Text("{layer}（可改看直线距离）", "{layer} (a straight line can be had)").format(layer=STREETS.title)
    return None


def _nothing(asked: _Asked, absent: Text) -> Supply:
    ground = asked.ground
    names = ground.ws.grids(ground.level)[Grids.name]
    columns = ("people", "supply", "access", "without_share", "wants", "missing", "out_of_reach", "met_share")
    table = pd.DataFrame({Grids.name: names, **dict.fromkeys(columns, np.nan)}, index=names.index)
    building = pd.DataFrame(columns=["grid_id", "people", "access", "wants", "missing"], dtype=float)
    facility = pd.DataFrame(columns=["supply", "people_share", "used", "spare", "why"], dtype=float)
    return Supply(
        ground.ws, ground.level, asked.kind, asked.method, asked.on_foot, table, building, facility,
        "unavailable", (absent,), (), {"method": asked.method, "seed": None},
    )  # fmt: skip


def _access(asked: _Asked, pairs: Reach, amount: Floats, people: Floats) -> Access:
    rules = asked.ground.policy
    radius = float(rules[asked.kind.reach])
    if asked.method == "enhanced":
        return enhanced(pairs, amount, people, bands=bands(rules, radius))
    if asked.method == "gaussian":
        return gaussian(pairs, amount, people, radius_m=radius)
    if asked.method == "gravity":
        power, least = rules["gravity_exponent"], rules["gravity_least_m"]
        return gravity(pairs, amount, people, radius_m=radius, exponent=power, least_m=least)
    return two_step(pairs, amount, people, radius_m=radius)


def bands(rules: Mapping[str, float], radius_m: float) -> tuple[Band, ...]:
    """Give the thirds of a radius with the weights of the policy table."""
    weights = (1.0, rules["catchment_weight_2"], rules["catchment_weight_3"])
    return tuple(Band(radius_m * part / 3, weight) for part, weight in enumerate(weights, start=1))


def _result(asked: _Asked, found: _Found) -> Supply:
    ground, kind, people, have = asked.ground, asked.kind, found.people, found.have
    by_grid = _by_grid(asked, found)
    known = found.ways.known
    status = max(have.status, people.status[kind.who], "ready" if known.all() else "partial", key=WORST.index)
    if not known.any():
        status = "unavailable"
    missing = [have.missing, people.missing(kind.who), _unknown_grids(known, found.ways.words)]
    astray = float(np.nansum(people.people[kind.who][people.codes < 0]))
    notes = [have.note, people.notes[kind.who], _off(found.ways), _astray(kind, astray)]
    meta = {
        "of": kind.key,
        "distance": found.ways.words.en,
        "access": {**found.access.meta, "per": kind.per},
        "assignment": found.sent.meta,
        "homes": len(people.x),
        "homes_off_network": found.ways.off_network,
        "facilities": len(have.row),
        "grids_known": int(known.sum()),
        "people_in_no_grid": astray,
        "seed": None,
    }
    return Supply(
        ground.ws, ground.level, kind, asked.method, asked.on_foot, by_grid, _by_building(asked, found),
        _by_facility(asked, found), status,
        tuple(one for one in missing if one), tuple(one for one in notes if one), meta,
    )  # fmt: skip


def _by_grid(asked: _Asked, found: _Found) -> pd.DataFrame:
    ground, kind, people = asked.ground, asked.kind, found.people
    grids = ground.ws.grids(ground.level)
    size, codes, crowd = len(grids), people.codes, people.people[kind.who]

    def summed(values: Floats) -> Floats:
        return totals(codes, size, values).per_group

    everybody, wants, missing = summed(crowd), summed(found.wants), summed(found.sent.missing)
    columns = {
        "people": everybody,
        "supply": totals(found.have.codes(ground.ws, kind, ground.level), size, found.have.amount).per_group,
        "access": rate(summed(crowd * found.access.access), everybody, per=kind.per),
        "without_share": rate(summed(np.where(found.access.access > 0, 0.0, crowd)), everybody, per=1),
        "wants": wants,
        "missing": missing,
        "out_of_reach": summed(found.sent.out_of_reach),
        "met_share": rate(wants - missing, wants, per=1),
    }
    blank = ("access", "without_share", "missing", "out_of_reach", "met_share")
    table = {name: np.where(found.ways.known | (name not in blank), values, np.nan) for name, values in columns.items()}
    return pd.DataFrame({Grids.name: grids[Grids.name], **table}, index=grids.index)


def _by_building(asked: _Asked, found: _Found) -> pd.DataFrame:
    ws, people, kind = asked.ground.ws, found.people, asked.kind
    rows = np.flatnonzero(people.building >= 0)
    if BUILDINGS not in ws or not len(rows):
        return pd.DataFrame(columns=["grid_id", "people", "access", "wants", "missing"], dtype=float)
    names = ws.grids(asked.ground.level).index.to_numpy(dtype=object)
    codes = people.codes[rows]
    known = (codes >= 0) & found.ways.known[codes]
    return pd.DataFrame(
        {
            "grid_id": np.where(codes >= 0, names[codes], ""),
            "people": people.people[kind.who][rows],
            "access": np.where(known, found.access.access[rows] * kind.per, np.nan),
            "wants": found.wants[rows],
            "missing": np.where(known, found.sent.missing[rows], np.nan),
        },
        index=ws[BUILDINGS].index[people.building[rows]],
    )


def _by_facility(asked: _Asked, found: _Found) -> pd.DataFrame:
    have, access = found.have, found.access
    why = np.where(access.unknown, "unknown", np.where(access.reaches_nobody, "reaches_nobody", ""))
    return pd.DataFrame(
        {
            "supply": have.amount,
            "people_share": access.ratio * asked.kind.per,
            "used": np.where(access.unknown, np.nan, found.sent.used),
            "spare": np.where(access.unknown, np.nan, found.sent.spare),
            "why": why,
        },
        index=asked.ground.ws[asked.kind.layer].index[have.row],
    )


def _unknown_grids(known: NDArray[np.bool_], how: Text) -> Text | None:
    if known.all():
        return None
    words = Text(
        "图层范围所限，只有 {n}/{all} 个网格可算（{how}）",
        "the layers reach far enough for {n} of {all} grids only ({how})",
    )
    return words.format(n=f"{int(known.sum()):,}", all=f"{known.size:,}", how=how)


def _off(found: Ways) -> Text | None:
    words = Text(
        "{n} 个住处（或地面取样点）附近没有街巷，算作走不到",
        "{n} homes (or points of the ground) have no street near and count as reaching nothing",
    )
    return words.format(n=f"{found.off_network:,}") if found.off_network else None


def _astray(kind: Kind, number: float) -> Text | None:
    who = Text("{n} 名居民", "{n} residents") if kind.who == "residents" else Text("{n} 户", "{n} households")
    words = Text("{who}不在本级任何网格内，只参与分享", "{who} live in no grid of this level and only share")
    return words.format(who=who.format(n=f"{number:,.0f}")) if round(number) else None
