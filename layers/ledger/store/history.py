"""History: the issues of a layer, with what their register says of them, as the first events of a ledger."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from layers.ledger.acting.rules import NEW, RESOLVE, Rules
from layers.ledger.log.case import Case
from layers.ledger.log.events import CREATE, IMPORTED, MOVE, Event, details
from layers.ledger.store.engine import writing
from layers.ledger.store.known import parts
from layers.ledger.store.ledger import Ledger, event_row, put_cases
from layers.ledger.store.tables import EVENTS, IMPORTS, WRITERS
from layers.ledger.timing.terms import term
from layers.schema import Issues

NOT_DATED = "not_dated"
"""Why an issue has no deadline: its register gives none."""
_HOUR_S = 3600


class Taken(NamedTuple):
    """What came of taking over a history: events and issues that were new."""

    events: int
    issues: int


def take_history(
    ledger: Ledger,
    issues: pd.DataFrame,
    where: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    grid_ids: pd.Series,
    *,
    with_limits: bool = False,
) -> Taken:
    """Enter the issues of a layer that the ledger does not know, in one transaction.

    Each is reported at its time; what was closed was closed at its time; a deadline of the register is the deadline
    in force. These events say that they were imported: no rule was asked for them.

    Args:
        ledger: to enter them in.
        issues: the layer, indexed by id.
        where: coordinates of each issue, metres, NaN without a place.
        grid_ids: the grid of each issue, null in none.
        with_limits: give open issues without a deadline the limits of their type; else they have none, and say why.

    Raises:
        DataError: the ledger could not be written; nothing was entered.
    """
    with writing(ledger.engine, ledger.queue) as connection:
        here = set(connection.execute(sa.select(EVENTS.c.subject).distinct()).scalars())
        new = ~issues.index.isin(here)
        row = connection.execute(sa.select(WRITERS).where(WRITERS.c.writer == ledger.writer)).mappings().one()
        number, last = row["number"], row["last"]
        rows, known = [], []
        chosen = issues.assign(x_m=where[0], y_m=where[1], grid_id=grid_ids.to_numpy())[new]
        for record in _records(chosen):
            case = Case(record["issue_id"])
            for event in _told(record, ledger.rules, with_limits=with_limits):
                chained = event.chained(ledger.writer, number + 1, last)
                case.tell(chained)
                rows.append(event_row(chained, case.place))
                number, last = number + 1, rows[-1]["event_id"]
            known.append(case)
        for part in parts(rows):
            connection.execute(sa.insert(EVENTS), part)
        put_cases(connection, known)
        ends = sa.update(WRITERS).where(WRITERS.c.writer == ledger.writer).values(number=number, last=last)
        connection.execute(ends)
        if rows:
            _note(connection, rows, len(known))
    return Taken(len(rows), len(known))


def _note(connection: sa.Connection, rows: list[dict[str, Any]], issues: int) -> None:
    digest = sha256("".join(row["event_id"] for row in rows).encode()).hexdigest()
    at = max(row["at"] for row in rows)
    connection.execute(sa.insert(IMPORTS).values(digest=digest, at=at, events=len(rows), issues=issues))


def _records(issues: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Give rows as plain values, null as None, in the order of their reports."""
    table = issues.drop(columns="geometry", errors="ignore").rename_axis("issue_id").reset_index()
    table = pd.DataFrame(table.sort_values([Issues.reported_at, "issue_id"], kind="stable"))
    plain = {name: _plain(column) for name, column in table.items()}
    for at in range(len(table)):
        yield {str(name): values[at] for name, values in plain.items()}


def _plain(column: pd.Series) -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(column):
        return [None if pd.isna(one) else one.to_pydatetime() for one in column]
    return column.astype(object).where(column.notna(), None).tolist()


def _told(record: dict[str, Any], rules: Rules, *, with_limits: bool) -> Iterator[Event]:
    """Give the report of an issue and its closing."""
    name, reported, closed = record["issue_id"], record["reported_at"], record.get("closed_at")
    severity = record.get("severity")
    facts: dict[str, Any] = {
        key: record.get(key) for key in ("issue_type", "source", "grid_id", "address", "x_m", "y_m")
    }
    due = _due(record, rules, with_limits=with_limits and closed is None)
    yield Event(
        subject=name,
        kind=CREATE,
        at=reported,
        by=IMPORTED,
        command_id=f"{IMPORTED}:{name}",
        clock=1,
        state=NEW,
        severity=None if severity is None else int(severity),
        department=record.get("unit_in_charge"),
        text=record.get("description"),
        version=1,
        **(facts | due),
    )
    if closed is not None:
        yield Event(
            subject=name,
            kind=MOVE,
            at=max(closed, reported),
            by=IMPORTED,
            command_id=f"{IMPORTED}:{name}:closed",
            clock=2,
            was=NEW,
            state="closed",
            details=details(imported=True),
        )


def _due(record: dict[str, Any], rules: Rules, *, with_limits: bool) -> dict[str, Any]:
    """Give the deadline of the register, else that of the type, else why there is none."""
    due, reported = record.get("due_at"), record["reported_at"]
    if due is not None:
        limits = [[RESOLVE, (due - reported).total_seconds() / _HOUR_S, "natural_hour"]]
        stage = {"stage": RESOLVE, "due_at": due, "final_due_at": due}
        return stage | {"details": details(imported=True, limits=limits)}
    if not with_limits:
        return {"reason": NOT_DATED, "details": details(imported=True)}
    return _by_type(record, reported, rules)


def _by_type(record: dict[str, Any], reported: datetime, rules: Rules) -> dict[str, Any]:
    severity = record.get("severity")
    limits = rules.limits(str(record["issue_type"]), None if severity is None else int(severity))
    now = term(Case(record["issue_id"], state=NEW, since=reported, limits=limits), rules.work)
    values = {"stage": now.stage, "due_at": now.due_at, "final_due_at": now.final_due_at, "reason": now.reason}
    listed = [[stage, one.amount, one.unit] for stage, one in limits]
    return values | {"details": details(imported=True, limits=listed)}
