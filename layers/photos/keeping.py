"""Photos into a workspace and out of it again.

What comes in is looked at without decoding (``heads``), decoded in a confined process (``work``), and kept as it is.
What goes out was drawn by that process from the pixels alone.
"""

import base64
import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo import sandbox
from geo.errors import DataError
from geo.findings import shown
from geo.text import Text
from layers.photos import shelf
from layers.photos.faults import refused
from layers.photos.heads import ENDINGS, MOST_BYTES, Head, head_of
from layers.photos.photo import Photo, facts_json, from_json, made
from layers.photos.work import NOTES, PICTURE, THUMBNAIL_PX, VIEW_PX

_DRAWN = {"thumbnail": (shelf.THUMBNAIL, THUMBNAIL_PX), "view": (shelf.VIEW, VIEW_PX)}
_JFIF = b"JFIF\0"
_LEAST_MEMORY = 512 << 20
_PIXEL_BYTES = 20


def keep(folder: Path, data: bytes, *, name: str = "", limits: sandbox.Limits | None = None) -> Photo:
    """Keep a photo in a workspace; the same bytes again give the same photo and write nothing.

    Args:
        folder: of the workspace.
        data: the file as it was handed in.
        name: what the user calls it, for messages only; nothing of it is kept.
        limits: what decoding may use.

    Raises:
        DataError: one problem: why it is refused and what to do; nothing was kept.
    """
    file = shown(Path(name).name) or "photo"
    sha256 = hashlib.sha256(data).hexdigest()
    head = head_of(data, file)
    path = shelf.place(folder, sha256, ENDINGS[head.kind])
    known = _known(folder, sha256) if path.is_file() and shelf.read(path, sha256) == data else None
    if known is not None:
        return known
    photo = _drawn(folder, sha256, head, size=len(data), file=file, limits=limits)
    shelf.put(path, data, file)  # last: a photo is there when its original is
    return photo


def photo_of(folder: Path, sha256: str) -> Photo:
    """Give a kept photo; what was made of it is made again if it is gone or was changed.

    Raises:
        DataError: the original is gone or was changed.
    """
    shelf.original_path(folder, sha256)
    return _known(folder, sha256) or _again(folder, sha256)


def thumbnail(photo: Photo) -> bytes:
    """Give the photo, upright, at most 320 pixels along an edge, without metadata: JPEG.

    Raises:
        DataError: it has to be made again, and the original is gone or was changed.
    """
    return _picture(photo, "thumbnail")


def view(photo: Photo) -> bytes:
    """Give the photo, upright, at most 1280 pixels along an edge, without metadata: JPEG.

    Raises:
        DataError: it has to be made again, and the original is gone or was changed.
    """
    return _picture(photo, "view")


def stripped(photo: Photo) -> bytes:
    """Give the photo for others: all its pixels, upright, in sRGB, and nothing else: JPEG.

    Neither notes of the camera nor comments, profiles, second pictures or bytes behind the end go along.

    Raises:
        DataError: the original is gone or was changed.
    """
    data = shelf.original(photo.folder, photo.sha256)
    head = head_of(data, photo.name)
    answer = _asked("plain", head, photo.name, None)
    return _proven(answer.get("plain"), max(photo.width, photo.height), photo.name)


def _known(folder: Path, sha256: str) -> Photo | None:
    path = shelf.place(folder, sha256, shelf.FACTS)
    return from_json(shelf.read(path, sha256), folder, sha256) if path.is_file() else None


def _again(folder: Path, sha256: str) -> Photo:
    data = shelf.original(folder, sha256)
    return _drawn(folder, sha256, head_of(data, sha256[:12]), size=len(data), file=sha256[:12])


def _picture(photo: Photo, name: str) -> bytes:
    path = shelf.place(photo.folder, photo.sha256, _DRAWN[name][0])
    for last in (False, True):
        content = shelf.read(path, photo.sha256) if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() == photo.drawn[name]:
            return content
        if not last:
            photo = _again(photo.folder, photo.sha256)
    raise refused(photo.name, "photo_changed", Text("无法重新生成的缩略图", "a thumbnail that cannot be made again"))


def _drawn(
    folder: Path, sha256: str, head: Head, *, size: int, file: str, limits: sandbox.Limits | None = None
) -> Photo:
    """Have the worker look at a photo, and keep what it made of it."""
    answer = _asked("derive", head, file, limits)
    pictures = {name: _proven(answer.get(name), edge, file) for name, (_, edge) in _DRAWN.items()}
    facts = {
        **answer,
        "sha256": sha256,
        "kind": head.kind,
        "size_bytes": size,
        "extra_bytes": head.extra,
        "drawn": {name: hashlib.sha256(one).hexdigest() for name, one in pictures.items()},
    }
    try:
        facts["findings"] = [*answer["findings"], *(["photo_extra"] if head.extra else [])]
        photo = made(folder, facts)
    except (ValueError, KeyError, TypeError) as error:
        raise _strange(file) from error
    for name, (ending, _) in _DRAWN.items():
        shelf.put(shelf.place(folder, sha256, ending), pictures[name], file)
    shelf.put(shelf.place(folder, sha256, shelf.FACTS), facts_json(photo), file)
    return photo


def _asked(task: str, head: Head, file: str, limits: sandbox.Limits | None) -> Mapping[str, Any]:
    """Have the worker do something with a picture: it sees the parts that are needed and nothing else."""
    with tempfile.TemporaryDirectory(prefix="guatu-") as name:
        folder = Path(name)
        (folder / PICTURE).write_bytes(head.parts.clean)
        (folder / NOTES).write_bytes(head.parts.exif)
        told = {"kind": head.kind, "file": file}
        try:
            answer = sandbox.run(f"layers.photos.work:{task}", folder, told, file=file, limits=limits or _limits(head))
        except DataError as error:
            raise _ended(error, file) from error
    if not isinstance(answer.head, dict):
        raise _strange(file)
    return answer.head


def _limits(head: Head) -> sandbox.Limits:
    """Allow what decoding takes at most: a WebP needs five copies of four bytes a pixel."""
    pixels = head.parts.width * head.parts.height
    return sandbox.Limits(memory_bytes=_LEAST_MEMORY + _PIXEL_BYTES * pixels, answer_bytes=2 * MOST_BYTES)


def _ended(error: DataError, file: str) -> DataError:
    """Say in words of photos why the worker ended."""
    (problem,) = error.problems
    codes = dict.fromkeys(("worker_time", "worker_memory", "worker_answer"), "photo_heavy")
    codes |= dict.fromkeys(("worker_crash", "worker_unreadable"), "photo_damaged")
    return refused(file, codes[problem.code], problem.found) if problem.code in codes else error


def _proven(content: object, edge: int, file: str) -> bytes:
    """Take a picture that the worker drew: a JPEG of pixels alone, or the photo is refused."""
    try:
        picture = base64.b64decode(str(content), validate=True)
    except ValueError as error:
        raise _strange(file) from error
    head = head_of(picture, file)
    whole = head.kind == "JPEG" and head.parts.end == len(picture)
    if not (whole and max(head.parts.width, head.parts.height) <= edge and _is_bare(head)):
        raise _strange(file)
    return picture


def _is_bare(head: Head) -> bool:
    return not head.parts.exif and all(one.startswith(_JFIF) for one in head.parts.notes)


def _strange(file: str) -> Exception:
    return refused(file, "photo_damaged", Text("使解码程序出错的照片", "a photo that misleads the decoder"))
