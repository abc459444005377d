"""The solver's own remarks kept out of standard output, where a command promises exactly one document.

HiGHS writes some remarks past all its options; they tell a user nothing and are dropped. Several threads may solve at a time: the
first redirects, the last puts things back.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_OUT = 1
_LOCK = Lock()
_HELD: list[int] = []
"""Copies of the real standard output, one for each solve that is under way."""


@contextmanager
def remarks_aside() -> Iterator[None]:
    """Drop what compiled code writes to standard output meanwhile."""
    with _LOCK:
        _HELD.append(os.dup(_HELD[0] if _HELD else _OUT))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _OUT)
        os.close(nowhere)
    try:
        yield
    finally:
        with _LOCK:
            ctypes.CDLL(None).fflush(None)  # what is still in the buffer of C was written meanwhile
            real = _HELD.pop()
            if not _HELD:
                os.dup2(real, _OUT)
            os.close(real)
