import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.mcda.agreement import pareto_front, rank_correlation, top_overlap

scores = st.lists(st.integers(0, 6), min_size=2, max_size=30)


@settings(deadline=None, max_examples=60)
@given(scores, st.data())
def test_as_scipy_tells_it(x: list[int], data: st.DataObject) -> None:
    stats = pytest.importorskip("scipy.stats")
    y = data.draw(st.lists(st.integers(0, 6), min_size=len(x), max_size=len(x)))
    found = rank_correlation(x, y)
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert np.isnan([found.kendall, found.spearman]).all()
        assert "no correlation" in str(found.meta["warnings"])
        return
    assert found.kendall == pytest.approx(stats.kendalltau(x, y).statistic)
    assert found.spearman == pytest.approx(stats.spearmanr(x, y).statistic)
    assert rank_correlation(np.exp(x), y).kendall == pytest.approx(found.kendall)


def test_many_rows_unknown_pairs_and_lengths() -> None:
    x = np.arange(1300.0)
    assert rank_correlation(x, -x).kendall == -1
    found = rank_correlation([1, np.nan, 2, 3], [1, 5, 2, 3])
    assert (found.kendall, found.spearman, found.number) == (1, pytest.approx(1), 3)
    assert np.isnan(rank_correlation([], []).kendall)
    with pytest.raises(ValueError, match="length"):
        rank_correlation([1, 2], [1])


def test_first_places_in_common() -> None:
    found = top_overlap([9, 8, 7, 6], [9, 1, 8, 7], 2)
    assert (found.share, found.rows) == (0.5, (0,))
    tied = top_overlap([9, 8, 8, 1], [9, 8, 7, 1], 2)
    assert tied.share == pytest.approx(2 / 3)
    assert np.isnan(top_overlap([np.nan], [1], 1).share)
    with pytest.raises(ValueError, match="k must"):
        top_overlap([1], [1], 0)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 25).flatmap(lambda n: arrays(float, (n, 3), elements=st.integers(0, 4).map(float))))
def test_front_is_what_the_definition_says(table: np.ndarray) -> None:
    high = [True, False, True]
    turned = table * [1, -1, 1]
    found = pareto_front(table, high)
    beaten = [any((b >= a).all() and (b > a).any() for b in turned) for a in turned]
    assert found.rows.tolist() == np.flatnonzero(~np.array(beaten)).tolist()
    for row, by in enumerate(found.dominator):
        assert (by >= 0) == beaten[row]
        assert by < 0 or ((turned[by] >= turned[row]).all() and (turned[by] > turned[row]).any())
    backwards = pareto_front(table[::-1], high)
    assert sorted(len(table) - 1 - backwards.rows) == found.rows.tolist()


def test_unknown_rows_neither_lead_nor_follow() -> None:
    found = pareto_front([[1, 1], [9, np.nan], [0, 0]], [True, True])
    assert found.rows.tolist() == [0]
    assert found.unknown.tolist() == [1]
    assert found.dominator.tolist() == [-1, -1, 0]
