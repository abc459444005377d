import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.intervals import exact_share, share_ranks, wilson

counts = st.lists(
    st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=9
)


@given(counts)
def test_the_interval_holds_the_share_and_turns_with_it(pairs: list[tuple[int, int]]) -> None:
    part, whole = np.array(pairs, dtype=float).T
    low, high = wilson(part, whole)
    some = whole > 0
    assert np.isnan(low[~some]).all()
    assert np.isnan(high[~some]).all()
    share = part[some] / whole[some]
    assert ((low[some] >= 0) & (low[some] <= share + 1e-12) & (share <= high[some] + 1e-12) & (high[some] <= 1)).all()
    back = wilson(whole - part, whole)
    assert back.low[some] == pytest.approx(1 - high[some])
    assert back.high[some] == pytest.approx(1 - low[some])


def test_none_and_all_have_open_ends() -> None:
    low, high = wilson([0, 10], [10, 10])
    assert (low[0], high[1]) == (0.0, 1.0)
    assert 0 < high[0] < 0.3
    assert wilson([5], [10], 0.99).high[0] > wilson([5], [10], 0.9).high[0]


@given(counts)
def test_the_rank_lies_in_its_interval(pairs: list[tuple[int, int]]) -> None:
    part, whole = np.array(pairs, dtype=float).T
    ranks = share_ranks(part, whole)
    some = np.flatnonzero(whole > 0)
    share = part[some] / whole[some]
    for at, row in enumerate(some):
        best, worst = 1 + (share > share[at] + 1e-12).sum(), (share >= share[at] - 1e-12).sum()
        assert 1 <= ranks.low[row] <= best
        assert worst <= ranks.high[row] <= len(some)
    assert np.isnan(ranks.low[whole == 0]).all()


def test_few_cases_cannot_be_told_apart_and_many_can() -> None:
    few = share_ranks([2, 3], [4, 4])
    assert (few.low.tolist(), few.high.tolist()) == ([1, 1], [2, 2])
    many = share_ranks([200, 300, 210], [400, 400, 400])
    assert many.low.tolist() == [2, 1, 2]
    assert many.high.tolist() == [3, 1, 3]


@pytest.mark.parametrize(("part", "whole"), [(0, 5), (1, 1), (4, 58), (58, 58), (30, 1000)])
def test_exact_share_is_that_of_scipy(part: int, whole: int) -> None:
    from scipy.stats import binomtest  # noqa: PLC0415 (heavy)

    wanted = binomtest(part, whole).proportion_ci(0.95, method="exact")
    found = exact_share(part, whole)
    assert (float(found.low), float(found.high)) == pytest.approx((wanted.low, wanted.high))
    assert np.isnan(exact_share(0, 0).low)
