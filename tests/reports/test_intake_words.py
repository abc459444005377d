"""A page never tells anybody to type an option of the command line: what a fault says of one has its words for pages."""

import ast
import pkgutil
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

from geo.text import Text
from layers import intake
from layers.intake.faults import fault
from layers.problems import Fault
from reports.intake_words import REMEDIES, TOLD_ELSEWHERE, for_page

ROOT = Path(__file__).resolve().parents[2]
COMMAND = re.compile(r"(?<![-\w])--[a-z]|\bguatu [a-z]")
BY_ROW = {"layers/intake/shapes_mended.py"}
"""Modules with remedies of single rows, which tables show as they are."""


def speaks_of_commands(words: Text) -> bool:
    return bool(COMMAND.search(words.zh) or COMMAND.search(words.en))


def faults() -> Iterator[tuple[str, Fault]]:
    """All faults that any module of the intake declares."""
    for module in pkgutil.walk_packages(intake.__path__, "layers.intake."):
        for table in vars(import_module(module.name)).values():
            if isinstance(table, Mapping):
                yield from ((str(code), one) for code, one in table.items() if isinstance(one, Fault))


def test_every_remedy_that_names_a_command_has_its_words_for_the_page() -> None:
    found = {code for code, one in faults() if speaks_of_commands(one.remedy)}
    assert {"which_part", "needs_answer"} <= found
    assert found <= REMEDIES.keys() | TOLD_ELSEWHERE


def test_words_for_the_page_name_no_command() -> None:
    assert not [code for code, words in REMEDIES.items() if speaks_of_commands(words)]
    (told,) = for_page([fault("needs_answer", "a.csv", found=Text("?", "?"))])
    assert told.remedy == REMEDIES["needs_answer"]


def test_no_word_for_the_page_is_left_from_a_fault_that_is_gone() -> None:
    known = {code for code, _ in faults()}
    assert not REMEDIES.keys() - known


def test_commands_are_named_in_tables_of_faults_only() -> None:
    """A remedy that is written elsewhere would come to the page as it is."""
    loose = set()
    for path in (ROOT / "layers" / "intake").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        within = {id(node) for table in ast.walk(tree) if _is_table(table) for node in ast.walk(table)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text" and id(node) not in within:
                words = " ".join(one.value for one in node.args if isinstance(one, ast.Constant))
                if COMMAND.search(words):
                    loose.add(path.relative_to(ROOT).as_posix())
    assert loose <= BY_ROW


def _is_table(node: ast.AST) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(getattr(one, "id", "").endswith("FAULTS") for one in targets)
