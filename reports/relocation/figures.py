"""Before and after: land by its uses, and counted figures that were taken twice, each with its precision."""

import re
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.measure import mu
from geo.text import Lang, Text
from layers import Workspace
from layers.catalog import SERVICE_STATS, SITES
from layers.schema import ServiceStats, Sites
from layers.schema.places import PROJECT_STATUS

BEFORE, AFTER = "before", "after"
_ZH = re.compile(r"^(?P<name>.+?)（(?:[^（）]{0,6}?)(?P<time>前|后)）$")
_EN = re.compile(r"^(?P<name>.+?) (?P<time>before|after)$")
_TIMES = {"前": BEFORE, "后": AFTER}
_DIFFERENCE = {
    ("eq", "eq"): "eq",
    **dict.fromkeys([("eq", "gt"), ("lt", "eq"), ("lt", "gt"), ("approx", "gt"), ("lt", "approx")], "gt"),
    **dict.fromkeys([("eq", "lt"), ("gt", "eq"), ("gt", "lt"), ("approx", "lt"), ("gt", "approx")], "lt"),
}
"""Precision of after less before; what is neither exact nor bounded on one side is about, bounds that clash are unknown."""
_CLASH = frozenset({("gt", "gt"), ("lt", "lt")})
SAID = {
    "eq": Text("{n}", "{n}"),
    "approx": Text("约 {n}", "about {n}"),
    "gt": Text("{n} 以上", "more than {n}"),
    "lt": Text("不到 {n}", "less than {n}"),
}


def land(ws: Workspace, lang: Lang) -> pd.DataFrame:
    """List the sites with a use before and after, by id.

    Columns: ``name``, ``use_before``, ``use_after``, ``status`` in words, ``is_done``, ``area_m2`` (stated, else
    drawn), ``area_is`` ("stated" or "drawn"), ``area_mu``.
    """
    columns = ["name", "use_before", "use_after", "status", "is_done", "area_m2", "area_is", "area_mu"]
    if SITES not in ws:
        return pd.DataFrame(columns=columns, index=pd.Index([], name=Sites.site_id))
    table = ws[SITES]
    told = table[Sites.use_before].notna() & table[Sites.use_after].notna()
    table = table[told]
    stated = table[Sites.stated_area_m2].to_numpy(dtype=float, na_value=np.nan)
    drawn = shapely.area(table.geometry.to_numpy())
    area = np.where(np.isnan(stated), np.where(drawn > 0, drawn, np.nan), stated)
    words = {key: one.in_(lang) for key, one in PROJECT_STATUS.items()}
    return pd.DataFrame(
        {
            "name": table[Sites.name],
            "use_before": table[Sites.use_before],
            "use_after": table[Sites.use_after],
            "status": table[Sites.status].map(words),
            "is_done": (table[Sites.status] == "done").fillna(value=False).astype(bool),
            "area_m2": area,
            "area_is": np.where(np.isnan(stated), "drawn", "stated"),
            "area_mu": mu(area),
        },
        index=table.index,
    )


def figures(ws: Workspace, lang: Lang) -> pd.DataFrame:
    """Pair the statistics whose names end in before and after, such as 单间月租金（改造前） and （改造后）.

    Columns: ``name``, ``unit``, ``before`` and ``after`` (numbers), ``before_is`` and ``after_is`` (precision),
    ``before_said``, ``after_said`` and ``change_said`` in words, ``change``, ``change_is`` ("" where bounds leave it
    open), ``source``. A figure that was taken once has NaN for the other.
    """
    columns = ["name", "unit", "before", "after", "before_is", "after_is", "change", "change_is", "source"]
    if SERVICE_STATS not in ws:
        return pd.DataFrame(columns=[*columns, "before_said", "after_said", "change_said"])
    table: pd.DataFrame = ws.tables[SERVICE_STATS.key]
    pairs: dict[str, dict[str, object]] = {}
    for _, row in table.iterrows():
        found = _parted(row)
        if found is None:
            continue
        name, time = found
        one = pairs.setdefault(
            name.zh, {"name": name.in_(lang), "unit": row[ServiceStats.unit], "source": row[ServiceStats.source]}
        )
        one[time] = float(row[ServiceStats.value]) if pd.notna(row[ServiceStats.value]) else np.nan
        one[f"{time}_is"] = row[ServiceStats.qualifier] if pd.notna(row[ServiceStats.qualifier]) else "eq"
    rows = [
        _changed({BEFORE: np.nan, AFTER: np.nan, "before_is": "eq", "after_is": "eq", **one}, lang)
        for one in pairs.values()
    ]
    return pd.DataFrame(rows, columns=[*columns, "before_said", "after_said", "change_said"])


def _parted(row: "pd.Series[Any]") -> tuple[Text, str] | None:
    """Part the name of a statistic from the time that it ends in."""
    zh = _ZH.match(str(row[ServiceStats.name]))
    en = _EN.match(str(row[ServiceStats.name_en]) if pd.notna(row[ServiceStats.name_en]) else "")
    if zh is None and en is None:
        return None
    name_zh = zh["name"] if zh else str(row[ServiceStats.name])
    name_en = en["name"] if en else name_zh
    return Text(name_zh, name_en), _TIMES[zh["time"]] if zh else str(en["time"] if en else BEFORE)


def _changed(one: dict[str, object], lang: Lang) -> dict[str, object]:
    before, after = float(str(one[BEFORE])), float(str(one[AFTER]))
    kinds = (str(one["before_is"]), str(one["after_is"]))
    known = "" if kinds in _CLASH else _DIFFERENCE.get(kinds, "approx")
    change = after - before if known else np.nan
    return one | {
        "change": change,
        "change_is": known,
        "before_said": said(before, kinds[0], lang),
        "after_said": said(after, kinds[1], lang),
        "change_said": _change_said(change, known, lang),
    }


def said(value: float, kind: str, lang: Lang) -> str:
    """Say a number with its precision; nothing for the unknown."""
    return "" if np.isnan(value) else SAID[kind].format(n=f"{value:,.10g}").in_(lang)


def _change_said(change: float, kind: str, lang: Lang) -> str:
    """Say a change with its sign; a bound on a fall is turned to be one on its size."""
    if np.isnan(change):
        return ""
    way = {"gt": "lt", "lt": "gt"}.get(kind, kind) if change < 0 else kind
    mark = "−" if change < 0 else "+"
    return f"{mark} {said(abs(change), way, lang)}"
