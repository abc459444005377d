"""From sheets to weights: consistency of each part, refusal, the group's mean, weights of the measures.

The weight of a measure is that of its aspect times its own within the aspect (Saaty 1980). Several sheets are joined
by the geometric mean of each comparison (Aczel and Saaty 1983), after those that contradict themselves too much were
left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.errors import CriteriaError, Problem
from geo.mcda.pairwise import Hierarchy, ahp, group_matrix
from geo.pattern.told import Meta, told
from geo.text import Text
from layers.standards import policy
from reports.criteria import Criteria
from reports.panel.aspects import ASPECTS, Block, blocks, members_of
from reports.panel.sheets import REMEDY, Sheet

CONSISTENT, DOUBTFUL, REFUSED = "consistent", "doubtful", "refused"
VERDICTS = {
    CONSISTENT: Text("一致", "consistent"),
    DOUBTFUL: Text("不够一致，请再商议", "not consistent enough, talk again"),
    REFUSED: Text("自相矛盾，不采用", "contradicts itself, not used"),
}
GROUP = Text("多人判断取几何平均", "several sheets are joined by their geometric mean")
STEPS = Text(
    "指标权重为方面权重乘以方面内权重", "a measure weighs what its aspect weighs times its share of the aspect"
)
LEFT_OUT = Text("未采用一份判断表：{why}", "a sheet is not used: {why}")
NONE_LEFT = Text("没有可采用的判断表", "no sheet that can be used")
WANTED = Text("一致性比率不超过 {limit} 的判断表", "a sheet with a consistency ratio up to {limit}")


class Judged(NamedTuple):
    """One block as it was judged: the weights within it, their consistency, and the verdict on it."""

    block: Block
    hierarchy: Hierarchy
    verdict: str

    @property
    def doubt(self) -> Text | None:
        """The worst triad in words, where the block is not consistent."""
        if self.verdict == CONSISTENT:
            return None
        warnings = self.hierarchy.meta["warnings"]
        assert isinstance(warnings, tuple)
        return next((Text(*one) for one in warnings), None)


@dataclass(frozen=True)
class Panel:
    """Weights of a group: ``weights`` by measure add up to 1; ``judged`` are the blocks of the joined sheets.

    ``by_author`` has the blocks of each sheet by its name, ``left_out`` says which were not used and why.
    """

    sheets: Mapping[str, Sheet]
    by_author: Mapping[str, tuple[Judged, ...]]
    judged: tuple[Judged, ...]
    weights: Mapping[str, float]
    left_out: tuple[Text, ...]
    meta: Meta

    @property
    def ratio(self) -> float:
        """The largest consistency ratio of its blocks; 0 where there is nothing to contradict."""
        return max((one.hierarchy.ratio for one in self.judged), default=0.0)


def matrix(sheet: Sheet, block: Block) -> NDArray[np.float64]:
    """Give the whole matrix of a block: what was said, its reciprocals, 1 on the diagonal; 1 where nothing was said."""
    found = np.ones((len(block.items), len(block.items)))
    place = {key: at for at, key in enumerate(block.items)}
    for first, second in block.pairs:
        value = sheet.said(first, second)
        if value is not None:
            found[place[first], place[second]] = value
            found[place[second], place[first]] = 1 / value
    return found


def judged(sheet: Sheet, keys: Iterable[str], folder: Path | None = None) -> tuple[Judged, ...]:
    """Judge every block of one sheet; pairs not yet compared count as equally important.

    Args:
        sheet: its comparisons; pairs of things that are not asked for are passed over.
        keys: the measures to be weighed.
        folder: the workspace, for its limits and aspects.
    """
    return _judged([(block, matrix(sheet, block)) for block in blocks(keys, folder)], folder)


def _judged(matrices: Sequence[tuple[Block, NDArray[np.float64]]], folder: Path | None) -> tuple[Judged, ...]:
    rules = policy(folder)
    found = []
    for block, one in matrices:
        hierarchy = ahp(one, names=block.names, limit=rules["ahp_doubtful_ratio"])
        found.append(Judged(block, hierarchy, verdict(hierarchy.ratio, rules)))
    return tuple(found)


def verdict(ratio: float, rules: Mapping[str, float]) -> str:
    """Say what a consistency ratio means; one that is unknown is doubtful."""
    if ratio > rules["ahp_refused_ratio"]:
        return REFUSED
    return CONSISTENT if ratio <= rules["ahp_doubtful_ratio"] else DOUBTFUL


def weights_of(found: Sequence[Judged], keys: Iterable[str], folder: Path | None = None) -> dict[str, float]:
    """Give the weight of each measure: of its aspect times its own within it; they add up to 1."""
    shares = {one.block.key: dict(zip(one.block.items, one.hierarchy.weights, strict=True)) for one in found}
    return {
        key: float(shares.get(ASPECTS, {}).get(aspect, 1.0) * shares.get(aspect, {}).get(key, 1.0))
        for aspect, members in members_of(keys, folder).items()
        for key in members
    }


def panel(sheets: Mapping[str, Sheet], keys: Sequence[str], folder: Path | None = None) -> Panel:
    """Join sheets to the weights of a group.

    Args:
        sheets: by name, such as the name of the file.
        keys: the measures to be weighed.
        folder: the workspace, for its limits and aspects.

    Raises:
        CriteriaError: no sheet is whole and consistent enough, or their mean is not; names what is missing and the
            worst triads.
    """
    faults = {name: faults_of(sheet, keys, folder) for name, sheet in sheets.items()}
    used = [name for name in sheets if not faults[name]]
    if not used:
        every = [fault for some in faults.values() for fault in some]
        raise CriteriaError(every or [_fault(None, NONE_LEFT, _limit(folder))])
    joined = [(block, group_matrix([matrix(sheets[name], block) for name in used])) for block in blocks(keys, folder)]
    found = _judged(joined, folder)
    against = [_refusal("", one, folder) for one in found if one.verdict == REFUSED]
    if against:
        raise CriteriaError(against)
    out = tuple(LEFT_OUT.format(why=_why(faults[name])) for name in sheets if faults[name])
    meta = told(
        "ahp",
        source="Saaty 1980, 1990; Aczel and Saaty 1983",
        conventions=[STEPS, GROUP],
        warnings=[*out, *(one.doubt for one in found)],
        sheets=tuple(used),
        doubtful_ratio=policy(folder)["ahp_doubtful_ratio"],
        refused_ratio=policy(folder)["ahp_refused_ratio"],
    )
    every_one = {name: judged(sheet, keys, folder) for name, sheet in sheets.items()}
    return Panel(dict(sheets), every_one, found, weights_of(found, keys, folder), out, meta)


def faults_of(sheet: Sheet, keys: Sequence[str], folder: Path | None = None) -> list[Problem]:
    """List why a sheet cannot be used: comparisons that are missing, or parts that contradict themselves too much."""
    missing = [pair for block in blocks(keys, folder) for pair in block.pairs if sheet.said(*pair) is None]
    if missing:
        return [_missing(sheet, pair) for pair in missing]
    return [_refusal(sheet.author, one, folder) for one in judged(sheet, keys, folder) if one.verdict == REFUSED]


def _why(faults: Sequence[Problem]) -> Text:
    """Say why a sheet is left out: the first fault, and how many more there are."""
    more = len(faults) - 1
    if not more:
        return faults[0].found
    return Text("{first}（另有 {n} 处）", "{first} (and {n} more)").format(first=faults[0].found, n=more)


def panel_criteria(criteria: Criteria, weights: Mapping[str, float]) -> Criteria:
    """Give criteria with the weights of a panel; measures that it did not weigh count nothing."""
    return criteria.reweighed({one.key: weights.get(one.key, 0.0) for one in criteria.items})


def _missing(sheet: Sheet, pair: tuple[str, str]) -> Problem:
    found = Text("{who} 没有比较", "{who} did not compare them").format(who=sheet.author)
    return _fault(" : ".join(pair), found, Text("每一对都有比较", "a comparison of every pair"))


def _limit(folder: Path | None) -> Text:
    return WANTED.format(limit=f"{policy(folder)['ahp_refused_ratio']:g}")


def _refusal(author: str, one: Judged, folder: Path | None) -> Problem:
    who = Text("{who}，“{block}”", "{who}, {block}") if author else Text("“{block}”", "{block}")
    said = Text("{who}：{why}", "{who}: {why}").format(
        who=who.format(who=author, block=one.block.title), why=one.doubt or VERDICTS[REFUSED]
    )
    return _fault(None, said, _limit(folder))


def _fault(column: str | None, found: Text, expected: Text) -> Problem:
    return Problem("ahp_sheet", "error", "ahp", None, column, found, expected, REMEDY)
