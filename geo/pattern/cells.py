"""Points sorted into small cells, so that whoever may be near is a few ranges of one array.

A cell is so small that its points are all near each other (its diagonal is the reach). Sorted row by row, the cells
that hold points near those of a cell are five ranges: its own row, two above, two below.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Small = NDArray[np.int32]

ROWS = ((0, 2), (1, 2), (-1, 2), (2, 1), (-2, 1))
"""Rows of cells around a cell, and how many columns to either side are within reach."""
SLACK_M = 0.5e-6  # distances are taken to a millionth of a metre: exactly at the reach is inside
_FEW = 512  # points from which one step for all is quicker than listing pairs
_BLOCK = 200_000  # pairs listed, or points looked at, at a time


@dataclass(frozen=True)
class Cells:
    """Points in the order of their cells.

    ``order`` are their numbers before, ``x`` and ``y`` metres from a corner, ``key`` of each cell in use (rising),
    ``start`` where its points begin (one more at the end), ``width`` how much the key grows from row to row.
    """

    order: Small
    x: Floats
    y: Floats
    key: Integers
    start: Integers
    width: int
    reach2: float

    @classmethod
    def of(cls, x: Floats, y: Floats, reach_m: float) -> Self:
        """Sort points whose cells have ``reach_m`` as their diagonal."""
        side = reach_m / np.sqrt(2) * (1 - 1e-9)
        low_x, low_y = x.min(), y.min()
        column = ((x - low_x) / side).astype(np.int64)
        width = int(column.max()) + 5  # empty columns part the rows
        column += width * ((y - low_y) / side).astype(np.int64)
        order = np.argsort(column).astype(np.int32)
        column = column[order]
        first = np.flatnonzero(np.diff(column, prepend=-1) != 0)
        start = np.append(first, len(x))
        return cls(order, x[order] - low_x, y[order] - low_y, column[first], start, width, (reach_m + SLACK_M) ** 2)

    @property
    def size(self) -> Integers:
        """Points of each cell."""
        return np.diff(self.start)

    def some(self, rows: NDArray[np.bool_]) -> Self:
        """Give the cells with some of the points only; a cell may be left without any."""
        before = np.concatenate([[0], np.cumsum(rows)])
        start = before[self.start]
        return type(self)(self.order[rows], self.x[rows], self.y[rows], self.key, start, self.width, self.reach2)

    def ranges(self, cells: Integers, row: int, columns: int) -> tuple[Integers, Integers]:
        """Where the points of a row of cells around each cell begin and end."""
        middle = self.key[cells] + row * self.width
        low = self.start[np.searchsorted(self.key, middle - columns, side="left")]
        return low, self.start[np.searchsorted(self.key, middle + columns, side="right")]

    def most(self) -> Integers:
        """How many points could be near a point of each cell, at most; itself counted."""
        every = np.arange(len(self.key))
        total = np.zeros(len(every), dtype=np.int64)
        for row, columns in ROWS:
            low, high = self.ranges(every, row, columns)
            total += high - low
        return total


def has_near(cells: Cells, rows: Integers, enough: int) -> NDArray[np.bool_]:
    """Tell which points (by their number in the order of the cells) have at least ``enough`` near, itself counted."""
    parts = [_has_near(cells, rows[start : start + _BLOCK], enough) for start in range(0, len(rows), _BLOCK)]
    return np.concatenate([np.zeros(0, dtype=bool), *parts])


def _has_near(cells: Cells, rows: Integers, enough: int) -> NDArray[np.bool_]:
    cell = np.searchsorted(cells.start, rows, side="right") - 1
    different, back = _runs(cell)
    count = np.zeros(len(rows), dtype=np.int32)
    for row, columns in ROWS:
        low, high = cells.ranges(different, row, columns)
        open_ = np.flatnonzero((count < enough) & (high > low)[back])
        if len(open_):
            ends = low[back[open_]], high[back[open_]]
            count[open_] = _counted(cells, rows[open_], ends, count=count[open_], enough=enough)
    return np.asarray(count >= enough)


def _runs(rising: Integers) -> tuple[Integers, Integers]:
    """Give the different values of a rising array, and which of them each is."""
    new = np.diff(rising, prepend=-1) != 0
    return rising[new], np.cumsum(new) - 1


def _counted(cells: Cells, rows: Integers, ends: tuple[Integers, Integers], *, count: Small, enough: int) -> Small:
    """Add the near points of a range to the count of each point, until it has enough."""
    found = count.copy()
    at, end = ends
    x, y, place = cells.x[rows], cells.y[rows], np.arange(len(rows))
    while len(place) > _FEW:
        seen = np.minimum(at, len(cells.x) - 1)
        near = (cells.x[seen] - x) ** 2 + (cells.y[seen] - y) ** 2 <= cells.reach2
        near &= at < end
        count = count + near
        at = at + 1
        done = (at >= end) | (count >= enough)
        if 4 * np.count_nonzero(done) > len(done) or len(done) <= 2 * _FEW:
            found[place[done]] = count[done]
            keep = ~done
            at, end, place, count = at[keep], end[keep], place[keep], count[keep]
            x, y = x[keep], y[keep]
    found[place] = count
    for part in _blocks(end - at):
        owner, other = listed_pairs(at[part], end[part])
        near = (cells.x[other] - x[part][owner]) ** 2 + (cells.y[other] - y[part][owner]) ** 2 <= cells.reach2
        found[place[part]] += np.bincount(owner[near], minlength=len(part)).astype(np.int32)
    return found


def listed_pairs(low: Integers, high: Integers) -> tuple[Integers, Integers]:
    """List the ranges from low to high: the number of the range, and each number in it."""
    size = high - low
    owner = np.repeat(np.arange(len(low)), size)
    first = np.cumsum(size) - size
    return owner, np.arange(len(owner)) + np.repeat(low - first, size)


def _blocks(size: Integers) -> list[Integers]:
    """Split rows so that the pairs of each part fit into the memory."""
    part = (np.cumsum(size) - size) // _BLOCK
    return [rows for rows in np.split(np.arange(len(size)), np.flatnonzero(np.diff(part)) + 1) if len(rows)]


def nearest(cells: Cells, x: Floats, y: Floats, of: Integers) -> Integers:
    """Give the nearest point of the cells for points that lie in cells ``of``; -1 where none is within reach.

    Of equally near ones that with the smallest x, then y, so that the answer does not depend on the order.
    """
    found, best = np.full(len(x), -1, dtype=np.int64), np.full(len(x), np.inf)
    for row, columns in ROWS:
        low, high = cells.ranges(of, row, columns)
        for part in _blocks(high - low):
            owner, other = listed_pairs(low[part], high[part])
            owner = part[owner]
            apart = (cells.x[other] - x[owner]) ** 2 + (cells.y[other] - y[owner]) ** 2
            near = apart <= np.minimum(cells.reach2, best[owner])
            owner, other, apart = owner[near], other[near], apart[near]
            _take_nearest(cells, (found, best), owner=owner, other=other, apart=apart)
    return found


def _take_nearest(
    cells: Cells, known: tuple[Integers, Floats], *, owner: Integers, other: Integers, apart: Floats
) -> None:
    found, best = known
    before = found[owner]
    both = before >= 0
    rows = np.concatenate([owner, owner[both]])
    points = np.concatenate([other, before[both]])
    distance = np.concatenate([apart, best[owner[both]]])
    order = np.lexsort([cells.y[points], cells.x[points], distance, rows])
    rows, points, distance = rows[order], points[order], distance[order]
    first = np.diff(rows, prepend=-1) != 0
    found[rows[first]], best[rows[first]] = points[first], distance[first]


def bounds_of(cells: Cells) -> tuple[Any, ...]:
    """Give the least and largest x and y of each cell; every cell must have points."""
    first = cells.start[:-1]
    return tuple(ends.reduceat(axis, first) for axis in (cells.x, cells.y) for ends in (np.minimum, np.maximum))
