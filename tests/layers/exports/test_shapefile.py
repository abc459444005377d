import csv
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.text import Text
from layers import CATALOG, Workspace
from layers.exports import export_layer, export_table
from layers.exports.outgoing import Column
from layers.exports.short_names import ascii_names, gbk_names
from tests.layers.exports.tables import kinds, nasty, of, texts
from tests.samples import CRS, point


def columns(*names: str) -> list[Column]:
    return [Column(name, Text.same(name)) for name in names]


def dictionary(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["字段 field"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("name", "name"),
        ("elderly_residents", "elder_resi"),
        ("stated_area_m2", "sta_are_m2"),
        ("measured_area_m2", "mea_are_m2"),
        ("residents_qualifier", "resid_qual"),
        ("last_renovated_year", "las_ren_ye"),
        ("备注", "f01"),
        ("2nd Floor Area", "f2nd_flo_a"),
        ("a_b_c_d_e_f_g_h", "abcdefgh"),
    ],
)
def test_the_rule_of_short_names(name: str, short: str) -> None:
    assert ascii_names(columns(name)) == [short]


def test_short_names_that_turn_out_alike_are_numbered() -> None:
    assert ascii_names(columns("elderly_residents", "elderly_residence", "elderly_residue_x")) == [
        "elder_resi", "elder_re_1", "elde_res_x"
    ]  # fmt: skip
    assert gbk_names([Column(str(n), Text("所属网格编号", "x")) for n in range(2)]) == ["所属网格编", "所属网格_1"]


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=12, unique=True))
@settings(deadline=None)
def test_short_names_fit_and_differ(names: list[str]) -> None:
    made = ascii_names(columns(*names))
    assert all(one.isascii() and 1 <= len(one) <= 10 and one[0].isalpha() for one in made)
    assert len({one.lower() for one in made}) == len(names)
    chinese = gbk_names(columns(*names))
    assert all(1 <= len(one.encode("gbk")) <= 10 for one in chinese)
    assert len({one.lower() for one in chinese}) == len(names)


def test_every_declared_column_gets_its_own_name() -> None:
    for spec in CATALOG.values():
        declared = [Column(name, meta["title"]) for name, meta in spec.columns.items()]
        for made in (ascii_names(declared), gbk_names(declared)):
            assert len(set(made)) == len(declared)


@pytest.mark.parametrize("suffix", [".shp", ".zip"])
@pytest.mark.parametrize("encoding", [None, "gbk"])
@pytest.mark.parametrize("key", ["buildings", "issues", "housing_estates"])
def test_a_shapefile_is_read_again_without_any_option(
    huolong: Workspace, tmp_path: Path, suffix: str, encoding: str | None, key: str
) -> None:
    done = export_layer(huolong, key, tmp_path / f"a{suffix}", encoding=encoding)
    table, found = huolong[key], gpd.read_file(done.paths[0])
    assert found.crs.to_epsg() == table.crs.to_epsg()
    assert len(found) == len(table)
    first = found.columns[0]
    assert found[first].tolist() == table.index.tolist()
    assert found.geometry.geom_equals(table.geometry.reset_index(drop=True)).where(found.geometry.notna(), True).all()  # noqa: FBT003
    if key == "buildings":
        name = "楼栋名称" if encoding else "name"
        assert found[name].tolist() == table["name"].tolist()
        assert found["户数" if encoding else "households"].dropna().tolist() == table["households"].dropna().tolist()


def test_the_dictionary_says_what_each_column_is(huolong: Workspace, tmp_path: Path) -> None:
    done = export_layer(huolong, "buildings", tmp_path / "a.shp")
    assert [p.name for p in done.paths] == ["a.shp", "a.cpg", "a.dbf", "a.prj", "a.shx", "a_fields.csv"]
    assert (tmp_path / "a.cpg").read_text() == "UTF-8"
    known = dictionary(tmp_path / "a_fields.csv")
    assert set(known) == set(gpd.read_file(tmp_path / "a.shp").columns) - {"geometry"}
    assert known["elder_resi"]["原名 name"] == "elderly_residents"
    assert known["elder_resi"]["中文名 title (zh)"] == "老年居民人数"
    assert known["elder_resi"]["英文名 title (en)"] == "elderly residents"
    assert known["elder_resi"]["单位 unit"] == "人 / persons"
    assert "residential = 住宅" in known["use"]["取值 codes"]


