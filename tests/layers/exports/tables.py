"""Tables with all that makes trouble on the way out."""

import geopandas as gpd
import pandas as pd
import shapely
from hypothesis import strategies as st

from tests.samples import CRS, box, point

NASTY = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+86 138 0013 8000",
    "-5",
    "-5+1",
    "@SUM(A1)",
    "'=1",
    "''quoted",
    "＝SUM",
    "\t=tab",
    "two\r\nlines",
    "lone\rreturn",
    'says "hello", they',
    "<script>alert(1)</script> & co",
    "]]>",
    "𠮷野家 㐂 囍",
    "😀 family 👨‍👩‍👧",
    "_x0041_",
    "#N/A",
    "001",
    "NA",
    " blanks ",
    "{{7*7}}",
    "a;b,c\td|e",
    "%%d ^J \\P \\U+4E2D",
]
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.sampled_from("=+-@'\"\t\r\n ,;a1中𠮷😀\x00\x0b\x1f\ufffe_x"), max_size=12),
    st.text(max_size=30),
)
"""Text of cells, most of it trouble."""


def nasty(**more: object) -> gpd.GeoDataFrame:
    """Points with every nasty text."""
    count = len(NASTY)
    shapes = [point(n % 10, n // 10) for n in range(count)]
    index = pd.Index([f"n{n:02d}" for n in range(count)], name="thing_id", dtype="str")
    return gpd.GeoDataFrame({"name": NASTY, **more}, index=index, geometry=shapes, crs=CRS)


def kinds() -> gpd.GeoDataFrame:
    """Values of every kind with gaps, and shapes of every kind with a gap."""
    hole = box(0, 0).difference(box(40, 40, 10, 10))
    shapes = [
        hole,
        shapely.MultiPolygon([box(0, 0, 5, 5), box(10, 0, 5, 5)]),
        point(1, 2),
        None,
        shapely.LineString([(500000, 3400000), (500010, 3400010)]),
    ]
    return gpd.GeoDataFrame(
        {
            "text": ["a", None, "", "中文", "x" * 300],
            "whole": pd.array([1, None, -3, 2**40, 0], dtype="Int64"),
            "number": [1.5, None, -0.1, 1e20, 123456789.123456],
            "yes": pd.array([True, None, False, True, True], dtype="boolean"),
            "day": pd.to_datetime(["2024-01-01", None, "2024-02-29", "1899-12-31", "2100-01-01"]),
            "moment": pd.to_datetime(["2024-01-01 08:30:15", None, "2024-02-29 00:00:00", "2024-01-02 00:00:00", "2024-01-03 23:59:59"]),
        },
        geometry=shapes,
        crs=CRS,
    )  # fmt: skip


def of(table: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    """The rows with shapes of one kind (the beginning of its name)."""
    return table[table.geometry.geom_type.fillna("").str.contains(kind)]
