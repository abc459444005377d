"""Do events follow each other: Knox's test of nearness in space and time.

Knox 1964: pairs of events near in both. What chance makes of it is found by dealing the times out anew among the
places (never the places among the times), so that where and when things happen at all stays as it is. Limits are
chosen beforehand, not by looking for the best p.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.pattern.told import Meta, told
from geo.text import Text

Integers = NDArray[np.int64]

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
    when = np.asarray(time, dtype=float)
    points = np.column_stack([np.asarray(one, dtype=float) for one in place])
    if not (np.isfinite(points).all() and np.isfinite(when).all() and metres >= 0 and span >= 0):
        msg = "every event needs a place and a time, and limits are zero or more"
        raise ValueError(msg)
    n = len(when)
    first, second = near_pairs(points, metres)
    both = int(np.count_nonzero(_near(when[first], when[second], span)))
    in_time = pairs_in_time(when, span)
    pairs = n * (n - 1) // 2
    expected = len(first) * in_time / pairs if pairs else float("nan")
    reached = _dealt(when, first, second, span=span, both=both, permutations=permutations, seed=seed)
    meta = told(
        "knox", source="Knox 1964, Applied Statistics 13:25-30", conventions=[INCLUSIVE, TIMES, GREATER],
        seed=seed if permutations else None, n=n, metres=metres, span=span, permutations=permutations,
    )  # fmt: skip
    p = (reached + 1) / (permutations + 1) if permutations else float("nan")
    return Knox(both, len(first), in_time, pairs, expected, both / expected if expected else float("nan"), p, meta)


def near_pairs(points: NDArray[np.float64], metres: float) -> tuple[Integers, Integers]:
    """Give both ends of each pair of points within a distance, shape (pairs,)."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    if len(points) < 2:  # noqa: PLR2004 (a pair)
        none = np.empty(0, dtype=np.int64)
        return none, none
    near = points - points.min(axis=0)
    found = cKDTree(near).query_pairs(metres * (1 + 1e-9) + 10.0**-_DECIMALS, output_type="ndarray")
    apart = np.hypot(*(near[found[:, 0]] - near[found[:, 1]]).T).round(_DECIMALS)
    kept = found[apart <= metres]
    return kept[:, 0], kept[:, 1]


def pairs_in_time(time: NDArray[np.float64], span: float) -> int:
    """Count the pairs of events within a time of each other, without listing them."""
    rising = np.sort(time)
    reach = np.searchsorted(rising, rising + span + 0.5 * 10.0**-_DECIMALS, side="right")
    return int((reach - np.arange(1, len(rising) + 1)).sum())


def _near(one: NDArray[np.float64], other: NDArray[np.float64], span: float) -> NDArray[np.bool_]:
    return np.asarray(np.abs(one - other) <= span + 0.5 * 10.0**-_DECIMALS)


def _dealt(
    time: NDArray[np.float64], first: Integers, second: Integers, *, span: float, both: int, permutations: int,
    seed: int,
) -> int:  # fmt: skip
    """Count the permutations that give at least as many pairs."""
    chance = np.random.default_rng(seed)
    reached = 0
    for _ in range(permutations):
        dealt = chance.permutation(time)
        reached += int(np.count_nonzero(_near(dealt[first], dealt[second], span))) >= both
    return reached
