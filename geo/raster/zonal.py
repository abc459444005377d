"""Statistics of a raster per polygon, each cell weighed by the part of it that lies in the polygon.

Nothing is assigned by the middle of a cell: see ``geo.raster.runs``. The raster is read in windows of whole rows of
tiles, so memory does not grow with it. Sums of counts use the parts, so polygons that tile the raster share its total;
a mean is the sum over the summed parts, so a density keeps its size whatever the cell. What has no value is left out
and its share is told. Polygons may overlap; each is counted by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.raster.opening import opened_raster
from geo.raster.runs import Borders, Runs, Window, borders, runs_in
from geo.raster.source import Source, require_same_crs, windows_over

Floats = NDArray[np.float64]
STATISTICS = ("count", "sum", "mean", "min", "max", "variance")
"""What ``zonal_statistics`` can give; ``unknown_share`` comes with all."""
_SUMMED = frozenset({"sum", "mean", "variance"})


class Zonal(NamedTuple):
    """Statistics per polygon, a row each in their order, and how they were made."""

    table: pd.DataFrame
    meta: Mapping[str, object]


def zonal_statistics(
    source: Source | Path, polygons: ArrayLike, crs: object, *, statistics: Sequence[str] = ("count", "sum", "mean")
) -> Zonal:
    """Give statistics of the cells under polygons, weighed by the covered part of each cell.

    Args:
        source: a GeoTIFF, whose first band is taken, or values that can be read by window.
        polygons: n (multi)polygons in the CRS of the source; they may overlap.
        crs: the CRS of the polygons.
        statistics: of ``STATISTICS``. ``count``: cells with a value, parts of cells added up. ``variance``: of the
            population, weighed by the parts. ``min`` and ``max`` look at every cell that is touched by an area.

    Returns:
        A row for each polygon: the statistics, NaN where no cell with a value is touched (``count`` is 0 there), and
        ``unknown_share``, the part of the polygon's area where the raster says nothing (outside it, or no data).

    Raises:
        CrsError: source and polygons have different CRS, or the source has none.
        DataError: no GeoTIFF, rotated, or too large.
    """
    areas = np.asarray(polygons, dtype=object).ravel()
    with opened_source(source, crs) as values:
        tally = _Tally(len(areas), frozenset(statistics))
        for runs, cells in covered(values, areas):
            tally.add(runs, cells)
        known = known_part(tally.count, areas, values.head.cell)
    table = pd.DataFrame({name: tally.of(name) for name in STATISTICS if name in statistics})
    table["unknown_share"] = 1 - known
    return Zonal(table, _meta(values.head.cell, statistics))


def _meta(cell: tuple[float, float], statistics: Sequence[str]) -> Mapping[str, object]:
    return MappingProxyType(
        {
            "method": "exact parts of cells, runs along rows",
            "statistics": tuple(statistics),
            "cell": cell,
            "conventions": "cells without a value left out; population variance; overlapping polygons each by itself",
        }
    )


def zonal_sum(path: Path, polygons: ArrayLike, crs: object) -> Floats:
    """Add up a raster of counts (such as residents per cell) over polygons.

    A cell on the border counts with the part of its area inside the polygon, so that polygons
    which tile the raster share its total exactly. Cells without data are left out.

    Args:
        path: GeoTIFF whose first band holds counts per cell.
        polygons: n (multi)polygons.
        crs: the CRS of the polygons; it must be that of the raster (``raster_crs``).

    Returns:
        Sums, shape (n,); NaN for a polygon that touches no cell with data.

    Raises:
        CrsError: raster and polygons have different CRS, or the raster has none.
        DataError: no GeoTIFF, rotated, or too large.
    """
    found: Floats = zonal_statistics(path, polygons, crs, statistics=("sum",)).table["sum"].to_numpy(dtype=np.float64)
    return found


@contextmanager
def opened_source(source: Source | Path, crs: object) -> Iterator[Source]:
    """Open what values are read from, and make sure that it is in the CRS of the polygons.

    Raises:
        CrsError: it is not.
        DataError: no GeoTIFF, rotated, or too large.
    """
    if not isinstance(source, Path):
        require_same_crs(source.head, "-", crs)
        yield source
        return
    with opened_raster(source) as raster:
        require_same_crs(raster.head, source.name, crs)
        yield raster


def covered(source: Source, polygons: NDArray[np.object_]) -> Iterator[tuple[Runs, Floats]]:
    """Go over the windows that polygons touch: the runs of cells under them, and the values as one row."""
    head = source.head
    edges = borders(polygons, (head.place.c, head.place.f), head.cell)
    for window in _touched(source, edges):
        runs = runs_in(edges, window)
        if len(runs.zone):
            yield runs, source.part(window).ravel()


def _touched(source: Source, edges: Borders) -> Iterator[Window]:
    if not len(edges.zone):
        return iter(())
    rows = (float(edges.v0.min()), float(edges.v0.max()))
    return windows_over(source.head, rows, (float(edges.u0.min()), float(edges.u0.max())))


def known_part(count: Floats, polygons: NDArray[np.object_], cell: tuple[float, float]) -> Floats:
    """Give the part of each polygon's area where cells have values, 0 to 1; NaN for a polygon without area."""
    area = shapely.area(polygons) / (cell[0] * cell[1])
    found = np.divide(count, area, out=np.full(len(count), np.nan), where=area > 0)
    part: Floats = np.minimum(found, 1.0)
    return part


