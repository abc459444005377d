"""The manifest: written and read alike, and every wrong key named."""

import re
import tomllib
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ManifestError
from layers import Level, Manifest, Words, read_manifest
from layers.manifest import Extent, manifest_toml
from layers.manifest_faults import KEYS
from layers.people.identity import Identity, OpenId, Proxy
from tests.samples import manifest

CHINESE = re.compile(r"[\u3400-\u9fff]")
WORDS = st.builds(Words, zh=st.text(min_size=1), en=st.text(min_size=1))


@settings(deadline=None, max_examples=60)
@given(
    title=WORDS,
    credit=st.none() | WORDS,
    as_of=st.datetimes(min_value=datetime(1000, 1, 1)).map(lambda t: t.replace(microsecond=0)),  # noqa: DTZ001
    synthetic=st.booleans(),
    nests=st.booleans(),
    west=st.floats(allow_nan=False, max_value=1, exclude_max=True),
)
def test_what_is_written_is_read_again(
    title: Words,
    credit: Words | None,
    as_of: datetime,
    synthetic: bool,  # noqa: FBT001
    nests: bool,  # noqa: FBT001
    west: float,
) -> None:
    said = manifest(
        title=title,
        credit=credit,
        as_of=as_of,
        synthetic=synthetic,
        levels=(Level(level=1, zh='"a"', en="a\\b"), Level(level=3, zh="丙", en="c", nests=nests)),
        extents=(Extent(layer="parks", west=west, south=0, east=1, north=1e22),),
    )
    text = manifest_toml(said)
    assert Manifest.model_validate(tomllib.loads(text)) == said
    assert manifest_toml(said) == text


def test_every_wrong_key_is_named_with_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / "workspace.toml").write_text(
        'name = "two words"\ncrs = "4546"\ncolour = "red"\nas_of = 2024-01-01T00:00:00Z\n[title]\nzh = ""\n', "utf-8"
    )
    with pytest.raises(ManifestError) as error:
        read_manifest(folder)
    assert {p.column for p in error.value.problems} == {"name", "crs", "colour", "as_of", "title.zh", "title.en"}
    for problem in error.value.problems:
        assert problem.file == "x/workspace.toml"
        assert problem.found
        assert problem.expected.zh
        assert problem.remedy.en.startswith("run guatu new")


BOX = "{{layer = '{layer}', west = {west}, south = 0, east = 1, north = {north}}}"
GOOD = BOX.format(layer="parks", west=0, north=1)


