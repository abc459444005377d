"""Other files of the classes whose rule shows only after reading: the whole way gives the same verdict."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from PIL import Image

from geo.candidates import in_crs
from geo.conversion import converted
from tests.attacks.reading import read
from tests.attacks.whole_way import SITES, Way, arrive, site

LON, LAT = 112.1405, 32.0412
Made = tuple[str, Way, Callable[[Path], object], dict[str, object]]
TWINS: list[Made] = []
"""Name of the file, the way it is taken in, what writes it, and the summary that must come of it, in part."""


def twin(name: str, way: Way, **expected: object) -> Callable[[Callable[[Path], object]], Callable[[Path], object]]:
    def keep(make: Callable[[Path], object]) -> Callable[[Path], object]:
        TWINS.append((name, way, make, expected))
        return make

    return keep


def features(path: Path, *shapes: shapely.Geometry) -> None:
    rows = [
        {"type": "Feature", "properties": {"n": at}, "geometry": json.loads(shapely.to_geojson(one))}
        for at, one in enumerate(shapes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), "utf-8")


def places(number: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Places on the buildings of the western community, in its metres."""
    crs, lon, lat = SITES["west"]
    x, y = converted(in_crs("EPSG:4326"), np.array([lon]), np.array([lat]), crs)
    draw = np.random.default_rng(7)
    return x + draw.uniform(-300, 300, number), y + draw.uniform(-250, 250, number)


def written(path: Path, x: np.ndarray, y: np.ndarray, crs: str) -> None:
    gpd.GeoDataFrame({"n": range(len(x))}, geometry=shapely.points(x, y), crs=crs).to_file(path)


SMALL = shapely.box(LON, LAT, LON + 1e-3, LAT + 1e-3)
TIE = shapely.Polygon([(LON, LAT), (LON + 1e-3, LAT + 1e-3), (LON + 1e-3, LAT), (LON, LAT + 1e-3)])
BAND = shapely.Polygon([(-179, 10), (179.5, 10), (179.5, 11), (-179, 11)])


@twin("line_across.json", Way("streets"), rejected=[[1, "around_earth"]], refused="nothing_kept")
def _(path: Path) -> None:
    features(path, shapely.LineString([(179.99, 32), (-179.99, 32)]))


@twin("one_of_two.geojson", Way("parks", datum="wgs84"), kept=1, rejected=[[2, "around_earth"]], stored=1)
def _(path: Path) -> None:
    features(path, SMALL, BAND)


@twin("tie.fgb", Way("parks", datum="wgs84"), kept=1, rejected=[[2, "invalid_geometry"]], stored=1)
@twin("tie_agreed.fgb", Way("parks", datum="wgs84", mend=True), kept=2, stored=2, told=["shape_mended"])
def _(path: Path) -> None:
    gpd.GeoDataFrame({"n": [1, 2]}, geometry=[SMALL, TIE], crs="EPSG:4326").to_file(
        path, driver="FlatGeobuf", SPATIAL_INDEX="NO"
    )


@twin("star.geojson", Way("parks", datum="wgs84", mend=True), kept=1, rejected=[[2, "invalid_geometry"]], stored=1)
def _(path: Path) -> None:
    draw = np.random.default_rng(1).random((450, 2)) / 1000
    features(path, SMALL, shapely.Polygon(draw + np.array([LON, LAT])))


@twin("yard.gpkg", Way("buildings", datum="wgs84"), kept=2, stored=2, told=["courtyard_read"])
def _(path: Path) -> None:
    outline = shapely.box(LON, LAT, LON + 1e-3, LAT + 1e-3)
    crs = SITES["west"][0]
    inner = np.array([(LON + a * 1e-4, LAT + b * 1e-4) for a, b in ((4, 4), (6, 4), (6, 6), (4, 6), (4, 4))])
    yard = np.column_stack(converted(in_crs("EPSG:4326"), inner[:, 0], inner[:, 1], crs))
    shapes = [shapely.Polygon(outline.exterior, [yard]), shapely.box(LON - 1e-3, LAT, LON - 5e-4, LAT + 5e-4)]
    gpd.GeoDataFrame({"n": [1, 2]}, geometry=shapes, crs="EPSG:4326").to_file(path)


@twin("zone_prefix.gpkg", Way("toilets"), asks=["needs_answer"])
def _(path: Path) -> None:
    x, y = places()
    written(path, x + 37e6, y, "EPSG:4546")


@twin("turned.gpkg", Way("toilets"), asks=["needs_answer"])
@twin("turned_answered.gpkg", Way("toilets", datum="wgs84/yx"), kept=60, stored=60)
def _(path: Path) -> None:
    x, y = converted(in_crs("EPSG:4546"), *places(), "EPSG:4326")
    written(path, y, x, "EPSG:4326")


@twin("degrees_as_metres.gpkg", Way("toilets"), asks=["needs_answer"])
def _(path: Path) -> None:
    x, y = converted(in_crs("EPSG:4546"), *places(), "EPSG:4326")
    written(path, x, y, "EPSG:4528")


def text(name: str, way: Way, content: str, **expected: object) -> None:
    TWINS.append((name, way, lambda path: path.write_text(content, "utf-8"), expected))


DATED = "编号,上报时间,经度,纬度\n" + "".join(
    f"A-{at},{day},{LON},{LAT}\n" for at, day in enumerate(("3/4/2024", "5/6/2024", "7/8/2024"))
)
text("no_order.csv", Way(datum="wgs84"), DATED, asks=["needs_order"])
text("mdy.csv", Way(datum="wgs84", order="mdy"), DATED, kept=3, stored=3)
text(
    "twice.csv", Way("toilets", datum="wgs84"),
    f"编号,名称,经度,纬度\n007,东,{LON},{LAT}\n007,东,{LON},{LAT}\n007,西,{LON},{LAT}\n08,NULL,{LON},{LAT}\n",
    kept=3, rejected=[[4, "contradicts"]], stored=2,
)  # fmt: skip


@twin("snap.png", Way("murals"), rejected=[[1, "no_shape"]], refused="nothing_kept", told=["picture_apart"])
def _(path: Path) -> None:
    Image.new("RGB", (40, 30), "teal").save(path)


@pytest.fixture(scope="module")
def west(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site(tmp_path_factory.mktemp("west") / "west", "west")


@pytest.mark.parametrize(("name", "way", "make", "expected"), TWINS, ids=[one[0] for one in TWINS])
def test_a_twin_gets_the_same_verdict(
    name: str, way: Way, make: Callable[[Path], object], expected: dict[str, object], west: Path, tmp_path: Path
) -> None:
    make(tmp_path / name)
    folder = shutil.copytree(west, tmp_path / "work")
    summary = arrive(folder, way, read(tmp_path / name), file=name).summary()
    assert {key: summary.get(key) for key in expected} == expected
