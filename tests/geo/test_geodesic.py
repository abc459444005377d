import numpy as np
import pytest

from geo.geodesic import geodesic_distance


def test_a_quarter_of_the_equator_and_unknown_places() -> None:
    found = geodesic_distance([[0, 0], [np.nan, 1], [5, 5]], [[90, 0], [1, 1], [5, 5]], ellipsoid="WGS84")
    assert found.distance_m[0] == pytest.approx(np.pi / 2 * 6_378_137)
    assert found.azimuth_deg[0] == pytest.approx(90)
    assert np.isnan(found.distance_m[1])
    assert found.distance_m[2] == 0
    assert found.meta["parameters"]["ellipsoid"] == "WGS84"  # type: ignore[index]


def test_there_and_back_are_as_far() -> None:
    there = geodesic_distance([116.4, 39.9], [121.5, 31.2], ellipsoid="GRS80").distance_m
    assert there == pytest.approx(geodesic_distance([121.5, 31.2], [116.4, 39.9], ellipsoid="GRS80").distance_m)


def test_swapped_coordinates_are_refused() -> None:
    with pytest.raises(ValueError, match="latitudes"):
        geodesic_distance([39.9, 116.4], [31.2, 121.5], ellipsoid="WGS84")
