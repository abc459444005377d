"""Who can ever be ahead of whom, and the best and worst rank that any weights could give: extreme ranking analysis.

Whether i can beat j is a linear program over the weights: exact, in closed form (``geo.robust.region``). The best and
worst rank of a row over all weights is a mixed-integer program (Kadzinski, Greco and Slowinski 2012): pairs that are
settled whatever the weights need no variable, weights that are already known to reach a rank need no solver, and the
rest goes to HiGHS. Each rank that is called exact was taken at weights that are at hand, and counted again there.

Rows that know different criteria are ratios, not sums: over all weights their comparison is still exact, within a box
it is bounded, and the result says which.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.mcda.compared import Floats
from geo.pattern.told import Meta, told
from geo.robust.draws import drawn_weights, ranks_under, weighted_scorer
from geo.robust.program import Limits, reached
from geo.robust.region import Region, best_mix, highest_score
from geo.text import Text

TIE = 1e-9
"""Scores closer than this are level: what no more than rounding tells apart does not count as ahead."""
_BLOCK = 2_000_000  # gains compared at once
_SAMPLE = 400
_TRACE = 1e-7
SOURCE = "Kadzinski, Greco and Slowinski 2012, Omega 40:488-501"
AHEAD = Text(
    "得分差不超过 1e-9 视为相同，相同者取较好名次", "scores within 1e-9 are level; level rows share the better rank"
)
OUTER = Text(
    "未标为精确的名次是界限：真实的最好（最差）名次不会超出",
    "a rank not called exact is a bound: no weights go beyond it, none are known that reach it",
)


class Pairs(NamedTuple):
    """``lead`` (n, n): most by which row i can be ahead of row j (its sign counts), NaN if one is unknown.

    ``sure`` (n, n) says whether the sign is exact; where it is not, ``lead`` is above what any weights give.
    """

    lead: Floats
    sure: NDArray[np.bool_]


class Extremes(NamedTuple):
    """Best and worst rank of each row over a region, shape (n,), NaN for a row without a score.

    ``best`` and ``worst`` can never be passed. ``best_seen`` and ``worst_seen`` are reached at the weights
    ``best_weights`` and ``worst_weights`` (n, m). Where they meet, the rank is exact.
    """

    best: Floats
    worst: Floats
    best_seen: Floats
    worst_seen: Floats
    best_weights: Floats
    worst_weights: Floats
    pairs: Pairs
    meta: Meta


def leads(utility: ArrayLike, region: Region) -> Pairs:
    """Tell who can be ahead of whom.

    Args:
        utility: needs, n by m, NaN where unknown; high is first.
        region: weights that are thought possible.
    """
    needs = np.asarray(utility, dtype=float)
    active = region.high > 0
    known = ~np.isnan(needs) & active
    filled = np.where(known, needs, 0.0)
    number, size = needs.shape
    lead = np.full((number, number), np.nan)
    sure = np.ones((number, number), dtype=bool)
    same = (known[:, np.newaxis] == known).all(axis=2)
    step = max(1, _BLOCK // max(1, number * size))
    for start in range(0, number, step):
        some = slice(start, start + step)
        both = known[some, np.newaxis] & known
        gain = np.where(both, filled[some, np.newaxis] - filled, 0.0)
        lead[some] = best_mix(gain, _within(region, active))[0]
    _unlike(lead, sure, np.where(known, needs, np.nan), region=region, same=same)
    scored = known.any(axis=1)
    lead[~scored], lead[:, ~scored] = np.nan, np.nan
    return Pairs(lead, sure)


def _within(region: Region, active: NDArray[np.bool_]) -> Region:
    return Region(np.where(active, region.low, 0.0), np.where(active, region.high, 0.0))


def _unlike(lead: Floats, sure: NDArray[np.bool_], needs: Floats, *, region: Region, same: NDArray[np.bool_]) -> None:
    """Mend the pairs of rows that do not know the same criteria."""
    top, low = highest_score(needs, region), -highest_score(-needs, region)
    for i, j in np.argwhere(~same):
        one, other = needs[i], needs[j]
        both, mine, yours = ~np.isnan(one) & ~np.isnan(other), np.isnan(other), np.isnan(one)
        if region.whole:  # weights of another order of size single out one criterion for each of the two
            lead[i, j] = max(
                np.max((one - other)[both], initial=-np.inf),
                np.nanmax(one[mine], initial=-np.inf) - low[j],
                top[i] - np.nanmin(other[yours], initial=np.inf),
            )
        else:
            lead[i, j] = top[i] - low[j]
            sure[i, j] = lead[i, j] <= -TIE


def extreme_ranks(
    utility: ArrayLike, weights: ArrayLike, region: Region, *, most: int, seed: int, nodes: int = 300
) -> Extremes:
    """Give the best and the worst rank that weights of a region could give each row.

    Args:
        utility: needs 0 to 1, n by m, NaN where unknown.
        weights: m weights of the panel, where the search for weights that reach a rank begins.
        region: weights that are thought possible.
        most: rows with more undecided rivals than this are bounded, not solved.
        seed: of the weights that are tried before a solver is asked.
        nodes: most linear programs for one rank; what is not proven by then is a bound.
    """
    needs = np.asarray(utility, dtype=float)
    pairs = leads(needs, region)
    ahead, behind = pairs.lead > TIE, pairs.lead < -TIE
    scored = ~np.isnan(pairs.lead.diagonal())
    best = np.where(scored, 1.0 + behind.sum(axis=1), np.nan)
    worst = np.where(scored, 1.0 + ahead.sum(axis=0), np.nan)
    tried = _tried(needs, np.asarray(weights, dtype=float), region, seed)
    seen = [_seen(needs, tried, weights, side=side) for side in ("best", "worst")]
    for row in np.flatnonzero(scored):
        for side, bound, (rank, at) in zip(("best", "worst"), (best, worst), seen, strict=True):
            if bound[row] == rank[row]:
                continue
            limits = Limits(float(rank[row]), most, nodes)
            found = reached(needs, int(row), region, pairs.lead, side=side, limits=limits)
            if found is not None:
                bound[row] = found.bound
                if found.weights is not None:
                    rank[row], at[row] = found.rank, found.weights
    best, worst = np.fmin(best, seen[0][0]), np.fmax(worst, seen[1][0])  # what is level to rounding
    meta = told("extreme_ranks", source=SOURCE, conventions=[AHEAD, OUTER], seed=seed, most=most, nodes=nodes)
    (first, first_at), (last, last_at) = seen
    return Extremes(best, worst, first, last, first_at, last_at, pairs, meta)


def _tried(needs: Floats, weights: Floats, region: Region, seed: int) -> Floats:
    """Give weights of the region: the panel's, what suits each row against the mean of all, and random corners."""
    middle = weights / weights.sum()
    active = region.high > 0
    filled = np.where(np.isnan(needs) | ~active, np.nanmean(np.where(active, needs, np.nan)), needs)
    apart = filled - filled.mean(axis=0)
    random = np.random.default_rng(seed).standard_normal((_SAMPLE, len(middle)))
    corners = [best_mix(gain, _within(region, active))[1] for gain in (apart, -apart, random)]
    inside = drawn_weights(middle, draws=_SAMPLE, seed=seed)
    if not region.whole:
        inside = best_mix(inside, _within(region, active))[1]
    between = (np.vstack([corners[2], inside]) + middle) / 2
    found = np.vstack([middle, *corners, inside, between])
    if np.isnan(needs[:, active]).any():  # a row whose criteria all weigh nothing has no score
        found = (1 - _TRACE) * found + _TRACE * middle
    return found


def _seen(needs: Floats, tried: Floats, weights: ArrayLike, *, side: str) -> tuple[Floats, Floats]:
    """Give the best (worst) rank of each row among the weights that were tried, and those weights."""
    ranks = ranks_under(weighted_scorer(np.round(needs, 12), weights), tried).T.astype(float)
    ranks[ranks == 0] = np.nan
    some = np.where(np.isnan(ranks), np.inf if side == "best" else -np.inf, ranks)
    place = (some.argmin if side == "best" else some.argmax)(axis=1)
    return np.take_along_axis(ranks, place[:, np.newaxis], axis=1)[:, 0], tried[place]
