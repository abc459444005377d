"""The command line: thin commands over the same functions that the app and notebooks call."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from geo.errors import CriteriaError, DataError, GuatuError, Problem
from geo.text import Lang, Text
from layers.manifest import FILE, checked_manifest
from layers.reading import require_metric_manifest
from layers.workspace import Workspace, home_folder, open_workspace, save_workspace, workspace_folder
from reports import brief, explain, rank, read_criteria, save, write_map
from reports.answers import (
    Answer,
    check_answer,
    check_lines,
    explain_answer,
    explain_lines,
    grid_named,
    problem_answer,
    rank_answer,
    rank_lines,
)
from reports.priority import Ranking, conventions
from reports.render import FORMATS

WHERE = Text("guatu-workspaces 或 GUATU_HOME", "guatu-workspaces or GUATU_HOME")
CITIES = ("huolong", "boston", "cambridge")
Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give 0 for done, 1 for errors in the data (all are listed), 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return command(options)
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except GuatuError as error:
        _fail(error, options)
    except OSError as error:
        _fail(_file_error(error), options)
    return 1


def _file_error(error: OSError) -> GuatuError:
    where, why = error.filename or "?", error.strerror or type(error).__name__
    message = Text(
        "无法读写 {where}：{why}。检查路径、权限和磁盘空间",
        "cannot read or write {where}: {why}. Check the path, permissions and free disk space",
    )
    return GuatuError(message.format(where=where, why=why))


def _parser() -> argparse.ArgumentParser:
    words = Text("挂图：老旧小区改造的地图、期限、优先级与简报", "the renovation-planning map that keeps its promises")
    parser = argparse.ArgumentParser(prog="guatu", description=str(words))
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    _verb(
        verbs,
        "demo",
        demo,
        Text("建立内置工作区并打开应用", "build the bundled workspaces and open the app"),
        folder=False,
    )
    _verb(verbs, "new", new, Text("新建空工作区", "make an empty workspace"))
    _verb(verbs, "check", check, Text("列出工作区的全部问题", "list all problems of a workspace"))
    _verb(verbs, "rank", rank_grids, Text("按需求给网格排名", "rank the grids by need"))
    _verb(verbs, "explain", explain_grid, Text("说明某网格的名次", "explain the place of a grid"))
    _verb(verbs, "map", draw_map, Text("导出可离线打开的交互地图", "export an interactive map that opens offline"))
    _verb(verbs, "report", write_report, Text("导出简报", "export the briefing"))
    _verb(verbs, "app", app, Text("打开应用", "open the app"), folder=False)
    return parser


def _positive(word: str) -> int:
    """Read a whole number from 1."""
    if not word.isdecimal() or int(word) < 1:
        words = Text("{word} 不是大于 0 的整数", "{word} is no whole number above 0")
        raise argparse.ArgumentTypeError(str(words.format(word=word)))
    return int(word)


def _out(*endings: str) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Give the option of the file to write, which must have one of the endings."""
    known = ", ".join(endings)

    def target(word: str) -> Path:
        if Path(word).suffix.lower() not in endings:
            words = Text("{word} 的结尾应为 {known}", "{word} should end with {known}")
            raise argparse.ArgumentTypeError(str(words.format(word=word, known=known)))
        return Path(word)

    words = Text("输出的 {known} 文件", "the {known} file to write").format(known=known)
    return ("--out",), {"type": target, "required": True, "help": str(words)}


