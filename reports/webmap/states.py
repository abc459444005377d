"""Buildings drawn by a state over a map: one layer for each state, with what a pop-up tells."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.text import Text
from layers import Workspace
from layers.catalog import LayerSpec
from reports.webmap.degrees import degrees
from reports.webmap.overlay import Drawn, Kind, overlay, told

Said = Sequence[tuple[str, Text]]


def with_states(
    payload: Mapping[str, Any],
    ws: Workspace,
    layer: LayerSpec,
    table: pd.DataFrame,
    *,
    kinds: Mapping[str, Kind],
    said: Said,
    close: bool = False,
) -> dict[str, Any]:
    """Give a map with the things of a layer coloured by their state; the one given stays as it is.

    Args:
        payload: of ``reports.webmap.payload``.
        ws: its workspace.
        layer: the layer of the things, areas.
        table: rows by id of the layer with a column ``state``.
        kinds: how each state looks; other states are not drawn.
        said: columns of the table that a pop-up tells, with their titles.
        close: begin with the map on these things rather than on all of the workspace.
    """
    over = []
    for state, kind in kinds.items():
        rows = table[(table["state"] == state) & table.index.isin(ws[layer].index)]
        if len(rows):
            shapes = np.asarray(ws[layer].geometry.reindex(rows.index).to_numpy(), dtype=object)
            cells = [told(key, title, rows[key]) for key, title in said]
            over.append(overlay(kind, Drawn("area", shapes, rows.index), cells, ws.manifest.crs))
    bounds = _bounds(ws, layer, table) if close and over else payload["bounds"]
    return {**payload, "shades": [], "no_issues": None, "layers": [*payload["layers"], *over], "bounds": bounds}


def _bounds(ws: Workspace, layer: LayerSpec, table: pd.DataFrame) -> list[list[float]]:
    """Give the corners of the things in degrees, south-west and north-east."""
    west, south, east, north = ws[layer].geometry.reindex(table.index).total_bounds
    lon, lat = degrees(ws.manifest.crs, np.array([west, east]), np.array([south, north]))
    corners: list[list[float]] = np.round(np.column_stack([lat, lon]), 6).tolist()
    return corners
