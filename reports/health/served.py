"""Shares of homes that are served, with the denominator of each place and the buildings that are not served."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from geo.text import Text
from layers import BUILDINGS, LayerSpec
from reports.demand import Demand
from reports.health.check import PERCENT, Check, quotient
from reports.health.finding import Marks, Outcome, Things, Threshold, Values, both


class Served(NamedTuple):
    """Which of some points are served, and of which that is known."""

    served: Marks
    known: Marks


Within = Callable[[Demand], Served]
"""Says which points are served."""
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
    homes: Demand
    reached: Served
    left_out: Values


def _tally(check: Check, homes: Demand, within: Within, known: Marks) -> _Tally:
    reached = within(homes)
    codes = np.where(known[homes.codes], homes.codes, -1)
    return _Tally(
        check.totals(codes, np.where(reached.served & reached.known, homes.weight, 0.0)),
        check.totals(codes, np.where(reached.known, homes.weight, 0.0)),
        homes,
        reached,
        check.totals(codes[~reached.known]),
    )


def share_served(
    check: Check,
    within: Within,
    *,
    numerator: Text,
    layers: Sequence[LayerSpec] = (),
    reach_m: float = 0.0,
    people: str = "households",
    meta: Mapping[str, object],
) -> Outcome:
    """Give the share of homes that are served, percent, per place.

    Where buildings are known they are the homes; elsewhere sample points of the ground stand in, and the place is a
    proxy. Grids of which a layer covers too little are unknown; the whole is then all others together.

    Args:
        check: the check.
        within: says which homes are served.
        numerator: what the served homes are called.
        layers: what was measured from.
        reach_m: how far outside a grid a thing of them still counts, metres.
        people: "households" or "residents".
        meta: parameters to tell.
    """
    known = check.known(*layers, reach_m=reach_m)
    homes = check.homes(people)
    built = check.built & known
    built[-1] = built[:-1].any() and bool((check.built | ~known)[:-1].all())
    by_building = _tally(check, homes, within, known) if homes is not None and built.any() else None
    by_ground = _tally(check, check.samples, within, known) if not built.all() else None
    chosen = [one for one in (by_building if ok else by_ground for ok in built) if one is not None]
    above, below = (np.array([getattr(one, side)[at] for at, one in enumerate(chosen)]) for side in ("above", "below"))
    found = Outcome(
        quotient(above, below, per=100),
        [_status(one, place) for place, one in enumerate(chosen)],
        PERCENT,
        [one.homes.words for one in chosen],
        numerator,
        above,
        below,
        limit=required_share(check),
        missing=[_missing(one, place) for place, one in enumerate(chosen)],
        failing=_unserved(by_building, known),
        meta=meta,
    )
    return check.where_known(found, *layers, reach_m=reach_m, summed=True)


def _status(found: _Tally, place: int) -> str:
    status = found.homes.status
    return "partial" if status == "ready" and found.left_out[place] else status


def _missing(found: _Tally, place: int) -> Text | None:
    left = int(found.left_out[place])
    if found.below[place] == 0:
        return NO_WALK if left else NOBODY
    what = Text("处取样点", "points of the ground") if found.homes.ids is None else Text("栋住宅", "homes")
    out = Text(f"{left:,} {what.zh}离路网太远，步行距离", f"the walk of {left:,} {what.en} far from the streets")
    return both(found.homes.missing, out if left else None)


def _unserved(found: _Tally | None, known: Marks) -> tuple[Things, ...]:
    if found is None or found.homes.ids is None:
        return ()
    reached = found.reached
    left = (
        reached.known
        & ~reached.served
        & (np.nan_to_num(found.homes.weight) > 0)
        & (found.homes.codes >= 0)
        & known[found.homes.codes]
    )
    return (Things(BUILDINGS.key, found.homes.ids[left], found.homes.codes[left]),)
