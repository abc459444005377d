"""A ranking as tables for people: the order with its main reason, the parts as bars, how far the rank can move."""

import pandas as pd

from geo.text import Text, counted, listed
from layers import BUILDINGS, CATALOG
from layers.places import PLACE_WORDS
from layers.schema import Grids
from reports.colours import CRITERION_COLOURS
from reports.criteria import Criteria, Criterion
from reports.explanation import Explanation, Part
from reports.measures import STATUS_WORDS, Measured
from reports.priority import Measures, Ranking

NOTHING = Text("—", "—")
LACKING = Text("缺少：{what}", "missing: {what}")
LACKING_HERE = Text("本网格缺数据", "no data for this grid")
NO_RANK = Text("资料不足", "not enough data")
FEW_PEOPLE = Text("户数过少", "too few households")
TITLES = {
    "rank": Text("名次", "Rank"),
    "name": Text("网格", "Grid"),
    "score": Text("需求得分", "Need score"),
    "interval": Text("名次区间", "Rank interval"),
    "share_top5_pct": Text("进前五的比例", "In first five"),
    "why": Text("主要原因", "Main reason"),
    "points": Text("得分", "Points"),
    "weight_used_pct": Text("有数据的权重", "Weight with data"),
}
FULL = 0.995
SHORT = 20
"""Bars and intervals shown at first; more do not fit on a screen."""


def capital(words: str) -> str:
    """Begin words with a capital letter, for a head or a label; the rest stays as it is."""
    return words[:1].upper() + words[1:]


def rank_table(ranking: Ranking, lang: str) -> pd.DataFrame:
    """Give the ranked grids in order.

    Returns:
        Table by grid id: rank (null without enough data), name, score (0 to 100), interval (text),
        share_top5_pct, why (criterion with most points, and its points), and weight_used_pct unless it is
        full for every ranked grid.
    """
    order = ranking.ordered()
    table = pd.DataFrame(
        {
            "rank": order["rank"].astype("Int64"),
            "name": order[Grids.name],
            "score": order["score"],
            "interval": _interval(order, lang),
            "share_top5_pct": 100 * order["share_top5"],
            "why": _why(ranking, lang).reindex(order.index),
            "weight_used_pct": 100 * order["weight_used"],
        },
        index=order.index,
    )
    full = order.loc[order["enough_data"], "weight_used"].min() >= FULL
    return table.drop(columns="weight_used_pct") if full else table


def _interval(order: pd.DataFrame, lang: str) -> pd.Series:
    """Give the rank interval in words, or why there is none."""
    low, high = (order[name].astype("Int64").astype("str") for name in ("rank_low", "rank_high"))
    why = order["peopled"].map({True: NO_RANK.in_(lang), False: FEW_PEOPLE.in_(lang)})
    return (low + "–" + high).where(order["enough_data"], why)


def _why(ranking: Ranking, lang: str) -> pd.Series:
    parts = ranking.parts.dropna(how="all")
    if parts.empty:
        return pd.Series(dtype="str")
    titles = {c.key: capital(c.title.in_(lang)) for c in ranking.used}
    key = parts.idxmax(axis=1)
    values = pd.Series(
        [float(ranking.measures.table[str(k)].loc[str(grid_id)]) for grid_id, k in key.items()], index=key.index
    )
    units = {c.key: c.unit.in_(lang) for c in ranking.used}
    return key.map(titles) + values.map(" {:,.1f}\u00a0".format) + key.map(units)


def parts_table(ranking: Ranking, lang: str, *, first: int = SHORT) -> pd.DataFrame:
    """Give the points of the first grids, one row a grid and criterion, for stacked bars.

    Returns:
        Table with label (rank and name), rank, grid_id, criterion (title), points and place (order of
        the criterion in the bar, the heaviest first).
    """
    heaviest = [c.key for c in _heaviest(ranking)]
    titles = {c.key: capital(c.title.in_(lang)) for c in ranking.used}
    order = _labelled(ranking, first)
    points = ranking.parts.loc[order.index, heaviest].rename_axis(index="grid_id")
    long = points.melt(var_name="key", value_name="points", ignore_index=False).dropna(subset="points").reset_index()
    return pd.DataFrame(
        {
            "label": long["grid_id"].map(order["label"]),
            "rank": long["grid_id"].map(order["rank"]),
            "grid_id": long["grid_id"],
            "criterion": long["key"].map(titles),
            "points": long["points"],
            "place": long["key"].map({key: place for place, key in enumerate(heaviest)}),
        }
    ).sort_values(["rank", "grid_id", "place"], kind="stable", ignore_index=True)


