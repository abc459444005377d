"""A health check as plain JSON values and as lines for people: the answer of ``guatu health``."""

from collections import Counter
from collections.abc import Iterable

from geo.text import Text
from layers.schema import Grids
from reports.answers import Answer, number
from reports.health.examination import CONVENTIONS, Health
from reports.health.finding import VERDICTS, WHOLE, WHOSE, Finding, Threshold
from reports.health.thresholds import PROFILES
from reports.measures import STATUS_WORDS

TO_VERIFY = Text("待核", "to be verified")
WHOLE_WORDS = Text("全部", "whole")


def said(words: Text | None) -> dict[str, str] | None:
    """Give words in both languages, null if there are none."""
    return None if words is None else words._asdict()


def health_answer(health: Health, lines: Iterable[Finding] | None = None) -> Answer:
    """Give the whole answer; ``lines`` limits the findings (None: all)."""
    chosen = everything(health) if lines is None else lines
    return {
        "workspace": health.ws.name,
        "profile": health.profile,
        "level": health.level,
        "as_of": health.ws.manifest.as_of.isoformat(),
        "conventions": CONVENTIONS._asdict(),
        "set_for_this_run": {key: [one.value, number(one.high)] for key, one in sorted(health.asked.items())},
        "indicators": [finding_answer(one) for one in chosen],
    }


def everything(health: Health) -> list[Finding]:
    """List all findings: by indicator, grids in order, the whole last."""
    return [one for each in health.findings.values() for one in each]


def finding_answer(one: Finding) -> Answer:
    """Give one finding; the grid id of the whole is null."""
    cited = one.cited
    return {
        "id": cited.id,
        "title": cited.title._asdict(),
        "grid_id": None if one.place == WHOLE else one.place,
        "value": number(one.value),
        "unit": one.unit._asdict(),
        "threshold": threshold_answer(one.threshold),
        "compared_with": threshold_answer(one.limit),
        "verdict": one.verdict,
        "status": one.status,
        "numerator": said(one.numerator),
        "denominator": one.denominator._asdict(),
        "amounts": [number(one.above), number(one.below)],
        "missing": said(one.missing),
        "note": said(one.note),
        "beside": {
            key: {"words": words._asdict(), "value": number(value)} for key, (words, value) in one.beside.items()
        },
        "failing": {
            layer: {"count": len(ids), "ids": None if one.place == WHOLE else [str(each) for each in ids]}
            for layer, ids in one.failing.items()
        },
        "source": cited.source,
        "standard": cited.standard,
        "clause": cited.clause or None,
        "edition": cited.edition or None,
        "confidence": cited.confidence,
        "to_verify": cited.to_verify,
        "meta": dict(one.meta),
    }


def threshold_answer(one: Threshold) -> Answer | None:
    """Give a threshold; null where there is none."""
    if not one.comparison:
        return None if one.words == Text("", "") else {"value": None, "words": one.words._asdict(), "set_by": "none"}
    return {
        "value": number(one.value),
        "high": number(one.high),
        "comparison": one.comparison,
        "unit": one.unit,
        "words": one.words._asdict(),
        "set_by": one.whose,
    }


def health_lines(health: Health, lang: str) -> list[str]:
    """Give a line for each indicator: the whole, the verdicts of the grids, and what is missing."""
    head = Text("{title} · {profile} · 层级 {level}", "{title} · {profile} · level {level}")
    first = head.format(title=health.ws.title, profile=PROFILES[health.profile], level=health.level).in_(lang)
    return [first, *(_line(each, lang) for each in health.findings.values()), CONVENTIONS.in_(lang)]


def _line(each: tuple[Finding, ...], lang: str) -> str:
    one = each[-1]
    cited = one.cited
    parts = [f"{cited.id} {cited.title.in_(lang)}: {value_words(one).in_(lang)}"]
    parts.append(f"{VERDICTS[one.verdict].in_(lang)} [{STATUS_WORDS[one.status].in_(lang)}]")
    parts.append(one.threshold.words.in_(lang) + (f" ({TO_VERIFY.in_(lang)})" if cited.to_verify else ""))
    counts = Counter(found.verdict for found in each[:-1])
    grids = ", ".join(f"{VERDICTS[key].in_(lang)} {counts[key]}" for key in VERDICTS if counts[key])
    parts.append(Text("网格：{n}", "grids: {n}").format(n=grids).in_(lang))
    if one.missing:
        parts.append(Text("缺少：{what}", "missing: {what}").format(what=one.missing).in_(lang))
    return " · ".join(parts)


def value_words(one: Finding) -> Text:
    """Give a value with its unit, a dash where it is unknown."""
    if one.value != one.value:
        return Text("—", "—")
    return Text(f"{figure(one.value)} {one.unit.zh}", f"{figure(one.value)} {one.unit.en}")


def figure(value: float) -> str:
    """Write a number with as many digits as a person wants: 72.4, 0.53, 1,234."""
    if abs(value) >= 1000 or value == int(value):  # noqa: PLR2004 (no digits behind thousands)
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"  # noqa: PLR2004


def place_name(health: Health, place: str) -> Text:
    """Give the name of a grid, or the word for the whole."""
    return WHOLE_WORDS if place == WHOLE else Text.same(health.ws.grids(health.level).loc[place, Grids.name])


def whose_words(one: Threshold) -> Text:
    """Say who set a threshold."""
    return WHOSE[one.whose]
