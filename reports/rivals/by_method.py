"""The ranking of the house by another method, or with weights that the data give: the same shape, the same page."""

from dataclasses import replace
from typing import Literal, cast

import numpy as np
import pandas as pd

from geo.errors import CriteriaError
from geo.mcda import Normalisation, ranks_min
from geo.mcda.promethee import promethee2
from geo.mcda.topsis import Scaling
from geo.mcda.weighted import criteria_fault
from geo.robust import drawn_weights, rank_summary, ranks_under
from geo.text import Text
from reports.criteria import NORMALISATIONS, Criteria
from reports.priority import FIRST, Ranking, conventions, weighed
from reports.rivals.contest import Contest, contest_of
from reports.rivals.methods import PROMETHEE, TOPSIS, data_weights, preferences, rivals, scorer

Method = Literal["weighted_sum", "topsis", "vikor", "promethee"]
Source = Literal["user", "entropy", "critic"]
METHODS: tuple[Method, ...] = ("weighted_sum", "topsis", "vikor", "promethee")
SOURCES: tuple[Source, ...] = ("user", "entropy", "critic")
NAMES: dict[Method, Text] = {
    "weighted_sum": Text("加权求和", "weighted sum"),
    "topsis": Text("TOPSIS", "TOPSIS"),
    "vikor": Text("VIKOR", "VIKOR"),
    "promethee": Text("PROMETHEE II", "PROMETHEE II"),
}
WEIGHTS: dict[Source, Text] = {
    "user": Text("给定权重", "given weights"),
    "entropy": Text("熵权法权重（由数据得出，不代表重要性）", "entropy weights (from the data, not what matters)"),
    "critic": Text("CRITIC 权重（由数据得出，不代表重要性）", "CRITIC weights (from the data, not what matters)"),
}
ASK = Text(
    "TOPSIS 必须写明归一化方法 vector 或 minmax：两者可能得出不同的第一名",
    "TOPSIS needs its normalisation, vector or minmax: the two may put different units first",
)
NO_CHOICE = Text("{method} 没有归一化选项", "{method} has no choice of normalisation")
NOT_THIS = Text("{method} 的归一化为 {known} 之一", "the normalisation of {method} is one of {known}")
NO_PARTS = Text("{method} 的得分不能拆成逐项相加的部分。", "Scores of {method} are not a sum of parts by criterion.")
ZERO_WEIGHT = Text(
    "数据赋权只用各单位都有值的指标，其余指标权重为 0。",
    "Weights from the data use only criteria that all units have a value for; the others have the weight 0.",
)


def checked_normalisation(method: Method, normalisation: str | None) -> str | None:
    """Give the normalisation as the method takes it.

    Raises:
        CriteriaError: TOPSIS without one, one that the method does not have, or one where there is no choice.
    """
    known: list[str] = [*NORMALISATIONS] if method == "weighted_sum" else [*TOPSIS] if method == "topsis" else []
    name = NAMES[method]
    if normalisation in known or (normalisation is None and method != "topsis"):
        return normalisation
    wanted = ASK if normalisation is None else NOT_THIS.format(method=name, known=", ".join(known))
    said = wanted if known else NO_CHOICE.format(method=name)
    raise CriteriaError([criteria_fault("normalisation", None, Text.same(normalisation or "—"), said)])


def ranked_by(
    ranking: Ranking, method: Method, *, normalisation: str | None = None, weights: Source = "user"
) -> Ranking:
    """Give the same grids ranked by another method or with weights from the data.

    Args:
        ranking: of the weighted sum.
        method: one of ``METHODS``.
        normalisation: "goalposts" or "minmax" for the weighted sum (None: as it is), "vector" or "minmax" for TOPSIS,
            where it has to be named; VIKOR and PROMETHEE II have none.
        weights: one of ``SOURCES``.

    Raises:
        CriteriaError: a normalisation that is missing or does not fit, or data that give no weights.
    """
    how = checked_normalisation(method, normalisation)
    if method == "weighted_sum" and how is not None and how != ranking.criteria.normalisation:
        criteria = Criteria(ranking.criteria.items, _house(how))
        ranking = weighed(ranking.measures, criteria, ranking.draws, ranking.seed, immediate=ranking.immediate)
    if weights != "user":
        ranking = _by_data(ranking, weights)
    return ranking if method == "weighted_sum" else _by_other(ranking, method, how)


def _house(word: str) -> Normalisation:
    return "minmax" if word == "minmax" else "goalposts"


