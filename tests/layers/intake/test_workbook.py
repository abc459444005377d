import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from geo.errors import DataError
from layers.intake.tables import book_parts, workbook
from layers.intake.tables.book_parts import packed, packed_again, parts_of
from layers.intake.tables.workbook import open_workbook
from tests.layers.intake.books import ods, ods_table, sheet_xml, xlsx

SHEET = sheet_xml({"A1": "编号", "B1": "类别", "A2": "A1", "B2": "道路"})


def refused(path: Path) -> list[str]:
    with pytest.raises(DataError) as error:
        open_workbook(parts_of(path, "a.xlsx"), "a.xlsx")
    return [one.code for one in error.value.problems]


def repacked(path: Path, changes: dict[str, bytes | None]) -> Path:
    """Write an archive again with parts changed, added or (None) left out."""
    with zipfile.ZipFile(path) as archive:
        parts: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | changes).items():
            if content is not None:
                archive.writestr(name, content)
    return path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return xlsx(tmp_path / "a.xlsx", {"甲": SHEET, "乙": SHEET}, states={"乙": "veryHidden"}, strings=["x"])


def test_sheets_and_parts(book: Path) -> None:
    repacked(book, {"xl/media/image1.png": b"\x89PNG" * 100, "docProps/app.xml": b"<x/>"})
    parts = parts_of(book, "a.xlsx")
    assert "xl/media/image1.png" not in parts
    opened = open_workbook(parts, "a.xlsx")
    assert [(one.name, one.hidden) for one in opened.sheets] == [("甲", False), ("乙", True)]
    assert b"<t>x</t>" in opened.strings
    with zipfile.ZipFile(packed_again(opened.parts)) as archive:
        assert archive.read("xl/worksheets/sheet1.xml").decode() == SHEET
        assert archive.testzip() is None


def test_a_workbook_in_an_unusual_place(book: Path) -> None:
    parts = parts_of(book, "a.xlsx")
    links = parts["_rels/.rels"].content.replace(b"xl/workbook.xml", b"/xl/main/book2.xml")
    inner = parts["xl/_rels/workbook.xml.rels"].content.replace(b'"worksheets/', b'"/xl/worksheets/')
    changes = {
        "_rels/.rels": links,
        "xl/main/book2.xml": parts["xl/workbook.xml"].content,
        "xl/main/_rels/book2.xml.rels": inner,
    }
    repacked(book, {**changes, "xl/workbook.xml": None})
    assert [one.part for one in open_workbook(parts_of(book, "a.xlsx"), "a.xlsx").sheets] == [
        "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>', "book_declares"),
        (
            "xl/sharedStrings.xml",
            b'<?xml version="1.0"?>\n<!DOCTYPE x SYSTEM "http://127.0.0.1/"><sst/>',
            "book_declares",
        ),
        ("xl/workbook.xml", b"<!DOCTYPE x><workbook/>", "book_declares"),
        ("xl/worksheets/sheet1.xml", "<worksheet/>".encode("utf-16"), "book_damaged"),
        ("xl/worksheets/sheet1.xml", "<worksheet/>".encode("utf-16-le"), "book_damaged"),
        ("xl/worksheets/sheet1.xml", b'<?xml version="1.0" encoding="UTF-7"?><worksheet/>', "book_damaged"),
        ("xl/workbook.xml", b"<workbook><sheets>", "book_damaged"),
        ("xl/workbook.xml", None, "not_a_workbook"),
        ("xl/_rels/workbook.xml.rels", None, "not_a_workbook"),
        ("XL/Workbook.xml", b"<workbook/>", "book_damaged"),
    ],
)
def test_parts_that_are_refused(book: Path, part: str, content: bytes | None, code: str) -> None:
    assert refused(repacked(book, {part: content})) == [code]


def test_a_part_of_the_same_name_twice(book: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(book, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", SHEET)
    assert refused(book) == ["book_damaged"]


def lying(path: Path, real: bytes, stated: bytes) -> Path:
    """An archive with one sheet whose directory states the size and checksum of something else."""
    xlsx(path, {"甲": real})
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    true = struct.pack("<III", entry.CRC, entry.compress_size, entry.file_size)
    content = path.read_bytes()
    assert content.count(true) == 2
    path.write_bytes(content.replace(true, struct.pack("<III", zlib.crc32(stated), entry.compress_size, len(stated))))
    return path


def test_sizes_are_counted_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = SHEET.encode().ljust(200_000)
    assert refused(lying(tmp_path / "a.xlsx", long, long[:900])) == ["book_damaged"]
    monkeypatch.setattr(book_parts, "MOST_UNPACKED", 100_000)
    assert refused(lying(tmp_path / "a.xlsx", long, long[:900])) == ["table_over_limit"]


def test_the_limit_of_unpacked_bytes(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    total = sum(len(one.content) for one in parts_of(book, "a.xlsx").values())
    monkeypatch.setattr(book_parts, "MOST_UNPACKED", total)
    assert len(parts_of(book, "a.xlsx")) == 7
    monkeypatch.setattr(book_parts, "MOST_UNPACKED", total - 1)
    assert refused(book) == ["table_over_limit"]


@pytest.mark.parametrize(("limit", "exact"), [("MOST_ENTRIES", 7), ("MOST_SHEETS", 2), ("MOST_BOOK_BYTES", None)])
def test_other_limits(book: Path, monkeypatch: pytest.MonkeyPatch, limit: str, exact: int | None) -> None:
    most = exact or book.stat().st_size
    module = workbook if limit == "MOST_SHEETS" else book_parts
    monkeypatch.setattr(module, limit, most)
    assert len(open_workbook(parts_of(book, "a.xlsx"), "a.xlsx").sheets) == 2
    monkeypatch.setattr(module, limit, most - 1)
    assert refused(book) == ["table_over_limit"]


def test_small_parts_have_a_limit_of_their_own(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book_parts, "MOST_SMALL_PART", 5000)
    repacked(book, {"xl/styles.xml": b"<styleSheet/>".ljust(5000)})
    assert len(parts_of(book, "a.xlsx")) == 8
    assert refused(repacked(book, {"xl/styles.xml": b"<styleSheet/>".ljust(5001)})) == ["table_over_limit"]


def test_encrypted_and_broken_archives(book: Path, tmp_path: Path) -> None:
    content = bytearray(book.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    (tmp_path / "b.xlsx").write_bytes(content)
    assert refused(tmp_path / "b.xlsx") == ["book_password"]
    (tmp_path / "b.xlsx").write_bytes(book.read_bytes()[:-30])
    assert refused(tmp_path / "b.xlsx") == ["book_damaged"]
    assert refused(tmp_path / "none.xlsx") == ["table_unreadable"]


def test_an_ods_keeps_what_is_read(tmp_path: Path) -> None:
    parts = parts_of(ods(tmp_path / "a.ods", ods_table("表", [])), "a.ods")
    assert set(parts) == {"mimetype", "content.xml", "META-INF/manifest.xml"}
    with zipfile.ZipFile(packed_again({name: packed(one) for name, one in parts.items()})) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {n: one.content for n, one in parts.items()}
