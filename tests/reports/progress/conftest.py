"""Cases written by hand, with the columns that a fold of the ledger gives."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from layers import scoring_tables, standard_tables
from layers.cited import Spec

WORDS = ("issue_type", "source", "grid_id", "description", "address", "level", "level_solved", "person", "department")
WORDS += (
    "stage",
    "no_deadline_reason",
    "call_back",
    "head",
    "project_id",
    "reporter",
    "campaign",
    "state",
    "first_department",
)
TIMES = ("reported_at", "state_since", "level_since", "due_at", "final_due_at", "paused_since", "accepted_at")
TIMES += ("assigned_at", "replied_at", "fixed_at", "first_fixed_at", "verified_at", "closed_at", "struck_at")
TIMES += ("called_back_at", "project_due_at")
NUMBERS = {"deadline_version": 1, "pauses": 0, "extensions": 0, "rework_count": 0, "reopen_count": 0, "photos": 0}
NUMBERS |= {"group_size": 1, "version": 3}


def made(*rows: dict[str, Any]) -> pd.DataFrame:
    """Give cases: what a row leaves out is empty; the report is accepted at once, the fix is the closing."""
    whole = [
        {
            "state": "closed" if one.get("closed_at") else "working",
            "accepted_at": one["reported_at"],
            "fixed_at": one.get("closed_at"),
            "first_fixed_at": one.get("fixed_at", one.get("closed_at")),
            **one,
        }
        for one in rows
    ]
    index = pd.Index([one.get("issue_id", f"I{at}") for at, one in enumerate(whole)], name="issue_id", dtype="str")
    table: dict[str, object] = {
        name: pd.Series([one.get(name) for one in whole], index=index, dtype="object").fillna(np.nan).astype("str")
        for name in WORDS
    }
    for name in TIMES:
        found = np.array([one.get(name) or "NaT" for one in whole], dtype="datetime64[us]")
        table[name] = pd.Series(found, index=index)
    for name, usual in NUMBERS.items():
        table[name] = pd.Series([one.get(name, usual) for one in whole], index=index, dtype="int32")
    for name in ("severity", "satisfaction"):
        table[name] = pd.array([one.get(name) for one in whole], dtype="Int8")
    for name in ("x_m", "y_m"):
        table[name] = pd.Series([one.get(name, np.nan) for one in whole], index=index, dtype="float64")
    return pd.DataFrame(table, index=index).assign(is_contested=False)


@pytest.fixture(autouse=True)
def scoring_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of scoring rules can be read by its name."""
    if "scoring" not in standard_tables.TABLES:
        monkeypatch.setitem(
            cast("dict[str, Spec]", standard_tables.TABLES), "scoring", scoring_tables.TABLES["scoring"]
        )


@pytest.fixture
def cases() -> Callable[..., pd.DataFrame]:
    return made
