"""How long somebody who typed wrong passwords has to wait: a pure function of the attempts and the clock.

Three counts lock, each by its own measure: of one login from one address, of one login from anywhere (a guess
spread over many machines), and of one address for any login (one guess at many accounts). Each lock is twice as
long as the one before it. An attempt while a lock holds is not made, so it neither counts nor lengthens the lock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from geo.text import Text

WINDOW = timedelta(days=1)
"""Failures longer ago than this do not count."""


class Attempt(NamedTuple):
    """One attempt to log in, at a naive local time, from an address if it is known."""

    at: datetime
    login: str
    address: str | None
    succeeded: bool


@dataclass(frozen=True)
class Measure:
    """Failures that are free, how long the first lock is, and how long the longest."""

    free: int
    first: timedelta
    longest: timedelta

    def lock(self, failures: int) -> timedelta:
        """Give the lock after so many failures in a row."""
        over = failures - self.free
        if over < 0:
            return timedelta(0)
        doubled = self.first * (1 << min(over, 20))
        return min(doubled, self.longest)


SAME = Measure(5, timedelta(seconds=30), timedelta(hours=1))
LOGIN = Measure(20, timedelta(seconds=30), timedelta(minutes=15))
ADDRESS = Measure(50, timedelta(minutes=1), timedelta(hours=1))


def locked_until(attempts: Iterable[Attempt], login: str, address: str | None, at: datetime) -> datetime | None:
    """Give the moment until which a login from an address is locked; None if it is free.

    Args:
        attempts: what is known of all logins, in any order.
        login: as it was typed; compared without regard to case and to blanks around it.
        address: where from; None if it is not known, as on one's own machine.
        at: the moment.
    """
    who = _plain(login)
    past = sorted((one for one in attempts if at - WINDOW < one.at <= at), key=lambda one: (one.at, one.succeeded))
    ends = [
        _lock_end((one for one in past if _plain(one.login) == who and one.address == address), SAME),
        _lock_end((one for one in past if _plain(one.login) == who), LOGIN),
    ]
    if address is not None:
        from_there = (one for one in past if one.address == address)
        ends.append(_lock_end(from_there, ADDRESS, forgives=False))
    return max((one for one in ends if one is not None and one > at), default=None)


def lock_words(until: datetime, at: datetime) -> Text:
    """Say how long somebody has to wait; not whether such an account exists."""
    seconds = max(1, round((until - at).total_seconds()))
    minutes = -(-seconds // 60)
    wait = Text(f"{minutes} 分钟", f"{minutes} minute{'' if minutes == 1 else 's'}")
    if seconds <= 90:  # noqa: PLR2004 (a minute and a half)
        wait = Text(f"{seconds} 秒", f"{seconds} second{'' if seconds == 1 else 's'}")
    return Text("尝试次数过多，请 {wait}后再试", "too many attempts: try again in {wait}").format(wait=wait)


def _plain(login: str) -> str:
    return login.strip().casefold()


def _lock_end(attempts: Iterable[Attempt], measure: Measure, *, forgives: bool = True) -> datetime | None:
    """Give the end of the last lock; a success ends the row of failures, unless somebody could use that to go on."""
    failures = 0
    end: datetime | None = None
    for one in attempts:
        if end is not None and one.at < end:
            continue
        if one.succeeded:
            failures = 0 if forgives else failures
            continue
        failures += 1
        wait = measure.lock(failures)
        end = one.at + wait if wait else None
    return end
