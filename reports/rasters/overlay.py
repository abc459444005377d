"""A raster as a picture for the map, with its legend; the picture travels inside the page, nothing is fetched."""

import base64
import io
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.raster.warping import Picture, picture
from geo.text import Text
from layers import Workspace
from layers.standards import standard
from reports import classes
from reports.rasters.by_kind import class_words
from reports.rasters.figures import readable, readable_index
from reports.rasters.kinds import Held, rasters_held

CLASSES = 6
RAMPS = {
    "population": ("#ffffcc", "#fed976", "#feb24c", "#fd8d3c", "#e31a1c", "#800026"),
    "elevation": ("#2b6f6c", "#7fb38a", "#d9d9a0", "#c9a36a", "#94643c", "#5b3a29"),
    "bands": ("#a6611a", "#dfc27d", "#f5f5dc", "#b8e186", "#4dac26", "#1b6b1b"),
    "temperature": ("#fff7bc", "#fee391", "#fec44f", "#fe9929", "#cc4c02", "#7f2704"),
    "slope": ("#f7f7f7", "#e7d4e8", "#c2a5cf", "#9970ab", "#762a83", "#40004b"),
    "ponding": ("#deebf7", "#9ecae1", "#6baed6", "#3182bd", "#08519c", "#08306b"),
    "flow": ("#f7fbff", "#c6dbef", "#9ecae1", "#6baed6", "#2171b5", "#08306b"),
    "measured": ("#f7fbff", "#d0d1e6", "#a6bddb", "#67a9cf", "#1c9099", "#016450"),
}
"""Colours from low to high (ColorBrewer)."""
DRY = {"ponding", "flow"}
"""Kinds of which nothing is drawn where the value is zero."""
OPACITY = 0.72


class Entry(NamedTuple):
    """One line of the legend."""

    colour: str
    words: Text


def overlay(ws: Workspace, held: Held) -> dict[str, Any] | None:
    """Give a raster as a part of a map (``reports.webmap.payload``), ready for JSON; None if it has nothing to draw.

    The colours run by classes of the values in the picture, single cells as they are; a vegetation index is drawn of a
    satellite image, one colour for each class of land cover.

    Raises:
        DataError: it does not open, or nobody said which bands a satellite image has.
    """
    opened = readable_index if held.kind == "bands" else readable
    with opened(held) as source:
        drawn = picture(source)
    if drawn is None or not np.isfinite(drawn.cells).any():
        return None
    plain = held.kind in ("bands", "land_cover")
    values = drawn.cells if plain else drawn.cells * held.scale + held.offset
    if held.kind in DRY:
        values = np.where(values > 0, values, np.nan)
    number, entries = _by_class(ws, values) if held.kind == "land_cover" else _by_value(values, held.kind)
    return _ready(held, drawn, number, entries)


def overlays(ws: Workspace) -> list[dict[str, Any]]:
    """Give every raster of a workspace that can be drawn, none of them shown at first."""
    found = []
    for held in rasters_held(ws):
        if held.kind == "bands" and not all(held.bands):
            continue
        one = overlay(ws, held)
        if one is not None:
            found.append(one)
    return found


def with_overlay(payload: Mapping[str, Any], one: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give a map with a raster shown on it."""
    return dict(payload) if one is None else {**payload, "overlays": [{**one, "on": True}]}


def _by_value(values: NDArray[np.float64], kind: str) -> tuple[NDArray[np.int64], list[Entry]]:
    """Give the class of each cell, -1 for none, and the legend."""
    limits = classes.breaks(values, CLASSES, "quantile" if kind == "flow" else "fisher")
    if not len(limits):
        return np.full(values.shape, -1), []
    colours = [RAMPS[kind][at] for at in np.linspace(0, CLASSES - 1, len(limits)).round().astype(int)]
    ends = [float(np.nanmin(values)), *limits.tolist()]
    digits = max(0, 2 - int(np.floor(np.log10(max(ends[-1] - ends[0], 1e-9)))))
    said = [Text.same(f"{low:,.{digits}f} – {high:,.{digits}f}") for low, high in pairwise(ends)]
    return classes.class_of(values, limits), [Entry(*one) for one in zip(colours, said, strict=True)]


def _by_class(ws: Workspace, values: NDArray[np.float64]) -> tuple[NDArray[np.int64], list[Entry]]:
    known = standard("land_cover", ws.folder).set_index("code")
    codes = np.unique(values[np.isfinite(values)])
    number = np.where(np.isfinite(values), np.searchsorted(codes, np.nan_to_num(values)), -1)
    return number, [Entry(_colour(known, int(code)), class_words(known, int(code))) for code in codes]


def _colour(known: pd.DataFrame, code: int) -> str:
    return str(known.loc[code, "colour"]) if code in known.index else "#888888"


def _ready(held: Held, drawn: Picture, number: NDArray[np.int64], entries: Sequence[Entry]) -> dict[str, Any]:
    west, south, east, north = drawn.degrees
    unit = Text("植被指数", "vegetation index") if held.kind == "bands" else held.unit
    title = held.title if held.declared else Text.same(held.name)
    return {
        "key": held.name,
        "title": list(title),
        "unit": list(unit),
        "bounds": [[round(south, 7), round(west, 7)], [round(north, 7), round(east, 7)]],
        "opacity": OPACITY,
        "image": "data:image/png;base64," + base64.b64encode(_png(number, [one.colour for one in entries])).decode(),
        "legend": [{"colour": one.colour, "words": list(one.words)} for one in reversed(entries)],
    }


def _png(number: NDArray[np.int64], colours: Sequence[str]) -> bytes:
    """Draw class numbers as a picture of few colours, clear where there is no class; the same input gives the same bytes."""
    from PIL import Image  # noqa: PLC0415 (heavy)

    shown = Image.fromarray(np.where(number < 0, 0, number + 1).astype(np.uint8), mode=None).convert("P")
    palette = [0, 0, 0]
    for colour in colours:
        palette += [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    shown.putpalette(palette)
    out = io.BytesIO()
    shown.save(out, "PNG", optimize=True, transparency=0)
    return out.getvalue()
