"""Who gets how much: inequality of what people have, each value weighted by the people who have it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_Figure = Callable[[Floats, Floats], Floats]
"""A figure of rising values (n,) for each row of people (k, n)."""
_AT_ONCE = 4_000_000
_ROUNDING = 1e-12


class Interval(NamedTuple):
    """A figure with the ends of its bootstrap interval; NaN where it is not defined."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Equity:
    """Figures of inequality with intervals.

    ``gini`` 0 (all alike) to 1, ``theil`` 0 upwards, ``worst_share`` the share of all that goes to the worst-served
    part of the people (that part itself where all have alike), ``p90_p10`` the value that a tenth exceeds by the one
    that a tenth does not reach (NaN where that is 0), ``without_share`` the share of people who have nothing.
    """

    gini: Interval
    theil: Interval
    worst_share: Interval
    p90_p10: Interval
    without_share: Interval
    meta: Mapping[str, object] = field(repr=False)


def gini(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Gini coefficient: half the mean difference of two people, by the mean.

    Args:
        values: what each has, not negative, shape (n,).
        weights: people by value; None counts each once.

    Returns:
        0 to 1, of a whole population (not corrected by n/(n-1)); NaN where nobody has anything.
    """
    return _one(_gini, values, weights)


def theil(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Theil's T: mean of (x/mean) ln(x/mean), 0 ln 0 being 0; NaN where nobody has anything."""
    return _one(_theil, values, weights)


def worst_share(values: ArrayLike, weights: ArrayLike | None = None, *, part: float = 0.2) -> float:
    """Share of all that goes to the worst-served ``part`` of the people; a value across the limit counts in part."""
    return _one(partial(_worst, part=part), values, weights)


def quantile(values: ArrayLike, weights: ArrayLike | None, share: float) -> float:
    """Smallest value that at least ``share`` of the people do not exceed; NaN without people."""
    return _one(partial(_quantile, share=share), values, weights)


def p90_p10(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Value at 90 % of the people by that at 10 %; NaN where a tenth has nothing."""
    return _one(_p90_p10, values, weights)


def without_share(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Share of people who have nothing; NaN without people."""
    return _one(_without, values, weights)


def equity(
    values: ArrayLike, weights: ArrayLike | None = None, *, seed: int, draws: int = 10_000, part: float = 0.2
) -> Equity:
    """Give all figures with 95 % percentile intervals: units (grids, buildings) are drawn again with replacement.

    Args:
        values: what people of each unit have, shape (n,); units with an unknown value are left out and counted.
        weights: people of each unit, shape (n,); None counts each once. Unknown ones are left out, too.
        seed: of the draws; the same seed gives the same intervals.
        draws: number of bootstrap samples.
        part: part of the people that counts as worst served.

    Raises:
        ValueError: a value or weight is negative.
    """
    have, people, unknown = _rising(values, weights)
    figures: dict[str, _Figure] = {
        "gini": _gini,
        "theil": _theil,
        "worst_share": partial(_worst, part=part),
        "p90_p10": _p90_p10,
        "without_share": _without,
    }
    tries: dict[str, list[Floats]] = {name: [] for name in figures}
    for counts in _drawn(len(have), draws, seed):
        for name, figure in figures.items():
            tries[name].append(figure(have, counts * people))
    whole = {name: _one(figure, have, people) for name, figure in figures.items()}
    found = {name: Interval(whole[name], *_ends(tries[name])) for name in figures}
    meta = {
        "method": "gini, theil T, worst-served share, P90/P10, weighted by people",
        "units": len(have),
        "left_out": unknown,
        "worst_part": part,
        "interval": "95 % percentile bootstrap of units",
        "draws": draws,
        "seed": seed,
    }
    return Equity(**found, meta=meta)


class Groups(NamedTuple):
    """What groups have: by group number its share of people and of the whole, and how far the whole lies between groups.

    ``people_share`` and ``held_share`` (k,) add up to 1; ``mean`` is what one person has. ``between_share`` is the part
    of Theil's T that lies between the groups, the rest lies within them; NaN where all have alike.
    """

    people_share: Floats
    held_share: Floats
    mean: Floats
    between_share: float


def by_group(values: ArrayLike, weights: ArrayLike | None, group: ArrayLike, size: int) -> Groups:
    """Say how the whole is concentrated on groups.

    Args:
        values: what people of each unit have, shape (n,); unknown ones are left out.
        weights: people of each unit; None counts each once.
        group: number of the group of each unit, 0 to ``size`` - 1, -1 for none.
        size: number of groups.
    """
    have = np.asarray(values, dtype=float)
    people = np.ones(len(have)) if weights is None else np.asarray(weights, dtype=float)
    number = np.asarray(group, dtype=np.int64)
    use = ~(np.isnan(have) | np.isnan(people)) & (number >= 0)
    have, people, number = have[use], people[use], number[use]
    crowd = np.bincount(number, weights=people, minlength=size).astype(float)
    held = np.bincount(number, weights=people * have, minlength=size).astype(float)
    mean = np.full(size, np.nan)
    np.divide(held, crowd, out=mean, where=crowd > 0)
    whole = theil(have, people)
    between = theil(np.nan_to_num(mean), crowd) if held.sum() > 0 else float("nan")
    share = between / whole if whole > 0 else float("nan")
    return Groups(_shares(crowd), _shares(held), mean, share)


def _shares(parts: Floats) -> Floats:
    total = parts.sum()
    return parts / total if total > 0 else np.full(len(parts), np.nan)


def _one(figure: "_Figure", values: ArrayLike, weights: ArrayLike | None) -> float:
    have, people, _ = _rising(values, weights)
    return float(figure(have, people[None, :])[0])


def _drawn(size: int, draws: int, seed: int) -> Iterator[Floats]:
    """Give how often each unit is drawn, shape (some draws, units), no more at once than fit in memory."""
    random = np.random.default_rng(seed)
    once = max(1, _AT_ONCE // max(size, 1))
    for first in range(0, draws if size > 1 else 0, once):
        yield random.multinomial(size, np.full(size, 1 / size), size=min(once, draws - first)).astype(float)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Divide; NaN where the whole is not above 0."""
    found = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    np.divide(part, whole, out=found, where=np.broadcast_to(whole > 0, found.shape))
    return found


def _gini(have: Floats, people: Floats) -> Floats:
    held = np.cumsum(have * people, axis=1)
    before = held - have * people
    both = np.sum(people * (held + before), axis=1)
    return 1.0 - _ratio(both, people.sum(axis=1) * (people @ have))


def _theil(have: Floats, people: Floats) -> Floats:
    crowd, total = people.sum(axis=1), people @ have
    log = np.log(have, out=np.zeros(len(have)), where=have > 0)
    mean = _ratio(total, crowd)
    return _ratio(people @ (have * log), total) - np.log(mean, out=np.full(len(mean), np.nan), where=mean > 0)


def _worst(have: Floats, people: Floats, *, part: float) -> Floats:
    wanted = part * people.sum(axis=1, keepdims=True)
    before = np.cumsum(people, axis=1) - people
    taken = np.clip(wanted - before, 0.0, people)
    return _ratio(taken @ have, people @ have)


def _quantile(have: Floats, people: Floats, *, share: float) -> Floats:
    if not len(have):
        return np.full(len(people), np.nan)
    crowd = people.sum(axis=1, keepdims=True)
    first = np.argmax(np.cumsum(people, axis=1) >= share * crowd * (1 - _ROUNDING), axis=1)
    return np.where(crowd[:, 0] > 0, have[first], np.nan)


def _p90_p10(have: Floats, people: Floats) -> Floats:
    return _ratio(_quantile(have, people, share=0.9), _quantile(have, people, share=0.1))


def _without(have: Floats, people: Floats) -> Floats:
    return _ratio(people @ (have == 0).astype(float), people.sum(axis=1))


def _rising(values: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats, int]:
    """Give known values in rising order with their people, and the number of units that are unknown.

    Raises:
        ValueError: a value or weight is negative.
    """
    have = np.asarray(values, dtype=float)
    people = np.ones(len(have)) if weights is None else np.asarray(weights, dtype=float)
    if (have < 0).any() or (people < 0).any():
        msg = "values and weights must not be negative"
        raise ValueError(msg)
    unknown = np.isnan(have) | np.isnan(people)
    use = np.flatnonzero(~unknown & (people != 0))
    use = use[np.argsort(have[use], kind="stable")]
    return have[use], people[use], int(unknown.sum())


def _ends(tries: list[Floats]) -> tuple[float, float]:
    """Give the 2.5 and 97.5 percentiles; NaN where half of the draws or more are not defined."""
    found = np.concatenate(tries) if tries else np.empty(0)
    fine = found[np.isfinite(found)]
    if 2 * len(fine) <= len(found):
        return float("nan"), float("nan")
    low, high = np.percentile(fine, [2.5, 97.5])
    return float(low), float(high)
