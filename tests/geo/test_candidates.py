import numpy as np
import pytest

import geo
from geo.candidates import BD09MC, WGS84, by_size, gauss_kruger, in_crs, local_datum, looks_local, twins
from geo.conversion import converted, residual_m, transformer

YONGZHOU = (111.0, 26.0, 112.0, 27.0)


def keys(
    x: float, y: float, place: tuple[float, float, float, float] | None = YONGZHOU, crs: str = "EPSG:4546"
) -> list[str]:
    return [one.key for one in by_size(np.array([x]), np.array([y]), place=place, crs=crs)]


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (111.6, 26.4, ["wgs84", "gcj02", "bd09"]),
        (26.4, 111.6, ["wgs84/yx", "gcj02/yx", "bd09/yx"]),
        (37_560_838, 2_926_835, ["EPSG:4525", "EPSG:4546", "EPSG:4546/yx"]),
        (19_560_838, 2_926_835, ["EPSG:4497", "EPSG:4546", "EPSG:4546/yx"]),
        (2_926_835, 37_560_838, ["EPSG:4525/yx", "EPSG:4546", "EPSG:4546/yx"]),
        (12_423_255, 3_051_388, ["wgs84-mercator", "gcj02-mercator", "bd09mc", "EPSG:4546", "EPSG:4546/yx"]),
        (
            13_423_255,
            3_051_388,
            ["wgs84-mercator", "gcj02-mercator", "bd09mc", "EPSG:4491", "EPSG:4546", "EPSG:4546/yx"],
        ),
        (30_000, 40_000, ["EPSG:4546", "EPSG:4546/yx"]),
    ],
)
def test_the_size_of_the_numbers_tells_what_they_may_be(x: float, y: float, expected: list[str]) -> None:
    assert keys(x, y) == expected
    assert keys(x, y, None) == expected


@pytest.mark.parametrize("swapped", [False, True])
def test_without_zone_number_all_meridians_of_china_are_tried(swapped: bool) -> None:  # noqa: FBT001
    found = keys(2_926_835, 560_838) if swapped else keys(560_838, 2_926_835)
    end = "/yx" if swapped else ""
    assert {f"EPSG:{code}{end}" for code in range(4534, 4555)} <= set(found)
    assert {f"EPSG:{code}{end}" for code in range(32643, 32654)} <= set(found)


def test_the_wrong_meridian_lands_299_km_away() -> None:
    x, y = np.array([560_838.0]), np.array([2_926_835.0])
    right, wrong = (converted(gauss_kruger(cm), x, y, "EPSG:4546") for cm in (111, 114))
    assert float(np.hypot(right[0] - wrong[0], right[1] - wrong[1])[0]) == pytest.approx(299_000, abs=1_000)


def test_outside_china_there_are_no_offsets() -> None:
    boston = (-71.2, 42.2, -70.9, 42.5)
    assert keys(-71.06, 42.36, boston, "EPSG:26986") == ["wgs84", "wgs84/yx"]
    assert "EPSG:32619" in keys(330_000, 4_690_000, boston, "EPSG:26986")
    assert "EPSG:32722" in keys(330_000, 6_690_000, (-51.3, -30.2, -51.1, -30.0), "EPSG:31982")


def test_looks_local() -> None:
    assert looks_local(np.array([30_000.0]), np.array([40_000.0]))
    assert not looks_local(np.array([560_838.0]), np.array([40_000.0]))


def test_the_same_numbers_in_older_systems() -> None:
    assert [one.key for one in twins(in_crs("EPSG:4528"))] == ["EPSG:2364", "EPSG:2416"]
    assert [one.key for one in twins(in_crs("EPSG:4549").turned)] == ["EPSG:2385/yx", "EPSG:2437/yx"]
    assert [one.key for one in twins(in_crs("EPSG:4491"))] == ["EPSG:2327", "EPSG:21413"]
    assert [one.key for one in twins(in_crs("EPSG:4502"))] == ["EPSG:2338", "EPSG:21453"]
    assert twins(WGS84) == twins(BD09MC) == twins(in_crs("EPSG:26986")) == ()
    names = {one.name.en.split(" Gauss")[0]: local_datum(one.key) for one in twins(in_crs("EPSG:4528"))}
    assert [str(datum).split(" / ")[1] for datum in names.values()] == list(names) == ["Xian 1980", "Beijing 1954"]


@pytest.mark.parametrize("code", ["EPSG:4326", "EPSG:4490", "OGC:CRS84", "EPSG:4979"])
def test_wgs84_and_cgcs2000_are_one(code: str) -> None:
    assert in_crs(code) == WGS84


def test_turning_twice_gives_the_same() -> None:
    assert WGS84.turned.turned == WGS84
    assert WGS84.turned.title.zh.startswith(WGS84.name.zh)


@pytest.mark.parametrize(
    ("source", "target"), [("EPSG:2364", "EPSG:4549"), ("EPSG:4214", "EPSG:4326"), ("EPSG:4326", "EPSG:4610")]
)
def test_no_conversion_of_unknown_accuracy(source: str, target: str) -> None:
    with pytest.raises(geo.CrsError, match="known accuracy"):
        transformer(source, target)


def test_a_plane_without_a_tie_to_the_earth_is_refused() -> None:
    with pytest.raises(geo.CrsError, match="control points"):
        transformer('LOCAL_CS["site",UNIT["metre",1]]', "EPSG:4326")


def test_rows_without_numbers_stay_without_place() -> None:
    east, north = converted(
        WGS84, np.array([111.6, np.nan, np.inf, 500.0]), np.array([26.4, 26.4, 26.4, 26.4]), "EPSG:4546"
    )
    assert np.isfinite(east).tolist() == np.isfinite(north).tolist() == [True, False, False, False]


def test_residuals_show_a_wrong_place() -> None:
    x, y = np.array([1.24e7]), np.array([3.05e6])
    east, north = converted(BD09MC, x, y, "EPSG:4546")
    assert residual_m(BD09MC, (x, y), (east, north), "EPSG:4546") < 1e-3
    assert residual_m(BD09MC, (x, y), (east + 5, north), "EPSG:4546") == pytest.approx(5.6, abs=0.3)
