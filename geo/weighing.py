"""Which way to read coordinates the evidence supports, by a rule with numbers.

1. The share of distinct places inside the boundary (widened by ``evidence.BUFFER_M``) is the fit of a reading;
   without a boundary it is 1 if the numbers lie in the area of use of the reading's CRS, else 0.
2. Readings within ``MARGIN`` of the best fit remain; so the share alone decides only where a wrong reading
   loses a quarter of the places, which an offset map does in a community and does not in a city.
3. If exactly one remaining reading stands out on a trusted layer (``evidence.Peak``), it is right. If several do,
   nobody knows.
4. Otherwise the only remaining reading is right if its fit is at least ``LEAST_FIT``, from at least ``FEWEST``
   places.
5. A declaration that remains breaks a tie, unless it is plain WGS 84 in China, which many tools write of
   anything. One that does not remain is contradicted: the user is asked.
   Other declarations are kept from a fit of ``LEAST_DECLARED`` on, as data often reach beyond the boundary.
6. The datum and the projection of undeclared metres in China cannot be seen from the boundary for sure (Xian 1980
   and Beijing 1954 look like CGCS2000): the user is asked, unless rule 3 holds to some 20 m.

7. Degrees rounded to two decimals or fewer do not show the offset of a map either.

A reading is taken for certain by shares alone and is wrong only if more than a quarter of the places truly
lie outside the boundary and come to lie inside by the error.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely

from geo.candidates import Box, Hypothesis, Numbers, in_china
from geo.conversion import converted, degrees_box
from geo.datum import RECTANGLE
from geo.declared import Declared, outside_area_of_use
from geo.errors import CrsError
from geo.evidence import Peak, Trusted, distinct, outline, peak, share_inside
from geo.text import Text

LEAST_FIT = 0.7
"""Least share of places inside the boundary for a reading to be believed."""
LEAST_DECLARED = 0.1
"""Least share inside for a declared system, if nothing fits better."""
COARSE_M = 60.0
"""Ground error of rounded degrees above which the offsets of maps (300 m and more) cannot be told by shares."""
MARGIN = 0.25
"""By how much a reading must fit better than another to exclude it."""
FEWEST = 8
"""Distinct places without which shares decide nothing between undeclared readings."""
_SAME_M = 0.01  # readings that differ by less are one


class Ground(NamedTuple):
    """What is known already: the workspace CRS, its boundary polygons, and trusted layers in the same CRS."""

    crs: str
    boundary: Sequence[object] = ()
    trusted: Sequence[Trusted] = ()


class Scene(NamedTuple):
    """The ground made ready for tests: outline, where it lies in degrees, and layers as search trees."""

    crs: str
    whole: shapely.Geometry | None
    place: Box | None
    trees: tuple[tuple[Text, shapely.STRtree], ...]

    @property
    def chinese(self) -> bool:
        """Tell whether it lies where maps may be offset; unknown places count as such."""
        if self.place is None:
            return True
        west, south, east, north = RECTANGLE
        return self.place[0] <= east and self.place[2] >= west and self.place[1] <= north and self.place[3] >= south


def scene_of(ground: Ground) -> Scene:
    """Make the ground ready for tests; empty shapes are left out, broken outlines repaired."""
    whole = outline(ground.boundary)
    layers = [(one.name, np.asarray(one.shapes, dtype=object).ravel()) for one in ground.trusted]
    trees = tuple(
        (name, shapely.STRtree(shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]))
        for name, shapes in layers
    )
    known = [*([] if whole is None else [whole]), *(shape for _, tree in trees for shape in tree.geometries)]
    bounds = tuple(shapely.total_bounds(known).tolist()) if known else None
    return Scene(ground.crs, whole, degrees_box(bounds, ground.crs), trees)


class Candidate(NamedTuple):
    """A reading with its evidence: fit 0 to 1, its share inside if there is a boundary, and how it lies on layers."""

    hypothesis: Hypothesis
    fit: float
    inside: float | None
    peaks: tuple[tuple[Text, Peak], ...]
    east: Numbers
    north: Numbers

    @property
    def stands_out(self) -> bool:
        """Tell whether a trusted layer supports it as only true places can."""
        return any(one.stands_out for _, one in self.peaks)

    @property
    def is_sharp(self) -> bool:
        """Tell whether a trusted layer supports it to some 20 m."""
        return any(one.is_sharp for _, one in self.peaks)


class Choice(NamedTuple):
    """What the rule gives: "certain", "contradicted", "tie", "datum", "few" or "nothing", and the readings in question."""

    kind: str
    leading: tuple[Candidate, ...]


def weigh(readings: Sequence[Hypothesis], x: Numbers, y: Numbers, scene: Scene) -> tuple[Candidate, ...]:
    """Gather the evidence for each reading; those without a conversion and repetitions are left out.

    Args:
        readings: ways to read the numbers, the preferred one of equals first.
        x: first column, distinct places.
        y: second column, same length.
        scene: what to test against.

    Returns:
        Best first; layers are asked only about readings that the boundary does not exclude.
    """
    found: list[Candidate] = []
    for reading in readings:
        try:
            east, north = converted(reading, x, y, scene.crs, place=scene.place)
        except CrsError:
            continue  # systems without parameters: examine() says what they need
        if np.isfinite(east).any() and not any(_same(one, east, north) for one in found):
            found.append(_fitted(reading, (x, y), (east, north), scene))
    best = max((one.fit for one in found), default=0.0)
    found = [one._replace(peaks=_peaks(one, scene)) if one.fit > best - MARGIN else one for one in found]
    return tuple(sorted(found, key=lambda one: (not one.stands_out, -round(one.fit, 2))))


def _same(one: Candidate, east: Numbers, north: Numbers) -> bool:
    far = np.hypot(one.east - east, one.north - north)
    return bool(np.isfinite(far).any() and np.nanmax(far) < _SAME_M)


def _fitted(
    reading: Hypothesis, given: tuple[Numbers, Numbers], placed: tuple[Numbers, Numbers], scene: Scene
) -> Candidate:
    if scene.whole is not None:
        inside = share_inside(scene.whole, *placed)
        return Candidate(reading, inside, inside, (), *placed)
    return Candidate(reading, float(not outside_area_of_use(reading, *given)), None, (), *placed)


def _peaks(one: Candidate, scene: Scene) -> tuple[tuple[Text, Peak], ...]:
    found = ((name, peak(tree, one.east, one.north)) for name, tree in scene.trees)
    return tuple((name, how) for name, how in found if how is not None)


def sample(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Choose distinct places that stand for all rows; 0,0 and rows without numbers are left out."""
    good = np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0))
    usual, turned = good & in_china(x, y), good & in_china(y, x)
    many, few = np.count_nonzero(usual), np.count_nonzero(turned)
    if many != few:
        good &= ~(turned if many > few else usual)  # single rows the other way round are told one by one
    rows = np.flatnonzero(good)
    rows = rows[distinct(x[rows], y[rows])]
    return x[rows], y[rows]


