"""Results as files: the same rows in each, words in a workbook, shapes in a GeoPackage."""

from io import BytesIO
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.text import Lang, Text
from reports.result_files import CSV, GPKG, XLSX, Result, result_file

ROWS = pd.DataFrame({"name": ["甲", "=1+1"], "rate": [1.5, None]}, index=pd.Index(["G1", "G2"], name="grid_id"))
HEADS = {"name": "网格", "rate": "比率（每百户）"}
NOTE = Text("精确区间。", "Exact intervals.")
SHAPES = gpd.GeoSeries([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)], index=ROWS.index, crs="EPSG:4547")
RESULT = Result("rates", Text("比率", "Rates"), ROWS, HEADS, (NOTE,), SHAPES)


def test_a_geopackage_has_codes_and_shapes(tmp_path: Path) -> None:
    path = tmp_path / "rates.gpkg"
    path.write_bytes(result_file(RESULT, GPKG, Lang.ZH))
    found = gpd.read_file(path)
    assert found["grid_id"].tolist() == ["G1", "G2"]
    assert found["rate"].iloc[0] == 1.5
    assert found["method"].iloc[0] == NOTE.zh
    assert found.geometry.area.tolist() == [100, 100]
    assert found.crs.to_epsg() == 4547


def test_a_workbook_is_headed_in_words_and_computes_nothing() -> None:
    found = pd.read_excel(BytesIO(result_file(RESULT, XLSX, Lang.ZH)), engine="openpyxl")
    assert {"网格", "比率（每百户）"} <= set(found.columns)
    assert found["网格"].tolist() == ["甲", "=1+1"]
    assert result_file(RESULT, CSV, Lang.ZH).decode("utf-8-sig").splitlines()[0] == "grid_id,网格,比率（每百户）"


def test_what_has_no_rows_or_no_shapes_offers_fewer_files() -> None:
    assert RESULT.endings == (CSV, XLSX, GPKG)
    assert Result("a", NOTE, ROWS, HEADS).endings == (CSV, XLSX)
    empty = Result("a", NOTE, ROWS.iloc[:0], HEADS, (NOTE,), SHAPES.iloc[:0])
    assert empty.endings == (CSV,)
    assert NOTE.en in result_file(empty, CSV, Lang.EN).decode("utf-8-sig")


@pytest.mark.parametrize("ending", [CSV, XLSX, GPKG])
def test_the_same_result_gives_the_same_bytes(ending: str) -> None:
    assert result_file(RESULT, ending, Lang.EN) == result_file(RESULT, ending, Lang.EN)
