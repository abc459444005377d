"""All weights or a box of them: closed forms beside a solver, ranks beside every weight of a fine lattice."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import geo
from geo.robust.extremes import extreme_ranks, leads
from geo.robust.region import Region, any_weights, best_mix, highest_score, weight_box

LATTICE = np.array([w for w in itertools.product(range(25), repeat=3) if sum(w) == 24]) / 24.0


def sample(n: int, m: int, missing: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    utility = np.round(rng.random((n, m)), 2)
    utility[rng.random((n, m)) < missing] = np.nan
    utility[:, 0] = np.nan_to_num(utility[:, 0], nan=0.5)
    return utility


def ranks_at(utility: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return geo.ranks_min(np.round(geo.weighted_parts(utility, weights).score, 9))


def regions(weights: np.ndarray) -> list[Region]:
    return [any_weights(weights), weight_box(weights, 0.3)]


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 6), st.integers(0, 999))
def test_the_best_mix_is_that_of_a_solver(m: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    gains, weights = rng.normal(size=(4, m)), rng.random(m) + 0.01
    for region in regions(weights):
        values, at = best_mix(gains, region)
        for gain, value, mix in zip(gains, values, at, strict=True):
            bounds = np.column_stack(region)
            found = linprog(-gain, A_eq=np.ones((1, m)), b_eq=[1.0], bounds=bounds)
            assert value == pytest.approx(-found.fun, abs=1e-9)
            assert mix.sum() == pytest.approx(1)
            assert (mix >= region.low - 1e-12).all()
            assert (mix <= region.high + 1e-12).all()
            assert gain @ mix == pytest.approx(value)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 999), st.sampled_from([0.0, 0.3]))
def test_who_can_be_ahead_is_what_some_weights_show(seed: int, missing: float) -> None:
    utility = sample(6, 3, missing, seed)
    rng = np.random.default_rng(seed)
    panel = rng.random(3) + 0.2
    steep = rng.dirichlet(np.full(3, 0.05), 150) + 1e-9  # weights of very different size
    drawn = np.vstack([rng.dirichlet(np.full(3, 1.0), 100), steep, np.eye(3) + 1e-9])
    for region in regions(panel):
        pairs = leads(utility, region)
        mixes = drawn if region.whole else best_mix(drawn, region)[1]
        scores = np.array([geo.weighted_parts(utility, w).score for w in mixes])
        seen = (scores[:, :, None] - scores[:, None, :]).max(axis=0)
        assert ((seen > 1e-9) <= (pairs.lead > -1e-9)).all()
        complete = ~np.isnan(utility).any(axis=1)
        both = np.ix_(complete, complete)
        assert pairs.sure[both].all()
        assert seen[both] == pytest.approx(pairs.lead[both], abs=1e-6 if region.whole else 0.02)
        top = np.nanmax(scores, axis=0)
        assert (top <= highest_score(utility, region) + 1e-9).all()


@settings(deadline=None, max_examples=25)
@given(st.integers(2, 7), st.integers(0, 999))
def test_extreme_ranks_are_exact_and_met(n: int, seed: int) -> None:
    utility = sample(n, 3, 0.0, seed)
    panel = np.array([0.5, 0.3, 0.2])
    whole = extreme_ranks(utility, panel, any_weights(panel), most=20, seed=1)
    lattice = np.array([ranks_at(utility, w) for w in LATTICE])
    assert (whole.best <= lattice.min(axis=0)).all()
    assert (whole.worst >= lattice.max(axis=0)).all()
    assert whole.best.tolist() == whole.best_seen.tolist()
    assert (whole.worst >= whole.worst_seen).all()
    for row in range(n):
        assert ranks_at(utility, whole.best_weights[row])[row] == whole.best[row]
        assert ranks_at(utility, whole.worst_weights[row])[row] == whole.worst_seen[row]
    box = extreme_ranks(utility, panel, weight_box(panel, 0.2), most=20, seed=1)
    assert (box.best >= whole.best).all()
    assert (box.worst <= whole.worst).all()
    now = ranks_at(utility, panel)
    assert ((box.best <= now) & (now <= box.worst)).all()


def test_one_that_is_worse_in_everything_is_first_whatever_the_weights() -> None:
    utility = np.array([[0.9, 0.8], [0.5, 0.7], [0.1, 0.75]])
    found = extreme_ranks(utility, [1, 1], any_weights([1, 1]), most=9, seed=1)
    assert found.best.tolist() == [1, 2, 2]
    assert found.worst.tolist() == [1, 3, 3]
    assert found.meta["seed"] == 1


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 999))
def test_bounds_hold_where_rows_know_different_criteria(seed: int) -> None:
    utility = sample(6, 3, 0.3, seed)
    panel = np.array([0.5, 0.3, 0.2])
    rng = np.random.default_rng(seed)
    for region in regions(panel):
        found = extreme_ranks(utility, panel, region, most=20, seed=1)
        drawn = rng.dirichlet(np.full(3, 0.7), 150) + 1e-9
        mixes = drawn if region.whole else best_mix(drawn, region)[1]
        seen = np.array([ranks_at(utility, w) for w in mixes])
        assert (found.best <= seen.min(axis=0)).all()
        assert (found.worst >= seen.max(axis=0)).all()
        assert (found.best <= found.best_seen).all()
        assert (found.worst >= found.worst_seen).all()


def test_a_row_that_knows_nothing_has_no_rank_and_a_weight_of_zero_stays() -> None:
    utility = np.array([[0.2, np.nan], [np.nan, 0.9], [0.4, 0.1]])
    found = extreme_ranks(utility, [1, 0], any_weights([1, 0]), most=9, seed=1)
    assert found.best.tolist() == pytest.approx([2, np.nan, 1], nan_ok=True)
    assert found.worst.tolist() == pytest.approx([2, np.nan, 1], nan_ok=True)
    with pytest.raises(ValueError, match="wider"):
        weight_box([1, 1], 0)
