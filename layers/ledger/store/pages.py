"""Pages: the issues of a ledger that somebody asks for, a page at a time, the most urgent first.

Of the present they come straight out of the ``cases`` table, whatever its size; of the past out of a fold.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import sqlalchemy as sa

from layers.ledger.acting.rules import SHUT, Rules
from layers.ledger.lamps import BY_DEADLINE, lamps
from layers.ledger.log.events import CREATE, microseconds
from layers.ledger.store.engine import reading
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.tables import CASE_TIMES, CASES, EVENTS

ORDERS = ("due_at", "reported_at", "state_since", "severity")
_HOUR_US = 3_600_000_000
_FEW = 500
"""Values that a question names one by one; SQLite takes some 32,000 in all, PostgreSQL twice as many."""
COLUMNS = tuple(CASES.c.keys())
"""Columns of a page, and ``lamp``."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for; an empty choice means all.

    Attributes:
        states, types, grids, people, departments, levels, lamps, sources: codes, any of which will do.
        issues: ids.
        due_before: due until then.
        said: a word of the id, the description or the address.
        heads_only: leave out members of groups of duplicates.
        contested: only what two machines said differently.
    """

    states: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    grids: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    lamps: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    due_before: datetime | None = None
    said: str = ""
    heads_only: bool = False
    contested: bool = False


def lying_in(wanted: Wanted, cases: pd.DataFrame) -> Wanted:
    """Ask for the issues that lie in the wanted grids as they are drawn now, in place of those with their codes.

    Args:
        wanted: with grids.
        cases: with the present grid of each, see ``layers.succession.in_present_grids``.
    """
    inside = cases.index[cases["grid_id"].isin(wanted.grids)]
    found = [str(one) for one in inside if not wanted.issues or one in wanted.issues]
    return replace(wanted, grids=(), issues=tuple(found) or ("",))


class Page(NamedTuple):
    """Some of the issues that were asked for, and how many there are in all."""

    cases: pd.DataFrame
    total: int


_CHOICES = {
    "states": "state",
    "types": "issue_type",
    "grids": "grid_id",
    "people": "person",
    "departments": "department",
    "levels": "level",
    "lamps": "lamp",
    "sources": "source",
    "issues": "issue_id",
}


def page(
    ledger: Ledger,
    wanted: Wanted,
    as_of: datetime,
    *,
    order: str = "due_at",
    rows: int = 100,
    start: int = 0,
    folded: bool = False,
) -> Page:
    """Give issues as they stand at a moment, those that are open first.

    Args:
        ledger: to look in.
        wanted: which.
        as_of: the moment.
        order: one of ``ORDERS``; without a value last.
        rows: how many at most.
        start: how many to leave out.
        folded: answer out of a fold even of the present, which is slower.

    Returns:
        Table indexed by ``issue_id`` with ``COLUMNS`` and ``lamp``; times are datetime64[us].
    """
    if order not in ORDERS:
        msg = f"unknown order {order}"
        raise ValueError(msg)
    latest = ledger.latest()
    if folded or (latest is not None and as_of < latest):
        return _of_fold(ledger, wanted, as_of, order=order, rows=rows, start=start)
    asked = _asked(ledger, wanted, as_of)
    column = asked.c[order]
    shut = asked.c.state.in_(sorted(SHUT))
    ranked = sa.select(asked).order_by(shut, column.is_(None), column, asked.c.issue_id).limit(rows).offset(start)
    with reading(ledger.engine) as connection:
        total = connection.execute(sa.select(sa.func.count()).select_from(asked)).scalar_one()
        found = connection.execute(ranked)
        table = pd.DataFrame(found.all(), columns=list(found.keys()))
    return Page(_typed(table), int(total))


def _asked(ledger: Ledger, wanted: Wanted, as_of: datetime) -> sa.Subquery:
    lit = sa.select(CASES, _lamp(ledger.rules, as_of).label("lamp")).subquery()
    clauses: list[Any] = []
    for choice, column in _CHOICES.items():
        values = getattr(wanted, choice)
        if values:
            clauses.append(lit.c[column].in_(_any_of(values, ledger.engine.dialect.name)))
    if wanted.due_before is not None:
        clauses.append(lit.c.due_at <= microseconds(wanted.due_before))
    if wanted.said:
        clauses.append(
            sa.or_(lit.c.issue_id.icontains(wanted.said, autoescape=True), lit.c.issue_id.in_(_saying(wanted)))
        )
    if wanted.heads_only:
        clauses.append(lit.c.head.is_(None))
    if wanted.contested:
        clauses.append(lit.c.is_contested)
    return sa.select(lit).where(*clauses).subquery()


def _any_of(values: Sequence[str], dialect: str) -> Any:  # noqa: ANN401 (values, or a question for them)
    """Give values to look among: a few one by one, many as one list, for a question holds only so many values."""
    if len(values) <= _FEW:
        return values
    if dialect == "sqlite":
        return sa.select(sa.func.json_each(json.dumps(values)).table_valued("value").c.value)
    return sa.select(sa.func.json_array_elements_text(sa.cast(list(values), sa.JSON)).column_valued())


def _saying(wanted: Wanted) -> sa.Select[Any]:
    """Ask for the issues whose report has a word."""
    words = (EVENTS.c[name].icontains(wanted.said, autoescape=True) for name in ("text", "address"))
    return sa.select(EVENTS.c.subject).where(EVENTS.c.kind == CREATE, sa.or_(*words))


def _lamp(rules: Rules, as_of: datetime) -> sa.ColumnElement[str]:
    """Say in SQL what ``layers.ledger.lamps`` says; a test holds them equal."""
    now, table = microseconds(as_of), rules.states
    runs = table.index[table["counts_overdue"].to_numpy(bool) & (table["clock"] == "runs").to_numpy()].tolist()
    own = {str(code): str(lamp) for code, lamp in table["lamp"].items() if lamp != BY_DEADLINE}
    left, whole = CASES.c.due_at - now, CASES.c.due_at - CASES.c.since
    near = sa.or_(
        left <= rules.policy["lamp_yellow_share"] * whole, left <= rules.policy["lamp_yellow_hours_min"] * _HOUR_US
    )
    return sa.case(
        (sa.and_(CASES.c.state.in_(runs), CASES.c.due_at < now), "red"),
        *((CASES.c.state == code, lamp) for code, lamp in own.items()),
        (CASES.c.due_at.is_(None), "grey"),
        (near, "yellow"),
        else_="green",
    )


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    times = {name: pd.to_datetime(table[name], unit="us").astype("datetime64[us]") for name in CASE_TIMES}
    words = [
        name for name in table.columns if name not in {*CASE_TIMES, "is_contested"} and table[name].dtype == object
    ]
    return table.assign(**times).astype(dict.fromkeys(words, "str")).set_index("issue_id")


def lamp_counts(ledger: Ledger, wanted: Wanted, as_of: datetime) -> dict[str, int]:
    """Count the issues that are asked for by lamp, those that are hidden left out; the lamps of ``wanted`` are not asked."""
    open_choice = replace(wanted, lamps=())
    latest = ledger.latest()
    if latest is not None and as_of < latest:
        found = _of_fold(ledger, open_choice, as_of, order="due_at", rows=ledger.size(), start=0).cases
        return {str(lamp): int(n) for lamp, n in found["lamp"].value_counts().items()}
    asked = _asked(ledger, open_choice, as_of)
    with reading(ledger.engine) as connection:
        rows = connection.execute(sa.select(asked.c.lamp, sa.func.count()).group_by(asked.c.lamp))
        return {str(lamp): int(n) for lamp, n in rows}


def _of_fold(ledger: Ledger, wanted: Wanted, as_of: datetime, *, order: str, rows: int, start: int) -> Page:
    """Give a page of the past."""
    cases = ledger.cases(as_of).rename(columns={"events": "place"})
    cases["lamp"] = lamps(cases, as_of, ledger.rules.folder)
    keep = np.ones(len(cases), dtype=bool)
    shown = cases.reset_index()
    for choice, column in _CHOICES.items():
        values = getattr(wanted, choice)
        if values:
            keep &= shown[column].isin(values).to_numpy()
    if wanted.due_before is not None:
        keep &= (shown["due_at"] <= wanted.due_before).to_numpy()
    if wanted.said:
        text = shown["issue_id"] + "\n" + shown["description"].fillna("") + "\n" + shown["address"].fillna("")
        keep &= text.str.contains(wanted.said, case=False, regex=False).to_numpy()
    if wanted.heads_only:
        keep &= shown["head"].isna().to_numpy()
    if wanted.contested:
        keep &= shown["is_contested"].to_numpy()
    ranked = shown[keep].assign(shut=shown.loc[keep, "state"].isin(SHUT))
    chosen = ranked.sort_values(["shut", order, "issue_id"], na_position="last", kind="stable")
    part = chosen.iloc[start : start + rows].set_index("issue_id")
    return Page(part[[name for name in (*COLUMNS, "lamp") if name != "issue_id"]], int(keep.sum()))
