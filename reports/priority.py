"""Which grid comes first: measures, parts that add up to a score, rank intervals, immediate list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from geo.mcda import Normalisation, ranks_min, utilities, weighted_parts
from geo.memory import collection_put_off
from geo.robust import rank_draws, rank_summary
from geo.text import Text
from layers import ISSUES, Workspace
from layers.schema import Grids
from layers.standards import policy
from reports.criteria import MEASURES, NORMALISATIONS, Criteria, Criterion, read_criteria
from reports.denominators import households, residents
from reports.immediate import immediate_list
from reports.measures import Ground, Measured

SEED = 20_150_601
"""One seed for every draw, printed with the result."""
FIRST = 5
"""Size of the leading group whose membership is counted over the draws (``share_top5``)."""


@dataclass(frozen=True)
class Measures:
    """All measures of one level of a workspace, computed once and weighed as often as wanted."""

    ws: Workspace = field(repr=False)
    level: int
    by_key: Mapping[str, Measured] = field(repr=False)
    policy: Mapping[str, float] = field(repr=False)
    households: pd.Series = field(repr=False)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Values by grid id and measure key, NaN where unknown."""
        return pd.DataFrame({key: m.by_grid for key, m in self.by_key.items()})


def measured(ws: Workspace, *, level: int | None = None) -> Measures:
    """Compute every measure for the grids of one level (None: the finest).

    Raises:
        DataError: the workspace has no grids or no such level.
    """
    wanted = ws.finest if level is None else level
    ws.grids(wanted)
    rules = policy(ws.folder)
    ground = Ground(ws, wanted, rules, households(ws, wanted), residents(ws, wanted))
    return Measures(ws, wanted, {key: m.on(ground) for key, m in MEASURES.items()}, rules, ground.households.by_grid)


@dataclass(frozen=True)
class Ranking:
    """A ranking of the grids of one level.

    ``grids`` is indexed by grid id: name, score (0 best to 100 worst, NaN without enough data), rank
    (1 is the greatest need), rank_low and rank_high (5th and 95th percentile over the draws),
    share_top5 (share of draws among the first five), weight_used (share of the weight of ``used`` criteria that had data),
    peopled (enough households to speak of need) and enough_data (ranked at all). ``parts`` are points by criterion that add up to the score; ``utility`` the same before
    weighing, 0 to 1. ``notices`` tell of criteria that could not separate the grids. ``scaling`` is the normalisation
    of another method than the weighted sum, ``weights_from`` "user", "entropy" or "critic" (``reports.rivals``).
    """

    measures: Measures = field(repr=False)
    criteria: Criteria
    grids: pd.DataFrame = field(repr=False)
    parts: pd.DataFrame = field(repr=False)
    utility: pd.DataFrame = field(repr=False)
    immediate: pd.DataFrame = field(repr=False)
    notices: tuple[Text, ...]
    draws: int
    seed: int
    method: str = "weighted_sum"
    scaling: str | None = None
    weights_from: str = "user"

    @property
    def normalisation(self) -> str | None:
        """How measures were made comparable; None where the method leaves no choice."""
        return self.criteria.normalisation if self.method == "weighted_sum" else self.scaling

    @property
    def ws(self) -> Workspace:
        """The workspace that was ranked."""
        return self.measures.ws

    @property
    def level(self) -> int:
        """The level of the ranked grids."""
        return self.measures.level

    @property
    def total(self) -> pd.Series:
        """Scores by grid id."""
        return self.grids["score"]

    @property
    def used(self) -> tuple[Criterion, ...]:
        """Criteria with data and a weight."""
        return tuple(c for c in self.criteria.items if c.key in self.parts.columns)

    @property
    def left_out(self) -> tuple[Criterion, ...]:
        """Criteria without any data; their weight went to the others."""
        return tuple(c for c in self.criteria.items if c.weight > 0 and c.key not in self.parts.columns)

    @property
    def weight_with_data(self) -> float:
        """Share of all weight whose criteria have data in this workspace, 0 to 1."""
        return sum(c.weight for c in self.used) / sum(c.weight for c in self.criteria.items)

    @property
    def unlocated(self) -> int:
        """Known issues that lie in no grid of this level."""
        if ISSUES not in self.ws:
            return 0
        return int(((self.ws.codes(ISSUES, self.level) < 0) & self.ws.standing["is_known"]).sum())

    def ordered(self) -> pd.DataFrame:
        """Grids by rank, those without enough data last."""
        return self.grids.sort_values(["rank", "name"], na_position="last", kind="stable")

    def reweighed(self, weights: Mapping[str, float]) -> "Ranking":
        """Rank the same measures with other weights."""
        return weighed(self.measures, self.criteria.reweighed(weights), self.draws, self.seed, immediate=self.immediate)


@collection_put_off()
def rank(
    ws: Workspace,
    *,
    level: int | None = None,
    criteria: Criteria | None = None,
    draws: int | None = None,
    seed: int = SEED,
) -> Ranking:
    """Rank the grids of one level by need.

    Args:
        ws: an opened workspace.
        level: grid level; None is the finest.
        criteria: None takes those of the workspace or the bundled default.
        draws: number of random weightings for the rank intervals; None takes the policy table's.
        seed: seed of the draws.

    Raises:
        DataError: no grids or no such level.
        CriteriaError: criteria that cannot be used.
    """
    measures = measured(ws, level=level)
    wanted = criteria or read_criteria(folder=ws.folder)
    count = int(measures.policy["rank_draws"]) if draws is None else draws
    return weighed(measures, wanted, count, seed)


