"""Adapters of the known answers about patterns: ``METHODS`` by the name of the method."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from geo.intervals import poisson
from geo.pattern.adjustment import benjamini_hochberg, bonferroni, holm
from geo.pattern.autocorrelation import geary, moran
from geo.pattern.density import density_at
from geo.pattern.emerging import categories
from geo.pattern.groups import dbscan
from geo.pattern.hierarchy import hdbscan
from geo.pattern.hotspots import gi_star, local_moran
from geo.pattern.neighbours import distance_band, listed
from geo.pattern.rates import empirical_bayes, empirical_bayes_local
from geo.pattern.spacetime import knox
from geo.pattern.trend import mann_kendall
from reports.classes import breaks, class_of

Answer = dict[str, Any]
CRITICAL = 1.959963984540054


def empirical_bayes_(given: Answer, _folder: Path) -> Answer:
    found = empirical_bayes(given["events"], given["population"])
    return {
        "global_rate": found.mean[0],
        "between_variance": found.spread[0],
        "eb_rate": found.rate.tolist(),
        "raw_rate": found.raw.tolist(),
    }


def empirical_bayes_local_(given: Answer, _folder: Path) -> Answer:
    found = empirical_bayes_local(given["events"], given["population"], listed(given["neighbors"]))
    return {"eb_rate": found.rate.tolist()}


def moran_global(given: Answer, _folder: Path) -> Answer:
    around = listed(given["neighbors"])
    found = moran(given["x"], around, permutations=0)
    return {
        "I": found.value,
        "expected_I": found.expected,
        "var_randomisation": found.variance,
        "z_randomisation": found.z,
        "p_one_sided_greater": found.p / 2 if found.z > 0 else 1 - found.p / 2,
        "var_normality": found.normal_variance,
        "z_normality": found.normal_z,
        "geary_C": geary(given["x"], around, permutations=0).value,
    }


def getis_ord_gi_star(given: Answer, _folder: Path) -> Answer:
    around = listed(given["neighbors"])
    if "points" in given:
        by_distance = distance_band(*np.array(given["points"]).T, given["distance_band"])
        assert (by_distance.links != around.links).nnz == 0
    found = gi_star(given["x"], around)
    return {
        "gi_star_z": found.z.tolist(),
        "gi_z": gi_star(given["x"], around, star=False).z.tolist(),
        "class_95": _classes(found.z, np.abs(found.z) > CRITICAL),
        "class_fdr_05": _classes(found.z, found.q <= 0.05),
    }


def _classes(z: np.ndarray, clear: np.ndarray) -> list[str]:
    return np.where(clear, np.where(z > 0, "hot", "cold"), "ns").tolist()


def local_moran_(given: Answer, _folder: Path) -> Answer:
    found = local_moran(given["x"], listed(given["neighbors"]), permutations=9, seed=1)
    return {
        "Ii": found.value.tolist(),
        "z_total_randomisation": found.z_total.tolist(),
        "z_conditional": found.z.tolist(),
        "quadrant": found.quadrant.tolist(),
    }


def fdr_bh(given: Answer, _folder: Path) -> Answer:
    adjusted, strict = benjamini_hochberg(given["p"]), bonferroni(given["p"])
    return {
        "bh_adjusted": adjusted.tolist(),
        "bonferroni_adjusted": strict.tolist(),
        "holm_adjusted": holm(given["p"]).tolist(),
        "n_rejected_bh_05": int((adjusted <= 0.05).sum()),
        "n_rejected_bonferroni_05": int((strict <= 0.05).sum()),
    }


def poisson_exact_ci(given: Answer, _folder: Path) -> Answer:
    low, high = poisson(given["count"], given["confidence"])
    return {"lower": low.tolist(), "upper": high.tolist()}


def kde(given: Answer, _folder: Path) -> Answer:
    place, at = np.array(given["xy"]).T, np.array(given["query"], dtype=float).T
    found = {
        f"{kernel}_intensity": density_at(
            (place[0], place[1]), (at[0], at[1]),
            bandwidth_m=given["bandwidth"], kernel=kernel, weights=given["weight"],
        ) / 1e6
        for kernel in ("gaussian", "quartic")
    }  # fmt: skip
    unit = "weight per square coordinate unit; bandwidth = sigma for gaussian, = radius for quartic"
    return {key: value.tolist() for key, value in found.items()} | {"unit": unit}


def dbscan_(given: Answer, _folder: Path) -> Answer:
    found = dbscan(*np.array(given["xy"], dtype=float).T, reach_m=given["eps"], min_samples=given["min_points"])
    return {
        "labels": found.label.tolist(),
        "core": found.core.tolist(),
        "noise": (found.label < 0).tolist(),
        "n_clusters": int(found.label.max()) + 1,
    }


def hdbscan_(given: Answer, _folder: Path) -> Answer:
    found = hdbscan(
        *np.array(given["xy"]).T,
        min_cluster_size=given["min_cluster_size"],
        min_samples=given["min_samples_including_self"],
    )
    return {"labels": found.label.tolist(), "n_clusters": int(found.label.max()) + 1}


def knox_(given: Answer, _folder: Path) -> Answer:
    found = knox(
        (given["x"], given["y"]), given["t"],
        metres=given["space_threshold"], span=given["time_threshold"], permutations=0,
    )  # fmt: skip
    return {
        "pairs_space_time": found.both,
        "pairs_space": found.in_space,
        "pairs_time": found.in_time,
        "pairs_total": found.pairs,
        "expected": found.expected,
    }


def mann_kendall_(given: Answer, _folder: Path) -> Answer:
    found = mann_kendall([np.nan if one is None else one for one in given["x"]])
    return {
        "S": found.s[0],
        "var_S": found.variance[0],
        "z": found.z[0],
        "p_two_sided": found.p[0],
        "tau_a": found.tau_a[0],
        "tau_b": found.tau_b[0],
        "sen_slope": found.slope[0],
    }


def emerging_hot_spot(given: Answer, _folder: Path) -> Answer:
    trend, category = categories(
        given["series"],
        critical=given["critical_z"],
        trend_critical=given["trend_critical_z"],
        share=given["share"],
    )
    return {"category": category.tolist(), "trend_z": trend.tolist()}


def fisher_jenks(given: Answer, _folder: Path) -> Answer:
    """A break of the same sum of squares is as good; ours gives the published one."""
    values = np.array(given["x"])
    found = {}
    for k in given["k"]:
        limits = breaks(values, k)
        number = class_of(values, limits)
        inside = [values[number == one] for one in range(len(limits))]
        found[str(k)] = {
            "upper_bounds": limits.tolist(),
            "within_class_ss": float(sum(((one - one.mean()) ** 2).sum() for one in inside)),
        }
    lowest = [float(values.min())]
    return {"by_k": found, "quantile5_type7": lowest + breaks(values, 5, "quantile").tolist()}


METHODS: dict[str, Callable[[Answer, Path], Answer]] = {
    "empirical_bayes": empirical_bayes_,
    "empirical_bayes_local": empirical_bayes_local_,
    "moran_global": moran_global,
    "getis_ord_gi_star": getis_ord_gi_star,
    "local_moran": local_moran_,
    "fdr_bh": fdr_bh,
    "poisson_exact_ci": poisson_exact_ci,
    "kde": kde,
    "dbscan": dbscan_,
    "hdbscan": hdbscan_,
    "knox": knox_,
    "mann_kendall": mann_kendall_,
    "emerging_hot_spot": emerging_hot_spot,
    "fisher_jenks": fisher_jenks,
}


def _partition(label: np.ndarray) -> list[list[int]]:
    return sorted(np.flatnonzero(label == one).tolist() for one in np.unique(label))


def _groups(found: Answer, expected: Answer, _tolerance: Answer) -> tuple[Answer, Answer]:
    """Cores by partition and noise exactly; a border point may go to either group beside it."""
    core = np.array(found["core"])
    assert np.array_equal(core, expected.get("core", core))
    for one in (found, expected):
        one["labels"] = _partition(np.where(core, one["labels"], -1))
    return {key: found[key] for key in expected}, expected


def _alike(found: Answer, expected: Answer, tolerance: Answer) -> tuple[Answer, Answer]:
    ours, theirs = found.pop("labels"), expected.pop("labels")
    assert adjusted_rand(ours, theirs) >= tolerance["min_adjusted_rand"]
    return found, expected


def adjusted_rand(one: list[int], other: list[int]) -> float:
    """How alike two partitions are, 1 for equal ones (Hubert and Arabie 1985)."""
    table = np.histogram2d(one, other, bins=(np.arange(-1.5, max(one) + 1), np.arange(-1.5, max(other) + 1)))[0]
    cells, rows, columns, whole = (
        (n * (n - 1) / 2).sum() for n in (table, table.sum(axis=1), table.sum(axis=0), np.array(len(one)))
    )
    chance = rows * columns / whole
    return float((cells - chance) / ((rows + columns) / 2 - chance))


def _trends(found: Answer, expected: Answer, tolerance: Answer) -> tuple[Answer, Answer]:
    for ours, theirs in zip(found.pop("trend_z"), expected.pop("trend_z"), strict=True):
        assert abs(ours - theirs) <= tolerance["trend_abs"]
    return found, expected


def _as_good(found: Answer, expected: Answer, _tolerance: Answer) -> tuple[Answer, Answer]:
    """Other breaks of the same sum of squares are as good."""
    for one in (*found["by_k"].values(), *expected["by_k"].values()):
        one.pop("upper_bounds")
    return found, expected


def _known_keys(found: Answer, expected: Answer, _tolerance: Answer) -> tuple[Answer, Answer]:
    """An instance may print less than we give."""
    return {key: found[key] for key in expected}, expected


COMPARED: dict[str, Callable[[Answer, Answer, Answer], tuple[Answer, Answer]]] = {
    "dbscan": _groups,
    "hdbscan": _alike,
    "emerging_hot_spot": _trends,
    "fisher_jenks": _as_good,
    "mann_kendall": _known_keys,
    "fdr_bh": _known_keys,
    "moran_global": _known_keys,
    "getis_ord_gi_star": _known_keys,
}
"""How answers are compared that may be told in more than one way."""
