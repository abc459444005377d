"""What a page needs to make a scenario: the form of a layer out of its schema, corners that become shapes, a draft that grows."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.text import Text
from layers import BUILDINGS, GRIDS, STREETS, Workspace
from layers.catalog import CATALOG
from reports.gridworks.plan import Line, Plan
from reports.scenario.applying import with_ids
from reports.scenario.edits import ADD, CLOSE, EDITABLE, MOVE, REMOVE, RESIZE, SET, Edit, Scenario
from reports.scenario.features import added_from
from reports.scenario.reading import NAME, parsed_scenario
from reports.scenario.written import wkt_of
from reports.webmap.overlay import Drawn, Kind, overlay
from reports.webmap.payload import Link, payload

FIRST = ("toilets", "parks", "parking", "facilities", "lights", "sites", "streets")
"""Layers that are offered first."""
AREA, LINE, POINT = "area", "line", "point"
CORNER_SHARE = 1 / 90
"""Part of the map's width that a corner is shown with."""
LEAST_AREA, LEAST_LINE = 3, 2
"""Corners of an area and of a line."""
DRAWING = Kind("scenario_drawing", Text("正在画", "Being drawn"), "#d55e00", Text("", ""))
PUT = Kind("scenario_put", Text("情景中的改动", "In the scenario"), "#cc3377", Text("改", "!"))
MARKED = Kind("scenario_marked", Text("选中", "Chosen"), "#0b5394", Text("", ""))
UNNAMED = Text("未命名情景", "unnamed scenario")
SLUG = re.compile(r"[^\w-]+")


class Field(NamedTuple):
    """A field of a form: column, title with unit, kind ("text", "whole", "number", "flag", "day", "choice") and choices."""

    name: str
    title: Text
    kind: str
    choices: Mapping[str, Text]
    about: Text | None


def layers_to_edit(ws: Workspace, do: str) -> list[str]:
    """Name the layers that a deed can be done to: to add, all; else those that are there."""
    if do == CLOSE:
        return [STREETS.key] if STREETS in ws else []
    order = [*FIRST, *(key for key in EDITABLE if key not in FIRST)]
    return [key for key in order if do == ADD or key in ws]


def form_of(layer: str) -> list[Field]:
    """Give the form of a layer, out of its declared columns."""
    columns = CATALOG[layer].schema.to_schema().columns
    return [_field(name, said, str(columns[name].dtype)) for name, said in CATALOG[layer].columns.items()]


def _field(name: str, said: Mapping[str, Any], kind: str) -> Field:
    unit: Text | None = said["unit"]
    title: Text = said["title"]
    words = (
        title
        if unit is None or not unit.zh
        else Text(f"{title.zh}（{unit.zh}）", f"{title.en} ({unit.en})".removesuffix(" ()"))
    )
    kinds = {"int": "whole", "float": "number", "bool": "flag", "date": "day"}
    found = next((form for start, form in kinds.items() if kind.lower().startswith(start)), "text")
    return Field(name, words, "choice" if said["codes"] else found, said["codes"] or {}, said["about"])


def values_of(layer: str, cells: Mapping[str, object]) -> dict[str, Any]:
    """Give what a filled form says; what was left empty stays unknown."""
    kinds = {one.name: one.kind for one in form_of(layer)}
    whole = {name for name, kind in kinds.items() if kind == "whole"}
    said = {name: value for name, value in cells.items() if value is not None and value != ""}
    return {name: int(str(value)) if name in whole else value for name, value in said.items()}


def form_shape(layer: str) -> str:
    """Say what is drawn for a thing of a layer: a point, a line or an area."""
    return {"point": POINT, "line": LINE}.get(CATALOG[layer].shape, AREA)


def drawn_wkt(layer: str, corners: Line) -> str:
    """Give the shape of clicked corners, "" where there are too few: one is a point if the layer may hold points."""
    shape = CATALOG[layer].shape
    if corners and (shape == POINT or (len(corners) == 1 and shape == "any")):
        return wkt_of(shapely.Point(corners[-1]))
    if shape == LINE:
        return wkt_of(shapely.LineString(corners)) if len(corners) >= LEAST_LINE else ""
    return wkt_of(shapely.Polygon(corners)) if shape != POINT and len(corners) >= LEAST_AREA else ""


def made_edit(do: str, layer: str, *, thing: str = "", corners: Line = (), **said: Any) -> Edit | None:  # noqa: ANN401 (fields of an edit)
    """Give the difference that a form and clicks say, None while something is missing.

    Args:
        do: a key of ``reports.scenario.edits.DEEDS``.
        layer: of the thing.
        thing: its id, for all but a new one.
        corners: clicked places in metres.
        said: ``values``, ``area_m2``, ``cost_yuan``, as far as they are known.
    """
    wkt = ""
    if do == MOVE and corners:
        wkt = wkt_of(shapely.Point(corners[-1]))
    elif do == ADD:
        wkt = drawn_wkt(layer, corners)
    known = {key: value for key, value in said.items() if value is not None}
    edit = Edit(do=do, layer=layer, id=thing if do != ADD else "", wkt=wkt, **known)
    lacks = {
        ADD: not wkt, MOVE: not (thing and wkt), REMOVE: not thing, SET: not (thing and said.get("values")),
        RESIZE: not (thing and edit.area_m2), CLOSE: not thing,
    }  # fmt: skip
    return None if lacks[do] else edit


