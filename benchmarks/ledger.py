"""The ledger under load: commits a second, folds, backups; and the strength that the gate tries in small.

python -m benchmarks.ledger              figures for docs/benchmarks.md
python -m benchmarks.ledger --strength   the whole of it: processes, kills, flipped bits, backups under writers
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from layers.ledger.keeping.backups import backup
from layers.ledger.keeping.proof import ledger_problems
from layers.ledger.log.folds import cases
from layers.ledger.log.table import SCHEMA
from layers.ledger.store.ledger import Ledger
from tests.layers.ledger import test_backups, test_concurrency, test_kills, test_proof
from tests.layers.ledger.acting import Place, create, done
from tests.layers.ledger.workers import named
from tests.postgres import server

STEPS = ("new", "accepted", "assigned", "working", "fixed")
MB = 1_000_000


def table(issues: int) -> pa.Table:
    """Make a log of five events an issue, in the order of time."""
    subject, step = np.repeat(np.arange(issues), len(STEPS)), np.tile(np.arange(len(STEPS)), issues)
    number, first = len(subject), step == 0
    at = 1_600_000_000_000_000 + subject * 1_000_000 + step * 3_600_000_000
    was = pa.array(np.array(["", *STEPS])[step], mask=first)
    columns: dict[str, Any] = {one.name: pa.nulls(number, one.type) for one in SCHEMA}
    columns |= {
        "subject": pa.array(np.char.add("I", subject.astype(str))),
        "event_id": pa.array([f"{one:064x}" for one in range(number)]),
        "command_id": pa.array([f"c{one}" for one in range(number)]),
        "kind": pa.array(np.where(first, "create", "move")),
        "state": pa.array(np.array(STEPS)[step]),
        "was": was,
        "at": pa.array(at),
        "clock": pa.array((step + 1).astype("int32")),
        "writer": pa.array(np.full(number, "w")),
        "number": pa.array(np.arange(number, dtype="int32")),
        "issue_type": pa.array(np.full(number, "OTHER"), mask=~first),
        "version": pa.array(np.ones(number, "int32"), mask=~first),
        "due_at": pa.array(at + 10**12, mask=~first),
        "final_due_at": pa.array(at + 10**12, mask=~first),
    }
    found = pa.table([columns[one.name] for one in SCHEMA], schema=SCHEMA)
    return found.take(pa.array(np.argsort(at, kind="stable"))).combine_chunks()


def spent(job: Callable[[], object]) -> tuple[float, float]:
    """CPU seconds and seconds of a job."""
    cpu, wall = time.process_time(), time.perf_counter()
    job()
    return time.process_time() - cpu, time.perf_counter() - wall


def folds() -> None:
    """Fold three million events."""
    events = table(600_000)
    best = min(spent(lambda: cases(events)) for _ in range(3))
    print(f"{len(events):,} events folded: {best[0]:.2f} CPU s, {best[1]:.2f} s")


def commits(place: Place, home: Path, processes: int, commands: int) -> str:
    """Measure commits of processes at once, and hold the ledger against what they were told."""
    start = time.perf_counter()
    lines = test_concurrency.worked(place, home, processes, commands)
    total = time.perf_counter() - start
    kept, waits = [one for one in lines if "event" in one], sorted(one["s"] for one in lines)
    busy = sum(waits) / processes
    return (
        f"{processes} processes x {commands}: {len(kept) / busy:,.0f} commits/s ({len(kept):,} in {total:.1f} s with start"
        f" and proof), {len(lines) - len(kept)} conflicts, wait p99 {waits[int(len(waits) * 0.99)]:.2f} s,"
        f" worst {waits[-1]:.2f} s, 0 lost, 0 doubled"
    )


def filled(place: Place, size: int) -> Ledger:
    """Make a ledger of a size in bytes."""
    ledger, number = place.open(), 0
    while (place.folder / "ledger.sqlite").stat().st_size < size:
        done(ledger, *(named(0, number + n, create(f"I{number + n}", text="坑" * 40)) for n in range(5000)))
        number += 5000
        with closing(ledger.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return ledger


def backups(home: Path) -> None:
    """Back up 50 MB, and verify them record by record."""
    ledger = filled(Place(home / "big"), 50 * MB)
    size = (home / "big" / "ledger.sqlite").stat().st_size
    best = min(spent(lambda: backup(ledger, home / "big.sqlite")) for _ in range(3))
    print(f"backup of {size / MB:.0f} MB, proven and hashed: {best[0]:.2f} CPU s, {best[1]:.2f} s")
    cpu, _ = spent(lambda: ledger_problems(ledger))
    print(f"all {ledger.size():,} records of it verified: {cpu:.1f} CPU s")
    ledger.engine.dispose()


def figures(home: Path) -> None:
    """Print what docs/benchmarks.md tells."""
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, every commit on the disk before it is told")
    folds()
    for processes in (1, 8, 32):
        print("file:", commits(Place(home / f"file-{processes}"), home, processes, 1600 // processes))
    with server(fsync="on") as url:
        print("PostgreSQL:", commits(Place(home / "database", url), home, 8, 100))
    backups(home)


def strength(home: Path) -> None:
    """Try whole what the gate tries in small; the first failure ends it."""
    print("file:", commits(Place(home / "many"), home, 32, 200), flush=True)
    told = test_kills.kill(home, Place(home / "killed"), 500)
    print(f"500 kills at random moments: {told:,} acknowledged acts, all there", flush=True)
    (home / "each").mkdir()
    test_kills.test_a_kill_at_each_write_of_a_bulk_act_leaves_the_old_or_the_new_ledger(
        Place(home / "each" / "here"), home / "each"
    )
    print("a kill at each write of a bulk act: old or new", flush=True)
    (home / "whole").mkdir()
    whole = test_proof.ledger_with_all(home / "whole")
    found = test_proof.flips(whole, home, 1000)
    counts = {name: len(bits) for name, bits in sorted(found.items())}
    print(f"1,000 flipped bits: {counts}", flush=True)
    if found.get("silent"):
        raise SystemExit(1)
    (home / "backups").mkdir()
    made = test_backups.backed_up(Place(home / "backups" / "here"), home / "backups", 50, 8)
    print(f"{len(made)} of 50 backups under 8 writers restored whole, {made[0]:,} to {made[-1]:,} records", flush=True)


def main() -> None:
    """Measure, or try the strength."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strength", action="store_true")
    wants = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="guatu-ledger-") as home:
        (strength if wants.strength else figures)(Path(home))


if __name__ == "__main__":
    main()
