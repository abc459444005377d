"""A health check as tables for people: the matrix, one finding in full, what fails, and the long table of an export."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from geo.text import Text
from layers.catalog import CATALOG
from reports.health.answers import TO_VERIFY, figure, place_name, value_words, whose_words
from reports.health.examination import Health
from reports.health.finding import VERDICTS, WHOLE, Finding
from reports.health.thresholds import GROUPS, PROFILES
from reports.measures import STATUS_WORDS
from reports.performance import Fact
from reports.ranking_table import capital

SIGNS: Mapping[str, str] = {"meets": "✓", "fails": "✗", "context": "·", "unknown": "?"}
"""Sign of a verdict, so that it is not told by colour alone."""
MARKS: Mapping[str, str] = {"ready": "", "partial": " ◐", "proxy": " ≈", "unavailable": ""}
"""Mark of a status behind the value."""
COLOURS: Mapping[str, str] = {"meets": "#cdebdd", "fails": "#f8d0b8", "context": "#eef1f3", "unknown": "#ffffff"}
INK: Mapping[str, str] = {"meets": "#0b4f3a", "fails": "#7a2e00", "context": "#39424a", "unknown": "#6b747b"}
TITLES = {
    "id": Text("编号", "Id"),
    "title": Text("指标", "Indicator"),
    "asked": Text("要求", "Asked"),
    "grid_id": Text("网格编号", "Grid id"),
    "place": Text("地点", "Place"),
    "value": Text("数值", "Value"),
    "unit": Text("单位", "Unit"),
    "verdict": Text("结论", "Verdict"),
    "status": Text("状态", "Status"),
    "threshold": Text("标准要求", "Threshold"),
    "set_by": Text("阈值来源", "Threshold set by"),
    "compared_with": Text("比较值", "Compared with"),
    "definition": Text("定义", "Definition"),
    "how": Text("算法", "How"),
    "scope": Text("适用范围", "Asked of a"),
    "numerator": Text("分子", "Numerator"),
    "above": Text("分子数值", "Numerator, amount"),
    "denominator": Text("分母", "Denominator"),
    "below": Text("分母数值", "Denominator, amount"),
    "missing": Text("缺少的资料", "Missing"),
    "note": Text("说明", "Note"),
    "failing": Text("不达标对象（个）", "Things that fail"),
    "standard": Text("标准", "Standard"),
    "clause": Text("条款", "Clause"),
    "edition": Text("版本", "Edition"),
    "source": Text("来源", "Source"),
    "confidence": Text("可信度", "Confidence"),
    "layer": Text("图层", "Layer"),
    "name": Text("名称", "Name"),
    "grid": Text("网格", "Grid"),
}
CONFIDENCE: Mapping[str, Text] = {
    "S": Text("已见出版来源", "seen in a published source"),
    "RH": Text("通用知识，把握高", "general knowledge, held with high confidence"),
    "RM": Text("通用知识，把握中", "general knowledge, held with medium confidence"),
    "RL": Text("通用知识，把握低", "general knowledge, held with low confidence"),
    "P": Text("项目建议", "a proposal of this project"),
    "L": Text("本工作区设定", "set by the workspace"),
}


def groups(health: Health) -> dict[str, Text]:
    """Give the groups of the indicators of a check, in order."""
    found = dict.fromkeys(one.group for one in health.cited.values())
    return {key: GROUPS.get(key, Text.same(key)) for key in found}


def chosen_ids(health: Health, group: str | None = None, verdict: str | None = None) -> list[str]:
    """List the indicators of a group, of those only the ones that some place has a verdict of."""
    return [
        key
        for key, one in health.cited.items()
        if group in {None, one.group}
        and (verdict is None or any(found.verdict == verdict for found in health.findings[key]))
    ]


def matrix(health: Health, ids: list[str], lang: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the matrix as words, and the verdicts behind them.

    Returns:
        Two tables by indicator id: ``id``, ``title``, ``asked``, then one column per place (``WHOLE`` first, then the grids by
        id) with words such as "✗ 72.4 ≈"; and the verdicts, with the same columns of places.
    """
    places = [WHOLE, *health.places[:-1]]
    order = [len(places) - 1, *range(len(places) - 1)]
    rows = {key: [health.findings[key][at] for at in order] for key in ids}
    words = pd.DataFrame([[cell(one) for one in row] for row in rows.values()], index=ids, columns=places, dtype="str")
    verdicts = pd.DataFrame([[one.verdict for one in row] for row in rows.values()], index=ids, columns=places)
    head = {
        "id": ids,
        "title": [capital(row[0].cited.title.in_(lang)) for row in rows.values()],
        "asked": [asked(row[0], lang) for row in rows.values()],
    }
    return pd.concat([pd.DataFrame(head, index=ids, dtype="str"), words], axis=1), verdicts


