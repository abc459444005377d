"""Adapters of the known answers about siting, budgets and scenarios: ``METHODS`` by the name of the method."""

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import nearest_m
from geo.choice import budget, covering, delta, medians
from geo.choice.solver import OPTIMAL
from geo.walk.graph import distances, graph_of

Answer = dict[str, Any]
Floats = NDArray[np.float64]
FOLDER = Path(os.environ.get("GUATU_ORACLES") or Path(__file__).parent / "data" / "oracles")


def _town(given: Answer) -> tuple[Floats, Floats]:
    """Give distances and demand: a table, or all pairs of a graph whose nodes count from 1 (the last edge counts)."""
    if "data" in given:
        data = json.loads((FOLDER / given["data"]).read_text(encoding="utf-8"))
        return np.array(data["distance"], dtype=float), np.array(data["demand"], dtype=float)
    lines = (FOLDER / given["edges"]).read_text(encoding="utf-8").splitlines()
    rows = list(csv.reader(line for line in lines if not line.startswith("#")))
    u, v, length = np.array(rows[1:], dtype=float).T
    n = given["nodes"]
    metres = distances(graph_of(u - 1, v - 1, length, n, repeated="last"), np.arange(n))
    by_number = (7.0 * np.arange(1, n + 1)) % 23 + 1
    return metres, by_number if given.get("demand", "").startswith("node i") else np.ones(n)


def lscp(given: Answer, _folder: Path) -> Answer:
    metres, demand = _town(given)
    found = covering.lscp(metres, radius_m=given["radius"], demand=demand)
    assert found.status == OPTIMAL
    if not found.feasible:
        return {"feasible": False, "uncoverable_demand_points": found.uncoverable.tolist()}
    assert found.times.min() >= 1
    return {"feasible": True, "n_facilities": len(found.opened)}


def mclp(given: Answer, _folder: Path) -> Answer:
    metres, demand = _town(given)
    found = covering.mclp(metres, demand, radius_m=given["radius"], p=given["p"])
    assert found.status == OPTIMAL
    assert len(found.opened) <= given["p"]
    if "edges" in given:
        return {"covered_demand": found.covered_demand, "total_demand": found.total_demand}
    return {
        "covered_demand": found.covered_demand,
        "share_of_demand": found.share_of_demand,
        "share_of_points": found.share_of_points,
        "open": found.opened.tolist(),
    }


def backup_coverage(given: Answer, _folder: Path) -> Answer:
    metres, demand = _town(given)
    found = covering.backup_coverage(metres, demand, radius_m=given["radius"], p=given["p"])
    assert found.feasible
    assert found.status == OPTIMAL
    assert found.times.min() >= 1
    return {"demand_covered_at_least_twice": found.covered_twice_demand}


def p_median(given: Answer, _folder: Path) -> Answer:
    metres, demand = _town(given)
    found = medians.p_median(metres, demand, p=given["p"])
    assert found.status == OPTIMAL
    if "edges" in given:
        return {"objective": found.objective}
    return {
        "objective": found.objective,
        "weighted_mean_distance": found.weighted_mean_m,
        "open": found.opened.tolist(),
    }


def p_center(given: Answer, _folder: Path) -> Answer:
    metres, demand = _town(given)
    found = medians.p_center(metres, demand, p=given["p"])
    assert found.status == OPTIMAL
    assert found.farthest_m == found.objective
    return {"objective": found.objective}


def knapsack(given: Answer, _folder: Path) -> Answer:
    found = budget.select(given["cost"], given["benefit"], budget_fen=given["capacity"])
    assert found.status == OPTIMAL
    return {"optimum": found.benefit}


def budget_selection(given: Answer, _folder: Path) -> Answer:
    rules = budget.Rules(
        requires=given["requires"],
        excludes=given.get("excludes", ()),
        group=given["grid"],
        least_fen=given.get("min_spend_per_grid", {}),
    )
    found = budget.select(given["cost"], given["benefit"], budget_fen=given["budget"], rules=rules)
    assert found.status == OPTIMAL
    return {"feasible": found.feasible, "optimum": found.benefit}


def budget_phasing(given: Answer, _folder: Path) -> Answer:
    found = budget.phase(
        given["cost"],
        given["benefit"],
        budgets_fen=given["budget_per_year"],
        discount=given["discount_per_year"],
        rules=budget.Rules(requires=given["requires"]),
    )
    assert found.status == OPTIMAL
    return {"optimum": found.benefit}


def scenario_delta(given: Answer, _folder: Path) -> Answer:
    places, homes = np.array(given["facilities"]), np.array(given["buildings"])
    later = np.vstack([np.delete(places, given["remove_index"], axis=0), np.array(given["add"]).reshape(-1, 2)])
    before, after = (nearest_m(*homes.T, *one.T) for one in (places, later))
    found = delta.scenario_delta(before, after, given["residents"], radius_m=given["radius"])
    return {
        "covered_before": found.covered_before,
        "covered_after": found.covered_after,
        "change": found.change,
        "newly_covered": found.newly_covered,
        "lost": found.lost,
        "mean_distance_before": found.mean_before_m,
        "mean_distance_after": found.mean_after_m,
    }


METHODS: dict[str, Callable[[Answer, Path], Answer]] = {
    one.__name__: one
    for one in (
        lscp, mclp, backup_coverage, p_median, p_center, knapsack, budget_selection, budget_phasing, scenario_delta,
    )
}  # fmt: skip
