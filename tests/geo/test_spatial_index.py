"""A tree of boxes made at once is a tree as SQLite wants it, and finds what is there."""

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.spatial_index import add_index, can_index, packed

QUERY = 'SELECT id FROM "rtree_a ""b"" c_geom" WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ? ORDER BY id'
LAYER = 'a "b" c'


def some(number: int, seed: int = 1) -> np.ndarray:
    """Points and areas of very different sizes, some on one spot."""
    random = np.random.default_rng(seed)
    x, y = random.uniform(500_000, 501_000, (2, number))
    wide = random.choice([0, 0, 1, 400], number)
    shapes = np.where(wide > 0, shapely.box(x, y, x + wide, y + wide / 2), shapely.points(x.round(-1), y.round(-1)))
    shapes[::97] = None
    return shapes


def stored(path: Path, shapes: np.ndarray) -> np.ndarray:
    """Write a layer with our index, and give the boxes."""
    table = gpd.GeoDataFrame({"n": np.arange(len(shapes))}, geometry=shapes, crs="EPSG:4547")
    pyogrio.write_dataframe(table, path, layer=LAYER, driver="GPKG", geometry_type="Unknown", SPATIAL_INDEX="NO")
    boxes = shapely.bounds(shapes)
    add_index(path, LAYER, boxes)
    return boxes


@pytest.mark.parametrize("number", [1, 51, 52, 2_601, 2_602, 7_000])
def test_sqlite_finds_the_tree_sound_and_it_finds_every_row(tmp_path: Path, number: int) -> None:
    assert can_index()
    shapes = some(number + 1)[1:]
    boxes = stored(tmp_path / "a.gpkg", shapes)
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as store:
        assert store.execute("SELECT rtreecheck(?)", (f"rtree_{LAYER}_geom",)).fetchone() == ("ok",)
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for west, south, side in [(500_000, 500_000, 100), (500_900.5, 500_300.25, 40), (0, 0, 1), (0, 0, 1e6)]:
            found = [one for (one,) in store.execute(QUERY, (west, west + side, south, south + side))]
            here = (boxes[:, 2] >= west) & (boxes[:, 0] <= west + side)
            here &= (boxes[:, 3] >= south) & (boxes[:, 1] <= south + side)
            assert set(np.flatnonzero(here) + 1) <= set(found)  # boxes are rounded outward, so one more is no harm
            assert len(found) <= here.sum() + 0.02 * number


def test_a_map_program_reads_by_it_and_may_change_rows(tmp_path: Path) -> None:
    shapes = some(3_000)
    boxes = stored(tmp_path / "a.gpkg", shapes)
    assert pyogrio.read_info(tmp_path / "a.gpkg", layer=LAYER)["capabilities"]["fast_spatial_filter"]
    box = (500_100, 500_100, 500_150, 500_160)
    found = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer=LAYER, bbox=box)
    here = shapely.intersects(shapes, shapely.box(*box))
    assert set(found["n"]) == set(np.flatnonzero(here))
    more = gpd.GeoDataFrame({"n": [-1]}, geometry=shapely.points([500_120.0], [500_130.0]), crs="EPSG:4547")
    pyogrio.write_dataframe(more, tmp_path / "a.gpkg", layer=LAYER, append=True)
    again = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer=LAYER, bbox=box)
    assert set(again["n"]) == {*found["n"], -1}
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as store:
        assert store.execute("SELECT rtreecheck(?)", (f"rtree_{LAYER}_geom",)).fetchone() == ("ok",)
    assert len(boxes) == 3_000


@given(st.lists(st.tuples(*[st.floats(-2e7, 2e7, width=64)] * 4), min_size=1, max_size=300))
def test_each_node_holds_its_boxes(corners: list[tuple[float, float, float, float]]) -> None:
    given_boxes = np.array(corners)
    boxes = np.column_stack(
        [np.minimum(given_boxes[:, :2], given_boxes[:, 2:]), np.maximum(given_boxes[:, :2], given_boxes[:, 2:])]
    )
    tree = packed(np.arange(len(boxes)) + 1, boxes)
    assert len(tree.above) == len(tree.blobs) - 1
    cells = {
        number: np.frombuffer(blob, [("id", ">i8"), ("box", ">f4", (4,))], int.from_bytes(blob[2:4], "big"), 4)
        for number, blob in enumerate(tree.blobs, 1)
    }
    rows = [row for number in set(tree.node_of.tolist()) for row in cells[number]["id"].tolist()]
    assert sorted(rows) == list(range(1, len(boxes) + 1))
    for row, number in enumerate(tree.node_of.tolist()):
        (box,) = cells[number]["box"][cells[number]["id"] == row + 1].astype(float)
        assert (box[::2] <= boxes[row, :2]).all()
        assert (box[1::2] >= boxes[row, 2:]).all()
    for number, above in enumerate(tree.above.tolist(), 2):
        (around,) = cells[above]["box"][cells[above]["id"] == number]
        assert (around[::2] == cells[number]["box"][:, ::2].min(axis=0)).all()
        assert (around[1::2] == cells[number]["box"][:, 1::2].max(axis=0)).all()
