"""Folds: where each issue stands at a moment, out of the events alone.

One fold serves one issue and three million events: events are put in order, those that claim a state which the
issue was not in are set aside, and every column of the answer is the last (or first, or number) of the events
that speak of it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from layers.ledger.log import events as kinds
from layers.ledger.log.events import TIMES, microseconds

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_AGAIN = ("new", "accepted", "assigned", "working", "rework", "fixed", "rejected", "deferred", "to_project")
NONE = -1
"""Row of an issue that no event speaks for."""
_SILENT = (kinds.NOTE, kinds.PHOTO, kinds.SETTLE)
"""Kinds that never contest what another machine wrote at the same time."""


def cases(events: pa.Table, as_of: datetime | None = None) -> pd.DataFrame:
    """Give where each issue stands at a moment.

    Args:
        events: of one or several ledgers, each once, in any order, see ``layers.ledger.log.table``.
        as_of: the moment, naive local time; later events are not known yet. None: all events.

    Returns:
        One row for each issue that is known by then, indexed by ``issue_id``, in the order of first appearance;
        times are datetime64[us]. A member of a group of duplicates shows the state and times of its head.
    """
    return _followed(_Fold(events.combine_chunks(), *_ordered(events, as_of)).table())


def _ordered(events: pa.Table, as_of: datetime | None) -> tuple[Rows, Rows, Rows]:
    """Give the rows of events of issues until a moment, issue by issue, by clock, then name; their issue and time."""
    rows = np.flatnonzero(pc.is_in(events["kind"], pa.array(kinds.KINDS)).to_numpy())
    subject, clock = _codes(events["subject"])[rows], events["clock"].to_numpy()[rows]
    order = np.lexsort((clock, subject))
    if (_same(subject[order]) & _same(clock[order])).any():
        names = pd.factorize(events["event_id"].to_numpy(zero_copy_only=False), sort=True)[0]
        order = np.lexsort((names[rows], clock, subject))
    rows, subject = rows[order], subject[order]
    at = events["at"].to_numpy()[rows]
    if (_same(subject) & (np.diff(at, prepend=at[:1]) < 0)).any():  # a machine's clock was behind
        at = pd.Series(at).groupby(subject).cummax().to_numpy()
    known = slice(None) if as_of is None else at <= microseconds(as_of)
    return rows[known], pd.factorize(subject[known])[0], at[known]


def _codes(column: pa.ChunkedArray) -> Rows:
    """Number the values of a text column in the order of first appearance, nulls -1."""
    whole = column.combine_chunks().dictionary_encode()
    found: Rows = whole.indices.fill_null(NONE).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _same(codes: npt.NDArray[np.generic]) -> Mask:
    """Tell which rows have the value of the row before."""
    same = np.zeros(len(codes), dtype=bool)
    same[1:] = codes[1:] == codes[:-1]
    return same


@dataclass(frozen=True)
class _Fold:
    """Events, their order, and what each issue's events say: the ``rows`` of the events, issue by issue."""

    events: pa.Table
    rows: Rows
    subject: Rows
    at: Rows

    @cached_property
    def size(self) -> int:
        return int(self.subject.max(initial=NONE)) + 1

    @cached_property
    def counts(self) -> Mask:
        """Tell which events count: a command that reached two machines counts once, a false claim not at all."""
        once = np.ones(len(self.subject), dtype=bool)
        if pc.count_distinct(self.events["writer"]).as_py() > 1:
            once = ~self._is_again()
        claims = self.has("state") & once
        false = claims & ~self._holds(claims)
        return once & ~false

    def _holds(self, claims: Mask) -> Mask:
        """Tell which claims begin with the state in which the issue was."""
        both = _codes(pa.chunked_array([*self.events["was"].chunks, *self.events["state"].chunks], pa.string()))
        was, state = both[: len(self.events)][self.rows], both[len(self.events) :][self.rows]
        free = self.kind(kinds.SETTLE) | self.kind(kinds.CREATE)
        at = np.flatnonzero(claims)
        follows = _same(self.subject[at])
        before = np.where(follows, np.roll(state[at], 1), NONE)
        fits = free[at] | (was[at] == before)
        for number in np.unique(self.subject[at][~fits]):
            rows = np.flatnonzero(self.subject[at] == number)
            now = NONE
            for row in rows:
                fits[row] = free[at[row]] or was[at[row]] == now
                now = state[at[row]] if fits[row] else now
        held = np.zeros(len(claims), dtype=bool)
        held[at] = fits
        return held

    def _is_again(self) -> Mask:
        commands = pd.Series(self.events["command_id"].to_numpy(zero_copy_only=False)[self.rows])
        return commands.duplicated().to_numpy()

    def has(self, column: str) -> Mask:
        found: Mask = self.events[column].is_valid().to_numpy()[self.rows]
        return found

    def kind(self, *names: str) -> Mask:
        return self._among("kind", names)

    def becomes(self, *states: str) -> Mask:
        return self._among("state", states) & self.counts

    def _among(self, column: str, words: tuple[str, ...]) -> Mask:
        codes, known = self._encoded[column]
        wanted = np.array([one in words for one in known] + [False])  # the last stands for null, -1
        return wanted[codes]

    @cached_property
    def _encoded(self) -> dict[str, tuple[Rows, list[str]]]:
        found = {}
        for column in ("kind", "state", "was"):
            whole = self.events[column].combine_chunks().dictionary_encode()
            codes = whole.indices.fill_null(NONE).to_numpy(zero_copy_only=False)[self.rows]
            found[column] = codes, whole.dictionary.to_pylist()
        return found

    def last(self, mask: Mask) -> Rows:
        """Give for each issue the last row of a mask, -1 without one."""
        rows, found = np.flatnonzero(mask), np.full(self.size, NONE)
        found[self.subject[rows]] = rows
        return found

    def first(self, mask: Mask) -> Rows:
        rows, found = np.flatnonzero(mask)[::-1], np.full(self.size, NONE)
        found[self.subject[rows]] = rows
        return found

    def number(self, mask: Mask) -> Rows:
        return np.bincount(self.subject[mask], minlength=self.size)

    def take(self, column: str, rows: Rows) -> pd.Series:
        """Give the values of rows, null for -1; times as datetime64[us]."""
        if column == "at":
            chosen = pa.chunked_array([pa.array(self.at[rows], mask=rows < 0)])
        elif self.events[column].null_count == len(self.events):
            chosen = pa.chunked_array([pa.nulls(len(rows), self.events[column].type)])
        else:
            chosen = self.events[column].take(pa.array(self.rows[rows], mask=rows < 0))
        return _series(chosen.cast(pa.timestamp("us")) if column in TIMES else chosen)

    def latest(self, column: str, mask: Mask | None = None) -> pd.Series:
        spoken = self.has(column) & self.counts
        return self.take(column, self.last(spoken if mask is None else spoken & mask))

    def table(self) -> pd.DataFrame:
        """Give all columns of the answer."""
        found = self._facts() | self._state() | self._deadline() | self._milestones() | self._numbers()
        names = self.events["subject"].take(pa.array(self.rows[~_same(self.subject)]))
        return pd.DataFrame(found).set_axis(pd.Index(_series(names), name="issue_id", dtype="str"))

    def _facts(self) -> dict[str, pd.Series]:
        facts = ("issue_type", "severity", "source", "grid_id", "x_m", "y_m", "address", "tag")
        born = self.kind(kinds.CREATE)
        return {name: self.latest(name) for name in facts} | {
            "description": self.latest("text", born),
            "reported_at": self.take("at", self.first(born)),
        }

    def _state(self) -> dict[str, pd.Series]:
        state = self.last(self.has("state") & self.counts)
        level = self.last(self.has("level") & self.counts)
        at_level = np.maximum.accumulate(np.where(self.has("level") & self.counts, np.arange(len(self.subject)), 0))
        solved = self.first(self.becomes("fixed", "closed"))
        solved = np.where(solved >= 0, at_level[solved], NONE)
        own = np.where(solved >= 0, self.subject[solved], NONE) == np.arange(self.size)
        return {
            "state": self.take("state", state),
            "state_since": self.take("at", state),
            "level": self.take("level", level),
            "level_since": self.take("at", level),
            "level_solved": self.take("level", np.where(own, solved, NONE)),
            "person": self.latest("person"),
            "department": self.latest("department"),
            "first_department": self.take("department", self.first(self.becomes("assigned"))),
        }

    def _deadline(self) -> dict[str, pd.Series]:
        sets = self.last(self.has("version") & self.counts)
        stopped, running = self.last(self.kind(kinds.PAUSE) & self.counts), self.last(self.kind(kinds.RESUME))
        return {
            "stage": self.take("stage", sets),
            "due_at": self.take("due_at", sets),
            "final_due_at": self.take("final_due_at", sets),
            "no_deadline_reason": self.take("reason", np.where(self.has("due_at")[sets], NONE, sets)),
            "deadline_version": self.take("version", sets).fillna(0).astype("int32"),
            "paused_since": self.take("at", np.where(stopped > running, stopped, NONE)),
            "runs_since": self.take("at", self.last(self.kind(kinds.RESUME) | self._among("was", ("deferred",)))),
        }

    def _milestones(self) -> dict[str, pd.Series]:
        again = self.last(self.becomes(*_AGAIN))
        shut = self.last(self.becomes("closed"))
        called = self.last(self.becomes("revisit_ok", "revisit_bad"))
        reply = pc.is_in(self.events["other"], pa.array(["reply"])).to_numpy()[self.rows]
        replied = reply & self.kind(kinds.REACH) & self.counts
        times = {
            "since": self.last((self.kind(kinds.CREATE) & self.counts) | self._reopens()),
            "accepted_at": self.first(self.becomes("accepted")),
            "assigned_at": self.last(self.becomes("assigned")),
            "replied_at": self.first(replied),
            "first_fixed_at": self.first(self.becomes("fixed")),
            "fixed_at": self.last(self.becomes("fixed")),
            "verified_at": self.last(self._among("was", ("fixed",)) & self.becomes("closed", "rework")),
            "closed_at": np.where(shut > again, shut, NONE),
            "struck_at": self.last(self.becomes("struck")),
            "called_back_at": called,
        }
        words = self.take("state", called).map({"revisit_ok": "satisfied", "revisit_bad": "not_satisfied"})
        return {name: self.take("at", rows) for name, rows in times.items()} | {
            "call_back": words.astype("str"),
            "satisfaction": self.take("satisfaction", called),
        }

    def _numbers(self) -> dict[str, pd.Series]:
        numbers = {
            "rework_count": self.becomes("rework") & self._among("was", ("fixed",)),  # not a bad call-back
            "reopen_count": self._reopens(),
            "pauses": self.kind(kinds.PAUSE) & self.counts,
            "extensions": self.kind(kinds.EXTEND) & self.counts,
            "photos": self.kind(kinds.PHOTO) & self.counts,
            "events": np.ones(len(self.subject), dtype=bool),
        }
        bound = self.last(self.kind(kinds.FUSE, kinds.UNFUSE) & self.counts)
        contested = self.last(self._contests()) > self.last(self.kind(kinds.SETTLE))
        clock = self.events["clock"].to_numpy()[self.rows]
        return {name: pd.Series(self.number(mask), dtype="int32") for name, mask in numbers.items()} | {
            "head": self.take("other", bound),
            "fused_at": self.take("at", bound),
            "project_id": self.latest("other", self.becomes("to_project")),
            "is_contested": pd.Series(contested),
            "is_imported": self.take("by", self.first(self.kind(kinds.CREATE))) == kinds.IMPORTED,
            "clock": pd.Series(clock[self.last(np.ones(len(clock), dtype=bool))], dtype="int32"),
        }

    def _reopens(self) -> Mask:
        return self.becomes("accepted") & self._among("was", ("closed", "revisit_ok", "struck", "rejected"))

    def _contests(self) -> Mask:
        """Tell which events were set aside, or came at the same clock as another that is no note."""
        said = ~self.kind(*_SILENT)
        clock = self.events["clock"].to_numpy()[self.rows]
        rows = np.flatnonzero(said)
        at_once = np.zeros(len(said), dtype=bool)
        at_once[rows] = _same(self.subject[rows]) & _same(clock[rows])
        again = self._is_again() if (at_once | ~self.counts).any() else at_once
        return (at_once & ~again) | (said & ~self.counts & ~again)


