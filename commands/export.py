"""The verb that gives layers to others: any layer as a file, or the whole workspace as a QGIS project."""

import argparse
from pathlib import Path

from commands.options import WORKSPACE
from commands.verb import Done, Option, Say, UsageError, Verb
from geo.text import Text
from layers import open_workspace
from layers.exports import SUFFIXES, Exported, export_layer
from layers.exports.qgis import export_qgis
from reports import rank

ALL = "all"


def export(options: argparse.Namespace, say: Say) -> Done:
    """Write a layer, or a QGIS project of all of them."""
    ws = open_workspace(options.folder)
    if options.layer == ALL:
        say(Text("正在写出工程", "writing the project"))
        ranking = rank(ws) if ws.levels else None
        done = export_qgis(ws, options.out, lang=options.lang, ranking=None if ranking is None else ranking.grids)
    else:
        if options.out.suffix.lower() not in SUFFIXES:
            known = ", ".join(SUFFIXES)
            raise UsageError(
                Text("{f} 的结尾应为 {known}", "{f} should end with {known}").format(f=options.out, known=known)
            )
        say(Text("正在写出 {layer}", "writing {layer}").format(layer=options.layer))
        done = export_layer(
            ws, options.layer, options.out, lang=options.lang, encoding=options.encoding, public=options.public
        )
    return Done(_answer(done), _lines(done, options.lang))


def _answer(done: Exported) -> dict[str, object]:
    notes = [
        {"code": one.code, "column": one.column, "found": one.found._asdict(), "remedy": one.remedy._asdict()}
        for one in done.notes
    ]
    return {"files": [str(path) for path in done.paths], "notes": notes}


def _lines(done: Exported, lang: str) -> list[str]:
    return [*(str(path) for path in done.paths), *(one.line(lang) for one in done.notes)]


VERBS = {
    "export": Verb(
        Text(
            "把一个图层导出为文件，格式看结尾；图层写 all 时把整个工作区导出为 QGIS 工程文件夹。格式装不下的内容会逐条说明。",
            "Writes a layer as a file, the ending says which kind; with all as the layer the whole workspace becomes a folder with a QGIS project. "
            "What a format cannot hold is told.",
        ),
        (
            WORKSPACE,
            Option(("layer",), Text("图层，或 all", "layer, or all"), {"metavar": "LAYER"}),
            Option(
                ("--out",),
                Text("输出文件；QGIS 工程为文件夹", "the file to write; for a QGIS project the folder"),
                {"type": Path, "required": True, "metavar": "FILE"},
            ),
            Option(
                ("--public",),
                Text("公开版：不含内部字段，位置取整", "public edition: no internal columns, rounded places"),
                {"action": "store_true"},
            ),
            Option(
                ("--encoding",),
                Text("Shapefile 的编码：utf-8 或 gbk", "of a shapefile: utf-8 or gbk"),
                {"choices": ("utf-8", "gbk"), "metavar": "NAME"},
            ),
        ),
        ("export huolong toilets --out toilets.xlsx", "export huolong all --out huolong-qgis --json"),
        export,
    ),
}
