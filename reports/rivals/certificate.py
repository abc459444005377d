"""The robustness certificate: what is certain about a ranking whatever the weights, and what only likely."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.mcda import ranks_min, weighted_parts
from geo.robust import drawn_weights, rank_summary, ranks_under
from geo.robust.draws import acceptability
from geo.robust.extremes import TIE, Extremes, extreme_ranks
from geo.robust.region import any_weights, weight_box
from geo.robust.sorting import Ranks, ranks_of
from geo.robust.stability import left_out_one, weight_stability
from geo.text import Text
from reports.priority import FIRST, Ranking
from reports.rivals.contest import Contest, contest_of
from reports.rivals.doubts import Doubts, doubts
from reports.rivals.methods import WEIGHTED, scorer


@dataclass(frozen=True)
class Certificate:
    """How firm a ranking by the weighted sum is.

    Attributes:
        contest: what was ranked.
        units: by unit id in the order of rank: name, rank, score (0 to 100); low, high, share_first, share_top over
            weights drawn around the given ones; any_low, any_high, any_first, any_top over all weights alike; best,
            worst (ranks that no weights at all pass) and exact (whether some weights reach both); box_best,
            box_worst, box_exact the same for weights within the box; can_lead (whether some weights put it ahead of
            the one in front now); data_low, data_high with the given weights and doubtful data; both_low, both_high
            with both drawn (NaN where nothing about the data is in doubt).
        acceptability: share of the drawn weightings in which each unit (row) has each rank (column, from 1).
        stability: by criterion: weight, low, high (shares between which the one in front stays there), next_low and
            next_high (who takes over beyond, null if nobody).
        without: by criterion left out: leader, kendall, overlap (of the first k), mover and places.
        k: size of the leading group.
        box: share by which weights may differ from the given ones.
        draws, seed: of everything drawn.
        doubts: what of the data was drawn, in words; empty if nothing is in doubt.
    """

    contest: Contest = field(repr=False)
    units: pd.DataFrame = field(repr=False)
    acceptability: pd.DataFrame = field(repr=False)
    stability: pd.DataFrame = field(repr=False)
    without: pd.DataFrame = field(repr=False)
    k: int
    box: float
    draws: int
    seed: int
    doubts: tuple[Text, ...]


def certificate(
    source: Ranking | Contest, k: int = FIRST, *, box: float | None = None, draws: int | None = None
) -> Certificate:
    """Certify a ranking.

    Args:
        source: a ranking of grids by the weighted sum, or any other units with measures and weights.
        k: size of the leading group.
        box: share by which each weight may rise and fall; None takes the policy table's.
        draws: of weights and data; None takes the policy table's.
    """
    contest = source if isinstance(source, Contest) else contest_of(source)
    rules = contest.rules
    give = rules["weight_box_share"] if box is None else box
    number = int(rules["certificate_draws"]) if draws is None else draws
    needs, weights = contest.needs.to_numpy(dtype=float), contest.weights.to_numpy()
    around = _ranks(contest, number, rules["dirichlet_concentration"])
    drawn = doubts(source, draws=number, seed=contest.seed) if isinstance(source, Ranking) and len(needs) else None
    score = weighted_parts(contest.needs, contest.weights).score if len(weights) else np.empty(0)
    parts = [
        pd.DataFrame({"name": contest.names, "rank": ranks_min(score), "score": 100 * score}, index=contest.ids),
        _drawn(contest, around, k, ("low", "high", "share_first", "share_top")),
        _drawn(contest, _ranks(contest, number, None), k, ("any_low", "any_high", "any_first", "any_top")),
        _bounds(contest, give),
        _data(contest, drawn),
    ]
    units = pd.concat(parts, axis=1).sort_values(["rank", "name"], kind="stable")
    shares = pd.DataFrame(acceptability(around), index=contest.ids, columns=range(1, len(needs) + 1))
    stable, without = (
        (weight_stability(needs, weights), left_out_one(needs, weights, k=k)) if len(needs) else (_none(), _none())
    )
    return Certificate(
        contest,
        units,
        shares.loc[units.index],
        _named(stable, contest, ("next_low", "next_high")),
        _named(without, contest, ("leader", "mover")),
        k,
        give,
        number,
        contest.seed,
        drawn.conventions if drawn and drawn.needs else (),
    )


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=["weight", "low", "high", "next_low", "next_high", "leader", "mover"])


def _named(table: pd.DataFrame, contest: Contest, columns: tuple[str, ...]) -> pd.DataFrame:
    """Put ids in the place of row numbers, null for nobody."""
    ids = {number: str(one) for number, one in enumerate(contest.ids)}
    named = {column: table[column].map(ids.get).astype(object) for column in columns}
    return table.assign(**named).set_axis(contest.keys[: len(table)], axis=0)


def _ranks(contest: Contest, draws: int, concentration: float | None) -> Ranks:
    """Rank under drawn weights, shape (draws, n)."""
    if not len(contest.ids):
        return np.zeros((draws, 0), dtype=np.int16)
    weights = drawn_weights(contest.weights, draws=draws, seed=contest.seed, concentration=concentration)
    return ranks_under(scorer(contest, WEIGHTED), weights)


def _drawn(contest: Contest, ranks: Ranks, k: int, names: tuple[str, ...]) -> pd.DataFrame:
    found = rank_summary(ranks, k=k)
    first = (ranks == 1).mean(axis=0)
    columns = (found["low"].astype(float), found["high"].astype(float), first, found["share_top"])
    table = {name: np.asarray(values) for name, values in zip(names, columns, strict=True)}
    return pd.DataFrame(table, index=contest.ids)


def _bounds(contest: Contest, give: float) -> pd.DataFrame:
    if not len(contest.ids):
        return pd.DataFrame(index=contest.ids)
    needs, weights = contest.needs.to_numpy(dtype=float), contest.weights.to_numpy()
    most, nodes = (int(contest.rules[f"certificate_most_{what}"]) for what in ("rivals", "programs"))
    every, inside = (
        extreme_ranks(needs, weights, region, most=most, seed=contest.seed, nodes=nodes)
        for region in (any_weights(weights), weight_box(weights, give))
    )
    leader = int(np.nanargmax(weighted_parts(needs, weights).score))
    table = {
        **_side(every, ""),
        **_side(inside, "box_"),
        "can_lead": every.pairs.lead[:, leader] > TIE,
    }
    return pd.DataFrame(table, index=contest.ids)


def _side(found: Extremes, prefix: str) -> Mapping[str, np.ndarray]:
    exact = (found.best == found.best_seen) & (found.worst == found.worst_seen)
    return {f"{prefix}best": found.best, f"{prefix}worst": found.worst, f"{prefix}exact": exact}


def _data(contest: Contest, drawn: Doubts | None) -> pd.DataFrame:
    """Give rank intervals with doubtful data, under the given weights and under drawn ones."""
    names = ("data_low", "data_high", "both_low", "both_high")
    if drawn is None or not drawn.needs:
        return pd.DataFrame(np.nan, index=contest.ids, columns=list(names))
    concentration = contest.rules["dirichlet_concentration"]
    fixed = np.tile(contest.weights.to_numpy(), (drawn.draws, 1))
    moved = drawn_weights(contest.weights, draws=drawn.draws, seed=contest.seed, concentration=concentration)
    sides = [rank_summary(_doubted(contest, drawn, weights).T) for weights in (fixed, moved)]
    columns = [np.asarray(side[end].astype(float)) for side in sides for end in ("low", "high")]
    return pd.DataFrame(dict(zip(names, columns, strict=True)), index=contest.ids)


def _doubted(contest: Contest, drawn: Doubts, weights: np.ndarray) -> Ranks:
    """Rank with needs and weights of each draw, shape (n, draws)."""
    needs = contest.needs.to_numpy(dtype=float)

    def scores(some: slice) -> np.ndarray:
        total, mass = np.zeros((2, some.stop - some.start, len(needs)))
        for column, key in enumerate(contest.keys):
            values = drawn.needs[key][some] if key in drawn.needs else needs[np.newaxis, :, column]
            known, weight = ~np.isnan(values), weights[some, column, np.newaxis]
            total += weight * np.where(known, values, 0.0)
            mass += weight * known
        return np.asarray(total / np.maximum(mass, np.finfo(float).tiny))

    return ranks_of(scores, len(weights), len(needs))
