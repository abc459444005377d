"""Votes of buildings, estates and grids held against a rule.

A rule of the Civil Code asks for both, floor area and owners, and both times for two things: enough take part, enough
of those are in favour. Sums over buildings are exact fractions too. A unit with buildings whose votes are not on
record is unknown, unless what is known settles it however they voted; nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from shapely import STRtree

from layers import BUILDINGS, GRIDS, HOUSING_ESTATES, Workspace
from layers.schema import HousingEstates
from reports.consent.judging import (
    CONTRADICTS,
    NO_RECORD,
    RECORDED,
    Votes,
    framed,
    judged,
    judged_sum,
    number,
    summed,
    votes_of,
)
from reports.consent.rules import ConsentRule, consent_rule
from reports.demand import lived_in

WHOLE = "*"
"""Id of the whole workspace among the units."""


@dataclass(frozen=True)
class Consent:
    """Where consent stands under one rule.

    ``buildings`` is as ``consent`` gives it; ``estates`` and ``units`` (grids of every level by id, and ``*`` for the
    whole) have ``buildings`` and ``buildings_known`` in place of grid and estate. ``meta`` says the rule, its source
    and what was left out.
    """

    ws: Workspace = field(repr=False)
    rule: ConsentRule
    buildings: pd.DataFrame = field(repr=False)
    estates: pd.DataFrame = field(repr=False)
    units: pd.DataFrame = field(repr=False)
    meta: Mapping[str, object]

    @property
    def has_votes(self) -> bool:
        """Tell whether any votes are on record."""
        return bool((self.buildings["reason"] != NO_RECORD).any())

    def grids(self, level: int) -> pd.DataFrame:
        """Give the rows of the grids of one level."""
        return self.units.reindex(self.ws.grids(level).index)


def consent(ws: Workspace, rule: str | None = None) -> pd.DataFrame:
    """Give where consent stands, building by building, indexed by building_id.

    Columns: ``name``, ``grid_id``, ``estate_id``, the six recorded numbers, the shares
    ``owners_voted_percent``, ``owners_yes_percent``, ``area_voted_percent``, ``area_yes_percent`` (those in favour out
    of those that the rule counts), ``took_part``, ``approved`` and ``consent_ok`` (null where unknown),
    ``owners_needed`` and ``area_needed_m2`` (least further votes in favour, NaN where unknown or out of reach),
    ``owners_to_win_over`` and ``area_to_win_over_m2`` (of those against, where it is out of reach), ``state`` of
    ``STATES`` and ``reason`` of ``REASONS`` where something is unknown. Only buildings that are lived in or have votes.

    Args:
        ws: the workspace.
        rule: of ``consent_rules.csv``; None for the default.

    Raises:
        DataError: no such rule.
    """
    return consented(ws, rule).buildings


def consented(ws: Workspace, rule: str | None = None) -> Consent:
    """Hold the votes of a workspace against a rule, by building, estate, grid and as a whole.

    Raises:
        DataError: no such rule.
    """
    asked = consent_rule(rule, folder=ws.folder)
    table = _asked_buildings(ws)
    votes = [votes_of(row) for row in table[list(RECORDED)].astype(object).itertuples(index=False)]
    rows = [judged(one, asked) for one in votes]
    buildings = table[["name", "grid_id", "estate_id", *RECORDED]].join(framed(rows, table.index))
    meta = {
        "method": "exact fractions of recorded votes",
        "rule": asked.key,
        "source": asked.source,
        "to_verify": asked.to_verify,
        "buildings": len(buildings),
        "without_votes": int((buildings["reason"] == NO_RECORD).sum()),
        "contradictory": int((buildings["reason"] == CONTRADICTS).sum()),
        "seed": None,
    }
    return Consent(ws, asked, buildings, _estates(ws, table, votes, asked), _units(ws, table, votes, asked), meta)


def _asked_buildings(ws: Workspace) -> pd.DataFrame:
    """Give the buildings that are lived in or have votes, with their grid, estate and row in the layer."""
    columns = ["name", *RECORDED]
    if BUILDINGS not in ws:
        return pd.DataFrame(columns=[*columns, "grid_id", "estate_id", "row"], index=pd.Index([], name="building_id"))
    layer: pd.DataFrame = pd.DataFrame(ws[BUILDINGS])
    voted = layer[list(RECORDED)].notna().any(axis=1).to_numpy()
    rows = np.flatnonzero(lived_in(ws) | voted)
    grid = layer["grid_id"].iloc[rows] if "grid_id" in layer else pd.Series(None, index=layer.index[rows], dtype="str")
    found = layer[columns].iloc[rows].assign(grid_id=grid, row=rows)
    return found.assign(estate_id=_estate_of(ws, rows))


def _estate_of(ws: Workspace, rows: np.ndarray) -> np.ndarray:
    """Give the estate in which a point of each building lies; the first by id of several, none for none."""
    found = np.full(len(rows), None, dtype=object)
    if HOUSING_ESTATES in ws and len(rows):
        estates = ws[HOUSING_ESTATES].sort_index()
        points = ws[BUILDINGS].geometry.iloc[rows].representative_point().to_numpy()
        thing, estate = STRtree(estates.geometry.to_numpy()).query(points, predicate="intersects")
        order = np.argsort(estate, kind="stable")[::-1]  # the first by id is written last and stays
        found[thing[order]] = estates.index.to_numpy(dtype=object)[estate[order]]
    return found


def _joined(groups: Mapping[str, list[Votes]], rule: ConsentRule, key: str) -> pd.DataFrame:
    counts, rows = [], []
    for members in groups.values():
        found = summed(members, rule)
        recorded = map(number, (*found.votes["owners"], *found.votes["area"]))
        counts.append([*recorded, found.members, found.known])
        rows.append(judged_sum(found, rule))
    index = pd.Index(list(groups), name=key, dtype="str")
    table = pd.DataFrame(counts, index=index, columns=[*RECORDED, "buildings", "buildings_known"])
    return table.join(framed(rows, index))


def _estates(ws: Workspace, table: pd.DataFrame, votes: list[Votes], rule: ConsentRule) -> pd.DataFrame:
    estate = table["estate_id"].to_numpy(dtype=object)
    ids = sorted({str(one) for one in estate if one is not None})
    groups = {one: [votes[at] for at in np.flatnonzero(estate == one)] for one in ids}
    found = _joined(groups, rule, "estate_id")
    names = ws[HOUSING_ESTATES][HousingEstates.name] if ids else pd.Series(dtype="str")
    found.insert(0, "name", names.reindex(found.index).astype("str"))
    return found


def _units(ws: Workspace, table: pd.DataFrame, votes: list[Votes], rule: ConsentRule) -> pd.DataFrame:
    groups: dict[str, list[Votes]] = {WHOLE: list(votes)}
    names: dict[str, str] = {WHOLE: ws.title.zh}
    if GRIDS in ws and BUILDINGS in ws:
        for level in ws.levels:
            codes = ws.codes(BUILDINGS, level)[table["row"].to_numpy(dtype=int)]
            for at, (grid, name) in enumerate(ws.grids(level)["name"].items()):
                groups[str(grid)] = [votes[one] for one in np.flatnonzero(codes == at)]
                names[str(grid)] = str(name)
    found = _joined(groups, rule, "unit_id")
    found.insert(0, "name", pd.Series(names, dtype="str"))
    return found
