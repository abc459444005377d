"""Layers that are no longer what the last intake wrote: changed by another program, or damaged though none wrote.

SQLite counts each change of a database in its header (bytes 24 to 27). Edits in QGIS raise the count; a bit that
turned over, which SQLite itself calls sound, does not, and leaves the size as it was. An edit is somebody's work: it is
told, and can be confirmed. What is damaged is refused. After an edit outside Guatu there is no record to compare with
until the next intake.
"""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from geo.errors import DataError, Problem
from geo.files import whole_file
from geo.text import Text
from layers import store
from layers.intake.faults import fault
from layers.intake.history import FOLDER, is_untouched, last_of, state
from layers.reading import LAYERS_FILE

CONFIRMED = "confirmed.json"
"""File in ``imports``: the layers that somebody changed outside Guatu and stands by."""
DAMAGED, CHANGED = "layers_damaged", "layers_changed"


def changes(folder: Path) -> list[Problem]:
    """Tell how the layers differ from what the last intake wrote; nothing is told of layers that none wrote.

    Returns:
        At most one problem: an error if no program wrote since, else a warning with the time of the last change.
    """
    layers = folder / LAYERS_FILE
    if not layers.is_file() or not (folder / FOLDER).is_dir():
        return []
    last, now = last_of(folder)
    if last is None or last.record["after"] == now:
        return []
    if is_untouched(folder, last):
        found = Text(f"与第 {last.number} 次入库后不同", f"other content than after intake {last.number}")
        return [fault(DAMAGED, LAYERS_FILE, found=found)]
    if _confirmed(folder) == now:
        return []
    day = datetime.fromtimestamp(layers.stat().st_mtime, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
    words = Text("第 {n} 次入库之后，于 {day} 被其他程序改动", "changed by another program on {day}, after intake {n}")
    return [fault(CHANGED, LAYERS_FILE, found=words.format(n=str(last.number), day=day))]


def require_as_written(folder: Path) -> None:
    """Refuse layers that differ from what the last intake wrote though nobody changed them.

    Raises:
        DataError: they are damaged.
    """
    found = [one for one in changes(folder) if one.code == DAMAGED]
    if found:
        raise DataError(found)


def confirm(folder: Path) -> None:
    """Note that the layers are meant to be as they are; they are no longer told of until they change again.

    Raises:
        DataError: they are damaged.
    """
    require_as_written(folder)
    if not changes(folder):
        return
    told = {LAYERS_FILE: state(folder), "at": datetime.now(UTC).isoformat(timespec="seconds")}
    with whole_file(folder / FOLDER / CONFIRMED) as part:
        part.write_text(json.dumps(told), encoding="utf-8")
    shutil.rmtree(store.copy_folder(folder), ignore_errors=True)  # it tells of the change


def _confirmed(folder: Path) -> str:
    path = folder / FOLDER / CONFIRMED
    return str(json.loads(path.read_text(encoding="utf-8")).get(LAYERS_FILE, "")) if path.is_file() else ""
