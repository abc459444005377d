"""Results as JSON: the promised keys, null for the unknown, never NaN."""

import json

import numpy as np
import pandas as pd
import pytest

from layers import Workspace
from reports import explain, rank
from reports.answers import check_answer, explain_answer, number, problem_answer, rank_answer, whole
from tests.reports.test_priority import ranked

GRID_KEYS = {
    "grid_id", "name", "rank", "score", "parts", "rank_low", "rank_high", "share_top5", "weight_used", "enough_data",
    "measures",
}  # fmt: skip


def strict(value: object) -> object:
    return json.loads(json.dumps(value, allow_nan=False))


@pytest.mark.parametrize("value", [None, pd.NA, np.nan, np.float64("nan")])
def test_the_unknown_is_null(value: object) -> None:
    assert number(value) is None
    assert whole(value) is None


def test_numbers_stay_numbers() -> None:
    assert [number(v) for v in (1, 1.5, np.float64(2), np.int64(3))] == [1, 1.5, 2.0, 3.0]
    assert isinstance(whole(np.float64(2)), int)


def test_the_ranking_as_promised(sample: Workspace) -> None:
    found = rank_answer(ranked(sample))
    assert strict(found) == found
    assert {"method", "normalisation", "criteria", "grids", "unlocated"} <= set(found)
    assert found["criteria"][0]["key"] == "hazardous_building_share_pct"
    assert {"key", "weight", "worse"} <= set(found["criteria"][0])
    assert all(set(one) == GRID_KEYS for one in found["grids"])
    first = found["grids"][0]
    assert (first["grid_id"], first["rank"], first["parts"]["hazardous_building_share_pct"]) == ("E2", 1, None)
    assert first["measures"]["elderly_share_pct"] == 40.0
    assert found["immediate"][0]["since"] == "2024-05-30T12:00:00"
    assert found["immediate"][1]["since"] is None
    assert (found["as_of"], found["unlocated"], found["draws"]) == ("2024-06-01T12:00:00", 2, 200)


def test_the_explanation_as_promised(sample: Workspace) -> None:
    found = explain_answer(explain(ranked(sample), "W1"))
    assert strict(found) == found
    assert sum(p["points"] for p in found["parts"]) == pytest.approx(found["score"], abs=1e-9)
    assert {c["direction"] for c in found["changes"]} == {"up", "down"}
    assert set(found["sentence"]) == {"zh", "en"}


def test_the_check_as_promised(sample: Workspace) -> None:
    found = check_answer(sample.problems, sample)
    assert strict(found) == found
    assert found["layers"]["issues"] == 13
    assert set(problem_answer(sample.problems[0])) == {
        "code", "severity", "file", "row", "column", "found", "expected", "remedy",
    }  # fmt: skip
    assert check_answer((), None) == {"problems": [], "layers": {}}


@pytest.mark.parametrize("city", ["huolong", "boston"])
def test_whole_workspaces_give_strict_json(city: str, request: pytest.FixtureRequest) -> None:
    ranking = rank(request.getfixturevalue(city), draws=20)
    answer = rank_answer(ranking)
    assert strict(answer) == answer
    explained = explain_answer(explain(ranking, answer["grids"][0]["grid_id"]))
    assert strict(explained) == explained
