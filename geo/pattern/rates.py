"""Is it bad there, or only small: rates of few events, drawn towards what many say.

Marshall 1991 (Applied Statistics 40): the spread of the true rates is estimated by moments, and each raw rate is
moved towards the mean by as much as its own size deserves. Where the spread that is seen is no larger than chance
makes it, the spread is 0 (never negative) and every place gets the mean. A place without population has no rate.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.intervals import Interval, poisson
from geo.pattern.neighbours import Neighbours
from geo.pattern.told import Meta, told
from geo.text import Text

Floats = NDArray[np.float64]

SOURCE = "Marshall 1991, Applied Statistics 40:283-294"
TRUNCATED = Text("组间方差截断于 0", "the variance between places is cut off at 0")
NO_POPULATION = Text("人口为 0 或未知的单元没有比率", "a place without known population above 0 has no rate")
WINDOW = Text("窗口为本单元及其邻居", "the window is a place with its neighbours")


class Smoothed(NamedTuple):
    """Rates of n places, shape (n,), NaN where there is none.

    ``raw`` is events over population, ``rate`` the smoothed one, ``weight`` how much of the raw rate is left in it
    (1 all, 0 none), ``mean`` and ``spread`` what it was moved to and the variance between the true rates, ``without``
    the numbers of the places that have no rate.
    """

    raw: Floats
    rate: Floats
    weight: Floats
    mean: Floats
    spread: Floats
    without: NDArray[np.int64]
    meta: Meta


def empirical_bayes(events: ArrayLike, population: ArrayLike) -> Smoothed:
    """Move each rate towards the rate of all places together.

    Args:
        events: counts, shape (n,); NaN is unknown.
        population: people, households, area or time at risk, any unit, shape (n,).

    Returns:
        Rates per unit of ``population``.
    """
    count, people, known = _known(events, population)
    total, size = count[known].sum(), people[known].sum()
    number = np.count_nonzero(known)
    mean = total / size if number else np.nan
    raw = _over(count, people, known)
    seen = np.sum(people[known] * (raw[known] - mean) ** 2) / size if number else np.nan
    spread = max(float(seen - mean / (size / number)), 0.0) if number else np.nan
    meta = told("empirical_bayes", source=SOURCE, conventions=[TRUNCATED, NO_POPULATION], window="all")
    many = len(count)
    return _smoothed(raw, people, known, mean=np.full(many, mean), spread=np.full(many, spread), meta=meta)


def empirical_bayes_local(events: ArrayLike, population: ArrayLike, neighbours: Neighbours) -> Smoothed:
    """Move each rate towards the rate of the place with its neighbours.

    The spread is that around the mean of this window (as GeoDa and R's ``EBlocal(geoda=TRUE)`` have it). A place
    without neighbours keeps its raw rate.

    Args:
        events: counts, shape (n,).
        population: as in ``empirical_bayes``.
        neighbours: of the n places.
    """
    count, people, known = _known(events, population)
    raw = _over(count, people, known)
    own = np.where(known[:, None], np.column_stack([count, people, count * np.nan_to_num(raw), known]), 0.0)
    events_in, people_in, squares, number = (neighbours.sums(own) + own).T
    mean = _over(events_in, people_in, known & (people_in > 0))
    seen = _over(squares, people_in, known & (people_in > 0)) - mean**2
    spread = np.maximum(seen - _over(mean * number, people_in, known & (people_in > 0)), 0.0)
    conventions = [WINDOW, TRUNCATED, NO_POPULATION]
    meta = told("empirical_bayes_local", source=SOURCE, conventions=conventions, window="neighbours")
    return _smoothed(raw, people, known, mean=mean, spread=spread, meta=meta)


def rate_interval(events: ArrayLike, population: ArrayLike, level: float = 0.95) -> Interval:
    """Give the exact interval of a rate of counted events (Garwood 1936), NaN where there is no rate."""
    count, people, known = _known(events, population)
    low, high = poisson(np.where(known, count, np.nan), level)
    return Interval(_over(low, people, known), _over(high, people, known))


def _known(events: ArrayLike, population: ArrayLike) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    count, people = np.asarray(events, dtype=float), np.asarray(population, dtype=float)
    if (count < 0).any() or (people < 0).any():
        msg = "events and population must not be below zero"
        raise ValueError(msg)
    return count, people, np.isfinite(count) & np.isfinite(people) & (people > 0)


def _over(part: Floats, whole: Floats, known: NDArray[np.bool_]) -> Floats:
    found: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=known)
    return found


def _smoothed(
    raw: Floats, people: Floats, known: NDArray[np.bool_], *, mean: Floats, spread: Floats, meta: Meta
) -> Smoothed:
    chance = _over(mean, people, known)
    with np.errstate(invalid="ignore"):
        whole = spread + chance
        weight = np.divide(spread, whole, out=np.zeros_like(spread), where=whole > 0)
    weight = np.where(known, weight, np.nan)
    return Smoothed(raw, mean + weight * (raw - mean), weight, mean, spread, np.flatnonzero(~known), meta)
