"""Layers that changed though no program wrote to them: what a failing disk leaves, which SQLite itself calls sound.

SQLite counts each change of a database in its header (bytes 24 to 27). Edits in QGIS raise the count; a bit that
turned over does not, and leaves the size as it was.
"""

from pathlib import Path

from geo.errors import DataError
from geo.files import digest
from geo.text import Text
from layers.intake.faults import fault
from layers.intake.history import WRITTEN, change_count, history, target_of
from layers.reading import LAYERS_FILE


def require_as_written(folder: Path) -> None:
    """Refuse layers that differ from what the last intake wrote though nobody changed them.

    Raises:
        DataError: they are damaged.
    """
    done = [one for one in history(folder) if target_of(one) == LAYERS_FILE]
    layers = folder / LAYERS_FILE
    if not done or not layers.is_file():
        return
    last = done[-1]
    now = [change_count(layers), layers.stat().st_size]
    if last.record.get(WRITTEN) == now and last.record["after"] != digest([layers]):
        found = Text(f"与第 {last.number} 次入库后不同", f"other content than after intake {last.number}")
        raise DataError([fault("layers_damaged", LAYERS_FILE, found=found)])
