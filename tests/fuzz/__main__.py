"""``python -m tests.fuzz --executions N [--target T] [--seed S]``: fuzz, print what was found, keep it in finds/.

Each target runs in a process of its own that has loaded only its libraries; from there batches are forked
off, so that a crash costs one batch. Exit 1 if anything was found.
"""

import argparse
import contextlib
import ctypes
import hashlib
import logging
import mmap
import os
import random
import resource
import shutil
import signal
import struct
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterable
from pathlib import Path

from tests.fuzz.targets import TARGETS, Target

FINDS = Path(__file__).with_name("finds")
BATCH = 200
ALARM_S = 5
MOST_BYTES = 1 << 30
_PLACE = struct.Struct("<q")


def main() -> int:
    """Fuzz the targets in turn, or two at a time."""
    parser = argparse.ArgumentParser(prog="tests.fuzz")
    parser.add_argument("--executions", type=int, default=20_000)
    parser.add_argument("--target", choices=sorted(TARGETS), action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--replay", action="store_true", help="read the kept finds only")
    order = parser.parse_args()
    names = order.target or list(TARGETS)
    share = -(-order.executions // len(names))
    waiting = [(name, share, order.seed, order.replay) for name in names]
    running: dict[int, str] = {}
    bad = 0
    while waiting or running:
        while waiting and len(running) < order.jobs:
            job = waiting.pop(0)
            running[_forked(*job)] = job[0]
        pid, status = os.wait()
        running.pop(pid)
        bad += status != 0
    return 1 if bad else 0


def _forked(name: str, executions: int, seed: int, replay: bool) -> int:  # noqa: FBT001
    """Start the process of one target."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        code = _replayed(name) if replay else _fuzzed(name, executions, seed)
    except Exception:  # noqa: BLE001 (ends the process)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def _prepared(name: str) -> Target:
    """Load what the target needs, with its drivers only."""
    from geo.drivers import ALLOWED, leave_only  # noqa: PLC0415 (before GDAL)

    target = TARGETS[name]
    os.environ.update(
        OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", ARROW_DEFAULT_MEMORY_POOL="system", GDAL_NUM_THREADS="1"
    )
    leave_only(*ALLOWED, *target.drivers)
    warnings.simplefilter("ignore")
    logging.disable()
    return target


def _fuzzed(name: str, executions: int, seed: int) -> int:
    target = _prepared(name)
    seeds = target.seeds()
    start = time.monotonic()
    finds: set[str] = set()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guatu-fuzz-")))
        first = folder / f"seed{target.suffix}"
        first.write_bytes(seeds[0])
        target.read(first)  # loads the libraries; an unchanged file must be read
        for batch in range(-(-executions // BATCH)):
            rng = random.Random(f"{name}:{seed}:{batch}")  # noqa: S311 (no secret)
            files = [
                target.change(rng.choice(seeds), seeds, target.tokens, rng)
                for _ in range(min(BATCH, executions - batch * BATCH))
            ]
            finds |= _batch(name, target, folder, files)
    took = time.monotonic() - start
    print(f"{name}: {executions} executions in {took:.0f} s, {len(finds)} finds {sorted(finds)}")
    return 1 if finds else 0


def _replayed(name: str) -> int:
    target = _prepared(name)
    files = [path.read_bytes() for path in sorted(FINDS.glob(f"{name}-*"))]
    with tempfile.TemporaryDirectory(prefix="guatu-fuzz-") as folder:
        finds = _batch(name, target, Path(folder), files)
    print(f"{name}: {len(files)} kept files, {len(finds)} still fail {sorted(finds)}")
    return 1 if finds else 0


def _batch(name: str, target: Target, folder: Path, files: list[bytes]) -> set[str]:
    """Read files in a fork; after one that ends it, go on behind it in the next."""
    found: set[str] = set()
    done = 0
    while done < len(files):
        place = mmap.mmap(-1, _PLACE.size)
        pid = os.fork()
        if not pid:
            _child(target, folder, files[done:], place)
        status = os.waitpid(pid, 0)[1]
        at = done + _PLACE.unpack(place[:])[0]
        if os.waitstatus_to_exitcode(status) == 0:
            break
        found.add(_kept(name, target, files[at]))
        print(
            f"{name}: exit {os.waitstatus_to_exitcode(status)} at {hashlib.sha256(files[at]).hexdigest()[:12]}",
            flush=True,
        )
        done = at + 1
    return found


def _kept(name: str, target: Target, content: bytes) -> str:
    FINDS.mkdir(exist_ok=True)
    path = FINDS / f"{name}-{hashlib.sha256(content).hexdigest()[:12]}{target.suffix}"
    path.write_bytes(content)
    return path.name


def _child(target: Target, folder: Path, files: Iterable[bytes], place: mmap.mmap) -> None:
    """Read one after the other; end at the first that does what none may."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    from geo.errors import GuatuError  # noqa: PLC0415 (after the fork)

    code = 1
    try:
        for number, content in enumerate(files):
            place[:] = _PLACE.pack(number)
            own = Path(tempfile.mkdtemp(dir=folder))
            path = own / f"upload{target.suffix}"
            path.write_bytes(content)
            signal.alarm(ALARM_S)
            with contextlib.suppress(GuatuError, MemoryError):  # what the worker turns into words
                target.read(path)
            signal.alarm(0)
            shutil.rmtree(own)
        code = 0
    except BaseException as error:  # noqa: BLE001 (the very thing that is sought)
        where = [f"{Path(one.filename).name}:{one.lineno}" for one in traceback.extract_tb(error.__traceback__)]
        print(f"  {error!r:.160} at {' < '.join(reversed(where[-6:]))}", flush=True)
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
