"""A served workspace that files may go into, and a page of a browser that reaches this computer only."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import samples
from tests.browser.test_app import Watched, answers, wait_until
from tests.conftest import LOOPBACK, ROOT


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that files may go into."""
    return samples.community(tmp_path_factory.mktemp("home") / "sample")


def free_port() -> int:
    """A port of this computer that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def served(home: Path, elsewhere: Path, port: int) -> Iterator[str]:
    """Serve a workspace from another folder, and give the address."""
    start = f"from pathlib import Path\nfrom views.server import serve\nserve([Path({str(home)!r})], port={port}, open_browser=False)"
    with (elsewhere / "server.log").open("wb") as log:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        running = subprocess.Popen(
            [sys.executable, "-c", start], cwd=elsewhere, env=env, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_until(lambda: answers(f"http://127.0.0.1:{port}"), 60)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.wait(timeout=20)


@pytest.fixture(scope="module")
def server(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    with served(home, tmp_path_factory.mktemp("elsewhere"), free_port()) as address:
        yield address


@pytest.fixture
def watched(server: str, chromium: Any) -> Iterator[Watched]:
    """A page that may ask this computer only."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1000}, locale="en-GB", accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    seen = Watched(page, server)

    def check(route: Any) -> None:
        if urlsplit(route.request.url).hostname in LOOPBACK:
            route.continue_()
        else:
            seen.outside.append(route.request.url)
            route.abort()

    context.route(re.compile("^https?:"), check)
    page.on("pageerror", lambda error: seen.failed.append(str(error)))
    yield seen
    context.close()
    assert seen.outside == []
    assert seen.failed == []
