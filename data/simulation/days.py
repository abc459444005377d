"""Statistics of each day of a simulated month: how many issues stand where at 18:00."""

from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa

from data.simulation.month import EVENING
from layers.ledger.acting.rules import rules
from layers.ledger.lamps import lamps
from layers.ledger.log.folds import cases
from layers.standards import standard

_CALLED = ("revisit_ok", "revisit_bad")


def days_of(events: pa.Table, start: datetime, days: int = 31, folder: Path | None = None) -> pd.DataFrame:
    """Give the statistics of each day.

    Args:
        events: of the ledger, see ``layers.ledger.log.table``.
        start: the first day.
        days: how many.
        folder: the workspace, for its own tables.

    Returns:
        One row for each day, indexed by its date, see ``day_of``.
    """
    moments = [start + timedelta(days=number, hours=EVENING) for number in range(days)]
    rows = [day_of(cases(events, one), one, folder) for one in moments]
    return pd.DataFrame(rows, index=pd.Index([one.date() for one in moments], name="day"))


def day_of(found: pd.DataFrame, as_of: datetime, folder: Path | None = None) -> dict[str, int]:
    """Count issues at a moment; a duplicate counts with its head, once.

    Args:
        found: as ``layers.ledger.log.folds.cases`` gives them for that moment.
        as_of: the moment.
        folder: the workspace, for its own tables.

    Returns:
        ``reported`` (all), ``fused`` (duplicates), then of the others ``open``, ``overdue`` (past the deadline while
        the clock runs), ``closed`` (and not struck off yet), ``struck``, ``rejected``, ``rework``, ``deferred``,
        ``projects``, ``paused``, ``contested``, and ``lamp_`` with each lamp.
    """
    table = rules(folder).states
    alone = found[found["head"].isna()]
    state = alone["state"]
    own = table.reindex(state)
    late = (alone["due_at"] < pd.Timestamp(as_of)).to_numpy() & own["counts_overdue"].to_numpy(dtype=bool)
    counts = {
        "reported": len(found),
        "fused": len(found) - len(alone),
        "open": int(own["open"].sum()),
        "overdue": int((late & own["clock"].eq("runs").to_numpy()).sum()),
        "closed": int(state.isin(("closed", *_CALLED)).sum()),
        "struck": int(state.eq("struck").sum()),
        "rejected": int(state.eq("rejected").sum()),
        "rework": int(state.eq("rework").sum()),
        "deferred": int(state.eq("deferred").sum()),
        "projects": int(state.eq("to_project").sum()),
        "paused": int(alone["paused_since"].notna().sum()),
        "contested": int(alone["is_contested"].sum()),
    }
    shown = lamps(alone, as_of, folder).value_counts()
    names = [*standard("lamps", folder)["lamp"], "hidden"]
    return counts | {f"lamp_{one}": int(shown.get(one, 0)) for one in names}
