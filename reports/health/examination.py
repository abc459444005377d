"""The health check itself: every indicator of a profile at every grid of a level and for the whole, as findings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.memory import collection_put_off
from geo.text import Text, listed
from layers import Workspace
from layers.catalog import CATALOG
from layers.standards import indicators
from reports.health.check import Check
from reports.health.finding import WHOLE, Cited, Finding, Outcome, Threshold, some_words
from reports.health.registry import COMPUTED
from reports.health.thresholds import Asked, ThresholdError, cited, policies, profile_of, sized, thresholds, unit_words

CONVENTIONS = Text(
    "距离含边界；数值未知不作零；替代指标、计数和没有阈值的指标不作判定；全部为所有网格之和",
    "distances include the rim; unknown is not zero; proxies, counts and indicators without a threshold get no verdict; "
    "the whole is all grids together",
)


@dataclass(frozen=True)
class Health:
    """A health check: findings by indicator, in the order of the table; each has one finding per place.

    ``asked`` are the thresholds that were set for this run.
    """

    check: Check = field(repr=False)
    cited: Mapping[str, Cited] = field(repr=False)
    findings: Mapping[str, tuple[Finding, ...]] = field(repr=False)
    asked: Mapping[str, Asked]

    @property
    def ws(self) -> Workspace:
        """The workspace that was checked."""
        return self.check.ws

    @property
    def level(self) -> int:
        """Level of the grids."""
        return self.check.level

    @property
    def profile(self) -> str:
        """Profile whose indicators were computed."""
        return self.check.profile

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Ids of the grids, then the whole."""
        return (*map(str, self.check.grid_ids), WHOLE)

    def at(self, indicator: str, place: str) -> Finding:
        """Give one finding.

        Raises:
            KeyError: no such indicator in the profile.
            ValueError: no such place.
        """
        return self.findings[indicator][self.places.index(place)]


@collection_put_off()
def health_check(
    ws: Workspace,
    *,
    profile: str | None = None,
    level: int | None = None,
    own: Mapping[str, Asked] | None = None,
    only: Collection[str] | None = None,
) -> Health:
    """Check the health of a workspace against the indicators of a profile.

    Args:
        ws: an opened workspace.
        profile: "CN-old", "CN-new", "WHO" or "custom"; None takes the workspace's, or WHO where that has no indicators.
        level: grid level; None is the finest.
        own: thresholds for this run by indicator id, least sizes by id with ".size" behind it, or numbers by key of
            the policy table (park sizes and the like).
        only: ids of the indicators that are wanted; None for all of the profile.

    Raises:
        DataError: no grids or no such level.
        ThresholdError: a threshold for something that the profile does not have.
    """
    wanted = ws.finest if level is None else level
    ws.grids(wanted)
    name = profile_of(ws.manifest.profile, ws.folder) if profile is None else profile
    mine = dict(own or {})
    rows, sizes = sized(indicators(name, ws.folder), mine)
    numbers, whose = policies(ws.folder, mine)
    unknown = sorted(set(mine) - set(rows.index) - set(numbers) - sizes)
    if unknown:
        words = Text("没有可设定阈值的指标或政策项：{what}", "there is no indicator or policy number to set: {what}")
        raise ThresholdError(words.format(what=listed([Text.same(one) for one in unknown])))
    check = Check(ws, wanted, name, thresholds(rows, name, ws.folder, mine), numbers, whose, rows)
    said = {key: one for key, one in cited(rows, name).items() if only is None or key in only}
    found = {key: findings(check, one, outcome_of(check, one)) for key, one in said.items()}
    return Health(check, said, found, mine)


def outcome_of(check: Check, one: Cited) -> Outcome:
    """Compute an indicator; one that nothing computes is unavailable, with what its row says is needed."""
    compute = COMPUTED.get(one.id)
    if compute is not None:
        return compute(check)
    absent = [CATALOG[key].title for key in one.layers if key not in check.ws]
    missing = listed([Text("{what}图层", "layer {what}").format(what=what) for what in absent]) if absent else one.how
    return check.unavailable(
        missing, unit=unit_words(check.thresholds[one.id].unit), denominator=Text("不适用", "none")
    )


def findings(check: Check, one: Cited, outcome: Outcome) -> tuple[Finding, ...]:
    """Give an outcome as findings, one per place."""
    threshold = check.thresholds[one.id]
    limit = outcome.limit or threshold
    statuses = outcome.statuses()
    verdicts = verdicts_of(outcome, limit, statuses)
    failing = _failing_by_place(check, outcome)
    places = [*map(str, check.grid_ids), WHOLE]
    return tuple(
        Finding(
            one,
            place,
            float(outcome.value[row]),
            outcome.unit,
            threshold,
            limit,
            verdicts[row],
            statuses[row],
            outcome.numerator,
            some_words(outcome.denominator, row) or Text("", ""),
            np.nan if outcome.above is None else float(outcome.above[row]),
            np.nan if outcome.below is None else float(outcome.below[row]),
            some_words(outcome.missing, row),
            some_words(outcome.note, row),
            {} if verdicts[row] == "unknown" else failing[row],
            {key: (words, float(values[row])) for key, (words, values) in outcome.beside.items()},
            outcome.meta,
        )
        for row, place in enumerate(places)
    )


def verdicts_of(outcome: Outcome, limit: Threshold, statuses: list[str]) -> list[str]:
    """Judge each place: unknown values not at all, proxies, counts and what has nothing to compare without a verdict."""
    judged = np.broadcast_to(outcome.judged, outcome.value.shape) & (
        outcome.passes is not None or bool(limit.comparison)
    )
    passes = limit.holds(outcome.value) if outcome.passes is None else outcome.passes
    return [
        "unknown"
        if status == "unavailable"
        else "context"
        if status == "proxy" or not asked
        else "meets"
        if ok
        else "fails"
        for status, asked, ok in zip(statuses, judged, passes, strict=True)
    ]


def _failing_by_place(check: Check, outcome: Outcome) -> list[dict[str, NDArray[np.object_]]]:
    """Part the failing things by place; the whole has all of them."""
    found: list[dict[str, NDArray[np.object_]]] = [{} for _ in range(check.size)]
    for things in outcome.failing:
        inside = things.codes >= 0
        ids, codes = things.ids[inside], things.codes[inside]
        order = np.argsort(codes, kind="stable")
        edges = np.searchsorted(codes[order], np.arange(check.size))
        for row in range(check.size - 1):
            if edges[row] < edges[row + 1]:
                found[row][things.layer] = ids[order[edges[row] : edges[row + 1]]]
        if len(ids):
            found[-1][things.layer] = ids
    return found
