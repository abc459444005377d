"""The solver's own remarks kept out of standard output, where a command promises exactly one document.

HiGHS writes some remarks past all its options. They go to standard error here. Several threads may solve at a time: the
first redirects, the last puts things back.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_OUT, _ERR = 1, 2
_LOCK = Lock()
_HELD: list[int] = []
"""Copies of the real standard output, one for each solve that is under way."""


@contextmanager
def remarks_aside() -> Iterator[None]:
    """Send what compiled code writes to standard output to standard error meanwhile."""
    with _LOCK:
        _HELD.append(os.dup(_HELD[0] if _HELD else _OUT))
        os.dup2(_ERR, _OUT)
    try:
        yield
    finally:
        with _LOCK:
            ctypes.CDLL(None).fflush(None)  # what is still in the buffer of C was written meanwhile
            real = _HELD.pop()
            if not _HELD:
                os.dup2(real, _OUT)
            os.close(real)
