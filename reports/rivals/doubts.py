"""How far the data themselves are in doubt: small counts, few cases, surveys with gaps, amounts that are estimates.

Each measure that rests on something uncertain is drawn anew; the others are taken as they are, and both are told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.measure import hectares, totals
from geo.robust.doubt import SPREADS, drawn_factors, drawn_rates, drawn_shares
from geo.text import Text, listed
from layers import BUILDINGS, ISSUES, Workspace
from layers.schema import Buildings, Grids, Issues
from reports.denominators import households, residents
from reports.measures import Ground
from reports.priority import Ranking

Draw = Callable[[Ground, np.ndarray, int, int], np.ndarray | None]
EVENTS, SHARES, SURVEYS, PEOPLE = range(4)
"""Numbers of the streams of chance: what rests on the same events or people moves together in each draw."""
COUNTS = Text("件数按泊松分布（杰弗里斯后验）", "counts as Poisson (Jeffreys' posterior)")
CASES = Text("占比按二项分布（杰弗里斯后验）", "shares of cases as binomial (Jeffreys' posterior)")
SURVEY = Text("未调查的建筑按已调查比例推断的范围", "buildings not surveyed: within what the surveyed ones allow")
AMOUNTS = Text("估算的户数、人数按精度标记浮动", "households and residents that are estimates: by their qualifier")


@dataclass(frozen=True)
class Doubts:
    """Needs drawn anew: ``needs`` by criterion, shape (draws, n); criteria that are not there are not in doubt."""

    needs: Mapping[str, np.ndarray] = field(repr=False)
    draws: int
    seed: int
    conventions: tuple[Text, ...]


def doubts(ranking: Ranking, *, draws: int, seed: int) -> Doubts:
    """Draw the needs of the ranked grids from what is uncertain in their measures.

    Args:
        ranking: whose grids, criteria and goalposts.
        draws: how many times.
        seed: of the random numbers.
    """
    ws, level = ranking.ws, ranking.level
    ground = Ground(ws, level, ranking.measures.policy, households(ws, level), residents(ws, level))
    enough = ranking.grids["enough_data"].to_numpy(dtype=bool)
    needs, said = {}, []
    for criterion in ranking.used:
        values = ranking.measures.table[criterion.key].to_numpy(dtype=float)
        for draw, words in DRAWN.get(criterion.key, ()):
            found = draw(ground, values, draws, seed)
            if found is not None:
                values = found
                said += [words] if words not in said else []
        if values.ndim > 1:
            best, worst = _posts(ranking, criterion.key)
            needs[criterion.key] = np.clip((values[:, enough] - best) / (worst - best), 0.0, 1.0)
    exact = [c.title for c in ranking.used if c.key not in needs]
    if exact:
        said.append(Text("视为准确：{what}", "taken as exact: {what}").format(what=listed(exact)))
    return Doubts(needs, draws, seed, tuple(said))


def _posts(ranking: Ranking, key: str) -> tuple[float, float]:
    """Give best and worst of a criterion: the goalposts, or what the grids that take part have now."""
    criterion = next(c for c in ranking.used if c.key == key)
    if ranking.criteria.normalisation == "goalposts":
        return criterion.best, criterion.worst
    column = ranking.measures.table.loc[ranking.grids["peopled"], key]
    low, high = float(column.min()), float(column.max())
    return (low, high) if criterion.worse == "high" else (high, low)


def _open_counts(ground: Ground) -> np.ndarray:
    marked = ground.ws.standing["is_open"].to_numpy(dtype=bool) & ground.matters
    return _by_grid(ground, marked)


def _by_grid(ground: Ground, marked: np.ndarray) -> np.ndarray:
    return totals(ground.ws.codes(ISSUES, ground.level), len(ground.index), marked.astype(float)).per_group


def _counted(one: Callable[[Ground], np.ndarray]) -> Draw:
    """Draw a measure that adds up open issues; ``one`` is by how much a single issue raises it in each grid."""

    def draw(ground: Ground, values: np.ndarray, draws: int, seed: int) -> np.ndarray:
        counts = _open_counts(ground)
        each = np.divide(values, counts, out=one(ground), where=counts > 0)
        return np.asarray(drawn_rates(counts, draws, np.random.default_rng((seed, EVENTS))) * each)

    return draw


def _per_households(ground: Ground) -> np.ndarray:
    return np.asarray(100 / ground.enough_households())


def _per_severity(ground: Ground) -> np.ndarray:
    severity = ground.ws[ISSUES][Issues.severity].to_numpy(dtype=float, na_value=1.0)
    marked = ground.ws.standing["is_open"].to_numpy(dtype=bool) & ground.matters
    return np.asarray(_per_households(ground) * (severity[marked].mean() if marked.any() else 1.0))


def _per_ha(ground: Ground) -> np.ndarray:
    return np.asarray(1 / hectares(ground.ws.grids(ground.level).geometry.area), dtype=float)


def _cases(part: str, whole: Callable[[Workspace], np.ndarray]) -> Draw:
    """Draw a share of issues."""

    def draw(ground: Ground, values: np.ndarray, draws: int, seed: int) -> np.ndarray:
        cases = whole(ground.ws) & ground.matters
        some = ground.ws.standing[part].to_numpy(dtype=bool) & cases
        rng = np.random.default_rng((seed, SHARES))
        found = drawn_shares(_by_grid(ground, some), _by_grid(ground, cases), draws, rng)
        return np.where(np.isnan(values), np.nan, 100 * found)

    return draw


def _dated(ws: Workspace) -> np.ndarray:
    return np.asarray(ws.standing["is_open"].to_numpy(dtype=bool) & ws[ISSUES][Issues.due_at].notna().to_numpy())


def _known(ws: Workspace) -> np.ndarray:
    return np.asarray(ws.standing["is_known"].to_numpy(dtype=bool))


def _surveyed(column: str) -> Draw:
    """Draw a share of buildings of which some were not looked at."""

    def draw(ground: Ground, values: np.ndarray, draws: int, seed: int) -> np.ndarray | None:
        known = ground.ws[BUILDINGS][column].notna().to_numpy()
        codes, size = ground.ws.codes(BUILDINGS, ground.level), len(ground.index)
        seen, unseen = (totals(codes, size, mark.astype(float)).per_group for mark in (known, ~known))
        if not unseen.any():
            return None
        rng = np.random.default_rng((seed, SURVEYS))
        hits = np.round(np.nan_to_num(values) / 100 * seen)
        more = rng.binomial(unseen.astype(int), np.nan_to_num(drawn_shares(hits, seen, draws, rng)))
        share = 100 * np.divide(hits + more, seen + unseen, out=np.zeros(more.shape), where=seen + unseen > 0)
        return np.where(np.isnan(values), np.nan, share)

    return draw


def _over(who: str) -> Draw:
    """Draw the number of people that a measure is divided by, where it is an estimate."""

    def draw(ground: Ground, values: np.ndarray, draws: int, seed: int) -> np.ndarray | None:
        grids, people = ground.ws.grids(ground.level), getattr(ground, who)
        words = pd.Series("approx" if people.status == "proxy" else "eq", index=grids.index, dtype=object)
        if who == "residents" and people.status == "proxy" and grids[Grids.residents].notna().any():
            words = grids[Grids.residents_qualifier].astype(object)
        if not words.isin(SPREADS).any():
            return None
        spreads = {one: ground.policy[f"{one}_spread_share"] for one in SPREADS}
        rng = np.random.default_rng((seed, PEOPLE))
        factor = drawn_factors(words.to_numpy(), draws, rng, spreads=spreads)
        return np.asarray(values / np.maximum(factor, np.finfo(float).tiny))

    return draw


DRAWN: Mapping[str, tuple[tuple[Draw, Text], ...]] = {
    "severity_per_100_households": ((_counted(_per_severity), COUNTS), (_over("households"), AMOUNTS)),
    "open_issues_per_100_households": ((_counted(_per_households), COUNTS), (_over("households"), AMOUNTS)),
    "open_issues_per_ha": ((_counted(_per_ha), COUNTS),),
    "open_share_pct": ((_cases("is_open", _known), CASES),),
    "overdue_share_pct": ((_cases("is_overdue", _dated), CASES),),
    "hazardous_building_share_pct": ((_surveyed(Buildings.hazard_grade), SURVEY),),
    "old_building_share_pct": ((_surveyed(Buildings.built_year), SURVEY),),
    "elderly_share_pct": ((_over("residents"), AMOUNTS),),
}
"""How the measures are drawn that rest on counts, cases, surveys with gaps or estimates."""
