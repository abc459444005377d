import json
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.classes import MOST_VALUES, breaks, class_of

ORACLE = json.loads((Path(__file__).parent.parent / "data" / "oracles" / "fisher_jenks__jenks71.json").read_text())
NUMBERS = st.lists(st.integers(-1000, 1000), min_size=1, max_size=9)


def spread(values: Any, limits: Any) -> float:
    number = class_of(values, limits)
    return sum(((values[number == n] - values[number == n].mean()) ** 2).sum() for n in np.unique(number))


@pytest.mark.parametrize("k", ORACLE["inputs"]["k"])
def test_fisher_agrees_with_the_published_breaks(k: int) -> None:
    values, expected = np.array(ORACLE["inputs"]["x"]), ORACLE["expected"]["by_k"][str(k)]
    limits = breaks(values, k)
    np.testing.assert_allclose(limits, expected["upper_bounds"], atol=ORACLE["tolerance"]["abs"])
    assert spread(values, limits) == pytest.approx(expected["within_class_ss"], abs=1e-6)


def test_quantiles_agree_with_type_7() -> None:
    expected = ORACLE["expected"]["quantile5_type7"]
    np.testing.assert_allclose(breaks(ORACLE["inputs"]["x"], 5, "quantile"), expected[1:], atol=1e-9)


@settings(deadline=None)
@given(NUMBERS, st.integers(1, 4))
def test_fisher_is_as_good_as_trying_every_split(numbers: Any, k: int) -> None:
    values = np.array(sorted(set(numbers)), dtype=float)
    inner = combinations(values[:-1], min(k, len(values)) - 1)
    best = min(spread(values, np.array([*cut, values[-1]])) for cut in inner)
    assert spread(values, breaks(values, k)) == pytest.approx(best, abs=1e-6)


@settings(deadline=None)
@given(NUMBERS, st.integers(1, 6), st.sampled_from(["fisher", "quantile", "equal"]))
def test_limits_rise_and_end_at_the_largest_value(
    numbers: Any, k: int, method: Literal["fisher", "quantile", "equal"]
) -> None:
    limits = breaks(numbers, k, method)
    assert (np.diff(limits) > 0).all()
    assert limits[-1] == max(numbers)
    assert 1 <= len(limits) <= k
    assert (class_of(numbers, limits) >= 0).all()


def test_nulls_have_no_class_and_make_no_limits() -> None:
    assert breaks([np.nan, np.inf], 5).size == 0
    assert class_of([1.0, np.nan, 9.0], np.array([1.0, 2.0])).tolist() == [0, -1, 1]


def test_many_values_are_reduced_first_and_stay_quick() -> None:
    values = np.random.default_rng(7).normal(size=50 * MOST_VALUES)
    limits = breaks(values, 5)
    assert len(limits) == 5
    assert spread(values, limits) < spread(values, breaks(values, 5, "quantile"))
