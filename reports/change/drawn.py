"""Change on a map: grids by how their stock changed, and the things that came, went, changed and moved."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.change import ADDED, CHANGED, REMOVED
from geo.text import Text
from layers import Workspace
from reports.change.layer import THING_TITLES, LayerChange
from reports.change.ledger import LedgerChange
from reports.time.cases import ALL, NONE
from reports.webmap import columns, encode, shading
from reports.webmap.overlay import Drawn, Kind, overlay, told

KINDS = {
    CHANGED: Kind("change_changed", Text("变更", "Changed"), "#cc79a7", Text("改", "C")),
    REMOVED: Kind("change_removed", Text("减少", "Removed"), "#d55e00", Text("减", "R")),
    ADDED: Kind("change_added", Text("新增", "Added"), "#0072b2", Text("新", "A")),
}
MOVED = Kind("change_moved", Text("移动", "Moved"), "#50595f", Text("", ""))
MOST = 20_000
CUT = Text("图上只画前 {most} 个，共 {n} 个", "only the first {most} of {n} are drawn")
DOWN, LEVEL_COLOUR, UP = ("#2166ac", "#92c5de"), "#f7f7f7", ("#f4a582", "#b2182b")
"""Fewer is blue, more is red (ColorBrewer RdBu), no change is white."""
SHADES = {
    "open": Text("未办结的增减", "change of open issues"),
    "overdue": Text("超期的增减", "change of overdue issues"),
    "new": Text("上报的增减", "change of reports"),
}
ISSUES = Text("件", "issues")
CLASS_WORDS = (
    Text("减少 {a} 及以上", "{a} or more fewer"),
    Text("减少 {b}", "{b} fewer"),
    Text("不变", "as many"),
    Text("增加 {b}", "{b} more"),
    Text("增加 {a} 及以上", "{a} or more more"),
)


def with_shades(
    payload: Mapping[str, Any], ws: Workspace, level: int, series: Mapping[str, pd.Series]
) -> dict[str, Any]:
    """Give a map whose grids are shaded by changes, fewer in blue and more in red.

    Args:
        payload: of ``reports.webmap.payload``.
        ws: its workspace.
        level: grid level of the series.
        series: whole numbers by grid id, keys of ``SHADES``.
    """
    grids = ws.grids(level).index
    shades = [_diverging(values, grids, level, key) for key, values in series.items()]
    return {**payload, "shades": shades}


def stock_changes(found: LedgerChange) -> dict[str, pd.Series]:
    """Give by how much each stock changed by grid, and the reports where the span before is known."""
    table = found.table.drop(index=[ALL, NONE])
    series = {key: table[key] - table[f"{key}_from"] for key in ("open", "overdue")}
    reports = table["new"] - table["new_before"]
    return series | ({"new": reports} if reports.notna().any() else {})


def _diverging(values: pd.Series, grids: pd.Index, level: int, key: str) -> dict[str, Any]:
    """Class whole numbers around zero: many or few fewer, as many, few or many more."""
    made = shading.shade_of(values, grids, level, key=f"change_{key}", title=SHADES[key], unit=ISSUES)
    found = values.reindex(grids).to_numpy(dtype=float)
    far = float(np.nanmax(np.abs(found), initial=0.0))
    step = max(float(np.ceil(far / 2)), 2.0)
    limits = np.array([-step, -1.0, 0.0, step - 1, max(far, step)])
    number = np.where(np.isnan(found), -1, np.searchsorted(limits, found, side="left"))
    numbers = {"a": f"{step:g}", "b": "1" if step == 2 else f"1–{step - 1:g}"}  # noqa: PLR2004 (the smallest step)
    return {
        **made,
        "least": -max(far, step),
        "limits": limits.tolist(),
        "colours": [*DOWN, LEVEL_COLOUR, *UP],
        "counts": [int((number == one).sum()) for one in range(len(limits))],
        "missing": int((number < 0).sum()),
        "few": 0,
        "classes": encode.text(np.where(number < 0, shading.NO_CLASS, number).astype(np.uint8).tobytes()),
        "names": [columns.words(one.format(**numbers)) for one in CLASS_WORDS],
    }


def with_things(payload: Mapping[str, Any], found: LayerChange, crs: str) -> dict[str, Any]:
    """Give a map with what was added, removed, changed and moved over it.

    Args:
        payload: of ``reports.webmap.payload``.
        found: the change.
        crs: of the workspace.
    """
    there = [layer | {"on": False} for layer in payload["layers"]]
    return {**payload, "layers": [*there, *_layers(found, crs)], "shades": []}


def _layers(found: LayerChange, crs: str) -> Iterator[dict[str, Any]]:
    """Give the layers from below to above."""
    rows = found.rows
    far = rows[rows["before_geometry"].notna() & rows.geometry.notna()]
    if len(far):
        yield _moves(far, crs)
    for kind, look in KINDS.items():
        part = rows[(rows["kind"] == kind).to_numpy() & rows.geometry.notna().to_numpy()]
        if len(part):
            yield _things(look, part, found, crs)


def _moves(rows: Any, crs: str) -> dict[str, Any]:  # noqa: ANN401 (a table with two columns of shapes)
    drawn = rows.head(MOST)
    ends = [shapely.point_on_surface(drawn[name].to_numpy(dtype=object)) for name in ("before_geometry", "geometry")]
    lines = shapely.linestrings(
        np.stack([np.column_stack([shapely.get_x(one), shapely.get_y(one)]) for one in ends], axis=1)
    )
    return overlay(MOVED, Drawn("line", lines, drawn.index), [_column("moved_m", drawn["moved_m"].round(1))], crs)


def _things(look: Kind, rows: Any, found: LayerChange, crs: str) -> dict[str, Any]:  # noqa: ANN401
    drawn = rows.head(MOST)
    named = drawn["name"].astype("object").where(drawn["name"].notna(), drawn.index.to_series()).astype("str")
    fields = [
        ", ".join(found.spec.title_of(one).zh for one in cell.split(",") if one)
        for cell in drawn["columns"].astype(str)
    ]
    said = [_column("name", named), _column("columns", pd.Series(fields, index=drawn.index, dtype="str"))]
    said += [_column("moved_m", drawn["moved_m"].round(1)), _column("area_m2", drawn["area_m2"].round(1))]
    layer = overlay(look, Drawn(found.spec.shape, drawn.geometry.to_numpy(), drawn.index), said, crs)
    notes = [columns.words(CUT.format(most=f"{MOST:,}", n=f"{len(rows):,}"))] if len(rows) > MOST else []
    return {**layer, "count": len(rows), "notes": notes}


def _column(key: str, cells: pd.Series) -> dict[str, Any]:
    return told(key, THING_TITLES[key], cells)
