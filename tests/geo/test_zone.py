"""The working coordinate system of a place: inside zones, on their borders, in both hemispheres."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

import geo


@pytest.mark.parametrize(
    ("lon", "lat", "crs"),
    [
        (111.6, 26.43, "EPSG:4546"), (111.3, 23.5, "EPSG:4546"), (117.1, 36.6, "EPSG:4548"),
        (121.5, 25.0, "EPSG:4550"), (-71.06, 42.36, "EPSG:32619"), (-51.2, -30.0, "EPSG:32722"),
        (126.97, 37.56, "EPSG:32652"), (105.85, 21.03, "EPSG:32648"), (180, 0, "EPSG:32660"),
        (113.327, 23.132, "EPSG:4547"), (116.39, 39.91, "EPSG:4548"), (87.6, 43.8, "EPSG:4538"),
        (114.17, 22.30, "EPSG:4547"), (91.1, 29.65, "EPSG:4539"), (130.9, 46.8, "EPSG:4553"),
        (151.2, -33.87, "EPSG:32756"), (-0.1, 51.5, "EPSG:32630"), (-180, 10, "EPSG:32601"),
    ],
)  # fmt: skip
def test_metric_crs(lon: float, lat: float, crs: str) -> None:
    assert geo.metric_crs(lon, lat) == crs


@pytest.mark.parametrize(("lon", "lat"), [(26.4, 111.6), (np.nan, 3), (200, 0), (0, 89)])
def test_metric_crs_refuses_what_is_no_place(lon: float, lat: float) -> None:
    with pytest.raises(geo.CrsError, match="swapped"):
        geo.metric_crs(lon, lat)


@pytest.mark.parametrize(
    ("lon", "lat", "crs", "neighbour"),
    [
        (112.5, 28, "EPSG:4547", "EPSG:4546"),
        (112.499, 28, "EPSG:4546", "EPSG:4547"),
        (112.41, 28, "EPSG:4546", "EPSG:4547"),
        (112.39, 28, "EPSG:4546", None),
        (112.61, 28, "EPSG:4547", None),
        (73.9, 39.6, "EPSG:4534", None),
        (134.9, 48.4, "EPSG:4554", None),
        (-72, 42, "EPSG:32619", "EPSG:32618"),
        (-72.05, 42, "EPSG:32618", "EPSG:32619"),
        (-69, 42, "EPSG:32619", None),
        (-71.95, -42, "EPSG:32719", "EPSG:32718"),
        (180, 10, "EPSG:32660", "EPSG:32601"),
        (-180, -10, "EPSG:32701", "EPSG:32760"),
        (30.5, 0, "EPSG:32636", None),
        (30.5, -0.001, "EPSG:32736", None),
    ],
)
def test_on_and_near_the_border_of_a_zone(lon: float, lat: float, crs: str, neighbour: str | None) -> None:
    zone = geo.metric_zone(lon, lat)
    assert (zone.crs, zone.neighbour) == (crs, neighbour)
    assert neighbour is None or all(neighbour in said for said in zone.why)
    assert ("ask the surveying office" in zone.why.en) == (neighbour is not None)


def test_the_reason_names_place_and_zone_in_both_languages() -> None:
    assert geo.metric_zone(111.6, 26.43).why == geo.Text(
        "东经 111.60°、北纬 26.43°：中国境内，CGCS2000 三度带，中央经线 111°",
        "111.60° E, 26.43° N: in China, CGCS2000 3-degree zone of 111° E",
    )
    assert geo.metric_zone(-51.2, -30).why == geo.Text(
        "西经 51.20°、南纬 30.00°：WGS 84 的 UTM 22S 带", "51.20° W, 30.00° S: UTM zone 22S on WGS 84"
    )


@settings(deadline=None, max_examples=60)
@given(st.floats(-180, 180), st.floats(-80, 84))
def test_the_zone_is_metric_and_its_meridian_is_near(lon: float, lat: float) -> None:
    zone = geo.metric_zone(lon, lat)
    geo.require_metric(zone.crs)
    steps = {one.name: one.value for one in CRS(zone.crs).coordinate_operation.params}
    away = abs((lon - steps["Longitude of natural origin"] + 180) % 360 - 180)
    assert away <= (1.5 if "CGCS2000" in CRS(zone.crs).name else 3)
    assert steps["False northing"] == (10_000_000 if lat < 0 and "UTM" in CRS(zone.crs).name else 0)
    if zone.neighbour:
        other = {one.name: one.value for one in CRS(zone.neighbour).coordinate_operation.params}
        gap = abs((lon - other["Longitude of natural origin"] + 180) % 360 - 180)
        assert gap - away <= 0.2 + 1e-9