def weighed(
    measures: Measures, criteria: Criteria, draws: int, seed: int, *, immediate: pd.DataFrame | None = None
) -> Ranking:
    """Weigh computed measures: the fast part of ``rank``."""
    items = [c for c in criteria.items if c.weight > 0 and measures.by_key[c.key].by_grid.notna().any()]
    keys = [c.key for c in items]
    grids = measures.ws.grids(measures.level)
    peopled = ~(measures.households < measures.policy["rate_min_households"]).to_numpy()
    needs, notices = _needs(measures, items, criteria.normalisation, peopled)
    weights = np.array([c.weight for c in items], dtype=float)
    if keys:
        parts, score, _ = weighted_parts(needs, weights)
    else:
        parts, score = needs, np.full(len(grids), np.nan)
    used = _weight_with_data(measures, items)
    enough = peopled & ~np.isnan(score) & (1 - used <= measures.policy["not_enough_data_weight_share"])
    score = np.where(enough, 100 * score, np.nan)
    columns = {"score": score, "rank": ranks_min(score), "weight_used": used, "peopled": peopled, "enough_data": enough}
    table = pd.DataFrame({Grids.name: grids[Grids.name], **columns}, index=grids.index)
    table = table.join(
        _intervals(table[enough].index, needs[enough], weights, draws=draws, seed=seed, rules=measures.policy)
    )
    return Ranking(
        measures,
        criteria,
        table,
        pd.DataFrame(np.where(enough[:, None], 100 * parts, np.nan), index=grids.index, columns=keys),
        pd.DataFrame(needs, index=grids.index, columns=keys),
        immediate_list(measures.ws, measures.level) if immediate is None else immediate,
        notices,
        draws,
        seed,
    )


def _weight_with_data(measures: Measures, items: list[Criterion]) -> np.ndarray:
    """Share of the weight whose values are known, by grid; one that separates no grids is known all the same."""
    weights = np.array([c.weight for c in items], dtype=float)
    known = measures.table[[c.key for c in items]].notna().to_numpy()
    share: np.ndarray = np.minimum(known @ weights / weights.sum(), 1.0) if items else np.zeros(len(known))
    return share


def _needs(
    measures: Measures, items: list[Criterion], normalisation: Normalisation, peopled: np.ndarray
) -> tuple[np.ndarray, tuple[Text, ...]]:
    if not items:
        return np.zeros((len(measures.ws.grids(measures.level)), 0)), ()
    matrix = measures.table[[c.key for c in items]].to_numpy()
    if normalisation != "goalposts":  # the grids that are ranked set the scale
        matrix = np.where(peopled[:, None], matrix, np.nan)
    posts = [(c.best, c.worst) for c in items] if normalisation == "goalposts" else None
    found, notices = utilities(matrix, [c.worse == "high" for c in items], method=normalisation, goalposts=posts)
    said = (
        Text(f"{items[n.column].title.zh}：{n.reason.zh}", f"{items[n.column].title.en}: {n.reason.en}")
        for n in notices
    )
    return found, tuple(said)


def _intervals(
    index: pd.Index, needs: np.ndarray, weights: np.ndarray, *, draws: int, seed: int, rules: Mapping[str, float]
) -> pd.DataFrame:
    if not len(index) or not len(weights):
        return pd.DataFrame(columns=["rank_low", "rank_high", "share_top5"], index=index, dtype=float)
    ranks = rank_draws(needs, weights, draws=draws, seed=seed, concentration=rules["dirichlet_concentration"])
    summary = rank_summary(ranks, k=FIRST).set_axis(["rank_low", "rank_high", "share_top5"], axis=1)
    return summary.set_index(index).astype(float)


def caution(ranking: Ranking) -> Text | None:
    """Warn of a ranking that stands on less than half of the weight; None if it stands on more."""
    share = ranking.weight_with_data
    if 1 - share <= ranking.measures.policy["not_enough_data_weight_share"]:
        return None
    return Text(
        f"本工作区只有 {share:.0%} 的权重有数据，名次仅供参考；补充数据后会变化。",
        f"Only {share:.0%} of the weight has data in this workspace: take the order as a hint, it will change with more data.",
    )


def conventions(ranking: Ranking) -> Text:
    """Say how the ranking was made, for a footer."""
    return Text(
        "加权求和，{norm}，{share} 的权重有数据；名次区间为 {draws} 组狄利克雷权重下的 5%–95% 名次，随机种子 {seed}；数据截至 {day}。",
        "Weighted sum, {norm}, {share} of the weight has data; rank intervals are the 5th to 95th percentile over {draws} Dirichlet weightings, "
        "seed {seed}; data as of {day}.",
    ).format(
        norm=NORMALISATIONS[ranking.criteria.normalisation],
        share=f"{ranking.weight_with_data:.0%}",
        draws=f"{ranking.draws:,}",
        seed=ranking.seed,
        day=ranking.ws.manifest.as_of.strftime("%Y-%m-%d"),
    )
