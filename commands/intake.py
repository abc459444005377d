"""The verbs that bring files in: add them to a layer, undo the last time."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from commands.intake_lines import lines_of
from commands.options import WORKSPACE, positive, refused
from commands.rasters import RASTERS, add_rasters
from commands.verb import Done, Option, Say, UsageError, Verb
from geo.candidates import OFFSET
from geo.errors import DataError
from geo.findings import names_found
from geo.similarity import ControlPoint
from geo.text import Text
from layers.catalog import CATALOG, LayerSpec
from layers.intake.history import undo as undo_last
from layers.intake.look import Look, Setting, Wishes, setting_of
from layers.intake.looking import look, look_at
from layers.intake.mapping.map_file import from_toml
from layers.intake.mapping.proposal import ColumnMap, Settings
from layers.intake.taking import answer, take_in
from layers.intake.whereabouts import Answers
from layers.workspace import workspace_folder
from reports.intake_confirm import to_confirm


def layer(word: str) -> LayerSpec | str:
    """Read the key of a layer, or the word for rasters."""
    if word == RASTERS:
        return word
    if word not in CATALOG:
        raise refused(
            Text("{word} 不是图层；可用：{known}", "{word} is no layer; there are {known}"),
            word=word,
            known=", ".join([*CATALOG, RASTERS]),
        )
    return CATALOG[word]


def reading(word: str) -> str:
    """Read a way to read coordinates: a map, or one that a question named, such as "wgs84/yx" (latitude first)."""
    if word != "auto" and word.removesuffix("/yx") not in OFFSET:
        raise refused(
            Text(
                "{word} 不是可选的读法；可用：{known}，末尾加 /yx 表示北坐标在前",
                "{word} is no reading; there are {known}; /yx at the end puts the north first",
            ),
            word=word,
            known=", ".join(("auto", *OFFSET)),
        )
    return word


def control_point(word: str) -> ControlPoint:
    """Read "X,Y=EAST,NORTH": a point in the numbers of the file and in the workspace."""
    try:
        source, target = word.replace("，", ",").split("=")
        x, y = (float(part) for part in source.split(","))
        east, north = (float(part) for part in target.split(","))
    except ValueError as error:
        raise refused(
            Text("{word} 应如 1000,2000=560000,2926000", "{word} should be like 1000,2000=560000,2926000"), word=word
        ) from error
    return ControlPoint(x, y, east, north)


def add(options: argparse.Namespace, say: Say) -> Done:
    """Take files into a layer, or rasters into the workspace."""
    if options.layer == RASTERS:
        return add_rasters(options, say)
    if options.name is not None:
        raise UsageError(Text("--name 只用于 rasters", "--name is for rasters only"))
    folder = workspace_folder(options.folder)
    answers, codes, lines = [], [], []
    for path in options.files:
        say(Text("正在读取 {name}", "reading {name}").format(name=path.name))
        setting = setting_of(folder)
        found = _looked(setting, path, options)
        record, rejects = {**answer(found), "to_confirm": _waiting(found)}, None
        ready = not found.questions and found.merge is not None
        if ready and found.is_new and not options.dry_run:
            done = take_in(folder, found, path)
            rejects = done.folder / done.record["rejects_file"] if done.record["rejects_file"] else None
        answers.append({**record, "rejects_file": str(rejects) if rejects else None, "dry_run": options.dry_run})
        lines += lines_of(found, rejects, options)
        codes.append(0 if ready else 1)
    return Done(answers[0] if len(answers) == 1 else {"files": answers}, lines, max(codes))


def _looked(setting: Setting, path: Path, options: argparse.Namespace) -> Look:
    wishes = Wishes(
        options.layer,
        (),
        Answers(options.crs, options.datum, tuple(options.control or ())),
        Settings(year=options.year, date_order=options.order),
        options.sheet,
        {name: value for name in ("encoding", "separator", "unit") if (value := getattr(options, name)) is not None},
        options.repair_shapes,
    )
    found = look(setting, path, wishes)
    sources = [part.source for part in found.parts]
    if options.map:
        wishes = replace(wishes, columns=tuple(_mapping(found, path, options.layer) for path in options.map))
        found = look_at(setting, sources, wishes, file=found.file)
    if options.accept:
        points = dict(_accepted(found, word) for word in options.accept)
        found = look_at(setting, sources, replace(wishes, points=points), file=found.file)
    return found


def _mapping(found: Look, path: Path, spec: LayerSpec) -> ColumnMap:
    """Read a mapping for the table whose headings it names; the first table says what is wrong with it."""
    faults = []
    for part in found.parts:
        try:
            return from_toml(path.read_bytes(), part.columns, spec, file=path.name)
        except DataError as error:
            faults.append(error)
    raise faults[0]


def _accepted(found: Look, word: str) -> tuple[tuple[str, int], tuple[float, float]]:
    """Give the proposed place of a row that waits for confirmation, named by its number or as SHEET:NUMBER."""
    sheet, _, row = word.replace("：", ":").rpartition(":")
    waiting = to_confirm(found)
    waiting = waiting[waiting["x_m"].notna()]
    hit = waiting[waiting["row"].astype(str).eq(row) & (waiting["part"].eq(sheet) if sheet else True)]
    if len(hit) != 1:
        several = len(found.parts) > 1
        known = [
            f"{part}:{at}" if several else str(at) for part, at in zip(waiting["part"], waiting["row"], strict=True)
        ]
        words = Text(
            "--accept {word}：不是待确认的行；待确认：{known}",
            "--accept {word} is no row to confirm; these wait: {known}",
        )
        raise UsageError(words.format(word=word, known=names_found(known)))
    one = hit.iloc[0]
    return (str(one["part"]), int(one["row"])), (float(one["x_m"]), float(one["y_m"]))


def _waiting(found: Look) -> list[dict[str, Any]]:
    """List the rows whose place a person has to confirm, most likely first."""
    return [
        {
            "part": one["part"],
            "row": int(one["row"]),
            "address": one["address"],
            "x_m": None if pd.isna(one["x_m"]) else round(float(one["x_m"]), 2),
            "y_m": None if pd.isna(one["y_m"]) else round(float(one["y_m"]), 2),
            "confidence": float(one["confidence"]),
            "reason": one["reason"]._asdict(),
        }
        for one in to_confirm(found).to_dict("records")
    ]


def undo(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (verbs are called alike)
    """Take the last intake back."""
    done = undo_last(workspace_folder(options.folder))
    words = Text("已撤销第 {n} 次入库：{file}", "intake {n} undone: {file}").format(
        n=done.number, file=done.record["file"]
    )
    told: dict[str, Any] = {"number": done.number, "file": done.record["file"], "layer": done.record["layer"]}
    return Done(told, [words.in_(options.lang)])


def _choice(name: str, words: Text, choices: tuple[str, ...]) -> Option:
    return Option((name,), words, {"choices": choices, "metavar": "|".join(choices)})


VERBS = {
    "add": Verb(
        Text(
            "把文件收入图层：逐行给出保留或退回的原因，坐标系按证据判断，拿不准就问。同一文件再入库不会重复。",
            "Takes files into a layer: each row is kept or comes back with its reason, the coordinate system is judged by "
            "evidence, and what is unsure is asked. The same file again adds nothing.",
        ),
        (
            WORKSPACE,
            Option(
                ("layer",),
                Text("图层，如 issues；栅格写 rasters", "layer, such as issues; rasters for a GeoTIFF"),
                {"type": layer, "metavar": "LAYER"},
            ),
            Option(("files",), Text("文件", "files"), {"nargs": "+", "type": Path, "metavar": "FILE"}),
            Option(
                ("--map",),
                Text("列的对应关系（TOML），每张表一份", "which column is which, TOML, one for each table"),
                {"type": Path, "action": "append", "metavar": "FILE"},
            ),
            Option(
                ("--accept",),
                Text("接受这一行按地址建议的位置", "take the place that is proposed for this row by its address"),
                {"action": "append", "metavar": "[SHEET:]ROW"},
            ),
            Option(
                ("--name",),
                Text(
                    "栅格的名称，如 population；缺省按文件名",
                    "name of a raster, such as population; default its file's",
                ),
                {"metavar": "NAME"},
            ),
            Option(("--crs",), Text("文件的坐标系", "coordinate system of the file"), {"metavar": "EPSG:n"}),
            Option(
                ("--datum",),
                Text(
                    "坐标来自哪种地图，或问题中列出的读法",
                    "the map that the coordinates come from, or a reading that a question names",
                ),
                {"type": reading, "metavar": "auto|wgs84|gcj02|bd09"},
            ),
            Option(
                ("--control",),
                Text("地方坐标系的控制点，至少两个", "control points of a local system, at least two"),
                {"type": control_point, "action": "append", "metavar": "X,Y=E,N"},
            ),
            Option(("--encoding",), Text("文字编码", "text encoding"), {"metavar": "NAME"}),
            Option(("--separator",), Text("分隔符", "separator of columns"), {"metavar": "CHAR"}),
            Option(("--sheet",), Text("工作表或图层名", "sheet or layer of the file"), {"metavar": "NAME"}),
            _choice("--unit", Text("CAD 图的单位", "unit of a drawing"), ("m", "mm")),
            Option(
                ("--year",),
                Text("没写年份的日期属于哪一年", "year of dates without one"),
                {"type": positive, "metavar": "N"},
            ),
            _choice("--order", Text("日期中日和月的顺序", "order of day and month"), ("ymd", "dmy", "mdy")),
            Option(
                ("--repair-shapes",),
                Text("同意修复自相交的图形", "agree to the repair of outlines that cross themselves"),
                {"action": "store_true"},
            ),
            Option(("--dry-run",), Text("只看结果，不写入", "look only, store nothing"), {"action": "store_true"}),
        ),
        (
            "add old-town issues ledger.xlsx --dry-run",
            "add old-town buildings buildings.zip --crs EPSG:4546 --json",
            "add old-town rasters residents_100m.tif --name population",
        ),
        add,
    ),
    "undo": Verb(
        Text(
            "撤销最近一次入库，图层或栅格恢复到之前的样子。",
            "Takes the last intake back: the layers, or the raster, are again as before it.",
        ),
        (WORKSPACE,),
        ("undo old-town",),
        undo,
    ),
}
