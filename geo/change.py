"""What changed between two states: of counts, of a table by id, of a point pattern.

A ratio of two counts comes with its exact interval: given their sum, one of two Poisson counts is binomial (Przyborowski
and Wilenski 1940), and the binomial has the interval of Clopper and Pearson (1934). Its p is twice the smaller tail, so
that the interval leaves out 1 exactly where p is below 1 less the level. Two looks at one stock share what stayed;
there only what came and what left is left to chance. Which counts may be called different is then asked for all grids at once
(Benjamini and Hochberg 1995).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.pattern.adjustment import benjamini_hochberg

Floats = NDArray[np.float64]
GEOMETRY = "geometry"
ADDED, REMOVED, CHANGED, SAME = KINDS = ("added", "removed", "changed", "same")


class Ratio(NamedTuple):
    """A ratio with its interval and the p of "no difference", each of shape (n,); NaN where there is nothing to compare."""

    ratio: Floats
    low: Floats
    high: Floats
    p: Floats


def count_ratio(
    after: ArrayLike,
    before: ArrayLike,
    *,
    exposure_after: ArrayLike = 1.0,
    exposure_before: ArrayLike = 1.0,
    level: float = 0.95,
) -> Ratio:
    """Give the ratio of the rates of two counts of separate events.

    Args:
        after: counts, shape (n,).
        before: counts, shape (n,).
        exposure_after: what the later ones are counted over (days, residents), above zero.
        exposure_before: the same of the earlier ones.
        level: confidence, 0 to 1.

    Returns:
        The ratio, infinite from zero, NaN of nothing; its interval reaches 0 or infinity where a count is zero.
    """
    later, earlier = (np.asarray(one, dtype=float) for one in np.broadcast_arrays(after, before))
    over = np.asarray(exposure_before, dtype=float) / np.asarray(exposure_after, dtype=float)
    low, high, p = _binomial(later, later + earlier, 1 / (1 + over), level)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Ratio(later / earlier * over, low / (1 - low) * over, high / (1 - high) * over, p)


def stock_ratio(stayed: ArrayLike, came: ArrayLike, left: ArrayLike, *, level: float = 0.95) -> Ratio:
    """Give how a stock changed, later by earlier, with an interval of what came and left; what stayed is in both.

    Args:
        stayed: things in the stock both times, shape (n,).
        came: things in the later stock only.
        left: things in the earlier stock only.
        level: confidence, 0 to 1.
    """
    kept, new, gone = (np.asarray(one, dtype=float) for one in np.broadcast_arrays(stayed, came, left))
    moved = new + gone
    low, high, p = _binomial(new, moved, 0.5, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = [(kept + moved * one) / (kept + moved * (1 - one)) for one in (low, high)]
        ratio = (kept + new) / (kept + gone)
    still = (moved == 0) & (kept > 0)
    return Ratio(ratio, np.where(still, 1.0, ends[0]), np.where(still, 1.0, ends[1]), np.where(still, 1.0, p))


def _binomial(part: Floats, whole: Floats, share: ArrayLike, level: float) -> tuple[Floats, Floats, Floats]:
    """Give Clopper and Pearson's interval of a share, and twice the smaller tail under a given share."""
    from scipy.special import bdtr, betaincinv  # noqa: PLC0415 (heavy)

    tail = (1 - level) / 2
    known = whole > 0
    hit, number = np.where(known, part, 0.0), np.where(known, whole, 1.0)
    low = np.where(hit > 0, betaincinv(np.maximum(hit, 1), number - hit + 1, tail), 0.0)
    high = np.where(hit < number, betaincinv(hit + 1, np.maximum(number - hit, 1), 1 - tail), 1.0)
    chance = np.broadcast_to(np.asarray(share, dtype=float), hit.shape)
    down = bdtr(hit, number.astype(np.int64), chance)
    up = np.where(hit > 0, 1 - bdtr(np.maximum(hit - 1, 0), number.astype(np.int64), chance), 1.0)
    p = np.minimum(2 * np.minimum(down, up), 1.0)
    return tuple(np.where(known, one, np.nan) for one in (low, high, p))  # type: ignore[return-value]


