"""Demand beside supply: undefined without demand, unknown where something is unknown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.supply.balance import balance

amount = st.just(0.0) | st.floats(1e-3, 1e6)
amounts = st.lists(st.tuples(amount, amount), min_size=1, max_size=20)


@given(amounts, st.floats(0.01, 100))
def test_gap_and_missing_scale_with_the_unit(rows: list[tuple[float, float]], scale: float) -> None:
    want, have = np.array(rows).T
    one, other = balance(want, have), balance(want * scale, have * scale)
    np.testing.assert_allclose(other.missing, one.missing * scale, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(one.gap, want - have)
    assert one.total_missing == pytest.approx(np.maximum(want - have, 0).sum())
    assert not np.isinf(one.ratio).any()


def test_no_demand_is_undefined_and_unknown_stays_unknown() -> None:
    found = balance([0, 10, np.nan, 10, 0], [5, 4, 3, np.nan, np.nan])
    np.testing.assert_array_equal(found.ratio, [np.nan, 0.4, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(found.missing, [0, 6, np.nan, np.nan, 0])
    assert found.meta["unknown"] == 3
    with pytest.raises(ValueError, match="row"):
        balance([1], [1, 2])
