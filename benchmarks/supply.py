"""Floating catchments beside PySAL's, and the capacity-limited assignment at growing sizes.

python -m benchmarks.supply [ROUNDS]   figures for docs/benchmarks.md

CPU seconds, rounds interleaved in one process. PySAL's ``access`` and networkx are no dependencies: what is not
installed is skipped and said so.
"""

import importlib
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from types import ModuleType

import numpy as np
import pandas as pd

from geo.coverage import straight_pairs
from geo.supply.assignment import assign
from geo.supply.catchment import Access, Band, enhanced, gaussian, gravity, two_step
from geo.supply.equity import equity
from geo.supply.reach import Within

RADIUS_M = 800.0
PLACES, FACILITIES, SIDE_M = 5_000, 300, 9_000.0
LARGER = ((20_000, 600, 18_000.0), (100_000, 1_500, 40_000.0))
SIZES = ((5_000, 150), (20_000, 500))


def town(places: int, facilities: int, side_m: float, radius_m: float) -> tuple[Within, np.ndarray, np.ndarray]:
    """Random places and facilities in a square; capacity for nine tenths of the demand."""
    draw = np.random.default_rng(5)
    x, y = draw.uniform(0, side_m, (2, places))
    to_x, to_y = draw.uniform(0, side_m, (2, facilities))
    found = straight_pairs(x, y, to_x, to_y, limit_m=radius_m)
    want, have = draw.integers(1, 20, places).astype(float), draw.integers(50, 700, facilities).astype(float)
    return Within(found.place, found.facility, found.distance_m), 0.9 * have * want.sum() / have.sum(), want


def seconds(job: Callable[[], object]) -> float:
    """CPU seconds of a job."""
    start = time.process_time()
    job()
    return time.process_time() - start


def peer(name: str) -> ModuleType | None:
    """Import a peer, or say that it is skipped."""
    if find_spec(name.split(".", maxsplit=1)[0]) is None:
        print(f"skipped: {name} is not installed")
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)


def catchments(rounds: int) -> None:
    """Time each method in turn with PySAL's, on the same pairs; PySAL weighs each pair by a Python function."""
    radius = 1.5 * RADIUS_M
    pairs, have, want = town(PLACES, FACILITIES, SIDE_M, radius)
    fca, weights = peer("access.fca"), peer("access.weights")
    print(f"{PLACES:,} places, {FACILITIES} facilities, {len(pairs.place):,} pairs")
    demand = pd.DataFrame({"geoid": range(len(want)), "demand": want})
    supply = pd.DataFrame({"geoid": range(len(have)), "supply": have})
    cost = pd.DataFrame({"origin": pairs.place, "dest": pairs.facility, "cost": pairs.distance_m})
    bands = [Band(radius / 3, 1), Band(2 * radius / 3, 0.68), Band(radius, 0.22)]
    ours: dict[str, Callable[[], Access]] = {
        "two_step": lambda: two_step(pairs, have, want, radius_m=radius),
        "enhanced": lambda: enhanced(pairs, have, want, bands=bands),
        "gaussian": lambda: gaussian(pairs, have, want, radius_m=radius),
        "gravity": lambda: gravity(pairs, have, want, radius_m=radius, exponent=1, least_m=1e-9),
    }
    for name, job in ours.items():
        mine = [seconds(lambda job=job: [job() for _ in range(20)]) / 20 for _ in range(rounds)]
        line = f"{name}: {1000 * np.median(mine):.2f} ms"
        if fca is not None and weights is not None:
            weigh = {
                "enhanced": weights.step_fn({one.limit_m: one.weight for one in bands}),
                "gaussian": weights.gaussian(radius / 3),
                "gravity": weights.gravity(1, -1),
            }.get(name)
            asked = partial(fca.two_stage_fca, demand, supply, cost, max_cost=radius, weight_fn=weigh)
            theirs = [seconds(asked) for _ in range(rounds)]
            line += (
                f", PySAL {1000 * np.median(theirs):.0f} ms, ratio {np.median(np.array(theirs) / np.array(mine)):.0f}"
            )
            if name != "gaussian":  # another curve: PySAL's does not end at the radius
                found = asked().reindex(range(len(want))).fillna(0).to_numpy()
                line += f", largest difference {np.abs(found - job().access).max():.1e}"
        print(line)


def larger() -> None:
    """Time the plain method beside PySAL's at growing sizes."""
    radius, fca = 1.5 * RADIUS_M, peer("access.fca")
    for places, facilities, side_m in LARGER:
        pairs, have, want = town(places, facilities, side_m, radius)
        mine = seconds(lambda p=pairs, h=have, w=want: [two_step(p, h, w, radius_m=radius) for _ in range(10)]) / 10
        line = f"two_step {places:,} x {facilities:,}, {len(pairs.place):,} pairs: {1000 * mine:.2f} ms"
        if fca is not None:
            demand = pd.DataFrame({"geoid": range(places), "demand": want})
            supply = pd.DataFrame({"geoid": range(facilities), "supply": have})
            cost = pd.DataFrame({"origin": pairs.place, "dest": pairs.facility, "cost": pairs.distance_m})
            theirs = seconds(partial(fca.two_stage_fca, demand, supply, cost, max_cost=radius))
            line += f", PySAL {1000 * theirs:.0f} ms, ratio {theirs / mine:.0f}"
        print(line)


def assignments() -> None:
    """Time the exact assignment, and networkx' minimum-cost flow where it is small enough to wait for."""
    networkx = peer("networkx")
    for places, facilities in SIZES:
        pairs, have, want = town(places, facilities, 8_000, 500)
        have = np.round(have)
        start = time.process_time()
        meta = assign(pairs, have, want, radius_m=500).meta
        spent = time.process_time() - start
        told = f"{meta['status']}, gap {meta['gap']:.1e}, missing {meta['missing']:,.0f} of {meta['demand']:,.0f}"
        print(f"{places:,} x {facilities}, {len(pairs.place):,} pairs: {spent:.2f} s, {told}")
    if networkx is not None:
        pairs, have, want = town(600, 20, 2_500, 500)
        have = np.round(have)
        ours = seconds(lambda: assign(pairs, have, want, radius_m=500))
        theirs = seconds(lambda: _flow(networkx, pairs, have, want))
        print(f"600 x 20, {len(pairs.place):,} pairs: {ours:.3f} s, networkx {theirs:.2f} s, ratio {theirs / ours:.0f}")


def _flow(networkx: ModuleType, pairs: Within, have: np.ndarray, want: np.ndarray) -> object:
    graph = networkx.DiGraph()
    graph.add_edges_from((("from", f"p{i}", {"capacity": int(a), "weight": 0}) for i, a in enumerate(want)))
    graph.add_edges_from(((f"f{j}", "to", {"capacity": int(a), "weight": 0}) for j, a in enumerate(have)))
    rows = zip(pairs.place, pairs.facility, pairs.distance_m, strict=True)
    graph.add_edges_from(((f"p{i}", f"f{j}", {"weight": round(d * 1000)}) for i, j, d in rows))
    return networkx.max_flow_min_cost(graph, "from", "to")


def main() -> None:
    """Measure."""
    catchments(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
    larger()
    assignments()
    have = np.random.default_rng(1).gamma(2, 3, 180)
    print(f"equity of 180 grids, 10,000 samples: {seconds(lambda: equity(have, have + 1, seed=1)):.2f} s")


if __name__ == "__main__":
    main()
