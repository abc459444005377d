"""What an intake would add, as layers over a workspace's map: new and changed things, where they were before a repair."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.datum import bd09_from_wgs84, gcj02_from_wgs84
from geo.text import Text
from layers.catalog import ISSUES, LayerSpec
from layers.intake.look import Look, Part
from layers.intake.merging import PLACE_CONFIDENCE, PLACE_SOURCE
from reports.intake_confirm import to_confirm
from reports.webmap import columns
from reports.webmap.degrees import degrees
from reports.webmap.overlay import Drawn, Kind, overlay, told

MOST = 20_000
"""Things of a kind that are drawn."""
MOST_MOVES = 200
METRES_A_DEGREE = 111_320.0
OFFSETS = {"gcj02": gcj02_from_wgs84, "bd09": bd09_from_wgs84}
CONFIDENCE = Text("把握", "Confidence")
REASON = Text("依据", "Reason")
ADDRESS = Text("地址", "Address")
NAME = Text("名称", "Name")
CUT = Text("图上只画前 {most} 个，共 {n} 个", "only the first {most} of {n} are drawn")
Floats = npt.NDArray[np.float64]


ADDED = Kind("intake_added", Text("将新增", "To be added"), "#0072b2", Text("新", "N"))
UPDATED = Kind("intake_updated", Text("将更新", "To be updated"), "#cc79a7", Text("改", "U"))
ADDRESSED = Kind("intake_address", Text("按地址定位", "Placed by address"), "#009e73", Text("址", "A"))
BY_HAND = Kind("intake_hand", Text("手工定位", "Placed by hand"), "#e69f00", Text("手", "H"))
CANDIDATE = Kind("intake_candidate", Text("可能的位置", "Possible places"), "#d55e00", Text("？", "?"))
SPOT = Kind("intake_spot", Text("选定的位置", "Chosen place"), "#0072b2", Text("★", "★"))
CONFIRM = Kind(
    "intake_confirm", Text("待确认位置（不入图）", "To confirm (not on the map)"), "#d55e00", Text("？", "?")
)
BEFORE = Kind("intake_before", Text("修正前的位置", "Before the repair"), "#7d868c", Text("前", "B"))
MOVED = Kind("intake_moved", Text("修正的移动", "Moved by the repair"), "#b4bcc1", Text("", ""))


def with_preview(payload: Mapping[str, Any], look: Look, crs: str) -> dict[str, Any]:
    """Give a map with what an intake would do; what is there already waits to be switched on. The one given stays as it is.

    Args:
        payload: of ``reports.webmap.payload``.
        look: see ``layers.intake.looking.look``.
        crs: of the workspace.
    """
    moves = [one for part in look.parts if (one := _moves(part, crs)) is not None]
    there = [layer | {"on": False} for layer in payload["layers"]]
    layers = list(_layers(look, moves, crs))
    return {**payload, "layers": [*there, *layers], "bounds": _bounds(payload["bounds"], look, moves, crs)}


def shown_kinds(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the kinds of preview that a map has."""
    return tuple(layer["key"] for layer in payload["layers"] if str(layer["key"]).startswith("intake_"))


def shift_m(look: Look, crs: str) -> float | None:
    """Give the median distance by which a repair of the coordinates moves things, None without such a repair."""
    found = [_moves(part, crs) for part in look.parts]
    far = [_apart_m(*one) for one in found if one is not None]
    return float(np.median(np.concatenate(far))) if far else None


def _layers(look: Look, moves: Sequence[tuple[Floats, Floats]], crs: str) -> Iterator[dict[str, Any]]:
    """Give the layers from below to above."""
    spec = look.wishes.layer
    if moves:
        yield from _move_layers(moves)
    if look.merge is not None and "geometry" in look.table:
        table = look.table[~(look.table.geometry.isna() | look.table.geometry.is_empty)]
        new = table.index.isin(look.merge.added)
        changed = table.index.isin(look.merge.updated)
        named, by_hand = (_placed_by(table, how) for how in ("address", "hand"))
        plain = ~(named | by_hand)
        kinds = ((UPDATED, changed & plain), (ADDED, new & plain), (ADDRESSED, named & (new | changed)))
        for kind, rows in (*kinds, (BY_HAND, by_hand & (new | changed))):
            if rows.any():
                yield _things(kind, table[rows], spec, crs)
    waiting = to_confirm(look)
    if len(waiting):
        yield _waiting(waiting, crs)


def _placed_by(table: pd.DataFrame, how: str) -> npt.NDArray[np.bool_]:
    if PLACE_SOURCE not in table:
        return np.zeros(len(table), dtype=bool)
    return table[PLACE_SOURCE].eq(how).to_numpy(dtype=bool)


def with_candidates(
    payload: Mapping[str, Any],
    found: Sequence[tuple[str, tuple[float, float]]],
    spot: tuple[float, float] | None,
    crs: str,
) -> dict[str, Any]:
    """Give a map on which a person points at a place: possible places with their names, and the one chosen so far.

    Args:
        payload: of ``reports.webmap.payload``.
        found: possible places with their names, in metres.
        spot: the chosen one.
        crs: of the workspace.
    """
    there = [layer | {"on": layer["on"] and layer["key"] != ISSUES.key} for layer in payload["layers"]]
    layers = [_marks(CANDIDATE, found, crs)] if found else []
    layers += [_marks(SPOT, [("", spot)], crs)] if spot is not None else []
    return {**payload, "layers": [*there, *layers], "pointing": True}


