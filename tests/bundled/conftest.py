"""Workspaces of the two cities, built once a session."""

from pathlib import Path

import pytest

from data.boston import build as boston
from data.cambridge import build as cambridge
from layers.workspace import Workspace, open_workspace


@pytest.fixture(scope="session")
def boston_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cities") / "boston"
    boston.build(folder)
    return folder


@pytest.fixture(scope="session")
def cambridge_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cities") / "cambridge"
    cambridge.build(folder)
    return folder


@pytest.fixture(scope="session")
def boston_ws(boston_folder: Path) -> Workspace:
    return open_workspace(boston_folder)


@pytest.fixture(scope="session")
def cambridge_ws(cambridge_folder: Path) -> Workspace:
    return open_workspace(cambridge_folder)
