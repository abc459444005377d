"""How far it is to the nearest thing that answers: in a straight line, and on foot where streets are known.

The two are different quantities and always named. What a standard asks decides which one is judged (column
``distance`` of the table of indicators); the other stands beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.coverage import within_m
from geo.text import Text
from layers import LayerSpec
from layers.catalog import BUILDINGS, CATALOG, GRIDS, PARKS, STREETS
from reports.demand import Demand
from reports.health.check import Check
from reports.health.finding import Marks, Outcome, Things, Values, both, some_words
from reports.health.kinds import kind_words, layers_answering, of_kind
from reports.health.served import Served, Within, share_served
from reports.health.walking import walked_within
from reports.service.services import area_m2, said_no_entry

STRAIGHT = Text("直线距离", "straight-line distance")
ON_FOOT = Text("沿路网的步行距离", "walking distance along the streets")
BESIDE_STRAIGHT = Text("按直线距离的占比（%）", "share by the straight line, %")
BESIDE_WALKING = Text("按步行距离的占比（%）", "share on foot, %")
SERVED_STRAIGHT = Text("直线 {m} m 内的", "within {m} m in a straight line")
SERVED_WALKING = Text("步行 {m} m 内的", "within {m} m on foot")
INSTEAD = Text(
    "没有可用的路网，以直线距离代替步行距离", "no street network here: the straight line stands in for the walk"
)


@dataclass(frozen=True)
class Targets:
    """Things that answer an indicator.

    Attributes:
        shapes: their geometries.
        layers: the layers that they were looked for in.
        words: what they are.
        kept: how many there are of the kind before those that are too small were left out.
        unsized: how many of them have no known size and were left out for that.
        unopened: of how many it is not known whether the public may enter; they count.
    """

    shapes: NDArray[np.object_]
    layers: tuple[LayerSpec, ...]
    words: Text
    kept: int
    unsized: int = 0
    unopened: int = 0

    def __len__(self) -> int:
        return len(self.shapes)

    @property
    def missing(self) -> Text | None:
        """What is not known of them."""
        size = Text(f"{self.unsized:,} 处场地的面积，未计入", f"sizes of {self.unsized:,} grounds, which do not count")
        door = Text(
            f"{self.unopened:,} 处是否对外开放，按开放计",
            f"whether {self.unopened:,} are open to the public; they count",
        )
        return both(size if self.unsized else None, door if self.unopened else None)


def targets(check: Check, answer: str) -> Targets:
    """Give the things that answer an indicator: of the kind, not said to be closed, and where it asks for land, large enough."""
    keys = [key for key in answering_layers(check, answer) if key in check.ws]
    least = check.smallest_m2(answer)
    parts = [_of_layer(check, answer, key, least) for key in keys]
    shapes = np.concatenate([part.shapes for part in parts]) if parts else np.zeros(0, dtype=object)
    sums = [sum(getattr(part, name) for part in parts) for name in ("kept", "unsized", "unopened")]
    return Targets(shapes, tuple(CATALOG[key] for key in keys), kind_words(check.ws, answer), *sums)


def _of_layer(check: Check, answer: str, key: str, least: float) -> Targets:
    table = check.ws[key]
    chosen = of_kind(check.ws, answer, key) & ~said_no_entry(table)
    chosen &= ~(table.geometry.isna() | table.geometry.is_empty).to_numpy()
    opened = table["open_to_public"] if "open_to_public" in table and key != PARKS.key else None
    unopened = 0 if opened is None else int((chosen & opened.isna().to_numpy()).sum())
    kept, unsized = int(chosen.sum()), 0
    if key == PARKS.key and not np.isnan(least):
        area = area_m2(table)
        unsized = int((chosen & np.isnan(area)).sum())
        chosen &= area >= least
    return Targets(table.geometry.to_numpy()[chosen], (CATALOG[key],), Text("", ""), kept, unsized, unopened)


def answering_layers(check: Check, answer: str) -> list[str]:
    """List the layers where the things of an indicator are: those of its kinds, else those that its row names first."""
    named = str(check.rows.loc[answer, "layers"]).split("|")
    return layers_answering(check.ws, answer) or [key for key in named if key not in {BUILDINGS.key, GRIDS.key}]


def radius_of(check: Check, answer: str) -> float:
    """Distance that an indicator asks for, metres; the far end of a range."""
    limit = check.thresholds[answer]
    return limit.high if limit.comparison == "range" else limit.value


def not_recorded(check: Check, answer: str, found: Targets) -> Text:
    """Say what is missing where nothing answers: the layer, or any thing of the kind in it."""
    if not found.layers:
        return check.lacking(*answering_layers(check, answer)) or found.words
    if found.kept:
        return Text("场地的面积", "sizes of the grounds") if found.unsized == found.kept else found.words
    words = Text(
        "没有登记{what}；是没有还是未登记，无从得知",
        "nothing is recorded as {what}; whether there is none, or it was not recorded, cannot be known",
    )
    return words.format(what=found.words)


def within_radius(
    check: Check, answer: str, needed: Sequence[Targets], radius_m: float, *, people: str = "households"
) -> Outcome:
    """Give the share of homes with each of the needed things within a distance, by the way that the indicator asks for.

    The rim counts. Where the walk is asked for and no street network is known, the straight line stands in as a
    proxy: it is never longer than the walk, so that it flatters.
    """
    meta = {"radius_m": radius_m, "targets": sum(map(len, needed)), "rim": "inclusive"}
    layers = tuple(dict.fromkeys(layer for one in needed for layer in one.layers))
    lines = [straight_within(one.shapes, radius_m) for one in needed]
    shares = partial(share_served, check, reach_m=radius_m, people=people, meta=meta)
    by_line = shares(every(lines), numerator=_served(SERVED_STRAIGHT, radius_m), layers=layers)
    walks = [walked_within(check, one.shapes, radius_m) for one in needed]
    feet = [one for one in walks if one is not None]
    by_foot = None
    if feet:
        by_foot = shares(every(feet), numerator=_served(SERVED_WALKING, radius_m), layers=(*layers, STREETS))
    found = chosen_way(str(check.rows.loc[answer, "distance"]), by_line, by_foot)
    return _doubted(found, needed)


def _doubted(found: Outcome, needed: Sequence[Targets]) -> Outcome:
    """Take back the verdicts that rest on what is not known of the things.

    One that may be closed counts, so that a place may seem better than it is and cannot meet; one whose size is not
    known does not count, so that a place may seem worse and cannot fail.
    """
    for one in needed:
        found = found.saying(missing=one.missing)
    holds = found.limit.holds(found.value) if found.limit else np.zeros(len(found.value), dtype=bool)
    if any(one.unopened for one in needed):
        found = replace(found.but("partial"), judged=found.judged & ~holds)
    if any(one.unsized for one in needed):
        found = replace(found.but("partial"), judged=found.judged & holds)
    return found


def every(ways: Sequence[Within]) -> Within:
    """Say which homes are served by all."""

    def within(homes: Demand) -> Served:
        found = [way(homes) for way in ways]
        return Served(
            np.logical_and.reduce([one.served for one in found]), np.logical_and.reduce([one.known for one in found])
        )

    return within


def straight_within(shapes: NDArray[np.object_], radius_m: ArrayLike) -> Within:
    """Say which homes have a shape within a distance (one for all, or one of each shape) in a straight line."""

    def within(homes: Demand) -> Served:
        return Served(within_m(homes.x, homes.y, shapes, radius_m), np.isfinite(homes.x) & np.isfinite(homes.y))

    return within


def _served(words: Text, radius_m: float) -> Text:
    return words.format(m=f"{radius_m:g}")


def chosen_way(way: str, by_line: Outcome, by_foot: Outcome | None) -> Outcome:
    """Put the share that is asked for first and the other beside it."""
    if way == "straight":
        beside = {} if by_foot is None else {"walk_percent": (BESIDE_WALKING, _alike(by_foot, by_line))}
        return replace(by_line.saying(note=STRAIGHT), beside=beside, meta={**by_line.meta, "way": "straight"})
    if by_foot is None:
        return replace(
            by_line, status="proxy", note=INSTEAD, meta={**by_line.meta, "way": "straight, for want of streets"}
        )
    return _where_walked(by_line, by_foot)


def _where_walked(by_line: Outcome, by_foot: Outcome) -> Outcome:
    """Take the walk where it is known, else the straight line as a proxy."""
    walked = ~np.isnan(by_foot.value)
    status = [one if ok else "proxy" for one, ok in zip(by_foot.statuses(), walked, strict=True)]
    chosen = zip(walked, range(len(walked)), strict=True)
    missing = [some_words((by_foot if ok else by_line).missing, place) for ok, place in chosen]
    return replace(
        by_foot,
        value=np.where(walked, by_foot.value, by_line.value),
        above=_either(walked, by_foot.above, by_line.above),
        below=_either(walked, by_foot.below, by_line.below),
        status=status,
        denominator=[_word((by_foot if ok else by_line), place) for place, ok in enumerate(walked)],
        missing=missing,
        note=[ON_FOOT if ok else INSTEAD for ok in walked],
        failing=_failing(by_line, by_foot, walked),
        beside={"straight_percent": (BESIDE_STRAIGHT, _alike(by_line, by_foot))},
        meta={**by_foot.meta, "way": "walk"},
    )


def _alike(other: Outcome, first: Outcome) -> Values:
    """Give the values of the other way; not of the whole where the two are known for different grids."""
    same = np.array_equal(np.isnan(other.value[:-1]), np.isnan(first.value[:-1]))
    return other.value if same else np.append(other.value[:-1], np.nan)


def _either(walked: Marks, first: Values | None, second: Values | None) -> Values | None:
    return None if first is None or second is None else np.where(walked, first, second)


def _word(found: Outcome, place: int) -> Text:
    word = some_words(found.denominator, place)
    assert word is not None
    return word


def _failing(by_line: Outcome, by_foot: Outcome, walked: Marks) -> tuple[Things, ...]:
    kept = [one._replace(ids=one.ids[walked[one.codes]], codes=one.codes[walked[one.codes]]) for one in by_foot.failing]
    kept += [
        one._replace(ids=one.ids[~walked[one.codes]], codes=one.codes[~walked[one.codes]]) for one in by_line.failing
    ]
    return tuple(kept)
