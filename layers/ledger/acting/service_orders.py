"""Service orders of volunteers (点单、派单、接单、评单) in the same log: asked for, sent to somebody, taken, done, reviewed.

The subject is "order:" and a reference, the kind "order"; the state stands in ``other``, since the columns ``was`` and
``state`` are those of issues. So no fold of issues ever sees them, and the chains prove them like all else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo.errors import ConflictError, TransitionError
from geo.text import Text
from layers.ledger.acting.acts import Powers
from layers.ledger.acting.references import new_reference
from layers.ledger.acting.refusals import NEEDS
from layers.ledger.acting.states import Move
from layers.ledger.log.case import Case
from layers.ledger.log.events import Event, details
from layers.ledger.store.engine import reading, writing
from layers.ledger.store.ledger import Ledger, event_row
from layers.ledger.store.tables import EVENTS, WRITERS
from layers.people.orders import FIRST, order_moves

ORDER = "order"
"""The kind of such events, and the right to ask for one."""
SUBJECT = "order:"
LONGEST = 500
MARKS = range(1, 6)
NO_WORDS = Text("请写明需要什么服务", "say what is needed")
NOT_KNOWN = Text("没有这张服务单", "there is no such order")
NO_MOVE = Text("这张服务单现在不能这样办理", "this cannot be done with the order as it stands")
NOT_YOURS = Text("您不能办理这一步：{step}", "this step is not yours: {step}")
NO_RIGHT = Text("您不能在这里点单", "you may not ask for services here")
STILL = Text("还缺：{needs}", "still missing: {needs}")
MOVED_ON = Text("这张服务单刚被他人改动，请查看后再试", "somebody else has just changed this order: look and try again")


@dataclass(frozen=True, kw_only=True)
class ServiceOrder:
    """An order as it stands: who asked for it (``author``), who has it (``person``), and how the service was found."""

    order_id: str
    author: str
    requested_at: datetime
    state: str = FIRST
    state_since: datetime | None = None
    grid_id: str | None = None
    text: str = ""
    person: str | None = None
    satisfaction: int | None = None
    clock: int = 1

    @property
    def case(self) -> Case:
        """The order as rights are asked about it."""
        return Case(self.order_id, state=self.state, grid_id=self.grid_id, person=self.person)


def service_orders(ledger: Ledger) -> dict[str, ServiceOrder]:
    """Give all orders by id, the latest first."""
    with reading(ledger.engine) as connection:
        found = _fold(_events(connection, EVENTS.c.kind == ORDER))
    return dict(sorted(found.items(), key=lambda one: (one[1].requested_at, one[0]), reverse=True))


def ask_for(
    ledger: Ledger, text: str, grid_id: str | None, powers: Powers, *, at: datetime, command_id: str
) -> ServiceOrder:
    """Ask for a service; sent twice under one command it is asked for once.

    Raises:
        TransitionError: no words, or the person may not.
        DataError: the store could not be written.
    """
    words = "".join(one for one in text if one >= " ").strip()[:LONGEST]
    name = new_reference()
    if not words:
        raise TransitionError(NO_WORDS, code="needs")
    if not powers.may(ORDER, grid_id, Case(name, grid_id=grid_id)):
        raise TransitionError(NO_RIGHT, code="no_right")
    with writing(ledger.engine, ledger.queue) as connection:
        before = _answered(connection, command_id)
        if before is None:
            asked = Event(
                subject=SUBJECT + name, kind=ORDER, at=at, by=powers.person_id, command_id=command_id, clock=1,
                other=FIRST, grid_id=grid_id, text=words,
            )  # fmt: skip
            before = _added(connection, ledger, asked)
        return _fold(_events(connection, EVENTS.c.subject == before.subject))[before.subject.removeprefix(SUBJECT)]


@dataclass(frozen=True, kw_only=True)
class Step:
    """What somebody wants to do with an order; ``seen`` is the clock that they saw."""

    order_id: str
    state: str
    seen: int
    at: datetime
    command_id: str
    person: str | None = None
    text: str | None = None
    satisfaction: int | None = None


def steps_open(order: ServiceOrder, powers: Powers, moves: Iterable[Move]) -> list[Move]:
    """Give the moves that a person may make with an order as it stands."""
    return [one for one in moves if one.was == order.state and _is_theirs(order, one, powers)]


def move_order(ledger: Ledger, step: Step, powers: Powers) -> ServiceOrder:
    """Move an order on.

    Raises:
        ConflictError: somebody else was faster.
        TransitionError: it may not be done, or something is missing.
        DataError: the store could not be written.
    """
    subject = SUBJECT + step.order_id
    with writing(ledger.engine, ledger.queue) as connection:
        before = _events(connection, EVENTS.c.subject == subject)
        order = _fold(before).get(step.order_id)
        if order is None:
            raise TransitionError(NOT_KNOWN, code="not_known")
        if any(one.command_id == step.command_id for one in before):
            return order
        if order.clock != step.seen:
            raise ConflictError(MOVED_ON, code="conflict")
        _require(order, step, powers, ledger)
        event = Event(
            subject=subject, kind=ORDER, at=max(step.at, before[-1].at), by=powers.person_id, other=step.state,
            command_id=step.command_id, clock=order.clock + 1, person=step.person, text=step.text,
            satisfaction=step.satisfaction, details=details(was=order.state),
        )  # fmt: skip
        return _after(order, _added(connection, ledger, event))


def _require(order: ServiceOrder, step: Step, powers: Powers, ledger: Ledger) -> None:
    move = order_moves(ledger.rules.folder).get((order.state, step.state))
    if move is None:
        raise TransitionError(NO_MOVE, code="no_move")
    if not _is_theirs(order, move, powers):
        raise TransitionError(NOT_YOURS.format(step=move.words), code="not_yours", who=tuple(sorted(move.roles)))
    brought = {
        "text": bool(step.text and step.text.strip()),
        "person": bool(step.person),
        "satisfaction": step.satisfaction in MARKS,
    }
    missing = [NEEDS[one] for one in sorted(move.needs) if not brought.get(one, True)]
    if missing:
        needs = Text("、".join(one.zh for one in missing), ", ".join(one.en for one in missing))
        raise TransitionError(STILL.format(needs=needs), code="needs")


def _is_theirs(order: ServiceOrder, move: Move, powers: Powers) -> bool:
    own = "author" in move.roles and order.author == powers.person_id
    return own or powers.may_move(move, order.case)


def _fold(events: Sequence[Event]) -> dict[str, ServiceOrder]:
    """Let events tell how orders stand; a claim from a state that an order was not in changes nothing."""
    found: dict[str, ServiceOrder] = {}
    done: set[str] = set()
    for one in events:
        name = one.subject.removeprefix(SUBJECT)
        known = found.get(name)
        if one.command_id in done:
            continue
        done.add(one.command_id)
        if known is not None and one.facts.get("was") == known.state:
            found[name] = _after(known, one)
        elif known is None and one.other == FIRST:
            found[name] = ServiceOrder(
                order_id=name, author=one.by, requested_at=one.at, state_since=one.at, grid_id=one.grid_id,
                text=one.text or "", clock=one.clock,
            )  # fmt: skip
    return found


def _after(order: ServiceOrder, event: Event) -> ServiceOrder:
    person = None if event.other == FIRST else event.person or order.person
    mark = event.satisfaction or order.satisfaction
    now = str(event.other)
    return replace(order, state=now, state_since=event.at, person=person, satisfaction=mark, clock=event.clock)


def _events(connection: Connection, which: sa.ColumnElement[bool]) -> list[Event]:
    asked = sa.select(EVENTS).where(which, EVENTS.c.kind == ORDER)
    rows = connection.execute(asked.order_by(EVENTS.c.subject, EVENTS.c.clock, EVENTS.c.event_id)).mappings()
    return [Event.of_row(dict(row)) for row in rows]


def _answered(connection: Connection, command_id: str) -> Event | None:
    row = connection.execute(sa.select(EVENTS).where(EVENTS.c.command_id == command_id)).mappings().first()
    return None if row is None else Event.of_row(dict(row))


def _added(connection: Connection, ledger: Ledger, event: Event) -> Event:
    """Put an event at the end of the writer's chain and of its subject."""
    places = sa.select(sa.func.count()).where(EVENTS.c.subject == event.subject)
    place: Any = connection.execute(places).scalar_one()
    asked = sa.select(WRITERS).where(WRITERS.c.writer == ledger.writer).with_for_update()
    end = connection.execute(asked).mappings().one()
    chained = event.chained(ledger.writer, end["number"] + 1, end["last"])
    row = event_row(chained, place + 1)
    connection.execute(sa.insert(EVENTS), row)
    ends = {"number": chained.number, "last": row["event_id"]}
    connection.execute(sa.update(WRITERS).where(WRITERS.c.writer == ledger.writer).values(**ends))
    return chained
