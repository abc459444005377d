"""Sources come out of the worker as they went in."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import Problem
from geo.text import Text
from layers.intake.source import LostRow, Source
from layers.intake.upload.transit import packed, unpacked

WORD = Text("中", "en")
CELL = st.one_of(
    st.none(), st.text(), st.integers(), st.booleans(), st.floats(allow_nan=False), st.datetimes(), st.dates(),
    st.times(), st.integers(-(10**6), 10**6).map(lambda s: dt.timedelta(seconds=s)),
)  # fmt: skip


def through(source: Source) -> Source:
    heads, tables = packed([source])
    (back,) = unpacked(json.loads(json.dumps(heads)), tables)
    return back


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8))
def test_loose_cells_keep_value_and_kind(rows: list[list[object]]) -> None:
    cells = pd.DataFrame({name: pd.Series([row[i] for row in rows], dtype=object) for i, name in enumerate("abc")})
    back = through(Source("f", "", "xlsx", cells, np.arange(len(rows)))).cells
    for name in "abc":
        assert back[name].tolist() == cells[name].tolist()
        assert [type(one) for one in back[name]] == [type(one) for one in cells[name]]


def test_a_whole_source_comes_back() -> None:
    cells = pd.DataFrame(
        {
            "名称": pd.array(["幸福里", None], dtype="str"),
            "n": pd.array([1, None], dtype="Int64"),
            "x": [1.5, np.nan],
            "on": [True, False],
            "maybe": pd.array([True, None], dtype="boolean"),
            "when": pd.to_datetime(pd.Series(["2025-06-01", None])).astype("datetime64[ms]"),
            "zone": pd.to_datetime(pd.Series(["2025-06-01", None]), utc=True),
            "picture": pd.Series([b"\xff\xd8", None], dtype=object),
        }
    )
    source = Source(
        "a.zip", "层", "shapefile", cells, np.array([3, 5]), np.array([shapely.Point(1, 2), None], dtype=object),
        "EPSG:4490", (LostRow(4, "code", None, WORD, WORD),),
        (Problem("c", "warning", "f", None, None, WORD, WORD, WORD),), {"encoding": "GB18030"},
    )  # fmt: skip
    back = through(source)
    pd.testing.assert_frame_equal(back.cells, cells)
    assert back.geometry is not None
    assert shapely.equals(back.geometry[0], shapely.Point(1, 2))
    assert back.geometry[1] is None
    assert back.rows.tolist() == [3, 5]
    rest = ("file", "part", "kind", "crs", "lost", "notes", "facts")
    assert [getattr(back, name) for name in rest] == [getattr(source, name) for name in rest]


def test_a_table_without_columns_or_rows_comes_back() -> None:
    back = through(Source("f", "", "geojson", pd.DataFrame(index=pd.RangeIndex(2)), np.array([1, 2]), None))
    assert back.cells.shape == (2, 0)
    assert back.geometry is None
    empty = through(Source("f", "", "geojson", pd.DataFrame({"a": []}), np.array([]), np.array([], dtype=object)))
    assert empty.cells.shape == (0, 1)
    assert len(empty.geometry) == 0  # type: ignore[arg-type]


def test_objects_are_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        packed([Source("f", "", "csv", pd.DataFrame({"a": [object()]}), np.array([1]))])
