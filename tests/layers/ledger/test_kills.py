"""Processes that are killed: the ledger is the old or the new one, and holds every act that was acknowledged."""

import random
import time
from pathlib import Path

from layers.ledger.proof import ledger_problems
from tests.conftest import lacking
from tests.layers.ledger.acting import ANYBODY, Place
from tests.layers.ledger.shim import shimmed
from tests.layers.ledger.workers import bulk, die_at, prepare, run, running, write_on

KILLS = 20


def assert_whole(place: Place, acks: Path) -> int:
    """Hold a ledger against what was acknowledged, and give how many acts that were."""
    ledger = place.open()
    assert ledger_problems(ledger) == ()
    names = set(ledger.log()["event_id"].to_pylist())
    told = acks.read_text().split() if acks.exists() else []
    assert set(told) <= names
    notes = [one for one in ledger.events("shared-0") if one.kind == "note"]
    assert len(notes) % 3 == 0
    ledger.engine.dispose()
    return len(told)


def kill(home: Path, place: Place, kills: int, seed: int = 5) -> int:
    """Kill a writer some times at random moments, and give how many acts were acknowledged in all."""
    dice = random.Random(seed)  # noqa: S311 (a seed, no secret)
    prepare(place)
    told = 0
    for number in range(kills):
        acks = home / f"acks-{number}"
        with running(write_on, place, number, acks):
            time.sleep(dice.uniform(0.05, 0.4))
        told += assert_whole(place, acks)
    return told


def test_after_kills_at_random_moments_every_acknowledged_act_is_there(place: Place, home: Path) -> None:
    assert kill(home, place, KILLS) > 0


def writes_of_bulk(place: Place) -> int:
    """Count the writes of one bulk act and of closing the ledger."""
    ledger = place.open()
    with shimmed() as count:
        ledger.do(bulk(), ANYBODY)
        ledger.engine.dispose()
    if count.calls == 0:
        lacking("SQLite as a shared library")
    return count.calls


def test_a_kill_at_each_write_of_a_bulk_act_leaves_the_old_or_the_new_ledger(home: Path) -> None:
    writes = writes_of_bulk(Place(home / "count"))
    found = []
    for at in range(1, writes + 2):
        place, acks = Place(home / str(at)), home / f"acks-{at}"
        place.open().engine.dispose()
        (process,) = run(die_at, [(place, at, acks)])
        assert process.exitcode == (-9 if at <= writes else 0), at
        ledger = place.open()
        assert ledger_problems(ledger) == ()
        assert ledger.size() in {0, 3}
        assert ledger.size() == 3 or not acks.exists()
        found.append(ledger.size())
        assert sum(one.is_new for one in ledger.do(bulk(), ANYBODY)) == 3 - found[-1]
        ledger.engine.dispose()
    assert found == sorted(found)
    assert set(found) == {0, 3}


def test_a_killed_first_opening_leaves_no_half_ledger(home: Path) -> None:
    for number in range(5):
        place = Place(home / f"n{number}")
        with running(write_on, place, 0, home / f"acks-{number}"):
            time.sleep(0.02 * number)
        ledger = place.open()
        assert ledger_problems(ledger) == ()
        ledger.engine.dispose()
