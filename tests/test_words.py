"""Every sentence that a person reads stands in both languages and is typeset as its readers expect."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHINESE = re.compile(r"[\u3400-\u9fff]")
HALF_WIDTH = re.compile(r"[\u3400-\u9fff][,;:()?!]|[,;()?!][\u3400-\u9fff]")
CODE = [
    *sorted(
        p for folder in ("commands", "geo", "layers", "reports", "views", "data") for p in (ROOT / folder).rglob("*.py")
    ),
    ROOT / "cli.py",
    ROOT / "app.py",
]


def _literal(node: ast.expr) -> str | None:
    """The constant words of a string or f-string, fields as {}."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return None


def _is_no_sentence(zh: str, en: str) -> bool:
    """Tell column names, a counting word, or the crossed words of a language switch from something said."""
    counts_without_a_word = zh == "个" and not en  # English counts bays without a unit
    return counts_without_a_word or zh.endswith("_zh") or bool(CHINESE.search(en) and not CHINESE.search(zh))


def _pairs(path: Path) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text" and len(node.args) == 2:
            zh, en = map(_literal, node.args)
            if zh is not None and en is not None and not _is_no_sentence(zh, en):
                yield node.lineno, zh, en


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_each_text_says_it_in_both_languages(path: Path) -> None:
    for line, zh, en in _pairs(path):
        assert bool(zh) == bool(en), f"{path.name}:{line} says it in one language only"
        assert not CHINESE.search(en.replace("挂图", "")), f"{path.name}:{line} has Chinese in its English"
        words = re.sub(r"\{[^{}]*\}", "", zh)
        said = CHINESE.search(words) or zh == en or not re.search(r"[A-Za-z]{4,}", words)
        assert said, f"{path.name}:{line} has no Chinese: {zh}"


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_chinese_is_set_with_full_width_punctuation(path: Path) -> None:
    for line, zh, _ in _pairs(path):
        assert not HALF_WIDTH.search(zh), f"{path.name}:{line}: {zh}"


def test_the_scan_finds_texts() -> None:
    assert sum(1 for path in CODE for _ in _pairs(path)) > 300
