"""Things of a file, GeoJSON, GeoPackage or whatever intake reads, as additions of a scenario."""

from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from geo.errors import DataError
from geo.text import Text
from layers import Workspace
from layers.catalog import CATALOG
from layers.intake.look import Wishes, setting_of
from layers.intake.looking import look
from reports.scenario.edits import ADD, Edit, Scenario
from reports.scenario.reading import NAME
from reports.scenario.written import wkt_of


def added_from(ws: Workspace, path: Path, layer: str, *, name: str = "") -> Scenario:
    """Give a scenario that adds the things of a file to a layer.

    The file is opened as intake opens it: its content tells the format, a worker that can reach nothing else reads it,
    headings are understood, and places are converted to the metres of the workspace.

    Args:
        ws: an opened workspace.
        path: the file.
        layer: key of the layer that the things belong to.
        name: what the user calls the file.

    Raises:
        DataError: the file cannot be read, has no row that fits, or leaves a question open; lists all of it.
    """
    called = name or path.name
    found = look(setting_of(ws.folder), path, Wishes(layer=CATALOG[layer]), name=called)
    lost = [problem for problem in found.problems if problem.severity in {"error", "row"}]
    if found.questions or lost:
        raise DataError([*found.questions, *lost])
    stem = Path(called).stem
    edits = tuple(_addition(found.table, layer, row) for row in range(len(found.table)))
    return Scenario(name=stem if NAME.fullmatch(stem) else layer, title=Text.same(stem), edits=edits)


def _addition(table: pd.DataFrame, layer: str, row: int) -> Edit:
    declared = [name for name in CATALOG[layer].columns if name in table]
    cells = {name: table[name].iloc[row] for name in declared}
    shape: shapely.Geometry = table["geometry"].iloc[row]
    values = {name: _plain(cell) for name, cell in cells.items() if not pd.isna(cell)}
    return Edit(do=ADD, layer=layer, id=str(table.index[row]), wkt=wkt_of(shape), values=values)


def _plain(cell: Any) -> Any:  # noqa: ANN401 (any cell)
    """Give a cell as TOML knows it."""
    if isinstance(cell, pd.Timestamp):
        return cell.to_pydatetime()
    return cell.item() if hasattr(cell, "item") else cell
