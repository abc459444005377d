"""The time that statistics are about: from a moment on, until before another, as it was known at a third."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.text import Text

Mask = npt.NDArray[np.bool_]
_MONTHS = 12


@dataclass(frozen=True)
class Period:
    """From ``since`` (included) until ``until`` (not included), seen at ``as_of``; naive local times.

    The clock of a period that is over stops at its end: what was closed afterwards was open in it.
    """

    since: datetime
    until: datetime
    as_of: datetime

    def __post_init__(self) -> None:
        if not self.since < self.until:
            msg = f"a period must end after it begins, found {self.since} to {self.until}"
            raise ValueError(msg)

    @property
    def clock(self) -> datetime:
        """The moment at which the cases are looked at: ``as_of``, or the end if that came before."""
        return min(self.as_of, self.until)

    def happened(self, times: pd.Series) -> Mask:
        """Tell which moments lie before the clock; what happens at ``as_of`` itself has happened."""
        moment = times.to_numpy(dtype="datetime64[us]")
        return (moment < np.datetime64(self.until, "us")) & (moment <= np.datetime64(self.as_of, "us"))

    def within(self, times: pd.Series) -> Mask:
        """Tell which moments lie in the period, as far as it is over."""
        return self.happened(times) & (times.to_numpy(dtype="datetime64[us]") >= np.datetime64(self.since, "us"))

    @property
    def before(self) -> "Period":
        """The period before it, of equal length; of whole months the months before (环比)."""
        months = self._months()
        if months:
            return self._moved(months)
        length = self.until - self.since
        return Period(self.since - length, self.since, self.clock - length)

    @property
    def year_before(self) -> "Period":
        """The same period of the year before (同比)."""
        return self._moved(_MONTHS)

    def _months(self) -> int:
        """Give the number of whole months, 0 if it does not run from the first of one to the first of another."""
        if any((one.day, one.hour, one.minute, one.second, one.microsecond) != (1, 0, 0, 0, 0) for one in self._ends):
            return 0
        return (self.until.year - self.since.year) * _MONTHS + self.until.month - self.since.month

    @property
    def _ends(self) -> tuple[datetime, datetime]:
        return self.since, self.until

    def _moved(self, months: int) -> "Period":
        """Move it back by months; a running period is compared with the same part of the earlier one."""
        back = pd.DateOffset(months=months)
        since, until, seen = ((pd.Timestamp(one) - back).to_pydatetime() for one in (*self._ends, self.clock))
        return Period(since, until, until if self.clock == self.until else seen)

    @property
    def words(self) -> Text:
        """Say it."""
        since, until, clock = (f"{one:%Y-%m-%d %H:%M}" for one in (*self._ends, self.clock))
        words = Text("{since} 起，{until} 前，截至 {clock}", "from {since}, before {until}, as of {clock}")
        return words.format(since=since, until=until, clock=clock)


def month(year: int, number: int, as_of: datetime | None = None) -> Period:
    """Give a month, seen at its end if no other moment is given."""
    since = datetime(year, number, 1)  # noqa: DTZ001 (naive local time)
    until = (pd.Timestamp(since) + pd.DateOffset(months=1)).to_pydatetime()
    return Period(since, until, until if as_of is None else as_of)
