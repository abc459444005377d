"""Two states of a workspace compared: need, walks, supply and the health check, with gainers and losers by building and grid."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.memory import collection_put_off
from geo.text import Text
from layers import BUILDINGS, GRIDS, STREETS, Workspace
from layers.catalog import CATALOG
from layers.schema import Grids
from reports.criteria import Criteria, read_criteria
from reports.health.examination import Health, health_check
from reports.health.finding import WHOLE
from reports.scenario.applying import applied, criteria_of
from reports.scenario.edits import Scenario
from reports.scenario.needs import Needs, needs_of
from reports.scenario.walks import Walks, changed_layers, walks_of
from reports.service.kinds import KINDS
from reports.service.supply import supply

CONVENTIONS = Text(
    "前后两个状态用同一套标杆、同一层级、同一种步行网络算法；受益与受损分开列，不互相抵消；未知不计入任何一方",
    "both states have the same goalposts, level and way of measuring walks; who gains and who loses are listed apart and "
    "do not offset each other; what is not known counts for neither",
)
NEAR = 1e-9
FIGURES = 1e-4
"""Part of a value by which an indicator must differ to be listed: less is rounding of where things snap to streets."""


@dataclass(frozen=True)
class Comparison:
    """What is different between two states of a workspace.

    ``walks`` by service; ``needs`` None where there are no grids; ``supply`` rows (kind, grid_id): missing and access
    before, after; ``health`` rows (indicator, grid_id, None for the whole) whose value or verdict differs; ``things`` rows of
    what was added, removed or changed: layer, id, name, what. ``meta`` has conventions, level, digests and the hash of the
    scenario, if one was compared.
    """

    before: Workspace = field(repr=False)
    after: Workspace = field(repr=False)
    level: int | None
    walks: Mapping[str, Walks] = field(repr=False)
    needs: Needs | None = field(repr=False)
    supply: pd.DataFrame = field(repr=False)
    health: pd.DataFrame = field(repr=False)
    things: pd.DataFrame = field(repr=False)
    meta: Mapping[str, object] = field(repr=False)

    @property
    def touched(self) -> list[str]:
        """Services for which somebody's walk changes."""
        return [key for key, one in self.walks.items() if one.touches]

    @property
    def has_same_grids(self) -> bool:
        """Whether both states have the same grids."""
        return self.before.tables.get(GRIDS.key) is self.after.tables.get(GRIDS.key)


def outcome(ws: Workspace, scenario: Scenario, *, level: int | None = None, counted: str | None = None) -> Comparison:
    """Compare a workspace with what a scenario would make of it.

    Raises:
        DataError, PartitionError: see ``applied``.
        CriteriaError: its weights cannot be used.
    """
    weights = criteria_of(ws), criteria_of(ws, scenario)
    return compared(ws, applied(ws, scenario), criteria=weights, level=level, counted=counted)


@collection_put_off()
def compared(
    before: Workspace,
    after: Workspace,
    *,
    criteria: tuple[Criteria, Criteria] | None = None,
    level: int | None = None,
    counted: str | None = None,
) -> Comparison:
    """Compare two states of a workspace; everything is computed for both.

    Args:
        before: the workspace, or one scenario of it.
        after: another state of the same workspace, see ``applied``.
        criteria: for each of them; None takes those of the workspace for both.
        level: of the grids; None is the finest.
        counted: who is counted as gaining or losing, see ``reports.scenario.walks.walks_of``.

    Raises:
        DataError: no such level.
    """
    wanted = (before.finest if level is None else level) if before.levels else None
    own = read_criteria(folder=before.folder)
    walks = {} if wanted is None else walks_of(before, after, wanted, counted)
    needs = None if wanted is None else needs_of(before, after, criteria or (own, own), wanted)
    short = _supply(before, after, wanted)
    checked = _health(before, after, wanted)
    meta = {
        "method": "difference of two states", "conventions": CONVENTIONS._asdict(), "level": wanted,
        "digests": [before.digest, after.digest], "seed": None if needs is None else needs.before.seed,
        "counted": next((one.counted for one in walks.values()), None),
    }  # fmt: skip
    return Comparison(before, after, wanted, walks, needs, short, checked, things_of(before, after), meta)


SUPPLY = ("kind", "grid_id", "name", "missing_before", "missing_after", "access_before", "access_after")


def _supply(before: Workspace, after: Workspace, level: int | None) -> pd.DataFrame:
    """Compare supply and shortfall of each kind by grid, where they differ."""
    if level is None:
        return pd.DataFrame(columns=list(SUPPLY))
    changed = changed_layers(before, after)
    asks = {GRIDS.key, BUILDINGS.key, STREETS.key}
    kinds = [key for key, kind in KINDS.items() if changed & {*asks, kind.layer.key}]
    tables = [table for kind in kinds for table in _supply_of(before, after, kind, level)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(SUPPLY))


