"""Shapefiles: text in any encoding, declared or not, cut or whole."""

import datetime as dt
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio
import pytest
import shapely

from geo.errors import DataError
from layers.intake.spatial.shapefile import read_shapefile


def written(folder: Path, encoding: str, *, cpg: str | None = None, **columns: list[object]) -> Path:
    path = folder / "a.shp"
    shapes = [shapely.Point(at, 32) for at in range(len(next(iter(columns.values()))))]
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4490").to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    content = path.with_suffix(".dbf").read_bytes()
    path.with_suffix(".dbf").write_bytes(content[:29] + b"\0" + content[30:])
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    return path


@pytest.mark.parametrize(
    ("encoding", "text", "cpg", "note"),
    [
        ("GBK", "幸福里社区", None, "encoding_found"),
        ("GBK", "幸福里社区", "GBK", ""),
        ("GBK", "幸福里社区", "936", ""),
        ("GBK", "幸福里社区", "UTF-8", "encoding_declared_wrong"),
        ("GBK", "幸福里社区", "nonsense", "encoding_found"),
        ("UTF-8", "幸福里社区", None, "encoding_found"),
        ("UTF-8", "幸福里社区", "utf8", ""),
        ("UTF-8", "幸福里社区", "GB2312", "encoding_declared_wrong"),
        ("CP1252", "Praça da Sé", None, "encoding_found"),
        ("CP1252", "Praça da Sé", "ANSI 1252", ""),
        ("UTF-8", "plain", None, ""),
    ],
)
def test_text_is_read_as_it_was_written(encoding: str, text: str, cpg: str | None, note: str, tmp_path: Path) -> None:
    source = read_shapefile(written(tmp_path, encoding, cpg=cpg, name=[text, None]), file="a.shp")
    assert source.cells["name"].iloc[0] == text
    assert source.cells["name"].isna().tolist() == [False, True]
    assert [one.code for one in source.notes] == ([note] if note else [])


def test_what_the_user_says_wins(tmp_path: Path) -> None:
    source = read_shapefile(written(tmp_path, "BIG5", name=["臺北市"]), file="a.shp", encoding="big5")
    assert source.cells["name"].tolist() == ["臺北市"]
    assert source.facts["encoding"] == "big5"


@pytest.mark.filterwarnings("ignore")  # of the writer, which cuts the name within a character
def test_names_and_values_that_were_cut(tmp_path: Path) -> None:
    path = written(tmp_path, "UTF-8", 整治前后情况=["幸福里"], b=["甲"])
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace("里".encode(), "里".encode()[:2] + b" "))
    source = read_shapefile(path, file="a.shp")
    assert list(source.cells.columns) == ["整治前", "b"]
    assert source.cells.iloc[0].tolist() == ["幸福", "甲"]
    assert {one.code for one in source.notes} == {"encoding_found", "names_cut", "values_cut"}


def test_dates_and_their_lost_hours_are_told(tmp_path: Path) -> None:
    day = pd.Series([dt.date(2025, 6, 1)], dtype=pd.ArrowDtype(pa.date32()))
    frame = gpd.GeoDataFrame({"日期": day, "n": [7]}, geometry=[shapely.Point(1, 2)], crs="EPSG:4490")
    pyogrio.write_dataframe(frame, tmp_path / "a.shp", encoding="GBK", use_arrow=True)
    source = read_shapefile(tmp_path / "a.shp", file="a.shp")
    assert source.cells["日期"].tolist() == [pd.Timestamp("2025-06-01")]
    assert source.cells["n"].tolist() == [7]
    assert [one.code for one in source.notes] == ["no_time_of_day"]


@pytest.mark.parametrize("end", [".shp", ".shx", ".dbf"])
def test_a_part_cut_short_is_refused(end: str, tmp_path: Path) -> None:
    path = written(tmp_path, "GBK", n=list(range(50)))
    part = path.with_suffix(end)
    content = part.read_bytes()
    part.write_bytes(content[: len(content) - 40])
    with pytest.raises(DataError, match="cut short") as caught:
        read_shapefile(path, file="a.zip")
    assert caught.value.problems[0].code == "truncated"
    part.write_bytes(content[:20])
    with pytest.raises(DataError, match="cut short"):
        read_shapefile(path, file="a.zip")
