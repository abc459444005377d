"""Rising: what had its time on a level goes up, once."""

from datetime import datetime, timedelta
from pathlib import Path

from layers.ledger.acting.acts import Anybody
from layers.ledger.acting.rising import risen
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


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
