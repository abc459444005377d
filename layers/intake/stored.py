"""Whether layers that were written will open: by proof where that is enough, by opening them where it is not."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from geo.errors import DataError, Problem
from layers.catalog import GRIDS, ISSUES, LayerSpec
from layers.checks import has_known_type
from layers.conformity import as_declared, rising
from layers.manifest import Manifest, read_manifest
from layers.reading import LAYERS_FILE
from layers.shapes import SHAPES
from layers.workspace import opening_problems

STANDARDS = "standards"


def require_opening(folder: Path, home: Path, spec: LayerSpec, table: pd.DataFrame, *, same: bool) -> None:
    """Refuse layers that would keep the workspace from opening, by faults that it does not have already.

    The other layers are copies of what is there. If the file holds the new table to the last cell, and the table
    is what the layer declares, opening could find no fault in it, for it would look at the same cells. Grids
    are opened in any case, for their faults lie between rows and layers. So is all that this does not prove.

    Args:
        folder: the workspace.
        home: where the new layers lie.
        spec: the layer that changed.
        table: that layer as it was to be written.
        same: it was read again and is there to the last cell.

    Raises:
        DataError: the workspace would not open; the faults.
    """
    manifest = read_manifest(folder)
    if same and spec != GRIDS and _is_sound(table, spec, folder, manifest):
        return
    own = folder / STANDARDS
    if own.is_dir():
        shutil.copytree(own, home / STANDARDS)
    try:
        found = _stopping(home, manifest)
    finally:
        shutil.rmtree(home / STANDARDS, ignore_errors=True)
    before = {(one.code, one.row) for one in _stopping(folder, manifest)} if found else set()
    new = [one for one in found if (one.code, one.row) not in before]
    if new:
        raise DataError(new)


def _is_sound(table: pd.DataFrame, spec: LayerSpec, folder: Path, manifest: Manifest) -> bool:
    """Tell whether opening could find no row of a table faulty: ids, types, limits, shapes, types of issues."""
    if table.empty or table.index[0] == "" or not rising(pd.Series(table.index)):
        return False
    if as_declared(table, spec.schema.to_schema()) is None:
        return False
    if spec == ISSUES and not has_known_type(table, folder).all():
        return False
    return spec.shape == "none" or (table.crs == manifest.crs and _are_sound(table.geometry.to_numpy(), spec))


def _are_sound(shapes: np.ndarray, spec: LayerSpec) -> bool:
    """Tell whether all shapes are of the layer's kind, in the plane and valid; only issues may do without."""
    kind = shapely.get_type_id(shapes)
    drawn = np.isin(kind, SHAPES[spec.shape]) & ~shapely.is_empty(shapes)
    absent = (kind < 0) & (spec == ISSUES)
    outlined = shapes[kind > shapely.GeometryType.POINT]
    return bool((drawn | absent).all()) and not shapely.has_z(shapes).any() and bool(shapely.is_valid(outlined).all())


def _stopping(folder: Path, manifest: Manifest) -> list[Problem]:
    """List what keeps the layers of a folder from opening; levels that are still to come are no fault of a file."""
    if not (folder / LAYERS_FILE).is_file():
        return []
    found = opening_problems(folder, manifest)
    return [one for one in found if one.severity in {"error", "row"} and one.code not in {"no_level", "no_grids"}]
