"""Shares of homes that are served, with the denominator of each place and the buildings that are not served."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from geo.text import Text
from layers import BUILDINGS
from reports.health.check import PERCENT, Check, quotient
from reports.health.finding import Marks, Outcome, Things, Threshold, Values, both
from reports.health.homes import Homes


class Reached(NamedTuple):
    """Which homes are served, and of which that is known."""

    served: Marks
    known: Marks


Within = Callable[[Homes], Reached]
"""Says which homes are served."""


NOBODY = Text("这里没有住宅建筑", "no homes stand here")
NO_WALK = Text("这里的住宅都离路网太远", "all homes here are too far from the streets")


def required_share(check: Check) -> Threshold:
    """What the share of served homes is compared with."""
    least = check.policy["service_share_percent"]
    words = Text(f"≥{least:g}%", f"≥{least:g} %")
    return Threshold(least, np.nan, "ge", "%", words, check.whose["service_share_percent"])


class _Tally(NamedTuple):
    above: Values
    below: Values
    homes: Homes
    reached: Reached
    left_out: Values


def _tally(check: Check, homes: Homes, within: Within) -> _Tally:
    reached = within(homes)
    return _Tally(
        check.totals(homes.codes, np.where(reached.served, homes.weight, 0.0)),
        check.totals(homes.codes, np.where(reached.known, homes.weight, 0.0)),
        homes,
        reached,
        check.totals(homes.codes[~reached.known]),
    )


def share_served(
    check: Check, within: Within, *, numerator: Text, people: str = "households", meta: Mapping[str, object]
) -> Outcome:
    """Give the share of homes that are served, percent, per place.

    Where buildings are known they are the homes; elsewhere sample points of the ground stand in, and the place is a
    proxy.
    """
    homes, built = check.homes(people), check.built
    by_building = None if homes is None or not built.any() else _tally(check, homes, within)
    by_ground = None if built.all() else _tally(check, check.samples, within)
    tallies = [by_building if ok else by_ground for ok in built]
    chosen = [one for one in tallies if one is not None]
    above, below = (
        np.array([getattr(one, side)[place] for place, one in enumerate(chosen)]) for side in ("above", "below")
    )
    missing = [_missing(one, place) for place, one in enumerate(chosen)]
    statuses = [
        "partial" if one.left_out[place] and one.homes.status == "ready" else one.homes.status
        for place, one in enumerate(chosen)
    ]
    return Outcome(
        quotient(above, below, per=100),
        statuses,
        PERCENT,
        [one.homes.words for one in chosen],
        numerator,
        above,
        below,
        limit=required_share(check),
        missing=missing,
        failing=_unserved(by_building),
        meta=meta,
    )


def _missing(found: _Tally, place: int) -> Text | None:
    left = int(found.left_out[place])
    if found.below[place] == 0:
        return NO_WALK if left else NOBODY
    out = Text(f"{left:,} 处住宅离路网太远，步行距离未知", f"the walk of {left:,} homes far from the streets")
    return both(found.homes.missing, out if left else None)


def _unserved(found: _Tally | None) -> tuple[Things, ...]:
    if found is None or found.homes.ids is None:
        return ()
    reached = found.reached
    left = reached.known & ~reached.served & (np.nan_to_num(found.homes.weight) > 0) & (found.homes.codes >= 0)
    return (Things(BUILDINGS.key, found.homes.ids[left], found.homes.codes[left]),)