def _by_data(ranking: Ranking, source: Source) -> Ranking:
    contest = contest_of(ranking)
    found = dict(zip(contest.full.measures.columns, data_weights(contest, source).weights, strict=True))
    every = {c.key: float(found.get(c.key, 0.0)) for c in ranking.criteria.items}
    again = ranking.reweighed(every)
    out = (ZERO_WEIGHT,) if contest.full.criteria_out or ranking.left_out else ()
    return replace(again, notices=(*again.notices, *out), weights_from=source)


def _by_other(ranking: Ranking, method: Method, how: str | None) -> Ranking:
    contest = contest_of(ranking)
    key = TOPSIS[_scaling(how)] if method == "topsis" else method
    side = rivals(contest)
    score = side.scores[key] if key in side.scores else pd.Series(np.nan, index=contest.ids)
    shown = 50 * (1 + score) if key == PROMETHEE else 100 * score
    ids = ranking.grids.index
    grids = ranking.grids.assign(
        score=shown.reindex(ids), rank=pd.Series(ranks_min(score), index=score.index).reindex(ids)
    )
    grids["enough_data"] = grids["score"].notna()
    summary = _intervals(ranking, contest, key).reindex(ids)
    grids[list(summary.columns)] = summary
    parts = _flows(contest).reindex(ids) if key == PROMETHEE else ranking.parts * np.nan
    notices = (*ranking.notices, *contest.full.notices)
    if key != PROMETHEE:
        notices = (*notices, NO_PARTS.format(method=NAMES[method]))
    return replace(
        ranking,
        grids=grids,
        parts=parts.reindex(columns=ranking.parts.columns),
        notices=notices,
        method=method,
        scaling=how,
    )


def _scaling(word: str | None) -> Scaling:
    return "minmax" if word == "minmax" else "vector"


def _intervals(ranking: Ranking, contest: Contest, key: str) -> pd.DataFrame:
    """Give rank_low, rank_high and share_top5 of a method under weights drawn around those of the ranking."""
    if not contest.full.measures.size:
        return pd.DataFrame(columns=["rank_low", "rank_high", "share_top5"], dtype=float)
    concentration = contest.rules["dirichlet_concentration"]
    drawn = drawn_weights(contest.weights, draws=ranking.draws, seed=ranking.seed, concentration=concentration)
    found = rank_summary(ranks_under(scorer(contest, key), drawn), k=FIRST)
    return found.set_axis(["rank_low", "rank_high", "share_top5"], axis=1).set_index(contest.ids).astype(float)


def _flows(contest: Contest) -> pd.DataFrame:
    """Give points by criterion that add up to PROMETHEE's score, 50 for a net flow of 0."""
    full = contest.full.measures
    if not full.size:
        return pd.DataFrame(index=contest.ids)
    weights = contest.weights[list(full.columns)]
    high = [bool(contest.high_first[key]) for key in full.columns]
    found = promethee2(full, weights, high, preferences=preferences(contest))
    points = 50 * (1 + found.by_criterion) * (weights / weights.sum()).to_numpy()
    return pd.DataFrame(points, index=full.index, columns=full.columns)


def said(ranking: Ranking) -> Text:
    """Say by which method, normalisation and weights a ranking was made."""
    words = NAMES[cast("Method", ranking.method)]
    if ranking.method == "topsis":
        words = Text("{m}，归一化 {n}", "{m}, normalisation {n}").format(m=words, n=ranking.scaling)
    return Text("{m}，{w}", "{m}, {w}").format(m=words, w=WEIGHTS[cast("Source", ranking.weights_from)])


def conventions_of(ranking: Ranking) -> Text:
    """Say how the ranking was made, for a footer; of the weighted sum as ``reports.priority.conventions`` says it."""
    house = conventions(ranking)
    if ranking.method == "weighted_sum" and ranking.weights_from == "user":
        return house
    if ranking.method == "weighted_sum":
        return Text(f"{WEIGHTS[cast('Source', ranking.weights_from)].zh}。{house.zh}",
                    f"{WEIGHTS[cast('Source', ranking.weights_from)].en}. {house.en}")  # fmt: skip
    return Text(
        "{made}；名次区间为 {draws} 组狄利克雷权重下的 5%–95% 名次，随机种子 {seed}；数据截至 {day}。",
        "{made}; rank intervals are the 5th to 95th percentile over {draws} Dirichlet weightings, seed {seed}; "
        "data as of {day}.",
    ).format(
        made=said(ranking),
        draws=f"{ranking.draws:,}",
        seed=ranking.seed,
        day=ranking.ws.manifest.as_of.strftime("%Y-%m-%d"),
    )
