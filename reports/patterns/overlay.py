"""The patterns on a map: grids shaded by what was found, bands of density and outlines of groups as layers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.text import Text
from layers import Workspace
from reports.patterns.by_month import TRENDS, Months, category_words
from reports.patterns.density import COLOURS, Surface, band_words
from reports.patterns.groups import PointGroups
from reports.patterns.judgement import Pattern
from reports.patterns.tables import GROUPS as GROUP_TITLES
from reports.patterns.tables import MONTHS as MONTH_TITLES
from reports.patterns.tables import RATES, group_rows, said
from reports.patterns.words import SHORT, VERDICTS, title, unit
from reports.webmap import columns, encode
from reports.webmap.degrees import degrees
from reports.webmap.documents import QUANTUM
from reports.webmap.shading import NO_CLASS, TOO_FEW, shade_of

Payload = dict[str, Any]
HEAT_COLOURS = {
    "hot": "#b2182b", "HL": "#f4a582", "like_others": "#f2f2f2", "described": "#f2f2f2", "LH": "#92c5de", "cold": "#2166ac",
}  # fmt: skip
"""Red for hot, blue for cold (ColorBrewer RdBu): told apart with every kind of colour vision."""
CATEGORY_COLOURS = {
    "new hot spot": "#fcae91", "consecutive hot spot": "#fb6a4a", "intensifying hot spot": "#99000d",
    "persistent hot spot": "#cb181d", "diminishing hot spot": "#d98b7e", "sporadic hot spot": "#fee0d2",
    "oscillating hot spot": "#c994c7", "historical hot spot": "#bdbdbd", "no pattern": "#f2f2f2",
    "historical cold spot": "#9ebcda", "oscillating cold spot": "#9e9ac8", "sporadic cold spot": "#deebf7",
    "diminishing cold spot": "#8fb1cc", "persistent cold spot": "#2171b5", "intensifying cold spot": "#08306b",
    "consecutive cold spot": "#6baed6", "new cold spot": "#c6dbef",
}  # fmt: skip
RATE, SMOOTHED, JUDGED = Text("比率", "Rate"), Text("收缩后的比率", "Smoothed rate"), Text("判断", "Verdict")
EMERGING = Text("热点演变", "Emerging hot spots")
NOT_DRAWN = Text("本图不画问题点", "Issues are not drawn on this map")
GROUP_LAYER = Text("点聚集", "Groups of points")
GROUP_COLOUR = "#b2182b"


def with_rates(ground: Mapping[str, Any], pattern: Pattern) -> Payload:
    """Shade a map by the smoothed rate (a count where there is no denominator) and by the raw one."""
    grids, level, few = pattern.grids, pattern.counts.level, pd.Series(pattern.counts.few, index=pattern.grids.index)
    kinds = [("raw", RATE)] if pattern.asked.per == "none" else [("smoothed", SMOOTHED), ("raw", RATE)]
    shades = [
        shade_of(grids[key], grids.index, level, key=key, title=words, unit=unit(pattern), few=few)
        for key, words in kinds
    ]
    return _shaded(ground, shades, level, title=title(pattern), told=_told_rates(pattern))


def _told_rates(pattern: Pattern) -> list[dict[str, Any]]:
    """What the pop-up of a grid tells of its rate."""
    grids = pattern.grids
    kinds = [("raw", RATE)] if pattern.asked.per == "none" else [("raw", RATE), ("smoothed", SMOOTHED)]
    numbers = [{**_row(key, words, grids[key].round(2)), "unit": columns.words(unit(pattern))} for key, words in kinds]
    return [_row("events", RATES["events"], grids["events"]), *numbers, _told_verdict(pattern)]


def _told_verdict(pattern: Pattern) -> dict[str, Any]:
    return _row("verdict", JUDGED, pattern.grids["verdict"].astype(object), VERDICTS)


def _row(key: str, words: Text, cells: pd.Series, codes: Mapping[str, Text] | None = None) -> dict[str, Any]:
    return {"key": key, "title": columns.words(words), **columns.values(cells, codes)}


def with_verdicts(ground: Mapping[str, Any], pattern: Pattern) -> Payload:
    """Colour the grids of a map by the verdict."""
    found = pattern.grids["verdict"]
    level = pattern.counts.level
    shade = classes(found, level, key="verdict", title=JUDGED, colours=HEAT_COLOURS, words=SHORT, few="few_people")
    return _shaded(ground, [shade], level, title=title(pattern), told=_told_rates(pattern))


def with_categories(ground: Mapping[str, Any], found: Months) -> Payload:
    """Colour the grids of a map by the category of their emerging hot spot."""
    category = found.grids["category"]
    words = {one: category_words(one) for one in CATEGORY_COLOURS}
    shade = classes(category, found.counts.level, key="category", title=EMERGING, colours=CATEGORY_COLOURS, words=words)
    trend = _row("trend", MONTH_TITLES["trend"], found.grids["trend"].astype(object), TRENDS)
    return _shaded(
        ground,
        [shade],
        found.counts.level,
        title=EMERGING,
        told=[trend, _row("category", EMERGING, category.replace("", None).astype(object), words)],
    )


def classes(
    found: pd.Series, level: int, *, key: str, title: Text, colours: Mapping[str, str], words: Mapping[str, Text],
    few: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Give a shading by names in place of numbers; names that do not occur are left out, unknown ones are hatched.

    Args:
        found: name of the class of each grid of the level, in the order of its document.
        level: grid level.
        key: short name for the browser.
        title: what is shown.
        colours: by name, in the order of the legend from the bottom up.
        words: of the names.
        few: name of the class of grids where too few live, which is dotted.
    """
    used = [name for name in reversed(list(colours)) if (found == name).any()]
    place = {name: n for n, name in enumerate(used)}
    number = np.array([place.get(str(one), TOO_FEW if one == few else NO_CLASS) for one in found])
    said_ = found.map({name: words[name].zh for name in used})
    return {
        "key": key, "level": level, "title": columns.words(title), "unit": "", "least": 0.0,
        "limits": [float(n) for n in range(len(used))], "names": [columns.words(words[name]) for name in used],
        "colours": [colours[name] for name in used], "counts": [int((number == n).sum()) for n in range(len(used))],
        "missing": int((number == NO_CLASS).sum()), "few": int((number == TOO_FEW).sum()),
        "classes": encode.text(number.astype(np.uint8).tobytes()),
        "values": columns.values(said_.astype(object), {words[name].zh: words[name] for name in used}),
    }  # fmt: skip


