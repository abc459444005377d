"""The app without a browser: one page of one workspace in one language."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from reports.shelf import FOLDERS

APP = Path(__file__).resolve().parents[2] / "app.py"
Visit = Callable[..., AppTest]


@pytest.fixture
def visit(workspaces: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Give a function that opens a page; ``folders`` replaces the three bundled workspaces."""

    def open_page(path: str = "", *, folders: list[Path] | None = None, **address: str) -> AppTest:
        shown = list(workspaces.values()) if folders is None else folders
        monkeypatch.setenv(FOLDERS, os.pathsep.join(map(str, shown)))
        app = AppTest.from_file(APP, default_timeout=120)
        app._page_hash = calc_hash(path)
        for name, value in address.items():
            app.query_params[name] = value
        return app.run()

    return open_page


def ranks(app: AppTest) -> pd.DataFrame:
    """Give the ranking that a page shows; other tables may stand before it."""
    return next(one.value for one in app.dataframe if "score" in one.value)
