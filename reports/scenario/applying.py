"""A workspace as a scenario would make it, in memory: everything that follows from it can be computed as ever."""

from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import affinity

from geo.errors import DataError, Problem
from geo.findings import value_found
from geo.memory import collection_put_off
from geo.text import Text
from layers import Workspace
from layers.catalog import CATALOG, LayerSpec
from layers.revised import revised
from layers.schema import Streets
from reports.criteria import Criteria, read_criteria
from reports.gridworks.drawing import next_codes
from reports.gridworks.redraw import redraw
from reports.scenario.edits import ADD, CLOSE, MOVE, OF, REMOVE, RESIZE, Edit, Scenario
from reports.scenario.reading import REMEDY
from reports.scenario.written import scenario_hash, wkt_of

AREAS = ("stated_area_m2", "area_m2")
"""Columns that state an area."""
Tables = dict[str, pd.DataFrame]


@collection_put_off()
def applied(ws: Workspace, scenario: Scenario) -> Workspace:
    """Give the workspace as a scenario would make it; nothing is stored.

    Grids are redrawn first, then the differences follow one after the other.

    Args:
        ws: an opened workspace.
        scenario: see ``reports.scenario.reading.read_scenario``.

    Raises:
        DataError: differences that the workspace cannot have; lists all of them.
        PartitionError: the redrawing of its grids cannot be done.
    """
    settled = with_ids(ws, scenario)
    base = ws if scenario.grids is None else redraw(ws, scenario.grids).after
    changed: Tables = {}
    problems: list[Problem] = []
    for number, edit in enumerate(settled.edits, start=1):
        found = _faults(base, changed, edit, number)
        problems += found
        if not found:
            changed[edit.layer] = _done(base, changed, edit)
    if problems:
        raise DataError(problems)
    if not changed and base is ws:
        return ws
    return revised(base, changed, mark=scenario_hash(settled))


def criteria_of(ws: Workspace, scenario: Scenario | None = None) -> Criteria:
    """Give the criteria of a workspace with the weights of a scenario.

    Raises:
        CriteriaError: weights that name no criterion of the workspace, or are all zero.
    """
    own = read_criteria(folder=ws.folder)
    return own if scenario is None or not scenario.weights else own.reweighed(scenario.weights)


def with_ids(ws: Workspace, scenario: Scenario) -> Scenario:
    """Give a scenario whose new things all have ids: the next of those in use."""
    used: dict[str, list[str]] = {}
    edits = []
    for edit in scenario.edits:
        known = used.setdefault(edit.layer, list(map(str, ws[edit.layer].index)) if edit.layer in ws else [])
        one = edit if edit.id or edit.do != ADD else _identified(edit, known)
        known += [one.id] if one.do == ADD else []
        edits.append(one)
    return scenario.but(edits=tuple(edits))


def _identified(edit: Edit, known: list[str]) -> Edit:
    like = known[-1] if known else f"{edit.layer}-0"
    return Edit(**{**vars(edit), "id": next_codes(like, 1, set(known))[0]})


def _table(ws: Workspace, changed: Mapping[str, pd.DataFrame], layer: str) -> pd.DataFrame | None:
    """Give a layer as it is by now."""
    return changed.get(layer, ws.tables.get(layer))


def _faults(ws: Workspace, changed: Tables, edit: Edit, number: int) -> list[Problem]:
    """List what keeps a difference from being made."""
    table = _table(ws, changed, edit.layer)
    there = table is not None and edit.id in table.index
    found: list[tuple[str, str, Text]] = []
    if edit.do == ADD and there:
        found.append(("id", edit.id, Text("尚未使用的编号", "an id that is not in use")))
    if edit.do != ADD and not there:
        words = Text("图层“{layer}”中的编号", "an id of the layer {layer}").format(layer=CATALOG[edit.layer].title)
        found.append(("id", edit.id, words))
    if edit.outline_of and _outline(ws, changed, edit) is None:
        found.append(("outline_of", edit.outline_of, Text("存在的对象", "a thing that is there")))
    if edit.do == RESIZE and there and table is not None and not _has_area(table, edit):
        found.append(("area_m2", edit.id, Text("有面积的对象", "a thing that has an area")))
    return [
        Problem("scenario", "error", edit.layer, f"edits {number}", column, value_found(what), expected, REMEDY)
        for column, what, expected in found
    ]


def _has_area(table: pd.DataFrame, edit: Edit) -> bool:
    shape = table.geometry[edit.id]
    return bool(shape.area > 0) or any(name in table for name in AREAS)


