"""Counts carried over by shared area: nothing is made, nothing is lost, the unknown stays unknown."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.areal import covered_area, lattice, shared_areas, spread


def boxes(*bounds: tuple[float, float, float, float]) -> np.ndarray:
    return np.array([shapely.box(*one) for one in bounds], dtype=object)


def test_shared_areas_leave_out_what_only_touches() -> None:
    left, right, area = shared_areas(boxes((0, 0, 2, 1), (5, 5, 6, 6)), boxes((1, 0, 3, 1), (2, 0, 4, 1)))
    assert (left.tolist(), right.tolist(), area.tolist()) == ([0], [0], [1.0])


def test_what_lies_in_no_target_is_not_given_to_others() -> None:
    assert spread(np.array([100.0]), boxes((0, 0, 4, 1)), boxes((0, 0, 1, 1), (1, 0, 3, 1))).tolist() == [25.0, 50.0]


def test_unknown_sources_make_their_targets_unknown_not_zero() -> None:
    source = boxes((0, 0, 1, 1), (1, 0, 2, 1))
    target = boxes((0, 0, 1, 1), (0.5, 0, 1.5, 1), (1, 0, 2, 1), (9, 9, 10, 10))
    assert spread(np.array([8.0, np.nan]), source, target) == pytest.approx([8.0, np.nan, np.nan, np.nan], nan_ok=True)
    assert spread(np.array([0.0, 0.0]), source, target) == pytest.approx([0.0, 0.0, 0.0, np.nan], nan_ok=True)


CUTS = st.lists(st.floats(0.01, 0.99), min_size=1, max_size=4, unique=True).map(lambda c: [0, *sorted(c), 1])


@settings(deadline=None, max_examples=60)
@given(cuts=CUTS, others=CUTS, values=st.lists(st.floats(0, 1e6), min_size=5, max_size=5))
def test_a_tiling_keeps_the_total(cuts: list[float], others: list[float], values: list[float]) -> None:
    source = boxes(*((a, 0, b, 1) for a, b in pairwise(cuts)))
    target = boxes(*((0, a, 1, b) for a, b in pairwise(others)))
    counts = np.array(values[: len(source)])
    assert spread(counts, source, target).sum() == pytest.approx(counts.sum(), rel=1e-9, abs=1e-6)


def test_covered_area_counts_overlaps_once() -> None:
    target = boxes((0, 0, 10, 10), (10, 0, 20, 10))
    assert covered_area(boxes((0, 0, 4, 10), (2, 0, 6, 10), (5, 0, 11, 1)), target).tolist() == [64.0, 1.0]
    assert covered_area(boxes(), target).tolist() == [0.0, 0.0]


def test_a_lattice_is_aligned_and_inside() -> None:
    x, y = lattice(shapely.box(1, 1, 111, 61), 50.0)
    assert sorted(zip(x, y, strict=True)) == [(50.0, 50.0), (100.0, 50.0)]
    ring = shapely.Point(0, 0).buffer(100).difference(shapely.Point(0, 0).buffer(60))
    x, y = lattice(ring, 50.0)
    assert {(round(a), round(b)) for a, b in zip(x, y, strict=True)} == {
        (50, 50), (-50, 50), (50, -50), (-50, -50),
    }  # fmt: skip
