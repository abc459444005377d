"""What the verbs do with rasters: take them in, list those of a workspace."""

import argparse
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from commands.verb import Done, Say, UsageError
from geo.errors import DataError, Problem
from geo.text import Text
from layers.intake.look import Setting, setting_of
from layers.intake.rasters.facts import cell_metres, change_words, facts_of
from layers.intake.rasters.look import FOLDER, RasterLook, look_at_raster
from layers.intake.rasters.stored import Stored, rasters_of
from layers.intake.rasters.taking import raster_answer, take_in_raster
from layers.workspace import open_workspace, workspace_folder
from reports.answers import problem_answer
from reports.raster_table import RASTER_TITLES, raster_table

RASTERS = FOLDER
"""The word that stands for rasters where a layer is named."""


def add_rasters(options: argparse.Namespace, say: Say) -> Done:
    """Take GeoTIFF files in as rasters of a workspace."""
    folder = workspace_folder(options.folder)
    if options.name is not None and len(options.files) > 1:
        raise UsageError(Text("--name 一次只用于一个文件", "--name is for one file at a time"))
    answers: list[dict[str, Any]] = []
    lines: list[str] = []
    code = 0
    for path in options.files:
        say(Text("正在读取 {name}", "reading {name}").format(name=path.name))
        found = look_at_raster(setting_of(folder), path, name=options.name, crs=options.crs)
        if found.is_new and not options.dry_run:
            say(Text("正在保存 {name}", "storing {name}").format(name=found.name))
            take_in_raster(folder, found)
        answers.append({**raster_answer(found), "dry_run": options.dry_run})
        lines += _lines(found, options)
        code = max(code, int(bool(found.questions)))
    return Done(answers[0] if len(answers) == 1 else {"files": answers}, lines, code)


def _lines(found: RasterLook, options: argparse.Namespace) -> list[str]:
    """Say the outcome for a terminal: what changes, what it is, questions, then what somebody should know."""
    lang = options.lang
    done = Text("试运行，未写入：", "dry run, nothing stored: ") if options.dry_run else Text("", "")
    head = Text("{file}：{done}{words}", "{file}: {done}{words}")
    lines = [head.format(file=found.file, done=done, words=change_words(found)).in_(lang)]
    lines += [f"  {one.title.in_(lang)}: {one.value.in_(lang)}" for one in facts_of(found)]
    return lines + [one.line(lang) for one in (*found.questions, *found.problems)]


def listed(folder: Path) -> tuple[Sequence[Stored], Sequence[Problem]]:
    """Give the rasters of a workspace with what is wrong with them; none where its layers cannot be read."""
    if not (folder / FOLDER).is_dir():
        return (), ()
    try:
        ws = open_workspace(folder, set_aside=True)
    except DataError:  # what is wrong with the layers is told by the check itself
        return rasters_of(folder, None)
    return rasters_of(folder, Setting(folder, ws.manifest, ws.tables))


def listed_answer(stored: Sequence[Stored]) -> dict[str, Any]:
    """Give the rasters of a workspace for JSON, by name."""
    return {one.name: _facts(one) for one in stored}


def _facts(one: Stored) -> dict[str, Any]:
    if one.head is None:
        return {"problems": [problem_answer(fault) for fault in one.problems]}
    head, metres = one.head, cell_metres(one.head)
    known = one.low is not None
    return {
        "width": head.width, "height": head.height, "bands": head.bands, "dtype": head.dtype, "crs": head.crs,
        "cell": list(head.cell), "cell_m": list(metres) if metres else None, "bounds": list(head.bounds),
        "values": {"low": one.low, "high": one.high} if known else None,
        "nodata": head.nodata if head.nodata is not None and isfinite(head.nodata) else None,
        "nodata_declared": head.nodata is not None or head.mask, "unknown_share": one.unknown_share,
        "covered": one.covered, "taken_at": one.taken_at.isoformat() if one.taken_at else None,
        "problems": [problem_answer(fault) for fault in one.problems],
    }  # fmt: skip


def listed_lines(stored: Sequence[Stored], lang: str) -> list[str]:
    """Give a line for each raster: what is known of it, with the titles of the table on the page."""
    table = raster_table(stored, lang).to_dict("records")
    rest = {key: words.in_(lang) for key, words in RASTER_TITLES.items() if key != "name"}
    colon, comma = (Text("{a}：{b}", "{a}: {b}"), Text("；", "; ").in_(lang))
    return [
        f"{FOLDER}/{row['name']}: "
        + comma.join(colon.format(a=title, b=row[key]).in_(lang) for key, title in rest.items() if row[key])
        for row in table
    ]
