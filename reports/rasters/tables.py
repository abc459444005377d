"""Figures of rasters as tables for a page, a file and JSON."""

from typing import Any

import numpy as np
import pandas as pd

from geo.text import Text
from layers import Workspace
from layers.schema import Grids
from layers.standards import type_words
from reports.measures import STATUS_WORDS
from reports.rasters.figures import UNKNOWN, Figure, RasterFigures
from reports.rasters.kinds import KINDS, Held
from reports.rasters.ponding import PondingFinding

UNKNOWN_TITLE = Text("无值面积占比（%）", "area without a value (%)")
NAME_TITLE = Text("网格", "Grid")
PONDING_TITLES = {
    "issue_id": Text("编号", "Id"),
    "type": Text("类别", "Type"),
    "reported_at": Text("上报", "Reported"),
    "grid_id": Text("网格", "Grid"),
    "depth_m": Text("可积水深度（m）", "Depth of the hollow (m)"),
}


def figure_title(one: Figure) -> Text:
    """Give the title of a figure with its unit."""
    if not one.unit.zh and not one.unit.en:
        return one.title
    return Text(f"{one.title.zh}（{one.unit.zh}）", f"{one.title.en} ({one.unit.en})" if one.unit.en else one.title.en)


def grid_titles(found: RasterFigures) -> dict[str, Text]:
    """Give the heads of the columns of ``grid_table``."""
    return {"name": NAME_TITLE, **{one.key: figure_title(one) for one in found.figures}, UNKNOWN: UNKNOWN_TITLE}


def grid_table(ws: Workspace, found: RasterFigures, *, first: str | None = None) -> pd.DataFrame:
    """Give a row for each grid with its name, indexed by grid id; sorted by a figure, the largest first.

    Numbers are rounded to the digits of their figure; what is unknown stays empty.
    """
    table = found.table.copy()
    for one in found.figures:
        table[one.key] = table[one.key].round(one.digits)
    table[UNKNOWN] = table[UNKNOWN].clip(lower=0).round(1)
    table.insert(0, "name", ws.grids(found.level)[Grids.name].astype("str"))
    keys = [one.key for one in found.figures]
    by = first if first in keys else keys[0]
    return table.sort_values([by, "name"], ascending=[False, True], na_position="last", kind="stable")


def shade_series(found: RasterFigures, key: str) -> pd.Series:
    """Give one figure as a series that a map can be shaded by."""
    chosen = next(one for one in found.figures if one.key == key)
    series = found.table[key].copy()
    series.attrs = {"title": chosen.title, "unit": chosen.unit}
    return series


def csv_bytes(ws: Workspace, found: RasterFigures, lang: str) -> bytes:
    """Give the table by grid as a CSV file that spreadsheets open."""
    table = grid_table(ws, found).rename(columns={key: words.in_(lang) for key, words in grid_titles(found).items()})
    return table.to_csv(index_label=Text("网格编号", "grid id").in_(lang)).encode("utf-8-sig")


def raster_bytes(held: Held) -> bytes:
    """Give the file of a raster as it lies in the workspace."""
    return held.path.read_bytes()


def held_words(held: Held) -> Text:
    """Name a raster in a list: what it holds, and its name."""
    if not held.declared:
        return Text.same(held.name)
    return Text(f"{held.title.zh} · {held.name}", f"{held.title.en} · {held.name}")


def ponding_table(ws: Workspace, finding: PondingFinding, lang: str) -> pd.DataFrame:
    """Give the water issues that lie in hollows, the deepest first, with the columns of ``PONDING_TITLES``."""
    table = finding.table.copy()
    table.insert(1, "type", [type_words(str(one)).in_(lang) for one in table["issue_type"]])
    table["depth_m"] = table["depth_m"].astype(float).round(2)
    names = ws.grids()["name"] if ws.levels else pd.Series(dtype="str")
    table["grid_id"] = [names.get(one, one) for one in table["grid_id"]]
    return table[list(PONDING_TITLES)].reset_index(drop=True)


def status_line(found: RasterFigures) -> Text:
    """Say how good the figures are and what they are shares of."""
    status = STATUS_WORDS[found.status]
    return Text(
        f"状态：{status.zh}；分母：{found.denominator.zh}。",
        f"Status: {status.en}; denominator: {found.denominator.en}.",
    )


def figures_answer(found: RasterFigures) -> dict[str, Any]:
    """Give figures by grid for JSON."""
    columns = [one.key for one in found.figures] + [UNKNOWN]
    return {
        "raster": found.held.name,
        "kind": found.held.kind,
        "kind_words": KINDS[found.held.kind]._asdict(),
        "level": found.level,
        "status": found.status,
        "denominator": found.denominator._asdict(),
        "notes": [one._asdict() for one in found.notes],
        "figures": [
            {"key": one.key, "title": one.title._asdict(), "unit": one.unit._asdict()} for one in found.figures
        ],
        "meta": plain(found.meta),
        "grids": [
            {"grid_id": str(grid_id), **{key: number(row[key]) for key in columns}}
            for grid_id, row in found.table.iterrows()
        ],
    }


def ponding_answer(finding: PondingFinding) -> dict[str, Any]:
    """Give the finding on hollows for JSON."""
    return {
        "status": finding.status,
        "issues": finding.issues,
        "in_hollows": finding.in_hollows,
        "share": number(finding.share),
        "share_low": number(finding.share_low),
        "share_high": number(finding.share_high),
        "area_share": number(finding.area_share),
        "without_place": finding.without_place,
        "sentence": finding.sentence._asdict(),
        "missing": finding.missing._asdict() if finding.missing else None,
        "issue_ids": [str(one) for one in finding.table["issue_id"]],
        "meta": plain(finding.meta),
    }


def number(value: object) -> float | None:
    """Give a number for JSON, None where unknown."""
    found = float(str(value))
    return found if np.isfinite(found) else None


def plain(meta: object) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Give what was noted of a method in forms that JSON knows."""
    if hasattr(meta, "items"):
        return {str(key): plain(value) for key, value in meta.items()}
    if isinstance(meta, list | tuple):
        return [plain(one) for one in meta]
    return meta if isinstance(meta, str | int | float | bool | None) else str(meta)
