import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

import geo


def frame(x: float, y: float, crs: str | None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": ["here", "nowhere"]}, geometry=[shapely.Point(x, y), None], crs=crs)


@settings(deadline=None, max_examples=40)
@given(st.floats(-179, 179), st.floats(-79, 83))
def test_areas_in_the_metric_crs_are_right_to_a_thousandth(lon: float, lat: float) -> None:
    d = 0.001
    square = shapely.box(lon, lat, lon + d, lat + d)
    metric = geo.reprojected(gpd.GeoDataFrame(geometry=[square], crs="EPSG:4326"), geo.metric_crs(lon, lat))
    true, _ = Geod(ellps="WGS84").geometry_area_perimeter(square)
    assert metric.geometry.area.iloc[0] == pytest.approx(abs(true), rel=2e-3)


def test_reprojection_keeps_rows_and_columns() -> None:
    there = geo.reprojected(frame(111.61, 26.43, "EPSG:4326"), "EPSG:4546")
    assert there.crs.to_epsg() == 4546
    assert there["name"].tolist() == ["here", "nowhere"]
    assert there.geometry.isna().tolist() == [False, True]
    back = geo.reprojected(there, "EPSG:4326").geometry.iloc[0]
    assert (back.x, back.y) == pytest.approx((111.61, 26.43), abs=1e-9)


def test_cgcs2000_and_wgs84_are_one() -> None:
    point = geo.reprojected(frame(111.61, 26.43, "EPSG:4490"), "EPSG:4326").geometry.iloc[0]
    assert (point.x, point.y) == pytest.approx((111.61, 26.43), abs=1e-12)


@pytest.mark.parametrize("source", ["EPSG:4610", "EPSG:4214"])
@pytest.mark.parametrize("target", ["EPSG:4490", "EPSG:4326", "EPSG:4546"])
def test_conversions_that_would_move_nothing_are_refused(source: str, target: str) -> None:
    with pytest.raises(geo.CrsError, match="local parameters"):
        geo.reprojected(frame(111.61, 26.43, source), target)


@pytest.mark.parametrize(
    ("x", "y", "crs", "hint"),
    [
        (26.4, 111.6, "EPSG:4326", "swap the two"),
        (111.6, 26.4, "EPSG:4546", "EPSG:4490"),
        (37_560_838, 2_926_835, "EPSG:4546", "EPSG:4525"),
        (19_560_838, 2_926_835, "EPSG:4507", "EPSG:4497"),
        (2_926_835, 560_838, "EPSG:4546", "axis order"),
        (np.inf, 3, "EPSG:4326", "finite"),
        (500_000, np.nan, "EPSG:4546", "finite"),
        (1e308, 5, "EPSG:32619", "central meridian"),
    ],
)
def test_coordinates_that_do_not_fit_are_refused_with_a_hint(x: float, y: float, crs: str, hint: str) -> None:
    with pytest.raises(geo.CrsError, match=hint):
        geo.reprojected(gpd.GeoDataFrame(geometry=[shapely.Point(x, y)], crs=crs), "EPSG:4547")


def test_a_target_far_away_is_refused() -> None:
    with pytest.raises(geo.CrsError, match="1/1 rows"):
        geo.reprojected(frame(111.61, 26.43, "EPSG:4326"), "EPSG:32619")


def test_an_area_across_the_date_line_is_no_obstacle() -> None:
    for lon in (179.5, -179.5):
        assert geo.reprojected(frame(lon, -17, "EPSG:4326"), "EPSG:3832").crs.to_epsg() == 3832


@pytest.mark.parametrize("crs", [4547, 26986, "EPSG:32722"])
def test_metres_are_metric(crs: object) -> None:
    geo.require_metric(crs)


@pytest.mark.parametrize(
    ("crs", "words"),
    [
        (4326, "not in metres"), (2249, "not in metres"), (3857, "too large"), ("ESRI:102100", "too large"),
        (None, "--crs"), ("EPSG:nonsense", "unknown CRS"),
    ],
)  # fmt: skip
def test_what_is_not_metric_is_refused(crs: object, words: str) -> None:
    with pytest.raises(geo.CrsError, match=words):
        geo.require_metric(crs)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4546", "EPSG:3857", "EPSG:2249", "EPSG:4214"])
def test_the_middle_of_shapes_is_found_from_any_crs(crs: str) -> None:
    lon, lat = (-71.06, 42.36) if crs == "EPSG:2249" else (111.61, 26.43)
    known = CRS.from_user_input(crs)
    x, y = Transformer.from_crs(known.geodetic_crs, known, always_xy=True).transform(lon, lat)
    shapes = np.array([shapely.Point(x, y).buffer(1e-4), None, shapely.Point(), shapely.Point(x, y)], dtype=object)
    assert geo.middle(shapes, crs) == pytest.approx((lon, lat), abs=1e-3)


def test_a_stray_does_not_move_the_middle() -> None:
    shapes = np.array([*(shapely.Point(111.6 + k / 1000, 26.4) for k in range(5)), shapely.Point(0, 0)], dtype=object)
    assert geo.middle(shapes, "EPSG:4326") == pytest.approx((111.6015, 26.4))


@pytest.mark.parametrize(
    ("shapes", "crs", "words"),
    [
        ([shapely.Point(111.6, 26.4)], None, "no CRS"),
        ([shapely.Point(111.6, 26.4)], 'LOCAL_CS["Undefined Cartesian SRS"]', "no CRS"),
        ([shapely.Point(26.4, 111.6)], "EPSG:4326", "swap the two"),
        ([None, shapely.Point()], "EPSG:4326", "no shapes"),
        ([], "EPSG:4326", "no shapes"),
    ],
)
def test_no_middle_without_a_place(shapes: list[shapely.Point | None], crs: str | None, words: str) -> None:
    with pytest.raises(geo.CrsError, match=words):
        geo.middle(np.array(shapes, dtype=object), crs)


def test_no_crs_is_refused() -> None:
    with pytest.raises(geo.CrsError, match="no CRS"):
        geo.reprojected(frame(1, 2, None), "EPSG:4547")
