"""The rasters of a workspace and what each holds: by its name in ``rasters.csv``, or as noted when it was computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import DataError, Problem
from geo.raster import RasterHead, opened_raster
from geo.raster.writing import NOTES
from geo.text import Text, listed
from layers import Workspace
from layers.intake.rasters.look import FOLDER
from layers.intake.rasters.stored import raster_names
from layers.standards import standard

KINDS: Mapping[str, Text] = {
    "population": Text("人口", "residents"),
    "elevation": Text("地面高程", "height of the ground"),
    "bands": Text("卫星影像", "satellite image"),
    "land_cover": Text("地表覆盖", "land cover"),
    "temperature": Text("地表温度", "temperature of the land surface"),
    "measured": Text("其他数值", "another number"),
    "slope": Text("地面坡度（计算结果）", "slope of the ground, computed"),
    "ponding": Text("洼地可积水深度（计算结果）", "depth of hollows, computed"),
    "flow": Text("汇水像元数（计算结果）", "cells that drain here, computed"),
}
"""What a raster can hold. The last three are written by ``write_terrain`` and noted in the file."""
UNDECLARED = Text(
    "未说明用途，按一般数值处理；在工作区 standards/rasters.csv 中加一行即可说明",
    "nobody has said what it holds, so it counts as plain numbers; a row in the workspace's standards/rasters.csv says so",
)


@dataclass(frozen=True)
class Held:
    """A raster of a workspace: name, file, kind (see ``KINDS``), head, how to read it, where it comes from.

    ``bands``: red and near infrared, counted from 1, 0 where not said. ``scale`` and ``offset`` turn what the file gives
    into what is meant, in ``unit``. ``declared`` tells whether anybody said what it holds. ``notes`` are those in the file.
    """

    name: str
    path: Path
    kind: str
    title: Text
    head: RasterHead
    unit: Text
    bands: tuple[int, int]
    scale: float
    offset: float
    declared: bool
    notes: Mapping[str, str]

    @property
    def is_computed(self) -> bool:
        """Tell whether Guatu made it from another raster."""
        return "kind" in self.notes


def rasters_held(ws: Workspace) -> tuple[Held, ...]:
    """List the rasters of a workspace that open, by name; the page of data check tells what is wrong with the others."""
    found = []
    for name in raster_names(ws.folder):
        try:
            found.append(_held(ws, name))
        except DataError:  # told by guatu check and on the page of data check
            continue
    return tuple(found)


def raster_held(ws: Workspace, name: str) -> Held:
    """Give a raster of a workspace by name.

    Raises:
        DataError: there is none of that name, or it does not open.
    """
    names = raster_names(ws.folder)
    if name not in names:
        wanted = listed([Text.same(one) for one in names]) if names else Text("先收入栅格", "a raster taken in first")
        remedy = Text(
            "用 guatu add 工作区 rasters 文件 收入栅格", "take rasters in with guatu add WORKSPACE rasters FILE"
        )
        raise DataError([Problem("no_such_raster", "error", FOLDER, None, None, Text.same(name), wanted, remedy)])
    return _held(ws, name)


def _held(ws: Workspace, name: str) -> Held:
    path = ws.folder / FOLDER / f"{name}.tif"
    with opened_raster(path) as raster:
        head, notes = raster.head, raster.notes(NOTES)
    if "kind" in notes:
        title = Text(notes.get("title_zh", name), notes.get("title_en", name))
        unit = Text(notes.get("unit_zh", ""), notes.get("unit_en", ""))
        return Held(name, path, notes["kind"], title, head, unit, (0, 0), 1.0, 0.0, declared=True, notes=notes)
    table = standard("rasters", ws.folder).set_index("raster")
    if name not in table.index:
        return Held(
            name, path, "measured", Text.same(name), head, Text("", ""), (0, 0), 1.0, 0.0, declared=False, notes=notes
        )
    row: dict[Any, Any] = table.loc[[name]].to_dict("records")[0]
    red, infrared = (0 if pd.isna(row[key]) else int(row[key]) for key in ("red_band", "near_infrared_band"))
    title, unit = Text(row["zh"], row["en"]), _unit("" if pd.isna(row["unit"]) else row["unit"])
    scale, offset = float(row["scale"]), float(row["offset"])
    return Held(name, path, row["kind"], title, head, unit, (red, infrared), scale, offset, declared=True, notes=notes)


def _unit(words: str) -> Text:
    """Part a unit such as "人 persons" into its two languages."""
    zh, _, en = words.partition(" ")
    return Text(zh, en or zh)