def _series(column: pa.ChunkedArray) -> pd.Series:
    return pd.Series(column.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=np.nan)}.get), copy=False)


def _followed(table: pd.DataFrame) -> pd.DataFrame:
    """Give members of groups the state and times of their heads, and heads the size of their group."""
    table["group_size"] = np.int32(1)
    if table["head"].isna().all():
        return table
    own = np.arange(len(table))
    place = table.index.get_indexer(pd.Index(table["head"]))
    head = np.where(table["head"].isna() | (place < 0), own, place)
    one_up = head
    for _ in range(int(np.ceil(np.log2(len(table) + 1)))):  # heads of heads; each round doubles the reach
        head = head[head]
    head = np.where(one_up[head] == head, head, own)  # a circle has no head
    lost = table["head"].notna() & (head == own)
    table["is_contested"] |= lost
    table["head"] = table["head"].where(head != own).mask(head != own, table.index[head].to_series(index=table.index))
    table["group_size"] = np.bincount(head, minlength=len(table)).astype("int32")[head].astype("int32")
    follows = ["since", "state", "state_since", "person", "department", "stage", "due_at", "final_due_at"]
    follows += ["no_deadline_reason", "deadline_version", "paused_since", "fixed_at", "first_fixed_at", "closed_at"]
    follows += ["struck_at", "project_id"]
    table[follows] = table[follows].iloc[head].set_axis(table.index)
    return table
