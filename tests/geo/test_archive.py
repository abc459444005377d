"""The unpacker: what honest archives hold comes out, whatever else is refused whole."""

import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import archive
from geo.errors import DataError


def packed(path: Path, entries: dict[str, bytes], *, stored: bool = False) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(zipfile.ZipInfo(name), content, made.compression)
    return path


def refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        archive.unpack(path, path.parent / "into", file="格网.zip")
    assert [problem.file for problem in caught.value.problems] == ["格网.zip"]
    assert not (path.parent / "into").exists()
    return caught.value.problems[0].code


@settings(deadline=None, max_examples=40)
@given(contents=st.lists(st.binary(max_size=3000), max_size=5), stored=st.booleans())
def test_what_was_packed_comes_out(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], *, stored: bool
) -> None:
    folder = tmp_path_factory.mktemp("zip")
    entries = {f"目录/表 {n}.csv": b"a" + content for n, content in enumerate(contents)}
    members = archive.unpack(packed(folder / "a.zip", entries, stored=stored), folder / "into", file="a.zip")
    assert {member.name: member.path.read_bytes() for member in members} == entries
    assert all(member.path.parent == folder / "into" for member in members)


def test_parts_of_one_thing_keep_one_stem_of_ours(tmp_path: Path) -> None:
    names = ["层/楼.SHP", "层/楼.dbf", "层/楼.shp.xml", "别/楼.shp", "坏.a b", "坏.c d", "无"]
    members = archive.unpack(packed(tmp_path / "a.zip", dict.fromkeys(names, b"x")), tmp_path / "into", file="a.zip")
    own = {member.name: member.path.name for member in members}
    assert own["层/楼.SHP"] == own["层/楼.dbf"].replace(".dbf", ".shp")
    assert own["层/楼.SHP"].split(".")[0] not in {own["别/楼.shp"].split(".")[0], own["层/楼.shp.xml"].split(".")[0]}
    assert len(set(own.values())) == len(names)
    assert all(name.isascii() for name in own.values())


def test_a_geodatabase_keeps_the_names_that_mean_something(tmp_path: Path) -> None:
    names = [
        "d/网格.gdb/a00000001.gdbtable",
        "d/网格.gdb/a00000001.TablesByName.atx".lower(),
        "d/网格.gdb/gdb",
        "d/网格.gdb/timestamps",
    ]
    names[1] = "d/网格.gdb/a00000001.gdbtablx"
    members = archive.unpack(packed(tmp_path / "a.zip", dict.fromkeys(names, b"x")), tmp_path / "into", file="a.zip")
    assert {member.path.parent.suffix for member in members} == {".gdb"}
    assert [member.path.name for member in members] == ["a00000001.gdbtable", "a00000001.gdbtablx", "gdb", "timestamps"]


def test_litter_of_systems_is_left_out(tmp_path: Path) -> None:
    entries = {"a.csv": b"a", "__MACOSX/._a.csv": b"x", ".DS_Store": b"x", "b/Thumbs.db": b"x"}
    members = archive.unpack(packed(tmp_path / "a.zip", entries), tmp_path / "into", file="a.zip")
    assert [member.name for member in members] == ["a.csv"]


def test_names_of_chinese_windows_are_read(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"abcd.csv": b"a"})
    path.write_bytes(path.read_bytes().replace(b"abcd", "小区".encode("gb18030")))
    assert archive.entry_names(path, file="a.zip") == ["小区.csv"]


def test_each_limit_holds_to_the_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    packed(tmp_path / "a.zip", {"a.csv": b"a" * 600, "b.csv": b"b" * 400})
    assert len(archive.unpack(tmp_path / "a.zip", tmp_path / "good", file="a.zip")) == 2
    packed(tmp_path / "a.zip", {"a.csv": b"a" * 600, "b.csv": b"b" * 401})
    assert refused(tmp_path / "a.zip") == "archive_size"
    many = {f"{n}.csv": b"x" for n in range(archive.MOST_ENTRIES)}
    assert (
        len(archive.unpack(packed(tmp_path / "b.zip", many), tmp_path / "many", file="b.zip")) == archive.MOST_ENTRIES
    )
    assert refused(packed(tmp_path / "c.zip", {**many, "more.csv": b"x"})) == "archive_entries"


def test_a_high_ratio_counts_for_large_content_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "RATIO_FROM", 100_000)
    assert archive.unpack(packed(tmp_path / "a.zip", {"a.csv": b"a" * 100_000}), tmp_path / "good", file="a.zip")
    assert refused(packed(tmp_path / "a.zip", {"a.csv": b"a" * 100_001})) == "archive_size"
    assert archive.survey(packed(tmp_path / "b.zip", {"a.csv": b"a" * 1000, "inner.zip": b"PK\x03\x04"}), file="b") == ["a.csv", "inner.zip"]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["../a.csv", "/a.csv", "C:a.csv", "a\\b.csv", "a/./b.csv", "AUX.csv", "a\x7f.csv", "x" * 256 + ".csv"]
)
def test_names_that_no_honest_archive_has(name: str, tmp_path: Path) -> None:
    assert refused(packed(tmp_path / "a.zip", {"good.csv": b"a", name: b"a"})) == "archive_name"


def changed(path: Path, at: int, value: bytes) -> Path:
    """Change the directory's entry of a zip with one file."""
    content = bytearray(path.read_bytes())
    start = content.find(b"PK\x01\x02") + at
    content[start : start + len(value)] = value
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("at", "value", "code"),
    [
        (8, struct.pack("<H", 1), "archive_encrypted"),
        (10, struct.pack("<H", 12), "archive_method"),
        (16, struct.pack("<L", 7), "archive_damaged"),
        (24, struct.pack("<L", 99), "archive_damaged"),
        (24, struct.pack("<L", 2), "archive_damaged"),
        (38, struct.pack("<L", 0o120777 << 16), "archive_link"),
        (42, struct.pack("<L", 5), "archive_damaged"),
        (46, b"b", "archive_damaged"),
    ],
)
def test_a_directory_that_lies(at: int, value: bytes, code: str, tmp_path: Path) -> None:
    assert refused(changed(packed(tmp_path / "a.zip", {"a.csv": b"abc" * 9}), at, value)) == code


def test_no_zip_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 and nothing else")
    assert refused(tmp_path / "a.zip") == "archive_damaged"
    packed(tmp_path / "a.zip", {"a.csv": bytes(range(256)) * 99})
    content = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(content[:60] + bytes(20) + content[80:])
    assert refused(tmp_path / "a.zip") == "archive_damaged"
