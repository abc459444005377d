"""The cases of a workspace at a moment: of its ledger, or of its layer as far as three dates tell."""

from datetime import datetime

import numpy as np
import pandas as pd

from geo.errors import DataError, Problem
from geo.text import Text
from layers import ISSUES, Workspace
from layers.standards import issue_types
from reports.progress.imported import cases_of_issues
from reports.wall import in_level

BY = {"type": "issue_type", "grid": "grid_id", "source": "source"}
"""What cases can be parted by here: the column that holds it."""
ALL, NONE = "*", ""
ALL_WORDS, NONE_WORDS = Text("全部", "all"), Text("未归属", "none given")


def cases_at(ws: Workspace, as_of: datetime | None = None, *, level: int | None = None) -> pd.DataFrame:
    """Give the cases of a workspace as they stood at a moment, each with its grid of a level.

    Args:
        ws: the workspace.
        as_of: the moment, naive local time; None for that of the workspace.
        level: grid level; None for the finest.

    Raises:
        DataError: the workspace has neither a ledger nor issues.
    """
    moment = ws.manifest.as_of if as_of is None else as_of
    wanted = (ws.finest if ws.levels else None) if level is None else level
    if ws.living is not None:
        cases = ws.living.ledger.cases(moment)
        return cases if wanted is None else in_level(cases, ws, wanted)
    if ISSUES not in ws:
        raise DataError([no_issues()])
    return cases_of_issues(ws[ISSUES], moment, grid_id=None if wanted is None else ws.owner(ISSUES, wanted))


def no_issues() -> Problem:
    """Describe a workspace without issues."""
    found, expected = (
        Text("没有问题图层，也没有台账", "neither issues nor a ledger"),
        Text("图层 issues", "a layer named issues"),
    )
    remedy = Text("用 guatu add 收入 issues 图层", "take the issues in with guatu add")
    return Problem("no_issues", "error", ISSUES.key, None, None, found, expected, remedy)


def units_of(cases: pd.DataFrame, by: str) -> np.ndarray:
    """Give the unit of each case as text, ``NONE`` where it has none.

    Raises:
        ValueError: not a key of ``BY``.
    """
    if by not in BY:
        msg = f"cases can be parted by {', '.join(BY)}, not by {by}"
        raise ValueError(msg)
    return cases[BY[by]].astype("object").fillna(NONE).astype(str).to_numpy(dtype=object)


def unit_words(ws: Workspace, by: str, *, level: int | None = None) -> dict[str, Text]:
    """Give the words of units by code; what has none is called by its code."""
    words = {ALL: ALL_WORDS, NONE: NONE_WORDS}
    if by == "type":
        types = issue_types(ws.folder)
        words |= {str(code): Text(str(row["zh"]), str(row["en"])) for code, row in types.iterrows()}
    elif by == "grid" and ws.levels:
        names = ws.grids(level)["name"]
        words |= {str(code): Text.same(str(name)) for code, name in names.items()}
    return words
