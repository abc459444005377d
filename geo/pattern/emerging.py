"""New, growing, steady or fading: emerging hot spots.

Gi* of each step of time, with the place, its neighbours, and all of them at the step before as neighbourhood; then
the categories of Esri's Emerging Hot Spot Analysis in a fixed order, the first that fits wins. "Hot" is a step
with z at or above the critical value, "cold" one at or below its negative; the trend is that of z (Mann-Kendall).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.pattern.neighbours import Neighbours
from geo.pattern.told import Meta, told
from geo.pattern.trend import mann_kendall
from geo.text import Text

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LEAST_STEPS = 10
"""Steps from which the categories mean anything."""
CRITICAL = 1.959963984540054
"""z of a two-sided test at 5 %."""
SHARE = 0.9
KINDS = (
    "new", "consecutive", "intensifying", "persistent", "diminishing", "sporadic", "oscillating", "historical",
)  # fmt: skip
"""Categories in the order in which they are tried."""
NONE = "no pattern"
NEIGHBOURHOOD = Text(
    "邻域为本单元与邻居的本时段和上一时段",
    "neighbourhood: the place and its neighbours at this step and the one before",
)
ORDER = Text("按固定顺序取第一个符合的类别", "the first category that fits, in a fixed order")
TOO_SHORT = Text("时段不足，不分类", "too few steps to tell categories")


class Emerging(NamedTuple):
    """Categories of n places: ``category`` such as "new hot spot", ``trend_z`` of their z, ``z`` by step (n, steps)."""

    category: NDArray[np.str_]
    trend_z: Floats
    z: Floats
    meta: Meta


def space_time_z(values: ArrayLike, neighbours: Neighbours) -> Floats:
    """Give Gi* of each place and step against all places and steps.

    Args:
        values: shape (n, steps), all finite or a whole row NaN (it takes no part).
        neighbours: of the n places.

    Returns:
        Shape (n, steps), NaN where nothing can be told.
    """
    table = np.asarray(values, dtype=float)
    rows = np.isfinite(table).all(axis=1)
    kept, x = neighbours.among(rows), table[rows]
    now = kept.sums(x) + x
    before = np.column_stack([np.zeros(len(x)), now[:, :-1]])
    many = (kept.degree + 1)[:, None] * np.where(np.arange(x.shape[1]) > 0, 2, 1)
    n = x.size
    error = x.std() if n else 0.0
    found = np.full(table.shape, np.nan)
    if n > 1 and error > 1e-12 * np.abs(x).max():
        with np.errstate(divide="ignore", invalid="ignore"):
            found[rows] = (now + before - x.mean() * many) / (error * np.sqrt((n * many - many**2) / (n - 1)))
    found[~np.isfinite(found)] = np.nan
    return found


def emerging_hot_spots(
    values: ArrayLike, neighbours: Neighbours, *, critical: float = CRITICAL, least: int = LEAST_STEPS
) -> Emerging:
    """Tell of each place how its hot or cold spot came about.

    Args:
        values: shape (n, steps), see ``space_time_z``.
        neighbours: of the n places.
        critical: z from which a step is hot (or cold, below its negative).
        least: steps from which categories are told; with fewer the category is "".
    """
    z = space_time_z(values, neighbours)
    enough = z.shape[1] >= least
    trend, category = categories(z, critical=critical)
    meta = told(
        "emerging_hot_spot", source="Esri, Emerging Hot Spot Analysis; Ord and Getis 1995; Mann 1945",
        conventions=[NEIGHBOURHOOD, ORDER], warnings=[None if enough else TOO_SHORT],
        critical=critical, share=SHARE, steps=z.shape[1], least=least,
    )  # fmt: skip
    return Emerging(category if enough else np.full(len(z), "", dtype=category.dtype), trend, z, meta)


def categories(
    z: ArrayLike, *, critical: float = CRITICAL, trend_critical: float = CRITICAL, share: float = SHARE
) -> tuple[Floats, NDArray[np.str_]]:
    """Give the z of the trend and the category of each series of Gi* z, shape (n, steps).

    Args:
        z: by place and step; a row with NaN has the category "".
        critical: z from which a step is hot.
        trend_critical: z of the trend from which it rises or falls.
        share: share of the steps that must be hot for the lasting categories.
    """
    table = np.atleast_2d(np.asarray(z, dtype=float))
    trend = mann_kendall(table, least=1).z
    found = np.full(len(table), NONE, dtype="<U24")
    tests = {
        heat: _tests(sign * table, sign * trend, critical=critical, trend_critical=trend_critical, share=share)
        for heat, sign in (("hot spot", 1.0), ("cold spot", -1.0))
    }
    for kind in reversed(KINDS):  # the first one wins, so it is written last
        for heat, fits in tests.items():
            found[fits[kind]] = f"{kind} {heat}"
    unknown = np.isnan(table).any(axis=1)
    found[unknown] = ""
    return np.where(unknown, np.nan, trend), found


def _tests(z: Floats, trend: Floats, *, critical: float, trend_critical: float, share: float) -> dict[str, Bools]:
    """Which places fit each category, as if "hot" were the only heat."""
    hot, cold = z >= critical, z <= -critical
    last, before = hot[:, -1], hot[:, :-1]
    run = np.cumprod(hot[:, ::-1], axis=1).sum(axis=1)  # length of the hot run at the end
    often = hot.mean(axis=1) >= share - 1e-12
    lasting = often & last
    rises, falls = trend >= trend_critical, trend <= -trend_critical
    ever_cold = cold.any(axis=1)
    return {
        "new": last & ~before.any(axis=1),
        "consecutive": last & (run > 1) & (hot.sum(axis=1) == run) & ~often,
        "intensifying": lasting & rises,
        "persistent": lasting & ~rises & ~falls,
        "diminishing": lasting & falls,
        "sporadic": last & ~often & ~ever_cold,
        "oscillating": last & ~often & ever_cold,
        "historical": often & ~last,
    }
