"""Coverage as tables and facts for people, and as files."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.text import Text
from layers import BUILDINGS, Workspace
from layers.exports import export_table
from layers.exports.outgoing import Told
from layers.places import grid_ids
from reports.document import Fact
from reports.service.coverage import (
    SERVED,
    UNKNOWN,
    UNSERVED,
    Coverage,
    circle_error,
    estate_table,
    grid_table,
    parts_table,
    step_table,
    unknown,
    unserved,
    whole_table,
)
from reports.service.coverage_words import UNITS, pace_words, unknown_count
from reports.service.places import COUNTED
from reports.service.served import STATUS_WORDS

TITLES: Mapping[str, Text] = {
    "counted": Text("分母", "Share of"),
    "name": Text("名称", "Name"),
    "part": Text("部分", "Part"),
    "length_m": Text("街巷长度 m", "Streets m"),
    "share_percent": Text("占街巷 %", "Of all streets %"),
    "places": Text("其上的建筑", "Places on it"),
    "limit": Text("限值", "Limit"),
    "total": Text("总数", "Total"),
    "known": Text("步行可知", "Walk known"),
    "served": Text("步行覆盖", "Served on foot"),
    "unserved": Text("步行未覆盖", "Not served on foot"),
    "foot_percent": Text("步行覆盖率 %", "On foot %"),
    "straight_percent_same": Text("同范围直线 %", "Straight, same places %"),
    "circle_error_points": Text("直线多算（百分点）", "Circle too high by (points)"),
    "known_straight": Text("直线可知", "Straight known"),
    "straight_percent": Text("全部直线 %", "Straight, all %"),
    "grid_id": Text("网格", "Grid"),
    "foot_m": Text("步行距离 m", "On foot m"),
    "straight_m": Text("直线距离 m", "Straight m"),
    "why": Text("说明", "Remark"),
    "served_on_foot": Text("步行是否覆盖", "Served on foot"),
    "served_straight": Text("直线是否覆盖", "Served, straight line"),
    **COUNTED,
}
PERCENT = ("share_percent", "foot_percent", "straight_percent_same", "circle_error_points", "straight_percent")
METRES = ("foot_m", "straight_m")
VERDICT: Mapping[int, Text] = {
    SERVED: Text("是", "yes"),
    UNSERVED: Text("否", "no"),
    UNKNOWN: Text("无法判断", "cannot be known"),
}
STEP_METRES, STEP_MINUTES = Text("{n:g} m", "{n:g} m"), Text("{n:g} 分钟，{pace}", "{n:g} min, {pace}")
SHARE, OF_WHAT = Text("{p:.1f}%", "{p:.1f} %"), Text("{n} / {of} {what}", "{n} of {of} {what}")
FACTS = {
    "foot": Text("步行覆盖", "served on foot"),
    "straight": Text("同范围直线覆盖", "straight line, same places"),
    "circle": Text("直线多算", "circle too high by"),
    "unknown": Text("步行无法判断", "walk not known"),
}
POINTS = Text("{p:.1f} 个百分点", "{p:.1f} points")
NOTHING = Text("—", "—")
PLACES = {"unserved": unserved, "unknown": unknown}


def titles(lang: str) -> dict[str, str]:
    """Give the heads of all columns."""
    said = {key: words.in_(lang) for key, words in TITLES.items()}
    return {key: words[:1].upper() + words[1:] for key, words in said.items()}


def coverage_facts(found: Coverage, counted: str, lang: str) -> list[Fact]:
    """Give the headline figures for one denominator: on foot, straight line, difference, unknown."""
    row: dict[str, float] = whole_table(found).T.to_dict()[counted]
    what, unit = COUNTED[counted], UNITS[found.places.are_buildings]

    def share(percent: float, words: Text = SHARE) -> str:
        return (NOTHING if np.isnan(percent) else words.format(p=percent)).in_(lang)

    def of(part: float, whole: float) -> Text:
        return OF_WHAT.format(n=f"{part:,.0f}", of=f"{whole:,.0f}", what=what)

    error = circle_error(found)
    only = Text("{n} {what}", "{n} {what}").format(n=f"{error.straight_only:,}", what=unit)
    hidden = Text("共 {n} {what}", "of {n} {what}").format(n=f"{len(found.foot):,}", what=unit)
    same = row["straight_percent_same"] * row["known"] / 100
    return [
        Fact(FACTS["foot"], share(row["foot_percent"]), of(row["served"], row["known"])),
        Fact(FACTS["straight"], share(row["straight_percent_same"]), of(same if row["known"] else 0.0, row["known"])),
        Fact(FACTS["circle"], share(row["circle_error_points"], POINTS), only),
        Fact(FACTS["unknown"], f"{unknown_count(found):,}", hidden),
    ]


def whole_shown(found: Coverage, lang: str) -> pd.DataFrame:
    """Give the shares of the whole workspace with the names of the denominators."""
    table = whole_table(found)
    table.insert(0, "counted", [COUNTED[str(key)].in_(lang) for key in table.index])
    return table


def parts_shown(ws: Workspace, found: Coverage, counted: str, *, level: int | None) -> pd.DataFrame:
    """Give the shares of the grids of a level, or of the housing estates (None), those with most unserved first."""
    table = estate_table(ws, found, counted) if level is None else grid_table(ws, found, level, counted)
    return table.sort_values(["unserved", "name"], ascending=[False, True], kind="stable")


def steps_shown(ws: Workspace, found: Coverage, counted: str, lang: str) -> pd.DataFrame:
    """Give the shares within the usual distances and times, the limits in words."""
    names = pace_words(ws)
    table = step_table(ws, found.distances, counted, list(names))
    said = [
        (STEP_METRES if of == "metres" else STEP_MINUTES).format(n=limit, pace=names.get(pace, NOTHING)).in_(lang)
        for of, limit, pace in table.index
    ]
    table.insert(0, "limit", said)
    return table.drop(columns="metres").reset_index(drop=True)


def network_shown(found: Coverage) -> pd.DataFrame:
    """Give the parts of the streets that do not connect, if there are several."""
    table = parts_table(found).reset_index()
    return table if len(table) > 1 else table.head(0)


def list_shown(ws: Workspace, found: Coverage, which: str, lang: str, *, level: int | None) -> pd.DataFrame:
    """Give the unserved or the unknown places with their remarks in words; no distance where there is no way."""
    table = unserved(ws, found, on_foot=True, level=level) if which == "unserved" else unknown(ws, found, level)
    table["why"] = [STATUS_WORDS[one].in_(lang) for one in table["why"]]
    for name in METRES:
        table[name] = table[name].where(np.isfinite(table[name]))
    return table.drop(columns=[key for key in ("buildings", "area") if key in table])


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Round a table for the eye: shares to a tenth, everything else to whole numbers."""
    return table.round({str(name): 1 if name in PERCENT else 0 for name in table.select_dtypes("number")})


