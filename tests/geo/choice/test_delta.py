"""Scenarios: gains and losses told apart; the solver's answer is looked at twice."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import optimize
from scipy.sparse import csr_array

from geo.choice.delta import scenario_delta
from geo.choice.solver import HEURISTIC, INFEASIBLE, Model, solve
from geo.errors import PlanError


def test_five_homes_by_hand() -> None:
    """Home 0 gains, 1 loses, 2 stays in, 3 walks less but stays out, of 4 nothing is known after."""
    found = scenario_delta([400, 100, 300, 900, 50], [300, 301, 300, 500, np.nan], [1, 2, 4, 8, 16], radius_m=300)
    assert (found.covered_before, found.covered_after) == (22, 5)
    assert (found.newly_covered, found.lost, found.change) == (1, 18, -17)
    assert (found.nearer_demand, found.farther_demand, found.compared_demand) == (9, 2, 15)
    assert found.gains.tolist() == [True, False, False, False, False]
    assert found.loses.tolist() == [False, True, False, False, True]
    assert found.mean_before_m == pytest.approx((400 + 200 + 1200 + 7200) / 15)
    with pytest.raises(PlanError):
        scenario_delta([1.0], [1.0, 2], radius_m=3)


def model(high: float = 1) -> Model:
    """At most ``high`` of two things worth 1 each."""
    table = csr_array(np.ones((1, 2)))
    ends = np.zeros(2), np.ones(2)
    return Model(-np.ones(2), table, np.array([-np.inf]), np.array([high]), np.ones(2, bool), *ends)


def answer(monkeypatch: pytest.MonkeyPatch, **found: object) -> None:
    monkeypatch.setattr(optimize, "milp", lambda *_a, **_k: SimpleNamespace(**found))


def test_an_answer_that_breaks_a_limit_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert solve(model()).objective == -1
    answer(monkeypatch, status=0, x=np.ones(2), mip_dual_bound=-2.0)
    with pytest.raises(PlanError):
        solve(model())
    answer(monkeypatch, status=4, x=None, mip_dual_bound=None)
    with pytest.raises(PlanError):
        solve(model())


def test_what_was_found_in_time_is_kept_and_called_heuristic(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, status=1, x=np.array([1.0, 0]), mip_dual_bound=-1.5)
    found = solve(model())
    assert (found.status, found.objective, found.bound, found.gap) == (HEURISTIC, -1, -1.5, 0.5)
    answer(monkeypatch, status=1, x=None, mip_dual_bound=None)
    assert solve(model()).x is None


def test_a_model_without_an_answer_says_so() -> None:
    assert solve(model(high=-1)).status == INFEASIBLE