def test_a_zip_holds_the_whole_set(sample: Workspace, tmp_path: Path) -> None:
    export_layer(sample, "issues", tmp_path / "问题.zip")
    with zipfile.ZipFile(tmp_path / "问题.zip") as archive:
        names = archive.namelist()
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert sorted(names) == [f"问题{end}" for end in (".cpg", ".dbf", ".prj", ".shp", ".shx", "_fields.csv")]


def test_each_kind_of_shape_gets_a_file(tmp_path: Path) -> None:
    done = export_table(kinds(), tmp_path / "a.shp")
    assert [p.name for p in done.paths[:3]] == ["a_point.shp", "a_line.shp", "a_area.shp"]
    assert [len(gpd.read_file(p)) for p in done.paths[:3]] == [2, 1, 2]  # the row without a shape is with the points
    assert "export_split" in {n.code for n in done.notes}


def test_times_long_texts_and_truth(tmp_path: Path) -> None:
    table = of(kinds(), "Polygon")
    done = export_table(table, tmp_path / "a.shp")
    found = gpd.read_file(tmp_path / "a.shp")
    assert [str(one)[:10] for one in found["day"]] == ["2024-01-01", "NaT"]
    assert found["moment"].iloc[0] == "2024-01-01 08:30:15"
    assert found["yes"].iloc[0] == 1
    assert pd.isna(found["yes"].iloc[1])
    assert {(n.code, n.column) for n in done.notes} == {("export_as_text", "moment")}


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_long_text_is_cut_between_characters_and_told(tmp_path: Path, encoding: str) -> None:
    words = ["中" * 200, "a" + "中" * 200, "a" * 254, "a" * 255]
    table = gpd.GeoDataFrame({"words": words}, geometry=[point(n, 0) for n in range(4)], crs=CRS)
    done = export_table(table, tmp_path / "a.shp", encoding=encoding)
    found = gpd.read_file(tmp_path / "a.shp")["words"].tolist()
    assert all(given.startswith(kept) for given, kept in zip(words, found, strict=True))
    width = 3 if encoding == "utf-8" else 2
    assert [len(one) for one in found] == [254 // width, 1 + 253 // width, 254, 254]
    assert [(n.code, n.found.en) for n in done.notes] == [("export_cut", "3 rows")]


def test_what_gbk_lacks_is_shown_and_told(tmp_path: Path) -> None:
    done = export_table(nasty(), tmp_path / "a.shp", encoding="gbk")
    found = gpd.read_file(tmp_path / "a.shp").set_index("thing_id")["name"]
    assert "〓 family 〓" in found["n16"]
    assert found["n11"] == "lone\rreturn"
    assert ("export_characters", "name") in {(n.code, n.column) for n in done.notes}


@given(st.lists(texts, min_size=1, max_size=5), st.sampled_from(["utf-8", "gbk"]))
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_but_for_blanks_around_it(tmp_path: Path, given_texts: list[str], encoding: str) -> None:
    table = gpd.GeoDataFrame(
        {"words": pd.Series(given_texts, dtype=object)}, geometry=[point(n, 0) for n in range(len(given_texts))], crs=CRS
    )  # fmt: skip
    export_table(table, tmp_path / "a.shp", encoding=encoding)
    found = [one if isinstance(one, str) else "" for one in gpd.read_file(tmp_path / "a.shp").iloc[:, 0]]
    clean = [one.replace("\0", "\ufffd") for one in given_texts]
    if encoding == "gbk":
        clean = ["".join(c if c.encode("gbk", "ignore") else "〓" for c in one) for one in clean]
    assert found == [one.strip(" ") for one in clean]


def test_parts_of_an_older_set_do_not_stay(sample: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.qix").write_bytes(b"an index of other shapes")
    export_layer(sample, "issues", tmp_path / "a.shp")
    assert not (tmp_path / "a.qix").exists()