class _Tally:
    """Sums that grow window by window."""

    def __init__(self, zones: int, wanted: frozenset[str]) -> None:
        self.wanted = wanted
        self.shift = np.nan  # values are summed from here, so that squares do not swallow their differences
        self.count, self.total, self.squares = np.zeros(zones), np.zeros(zones), np.zeros(zones)
        self.low, self.high = np.full(zones, np.inf), np.full(zones, -np.inf)

    def add(self, runs: Runs, values: Floats) -> None:
        """Count a window: ``values`` is one row of all its cells."""
        known = np.isfinite(values)
        whole = bool(known.all())
        long = np.flatnonzero(runs.end - runs.start > 1)
        long = long[np.argsort(runs.start[long], kind="stable")]
        over = _Over(runs, long, len(values))
        self.count += self._by_zone(runs, runs.end - runs.start if whole else over.counts(known))
        if self.wanted & _SUMMED:
            self._sum(runs, over, values, known if not whole else None)
        if "min" in self.wanted:
            np.minimum.at(
                self.low, runs.zone, over.of(np.minimum, values if whole else np.where(known, values, np.inf))
            )
        if "max" in self.wanted:
            np.maximum.at(
                self.high, runs.zone, over.of(np.maximum, values if whole else np.where(known, values, -np.inf))
            )

    def _sum(self, runs: Runs, over: "_Over", values: Floats, known: NDArray[np.bool_] | None) -> None:
        """Add values up, and their squares if wanted; ``known`` is None where all are."""
        squares = "variance" in self.wanted
        if np.isnan(self.shift) and (known is None or known.any()):
            self.shift = float(values.mean() if known is None else values[known].mean()) if squares else 0.0
        shifted = values - self.shift if self.shift else values
        if known is not None:
            shifted = np.where(known, shifted, 0.0)
        self.total += self._by_zone(runs, over.of(np.add, shifted))
        if squares:
            self.squares += self._by_zone(runs, over.of(np.add, shifted * shifted))

    def _by_zone(self, runs: Runs, each: NDArray[np.float64] | NDArray[np.int64]) -> Floats:
        total: Floats = np.bincount(runs.zone, weights=each * runs.part, minlength=len(self.count)).astype(np.float64)
        return total

    def of(self, name: str) -> Floats:
        """Give a statistic of each zone."""
        empty = self.count == 0
        count = np.where(empty, np.nan, self.count)
        mean = self.total / count
        found = {
            "count": self.count,
            "sum": self.total + np.nan_to_num(self.shift) * count,
            "mean": mean + np.nan_to_num(self.shift),
            "min": np.where(empty, np.nan, self.low),
            "max": np.where(empty, np.nan, self.high),
            "variance": np.maximum(self.squares / count - mean**2, 0.0),
        }
        one: Floats = found[name]
        return one


class _Over:
    """Adds up, or compares, the values of runs: single cells by looking them up, longer runs in one go."""

    def __init__(self, runs: Runs, long: NDArray[np.intp], cells: int) -> None:
        reach = runs.end[long] == cells  # an end behind the last cell is no place that ``reduceat`` knows
        long, self.at_end = long[~reach], long[reach]
        self.start, self.long = runs.start, long
        self.ends = np.empty(2 * len(long), dtype=np.int64)
        self.ends[::2], self.ends[1::2] = runs.start[long], runs.end[long]
        self.last = runs.end

    def of(self, how: np.ufunc, values: Floats) -> Floats:
        """Give the sum, or the lowest or highest value, of each run."""
        found = values[self.start]
        if len(self.long):
            found[self.long] = how.reduceat(values, self.ends)[::2]
        for run in self.at_end:
            found[run] = how.reduce(values[self.start[run] : self.last[run]])
        return found

    def counts(self, known: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Give the known cells of each run."""
        before = np.append(0, np.cumsum(known))
        many: NDArray[np.int64] = before[self.last] - before[self.start]
        return many
