"""Before and after on one map: grids by need in the same classes, buildings served and not, and what was changed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.text import Text
from layers import GRIDS, STREETS, Workspace
from layers.catalog import CATALOG
from reports import classes
from reports.scenario.comparison import REMOVED, Comparison
from reports.scenario.walks import FARTHER, GAINS, GONE, LOSES, NEARER, NEW, UNTOLD, Walks
from reports.webmap import columns, drawn_payload, encode, shading, words, write_payload
from reports.webmap.overlay import Drawn, Kind, overlay, told
from reports.webmap.payload import Link, payload

BEFORE, AFTER = Text("之前", "Before"), Text("之后", "After")
WORDS = {
    "swipe": Text("卷帘对比", "Swipe"),
    "side": Text("并排对比", "Side by side"),
    "divider": Text("左右移动分界线", "Move the divider"),
}
SERVED = Kind("walk_served", Text("服务范围内", "Served"), "#7fb7d6", Text("", ""))
UNSERVED = Kind("walk_unserved", Text("服务范围外", "Not served"), "#e6a06c", Text("", ""))
LOOKS: Mapping[str, Kind] = {
    NEARER: Kind("walk_nearer", Text("更近", "Nearer"), "#56b4e9", Text("近", "N")),
    FARTHER: Kind("walk_farther", Text("更远", "Farther"), "#e69f00", Text("远", "F")),
    GAINS: Kind("walk_gains", Text("新覆盖（受益）", "Newly served (gain)"), "#0072b2", Text("益", "+")),
    LOSES: Kind("walk_loses", Text("失去覆盖（受损）", "No longer served (lose)"), "#d55e00", Text("损", "−")),
}
CHANGED_THINGS = Kind("scenario_things", Text("改动之处", "What is changed"), "#cc3377", Text("改", "!"))
MOST_OUTLINES = 6_000
"""Up to so many buildings are drawn as outlines, more as dots."""
HEADS = {
    "name": Text("名称", "Name"), "before": Text("之前步行", "Walk before"), "after": Text("之后步行", "Walk after"),
    "change": Text("变化", "Change"), "people": Text("计入", "Counted"), "what": Text("改动", "Change"),
}  # fmt: skip
WHAT = {
    "added": Text("新增", "added"),
    "removed": Text("拆除", "removed"),
    "changed": Text("改动", "changed"),
}


def swipe_map(
    found: Comparison,
    service: str | None,
    lang: str,
    *,
    links: tuple[Link | None, Link | None] = (None, None),
    titles: tuple[Text, Text] = (BEFORE, AFTER),
) -> dict[str, Any]:
    """Give a map of both states.

    Args:
        found: the comparison.
        service: whose walks are drawn; None for none.
        lang: language shown first.
        links: where each state's layers come from, see ``reports.webmap.payload``.
        titles: what the two states are called.
    """
    walks = found.walks.get(service or "")
    sides = []
    for at, (ws, link) in enumerate(zip((found.before, found.after), links, strict=True)):
        made = payload(ws, _layers(ws, found, walks), level=found.level, lang=lang, link=link)
        over = [] if walks is None else _verdicts(found, walks, at)
        sides.append({**made, "layers": [*_quiet(made["layers"]), *over, *_things(found, at)], "no_issues": ""})
    shades = _shades(found)
    first, last = ({**side, "shades": [shade]} if shade else side for side, shade in zip(sides, shades, strict=True))
    said = {key: columns.words(text) for key, text in WORDS.items()}
    tags = {"before": columns.words(titles[0]), "after": columns.words(titles[1]), "words": said}
    return {**last, "before": {**first, "plain": True}, "swipe": tags, "plain": True}


def write_swipe(found: Comparison, path: Path, *, lang: str = "zh") -> None:
    """Write the map of both states as one page that opens offline; the service with most who gain or lose is drawn."""
    write_payload(swipe_map(found, leading(found), lang), path)


def draw_swipe(found: Comparison, service: str | None = None, *, lang: str = "zh") -> Any:  # noqa: ANN401 (a folium map)
    """Draw both states on one map, to be swiped in a notebook; the leading service if none is named."""
    return drawn_payload(swipe_map(found, service or leading(found), lang))


def leading(found: Comparison) -> str | None:
    """Name the service with most people who come into cover or fall out of it, else whose walk changes."""

    def moved(key: str) -> tuple[float, float]:
        delta = found.walks[key].delta
        return delta.newly_covered + delta.lost, delta.nearer_demand + delta.farther_demand

    return max(found.touched, key=moved, default=next(iter(found.walks), None))


def _layers(ws: Workspace, found: Comparison, walks: Walks | None) -> list[str]:
    wanted = {GRIDS.key, STREETS.key, *found.things["layer"]}
    if walks is not None:
        wanted |= {part.layer for part in walks.service.classes}
    return [key for key in CATALOG if key in wanted and key in ws and CATALOG[key].shape != "none"]


def _quiet(layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "on": True} for one in layers]


def _shades(found: Comparison) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Shade both states by need in classes of both together, so that a colour means the same on both sides."""
    if found.needs is None or found.level is None:
        return None, None
    series = [
        ranking.grids["score"].where(ranking.grids["enough_data"])
        for ranking in (found.needs.before, found.needs.after)
    ]
    both = pd.concat(series, keys=["before", "after"])
    both.index = pd.Index([f"{state} {grid}" for state, grid in both.index])
    if not both.notna().any():
        return None, None
    made = shading.shade_of(both, both.index, found.level, key="score", title=words.SCORE)
    sides = [
        _classed(made, one.reindex(ws.grids(found.level).index))
        for one, ws in zip(series, (found.before, found.after), strict=True)
    ]
    return sides[0], sides[1]


