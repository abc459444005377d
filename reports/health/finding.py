"""What the health check says: outcomes of an indicator for all places, and the finding for one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.text import Text
from reports.measures import STATUS_WORDS

Values = NDArray[np.float64]
Marks = NDArray[np.bool_]

WHOLE = "*"
"""Id of the place "whole workspace", behind the grids of a level."""
VERDICTS: Mapping[str, Text] = {
    "meets": Text("达标", "meets"),
    "fails": Text("不达标", "fails"),
    "context": Text("不作判定", "no verdict"),
    "unknown": Text("无法计算", "cannot be known"),
}
"""``context``: a value without a verdict, because it is a count, a proxy, or has no threshold."""
STATUSES = tuple(STATUS_WORDS)
"""``ready``, ``partial`` (some of the input is unknown), ``proxy`` (something else was measured), ``unavailable``."""
WHOSE: Mapping[str, Text] = {
    "standard": Text("内置标准与政策表", "bundled tables"),
    "workspace": Text("本工作区设定", "set by the workspace"),
    "caller": Text("临时设定", "set for this run"),
    "none": Text("无阈值", "no threshold"),
}


class Threshold(NamedTuple):
    """What a value is held against, and who set it; both ends count.

    ``comparison`` is "le", "ge", "eq", "range" (from ``value`` to ``high``) or "" where nothing can be compared;
    ``whose`` is a key of ``WHOSE``.
    """

    value: float
    high: float
    comparison: str
    unit: str
    words: Text
    whose: str

    def holds(self, values: Values) -> Marks:
        """Say which values keep to the threshold; NaN does not, and nothing does where there is nothing to compare."""
        near = 1e-9 * max(1.0, abs(self.value))
        tests = {
            "le": values <= self.value + near,
            "ge": values >= self.value - near,
            "eq": np.abs(values - self.value) <= near,
            "range": (values >= self.value - near) & (values <= self.high + near),
        }
        return np.asarray(tests.get(self.comparison, np.zeros(len(values), dtype=bool)), dtype=bool)

    def instead(self, **changed: object) -> "Threshold":
        """Give the threshold with other parts."""
        return self._replace(**changed)  # type: ignore[arg-type]


class Things(NamedTuple):
    """Things of one layer that fail, with the row of the place (of the check's grids) that each lies in."""

    layer: str
    ids: NDArray[np.object_]
    codes: NDArray[np.intp]


def some_words(text: Text | Sequence[Text | None] | None, place: int) -> Text | None:
    """Give the words of one place where they may be the same for all."""
    return text if text is None or isinstance(text, Text) else text[place]


def both(first: Text | None, second: Text | None) -> Text | None:
    """Join two remarks of which either may be missing."""
    if first is None or second is None:
        return first or second
    return Text(f"{first.zh}；{second.zh}", f"{first.en}; {second.en}")


@dataclass(frozen=True)
class Outcome:
    """What one indicator gives for all places of a check: the grids in order, then the whole.

    Attributes:
        value: one number per place, NaN where unknown.
        status: one of ``STATUSES``, for all places or for each.
        unit: of the value (a share of households has "%", although its threshold is in metres).
        numerator: what is above the line, in words; None if the value is no quotient.
        denominator: what the value is a share or rate of, in words, for all places or for each.
        above, below: the two amounts per place, None if the value is no quotient.
        judged: False gives ``context`` everywhere: counts, proxies by nature, indicators without a rule.
        limit: what the value itself is compared with, where that is not the indicator's own threshold.
        passes: the verdict per place where it is more than a comparison of the value; then ``limit`` is not asked.
        missing: inputs that are not there, for all places or for each.
        note: what else has to be said with the value, for all places or for each.
        failing: things that fail, by layer.
        beside: further numbers per place that belong to the value (the walking share beside the straight one).
        meta: method, parameters, conventions.
    """

    value: Values
    status: str | Sequence[str]
    unit: Text
    denominator: Text | Sequence[Text]
    numerator: Text | None = None
    above: Values | None = None
    below: Values | None = None
    judged: bool | Marks = True
    limit: Threshold | None = None
    passes: Marks | None = None
    missing: Text | Sequence[Text | None] | None = None
    note: Text | Sequence[Text | None] | None = None
    failing: tuple[Things, ...] = ()
    beside: Mapping[str, tuple[Text, Values]] = field(default_factory=dict)
    meta: Mapping[str, object] = field(default_factory=dict)

    def saying(self, *, note: Text | None = None, missing: Text | None = None) -> "Outcome":
        """Give the outcome with further remarks at every place."""
        places = range(len(self.value))
        notes = [both(some_words(self.note, place), note) for place in places] if note else self.note
        lacks = [both(some_words(self.missing, place), missing) for place in places] if missing else self.missing
        return replace(self, note=notes, missing=lacks)

    def but(self, status: str, where: Marks | None = None) -> "Outcome":
        """Give the outcome with another status, everywhere or where marked; a proxy stays one."""
        marks = np.ones(len(self.value), dtype=bool) if where is None else where
        each = [
            status if marked and one != "proxy" else one for marked, one in zip(marks, self.statuses(), strict=True)
        ]
        return replace(self, status=each)

    def statuses(self) -> list[str]:
        """Give the status of each place; a value that is not known is never more than unavailable."""
        each = [self.status] * len(self.value) if isinstance(self.status, str) else list(self.status)
        return ["unavailable" if np.isnan(value) else one for value, one in zip(self.value, each, strict=True)]


@dataclass(frozen=True)
class Cited:
    """What the table of standards says of an indicator."""

    id: str
    group: str
    profile: str
    title: Text
    definition: Text
    how: Text
    level: Text
    standard: str
    clause: str
    edition: str
    source: str
    confidence: str
    to_verify: bool
    computable: str
    layers: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """One indicator at one place.

    Attributes:
        cited: the indicator with standard, clause, edition, source and confidence (``to_verify`` shows 待核).
        place: grid id, or ``WHOLE``.
        verdict: one of ``VERDICTS``; ``meets`` and ``fails`` only for a value that is known and no mere count.
        threshold: what the standard asks; ``limit`` what the value itself was compared with.
        failing: ids of things that fail, by layer.
        beside: further numbers with their words.
    """

    cited: Cited
    place: str
    value: float
    unit: Text
    threshold: Threshold
    limit: Threshold
    verdict: str
    status: str
    numerator: Text | None
    denominator: Text
    above: float
    below: float
    missing: Text | None
    note: Text | None
    failing: Mapping[str, NDArray[np.object_]] = field(repr=False)
    beside: Mapping[str, tuple[Text, float]] = field(repr=False)
    meta: Mapping[str, object] = field(repr=False)

    @property
    def id(self) -> str:
        """Id of the indicator."""
        return self.cited.id