OPTIONS: dict[str, list[tuple[tuple[str, ...], dict[str, Any]]]] = {
    "demo": [
        (("--city",), {"choices": CITIES, "help": str(Text("只建一个", "only this one"))}),
        (
            ("--dir",),
            {
                "type": Path,
                "help": str(Text("放在哪里，缺省为 {home}", "where to put them; default {home}").format(home=WHERE)),
            },
        ),
        (("--no-app",), {"action": "store_true", "help": str(Text("不打开应用", "do not open the app"))}),
        (("--rebuild",), {"action": "store_true", "help": str(Text("重建已有的", "build existing ones anew"))}),
        (("--port",), {"type": int, "default": None, "help": str(Text("应用端口", "port of the app"))}),
    ],
    "new": [
        (("--name",), {"required": True, "help": str(Text("名称（字母、数字、汉字、-）", "name: letters, digits, -"))}),
        (("--crs",), {"default": "EPSG:4546", "help": str(Text("以米为单位的坐标系", "coordinate system in metres"))}),
    ],
    "check": [],
    "rank": [
        (("--level",), {"type": int, "help": str(Text("网格层级，缺省为最小网格", "grid level; default the finest"))}),
        (("--criteria",), {"type": Path, "help": str(Text("权重文件 TOML", "criteria file, TOML"))}),
        (("--method",), {"choices": ["weighted_sum"], "default": "weighted_sum", "help": str(Text("方法", "method"))}),
        (("--draws",), {"type": _positive, "help": str(Text("随机权重组数", "random weightings"))}),
    ],
    "map": [_out(".html")],
    "report": [_out(*FORMATS)],
    "app": [
        (
            ("folders",),
            {
                "nargs": "*",
                "metavar": "DIR",
                "help": str(
                    Text("工作区，缺省为 {home} 下全部", "workspaces; default all in {home}").format(home=WHERE)
                ),
            },
        ),
        (("--port",), {"type": int, "default": None, "help": str(Text("端口", "port"))}),
    ],
}
OPTIONS["explain"] = [
    (("grid_id",), {"metavar": "GRID_ID", "help": str(Text("网格编号或名称", "grid id or name"))}),
    *OPTIONS["rank"],
]


def _verb(verbs: Any, name: str, command: Command, words: Text, *, folder: bool = True) -> None:  # noqa: ANN401 (argparse has no public type)
    one = verbs.add_parser(name, help=str(words), description=str(words))
    if folder:
        one.add_argument(
            "folder", metavar="WORKSPACE", help=str(Text("工作区文件夹或名称", "workspace folder or name"))
        )
    for names, settings in OPTIONS[name]:
        one.add_argument(*names, **settings)
    one.add_argument("--json", action="store_true", help=str(Text("以 JSON 回答", "answer in JSON")))
    one.add_argument("--lang", choices=list(Lang), default=_language(), help=str(Text("语言", "language")))
    one.set_defaults(command=command)


def _language() -> str:
    return Lang.ZH if os.environ.get("LC_ALL", os.environ.get("LANG", "")).lower().startswith("zh") else Lang.EN


def _say(text: Text, options: argparse.Namespace) -> None:
    print(text.in_(options.lang), file=sys.stderr, flush=True)


def _answer(answer: Answer, lines: Sequence[str], options: argparse.Namespace) -> None:
    print(json.dumps(answer, ensure_ascii=False, allow_nan=False) if options.json else "\n".join(lines))


def _fail(error: GuatuError, options: argparse.Namespace) -> None:
    problems = error.problems if isinstance(error, DataError) else ()
    if options.json:
        answer = {"error": error.message._asdict(), "problems": [problem_answer(p) for p in problems]}
        print(json.dumps(answer, ensure_ascii=False))
    _say(error.message, options)


def demo(options: argparse.Namespace) -> int:
    """Build the bundled workspaces, then open the app."""
    built: list[Workspace] = []
    for city in [options.city] if options.city else CITIES:
        folder = (options.dir or home_folder()) / city
        if options.rebuild or not (folder / FILE).is_file():
            _say(Text(f"正在建立 {city} …", f"building {city} …"), options)
            import_module(f"data.{city}.build").build(folder)
        _say(Text(f"正在打开 {city} …", f"opening {city} …"), options)
        built.append(open_workspace(folder))
    lines = [f"{ws.folder}  {ws.title.in_(options.lang)}" for ws in built]
    if options.no_app:
        _answer({"workspaces": [{"name": ws.name, "folder": str(ws.folder)} for ws in built]}, lines, options)
        return 0
    return _serve([ws.folder for ws in built], options)


