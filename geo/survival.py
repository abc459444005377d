"""Time until something ends, with what has not ended yet counted right.

Kaplan-Meier curves with Greenwood's error, the log-rank test, and the chance that something of a known age
ends within a horizon. A thing that is still open is not left out and not taken for ended: it counts as open for
as long as it was seen (censored). Means over ended things only are too short. What left for another reason
(declined, turned into a project) is censored at that moment too; it did not end.

Kaplan and Meier 1958; Greenwood 1926; interval on the scale of log(-log S), Kalbfleisch and Prentice 2002;
log-rank test, Mantel 1966 and Peto 1972.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

FEWEST_EVENTS = 20
"""Ends that a group needs for a curve of its own; below that the curve of all is used."""
HALF = 0.5
_AT_ONCE = 2_000_000  # numbers that the log-rank test holds at a time, times by groups
_ROUNDING = 1e-12  # a product of fractions that should be a half may miss it by so much

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve: the share still open after each time.

    ``times`` are those at which something ended, ascending, shape (k,); ``at_risk`` and ``ended`` the counts at each,
    ``survival`` the share still open just after it, ``error`` Greenwood's standard error (NaN where the share is 0).
    ``number`` is how many were seen, ``last`` the longest time seen (NaN without any).
    """

    times: Floats
    at_risk: Floats
    ended: Floats
    survival: Floats
    error: Floats
    number: int
    last: float

    @property
    def events(self) -> int:
        """How many ended."""
        return int(self.ended.sum())

    @cached_property
    def median(self) -> float | None:
        """The time by which half have ended; None if the curve stays above a half."""
        return self.quantile(HALF)

    def quantile(self, share: float) -> float | None:
        """Give the first time by which this share (0 to 1) has ended, None if that was never seen."""
        return _first(self.times, self.survival <= 1 - share + _ROUNDING)

    def at(self, time: ArrayLike) -> Floats:
        """Give the share still open after each time; NaN past the last time seen."""
        asked = np.asarray(time, dtype=float)
        steps = np.concatenate([[1.0], self.survival])
        return np.where(asked <= self.last, steps[np.searchsorted(self.times, asked, side="right")], np.nan)

    def interval(self, level: float = 0.95, *, scale: str = "loglog") -> tuple[Floats, Floats]:
        """Give the lower and upper end of the interval of the share at each of the times.

        Args:
            level: confidence, 0 to 1.
            scale: "loglog", which stays between 0 and 1, or "log", which is cut at 1.

        Raises:
            ValueError: another scale.
        """
        if scale not in {"loglog", "log"}:
            msg = f"scale must be loglog or log, found {scale}"
            raise ValueError(msg)
        from scipy.special import ndtri  # noqa: PLC0415 (heavy)

        z = float(ndtri((1 + level) / 2))
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = self.error / self.survival
            if scale == "log":
                return self.survival * np.exp(-z * relative), np.minimum(self.survival * np.exp(z * relative), 1.0)
            width = np.exp(z * relative / np.abs(np.log(self.survival)))
            return self.survival**width, self.survival ** (1 / width)

    def median_interval(self, level: float = 0.95) -> tuple[float | None, float | None]:
        """Give the times at which the ends of the interval pass a half (Brookmeyer and Crowley 1982); None: never."""
        low, high = self.interval(level)
        dead = self.survival <= 0
        return _first(self.times, (low <= HALF) | dead), _first(self.times, (high <= HALF) | dead)

    def mean(self, until: float | None = None) -> float | None:
        """Give the mean time as far as it was seen (restricted mean): the area under the curve.

        Args:
            until: how far to look; None for the last time seen. It is the mean itself only if the curve is 0 by then.

        Returns:
            The mean in the unit of the times; None if nothing was seen, or not so far.
        """
        end = self.last if until is None else until
        if not end <= self.last:
            return None
        inside = self.times < end
        edges = np.concatenate([[0.0], self.times[inside], [end]])
        return float(np.sum(np.diff(edges) * np.concatenate([[1.0], self.survival[inside]])))

    def chance_of_end(self, age: ArrayLike, horizon: ArrayLike) -> Floats:
        """Give the chance that what is still open at an age ends within a horizon: 1 - S(age + horizon) / S(age).

        Args:
            age: how long it has been open, in the unit of the times, shape (n,).
            horizon: how much longer, zero or more, shape (n,) or one number.

        Returns:
            0 to 1; NaN past the last time seen, where nothing is known, and at ages that nothing reached.
        """
        old, more = np.broadcast_arrays(np.asarray(age, dtype=float), np.asarray(horizon, dtype=float))
        now, then = self.at(old), self.at(old + more)
        usable = (now > 0) & np.isfinite(then) & (more >= 0)
        left = np.divide(then, now, out=np.full(now.shape, np.nan), where=usable)
        return np.asarray(1 - left)


