"""A map that shows some of the issues: the same documents, with the rows that are wanted."""

from typing import Any

import numpy as np
import pandas as pd

from layers import ISSUES, Workspace
from reports.webmap import encode
from reports.webmap.documents import drawable


def with_only(payload: dict[str, Any], ws: Workspace, wanted: pd.Index) -> dict[str, Any]:
    """Give a map payload that shows only the wanted issues; the one given stays as it is.

    Args:
        payload: of ``reports.webmap.payload``.
        ws: its workspace.
        wanted: ids of issues; those without a place are passed over.
    """
    drawn = drawable(ws, ISSUES)
    bits = drawn.index[drawn.to_numpy()].isin(wanted)
    only = encode.text(np.packbits(bits, bitorder="little").tobytes())
    layers = [{**layer, "only": only} if layer["key"] == ISSUES.key else layer for layer in payload["layers"]]
    return {**payload, "layers": layers}
