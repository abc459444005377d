"""The corridor test: does anything stand in a strip along a line, where along it, and how much width is left.

A lane must keep a clear width. Its centre line is widened by half of that width to a corridor with flat ends, and no
thing may reach into it by more than a tolerance: what only touches the corridor's edge does not obstruct. Each straight
piece of a line has coordinates along (u) and across (v); things are cut with the corridor of the piece, so that
where a stretch begins and ends is exact. At a bend the outer wedge between two pieces belongs to the corridor too
(rounded corner): a thing there stands at the bend.

The width left is that of the widest straight strip beside the things, parallel to the line, in every interval in which
the same things stand; the smallest of them counts for a stretch.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.lanes.clear_width import clear_widths
from geo.lanes.pieces import Pieces, Wedges, cut, pieces_of, wedges_of

TOLERANCE_M = 0.01
"""Up to this far a thing touches and does not obstruct: drawings are kept to the centimetre."""
COLUMNS = ("line", "thing", "from_m", "to_m", "intrusion_m", "side", "clear_m")
_DECIMALS = 6
_AREA = 2

Floats = NDArray[np.float64]


class Stretches(NamedTuple):
    """Obstructed stretches of lines, one row for each stretch of a line and a thing in it.

    ``table`` has ``line`` and ``thing`` (their row numbers), ``from_m`` and ``to_m`` along the line, ``intrusion_m``
    (how far the thing reaches into the corridor, from its nearest edge), ``side`` ("left", "right", "both", or
    "across" the centre line, seen along the line) and ``clear_m`` (width that all things together leave); sorted by
    line and place.
    """

    table: pd.DataFrame
    meta: Mapping[str, object]


def obstructed_stretches(
    lines: ArrayLike,
    half_width_m: float,
    things: ArrayLike,
    *,
    carriageway_m: ArrayLike | None = None,
    tolerance_m: float = TOLERANCE_M,
) -> Stretches:
    """Find where things reach into the corridor along lines.

    Args:
        lines: n (multi-)line strings in a CRS in metres; null and empty ones have no stretches.
        half_width_m: half of the clear width.
        things: m valid geometries in the same CRS: areas, walls (lines) or points. A point, or a wall straight across,
            has no length along the line: its stretch ends where it begins.
        carriageway_m: full width of each line's carriageway, NaN where unknown; the width left is looked for inside it.
            Where it is unknown, inside the corridor: then at least so much is left.
        tolerance_m: a thing that reaches into the corridor by no more only touches it.

    Returns:
        The stretches, metres along each line from its first point (parts of a multi-line follow each other).

    Raises:
        ValueError: a half width that is not more than 0, or a negative tolerance.
    """
    if not half_width_m > 0 or tolerance_m < 0:
        msg = "the half width must be more than 0 and the tolerance not below 0"
        raise ValueError(msg)
    shapes = np.asarray(lines, dtype=object).ravel()
    bodies = np.asarray(things, dtype=object).ravel()
    wide = np.full(len(shapes), np.nan) if carriageway_m is None else np.asarray(carriageway_m, dtype=float)
    pieces, edge = pieces_of(shapes), np.where(wide > 0, wide / 2, half_width_m)
    hits = _hits(pieces, half_width_m, bodies, tolerance_m)
    corners = _corner_hits(wedges_of(pieces, half_width_m), half_width_m, bodies, tolerance_m)
    found = _merged(pd.concat([hits, corners], ignore_index=True), bodies, tolerance_m)
    if len(found):
        spots = hits[hits["to_m"] - hits["from_m"] <= tolerance_m]
        clear = clear_widths(found, pieces, edge, bodies, spots=spots, tolerance_m=tolerance_m)
        outside = edge[found["line"].to_numpy()] + half_width_m - found["intrusion_m"].to_numpy()
        found["clear_m"] = np.where(np.isnan(clear), outside, clear)
    meta = {
        "method": "corridor test",
        "half_width_m": half_width_m,
        "tolerance_m": tolerance_m,
        "ends": "flat",
        "bends": "outer corner rounded",
        "clear_width": "widest straight strip parallel to the line in each interval of the same things",
    }
    rounded = found.assign(**{name: found[name].round(_DECIMALS) for name in COLUMNS if name.endswith("_m")})
    return Stretches(rounded[list(COLUMNS)], meta)


def _hits(pieces: Pieces, half_m: float, bodies: NDArray[np.object_], tolerance_m: float) -> pd.DataFrame:
    """Parts of things in the corridor of each straight piece."""
    rows, thing = shapely.STRtree(bodies).query(pieces.shapes, predicate="dwithin", distance=half_m)
    whole = (np.zeros(len(rows)), pieces.length[rows])
    parts = cut(pieces, rows, bodies[thing], between=whole, half=np.full(len(rows), half_m))
    row = rows[parts.pair]
    near = np.maximum(np.maximum(parts.v_low, -parts.v_high), 0.0)  # 0 where it crosses the centre line
    u_low, u_high = (np.clip(u, 0.0, pieces.length[row]) for u in (parts.u_low, parts.u_high))
    found = pd.DataFrame(
        {
            "line": pieces.line[row],
            "thing": thing[parts.pair],
            "from_m": pieces.station[row] + u_low,
            "to_m": pieces.station[row] + u_high,
            "intrusion_m": np.round(half_m - near, _DECIMALS),
            "is_left": parts.v_high > 0,
            "is_right": parts.v_low < 0,
            "is_corner": False,
            "row": row,
            "u": u_low,
        }
    )
    kept: pd.DataFrame = found.loc[found["intrusion_m"] > tolerance_m]
    return kept


def _corner_hits(wedges: Wedges, half_m: float, bodies: NDArray[np.object_], tolerance_m: float) -> pd.DataFrame:
    """Things in the rounded outer corners of bends."""
    row, thing = shapely.STRtree(bodies).query(wedges.shapes, predicate="intersects")
    body = shapely.intersection(bodies[thing], wedges.shapes[row])
    found = pd.DataFrame(
        {
            "line": wedges.line[row],
            "thing": thing,
            "from_m": wedges.station[row],
            "to_m": wedges.station[row],
            "intrusion_m": np.round(half_m - shapely.distance(wedges.points[row], body), _DECIMALS),
            "is_left": wedges.is_left[row],
            "is_right": ~wedges.is_left[row],
            "is_corner": True,
            "row": -1,
            "u": 0.0,
        }
    )
    whole = shapely.get_dimensions(body) == shapely.get_dimensions(bodies[thing])
    kept: pd.DataFrame = found.loc[whole & (found["intrusion_m"].to_numpy() > tolerance_m)]
    return kept


def _merged(found: pd.DataFrame, bodies: NDArray[np.object_], tolerance_m: float) -> pd.DataFrame:
    """Join what follows on each other for the same line and thing; an area without length only touches a flat end."""
    found = found.sort_values(["line", "thing", "from_m", "to_m"], kind="stable", ignore_index=True)
    pair = found.groupby(["line", "thing"], sort=False).ngroup().to_numpy()
    reach = found.groupby(pair, sort=False)["to_m"].cummax().to_numpy()
    begins = np.ones(len(found), dtype=bool)
    begins[1:] = (pair[1:] != pair[:-1]) | (found["from_m"].to_numpy()[1:] > reach[:-1] + tolerance_m)
    ends = {"line": "first", "thing": "first", "from_m": "min", "to_m": "max", "intrusion_m": "max"}
    marks = dict.fromkeys(("is_left", "is_right", "is_corner", "is_across"), "any")
    found["is_across"] = found["is_left"] & found["is_right"]
    whole = found.groupby(np.cumsum(begins), sort=False).agg(ends | marks)
    areal = shapely.get_dimensions(bodies[whole["thing"].to_numpy()]) == _AREA
    long = (whole["to_m"] - whole["from_m"]).to_numpy() > tolerance_m
    kept = whole[~areal | long | whole["is_corner"].to_numpy(dtype=bool)]
    sides = [kept["is_across"], kept["is_left"] & kept["is_right"], kept["is_left"]]
    side = np.select([one.to_numpy(dtype=bool) for one in sides], ["across", "both", "left"], default="right")
    sided: pd.DataFrame = kept.assign(side=pd.array(side, dtype="str"), clear_m=0.0)
    return sided.sort_values(["line", "from_m", "to_m", "thing"], kind="stable", ignore_index=True)


def covered_length(line: ArrayLike, from_m: ArrayLike, to_m: ArrayLike, count: int) -> Floats:
    """Give the length of each line that stretches cover, what they share counted once.

    Args:
        line: row number of the line of each stretch.
        from_m: where the stretches begin, metres.
        to_m: where they end.
        count: number of lines.

    Returns:
        Metres, shape (count,).
    """
    row = np.asarray(line, dtype=np.int64)
    begin, end = np.asarray(from_m, dtype=float), np.asarray(to_m, dtype=float)
    order = np.lexsort([begin, row])
    begin, end, row = begin[order], end[order], row[order]
    # Lines are laid one behind the other on one axis, so that what is covered of one does not reach into the next.
    lift = row * (2.0 * float(end.max(initial=0.0)) + 1.0)
    behind = np.r_[-np.inf, np.maximum.accumulate(end + lift)[:-1]] - lift if len(end) else end
    new = np.maximum(end - np.maximum(begin, behind), 0.0)
    return np.bincount(row, weights=new, minlength=count)[:count].astype(float)
