"""The width that things leave along a line: the widest straight strip beside them in each interval of the same things."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.lanes.pieces import Pieces, cut

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_SAME = 1e-6  # metres along the line that are no difference


def clear_widths(
    stretches: pd.DataFrame,
    pieces: Pieces,
    edge_m: Floats,
    bodies: NDArray[np.object_],
    *,
    spots: pd.DataFrame,
    tolerance_m: float,
) -> Floats:
    """Give the smallest width left anywhere in each stretch.

    Args:
        stretches: ``line``, ``from_m``, ``to_m``.
        pieces: the lines taken apart.
        edge_m: half of the width of each line in which the things stand and room is looked for.
        bodies: the things.
        spots: ``row`` (piece) and ``u`` (metres along it) of things without length along the line.
        tolerance_m: a spot is looked at this far to both sides.

    Returns:
        Metres, NaN where no interval lies in a stretch (a thing outside a bend).
    """
    wanted = np.flatnonzero(np.isin(pieces.line, stretches["line"].to_numpy()))
    at, thing = shapely.STRtree(bodies).query(
        pieces.shapes[wanted], predicate="dwithin", distance=edge_m[pieces.line[wanted]]
    )
    rows = wanted[at]
    slots = _slots(pieces, rows, edge_m, bodies[thing])
    around = pd.DataFrame({"row": spots["row"], "low": spots["u"] - tolerance_m, "high": spots["u"] + tolerance_m})
    slots = pd.concat([slots, around.astype({"row": "int64"})], ignore_index=True)
    width = _strip_left(slots, pieces, edge_m, bodies, pairs=(rows, thing))
    return _least(stretches, slots, pieces, width, tolerance_m=tolerance_m)


def _slots(pieces: Pieces, rows: Integers, edge_m: Floats, bodies: NDArray[np.object_]) -> pd.DataFrame:
    """Give the intervals of pieces (``row``, ``low``, ``high``) in which the same things stand."""
    length = pieces.length[rows]
    parts = cut(pieces, rows, bodies, between=(np.zeros(len(rows)), length), half=edge_m[pieces.line[rows]])
    row = np.r_[rows[parts.pair], rows[parts.pair]]
    u = np.clip(np.r_[parts.u_low, parts.u_high], 0.0, pieces.length[row])
    marks = pd.DataFrame({"row": row, "u": u.round(9)}).drop_duplicates().sort_values(["row", "u"])
    row, u = marks["row"].to_numpy(), marks["u"].to_numpy()
    same = row[1:] == row[:-1]
    return pd.DataFrame({"row": row[:-1][same], "low": u[:-1][same], "high": u[1:][same]})


def _strip_left(
    slots: pd.DataFrame,
    pieces: Pieces,
    edge_m: Floats,
    bodies: NDArray[np.object_],
    *,
    pairs: tuple[Integers, Integers],
) -> Floats:
    """Width of the widest strip beside all things of each interval."""
    near = pd.DataFrame({"row": pairs[0], "thing": pairs[1]})
    both = slots.assign(slot=np.arange(len(slots))).merge(near, on="row", sort=False)
    rows = both["row"].to_numpy()
    u = (both["low"].to_numpy(dtype=float), both["high"].to_numpy(dtype=float))
    parts = cut(pieces, rows, bodies[both["thing"].to_numpy()], between=u, half=edge_m[pieces.line[rows]])
    number, limit = np.arange(len(slots)), edge_m[pieces.line[slots["row"].to_numpy()]]
    group = np.r_[both["slot"].to_numpy()[parts.pair], number, number]
    low, high = np.r_[parts.v_low, -limit, limit], np.r_[parts.v_high, -limit, limit]
    order = np.lexsort([low, group])
    group, low, high = group[order], low[order], high[order]
    # Groups are laid side by side on one axis, so that the running maximum of one does not reach into the next.
    lift = group * (4.0 * float(limit.max(initial=1.0)) + 1.0)
    behind = np.maximum.accumulate(high + lift) - lift
    gap = np.where(group[1:] == group[:-1], low[1:] - behind[:-1], 0.0)
    widest = np.zeros(len(slots))
    np.maximum.at(widest, group[1:], gap)
    return widest


def _least(
    stretches: pd.DataFrame, slots: pd.DataFrame, pieces: Pieces, width: Floats, *, tolerance_m: float
) -> Floats:
    """Smallest width of the intervals that lie in each stretch; a spot has those around it."""
    row = slots["row"].to_numpy()
    found = pd.DataFrame({"line": pieces.line[row], "clear_m": width})
    found["low"], found["high"] = (pieces.station[row] + slots[end].to_numpy() for end in ("low", "high"))
    spot = (stretches["to_m"] - stretches["from_m"]).to_numpy() <= tolerance_m
    slack = np.where(spot, tolerance_m, 0.0) + _SAME
    ends = pd.DataFrame(
        {
            "line": stretches["line"].to_numpy(),
            "stretch": np.arange(len(stretches)),
            "begin": stretches["from_m"].to_numpy() - slack,
            "end": stretches["to_m"].to_numpy() + slack,
        }
    )
    both = ends.merge(found, on="line", sort=False)
    inside = both[(both["low"] >= both["begin"]) & (both["high"] <= both["end"])]
    least = np.full(len(stretches), np.nan)
    smallest = inside.groupby("stretch")["clear_m"].min()
    least[smallest.index.to_numpy()] = smallest.to_numpy()
    return least
