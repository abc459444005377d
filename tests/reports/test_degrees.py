"""Degrees of many points agree with those of single points."""

import numpy as np
import pytest

from reports.webmap.degrees import MANY, degrees

CENTIMETRE = 1e-7  # degrees


@pytest.mark.parametrize(
    ("crs", "x", "y"),
    [("EPSG:4546", 560_000, 2_926_000), ("EPSG:26986", 235_000, 900_000), ("EPSG:31982", 480_000, 6_670_000)],
)
def test_many_points_are_placed_within_a_centimetre(crs: str, x: float, y: float) -> None:
    random = np.random.default_rng(7)
    east, north = x + 20_000 * random.random(2 * MANY), y + 9_000 * random.random(2 * MANY)
    lon, lat = degrees(crs, east, north)
    exact_lon, exact_lat = (np.concatenate(axis) for axis in zip(*_few(crs, east, north), strict=True))
    assert np.abs(lon - exact_lon).max() < CENTIMETRE
    assert np.abs(lat - exact_lat).max() < CENTIMETRE


def _few(crs: str, east: np.ndarray, north: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Convert in pieces that are too small for a mesh."""
    step = MANY // 2
    return [degrees(crs, east[at : at + step], north[at : at + step]) for at in range(0, len(east), step)]


def test_points_over_half_a_continent_are_projected_one_by_one() -> None:
    random = np.random.default_rng(7)
    east, north = 1e5 + 8e5 * random.random(MANY), 2e6 + 3e6 * random.random(MANY)
    lon, lat = degrees("EPSG:4546", east, north)
    again_lon, again_lat = degrees("EPSG:4546", east[:5], north[:5])
    assert lon[:5].tolist() == again_lon.tolist()
    assert lat[:5].tolist() == again_lat.tolist()
