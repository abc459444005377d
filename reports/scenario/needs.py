"""Need by grid before and after, held against the same goalposts, and why it changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from layers import Workspace
from reports.criteria import Criteria, Criterion
from reports.priority import SEED, Measures, Ranking, measured, weighed

GAINS, LOSES, SAME, UNTOLD = "gains", "loses", "same", "unknown"
NEAR = 1e-9


@dataclass(frozen=True)
class Needs:
    """Need of the grids of a level before and after, weighed alike.

    ``grids`` by id of both states: name, households (before), score_before, score_after, score_change (points; less is
    less need), rank_before, rank_after, need_before, need_after, need_change (points times households) and lot ("gains",
    "loses", "same", "unknown": a grid that one state does not have or that cannot be ranked). With other weights after,
    score_reweighed and rank_reweighed tell what these make of it; nobody gains or loses by weights. ``parts`` by (grid,
    criterion): points before, after, change; ``measures`` by (grid, measure): values; both where they differ.
    """

    before: Ranking = field(repr=False)
    after: Ranking = field(repr=False)
    grids: pd.DataFrame = field(repr=False)
    parts: pd.DataFrame = field(repr=False)
    measures: pd.DataFrame = field(repr=False)
    reweighed: Ranking | None = field(repr=False)


def needs_of(before: Workspace, after: Workspace, criteria: tuple[Criteria, Criteria], level: int) -> Needs:
    """Rank both states with the same goalposts.

    Criteria that compare a set with its own best and worst are given the best and worst of both states together, so that
    a change of one grid is not hidden by a change of the posts.

    Args:
        before: the workspace in one state.
        after: the same in another.
        criteria: for each of them.
        level: of the grids, one that both have.

    Raises:
        DataError: no such level.
    """
    one, other = measured(before, level=level), measured(after, level=level)
    posts = [_posted(each, (one, other)) for each in criteria]
    draws = int(one.policy["rank_draws"])
    was, now = (weighed(each, posts[0], draws, SEED) for each in (one, other))
    again = None if criteria[0] == criteria[1] else weighed(other, posts[1], draws, SEED)
    table = _grids(was, now)
    if again is not None:
        table["score_reweighed"] = again.grids["score"].reindex(table.index)
        table["rank_reweighed"] = again.grids["rank"].reindex(table.index)
    return Needs(was, now, table, _long(was.parts, now.parts), _long(one.table, other.table), again)


def _posted(criteria: Criteria, states: Sequence[Measures]) -> Criteria:
    """Give criteria with fixed goalposts, the extremes of both states where they had none."""
    if criteria.normalisation == "goalposts":
        return criteria
    return Criteria(tuple(_spanning(one, states) for one in criteria.items), "goalposts")


def _spanning(one: Criterion, states: Sequence[Measures]) -> Criterion:
    values = [s.table[one.key][~(s.households < s.policy["rate_min_households"])] for s in states]
    known = np.concatenate([each.dropna().to_numpy(dtype=float) for each in values])
    if not len(known) or known.min() == known.max():
        return one
    low, high = float(known.min()), float(known.max())
    return replace(one, best=low, worst=high) if one.worse == "high" else replace(one, best=high, worst=low)


def _grids(before: Ranking, after: Ranking) -> pd.DataFrame:
    index = before.grids.index.union(after.grids.index, sort=True)
    one, other = before.grids.reindex(index), after.grids.reindex(index)
    homes = [each.measures.households.reindex(index) for each in (before, after)]
    table = pd.DataFrame({"name": one["name"].where(one["name"].notna(), other["name"])}, index=index)
    table["households"] = homes[0].where(homes[0].notna(), homes[1])
    for key, side, people in (("before", one, homes[0]), ("after", other, homes[1])):
        table[f"score_{key}"], table[f"rank_{key}"] = side["score"], side["rank"]
        table[f"need_{key}"] = side["score"] * people
    table["score_change"] = table["score_after"] - table["score_before"]
    table["need_change"] = table["need_after"] - table["need_before"]
    change = table["score_change"].to_numpy(dtype=float)
    table["lot"] = np.select([np.isnan(change), change < -NEAR, change > NEAR], [UNTOLD, GAINS, LOSES], SAME)
    return table


def _long(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Put two tables by grid and key side by side, the cells that differ."""
    index, keys = before.index.union(after.index, sort=True), before.columns.union(after.columns, sort=False)
    one, other = (side.reindex(index=index, columns=keys).to_numpy(dtype=float) for side in (before, after))
    differ = ~((np.abs(one - other) <= NEAR) | (np.isnan(one) & np.isnan(other)))
    rows, columns = np.nonzero(differ)
    table = pd.DataFrame(
        {
            "grid_id": index[rows],
            "key": keys[columns],
            "before": one[rows, columns],
            "after": other[rows, columns],
        }
    )
    return table.assign(change=table["after"] - table["before"])
