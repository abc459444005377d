"""One ranking by four methods, side by side: where they agree, where they do not, and what no weights can bring up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from geo.errors import CriteriaError
from geo.mcda import ranks_min, weighted_parts
from geo.mcda.agreement import pareto_front, rank_correlation, top_overlap
from geo.mcda.promethee import Preference, promethee2
from geo.mcda.topsis import SCALINGS, Scaling, topsis
from geo.mcda.vikor import Vikor, vikor
from geo.mcda.weighted import criteria_fault
from geo.mcda.weights import DataWeights, critic_weights, entropy_weights
from geo.robust.draws import Scorer, weighted_scorer
from geo.robust.methods import promethee_scorer, topsis_scorer, vikor_scorer
from geo.text import Text
from reports.priority import FIRST, Ranking
from reports.rivals.contest import Contest, contest_of

WEIGHTED, COMMON, VIKOR, PROMETHEE = "weighted_sum", "weighted_sum_common", "vikor", "promethee"
TOPSIS: Mapping[Scaling, str] = {"vector": "topsis_vector", "minmax": "topsis_minmax"}
TITLES: Mapping[str, Text] = {
    WEIGHTED: Text("加权求和", "Weighted sum"),
    COMMON: Text("加权求和（同口径）", "Weighted sum (same data)"),
    "topsis_vector": Text("TOPSIS（向量归一化）", "TOPSIS (vector)"),
    "topsis_minmax": Text("TOPSIS（极差归一化）", "TOPSIS (min-max)"),
    VIKOR: Text("VIKOR", "VIKOR"),
    PROMETHEE: Text("PROMETHEE II", "PROMETHEE II"),
}
NO_MATRIX = Text("没有各单位都有值的指标", "no criterion that all units have a value for")
ALL_KNOWN = Text("至少一个各单位都有值的指标", "at least one criterion that all units have a value for")
LINEAR = Text("各指标按最好、最差单位线性化为 0 到 1", "linear between the best and the worst unit of each criterion")
THRESHOLDS = Text(
    "线性偏好函数：差值低于标杆区间的 {q} 视为无差异，达到 {p} 为严格偏好",
    "linear preference: indifferent below {q} of the width between the goalposts, strict from {p}",
)


@dataclass(frozen=True)
class Rivals:
    """Several methods over the same units.

    Attributes:
        contest: what was ranked.
        ranks: by unit id, one column a method (keys of ``TITLES``), NaN where a method does not rank a unit.
            ``weighted_sum_common`` is there where the full matrix leaves something out: the weighted sum of the
            same units and criteria as the other methods, for a fair comparison.
        scores: the same, the highest first (VIKOR: 1 - Q).
        agreement: one row a pair of methods: one, other, kendall, overlap (of the first k), number (of units), unit
            (whose rank differs most) and places.
        compromise_set: VIKOR's set, in its order; ``advantage`` and ``stability`` are its two tests.
        dominated: by unit id of those that another is ahead of in some criterion and behind in none: that other.
        k: size of the leading group.
        meta: conventions of each method, by its key.
    """

    contest: Contest = field(repr=False)
    ranks: pd.DataFrame = field(repr=False)
    scores: pd.DataFrame = field(repr=False)
    agreement: pd.DataFrame = field(repr=False)
    compromise_set: tuple[str, ...]
    advantage: bool
    stability: bool
    dominated: pd.Series = field(repr=False)
    k: int
    meta: Mapping[str, tuple[Text, ...]] = field(repr=False)

    @property
    def compared(self) -> list[str]:
        """Methods that rank the same units by the same criteria."""
        return [key for key in map(str, self.ranks) if key != WEIGHTED or COMMON not in self.ranks]

    @property
    def spread(self) -> pd.Series:
        """Places between the best and the worst rank of each unit over the compared methods."""
        some = self.ranks[self.compared].dropna()
        found: pd.Series = (some.max(axis=1) - some.min(axis=1)).sort_values(ascending=False, kind="stable")
        return found


def rivals(source: Ranking | Contest, *, k: int = FIRST) -> Rivals:
    """Rank by weighted sum, TOPSIS under both normalisations, VIKOR and PROMETHEE II.

    Args:
        source: a ranking of grids, or any other units with measures and weights.
        k: size of the leading group whose overlap is told.
    """
    contest = source if isinstance(source, Contest) else contest_of(source)
    scores: dict[str, ArrayLike] = {
        WEIGHTED: weighted_parts(contest.needs, contest.weights).score if len(contest.weights) else []
    }
    one: Vikor | None = None
    if contest.full.measures.size:
        if not contest.full.complete:
            scores[COMMON] = _spread_out(contest, _common(contest))
        one, others = _others(contest)
        scores |= {key: _spread_out(contest, values) for key, values in others.items()}
    table = pd.DataFrame(scores, index=contest.ids, dtype=float)
    ranks = table.apply(lambda column: pd.Series(ranks_min(column), index=column.index))
    chosen = tuple(str(contest.full.measures.index[row]) for row in one.compromise_set) if one else ()
    return Rivals(
        contest,
        ranks,
        table,
        agreement(table, k),
        chosen,
        bool(one and one.advantage),
        bool(one and one.stability),
        _dominated(contest),
        k,
        conventions(contest),
    )


def methods(source: Ranking | Contest, *, k: int = FIRST) -> pd.DataFrame:
    """Give the ranks of ``rivals``: one row a unit, one column a method."""
    return rivals(source, k=k).ranks


def _common(contest: Contest) -> np.ndarray:
    full = contest.full.measures
    some = contest.needs.loc[full.index, list(full.columns)]
    return weighted_parts(some, contest.weights[list(full.columns)]).score


def _others(contest: Contest) -> tuple[Vikor, dict[str, np.ndarray]]:
    """Give the scores of the units of the full matrix by the methods that need it."""
    full = contest.full.measures
    weights, high = contest.weights[list(full.columns)].to_numpy(), _high(contest)
    scores = {TOPSIS[how]: topsis(full, weights, high, normalisation=how).closeness for how in ("vector", "minmax")}
    found = vikor(full, weights, high, majority=contest.rules["vikor_majority"])
    flows = promethee2(full, weights, high, preferences=preferences(contest))
    return found, {**scores, VIKOR: 1 - found.compromise, PROMETHEE: flows.net}


def _high(contest: Contest) -> list[bool]:
    return [bool(contest.high_first[key]) for key in contest.full.measures.columns]


def _spread_out(contest: Contest, values: np.ndarray) -> np.ndarray:
    found = pd.Series(values, index=contest.full.measures.index).reindex(contest.ids)
    return np.asarray(found, dtype=float)


def preferences(contest: Contest) -> list[Preference]:
    """Give PROMETHEE's preference functions, with thresholds in the unit of each criterion of the full matrix."""
    width = (contest.posts["worst"] - contest.posts["best"]).abs()
    q, p = (contest.rules[f"promethee_{name}_share"] for name in ("indifference", "preference"))
    return [Preference("linear", q=q * width[key], p=p * width[key]) for key in contest.full.measures.columns]


