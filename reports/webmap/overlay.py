"""One more layer for a map: things picked out of a layer, or of an answer, drawn over what is there."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.text import Text
from reports.webmap import columns, encode
from reports.webmap.degrees import degrees

QUANTUM = 1e-6


class Kind(NamedTuple):
    """How one kind of thing looks: title, colour, sign."""

    key: str
    title: Text
    colour: str
    glyph: Text


class Drawn(NamedTuple):
    """What is drawn: "point", "line", "area" or "any", the shapes and their ids."""

    shape: str
    shapes: npt.NDArray[np.object_]
    ids: pd.Index


def told(key: str, title: Text, cells: pd.Series) -> dict[str, Any]:
    """Give a column of a pop-up."""
    return {"key": key, "title": columns.words(title), **columns.values(cells)}


def overlay(kind: Kind, drawn: Drawn, said: Sequence[Mapping[str, Any]], crs: str | None) -> dict[str, Any]:
    """Put a layer together; ``crs`` None: the shapes are in degrees already."""
    outline = encode.outline(drawn.shapes)
    x, y = outline.xy[:, 0].copy(), outline.xy[:, 1].copy()
    lon, lat = (x, y) if crs is None else degrees(crs, x, y)
    coded = encode.shapes(outline._replace(xy=np.column_stack([lon, lat])), QUANTUM)
    return {
        "key": kind.key,
        "title": columns.words(kind.title),
        "shape": drawn.shape,
        "colour": kind.colour,
        "glyph": columns.words(kind.glyph),
        "count": len(drawn.ids),
        "drawn": len(drawn.ids),
        "on": True,
        "notes": [],
        "data": {**coded, "ids": columns.identifiers(drawn.ids), "columns": list(said)},
    }
