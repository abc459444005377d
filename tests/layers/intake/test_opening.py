"""The one door: which file is what, what lies beside it, what the user said, what is left behind."""

import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from PIL import Image

from geo import sandbox
from geo.errors import DataError
from layers.intake.upload import opening
from layers.intake.upload.kinds import kind_of
from layers.intake.upload.opening import open_upload
from tests.layers.intake.foreign import zipped

POINT = '{"type":"Feature","properties":{"名":"甲"},"geometry":{"type":"Point","coordinates":[1,2]}}'


def code(path: Path, **options: object) -> str:
    with pytest.raises(DataError) as caught:
        open_upload(path, **options)  # type: ignore[arg-type]
    return caught.value.problems[0].code


def test_parts_that_lie_beside_come_along_under_any_case(tmp_path: Path) -> None:
    gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(1, 2)], crs="EPSG:4490").to_file(tmp_path / "层.shp")
    (tmp_path / "层.dbf").rename(tmp_path / "层.DBF")
    (source,) = open_upload(tmp_path / "层.shp")
    assert (source.file, source.crs) == ("层.shp", "EPSG:4490")
    (tmp_path / "层.shx").unlink()
    assert code(tmp_path / "层.shp") == "missing_part"
    assert code(tmp_path / "层.DBF") == "missing_part"


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "a.geojson").write_text(POINT)
    open_upload(tmp_path / "a.geojson")
    (tmp_path / "b.geojson").write_text("{")
    code(tmp_path / "b.geojson")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.geojson", "b.geojson"]


def test_the_answers_of_the_user_reach_the_reader(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("编号|名称\n1|甲,乙\n".encode("gbk"))
    (source,) = open_upload(tmp_path / "a.csv", options={"encoding": "gbk", "separator": "|"})
    assert source.cells.iloc[0].tolist() == ["1", "甲,乙"]


def test_limits_and_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.geojson").write_text(POINT)
    assert code(tmp_path / "a.geojson", limits=sandbox.Limits(seconds=0.01)) == "worker_time"
    assert code(tmp_path / "a.geojson", limits=sandbox.Limits(memory_bytes=30_000_000)) in {"worker_memory", "worker_unreadable", "worker_crash"}  # fmt: skip
    monkeypatch.setattr(opening, "MOST_BYTES", len(POINT.encode()))
    assert len(open_upload(tmp_path / "a.geojson")) == 1
    monkeypatch.setattr(opening, "MOST_BYTES", len(POINT.encode()) - 1)
    assert code(tmp_path / "a.geojson") == "file_size"
    assert code(tmp_path / "none.csv") == code(tmp_path) == "no_file"


def test_an_archive_of_several_kinds(tmp_path: Path) -> None:
    folder = tmp_path / "资料"
    folder.mkdir()
    (folder / "点.geojson").write_text(POINT)
    (folder / "表.csv").write_text("编号,名称\n1,甲\n2,乙\n")
    (folder / "说明.txt").write_text("这是说明，不是数据")
    (folder / "图.prj").write_text("x")
    sources = open_upload(zipped(tmp_path / "资料.zip", folder))
    assert [(source.part, source.kind, len(source.rows)) for source in sources] == [
        ("点", "geojson", 1),
        ("表", "delimited", 2),
    ]
    codes = {note.code: note.found.zh for note in sources[0].notes}
    assert codes["several_layers"] == "点、表"
    assert "资料/说明.txt" in codes["left_out_of_archive"]
    (folder / "点.geojson").unlink()
    (folder / "表.csv").unlink()
    (folder / "图.prj").unlink()
    (folder / "说明.txt").write_text("名称,数量\n甲,1\n乙,2\n")
    assert [source.kind for source in open_upload(zipped(tmp_path / "b.zip", folder))] == ["delimited"]


def test_a_raster_is_known_by_its_head(tmp_path: Path) -> None:
    place = {"crs": "EPSG:4547", "transform": rasterio.Affine(2, 0, 500_000, 0, -2, 3_400_000)}
    with rasterio.open(
        tmp_path / "a.tif", "w", driver="GTiff", width=3, height=2, count=1, dtype="float32", **place
    ) as out:
        out.write(np.zeros((1, 2, 3), dtype="float32"))
    (source,) = open_upload(tmp_path / "a.tif")
    assert (source.kind, source.crs, len(source.rows)) == ("geotiff", "EPSG:4547", 0)
    assert source.facts["width"] == "3"
    assert source.facts["bounds"] == "500000.0 3399996.0 500006.0 3400000.0"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photos_are_written_anew(kind: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = "张三 13712345678", 6
    exif.get_ifd(0x8825).update({1: "S", 2: (32.0, 30.0, 0.0), 3: "W", 4: (112.0, 15.0, 0.0)})
    Image.new("RGB", (40, 20), "red").save(tmp_path / "a.bin", kind, exif=exif)
    assert b"13712345678" in (tmp_path / "a.bin").read_bytes()
    (source,) = open_upload(tmp_path / "a.bin", name="照片.jpg")
    row = source.cells.iloc[0]
    assert (row["width"], row["height"]) == (20, 40)
    assert b"13712345678" not in row["picture"]
    assert b"Exif" not in row["picture"]
    assert source.geometry is not None
    assert (source.geometry[0].x, source.geometry[0].y) == (-112.25, -32.5)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"AC1015" + bytes(50), "DWG"),
        (b"\0\1\0\0Standard ACE DB" + bytes(50), "Access"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"GIF89a", "GIF"),
        (b"SQLite format 3\0" + bytes(90), "SQLite"),
        (b"<html><body>", "web page"),
        (b"<?xml version='1.0'?><root/>", "XML document"),
        ("\ufeff<svg/>".encode("utf-16"), "SVG"),
        (b"", "empty file"),
    ],
)
def test_other_content_is_named_with_what_to_do(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(content)
    with pytest.raises(DataError, match=words) as caught:
        kind_of(path, file="a.geojson")
    assert caught.value.problems[0].remedy.zh