@pytest.mark.parametrize(
    ("boxes", "column", "expected"),
    [
        ([BOX.format(layer="ghosts", west=0, north=1)], "extents.0.layer", ("图层之一", "one of the layers grids")),
        ([GOOD, BOX.format(layer="streets", west=1, north=1)], "extents.1", ("west 小于 east", "west less than east")),
        ([BOX.format(layer="parks", west=0, north=-1)], "extents.0", ("south 小于 north", "south less than north")),
        ([BOX.format(layer="parks", west="nan", north=1)], "extents.0", ("west 小于 east", "west less than east")),
        ([GOOD, GOOD], "extents", ("每个图层只写一个范围", "one extent a layer")),
    ],
)
def test_an_extent_that_says_nothing_is_refused(
    boxes: list[str], column: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    text = manifest_toml(manifest()).replace("[[levels]]", f"extents = [{', '.join(boxes)}]\n\n[[levels]]", 1)
    (tmp_path / "workspace.toml").write_text(text, "utf-8")
    with pytest.raises(ManifestError) as error:
        read_manifest(tmp_path)
    (problem,) = error.value.problems
    assert problem.column == column
    assert expected[0] in problem.expected.zh
    assert expected[1] in problem.expected.en


def test_a_key_that_nothing_uses_is_refused(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text(f'wall = "x"\n{manifest_toml(manifest())}', "utf-8")
    with pytest.raises(ManifestError) as error:
        read_manifest(tmp_path)
    (problem,) = error.value.problems
    assert (problem.column, problem.expected.en) == ("wall", "a known key; there is none of this name")


WRONG = """
name = "two words"
title = "Sample"
crs = "EPSG:4326"
as_of = 20240601
profile = "CN"
language = "fr"
synthetic = "perhaps"
colour = "red"
levels = [
  {level = 1, zh = "a", en = "a"}, {level = 1, zh = "b", en = "b"}, {level = 12, zh = "c", en = "c"}, {level = 2, zh = ""},
]
extents = [
  {layer = "parks", west = 0, south = 0, east = 1, north = 1},
  {layer = "parks", west = 5, south = 0, east = 1, north = 1},
  {layer = "ghosts", west = 0, south = 0, east = 1, north = 1},
  {layer = "streets", west = "far", south = 3, east = 1, north = 1},
  {layer = "lights", west = 0, south = 0, east = 1, depth = 1},
  7,
]
"""
FOUND = {
    ("name", "two words"), ("title", "Sample"), ("crs", "EPSG:4326 (WGS 84), not in metres or with distorted areas"),
    ("as_of", "20240601"), ("profile", "CN"), ("language", "fr"), ("synthetic", "perhaps"), ("colour", "red"),
    ("levels", "twice: 1"), ("levels.2.level", "12"), ("levels.3.zh", "nothing"), ("levels.3.en", "nothing"),
    ("extents", "twice: parks"), ("extents.1", "west 5, south 0, east 1, north 1"), ("extents.2.layer", "ghosts"),
    ("extents.3.west", "far"), ("extents.3", "west far, south 3, east 1, north 1"),
    ("extents.4.north", "nothing"), ("extents.4.depth", "1"), ("extents.5", "7"),
}  # fmt: skip


def test_faults_of_all_kinds_are_told_at_once(tmp_path: Path) -> None:
    """Missing and unknown keys, wrong types, a CRS in degrees, no date, and what is wrong between keys."""
    (tmp_path / "workspace.toml").write_text(WRONG, "utf-8")
    with pytest.raises(ManifestError) as error:
        read_manifest(tmp_path)
    problems = error.value.problems
    assert {(p.column, p.found.en) for p in problems} == FOUND
    assert len(problems) == len(FOUND)
    assert {p.code for p in problems} == {"manifest", "crs_not_metric"}
    for words in (words for p in problems for words in (p.found, p.expected, p.remedy)):
        assert not CHINESE.search(words.en)
        assert CHINESE.search(words.zh) or words.zh == words.en or words == KEYS["synthetic"]


@pytest.mark.parametrize("value", ["2024-06-01", "2024-06-01 12:00:00", '"2024-06-01T12:00"', "2024-06-01T12:00:00"])
def test_dates_that_are_read(value: str, tmp_path: Path) -> None:
    text = manifest_toml(manifest()).replace("as_of = 2024-06-01 12:00:00", f"as_of = {value}")
    assert value in text
    (tmp_path / "workspace.toml").write_text(text, "utf-8")
    assert read_manifest(tmp_path).as_of.date().isoformat() == "2024-06-01"


@pytest.mark.parametrize("value", ["20240601", '"tomorrow"', "12:00:00", "true", "2024-06-01T12:00:00+08:00", "[2024]"])
def test_dates_that_are_none(value: str, tmp_path: Path) -> None:
    text = manifest_toml(manifest()).replace("as_of = 2024-06-01 12:00:00", f"as_of = {value}")
    (tmp_path / "workspace.toml").write_text(text, "utf-8")
    with pytest.raises(ManifestError) as error:
        read_manifest(tmp_path)
    (problem,) = error.value.problems
    assert problem.column == "as_of"
    assert "local" in problem.expected.en


def test_a_manifest_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text(manifest_toml(manifest()), "utf-8-sig")
    assert read_manifest(tmp_path) == manifest()


def test_a_picture_in_place_of_a_manifest(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(ManifestError) as error:
        read_manifest(tmp_path)
    assert [p.found.en for p in error.value.problems] == ["not text: looks like a picture"]


def test_every_key_of_the_manifest_has_words() -> None:
    models = (Manifest, Level, Extent, Words, Identity, OpenId, Proxy)
    assert {name for one in models for name in one.model_fields} == set(KEYS)


IDENTITY = """
[identity]
session_hours = 8
public_report = true

[identity.openid]
issuer = "https://id.example.org"
match = "email"

[identity.proxy]
header = "X-Remote-User"
addresses = ["10.0.0.1", "10.1.0.0/16"]
"""


def test_settings_of_login_are_read_and_written_again(tmp_path: Path) -> None:
    text = manifest_toml(manifest())
    assert "identity" not in text
    (tmp_path / "workspace.toml").write_text(text + IDENTITY, "utf-8")
    said = read_manifest(tmp_path)
    assert said.identity.openid is not None
    assert said.identity.proxy is not None
    assert said.identity.proxy.addresses == ("10.0.0.1", "10.1.0.0/16")
    assert IDENTITY in manifest_toml(said)
    assert Manifest.model_validate(tomllib.loads(manifest_toml(said))) == said


@pytest.mark.parametrize(
    ("wrong", "column", "expected"),
    [
        ("password = false", "identity", "at least one way in: password, openid or proxy"),
        ("password_least = 4", "identity.password_least", "a whole number from 10 to 64"),
        ('colour = "red"', "identity.colour", "a known key; there is none of this name"),
        ('openid = {issuer = "http://id.example.org"}', "identity.openid.issuer", "the https address of the identity provider"),
        ('proxy = {header = "X-User"}', "identity.proxy", "addresses, or both secret_header and secret_sha256"),
        ('proxy = {header = "X-User", addresses = [7]}', "identity.proxy.addresses.0", "a list of addresses or networks of the proxy"),
        ('proxy = {header = "X-User", addresses = ["0.0.0.0/0"]}', "identity.proxy.addresses", "a network that is not every address"),
    ],
)  # fmt: skip
def test_settings_of_login_that_cannot_hold_are_refused(wrong: str, column: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text(f"{manifest_toml(manifest())}\n[identity]\n{wrong}\n", "utf-8")
    with pytest.raises(ManifestError) as error:
        read_manifest(tmp_path)
    (problem,) = error.value.problems
    assert (problem.column, problem.expected.en) == (column, expected)
    assert CHINESE.search(problem.expected.zh)


def test_bytes_that_are_no_text_are_one_problem(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_bytes("name = '社区'".encode("gb18030"))
    with pytest.raises(ManifestError) as error:
        read_manifest(tmp_path)
    assert [p.expected.en for p in error.value.problems] == ["TOML in UTF-8"]


def test_level_words_and_their_stand_in() -> None:
    assert manifest().level_words(2).zh == "小网格"
    assert manifest().level_words(5).en == "level 5 grid"
    assert (manifest().profile, manifest().language, manifest().synthetic) == ("CN-old", "zh", False)
