"""One heading for each column: who has it where several headings may mean the same."""

from collections.abc import Mapping
from typing import NamedTuple

from geo.text import Text
from layers.catalog import LayerSpec
from layers.intake.mapping.matching import ASKED, EVIDENCE, Match
from layers.intake.mapping.targets import role_of

SHARED = frozenset({"person", "none", "photo"})
"""Roles that several headings may have together."""
FIRST_OF_SEVERAL = Text("几列含义相近，取第一列", "several headings mean nearly the same; the first is taken")


class Settled(NamedTuple):
    """Headings with their matches, by target those that cannot be told apart, and those that a surer one went before."""

    chosen: dict[str, Match]
    conflicts: dict[str, list[str]]
    behind: dict[str, str]


def settle(matches: Mapping[str, Match | None], spec: LayerSpec) -> Settled:
    """Give each heading its target, in rounds: who does not get the one goes for its next meaning."""
    waiting = {heading: one for heading, one in matches.items() if one is not None}
    done = Settled({}, {}, {})
    while waiting:
        wanted: dict[str, list[str]] = {}
        for heading, one in waiting.items():
            wanted.setdefault(one.targets[0], []).append(heading)
        taken = {one.targets[0]: heading for heading, one in done.chosen.items()} | dict.fromkeys(done.conflicts, "")
        rivals = {heading: waiting.pop(heading) for heading in list(waiting)}
        for target, headings in wanted.items():
            waiting |= _round(target, {h: rivals[h] for h in headings}, done, first=taken.get(target), spec=spec)
    return done


def _round(
    target: str, rivals: Mapping[str, Match], done: Settled, *, first: str | None, spec: LayerSpec
) -> dict[str, Match]:
    """Settle one target, which ``first`` may have already; give the rivals that go for another meaning."""
    if role_of(target, spec) in SHARED:
        done.chosen.update(rivals)
        return {}
    itself = [target] if target in rivals else []  # a heading that is the column's own name needs no comparison
    winners = itself or _winners(rivals) if first is None else []
    if winners:
        first = winners[0]
        one = rivals[first]
        done.chosen[first] = one if len(winners) == 1 else one._replace(confidence=EVIDENCE, reason=FIRST_OF_SEVERAL)
    left = {heading: one for heading, one in rivals.items() if heading != first}
    for heading, one in left.items():
        if len(one.targets) > 1:
            continue
        if first is not None:
            done.behind[heading] = first
        elif one.confidence >= ASKED:
            done.conflicts.setdefault(target, []).append(heading)
    return {h: one._replace(targets=one.targets[1:]) for h, one in left.items() if len(one.targets) > 1}


def _winners(rivals: Mapping[str, Match]) -> list[str]:
    """Give the headings of which the first has the target; several where they are equally good.

    The surest counts; of equally sure ones the only one without another meaning; where each has another, those
    that name a thing before those that ask (是否销号). Several without another meaning: nobody.
    """
    best = max(one.confidence for one in rivals.values())
    sure = [heading for heading, one in rivals.items() if one.confidence == best]
    only = [heading for heading in sure if len(rivals[heading].targets) == 1]
    if len(sure) == 1 or len(only) == 1:
        return sure if len(sure) == 1 else only
    naming = [heading for heading in sure if not heading.startswith(("是否", "有无"))]
    return [] if only else naming or sure
