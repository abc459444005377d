"""Fixtures for all tests: the bundled workspaces, built once, and a browser that reaches this computer only."""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import hypothesis
import pytest

from layers import Workspace, open_workspace
from tests.gate import GATE
from tests.ledger_home import quick_folder
from tests.samples import community

hypothesis.settings.register_profile("same", derandomize=True, deadline=None, max_examples=40)
hypothesis.settings.register_profile("new", deadline=None)
# The gate tries the same examples each time, few of them; GUATU_EXAMPLES=new looks for others, and more.
hypothesis.settings.load_profile(os.environ.get("GUATU_EXAMPLES", "same"))

CITIES = ("huolong", "boston", "cambridge", "wanxiu")
ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = "/usr/bin/chromium"
DAY_S = 86_400
_LONG = (
    "tests/browser/", "tests/views/", "tests/test_notebooks.py", "tests/bundled/", "tests/layers/ledger/", "tests/test_docs.py",
)  # fmt: skip
_NOT_MEASURED = (
    "tests/browser/", "tests/views/", "tests/bundled/", "tests/attacks/",
    "tests/test_notebooks.py", "tests/test_docs.py", "tests/test_words.py", "tests/test_architecture.py",
)  # fmt: skip
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def _sources(city: str) -> str:
    """Hash everything that a bundled workspace is built from: data, generators, and the code that writes it."""
    digest = hashlib.sha256()
    folders = [ROOT / "data" / city, ROOT / "data" / "standards", ROOT / "layers", ROOT / "geo"]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if "__pycache__" not in path.parts]
    for path in [*files, *sorted((ROOT / "data").glob("*.py"))]:
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long and waits much, so that no process is left alone with it at the end.

    What goes through pages, browsers, notebooks and whole cities is not measured for coverage: the core has tests of
    its own, and measuring takes as long as the tests themselves.
    """
    for item in items:
        if item.nodeid.startswith(_NOT_MEASURED):
            item.add_marker(pytest.mark.no_cover)
    items.sort(key=lambda item: next((at for at, name in enumerate(_LONG) if name in item.nodeid), len(_LONG)))


@pytest.fixture(scope="session")
def workspaces(request: pytest.FixtureRequest) -> Mapping[str, Path]:
    """Folders of the bundled workspaces, built anew only when something that they come from changed."""
    cache = request.config.cache
    assert cache is not None
    home = cache.mkdir("workspaces")
    return {city: _built(home, city) for city in CITIES}


def _built(home: Path, city: str) -> Path:
    """Build a city in a folder of its own and move it into place whole: another run may be at it too."""
    folder = home / f"{city}-{_sources(city)}"
    if not folder.is_dir():
        for old in home.iterdir():
            if time.time() - old.stat().st_mtime > DAY_S:
                shutil.rmtree(old)
        with tempfile.TemporaryDirectory(dir=home, prefix=f"{city}-new-", ignore_cleanup_errors=True) as made:
            import_module(f"data.{city}.build").build(Path(made) / city)
            with suppress(OSError):  # the other run was first
                Path(made).rename(folder)
    return folder / city


@pytest.fixture(scope="module")
def quick() -> Iterator[Path]:
    """A folder in memory, for ledgers that are written to often."""
    with quick_folder() as folder:
        yield folder


def lacking(what: str) -> NoReturn:
    """Skip a test for want of something, but fail in the gate and in CI, where nothing may go unseen."""
    if os.environ.get("CI") == "true" or os.environ.get(GATE) == "1":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless browser."""
    try:
        playwright = import_module("playwright.sync_api")
    except ImportError:
        lacking("playwright is not installed")
    if not Path(CHROMIUM).exists():
        lacking(f"{CHROMIUM} is not installed")
    with playwright.sync_playwright() as runner:
        browser = runner.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def huolong(workspaces: Mapping[str, Path]) -> Workspace:
    """The synthetic community, opened."""
    return open_workspace(workspaces["huolong"])


@pytest.fixture(scope="session")
def boston(workspaces: Mapping[str, Path]) -> Workspace:
    """The whole city, opened."""
    return open_workspace(workspaces["boston"])


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The community whose numbers can be worked out by hand, to read only."""
    return open_workspace(community(tmp_path_factory.mktemp("sample") / "sample"))


@pytest.fixture
def folder(sample: Workspace, tmp_path: Path) -> Path:
    """A folder with that community, never opened, to change at will."""
    return Path(shutil.copytree(sample.folder, tmp_path / "sample", ignore=shutil.ignore_patterns(".cache")))
