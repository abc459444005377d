"""Patterns beside the libraries that are used for them: ratios of CPU seconds, rounds interleaved in one process.

python -m benchmarks.patterns [ROUNDS] [PART...]   prints the rows of docs/benchmarks.md

PART: contiguity, gi, density, dbscan, trend; default all. libpysal, esda, scikit-learn and pymannkendall are second
opinions and no dependencies: what is not installed is skipped, and that is said.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from typing import Any

import numpy as np
import shapely

from geo.pattern.contiguity import contiguity
from geo.pattern.density import density_grid
from geo.pattern.groups import dbscan
from geo.pattern.hotspots import gi_star, lag_p
from geo.pattern.trend import mann_kendall

Job = Callable[[], object]
SIDE_M = 300.0
REACH_M, LEAST = 30.0, 10
CELLS, CELL_M, BANDWIDTH_M = 2000, 15.0, 150.0
INSIDE = 50
"""Cells from the edge where things outside of the frame, which the grid leaves out, are felt no more."""


def seconds(job: Job) -> tuple[float, Any]:
    """CPU seconds of one run, and what it gave."""
    start = time.process_time()
    found = job()
    return time.process_time() - start, found


def interleaved(ours: Job, theirs: Job, rounds: int) -> tuple[float, float, float]:
    """Median CPU seconds of both, and the median of the ratios round by round, theirs over ours."""
    pairs = [(seconds(ours)[0], seconds(theirs)[0]) for _ in range(rounds)]
    return median(a for a, _ in pairs), median(b for _, b in pairs), median(b / a for a, b in pairs)


def told(what: str, found: tuple[float, float, float]) -> None:
    """Print a row."""
    ours, theirs, ratio = found
    print(f"{what}: ours {ours:.4g} CPU s, theirs {theirs:.4g} CPU s, ratio {ratio:.1f}", flush=True)


def there(name: str) -> bool:
    """Tell whether a library is installed; say so if not."""
    if find_spec(name) is None:
        print(f"{name} is not installed: skipped", flush=True)
        return False
    return True


def areas(rows: int) -> np.ndarray:
    """Irregular areas that meet corner to corner: a bent lattice with bent sides, rows x rows."""
    chance = np.random.default_rng(5)
    bend = chance.uniform(-0.3, 0.3, (rows + 1, rows + 1, 2)) * SIDE_M
    nodes = np.stack(np.meshgrid(np.arange(rows + 1), np.arange(rows + 1)), axis=-1) * SIDE_M + bend
    across = (nodes[:, :-1] + nodes[:, 1:]) / 2 + chance.uniform(-20, 20, (rows + 1, rows, 2))
    up = (nodes[:-1] + nodes[1:]) / 2 + chance.uniform(-20, 20, (rows, rows + 1, 2))
    ring = np.stack(
        [nodes[:-1, :-1], across[:-1], nodes[:-1, 1:], up[:, 1:], nodes[1:, 1:], across[1:], nodes[1:, :-1], up[:, :-1]],
        axis=2,
    )  # fmt: skip
    return shapely.polygons(ring.reshape(-1, 8, 2))


def city(n: int, side_m: float, spread_m: float) -> np.ndarray:
    """Issues of a city: six in ten around two thousand places, the rest anywhere."""
    chance = np.random.default_rng(1)
    middles = chance.uniform(0, side_m, (2000, 2))
    many = int(0.6 * n)
    near = middles[chance.integers(0, len(middles), many)] + chance.normal(0, spread_m, (many, 2))
    return chance.permutation(np.vstack([near, chance.uniform(0, side_m, (n - many, 2))]))


def neighbours(rounds: int) -> None:
    """Contiguity of 10,000 areas against libpysal's two ways."""
    if not (there("libpysal") and there("geopandas")):
        return
    graph, weights = import_module("libpysal.graph").Graph, import_module("libpysal.weights")
    bent = areas(100)
    for shapes in (bent, shapely.segmentize(bent, 60.0), shapely.segmentize(bent, 20.0)):
        frame = import_module("geopandas").GeoDataFrame(geometry=shapes)
        ours, theirs = contiguity(shapes, how="corners"), graph.build_contiguity(frame, rook=False)
        assert (ours.degree == theirs.cardinalities.to_numpy()).all()
        corners = int(shapely.get_num_coordinates(shapes).sum() / len(shapes))
        print(f"{len(shapes):,} areas of {corners} corners, {int(ours.degree.sum()):,} links, the same", flush=True)
        for name, job in (
            ("Graph.build_contiguity", lambda frame=frame: graph.build_contiguity(frame, rook=False)),
            ("weights.Queen", lambda frame=frame: weights.Queen.from_dataframe(frame, use_index=False)),
        ):
            mine = interleaved(lambda shapes=shapes: contiguity(shapes, how="corners"), job, rounds)
            told(f"contiguity by corners / {name}", mine)
    checked, _ = seconds(lambda: contiguity(bent))
    print(f"with the check that the coverage is clean: {checked:.3f} CPU s", flush=True)


