"""Relocation as a page shows it: facts, funnel, countdown, tables with heads in words, the map, files."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.text import Lang, Text
from layers.catalog import BUILDINGS
from reports.performance import Fact
from reports.plain_table import csv_bytes, worded
from reports.relocation.blockers import holding, reasons
from reports.relocation.figures import figures, land
from reports.relocation.funnel import COUNTS, NO_ZONE, Relocation
from reports.relocation.pace import WAY_WORDS, Pace
from reports.relocation.words import STAGE_WORDS, STATE_WORDS, UNKNOWN, deadline_words, number, pace_words, percent
from reports.webmap.overlay import Kind
from reports.webmap.states import with_states

KINDS: Mapping[str, Kind] = {
    "demolished": Kind("moved_demolished", STATE_WORDS["demolished"], "#50595f", Text("拆", "D")),
    "empty": Kind("moved_empty", STATE_WORDS["empty"], "#0072b2", Text("空", "E")),
    "held": Kind("moved_held", STATE_WORDS["held"], "#b2182b", Text("卡", "H")),
    "moving": Kind("moved_moving", STATE_WORDS["moving"], "#e69f00", Text("搬", "M")),
    "signing": Kind("moved_signing", STATE_WORDS["signing"], "#56b4e9", Text("签", "S")),
    "untouched": Kind("moved_untouched", STATE_WORDS["untouched"], "#cc79a7", Text("未", "N")),
}
HEADS: Mapping[str, Text] = {
    "name": Text("名称", "name"),
    "zone_name": Text("片区", "zone"),
    "state": Text("状态", "state"),
    "deadline_said": Text("期限", "deadline"),
    "pace_said": Text("速度", "pace"),
    "households": Text("登记户", "on the register"),
    "signed": Text("签约", "signed"),
    "signed_percent": Text("签约率（%）", "signed, %"),
    "moved": Text("搬迁", "moved"),
    "moved_percent": Text("搬迁率（占签约 %）", "moved, % of signed"),
    "remaining": Text("签约未搬", "signed, not moved"),
    "unsigned": Text("未签约", "not signed"),
    "left": Text("未搬", "not moved"),
    "demolished": Text("已拆户", "pulled down"),
    "rehoused": Text("安置", "rehoused"),
    "reason": Text("原因", "reason"),
    "share_percent": Text("占未搬（%）", "of those not moved, %"),
    "who": Text("由谁解决", "who can solve it"),
    "household_ids": Text("住户编号", "household ids"),
    "reasons": Text("原因", "reasons"),
    "waiting_days": Text("邻居搬走后（天）", "days since the last neighbour left"),
    "use_before": Text("原用途", "use before"),
    "use_after": Text("现用途", "use after"),
    "status": Text("进度", "status"),
    "area_m2": Text("面积（m²）", "area, m²"),
    "area_mu": Text("面积（亩）", "area, mu"),
    "unit": Text("单位", "unit"),
    "before_said": Text("之前", "before"),
    "after_said": Text("之后", "after"),
    "change_said": Text("变化", "change"),
    "source": Text("来源", "source"),
    "way": Text("方法", "method"),
    "error": Text("平均误差（户）", "mean error, households"),
    "last": Text("最后一周偏差（户）", "off at the end, households"),
    "inside_share": Text("落入原区间的比例", "share inside the plain interval"),
    "used": Text("采用", "used"),
    "stage": Text("步骤", "stage"),
    "count": Text("户数", "households"),
    "share": Text("比例", "share"),
}
PARTS = ("zones", "grids", "buildings", "reasons", "held", "land", "figures", "errors")
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "zones": (
        "name", "deadline_said", "pace_said", "households", "signed", "signed_percent", "moved", "moved_percent", "remaining",
        "unsigned", "demolished", "rehoused",
    ),
    "grids": (
        "name", "households", "signed", "signed_percent", "moved", "moved_percent", "remaining", "unsigned", "demolished", "rehoused",
    ),
    "buildings": ("name", "zone_name", "state", "households", "signed", "moved", "remaining", "unsigned", "left", "rehoused"),
    "reasons": ("reason", "unsigned", "remaining", "left", "share_percent", "who"),
    "held": ("name", "zone_name", "households", "left", "unsigned", "household_ids", "reasons", "waiting_days"),
    "land": ("name", "use_before", "use_after", "area_m2", "area_mu", "status"),
    "figures": ("name", "unit", "before_said", "after_said", "change_said", "source"),
    "errors": ("way", "error", "last", "inside_share", "used"),
}  # fmt: skip
OF_ALL = Text("登记 {n} 户的 {share}", "{share} of {n} on the register")
OF_SIGNED = Text("签约户的 {share}", "{share} of those signed")
OF_MOVED = Text("搬迁户的 {share}", "{share} of those moved")
NOT_KNOWN = Text("没有这一步的日期", "no days of this stage on record")
REMAINING, UNSIGNED = Text("签约未搬迁", "signed and not moved"), Text("未签约", "not signed")
HOUSEHOLDS = Text("户", "households")


def chosen_row(found: Relocation, zone: str | None) -> "pd.Series[Any]":
    """Give the row of a zone, or of the whole."""
    return found.whole if zone is None else found.zones.loc[[zone]].iloc[0]


def relocation_facts(found: Relocation, zone: str | None) -> list[Fact]:
    """Give the figures at the head of the page."""
    row = chosen_row(found, zone)
    total = number(float(row["households"]))
    bases = {
        "signed": OF_ALL.format(n=total, share=percent(float(row["signed_percent"]))),
        "moved": OF_SIGNED.format(share=percent(float(row["moved_percent"]))),
        "demolished": OF_MOVED.format(share=percent(float(row["demolished_percent"]))),
        "rehoused": OF_MOVED.format(share=percent(float(row["rehoused_percent"]))),
    }
    facts = []
    for key, basis in bases.items():
        known = not pd.isna(row[key])
        facts.append(Fact(key, STAGE_WORDS[key], number(float(row[key])), basis if known else NOT_KNOWN, ()))
    left = Fact("remaining", REMAINING, number(float(row["remaining"])), HOUSEHOLDS, ())
    none = Fact("unsigned", UNSIGNED, number(float(row["unsigned"])), HOUSEHOLDS, ())
    return [facts[0], facts[1], left, none, *facts[2:]]


def funnel_rows(found: Relocation, zone: str | None, lang: Lang) -> pd.DataFrame:
    """Give the funnel: ``stage`` in words, ``count``, ``share`` of the first known stage, ``room`` for what is written behind.

    Unknown stages are left out.
    """
    row = chosen_row(found, zone)
    known = [key for key in COUNTS if not pd.isna(row[key])]
    first = max(float(row[known[0]]), 1.0) if known else 1.0
    counts = [float(row[key]) for key in known]
    words = [STAGE_WORDS[key].in_(lang) for key in known]
    said = [
        f"{one:,.0f}（{one / first:.1%}）" if lang == Lang.ZH else f"{one:,.0f} ({one / first:.1%})" for one in counts
    ]
    return pd.DataFrame(
        {"stage": words, "count": counts, "share": [one / first for one in counts], "said": said}
    ).assign(room=1.9 * max(counts, default=1.0))


def zone_names(found: Relocation) -> dict[str, Text]:
    """Name the zones by id."""
    return {str(key): Text.same(row["name"]) if key else NO_ZONE for key, row in found.zones.iterrows()}


def relocation_rows(
    found: Relocation, part: str, level: int | None, lang: Lang, *, zone: str | None = None
) -> pd.DataFrame:
    """Give the rows of one of ``PARTS`` but "errors", in words, of one zone where parts know zones."""
    made = {
        "zones": lambda: _zones(found, lang),
        "grids": lambda: found.units.iloc[:1] if level is None else found.grids(level).dropna(subset=["households"]),
        "buildings": lambda: _buildings(found, zone, lang),
        "reasons": lambda: reasons(found, lang, zone=zone),
        "held": lambda: holding(found, lang, zone=zone),
        "land": lambda: land(found.ws, lang),
        "figures": lambda: figures(found.ws, lang),
    }[part]()
    return made[[name for name in _COLUMNS[part] if name in made]]


def _zones(found: Relocation, lang: Lang) -> pd.DataFrame:
    rows = [row for _, row in found.zones.iterrows()]
    names = [one.in_(lang) for one in zone_names(found).values()]
    return found.zones.assign(
        name=names,
        deadline_said=[deadline_words(row).in_(lang) for row in rows],
        pace_said=[pace_words(row).in_(lang) for row in rows],
    )


def _buildings(found: Relocation, zone: str | None, lang: Lang) -> pd.DataFrame:
    table = found.buildings if zone is None else found.buildings[found.buildings["zone"] == zone]
    names = {key: one.in_(lang) for key, one in zone_names(found).items()}
    named = table.assign(zone_name=table["zone"].map(names))
    ordered = named.sort_values(["left", "households"], ascending=[False, False], kind="stable")
    return worded(ordered, {"state": STATE_WORDS}, lang)


def curve_rows(told: Pace) -> pd.DataFrame:
    """Give the weeks to draw: what is told begins where what was seen ends."""
    weeks = told.weeks.copy()
    seen = weeks["sum"].notna()
    if seen.any() and not seen.all():
        last = int(seen.to_numpy().nonzero()[0][-1])
        here = weeks.index == last
        for name in ("expected", "low", "high"):
            weeks[name] = weeks[name].mask(here, weeks["sum"])
    return weeks


def error_rows(told: Pace, lang: Lang) -> pd.DataFrame:
    """Give how far off each way was on the weeks held back."""
    rows = [
        {
            "way": WAY_WORDS[one.way].in_(lang),
            "error": round(one.error),
            "last": round(one.last),
            "inside_share": one.inside_share,
            "used": one.way == told.way,
        }
        for one in told.errors
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS["errors"]))


def relocation_csv(found: Relocation, part: str, level: int | None, lang: Lang, *, zone: str | None = None) -> bytes:
    """Write the rows of a part as CSV, with the day in the last line."""
    table = relocation_rows(found, part, level, lang, zone=zone)
    note = Text("截至 {day}", "as of {day}").format(day=f"{found.as_of:%Y-%m-%d}")
    return csv_bytes(table, HEADS, lang, note=note)


def relocation_map(
    payload: Mapping[str, Any], found: Relocation, lang: Lang, *, zone: str | None = None
) -> dict[str, Any]:
    """Give a map with the buildings by how far they are, of one zone if asked for."""
    table = _buildings(found, zone, lang)
    states = found.buildings["state"].reindex(table.index)
    table = table.assign(state_said=table["state"], state=states)
    keys = ("name", "zone_name", "state_said", "households", "signed", "moved", "left")
    said = [(key, HEADS["state"] if key == "state_said" else HEADS[key]) for key in keys]
    return with_states(payload, found.ws, BUILDINGS, table, kinds=KINDS, said=said, close=zone is not None)


__all__ = ["HEADS", "PARTS", "UNKNOWN", "relocation_facts", "relocation_rows"]
