"""Thresholds of a health check: of the standards, of the workspace, or set for one run; and what is cited for them."""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.errors import GuatuError
from geo.text import Text
from layers.standards import indicators, policy
from reports.health.finding import Cited, Threshold

PROFILES: Mapping[str, Text] = {
    "CN-old": Text("中国，老旧小区", "China, old communities"),
    "CN-new": Text("中国，新建小区", "China, new communities"),
    "WHO": Text("国际（世卫组织等）", "International (WHO and others)"),
    "custom": Text("本工作区的指标", "indicators of the workspace"),
}
SIZE = ".size"
"""Behind the id of an indicator: the least size of what answers it, m²."""
GROUPS: Mapping[str, Text] = {
    "LC": Text("生活圈", "Life circles"),
    "F": Text("配套设施", "Facilities"),
    "T": Text("公厕", "Public toilets"),
    "P": Text("公园绿地", "Parks and green"),
    "K": Text("停车", "Parking"),
    "R": Text("道路与消防", "Roads and fire lanes"),
    "L": Text("照明", "Lighting"),
    "B": Text("建筑与人口", "Buildings and residents"),
    "I": Text("问题", "Issues"),
    "M": Text("征迁与文化", "Relocation and culture"),
    "SVC": Text("服务圈", "Service circle"),
    "W": Text("国际指标", "International"),
}
"""Groups by the letters before the dash (or the digits) of an indicator's id."""


UNITS: Mapping[str, Text] = {
    "座/km²": Text("座/km²", "per km²"),
    "比值 ratio": Text("比值", "ratio"),
    "m²/人": Text("m²/人", "m² per person"),
    "泊位/户": Text("泊位/户", "bays per household"),
    "泊位/100 m²": Text("泊位/100 m²", "bays per 100 m²"),
    "泊位": Text("泊位", "bays"),
    "处": Text("处", "places"),
    "年": Text("年", "year"),
    "栋": Text("栋", "buildings"),
    "件": Text("件", "issues"),
    "棵": Text("棵", "trees"),
}
"""Words for units of the table of indicators; others are the same in both languages."""


def unit_words(unit: str) -> Text:
    """Give the words of a unit of the table of indicators."""
    return UNITS.get(unit, Text.same(unit))


class ThresholdError(GuatuError, ValueError):
    """A threshold is set for something that the health check does not have, or cannot be compared, or none is ruled."""


class Asked(NamedTuple):
    """A threshold set for one run: a value, or both ends of a range."""

    value: float
    high: float = float("nan")


def asked(word: str) -> Asked:
    """Read "0.5" or "3..5".

    Raises:
        ThresholdError: neither.
    """
    try:
        parts = [float(part) for part in word.split("..")]
    except ValueError:
        parts = []
    if len(parts) not in {1, 2} or not np.isfinite(parts).all() or parts != sorted(parts):
        raise ThresholdError(
            Text(f"“{word}”应为一个数，或如 3..5 的区间", f"“{word}” should be a number, or a range such as 3..5")
        )
    return Asked(*parts)


def group_of(indicator: str) -> str:
    """Give the group of an indicator by its id."""
    return indicator.split("-", maxsplit=1)[0].rstrip("0123456789")


def profile_of(stated: str, folder: Path | None) -> str:
    """Give the profile of a workspace, or WHO where it states "custom" without indicators of its own."""
    return stated if stated in PROFILES and len(indicators(stated, folder)) else "WHO"


def cited(rows: pd.DataFrame, profile: str) -> dict[str, Cited]:
    """Give what the table says of each indicator."""
    return {str(row["id"]): _cited(row, profile) for row in rows.reset_index().to_dict("records")}


def _cited(row: Mapping[Hashable, object], profile: str) -> Cited:
    words = {str(key): "" if pd.isna(value) else str(value) for key, value in row.items()}  # type: ignore[call-overload]

    def both(name: str) -> Text:
        return Text(words[f"{name}_zh"], words[f"{name}_en"])

    return Cited(
        words["id"],
        group_of(words["id"]),
        profile,
        Text(words["zh"], words["en"]),
        both("definition"),
        both("how"),
        both("level"),
        words["standard"],
        words["clause"],
        words["edition"],
        words["source"],
        words["confidence"],
        bool(row["to_verify"]),
        words["computable"],
        tuple(filter(None, words["layers"].split("|"))),
    )


def thresholds(rows: pd.DataFrame, profile: str, folder: Path | None, own: Mapping[str, Asked]) -> dict[str, Threshold]:
    """Give the threshold of each indicator, with who set it."""
    shipped = indicators(profile)
    found = {}
    for row in rows.reset_index().to_dict("records"):
        name = str(row["id"])
        one = _threshold(row)
        before = _threshold(shipped.loc[name].to_dict()) if name in shipped.index else None
        if folder is not None and (before is None or before[:3] != one[:3]) and not _same(before, one):
            one = one.instead(whose="workspace")
        found[name] = _set(one, own[name]) if name in own else one
    return found


def _threshold(row: Mapping[Hashable, object]) -> Threshold:
    value, high = (float(row[key]) for key in ("threshold_value", "threshold_high"))  # type: ignore[arg-type]
    comparison = "" if pd.isna(row["threshold_comparison"]) else str(row["threshold_comparison"])  # type: ignore[call-overload]
    unit = "" if pd.isna(row["unit"]) else str(row["unit"])  # type: ignore[call-overload]
    words = Text(str(row["threshold_zh"]), str(row["threshold_en"]))
    return Threshold(value, high, comparison, unit, words, "standard" if comparison else "none")


def _same(first: Threshold | None, second: Threshold) -> bool:
    return first is not None and np.array_equal(first[:2], second[:2], equal_nan=True) and first[2] == second[2]


def _set(one: Threshold, own: Asked) -> Threshold:
    """Set a threshold for this run; a single value of a range moves its lower end.

    Raises:
        ThresholdError: the indicator has nothing to compare.
    """
    if not one.comparison:
        raise ThresholdError(
            Text("该指标没有可比较的阈值", "this indicator has no threshold that a value is compared with")
        )
    high = own.high if np.isfinite(own.high) else one.high
    signs = {"le": "≤", "ge": "≥", "eq": "=", "range": ""}
    ends = f"{own.value:g}–{high:g}" if one.comparison == "range" else f"{own.value:g}"
    return one.instead(
        value=own.value,
        high=high,
        words=Text("{s}{ends} {unit}", "{s}{ends} {unit}").format(
            s=signs[one.comparison], ends=ends, unit=unit_words(one.unit)
        ),
        whose="caller",
    )


def sized(rows: pd.DataFrame, own: Mapping[str, Asked]) -> tuple[pd.DataFrame, set[str]]:
    """Set the least sizes of what answers an indicator.

    Returns:
        The table with those of the caller, and the keys that can be set: ids with ``SIZE`` behind them.
    """
    sizes = rows["size_low_m2"].astype(float)
    keys = {f"{name}{SIZE}" for name in sizes.index[sizes.notna()]}
    for key in keys & own.keys():
        sizes = sizes.mask(sizes.index == key.removesuffix(SIZE), own[key].value)
    return rows.assign(size_low_m2=sizes), keys


def policies(folder: Path | None, own: Mapping[str, Asked]) -> tuple[dict[str, float], dict[str, str]]:
    """Give the numbers of policy by key with the caller's own, and who set each."""
    shipped, now = policy(), dict(policy(folder))
    whose = {key: "standard" if now[key] == shipped.get(key) else "workspace" for key in now}
    for key in own.keys() & now.keys():
        now[key], whose[key] = own[key].value, "caller"
    return now, whose