def _marks(kind: Kind, found: Sequence[tuple[str, tuple[float, float]]], crs: str) -> dict[str, Any]:
    shapes = shapely.points([place for _, place in found])
    names = pd.Series([name for name, _ in found], dtype="str")
    ids = pd.Index([str(at) for at in range(1, len(found) + 1)])
    return _layer(kind, "point", shapes, ids, [told("name", NAME, names)], crs)


def _waiting(rows: pd.DataFrame, crs: str) -> dict[str, Any]:
    table = rows[rows["x_m"].notna()].head(MOST)
    shapes = shapely.points(table[["x_m", "y_m"]].to_numpy())
    said = [
        told("name", NAME, table["address"].astype("str")),
        told("confidence", CONFIDENCE, _percent(table["confidence"])),
        {"key": "reason", "title": columns.words(REASON), **_spoken(table["reason"])},
    ]
    return _layer(CONFIRM, "point", shapes, pd.Index(table["row"].astype(str)), said, crs) | {"count": len(rows)}


def _things(kind: Kind, table: pd.DataFrame, spec: LayerSpec, crs: str) -> dict[str, Any]:
    drawn = table.head(MOST)
    popup = [name for name in columns.shown(spec, drawn, public=False) if name != "name"]
    name = next((one for one in ("name", "description", "address") if one in drawn), None)
    names = drawn.index.to_series() if name is None else drawn[name].fillna(drawn.index.to_series())
    said = [told("name", NAME, names.astype("str").str.slice(0, 40))]
    said += [columns.column(spec, drawn, one) for one in popup]
    if kind is ADDRESSED and PLACE_CONFIDENCE in drawn:
        said.append(told(PLACE_CONFIDENCE, CONFIDENCE, _percent(drawn[PLACE_CONFIDENCE])))
    layer = _layer(kind, spec.shape, drawn.geometry.to_numpy(), drawn.index, said, crs)
    notes = [columns.words(CUT.format(most=f"{MOST:,}", n=f"{len(table):,}"))] if len(table) > MOST else []
    return {**layer, "count": len(table), "notes": notes}


def _percent(cells: pd.Series) -> pd.Series:
    return cells.map("{:.0%}".format, na_action="ignore").astype("str")


def _spoken(cells: pd.Series) -> dict[str, Any]:
    """Write texts in both languages as a column of words."""
    codes = {one.zh: one for one in cells}
    return columns.values(pd.Series([one.zh for one in cells], index=cells.index, dtype="str"), codes)


def _layer(  # noqa: PLR0917 (one line of a table)
    kind: Kind,
    shape: str,
    shapes: npt.NDArray[np.object_],
    ids: pd.Index,
    said: Sequence[Mapping[str, Any]],
    crs: str | None,
) -> dict[str, Any]:
    """Put a layer together; ``crs`` None: the shapes are in degrees already."""
    return overlay(kind, Drawn(shape, shapes, ids), said, crs)


def _moves(part: Part, crs: str) -> tuple[Floats, Floats] | None:
    """Give where things lie (degrees, shape (n, 2)) and where they would lie without the repair, None without one."""
    verdict = part.located.verdict
    back = OFFSETS.get(verdict.chosen.origin) if verdict is not None and verdict.chosen is not None else None
    if back is None:
        return None
    drawn = part.located.shapes[~pd.isna(part.located.shapes) & ~_by_address(part)]
    spots = shapely.centroid(drawn.astype(object))
    lon, lat = degrees(crs, shapely.get_x(spots), shapely.get_y(spots))
    there = back(lon, lat)
    return np.column_stack([lon, lat]), np.column_stack([np.asarray(one) for one in there])


def _by_address(part: Part) -> npt.NDArray[np.bool_]:
    marked = part.located.by_address
    return marked if len(marked) else np.zeros(len(part.located.shapes), dtype=bool)


def _apart_m(here: Floats, there: Floats) -> Floats:
    east = (there[:, 0] - here[:, 0]) * np.cos(np.radians(here[:, 1]))
    north = there[:, 1] - here[:, 1]
    found: Floats = np.hypot(east, north) * METRES_A_DEGREE
    return found


def _move_layers(moves: Sequence[tuple[Floats, Floats]]) -> Iterator[dict[str, Any]]:
    here, there = (np.concatenate(ends) for ends in zip(*moves, strict=True))
    some = np.unique(np.linspace(0, len(here) - 1, min(MOST_MOVES, len(here))).round().astype(np.int64))
    here, there = here[some], there[some]
    ids = pd.Index([str(at) for at in range(len(here))])
    yield _layer(MOVED, "line", shapely.linestrings(np.stack([there, here], axis=1)), ids, (), None)
    yield _layer(BEFORE, "point", shapely.points(there), ids, (), None)


def _bounds(known: Any, look: Look, moves: Sequence[tuple[Floats, Floats]], crs: str) -> Any:  # noqa: ANN401 (corners as the map wants them)
    """Give the corners of the map, widened to what is new."""
    if look.merge is None or "geometry" not in look.table or not look.table.geometry.notna().any():
        return known
    west, south, east, north = look.table.total_bounds
    lon, lat = degrees(crs, np.array([west, east]), np.array([south, north]))
    spots = [np.column_stack([lat, lon]), *(there[:, ::-1] for _, there in moves)]
    corners = np.concatenate([*spots, *([] if known is None else [np.asarray(known, dtype=float)])])
    return [corners.min(axis=0).tolist(), corners.max(axis=0).tolist()]
