"""One unit held against a rule: a building as it stands, or several added up, some of them perhaps without votes."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from geo.text import Text
from geo.votes import CENTIARE, OWNER, Count, Verdict, both_hold, exact, settled, verdict
from layers.schema import Buildings
from reports.consent.rules import ConsentRule

PASSED, OPEN, LOST, UNKNOWN = STATES = ("passed", "open", "lost", "unknown")
"""Carried; can still be carried by those who have not voted; cannot be by them alone; not to be known."""
NO_RECORD, CONTRADICTS, PARTIAL = REASONS = ("no_record", "contradicts", "partial")
OWNERS = (Buildings.owners_total, Buildings.owners_voted, Buildings.owners_yes)
AREA = (Buildings.area_total_m2, Buildings.area_voted_m2, Buildings.area_yes_m2)
RECORDED = (*OWNERS, *AREA)
STEPS = {"owners": OWNER, "area": CENTIARE}
UNITS = {"owners": "", "area": "_m2"}
TRUTHS = ("took_part", "approved", "consent_ok")
JUDGED = (
    *(f"{way}_{what}_percent" for way in STEPS for what in ("voted", "yes")),
    *(f"{way}_{what}{UNITS[way]}" for way in STEPS for what in ("needed", "to_win_over")),
    *TRUTHS,
    "state",
    "reason",
)
"""Columns that judging gives, in order."""
Votes = Mapping[str, Count]
STATE_WORDS: Mapping[str, Text] = {
    PASSED: Text("已通过", "carried"),
    OPEN: Text("未通过，仍可争取", "not yet carried"),
    LOST: Text("未投票者全部同意也不够", "out of reach of those who have not voted"),
    UNKNOWN: Text("未知", "unknown"),
}
REASON_WORDS: Mapping[str, Text] = {
    NO_RECORD: Text("没有表决记录", "no votes on record"),
    CONTRADICTS: Text("记录自相矛盾", "the figures contradict each other"),
    PARTIAL: Text("部分记录缺失", "some of the record is missing"),
}


class Summed(NamedTuple):
    """Votes added up: the known ones, and how much of the total has unknown votes (None if that is unknown too)."""

    votes: Votes
    unknown: Mapping[str, Fraction | None]
    members: int
    known: int


def votes_of(cells: Iterable[object]) -> Votes:
    """Read the six recorded numbers of a row, in the order of ``RECORDED``."""
    known = [None if pd.isna(one) else exact(float(one)) for one in cells]  # type: ignore[call-overload, arg-type]
    return {"owners": Count(*known[:3]), "area": Count(*known[3:])}


def ways_of(rule: ConsentRule) -> tuple[str, ...]:
    """Name the counts that a rule looks at."""
    return tuple(STEPS) if rule.counts == "both" else (rule.counts,)


def judged(votes: Votes, rule: ConsentRule) -> dict[str, object]:
    """Hold the votes of one building against a rule; keys are ``JUDGED``."""
    found = {way: verdict(votes[way], rule.asks, step=STEPS[way]) for way in ways_of(rule)}
    return _told(votes, found, rule, gaps=False)


def judged_sum(summed: Summed, rule: ConsentRule) -> dict[str, object]:
    """Hold several buildings together against a rule; where votes are unknown only what follows in any case is said."""
    gaps = summed.known < summed.members
    if not gaps:
        return judged(summed.votes, rule)
    found = {way: settled(summed.votes[way], summed.unknown[way], rule.asks) for way in ways_of(rule)}
    return _told(summed.votes, found, rule, gaps=True)


def summed(members: Sequence[Votes], rule: ConsentRule) -> Summed:
    """Add up the votes of buildings; those without whole votes in what the rule counts are kept apart."""
    used = ways_of(rule)
    whole = [one for one in members if all(_is_whole(one[way]) for way in used)]
    lacking = [one for one in members if not all(_is_whole(one[way]) for way in used)]
    votes: dict[str, Count] = {}
    unknown: dict[str, Fraction | None] = {}
    for way in STEPS:
        parts = [tuple(one[way]) for one in whole]
        sums = [_total([part[at] for part in parts]) if parts else None for at in range(3)]
        rest = _total([one[way].total for one in lacking])
        if lacking and rest is not None and sums[0] is not None:
            sums[0] += rest
        votes[way], unknown[way] = Count(*sums), rest
    return Summed(votes, unknown, len(members), len(whole))


def _is_whole(count: Count) -> bool:
    return None not in count and not count.contradicts


def _total(parts: Sequence[Fraction | None]) -> Fraction | None:
    known = [one for one in parts if one is not None]
    return sum(known, Fraction(0)) if len(known) == len(parts) else None


def _told(votes: Votes, found: Mapping[str, Verdict], rule: ConsentRule, *, gaps: bool) -> dict[str, object]:
    row: dict[str, object] = {}
    for way, count in votes.items():
        one = found.get(way, Verdict(None, None, None, None))
        base = count.total if rule.asks.among_all else count.voted
        row |= {
            f"{way}_voted_percent": _percent(count.voted, count.total),
            f"{way}_yes_percent": _percent(count.yes, base),
            f"{way}_needed{UNITS[way]}": number(one.needed),
            f"{way}_to_win_over{UNITS[way]}": number(one.to_win_over),
        }
    took_part, approved = (_joined([one[at] for one in found.values()]) for at in range(2))
    ok = both_hold(took_part, approved)
    row |= dict(zip(TRUTHS, (took_part, approved, ok), strict=True))
    return row | {"state": _state(ok, list(found.values())), "reason": _reason(votes, ok, rule, gaps=gaps)}


def _joined(truths: Sequence[object]) -> bool | None:
    if any(one is False for one in truths):
        return False
    return None if any(one is None for one in truths) else True


def _state(ok: bool | None, used: Sequence[Verdict]) -> str:  # noqa: FBT001 (a truth, no option)
    if ok is None:
        return UNKNOWN
    beyond = any(one.needed is None and one.to_win_over is not None for one in used)
    return PASSED if ok else LOST if beyond else OPEN


def _reason(votes: Votes, ok: bool | None, rule: ConsentRule, *, gaps: bool) -> str | None:  # noqa: FBT001
    counts = [votes[way] for way in ways_of(rule)]
    if any(one.contradicts for one in counts):
        return CONTRADICTS
    if all(one.voted is None and one.yes is None for one in counts):
        return NO_RECORD
    return PARTIAL if ok is None or gaps else None


def _percent(part: Fraction | None, whole: Fraction | None) -> float:
    return float("nan") if part is None or not whole else float(100 * part / whole)


def number(one: Fraction | None) -> float:
    """Give a fraction as a number, NaN for the unknown."""
    return float("nan") if one is None else float(one)


def framed(rows: Sequence[Mapping[str, object]], index: pd.Index) -> pd.DataFrame:
    """Make the table of judged rows: truths may be null, numbers NaN."""
    table = pd.DataFrame(list(rows), index=index, columns=list(JUDGED))
    truths = {name: table[name].astype("boolean") for name in TRUTHS}
    words = {name: table[name].astype("str") for name in ("state", "reason")}
    numbers = {name: table[name].astype(float) for name in JUDGED if name not in {*truths, *words}}
    return table.assign(**truths, **words, **numbers)
