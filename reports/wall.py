"""The wall: for each grid its list of issues with person, deadline and lamp, what is done struck off.

This is what a district hangs up: every issue has one person, one deadline, one lamp.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from geo.text import Text, counted
from layers import ISSUES, Workspace
from layers.ledger.lamps import lamps
from layers.standards import issue_types, standard
from layers.succession import in_present_grids
from reports.ledger_answers import NO_DEADLINE, NO_TYPE

ORDER = ("red", "yellow", "green", "blue", "grey")
"""Lamps, what is most urgent first."""
NO_GRID = Text("网格之外", "outside every grid")
NO_PERSON = Text("未派人", "nobody yet")
STRUCK = frozenset({"struck"})
DONE = frozenset({"closed", "revisit_ok", "struck"})
HIDDEN = "hidden"
_HOUR_S, _DAY_S = 3600, 86_400


@dataclass(frozen=True)
class Line:
    """One issue on the wall."""

    issue_id: str
    lamp: str
    type_words: Text
    state_words: Text
    person: Text
    due: Text
    left: Text
    is_done: bool
    is_struck: bool


@dataclass(frozen=True)
class Card:
    """The list of one grid: ``lines`` holds the most urgent, ``more`` counts those that are left out."""

    grid_id: str | None
    name: Text
    people: tuple[str, ...]
    by_lamp: Mapping[str, int]
    struck: int
    total: int
    lines: tuple[Line, ...]
    more: int


@dataclass(frozen=True)
class Wall:
    """All lists, and how many issues there are by lamp."""

    as_of: datetime
    cards: tuple[Card, ...]
    by_lamp: Mapping[str, int]
    struck: int
    total: int


def wall(
    cases: pd.DataFrame,
    grid_names: Mapping[str, Text],
    as_of: datetime,
    *,
    names: Mapping[str, str] | None = None,
    rows: int = 12,
    folder: Path | None = None,
) -> Wall:
    """Lay out the wall.

    Args:
        cases: where issues stand, see ``layers.ledger.log.folds.cases``.
        grid_names: the grids that get a list, in order; issues of others stand under "outside".
        as_of: the moment, from which the time that is left is counted.
        names: of people by id; who is not there is shown by id.
        rows: lines of a list; what is open comes first, then what was done last.
        folder: the workspace, for its own tables.

    Returns:
        Lists in the order of the grids. Members of groups of duplicates and what was declined are left out.
    """
    shown = cases[cases["head"].isna()].assign(lamp=lamps(cases, as_of, folder))
    shown = shown[shown["lamp"] != HIDDEN]
    words = _Words(issue_types(folder), standard("states", folder).set_index("state"), names or {})
    owner = shown["grid_id"].where(shown["grid_id"].isin(grid_names))
    parts = {str(grid): part for grid, part in shown.groupby(owner)}
    lists: list[tuple[str | None, Text, pd.DataFrame]] = [
        (grid, name, parts.get(grid, shown.iloc[:0])) for grid, name in grid_names.items()
    ]
    outside = shown[owner.isna()]
    if len(outside):
        lists.append((None, NO_GRID, outside))
    cards = tuple(_card(grid, name, part, as_of, words=words, rows=rows) for grid, name, part in lists)
    struck = int(shown["state"].isin(STRUCK).sum())
    return Wall(as_of, cards, _by_lamp(shown), struck, len(shown))


def in_level(cases: pd.DataFrame, ws: Workspace, level: int) -> pd.DataFrame:
    """Give cases with the grid of a level in place of the smallest; codes that were redrawn count where they lie now."""
    if level == ws.finest or ISSUES not in ws:
        return in_present_grids(cases, ws)
    return cases.assign(grid_id=ws.owner(ISSUES, level).reindex(cases.index))


@dataclass(frozen=True)
class _Words:
    types: pd.DataFrame
    states: pd.DataFrame
    names: Mapping[str, str]

    def of(self, table: pd.DataFrame, code: object) -> Text:
        if code not in table.index:
            return NO_TYPE
        row = table.loc[[str(code)]].iloc[0]
        return Text(str(row["zh"]), str(row["en"]))

    def person(self, code: Any) -> Text:  # noqa: ANN401 (an id, or nothing)
        if pd.isna(code):
            return NO_PERSON
        return Text.same(self.names.get(str(code), str(code)))


def _by_lamp(cases: pd.DataFrame) -> dict[str, int]:
    """Count what is not struck off by lamp."""
    counts = cases.loc[~cases["state"].isin(STRUCK), "lamp"].value_counts()
    return {lamp: int(counts.get(lamp, 0)) for lamp in ORDER}


def _card(grid: str | None, name: Text, cases: pd.DataFrame, as_of: datetime, *, words: _Words, rows: int) -> Card:
    done = cases["state"].isin(DONE)
    urgent = cases[~done]
    urgent = urgent.assign(rank=urgent["lamp"].map(ORDER.index)).sort_values(["rank", "due_at", "reported_at"])
    last = cases[done].sort_values("state_since", ascending=False)
    lines = pd.concat([urgent, last]).head(rows)
    people = tuple(dict.fromkeys(words.person(one).zh for one in urgent["person"].dropna()))
    struck = int(cases["state"].isin(STRUCK).sum())
    listed = tuple(_line(str(key), row, as_of, words) for key, row in lines.iterrows())
    return Card(grid, name, people, _by_lamp(cases), struck, len(cases), listed, len(cases) - len(listed))


def _line(name: str, row: pd.Series, as_of: datetime, words: _Words) -> Line:
    done = row["state"] in DONE
    stands = str(words.states.loc[str(row["state"]), "clock"]) != "runs" and row["state"] != "to_project"
    return Line(
        name,
        str(row["lamp"]),
        words.of(words.types, row["issue_type"]),
        words.of(words.states, row["state"]),
        words.person(row["person"]),
        _due(row),
        words.of(words.states, row["state"]) if stands else left(row["due_at"], as_of),
        done,
        row["state"] in STRUCK,
    )


def _due(row: pd.Series) -> Text:
    due = row["due_at"]
    if pd.notna(due):
        return Text.same(f"{due:%m-%d %H:%M}")
    return NO_DEADLINE.get(str(row["no_deadline_reason"]), Text("无期限", "no deadline"))


def left(due_at: object, as_of: datetime) -> Text:
    """Say how much time is left until a deadline, or by how much it is over; nothing without one."""
    if not isinstance(due_at, datetime) or pd.isna(due_at):
        return Text.same("")
    seconds = (due_at - as_of).total_seconds()
    amount = _amount(abs(seconds))
    return Text("剩 {t}", "{t} left").format(t=amount) if seconds >= 0 else Text("超 {t}", "{t} over").format(t=amount)


def _amount(seconds: float) -> Text:
    if seconds >= _DAY_S:
        days = int(seconds // _DAY_S)
        return Text(f"{days} 天", counted(days, "day", "days"))
    if seconds >= _HOUR_S:
        hours = int(seconds // _HOUR_S)
        return Text(f"{hours} 小时", counted(hours, "hour", "hours"))
    minutes = int(seconds // 60)
    return Text(f"{minutes} 分钟", counted(minutes, "minute", "minutes"))
