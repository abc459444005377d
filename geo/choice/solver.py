"""One door to the mixed-integer solver (HiGHS), and a second look at all that comes back through it.

A solver may err: answers have come back that broke a limit, and bounds that were wrong. So whole numbers are rounded,
every limit is checked here, the objective is computed here, and "optimal" is said only where the bound meets it. The
solver is asked for a gap of 0; its own default of 0.01 % would leave money lying. The same model gives the same answer,
except where the time limit ends the search: that depends on the computer, and the status then says "heuristic".
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geo.choice.quiet import remarks_aside
from geo.errors import PlanError
from geo.text import Text

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
OPTIMAL, HEURISTIC, INFEASIBLE = "optimal", "heuristic", "infeasible"
SECONDS = 60.0
"""Time that a model has unless told otherwise."""
_WHOLE = 1e-5
_SLACK = 1e-6
"""How far from a whole number, or over a limit (relative to the sum of the row's factors), rounding may leave."""
_LARGE = 1e6
"""Objectives with larger factors are scaled before they are handed over, since tolerances are absolute."""
_TIMED_OUT, _NO_ANSWER = 1, 2


@dataclass(frozen=True)
class Model:
    """Minimise ``cost @ x`` with ``low <= table @ x <= high`` and ``least <= x <= most``; x of ``whole`` is integer.

    ``cost``, ``whole``, ``least`` and ``most`` are (n,), ``low`` and ``high`` (k,), ``table`` is sparse, (k, n).
    """

    cost: Floats = field(repr=False)
    table: "csr_array" = field(repr=False)
    low: Floats = field(repr=False)
    high: Floats = field(repr=False)
    whole: NDArray[np.bool_] = field(repr=False)
    least: Floats = field(repr=False)
    most: Floats = field(repr=False)


@dataclass(frozen=True)
class Solved:
    """What was found: ``x`` (n,) or None, ``status``, and ``objective >= bound`` (both minimised).

    ``status`` is "optimal" (proven), "heuristic" (time was up; ``x`` is None if there was nothing yet) or "infeasible".
    ``gap`` is (objective - bound) / |objective|, NaN without an answer.
    """

    x: Floats | None = field(repr=False)
    status: str
    objective: float
    bound: float
    gap: float
    seconds: float

    def told(self, *, sign: int = 1) -> dict[str, object]:
        """Give the part of a result's meta that tells of the solver; ``sign`` -1 where the model was a maximum."""
        return {
            "solver": "HiGHS, branch and bound; limits and objective checked again",
            "status": self.status,
            "objective": sign * self.objective + 0.0,
            "bound": sign * self.bound + 0.0,
            "gap": self.gap,
            "seconds": self.seconds,
            "seed": None,
        }


def solve(model: Model, *, time_limit: float = SECONDS, mip_rel_gap: float = 0.0) -> Solved:
    """Solve a model; check the answer by own arithmetic.

    Args:
        model: what to minimise under which limits.
        time_limit: seconds; the best answer until then is kept and called "heuristic".
        mip_rel_gap: relative distance to the bound at which the search may end; such an answer is "heuristic".

    Raises:
        PlanError: the solver failed, the model has no bound, or the answer breaks a limit.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 (heavy)

    start = time.perf_counter()
    if not len(model.cost):
        return _empty(model)
    top = float(np.abs(model.cost).max(initial=0.0))
    scale = top if top > _LARGE else 1.0
    limits = [LinearConstraint(model.table, model.low, model.high)] if model.table.shape[0] else []
    with remarks_aside():
        found = milp(
            model.cost / scale,
            integrality=model.whole.astype(int),
            bounds=Bounds(model.least, model.most),
            constraints=limits,
            options={"time_limit": time_limit, "mip_rel_gap": mip_rel_gap},
        )
    seconds = time.perf_counter() - start
    if found.status == _NO_ANSWER:
        return Solved(None, INFEASIBLE, np.nan, np.nan, np.nan, seconds)
    if found.status not in {0, _TIMED_OUT}:
        raise PlanError(
            Text(
                "求解失败：模型无界或数值不稳，请检查输入",
                "no answer was found: the model has no bound or is unstable; check the input",
            )
        )
    least = -np.inf if found.mip_dual_bound is None else float(found.mip_dual_bound) * scale
    if found.x is None:
        return Solved(None, HEURISTIC, np.nan, least, np.nan, seconds)
    return _judged(model, np.asarray(found.x, dtype=float), least, seconds)


def relaxed(model: Model, *, time_limit: float = SECONDS) -> tuple[float, Floats | None, Floats]:
    """Solve a model without whole numbers.

    Returns:
        A bound of the model by own arithmetic (any multipliers of the rows give a true one), the answer (None if there
        was none in time; the bound is then that of no multipliers), and the reduced costs: how much the bound rises if
        a column leaves the end of its range at which it stands.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 (heavy)
    from scipy.sparse import vstack  # noqa: PLC0415 (heavy)

    over, under = np.isfinite(model.high), np.isfinite(model.low)
    table = vstack([model.table[over], -model.table[under]], format="csr")
    found = linprog(
        model.cost, A_ub=table, b_ub=np.concatenate([model.high[over], -model.low[under]]),
        bounds=np.column_stack([model.least, model.most]), method="highs-ipm", options={"time_limit": time_limit},
    )  # fmt: skip
    if found.status != 0:
        pull = model.cost
        return _floor(model, pull), None, pull
    price = np.minimum(np.asarray(found.ineqlin.marginals, dtype=float), 0.0)
    pull = model.cost - table.T @ price
    top = np.concatenate([model.high[over], -model.low[under]])
    return float(price @ top) + _floor(model, pull), np.asarray(found.x, dtype=float), pull


def _floor(model: Model, pull: Floats) -> float:
    return float(np.where(pull > 0, pull * model.least, pull * model.most).sum())


def meets(found: Solved) -> bool:
    """Say whether an answer is proven."""
    return found.x is not None and found.status == OPTIMAL


def _empty(model: Model) -> Solved:
    holds = bool(((model.low <= 0) & (model.high >= 0)).all())
    return Solved(np.zeros(0) if holds else None, OPTIMAL if holds else INFEASIBLE, 0.0, 0.0, 0.0, 0.0)


def _judged(model: Model, x: Floats, least: float, seconds: float) -> Solved:
    tidy = np.clip(np.where(model.whole, np.round(x), x), model.least, model.most)
    if not holds(model, tidy) or (np.abs(tidy - x) > _WHOLE).any():
        raise PlanError(
            Text("求解器给出的方案不满足约束，已舍弃", "the solver's answer breaks its own limits and is not used")
        )
    objective = float(model.cost @ tidy)
    bound = min(least, objective)
    gap = (objective - bound) / max(abs(objective), 1e-12) if objective > bound else 0.0
    status = OPTIMAL if gap <= _SLACK else HEURISTIC
    return Solved(tidy, status, objective, bound, gap, seconds)


def holds(model: Model, x: Floats) -> bool:
    """Say whether an answer keeps all limits, up to rounding: own arithmetic, no solver."""
    left = model.table @ x
    slack = _SLACK * (1 + abs(model.table) @ np.ones(len(x)))
    rows = bool((left >= model.low - slack).all() and (left <= model.high + slack).all())
    return rows and bool((x >= model.least).all() and (x <= model.most).all())


def meta(method: str, parameters: Mapping[str, object], solved: Solved, *, sign: int = 1) -> dict[str, object]:
    """Give the meta of a result: method, parameters, what the solver said, and a warning where nothing is proven."""
    warnings = [] if solved.status != HEURISTIC else [f"heuristic: not proven, gap {solved.gap:.4%}"]
    return {"method": method, "parameters": dict(parameters), **solved.told(sign=sign), "warnings": warnings}
