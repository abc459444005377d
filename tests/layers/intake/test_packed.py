"""Archives as officials send them: workbooks, maps and geopackages in a zip; rejected rows come back out of it."""

import zipfile
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from geo import archive
from geo.errors import DataError
from geo.text import Text
from layers.intake.rejects.copy import rejects_suffix, write_rejects
from layers.intake.rejects.own_columns import OWN_COLUMNS
from layers.intake.source import LostRow, Source
from layers.intake.upload.opening import open_upload

HEAD = ["编号", "问题描述", "上报时间"]
KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>{name}</name><Point>'
    "<coordinates>112,32</coordinates></Point></Placemark></Document></kml>"
)


def book(*rows: list[str], sheet: str = "Sheet1", more: tuple[str, ...] = ()) -> bytes:
    made = openpyxl.Workbook()
    made.active.title = sheet
    for page in (made.active, *map(made.create_sheet, more)):
        for row in rows:
            page.append(row)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def ledger(mark: str, **options: object) -> bytes:
    return book(HEAD, [f"{mark}1", "井盖破损", "2021-8-1"], [f"{mark}2", "垃圾", "长期"], **options)  # type: ignore[arg-type]


def packed(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name.replace("__", "/").replace("_", ".")), content)
    return path


def kmz(name: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("doc.kml", KML.format(name=name))
    return out.getvalue()


def zip_of(**files: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(".".join(name.rsplit("_", 1)), content)
    return out.getvalue()


def code(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        open_upload(path)
    return caught.value.problems[0].code


def lost(row: int) -> LostRow:
    return LostRow(row, "bad_value", "上报时间", Text("长期", "always"), Text("改正该值", "correct the value"))


def test_workbooks_in_a_zip_are_read_as_workbooks(tmp_path: Path) -> None:
    sources = open_upload(packed(tmp_path / "台账.zip", 镇__甲_xlsx=ledger("A"), 镇__乙_xlsx=ledger("B")))
    assert [(one.kind, one.part, len(one.cells)) for one in sources] == [("xlsx", "甲", 2), ("xlsx", "乙", 2)]
    assert [one.facts["member"] for one in sources] == ["镇/甲.xlsx", "镇/乙.xlsx"]
    assert {one.facts["sheet"] for one in sources} == {"Sheet1"}
    assert {one.file for one in sources} == {"台账.zip"}


def test_sheets_keep_their_names_where_these_differ(tmp_path: Path) -> None:
    (one,) = open_upload(packed(tmp_path / "a.zip", 甲_xlsx=ledger("A", sheet="一网格")))
    assert (one.part, one.facts["member"], "sheet" in one.facts) == ("一网格", "甲.xlsx", False)
    both = {"甲_xlsx": ledger("A", sheet="一", more=("二",)), "乙_xlsx": ledger("B", sheet="一", more=("三",))}
    parts = [source.part for source in open_upload(packed(tmp_path / "b.zip", **both))]
    assert parts == ["甲/一", "二", "乙/一", "三"]
    same = {"东__甲_xlsx": ledger("A"), "西__甲_xlsx": ledger("B")}
    parts = [source.part for source in open_upload(packed(tmp_path / "c.zip", **same))]
    assert parts == ["东/甲.xlsx", "西/甲.xlsx"]


def test_maps_and_geopackages_in_a_zip_are_read(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"名": ["甲"]}, geometry=[shapely.Point(112, 32)], crs="EPSG:4490")
    points.to_file(tmp_path / "点.gpkg", layer="点", driver="GPKG")
    content = (tmp_path / "点.gpkg").read_bytes()
    found = open_upload(packed(tmp_path / "a.zip", 图_kmz=kmz("甲"), 点_gpkg=content, 别__图_kmz=kmz("乙")))
    assert sorted((one.kind, one.part, one.facts["member"]) for one in found) == [
        ("gpkg", "点", "点.gpkg"), ("kml", "别/图.kmz", "别/图.kmz"), ("kml", "图.kmz", "图.kmz"),
    ]  # fmt: skip
    assert all(one.geometry is not None and one.geometry[0].x == 112 for one in found)


def test_letters_and_books_without_a_table_are_left_out_and_named(tmp_path: Path) -> None:
    letter = zip_of(**{"[Content_Types]_xml": b"<Types/>", "word/document_xml": b"<w/>"})
    path = packed(tmp_path / "a.zip", 通知_docx=letter, 空_xlsx=book(), 台账_xlsx=ledger("A"))
    (one,) = open_upload(path)
    told = " ".join(str(note.found) for note in one.notes if note.code == "left_out_of_archive")
    assert "通知.docx" in told
    assert "空.xlsx" in told
    assert code(packed(tmp_path / "b.zip", 空_xlsx=book())) in {"sheet_left_out", "table_empty"}
    assert code(packed(tmp_path / "c.zip", 通知_docx=letter)) == "format"


@pytest.mark.parametrize("name", ["内_zip", "内_xlsx", "内_kmz", "内"])
def test_an_archive_in_an_archive_stays_refused(tmp_path: Path, name: str) -> None:
    assert (
        code(packed(tmp_path / "a.zip", 台账_xlsx=ledger("A"), **{name: zip_of(a_csv=b"a\n1\n")})) == "archive_nested"
    )
    assert code(packed(tmp_path / "b.zip", 台账_xlsx=ledger("A"), **{name: b"\x1f\x8b\x08rest"})) == "archive_nested"


def test_a_workbook_in_a_map_is_refused_and_all_maps_count_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sly = zip_of(doc_kml=KML.format(name="甲").encode(), 表_xlsx=ledger("A"))
    assert code(packed(tmp_path / "a.zip", 图_kmz=sly)) == "archive_nested"
    (tmp_path / "one.zip").write_bytes(zip_of(doc_kml=b"x" * 900))
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    assert archive.unpack(tmp_path / "one.zip", tmp_path / "good", file="a.zip", before=100)
    with pytest.raises(DataError) as caught:
        archive.unpack(tmp_path / "one.zip", tmp_path / "bad", file="a.zip", before=101)
    assert caught.value.problems[0].code == "archive_size"


def test_rejected_rows_of_a_packed_table_come_back_as_that_table(tmp_path: Path) -> None:
    text = "编号;问题描述;上报时间\n1;井盖;2021-8-1\n2;=垃圾;长期\n".encode("gb18030")
    path = packed(tmp_path / "a.zip", 镇__台账_csv=text)
    sources = open_upload(path)
    found = write_rejects(path, sources, [[lost(3)]], tmp_path / "out.zip")
    assert found.name == "out.csv"
    again = open_upload(found)[0]
    assert again.cells.to_numpy().tolist() == [["2", "=垃圾", "长期"]]
    book_path = packed(tmp_path / "b.zip", 镇__甲_xlsx=ledger("A"), 镇__乙_xlsx=ledger("B"))
    found = write_rejects(book_path, open_upload(book_path), [[], [lost(3)]], tmp_path / "two.zip")
    assert found.name == "two.xlsx"
    sheet = openpyxl.load_workbook(found)["Sheet1"]
    assert [cell.value for cell in sheet[2]][:4] == ["B2", "垃圾", "长期", 3]


def test_rejected_rows_of_several_packed_tables_come_back_packed(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", 东__甲_xlsx=ledger("A"), 西__甲_xlsx=ledger("B"), 丙_xlsx=ledger("C"))
    sources = open_upload(path)
    verdicts: list[list[LostRow]] = [[lost(3)], [lost(3)], []]
    assert rejects_suffix(sources, verdicts) == ".zip"
    found = write_rejects(path, sources, verdicts, tmp_path / "out.csv")
    with zipfile.ZipFile(found) as made:
        assert made.namelist() == ["甲-rejected.xlsx", "甲-rejected_2.xlsx"]
        rows = [openpyxl.load_workbook(made.open(name))["Sheet1"]["A2"].value for name in made.namelist()]
        heads = [c.value for c in openpyxl.load_workbook(made.open("甲-rejected.xlsx"))["Sheet1"][1]]
    assert rows == ["A2", "B2"]
    assert heads == [*HEAD, *OWN_COLUMNS]
    assert write_rejects(path, sources, verdicts, tmp_path / "two.csv").read_bytes() == found.read_bytes()


def test_an_archive_that_changed_meanwhile_is_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", 台账_csv="编号,名称\n1,甲\n".encode())
    sources: list[Source] = open_upload(path)
    packed(path, 别的_csv=b"a\n1\n")
    with pytest.raises(DataError) as caught:
        write_rejects(path, sources, [[lost(2)]], tmp_path / "out.csv")
    assert caught.value.problems[0].code == "archive_damaged"
    assert not (tmp_path / "out.csv").exists()
