"""Several layers changed by a decision and stored as one transaction: together or not at all, undone together."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import DataError
from geo.files import write_layers
from geo.text import Text
from layers.catalog import LayerSpec
from layers.intake.faults import fault
from layers.intake.history import Intake, commit, next_intake, state
from layers.intake.merging import MEASURED
from layers.intake.stored import require_opening
from layers.reading import LAYERS_FILE


def store_revision(
    folder: Path, tables: Mapping[LayerSpec, pd.DataFrame], record: Mapping[str, Any], *, expected: str
) -> Intake:
    """Put changed layers in the place of the old ones, as a whole or not at all; ``guatu undo`` brings them back.

    Args:
        folder: the workspace.
        tables: every layer that changes, whole, the one that the change is about first.
        record: what to remember: ``file`` says it in a word, counts of rows, who decided, what it did.
        expected: the hash of the layers that the plan was made for, see ``layers.intake.history.state``.

    Raises:
        DataError: the layers have changed since, would not open, or somebody else is storing.
    """
    with next_intake(folder) as home:
        if state(folder) != expected:
            found = Text("方案做出之后图层有改动", "the layers were changed after the plan was made")
            raise DataError([fault("plan_outdated", LAYERS_FILE, found=found)])
        layers = home / LAYERS_FILE
        ready = {spec.key: table.drop(columns=list(MEASURED), errors="ignore") for spec, table in tables.items()}
        write_layers(layers, {key: table.sort_index() for key, table in ready.items()}, base=folder / LAYERS_FILE)
        first = next(iter(tables))
        require_opening(folder, home, first, tables[first], same=False)
        return commit(folder, home, layers, {"layer": first.key, "rejects_file": None, **record})
