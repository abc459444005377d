"""The thresholds of a health check as a table that a person may edit, and what was edited in it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.text import Text
from layers.standards import standard
from reports.health.examination import Health
from reports.health.finding import WHOSE
from reports.health.thresholds import SIZE, Asked, unit_words

POLICY_KEYS = (
    "service_share_percent",
    "park_min_m2",
    "park_large_from_m2",
    "park_radius_small_m",
    "park_radius_large_m",
    "green_patch_5_m2",
    "green_width_5_m",
    "community_residents_min",
    "community_residents_max",
    "service_circle_m",
    "parking_bays_per_household",
    "parking_bays_per_household_new",
    "light_radius_m",
    "old_building_built_by",
    "fire_facade_m",
    "fire_turning_m",
    "walkway_issue_m",
    "repeat_m",
    "repeat_days",
    "closing_rate_percent",
    "block_green_width_m",
)
"""Numbers of the policy table that the health check uses and a page offers; the command line takes all of them."""
LEAST = Text("最小面积", "least size")
HEADS: Mapping[str, Text] = {
    "title": Text("指标或参数", "Indicator or number"),
    "value": Text("数值", "Value"),
    "high": Text("上限", "Upper end"),
    "unit": Text("单位", "Unit"),
    "set_by": Text("来源", "Set by"),
}


def editable(health: Health, lang: str) -> pd.DataFrame:
    """Give what can be set: the thresholds of indicators that have one, then numbers of the policy table.

    Returns:
        By indicator id or policy key: title, value, high (NaN unless a range), unit and set_by.
    """
    rows = {}
    for key, cited in health.cited.items():
        one = health.check.thresholds[key]
        if one.comparison:
            title = f"{key} {cited.title.in_(lang)}"
            rows[key] = (title, one.value, one.high, unit_words(one.unit).in_(lang), WHOSE[one.whose].in_(lang))
        if not np.isnan(least := health.check.smallest_m2(key)):
            size, whose = f"{key}{SIZE}", "caller" if f"{key}{SIZE}" in health.asked else "standard"
            title = f"{key} {cited.title.in_(lang)} · {LEAST.in_(lang)}"
            rows[size] = (title, least, np.nan, "m²", WHOSE[whose].in_(lang))
    said = standard("policy", health.ws.folder).set_index("key")
    for key in POLICY_KEYS:
        if key in said.index:
            row = said.loc[key]
            whose = WHOSE[health.check.whose[key]].in_(lang)
            rows[key] = (str(row[lang]), health.check.policy[key], np.nan, _unit(str(row["unit"]), lang), whose)
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(HEADS))


def _unit(unit: str, lang: str) -> str:
    """Give the half of "户 households" in one language."""
    zh, _, en = unit.partition(" ")
    return zh if lang == "zh" or not en else en


def edited(before: pd.DataFrame, after: pd.DataFrame, own: Mapping[str, Asked]) -> dict[str, Asked]:
    """Give all thresholds that are set for this run after an edit; an emptied cell goes back to what it was.

    Args:
        before: of ``editable``.
        after: the same rows as a person left them.
        own: what was set before.
    """
    found = dict(own)
    for key, value, high in zip(after.index, after["value"], after["high"], strict=True):
        if pd.isna(value):
            found.pop(str(key), None)
        elif (value, high) != (before.loc[key, "value"], before.loc[key, "high"]) and not (
            value == before.loc[key, "value"] and pd.isna(high) and pd.isna(before.loc[key, "high"])
        ):
            found[str(key)] = Asked(float(value), float("nan") if pd.isna(high) else max(float(value), float(high)))
    return found
