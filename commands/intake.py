"""The verbs that bring files in: add them to a layer, undo the last time."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from commands.options import WORKSPACE, positive, refused
from commands.rasters import RASTERS, add_rasters
from commands.verb import Done, Option, Say, UsageError, Verb
from geo.candidates import OFFSET
from geo.similarity import ControlPoint
from geo.text import Text, counted
from layers.catalog import CATALOG, LayerSpec
from layers.intake.history import undo as undo_last
from layers.intake.look import Look, Setting, Wishes, setting_of
from layers.intake.looking import look, look_at
from layers.intake.mapping.map_file import from_toml
from layers.intake.mapping.proposal import Settings
from layers.intake.taking import answer, take_in
from layers.intake.whereabouts import Answers
from layers.workspace import workspace_folder

MOST_SHOWN = 20


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
        record, rejects = answer(found), None
        ready = not found.questions and found.merge is not None
        if ready and found.is_new and not options.dry_run:
            plain = path if path.suffix.lower() != ".zip" else None  # rows come back only of what is not packed
            done = take_in(folder, found, plain)
            rejects = done.folder / done.record["rejects_file"] if done.record["rejects_file"] else None
        answers.append({**record, "rejects_file": str(rejects) if rejects else None, "dry_run": options.dry_run})
        lines += _lines(found, rejects, options)
        codes.append(0 if ready else 1)
    return Done(answers[0] if len(answers) == 1 else {"files": answers}, lines, max(codes))


def _looked(setting: Setting, path: Path, options: argparse.Namespace) -> Look:
    wishes = Wishes(
        options.layer,
        None,
        Answers(options.crs, options.datum, tuple(options.control or ())),
        Settings(year=options.year, date_order=options.order),
        options.sheet,
        {name: value for name in ("encoding", "separator", "unit") if (value := getattr(options, name)) is not None},
        options.repair_shapes,
    )
    found = look(setting, path, wishes)
    if options.map is None:
        return found
    if len(found.parts) != 1:
        raise UsageError(Text("--map 一次只用于一张表；加上 --sheet", "--map is for one table at a time; add --sheet"))
    columns = from_toml(options.map.read_bytes(), found.parts[0].columns, options.layer, file=options.map.name)
    sources = [part.source for part in found.parts]
    return look_at(setting, sources, replace(wishes, columns=columns), file=found.file)


def _lines(found: Look, rejects: Path | None, options: argparse.Namespace) -> list[str]:
    """Say the outcome for a terminal: counts, questions, lost rows, then what somebody should know."""
    lang = options.lang
    merge = found.merge
    counts = Text(
        f"{found.file}：读取 {found.rows_read:,} 行，入库 {found.rows_kept:,}，退回 {found.rows_rejected:,}",
        f"{found.file}: {counted(found.rows_read, 'row', 'rows')} read, {found.rows_kept:,} kept, {found.rows_rejected:,} rejected",
    )
    lines = [counts.in_(lang)]
    if merge is not None:
        done = Text("试运行，未写入：", "dry run, nothing stored: ") if options.dry_run else Text("", "")
        words = Text(
            f"{done.zh}新增 {len(merge.added):,}，更新 {len(merge.updated):,}，不变 {len(merge.unchanged):,}",
            f"{done.en}{len(merge.added):,} added, {len(merge.updated):,} updated, {len(merge.unchanged):,} unchanged",
        )
        lines.append(words.in_(lang))
    if found.questions:
        lines.append(Text("尚未写入，请先回答：", "nothing stored yet; answer this first:").in_(lang))
    lines += [one.line(lang) for one in found.questions]
    lost = [(part, one) for part in found.parts for one in part.lost]
    for part, one in lost[:MOST_SHOWN]:
        place = " ".join(word for word in (part.source.part, str(one.row), one.column) if word)
        lines.append(f"  {place}: {one.found.in_(lang)} → {one.remedy.in_(lang)}")
    if len(lost) > MOST_SHOWN:
        lines.append(Text(f"  另有 {len(lost) - MOST_SHOWN:,} 行", f"  {len(lost) - MOST_SHOWN:,} more rows").in_(lang))
    if rejects is not None:
        lines.append(Text(f"退回的行：{rejects}", f"rejected rows: {rejects}").in_(lang))
    return lines + [one.line(lang) for one in found.problems]


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
                Text("列的对应关系（TOML）", "which column is which, TOML"),
                {"type": Path, "metavar": "FILE"},
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
