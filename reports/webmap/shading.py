"""How the grids of a map are shaded: classes of the score, of each criterion, or of any series."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.text import Text
from reports import classes
from reports.priority import Ranking
from reports.webmap import columns, encode, words

CLASSES = 5
RAMP = ("#edf8fb", "#b3cde3", "#8c96c6", "#8856a7", "#810f7c")
"""ColorBrewer BuPu: readable with every kind of colour vision and apart from the colours of the standing."""
DIGITS = 3
ROUNDING = 1e-9
"""Numbers this close to a round one are that one."""
NO_CLASS, TOO_FEW = 255, 254
"""Class numbers of grids without a class: not enough data, or too few households to be ranked."""


def shade_of(
    series: pd.Series,
    grids: pd.Index,
    level: int,
    *,
    key: str,
    title: Text,
    unit: Text | None = None,
    few: pd.Series | None = None,
) -> dict[str, Any]:
    """Divide a series over the grids of a level into classes.

    Args:
        series: numbers by grid id; missing grids and nulls are hatched.
        grids: the ids of the level, in the order of its document.
        level: grid level.
        key: short name for the browser.
        title: what is shown.
        unit: printed behind the limits.
        few: true by grid id where too few live for a rank; such a grid without a number is hatched in
            another way than one that lacks data.
    """
    found = series.reindex(grids).to_numpy(dtype=np.float64, na_value=np.nan)
    limits, least = _round(classes.breaks(found, CLASSES), found)
    number = classes.class_of(found, limits)
    number = np.where(number < 0, _why_none(few, grids), number)
    colours = RAMP[-len(limits) :] if limits.size == 1 else _ramp(len(limits))
    return {
        "key": key,
        "level": level,
        "title": columns.words(title),
        "unit": columns.words(unit) if unit else "",
        "least": least,
        "limits": [float(v) for v in limits],
        "colours": list(colours),
        "counts": [int((number == n).sum()) for n in range(len(limits))],
        "missing": int((number == NO_CLASS).sum()),
        "few": int((number == TOO_FEW).sum()),
        "classes": encode.text(number.astype(np.uint8).tobytes()),
        "values": columns.values(pd.Series(found)),
    }


def _why_none(few: pd.Series | None, grids: pd.Index) -> npt.NDArray[np.int64]:
    """Give the class number of each grid if it has no number."""
    if few is None:
        return np.full(len(grids), NO_CLASS)
    return np.where(few.reindex(grids).fillna(value=False).to_numpy(dtype=bool), TOO_FEW, NO_CLASS)


def _round(limits: classes.Floats, values: classes.Floats) -> tuple[classes.Floats, float | None]:
    """Round the limits to a few digits of their range, outwards at both ends; give them and the lower end."""
    if not limits.size:
        return limits, None
    least = float(np.nanmin(values))
    span = float(limits[-1]) - least
    if span == 0:
        return limits, least
    unit = 10.0 ** (DIGITS - 1 - int(np.floor(np.log10(span))))
    rounded = np.unique(np.round(limits[:-1] * unit))
    last = np.ceil(limits[-1] * unit - ROUNDING)
    return np.append(rounded[rounded < last], last) / unit, float(np.floor(least * unit + ROUNDING) / unit)


def _ramp(count: int) -> tuple[str, ...]:
    return tuple(RAMP[n] for n in np.linspace(0, len(RAMP) - 1, count).round().astype(int))


def of_ranking(ranking: Ranking, grids: pd.Index) -> list[dict[str, Any]]:
    """Shade by the score first, then by the measure of each criterion; the darkest class is always the worst."""
    few = ~ranking.grids["peopled"].astype(bool)
    shades = [shade_of(_scores(ranking), grids, ranking.level, key="score", title=words.SCORE, few=few)]
    measures = ranking.measures.table
    for one in ranking.used:
        key = f"measure-{one.key}"
        made = shade_of(measures[one.key], grids, ranking.level, key=key, title=one.title, unit=one.unit)
        shades.append(made if one.worse == "high" else {**made, "colours": made["colours"][::-1]})
    return shades


def of_series(series: pd.Series, grids: pd.Index, level: int) -> dict[str, Any]:
    """Shade by any series; ``series.attrs`` may hold "title" and "unit", each a Text."""
    title: Any = series.attrs.get("title", Text(str(series.name), str(series.name)))
    return shade_of(series, grids, level, key="series", title=title, unit=series.attrs.get("unit"))


def _scores(ranking: Ranking) -> pd.Series:
    return ranking.grids["score"].where(ranking.grids["enough_data"])


def rank_columns(ranking: Ranking, grids: pd.Index) -> list[dict[str, Any]]:
    """Give the rows on rank and score of a grid's pop-up."""
    table = ranking.grids.reindex(grids)
    ranked = table["enough_data"].fillna(value=False).astype(bool)
    of = int(ranked.sum())
    positions = [int(position) if ok else 0 for position, ok in zip(table["rank"].fillna(0), ranked, strict=True)]
    said = {f"rank {n}": words.RANK_VALUE.format(rank=n, of=of) for n in positions if n}
    said |= {"none": words.NOT_RANKED, "few": words.FEW_PEOPLE}
    peopled = table["peopled"].fillna(value=True)
    rank = pd.Series(
        [f"rank {n}" if n else "none" if many else "few" for n, many in zip(positions, peopled, strict=True)]
    )
    span = _span(table).where(ranked)
    return [
        _row("rank", words.RANK, rank, said),
        {**_row("score", words.SCORE, table["score"].where(ranked).round(1)), "unit": columns.words(words.POINTS)},
        *([] if span.isna().all() else [_row("rank_range", words.RANK_RANGE, span)]),
    ]


def _span(table: pd.DataFrame) -> pd.Series:
    low, high = (table[name].astype("Int64").astype("str") for name in ("rank_low", "rank_high"))
    return low.where(low == high, low + "–" + high).astype(object)


def _row(key: str, title: Text, series: pd.Series, codes: Mapping[str, Text] | None = None) -> dict[str, Any]:
    return {"key": key, "title": columns.words(title), **columns.values(series, codes)}
