"""Whether polygons tile, nest and form a tree."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geo
from geo import tiling


def test_nesting_finds_the_parent_with_most_area() -> None:
    parents = [shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)]
    bow_tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    children = [shapely.box(0, 0, 50, 50), shapely.box(80, 0, 180, 100), shapely.box(900, 0, 901, 1), bow_tie, None]
    found = geo.nesting(children, parents)
    assert found["parent"].tolist() == [0, 1, -1, 0, -1]
    assert found["share"].tolist()[:4] == pytest.approx([1.0, 0.8, 0.0, 1.0])
    assert pd.isna(found["share"].iloc[4])


def test_a_parent_with_a_needle_that_cannot_be_clipped_still_has_its_share() -> None:
    needle = [(475934.3273663325, 6669000.0), (475854.8410776474, 6669188.958779416), (475934.32736633247, 6669000.0)]
    parent = shapely.Polygon([(476000.0, 6670000.0), *needle, (475342.4731085711, 6670000.0)])
    box = (475567.8449051913, 6669188.958779416, 475938.13475083234, 6669502.047952413)
    with pytest.raises(shapely.errors.GEOSException):
        shapely.clip_by_rect(parent, box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1)
    child = shapely.box(*box)
    share = shapely.intersection(child, parent).area / child.area
    assert geo.nesting([child], [parent])["share"].tolist() == pytest.approx([share])


def test_a_clean_tiling_has_no_faults() -> None:
    grids = [shapely.box(c, r, c + 1, r + 1) for r in range(3) for c in range(4)]
    assert geo.tiling_faults(grids) == []
    assert geo.tiling_faults([]) == []
    assert geo.tiling_faults([None, shapely.Polygon()]) == []


def test_overlap_and_gap_are_found_with_their_area() -> None:
    parts = [shapely.box(0, 0, 100, 100), shapely.box(99.9, 0, 200, 100), shapely.box(200.2, 0, 300, 100)]
    overlap, gap = geo.tiling_faults(parts)
    assert overlap[:3] == ("overlap", 0, 1)
    assert overlap.area_m2 == pytest.approx(10.0)
    assert gap[:3] == ("gap", 1, 2)
    assert gap.area_m2 == pytest.approx(20.0)
    assert [fault.kind for fault in geo.tiling_faults(parts, gap_width_m=0.1)] == ["overlap"]
    assert [fault.kind for fault in geo.tiling_faults(parts, overlap_m2=15)] == ["gap"]


def test_broken_outlines_do_not_stop_the_check() -> None:
    bow_tie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    faults = geo.tiling_faults([bow_tie, shapely.box(50, 0, 150, 100), None])
    assert [(fault.kind, fault.first, fault.second) for fault in faults] == [("overlap", 0, 1)]


def test_tree_faults() -> None:
    good = geo.tree_faults(["A", "A1", "A2"], [None, "A", "A"], [1, 2, 2])
    assert good == []
    faults = geo.tree_faults(
        ["A", "A", "B", "C", "D", "E", "F"], [None, None, "X", "D", "E", "C", "A"], [1, 1, 2, 2, 2, 2, 1]
    )
    assert [(fault.kind, fault.id) for fault in faults] == [
        ("duplicate", "A"),
        ("orphan", "B"),
        ("cycle", "C"),
        ("wrong_level", "C"),
        ("wrong_level", "D"),
        ("wrong_level", "E"),
        ("wrong_level", "F"),
    ]
    assert faults[2].detail == "C < D < E < C"


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000))
def test_what_is_shared_with_a_large_parent_is_not_changed_by_clipping_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    reach = random.uniform(200, 1000, 60)
    parent = shapely.polygons(np.column_stack([reach * np.cos(turn), reach * np.sin(turn)]))
    west, south = random.uniform(-900, 900, (2, 20))
    children = shapely.box(west, south, west + 150, south + random.uniform(1, 300, 20))
    parents = np.full(20, parent, dtype=object)
    whole = shapely.area(shapely.intersection(children, parents))
    np.testing.assert_allclose(tiling._shared(children, parents), whole, atol=1e-6)
