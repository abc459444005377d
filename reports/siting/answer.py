"""A choice of sites as one JSON document and as lines for a terminal."""

from typing import Any

import numpy as np
import pandas as pd

from geo.text import Text
from layers import Workspace
from reports.siting.gains import gainers, grid_gains, uncoverable
from reports.siting.siting import Siting
from reports.siting.words import left_out_words, method_words, result_words
from reports.webmap.degrees import degrees

CHOSEN = Text(
    "{n}. {name}（{id}，网格 {grid}）：新增服务 {adds}，服务范围内共 {serves}",
    "{n}. {name} ({id}, grid {grid}): adds {adds}, serves {serves}",
)


def site_answer(ws: Workspace, found: Siting, *, level: int | None) -> dict[str, Any]:
    """Give the choice of sites as one JSON document; ``level`` None is the finest."""
    people = found.people()
    row = people.loc[found.wants.counted]
    return {
        "layer": found.layer,
        "model": found.model,
        "count": found.count,
        "metres": found.wants.radius_m,
        "way": "on_foot" if found.wants.on_foot else "straight_line",
        "counted": found.wants.counted,
        "uncoverable": _rows(uncoverable(ws, found, level), "id"),
        "chosen": _rows(with_degrees(ws, found.chosen), "candidate_id"),
        "served_before": _value(row["before"]),
        "served_after": _value(row["after"]),
        "people": {str(key): {str(k): _value(v) for k, v in one.items()} for key, one in people.iterrows()},
        "grids": _rows(grid_gains(ws, found, level), "grid_id") if ws.levels else [],
        "gainers": _rows(gainers(ws, found, level), "id"),
        "feasible": found.feasible,
        "status": found.status,
        "objective": _value(found.objective),
        "bound": _value(found.bound),
        "gap": _value(found.gap),
        "seconds": round(found.seconds, 3),
        "candidates": {str(key): int(n) for key, n in found.candidates.table["ground"].value_counts().items()},
        "left_out": [one._asdict() for one in left_out_words(found)],
        "conventions": {key: _plain(one) for key, one in found.meta.items() if key not in _TOLD},
    }


_TOLD = ("status", "objective", "bound", "gap", "seconds", "layer", "model", "counted", "candidates")


def with_degrees(ws: Workspace, chosen: pd.DataFrame) -> pd.DataFrame:
    """Give chosen sites with their longitude and latitude."""
    lon, lat = degrees(ws.manifest.crs, chosen["x_m"].to_numpy(dtype=float), chosen["y_m"].to_numpy(dtype=float))
    return chosen.assign(lon=np.round(lon, 7), lat=np.round(lat, 7))


def site_lines(found: Siting, lang: str) -> list[str]:
    """Give the choice of sites as lines for a person."""
    lines = list(result_words(found))
    for number, (key, row) in enumerate(found.chosen.iterrows(), 1):
        lines.append(
            CHOSEN.format(
                n=number, name=Text.same(str(row["name"])), id=Text.same(str(key)), grid=Text.same(str(row["grid_id"])),
                adds=f"{row['adds']:,.0f}", serves=f"{row['serves']:,.0f}",
            )
        )  # fmt: skip
    return [one.in_(lang) for one in (*lines, *left_out_words(found), *method_words(found))]


def _rows(table: pd.DataFrame, key: str) -> list[dict[str, Any]]:
    named = table.rename_axis(key).reset_index()
    return [{str(name): _value(one) for name, one in row.items()} for row in named.to_dict("records")]


def _plain(one: object) -> object:
    if isinstance(one, dict):
        return {str(key): _plain(each) for key, each in one.items()}
    return [_plain(each) for each in one] if isinstance(one, list | tuple) else _value(one)


def _value(one: object) -> object:
    if isinstance(one, np.generic):
        one = one.item()
    if isinstance(one, float):
        return round(one, 6) if np.isfinite(one) else None
    return one if isinstance(one, int | str | bool) or one is None else str(one)
