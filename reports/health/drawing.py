"""The map of one indicator: grids shaded by its value, what fails drawn over it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from geo.text import Text
from layers.catalog import CATALOG, GRIDS, ISSUES
from reports.health.examination import Health
from reports.health.finding import WHOLE, Finding
from reports.webmap.overlay import Drawn, Kind, overlay, told
from reports.webmap.payload import payload

FAILS = "#d55e00"
MOST = 5_000
"""Things that fail that are drawn; more would take longer to send than to look at."""
NAME, GRID = Text("名称", "Name"), Text("网格", "Grid")
TITLE = Text("不达标：{what}", "Fails: {what}")
BEYOND = Text("在要求之外：{what}", "Beyond what is asked: {what}")
CUT = Text("图上只画前 {most} 个，共 {n} 个", "only the first {most} of {n} are drawn")


def finding_map(health: Health, one: Finding, *, lang: str, link: Callable[[str], str] | None = None) -> dict[str, Any]:
    """Give the map of an indicator as plain data: what fails at the place of the finding lies on top.

    Args:
        health: the check.
        one: a finding of it.
        lang: language shown first.
        link: see ``reports.webmap.payload.Link``.
    """
    values = [found.value for found in health.findings[one.id][:-1]]
    series = pd.Series(values, index=health.check.grid_ids, name=one.id)
    series.attrs = {"title": one.cited.title, "unit": one.unit}
    asked = dict.fromkeys((*one.cited.layers, *one.failing, ISSUES.key))
    shown = [key for key in asked if key in health.ws and key != GRIDS.key]
    made = payload(health.ws, shown, shade=series, level=health.level, lang=lang, link=link)
    if one.limit.comparison == "ge" and made["shades"]:
        first = made["shades"][0]
        made["shades"][0] = {**first, "colours": first["colours"][::-1]}
    there = [layer | {"on": _stays_on(layer, one)} for layer in made["layers"]]
    return {**made, "layers": [*there, *(_failing(health, one, layer) for layer in one.failing)]}


def _stays_on(layer: dict[str, Any], one: Finding) -> bool:
    """Switch off what is drawn again as failing, and issues that the indicator does not ask about."""
    asked = layer["key"] != ISSUES.key or ISSUES.key in one.cited.layers
    return bool(layer["on"]) and asked and layer["key"] not in one.failing


def _failing(health: Health, one: Finding, layer: str) -> dict[str, Any]:
    spec, table = CATALOG[layer], health.ws[layer]
    ids = np.asarray(one.failing[layer], dtype=object)
    rows = table.loc[ids[:MOST]]
    rows = rows[~(rows.geometry.isna() | rows.geometry.is_empty)]
    names = rows["name"] if "name" in rows else pd.Series(pd.NA, index=rows.index)
    said = [told("name", NAME, names.fillna(rows.index.to_series()).astype("str"))]
    if one.place == WHOLE and "grid_id" in rows:
        said.append(told("grid_id", GRID, rows["grid_id"].astype("str")))
    kind = Kind(
        f"failing_{layer}", (TITLE if one.verdict == "fails" else BEYOND).format(what=spec.title), FAILS, Text("✗", "✗")
    )
    made = overlay(kind, Drawn(spec.shape, rows.geometry.to_numpy(), rows.index), said, health.ws.manifest.crs)
    if len(ids) <= MOST:
        return made
    note = CUT.format(most=f"{MOST:,}", n=f"{len(ids):,}")
    return {**made, "count": len(ids), "notes": [[note.zh, note.en]]}
