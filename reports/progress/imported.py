"""Cases out of an imported issues layer, which knows only when each was reported, due and closed."""

from datetime import datetime

import numpy as np
import pandas as pd
import shapely

from layers.schema import Issues

_WORDS = (
    "level",
    "level_solved",
    "person",
    "first_department",
    "no_deadline_reason",
    "call_back",
    "head",
    "project_id",
    "reporter",
)
_TIMES = ("level_since", "paused_since", "assigned_at", "replied_at", "verified_at", "struck_at", "called_back_at")
_NUMBERS = ("pauses", "extensions", "rework_count", "reopen_count", "photos")


def cases_of_issues(issues: pd.DataFrame, as_of: datetime, *, grid_id: pd.Series | None = None) -> pd.DataFrame:
    """Give imported issues as cases, as a fold of a ledger would, as far as their three dates tell.

    An issue reported later than ``as_of`` is not known, one closed later is open. The closing stands for the fix, as
    the register knows no other; whether it was sent out, verified or called back is not known and stays empty.

    Args:
        issues: an issues layer, indexed by ``issue_id``.
        as_of: the moment, naive local time.
        grid_id: grid of each issue, on the index of the issues; None for its column ``grid_id``, if it has one.

    Returns:
        One row for each issue known at the moment, with the columns of ``layers.ledger`` cases.
    """
    rows = (issues[Issues.reported_at] <= as_of).to_numpy()
    known = issues[rows]
    reported, due, closed = (
        known[name].astype("datetime64[us]") for name in (Issues.reported_at, Issues.due_at, Issues.closed_at)
    )
    closed = closed.where(closed <= as_of)
    is_closed = closed.notna().to_numpy()
    x_m, y_m = _places(known)
    grids = known.get("grid_id") if grid_id is None else grid_id[rows]
    facts = {
        "issue_type": _words(known.get(Issues.issue_type), known.index),
        "severity": known[Issues.severity].astype("Int8"),
        "source": _words(known.get(Issues.source), known.index),
        "grid_id": _words(grids, known.index),
        "x_m": x_m,
        "y_m": y_m,
        "address": _words(known.get(Issues.address), known.index),
        "description": _words(known.get(Issues.description), known.index),
        "reported_at": reported,
        "state": pd.array(np.where(is_closed, "closed", "accepted"), dtype="str"),
        "state_since": closed.where(is_closed, reported),
        "department": _words(known.get(Issues.unit_in_charge), known.index),
        "stage": pd.array(np.full(len(known), "resolve"), dtype="str"),
        "due_at": due,
        "final_due_at": due,
        "deadline_version": due.notna().astype("int32"),
        "accepted_at": reported,
        **dict.fromkeys(("fixed_at", "first_fixed_at", "closed_at"), closed),
    }
    return pd.DataFrame(facts | _unknown(known.index), index=known.index)


def _unknown(index: pd.Index) -> dict[str, object]:
    """What a register of three dates does not tell."""
    size = len(index)
    nothing = {name: _words(None, index) for name in (*_WORDS, "campaign")}
    never = pd.Series(np.full(size, "NaT", dtype="datetime64[us]"), index=index)
    return {
        **nothing,
        **dict.fromkeys((*_TIMES, "project_due_at"), never),
        **{name: np.zeros(size, dtype="int32") for name in _NUMBERS},
        "satisfaction": pd.array([None] * size, dtype="Int8"),
        "group_size": np.ones(size, dtype="int32"),
        "is_contested": np.zeros(size, dtype=bool),
        "is_imported": np.ones(size, dtype=bool),
        "version": np.zeros(size, dtype="int32"),
    }


def _words(column: pd.Series | None, index: pd.Index) -> pd.Series:
    if column is None:
        return pd.Series(np.full(len(index), np.nan), index=index).astype("str")
    return pd.Series(column.to_numpy(dtype=object, na_value=np.nan), index=index).astype("str")


def _places(known: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    if "geometry" not in known:
        nowhere = np.full(len(known), np.nan)
        return nowhere, nowhere
    points = known["geometry"].to_numpy()
    return shapely.get_x(points), shapely.get_y(points)
