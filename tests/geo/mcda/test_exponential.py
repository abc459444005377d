"""Exponential ranks: the published figures, order, and a bad rank that no good one makes up for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.mcda import utilities
from geo.mcda.exponential import exponential, exponential_needs


def test_the_figures_of_the_english_indices() -> None:
    found = 100 * exponential([1.0, 0.95, 0.9, 0.5, 0.1, 0.0])
    assert found.tolist() == pytest.approx([100.0, 63.848, 50.427, 15.647, 2.390, 0.0], abs=5e-4)


def test_ranks_by_hand_with_ties_directions_and_unknowns() -> None:
    matrix = [[1.0, 4.0], [2.0, 3.0], [2.0, np.nan], [3.0, 1.0]]
    found = exponential_needs(matrix, [True, False])
    assert found[:, 0] == pytest.approx(exponential([0.25, 0.75, 0.75, 1.0]))
    assert found[:, 1] == pytest.approx(exponential([1 / 3, 2 / 3, np.nan, 1.0]), nan_ok=True)


def test_one_bad_rank_outweighs_two_middling_ones() -> None:
    needs = exponential([[1.0, 0.1], [0.6, 0.6]])
    assert needs[0].mean() > needs[1].mean()


def test_a_constant_measure_is_named_and_not_scored() -> None:
    found = utilities([[1.0, 5.0], [2.0, 5.0]], [True, True], method="exponential")
    assert [one.column for one in found.notices] == [1]
    assert np.isnan(found.needs[:, 1]).all()


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0.5, 100))
def test_it_keeps_order_and_knows_no_units(values: list[float], scale: float) -> None:
    column = np.array(values)[:, None]
    needs = exponential_needs(column, [True])[:, 0]
    assert ((needs >= 0) & (needs <= 1 + 1e-12)).all()
    assert needs[np.argmax(values)] == pytest.approx(1)
    assert (np.diff(needs[np.argsort(values, kind="stable")]) >= 0).all()
    if len(set((column * scale).ravel())) == len(set(values)):
        assert exponential_needs(column * scale, [True])[:, 0] == pytest.approx(needs)
