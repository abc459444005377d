"""Known answers: one adapter a method, run on every example of the index.

``GUATU_ORACLES`` names another folder of the same layout.
"""

import csv
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

import geo
from geo.areal import spread
from tests import (
    oracle_choice,
    oracle_coordinates,
    oracle_mcda,
    oracle_patterns,
    oracle_rasters,
    oracle_series,
    oracle_service,
    oracle_supply,
    oracle_times,
)

FOLDER = Path(os.environ.get("GUATU_ORACLES") or Path(__file__).parent / "data" / "oracles")
INDEX = list(csv.DictReader((FOLDER / "index.csv").read_text(encoding="utf-8").splitlines()))
Answer = dict[str, Any]


def unique_ownership(given: Answer, _folder: Path) -> Answer:
    """Our rule (first id owns the border); any single owner among the candidates is right."""
    if "grid" in given:
        n, cell = given["grid"]["n"], given["grid"]["cell"]
        places = [(f"r{r}c{c}", c * cell, r * cell) for r in range(n) for c in range(n)]
        ids = [name for name, _, _ in places]
        polygons = [shapely.box(x, y, x + cell, y + cell) for _, x, y in places]
    else:
        ids = sorted(given["polygons"])
        polygons = [shapely.from_wkt(given["polygons"][one]) for one in ids]
    x, y = np.array(given["points"], dtype=float).T
    owner = geo.locate(x, y, polygons)
    backwards = geo.locate(x[::-1], y[::-1], polygons)[::-1]
    assert (owner == backwards).all()
    names = [ids[one] if one >= 0 else None for one in owner]
    counts = geo.totals(owner, len(ids))
    return {"owner": names, "n_owned": int(counts.per_group.sum()), "n_outside": int(counts.outside)}


def service_coverage(given: Answer, _folder: Path) -> Answer:
    distance = geo.nearest_m(*np.array(given["buildings"]).T, *np.array(given["facilities"]).T)
    result = {}
    for radius in given["radii"]:
        served = geo.is_covered(distance, radius)
        one: Answer = {"buildings": int(served.sum()), "share_buildings": geo.served_share(served)}
        for what in ("residents", "floor_area"):
            one[what] = float(np.array(given[what])[served].sum())
            one[f"share_{what}"] = geo.served_share(served, given[what])
        result[str(radius)] = one
    return result


def weighted_sum(given: Answer, _folder: Path) -> Answer:
    """A benefit is a criterion where high counts, as "high is worse" does for needs."""
    high = [one == 1 for one in given["types"]]
    found = geo.utilities(given["matrix"], high, method=given["normalization"])
    score = geo.weighted_parts(found.needs, given["weights"]).score
    return {"score": score.tolist(), "rank_min": geo.ranks_min(score).tolist()}


def rank_acceptability(given: Answer, _folder: Path) -> Answer:
    shares = geo.rank_acceptability(given["utility"], given["dirichlet_alpha"], given["min_draws"] * 2, 20_260_101)
    return {"first_rank_probability": shares[:, 0].tolist()}


def areal_interpolation(given: Answer, _folder: Path) -> Answer:
    """Counts only; Guatu carries no densities over."""
    source, target = (
        np.array([shapely.from_wkt(one) for one in given[key]], dtype=object) for key in ("source_wkt", "target_wkt")
    )
    found = spread(np.array(given["extensive"], dtype=float), source, target)
    return {"extensive": found.tolist(), "extensive_total": float(found.sum())}


def units(given: Answer, _folder: Path) -> Answer:
    m2 = [float(geo.m2_of_mu(one["value"])) if one["unit"] == "mu" else float(one["value"]) for one in given["values"]]
    return {"m2": m2, "mu": geo.mu(m2).tolist(), "ha": geo.hectares(m2).tolist()}


ADAPTERS: dict[str, Callable[[Answer, Path], Answer]] = {
    one.__name__: one
    for one in (
        unique_ownership, service_coverage, weighted_sum, rank_acceptability,
        units, areal_interpolation,
    )
}  # fmt: skip
_PARTS = (
    oracle_coordinates, oracle_times, oracle_service, oracle_supply, oracle_patterns, oracle_rasters, oracle_series,
    oracle_mcda,
    oracle_choice,
)  # fmt: skip
for _part in _PARTS:
    ADAPTERS |= _part.METHODS
# What an example tells beyond what our functions give: another ownership rule, the name of a coordinate system, a
# regression that Guatu does not make, a note, another form of the local empirical Bayes rate, for information,
# and one of several best choices.
NOT_OURS = {
    "owner_half_open", "crs_name", "intensive_over_covered_area", "cox_efron_coef", "cox_efron_se",
    "cox_reference_group", "eb_rate_spdep_default", "outlet_flow_direction_note",
    "one_optimal_set", "one_optimal_year",
}  # fmt: skip
COMPARED = oracle_patterns.COMPARED | oracle_mcda.COMPARED
PRINTED = 5e-12  # the files print twelve digits


@pytest.mark.parametrize("row", INDEX, ids=lambda row: f"{row['method']}-{row['instance']}")
def test_known_answer(row: dict[str, str], tmp_path: Path) -> None:
    if row["method"] not in ADAPTERS:
        pytest.skip(f"no adapter for {row['method']}")
    example = json.loads((FOLDER / row["file"]).read_text(encoding="utf-8"))
    found = ADAPTERS[row["method"]](example["inputs"], tmp_path)
    expected = {key: value for key, value in example["expected"].items() if key not in NOT_OURS}
    if "candidates" in expected:
        for owner, candidates in zip(found.pop("owner"), expected.pop("candidates"), strict=True):
            assert owner in candidates if candidates else owner is None
    tolerance = example["tolerance"]
    if row["method"] in COMPARED:
        found, expected = COMPARED[row["method"]](found, expected, tolerance)
    assert found.keys() == expected.keys()
    for ours, theirs in _pairs(found, expected):
        assert abs(ours - theirs) <= tolerance.get("abs", 0) + (tolerance.get("rel", 0) + PRINTED) * abs(theirs)


def _pairs(ours: Any, theirs: Any) -> Iterator[tuple[float, float]]:
    """Give matching numbers of two nested answers."""
    if isinstance(theirs, dict):
        assert ours.keys() == theirs.keys()
        for key, value in theirs.items():
            yield from _pairs(ours[key], value)
    elif isinstance(theirs, list):
        for one, other in zip(ours, theirs, strict=True):
            yield from _pairs(one, other)
    elif theirs is None or isinstance(theirs, str):
        assert ours == theirs
    else:
        yield float(ours), float(theirs)


def test_every_adapter_has_an_example() -> None:
    if "GUATU_ORACLES" not in os.environ:
        assert set(ADAPTERS) == {row["method"] for row in INDEX}