def _first(times: Floats, reached: NDArray[np.bool_]) -> float | None:
    found = np.flatnonzero(reached)
    return float(times[found[0]]) if len(found) else None


def kaplan_meier(duration: ArrayLike, ended: ArrayLike, *, entered: ArrayLike | None = None) -> Curve:
    """Give the curve of things that end, or are still open when last seen.

    Args:
        duration: how long each was seen, zero or more, any unit, shape (n,); NaN is left out.
        ended: whether it ended then (True) or was still open (False), shape (n,).
        entered: age at which each came under watch, for a register that starts late (left truncation); None: 0.

    Raises:
        ValueError: a negative duration.
    """
    time, end = np.asarray(duration, dtype=float).ravel(), np.asarray(ended, dtype=bool).ravel()
    start = None if entered is None else np.asarray(entered, dtype=float).ravel()
    known = np.isfinite(time) if start is None else np.isfinite(time) & (start < time)
    if not known.all():
        time, end, start = time[known], end[known], None if start is None else start[known]
    if len(time) and float(time.min()) < 0:
        msg = "durations must not be negative"
        raise ValueError(msg)
    ordered, ends = np.sort(time), np.sort(time[end])
    edge = np.flatnonzero(np.concatenate([[True], ends[1:] != ends[:-1]])) if len(ends) else np.array([], dtype=int)
    times = ends[edge]
    count = np.diff(np.concatenate([edge, [len(ends)]])).astype(float)
    risk = (len(ordered) - np.searchsorted(ordered, times)).astype(float)
    if start is not None:
        risk -= len(start) - np.searchsorted(np.sort(start), times)
    survival = np.cumprod(1 - count / risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = survival * np.sqrt(np.cumsum(count / (risk * (risk - count))))
    return Curve(times, risk, count, survival, error, len(ordered), float(ordered[-1]) if len(ordered) else np.nan)


class LogRank(NamedTuple):
    """The log-rank test: chi-square, degrees of freedom, p; by group observed and expected ends and p against the rest."""

    chi2: float
    df: int
    p: float
    groups: pd.DataFrame


def log_rank(duration: ArrayLike, ended: ArrayLike, group: ArrayLike) -> LogRank:
    """Test whether two or more groups end equally fast.

    It compares whole curves, with what is still open counted right; it does not say why they differ.

    Args:
        duration: how long each was seen, shape (n,); NaN is left out.
        ended: whether it ended then, shape (n,).
        group: name of the group of each, shape (n,); null is left out.

    Returns:
        The test; ``groups`` is indexed by group with ``number``, ``observed``, ``expected`` and ``p``, which is that of
        the test of the group against all others together.

    Raises:
        ValueError: fewer than two groups.
    """
    code, names = pd.factorize(np.asarray(group, dtype=object), sort=True)
    time, end = np.asarray(duration, dtype=float), np.asarray(ended, dtype=bool)
    known = np.isfinite(time) & (code >= 0)
    time, end, code = time[known], end[known], code[known]
    if len(names) < 2:  # noqa: PLR2004 (a comparison)
        msg = f"at least two groups are needed, found {len(names)}"
        raise ValueError(msg)
    parts = [(np.sort(time[code == one]), np.sort(time[(code == one) & end])) for one in range(len(names))]
    found = _Sums(np.zeros(len(names)), np.zeros((len(names), len(names))))
    times = np.unique(time[end])
    for some in np.array_split(times, max(1, len(times) * len(names) // _AT_ONCE)):
        risk = np.array([len(seen) - np.searchsorted(seen, some) for seen, _ in parts], dtype=float)
        died = np.array([_counts(ends, some) for _, ends in parts], dtype=float)
        found = _summed(found, risk, died)
    table = pd.DataFrame(
        {
            "number": [len(seen) for seen, _ in parts],
            "observed": np.array([len(ends) for _, ends in parts], dtype=float),
            "expected": found.expected,
        },
        index=pd.Index(names, name="group"),
    )
    return _tested(table, found.variance)


class _Sums(NamedTuple):
    """Expected ends by group and their covariance, added up over times."""

    expected: Floats
    variance: Floats


def _counts(ends: Floats, times: Floats) -> NDArray[np.int64]:
    return np.searchsorted(ends, times, side="right") - np.searchsorted(ends, times)


def _summed(sums: _Sums, risk: Floats, died: Floats) -> _Sums:
    """Add expected ends and the hypergeometric variance of some times; all at once would not fit for many groups."""
    all_risk, all_died = risk.sum(axis=0), died.sum(axis=0)
    share = risk / all_risk
    spread = all_died * (all_risk - all_died) / np.maximum(all_risk - 1, 1)
    variance = np.diag((share * spread).sum(axis=1)) - (share * spread) @ share.T
    return _Sums(sums.expected + (share * all_died).sum(axis=1), sums.variance + variance)


def _tested(table: pd.DataFrame, variance: Floats) -> LogRank:
    """Compare observed with expected ends."""
    from scipy.special import chdtrc  # noqa: PLC0415 (heavy)

    difference = (table["observed"] - table["expected"]).to_numpy()
    used = variance.diagonal() > 0
    df = max(int(used.sum()) - 1, 0)
    kept = np.flatnonzero(used)[:df]
    chi2 = float(difference[kept] @ np.linalg.solve(variance[np.ix_(kept, kept)], difference[kept])) if df else 0.0
    own = np.divide(difference**2, variance.diagonal(), out=np.zeros(len(table)), where=used)
    return LogRank(chi2, df, float(chdtrc(df, chi2)) if df else 1.0, table.assign(p=chdtrc(1, own)))


@dataclass(frozen=True)
class Curves:
    """Curves by group, and the one of all, which stands in for groups with too few ends."""

    by_group: Mapping[str, Curve]
    overall: Curve
    fewest_events: int = FEWEST_EVENTS

    def is_pooled(self, group: object) -> bool:
        """Tell whether a group has too few ends of its own, or is not known."""
        return not isinstance(group, str) or group not in self.by_group

    def of(self, group: object) -> Curve:
        """Give the curve to use for a group."""
        return self.by_group[group] if isinstance(group, str) and group in self.by_group else self.overall

    def chance_of_end(self, group: ArrayLike, age: ArrayLike, horizon: ArrayLike) -> Floats:
        """Give the chance of each that it ends within its horizon; see ``Curve.chance_of_end``."""
        groups = np.asarray(group, dtype=object)
        old, more = np.asarray(age, dtype=float), np.asarray(horizon, dtype=float)
        chance = np.full(len(groups), np.nan)
        code, names = pd.factorize(groups, use_na_sentinel=True)
        for number in range(-1, len(names)):
            rows = code == number
            if rows.any():
                chance[rows] = self.of(names[number] if number >= 0 else None).chance_of_end(old[rows], more[rows])
        return chance


def curves(duration: ArrayLike, ended: ArrayLike, group: ArrayLike, *, fewest_events: int = FEWEST_EVENTS) -> Curves:
    """Give a curve for each group with enough ends, and one of all.

    Args:
        duration: how long each was seen, shape (n,).
        ended: whether it ended then, shape (n,).
        group: name of the group of each, shape (n,); null belongs to none and counts in the curve of all.
        fewest_events: ends that a group needs for a curve of its own.
    """
    time, end = np.asarray(duration, dtype=float), np.asarray(ended, dtype=bool)
    code, names = pd.factorize(np.asarray(group, dtype=object), sort=True)
    events = np.bincount(code[end & (code >= 0)], minlength=len(names))
    own = {
        str(name): kaplan_meier(time[code == number], end[code == number])
        for number, name in enumerate(names)
        if events[number] >= fewest_events
    }
    return Curves(own, kaplan_meier(time, end), fewest_events)
