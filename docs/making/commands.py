"""The page of commands: every verb with its options and with what it really answers."""

import contextlib
import io
import json
import re
import shutil
import tempfile
from pathlib import Path

import cli
from commands import VERBS, verb
from commands.verb import Option, Verb
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


UNASKED = frozenset({"app"})
"""Verbs whose examples are shown but not run, since they do not end by themselves."""


def page(*bundled: Path) -> str:
    """Give the page.

    Args:
        bundled: folders of the bundled synthetic workspaces; the examples run on copies.
    """
    lines = head(TITLE, INTRO)
    lines += table(["option of every verb", "means · 含义"], ((code(k), v) for k, v in COMMON))
    lines += table(["exit code · 退出码", "means · 含义"], CODES)
    with tempfile.TemporaryDirectory() as home:
        for one in bundled:
            copy = Path(home) / "guatu-workspaces" / one.name
            shutil.copytree(one, copy, ignore=shutil.ignore_patterns(".cache"))
        for name in VERBS:
            lines += _verb(name, verb(name), Path(home))
    return finished(lines)


def _verb(name: str, one: Verb, home: Path) -> list[str]:
    lines = [f"## {name}", "", one.about.en, "", one.about.zh, ""]
    options = [(code(_named(option)), str(option.words), _default(option)) for option in one.options]
    lines += table(["option", "means · 含义", "default"], options)
    if name in UNASKED:
        return [*lines, "```console", *(f"$ guatu {example}" for example in one.examples), "```", ""]
    for example in one.examples:
        lines += _example(example, home)
    return lines


def _named(option: Option) -> str:
    name, settings = option.names[0], option.settings
    if settings.get("action") == "store_true" or not name.startswith("-"):
        return str(settings.get("metavar", name))
    value = "|".join(settings["choices"]) if "choices" in settings else name.lstrip("-").upper()
    return f"{name} {settings.get('metavar', value)}"


def _default(option: Option) -> str | None:
    positional = not option.names[0].startswith("-") and option.settings.get("nargs") not in {"*", "?"}
    if positional or option.settings.get("required"):
        return "required"
    value = option.settings.get("default")
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
    """Shorten a JSON value for the page: one entry of each list, four digits, no sizes, seconds and hashes."""
    match value:
        case dict():
            return {k: "…" if k in ("bytes", "inputs", "seconds") else _short(v) for k, v in value.items()}
        case [first, _, *_]:
            return [_short(first), f"… {len(value) - 1} more"]
        case list():
            return [_short(one) for one in value]
        case float():
            return round(value, 4)
        case _:
            return value
