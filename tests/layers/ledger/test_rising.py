"""Rising: what had its time on a level goes up, once."""

from datetime import datetime, timedelta
from pathlib import Path

from layers.ledger.acting.acts import Anybody
from layers.ledger.acting.rising import CLOCK, Clock, rise, risen
from layers.ledger.acting.states import moves
from layers.ledger.log.events import ESCALATE, KINDS
from layers.ledger.store.opening import open_ledger
from tests.ledger_home import carried, reported

MONDAY = datetime(2024, 3, 4, 9)  # noqa: DTZ001 (naive local time)


def test_issue_rises_when_its_level_had_its_time(quick: Path) -> None:
    ledger = open_ledger(_made(quick / "rise"))
    reported(ledger, "A", MONDAY)
    reported(ledger, "B", MONDAY)
    carried(ledger, "B", MONDAY + timedelta(hours=1), "rejected")
    assert risen(ledger, MONDAY + timedelta(days=1)) == []
    acts = risen(ledger, MONDAY + timedelta(days=3))
    assert [(one.subject, one.level, one.at) for one in acts] == [("A", "branch", datetime(2024, 3, 6, 23, 59, 59))]  # noqa: DTZ001
    assert ledger.do(acts, Anybody())[0].is_new
    assert not ledger.do(acts, Anybody())[0].is_new
    assert ledger.cases().loc["A", "level"] == "branch"


def test_the_clock_raises_and_does_nothing_else(quick: Path) -> None:
    ledger = open_ledger(_made(quick / "clock"))
    reported(ledger, "A", MONDAY)
    acts, outcomes = rise(ledger, MONDAY + timedelta(days=3))
    assert [one.event.by for one in outcomes if one.event] == [CLOCK] == ["clock"] * len(acts)
    assert rise(ledger, MONDAY + timedelta(days=3)) == ([], [])
    case = ledger.case("A")
    assert not any(Clock().may(kind, case.grid_id, case) for kind in KINDS if kind != ESCALATE)
    assert not any(Clock().may_move(one, case) for one in moves().values())
    assert not Clock().allows("somebody", "take", case.grid_id)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
