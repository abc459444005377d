"""One table as one file: it comes back as it was, and a changed byte is found out."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.columnar import checksum, read_table, write_table

POINT, HIGH, AREA = shapely.Point(1, 2), shapely.Point(1, 2, 3), shapely.box(0, 0, 1, 1)
SHAPES: dict[str, list[Any]] = {
    "points": [POINT, shapely.Point(-0.1, 1e7)],
    "points and none": [None, POINT, None],
    "none at all": [None, None],
    "an empty point": [POINT, shapely.Point(), None],
    "points with a height": [HIGH, POINT],
    "areas": [AREA, shapely.MultiPolygon([AREA])],
    "of all kinds": [AREA, POINT, None, shapely.LineString([(0, 0), (1, 1)]), shapely.MultiPoint([(0, 0)])],
    "no rows": [],
}
WKT = 'LOCAL_CS["town",UNIT["metre",1],AXIS["E",EAST],AXIS["N",NORTH]]'


def columns(rows: int) -> dict[str, pd.Series]:
    return {
        "text": pd.Series(["甲", None, "x", "", "y"][:rows], dtype="str"),
        "whole": pd.Series([1, None, 3, 4, 5][:rows], dtype="Int64"),
        "number": pd.Series([0.5, np.nan, np.inf, -0.0, 1][:rows], dtype="float64"),
        "yes": pd.Series([True, None, False, True, None][:rows], dtype="boolean"),
        "day": pd.Series(["2024-01-01 10:20", None, "1999-12-31", None, None][:rows], dtype="datetime64[ns]"),
    }


def back(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    write_table(table, path)
    return read_table(path)


@pytest.mark.parametrize("crs", ["EPSG:4548", WKT, None])
@pytest.mark.parametrize("what", SHAPES)
def test_a_table_with_geometry_comes_back(what: str, crs: str | None, tmp_path: Path) -> None:
    shapes = np.array(SHAPES[what], dtype=object)
    plain = pd.DataFrame(columns(len(shapes))).set_axis([f"i{k}" for k in range(len(shapes))]).rename_axis("id")
    plain.index = plain.index.astype("str")
    table = gpd.GeoDataFrame(plain, geometry=gpd.GeoSeries(shapes, index=plain.index), crs=crs)
    table = table[["text", "whole", "geometry", "number", "yes", "day"]]  # wherever the geometry stands
    found = back(table, tmp_path / "a.arrow")
    assert isinstance(found, gpd.GeoDataFrame)
    pd.testing.assert_frame_equal(found.drop(columns="geometry"), table.drop(columns="geometry"))
    assert (list(found), found.crs) == (list(table), table.crs)
    assert list(shapely.to_wkb(found.geometry.to_numpy())) == list(shapely.to_wkb(shapes))


def test_a_table_without_geometry_comes_back(tmp_path: Path) -> None:
    table = pd.DataFrame(columns(5)).set_axis(pd.Index(list("abcde"), dtype="str", name="id"))
    found = back(table, tmp_path / "a.arrow")
    pd.testing.assert_frame_equal(found, table)
    assert type(found) is pd.DataFrame


def test_points_take_sixteen_bytes_each(tmp_path: Path) -> None:
    x = np.arange(10_000.0)
    write_table(gpd.GeoDataFrame(geometry=shapely.points(x, x)), tmp_path / "a.arrow")
    assert (tmp_path / "a.arrow").stat().st_size < 17 * 10_000


@settings(deadline=None, max_examples=50)
@given(size=st.integers(1, 600_000), data=st.data())
def test_one_changed_byte_or_length_changes_the_checksum(size: int, data: st.DataObject, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("sum") / "a"
    content = bytearray(np.random.default_rng(size).bytes(size))
    path.write_bytes(content)
    whole = checksum(path)
    assert checksum(path) == whole
    content[data.draw(st.integers(0, size - 1))] ^= 1
    path.write_bytes(content)
    assert checksum(path) != whole
    path.write_bytes(bytes(content) + b"\0")
    longer = checksum(path)
    path.write_bytes(content)
    assert checksum(path) != longer


def test_two_blocks_that_changed_places_are_found_out(tmp_path: Path) -> None:
    one, other = (np.random.default_rng(seed).bytes(1 << 18) for seed in (1, 2))
    (tmp_path / "a").write_bytes(one + other)
    (tmp_path / "b").write_bytes(other + one)
    assert checksum(tmp_path / "a") != checksum(tmp_path / "b")
