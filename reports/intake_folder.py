"""A private folder for what a session hands in: it goes with the session, and with the next one if the process was killed."""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

PREFIX, LOCK = "guatu-import-", ".in-use"
FRESH_S, OLD_S = 60.0, 86_400.0
"""A folder younger than the first is never swept; where no lock tells who lives, one older than the second is."""


class PrivateFolder:
    """A folder that only its owner may look into; ``path`` is gone after ``close``."""

    def __init__(self) -> None:
        sweep()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock: IO[str] = (self.path / LOCK).open("w")
        _take(self._lock)

    def close(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def sweep() -> None:
    """Remove the folders of processes that are no more; those of other people stay."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if _is_ours(folder) and _is_left(folder / LOCK):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # somebody else removes it, too
            continue


def _is_ours(folder: Path) -> bool:
    return sys.platform == "win32" or (not folder.is_symlink() and folder.stat().st_uid == os.getuid())


def _is_left(lock: Path) -> bool:
    """Tell whether nobody holds a folder any more."""
    if not lock.is_file():
        return False
    age = time.time() - lock.stat().st_mtime
    if sys.platform == "win32":
        return age > OLD_S
    with lock.open("r+") as file:
        return age > FRESH_S and _take(file)


def _take(file: IO[str]) -> bool:
    """Lock a file until it is closed or the process ends, however it ends."""
    if sys.platform == "win32":
        return True
    import fcntl  # noqa: PLC0415 (not on every system)

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # held by somebody else
        return False
    return True