def scorer(contest: Contest, method: str) -> Scorer:
    """Give a method as a function of the weights of all criteria of the contest.

    Args:
        contest: what is ranked.
        method: a key of ``TITLES`` other than the weighted sum of the same data.
    """
    if method == WEIGHTED:
        return weighted_scorer(contest.needs, contest.weights)
    full, high = contest.measures.copy(), [bool(one) for one in contest.high_first]
    weights = contest.weights.where(contest.weights.index.isin(contest.full.measures.columns), 0.0).to_numpy()
    if method == VIKOR:
        return vikor_scorer(full, weights, high, majority=contest.rules["vikor_majority"])
    if method == PROMETHEE:
        usable = dict(zip(contest.full.measures.columns, preferences(contest), strict=True))
        every = [usable.get(key, Preference("usual")) for key in contest.keys]
        return promethee_scorer(full, weights, high, preferences=every)
    how = next(one for one, key in TOPSIS.items() if key == method)
    return topsis_scorer(full, weights, high, normalisation=how)


def agreement(scores: pd.DataFrame, k: int) -> pd.DataFrame:
    """Hold each two methods against each other; units that one of them does not rank are left out of the pair."""
    rows = []
    for one, other in combinations(scores.columns, 2):
        both = scores[[one, other]].dropna()
        found = rank_correlation(both[one], both[other])
        gap = pd.Series(ranks_min(both[other]) - ranks_min(both[one]), index=both.index)
        most = gap.abs().sort_values(ascending=False, kind="stable")
        moved = len(most) > 0 and most.iloc[0] > 0
        rows.append(
            {
                "one": one,
                "other": other,
                "kendall": found.kendall,
                "overlap": top_overlap(both[one], both[other], k).share,
                "number": found.number,
                "unit": str(most.index[0]) if moved else None,
                "places": float(most.iloc[0]) if moved else 0.0,
            }
        )
    return pd.DataFrame(rows, columns=["one", "other", "kendall", "overlap", "number", "unit", "places"])


def _dominated(contest: Contest) -> pd.Series:
    full = contest.full.measures
    found = pareto_front(full, _high(contest))
    behind = np.flatnonzero(found.dominator >= 0)
    return pd.Series(full.index[found.dominator[behind]].astype(str), index=full.index[behind], dtype="str")


def data_weights(contest: Contest, source: str) -> DataWeights:
    """Weigh the criteria of the full matrix by the data: "entropy" or "critic".

    Raises:
        CriteriaError: no criterion that all units know, or none that differs.
    """
    full = contest.full.measures
    if not full.size:
        raise CriteriaError([criteria_fault("weights", None, NO_MATRIX, ALL_KNOWN)])
    return entropy_weights(full) if source == "entropy" else critic_weights(full, _high(contest))


def conventions(contest: Contest) -> dict[str, tuple[Text, ...]]:
    """Say how each method makes measures comparable."""
    q, p = (f"{contest.rules[f'promethee_{name}_share']:.0%}" for name in ("indifference", "preference"))
    majority = Text.same(f"v = {contest.rules['vikor_majority']:g}")
    scalings = {TOPSIS[how]: (words,) for how, words in SCALINGS.items()}
    return {
        WEIGHTED: (contest.normalisation,),
        COMMON: (contest.normalisation,),
        **scalings,
        VIKOR: (LINEAR, majority),
        PROMETHEE: (THRESHOLDS.format(q=q, p=p),),
    }
