"""The log: events as a table of columns, for folds over many."""

from collections.abc import Iterable

import pyarrow as pa

from layers.ledger.log.events import COLUMNS, TIMES, Event

_WHOLE = {"clock": pa.int32(), "number": pa.int32(), "version": pa.int32(), "severity": pa.int8()}
_WHOLE |= {"satisfaction": pa.int8(), "x_m": pa.float64(), "y_m": pa.float64(), **dict.fromkeys(TIMES, pa.int64())}
SCHEMA = pa.schema([("event_id", pa.string()), *((name, _WHOLE.get(name, pa.string())) for name in COLUMNS)])
"""Columns of a table of events; times are microseconds after 1970."""


def event_table(events: Iterable[Event]) -> pa.Table:
    """Give events as a table, see ``SCHEMA``."""
    rows = [[one.event_id, *one.row()] for one in events]
    return pa.table([pa.array([row[at] for row in rows], one.type) for at, one in enumerate(SCHEMA)], schema=SCHEMA)
