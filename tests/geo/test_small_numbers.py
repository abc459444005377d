"""Rates of few events: never below zero, between the raw rate and that of all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.small_numbers import shrunken_rates

areas = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 5000)), min_size=1, max_size=30)


def test_by_hand() -> None:
    # Rates 0 and 0.2 of 100 each: mean 0.1, spread 0.01 less 0.1/100 is 0.009; weight 0.009/(0.009+0.001) is 0.9.
    found = shrunken_rates([0, 20], [100, 100])
    assert found.smoothed == pytest.approx([0.01, 0.19])
    assert (found.mean, found.variance) == pytest.approx((0.1, 0.009))


def test_without_population_there_is_no_rate() -> None:
    found = shrunken_rates([1, 2, 3], [0, np.nan, 10])
    assert np.isnan(found.smoothed[:2]).all()
    assert found.smoothed[2] == pytest.approx(0.3)
    assert np.isnan(shrunken_rates([1], [0]).mean)


@given(areas)
def test_smoothed_lies_between_the_raw_rate_and_the_mean(rows: list[tuple[int, int]]) -> None:
    events, people = zip(*rows, strict=True)
    found = shrunken_rates(events, people)
    low, high = np.minimum(found.raw, found.mean), np.maximum(found.raw, found.mean)
    assert ((found.smoothed >= low - 1e-12) & (found.smoothed <= high + 1e-12)).all()
    assert (found.smoothed >= 0).all()