def place_rows(health: Health, ids: list[str], place: str, lang: str) -> tuple[pd.DataFrame, pd.Series]:
    """Give what the indicators say of one place, for narrow screens: ``cell`` and ``title``, what fails first.

    Returns:
        A table by indicator id, and the verdict of each row.
    """
    order = list(SIGNS)
    found = sorted(
        (health.at(key, place) for key in ids), key=lambda one: (one.verdict != "fails", order.index(one.verdict))
    )
    index = [one.id for one in found]
    rows = {"title": [title(one, lang) for one in found], "cell": [cell(one) for one in found]}
    verdicts = pd.Series([one.verdict for one in found], index=index, dtype="str")
    return pd.DataFrame(rows, index=index, dtype="str"), verdicts


def column_titles(health: Health, lang: str) -> dict[str, str]:
    """Give the heads of the matrix by column."""
    heads = {key: TITLES[key].in_(lang) for key in ("id", "title", "asked")}
    return heads | {place: capital(place_name(health, place).in_(lang)) for place in (WHOLE, *health.places[:-1])}


def cell(one: Finding) -> str:
    """Write a finding in a few letters: sign, value, mark of the status."""
    value = "" if one.verdict == "unknown" else f" {figure(one.value)}{'%' if one.unit.en == '%' else ''}"
    return f"{SIGNS[one.verdict]}{value}{MARKS[one.status]}"


def title(one: Finding, lang: str) -> str:
    """Name an indicator with its id."""
    return f"{one.id} {one.cited.title.in_(lang)}"


def asked(one: Finding, lang: str) -> str:
    """Say what is asked, whether that has still to be verified, and whose it is if not the bundled table's."""
    said = [one.threshold.words]
    said += [TO_VERIFY] if one.cited.to_verify else []
    said += [whose_words(one.threshold)] if one.threshold.whose in {"workspace", "caller"} else []
    return " · ".join(words.in_(lang) for words in said)


