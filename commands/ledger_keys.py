"""Keys with which other programs may report by Open311: made, listed and taken back."""

import argparse
from collections.abc import Callable, Mapping
from datetime import datetime

from commands.ledger_desk import opened
from commands.verb import Done, Say, UsageError
from geo.text import Text
from layers.ledger.crew.api_keys import end_key, keys, make_key
from layers.ledger.store.ledger import Ledger

MADE = Text(
    "{name} 的密钥（只显示这一次，请妥善保存）：{secret}", "the key of {name}, shown this once, keep it safe: {secret}"
)
NO_NAME = Text(
    "请写明密钥给谁用，如 guatu ledger 文件夹 key 12345平台",
    "say whom the key is for, such as guatu ledger FOLDER key hotline",
)
NONE = Text("没有密钥", "there are no keys")
ENDED = Text("已收回密钥 {mark}", "key {mark} is taken back")
NO_KEY = Text(
    "没有密钥 {mark}；guatu ledger 文件夹 keys 列出全部", "there is no key {mark}; guatu ledger FOLDER keys lists them"
)


def _ledger(options: argparse.Namespace) -> Ledger:
    return opened(options)[0]


def key(options: argparse.Namespace, _say: Say) -> Done:
    """Make a key for a program."""
    name = " ".join(options.issues).strip()
    if not name:
        raise UsageError(NO_NAME)
    at = options.at or datetime.now().replace(microsecond=0)  # noqa: DTZ005 (workspaces keep naive local time)
    secret = make_key(_ledger(options), name, at)
    return Done({"name": name, "key": secret}, [MADE.format(name=name, secret=secret).in_(options.lang)])


def listed(options: argparse.Namespace, _say: Say) -> Done:
    """List the keys: the mark of each, for whom, since when."""
    found = keys(_ledger(options))
    lines = [f"{one.mark}  {one.since:%Y-%m-%d %H:%M}  {one.name}" for one in found]
    rows = [{"mark": one.mark, "name": one.name, "since": one.since.isoformat()} for one in found]
    return Done({"keys": rows}, lines or [NONE.in_(options.lang)])


def ended(options: argparse.Namespace, _say: Say) -> Done:
    """Take keys back by their marks."""
    kept, lines = _ledger(options), []
    for mark in options.issues:
        if not end_key(kept, mark):
            raise UsageError(NO_KEY.format(mark=mark))
        lines.append(ENDED.format(mark=mark).in_(options.lang))
    return Done({"ended": list(options.issues)}, lines)


PARTS: Mapping[str, Callable[[argparse.Namespace, Say], Done]] = {"key": key, "keys": listed, "end-key": ended}
