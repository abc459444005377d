"""The verb that opens the app."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from commands.options import HOME, PORT
from commands.verb import Done, Option, Say, Verb
from geo.text import Text
from layers.manifest import FILE
from layers.workspace import home_folder, workspace_folder


def app(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (verbs are called alike)
    """Open the app on the named workspaces, or on all in the folder of workspaces."""
    folders = [workspace_folder(f) for f in options.folders]
    return served(folders or sorted(path.parent for path in home_folder().glob(f"*/{FILE}")), options)


def served(folders: Sequence[Path], options: argparse.Namespace) -> Done:
    """Serve the app until it is stopped."""
    from views.server import serve  # noqa: PLC0415 (streamlit is slow to import, and the help does not need it)

    serve(folders, port=options.port, open_browser=True)
    return Done()


VERBS = {
    "app": Verb(
        Text(
            "打开应用；不写工作区时打开 guatu-workspaces 下的全部。按 Ctrl+C 结束。",
            "Opens the app, on all workspaces below guatu-workspaces if none is named. Ctrl+C ends it.",
        ),
        (
            Option(
                ("folders",),
                Text("工作区，缺省为 {home} 下全部", "workspaces; default all in {home}").format(home=HOME),
                {"nargs": "*", "metavar": "WORKSPACE"},
            ),
            PORT,
        ),
        ("app", "app huolong --port 8600"),
        app,
    )
}
