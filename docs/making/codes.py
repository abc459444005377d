"""Finds in the source every code that a ``Problem`` can carry, without running anything."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("commands", "geo", "layers", "reports", "views", "data")
MAKER = "Problem"


class Carrier(NamedTuple):
    """A function that hands one of its arguments on as the code of a problem; ``module``: the only one that can call it."""

    home: str
    module: str | None
    name: str
    position: int
    parameter: str
    default: str | None


class Module(NamedTuple):
    """A parsed source file; ``taken``: from which modules, not packages, it imports names, as two may use one name."""

    name: str
    tree: ast.Module
    taken: Mapping[str, str]


def codes() -> dict[str, set[str]]:
    """Give, for every code, the modules that raise it."""
    modules = list(_modules())
    carriers = {Carrier("geo/errors.py", None, MAKER, 0, "code", None)}
    while True:
        more = carriers | {found for module in modules for found in _carriers(module, carriers)}
        if more == carriers:
            break
        carriers = more
    found: dict[str, set[str]] = {}
    for module in modules:
        for call, carrier in _calls(module.tree, module, carriers):
            for code in _words(_argument(call, carrier), carrier.default):
                found.setdefault(code, set()).add(module.name)
    return found


def _modules() -> Iterator[Module]:
    paths = [
        ROOT / "cli.py",
        ROOT / "app.py",
        *(p for folder in SOURCES for p in sorted((ROOT / folder).rglob("*.py"))),
    ]
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield Module(path.relative_to(ROOT).as_posix(), tree, _taken(tree))


def _taken(tree: ast.Module) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            home = f"{node.module.replace('.', '/')}.py"
            if (ROOT / home).is_file():
                found |= {alias.asname or alias.name: home for alias in node.names}
    return found


def _carriers(module: Module, known: set[Carrier]) -> Iterator[Carrier]:
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        names = [a.arg for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in ("self", "cls")]
        every = [*names, *(a.arg for a in node.args.kwonlyargs)]
        for call, carrier in _calls(node, module, known):
            handed = _argument(call, carrier)
            if isinstance(handed, ast.Name) and handed.id in every:
                position = names.index(handed.id) if handed.id in names else len(names)
                where = module.name if node.name.startswith("_") else None
                yield Carrier(module.name, where, node.name, position, handed.id, _default(node, handed.id))


def _default(node: ast.FunctionDef, name: str) -> str | None:
    plain = [*node.args.posonlyargs, *node.args.args]
    ends = plain[len(plain) - len(node.args.defaults) :]
    pairs = [
        *zip(ends, node.args.defaults, strict=True),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    ]
    values = [value for argument, value in pairs if argument.arg == name]
    return next((v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)), None)


def _calls(tree: ast.AST, module: Module, carriers: set[Carrier]) -> Iterator[tuple[ast.Call, Carrier]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        for carrier in carriers:
            is_other = isinstance(node.func, ast.Name) and module.taken.get(called, carrier.home) != carrier.home
            if carrier.name == called and carrier.module in (None, module.name) and not is_other:
                yield node, carrier


def _argument(call: ast.Call, carrier: Carrier) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == carrier.parameter:
            return keyword.value
    return call.args[carrier.position] if carrier.position < len(call.args) else None


def _words(node: ast.expr | None, default: str | None) -> Iterator[str]:
    """Give the constant words that an argument can be; a subscript of a dictionary is told elsewhere."""
    if node is None and default is not None:
        yield default
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _words(node.body, None)
        yield from _words(node.orelse, None)
