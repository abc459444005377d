"""The complete community (完整居住社区): its twenty items for each community and the whole, with what cannot be known."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.text import Text
from layers.schema import Grids
from layers.standards import standard
from reports.health import community_life, community_services, community_works
from reports.health.answers import WHOLE_WORDS
from reports.health.check import Check
from reports.health.community_services import Asked, Item
from reports.health.examination import verdicts_of
from reports.health.finding import VERDICTS, WHOLE, Outcome, Threshold, some_words
from reports.health.thresholds import PROFILES, ThresholdError
from reports.measures import STATUS_WORDS
from reports.performance import Fact

ITEMS: Mapping[int, Item] = {**community_services.ITEMS, **community_works.ITEMS, **community_life.ITEMS}
CHINA = "CN-"
TITLE = Text("完整居住社区", "Complete community")
NO_RULE = Text(
    "完整居住社区是中国的标准（建科规〔2020〕7号），“{profile}”没有相应规定；请以 CN-old 或 CN-new 体检",
    "the complete community is a standard of China (Jian Ke Gui 2020 No. 7), of which “{profile}” has no rule: "
    "check the health with CN-old or CN-new",
)
TO_VERIFY = Text("待核", "to be verified")
TITLES = {
    "number": Text("序号", "No."),
    "goal": Text("目标", "Goal"),
    "item": Text("内容", "Item"),
    "verdict": Text("结论", "Verdict"),
    "value": Text("数值", "Value"),
    "unit": Text("单位", "Unit"),
    "threshold": Text("要求", "Asked"),
    "status": Text("状态", "Status"),
    "denominator": Text("分母", "Denominator"),
    "missing": Text("缺少的资料", "Missing"),
    "note": Text("说明", "Note"),
    "beside": Text("另见", "Beside"),
    "source": Text("来源", "Source"),
}
"""Heads of the table of a place, in order."""


@dataclass(frozen=True)
class Standing:
    """One item at one place.

    ``verdict`` and ``status`` as in a finding of the health check; ``beside`` has further numbers, ``failing`` ids by layer.
    """

    number: int
    goal: Text
    title: Text
    place: str
    value: float
    unit: Text
    threshold: Text
    verdict: str
    status: str
    denominator: Text
    missing: Text | None
    note: Text | None
    beside: Mapping[str, tuple[Text, float]] = field(repr=False)
    failing: Mapping[str, NDArray[np.object_]] = field(repr=False)
    source: str
    confidence: str
    to_verify: bool


@dataclass(frozen=True)
class CompleteCommunity:
    """The twenty items at every place: ``places`` are the communities (grids of the level) and then the whole."""

    check: Check = field(repr=False)
    places: tuple[str, ...]
    items: Mapping[str, tuple[Standing, ...]] = field(repr=False)
    meta: Mapping[str, object]


def complete_community(check: Check, *, level: int | None = None) -> CompleteCommunity:
    """Answer the twenty items.

    Args:
        check: of a health check (``Health.check``) of a profile of China; its thresholds, policy and profile hold here
            too.
        level: grids that stand for communities; None is the largest.

    Raises:
        DataError: no such level.
        ThresholdError: a check of another profile, see ``has_rule``.
    """
    if not has_rule(check.profile):
        raise ThresholdError(NO_RULE.format(profile=PROFILES.get(check.profile, Text.same(check.profile))))
    ws = check.ws
    wanted = ws.levels[0] if level is None else level
    grids = ws.grids(wanted)
    own = check if check.level == wanted else replace(check, level=wanted)
    places = (*map(str, grids.index), WHOLE)
    rows = standard("complete_community", ws.folder)
    each = [_standings(own, row, places) for row in rows.to_dict("records")]
    items = {place: tuple(one[at] for one in each) for at, place in enumerate(places)}
    meta = {"method": "complete community", "standard": "建科规〔2020〕7号", "rule": _age(own), "level": wanted}
    return CompleteCommunity(own, places, items, meta)


def has_rule(profile: str) -> bool:
    """Tell whether the standard is one of a profile: it is China's."""
    return profile.startswith(CHINA)


def _age(check: Check) -> str:
    return "new" if check.profile == "CN-new" else "old"


def _standings(check: Check, row: Mapping[Hashable, object], places: tuple[str, ...]) -> list[Standing]:
    age, number = _age(check), int(str(row["number"]))
    least, floor, land = (float(row[f"{name}_{age}"]) for name in ("least", "floor_m2", "land_m2"))  # type: ignore[arg-type]
    words = {str(key): "" if pd.isna(one) else str(one) for key, one in row.items()}  # type: ignore[call-overload]
    outcome = ITEMS[number](check, Asked(number, least, floor, land, words["floor_rule"]))
    threshold = Text(words[f"threshold_{age}_zh"], words[f"threshold_{age}_en"])
    limit = Threshold(least, np.nan, "", words["unit"], threshold, "standard")
    statuses = outcome.statuses()
    verdicts = verdicts_of(outcome, limit, statuses)
    return [
        Standing(
            number,
            Text(words["goal_zh"], words["goal_en"]),
            Text(words["zh"], words["en"]),
            place,
            float(outcome.value[at]),
            outcome.unit,
            threshold,
            verdicts[at],
            statuses[at],
            some_words(outcome.denominator, at) or Text("", ""),
            some_words(outcome.missing, at),
            some_words(outcome.note, at),
            {key: (text, float(values[at])) for key, (text, values) in outcome.beside.items()},
            _failing(outcome, at, check.size),
            words["source"],
            words["confidence"],
            bool(row["to_verify"]),
        )
        for at, place in enumerate(places)
    ]