def choose(
    found: Sequence[Candidate], said: Declared | None, *, chinese: bool, places: int, coarse_m: float = 0.0
) -> Choice:
    """Apply the rule.

    Args:
        found: what ``weigh`` gave.
        said: what the file declares.
        chinese: the workspace lies where maps are offset.
        places: number of distinct places.
        coarse_m: ground error of the numbers if they are degrees.

    Returns:
        The choice; its leading reading comes first.
    """
    remain = [one for one in found if one.fit > found[0].fit - MARGIN or one.stands_out] if found else []
    standing = [one for one in remain if one.stands_out]
    remain = standing or remain
    declared = [one for one in remain if agrees(one.hypothesis, said)]
    trusted = said is not None and not (said.weak and chinese)
    least = LEAST_DECLARED if trusted and declared else LEAST_FIT
    if not standing and max((one.fit for one in remain), default=0.0) < least:
        return Choice("nothing", tuple(found))
    if coarse_m > COARSE_M and chinese and not trusted and not standing and remain[0].hypothesis.crs == "EPSG:4326":
        best = remain[0].hypothesis
        alike = [one for one in found if (one.hypothesis.crs, one.hypothesis.swapped) == (best.crs, best.swapped)]
        return Choice("tie", tuple(alike))
    if said is None:
        return _undeclared(remain, chinese=chinese, places=places)
    if not declared:
        return Choice("contradicted", tuple(remain))
    if len(remain) == 1 or (len(declared) == 1 and trusted and not standing):
        return Choice("certain", tuple(declared))
    return Choice("tie", tuple(remain))


def _undeclared(remain: list[Candidate], *, chinese: bool, places: int) -> Choice:
    """Judge the readings that are left when nothing was said."""
    best = remain[0]
    if len(remain) > 1:
        return Choice("tie", tuple(remain))
    if chinese and best.hypothesis.key.startswith("EPSG:"):
        return Choice("certain" if best.is_sharp else "datum", (best,))
    return Choice("certain" if best.stands_out or places >= FEWEST else "few", (best,))


def agrees(reading: Hypothesis, said: Declared | None) -> bool:
    """Tell whether a reading is what was declared, or in the datum that was declared without more."""
    if said is None:
        return False
    if said.hypothesis is not None:
        return reading.key == said.hypothesis.key
    return reading.origin == ("wgs84" if said.datum == "cgcs2000" else said.datum)