def hot_spots(rounds: int) -> None:
    """Gi* of 10,000 areas against warm esda."""
    if not (there("esda") and there("libpysal")):
        return
    esda, weights = import_module("esda"), import_module("libpysal.weights")
    around = contiguity(areas(100), how="corners")
    x = np.random.default_rng(2).poisson(100, len(around)).astype(float)
    known = weights.W({n: row.indices.tolist() for n, row in enumerate(around.links)}, silence_warnings=True)

    def theirs(deals: int) -> Any:  # noqa: ANN401
        return esda.G_Local(x, known, transform="B", star=True, permutations=deals, seed=1, n_jobs=1)

    first, found = seconds(lambda: theirs(999))
    print(
        f"esda, first call: {first:.1f} CPU s; z differ by {np.abs(found.Zs - gi_star(x, around).z).max():.1e}",
        flush=True,
    )
    told(
        "Gi* by formula / warm esda with 999 permutations (not the same inference)",
        interleaved(lambda: gi_star(x, around), lambda: theirs(999), rounds),
    )
    told(
        "Gi* by formula / warm esda without permutations",
        interleaved(lambda: gi_star(x, around), lambda: theirs(0), rounds),
    )
    told(
        "999 permutations in both",
        interleaved(lambda: gi_star(x, around, permutations=999, seed=1), lambda: theirs(999), rounds),
    )
    ours = lag_p(x, around, permutations=999, seed=1)
    both = np.minimum(1.0, 2 * np.where(found.p_sim > 0.5, 1 - found.p_sim, found.p_sim))
    print(
        f"p of permutations: correlation {np.corrcoef(ours, both)[0, 1]:.4f}, largest difference {np.abs(ours - both).max():.3f}",
        flush=True,
    )


def density(rounds: int) -> None:
    """Density of 1,000,000 points on 4,000,000 cells against scikit-learn, extrapolated from few cells."""
    if not there("sklearn"):
        return
    kernel = import_module("sklearn.neighbors").KernelDensity
    points = city(1_000_000, CELLS * CELL_M, 150.0)
    place, frame = (points[:, 0].copy(), points[:, 1].copy()), (0.0, 0.0, CELLS * CELL_M, CELLS * CELL_M)
    runs = [seconds(lambda: density_grid(place, frame, cell_m=CELL_M, bandwidth_m=BANDWIDTH_M)) for _ in range(rounds)]
    ours, grid = median(one for one, _ in runs), runs[0][1]
    chance = np.random.default_rng(3)
    for name, cells, fit in (
        ("gaussian, rtol 1e-2", 100, kernel(bandwidth=BANDWIDTH_M, kernel="gaussian", rtol=1e-2)),
        ("gaussian, rtol 1e-4", 100, kernel(bandwidth=BANDWIDTH_M, kernel="gaussian", rtol=1e-4)),
        ("epanechnikov (finite, for comparison)", 1000, kernel(bandwidth=BANDWIDTH_M, kernel="epanechnikov")),
    ):
        at = chance.integers(INSIDE, CELLS - INSIDE, (cells, 2))
        spots = np.column_stack([grid.x[at[:, 0]], grid.y[at[:, 1]]])
        built, model = seconds(lambda fit=fit: fit.fit(points))
        scored, logs = seconds(lambda model=model, spots=spots: model.score_samples(spots))
        whole = built + scored * CELLS**2 / cells
        error = np.abs(np.exp(logs) * 1e12 - grid.per_km2[at[:, 1], at[:, 0]]).max() / grid.per_km2.max()
        print(
            f"density: ours {ours:.3g} CPU s, scikit-learn {name} {whole:,.0f} CPU s (extrapolated from {cells} cells), "
            f"ratio {whole / ours:,.0f}; largest difference {error:.1e} of the peak", flush=True,
        )  # fmt: skip


