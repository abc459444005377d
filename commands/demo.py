"""The verb that builds the bundled communities and shows them."""

import argparse
from importlib import import_module
from pathlib import Path

from commands.app import served
from commands.options import HOME, PORT
from commands.verb import Done, Option, Say, Verb
from geo.text import Text
from layers.manifest import FILE
from layers.workspace import Workspace, home_folder, open_workspace

CITIES = ("huolong", "boston", "cambridge", "wanxiu")


def demo(options: argparse.Namespace, say: Say) -> Done:
    """Build the bundled workspaces, then open the app."""
    built: list[Workspace] = []
    for city in [options.city] if options.city else CITIES:
        folder = (options.dir or home_folder()) / city
        if options.rebuild or not (folder / FILE).is_file():
            say(Text(f"正在建立 {city} …", f"building {city} …"))
            import_module(f"data.{city}.build").build(folder)
        say(Text(f"正在打开 {city} …", f"opening {city} …"))
        built.append(open_workspace(folder))
    if not options.no_app:
        return served([ws.folder for ws in built], options)
    lines = [f"{ws.folder}  {ws.title.in_(options.lang)}" for ws in built]
    return Done({"workspaces": [{"name": ws.name, "folder": str(ws.folder)} for ws in built]}, lines)


VERBS = {
    "demo": Verb(
        Text(
            "建立内置的四个工作区（已有的不重建）并打开应用。",
            "Builds the four bundled workspaces, those that are there already excepted, and opens the app.",
        ),
        (
            Option(("--city",), Text("只建一个", "only this one"), {"choices": CITIES}),
            Option(
                ("--dir",),
                Text("放在哪里，缺省为 {home}", "where to put them; default {home}").format(home=HOME),
                {"type": Path},
            ),
            Option(("--no-app",), Text("不打开应用", "do not open the app"), {"action": "store_true"}),
            Option(("--rebuild",), Text("重建已有的", "build existing ones anew"), {"action": "store_true"}),
            PORT,
        ),
        ("demo --city huolong --no-app", "demo --city huolong --no-app --json"),
        demo,
    )
}
