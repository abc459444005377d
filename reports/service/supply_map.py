"""The map of a supply: grids shaded by what is missing, or by what people have, with the facilities on it."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from geo.text import Text
from layers import BUILDINGS
from reports.service.supply import Supply
from reports.webmap.payload import payload

SHADES = {
    "missing": Text("缺口（{unit}）", "Missing ({unit})"),
    "access": Text("可得（{rate}）", "Access ({rate})"),
}
"""What the grids can be shaded by; the darkest class is always the worst."""


def shade_words(found: Supply, shade: str) -> Text:
    """Name what the grids are shaded by."""
    return SHADES[shade].format(unit=found.kind.unit, rate=found.kind.rate)


def supply_map(found: Supply, shade: str, *, lang: str, link: Callable[[str], str] | None = None) -> dict[str, Any]:
    """Give the map as plain data.

    Args:
        found: of ``supply``.
        shade: a key of ``SHADES``.
        lang: language shown first.
        link: see ``reports.webmap.payload.Link``.
    """
    series: pd.Series = found.by_grid[shade].copy()
    unit = found.kind.unit if shade == "missing" else found.kind.rate
    title = Text(SHADES[shade].zh.split("（")[0], SHADES[shade].en.split(" (")[0])
    series.attrs = {"title": title, "unit": unit}
    layers = [spec.key for spec in (BUILDINGS, found.kind.layer) if spec in found.ws]
    made = payload(found.ws, layers, shade=series, level=found.level, lang=lang, link=link)
    if shade == "access" and made["shades"]:
        first = made["shades"][0]
        made["shades"][0] = {**first, "colours": first["colours"][::-1]}
    return made
