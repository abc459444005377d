"""Do events follow each other: Knox's test of nearness in space and time.

Knox 1964: pairs of events near in both. What chance makes of it is found by dealing the times out anew among the
places (never the places among the times), so that where and when things happen at all stays as it is. Limits are
chosen beforehand, not by looking for the best p.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.pattern.told import Meta, told
from geo.text import Text

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

_DECIMALS = 6
INCLUSIVE = Text("两个界限均含边界", "both limits are inclusive")
TIMES = Text("只置换时间，不动地点", "only times are dealt out anew, places stay")
GREATER = Text("单侧检验：比偶然更多", "one-sided: more than chance gives")


class Knox(NamedTuple):
    """Pairs near in both, in space, in time, and all; what chance gives, their ratio, p by permutation."""

    both: int
    in_space: int
    in_time: int
    pairs: int
    expected: float
    ratio: float
    p: float
    meta: Meta


def knox(
    place: tuple[ArrayLike, ArrayLike], time: ArrayLike, *, metres: float, span: float, permutations: int = 999,
    seed: int = 0,
) -> Knox:  # fmt: skip
    """Count pairs of events within a distance and a time of each other.

    Args:
        place: east and north of n events, metres.
        time: of each, any unit such as days.
        metres: limit of the distance.
        span: limit of the time, same unit as ``time``.
        permutations: how many, 0 for no p.
        seed: of the permutations.

    Raises:
        ValueError: an event without place or time, or a limit below zero.
    """
    found = knox_table(place, time, metres=[metres], spans=[span], permutations=permutations, seed=seed)
    return found[metres, span]


def knox_table(
    place: tuple[ArrayLike, ArrayLike], time: ArrayLike, *, metres: Sequence[float], spans: Sequence[float],
    permutations: int = 999, seed: int = 0,
) -> dict[tuple[float, float], Knox]:  # fmt: skip
    """Do the same for several distances and times, with the same deals; by (metres, span).

    Many limits are many tests: they show how far a tendency reaches, they are not for picking the best.
    """
    when = np.asarray(time, dtype=float)
    points = np.column_stack([np.asarray(one, dtype=float) for one in place])
    if not (np.isfinite(points).all() and np.isfinite(when).all() and min(*metres, *spans) >= 0):
        msg = "every event needs a place and a time, and limits are zero or more"
        raise ValueError(msg)
    n = len(when)
    first, second, apart = near_pairs(points, max(metres))
    ends = np.searchsorted(apart, metres, side="right")
    limits = np.asarray(spans) + 0.5 * 10.0**-_DECIMALS
    seen = _together(when, first, second, ends=ends, limits=limits)
    reached = np.zeros_like(seen)
    chance = np.random.default_rng(seed)
    for _ in range(permutations):
        reached += _together(chance.permutation(when), first, second, ends=ends, limits=limits) >= seen
    pairs = n * (n - 1) // 2
    found = {}
    for a, metre in enumerate(metres):
        for b, span in enumerate(spans):
            meta = told(
                "knox", source="Knox 1964, Applied Statistics 13:25-30", conventions=[INCLUSIVE, TIMES, GREATER],
                seed=seed if permutations else None, n=n, metres=metre, span=span, permutations=permutations,
            )  # fmt: skip
            in_time = pairs_in_time(when, span)
            expected = int(ends[a]) * in_time / pairs if pairs else float("nan")
            ratio = int(seen[a, b]) / expected if expected else float("nan")
            p = (int(reached[a, b]) + 1) / (permutations + 1) if permutations else float("nan")
            found[metre, span] = Knox(int(seen[a, b]), int(ends[a]), in_time, pairs, expected, ratio, p, meta)
    return found


def near_pairs(points: Floats, metres: float) -> tuple[Integers, Integers, Floats]:
    """Give both ends of each pair of points within a distance and how far they are apart, nearest first."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    near = points - (points.min(axis=0) if len(points) else 0.0)
    found = cKDTree(near).query_pairs(metres * (1 + 1e-9) + 10.0**-_DECIMALS, output_type="ndarray")
    apart = np.hypot(*(near[found[:, 0]] - near[found[:, 1]]).T).round(_DECIMALS)
    order = np.argsort(apart, kind="stable")
    order = order[: np.searchsorted(apart[order], metres, side="right")]
    return found[order, 0], found[order, 1], apart[order]


def pairs_in_time(time: Floats, span: float) -> int:
    """Count the pairs of events within a time of each other, without listing them."""
    rising = np.sort(time)
    reach = np.searchsorted(rising, rising + span + 0.5 * 10.0**-_DECIMALS, side="right")
    return int((reach - np.arange(1, len(rising) + 1)).sum())


def _together(time: Floats, first: Integers, second: Integers, *, ends: Integers, limits: Floats) -> Integers:
    """Count the pairs near in time among the nearest ``ends`` pairs, by distance and time: shape (ends, limits)."""
    between = np.abs(time[first] - time[second])
    starts = np.concatenate([[0], ends[:-1]]) if (np.diff(ends) >= 0).all() else None
    if starts is None:
        return np.array([[np.count_nonzero(between[:end] <= limit) for limit in limits] for end in ends])
    parts = zip(starts, ends, strict=True)
    rings = [[np.count_nonzero(between[start:end] <= limit) for limit in limits] for start, end in parts]
    return np.cumsum(np.array(rings, dtype=np.int64), axis=0)
