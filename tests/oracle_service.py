"""Adapters of the known answers about ways on foot: ``METHODS`` by the name of the method."""

import csv
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.walk import nearest_on_foot, network_of_edges, pairs_on_foot, reach
from geo.walk.graph import distances, graph_of

Answer = dict[str, Any]
FOLDER = Path(os.environ.get("GUATU_ORACLES") or Path(__file__).parent / "data" / "oracles")


def network_distance(given: Answer, _folder: Path) -> Answer:
    """Nodes count from 1; of repeated edges the last one counts."""
    lines = (FOLDER / given["edges"]).read_text(encoding="utf-8").splitlines()
    rows = list(csv.reader(line for line in lines if not line.startswith("#")))
    u, v, length = np.array(rows[1:], dtype=float).T
    found = distances(graph_of(u - 1, v - 1, length, given["nodes"], repeated="last"), np.arange(given["nodes"]))
    origin = found[given["origin"] - 1]
    return {
        "distance_from_origin": origin.tolist(),
        "sum_all_pairs": float(found.sum()),
        "reachable_within": {str(radius): int((origin <= radius).sum()) for radius in given["radius"]},
        "eccentricity_of_origin": float(origin.max()),
        "diameter": float(found.max()),
    }


def walk_network_coverage(given: Answer, _folder: Path) -> Answer:
    """Things are given by their place on an edge; here they come by their coordinates and are placed again."""
    names = list(given["nodes"])
    edges = given["edges"]
    u, v = ([names.index(one[end]) for one in edges] for end in ("u", "v"))
    network = network_of_edges(list(given["nodes"].values()), u, v)
    assert np.allclose(network.length_m, [one["length"] for one in edges])
    places = {}
    for what in ("buildings", "facilities"):
        edge, offset = (np.array([one[key] for one in given[what]]) for key in ("edge", "offset_from_u"))
        places[what] = shapely.get_coordinates(shapely.line_interpolate_point(network.shapes[edge], offset)).T
    buildings, facilities = places["buildings"], places["facilities"]
    pairs = pairs_on_foot(network, *buildings, *facilities, limit_m=1e6)
    matrix = np.full((buildings.shape[1], facilities.shape[1]), np.inf)
    matrix[pairs.place, pairs.facility] = pairs.distance_m
    nearest = nearest_on_foot(network, *buildings, *facilities)
    assert np.allclose(nearest.distance_m, matrix.min(axis=1), rtol=0, atol=1e-9)
    return {
        "distance": matrix.tolist(),
        "nearest": nearest.distance_m.tolist(),
        "covered": {str(cut): int((nearest.distance_m <= cut + 1e-6).sum()) for cut in given["cutoffs"]},
        "reachable_street_length": {
            str(cut): float(reach(network, *facilities, limit_m=cut, together=True).length_m[0])
            for cut in given["cutoffs"]
        },
    }


METHODS: dict[str, Callable[[Answer, Path], Answer]] = {
    one.__name__: one for one in (network_distance, walk_network_coverage)
}
