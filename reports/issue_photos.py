"""Photos of an issue, small, for a page: in the order of the events, with their role."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from geo.text import Lang, Text
from layers.ledger.log.events import PHOTO, Event
from layers.photos.keeping import photo_of, thumbnail
from layers.photos.roles import REACH_WORDS, ROLE_WORDS
from layers.photos.shelf import sums

MOST = 6
"""Photos that are shown at a time, the latest."""


def photos_of(folder: Path, events: Sequence[Event], lang: Lang) -> list[tuple[bytes, str]]:
    """Give the latest photos that the workspace holds, each as a small picture with words."""
    held = set(sums(folder))
    words = {str(key): one for table in (ROLE_WORDS, REACH_WORDS) for key, one in table.items()}
    found = [one for one in events if one.kind == PHOTO and one.other in held]
    return [(thumbnail(photo_of(folder, str(one.other))), _words(one, words, lang)) for one in found[-MOST:]]


def _words(event: Event, words: Mapping[str, Text], lang: Lang) -> str:
    role = words.get(str(event.stage), Text.same(str(event.stage)))
    said = role.in_(lang)
    return f"{said} · {event.at:%m-%d %H:%M}"
