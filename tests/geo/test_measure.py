import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geo

rows = st.lists(
    st.tuples(st.integers(-1, 4), st.one_of(st.just(float("nan")), st.integers(-1000, 1000).map(float))), max_size=50
)


@settings(deadline=None)
@given(rows)
def test_groups_and_outside_add_up(data: list[tuple[int, float]]) -> None:
    codes, weights = [one for one, _ in data], np.array([w for _, w in data], dtype=float)
    found = geo.totals(codes, 5, weights)
    assert found.per_group.sum() + found.outside == pytest.approx(np.nansum(weights))
    assert found.skipped == np.isnan(weights).sum()
    counts = geo.totals(codes, 5)
    assert counts.per_group.sum() + counts.outside == len(data)
    assert geo.totals(codes[::-1], 5, weights[::-1]).per_group.tolist() == found.per_group.tolist()


def test_nulls_of_pandas_are_skipped() -> None:
    found = geo.totals([0, 0, 1], 2, pd.Series([1, None, 3], dtype="Int64"))
    assert (found.per_group.tolist(), found.outside, found.skipped) == ([1.0, 3.0], 0.0, 1)


@pytest.mark.parametrize("codes", [[2], [-2]])
def test_a_code_out_of_range_is_refused(codes: list[int]) -> None:
    with pytest.raises(ValueError, match="codes must lie"):
        geo.totals(codes, 2)


def test_shares_are_never_infinite() -> None:
    found = geo.shares([1, 0, 1, np.nan, 1, 5], [4, 0, 0, 2, np.nan, np.inf])
    assert found[0] == 0.25
    assert np.isnan(found[1:]).all()
    assert geo.rate([3], [1500], per=1000).tolist() == [2.0]


def test_units() -> None:
    assert geo.mu([10_000.0]).tolist() == [15.0]
    assert geo.hectares([2500.0]).tolist() == [0.25]
    assert geo.m2_of_mu(1.5).item() == pytest.approx(1000.0)
