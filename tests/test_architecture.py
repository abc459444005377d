"""The house plan, held by reading the code: who may know whom, who may print, and how large things may grow."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("geo", "layers", "reports", "views", "commands", "data")
DOORS = ("app.py", "cli.py", "bootstrap.py")
MODULES = sorted(
    [*(p for package in PACKAGES for p in (ROOT / package).rglob("*.py")), *(ROOT / door for door in DOORS)]
)
MAY_IMPORT = {
    "geo": {"geo"},
    "layers": {"geo", "layers"},
    "reports": {"geo", "layers", "reports"},
    "views": {"geo", "layers", "reports", "views"},
    "data": {"geo", "layers", "data"},
    "app.py": {"geo", "layers", "reports", "views"},
    "commands": {"geo", "layers", "reports", "views", "commands"},
    "cli.py": {"geo", "reports", "commands"},
    "bootstrap.py": set(),
}
ONLY_IN = {
    "streamlit": ("views/", "app.py"),
    "starlette": ("views/", "app.py"),
    "folium": ("reports/webmap/",),
    "branca": ("reports/webmap/",),
    "rasterio": ("geo/raster/", "data/"),
    "matplotlib": ("reports/figures.py", "reports/wallmap.py"),
    "sqlalchemy": ("layers/ledger/", "geo/tally.py"),
    "dask": (),
    "pyspark": (),
    "requests": (),
    "urllib": (),
    "http": (),
    "socket": ("views/server.py",),
}
READERS = {"read_file", "to_file", "read_dataframe", "read_arrow", "open_arrow", "list_layers"}
HEAVY = ("scipy", "folium", "branca", "rasterio", "streamlit", "matplotlib", "starlette", "pyogrio")
CITIES = ("huolong", "boston", "cambridge", "wanxiu")

parametrized = pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Full names of all modules that a file imports, at the top or inside functions, for types only or not."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield str(node.module)


@parametrized
def test_imports_follow_the_arrows(path: Path) -> None:
    own = name_of(path).split("/")[0]
    ours = {name.split(".")[0] for name in imported(path)} & {*PACKAGES, "cli", "app", "tests", "bootstrap"}
    assert ours <= MAY_IMPORT[own]


@parametrized
def test_libraries_stay_where_they_belong(path: Path) -> None:
    for name in {name.split(".")[0] for name in imported(path)} & set(ONLY_IN):
        assert name_of(path).startswith(ONLY_IN[name]), f"{name} in {name_of(path)}"


@parametrized
def test_only_the_command_line_prints(path: Path) -> None:
    names = {
        node.func.id for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert name_of(path) in {"cli.py", "bootstrap.py"} or "print" not in names
    assert not names & {"eval", "exec", "breakpoint"}


@parametrized
def test_modules_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            words = ast.get_docstring(node, clean=False) or ""
            assert (node.end_lineno or 0) - node.lineno - len(words.splitlines()) < 40, node.name


@parametrized
def test_errors_are_named_and_never_swallowed(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"bare except in line {node.lineno}"
            caught = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)}
            assert not caught & {"Exception", "BaseException"}, f"line {node.lineno}"


@parametrized
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert path.stem not in {"utils", "util", "common", "helpers", "helper", "base", "misc"}
    assert ast.get_docstring(tree(path))
    raised = [node.exc for node in ast.walk(tree(path)) if isinstance(node, ast.Raise) and node.exc]
    assert "NotImplementedError" not in {n.id for one in raised for n in ast.walk(one) if isinstance(n, ast.Name)}


def test_only_geo_files_opens_spatial_files() -> None:
    for path in [path for path in MODULES if name_of(path).split("/")[0] != "data"]:  # they also shrink the sources
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in READERS and not name_of(path).startswith("geo/"):
                pytest.fail(f"{name_of(path)}:{node.lineno} {node.attr}")


def test_views_ask_and_do_not_compute() -> None:
    forbidden = {"groupby", "merge", "sjoin", "to_crs"}
    for path in (ROOT / "views").rglob("*.py"):
        used = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
        assert not used & forbidden, name_of(path)


def python(code: str, cwd: Path) -> str:
    """Run code in a new interpreter in another folder, warnings being errors; give what it prints."""
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_core_loads_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys, json, geo, layers, reports; print(json.dumps(sorted({n.split('.')[0] for n in sys.modules})))"
    loaded = set(json.loads(python(code, tmp_path)))
    assert {"geo", "layers", "reports", "pandas"} <= loaded
    assert not loaded & set(HEAVY)
    assert not loaded & {"views", "data.huolong"}


def test_package_data_are_found_from_anywhere(tmp_path: Path) -> None:
    code = f"""
from importlib.resources import files
from layers.standard_tables import TABLES
from layers.standards import standard
from reports import read_criteria
assert [len(standard(name)) > 0 for name in TABLES] == [True] * len(TABLES)
assert read_criteria().items
for name in ("report.html.jinja", "guatu-map.js", "leaflet.js", "NotoSansSC-Regular.woff2"):
    assert files("data").joinpath("web", name).is_file(), name
for city in {CITIES!r}:
    assert files("data." + city).joinpath("build.py").is_file(), city
print("found")
"""
    assert python(code, tmp_path) == "found\n"


def test_public_names_exist() -> None:
    for package in ("geo", "layers", "reports"):
        module = __import__(package)
        assert list(module.__all__) == sorted(set(module.__all__), key=module.__all__.index)
        for name in module.__all__:
            assert hasattr(module, name), f"{package}.{name}"