class Draft(NamedTuple):
    """A scenario that is being made: what people call it, differences, weights, redrawn grids and money."""

    title: str = ""
    edits: tuple[Edit, ...] = ()
    weights: tuple[tuple[str, float], ...] = ()
    grids: Plan | None = None
    budget_yuan: float | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing yet."""
        return not (self.edits or self.weights or self.grids)

    def longer(self, edit: Edit) -> "Draft":
        """Give the draft with one more difference."""
        return self._replace(edits=(*self.edits, edit))

    def shorter(self) -> "Draft":
        """Give the draft without its last difference."""
        return self._replace(edits=self.edits[:-1])

    def scenario(self) -> Scenario:
        """Give the scenario that it says; its name follows from its title."""
        title = self.title.strip()
        slug = SLUG.sub("-", title).strip("-")[:60]
        return Scenario(
            name=slug if NAME.fullmatch(slug) else "scenario",
            title=Text.same(title) if title else UNNAMED,
            edits=self.edits,
            grids=self.grids,
            weights=dict(self.weights),
            budget_yuan=self.budget_yuan,
        )


def draft_of(scenario: Scenario, lang: str) -> Draft:
    """Give a scenario as a draft, to go on with it."""
    weights = tuple(sorted(scenario.weights.items()))
    return Draft(scenario.title.in_(lang), scenario.edits, weights, scenario.grids, scenario.budget_yuan)


def joined(draft: Draft, found: Scenario, lang: str) -> Draft:
    """Give a draft with what a file says added to it."""
    other = draft_of(found, lang)
    return Draft(
        draft.title or other.title,
        (*draft.edits, *other.edits),
        other.weights or draft.weights,
        other.grids or draft.grids,
        draft.budget_yuan if other.budget_yuan is None else other.budget_yuan,
    )


def settled(ws: Workspace, scenario: Scenario) -> Scenario:
    """Give a scenario with ids for new things, as it is saved."""
    return with_ids(ws, scenario)


def from_upload(ws: Workspace, content: bytes, name: str, layer: str) -> Scenario:
    """Read an uploaded file: a scenario, a plan of grids (JSON of the page Grids), or things to add to a layer.

    Raises:
        DataError: faults of the file, all of them.
        PartitionError: a plan of grids that cannot be read.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".toml":
        return parsed_scenario(content, name, ws.manifest.crs).scenario
    if suffix == ".json" and b'"steps"' in content:
        return Scenario(
            name="grids", title=Text.same(Path(name).stem), grids=Plan.of_json(content.decode("utf-8", "replace"))
        )
    with tempfile.TemporaryDirectory(prefix="guatu-scenario-") as home:
        path = Path(home) / f"upload{suffix}"
        path.write_bytes(content)
        return added_from(ws, path, layer, name=name)


def things_to_choose(ws: Workspace, layer: str) -> dict[str, str]:
    """Name the things of a layer by id."""
    if layer not in ws:
        return {}
    table = ws[layer]
    names = table["name"] if "name" in table else table.index.to_series().where(lambda _: False)
    return {
        str(i): f"{name}（{i}）" if isinstance(name, str) else str(i)
        for i, name in zip(table.index, names, strict=True)
    }


def drawing_map(
    ws: Workspace,
    layer: str,
    lang: str,
    *,
    edits: Sequence[Edit] = (),
    corners: Line = (),
    thing: str = "",
    is_drawing: bool = False,
    link: Link | None = None,
) -> dict[str, Any]:
    """Give the map on which a scenario is drawn.

    Args:
        ws: the workspace.
        layer: whose things are shown beside grids, streets and buildings.
        lang: of the words.
        edits: differences so far; where they lie is marked.
        corners: clicked places so far, metres.
        thing: id of the thing that is chosen.
        is_drawing: a click gives a place; else it chooses a thing.
        link: see ``reports.webmap.payload``.
    """
    wanted = [key for key in CATALOG if key in {GRIDS.key, STREETS.key, BUILDINGS.key, layer} and key in ws]
    base = payload(ws, wanted, lang=lang, link=link)
    shown = [{**one, "on": True} for one in base["layers"]]
    put = [shapely.from_wkt(one.wkt) for one in edits if one.wkt]
    over = []
    if put:
        over.append(_over(ws, PUT, put))
    if thing and layer in ws and thing in ws[layer].index:
        over.append(_over(ws, MARKED, [_fat(ws, ws[layer].geometry[thing])]))
    if corners:
        lines = [shapely.LineString(corners)] if len(corners) > 1 else []
        over.append(_over(ws, DRAWING, [*(_fat(ws, shapely.Point(one)) for one in corners), *lines]))
    return {**base, "layers": [*shown, *over], "pointing": is_drawing, "choosing": True, "no_issues": ""}


def _over(ws: Workspace, kind: Kind, shapes: list[shapely.Geometry]) -> dict[str, Any]:
    ids = pd.Index([f"{kind.key}-{at}" for at in range(len(shapes))])
    return overlay(kind, Drawn("any", np.array(shapes, dtype=object), ids), [], ws.manifest.crs)


def _fat(ws: Workspace, shape: shapely.Geometry) -> shapely.Geometry:
    """Give a point or line the width that a mark needs to be seen."""
    if shape.area > 0:
        return shape
    tables = [ws[GRIDS]] if GRIDS in ws else [ws[BUILDINGS]]
    west, _, east, _ = tables[0].total_bounds
    return shapely.buffer(shape, (east - west) * CORNER_SHARE / (2 if shape.geom_type == "Point" else 8))
