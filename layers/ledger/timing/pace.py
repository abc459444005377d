"""Pace: how often one session may do something that is open to everybody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple


class Pace(NamedTuple):
    """So many times ``most`` within a span."""

    most: int
    span: timedelta

    def next_at(self, times: Sequence[datetime], now: datetime) -> datetime | None:
        """Give when it may be done again after it was done at these times; None: now."""
        recent = self.recent(times, now)
        return None if len(recent) < self.most else recent[-self.most] + self.span

    def recent(self, times: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
        """Give the times that still count, in order."""
        return tuple(sorted(one for one in times if now - one < self.span))


REPORTS = Pace(5, timedelta(hours=1))
"""Reports of a session that nobody knows."""
LOOK_UPS = Pace(20, timedelta(minutes=10))
"""References that a session may ask after."""
