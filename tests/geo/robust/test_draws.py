import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geo


def sample(n: int, m: int, missing: float) -> np.ndarray:
    rng = np.random.default_rng(5)
    utility = rng.random((n, m))
    utility[rng.random((n, m)) < missing] = np.nan
    return utility


def test_each_draw_ranks_like_the_weighted_sum() -> None:
    utility, weights = sample(12, 5, 0.3), [5, 4, 3, 0, 1]
    utility[3] = utility[7]
    utility[9] = np.nan
    utility[10] = [np.nan, np.nan, np.nan, 0.4, np.nan]  # knows only the criterion of weight 0
    ranks = geo.rank_draws(utility, weights, draws=50, seed=11, concentration=30)
    alpha = np.array([5, 4, 3, 1]) / 13 * 30
    for drawn, ranked in zip(np.random.default_rng(11).dirichlet(alpha, size=50), ranks, strict=True):
        score = geo.weighted_parts(utility, np.insert(drawn, 3, 0.0)).score
        assert np.nan_to_num(geo.ranks_min(score)).tolist() == ranked.tolist()
    assert (ranks[:, 3] == ranks[:, 7]).all()
    assert (ranks[:, [9, 10]] == 0).all()


def test_the_seed_decides() -> None:
    def run(seed: int) -> np.ndarray:
        return geo.rank_draws(sample(9, 4, 0.1), [1, 2, 3, 4], draws=30, seed=seed, concentration=10)

    assert (run(1) == run(1)).all()
    assert (run(1) != run(2)).any()


def test_close_weights_keep_the_order() -> None:
    utility = sample(9, 4, 0.1)
    base = geo.ranks_min(geo.weighted_parts(utility, [1, 2, 3, 4]).score)
    ranks = geo.rank_draws(utility, [1, 2, 3, 4], draws=20, seed=1, concentration=1e9)
    assert (ranks == base).all()


def test_summary_of_known_ranks() -> None:
    first = np.repeat([1, 2, 3], [2, 96, 2])
    ranks = np.column_stack([first, np.full(100, 6), np.zeros(100)]).astype(np.int32)
    found = geo.rank_summary(ranks, k=2)
    assert found["low"].tolist()[:2] == [2, 6]
    assert found["high"].tolist()[:2] == [2, 6]
    assert found["share_top"].tolist()[:2] == [0.98, 0.0]
    assert found.iloc[2].isna().all()


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 9), st.integers(1, 6), st.integers(0, 99))
def test_acceptabilities_of_a_row_add_up(n: int, m: int, seed: int) -> None:
    shares = geo.rank_acceptability(sample(n, m, 0.0), np.ones(m), 200, seed)
    assert shares.shape == (n, n)
    assert shares.sum(axis=1) == pytest.approx(1.0)


def test_arguments_are_checked() -> None:
    utility = sample(3, 2, 0.0)
    with pytest.raises(ValueError, match="concentration"):
        geo.rank_draws(utility, [1, 1], draws=5, seed=1, concentration=0)
    with pytest.raises(ValueError, match="draws"):
        geo.rank_draws(utility, [1, 1], draws=0, seed=1, concentration=5)
    with pytest.raises(geo.CriteriaError):
        geo.rank_draws(utility, [0, 0], draws=5, seed=1, concentration=5)


def test_two_thousand_draws_are_quick() -> None:
    utility = sample(180, 11, 0.1)
    spent = []
    for _ in range(5):
        start = time.process_time()
        geo.rank_summary(geo.rank_draws(utility, np.arange(1, 12), draws=2000, seed=7, concentration=60))
        spent.append(time.process_time() - start)
    assert min(spent) < 0.2  # about 0.025 s; generous for a busy machine
