"""A process that does one job on files of strangers, and may do nothing else: ``python -m geo.worker``.

Started by ``geo.sandbox``, which writes the order to its standard input and reads the answer from its
standard output. Before it loads any library it gives up memory, time, the network and all files but
Python's own, Guatu's, and the folder of the job. Whatever goes wrong here ends this process, and the
one that started it says so in words.
"""

import gc
import importlib
import importlib.util
import json
import os
import sys
import sysconfig
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from geo import landlock
from geo.errors import DataError, Problem

if TYPE_CHECKING:
    import pyarrow as pa

OURS = ("geo.", "layers.")
"""Where the functions must be that a job may name."""
FRONT_PAGES = ("layers", "layers.exports")
"""Packages whose own page gathers more than most jobs need; none of it is loaded unless a job asks for it."""
_SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/etc/localtime", "/etc/ld.so.cache",
    "/dev/null", "/dev/urandom", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu",
)  # fmt: skip
Answer = tuple[Any, Sequence["pa.Table"]]
"""What a job gives back: something that JSON can hold, and tables."""


class Job(NamedTuple):
    """What a job may use: its folder, which it may change until ``settle`` is called, and what it was told."""

    folder: Path
    told: Mapping[str, Any]

    def settle(self) -> None:
        """Give up changing files, before a large library reads what is in them."""
        _limit("RLIMIT_FSIZE", 0)
        landlock.restrict(read=readable(self.folder))


def readable(folder: Path) -> list[Path]:
    """List what a worker must read: the interpreter, its libraries, this program and its data, one folder."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    home = Path(__file__).resolve().parents[1]
    ours = [home / name for name in ("geo", "layers", "data")]
    roots = [Path(sys.base_prefix, "lib"), Path(sys.prefix, "pyvenv.cfg"), *map(Path, _SYSTEM)]
    paths = [Path(sysconfig.get_path(name)) for name in names]
    return list(dict.fromkeys([*paths, *roots, *ours, folder]))


def main() -> int:
    """Do the job on standard input; 0 if it was done or its data were found faulty."""
    gc.disable()  # it ends before cycles could pile up, and looking for them costs more than reading
    order = json.load(sys.stdin)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # libraries that print would break the answer
    limits, folder = order["limits"], Path(order["folder"])
    for name, most in limits.items():
        _limit(name, most)
    landlock.restrict(read=readable(folder), write=[folder])
    try:
        head, tables = _function(order["task"])(Job(folder, order["told"]))
    except DataError as error:
        head, tables = None, ()
        _write(out, {"problems": [as_json(one) for one in error.problems]}, tables)
    except MemoryError:
        head, tables = None, ()
        _write(out, {"memory": True}, tables)
    else:
        _write(out, {"head": head}, tables)
    return 0


def as_json(problem: Problem) -> list[Any]:
    """Give a problem as plain lists."""
    return [list(one) if isinstance(one, tuple) else one for one in problem]


def _function(task: str) -> Callable[[Job], Answer]:
    module, name = task.split(":")
    if not module.startswith(OURS):
        msg = f"no module of Guatu: {module}"
        raise ValueError(msg)
    for package in FRONT_PAGES:
        _without_front_page(package)
    return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]


def _without_front_page(package: str) -> None:
    """Let modules of a package be imported without what its own page gathers."""
    spec = importlib.util.find_spec(package) if package not in sys.modules else None
    if spec is not None:
        sys.modules[package] = importlib.util.module_from_spec(spec)


def _limit(name: str, most: int) -> None:
    """Lower one of the system's limits; systems that do not know it go on without."""
    try:
        import resource  # noqa: PLC0415 (not on Windows)
    except ImportError:
        return
    which = getattr(resource, name, None)
    if which is not None:
        hard = resource.getrlimit(which)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (least, least))


def _write(out: IO[bytes], head: Mapping[str, Any], tables: Sequence["pa.Table"]) -> None:
    """Write the head's length and the head, then the tables as Arrow streams, one after the other."""
    words = json.dumps({**head, "tables": len(tables)}, ensure_ascii=True).encode()
    out.write(len(words).to_bytes(8, "big") + words)
    for table in tables:
        import pyarrow as pa  # noqa: PLC0415 (heavy)

        with pa.ipc.new_stream(out, table.schema) as stream:
            stream.write_table(table, max_chunksize=65_536)
    out.close()


if __name__ == "__main__":
    sys.exit(main())
