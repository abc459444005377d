"""Yes or no by column under rows of whole numbers: put to the solver, judged in whole numbers, put again if need be.

``Row`` by ``Row`` the answer is added up again in integers. A limit that the solver broke by rounding, or that is only
found by looking at an answer (see ``geo.choice.funds.broken``), is added and the question put again.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geo.choice.rules import Row
from geo.choice.solver import INFEASIBLE, SECONDS, Model, Solved, solve
from geo.errors import PlanError
from geo.text import Text

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
TRIES = 60
"""How often an answer that breaks a limit is forbidden before giving up."""
_LEAST_S = 0.05
"""Seconds that the last question has in any case."""
Judge = Callable[[Bools], Row | None]
"""Gives a limit that an answer breaks and that was not among the rows, None if there is none."""


def model_of(gain: Floats, rows: Sequence[Row], *, barred: Bools | None = None) -> Model:
    """Give the model of the most gain; money is divided by its common factor so that the solver sees small numbers.

    Args:
        gain: worth of each column, shape (n,).
        rows: limits.
        barred: columns that may not be chosen, shape (n,).
    """
    from scipy.sparse import csr_array  # noqa: PLC0415 (heavy)

    n, low, high = len(gain), np.full(len(rows), -np.inf), np.full(len(rows), np.inf)
    data, columns, starts = [np.zeros(0)], [np.zeros(0, dtype=np.int64)], [0]
    for number, row in enumerate(rows):
        unit = int(np.gcd.reduce(np.abs(row.factor), initial=0)) or 1
        data.append(row.factor / unit)
        columns.append(row.at)
        starts.append(starts[-1] + len(row.at))
        low[number] = -np.inf if row.low is None else -(-row.low // unit)
        high[number] = np.inf if row.high is None else row.high // unit
    table = csr_array((np.concatenate(data), np.concatenate(columns), np.array(starts)), shape=(len(rows), n))
    most = np.ones(n) if barred is None else np.where(barred, 0.0, 1.0)
    return Model(-gain, table, low, high, np.ones(n, bool), np.zeros(n), most)


def exact(
    gain: Floats,
    rows: Sequence[Row],
    *,
    judge: Judge | None = None,
    barred: Bools | None = None,
    time_limit: float = SECONDS,
) -> tuple[Solved, list[Row]]:
    """Choose columns with the most gain; give the answer and all rows that were needed for it.

    Args:
        gain: worth of each column, 0 or more, shape (n,).
        rows: limits.
        judge: finds limits that are not among the rows.
        barred: columns that may not be chosen, shape (n,).
        time_limit: seconds for all questions to the solver together.

    Raises:
        PlanError: no answer was found that keeps all limits in whole numbers.
    """
    known, spent = list(rows), 0.0
    for _ in range(TRIES):
        found = solve(model_of(gain, known, barred=barred), time_limit=max(time_limit - spent, _LEAST_S))
        spent += found.seconds
        told = replace(found, seconds=spent)
        if found.x is None:
            return told, known
        chosen = found.x > 0.5  # noqa: PLR2004 (rounded before)
        more = _more(chosen, known, judge)
        if more is None:
            return told, known
        known.append(more)
    raise PlanError(Text("未能得到严格不超支的方案", "no answer was found that keeps the money to the fen"))


def _more(chosen: Bools, rows: Sequence[Row], judge: Judge | None) -> Row | None:
    """Give a limit to add, None if the answer keeps all."""
    if all(row.holds(chosen) for row in rows):
        return None if judge is None else judge(chosen)
    # broken by rounding alone: differ from this answer in at least one column
    words = Text("与已排除的方案不同", "another answer than one that was ruled out")
    factor = np.where(chosen, -1, 1).astype(np.int64)
    return Row(words, np.arange(len(chosen)), factor, 1 - int(chosen.sum()), None)


def clashing(
    rows: Sequence[Row], n: int, *, barred: Bools | None = None, time_limit: float = SECONDS
) -> tuple[list[Row], bool]:
    """Give a smallest set of limits that cannot be kept together: without any one of them the others can.

    Deletion filter (Chinneck and Dravnieks 1991), first by halves; what is ``given`` is never in question. The second value is False if time ran out before
    every limit was tried; the set then still clashes but may be larger than need be.

    Args:
        rows: limits that cannot all be kept.
        n: number of columns.
        barred: columns that may not be chosen, shape (n,).
        time_limit: seconds for all questions to the solver together.
    """
    end = time.perf_counter() + time_limit
    given, kept = [row for row in rows if row.given], [row for row in rows if not row.given]
    size = max(len(kept) // 2, 1)
    while kept:
        at = 0
        while at < len(kept):
            left = end - time.perf_counter()
            rest = [*kept[:at], *kept[at + size :]]
            if left <= 0:
                return kept, False
            model = model_of(np.zeros(n), [*given, *rest], barred=barred)
            if solve(model, time_limit=left).status == INFEASIBLE:
                kept = rest
            else:
                at += size
        if size == 1:
            break
        size = max(size // 2, 1)
    return kept, True