def _classed(made: dict[str, Any], series: pd.Series) -> dict[str, Any]:
    values = series.to_numpy(dtype=float)
    limits = np.array(made["limits"])
    number = classes.class_of(values, limits)
    number = np.where(number < 0, shading.NO_CLASS, number)
    return {
        **made,
        "counts": [int((number == at).sum()) for at in range(len(limits))],
        "missing": int((number == shading.NO_CLASS).sum()),
        "classes": encode.text(number.astype(np.uint8).tobytes()),
        "values": columns.values(pd.Series(values)),
    }


def _verdicts(found: Comparison, walks: Walks, at: int) -> list[dict[str, Any]]:
    """Draw who is served in a state, and after it who came into cover, fell out, walks less or more."""
    ws = (found.before, found.after)[at]
    table = walks.places[~walks.places["lot"].isin([UNTOLD, NEW if at == 0 else GONE])]
    side = table["was"] if at == 0 else table["now"]
    marked = table["lot"].isin(list(LOOKS)) if at else pd.Series(data=False, index=table.index)
    parts = [(SERVED, table[side & ~marked]), (UNSERVED, table[~side & ~marked])]
    parts += [(look, table[table["lot"] == lot]) for lot, look in LOOKS.items() if at]
    drawn = [_buildings(ws, look, part, many=len(table) > MOST_OUTLINES) for look, part in parts if len(part)]
    return [one for one in drawn if one is not None]


def _buildings(ws: Workspace, look: Kind, part: pd.DataFrame, *, many: bool) -> dict[str, Any] | None:
    if "buildings" not in ws:
        return None
    shapes = ws["buildings"].geometry.reindex(part.index).to_numpy()
    if many:
        shapes = shapely.centroid(shapes)
    said = [told("name", HEADS["name"], part["name"].astype("str"))]
    for key, column in (("before", "before_m"), ("after", "after_m"), ("change", "change_m")):
        cells = pd.Series(
            np.round(part[column].replace([np.inf, -np.inf], np.nan).to_numpy(dtype=float)), index=part.index
        )
        said.append({**told(key, HEADS[key], cells), "unit": columns.words(Text("m", "m"))})
    said.append(told("people", HEADS["people"], part["people"].round(1)))
    return overlay(look, Drawn("point" if many else "area", shapes, part.index), said, ws.manifest.crs)


def _things(found: Comparison, at: int) -> list[dict[str, Any]]:
    """Draw what was changed: as it was before, and as it is after."""
    ws = (found.before, found.after)[at]
    shapes, ids, what = [], [], []
    for row in found.things.to_dict("records"):
        layer = str(row["layer"])
        if CATALOG[layer].shape == "none" or layer == GRIDS.key or layer not in ws or row["id"] not in ws[layer].index:
            continue
        if at and row["what"] == REMOVED:
            continue
        shapes.append(ws[layer].geometry[row["id"]])
        ids.append(str(row["id"]))
        what.append(str(row["what"]))
    if not shapes:
        return []
    index = pd.Index(ids)
    said = [
        {"key": "what", "title": columns.words(HEADS["what"]), **columns.values(pd.Series(what, index=index), WHAT)}
    ]
    return [overlay(CHANGED_THINGS, Drawn("any", np.array(shapes, dtype=object), index), said, ws.manifest.crs)]