def _outline(ws: Workspace, changed: Tables, edit: Edit) -> shapely.Geometry | None:
    layer, _, thing = edit.outline_of.partition(OF)
    table = _table(ws, changed, layer) if layer in CATALOG else None
    if table is None or thing not in table.index or not isinstance(table, gpd.GeoDataFrame):
        return None
    return table.geometry[thing]


def _done(ws: Workspace, changed: Tables, edit: Edit) -> pd.DataFrame:
    """Make one difference in a copy of its layer."""
    spec = CATALOG[edit.layer]
    found = _table(ws, changed, edit.layer)
    table = _empty(spec, ws.manifest.crs) if found is None else found
    if edit.do == REMOVE:
        return table.drop(index=edit.id)
    values = dict(edit.values)
    if edit.do == ADD:
        table = _longer(table, edit.id)
        values["geometry"] = _shape(ws, changed, edit)
    elif edit.do == MOVE:
        values["geometry"] = _moved(table.geometry[edit.id], _shape(ws, changed, edit))
    elif edit.do == RESIZE:
        values |= _resized(table, edit)
    elif edit.do == CLOSE:
        values[Streets.closed] = True
    return _with(table, edit.id, values)


def _shape(ws: Workspace, changed: Tables, edit: Edit) -> shapely.Geometry | None:
    return _outline(ws, changed, edit) if edit.outline_of else shapely.from_wkt(edit.wkt)


def _moved(shape: shapely.Geometry, to: shapely.Geometry | None) -> shapely.Geometry | None:
    """Give a thing at its new place; a line or area that is given a point only keeps its form."""
    if to is None or to.geom_type != "Point" or shape.geom_type == "Point":
        return to
    inside = shapely.point_on_surface(shape)
    return affinity.translate(shape, to.x - inside.x, to.y - inside.y)


def _resized(table: pd.DataFrame, edit: Edit) -> dict[str, Any]:
    """Give the outline scaled about its centroid, and the stated area beside it."""
    shape: shapely.Geometry = table.geometry[edit.id]
    values: dict[str, Any] = {}
    if shape.area > 0:
        side = float(np.sqrt(float(edit.area_m2 or 0.0) / shape.area))
        values["geometry"] = affinity.scale(shape, side, side, origin="centroid")
    known = table.notna()
    stated = [name for name in AREAS if name in table and (shape.area == 0 or bool(known[name][edit.id]))]
    return {**values, **dict.fromkeys(stated, edit.area_m2)}


def _empty(spec: LayerSpec, crs: str) -> gpd.GeoDataFrame:
    """Give a layer that is not there yet."""
    index = pd.Index([], dtype="str", name=spec.id_column)
    columns = {name: pd.Series([], index=index, dtype=object) for name in spec.columns}
    return gpd.GeoDataFrame(columns, index=index, geometry=gpd.GeoSeries([], index=index, crs=crs), crs=crs)


def _longer(table: pd.DataFrame, new: str) -> pd.DataFrame:
    """Give a layer with one more row, empty so far; numbers without room for gaps get it."""
    gaps = {name: "Int64" if kind.kind in "iu" else "boolean" for name, kind in _tight(table)}
    index = table.index.append(pd.Index([new], dtype=table.index.dtype)).rename(table.index.name)
    return table.astype(gaps).reindex(index)


def _tight(table: pd.DataFrame) -> Iterable[tuple[str, np.dtype[Any]]]:
    for name, kind in table.dtypes.items():
        if isinstance(kind, np.dtype) and kind.kind in "iub":
            yield str(name), kind


def _with(table: pd.DataFrame, thing: str, values: Mapping[str, Any]) -> pd.DataFrame:
    """Put values into one row; whether they may stand there is judged when the workspace is made."""
    found = table.copy()
    row = int(found.index.get_indexer(pd.Index([thing]))[0])
    for name, value in values.items():
        if name == "geometry":
            shapes = found.geometry.to_numpy().copy()
            shapes[row] = value
            crs = found.crs
            found = gpd.GeoDataFrame(found, geometry=gpd.GeoSeries(shapes, index=found.index, crs=crs))
            continue
        cells = found[name].astype(object) if name in found else pd.Series(None, index=found.index, dtype=object)
        cells.iloc[row] = value
        found[name] = cells
    return found


def at_wkt(x: float, y: float) -> str:
    """Give a place in metres as an edit says it."""
    return wkt_of(shapely.Point(x, y))
