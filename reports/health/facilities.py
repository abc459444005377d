"""Facilities in reach of homes (GB 50180-2018), and the life circles that they make."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from geo.text import Text, listed
from layers.catalog import FACILITIES
from layers.standards import standard
from reports.demand import WEIGHTS
from reports.health.check import PERCENT, Check
from reports.health.finding import Outcome
from reports.health.kinds import of_kind
from reports.health.reach import not_recorded, radius_of, targets, within_radius

SERVED = ("F-KG", "F-PS", "F-MS", "F-SS", "F-CS", "F-DC", "F-HS", "F-HC", "F-MK", "F-GC", "F-BUS", "F-SP", "T-R")
CIRCLES = ("LC5", "LC10", "LC15")


def share_in_reach(check: Check, answer: str, *, people: str = "households") -> Outcome:
    """Share of homes with a thing that answers within the distance; facilities that are too small are counted beside it."""
    found = targets(check, answer)
    if not found.kept or found.unsized == found.kept:
        return check.unavailable(not_recorded(check, answer, found), unit=PERCENT, denominator=WEIGHTS[people])
    outcome = within_radius(check, answer, [found], radius_of(check, answer), people=people)
    least = check.smallest_m2(answer)
    if np.isnan(least):
        return outcome
    if FACILITIES in found.layers:
        return _with_sizes(check, answer, outcome, least)
    return outcome.saying(note=Text(f"只计 {least:g} m² 及以上", f"only those of {least:g} m² or more count"))


def _with_sizes(check: Check, answer: str, found: Outcome, least: float) -> Outcome:
    """Count the facilities that are smaller than the standard asks; they serve all the same."""
    chosen = of_kind(check.ws, answer, FACILITIES.key)
    area = check.ws[FACILITIES]["floor_area_m2"].to_numpy(dtype=float, na_value=np.nan)
    codes = check.codes(FACILITIES)
    words = Text(f"小于 {least:g} m² 的设施（处）", f"facilities smaller than {least:g} m²")
    unknown = Text("面积未知的设施（处）", "facilities of unknown size")
    beside = {
        "too_small": (words, check.totals(codes[chosen & (area < least)])),
        "size_unknown": (unknown, check.totals(codes[chosen & np.isnan(area)])),
    }
    return replace(found, beside={**found.beside, **beside})


def life_circle(check: Check, circle: str) -> Outcome:
    """Share of households that reach every basic facility of a circle on foot.

    Needs of which nothing is recorded are named and left out; who reaches only the others has not reached all, so
    that such a circle can fail but not meet.
    """
    rows = standard("life_circles", check.ws.folder)
    rows = rows[rows["circle"] == circle]
    found = {answer: targets(check, answer) for answer in rows["answer"]}
    words = {answer: Text(zh, en) for answer, zh, en in zip(rows["answer"], rows["zh"], rows["en"], strict=True)}
    absent = [words[answer] for answer, one in found.items() if not len(one)]
    there = [one for one in found.values() if len(one)]
    missing = Text("没有登记：{what}", "not recorded: {what}").format(what=listed(absent))
    if not there:
        return check.unavailable(missing, unit=PERCENT, denominator=WEIGHTS["households"])
    outcome = within_radius(check, circle, there, radius_of(check, circle))
    needed = Text("须同时可达：{what}", "all of these have to be reached: {what}")
    outcome = outcome.saying(note=needed.format(what=listed([words[a] for a, one in found.items() if len(one)])))
    if not absent:
        return outcome
    assert outcome.limit is not None
    return replace(
        outcome.saying(missing=missing).but("partial"), judged=outcome.judged & ~outcome.limit.holds(outcome.value)
    )


def service_circle(check: Check) -> Outcome:
    """Share of households within the distance of any service point; a description, nothing is asked."""
    answer, found = "SVC-10", targets(check, "SVC-10")
    if not found.kept:
        return check.unavailable(not_recorded(check, answer, found), unit=PERCENT, denominator=WEIGHTS["households"])
    outcome = within_radius(check, answer, [found], check.policy["service_circle_m"])
    return replace(outcome, judged=False)


COMPUTED: Mapping[str, Callable[[Check], Outcome]] = {
    **{answer: partial(share_in_reach, answer=answer) for answer in SERVED},
    **{circle: partial(life_circle, circle=circle) for circle in CIRCLES},
    "SVC-10": service_circle,
}
