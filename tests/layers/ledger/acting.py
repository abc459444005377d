"""Acts for the tests of the ledger: where a ledger lies, and what it takes to bring an issue into any state."""

import itertools
import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from layers.ledger.acting.acts import Act, Anybody
from layers.ledger.acting.rules import Rules, rules
from layers.ledger.log.events import ASSIGN, CREATE, FUSE, MOVE, NOTE, PHOTO, UNFUSE
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger

NOW = datetime(2024, 3, 4, 9)  # noqa: DTZ001 (naive local time, as in all layers); a Monday
ANYBODY = Anybody()
RULES: Rules = rules()
STATES = tuple(RULES.states.index)
_numbers: Iterator[int] = itertools.count()


OPENED: list[Ledger] = []
"""Ledgers that a test opened; they are closed after it."""


def quick_home() -> str | None:
    """Give a folder in memory, where a thousand commits need not wait for a disk; None where there is none."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 (each test makes its own folder in it)


class Place(NamedTuple):
    """Where a ledger lies: in a folder, or at an address; each folder is a machine of its own."""

    folder: Path
    url: str | None = None

    def open(self) -> Ledger:
        self.folder.mkdir(parents=True, exist_ok=True)
        found = open_ledger(self.folder, self.url)
        OPENED.append(found)
        return found


def act(subject: str, kind: str, **values: Any) -> Act:
    """Give an act with a name of its own."""
    number = next(_numbers)
    return Act(**{"subject": subject, "kind": kind, "at": NOW, "command_id": f"c{number}"} | values)


def create(subject: str, **values: Any) -> Act:
    facts = {"issue_type": "OTHER", "grid_id": "W1", "x_m": 5.0, "y_m": 7.5} | values.pop("facts", {})
    return act(subject, CREATE, facts=facts, **values)


def move(subject: str, state: str, **values: Any) -> Act:
    """Give a move that brings whatever any move needs."""
    at = values.get("at", NOW)
    needs = {"text": "说明", "person": "p1", "other": "PRJ-1", "approver": "boss", "satisfaction": 4}
    return act(subject, MOVE, state=state, **{"until": at + timedelta(days=90)} | needs | values)


def assign(subject: str, **values: Any) -> Act:
    return act(subject, ASSIGN, **{"person": "p2"} | values)


def photo(subject: str, **values: Any) -> Act:
    return act(subject, PHOTO, **{"other": "f" * 64, "stage": "after"} | values)


def note(subject: str, **values: Any) -> Act:
    return act(subject, NOTE, **{"text": "坑边已围挡"} | values)


def fuse(subject: str, head: str, **values: Any) -> Act:
    return act(subject, FUSE, other=head, **values)


def unfuse(subject: str, **values: Any) -> Act:
    return act(subject, UNFUSE, **values)


def _ways() -> Mapping[str, tuple[str, ...]]:
    """Give the shortest way from "new" to each state."""
    found: dict[str, tuple[str, ...]] = {"new": ()}
    for state in (queue := ["new"]):
        for step in RULES.onward(state):
            if step.becomes not in found:
                found[step.becomes] = (*found[state], step.becomes)
                queue.append(step.becomes)
    return found


WAYS = _ways()


def acts_to(subject: str, state: str) -> list[Act]:
    """Give the acts that report an issue and bring it into a state."""
    return [create(subject), *(move(subject, one) for one in WAYS[state])]


def done(ledger: Ledger, *acts: Act) -> None:
    """Do acts, none of which may be refused."""
    for outcome in ledger.do(acts, ANYBODY):
        if outcome.refusal is not None:
            raise outcome.refusal
