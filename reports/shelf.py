"""Which workspaces there are to open: those that were named, else those that lie in the usual place."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from geo.errors import ManifestError, Problem
from geo.text import Text
from layers import read_manifest
from layers.manifest import FILE
from layers.workspace import home_folder

FOLDERS = "GUATU_WORKSPACES"
"""Environment variable with the folders to offer, separated as in PATH."""


@dataclass(frozen=True)
class Volume:
    """A folder on the shelf: ``key`` names it in addresses; ``problems`` tell why its manifest cannot be read."""

    key: str
    folder: Path
    title: Text
    problems: tuple[Problem, ...] = ()


def shelf(folders: Iterable[Path] | None = None) -> tuple[Volume, ...]:
    """List workspaces in the order given.

    Args:
        folders: workspace folders; None takes those of ``GUATU_WORKSPACES`` or, without it, every
            workspace in ``GUATU_HOME`` (``guatu-workspaces`` below the current folder).
    """
    volumes: dict[str, Volume] = {}
    for folder in dict.fromkeys(Path(f).resolve() for f in (_found() if folders is None else folders)):
        volume = _volume(folder)
        key, more = volume.key, 2
        while key in volumes:
            key, more = f"{volume.key}-{more}", more + 1
        volumes[key] = Volume(key, folder, volume.title, volume.problems)
    return tuple(volumes.values())


def _found() -> list[Path]:
    named = os.environ.get(FOLDERS, "")
    if named:
        return [Path(one) for one in named.split(os.pathsep) if one]
    home = home_folder()
    return sorted(path.parent for path in home.glob(f"*/{FILE}"))


def _volume(folder: Path) -> Volume:
    try:
        manifest = read_manifest(folder)
    except ManifestError as error:
        return Volume(folder.name, folder, Text(folder.name, folder.name), error.problems)
    return Volume(manifest.name, folder, manifest.title.text)
