import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CrsError
from geo.terrain import filled, flow_accumulation, flow_direction, slope

CRS = "EPSG:32650"
AROUND = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b]


def ground(seed: int, *, holes: bool = True) -> np.ndarray:
    dice = np.random.default_rng(seed)
    height = dice.integers(0, (4, 30, 1000)[seed % 3], (dice.integers(1, 13), dice.integers(1, 13))).astype(float)
    if holes and seed % 2:
        height[dice.random(height.shape) < 0.1] = np.nan
    return height


def flooded(height: np.ndarray) -> np.ndarray:
    """The plain way: Priority-Flood with a queue of cells."""
    rows, columns = height.shape
    level, queue = np.full(height.shape, np.nan), []
    seen = np.isnan(height)

    def outside(r: int, c: int) -> bool:
        return not (0 <= r < rows and 0 <= c < columns) or bool(np.isnan(height[r, c]))

    for r, c in np.argwhere(~seen).tolist():
        if any(outside(r + a, c + b) for a, b in AROUND):
            heapq.heappush(queue, (height[r, c], r, c))
            seen[r, c] = True
    while queue:
        high, r, c = heapq.heappop(queue)
        level[r, c] = high
        for a, b in AROUND:
            if not outside(r + a, c + b) and not seen[r + a, c + b]:
                seen[r + a, c + b] = True
                heapq.heappush(queue, (max(level[r, c], height[r + a, c + b]), r + a, c + b))
    return level


@settings(deadline=None, max_examples=120)
@given(st.integers(0, 100_000))
def test_hollows_are_filled_as_a_flood_would(seed: int) -> None:
    height = ground(seed)
    found = filled(height)
    np.testing.assert_array_equal(found.level, flooded(height))
    assert not (found.depth < 0).any()
    np.testing.assert_array_equal(filled(found.level).level, found.level)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 100_000), st.floats(-500, 500))
def test_raising_all_ground_raises_the_water_alike(seed: int, by: float) -> None:
    height = ground(seed)
    np.testing.assert_allclose(filled(height + by).level, filled(height).level + by)
    np.testing.assert_array_equal(filled(height.T).level, filled(height).level.T)


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 100_000))
def test_all_water_of_filled_ground_leaves_it(seed: int) -> None:
    height = ground(seed, holes=False)
    way = flow_direction(filled(height).level, (1.0, 2.0))
    gathered = flow_accumulation(way)
    leaves = way == 0
    assert (gathered[leaves] + 1).sum() == height.size
    inner = leaves[1:-1, 1:-1]
    assert not inner.any()
    assert gathered.min() == 0


def test_water_goes_down_the_steepest_way_and_stands_in_a_pit() -> None:
    bowl = np.array([[9.0, 9, 9, 9], [9, 1, 8, 9], [9, 9, 9, 9]])
    way = flow_direction(bowl, (1.0, 1.0))
    assert way[1, 1] == 0
    assert way[1, 2] == 16
    assert way[0, 0] == 2
    assert flow_accumulation(way)[1, 1] == 11
    with pytest.raises(ValueError, match="circle"):
        flow_accumulation(np.array([[1, 16]], dtype=np.uint8))


@settings(deadline=None, max_examples=30)
@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(0.5, 30))
def test_a_plane_has_its_own_slope_everywhere(east: float, north: float, cell: float) -> None:
    column, row = np.meshgrid(np.arange(6.0), np.arange(5.0))
    found = slope(east * column * cell - north * row * cell, (cell, cell), CRS)
    np.testing.assert_allclose(found.slope_percent[1:-1, 1:-1], 100 * np.hypot(east, north), rtol=1e-6, atol=1e-6)
    assert np.isnan(found.slope_percent[0]).all()
    assert np.isnan(found.slope_percent[:, -1]).all()
    if np.hypot(east, north) > 0.01:
        downhill = np.degrees(np.arctan2(-east, -north)) % 360
        apart = (found.aspect_deg[1:-1, 1:-1] - downhill + 180) % 360 - 180
        np.testing.assert_allclose(apart, 0, atol=1e-6)


def test_slope_is_undefined_beside_the_unknown_and_on_level_ground_has_no_aspect() -> None:
    height = np.zeros((5, 6))
    height[1, 1] = np.nan
    found = slope(height, (10.0, 10.0), CRS)
    assert np.isnan(found.slope_deg[2, 2])
    assert np.isnan(found.slope_deg[1, 1])
    assert found.slope_deg[3, 4] == 0
    assert np.isnan(found.aspect_deg[3, 4])


def test_degrees_are_refused() -> None:
    with pytest.raises(CrsError):
        slope(np.zeros((4, 4)), (0.001, 0.001), "EPSG:4326")


def test_empty_ground() -> None:
    nothing = np.full((3, 3), np.nan)
    assert np.isnan(filled(nothing).level).all()
    assert (flow_direction(nothing, (1.0, 1.0)) == 0).all()
