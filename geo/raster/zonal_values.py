"""What a raster's values are under polygons: shares of classes, the commonest class, quantiles.

Each cell weighs as much as the part of it in the polygon, as in ``geo.raster.zonal``.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.errors import DataError, Problem
from geo.findings import value_found
from geo.raster.runs import Runs
from geo.raster.source import Source
from geo.raster.zonal import Floats, covered, known_part, opened_source
from geo.text import Text

MOST_CLASSES = 256
"""A raster with more different values holds measurements, no classes."""
_AT_ONCE = 2_000_000  # cells looked at at once
_BINS = 4_000_000  # counters held at once while quantiles are looked for
_DIGITS = 11  # bits of a value that are settled in one reading, at most
_ROUNDING = 1e-12
HALF, WHOLE = 32, 64
"""Bits of a number in single and in double precision."""
Bits = NDArray[np.uint64]


class ZonalShares(NamedTuple):
    """Share of each class in the part of each polygon that has values, a row each; the commonest class; how made.

    ``shares`` has a column for each class, in order, and adds up to 1 (NaN where nothing is known); ``majority`` is the
    class with the largest share, the lower one of equals, NaN where nothing is known; ``unknown_share`` is the part of
    the polygon's area without a value.
    """

    shares: pd.DataFrame
    majority: Floats
    unknown_share: Floats
    meta: Mapping[str, object]


def zonal_shares(source: Source | Path, polygons: ArrayLike, crs: object) -> ZonalShares:
    """Give the shares of classes under polygons, by area.

    Args:
        source: a GeoTIFF whose first band holds whole numbers that stand for classes, or values read by window.
        polygons: n (multi)polygons in the CRS of the source; they may overlap.
        crs: the CRS of the polygons.

    Raises:
        CrsError: source and polygons have different CRS, or the source has none.
        DataError: no GeoTIFF, rotated or too large; values that are no classes.
    """
    areas = np.asarray(polygons, dtype=object).ravel()
    sums: dict[float, Floats] = {}
    with opened_source(source, crs) as opened:
        name = source.name if isinstance(source, Path) else "-"
        for runs, values in covered(opened, areas):
            for zone, value, part in _cells(runs, values):
                _count(sums, (zone, value, part), len(areas), name)
        codes = sorted(sums)
        amount = np.column_stack([sums[code] for code in codes]) if codes else np.zeros((len(areas), 0))
        total = amount.sum(axis=1)
        unknown = 1 - known_part(total, areas, opened.head.cell)
    some = np.where(total > 0, total, np.nan)
    majority = np.full(len(areas), np.nan)
    if codes:
        majority = np.where(total > 0, np.array(codes)[amount.argmax(axis=1)], np.nan)
    table = pd.DataFrame(amount / some[:, None], columns=[int(code) for code in codes])
    return ZonalShares(table, majority, unknown, _meta("shares of classes by exact parts of cells"))


def _count(sums: dict[float, Floats], cells: tuple[NDArray[np.int64], Floats, Floats], zones: int, name: str) -> None:
    """Add cells to the sums of their classes.

    Raises:
        DataError: too many different values, or some that are no whole numbers.
    """
    zone, value, part = cells
    codes, at = np.unique(value, return_inverse=True)
    broken = codes[codes != np.round(codes)]
    if len(broken) or len(sums.keys() | set(codes.tolist())) > MOST_CLASSES:
        found = (
            value_found(float(broken[0]))
            if len(broken)
            else Text(f"{len(codes):,} 个不同的值", f"{len(codes):,} different values")
        )
        wanted = Text(
            f"至多 {MOST_CLASSES} 个整数类别码", f"at most {MOST_CLASSES} whole numbers that stand for classes"
        )
        remedy = Text(
            "在 standards/rasters.csv 中改正这个栅格的用途", "correct in standards/rasters.csv what this raster holds"
        )
        raise DataError([Problem("raster_classes", "error", name, None, None, found, wanted, remedy)])
    counts = np.bincount(at * zones + zone, weights=part, minlength=len(codes) * zones).reshape(len(codes), zones)
    for code, row in zip(codes.tolist(), counts, strict=True):
        sums[code] = sums.get(code, np.zeros(zones)) + row


def zonal_quantiles(
    source: Source | Path, polygons: ArrayLike, crs: object, *, shares: Sequence[float] = (0.5,)
) -> pd.DataFrame:
    """Give quantiles of the values under polygons: the lowest value that at least this share of the area does not exceed.

    No value is made up between two cells, and none is rounded: a value's bits are settled from the highest to the
    lowest, some in each reading of the raster (radix selection), so memory does not grow with the raster.

    Args:
        source: a GeoTIFF, whose first band is taken, or values read by window.
        polygons: n (multi)polygons in the CRS of the source; they may overlap.
        crs: the CRS of the polygons.
        shares: from 0 to 1; 0.5 gives the median.

    Returns:
        A row for each polygon and a column for each share, NaN where no cell with a value is touched.

    Raises:
        CrsError: source and polygons have different CRS, or the source has none.
        DataError: no GeoTIFF, rotated, or too large.
    """
    areas = np.asarray(polygons, dtype=object).ravel()
    with opened_source(source, crs) as opened:
        search = _Search(len(areas), shares, narrow=_fits_in_32_bits(opened))
        while not search.done:
            search.begin()
            for runs, values in covered(opened, areas):
                for zone, value, part in _cells(runs, values):
                    search.add(zone, value, part)
            search.settle()
    return pd.DataFrame(dict(zip(map(float, shares), search.values(), strict=True)))


def _fits_in_32_bits(source: Source) -> bool:
    head = source.head
    return np.can_cast(np.dtype(head.dtype), np.float32) and (head.scale, head.offset) == (1.0, 0.0)


class _Search:
    """Narrows down the bits of the wanted value of each zone; values sort as their keys do."""

    def __init__(self, zones: int, shares: Sequence[float], *, narrow: bool) -> None:
        self.zones, self.shares = zones, np.asarray(shares, dtype=float)
        self.bits = HALF if narrow else WHOLE
        self.left = self.bits
        self.digits = int(np.clip(np.log2(max(_BINS // max(zones * len(self.shares), 1), 2)), 4, _DIGITS))
        self.found = np.zeros((len(self.shares), zones), dtype=np.uint64)
        self.below: Floats = np.zeros((len(self.shares), zones))
        self.total: Floats | None = None

    @property
    def done(self) -> bool:
        return self.left == 0

    def begin(self) -> None:
        """Start a reading that settles the next bits."""
        self.now = min(self.digits, self.left)
        self.bins = np.zeros((len(self.shares), self.zones << self.now))

    def add(self, zone: NDArray[np.int64], value: Floats, part: Floats) -> None:
        """Count cells whose settled bits are those of their zone."""
        key = self._keys(value)
        digit = ((key >> np.uint64(self.left - self.now)) & np.uint64((1 << self.now) - 1)).astype(np.int64)
        above = key >> np.uint64(self.left) if self.left < WHOLE else np.zeros_like(key)
        for number, settled in enumerate(self.found):
            mine = above == settled[zone]
            place = (zone[mine] << self.now) + digit[mine]
            self.bins[number] += np.bincount(place, weights=part[mine], minlength=self.bins.shape[1])

    def settle(self) -> None:
        """Choose the next bits: the first at which enough of the area is reached."""
        sums = self.bins.reshape(len(self.shares), self.zones, -1).cumsum(axis=2)
        if self.total is None:
            self.total = sums[0, :, -1].copy()
        wanted = self.shares[:, None] * self.total * (1 - _ROUNDING) - self.below
        enough = (sums >= wanted[:, :, None]) & (sums > 0)
        digit = np.where(enough.any(axis=2), enough.argmax(axis=2), sums.argmax(axis=2))
        before = np.take_along_axis(sums, np.maximum(digit - 1, 0)[:, :, None], axis=2)[:, :, 0]
        self.below += np.where(digit > 0, before, 0.0)
        self.found = (self.found << np.uint64(self.now)) | digit.astype(np.uint64)
        self.left -= self.now

    def _keys(self, value: Floats) -> Bits:
        real = value + 0.0  # makes one zero of two
        raw: Bits = (
            real.astype(np.float32).view(np.uint32).astype(np.uint64) if self.bits == HALF else real.view(np.uint64)
        )
        top, every = self._marks()
        return np.where((raw & top) > 0, raw ^ every, raw | top)

    def _marks(self) -> tuple[np.uint64, np.uint64]:
        """Give the highest bit, and all bits, of a value."""
        return np.uint64(1 << (self.bits - 1)), np.uint64((1 << self.bits) - 1)

    def values(self) -> Floats:
        """Give the values that were found, shape (shares, zones)."""
        top, every = self._marks()
        raw: Bits = np.where((self.found & top) > 0, self.found ^ top, self.found ^ every)
        value: Floats = (
            raw.astype(np.uint32).view(np.float32).astype(np.float64) if self.bits == HALF else raw.view(np.float64)
        )
        return value if self.total is None else np.where(self.total > 0, value, np.nan)


def _cells(runs: Runs, values: Floats) -> Iterator[tuple[NDArray[np.int64], Floats, Floats]]:
    """Give the known cells of runs one by one, many at a time: zone, value, covered part."""
    length = runs.end - runs.start
    after = np.cumsum(length)
    first = 0
    while first < len(length):
        last = max(int(np.searchsorted(after, (after[first - 1] if first else 0) + _AT_ONCE)), first + 1)
        many = length[first:last]
        of = np.repeat(np.arange(first, last), many)
        cell = np.arange(len(of)) - np.repeat(np.cumsum(many) - many, many) + runs.start[of]
        value = values[cell]
        known = np.isfinite(value)
        of = of[known]
        yield runs.zone[of], value[known], runs.part[of]
        first = last


def _meta(method: str) -> Mapping[str, object]:
    return MappingProxyType({"method": method, "conventions": "cells without a value left out, their share told"})
