"""A page asks and shows: no computation, no files, one module for the session and one for what all sessions share."""

import ast
from pathlib import Path

import pytest

VIEWS = sorted((Path(__file__).resolve().parents[2] / "views").glob("*.py"))
PAGES = [path for path in VIEWS if path.stem not in {"server", "routes", "map_component", "__init__"}]
COMPUTING = {"groupby", "merge", "sjoin", "to_crs", "pivot", "melt", "concat", "join_asof", "overlay"}
FILES = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "glob", "rglob", "iterdir", "unlink", "mkdir"}
SESSION = {"session_state", "query_params"}
CACHES = {"cache_data", "cache_resource"}
LONGEST = 30


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.AST) -> set[str]:
    return {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)} | {
        n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_neither_compute_nor_read_files(path: Path) -> None:
    used = called(tree(path))
    assert not used & COMPUTING
    assert not used & FILES
    arithmetic = [
        n.lineno for n in ast.walk(tree(path)) if isinstance(n, ast.BinOp) and not isinstance(n.op, ast.BitOr)
    ]
    assert arithmetic == []


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_only_state_knows_the_session(path: Path) -> None:
    of_streamlit = {
        n.attr
        for n in ast.walk(tree(path))
        if isinstance(n, ast.Attribute) and ast.unparse(n.value) in {"st", "streamlit"}
    }
    assert path.stem == "state" or not of_streamlit & SESSION
    assert path.stem.endswith("cached") or not of_streamlit & CACHES


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_functions_are_short(path: Path) -> None:
    functions = [n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef)]
    long = {n.name: (n.end_lineno or 0) - n.lineno + 1 for n in functions}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_nothing_is_drawn_from_an_icon_font_or_trusted_html(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ":material/" not in text
    assert "unsafe_allow_html" not in text