def groups(rounds: int) -> None:
    """DBSCAN of 1,000,000 points against scikit-learn, thin and dense; memory by a process for each."""
    if not there("sklearn"):
        return
    peer = import_module("sklearn.cluster").DBSCAN
    for name, side, spread in (("thin", 30_000.0, 60.0), ("dense", 20_000.0, 40.0)):
        points = city(1_000_000, side, spread)
        x, y = points[:, 0].copy(), points[:, 1].copy()
        ours = dbscan(x, y, reach_m=REACH_M, min_samples=LEAST)
        theirs = peer(eps=REACH_M, min_samples=LEAST).fit(points)
        core = np.zeros(len(x), dtype=bool)
        core[theirs.core_sample_indices_] = True
        assert (core == ours.core).all()
        assert ((theirs.labels_ < 0) == (ours.label < 0)).all()
        pairs = np.unique(np.column_stack([theirs.labels_[core], ours.label[core]]), axis=0)
        assert len(pairs) == theirs.labels_.max() + 1 == ours.label.max() + 1
        print(
            f"{name}: {ours.label.max() + 1:,} groups, {int((ours.label < 0).sum()):,} noise, the same in both",
            flush=True,
        )
        told(f"DBSCAN, {name}", interleaved(
            lambda x=x, y=y: dbscan(x, y, reach_m=REACH_M, min_samples=LEAST),
            lambda points=points: peer(eps=REACH_M, min_samples=LEAST).fit(points), rounds,
        ))  # fmt: skip
        used = [memory_mb(one, side, spread) for one in ("ours", "theirs")]
        print(
            f"memory, {name}: ours {used[0]:.0f} MB, scikit-learn {used[1]:.0f} MB, share {used[0] / used[1]:.2f}",
            flush=True,
        )


def memory_mb(which: str, side: float, spread: float) -> float:
    """Most memory that DBSCAN takes above what was there before, in a process of its own."""
    code = f"""
import resource, numpy as np
from benchmarks.patterns import city, dbscan, REACH_M, LEAST
import scipy.spatial, scipy.sparse.csgraph
points = city(1_000_000, {side}, {spread})
x, y = points[:, 0].copy(), points[:, 1].copy()
if {which!r} == "theirs":
    from sklearn.cluster import DBSCAN
with open("/proc/self/clear_refs", "w") as peak:
    peak.write("5")
def used(name):
    return next(int(one.split()[1]) for one in open("/proc/self/status") if one.startswith(name)) / 1024
before = used("VmRSS")
dbscan(x, y, reach_m=REACH_M, min_samples=LEAST) if {which!r} == "ours" else DBSCAN(eps=REACH_M, min_samples=LEAST).fit(points)
print(used("VmHWM") - before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def trends(rounds: int) -> None:
    """Mann-Kendall and Sen of 5,000 series of 24 steps against pymannkendall, one series at a time."""
    if not there("pymannkendall"):
        return
    peer = import_module("pymannkendall")
    table = np.random.default_rng(6).poisson(20, (5000, 24)).astype(float)
    told("Mann-Kendall and Sen, 5,000 series (theirs from 250)", interleaved(
        lambda: mann_kendall(table), lambda: [peer.original_test(one) for one in table[:250]], rounds
    ))  # fmt: skip
    print("theirs times 20 for all 5,000", flush=True)


PARTS: dict[str, Callable[[int], None]] = {
    "contiguity": neighbours, "gi": hot_spots, "density": density, "dbscan": groups, "trend": trends,
}  # fmt: skip


def main() -> None:
    """Measure."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {rounds} rounds", flush=True)
    for name in sys.argv[2:] or PARTS:
        PARTS[name](rounds)


if __name__ == "__main__":
    main()
