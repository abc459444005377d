"""Photos of an issue, small, for a page: in the order of the events, with their role."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from geo.text import Lang, Text
from layers.ledger.log.events import PHOTO, Event
from layers.photos.keeping import photo_of, stripped, thumbnail
from layers.photos.roles import REACH_WORDS, ROLE_WORDS
from layers.photos.shelf import sums

_ODD = re.compile(r"[^\w.-]")
MOST = 6
"""Photos that are shown at a time, the latest."""


def photos_of(folder: Path, events: Sequence[Event], lang: Lang) -> list[tuple[bytes, str]]:
    """Give the latest photos that the workspace holds, each as a small picture with words."""
    held = set(sums(folder))
    words = {str(key): one for table in (ROLE_WORDS, REACH_WORDS) for key, one in table.items()}
    found = [one for one in events if one.kind == PHOTO and one.other in held]
    return [(thumbnail(photo_of(folder, str(one.other))), _words(one, words, lang)) for one in found[-MOST:]]


def bare_photos(folder: Path, events: Sequence[Event]) -> Iterator[tuple[str, bytes]]:
    """Give all photos that the workspace holds as files for others: a name, and a picture without the camera's notes.

    Args:
        folder: of the workspace.
        events: of one issue or several, issue by issue.

    Raises:
        DataError: an original is gone or was changed.
    """
    held, number = set(sums(folder)), Counter[str]()
    for one in events:
        if one.kind == PHOTO and one.other in held:
            number[one.subject] += 1
            issue = _ODD.sub("_", one.subject)
            name = f"{issue}-{number[one.subject]:02d}-{one.stage}-{one.at:%Y%m%d-%H%M}.jpg"
            yield name, stripped(photo_of(folder, str(one.other)))


def photo_archive(folder: Path, events: Sequence[Event]) -> bytes:
    """Give ``bare_photos`` as one archive, the same bytes for the same photos."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as archive:
        for name, picture in bare_photos(folder, events):
            archive.writestr(zipfile.ZipInfo(name), picture)
    return kept.getvalue()


def _words(event: Event, words: Mapping[str, Text], lang: Lang) -> str:
    role = words.get(str(event.stage), Text.same(str(event.stage)))
    said = role.in_(lang)
    return f"{said} · {event.at:%m-%d %H:%M}"
