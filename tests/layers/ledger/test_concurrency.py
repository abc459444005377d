"""Many processes on one ledger: nothing lost, nothing doubled, every conflict told as one."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from layers.ledger.keeping.proof import ledger_problems
from tests.layers.ledger.acting import ANYBODY, Place, create
from tests.layers.ledger.workers import ISSUES, named, prepare, run, work

PROCESSES, COMMANDS = 8, 25
PREPARED = 3 * ISSUES


def worked(place: Place, home: Path, processes: int = PROCESSES, commands: int = COMMANDS) -> list[dict[str, Any]]:
    """Let processes work on a ledger, hold it against what they were told, and give that."""
    prepare(place)
    reports = [home / f"w{n}.jsonl" for n in range(processes)]
    done = run(work, [(place, n, commands, reports[n]) for n in range(processes)])
    assert [one.exitcode for one in done] == [0] * processes
    lines: list[dict[str, Any]] = [json.loads(line) for one in reports for line in one.read_text("utf-8").splitlines()]
    assert len(lines) == processes * commands
    assert {one["refused"] for one in lines if "refused" in one} <= {"ConflictError"}
    told = [one["event"] for one in lines if "event" in one]
    ledger = place.open()
    stored = ledger.log()
    assert Counter(stored["event_id"].to_pylist()[PREPARED:]) == Counter(told)
    assert max(Counter(stored["command_id"].to_pylist()).values()) == 1
    of_issue = Counter(one["subject"] for one in lines if "event" in one)
    for n in range(ISSUES):
        assert ledger.case(f"shared-{n}").clock == 3 + of_issue[f"shared-{n}"]
    assert ledger_problems(ledger) == ()
    ledger.engine.dispose()
    return lines


def test_of_many_processes_nothing_is_lost_nor_doubled_and_conflicts_are_told(place: Place, home: Path) -> None:
    lines = worked(place, home)
    assert sum("refused" in one for one in lines) > 0


def answer(place: Place, worker: int, report: Path) -> None:
    """Do the same commands as all others."""
    ledger = place.open()
    outcomes = [ledger.do([named(99, n, create(f"same-{n}"))], ANYBODY)[0] for n in range(10)]
    report.write_text(json.dumps([[one.event.event_id, one.is_new] for one in outcomes if one.event]), "utf-8")
    assert worker >= 0


def test_the_same_commands_by_many_processes_are_done_once(place: Place, home: Path) -> None:
    place.open().engine.dispose()
    reports = [home / f"{n}.json" for n in range(4)]
    assert [one.exitcode for one in run(answer, [(place, n, reports[n]) for n in range(4)])] == [0] * 4
    told = [json.loads(one.read_text("utf-8")) for one in reports]
    assert all([name for name, _ in one] == [name for name, _ in told[0]] for one in told)
    assert sum(is_new for one in told for _, is_new in one) == 10
    assert place.open().size() == 10


def begin(place: Place, _number: int) -> None:
    place.open()


def test_a_ledger_that_many_open_at_once_for_the_first_time_is_made_once(place: Place) -> None:
    assert [one.exitcode for one in run(begin, [(place, n) for n in range(6)])] == [0] * 6
    ledger = place.open()
    assert ledger_problems(ledger) == ()
    with ledger.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM writers").scalar_one() == 1
