"""Walks beside networkx and scipy's dense rows, and the coverage of 100,000 buildings under a moved limit.

python -m benchmarks.walk [ROUNDS]   figures for docs/benchmarks.md

CPU seconds, rounds interleaved in one process. A street lattice, bent, a fifth of its edges taken out, some diagonals
put in, node numbers shuffled. networkx is no dependency: without it that part is skipped and said so.
"""

import importlib
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from statistics import median

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.text import Text
from geo.walk import WalkNetwork, nearest_between, network_of_edges, reach, snapped
from geo.walk.clipped import fields
from geo.walk.nearest import nearest_to_nodes
from geo.walk.snapping import Snapped
from reports.service.coverage import coverage, metres_limit, whole_table
from reports.service.places import Amount, Places
from reports.service.served import Distances, Reached
from reports.service.services import Service, ServiceClass, Things
from reports.service.streets import Streets

SIDES = (330, 1000)
FACILITIES, LIMIT_M, BUILDINGS = 300, 800.0, 100_000
STEP_M = 68.0
DENSE_AT_ONCE = 15
"""Facilities of one call for scipy's dense rows on the large network: each row holds every node."""


def lattice(side: int) -> WalkNetwork:
    """Make the street network."""
    draw = np.random.default_rng(1)
    at = np.arange(side * side).reshape(side, side)
    xy = np.column_stack([at.ravel() % side, at.ravel() // side]) * STEP_M + draw.normal(0, 8, (side * side, 2))
    straight = [
        np.column_stack([at[:, :-1].ravel(), at[:, 1:].ravel()]),
        np.column_stack([at[:-1].ravel(), at[1:].ravel()]),
    ]
    edges = np.concatenate(straight)
    edges = edges[draw.random(len(edges)) > 0.22]
    across = np.column_stack([at[:-1, :-1].ravel(), at[1:, 1:].ravel()])
    edges = np.concatenate([edges, across[draw.random(len(across)) < 0.05]])
    shuffled = draw.permutation(side * side)
    nodes = np.empty_like(xy)
    nodes[shuffled] = xy
    return network_of_edges(nodes, shuffled[edges[:, 0]], shuffled[edges[:, 1]])


def seconds(job: Callable[[], object]) -> float:
    """CPU seconds of a job."""
    start = time.process_time()
    job()
    return time.process_time() - start


def compared(
    what: str, rounds: int, ours: Callable[[], object], theirs: Callable[[], object], *, scale: float = 1
) -> None:
    """Time two ways in turn and print the ratio; ``scale`` where theirs does only a part of the work."""
    pairs = [(seconds(ours), scale * seconds(theirs)) for _ in range(rounds)]
    mine, other = median(a for a, _ in pairs), median(b for _, b in pairs)
    print(f"{what}: {1000 * mine:.0f} ms against {1000 * other:.0f} ms: {median(b / a for a, b in pairs):.1f} times")


def near(network: WalkNetwork, to: Snapped, rounds: int) -> None:
    """Nearest of the facilities for every node."""
    if find_spec("networkx") is None:
        print("skipped: networkx is not installed")
        return
    networkx = importlib.import_module("networkx")
    graph = networkx.Graph()
    lengths = network.length_m.tolist()
    graph.add_weighted_edges_from(zip(network.u.tolist(), network.v.tolist(), lengths, strict=True))
    sources = set(network.u[to.edge].tolist())
    compared(
        f"nearest of {FACILITIES} for {len(network.nodes):,} nodes, beside networkx",
        rounds,
        lambda: nearest_to_nodes(network, to),
        lambda: networkx.multi_source_dijkstra_path_length(graph, sources),
    )


def isochrones(network: WalkNetwork, to: Snapped, people: np.ndarray, rounds: int) -> None:
    """People within the walk of each facility, and the length of street, beside dense rows of the same people."""
    graph = network.graph
    matrix = csr_array((graph.weights, graph.indices, graph.indptr.astype(np.int32)), shape=(graph.size, graph.size))
    starts = network.u[to.edge]
    large = graph.size > 500_000
    some = starts[:DENSE_AT_ONCE] if large else starts

    def ours() -> np.ndarray:
        total = np.zeros(FACILITIES)
        for one in fields(network, to, limit_m=LIMIT_M):
            total += np.bincount(one.start, weights=people[one.node], minlength=FACILITIES)
        return total

    def dense() -> np.ndarray:
        return np.isfinite(dijkstra(matrix, indices=some, limit=LIMIT_M)) @ people

    said = f"{FACILITIES} isochrones on {graph.size:,} nodes"
    scale = len(starts) / len(some)
    compared(f"{said}, people reached, beside scipy's dense rows", rounds, ours, dense, scale=scale)
    x, y = network.nodes[starts].T
    compared(
        f"{said}, street length with edges in part",
        rounds,
        lambda: reach(network, x, y, limit_m=LIMIT_M),
        dense,
        scale=scale,
    )


def moved(network: WalkNetwork, to: Snapped, rounds: int) -> None:
    """Coverage of many buildings when the limit moves: distances once, limits after."""
    draw = np.random.default_rng(3)
    x, y = draw.uniform(0, network.nodes.max(), (2, BUILDINGS))
    start = time.process_time()
    places = snapped(network, x, y)
    found = nearest_between(network, places, to)
    print(f"{BUILDINGS:,} buildings, measured once: {time.process_time() - start:.2f} s")
    reached = Reached(
        found.distance_m, found.status, found.facility, np.full(BUILDINGS, np.inf), found.part, found.meta
    )
    amounts = {
        key: Amount(draw.integers(1, 90, BUILDINGS).astype(float), "ready")
        for key in ("buildings", "households", "residents", "floor_area")
    }
    ids = pd.RangeIndex(BUILDINGS).astype("str")
    none = np.full(BUILDINGS, -1)
    town = Places(x, y, ids, ids.to_series(), {}, none, amounts, are_buildings=True)
    kind = ServiceClass("all", "toilets", (), 0, np.inf, 300, Text.same("x"), "", "P")
    things = Things(np.arange(FACILITIES), np.empty(FACILITIES, dtype=object), 0, 0)
    measured = Distances(
        Service("toilets", Text.same("x"), (kind,)),
        town,
        (reached,),
        (reached,),
        (things,),
        Streets(network, 100, 25, {}),
    )
    each = [
        seconds(lambda m=m: whole_table(coverage(measured, metres_limit(measured, m))))
        for m in range(100, 100 + 50 * rounds, 50)
    ]
    print(f"{BUILDINGS:,} buildings, a moved limit, four denominators: {1000 * median(each):.0f} ms")


def main() -> int:
    """Print all figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for side in SIDES:
        network = lattice(side)
        draw = np.random.default_rng(2)
        at = draw.choice(len(network.edges), FACILITIES, replace=False)
        to = snapped(network, *network.nodes[network.u[at]].T)
        people = draw.integers(0, 30, len(network.nodes)).astype(float)
        assert network.graph.size == len(network.nodes)
        assert network.rows.number
        near(network, to, rounds if side == SIDES[0] else 1)
        isochrones(network, to, people, rounds)
        if side == SIDES[0]:
            moved(network, to, rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
