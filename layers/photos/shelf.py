"""Where photos lie in a workspace: ``photos/ab/cd/SUM.jpg`` and what is made of each beside it.

A file is written under another name, put on the disk, and then given its own, so that it is there whole or not at all.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from geo.errors import Problem
from geo.findings import system_fault
from geo.text import Text
from layers.photos.faults import photo_problem, refused
from layers.photos.heads import ENDINGS
from layers.photos.photo import is_sum

PHOTOS = "photos"
FACTS, THUMBNAIL, VIEW = ".json", ".320.jpg", ".1280.jpg"
_PART = ".part-"


def place(folder: Path, sha256: str, ending: str) -> Path:
    """Give where a file of a photo lies.

    Raises:
        DataError: no such sum can be.
    """
    if not is_sum(sha256):
        raise refused(PHOTOS, "photo_gone", Text("无效的照片编号", "no number of a photo"))
    return folder / PHOTOS / sha256[:2] / sha256[2:4] / f"{sha256}{ending}"


def original_path(folder: Path, sha256: str) -> Path:
    """Find the original of a photo. It is kept as handed in, so never serve it; serve ``view`` or ``stripped``.

    Raises:
        DataError: it is not there.
    """
    for ending in ENDINGS.values():
        path = place(folder, sha256, ending)
        if path.is_file():
            return path
    raise refused(sha256[:12], "photo_gone", Text("没有此照片", "no such photo"))


def original(folder: Path, sha256: str) -> bytes:
    """Read a photo as it was handed in, and prove it by its sum.

    Raises:
        DataError: it is not there, or was changed.
    """
    data = read(original_path(folder, sha256), sha256)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise refused(sha256[:12], "photo_changed", Text("内容被改动的文件", "a file whose content was changed"))
    return data


def read(path: Path, sha256: str) -> bytes:
    """Read a file of a photo.

    Raises:
        DataError: the system refuses.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise refused(sha256[:12], "photo_gone", system_fault(error)) from error


def sums(folder: Path) -> Iterator[str]:
    """List the sums of all photos of a workspace, sorted."""
    endings = set(ENDINGS.values())
    found = {path.stem for path in (folder / PHOTOS).glob("??/??/*") if path.suffix in endings}
    yield from sorted(one for one in found if is_sum(one))


def verified(folder: Path) -> tuple[Problem, ...]:
    """Read every original again; one problem for each that is no longer what was handed in."""
    faults: list[Problem] = []
    for sha256 in sums(folder):
        path = original_path(folder, sha256)
        with path.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        if not same:
            found = Text("内容被改动的文件", "a file whose content was changed")
            faults.append(photo_problem("photo_changed", path.name, found=found))
    return tuple(faults)


def put(path: Path, data: bytes, file: str) -> None:
    """Write a file whole, on the disk, or not at all.

    Raises:
        DataError: the system refuses; what was there before is as it was.
    """
    part: Path | None = None
    try:
        _make(path.parent)
        handle, name = tempfile.mkstemp(prefix=_PART, dir=path.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        _settle(path.parent)
    except OSError as error:
        raise refused(file, "photo_unwritable", system_fault(error)) from error
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _make(folder: Path) -> None:
    """Make a folder and those above it, and have the disk hold each."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(exist_ok=True)
    _settle(folder.parent)


def _settle(folder: Path) -> None:
    if os.name != "posix":  # elsewhere folders cannot be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
