import numpy as np
import pytest
from pyproj import CRS

from geo.candidates import in_crs
from geo.declared import declared, needs_parameters, outside_area_of_use, unreadable


@pytest.mark.parametrize(
    ("said", "key", "datum"),
    [
        ("EPSG:4326", "wgs84", "wgs84"), ("OGC:CRS84", "wgs84", "wgs84"), ("WGS84", "wgs84", "wgs84"), ("手机GPS", "wgs84", "wgs84"),
        ("EPSG:4490", "wgs84", "cgcs2000"), ("CGCS2000", None, "cgcs2000"), ("国家2000大地坐标系", None, "cgcs2000"),
        ("EPSG:4528", "EPSG:4528", "cgcs2000"), ("4547", "EPSG:4547", "cgcs2000"), ("EPSG:26986", "EPSG:26986", "EPSG:4269"),
        ("高德(GCJ-02)", "gcj02", "gcj02"), ("火星坐标", "gcj02", "gcj02"), ("腾讯地图", "gcj02", "gcj02"), ("百度", "bd09", "bd09"),
        ("BD-09", "bd09", "bd09"), ("百度墨卡托", "bd09mc", "bd09mc"), ("BD09MC", "bd09mc", "bd09mc"),
        ("西安80", None, "EPSG:4610"), ("1980西安坐标系 西安1980", None, "EPSG:4610"), ("北京54", None, "EPSG:4214"),
        ("EPSG:2364", "EPSG:2364", "EPSG:4610"), ("EPSG:3857", "wgs84-mercator", "wgs84"),
        (CRS(4490).to_wkt("WKT1_ESRI"), "wgs84", "cgcs2000"), (CRS(4528).to_wkt("WKT1_ESRI"), "EPSG:4528", "cgcs2000"),
    ],
)  # fmt: skip
def test_what_files_and_clerks_say(said: str, key: str | None, datum: str) -> None:
    meant = declared(said)
    assert meant is not None
    assert (meant.hypothesis.key if meant.hypothesis else None, meant.datum) == (key, datum)
    assert meant.weak == (key == "wgs84" and datum == "wgs84")


@pytest.mark.parametrize("said", [None, "", "  ", "某某坐标系", 'LOCAL_CS["Undefined Cartesian SRS"]'])
def test_what_says_nothing(said: str | None) -> None:
    assert declared(said) is None


@pytest.mark.parametrize(
    ("crs", "x", "y", "outside"),
    [
        ("EPSG:4326", 112.0, 32.0, False), ("EPSG:4326", 32.0, 112.0, True), ("EPSG:4547", 500_000, 3_500_000, False),
        ("EPSG:4547", 112.14, 32.04, True), ("EPSG:4547", 3_500_000, 500_000, True), ("EPSG:4547", 38_500_000, 3_500_000, True),
        ("EPSG:4526", 38_500_000, 3_500_000, False), ("EPSG:26986", 235_000, 900_000, False), ("EPSG:3832", 3_330_000, -1_900_000, False),
    ],
)  # fmt: skip
def test_numbers_outside_the_area_of_use(crs: str, x: float, y: float, outside: bool) -> None:  # noqa: FBT001
    assert outside_area_of_use(in_crs(crs), np.array([x]), np.array([y])) == outside
    assert outside_area_of_use(in_crs(crs).turned, np.array([y]), np.array([x])) == outside


def test_what_is_needed_is_said_in_both_languages() -> None:
    words = needs_parameters("EPSG:2364")
    assert "七参数" in words.zh
    assert "control points" in words.en
    assert "某某" in unreadable("某某").zh
