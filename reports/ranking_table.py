"""A ranking as tables for people: the order with its main reason, the parts as bars, how far the rank can move."""

import pandas as pd

from geo.text import Text
from layers import BUILDINGS, CATALOG
from layers.places import PLACE_WORDS
from layers.schema import Grids
from reports.criteria import Criteria
from reports.explanation import Explanation
from reports.measures import STATUS_WORDS
from reports.priority import Measures, Ranking

NOTHING = Text("—", "—")
NO_RANK = Text("资料不足", "not enough data")
TITLES = {
    "rank": Text("名次", "Rank"),
    "name": Text("网格", "Grid"),
    "score": Text("需求得分", "Need score"),
    "interval": Text("名次区间", "Rank interval"),
    "share_top5_pct": Text("进入前五的比例", "Among first five"),
    "why": Text("主要原因", "Main reason"),
    "points": Text("得分", "Points"),
    "weight_used_pct": Text("有数据的权重", "Weight with data"),
}
SHORT = 20
"""Bars and intervals shown at first; more do not fit on a screen."""


def rank_table(ranking: Ranking, lang: str) -> pd.DataFrame:
    """Give the ranked grids in order.

    Returns:
        Table by grid id: rank (null without enough data), name, score (0 to 100), interval (text),
        share_top5_pct, why (criterion with most points, and its points), weight_used_pct.
    """
    order = ranking.ordered()
    return pd.DataFrame(
        {
            "rank": order["rank"].astype("Int64"),
            "name": order[Grids.name],
            "score": order["score"],
            "interval": _interval(order).fillna(NO_RANK.in_(lang)),
            "share_top5_pct": 100 * order["share_top5"],
            "why": _why(ranking, lang).reindex(order.index),
            "weight_used_pct": 100 * order["weight_used"],
        },
        index=order.index,
    )


def _interval(order: pd.DataFrame) -> pd.Series:
    low, high = (order[name].astype("Int64").astype("str") for name in ("rank_low", "rank_high"))
    return (low + "–" + high).where(order["enough_data"])


def _why(ranking: Ranking, lang: str) -> pd.Series:
    parts = ranking.parts.dropna(how="all")
    if parts.empty:
        return pd.Series(dtype="str")
    titles = {c.key: c.title.in_(lang) for c in ranking.used}
    most, key = parts.max(axis=1), parts.idxmax(axis=1)
    return key.map(titles) + " " + most.map("{:.1f}".format)


def parts_table(ranking: Ranking, lang: str, *, first: int = SHORT) -> pd.DataFrame:
    """Give the points of the first grids, one row a grid and criterion, for stacked bars.

    Returns:
        Table with label (rank and name), rank, grid_id, criterion (title), points and place (order of
        the criterion in the bar, the heaviest first).
    """
    order = ranking.ordered()
    order = order[order["enough_data"]].head(first)
    heaviest = sorted(ranking.used, key=lambda c: -c.weight)
    rows = [
        {
            "label": f"{int(row['rank'])}  {row[Grids.name]}",
            "rank": int(row["rank"]),
            "grid_id": grid_id,
            "criterion": criterion.title.in_(lang),
            "points": float(points),
            "place": place,
        }
        for grid_id, row in order.iterrows()
        for place, criterion in enumerate(heaviest)
        if pd.notna(points := ranking.parts.at[grid_id, criterion.key])
    ]
    return pd.DataFrame(rows, columns=["label", "rank", "grid_id", "criterion", "points", "place"])


def interval_table(ranking: Ranking, *, first: int = SHORT) -> pd.DataFrame:
    """Give rank, rank_low and rank_high of the first grids with the labels of ``parts_table``."""
    order = ranking.ordered()
    order = order[order["enough_data"]].head(first)
    whole = order[["rank", "rank_low", "rank_high"]].astype(int)
    return whole.assign(label=whole["rank"].astype("str") + "  " + order[Grids.name].astype("str"))


def percents(criteria: Criteria) -> dict[str, int]:
    """Give the weights in whole percent of their sum, as sliders start with them."""
    total = sum(c.weight for c in criteria.items)
    return {c.key: round(100 * c.weight / total) for c in criteria.items}


def measure_table(measures: Measures, criteria: Criteria, lang: str) -> pd.DataFrame:
    """Give each criterion with its weight and what stands behind it, for checking.

    Returns:
        Table by criterion key: title, unit, weight_pct, status, denominator, note (what is missing or
        was measured instead), grids (number of grids with a value).
    """
    total = sum(c.weight for c in criteria.items)
    rows = {
        c.key: {
            "title": c.title.in_(lang),
            "unit": c.unit.in_(lang),
            "weight_pct": 100 * c.weight / total,
            "status": STATUS_WORDS[found.status].in_(lang),
            "denominator": found.denominator.in_(lang),
            "note": (found.missing or found.note or NOTHING).in_(lang),
            "grids": int(found.by_grid.notna().sum()),
        }
        for c in criteria.items
        for found in [measures.by_key[c.key]]
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def immediate_table(ranking: Ranking, lang: str, grid_id: str | None = None) -> pd.DataFrame:
    """Give the immediate list with words, of all grids or of one.

    Returns:
        Table with layer, what, since, thing_id, grid (name, or why it has none) and grid_id.
    """
    found = ranking.immediate
    if grid_id is not None:
        found = found[(found["grid_id"] == grid_id).fillna(value=False)]
    places = {key: words.in_(lang) for key, words in PLACE_WORDS.items()}
    grid = found["grid_id"].map(ranking.grids[Grids.name].to_dict())
    return pd.DataFrame(
        {
            "layer": found["layer"].map({key: spec.title.in_(lang) for key, spec in CATALOG.items()}),
            "what": found[f"what_{lang}"],
            "since": found["since"],
            "thing_id": found["thing_id"],
            "grid": grid.where(grid.notna(), found["place"].map(places)),
            "grid_id": found["grid_id"],
        }
    )


def immediate_counts(ranking: Ranking, grid_id: str | None = None) -> tuple[int, int]:
    """Count issues and buildings on the immediate list, of all grids or of one."""
    found = ranking.immediate
    if grid_id is not None:
        found = found[(found["grid_id"] == grid_id).fillna(value=False)]
    buildings = int((found["layer"] == BUILDINGS.key).sum())
    return len(found) - buildings, buildings


def explained_parts(explanation: Explanation, lang: str) -> pd.DataFrame:
    """Give the parts of one grid's score, most points first: title, value, unit, points, limit, status."""
    rows = [
        {
            "title": part.criterion.title.in_(lang),
            "value": part.value,
            "unit": part.criterion.unit.in_(lang),
            "points": part.points,
            "limit": part.limit,
            "status": STATUS_WORDS[part.status].in_(lang),
        }
        for part in explanation.parts
    ]
    table = pd.DataFrame(rows, columns=["title", "value", "unit", "points", "limit", "status"])
    return table.astype({"value": float, "points": float, "limit": float})
