"""How many households are how far: in all, by zone, building and grid, and how many days each zone has left.

A household counts as moved if it has signed and its day of moving has come; one that moved without a signature on
record is counted apart. Shares: signed of all on the register, moved of those signed, pulled down and rehoused of those
moved. A stage of which the register has no day at all is unknown, not zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from geo.text import Text
from layers import BUILDINGS, GRIDS, Workspace
from layers.catalog import PROJECTS
from layers.schema import Buildings, Projects
from layers.standards import policy
from reports.health.works import statistic
from reports.relocation.register import (
    DAYS,
    DEMOLISHED,
    MOVED,
    REHOUSED,
    SIGNED,
    STAGES,
    contradictions,
    has_register,
    known_stages,
    register,
)

WHOLE = "*"
NO_ZONE = Text("未写片区", "no zone given")
WEEK_DAYS = 7
STATES = ("demolished", "empty", "held", "moving", "signing", "untouched")
"""Of a building: pulled down; all out; a few left; some out; some signed; nobody signed."""
COUNTS = ("households", *STAGES)
SHARES: Mapping[str, tuple[str, str]] = {
    "signed_percent": (SIGNED, "households"),
    "moved_percent": (MOVED, SIGNED),
    "demolished_percent": (DEMOLISHED, MOVED),
    "rehoused_percent": (REHOUSED, MOVED),
}


@dataclass(frozen=True)
class Relocation:
    """Relocation as of a moment.

    ``households`` is the register (``register``); ``zones``, ``buildings`` and ``units`` (grids of every level, and
    ``*``) have the columns ``COUNTS``, ``SHARES``, ``unsigned``, ``remaining`` (signed and not moved) and ``left``
    (not moved); zones have the deadline besides, buildings their state. ``source`` is "register", "statistics" (only
    the figures of the community are known) or "none". ``meta`` holds conventions and what contradicts.
    """

    ws: Workspace = field(repr=False)
    as_of: datetime
    source: str
    stages: tuple[str, ...]
    households: pd.DataFrame = field(repr=False)
    zones: pd.DataFrame = field(repr=False)
    buildings: pd.DataFrame = field(repr=False)
    units: pd.DataFrame = field(repr=False)
    meta: Mapping[str, Any]

    @property
    def whole(self) -> "pd.Series[Any]":
        """The row of the whole."""
        return self.units.loc[[WHOLE]].iloc[0]

    def grids(self, level: int) -> pd.DataFrame:
        """Give the rows of the grids of one level."""
        return self.units.reindex(self.ws.grids(level).index)


def relocation(ws: Workspace, as_of: datetime | None = None) -> Relocation:
    """Count how far the households of a workspace are.

    Args:
        ws: the workspace.
        as_of: the moment; None for that of the data.
    """
    day = ws.manifest.as_of if as_of is None else as_of
    if not has_register(ws):
        return _from_statistics(ws, day)
    table = register(ws, day)
    stages = known_stages(table)
    meta = {
        "method": "households whose day has come; moved of those signed",
        "as_of": day.isoformat(),
        "contradictions": contradictions(table, stages),
        "without_building": int((table["building"] < 0).sum()),
        "without_zone": int((table["zone"] == "").sum()),
        "seed": None,
    }
    counted = table.assign(moved=table[MOVED] & table[SIGNED]) if SIGNED in stages else table
    zones = _with_deadlines(ws, counted, funnel_of(counted, counted["zone"], stages), day)
    return Relocation(
        ws, day, "register", stages, counted, zones, _buildings(ws, counted, stages), _units(ws, counted, stages), meta
    )


def funnel_of(table: pd.DataFrame, by: "pd.Series[Any]", stages: tuple[str, ...]) -> pd.DataFrame:
    """Count households by stage in groups, with shares; rows sorted by group."""
    groups = table.groupby(by.to_numpy(), sort=True)
    counts = groups[list(STAGES)].sum().astype(float)
    counts.insert(0, "households", groups.size().astype(float))
    return with_shares(counts.rename_axis(str(by.name)), stages)


def with_shares(counts: pd.DataFrame, stages: tuple[str, ...]) -> pd.DataFrame:
    """Make stages that nobody recorded unknown, and add the shares and what is left."""
    counts = counts.assign(**{one: np.nan for one in STAGES if one not in stages})
    shares = {}
    for name, (part, whole) in SHARES.items():
        base = counts[whole].where(counts[whole] > 0)
        shares[name] = 100 * counts[part] / base
    return counts.assign(
        **shares,
        unsigned=counts["households"] - counts[SIGNED],
        remaining=counts[SIGNED] - counts[MOVED],
        left=counts["households"] - counts[MOVED],
    )


def _with_deadlines(ws: Workspace, table: pd.DataFrame, zones: pd.DataFrame, day: datetime) -> pd.DataFrame:
    """Add name, deadline, days left, pace of the last week and the pace that is needed."""
    names, starts, ends = {}, {}, {}
    if PROJECTS in ws:
        for key, row in ws[PROJECTS].iterrows():
            for one in (str(key), str(row[Projects.name])):
                names[one], starts[one], ends[one] = row[Projects.name], row[Projects.starts_at], row[Projects.ends_at]
    index = zones.index
    deadline = pd.to_datetime(pd.Series({one: ends.get(one, pd.NaT) for one in index}, dtype="datetime64[us]"))
    left_days = (deadline.dt.normalize() - pd.Timestamp(day).normalize()).dt.days.astype(float)
    recent = table[MOVED] & (table[DAYS[MOVED]] > pd.Timestamp(day) - pd.Timedelta(days=WEEK_DAYS))
    weekly = recent.groupby(table["zone"].to_numpy()).sum().reindex(index).astype(float)
    needed = (zones["left"] / left_days.where(left_days > 0)).where(zones["left"] > 0, 0.0)
    return zones.assign(
        name=[str(names.get(one, one)) for one in index],
        starts_at=pd.to_datetime(pd.Series({one: starts.get(one, pd.NaT) for one in index}, dtype="datetime64[us]")),
        deadline=deadline,
        days_left=left_days,
        pace_per_day=weekly / WEEK_DAYS,
        needed_per_day=needed,
    )


def _buildings(ws: Workspace, table: pd.DataFrame, stages: tuple[str, ...]) -> pd.DataFrame:
    """Count by building; the last day on which somebody moved out, and the state."""
    there = table[table["building"] >= 0]
    found = funnel_of(there, there["building_id"], stages)
    most = policy(ws.folder)["relocation_hold_households"]
    zone = there.groupby("building_id")["zone"].first().reindex(found.index)
    last = there[DAYS[MOVED]].where(there[MOVED]).groupby(there["building_id"]).max().reindex(found.index)
    layer = ws[BUILDINGS] if BUILDINGS in ws else pd.DataFrame()
    names = layer[Buildings.name].reindex(found.index) if len(found) else pd.Series(dtype="str")
    gone = found[DEMOLISHED].fillna(0) >= found["households"]
    tests = [
        gone,
        found["left"] == 0,
        (found["left"] <= most) & (found[MOVED] > 0),
        found[MOVED] > 0,
        found[SIGNED].fillna(0) > 0,
    ]
    state = np.select([one.to_numpy(dtype=bool) for one in tests], STATES[:-1], STATES[-1])
    return found.assign(name=names, zone=zone, last_moved_at=last, state=state)


def _units(ws: Workspace, table: pd.DataFrame, stages: tuple[str, ...]) -> pd.DataFrame:
    whole = funnel_of(table, pd.Series(WHOLE, index=table.index, name="unit_id"), stages)
    parts = [whole.assign(name=ws.title.zh)]
    if GRIDS in ws and BUILDINGS in ws:
        for level in ws.levels:
            codes = np.where(table["building"] >= 0, ws.codes(BUILDINGS, level)[table["building"].to_numpy()], -1)
            grids = ws.grids(level)
            inside = table[codes >= 0]
            by = pd.Series(grids.index.to_numpy()[codes[codes >= 0]], index=inside.index, name="unit_id")
            found = funnel_of(inside, by, stages)
            parts.append(found.assign(name=grids["name"].reindex(found.index)))
    return pd.concat(parts)


def _from_statistics(ws: Workspace, day: datetime) -> Relocation:
    """Take what the statistics of a community say; they know no zone, building or day."""
    told = {key: statistic(ws, f"M-MOVE.{key}") for key in ("total", SIGNED, MOVED)}
    stages = tuple(one for one in (SIGNED, MOVED) if told[one] is not None)
    row: dict[str, float] = dict.fromkeys(COUNTS, np.nan)
    for key, column in (("total", "households"), (SIGNED, SIGNED), (MOVED, MOVED)):
        one = told[key]
        row[column] = np.nan if one is None else one[0]
    units = with_shares(pd.DataFrame([row], index=pd.Index([WHOLE], name="unit_id")), stages)
    empty = pd.DataFrame(columns=["building_id", "zone", "blocker", *DAYS.values(), *STAGES])
    meta: dict[str, Any] = {
        "method": "statistics of the community",
        "as_of": day.isoformat(),
        "contradictions": {},
        "seed": None,
    }
    columns = [*units.columns, "name"]
    zones = pd.DataFrame(columns=columns, index=pd.Index([], name="zone"))
    bare = pd.DataFrame(columns=[*columns, "zone", "state"], index=pd.Index([], name="building_id"))
    source = "statistics" if stages else "none"
    return Relocation(ws, day, source, stages, empty, zones, bare, units.assign(name=ws.title.zh), meta)
