"""Issues that somebody looked at and found not to be one: kept as notes, so that nobody is asked twice."""

import json
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from geo.text import Text
from layers.ledger.acting.acts import Act
from layers.ledger.log.events import FUSE, NOTE, UNFUSE, microseconds

APART = "not_the_same"
"""Name in the details of a note: the other issue."""
WORDS = Text("与 {other} 不是同一件", "not the same as {other}")


def apart_act(issue: str, other: str, *, at: datetime, command_id: str, lang: str) -> Act:
    """Give the act that notes of an issue that it is not the same as another."""
    text = WORDS.format(other=other).in_(lang)
    return Act(subject=issue, kind=NOTE, at=at, command_id=command_id, text=text, more={APART: other})


def kept_apart(log: pa.Table, as_of: datetime | None = None) -> set[tuple[str, str]]:
    """Give the pairs of issues that are not one: noted so, or fused once and parted again.

    Args:
        log: events, see ``layers.ledger.log.table``.
        as_of: the moment; None for all events.
    """
    noted = pc.and_(pc.equal(log["kind"], NOTE), pc.match_substring(log["details"], f'"{APART}"'))
    asked = pc.or_(noted, pc.is_in(log["kind"], pa.array([FUSE, UNFUSE])))
    if as_of is not None:
        asked = pc.and_(asked, pc.less_equal(log["at"], microseconds(as_of)))
    rows = log.select(["subject", "kind", "clock", "other", "details"]).filter(asked)
    heads: dict[str, str] = {}
    found: set[tuple[str, str]] = set()
    for row in sorted(rows.to_pylist(), key=lambda one: (one["subject"], one["clock"])):
        issue = row["subject"]
        if row["kind"] == FUSE:
            heads[issue] = row["other"]
            continue
        other = heads.pop(issue, None) if row["kind"] == UNFUSE else json.loads(row["details"])[APART]
        if other is not None:
            found.add((issue, other))
    return found
