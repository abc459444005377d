"""Equity figures: known values, weights as repeated people, and invariance to order and unit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.supply.equity import by_group, equity, gini, p90_p10, quantile, theil, without_share, worst_share

haves = st.lists(st.integers(0, 50), min_size=1, max_size=12).filter(any)


@given(haves, st.data())
def test_a_weight_is_so_many_people(have: list[int], data: st.DataObject) -> None:
    people = data.draw(st.lists(st.integers(1, 5), min_size=len(have), max_size=len(have)))
    each = np.repeat(have, people)
    for figure in (gini, theil, worst_share, without_share):
        assert figure(have, people) == pytest.approx(figure(each), abs=1e-9)
    for share in (0.1, 0.5, 0.9):
        assert quantile(have, people, share) == quantile(each, None, share)


@given(haves, st.floats(0.01, 1000), st.randoms(use_true_random=False))
def test_neither_order_nor_unit_matters_and_limits_hold(have: list[int], scale: float, random: object) -> None:
    mixed = list(have)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    for figure in (gini, theil, worst_share, without_share):
        assert figure(np.array(mixed) * scale) == pytest.approx(figure(have), abs=1e-9)
    assert -1e-12 <= gini(have) <= 1
    assert theil(have) >= -1e-12
    assert worst_share(have) <= 0.2 + 1e-12


@given(haves)
def test_gini_is_half_the_mean_difference_by_the_mean(have: list[int]) -> None:
    x = np.array(have, dtype=float)
    assert gini(x) == pytest.approx(np.abs(x[:, None] - x).mean() / 2 / x.mean(), abs=1e-9)


def test_by_hand() -> None:
    assert gini([5, 5, 5]) == pytest.approx(0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert theil([0, 0, 0, 8]) == pytest.approx(np.log(4))
    assert worst_share([1, 2, 3, 4]) == pytest.approx(0.8 / 10)
    assert p90_p10(range(1, 11)) == 9
    assert np.isnan(p90_p10([0, 0, 5, 5]))
    assert without_share([0, 3], [3, 1]) == 0.75


def test_nobody_has_anything_is_undefined_not_equal() -> None:
    for figure in (gini, theil, worst_share):
        assert np.isnan(figure([0, 0]))
        assert np.isnan(figure([]))
    assert without_share([0, 0]) == 1
    assert np.isnan(quantile([], None, 0.5))


def test_unknown_values_are_left_out_and_counted() -> None:
    found = equity([1, np.nan, 3, 2], [1, 1, np.nan, 1], seed=1, draws=50)
    assert found.gini.value == gini([1, 2])
    assert (found.meta["units"], found.meta["left_out"], found.meta["seed"]) == (2, 2, 1)


def test_the_same_seed_gives_the_same_interval_that_holds_the_value() -> None:
    have = [0, 3, 8, 12, 5, 7, 30, 2, 9, 11, 4, 6, 15, 1, 10, 22, 13]
    one, other = (equity(have, seed=7, draws=500) for _ in range(2))
    assert one == other
    assert one.gini.low < one.gini.value < one.gini.high
    assert one.gini != equity(have, seed=8, draws=500).gini
    assert np.isnan(equity([4], seed=1, draws=10).gini.low)


def test_groups_by_hand() -> None:
    """A group of 30 people has 1 each, one of 10 has 5 each: a quarter of the people holds 50 of 80."""
    found = by_group([1, 1, 5, np.nan], [10, 20, 10, 10], [0, 0, 1, 1], 3)
    np.testing.assert_allclose(found.people_share, [0.75, 0.25, 0])
    np.testing.assert_allclose(found.held_share, [30 / 80, 50 / 80, 0])
    np.testing.assert_allclose(found.mean, [1, 5, np.nan])
    assert found.between_share == pytest.approx(1)
    assert np.isnan(by_group([2, 2], None, [0, 1], 2).between_share)


def test_negative_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        gini([-1, 1])
