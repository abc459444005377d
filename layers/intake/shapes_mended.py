"""Outlines that cross themselves, made valid by their structure: only small ones, and only if the user says so."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.text import Text
from layers.intake.source import Source

MOST_CORNERS = 500
"""An outline with more corners is drawn anew, not repaired: it takes minutes and the result is nobody's plan."""
MOST_CROSSINGS = 20
"""An outline that crosses itself more often is no slip of a pen."""
MOST_SHAPES = 1_000
"""Broken outlines of one table that are looked at; with more the whole table is drawn wrong."""
_ROUNDING = 1e-9
_HALF_ROUND = 180.0
REDRAW = Text(
    "不能自动修复（错处或顶点太多，或洞在图形之外）：请在制图软件中重画后再入库",
    "it cannot be repaired (too many faults or corners, or a hole outside): draw it anew in a mapping program and take it in again",
)


class Mended(NamedTuple):
    """A valid shape in the place of a broken one, and its area before and after, square metres."""

    shape: shapely.Geometry
    before_m2: float
    after_m2: float

    @property
    def change(self) -> Text:
        """Say how the area changes."""
        was, now = f"{self.before_m2:,.1f}", f"{self.after_m2:,.1f}"
        return Text(f"面积由 {was} 变为 {now} 平方米", f"its area goes from {was} to {now} square metres")


def mended(shape: shapely.Geometry) -> Mended | None:
    """Make an area valid by its structure: rings stay rings, nothing collapses into lines.

    Args:
        shape: a polygon or several in a CRS in metres, not valid.

    Returns:
        None if the shape is beyond the limits, or if no area would be left, or some outside its outlines.
    """
    if shapely.get_num_coordinates(shape) > MOST_CORNERS or _crossings(shape) > MOST_CROSSINGS:
        return None
    whole = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if shapely.get_dimensions(whole) != 2 or not shapely.area(whole) or not shapely.is_valid(whole):  # noqa: PLR2004 (areas)
        return None
    outlines = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(shape)))
    filled = shapely.union_all(shapely.make_valid(outlines, method="structure", keep_collapsed=False))
    if shapely.area(whole) > shapely.area(filled) * (1 + _ROUNDING):  # a courtyard outside would become a house
        return None
    return Mended(whole, float(shapely.area(shape)), float(shapely.area(whole)))


def _crossings(shape: shapely.Geometry) -> int:
    """Count pairs of sides that cross, not those that only meet."""
    rings = shapely.get_rings(shape)
    sides = [shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)) for xy in map(shapely.get_coordinates, rings)]
    lines = np.concatenate(sides)
    return len(shapely.STRtree(lines).query(lines, predicate="crosses")[0]) // 2


def consent(one: Mended) -> Text:
    """Say what to do with a shape that could be repaired."""
    words = Text(
        "在制图软件中改正；或同意自动修复（命令行加 --repair-shapes，导入页勾选“修复自相交的面”）：{change}",
        "mend it in a mapping program, or agree to the repair (--repair-shapes, or the tick on the Import page): {change}",
    )
    return words.format(change=one.change)


def around_the_earth(source: Source) -> NDArray[np.bool_]:
    """Tell which shapes in degrees are wider than half the Earth: they lie across the line of 180 degrees."""
    found = np.zeros(len(source.rows), dtype=bool)
    if source.geometry is None or not _in_degrees(source.crs):
        return found
    box = shapely.bounds(source.geometry)
    with np.errstate(invalid="ignore"):
        found[box[:, 2] - box[:, 0] > _HALF_ROUND] = True
    return found


def _in_degrees(said: str | None) -> bool:
    from pyproj import CRS  # noqa: PLC0415 (only with a CRS)
    from pyproj.exceptions import CRSError  # noqa: PLC0415 (only with a CRS)

    try:
        return said is not None and CRS.from_user_input(said).is_geographic
    except CRSError:  # the coordinate doctor says so
        return False
