"""What the command line says about consent."""

from typing import Any

from geo.text import Lang, Text
from reports.consent.judging import LOST, OPEN, PASSED, STATE_WORDS, UNKNOWN
from reports.consent.standing import WHOLE, Consent
from reports.plain_table import json_rows, json_value

HEAD = Text(
    "{whole}：{passed} 栋已通过，{open} 栋仍可争取，{lost} 栋仅靠未投票者已不够，{unknown} 栋未知",
    "{whole}: {passed} buildings carried, {open} not yet, {lost} out of reach of those who have not voted, {unknown} unknown",
)
LINE = Text("{name}  {state}{more}", "{name}  {state}{more}")
MORE = Text("，还需同意 {owners:.0f} 人、{area:,.2f} m²", ", {owners:.0f} more owners and {area:,.2f} m² in favour")
NO_VOTES = Text("没有表决记录", "no votes are on record")


def consent_answer(found: Consent, level: int | None) -> dict[str, Any]:
    """Give the JSON document: rule, whole, and rows by building, estate and grid of a level."""
    rule = found.rule
    return {
        "rule": {
            "key": rule.key,
            "title": json_value(rule.title),
            "asks": json_value(rule.words),
            "source": rule.source,
            "confidence": rule.confidence,
            "to_verify": rule.to_verify,
        },
        "whole": json_rows(found.units.loc[[WHOLE]], "unit_id")[0],
        "grids": [] if level is None else json_rows(found.grids(level), "grid_id"),
        "estates": json_rows(found.estates, "estate_id"),
        "buildings": json_rows(found.buildings, "building_id"),
        "meta": json_value(found.meta),
    }


def consent_lines(found: Consent, level: int | None, lang: Lang) -> list[str]:
    """Give the answer in lines: the whole, the estates or else the grids, the rule."""
    rule = Text("{title}；{words}；{cited}", "{title}; {words}; {cited}").format(
        title=found.rule.title, words=found.rule.words, cited=found.rule.cited
    )
    if not found.has_votes:
        return [NO_VOTES.in_(lang), rule.in_(lang)]
    states = found.buildings["state"].value_counts()
    numbers = {one: int(states.get(one, 0)) for one in (PASSED, OPEN, LOST, UNKNOWN)}
    parts = found.estates if len(found.estates) or level is None else found.grids(level)
    lines = [HEAD.format(whole=found.ws.title, **numbers).in_(lang)]
    for _, row in parts.iterrows():
        needs = row["state"] == OPEN and row["owners_needed"] == row["owners_needed"]
        area = row["area_needed_m2"] if row["area_needed_m2"] == row["area_needed_m2"] else 0.0
        more = MORE.format(owners=row["owners_needed"], area=area) if needs else Text("", "")
        lines.append(LINE.format(name=str(row["name"]), state=STATE_WORDS[str(row["state"])], more=more).in_(lang))
    return [*lines, rule.in_(lang)]