def _supply_of(before: Workspace, after: Workspace, kind: str, level: int) -> list[pd.DataFrame]:
    states = [supply(ws, kind, level=level) for ws in (before, after)]
    if not any(one.is_known for one in states):
        return []
    one, other = (state.by_grid for state in states)
    index = one.index.union(other.index, sort=True)
    columns: dict[str, object] = {"kind": kind, "grid_id": index}
    names = one["name"].reindex(index)
    columns["name"] = names.where(names.notna(), other["name"].reindex(index)).to_numpy()
    for key in ("missing", "access"):
        for word, side in (("before", one), ("after", other)):
            columns[f"{key}_{word}"] = side[key].reindex(index).to_numpy(dtype=float)
    table = pd.DataFrame(columns)
    differ = _differ(table["missing_before"], table["missing_after"])
    differ |= _differ(table["access_before"], table["access_after"])
    return [table[differ]] if differ.any() else []


def _differ(one: pd.Series, other: pd.Series) -> np.ndarray:
    left, right = one.to_numpy(dtype=float), other.to_numpy(dtype=float)
    found: np.ndarray = ~(
        (np.abs(left - right) <= NEAR * np.maximum(1.0, np.abs(left))) | (np.isnan(left) & np.isnan(right))
    )
    return found


HEALTH = ("indicator", "zh", "en", "grid_id", "unit", "before", "after", "verdict_before", "verdict_after")


def _health(before: Workspace, after: Workspace, level: int | None) -> pd.DataFrame:
    """Compare every indicator of the health check at every grid and the whole, where value or verdict differ."""
    if level is None:
        return pd.DataFrame(columns=list(HEALTH))
    states = [health_check(ws, level=level) for ws in (before, after)]
    rows = [row for key in states[0].cited for row in _indicator(states[0], states[1], key)]
    return pd.DataFrame(rows, columns=list(HEALTH))


def _indicator(before: Health, after: Health, key: str) -> list[tuple[object, ...]]:
    old = {one.place: one for one in before.findings[key]}
    new = {one.place: one for one in after.findings[key]}
    title = before.cited[key].title
    rows: list[tuple[object, ...]] = []
    for place in dict.fromkeys([*old, *new]):
        was, now = old.get(place), new.get(place)
        values = [np.nan if one is None else one.value for one in (was, now)]
        verdicts = [None if one is None else one.verdict for one in (was, now)]
        same = abs(values[0] - values[1]) <= FIGURES * max(1.0, abs(values[0])) or all(map(np.isnan, values))
        if same and verdicts[0] == verdicts[1]:
            continue
        unit = (new[place] if was is None else was).unit
        where = None if place == WHOLE else place
        rows.append((key, title.zh, title.en, where, unit, *values, *verdicts))
    return rows


ADDED, REMOVED, CHANGED = "added", "removed", "changed"


def things_of(before: Workspace, after: Workspace) -> pd.DataFrame:
    """List what is different of the things themselves: layer, id, name, what ("added", "removed", "changed"), columns."""
    rows: list[tuple[str, str, str, str, str]] = []
    keys = dict.fromkeys([*before.tables, *after.tables])
    for key in (one for one in CATALOG if one in keys and before.tables.get(one) is not after.tables.get(one)):
        rows += _differences(key, before.tables.get(key), after.tables.get(key))
    return pd.DataFrame(rows, columns=["layer", "id", "name", "what", "columns"])


def _differences(
    key: str, one: pd.DataFrame | None, other: pd.DataFrame | None
) -> list[tuple[str, str, str, str, str]]:
    old = pd.Index([]) if one is None else one.index
    new = pd.Index([]) if other is None else other.index
    rows = [(key, str(i), _name(other, i), ADDED, "") for i in new.difference(old)]
    rows += [(key, str(i), _name(one, i), REMOVED, "") for i in old.difference(new)]
    both = old.intersection(new)
    if one is None or other is None or not len(both):
        return rows
    names = [name for name in one.columns if name in other and name not in {"grid_id", "measured_area_m2", "length_m"}]
    differ = pd.DataFrame({name: _unlike(one.loc[both, name], other.loc[both, name]) for name in names}, index=both)
    for i in both[differ.any(axis=1).to_numpy(dtype=bool)]:
        rows.append((key, str(i), _name(other, i), CHANGED, ",".join(name for name in names if differ[name][i])))
    return rows


def _unlike(one: pd.Series, other: pd.Series) -> np.ndarray:
    left, right = (side.astype(object) for side in (one, other))
    alike = (left == right).fillna(value=False).astype(bool)
    return ~(alike | (one.isna() & other.isna())).to_numpy(dtype=bool)


def _name(table: pd.DataFrame | None, thing: object) -> str:
    if table is None or Grids.name not in table:
        return ""
    found = table[Grids.name].get(str(thing))
    return found if isinstance(found, str) else ""
