"""The eight neighbours of the cells of a surface, in the order of the D8 code: east first, then clockwise."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STEPS = ((0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1))
"""Rows south and columns east: E, SE, S, SW, W, NW, N, NE, which D8 calls 1, 2, 4, 8, 16, 32, 64, 128."""


class Framed(NamedTuple):
    """A surface with a frame of unknown cells around it, as one row, and the steps to the neighbours in that row."""

    height: Floats
    width: int
    steps: NDArray[np.int64]

    def inside(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Give values of the framed surface without the frame, shape (rows, columns)."""
        return values.reshape(-1, self.width)[1:-1, 1:-1]


def framed(height: Floats) -> Framed:
    """Put a frame of unknown cells around a surface, so that every cell has eight neighbours."""
    found = np.full((height.shape[0] + 2, height.shape[1] + 2), np.nan)
    found[1:-1, 1:-1] = height
    width = found.shape[1]
    return Framed(found.ravel(), width, np.array([row * width + column for row, column in STEPS], dtype=np.int64))


def lengths(cell: tuple[float, float]) -> Floats:
    """Distance to each neighbour."""
    return np.array([np.hypot(row * cell[1], column * cell[0]) for row, column in STEPS])