def colours(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Give the style of each cell of the matrix by its verdict."""
    return verdicts.map(lambda key: f"background-color: {COLOURS[key]}; color: {INK[key]}")


def facts(one: Finding, lang: str) -> dict[str, str]:
    """Give one finding in full, as titles with words; what there is nothing of is left out."""
    cited = one.cited
    standard = " · ".join(filter(None, (cited.standard, cited.clause, cited.edition)))
    sure = CONFIDENCE.get(cited.confidence, Text.same(cited.confidence)).in_(lang)
    found: dict[str, str | None] = {
        "value": value_words(one).in_(lang),
        "status": STATUS_WORDS[one.status].in_(lang),
        "threshold": f"{one.threshold.words.in_(lang)} · {whose_words(one.threshold).in_(lang)}",
        "compared_with": None
        if one.limit == one.threshold
        else f"{one.limit.words.in_(lang)} · {whose_words(one.limit).in_(lang)}",
        "definition": cited.definition.in_(lang),
        "numerator": _amount(one.numerator, one.above, lang),
        "denominator": _amount(one.denominator, one.below, lang),
        "missing": None if one.missing is None else one.missing.in_(lang),
        "note": None if one.note is None else one.note.in_(lang),
        "how": cited.how.in_(lang),
        "scope": cited.level.in_(lang),
        "standard": standard,
        "source": cited.source,
        "confidence": f"{sure} · {TO_VERIFY.in_(lang)}" if cited.to_verify else sure,
    }
    beside = {capital(words.in_(lang)): figure(value) for words, value in one.beside.values() if not np.isnan(value)}
    named = {TITLES[key].in_(lang): words for key, words in found.items() if words}
    return {**named, **beside}


def _amount(words: Text | None, amount: float, lang: str) -> str | None:
    if words is None:
        return None
    return words.in_(lang) if np.isnan(amount) else f"{words.in_(lang)}{'：' if lang == 'zh' else ': '}{figure(amount)}"


def verdict_words(one: Finding) -> Text:
    """Give the verdict with its sign."""
    return Text("{s} {v}", "{s} {v}").format(s=SIGNS[one.verdict], v=VERDICTS[one.verdict])


def failing_table(health: Health, one: Finding, lang: str) -> pd.DataFrame:
    """List the things that fail at a place: layer, id, name and grid."""
    parts = [_of_layer(health, layer, ids, lang) for layer, ids in one.failing.items()]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["layer", "id", "name", "grid"])


def _of_layer(health: Health, layer: str, ids: Any, lang: str) -> pd.DataFrame:  # noqa: ANN401 (an array of ids)
    table = health.ws[layer].loc[ids]
    names = table["name"].astype("string") if "name" in table else pd.Series("", index=table.index)
    rows = table.index.get_indexer(pd.Index(ids))
    codes = health.check.codes(layer)[health.ws[layer].index.get_indexer(pd.Index(ids))]
    grids = health.ws.grids(health.level)["name"].to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "layer": CATALOG[layer].title.in_(lang),
            "id": np.asarray(ids, dtype=str),
            "name": names.fillna("").to_numpy()[rows],
            "grid": [grids[code] if code >= 0 else "" for code in codes],
        }
    )


def long_table(health: Health, lang: str) -> pd.DataFrame:
    """Give every finding as a row, with words in one language, for an export."""
    rows = [_row(health, one, lang) for each in health.findings.values() for one in each]
    table = pd.DataFrame(rows)
    return table.rename(columns={key: TITLES[key].in_(lang) for key in table.columns})


def _row(health: Health, one: Finding, lang: str) -> dict[str, object]:
    cited = one.cited

    def words(text: Text | None) -> str:
        return "" if text is None else text.in_(lang)

    return {
        "id": cited.id,
        "title": words(cited.title),
        "grid_id": "" if one.place == WHOLE else one.place,
        "place": words(place_name(health, one.place)),
        "value": one.value,
        "unit": words(one.unit),
        "verdict": words(VERDICTS[one.verdict]),
        "status": words(STATUS_WORDS[one.status]),
        "threshold": words(one.threshold.words),
        "set_by": words(whose_words(one.threshold)),
        "compared_with": words(one.limit.words),
        "numerator": words(one.numerator),
        "above": one.above,
        "denominator": words(one.denominator),
        "below": one.below,
        "missing": words(one.missing),
        "note": words(one.note),
        "failing": sum(len(ids) for ids in one.failing.values()),
        "standard": cited.standard,
        "clause": cited.clause,
        "edition": cited.edition,
        "source": cited.source,
        "confidence": f"{cited.confidence} {words(TO_VERIFY)}" if cited.to_verify else cited.confidence,
    }


def counted(health: Health) -> tuple[Fact, ...]:
    """Count the indicators of the whole by verdict, as headline numbers."""
    found = [each[-1] for each in health.findings.values()]
    grids = [one for each in health.findings.values() for one in each[:-1]]

    def fact(key: str) -> Fact:
        cells = sum(one.verdict == key for one in grids)
        note = Text(f"网格中 {cells:,} 格", f"{cells:,} cells of grids")
        title = Text(f"{SIGNS[key]} {VERDICTS[key].zh}", f"{SIGNS[key]} {capital(VERDICTS[key].en)}")
        return Fact(key, title, Text.same(f"{sum(one.verdict == key for one in found):,}"), note, ())

    return tuple(fact(key) for key in VERDICTS)


def profile_words(profile: str, lang: str) -> str:
    """Name a profile."""
    return PROFILES[profile].in_(lang)
