"""Groups without a head, as two machines that fuse at the same time may leave them: somebody has to settle those.

``layers.ledger.log.folds`` tells it of all issues at once; here it is told of the few that a transaction touches.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from layers.ledger.store.tables import CASES, WRITERS

_MANY = 500  # values in one question, as in the store


def headless(connection: Connection, heads: Mapping[str, str | None]) -> set[str]:
    """Give the issues that follow one which is not in the ledger, or a circle.

    Args:
        connection: a transaction on the ledger; cases that are not among ``heads`` are read from it.
        heads: issues, with the one that each follows, None where it stands alone.
    """
    asked = {name for name, head in heads.items() if head is not None}
    if not asked or not _has_several_writers(connection):
        return set()
    follows = dict(heads)
    new = {head for head in follows.values() if head is not None} - follows.keys()
    while new:
        question = sa.select(CASES.c.issue_id, CASES.c.head)
        rows = [row for part in _parts(new) for row in connection.execute(question.where(CASES.c.issue_id.in_(part)))]
        follows |= {row.issue_id: row.head for row in rows}
        new = {row.head for row in rows if row.head is not None} - follows.keys()
    return {one for one in asked if follows[one] not in follows or _is_round(one, follows)}


def with_members(connection: Connection, subjects: Iterable[str]) -> set[str]:
    """Give issues and, where several machines wrote, those that follow them."""
    found = set(subjects)
    new = set(found) if _has_several_writers(connection) else set()
    while new:
        follow = (sa.select(CASES.c.issue_id).where(CASES.c.head.in_(part)) for part in _parts(new))
        new = {one for asked in follow for one in connection.execute(asked).scalars()} - found
        found |= new
    return found


def _is_round(name: str, follows: Mapping[str, str | None]) -> bool:
    """Tell whether the way from head to head comes back to where it has been."""
    seen = set()
    now: str | None = name
    while now is not None and now not in seen:
        seen.add(now)
        now = follows.get(now)
    return now is not None


def _has_several_writers(connection: Connection) -> bool:
    asked = sa.select(WRITERS.c.writer).where(WRITERS.c.number > 0).limit(2)
    return len(connection.execute(asked).all()) > 1


def _parts(values: Collection[str]) -> Iterator[list[str]]:
    whole = sorted(values)
    for start in range(0, len(whole), _MANY):
        yield whole[start : start + _MANY]
