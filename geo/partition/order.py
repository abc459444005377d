"""The order in which a person reads a map: rows from north to south, in each row from west to east."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike

from geo.partition.faces import Whole
from geo.text import Text

ROW_SHARE = 0.5
READING_RULE = Text(
    "按内部代表点排序：从最北的网格起，南北相差不足典型网格高度（各网格外框高度的中位数）一半的为同一行；"
    "行由北到南，行内由西到东；完全相同时按编号",
    "by the middle of each grid: from the northernmost on, grids that lie less than half a typical height (the median "
    "height of all frames) further south are one row; rows from north to south, in a row from west to east; ties by id",
)


def reading_order(polygons: ArrayLike, ids: Sequence[str] | None = None, *, row_share: float = ROW_SHARE) -> Whole:
    """Give the order of polygons from west to east and north to south (GB/T 30428 numbers unit grids so).

    See ``READING_RULE``. The middle is that of the frame, so the order does not change when all is moved or
    scaled, nor with the order of the rows. A row begins at its northernmost grid and is not carried on from
    grid to grid, so a staircase does not become one row.

    Args:
        polygons: n polygons in metres, none empty.
        ids: of the polygons, to break ties; None: their place.
        row_share: part of the median height that a row is high.

    Returns:
        Indexes in reading order, shape (n,).
    """
    boxes = shapely.bounds(np.asarray(polygons, dtype=object).ravel())
    if not len(boxes):
        return np.zeros(0, dtype=np.int64)
    names = list(range(len(boxes))) if ids is None else list(ids)
    place = pd.DataFrame({"x": boxes[:, [0, 2]].mean(axis=1), "y": boxes[:, [1, 3]].mean(axis=1), "id": names})
    height = row_share * float(np.median(boxes[:, 3] - boxes[:, 1]))
    place = place.sort_values(["y", "x", "id"], ascending=[False, True, True])
    row, top, rows = 0, place["y"].iloc[0], []
    for y in place["y"]:
        if top - y >= height and y < top:
            row, top = row + 1, y
        rows.append(row)
    ordered = place.assign(row=rows).sort_values(["row", "x", "y", "id"], ascending=[True, True, False, True])
    return ordered.index.to_numpy(dtype=np.int64)
