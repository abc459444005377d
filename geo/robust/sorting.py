"""Ranks of many lists of scores at once, exact to the twelfth decimal and quick.

A score and the number of its row are put into one whole number, so that sorting numbers, which processors do many at
a time, gives the order and who is where. Lists are taken in blocks that stay in the cache of a processor.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ranks = NDArray[np.signedinteger[Any]]

_SCALE = 1e12  # scores closer than 1e-12 are equal, as in geo.mcda
_AT_ONCE = 64
_MIDDLE = 2.0**52 + 2.0**51  # adding it to a number rounds that to a whole one, which the last 52 bits then hold
_BITS = 52


def ranks_of(scores_of: Callable[[slice], Floats], lists: int, rows: int, *, largest: float = 1.0) -> Ranks:
    """Rank each of many lists, the highest first, equal scores sharing the better rank.

    Args:
        scores_of: gives the scores of a slice of the lists, shape (lists in the slice, rows), without NaN; may be
            overwritten here.
        lists: number of lists.
        rows: length of a list.
        largest: no score is farther from 0; above 1 the rounding grows with it.

    Returns:
        Ranks from 1, shape (rows, lists): one row for each alternative.
    """
    kind = np.int16 if rows < np.iinfo(np.int16).max else np.int32
    ranks: Ranks = np.empty((rows, lists), dtype=kind)
    if not rows:
        return ranks
    place: Ranks = np.tile(np.arange(1, rows + 1, dtype=kind), (_AT_ONCE, 1))
    shown = np.empty((_AT_ONCE, rows), dtype=kind)
    shift = (rows - 1).bit_length()
    ahead = (np.arange(_AT_ONCE) * rows)[:, np.newaxis]
    for start in range(0, lists, _AT_ONCE):
        some = slice(start, min(start + _AT_ONCE, lists))
        size = some.stop - start
        keys = _keys(scores_of(some), shift, largest)
        keys.sort(axis=1)
        who = keys & ((1 << shift) - 1)
        who += ahead[:size]
        shown[:size].reshape(-1)[who.reshape(-1)] = _shared(keys >> shift, place[:size]).reshape(-1)
        ranks[:, some] = shown[:size].T
    return ranks


def _keys(scores: Floats, shift: int, largest: float) -> NDArray[np.int64]:
    """Give whole numbers that fall as the scores rise, with the number of the row in the last ``shift`` bits."""
    scores = np.ascontiguousarray(scores, dtype=float)
    scores *= -_SCALE / max(largest, 1.0)
    scores += _MIDDLE
    keys = scores.view(np.int64)
    keys -= np.array(_MIDDLE).view(np.int64)
    keys <<= shift
    keys |= np.arange(scores.shape[1])
    return keys


def _shared(falling: NDArray[np.int64], place: Ranks) -> Ranks:
    """Give the places of sorted scores; where some are equal all of them have the first one's."""
    level = falling[:, 1:] == falling[:, :-1]
    if not level.any():
        return place
    first = place.copy()
    first[:, 1:][level] = 0
    shared: Ranks = np.maximum.accumulate(first, axis=1)
    return shared
