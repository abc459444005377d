"""What one tiling says about another: parents by area, and counts spread over other polygons."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.areal import shared_areas
from geo.tiling import nesting


def best_parents(children: gpd.GeoSeries, parents: gpd.GeoSeries) -> pd.Series:
    """Name the parent that holds the largest share of each child.

    Args:
        children: polygons in metres by grid id.
        parents: polygons in the same CRS by grid id.

    Returns:
        Parent ids by child id, null where a child meets none.
    """
    best = nesting(children.to_numpy(), parents.to_numpy())["parent"].to_numpy()
    ids = pd.Series(parents.index, index=range(len(parents)), dtype="str")
    return pd.Series(ids.reindex(best).to_numpy(), index=children.index, dtype="str")


def apportioned(counts: ArrayLike, parts: gpd.GeoSeries, wholes: gpd.GeoSeries) -> pd.Series:
    """Spread counts of one tiling over another by area, the sum kept to the last person.

    Each part is spread evenly over the ground that it shares with any whole (areal weighting), so
    nobody is lost where the tilings differ at the rim. Fractions are rounded by largest remainder,
    ties to the first.

    Args:
        counts: whole numbers, one a part, shape (n,).
        parts: n polygons in metres.
        wholes: m polygons in the same CRS.

    Returns:
        Int64 counts with the index of ``wholes``.

    Raises:
        ValueError: a part with people shares no ground with any whole.
    """
    part, whole, area = shared_areas(parts.to_numpy(), wholes.to_numpy())
    reached = np.bincount(part, weights=area, minlength=len(parts))
    people = np.asarray(counts, dtype=float)
    if people[reached == 0].any():
        msg = f"{np.count_nonzero(people[reached == 0])} parts with people share no ground with any whole"
        raise ValueError(msg)
    share = people[part] * area / reached[part]
    exact = np.bincount(whole, weights=share, minlength=len(wholes)).astype(float)
    return pd.Series(_rounded(exact), index=wholes.index, dtype="Int64")


def _rounded(exact: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round so that the sum stays: the largest remainders go up."""
    low = np.floor(exact)
    missing = round(exact.sum() - low.sum())
    low[np.argsort(low - exact, kind="stable")[:missing]] += 1
    return low.astype(np.int64)


def valid(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Mend broken outlines by structure, so that a ring never becomes a ground of its own."""
    mended = shapes.copy()
    broken = ~shapes.is_valid
    mended[broken] = shapely.make_valid(shapes[broken].to_numpy(), method="structure", keep_collapsed=False)
    return mended
