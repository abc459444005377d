import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.datum import (
    RECTANGLE,
    bd09_from_bd09mc,
    bd09_from_gcj02,
    bd09_from_wgs84,
    bd09mc_from_bd09,
    gcj02_from_bd09,
    gcj02_from_wgs84,
    in_rectangle,
    wgs84_from_bd09,
    wgs84_from_gcj02,
)  # fmt: skip
from tests.oracle_coordinates import METHODS

ORACLES = Path(__file__).parent.parent / "data" / "oracles"
EXAMPLES = [
    row for row in csv.DictReader((ORACLES / "index.csv").read_text("utf-8").splitlines()) if row["method"] in METHODS
]
PLACES = st.tuples(st.floats(73, 135), st.floats(3, 54))


def metres(lon: Any, lat: Any, other: tuple[Any, Any]) -> float:
    return float(np.hypot((other[0] - lon) * 111_320 * np.cos(np.radians(lat)), (other[1] - lat) * 111_320).max())


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row['method']}-{row['instance']}")
def test_known_answers(row: dict[str, str], tmp_path: Path) -> None:
    example = json.loads((ORACLES / row["file"]).read_text("utf-8"))
    found = METHODS[row["method"]](example["inputs"], tmp_path)
    expected = {key: value for key, value in example["expected"].items() if key != "crs_name"}
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert np.abs(np.array(found[key]) - np.array(value)).max() <= example["tolerance"]["abs"], key


def test_every_method_has_examples() -> None:
    assert {row["method"] for row in EXAMPLES} == set(METHODS)


@settings(deadline=None)
@given(st.lists(PLACES, min_size=1, max_size=40))
def test_there_and_back_is_right_to_a_millimetre(places: list[tuple[float, float]]) -> None:
    lon, lat = np.array(places).T
    assert metres(lon, lat, wgs84_from_gcj02(*gcj02_from_wgs84(lon, lat))) < 1e-3
    assert metres(lon, lat, wgs84_from_bd09(*bd09_from_wgs84(lon, lat))) < 1e-3
    assert metres(lon, lat, gcj02_from_bd09(*bd09_from_gcj02(lon, lat))) < 1e-3
    assert metres(lon, lat, bd09_from_bd09mc(*bd09mc_from_bd09(lon, lat))) < 1e-3


def test_offsets_have_the_size_that_maps_show() -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(75, 134, 20_000), rng.uniform(19, 53, 20_000)
    east, north = gcj02_from_wgs84(lon, lat)
    far = np.hypot((east - lon) * 111_320 * np.cos(np.radians(lat)), (north - lat) * 111_320)
    assert far.min() > 10
    assert 350 < np.median(far) < 500
    assert far.max() < 750
    assert (
        900
        < np.median(np.hypot(*[(b - a) * 111_320 for a, b in zip((lon, lat), bd09_from_wgs84(lon, lat), strict=True)]))
        < 1500
    )


def test_baidu_waves_are_long() -> None:
    """With pi for pi * 3000 / 180 the result is up to 90 m off."""
    lon, lat = bd09_from_gcj02(116.404, 39.915)
    assert (float(lon), float(lat)) == pytest.approx((116.410369494, 39.9213369935), abs=1e-9)


def test_the_published_ways_back_miss_by_decimetres_only() -> None:
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(75, 134, 5_000), rng.uniform(19, 53, 5_000)
    bd = bd09_from_gcj02(lon, lat)
    assert 0.01 < metres(lon, lat, gcj02_from_bd09(*bd, published=True)) < 0.3
    assert 0.01 < metres(*bd, bd09_from_bd09mc(*bd09mc_from_bd09(*bd), published=True)) < 0.3


def test_baidus_metres_only_look_like_web_mercator() -> None:
    east, north = bd09mc_from_bd09([116.404], [39.915])
    assert (east[0], north[0]) == pytest.approx((12_958_175.0, 4_825_923.77), abs=0.01)
    assert abs(north[0] - 4_852_834) > 20_000


@pytest.mark.parametrize(
    "place", [(-71.06, 42.36), (139.7, 35.7), (103.8, 0.5), (100.0, 60.0), (0.0, 0.0), (np.nan, 30.0)]
)
def test_nothing_moves_outside_the_rectangle(place: tuple[float, float]) -> None:
    for change in (
        gcj02_from_wgs84,
        wgs84_from_gcj02,
        bd09_from_wgs84,
        wgs84_from_bd09,
        bd09_from_gcj02,
        gcj02_from_bd09,
    ):
        lon, lat = change(*place)
        assert np.array_equal([lon, lat], place, equal_nan=True)


def test_the_edge_belongs_to_the_rectangle() -> None:
    west, south, east, north = RECTANGLE
    assert in_rectangle([west, east, west - 1e-9, np.nan], [south, north, south, 30.0]).tolist() == [
        True,
        True,
        False,
        False,
    ]


def test_shapes_and_input_stay_as_they_are() -> None:
    lon, lat = np.full((2, 3), 120.0), np.full((2, 3), 30.0)
    east, _ = gcj02_from_wgs84(lon, lat)
    assert east.shape == (2, 3)
    assert (lon == 120).all()
    assert gcj02_from_wgs84([], [])[0].shape == (0,)
    with pytest.raises(ValueError, match="one shape"):
        gcj02_from_wgs84([1.0, 2.0], [1.0])


def test_latitudes_beyond_baidus_bands_are_unknown() -> None:
    assert np.isnan(bd09mc_from_bd09([120.0, 120.0], [-1.0, 61.0])).all()
    assert np.isnan(bd09_from_bd09mc([1e7, 1e7], [-1.0, 8.4e6])).all()
