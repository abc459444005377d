"""A map as plain data: what to draw, in which order, with which words. Knows no folium and no page."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from geo.measure import totals
from geo.memory import collection_put_off
from geo.text import Text
from layers.catalog import GRIDS, ISSUES, LayerSpec
from layers.workspace import Workspace
from reports.priority import Ranking
from reports.webmap import columns, documents, shading, words
from reports.webmap.degrees import degrees

Link = Callable[[str], str]
"""Gives the address of ``NAME.json`` or ``NAME.pmtiles``; without one the documents travel inside the payload."""

TILED = frozenset({"buildings", "streets", "parks", "parking", "lights"})
"""Layers that ``reports.tiles`` can cut into tiles."""
TILES_FROM = 60_000
"""A layer with more rows comes as tiles where it comes by address: drawn, with pop-ups of what its tiles hold."""

OFF_AT_FIRST = frozenset({"lights", "drains", "housing_estates", "boundary", "former_grids"})
CROWDED = frozenset({"facilities", "parking"})
FEW = 300
"""A crowded layer with more rows than this would cover the map, so it waits to be switched on."""


@collection_put_off()
def payload(
    ws: Workspace,
    layers: Iterable[LayerSpec | str] | None = None,
    *,
    shade: pd.Series | None = None,
    ranking: Ranking | None = None,
    level: int | None = None,
    lang: str = "zh",
    public: bool = False,
    link: Link | None = None,
) -> dict[str, Any]:
    """Put a map of a workspace together, ready for JSON.

    Args:
        ws: the workspace.
        layers: what to show (None: every layer it has).
        shade: numbers by grid id of ``level``.
        ranking: shades by score and criteria and adds ranks to the grids' pop-ups.
        level: grid level shown first (None: that of the ranking, else the finest).
        lang: language shown first; the payload holds both.
        public: leaves out internal layers and columns and rounds positions.
        link: see ``Link``.
    """
    first = level if level is not None else ranking.level if ranking is not None else _finest(ws)
    wanted = None if layers is None else {one.key if isinstance(one, LayerSpec) else one for one in layers}
    with_grids = wanted is None or GRIDS.key in wanted or shade is not None or ranking is not None
    shown = [s for s in documents.specs(ws, public=public) if wanted is None or s.key in wanted]

    return {
        **_head(ws, lang, public=public),
        "words": {key: columns.words(text) for key, text in words.INTERFACE.items()},
        "levels": [
            {**_level(ws, one, ranking), "data": _data(ws, f"level-{one}", link, public=public)}
            for one in (ws.levels if with_grids else ())
        ],
        "first_level": first,
        "shades": _shades(ws, shade, ranking, first),
        "layers": [
            {**_layer(ws, spec, public=public), **_things(ws, spec, link, public=public)} for spec in shown
        ],
        "issues_title": columns.words(ISSUES.title),
        "no_issues": columns.words(words.NO_ISSUES),
    }  # fmt: skip


def _data(ws: Workspace, name: str, link: Link | None, *, public: bool) -> dict[str, Any] | str:
    return documents.document(ws, name, public=public) if link is None else link(f"{name}.json")


def _things(ws: Workspace, spec: LayerSpec, link: Link | None, *, public: bool) -> dict[str, Any]:
    """Give the document of a layer, its address, or for a very large layer the address of its tiles."""
    if link is not None and spec.key in TILED and len(ws[spec]) > TILES_FROM:
        return {"data": None, "tiles": link(f"{spec.key}.pmtiles")}
    return {"data": _data(ws, spec.key, link, public=public)}


def _finest(ws: Workspace) -> int | None:
    return ws.levels[-1] if ws.levels else None


def _head(ws: Workspace, lang: str, *, public: bool) -> dict[str, Any]:
    manifest = ws.manifest
    notes = [words.PUBLIC_POINTS if public else words.INTERNAL]
    notes += [words.SYNTHETIC] if manifest.synthetic else []
    return {
        "title": columns.words(manifest.title.text),
        "lang": lang,
        "as_of": int(pd.Timestamp(manifest.as_of).timestamp() // 60),
        "credit": columns.words(manifest.credit.text) if manifest.credit else None,
        "notes": [columns.words(note) for note in notes],
        "bounds": _bounds(ws),
    }


def _bounds(ws: Workspace) -> list[list[float]] | None:
    """Give the south-west and north-east corner of the grids, else of everything, in degrees."""
    tables = [ws[GRIDS]] if GRIDS in ws else [ws[spec] for spec in documents.specs(ws)]
    boxes = np.array([table.total_bounds for table in tables if table.geometry.notna().any()])
    if not len(boxes):
        return None
    west, south = degrees(ws.manifest.crs, boxes[:, 0].min(keepdims=True), boxes[:, 1].min(keepdims=True))
    east, north = degrees(ws.manifest.crs, boxes[:, 2].max(keepdims=True), boxes[:, 3].max(keepdims=True))
    return [[round(float(y[0]), 6), round(float(x[0]), 6)] for x, y in ((west, south), (east, north))]


def _shades(ws: Workspace, shade: pd.Series | None, ranking: Ranking | None, level: int | None) -> list[dict[str, Any]]:
    found = [shading.of_series(shade, ws.grids(level).index, level)] if shade is not None and level is not None else []
    return found + (shading.of_ranking(ranking, ws.grids(ranking.level).index) if ranking is not None else [])


def _level(ws: Workspace, level: int, ranking: Ranking | None) -> dict[str, Any]:
    grids = ws.grids(level)
    rows = shading.rank_columns(ranking, grids.index) if ranking is not None and ranking.level == level else []
    return {
        "level": level,
        "title": columns.words(ws.manifest.level_words(level)),
        "count": len(grids),
        "columns": rows + issue_counts(ws, level),
    }


def issue_counts(ws: Workspace, level: int) -> list[dict[str, Any]]:
    """Count the issues of each grid of a level by where they stand."""
    if ISSUES not in ws:
        return []
    codes, index = ws.codes(ISSUES, level), ws.grids(level).index
    found = []
    for word, chosen in reversed(documents.by_standing(ws).items()):
        title = words.INTERFACE[word]
        counts = pd.Series(totals(codes, len(index), chosen).per_group, index=index)
        said = Text(f"问题：{title.zh}", f"Issues: {title.en.lower()}")
        found.append({"key": f"issues_{word}", "title": columns.words(said), **columns.values(counts)})
    return found


def _layer(ws: Workspace, spec: LayerSpec, *, public: bool) -> dict[str, Any]:
    table, drawn = ws[spec], documents.drawable(ws, spec)
    found: dict[str, Any] = {
        "key": spec.key,
        "title": columns.words(spec.title),
        "shape": spec.shape,
        "colour": spec.colour,
        "glyph": columns.words(words.GLYPHS[spec.key]) if spec.key in words.GLYPHS else None,
        "count": len(table),
        "drawn": int(drawn.sum()),
        "on": spec.key not in OFF_AT_FIRST and (spec.key not in CROWDED or len(table) <= FEW),
        "notes": [columns.words(note) for note in _notes(ws, spec, drawn, public=public)],
    }
    if spec == ISSUES:
        found["standing"] = {word: int((chosen & drawn).sum()) for word, chosen in documents.by_standing(ws).items()}
    return found


def _notes(ws: Workspace, spec: LayerSpec, drawn: pd.Series, *, public: bool) -> list[Text]:
    """Say what of a layer is not on the map, and why; the numbers and the drawn add up to the layer."""
    table = ws[spec]
    missing = ~documents.has_place(ws, spec)
    notes: list[tuple[Text, int]] = []
    if spec == ISSUES:
        default = documents.on_default_point(ws) & ~missing
        later = ~drawn.to_numpy() & ~missing & ~default
        notes += [(words.ON_DEFAULT, int(default.sum())), (words.NOT_YET, int(later.sum()))]
    notes.append((words.NO_PLACE if spec == ISSUES else words.NO_SHAPE, int(missing.sum())))
    said = [note.format(n=f"{n:,}") for note, n in notes if n]
    dropped = columns.left_out(columns.shown(spec, table, public=public), int(drawn.sum()))
    if dropped:
        names = [spec.title_of(name) for name in dropped]
        listed = Text("、".join(t.zh for t in names), " and ".join(t.en for t in names))
        said.append(words.NO_TEXT.format(columns=Text(f"“{listed.zh}”", listed.en.capitalize())))
    return said
