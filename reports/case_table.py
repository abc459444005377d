"""Cases as a table for people: lamps as shapes with words, codes in words, times that are left."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import pandas as pd

from geo.text import Lang, Text
from layers import Workspace
from layers.ledger.acting.rules import NEW, SHUT, Rules
from layers.ledger.acting.states import Move
from layers.ledger.log.events import ASSIGN, ESCALATE, EXTEND, FUSE, NOTE, PAUSE, RESUME, UNFUSE
from layers.schema import Grids
from layers.standards import issue_types, standard
from reports.ledger_answers import NO_DEADLINE, NO_TYPE
from reports.levels import LEVELS
from reports.wall import left

GLYPHS = {"triangle": "▲", "diamond": "◆", "circle": "●", "square": "■", "ring": "○"}
"""Signs of the shapes of lamps, for tables that take text alone."""
TITLES: Mapping[str, Text] = {
    "issue_id": Text("问题编号", "issue id"),
    "lamp": Text("灯", "lamp"),
    "left": Text("时限", "time left"),
    "type": Text("问题类别", "issue type"),
    "state": Text("状态", "state"),
    "person": Text("责任人", "person"),
    "due_at": Text("期限", "due"),
    "grid": Text("网格", "grid"),
    "level": Text("层级", "level"),
    "severity": Text("严重程度", "severity"),
    "rework_count": Text("返工", "rework"),
    "reported_at": Text("上报", "reported"),
}


def lamp_titles(rules: Rules, lang: Lang) -> dict[str, str]:
    """Give each lamp as a sign with its word, by code."""
    table = standard("lamps", rules.folder)
    return {row["lamp"]: f"{GLYPHS[row['shape']]} {row[lang]}" for row in table.to_dict("records")}


def state_titles(rules: Rules, lang: Lang) -> dict[str, str]:
    """Give the words of states by code."""
    return {str(code): rules.words(str(code)).in_(lang) for code in rules.states.index}


def type_titles(rules: Rules, lang: Lang) -> dict[str, str]:
    """Give the words of issue types by code."""
    return {str(code): str(words) for code, words in issue_types(rules.folder)[str(lang)].items()}


def case_table(
    cases: pd.DataFrame,
    as_of: datetime,
    rules: Rules,
    lang: Lang,
    *,
    names: Mapping[str, str],
    grids: Mapping[str, str],
) -> pd.DataFrame:
    """Give cases in words, with the columns of ``TITLES``, indexed as they are.

    Args:
        cases: of ``layers.ledger.store.pages.page``.
        as_of: the moment, from which the time that is left is counted.
        rules: of the workspace.
        lang: the language.
        names: of people by id.
        grids: names of grids by id.
    """
    states, types, lamps = state_titles(rules, lang), type_titles(rules, lang), lamp_titles(rules, lang)
    is_open = cases["state"].map(rules.states["open"]).fillna(value=False).to_numpy(bool)
    spent = [
        (left(due, as_of) if pd.notna(due) else NO_DEADLINE["not_dated"]).in_(lang) if on else ""
        for due, on in zip(cases["due_at"], is_open, strict=True)
    ]
    person = cases["person"].map(lambda one: names.get(one, one))
    levels = {code: words.in_(lang) for code, words in LEVELS.items()}
    return pd.DataFrame(
        {
            "lamp": cases["lamp"].map(lamps).fillna(""),
            "left": spent,
            "type": cases["issue_type"].map(types).fillna(NO_TYPE.in_(lang)),
            "state": cases["state"].map(states),
            "person": person,
            "due_at": cases["due_at"],
            "grid": cases["grid_id"].map(lambda one: grids.get(one, one)),
            "level": cases["level"].map(levels),
            "severity": cases["severity"],
            "rework_count": cases["rework_count"],
            "reported_at": cases["reported_at"],
        },
        index=cases.index,
    )


def open_moves(states: Iterable[str], rules: Rules) -> list[Move]:
    """Give the moves that are open to all of some states, each state that they lead to once."""
    ways = [{one.becomes: one for one in rules.onward(state)} for state in dict.fromkeys(states)]
    if not ways:
        return []
    shared = [one for code, one in ways[0].items() if all(code in way for way in ways[1:])]
    needs = {one.becomes: frozenset().union(*(way[one.becomes].needs for way in ways)) for one in shared}
    return [one._replace(needs=needs[one.becomes]) for one in shared]


def open_acts(cases: pd.DataFrame, rules: Rules) -> tuple[str, ...]:
    """Give the acts beside moves that are open to all of some cases, kinds of events."""
    follows = cases["head"].notna()
    if follows.any():
        return (NOTE, UNFUSE) if follows.all() else (NOTE,)
    state, paused = cases["state"], cases["paused_since"].notna()
    runs = (state.map(rules.states["clock"]) == "runs") & ~paused
    is_shut = state.isin(SHUT)
    fits = {
        ASSIGN: ~is_shut & (state != NEW),
        NOTE: state.notna(),
        EXTEND: runs & cases["due_at"].notna(),
        PAUSE: runs,
        RESUME: paused,
        ESCALATE: ~is_shut & (cases["level"] != "district"),
        FUSE: ~is_shut,
    }
    return tuple(kind for kind, rows in fits.items() if rows.all())


def smallest_in(ws: Workspace, grid_id: str) -> tuple[str, ...]:
    """Give the smallest grids that lie in a grid: itself, or those whose parents lead to it."""
    parent = pd.concat([ws.grids(level)[Grids.parent_id] for level in ws.levels])
    found, rest = [grid_id], [grid_id]
    while rest:
        rest = [str(one) for one in parent.index[parent.isin(rest)] if one not in found]
        found += rest
    smallest = ws.grids(ws.finest).index
    return tuple(one for one in found if one in smallest)
