"""A scenario as a TOML file: the same scenario gives the same bytes, with a hash of what it says."""

from collections.abc import Iterator

import numpy as np
import shapely

from layers.manifest import toml_value
from reports.scenario.edits import Edit, Scenario, digest_of

KIND = "scenario"
PLACES = 3
"""Digits of coordinates: millimetres."""


def content_toml(scenario: Scenario) -> str:
    """Write what a scenario changes, without its name, author, day and hashes."""
    return "\n".join(_content(scenario)) + "\n"


def scenario_hash(scenario: Scenario) -> str:
    """Give the hash of what a scenario changes: who saved it, and when, is no part of it."""
    return digest_of(content_toml(scenario))


def scenario_toml(scenario: Scenario) -> str:
    """Write a scenario as TOML."""
    said: dict[str, object] = {"kind": KIND, "name": scenario.name, "title": scenario.title._asdict()}
    if scenario.author:
        said["author"] = scenario.author
    if scenario.made_on is not None:
        said["made_on"] = scenario.made_on
    if scenario.layers:
        said["layers"] = scenario.layers
    said["hash"] = scenario_hash(scenario)
    head = [f"{key} = {toml_value(value)}" for key, value in said.items()]
    return "\n".join([*head, *_content(scenario)]) + "\n"


def _content(scenario: Scenario) -> Iterator[str]:
    if scenario.budget_yuan is not None:
        yield f"budget_yuan = {toml_value(scenario.budget_yuan)}"
    if scenario.weights:
        yield ""
        yield "[weights]"
        yield from (f"{key} = {toml_value(float(scenario.weights[key]))}" for key in sorted(scenario.weights))
    if scenario.grids is not None:
        plan = scenario.grids.as_json()
        yield ""
        yield "[grids]"
        yield f"level = {plan['level']}"
        yield f"valid_from = {toml_value(plan['valid_from'])}"
        for step in plan["steps"]:
            yield ""
            yield "[[grids.steps]]"
            yield from (f"{key} = {toml_value(value)}" for key, value in step.items())
    for edit in scenario.edits:
        yield ""
        yield "[[edits]]"
        yield from _edit(edit)


def _edit(edit: Edit) -> Iterator[str]:
    where = shapely.from_wkt(edit.wkt) if edit.wkt else None
    is_point = where is not None and where.geom_type == "Point"
    said = {
        "do": edit.do,
        "layer": edit.layer,
        "id": edit.id or None,
        "outline_of": edit.outline_of or None,
        "at": tuple(np.round(shapely.get_coordinates(where)[0], PLACES).tolist()) if is_point else None,
        "wkt": edit.wkt if edit.wkt and not is_point else None,
        "area_m2": edit.area_m2,
        "cost_yuan": edit.cost_yuan,
        "note": edit.note or None,
        "set": {key: edit.values[key] for key in sorted(edit.values)} or None,
    }
    yield from (f"{key} = {toml_value(value)}" for key, value in said.items() if value is not None)


def wkt_of(shape: shapely.Geometry) -> str:
    """Write a shape in metres, to the millimetre."""
    return str(shapely.to_wkt(shape, rounding_precision=PLACES, trim=True))
