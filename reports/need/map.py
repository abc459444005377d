"""Grids on a map by the quadrant of their need."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from geo.text import Text
from layers import Workspace
from reports.need.double_high import QUADRANTS, UNKNOWN, DoubleHigh
from reports.need.tables import COLOURS, quadrant_series
from reports.webmap import columns, encode, shading

SHADED = ("neither", "voiced", "objective", "both")
TITLE = Text("需求象限", "quadrant of need")
NUMBERS = Text("{words}（{n} 个网格）", "{words} ({n} grids)")


def with_quadrants(payload: Mapping[str, Any], ws: Workspace, found: DoubleHigh) -> dict[str, Any]:
    """Give a map whose grids are coloured by quadrant; grids without data are hatched.

    Args:
        payload: of ``reports.webmap.payload``.
        ws: its workspace.
        found: the comparison.
    """
    grids = ws.grids(found.level).index
    series = quadrant_series(found)
    number = series.reindex(grids).to_numpy(dtype=float)
    made = shading.shade_of(series, grids, found.level, key="quadrant", title=TITLE)
    code = np.where(np.isnan(number), shading.NO_CLASS, np.nan_to_num(number)).astype(np.uint8)
    shade = {
        **made,
        "least": 0.0,
        "limits": [0.0, 1.0, 2.0, 3.0],
        "colours": [COLOURS[one] for one in SHADED],
        "counts": [int((number == place).sum()) for place in range(len(SHADED))],
        "missing": int(np.isnan(number).sum()),
        "few": 0,
        "classes": encode.text(code.tobytes()),
        "names": [columns.words(QUADRANTS[one]) for one in SHADED],
        "none": columns.words(QUADRANTS[UNKNOWN]),
    }
    return {**payload, "shades": [shade]}
