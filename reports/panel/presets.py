"""Published weights, carried over to the measures that stand for their parts, and what could not be carried over."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from geo.errors import CriteriaError, Problem
from geo.findings import value_found
from geo.text import Text, listed
from layers.standards import policy, standard
from reports.criteria import MEASURES

UNMAPPED = Text(
    "这套权重的 {share} 在这里有对应指标；没有对应的：{what}。",
    "{share} of these weights has a measure here; without one: {what}.",
)
LITTLE = Text("对应部分过少，名次只作参考。", "That is little: take the order as a hint.")
FITS = {
    "direct": Text("直接对应", "direct"),
    "proxy": Text("替代指标", "stand-in"),
    "none": Text("无对应", "none"),
}


class Preset(NamedTuple):
    """A published set of weights.

    ``weights`` by measure add up to ``mapped_share``, the part of the published weight that has a measure here, 0 to
    1. ``rows`` are the published parts (``zh``, ``en``, ``weight``, ``measures``, ``fit``, notes).
    """

    key: str
    title: Text
    source: str
    weights: Mapping[str, float]
    mapped_share: float
    rows: pd.DataFrame
    note: Text | None


def presets(folder: Path | None = None) -> dict[str, Preset]:
    """Give the published sets by key; several measures that stand for one part share its weight equally.

    Raises:
        CriteriaError: a row names a measure that does not exist.
    """
    table = standard("weight_presets", folder)
    return {str(key): _preset(str(key), rows, folder) for key, rows in table.groupby("preset", sort=False)}


def preset(key: str, folder: Path | None = None) -> Preset:
    """Give one published set.

    Raises:
        CriteriaError: no such set; names those that there are.
    """
    known = presets(folder)
    if key not in known:
        expected = Text(f"取自 {'、'.join(known)}", f"out of {', '.join(known)}")
        raise CriteriaError([_fault(None, value_found(key), expected)])
    return known[key]


def _preset(key: str, rows: pd.DataFrame, folder: Path | None) -> Preset:
    weights: dict[str, float] = {}
    total = float(rows["weight"].sum())
    for row in rows.fillna({"measures": ""}).itertuples():
        measures = str(row.measures).split("|") if row.measures else []
        unknown = [one for one in measures if one not in MEASURES]
        if unknown or not total > 0:
            raise CriteriaError([_fault(str(row.part), value_found(one), _known()) for one in unknown or ["0"]])
        for one in measures:
            weights[one] = weights.get(one, 0.0) + float(row.weight) / total / len(measures)  # type: ignore[arg-type]
    share = min(sum(weights.values()), 1.0)
    title = Text(str(rows["preset_zh"].iloc[0]), str(rows["preset_en"].iloc[0]))
    source = str(rows["source"].iloc[0])
    return Preset(key, title, source, weights, share, rows.reset_index(drop=True), _note(rows, share, folder))


def _note(rows: pd.DataFrame, share: float, folder: Path | None) -> Text | None:
    without = rows[rows["measures"].isna()]
    if without.empty:
        return None
    what = listed([Text(str(zh), str(en)) for zh, en in zip(without["zh"], without["en"], strict=True)])
    said = UNMAPPED.format(share=f"{share:.0%}", what=what)
    little = share < policy(folder)["preset_mapped_share"]
    return Text(said.zh + LITTLE.zh, f"{said.en} {LITTLE.en}") if little else said


def _known() -> Text:
    return Text(f"取自 {'、'.join(MEASURES)}", f"out of {', '.join(MEASURES)}")


def _fault(column: str | None, found: Text, expected: Text) -> Problem:
    remedy = Text(
        "改正名称，或在 standards/weight_presets.csv 中增加", "correct it or add it to standards/weight_presets.csv"
    )
    return Problem("weight_preset", "error", "weight_presets.csv", None, column, found, expected, remedy)
