import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import geo

need = st.one_of(st.floats(0, 1, allow_subnormal=False), st.just(float("nan")))
needs = st.tuples(st.integers(1, 8), st.integers(1, 5)).flatmap(lambda shape: arrays(float, shape, elements=need))


@settings(deadline=None)
@given(needs, st.data())
def test_parts_add_up_to_the_score(utility: np.ndarray, data: st.DataObject) -> None:
    columns = utility.shape[1]
    weights = data.draw(st.lists(st.floats(0.01, 100), min_size=columns, max_size=columns))
    found = geo.weighted_parts(utility, weights)
    some = ~np.isnan(utility).all(axis=1)
    assert np.nansum(found.parts[some], axis=1) == pytest.approx(found.score[some])
    assert np.isnan(found.score[~some]).all()
    assert (np.isnan(found.parts) == np.isnan(utility))[some].all()
    assert ((found.score[some] >= -1e-12) & (found.score[some] <= 1 + 1e-12)).all()
    complete = ~np.isnan(utility).any(axis=1)
    assert found.weight_used[complete] == pytest.approx(1.0)
    scaled = geo.weighted_parts(utility, np.array(weights) * 7)
    assert scaled.score == pytest.approx(found.score, nan_ok=True)


def test_missing_needs_are_left_out_not_zero() -> None:
    found = geo.weighted_parts([[1.0, np.nan], [0.5, 0.5]], [1, 3])
    assert found.score.tolist() == [1.0, 0.5]
    assert found.weight_used.tolist() == [0.25, 1.0]
    only_weightless = geo.weighted_parts([[1.0, np.nan]], [0, 1])
    assert np.isnan(only_weightless.score[0])
    assert only_weightless.weight_used[0] == 0


@pytest.mark.parametrize("weights", [[0, 0], [1, -1], [np.nan, 1], [np.inf, 1]])
def test_weights_that_cannot_be_used(weights: list[float]) -> None:
    with pytest.raises(geo.CriteriaError):
        geo.weighted_parts([[0.1, 0.2]], weights)


def test_minmax_turns_direction_and_leaves_out_a_constant() -> None:
    found = geo.utilities(np.array([[1, 10, 5], [3, np.nan, 5], [2, 30, 5]]), [True, False, True], method="minmax")
    assert found.needs[:, 0].tolist() == [0.0, 1.0, 0.5]
    assert found.needs[[0, 2], 1].tolist() == [1.0, 0.0]
    assert np.isnan(found.needs[1, 1])
    assert np.isnan(found.needs[:, 2]).all()
    assert [notice.column for notice in found.notices] == [2]
    assert "无法区分" in found.notices[0].reason.zh


def test_an_empty_column_is_unknown_without_a_notice() -> None:
    for method in ("minmax", "ratio"):
        found = geo.utilities([[np.nan, 1.0], [np.nan, 2.0]], [True, True], method=method)
        assert np.isnan(found.needs[:, 0]).all()
        assert found.notices == ()


def test_ratio_needs_positive_values() -> None:
    found = geo.utilities([[2, 0, -1, 4], [4, 5, 3, 2]], [True, False, True, False], method="ratio")
    assert found.needs[:, 0].tolist() == [0.5, 1.0]
    assert found.needs[:, 3].tolist() == [0.5, 1.0]
    assert [notice.column for notice in found.notices] == [1, 2]


def test_goalposts_do_not_depend_on_the_set() -> None:
    posts = [(0.0, 10.0), (100.0, 50.0)]
    one = geo.utilities([[5, 60]], [True, False], method="goalposts", goalposts=posts).needs
    many = geo.utilities([[5, 60], [99, 10], [-3, 400]], [True, False], method="goalposts", goalposts=posts).needs
    assert one.tolist() == [[0.5, 0.8]]
    assert many.tolist() == [[0.5, 0.8], [1.0, 1.0], [0.0, 0.0]]


@pytest.mark.parametrize("posts", [None, [(0, 1)], [(0, 1), (2, 2)], [(0, 1), (1, 2)], [(0, np.nan), (2, 1)]])
def test_goalposts_that_cannot_be_used(posts: list[tuple[float, float]] | None) -> None:
    with pytest.raises(geo.CriteriaError, match="best, worst"):
        geo.utilities([[1, 2]], [True, False], method="goalposts", goalposts=posts)


def test_ranks_share_the_better_place() -> None:
    ranks = geo.ranks_min([0.5, 0.9, np.nan, 0.5, 0.5 + 1e-15, 0.1])
    assert ranks.tolist()[:2] == [2.0, 1.0]
    assert np.isnan(ranks[2])
    assert ranks.tolist()[3:] == [2.0, 2.0, 5.0]
    assert geo.ranks_min([]).tolist() == []
