"""The page of commands: every verb with its options and with what it really answers."""

import contextlib
import io
import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cli
from docs.making.markdown import code, finished, head, table
from geo.text import Text

TITLE = Text("命令", "Commands")
INTRO = Text(
    "guatu VERB WORKSPACE ……。工作区写文件夹路径；只写名称时，在 guatu-workspaces（或环境变量 GUATU_HOME 所指的文件夹）中查找。"
    "答案写到标准输出，进度和错误写到标准错误。",
    "`guatu VERB WORKSPACE ...`. A workspace is the path of a folder; a bare name is looked for in `guatu-workspaces`, or "
    "in the folder that the environment variable `GUATU_HOME` names. Answers go to standard output, progress and errors "
    "to standard error.",
)
COMMON = (
    ("--json", Text("只输出一个 JSON 文档", "exactly one JSON document on standard output")),
    ("--lang zh|en", Text("语言；缺省按系统语言", "language; the default follows the system's")),
)
CODES = (
    (0, Text("完成", "done")),
    (1, Text("数据有错误，已全部列出", "the data have errors, all of them listed")),
    (2, Text("用法错误", "wrong usage")),
)
HEAD = 7
"""Lines of an example's answer that are shown."""


class Verb(NamedTuple):
    """What a verb is for, and examples of it."""

    about: Text
    examples: Sequence[str]


VERBS: Mapping[str, Verb] = {
    "demo": Verb(
        Text("建立内置的三个工作区（已有的不重建）并打开应用。", "Builds the three bundled workspaces, those that are there already excepted, and opens the app."),
        ["demo --city huolong --no-app", "demo --city huolong --no-app --json"],
    ),
    "new": Verb(
        Text("新建只有清单的空工作区；随后向 layers.gpkg 加入图层（见数据字典）。", "Makes a workspace that holds nothing but its manifest; then add layers to layers.gpkg (see the data dictionary)."),
        ["new old-town --name old-town --crs EPSG:4546 --json"],
    ),
    "check": Verb(
        Text("列出工作区的全部问题（代码见问题代码一页）和各图层的数量。有错误时退出码为 1。", "Lists all problems of a workspace (see the page of problem codes) and counts its layers. Ends with 1 if there are errors."),
        ["check huolong", "check nowhere --json"],
    ),
    "rank": Verb(
        Text("按需求给网格排名：名次、得分、权重变动时的名次区间。末行写明方法、种子和日期。", "Ranks the grids by need: rank, score and the range of ranks that other weights would give. The last line states method, seed and date."),
        ["rank huolong", "rank huolong --level 1 --json"],
    ),
    "explain": Verb(
        Text("说明一个网格的名次：一句话、各项得分，以及最小的哪项变化会使它升降一位。", "Explains the place of a grid: a sentence, points by criterion, and the smallest change that moves it up or down."),
        ["explain huolong HL-03-01", "explain huolong HL-03-01 --lang zh", "explain huolong HL-01-03 --json"],
    ),
    "map": Verb(
        Text("导出一个自成一体的网页地图，断网也能打开。", "Writes the interactive map as one page that needs no network."),
        ["map huolong --out map.html", "map huolong --out map.html --json"],
    ),
    "report": Verb(
        Text("导出改造优先级简报。", "Writes the briefing of renovation priorities."),
        ["report huolong --out briefing.html", "report huolong --out briefing.html --json"],
    ),
    "app": Verb(
        Text("打开应用；不写工作区时打开 guatu-workspaces 下的全部。按 Ctrl+C 结束。", "Opens the app, on all workspaces below guatu-workspaces if none is named. Ctrl+C ends it."),
        [],
    ),
}  # fmt: skip


def page(huolong: Path) -> str:
    """Give the page.

    Args:
        huolong: folder of the bundled synthetic workspace; the examples run on a copy.
    """
    lines = head(TITLE, INTRO)
    lines += table(["option of every verb", "means · 含义"], ((code(k), v) for k, v in COMMON))
    lines += table(["exit code · 退出码", "means · 含义"], CODES)
    with tempfile.TemporaryDirectory() as home:
        copy = Path(home) / "guatu-workspaces" / "huolong"
        shutil.copytree(huolong, copy, ignore=shutil.ignore_patterns(".cache"))
        for name, verb in VERBS.items():
            lines += _verb(name, verb, Path(home))
    return finished(lines)


def _verb(name: str, verb: Verb, home: Path) -> list[str]:
    lines = [f"## {name}", "", verb.about.en, "", verb.about.zh, ""]
    options = [
        (code(_named(names, settings)), settings["help"], _default(settings)) for names, settings in cli.OPTIONS[name]
    ]
    if options:
        lines += table(["option", "means · 含义", "default"], options)
    for example in verb.examples:
        lines += _example(example, home)
    return lines


def _named(names: Sequence[str], settings: Mapping[str, Any]) -> str:
    if settings.get("action") == "store_true" or not names[0].startswith("-"):
        return str(settings.get("metavar", names[0]))
    value = "|".join(settings["choices"]) if "choices" in settings else names[0].lstrip("-").upper()
    return f"{names[0]} {value}"


def _default(settings: Mapping[str, Any]) -> str | None:
    if settings.get("required"):
        return "required"
    value = settings.get("default")
    return None if value is None else code(value)


def _example(line: str, home: Path) -> list[str]:
    words = line.split() if "--lang" in line else [*line.split(), "--lang", "en"]
    out, told = io.StringIO(), io.StringIO()
    with contextlib.chdir(home), contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
        ended = cli.main(words)
    text = out.getvalue().rstrip()
    shown = _json(text, home) if "--json" in words else _lines(text, home)
    lines = [f"```console\n$ guatu {line}", *shown, "```", ""]
    return [*lines, f"Exit code {ended}.", ""] if ended else lines


def _lines(text: str, home: Path) -> list[str]:
    found = [re.sub(r"\d+\.\d\d MB", "… MB", one) for one in text.replace(str(home.resolve()), "~").splitlines()]
    return found if len(found) <= 2 * HEAD else [*found[:HEAD], "…", found[-1]]


def _json(text: str, home: Path) -> list[str]:
    return json.dumps(
        _short(json.loads(text.replace(str(home.resolve()), "~"))), ensure_ascii=False, indent=2
    ).splitlines()


def _short(value: object) -> object:
    """Shorten a JSON value for the page: one entry of each list, four digits, no sizes and hashes."""
    match value:
        case dict():
            return {k: "…" if k in ("bytes", "inputs") else _short(v) for k, v in value.items()}
        case [first, _, *_]:
            return [_short(first), f"… {len(value) - 1} more"]
        case list():
            return [_short(one) for one in value]
        case float():
            return round(value, 4)
        case _:
            return value
