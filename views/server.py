"""Serves the app: one Streamlit server for given workspaces, without anything from outside."""

import asyncio
import os
import sys
import webbrowser
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from types import MappingProxyType

import streamlit as st

from geo.errors import GuatuError
from geo.text import Text
from layers.manifest import FILE
from reports.shelf import FOLDERS, shelf
from views import persons
from views.open311 import OPEN311_ROUTES
from views.routes import FONTS, ROUTES
from views.terminal import tell_owner_codes

SCRIPT = Path(__file__).resolve().parents[1] / "app.py"
"""The script lies beside the packages: in a checkout, an editable install and a wheel alike."""

NO_WORKSPACE = Text(
    "不是工作区：{folders}（其中没有 {file}）。检查路径或名称；guatu new 新建空工作区，guatu demo 建立示例。",
    "no workspace: {folders} (there is no {file} in it). Check the path or the name; guatu new makes an empty "
    "workspace, guatu demo the examples.",
)
SOON = 1.0
"""Seconds from the start of the server until it answers."""
SETTINGS: Mapping[str, object] = MappingProxyType(
    {
        "browser.gatherUsageStats": False,
        "runner.magicEnabled": False,
        "client.disableDataExport": True,  # our own download disarms formulas and has all rows
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.toolbarMode": "viewer",
        "server.address": "127.0.0.1",
        "server.disconnectedSessionTTL": 60,
        "server.enableAgentApi": False,
        "server.enableStaticServing": False,
        "server.enableXsrfProtection": True,
        "server.fileWatcherType": "none",
        "server.maxMessageSize": 50,
        "server.maxUploadSize": 200,
        "server.maxWidgetStateSize": 5,
        "server.showEmailPrompt": False,
        "server.websocketPingInterval": 30,
        "theme.base": "light",
        "theme.primaryColor": "#0b5394",
        "theme.backgroundColor": "#ffffff",
        "theme.secondaryBackgroundColor": "#f3f5f7",
        "theme.textColor": "#22272b",
        "theme.borderColor": "#d5dadd",
        "theme.linkColor": "#0b5394",
        "theme.font": "Noto Sans SC, Microsoft YaHei, PingFang SC, sans-serif",
        "theme.baseFontSize": 15,
        "theme.baseRadius": "small",
        "theme.paddingTop": "0.5rem",
        "theme.metricValueFontSize": "1.6rem",
        "theme.showSidebarBorder": True,
        "theme.dataframeHeaderBackgroundColor": "#f3f5f7",
    }
)
"""Settings of the server and of its look; ``.streamlit/config.toml`` says the same for ``streamlit run app.py``."""


def serve(folders: Sequence[Path], *, port: int | None, open_browser: bool) -> None:
    """Serve the app until it is stopped.

    Args:
        folders: the workspaces to offer; none offers those of ``GUATU_HOME``.
        port: TCP port on this computer; None takes 8501 or the next free one.
        open_browser: open the page in the browser of this computer.

    Raises:
        GuatuError: a folder is no workspace; nothing is served then.
    """
    lost = [folder for folder in folders if not (Path(folder) / FILE).is_file()]
    if lost:
        raise GuatuError(
            NO_WORKSPACE.format(folders=Text("、".join(map(str, lost)), ", ".join(map(str, lost))), file=FILE)
        )
    if folders:
        os.environ[FOLDERS] = os.pathsep.join(str(Path(folder).resolve()) for folder in folders)
    tell_owner_codes((one.folder for one in shelf()), persons.now())
    settings = {**SETTINGS, "server.headless": True, "theme.fontFaces": [dict(face) for face in FONTS]}
    if port is not None:
        settings["server.port"] = port
    st.App(SCRIPT, routes=[*ROUTES, *OPEN311_ROUTES], lifespan=_opening if open_browser else None).run(config=settings)


@asynccontextmanager
async def _opening(_app: st.App) -> AsyncIterator[dict[str, object]]:
    """Open the page once the server answers; Streamlit does so itself only for scripts, not for ``st.App``."""
    asyncio.get_running_loop().call_later(SOON, _open_page)
    yield {}


def _open_page() -> None:
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return  # without a desktop the browser found would be one that takes over the terminal
    address = f"http://{st.get_option('server.address')}:{st.get_option('server.port')}"
    Thread(target=webbrowser.open, args=(address,), daemon=True).start()