def table_file(table: pd.DataFrame, name: str, lang: str) -> bytes:
    """Write a table as the file that its name asks for (CSV, GeoJSON, workbook ...)."""
    told = {key: Told(words) for key, words in TITLES.items() if key in table}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        export_table(table, path, told=told, lang=lang)
        return path.read_bytes()


def places_file(ws: Workspace, found: Coverage, name: str, lang: str) -> bytes:
    """Write all places with distances and verdicts as the file that the name asks for; GeoJSON with their shapes."""
    return table_file(places_frame(ws, found, lang), name, lang)


def places_frame(ws: Workspace, found: Coverage, lang: str) -> gpd.GeoDataFrame:
    """Give all places with distances and verdicts."""
    places = found.places
    columns: dict[str, object] = {"name": places.names.to_numpy()}
    if ws.levels:
        columns["grid_id"] = grid_ids(places.codes[ws.finest], ws.grids(ws.finest), places.ids).to_numpy()
    for key, metres, verdict in (("foot", found.foot_m, found.foot), ("straight", found.straight_m, found.straight)):
        columns[f"{key}_m"] = np.where(np.isfinite(metres), np.round(metres, 3), np.nan)
        columns["served_on_foot" if key == "foot" else "served_straight"] = [VERDICT[v].in_(lang) for v in verdict]
    shapes = ws[BUILDINGS].geometry.to_numpy() if places.are_buildings else gpd.points_from_xy(places.x, places.y)
    return gpd.GeoDataFrame(columns, geometry=shapes, index=places.ids, crs=ws.manifest.crs)
