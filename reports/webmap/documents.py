"""The heavy half of a map: one document of geometry and values for each layer and each grid level.

Documents depend only on the workspace and the edition, so a page may fetch them once by address
while the light half (``reports.webmap.payload``) changes with every click.
"""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.text import Text
from layers.catalog import CATALOG, GRIDS, ISSUES, LayerSpec
from layers.places import PLACES
from layers.schema import Issues
from layers.standards import issue_types
from layers.workspace import Workspace
from reports.webmap import columns, encode
from reports.webmap.degrees import degrees

Bools = npt.NDArray[np.bool_]

QUANTUM = 1e-6
"""Degrees; about a tenth of a metre."""
PUBLIC_QUANTUM = 1e-5
PUBLIC_POINT_QUANTUM = 1e-4
"""Residents' reports in a public map are placed to about ten metres."""

STANDINGS = ("closed", "open", "overdue")
TYPE = "type"
TYPES = (Issues.issue_type, Issues.source_type)
LEVEL = "level-"


def drawable(ws: Workspace, spec: LayerSpec) -> pd.Series:
    """Tell for each row of a layer whether it can be drawn: it has a place, a real one, and is already known."""
    drawn = has_place(ws, spec)
    if spec == ISSUES:
        drawn = drawn & ~on_default_point(ws) & ws.standing["is_known"].to_numpy()
    return pd.Series(drawn, index=ws[spec].index)


def has_place(ws: Workspace, spec: LayerSpec) -> Bools:
    """Mark the rows of a layer that have a geometry with something in it."""
    if spec.key in ws.places:
        x, _ = ws.xy(spec)
        placed: Bools = ~np.isnan(x)
        return placed
    shapes = ws[spec].geometry.to_numpy()
    found: Bools = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    return found


def on_default_point(ws: Workspace) -> Bools:
    """Mark the issues that stand on a default point."""
    found: Bools = ws.places[ISSUES.key]["place"].to_numpy() == PLACES.index("default_point")
    return found


def by_standing(ws: Workspace) -> dict[str, pd.Series]:
    """Mark the known issues by where they stand, in the order of ``STANDINGS``."""
    stand = ws.standing
    late = stand["is_overdue"]
    return {"closed": stand["is_known"] & ~stand["is_open"], "open": stand["is_open"] & ~late, "overdue": late}


def layer_document(ws: Workspace, spec: LayerSpec, *, public: bool = False) -> dict[str, Any]:
    """Give the document of a layer: shapes, ids, columns; for issues also where each stands."""
    whole, drawn = ws[spec], drawable(ws, spec).to_numpy()
    popup = [name for name, meta in spec.columns.items() if meta["popup"]]
    dropped = columns.left_out(popup, int(drawn.sum()))  # long texts, which would only be taken along
    asked = {*popup, "geometry", *TYPES}.difference(dropped)
    table = _rows(whole[[name for name in whole.columns if name in asked]], drawn)
    kept = columns.shown(spec, table, public=public)
    quantum = QUANTUM if not public else PUBLIC_POINT_QUANTUM if spec == ISSUES else PUBLIC_QUANTUM
    document = {**_shapes(ws, table, quantum), "ids": columns.identifiers(table.index)}
    if spec == ISSUES:
        return {**document, **_issue_columns(ws, table, drawn, kept)}
    return {**document, "columns": [columns.column(spec, table, name) for name in kept]}


def _rows(table: gpd.GeoDataFrame, chosen: Bools) -> gpd.GeoDataFrame:
    """Give some rows, column by column: a third of the time that the table itself takes."""
    if chosen.all():
        return table
    cells = {name: table[name].array[chosen] for name in table.columns}
    return gpd.GeoDataFrame(cells, index=table.index[chosen], geometry=table.geometry.name)


def level_document(ws: Workspace, level: int, *, public: bool = False) -> dict[str, Any]:
    """Give the document of the grids of one level: shapes, ids, label points, columns."""
    table = ws.grids(level)
    spots = table.geometry.representative_point()
    x, y = degrees(ws.manifest.crs, spots.x.to_numpy(), spots.y.to_numpy())
    return {
        **_shapes(ws, table, PUBLIC_QUANTUM if public else QUANTUM),
        "ids": {"words": list(table.index.astype(str))},
        "labels": encode.coordinates(x, y, QUANTUM),
        "columns": [columns.column(GRIDS, table, name) for name in columns.shown(GRIDS, table, public=public)],
    }


def document(ws: Workspace, name: str, *, public: bool = False) -> dict[str, Any]:
    """Give a document by its name: ``level-1``, ``issues``, ``buildings`` and so on.

    Raises:
        KeyError: no such document.
    """
    if name not in names(ws, public=public):
        raise KeyError(name)
    if name.startswith(LEVEL):
        return level_document(ws, int(name.removeprefix(LEVEL)), public=public)
    return layer_document(ws, CATALOG[name], public=public)


def names(ws: Workspace, *, public: bool = False) -> list[str]:
    """Give the names of all documents of a workspace."""
    return [f"{LEVEL}{level}" for level in ws.levels] + [spec.key for spec in specs(ws, public=public)]


def specs(ws: Workspace, *, public: bool = False) -> list[LayerSpec]:
    """Give the layers of a workspace that a map shows, grids apart, in the order of the catalogue."""
    return [
        spec
        for spec in CATALOG.values()
        if spec != GRIDS and spec.shape != "none" and spec in ws and spec.sensitivity != "secret"
        and (spec.sensitivity == "public" or not public)
    ]  # fmt: skip


def _shapes(ws: Workspace, table: pd.DataFrame, quantum: float) -> dict[str, Any]:
    found = encode.outline(table.geometry.to_numpy())
    x, y = degrees(ws.manifest.crs, found.xy[:, 0].copy(), found.xy[:, 1].copy())
    return encode.shapes(found._replace(xy=np.column_stack([x, y])), quantum)


def _issue_columns(ws: Workspace, table: pd.DataFrame, drawn: Bools, names: list[str]) -> dict[str, Any]:
    is_open, is_overdue, days = (ws.standing[name].to_numpy()[drawn] for name in ("is_open", "is_overdue", "days_late"))
    code = np.where(is_overdue, 2, np.where(is_open, 1, 0))  # places in STANDINGS
    late = pd.Series(np.floor(np.where(is_overdue, days, np.nan)))
    said = Issues.issue_type if table[Issues.issue_type].notna().any() else Issues.source_type
    kept = [name for name in names if name not in (Issues.issue_type, said)]
    return {
        "columns": [_type_column(ws, table), *(columns.column(ISSUES, table, name) for name in kept)],
        "standing": encode.text(code.astype(np.uint8).tobytes()),
        "late": columns.values(late),
    }


def type_codes(ws: Workspace, table: pd.DataFrame) -> tuple[pd.Series, Mapping[str, Text]]:
    """Give one code of its type to each issue, and the words: of the catalogue, else as the source has it."""
    table_of_types = issue_types(ws.folder)
    known = {str(key): Text(zh, en) for key, zh, en in table_of_types[["zh", "en"]].itertuples()}
    ours = table[Issues.issue_type].where(table[Issues.issue_type].isin(list(known)))
    return ours.fillna(table[Issues.source_type]).fillna(table[Issues.issue_type]), known


def _type_column(ws: Workspace, table: pd.DataFrame) -> dict[str, Any]:
    codes, known = type_codes(ws, table)
    return {"key": TYPE, "title": columns.words(ISSUES.title_of(Issues.issue_type)), **columns.values(codes, known)}
