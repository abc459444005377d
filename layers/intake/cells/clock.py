"""What one written time of day means, with the words for parts of the day and the offset from UTC."""

import re
from typing import NamedTuple

DAY_SECONDS = 86_400
_HALF = "上午|早上|早晨|清晨|凌晨|中午|下午|傍晚|晚上|晚间|夜间|晚|夜"
_CLOCK = re.compile(
    rf"(?P<word>{_HALF})?\s*(?P<hour>\d{{1,2}})\s*[:时点]\s*(?:(?P<half>半)|(?P<minute>\d{{1,2}})?\s*[:分]?\s*"
    r"(?P<second>\d{1,2}(?:[.,]\d+)?)?\s*秒?)\s*(?P<about>许|左右)?\s*(?P<ap>[ap]\.?m\.?)?\s*"
    r"(?P<zone>z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
SPLIT = rf"^(?P<day>.*?)[T\s,]*(?P<clock>(?:{_HALF})?\s*\d{{1,2}}[:时点].*)$"
"""RE2 pattern that parts a text into its day and its time of day."""
PLAIN_SPLIT = r"^(?P<day>[0-9A-Za-z年月日/.-]*[0-9日])[T ]+(?P<clock>\d{1,2}[:时点][^T]*)$"
"""The same for plain texts, quicker."""
PACKED = r"^(\d{8})[T ]?(\d{2})(\d{2})(\d{2})?$"
"""Day and time without separators."""
_LATE = ("下午", "傍晚", "晚上", "晚间", "夜间", "晚", "夜")
_NOON = 12
_LONGEST = 40


class Clock(NamedTuple):
    """A time of day in microseconds since midnight; ``offset`` in minutes from UTC, None unsaid."""

    micros: int
    offset: int | None = None
    about: bool = False


def clock_of(text: str) -> Clock | None:
    """Read a time of day; 24:00 is the end of the day. None for what is none, or does not exist."""
    words = " ".join(text.split())
    found = _CLOCK.fullmatch(words) if len(words) <= _LONGEST else None
    if found is None:
        return None
    hour = _hour(int(found["hour"]), found["word"] or "", (found["ap"] or "").lower()[:1])
    minute = 30 if found["half"] else int(found["minute"] or 0)
    second = float((found["second"] or "0").replace(",", "."))
    total = hour * 3600 + minute * 60 + second
    if hour > 24 or minute > 59 or second >= 61 or total > DAY_SECONDS:  # noqa: PLR2004
        return None
    return Clock(round(total * 1_000_000), _offset(found["zone"]), found["about"] is not None)


def _hour(hour: int, word: str, half: str) -> int:
    """Give the hour of the day; after noon by a Chinese word or by p.m."""
    if hour > _NOON:
        return hour
    if half:
        return hour % _NOON + (_NOON if half == "p" else 0)
    if word in _LATE:
        night = hour == _NOON and word not in {"下午", "傍晚"}
        return 24 if night else hour % _NOON + _NOON
    if word == "凌晨":
        return hour % _NOON
    return hour + _NOON if word == "中午" and hour < 3 else hour  # noqa: PLR2004


def _offset(zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return -minutes if zone[0] == "-" else minutes
