"""Consent as a page shows it: facts, tables with heads in words, the map, files."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.text import Lang, Text
from layers.catalog import BUILDINGS
from reports.consent.judging import LOST, OPEN, PASSED, REASON_WORDS, STATE_WORDS, UNKNOWN
from reports.consent.standing import WHOLE, Consent
from reports.performance import Fact
from reports.plain_table import csv_bytes, worded
from reports.webmap.overlay import Kind
from reports.webmap.states import with_states

HEADS: Mapping[str, Text] = {
    "name": Text("名称", "name"),
    "state": Text("结论", "verdict"),
    "owners_total": Text("业主（人）", "owners"),
    "owners_voted_percent": Text("参与（人数 %）", "took part, owners %"),
    "owners_yes_percent": Text("同意（人数 %）", "in favour, owners %"),
    "owners_needed": Text("还差（人）", "owners short"),
    "area_total_m2": Text("面积（m²）", "area, m²"),
    "area_voted_percent": Text("参与（面积 %）", "took part, area %"),
    "area_yes_percent": Text("同意（面积 %）", "in favour, area %"),
    "area_needed_m2": Text("还差（m²）", "area short, m²"),
    "owners_to_win_over": Text("须转变（人）", "owners to win over"),
    "area_to_win_over_m2": Text("须转变（m²）", "area to win over, m²"),
    "buildings_known": Text("有记录楼栋", "buildings on record"),
    "buildings": Text("楼栋", "buildings"),
    "reason": Text("说明", "note"),
}
ORDER = {OPEN: 0, LOST: 1, UNKNOWN: 2, PASSED: 3}
KINDS: Mapping[str, Kind] = {
    PASSED: Kind("consent_passed", STATE_WORDS[PASSED], "#0072b2", Text("过", "Y")),
    OPEN: Kind("consent_open", STATE_WORDS[OPEN], "#e69f00", Text("差", "N")),
    LOST: Kind("consent_lost", STATE_WORDS[LOST], "#b2182b", Text("难", "X")),
    UNKNOWN: Kind("consent_unknown", STATE_WORDS[UNKNOWN], "#9aa3a9", Text("？", "?")),
}
_TOLD = ("name", "state_said", "owners_yes_percent", "area_yes_percent", "owners_needed", "area_needed_m2")
BUILDING_SHARE = Text("{share:.0%} 的楼栋", "{share:.0%} of the buildings")
TITLES = {
    PASSED: Text("已通过", "carried"),
    OPEN: Text("仍可争取", "not yet carried"),
    LOST: Text("未投票者已不够", "out of reach"),
    UNKNOWN: Text("未知", "unknown"),
}
ALL_TITLE = Text("合并计算（全部楼栋）", "all buildings together")
OF_OWNERS = Text("同意人数 {yes}，参与 {voted}", "in favour {yes} of owners, took part {voted}")
CONVENTION = Text(
    "“以上”包括本数，“过半数”不包括；占比按分数精确计算，不经四舍五入。还差的人数和面积是未表决者中最少须再同意的数量，两项分别计算；"
    "一户同时带来一人和其面积。有楼栋没有记录时，合并结论只写无论其如何表决都成立的部分，此时占比以全部业主为参与的分母。",
    "“At least” includes the limit, “more than” does not; shares are exact fractions, never rounded. What is short is the least "
    "number, or area, of those who have not voted that has to be in favour, each for itself; one flat brings both. Where "
    "buildings have no votes on record, a joint verdict says only what holds however they vote.",
)


def consent_facts(found: Consent) -> list[Fact]:
    """Count the buildings by verdict, and say the verdict of all together."""
    states = found.buildings["state"].value_counts()
    total = max(len(found.buildings), 1)
    facts = []
    for key in (PASSED, OPEN, LOST, UNKNOWN):
        many = int(states.get(key, 0))
        facts.append(Fact(key, TITLES[key], Text.same(f"{many:,}"), BUILDING_SHARE.format(share=many / total), ()))
    row = found.units.loc[[WHOLE]].iloc[0]
    basis = OF_OWNERS.format(yes=_percent(row["owners_yes_percent"]), voted=_percent(row["owners_voted_percent"]))
    return [*facts, Fact("all", ALL_TITLE, TITLES[str(row["state"])], basis, ())]


def _percent(value: float) -> Text:
    return Text("未知", "unknown") if pd.isna(value) else Text.same(f"{value:.2f}%")


def consent_rows(found: Consent, part: str, level: int | None, lang: Lang) -> pd.DataFrame:
    """Give the rows of a part ("buildings", "estates", "grids"), first those that can still be carried, in words."""
    table = {"buildings": found.buildings, "estates": found.estates}.get(part)
    if table is None:
        table = found.units.iloc[:1] if level is None else found.grids(level)
        table = table[table["buildings"] > 0]
    ordered = table.assign(order=table["state"].map(ORDER)).sort_values(["order", "owners_needed"], kind="stable")
    kept = [name for name in HEADS if name in ordered]
    used = [name for name in kept if "win_over" not in name or (ordered[name] > 0).any()]
    return worded(ordered[used], {"state": STATE_WORDS, "reason": REASON_WORDS}, lang)


def consent_csv(found: Consent, part: str, level: int | None, lang: Lang) -> bytes:
    """Write the rows of a part as CSV, with the rule in the last line."""
    note = Text("{a}；{b}", "{a}; {b}").format(a=found.rule.words, b=found.rule.cited)
    return csv_bytes(consent_rows(found, part, level, lang), HEADS, lang, note=note)


def consent_map(payload: Mapping[str, Any], found: Consent, lang: Lang) -> dict[str, Any]:
    """Give a map with the buildings by verdict."""
    words = found.buildings["state"].map({key: one.in_(lang) for key, one in STATE_WORDS.items()})
    table = found.buildings.assign(state_said=words).round(2)
    said = [(key, HEADS["state"] if key == "state_said" else HEADS[key]) for key in _TOLD]
    return with_states(payload, found.ws, BUILDINGS, table, kinds=KINDS, said=said)
