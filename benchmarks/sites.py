"""Siting models beside PySAL's spopt: maximal cover, and the p-median beside the full model.

python -m benchmarks.sites [full]   figures for docs/benchmarks.md; "full" also runs the full p-median model for 120 s

CPU seconds of build and solve, in turn in one process, on the same random towns. spopt and PuLP are no dependencies:
what is not installed is skipped and said so.
"""

import importlib
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.choice.covering import mclp
from geo.choice.medians import p_median
from geo.choice.solver import solve

Floats = NDArray[np.float64]
SIDE_M, P = 10_000.0, 20
COVERS = ((2_000, 300, 800.0), (2_000, 300, 1_000.0), (10_221, 200, 600.0))
FULL_SECONDS = 120.0


def town(points: int, places: int, seed: int = 7) -> tuple[Floats, Floats]:
    """Random demand points and candidates in a square: distances and whole weights."""
    draw = np.random.default_rng(seed)
    homes, sites = draw.uniform(0, SIDE_M, (points, 2)), draw.uniform(0, SIDE_M, (places, 2))
    metres = np.hypot(homes[:, None, 0] - sites[None, :, 0], homes[:, None, 1] - sites[None, :, 1])
    return metres, draw.integers(1, 200, points).astype(float)


def seconds(job: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of a job, and what it gave."""
    start = time.process_time()
    found = job()
    return time.process_time() - start, found


def covers() -> None:
    """Time the maximal cover beside spopt, both to a proven optimum."""
    there = find_spec("spopt") is not None and find_spec("pulp") is not None
    if not there:
        print("skipped: spopt and PuLP are not installed")
    mclp(*town(50, 10), radius_m=2_000, p=2)  # imports
    for points, places, radius in COVERS:
        metres, demand = town(points, places)
        rounds = [seconds(partial(mclp, metres, demand, radius_m=radius, p=P)) for _ in range(3)]
        spent, found = float(np.median([one for one, _ in rounds])), rounds[0][1]
        line = f"MCLP {points:,} x {places}, {radius:g} m: {spent:.3f} s, {found.status}, {found.covered_demand:,.0f}"
        if there:
            theirs, objective = seconds(partial(_spopt, metres, demand, radius))
            line += f"; spopt {theirs:.2f} s, {objective:,.0f}; ratio {theirs / spent:.0f}"
        print(line, flush=True)


def _spopt(metres: Floats, demand: Floats, radius_m: float) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pulp, locate = importlib.import_module("pulp"), importlib.import_module("spopt.locate")
        asked = locate.MCLP.from_cost_matrix(metres, demand, radius_m, p_facilities=P)
        asked.solve(pulp.HiGHS(msg=False))
        return float(pulp.value(asked.problem.objective))


def medians(*, full: bool) -> None:
    """Give the p-median after one second, and the full model after two minutes."""
    metres, demand = town(2_000, 300)
    start = time.perf_counter()
    spent, found = seconds(lambda: p_median(metres, demand, p=P, time_limit=1.0))
    wall = time.perf_counter() - start
    told = f"bound {found.meta['bound']:,.0f}, gap {100 * found.meta['gap']:.2f} %"
    print(f"p-median 2,000 x 300: {found.objective:,.0f} in {wall:.2f} s ({spent:.2f} s CPU), {found.status}, {told}")
    if full:
        again = seconds(lambda: solve(_full(metres, demand), time_limit=FULL_SECONDS))
        said = "no answer" if again[1].x is None else f"{again[1].objective:,.0f}"
        print(f"full model, {FULL_SECONDS:g} s: {said} ({again[0]:.0f} s CPU), bound {again[1].bound:,.0f}")


def _full(metres: Floats, demand: Floats) -> Any:  # noqa: ANN401 (a model)
    """Every pair a column: the model as the textbooks write it, in one sparse table."""
    from scipy.sparse import csr_array  # noqa: PLC0415 (heavy)

    from geo.choice.solver import Model  # noqa: PLC0415 (with it)

    n, m = metres.shape
    pairs, each = n * m, np.arange(n * m)
    point, place = each // m, each % m
    rows = np.concatenate([point, n + each, n + each, np.full(m, n + pairs)])
    columns = np.concatenate([m + each, m + each, place, np.arange(m)])
    values = np.concatenate([np.ones(2 * pairs), -np.ones(pairs), np.ones(m)])
    table = csr_array((values, (rows, columns)), shape=(n + pairs + 1, m + pairs))
    return Model(
        np.concatenate([np.zeros(m), (metres * demand[:, None]).ravel()]), table,
        np.concatenate([np.ones(n), np.full(pairs, -np.inf), [P]]), np.concatenate([np.ones(n), np.zeros(pairs), [P]]),
        np.arange(m + pairs) < m, np.zeros(m + pairs), np.ones(m + pairs),
    )  # fmt: skip


def main() -> None:
    """Measure."""
    medians(full="full" in sys.argv[1:])
    covers()


if __name__ == "__main__":
    main()