def _failing(outcome: Outcome, place: int, size: int) -> dict[str, NDArray[np.object_]]:
    """Ids of things that fail at a place; the whole has all that lie in a grid."""
    found = {}
    for one in outcome.failing:
        ids = one.ids[one.codes >= 0] if place == size - 1 else one.ids[one.codes == place]
        if len(ids):
            found[one.layer] = ids
    return found


def community_table(found: CompleteCommunity, place: str = WHOLE, lang: str = "zh") -> pd.DataFrame:
    """Give the items of a place as words, one row an item, columns as in ``TITLES``.

    Raises:
        KeyError: no such place.
    """
    return pd.DataFrame([_row(one, lang) for one in found.items[place]], columns=list(TITLES))


def _row(one: Standing, lang: str) -> dict[str, object]:
    verify = f"（{TO_VERIFY.zh}）" if lang == "zh" else f" ({TO_VERIFY.en})"
    beside = [f"{text.in_(lang)} {_figure(value)}" for text, value in one.beside.values() if np.isfinite(value)]
    return {
        "number": one.number,
        "goal": one.goal.in_(lang),
        "item": one.title.in_(lang),
        "verdict": VERDICTS[one.verdict].in_(lang),
        "value": _figure(one.value),
        "unit": one.unit.in_(lang) if np.isfinite(one.value) else "",
        "threshold": one.threshold.in_(lang) + (verify if one.to_verify else ""),
        "status": STATUS_WORDS[one.status].in_(lang),
        "denominator": one.denominator.in_(lang),
        "missing": "" if one.missing is None else one.missing.in_(lang),
        "note": "" if one.note is None else one.note.in_(lang),
        "beside": ("；" if lang == "zh" else "; ").join(beside),
        "source": f"{one.source} [{one.confidence}]",
    }


def _figure(value: float) -> str:
    return "" if np.isnan(value) else f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.2f}"  # noqa: PLR2004 (digits)


def counts(found: CompleteCommunity, place: str = WHOLE) -> dict[str, int]:
    """Count the items of a place by verdict, all verdicts in order."""
    each = [one.verdict for one in found.items[place]]
    return {key: each.count(key) for key in VERDICTS}


def place_words(found: CompleteCommunity, place: str) -> Text:
    """Give the name of a community, or the word for the whole."""
    grids = found.check.ws.grids(found.check.level)
    return WHOLE_WORDS if place == WHOLE else Text.same(grids.loc[place, Grids.name])


def community_lines(found: CompleteCommunity, lang: str) -> list[str]:
    """Give the items of the whole as lines for a terminal."""
    table = community_table(found, WHOLE, lang)
    said = (table["verdict"] + " " + table["value"] + " " + table["unit"]).str.strip()
    lines = [
        f"{number:>2} {item}  {words}" for number, item, words in zip(table["number"], table["item"], said, strict=True)
    ]
    return [TITLE.in_(lang), *lines]


def community_facts(found: CompleteCommunity, place: str = WHOLE) -> tuple[Fact, ...]:
    """Give how many items of a place have which verdict, as headline numbers."""
    note = Text("共 {n} 项", "of {n} items").format(n=len(found.items[place]))
    return tuple(
        Fact(key, Text(words.zh, words.en.capitalize()), Text.same(str(number)), note, ())
        for (key, words), number in zip(VERDICTS.items(), counts(found, place).values(), strict=True)
    )


def shown_columns(table: pd.DataFrame) -> list[str]:
    """List the columns of a table of items that say something, in order."""
    return [name for name in TITLES if (table[name].astype(str) != "").any() and name != "goal"]


def community_answer(found: CompleteCommunity) -> dict[str, object]:
    """Give the items of all places for ``--json``."""
    return {
        "standard": found.meta["standard"],
        "rule": found.meta["rule"],
        "level": found.meta["level"],
        "items": [_answer(one) for place in found.places for one in found.items[place]],
    }


def _answer(one: Standing) -> dict[str, object]:
    def both(text: Text | None) -> dict[str, str] | None:
        return None if text is None else {"zh": text.zh, "en": text.en}

    def number(value: float) -> float | None:
        return None if np.isnan(value) else round(value, 6)

    return {
        "number": one.number,
        "place": one.place,
        "title": both(one.title),
        "goal": both(one.goal),
        "value": number(one.value),
        "unit": both(one.unit),
        "threshold": both(one.threshold),
        "verdict": one.verdict,
        "status": one.status,
        "denominator": both(one.denominator),
        "missing": both(one.missing),
        "note": both(one.note),
        "beside": {key: number(value) for key, (_, value) in one.beside.items()},
        "failing": {layer: [str(name) for name in ids] for layer, ids in one.failing.items()},
        "source": one.source,
        "confidence": one.confidence,
        "to_verify": one.to_verify,
    }