def with_surface(ground: Mapping[str, Any], ws: Workspace, found: Surface) -> Payload:
    """Lay the bands of a density over a map, each a layer that can be switched off."""
    layers = [
        area_layer(
            ws, pd.DataFrame(index=[f"{n}"]), [area], key=f"density-{n}", words=band_words(low, high), colour=colour
        )
        for n, ((low, high, area), colour) in enumerate(zip(found.bands, COLOURS, strict=True), start=1)
    ]
    shown = {"shades": [], "layers": [*layers, *ground["layers"]], "no_issues": columns.words(NOT_DRAWN)}
    return {**ground, **shown}


def with_groups(ground: Mapping[str, Any], ws: Workspace, found: PointGroups, lang: str) -> Payload:
    """Lay the outlines of groups over a map; a pop-up tells of each."""
    rows = group_rows(ws, found, lang)
    heads = said(GROUP_TITLES, lang)
    shown = rows.set_index(rows["group"].astype(str)).drop(columns="group")
    layer = area_layer(
        ws, shown, list(found.outlines), key="groups", words=GROUP_LAYER, colour=GROUP_COLOUR, heads=heads
    )
    return {**ground, "shades": [], "layers": [layer, *ground["layers"]]}


def area_layer(
    ws: Workspace, rows: pd.DataFrame, shapes: list[shapely.Geometry], *, key: str, words: Text, colour: str,
    heads: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Give a layer of areas that a workspace does not hold, for a map.

    Args:
        ws: the workspace, for its coordinates.
        rows: what a pop-up tells, indexed by id, one row a shape.
        shapes: polygons in metres of the workspace.
        key: name of the layer.
        words: its title.
        colour: of the areas.
        heads: of the columns.
    """
    outline = encode.outline(np.array([*shapes, None], dtype=object)[:-1])
    x, y = degrees(ws.manifest.crs, outline.xy[:, 0].copy(), outline.xy[:, 1].copy())
    told = [
        {"key": name, "title": (heads or {}).get(name, name), **columns.values(rows[name])} for name in rows.columns
    ]
    document = {
        **encode.shapes(outline._replace(xy=np.column_stack([x, y])), QUANTUM),
        "ids": {"words": list(rows.index.astype(str))},
        "columns": told,
    }
    return {
        "key": key, "title": columns.words(words), "shape": "area", "colour": colour, "glyph": None,
        "count": len(shapes), "drawn": len(shapes), "on": True, "notes": [], "data": document,
    }  # fmt: skip


def _shaded(
    ground: Mapping[str, Any], shades: list[dict[str, Any]], level: int, *, title: Text, told: list[dict[str, Any]]
) -> Payload:
    levels = [
        {**one, "columns": [*told, *one["columns"]]} if one["level"] == level else one for one in ground["levels"]
    ]
    found = {"shades": shades, "levels": levels, "first_level": level, "title": columns.words(title)}
    return {**ground, **found, "no_issues": columns.words(NOT_DRAWN)}
