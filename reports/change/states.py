"""States of a workspace that can be compared: now, before each intake, another folder, a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.crs import reprojected
from geo.errors import DataError, Problem
from geo.files import geometries, layer_names, read_layer
from geo.text import Text
from layers import LayerSpec, Workspace, open_workspace
from layers.catalog import CATALOG, ISSUES
from layers.intake.history import BEFORE, history, target_of
from layers.manifest import FILE
from layers.problems import problem
from layers.reading import LAYERS_FILE, read_state

NOW_KEY = "now"
NOW = Text("现在", "now")
BEFORE_INTAKE = Text("第 {n} 次导入之前（{day}，{file}）", "before import {n} ({day}, {file})")
NOT_DRAWN = frozenset({ISSUES.key})
"""Layers whose things are not the same through time but come and go: for these the ledger is compared."""


@dataclass(frozen=True)
class State:
    """A state of the layers of a workspace: its key, its words, the file (None: the present), until when it held, and the layer that changed then."""

    key: str
    words: Text
    file: Path | None = None
    until: datetime | None = None
    layer: str = ""


def states(folder: Path) -> tuple[State, ...]:
    """Give the states of a workspace that are kept: now, then before each intake, the latest first."""
    found = [State(NOW_KEY, NOW)]
    for one in reversed(history(folder)):
        file = one.folder / f"{BEFORE}{Path(LAYERS_FILE).suffix}"
        if target_of(one) == LAYERS_FILE and file.is_file():
            day, name = str(one.record["at"])[:16].replace("T", " "), str(one.record.get("file", ""))
            words = BEFORE_INTAKE.format(n=one.number, day=day, file=name)
            until, layer = datetime.fromisoformat(str(one.record["at"])), str(one.record.get("layer", ""))
            found.append(State(one.folder.name, words, file, until, layer))
    return tuple(found)


def state_on(kept: Sequence[State], moment: datetime) -> State:
    """Give the state in which the layers were at a moment: that before the first later intake, else the present.

    Args:
        kept: as ``states`` gives them.
        moment: naive local time; intakes know the time of the world.
    """
    clock = moment.astimezone(UTC)
    later = [one for one in kept if one.until is not None and one.until > clock]
    return later[-1] if later else kept[0]


def layer_in(ws: Workspace, spec: LayerSpec, state: State) -> gpd.GeoDataFrame | pd.DataFrame:
    """Give a layer of a workspace in one of its states; empty where the state did not have it.

    Raises:
        DataError: the layers of the state cannot be read.
    """
    if state.file is None:
        return ws[spec] if spec in ws else _empty(ws, spec)
    found = read_state(state.file, spec, ws.manifest)
    return _empty(ws, spec) if found is None else found


def layer_of(ws: Workspace, spec: LayerSpec, other: Path) -> gpd.GeoDataFrame | pd.DataFrame:
    """Give the same layer out of another workspace, or out of a file, in the coordinates of the workspace.

    Args:
        ws: the workspace that it is to be compared with.
        spec: the layer.
        other: folder of a workspace, or a vector file with the id of the layer as a column.

    Raises:
        DataError: it cannot be opened, has no such layer, no ids or no coordinate system.
    """
    if other.is_dir() or not other.suffix:
        there = open_workspace(other, set_aside=True)
        if spec not in there:
            raise DataError([_absent(spec, f"{other}/{FILE}")])
        return _in_crs(there[spec], ws)
    names = layer_names(other)
    name = spec.key if spec.key in names else names[0] if len(names) == 1 else None
    if name is None:
        raise DataError([_absent(spec, other.name)])
    columns, wkb, crs = read_layer(other, name)
    if spec.id_column not in columns:
        raise DataError([problem("missing_column", f"{other.name}:{name}", column=spec.id_column)])
    if crs is None:
        raise DataError([problem("no_crs", f"{other.name}:{name}")])
    shapes, _ = geometries(wkb)
    table = columns.assign(**{spec.id_column: columns[spec.id_column].astype("str")}).set_index(spec.id_column)
    return _in_crs(gpd.GeoDataFrame(table, geometry=shapes, crs=crs), ws)


def _in_crs(table: pd.DataFrame, ws: Workspace) -> pd.DataFrame:
    return reprojected(table, ws.manifest.crs) if isinstance(table, gpd.GeoDataFrame) else table


def _empty(ws: Workspace, spec: LayerSpec) -> gpd.GeoDataFrame:
    columns = {name: pd.Series(dtype=object) for name in spec.columns}
    index = pd.Index([], name=spec.id_column, dtype="str")
    return gpd.GeoDataFrame(columns, index=index, geometry=gpd.GeoSeries([], index=index), crs=ws.manifest.crs)


def _absent(spec: LayerSpec, where: str) -> Problem:
    found = Text("没有图层 {key}", "no layer {key}").format(key=spec.key)
    remedy = Text("选另一个图层，或另一个工作区、文件", "choose another layer, workspace or file")
    expected = Text("图层 {key}", "a layer {key}").format(key=spec.key)
    return Problem("no_such_layer", "error", where, None, None, found, expected, remedy)


def comparable(ws: Workspace) -> tuple[LayerSpec, ...]:
    """Give the layers of a workspace that can be compared thing by thing."""
    return tuple(one for one in CATALOG.values() if one in ws and one.shape != "none" and one.key not in NOT_DRAWN)
