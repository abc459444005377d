"""A plan carried through on paper: the new grids, what became of the old ones, and totals before and after."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from layers import DUTIES, FORMER_GRIDS, GRIDS, ISSUES, Workspace
from layers.grid_checks import grid_problems
from layers.intake.history import Intake, state
from layers.places import Level, levels_of, located_specs, places_of
from layers.revision import store_revision
from layers.schema import Duties, FormerGrids, Grids
from layers.standards import policy
from layers.succession import PARTING, former_grids
from reports.gridworks.carrying import (
    Shares,
    carried,
    children_moved,
    shares_of,
    unchanged,
    weights_by_homes,
    with_parents,
)
from reports.gridworks.drawing import drawn
from reports.gridworks.plan import Plan
from reports.gridworks.totals import totals_of

CONVENTIONS = {
    "issues": "each counts for the grid that holds its point (smallest id on a border); without a point it keeps its code, "
    "or goes to the only successor",
    "households": "by the households of the buildings in each part where all are known, else by area; largest remainders",
    "codes": "no former code is used again",
}


@dataclass(frozen=True)
class Redraw:
    """A plan and what it would do; nothing is stored.

    Attributes:
        before, after: the workspace, and as it would be.
        correspondence: one row a pair of old and new grid: old_id, new_id, area_m2, area_share, household_share, issues.
        moved: per issue whose grid changes: old_id and new_id.
        totals: one row a total: before, after, is_kept.
        meta: steps with their methods, conventions, what was allotted by area.
        expected: hash of the layers that it was made for.
    """

    plan: Plan
    before: Workspace
    after: Workspace
    correspondence: pd.DataFrame
    moved: pd.DataFrame
    totals: pd.DataFrame
    meta: Mapping[str, Any]
    expected: str

    @property
    def retired(self) -> list[str]:
        """Codes that are no longer used."""
        return sorted(set(map(str, self.before[GRIDS].index)) - set(map(str, self.after[GRIDS].index)))

    @property
    def is_kept(self) -> bool:
        """Tell whether every total is as it was."""
        return bool(self.totals["is_kept"].all())


class _Changed(NamedTuple):
    """A level before and after a plan, and how the ground of the old grids lies in the new ones."""

    plan: Plan
    before: Level
    after: gpd.GeoDataFrame
    shares: Shares

    @property
    def successors(self) -> dict[str, list[str]]:
        """The new codes in the place of each old one."""
        found: dict[str, list[str]] = {}
        old, new = self.before.grids.index[self.shares.old], self.after.index[self.shares.new]
        for one, other in zip(old, new, strict=True):
            found.setdefault(str(one), []).append(str(other))
        return found

    @property
    def unchanged(self) -> pd.Index:
        """Codes that stand for the same ground."""
        return unchanged(self.before.grids, self.after, self.shares)


def redraw(ws: Workspace, plan: Plan) -> Redraw:
    """Carry a plan through on paper.

    Raises:
        PartitionError: it cannot be done; why.
        DataError: no such level.
    """
    expected = state(ws.folder)
    at = ws.levels.index(ws.grids(plan.level)[Grids.level].iloc[0])
    levels = levels_of(ws[GRIDS], ws.manifest)
    one, above = levels[at], levels[at - 1] if at else None
    shapes = drawn(ws, plan)
    shares = shares_of(one.grids, shapes.grids)
    weight, by_homes = weights_by_homes(ws, one, shapes.grids, shares)
    level = with_parents(one, above, carried(one.grids, shapes.grids, shares, weight), shares)
    level = level.assign(**{Grids.level: pd.array([plan.level] * len(level), dtype="Int64")})
    below = levels[at + 1] if at + 1 < len(levels) else None
    changed = _Changed(plan, one, level, shares)
    after = reopened(ws, _tables(ws, changed, below))
    pairs = _correspondence(ws, after, changed, weight)
    meta = {
        "steps": shapes.steps, "conventions": CONVENTIONS, "by_households": by_homes, "level": plan.level,
        "new_problems": _new_problems(ws, after), "appointments": "rights for a former code are to be given anew",
    }  # fmt: skip
    return Redraw(
        plan, ws, after, pairs, _moved(ws, after, plan.level), totals_of(ws, after, plan.level), meta, expected
    )


def reopened(ws: Workspace, tables: Mapping[str, pd.DataFrame]) -> Workspace:
    """Give a workspace with other grids, everything located anew."""
    whole = {**{key: ws.tables[key] for key in ws.tables}, **tables}
    levels, rules = levels_of(whole[GRIDS.key], ws.manifest), policy(ws.folder)
    places = {spec.key: places_of(whole[spec.key], spec, levels, rules) for spec in located_specs(whole)}
    return replace(ws, tables=MappingProxyType(whole), places=MappingProxyType(places))


def _tables(ws: Workspace, changed: _Changed, below: Level | None) -> dict[str, pd.DataFrame]:
    """Give the tables that change: grids, records of former ones, duties."""
    grids, level = ws[GRIDS], changed.after
    rest = grids[grids[Grids.level] != changed.plan.level].copy()
    if below is not None and below.nests:
        parents = children_moved(ws, below, level)
        rest.loc[parents.index, Grids.parent_id] = parents.astype(rest[Grids.parent_id].dtype)
    columns = [name for name in grids.columns if name != "measured_area_m2"]
    kinds = {name: grids[name].dtype for name in columns if name != "geometry"}
    whole = pd.concat([rest[columns], level.reindex(columns=columns).astype(kinds)]).sort_index()
    whole.index.name = grids.index.name
    new = gpd.GeoDataFrame(whole, geometry="geometry", crs=grids.crs)
    new["measured_area_m2"] = new.geometry.area
    found: dict[str, pd.DataFrame] = {GRIDS.key: new, FORMER_GRIDS.key: _former(ws, changed)}
    if DUTIES in ws:
        found[DUTIES.key] = _duties(ws.tables[DUTIES.key], changed.successors, set(map(str, new.index)))
    return found


def _former(ws: Workspace, changed: _Changed) -> gpd.GeoDataFrame:
    """Add records of the grids that changed."""
    known, after = former_grids(ws.tables), changed.successors
    step = int(known[FormerGrids.step].max()) + 1 if len(known) else 1
    grids = changed.before.grids[~changed.before.grids.index.isin(changed.unchanged)]
    same = (Grids.name, Grids.parent_id, Grids.level, Grids.kind, Grids.households, Grids.residents)
    rows = {
        FormerGrids.former_code: grids.index.astype("str").to_numpy(),
        **{name: grids[name].array for name in same},
        FormerGrids.valid_until: pd.Timestamp(changed.plan.valid_from),
        FormerGrids.step: step,
        FormerGrids.replaced_by: [PARTING.join(after.get(str(code), [])) for code in grids.index],
    }
    index = pd.Index([f"{code}@{step}" for code in grids.index], name="former_id", dtype="str")
    new = gpd.GeoDataFrame(rows, index=index, geometry=grids.geometry.to_numpy(), crs=grids.crs)
    new[FormerGrids.step] = new[FormerGrids.step].astype("Int64")
    if not len(known):
        return new
    old = ws[FORMER_GRIDS].drop(columns=["measured_area_m2"], errors="ignore")
    return gpd.GeoDataFrame(pd.concat([old, new.astype(old.dtypes.drop("geometry").to_dict())]), crs=grids.crs)


def _duties(duties: pd.DataFrame, after: Mapping[str, list[str]], present: set[str]) -> pd.DataFrame:
    """Let the persons of a former grid look after what took its place; nobody is lost and nobody counted twice."""
    rows = duties.reset_index()
    on_grids = (rows[Duties.layer] == GRIDS.key) & rows[Duties.thing_id].isin(set(after) - present)
    codes = [
        after[str(thing)] if moved else [thing] for thing, moved in zip(rows[Duties.thing_id], on_grids, strict=True)
    ]
    rows[Duties.thing_id] = pd.Series(codes, index=rows.index, dtype=object)
    rows = rows.explode(Duties.thing_id)
    rows = rows.drop_duplicates([Duties.person_id, Duties.role, Duties.layer, Duties.thing_id])
    number = rows.groupby("duty_id").cumcount()
    rows["duty_id"] = rows["duty_id"].where(number == 0, rows["duty_id"] + "-" + (number + 1).astype("str"))
    return rows.astype(duties.dtypes.to_dict()).astype({"duty_id": "str"}).set_index("duty_id").sort_index()


def _correspondence(ws: Workspace, after: Workspace, changed: _Changed, weight: np.ndarray) -> pd.DataFrame:
    shares, level = changed.shares, changed.plan.level
    old, new = ws.grids(level).index, after.grids(level).index
    whole = np.bincount(shares.old, weights=weight, minlength=len(old))
    table = pd.DataFrame(
        {
            "old_id": old[shares.old],
            "new_id": new[shares.new],
            "area_m2": shares.area_m2,
            "area_share": shares.of_old,
            "household_share": weight / np.where(whole > 0, whole, np.nan)[shares.old],
        }
    )
    if ISSUES in ws:
        pairs = pd.Series(1, index=[ws.codes(ISSUES, level), after.codes(ISSUES, level)]).groupby(level=[0, 1]).sum()
        asked = pd.MultiIndex.from_arrays([shares.old, shares.new])
        table["issues"] = pairs.reindex(asked).fillna(0).to_numpy(dtype=int)
    return table[~table["old_id"].isin(changed.unchanged)].reset_index(drop=True)


def _moved(ws: Workspace, after: Workspace, level: int) -> pd.DataFrame:
    """List the issues whose grid changes."""
    if ISSUES not in ws:
        return pd.DataFrame({"old_id": [], "new_id": []})
    table = pd.DataFrame({"old_id": ws.owner(ISSUES, level), "new_id": after.owner(ISSUES, level)})
    differ = table["old_id"].fillna("") != table["new_id"].fillna("")
    return table[differ.to_numpy(dtype=bool)]


def _new_problems(ws: Workspace, after: Workspace) -> list[Any]:
    before = {(one.code, one.row) for one in grid_problems(ws[GRIDS], ws.manifest)}
    found = grid_problems(after[GRIDS], after.manifest)
    return [one for one in found if one.severity != "warning" and (one.code, one.row) not in before]


def apply(found: Redraw) -> Intake:
    """Store what a plan does as one transaction; ``guatu undo`` takes it back.

    Raises:
        DataError: the layers have changed since the plan was made, would not open, or somebody else is storing.
    """
    from layers.catalog import CATALOG  # noqa: PLC0415 (kept beside its only use)

    tables = {
        CATALOG[key]: found.after.tables[key]
        for key in (GRIDS.key, FORMER_GRIDS.key, DUTIES.key)
        if key in found.after.tables
    }
    before, after = found.before.grids(found.plan.level), found.after.grids(found.plan.level)
    added = len(after.index.difference(before.index))
    record = {
        "file": f"{found.plan.words.zh} / {found.plan.words.en}", "plan": found.plan.as_json(),
        "rows_read": len(after), "rows_kept": len(after), "rows_rejected": 0, "rows_added": added,
        "rows_updated": int(found.correspondence["new_id"].nunique()) - added,
        "rows_unchanged": len(after) - int(found.correspondence["new_id"].nunique()),
        "retired": found.retired, "correspondence": found.correspondence.to_dict("records"),
        "totals": found.totals.to_dict("records"),
    }  # fmt: skip
    return store_revision(found.before.folder, tables, record, expected=found.expected)
