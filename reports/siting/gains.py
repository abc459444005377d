"""Who gains by new sites: by grid, place by place, and who is out of reach of every candidate."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.measure import totals
from layers import Workspace
from layers.places import grid_ids
from reports.siting.siting import Siting
from reports.siting.wants import Bools, Floats


def grid_gains(ws: Workspace, found: Siting, level: int | None = None) -> pd.DataFrame:
    """Give what is served before and after by grid of a level: name, known, before, after, gained, percents."""
    grids = ws.grids(level)
    codes = found.wants.places.codes[ws.finest if level is None else level]
    each, known = found.wants.weight, found.wants.known

    def total(mark: Bools) -> Floats:
        return totals(codes[mark], len(grids), each[mark]).per_group

    seen, before, after = total(known), total(known & found.wants.before), total(known & found.after)
    share = np.where(seen > 0, seen, np.nan)
    return pd.DataFrame(
        {
            "name": grids["name"].to_numpy(), "known": seen, "before": before, "after": after,
            "gained": after - before, "before_percent": 100 * before / share, "after_percent": 100 * after / share,
        },
        index=grids.index,
    )  # fmt: skip


def gainers(ws: Workspace, found: Siting, level: int | None = None) -> pd.DataFrame:
    """List the places that are served only after: name, grid_id, ways before and after, and what is known of them."""
    return _places(ws, found, np.flatnonzero(found.after & ~found.wants.before & found.wants.known), level)


def uncoverable(ws: Workspace, found: Siting, level: int | None = None) -> pd.DataFrame:
    """List the places that no candidate reaches, as ``gainers`` does, those with most people first."""
    return _places(ws, found, found.uncoverable, level)


def _places(ws: Workspace, found: Siting, rows: NDArray[np.int64], level: int | None) -> pd.DataFrame:
    places = found.wants.places
    table = pd.DataFrame({"name": places.names.to_numpy()[rows]}, index=places.ids[rows])
    if ws.levels:
        codes = places.codes[ws.finest if level is None else level][rows]
        table["grid_id"] = grid_ids(codes, ws.grids(level), table.index)
    for key, metres in (("before_m", found.wants.metres), ("after_m", found.after_m)):
        table[key] = np.where(np.isfinite(metres[rows]), metres[rows], np.nan)
    for key, amount in places.amounts.items():
        if amount.known:
            table[key] = amount.each[rows]
    return table


def points_of(found: Siting) -> NDArray[np.object_]:
    """Give the places as points, for maps; None without a place."""
    x, y = found.wants.places.x, found.wants.places.y
    spots = np.full(len(x), None, dtype=object)
    placed = np.isfinite(x) & np.isfinite(y)
    spots[placed] = shapely.points(x[placed], y[placed])
    return spots
