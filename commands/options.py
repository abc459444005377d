"""Options that several verbs share, and readers of words that say in both languages what is wrong with one."""

import argparse
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from commands.verb import Option
from geo.text import Text

HOME = Text("guatu-workspaces 或 GUATU_HOME", "guatu-workspaces or GUATU_HOME")
PORTS = range(1, 65_536)


def refused(words: Text, **values: object) -> argparse.ArgumentTypeError:
    """Make the error of a word that cannot be read; argparse names the option."""
    return argparse.ArgumentTypeError(str(words.format(**values)))


def whole(word: str) -> int:
    """Read a whole number."""
    if not word.removeprefix("-").isdecimal():
        raise refused(Text("{word} 不是整数", "{word} is no whole number"), word=word)
    return int(word)


def positive(word: str) -> int:
    """Read a whole number from 1."""
    if not word.isdecimal() or int(word) < 1:
        raise refused(Text("{word} 不是大于 0 的整数", "{word} is no whole number above 0"), word=word)
    return int(word)


def port(word: str) -> int:
    """Read a TCP port."""
    if not word.isdecimal() or int(word) not in PORTS:
        raise refused(Text("{word} 不是 1 到 65535 的端口号", "{word} is no port from 1 to 65535"), word=word)
    return int(word)


def moment(word: str) -> datetime:
    """Read a date or a date with a time, "2024-06-01" or "2024-06-01T18:00"; a date means its end."""
    try:
        found = datetime.fromisoformat(word)
    except ValueError as error:
        raise refused(
            Text("{word} 应如 2024-06-01 或 2024-06-01T18:00", "{word} should be like 2024-06-01 or 2024-06-01T18:00"),
            word=word,
        ) from error
    if found.tzinfo is not None:
        raise refused(Text("{word} 应为当地时间，不带时区", "{word} should be local time, without a zone"), word=word)
    return found.replace(hour=23, minute=59, second=59) if re.fullmatch(r"[\d-]+", word) else found


def ending(*endings: str) -> Callable[[str], Path]:
    """Give the reader of a path that must have one of the endings."""
    known = ", ".join(endings)

    def target(word: str) -> Path:
        if Path(word).suffix.lower() not in endings:
            raise refused(Text("{word} 的结尾应为 {known}", "{word} should end with {known}"), word=word, known=known)
        return Path(word)

    return target


def out(*endings: str) -> Option:
    """Give the option of the file to write, which must have one of the endings."""
    words = Text("输出的 {known} 文件", "the {known} file to write").format(known=", ".join(endings))
    return Option(("--out",), words, {"type": ending(*endings), "required": True, "metavar": "FILE"})


WORKSPACE = Option(("folder",), Text("工作区文件夹或名称", "workspace folder or name"), {"metavar": "WORKSPACE"})
LEVEL = Option(
    ("--level",),
    Text("网格层级，缺省为最小网格", "grid level; default the finest"),
    {"type": whole, "metavar": "N"},
)
CRITERIA = Option(
    ("--criteria",),
    Text(
        "权重文件 TOML，缺省为工作区自己的或内置的", "criteria file, TOML; default the workspace's or the bundled one"
    ),
    {"type": Path, "metavar": "FILE"},
)
PORT = Option(
    ("--port",),
    Text("应用端口，缺省为 8501 或其后空闲的", "port of the app; default 8501 or the next free"),
    {"type": port, "metavar": "N"},
)
AS_OF = Option(
    ("--as-of",),
    Text("按此时刻的情况，如 2021-08-15，缺省为最近", "as things stood then, such as 2021-08-15; default the latest"),
    {"type": moment, "metavar": "TIME"},
)
