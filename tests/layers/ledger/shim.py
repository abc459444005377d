"""A shim between SQLite and the system: the k-th write fails, or kills the process, torn in its midst.

SQLite lets its system calls be replaced for such tests (``xSetSystemCall``), so nothing needs to be compiled.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_HEAD = [("version", ctypes.c_int), ("file", ctypes.c_int), ("path", ctypes.c_int)]
_POINTERS = [
    "next",
    "name",
    "data",
    "open",
    "delete",
    "access",
    "full_pathname",
    "dl_open",
    "dl_error",
    "dl_sym",
    "dl_close",
    "randomness",
    "sleep",
    "current_time",
    "last_error",
    "current_time_64",
    "set_call",
    "get_call",
    "next_call",
]
_WRITE = ctypes.CFUNCTYPE(
    ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64, use_errno=True
)
_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_int, use_errno=True)
_GET = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)
_SET = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)


class _Vfs(ctypes.Structure):
    _fields_ = (*_HEAD, *((name, ctypes.c_void_p) for name in _POINTERS))


@dataclass
class Count:
    """How many calls there were, and whether one was disturbed."""

    calls: int = 0
    hit: bool = False


@contextmanager
def shimmed(
    *, at: int = 0, error: int = 0, act: Callable[[], object] | None = None, opens: bool = False
) -> Iterator[Count]:
    """Disturb one system call of all ledgers of this process.

    Args:
        at: which call, from 1; 0 for none, to count them.
        error: the number that it fails with.
        act: what is done in the midst of it instead.
        opens: opening of files, not writing.
    """
    library = ctypes.CDLL("libsqlite3.so.0")
    library.sqlite3_vfs_find.restype = ctypes.c_void_p
    vfs = library.sqlite3_vfs_find(None)
    table = _Vfs.from_address(vfs)
    get, put = _GET(table.get_call), _SET(table.set_call)
    count, kept = Count(), []
    for name in (b"open",) if opens else (b"write", b"pwrite", b"pwrite64"):
        real = get(vfs, name)
        if real:
            hook = _opening(real, count, at, error) if opens else _writing(real, count, at, error, act)
            kept.append((name, hook))
            put(vfs, name, ctypes.cast(hook, ctypes.c_void_p))
    try:
        yield count
    finally:
        for name, _ in kept:
            put(vfs, name, None)


def _writing(address: int, count: Count, at: int, error: int, act: Callable[[], object] | None) -> Any:
    real = _WRITE(address)

    def write(handle: int, data: int, size: int, place: int) -> int:
        count.calls += 1
        if count.calls != at:
            return int(real(handle, data, size, place))
        count.hit = True
        if act is not None:
            real(handle, data, size // 2, place)
            act()
        ctypes.set_errno(error)
        return -1

    return _WRITE(write)


def _opening(address: int, count: Count, at: int, error: int) -> Any:
    real = _OPEN(address)

    def opened(path: bytes, flags: int, mode: int) -> int:
        count.calls += 1
        if count.calls != at:
            return int(real(path, flags, mode))
        count.hit = True
        ctypes.set_errno(error)
        return -1

    return _OPEN(opened)
