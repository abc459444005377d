"""Processes that are killed: the ledger is the old or the new one, and holds every act that was acknowledged."""

import random
import time
from pathlib import Path

from layers.ledger.keeping.proof import ledger_problems
from tests.conftest import lacking
from tests.layers.ledger.acting import ANYBODY, Place
from tests.layers.ledger.shim import shimmed
from tests.layers.ledger.workers import bulk, die_at, prepare, run, running, write_on

KILLS, LONGEST_S, STARTS_S = 20, 0.3, 60


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
            until = time.monotonic() + STARTS_S
            while not acks.exists() and time.monotonic() < until:
                time.sleep(0.005)
            time.sleep(dice.uniform(0, LONGEST_S))
        told += assert_whole(place, acks)
    return told


def test_after_kills_at_random_moments_every_acknowledged_act_is_there(place: Place, home: Path) -> None:
    assert kill(home, place, KILLS) > 0


def require_shim(place: Place) -> None:
    """Skip where SQLite is no library of its own, so that its calls cannot be seen."""
    ledger = place.open()
    with shimmed() as count:
        ledger.do(bulk(0), ANYBODY)
    if count.calls == 0:
        lacking("SQLite as a shared library")
    ledger.engine.dispose()


def test_a_kill_at_each_write_of_a_bulk_act_leaves_the_old_or_the_new_ledger(place: Place, home: Path) -> None:
    require_shim(place)
    found, code, at = [], -9, 0
    while code == -9:
        at += 1
        ledger = place.open()
        size = ledger.size()
        ledger.engine.dispose()
        acks = home / f"acks-{at}"
        (process,) = run(die_at, [(place, at, acks)])
        code = process.exitcode or 0
        ledger = place.open()
        assert ledger_problems(ledger) == ()
        new = ledger.size() - size
        assert new in {0, 3}
        assert new == 3 or not acks.exists()
        assert sum(one.is_new for one in ledger.do(bulk(at), ANYBODY)) == 3 - new
        ledger.engine.dispose()
        found.append(new)
    assert code == 0
    assert len(found) > 20
    assert found.count(0) > 5


def test_a_killed_first_opening_leaves_no_half_ledger(home: Path) -> None:
    for number in range(5):
        place = Place(home / f"n{number}")
        with running(write_on, place, 0, home / f"acks-{number}"):
            time.sleep(0.02 * number)
        ledger = place.open()
        assert ledger_problems(ledger) == ()
        ledger.engine.dispose()
