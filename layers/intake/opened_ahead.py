"""A workspace opened with its new layers before they count, so that nobody has to wait for that afterwards."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from geo.errors import DataError
from layers import store
from layers.reading import LAYERS_FILE
from layers.workspace import open_workspace


def opened_ahead(folder: Path, layers: Path) -> None:
    """Make the columnar copy that opening a workspace with new layers would make, see ``layers.store``.

    A copy belongs to files by name, size and time of change, and links have those of the files. Where there is no
    copy to be had (faults in the workspace, a disk without links or room) opening says why when it comes to it.

    Args:
        folder: the workspace.
        layers: the new layers, in a folder beside which links can be made.
    """
    with suppress(DataError, OSError), tempfile.TemporaryDirectory(prefix=".ahead.", dir=layers.parent) as home:
        staged = Path(home)
        for file in store.files_of(folder):
            place = staged / file.relative_to(folder)
            place.parent.mkdir(exist_ok=True)
            if place.name != LAYERS_FILE:
                os.link(file, place)
        os.link(layers, staged / LAYERS_FILE)
        open_workspace(staged, set_aside=True)
        store.adopt(folder, staged)