def app(options: argparse.Namespace) -> int:
    """Open the app on the named workspaces, or on all in the folder of workspaces."""
    folders = [workspace_folder(f) for f in options.folders]
    folders = folders or sorted(path.parent for path in home_folder().glob(f"*/{FILE}"))
    return _serve(folders, options)


def _serve(folders: list[Path], options: argparse.Namespace) -> int:
    from views.server import serve  # noqa: PLC0415 (streamlit is slow to import and only this command needs it)

    serve(folders, port=options.port, open_browser=True)
    return 0


def new(options: argparse.Namespace) -> int:
    """Make an empty workspace."""
    folder = Path(options.folder)
    if (folder / FILE).exists():
        expected, remedy = (
            Text("尚无工作区的文件夹", "a folder without a workspace"),
            Text("换一个文件夹", "take another folder"),
        )
        raise DataError([Problem("exists", "error", f"{folder}/{FILE}", None, None, FILE, expected, remedy)])
    now = datetime.now().replace(microsecond=0)  # noqa: DTZ005 (workspaces keep naive local time)
    title = {"zh": options.name, "en": options.name}
    manifest = checked_manifest({"name": options.name, "title": title, "crs": options.crs, "as_of": now}, folder / FILE)
    problems = require_metric_manifest(manifest)
    if problems:
        raise DataError(problems)
    save_workspace(folder, manifest, {})
    _answer({"name": options.name, "folder": str(folder), "crs": options.crs}, [str(folder)], options)
    return 0


def check(options: argparse.Namespace) -> int:
    """List all problems of a workspace."""
    ws: Workspace | None = None
    try:
        ws = open_workspace(options.folder)
        problems = ws.problems
    except DataError as error:
        problems = error.problems
    try:
        read_criteria(folder=workspace_folder(options.folder))
    except CriteriaError as error:
        problems += error.problems
    _answer(check_answer(problems, ws), check_lines(problems, ws, options.lang), options)
    return int(any(p.severity != "warning" for p in problems))


def _ranked(options: argparse.Namespace) -> Ranking:
    ws = open_workspace(options.folder)
    criteria = read_criteria(options.criteria, folder=ws.folder)
    return rank(ws, level=options.level, criteria=criteria, draws=options.draws)


def rank_grids(options: argparse.Namespace) -> int:
    """Rank the grids of a workspace."""
    ranking = _ranked(options)
    words = Text("立即处理 {n} 项，先于任何排名", "{n} things to do at once, before any ranking")
    now = words.format(n=len(ranking.immediate)).in_(options.lang)
    _answer(rank_answer(ranking), [now, *rank_lines(ranking), conventions(ranking).in_(options.lang)], options)
    return 0


def explain_grid(options: argparse.Namespace) -> int:
    """Explain the place of one grid."""
    ranking = _ranked(options)
    grid_id = grid_named(ranking, options.grid_id)
    found = explain(ranking, grid_id)
    _answer(explain_answer(found), explain_lines(found, options.lang), options)
    return 0


def draw_map(options: argparse.Namespace) -> int:
    """Export the interactive map."""
    ws = open_workspace(options.folder)
    write_map(ws, options.out, ranking=rank(ws), lang=options.lang)
    return _written(options)


def write_report(options: argparse.Namespace) -> int:
    """Export the briefing."""
    ws = open_workspace(options.folder)
    save(brief(ws), options.out, lang=options.lang)
    return _written(options)


def _written(options: argparse.Namespace) -> int:
    size = options.out.stat().st_size
    _answer({"file": str(options.out), "bytes": size}, [f"{options.out}  {size / 1e6:.2f} MB"], options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
