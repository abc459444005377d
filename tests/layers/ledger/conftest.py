"""Where the ledgers of the tests lie."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.layers.ledger.acting import OPENED, Place, quick_home


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Close the ledgers of a test."""
    yield
    while OPENED:
        OPENED.pop().engine.dispose()


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder in memory."""
    with TemporaryDirectory(dir=quick_home()) as folder:
        yield Path(folder)


@pytest.fixture
def place(home: Path) -> Place:
    """A folder for an embedded ledger; ``test_postgres`` puts a database in its stead."""
    return Place(home / "here")


@pytest.fixture
def places(home: Path) -> list[Place]:
    """Folders of several machines."""
    return [Place(home / name) for name in "abcde"]
