"""Files that we wrote ourselves are taken in again: marks against formulas, described columns, corrected rejects."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.text import Text
from layers import ISSUES, Workspace
from layers.exports import export_layer, protected
from layers.intake.rejects.copy import write_rejects
from layers.intake.rejects.own_columns import OWN_COLUMNS
from layers.intake.source import LostRow
from layers.intake.tables.delimited import read_delimited
from layers.intake.tables.sheets import read_sheets
from layers.intake.upload.opening import open_upload
from tests.layers.intake.books import sheet_xml, xlsx


def lost(row: int) -> LostRow:
    return LostRow(row, "bad_value", None, Text("坏值", "bad"), Text("改正", "correct it"))


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["'=1+1", "'+86 138", "甲"], ["=1+1", "+86 138", "甲"]),
        (["''=1", "'-x", "-5"], ["'=1", "-x", "-5"]),
        (["'=1+1", "=2", "甲"], ["'=1+1", "=2", "甲"]),  # not every formula has its mark: these are the user's own
        (["'甲'", "'乙", "丙"], ["'甲'", "'乙", "丙"]),
        (["'=1", "-2.5", "'\u3000＝x"], ["=1", "-2.5", "\u3000＝x"]),
    ],
)
@pytest.mark.parametrize("broken", [False, True])
def test_marks_against_formulas_are_taken_away(
    tmp_path: Path, cells: list[str], read: list[str], *, broken: bool
) -> None:
    path = tmp_path / "a.csv"
    rows = [f'{n},"{cell}"' for n, cell in enumerate(cells)] + (["9,a,b"] if broken else [])
    path.write_text("\n".join(["'=编号,内容", *rows]), encoding="utf-8")
    source = read_delimited(path, header=1)
    assert source.cells["内容"].tolist() == read
    assert str(source.cells.columns[0]) == "=编号"
    assert len(source.lost) == broken


@given(texts=st.lists(st.text("'=+-@ 甲\u30001.", min_size=1, max_size=6), min_size=1, max_size=6))
def test_a_protected_column_comes_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_text("编号,内容\n" + "".join(f'{n},"{protected(text)}"\n' for n, text in enumerate(texts, 10)), "utf-8")
    assert read_delimited(path, header=1).cells["内容"].tolist() == texts


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sheet_that_describes_the_columns_is_left_out(sample: Workspace, tmp_path: Path, lang: str) -> None:
    export_layer(sample, ISSUES, tmp_path / "a.xlsx", lang=lang)
    (source,) = read_sheets(tmp_path / "a.xlsx")
    assert [note.found.en for note in source.notes if note.code == "sheet_left_out"] == [
        "the description of the columns that an export adds"
    ]
    named = read_sheets(tmp_path / "a.xlsx", sheet={"zh": "字段", "en": "Fields"}[lang])
    assert len(named) == 1


def test_another_sheet_of_that_name_is_a_table(tmp_path: Path) -> None:
    cells = {"A1": "编号", "B1": "名称", "A2": "1", "B2": "甲"}
    sources = read_sheets(xlsx(tmp_path / "a.xlsx", {"表": sheet_xml(cells), "字段": sheet_xml(cells)}))
    assert [source.part for source in sources] == ["表", "字段"]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson"])
def test_a_corrected_copy_is_taken_in_as_the_file_was(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        path.write_text("编号,名称\n1,甲\n2,'=乙\n", "utf-8")
    elif kind == "xlsx":
        xlsx(path, {"表": sheet_xml({"A1": "编号", "B1": "名称", "A2": "1", "B2": "甲", "A3": "2", "B3": "=乙"})})
    else:
        point = (
            '{"type":"Feature","properties":{"编号":"2","名称":"=乙"},"geometry":{"type":"Point","coordinates":[1,2]}}'
        )
        path.write_text(f'{{"type":"FeatureCollection","features":[{point},{point}]}}', "utf-8")
    (source,) = open_upload(path)
    copy = write_rejects(path, [source], [[lost(int(source.rows[1]))]], tmp_path / "copy.csv")
    (again,) = open_upload(copy)
    assert list(again.cells.columns) == list(source.cells.columns)
    assert not set(OWN_COLUMNS) & set(again.cells.columns)
    assert again.cells.to_numpy().tolist() == [["2", "=乙"]]
