"""Who outranks whom, with thresholds in the unit of each criterion: PROMETHEE II (Brans and Vincke 1985)."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import CriteriaError, Problem
from geo.mcda.compared import NOTHING_SEPARATES, RANKS, Compared, Floats, compared
from geo.mcda.weighted import Notice, criteria_fault, normalised_weights, ranks_min
from geo.pattern.told import Meta, told
from geo.text import Text

Kind = Literal["usual", "u-shape", "v-shape", "level", "linear", "gaussian"]

SOURCE = "Brans and Vincke 1985, Management Science 31:647-656"
_ROUNDING = 1e-12  # of the largest measure: a difference that misses a threshold by so much has reached it
THRESHOLDS = Text("阈值以各指标自己的单位计", "thresholds are in the unit of each criterion")
KEPT = Text("取值全部相同的指标保留权重，但不产生偏好", "a constant criterion keeps its weight and prefers nobody")


class Preference(NamedTuple):
    """How a difference d in favour of one becomes a preference 0 to 1; thresholds in the unit of the criterion.

    "usual": 1 for d > 0. "u-shape": 1 for d > q. "v-shape": d / p, at most 1. "level": a half for d > q, 1 for d > p.
    "linear": (d - q) / (p - q), 0 to 1. "gaussian": 1 - exp(-d^2 / (2 s^2)).
    """

    kind: Kind = "usual"
    q: float = 0.0
    p: float = 0.0
    s: float = 0.0


_NEEDS: dict[Kind, str] = {"usual": "", "u-shape": "q", "v-shape": "p", "level": "qp", "linear": "qp", "gaussian": "s"}


class Flows(NamedTuple):
    """Preferences and flows; a row that is not known has NaN.

    ``preference`` (n, n) is how far row i outranks column j, ``leaving`` and ``entering`` (n,) its means over the
    others, ``net`` their difference, ``rank`` by it. ``by_criterion`` (n, m) is the net flow under each criterion
    alone: ``by_criterion @ weights`` is the net flow of any weights.
    """

    preference: Floats
    leaving: Floats
    entering: Floats
    net: Floats
    rank: Floats
    by_criterion: Floats
    notices: tuple[Notice, ...]
    meta: Meta


def promethee2(
    matrix: ArrayLike, weights: ArrayLike, high_first: Sequence[bool], *, preferences: Sequence[Preference]
) -> Flows:
    """Rank by the net flow of preference; memory and time grow with the square of the alternatives.

    Args:
        matrix: n alternatives by m criteria, NaN where unknown (that row is not ranked).
        weights: m weights, not negative, in any scale.
        high_first: for each criterion, whether a high measure speaks for an early rank.
        preferences: m preference functions.

    Raises:
        CriteriaError: measures, weights or thresholds that cannot be used.
        ValueError: shapes that do not fit.
    """
    given = compared(matrix, weights, high_first)
    _check(preferences, len(given.weights))
    share = normalised_weights(weights)
    number = len(given.rows)
    total = np.zeros((number, number))
    single = np.zeros((number, len(share)))
    others = number - 1 if number > 1 else np.nan
    for j in np.flatnonzero(share > 0).tolist():
        wins = _preferred(given, j, preferences[j])
        total += share[j] * wins
        single[:, j] = (wins.sum(axis=1) - wins.sum(axis=0)) / others
    leaving, entering = (given.spread_out(total.sum(axis=axis) / others) for axis in (1, 0))
    every = np.full((given.size, given.size), np.nan)
    every[np.ix_(given.rows, given.rows)] = total
    alone = np.column_stack([given.spread_out(column) for column in single.T])
    net = leaving - entering
    return Flows(every, leaving, entering, net, ranks_min(net), alone, given.notices, _meta(given, share, preferences))


def _meta(given: Compared, share: Floats, preferences: Sequence[Preference]) -> Meta:
    none = [NOTHING_SEPARATES] if len(given.rows) == 1 and NOTHING_SEPARATES not in given.warnings else []
    return told(
        "promethee2",
        source=SOURCE,
        conventions=[THRESHOLDS, KEPT, RANKS],
        warnings=[*given.warnings, *none],
        preferences=tuple(one._asdict() for one in preferences),
        weights=tuple(share.tolist()),
        high_first=tuple(given.high_first.tolist()),
    )


def _preferred(given: Compared, column: int, how: Preference) -> Floats:
    """Give how far row i is preferred to column j under one criterion, shape (k, k)."""
    values = given.measures[:, column] * (1.0 if given.high_first[column] else -1.0)
    difference = np.maximum(values[:, np.newaxis] - values, 0.0)
    slack = _ROUNDING * float(np.abs(values).max(initial=0.0))
    wins: Floats | NDArray[np.bool_]
    match how.kind:
        case "usual":
            wins = difference > slack
        case "u-shape":
            wins = difference > how.q + slack
        case "v-shape":
            wins = np.minimum(difference / how.p, 1.0)
        case "level":
            wins = ((difference > how.q + slack) * 1.0 + (difference > how.p + slack)) / 2
        case "linear":
            wins = np.clip((difference - how.q) / (how.p - how.q), 0.0, 1.0)
        case "gaussian":
            wins = -np.expm1(-((difference / how.s) ** 2) / 2)
    return np.asarray(wins, dtype=float)


def _check(preferences: Sequence[Preference], columns: int) -> None:
    if len(preferences) != columns:
        msg = f"{columns} criteria and {len(preferences)} preference functions"
        raise ValueError(msg)
    faults = [fault for j, one in enumerate(preferences) if (fault := _fault(j, one)) is not None]
    if faults:
        raise CriteriaError(faults)


def _fault(column: int, one: Preference) -> Problem | None:
    needs = _NEEDS.get(one.kind)
    if needs is None:
        wanted = Text(f"偏好函数为 {'、'.join(_NEEDS)} 之一", f"one of {', '.join(_NEEDS)}")
        return criteria_fault("preference", str(column), Text.same(one.kind), wanted)
    right = {
        "q": np.isfinite(one.q) and one.q >= 0,
        "p": np.isfinite(one.p) and one.p > (one.q if "q" in needs else 0),
        "s": np.isfinite(one.s) and one.s > 0,
    }
    if all(right[letter] for letter in needs):
        return None
    found = Text.same(", ".join(f"{letter} = {getattr(one, letter):g}" for letter in needs))
    wanted = Text("q 不小于 0，p 大于 q，s 大于 0", "q of 0 or more, p above q, s above 0")
    return criteria_fault("preference", str(column), found, wanted)