def part_colours(ranking: Ranking, lang: str) -> dict[str, str]:
    """Give the colour of each criterion by its title, in the order of the bars of ``parts_table``."""
    return {capital(c.title.in_(lang)): CRITERION_COLOURS[c.key] for c in _heaviest(ranking)}


def _heaviest(ranking: Ranking) -> list[Criterion]:
    return sorted(ranking.used, key=lambda c: -c.weight)


def _labelled(ranking: Ranking, first: int) -> pd.DataFrame:
    """Give rank, rank_low and rank_high of the first ranked grids with a label for a chart, no two alike."""
    order = ranking.ordered()
    order = order[order["enough_data"]].head(first)
    whole = order[["rank", "rank_low", "rank_high"]].astype(int)
    names = order[Grids.name].astype("str")
    names = names.where(~names.duplicated(keep=False), names + " " + order.index.astype("str"))
    return whole.assign(label=whole["rank"].astype("str") + "  " + names)


def interval_table(ranking: Ranking, *, first: int = SHORT) -> pd.DataFrame:
    """Give rank, rank_low and rank_high of the first grids with the labels of ``parts_table``."""
    return _labelled(ranking, first)


def ranked_count(ranking: Ranking) -> int:
    """Count the grids that have a rank."""
    return int(ranking.grids["enough_data"].sum())


def percents(criteria: Criteria) -> dict[str, float]:
    """Give the weights in percent of their sum, unrounded: a ranking with them is the same."""
    total = sum(c.weight for c in criteria.items)
    return {c.key: 100 * c.weight / total for c in criteria.items}


def whole(percent: float) -> int:
    """Round a weight for a slider; one that counts is never shown as 0."""
    return max(1, round(percent)) if percent > 0 else 0


def measure_table(measures: Measures, criteria: Criteria, lang: str) -> pd.DataFrame:
    """Give each criterion with its weight and what stands behind it, for checking.

    Returns:
        Table by criterion key: title, unit, weight_pct, status, denominator, note (what is missing or
        was measured instead), grids (number of grids with a value).
    """
    total = sum(c.weight for c in criteria.items)
    rows = {
        c.key: {
            "title": capital(c.title.in_(lang)),
            "unit": c.unit.in_(lang),
            "weight_pct": 100 * c.weight / total,
            "status": STATUS_WORDS[found.status].in_(lang),
            "denominator": found.denominator.in_(lang),
            "note": _note(found).in_(lang),
            "grids": int(found.by_grid.notna().sum()),
        }
        for c in criteria.items
        for found in [measures.by_key[c.key]]
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def _note(found: Measured) -> Text:
    """Say what is missing for a measure, or what was measured instead."""
    if found.missing is None:
        return found.note or NOTHING
    return LACKING.format(what=found.missing) if found.status == "unavailable" else found.missing


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


def immediate_words(ranking: Ranking, grid_id: str) -> Text | None:
    """Say how many issues and buildings of one grid are on the immediate list; None if none."""
    found = ranking.immediate
    layer = found.loc[(found["grid_id"] == grid_id).fillna(value=False).astype(bool), "layer"]
    buildings = int((layer == BUILDINGS.key).sum())
    issues = len(layer) - buildings
    parts = [
        Text(f"问题 {issues:,} 件", counted(issues, "issue", "issues")) if issues else None,
        Text(f"危房 {buildings:,} 栋", counted(buildings, "building", "buildings")) if buildings else None,
    ]
    said = [part for part in parts if part]
    return listed(said) if said else None


def _status(part: Part) -> Text:
    """Name the status of a measure in one grid, which may lack what other grids have."""
    lacks = part.value is None and part.status != "unavailable"
    return LACKING_HERE if lacks else STATUS_WORDS[part.status]


def explained_parts(explanation: Explanation, lang: str) -> pd.DataFrame:
    """Give the parts of one grid's score, most points first: title, value (with unit), points, limit, status in words."""
    rows = [
        {
            "title": capital(part.criterion.title.in_(lang)),
            "value": None if part.value is None else f"{part.value:,.1f} {part.criterion.unit.in_(lang)}",
            "points": part.points,
            "limit": part.limit,
            "status": _status(part).in_(lang),
        }
        for part in explanation.parts
    ]
    table = pd.DataFrame(rows, columns=["title", "value", "points", "limit", "status"])
    return table.astype({"points": float, "limit": float})
