"""Processes that work on one ledger at the same time, and those that are killed at it.

They come from a server that has loaded everything once and holds no ledger: a process that shares an open database
with another would break its locks.
"""

import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from layers.ledger.acting.acts import Act
from tests.layers.ledger.acting import ANYBODY, Place, assign, create, done, move, note
from tests.layers.ledger.shim import shimmed

ISSUES = 5
"""Issues that all workers change."""


def context() -> ForkServerContext:
    """Give the way in which processes are started."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.layers.ledger.workers"])
    return found


def run(target: Callable[..., None], calls: list[tuple[Any, ...]]) -> list[BaseProcess]:
    """Run a function in processes of their own, all at once, to the end."""
    processes: list[BaseProcess] = [context().Process(target=target, args=one) for one in calls]
    for one in processes:
        one.start()
    for one in processes:
        one.join()
    return processes


def named(worker: int, number: int, made: Act) -> Act:
    """Give an act the name of a worker's command: the counter of this process says nothing to the others."""
    values = {name: getattr(made, name) for name in made.__dataclass_fields__}
    return Act(**values | {"command_id": f"w{worker}-{number}"})


def prepare(place: Place) -> None:
    """Make the ledger, with issues that all will want to change."""
    ledger = place.open()
    for n in range(ISSUES):
        acts = [create(f"shared-{n}"), move(f"shared-{n}", "accepted"), assign(f"shared-{n}")]
        done(ledger, *(named(-1 - n, at, one) for at, one in enumerate(acts)))
    ledger.engine.dispose()


def work(place: Place, worker: int, commands: int, report: Path) -> None:
    """Do commands, each on an issue as it was seen a moment ago, and report what came of each, and how long it took."""
    dice = random.Random(worker)  # noqa: S311 (a seed, no secret)
    ledger = place.open()
    lines = []
    for number in range(commands):
        issue = f"shared-{dice.randrange(ISSUES)}"
        if dice.random() < 0.5:
            made = create(f"own-{worker}-{number}")
        else:
            made = assign(issue, person=f"w{worker}", seen=ledger.case(issue).clock)
        start = time.perf_counter()
        (outcome,) = ledger.do([named(worker, number, made)], ANYBODY)
        spent = time.perf_counter() - start
        if outcome.event is None:
            lines.append({"refused": type(outcome.refusal).__name__, "s": spent})
        else:
            lines.append({"event": outcome.event.event_id, "subject": outcome.event.subject, "s": spent})
    report.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")


def write_on(place: Place, worker: int, acks: Path) -> None:
    """Write bulk acts of three until killed; each that is acknowledged is noted where a kill cannot take it back."""
    handle = os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    ledger = place.open()
    for number in range(10**6):
        acts = [named(worker, 3 * number + at, note("shared-0", text=f"{number}")) for at in range(3)]
        events = [one.event for one in ledger.do(acts, ANYBODY)]
        os.write(handle, "".join(f"{one.event_id}\n" for one in events if one is not None).encode())


def bulk(number: int) -> list[Act]:
    """Give a bulk act, the same in each process."""
    return [named(10**6 + number, n, create(f"new-{number}-{n}")) for n in range(3)]


def die_at(place: Place, at: int, acks: Path) -> None:
    """Do one bulk act and close the ledger, and die in the midst of a write of the database."""
    ledger = place.open()
    with shimmed(at=at, act=lambda: os.kill(os.getpid(), signal.SIGKILL)):
        ledger.do(bulk(at), ANYBODY)
        acks.touch()
        ledger.engine.dispose()


@contextmanager
def running(target: Callable[..., None], *values: Any) -> Iterator[BaseProcess]:
    """Run a function in a process that is killed at the end."""
    process: BaseProcess = context().Process(target=target, args=values)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()
