"""What was read of an issue once is kept, and never trusted where the store says otherwise."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from geo.errors import TransitionError
from layers.ledger.keeping.backups import backup, restore
from layers.ledger.keeping.union import merge
from layers.ledger.log.case import Case
from layers.ledger.log.events import Event
from layers.ledger.store import known
from layers.ledger.store.ledger import Ledger
from tests.layers.ledger.acting import Place, assign, create, done, move, note


def rows_read(ledger: Ledger, subject: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many events are read to tell where an issue stands."""
    read: list[Event] = []

    class Counted(Event):
        @classmethod
        def of_row(cls, row: Mapping[str, Any]) -> Event:  # type: ignore[override]
            read.append(Event.of_row(row))
            return read[-1]

    with monkeypatch.context() as changed:
        changed.setattr(known, "Event", Counted)
        ledger.case(subject)
    return len(read)


def test_only_what_came_since_is_read(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = place.open(), place.open()
    done(here, create("I1"), move("I1", "accepted"), assign("I1"))
    assert rows_read(there, "I1", monkeypatch) == 3
    assert rows_read(there, "I1", monkeypatch) == 0
    done(here, note("I1", text="看过"))
    assert rows_read(there, "I1", monkeypatch) == 1
    assert there.case("I1") == Case.of("I1", there.events("I1"))


def test_what_was_written_elsewhere_at_the_same_time_is_read_in_its_order(place: Place) -> None:
    here, there = place.open(), Place(place.folder.with_name("there")).open()
    done(here, create("I1"), move("I1", "accepted"))
    merge(there, here)
    done(here, assign("I1", person="p1"))
    done(there, assign("I1", person="p2"))
    assert here.case("I1").person == "p1"
    merge(here, there)
    assert here.case("I1") == Case.of("I1", here.events("I1"))
    assert here.case("I1").is_contested


def test_a_store_put_in_its_place_is_read_anew(tmp_path: Path) -> None:
    place = Place(tmp_path / "here")
    ledger = place.open()
    done(ledger, create("I1"))
    backup(ledger, tmp_path / "old.sqlite")
    done(ledger, move("I1", "accepted"), create("I2"))
    assert ledger.case("I1").state == "accepted"
    assert len(ledger.cases()) == 2
    restore(place.folder, tmp_path / "old.sqlite")
    assert ledger.case("I1").state == "new"
    assert not ledger.case("I2").is_known
    assert list(ledger.cases().index) == ["I1"]


def test_a_case_that_was_given_out_is_the_callers_own(place: Place) -> None:
    ledger = place.open()
    done(ledger, create("I1"))
    mine = ledger.case("I1")
    mine.commands.add("x")
    mine.pauses.append(None)  # type: ignore[arg-type]
    assert ledger.case("I1") == Case.of("I1", ledger.events("I1"))


def test_a_refused_act_leaves_no_trace_in_what_is_kept(place: Place) -> None:
    ledger = place.open()
    done(ledger, create("I1"))
    before = ledger.case("I1")
    with pytest.raises(TransitionError):
        done(ledger, move("I1", "closed"))
    assert ledger.case("I1") == before
