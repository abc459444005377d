"""Union: ledgers of several machines joined by putting their records together.

Neither the order matters nor how often: each record is named by its content, and what follows from the records
(cases, ends of chains) is told anew. A record that does not fit its name is refused, and those behind it in its
writer's chain wait until a whole copy of it comes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo.errors import Problem
from geo.text import Text
from layers.ledger.faults import ledger_problem
from layers.ledger.keeping.exchange import Told, told_by
from layers.ledger.log.events import COLUMNS, name_of
from layers.ledger.log.soundness import unsound
from layers.ledger.store.engine import writing
from layers.ledger.store.files import FILE
from layers.ledger.store.known import parts
from layers.ledger.store.ledger import Ledger, put_again
from layers.ledger.store.tables import EVENTS, WRITERS

_MANY = 500
_LETTERS = 12
"""Letters of a writer that are shown."""


class Merged(NamedTuple):
    """What came of a union.

    ``new`` records came in, ``known`` ones were there; ``problems`` names those that were refused or wait for
    another, and chains that are forked (a warning).
    """

    new: int
    known: int
    problems: tuple[Problem, ...]


def merge(ledger: Ledger, other: Ledger | Path) -> Merged:
    """Take the records of another ledger in, all in one transaction.

    Args:
        ledger: to take them in.
        other: a ledger, the file of one, or what ``export`` wrote.

    Raises:
        DataError: the other cannot be read, or this one not be written; nothing was taken in.
    """
    told = iter(list(told_by(other)) if isinstance(other, Ledger) else told_by(other))
    with writing(ledger.engine, ledger.queue) as connection:
        file = other.name if isinstance(other, Path) else FILE
        union = _Union(connection, file, frozenset(ledger.rules.states.index))
        while part := list(islice(told, _MANY)):
            union.take(part)
        union.close()
    return Merged(union.new, union.known, tuple(union.problems))


@dataclass
class _Union:
    """A union in the making.

    Attributes:
        connection: the transaction.
        file: where the records come from.
        states: codes that the rules know.
        ends: the new ends of the chains that grew, by writer.
        places: how many records the issues have that were touched.
        waiting: how many records of a chain wait.
    """

    connection: Connection
    file: str
    states: frozenset[str]
    new: int = 0
    known: int = 0
    problems: list[Problem] = field(default_factory=list)
    ends: dict[str, tuple[int, str]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    waiting: Counter[str] = field(default_factory=Counter)

    def take(self, told: list[Told | Problem]) -> None:
        """Take in the next records, by writer and number."""
        self.problems += [one for one in told if isinstance(one, Problem)]
        fit = {one.name: one for one in told if isinstance(one, Told) and self._is_fit(one)}
        chain = self._chain([*fit, *(one.row["before"] for one in fit.values())])
        new = []
        for name, one in fit.items():
            if name in chain:
                self.known += 1
            elif self._follows(one, chain):
                chain[name] = one.row["writer"], one.row["number"]
                new.append(one)
        self._add(new)

    def close(self) -> None:
        """Tell what follows from the new records."""
        here = {one.writer: (one.number, one.last) for one in self.connection.execute(sa.select(WRITERS))}
        for writer, end in self.ends.items():
            number, last = max(end, here.get(writer, end))
            values = {"number": number, "last": last}
            if writer in here:
                self.connection.execute(sa.update(WRITERS).where(WRITERS.c.writer == writer).values(**values))
            else:
                self.connection.execute(sa.insert(WRITERS).values(writer=writer, is_here=False, **values))
        put_again(self.connection, self.places)
        self.problems += self._forks()
        for writer, count in self.waiting.items():
            found = Text("记录者 {writer} 的 {count} 条记录", "{count} records of writer {writer}")
            found = found.format(writer=writer[:_LETTERS], count=count)
            self.problems.append(ledger_problem("ledger_waiting", self.file, found, row=f"@{writer[:_LETTERS]}"))

    def _is_fit(self, one: Told) -> bool:
        """Tell whether a record fits its name and can be used; note why not."""
        if _name(one) != one.name:
            found = Text.same(one.name[:_LETTERS])
            self.problems.append(ledger_problem("ledger_altered", self.file, found, row=_row(one)))
            return False
        wrong = unsound(one.row, self.states)
        if wrong is not None:
            found = Text.same(f"{wrong} = {str(one.row.get(wrong))[:80]!a}")
            self.problems.append(ledger_problem("ledger_unsound", self.file, found, row=_row(one), column=wrong))
        return wrong is None

    def _follows(self, one: Told, chain: dict[str, tuple[str, int]]) -> bool:
        """Tell whether a record follows one that is in the ledger; note why not."""
        writer, number, before = one.row["writer"], one.row["number"], one.row["before"]
        if number == 1 and not before:
            return True
        if chain.get(before) == (writer, number - 1):
            return True
        if number > 1 and before and before not in chain:
            self.waiting[writer] += 1
        else:
            found = Text.same(f"{number}: {before[:_LETTERS]}")
            self.problems.append(ledger_problem("ledger_order", self.file, found, row=_row(one), column="before"))
        return False

    def _chain(self, names: list[str]) -> dict[str, tuple[str, int]]:
        """Give writer and number of those of some records that are in the ledger."""
        found: dict[str, tuple[str, int]] = {}
        for part in parts(names):
            asked = sa.select(EVENTS.c.event_id, EVENTS.c.writer, EVENTS.c.number)
            rows = self.connection.execute(asked.where(EVENTS.c.event_id.in_(part)))
            found |= {row.event_id: (row.writer, row.number) for row in rows}
        return found

    def _add(self, new: list[Told]) -> None:
        if not new:
            return
        self._count([one.row["subject"] for one in new])
        rows: list[dict[str, Any]] = []
        for one in new:
            self.places[one.row["subject"]] += 1
            rows.append({**one.row, "event_id": one.name, "place": self.places[one.row["subject"]]})
            end = one.row["number"], one.name
            self.ends[one.row["writer"]] = max(end, self.ends.get(one.row["writer"], end))
        self.connection.execute(sa.insert(EVENTS), rows)
        self.new += len(rows)

    def _count(self, subjects: Iterable[str]) -> None:
        unknown = sorted(set(subjects) - self.places.keys())
        self.places |= dict.fromkeys(unknown, 0)
        for part in parts(unknown):
            asked = sa.select(EVENTS.c.subject, sa.func.max(EVENTS.c.place)).where(EVENTS.c.subject.in_(part))
            self.places |= dict(self.connection.execute(asked.group_by(EVENTS.c.subject)).tuples().all())

    def _forks(self) -> Iterator[Problem]:
        """Name the first fork of each writer whose chain grew."""
        for writer in sorted(self.ends):
            asked = sa.select(EVENTS.c.number).where(EVENTS.c.writer == writer).group_by(EVENTS.c.number)
            asked = asked.having(sa.func.count() > 1).order_by(EVENTS.c.number).limit(1)
            for number in self.connection.execute(asked).scalars():
                found = Text("记录者 {writer} 的第 {number} 条", "record {number} of writer {writer}")
                found = found.format(writer=writer[:_LETTERS], number=number)
                yield ledger_problem("ledger_forked", self.file, found, row=f"@{writer[:_LETTERS]} #{number}")


def _name(one: Told) -> str | None:
    """Compute the name of a record, None if it holds what is no text."""
    try:
        return name_of([one.row[name] for name in COLUMNS])
    except UnicodeEncodeError:
        return None


def _row(one: Told) -> str:
    """Say where a record stands, alike in all languages."""
    subject, writer = str(one.row.get("subject"))[:40], str(one.row.get("writer"))[:_LETTERS]
    words = f"{subject} #{one.row.get('number')} @{writer} ({one.where})"
    return words.encode(errors="replace").decode()
