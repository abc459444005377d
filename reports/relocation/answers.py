"""What the command line says about relocation."""

from typing import Any

import numpy as np
import pandas as pd

from geo.text import Lang, Text
from reports.plain_table import json_rows, json_value
from reports.relocation.blockers import holding, reasons
from reports.relocation.figures import figures, land
from reports.relocation.funnel import Relocation
from reports.relocation.pace import Pace
from reports.relocation.words import NOTHING, deadline_words, error_words, forecast_words, whole_words, zone_words

FEW = 5
HELD = Text("{n} 栋只剩少数户未搬，例如：{some}", "{n} buildings wait for a few households, such as {some}")


def relocation_answer(found: Relocation, told: Pace) -> dict[str, Any]:
    """Give the JSON document."""
    return {
        "as_of": found.as_of.isoformat(),
        "source": found.source,
        "whole": json_rows(found.units.iloc[:1], "unit_id")[0],
        "zones": json_rows(found.zones, "zone"),
        "grids": json_rows(found.units.iloc[1:], "grid_id"),
        "buildings": json_rows(found.buildings, "building_id"),
        "reasons": [] if found.source != "register" else json_rows(reasons(found, Lang.ZH), "blocker"),
        "held": [] if found.source != "register" else json_rows(holding(found, Lang.ZH), "building_id"),
        "forecast": _forecast(told),
        "land": json_rows(land(found.ws, Lang.ZH), "site_id"),
        "figures": json_rows(figures(found.ws, Lang.ZH), "row"),
        "meta": json_value(found.meta),
    }


def _forecast(told: Pace) -> dict[str, Any]:
    at = told.at_deadline
    return {
        "stage": told.stage,
        "zone": told.zone,
        "way": told.way,
        "target": told.total,
        "deadline": _day(told.deadline),
        "at_deadline": None if at is None else {name: float(at[name]) for name in ("expected", "low", "high")},
        "reached": dict(zip(("expected", "early", "late"), map(_day, told.reached), strict=True)),
        "reached_share": told.reached_share,
        "errors": [json_value(one._asdict()) for one in told.errors],
        "weeks": json_rows(told.weeks, "week"),
        "missing": json_value(told.missing),
        "meta": json_value(told.meta),
    }


def _day(one: pd.Timestamp | None) -> str | None:
    return None if one is None else f"{one:%Y-%m-%d}"


def relocation_lines(found: Relocation, told: Pace, lang: Lang) -> list[str]:
    """Give the answer in lines: the whole, the zones with their countdown, the forecast, what holds it up."""
    if found.source == "none":
        return [NOTHING.in_(lang)]
    lines = [whole_words(found).in_(lang)]
    for key, row in found.zones.iterrows():
        lines.append(f"{zone_words(str(key), row).in_(lang)}  {deadline_words(row).in_(lang)}")
    lines += [one.in_(lang) for one in (forecast_words(told), error_words(told)) if one is not None]
    if found.source == "register":
        held = holding(found, lang)
        some = [
            f"{row['name']}（{row['reasons']}）" if lang == Lang.ZH else f"{row['name']} ({row['reasons']})"
            for _, row in held.head(FEW).iterrows()
        ]
        if some:
            joined = ("、" if lang == Lang.ZH else ", ").join(some)
            lines.append(HELD.format(n=len(held), some=joined).in_(lang))
    return [*lines, *_contradicting(found, lang)]


def _contradicting(found: Relocation, lang: Lang) -> list[str]:
    words = Text("{n} 户的日期前后矛盾，请核对", "the days of {n} households contradict each other, look them over")
    many = int(np.sum(list(found.meta["contradictions"].values())))
    return [words.format(n=many).in_(lang)] if many else []
