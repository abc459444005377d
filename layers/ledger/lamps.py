"""Lamps: what an official sees of an issue at a glance, by its state and the time that is left.

A lamp is a shape and a word as well as a colour (``lamps.csv``); when it turns yellow stands in ``policy.csv``.
"""

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from layers.ledger.acting.states import states
from layers.standards import policy

BY_DEADLINE = "by_deadline"
HIDDEN = "hidden"


def lamps(cases: pd.DataFrame, as_of: datetime, folder: Path | None = None) -> pd.Series:
    """Give the lamp of each case at a moment: "red", "yellow", "green", "blue", "grey", or "hidden".

    Red: past its deadline while the clock runs, or to be done again. Yellow: less of the limit is left than policy
    says. Green: in time, done, or waiting for verification. Blue: deferred or a project. Grey: not sent out, or no
    deadline. A state that has a lamp of its own keeps it, unless the case is late.

    Args:
        cases: ``state``, ``since`` (when the limit began to run) and ``due_at`` (NaT without one), naive local times.
        as_of: the moment.
        folder: the workspace, for its own tables.

    Returns:
        Codes with the index of the cases.
    """
    table = states(folder).reindex(cases["state"])
    own = table["lamp"].to_numpy(dtype=object)
    counts = table["counts_overdue"].fillna(value=False).to_numpy(dtype=bool) & (table["clock"] == "runs").to_numpy()
    rules = policy(folder)
    clock = np.datetime64(as_of, "s")
    due, since = (cases[name].to_numpy().astype("datetime64[s]") for name in ("due_at", "since"))
    left, whole = (due - clock) / np.timedelta64(1, "h"), (due - since) / np.timedelta64(1, "h")
    near = (left <= rules["lamp_yellow_share"] * whole) | (left <= rules["lamp_yellow_hours_min"])
    by_deadline = np.where(np.isnat(due), "grey", np.where(near, "yellow", "green"))
    lamp = np.where(own == BY_DEADLINE, by_deadline, own)
    return pd.Series(np.where(counts & (due < clock), "red", lamp), index=cases.index, dtype="str")
