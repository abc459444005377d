"""Adapters of the known answers about weights and rankings: ``METHODS`` by the name of the method."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from geo.geodesic import geodesic_distance as measured
from geo.mcda import agreement, promethee, weights
from geo.mcda import topsis as closest
from geo.mcda import vikor as compromise

Answer = dict[str, Any]


def _high(given: Answer) -> list[bool]:
    return [one == 1 for one in given["types"]]


def ahp(given: Answer, _folder: Path) -> Answer:
    found = weights.ahp(given["pairwise"])
    return {
        "weights_eigenvector": found.weights.tolist(),
        "lambda_max": found.largest_eigenvalue,
        "CI": found.consistency_index,
        "CR_saaty_RI": found.ratio,
        "weights_geometric_mean": found.geometric.tolist(),
        "consistent": found.consistent,
    }


def entropy_weights(given: Answer, _folder: Path) -> Answer:
    found = weights.entropy_weights(given["matrix"])
    return {"entropy": (1 - found.information).tolist(), "weights": found.weights.tolist()}


def critic_weights(given: Answer, _folder: Path) -> Answer:
    return {"weights": weights.critic_weights(given["matrix"], _high(given)).weights.tolist()}


def topsis(given: Answer, _folder: Path) -> Answer:
    found = closest.topsis(given["matrix"], given["weights"], _high(given), normalisation=given["normalization"])
    return {"closeness": found.closeness.tolist(), "rank_min": found.rank.tolist()}


def vikor(given: Answer, _folder: Path) -> Answer:
    found = compromise.vikor(given["matrix"], given["weights"], _high(given), majority=given["v"])
    return {
        "S": found.group.tolist(),
        "R": found.regret.tolist(),
        "Q": found.compromise.tolist(),
        "acceptable_advantage": found.advantage,
        "acceptable_stability": found.stability,
        "compromise_set": list(found.compromise_set),
    }


def promethee2(given: Answer, _folder: Path) -> Answer:
    how = [promethee.Preference(**one) for one in given["preference"]]
    found = promethee.promethee2(given["matrix"], given["weights"], _high(given), preferences=how)
    return {
        "pi": found.preference.tolist(),
        "phi_plus": found.leaving.tolist(),
        "phi_minus": found.entering.tolist(),
        "phi_net": found.net.tolist(),
    }


def pareto_front(given: Answer, _folder: Path) -> Answer:
    return {"indices": agreement.pareto_front(given["matrix"], _high(given)).rows.tolist()}


def rank_correlation(given: Answer, _folder: Path) -> Answer:
    found = agreement.rank_correlation(given["x"], given["y"])
    return {"spearman": found.spearman, "kendall_tau_b": found.kendall}


def geodesic_distance(given: Answer, _folder: Path) -> Answer:
    found = measured([given["from_lonlat"]], [given["to_lonlat"]], ellipsoid=given["ellipsoid"])
    return {"distance_m": float(found.distance_m[0]), "azimuth_deg": float(found.azimuth_deg[0])}


def _distance(found: Answer, expected: Answer, tolerance: Answer) -> tuple[Answer, Answer]:
    """Angles have a tolerance of their own, and not every example tells one."""
    if "azimuth_deg" in expected:
        assert abs(found["azimuth_deg"] - expected["azimuth_deg"]) <= tolerance["azimuth_abs"]
    return {key: found[key] for key in expected}, expected


METHODS: dict[str, Callable[[Answer, Path], Answer]] = {
    one.__name__: one
    for one in (
        ahp, entropy_weights, critic_weights, topsis, vikor, promethee2, pareto_front, rank_correlation,
        geodesic_distance,
    )
}  # fmt: skip
COMPARED = {"geodesic_distance": _distance}
