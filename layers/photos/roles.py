"""What a photo shows of an issue, and from how far."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from geo.text import Text


class Role(StrEnum):
    """Which moment of the work a photo shows."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Reach(StrEnum):
    """From how far a photo was taken: the damage itself, or the place with its surroundings."""

    NEAR = "near"
    FAR = "far"


ROLE_WORDS: Mapping[Role, Text] = MappingProxyType(
    {
        Role.BEFORE: Text("整改前", "before"),
        Role.DURING: Text("整改中", "during the work"),
        Role.AFTER: Text("整改后", "after"),
    }
)
REACH_WORDS: Mapping[Reach, Text] = MappingProxyType(
    {Reach.NEAR: Text("近景", "close up"), Reach.FAR: Text("远景", "from afar")}
)
