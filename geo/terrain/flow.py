"""Where water runs on a surface: to the steepest lower neighbour (D8; O'Callaghan and Mark 1984), and how much gathers."""

import numpy as np
from numpy.typing import NDArray

from geo.terrain.neighbours import STEPS, Framed, framed, lengths

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
CODES = (1, 2, 4, 8, 16, 32, 64, 128)
"""East, south-east, south and so on, clockwise, as raster programs write them."""


def flow_direction(height: Floats, cell: tuple[float, float]) -> NDArray[np.uint8]:
    """Give the way that water takes from each cell.

    To the neighbour with the steepest fall, the first in the order of the codes where several are alike. On level
    ground, as filled hollows are, it goes the shortest way to the rim where it can run on or leave. 0: the water leaves
    here, over an edge cell without a lower neighbour, or stands in a pit; on a filled surface there are no pits.

    Args:
        height: metres, shape (rows, columns), NaN where unknown; filled (``geo.terrain.filled``) if all is to run off.
        cell: width and height of a cell in metres.

    Returns:
        Codes 1 (east), 2 (south-east), 4, 8, 16, 32, 64, 128 (north-east), or 0; shape (rows, columns).
    """
    ground = framed(height)
    known = np.flatnonzero(np.isfinite(ground.height))
    way = np.full(len(ground.height), -1, dtype=np.int8)
    steepest = np.zeros(len(known))
    own = ground.height[known]
    leaves = np.zeros(len(known), dtype=bool)
    for number, (step, length) in enumerate(zip(ground.steps, lengths(cell), strict=True)):
        fall = (own - ground.height[known + step]) / length
        steeper = fall > steepest  # never true of an unknown one
        steepest[steeper] = fall[steeper]
        way[known[steeper]] = number
        leaves |= np.isnan(fall)
    _across_level_ground(ground, way, known[leaves])
    codes = np.append(np.array(CODES, dtype=np.uint8), np.uint8(0))
    return np.asarray(ground.inside(codes[way]), dtype=np.uint8)


def _across_level_ground(ground: Framed, way: NDArray[np.int8], edge: Places) -> None:
    """Lead cells of level ground to those of their height that have a way, nearest first, a ring at a time."""
    height = ground.height
    settled = way >= 0
    settled[edge] = True
    front = np.flatnonzero(settled)
    while len(front):
        found = []
        for number, step in enumerate(ground.steps):
            back = front - step  # the cell from which this step leads to the front
            level = (height[back] == height[front]) & ~settled[back]
            new = np.unique(back[level])
            way[new] = number
            settled[new] = True
            found.append(new)
        front = np.concatenate(found)


def flow_accumulation(direction: NDArray[np.integer]) -> NDArray[np.int64]:
    """Count the cells from which water comes to each cell, itself left out.

    Args:
        direction: codes of ``flow_direction``, shape (rows, columns); water that is led off the surface leaves it.

    Raises:
        ValueError: water that runs in a circle.
    """
    rows, columns = direction.shape
    to = _targets(direction)
    total = np.zeros(rows * columns, dtype=np.int64)
    waiting = np.bincount(to[to >= 0], minlength=rows * columns)
    front = np.flatnonzero(waiting == 0)
    done = 0
    while len(front):
        done += len(front)
        running = front[to[front] >= 0]
        below = to[running]
        np.add.at(total, below, total[running] + 1)
        np.subtract.at(waiting, below, 1)
        below = below[waiting[below] == 0]
        front = np.unique(below) if len(below) > 1 else below
    if done < rows * columns:
        msg = "water runs in a circle"
        raise ValueError(msg)
    return total.reshape(rows, columns)


def _targets(direction: NDArray[np.integer]) -> Places:
    """Give the cell that each cell drains to, as a place in one row of all cells; -1 where the water leaves."""
    rows, columns = direction.shape
    row, column = np.divmod(np.arange(rows * columns), columns)
    to = np.full(rows * columns, -1, dtype=np.int64)
    for code, (down, right) in zip(CODES, STEPS, strict=True):
        mine = np.flatnonzero(direction.ravel() == code)
        r, c = row[mine] + down, column[mine] + right
        inside = (r >= 0) & (r < rows) & (c >= 0) & (c < columns)
        to[mine[inside]] = r[inside] * columns + c[inside]
    return to
