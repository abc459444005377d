"""Where the ledgers of the tests lie."""

from pathlib import Path

import pytest

from tests.layers.ledger.acting import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder for an embedded ledger; ``test_postgres`` puts a database in its stead."""
    return Place(tmp_path / "here")