class TableChange(NamedTuple):
    """What became of each thing.

    ``rows`` by id of either table: ``kind`` (one of ``KINDS``), ``columns`` (names of what changed, parted by commas),
    ``moved_m`` (how far, metres; NaN without both shapes), ``area_m2`` and ``length_m`` (later less earlier).
    """

    rows: pd.DataFrame
    meta: Mapping[str, object]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of each kind."""
        found = self.rows["kind"].value_counts()
        return {kind: int(found.get(kind, 0)) for kind in KINDS}


def table_change(
    before: pd.DataFrame, after: pd.DataFrame, *, columns: Sequence[str] | None = None, tolerance_m: float = 0.0
) -> TableChange:
    """Compare two states of a table, row by row of one id.

    Args:
        before: indexed by a unique id; shapes in metres in ``geometry``, if it has any.
        after: the same later.
        columns: which columns count, ``geometry`` among them; None for all that both have.
        tolerance_m: a shape that moved no farther is where it was.

    Returns:
        Rows of both; "changed" is what differs in a column or moved. Two unknown values are equal. The distance of two
        shapes is Hausdorff's: how far the farthest corner of one is from the other.

    Raises:
        ValueError: an id stands twice.
    """
    for table in (before, after):
        if not table.index.is_unique:
            msg = f"ids must be unique, found {table.index[table.index.duplicated()][0]} twice"
            raise ValueError(msg)
    both = before.index.intersection(after.index, sort=False)
    names = [one for one in (before.columns if columns is None else columns) if one in after and one in before]
    named = [one for one in names if one != GEOMETRY]
    differs = np.array([_differs(before.loc[both, one], after.loc[both, one]) for one in named], dtype=bool)
    differs = differs.reshape(len(named), len(both))
    said = [",".join(name for name, one in zip(named, row, strict=True) if one) for row in differs.T]
    found = pd.DataFrame({"columns": pd.Series(said, index=both, dtype="str")}, index=both)
    found = found.assign(**_moves(before, after, both))
    # A shape that came or went counts as moved, though nobody can say how far.
    moved = ((found["moved_m"] > tolerance_m) | found.pop("came_or_went")) & (columns is None or GEOMETRY in columns)
    found.insert(0, "kind", np.where((found["columns"] != "") | moved, CHANGED, SAME))
    gone, new = (
        pd.DataFrame({"kind": kind, "columns": ""}, index=one.index.difference(both, sort=False))
        for one, kind in ((before, REMOVED), (after, ADDED))
    )
    parts = [part for part in (found, new, gone) if len(part)]
    rows = pd.concat(parts).sort_index() if parts else found
    meta = {"method": "difference by id, Hausdorff distance", "columns": tuple(named), "tolerance_m": tolerance_m}
    return TableChange(rows.reindex(columns=["kind", "columns", "moved_m", "area_m2", "length_m"]), meta)


def _differs(before: pd.Series, after: pd.Series) -> NDArray[np.bool_]:
    one, other = before.to_numpy(dtype=object), after.to_numpy(dtype=object)
    unknown, later = pd.isna(one), pd.isna(other)
    known = ~unknown & ~later
    differs = unknown != later
    differs[known] = [a != b for a, b in zip(one[known], other[known], strict=True)]
    return np.asarray(differs)


def _moves(before: pd.DataFrame, after: pd.DataFrame, both: pd.Index) -> dict[str, NDArray[np.generic]]:
    nothing = np.full(len(both), np.nan)
    if GEOMETRY not in before or GEOMETRY not in after or not len(both):
        came = np.zeros(len(both), dtype=bool)
        return {"moved_m": nothing, "area_m2": nothing, "length_m": nothing, "came_or_went": came}
    one, other = (table.loc[both, GEOMETRY].to_numpy(dtype=object) for table in (before, after))
    placed, later = (shapely.is_geometry(part) & ~shapely.is_empty(part) for part in (one, other))
    moved = np.where(shapely.equals_identical(one, other), 0.0, shapely.hausdorff_distance(one, other))
    return {
        "moved_m": moved,
        "area_m2": shapely.area(other) - shapely.area(one),
        "length_m": shapely.length(other) - shapely.length(one),
        "came_or_went": placed != later,
    }


class PatternChange(NamedTuple):
    """How a point pattern shifted.

    ``shift_m`` and ``bearing_deg`` (clockwise from north) lead from the earlier centre to the later; ``spread_before_m``
    and ``spread_after_m`` are standard distances. ``cells`` has a row a cell: ``before``, ``after``, ``ratio`` of its
    shares of all with ``low`` and ``high``, ``p`` and ``p_adjusted``; ``similarity`` is the share of cells whose share did
    not change beyond chance.
    """

    shift_m: float
    bearing_deg: float
    spread_before_m: float
    spread_after_m: float
    cells: pd.DataFrame
    similarity: float
    meta: Mapping[str, object]


def pattern_change(
    before: tuple[ArrayLike, ArrayLike, ArrayLike],
    after: tuple[ArrayLike, ArrayLike, ArrayLike],
    size: int,
    *,
    level: float = 0.95,
) -> PatternChange:
    """Compare where points lay with where they lie, apart from how many there are (after Andresen 2009).

    Args:
        before: x and y in metres and the cell of each point (0 to size - 1, -1 for none), each of shape (n,).
        after: the same of the later points.
        size: how many cells.
        level: confidence of each interval; 1 less it is the share of false findings that is borne.
    """
    (bx, by, bc), (ax, ay, ac) = (tuple(np.asarray(part, dtype=float) for part in one) for one in (before, after))
    was, now = (np.bincount(one[one >= 0].astype(np.int64), minlength=size).astype(float) for one in (bc, ac))
    found = count_ratio(now, was, exposure_after=max(now.sum(), 1), exposure_before=max(was.sum(), 1), level=level)
    cells = pd.DataFrame({"before": was, "after": now, **found._asdict(), "p_adjusted": benjamini_hochberg(found.p)})
    asked = cells["p"].notna()
    similar = float((cells["p_adjusted"][asked] >= 1 - level).mean()) if asked.any() else float("nan")
    east, north = _centre(ax) - _centre(bx), _centre(ay) - _centre(by)
    return PatternChange(
        float(np.hypot(east, north)),
        float(np.degrees(np.arctan2(east, north)) % 360),
        _spread(bx, by),
        _spread(ax, ay),
        cells,
        similar,
        {"method": "exact conditional test of shares by cell", "level": level, "cells": size, "seed": None},
    )


def _centre(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _spread(x: Floats, y: Floats) -> float:
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return float("nan")
    return float(np.sqrt(np.var(x[known]) + np.var(y[known])))
