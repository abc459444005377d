"""How the app is served: the same settings from a checkout and from a wheel."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit import config

from geo.errors import GuatuError
from layers.manifest import FILE
from reports.shelf import FOLDERS
from views import server
from views.plain import MARKS, plain

ROOT = Path(__file__).resolve().parents[2]


def flat(table: dict[str, Any], head: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= flat(value, f"{head}{name}.") if isinstance(value, dict) else {f"{head}{name}": value}
    return found


def test_config_file_and_launcher_say_the_same() -> None:
    written = flat(tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")))
    faces = written.pop("theme.fontFaces")
    assert written == dict(server.SETTINGS)
    assert faces == [dict(face) for face in server.FONTS]


def test_every_setting_is_known_to_streamlit() -> None:
    assert set(server.SETTINGS) <= set(config._config_options_template)


def test_serving_stays_on_this_computer_and_tells_nobody() -> None:
    said = server.SETTINGS
    assert said["server.address"] == "127.0.0.1"
    assert said["browser.gatherUsageStats"] is False
    assert said["client.showErrorDetails"] == "none"
    assert said["server.enableXsrfProtection"] is True
    assert not [value for value in said.values() if "://" in str(value)]


def test_serve_hands_folders_port_and_script_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    class Stub:
        def __init__(self, script: Path, *, routes: object, lifespan: object) -> None:
            seen.update(script=script, routes=routes, lifespan=lifespan)

        def run(self, *, config: dict[str, Any]) -> None:
            seen.update(config=config)

    monkeypatch.setattr(server.st, "App", Stub)
    monkeypatch.setenv(FOLDERS, "")
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / FILE).touch()
    server.serve([tmp_path / "a", tmp_path / "b"], port=8765, open_browser=False)
    assert seen["script"] == ROOT / "app.py"
    assert seen["config"]["server.port"] == 8765
    assert seen["lifespan"] is None
    server.serve([], port=None, open_browser=True)
    assert seen["lifespan"] is not None
    assert "server.port" not in seen["config"]
    assert server.os.environ[FOLDERS].split(server.os.pathsep) == [str(tmp_path / "a"), str(tmp_path / "b")]


def test_a_folder_that_is_no_workspace_is_not_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.st, "App", None)
    (tmp_path / "empty").mkdir()
    for name in ("nowhere", "empty"):
        with pytest.raises(GuatuError, match="guatu new") as caught:
            server.serve([tmp_path / name], port=None, open_browser=False)
        for lang in ("zh", "en"):
            assert str(tmp_path / name) in caught.value.message.in_(lang)
            assert FILE in caught.value.message.in_(lang)


def test_page_is_opened_only_where_there_is_a_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(server.webbrowser, "open", opened.append)
    monkeypatch.setattr(server.sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    server._open_page()
    assert opened == []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(server, "Thread", Caller)
    server._open_page()
    assert len(opened) == 1
    assert opened[0].startswith("http://")


class Caller:
    """A thread that does its work at once."""

    def __init__(self, *, target: Any, args: Any, daemon: bool) -> None:
        self.work = lambda: target(*args)
        self.daemon = daemon

    def start(self) -> None:
        """Do the work."""
        self.work()


@settings(deadline=None)
@given(st.text(max_size=30))
def test_plain_text_keeps_every_letter_and_escapes_every_mark(text: str) -> None:
    shown = plain(text)
    assert "\n" not in shown
    for mark in map(chr, MARKS):
        assert shown.count(f"\\{mark}") >= text.count(mark)
