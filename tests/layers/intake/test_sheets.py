from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from layers.intake.source import Source
from layers.intake.tables.sheets import read_sheets
from tests.layers.intake.books import cell, sheet_xml, xlsx

DATA = Path("tests/data/intake/tables")
PLAIN = {"A1": "编号", "B1": "类别", "A2": "A1", "B2": "道路"}


def refused(path: Path, **options: object) -> list[str]:
    with pytest.raises(DataError) as error:
        read_sheets(path, **options)  # type: ignore[arg-type]
    return [one.code for one in error.value.problems]


def lost(source: Source) -> list[tuple[int, str]]:
    return [(one.row, one.code) for one in source.lost]


def told(source: Source) -> list[str]:
    return [one.code for one in source.notes]


def one_sheet(folder: Path, cells: dict[str, object], *merged: str, **options: object) -> Source:
    [source] = read_sheets(xlsx(folder / "a.xlsx", {"表": sheet_xml(cells, merged)}), **options)  # type: ignore[arg-type]
    return source


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("far_cell", "table_over_limit"),
        ("row_bomb", "table_over_limit"),
        ("entity_bomb", "book_declares"),
    ],
)
def test_bombs_are_refused(name: str, code: str) -> None:
    assert refused(DATA / f"xlsx_{name}.xlsx") == [code]


def test_merged_heading_serial_dates_and_a_total_row() -> None:
    [source] = read_sheets(DATA / "xlsx_merged_header_dates.xlsx")
    assert list(source.cells.columns) == ["网格信息/大网格", "网格信息/小网格", "问题/类别", "问题/上报时间"]
    assert source.facts["header_rows"] == "1-2"
    assert source.rows.tolist() == [3, 4, 5, 6, 7, 8, 9]
    assert source.cells["网格信息/大网格"].tolist() == [1, 1, 1, "2", 2, 2, 2]
    assert source.cells["网格信息/小网格"].tolist() == [1, 2, 3, "01", 2, 3, 4]
    dates = ["2025/6/3", "6月4日", "2025年6月5日", "20250606", "2025-13-01"]
    assert source.cells["问题/上报时间"].tolist() == [datetime(2025, 6, 1), 45809, *dates]  # noqa: DTZ001
    assert told(source) == ["merged_filled", "total_rows"]  # 合计 7 fits
    assert not source.lost


def test_formulas_without_a_result_are_lost_rows_never_empty_cells() -> None:
    [source] = read_sheets(DATA / "xlsx_formula_no_cache.xlsx")
    assert lost(source) == [(row, "formula_without_value") for row in (2, 3, 4)]
    assert [one.column for one in source.lost] == ["得分", "编号", "得分"]
    assert source.lost[2].found.en == "formulas without a result: B4 =A2*2"
    assert len(source.cells) == 0


def test_formulas_with_a_result_are_read(tmp_path: Path) -> None:
    cells = {
        "A1": "编号", "B1": "得分", "C1": "说明",
        "A2": cell("A2", 1, formula="ROW()-1"), "B2": cell("B2", 2.5, formula="A2*2.5"), "C2": cell("C2", "好", formula='"好"', kind="str"),
        "A3": cell("A3", 2, formula="ROW()-1"), "B3": 7, "C3": cell("C3", "", formula='""', kind="str"),
        "A4": cell("A4", 3, formula="ROW()-1"), "B4": cell("B4", None, formula="A4*2"), "C4": "差",
    }  # fmt: skip
    source = one_sheet(tmp_path, cells)
    assert source.cells.to_numpy().tolist() == [[1, 2.5, "好"], [2, 7, None]]
    assert lost(source) == [(4, "formula_without_value")]


def test_errors_are_read_as_they_show_and_told(tmp_path: Path) -> None:
    cells = PLAIN | {"A3": "A2", "B3": cell("B3", "#REF!", formula="X9", kind="e"), "A4": cell("A4", "#N/A", kind="e")}
    source = one_sheet(tmp_path, cells)
    assert source.cells["类别"].tolist() == ["道路", "#REF!", None]
    assert source.cells["编号"].tolist() == ["A1", "A2", "#N/A"]
    assert [(one.code, one.found.en) for one in source.notes] == [("formula_error", "2 cells: B3 #REF!, A4 #N/A")]


def test_types_of_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["编号", "数", "小数", "真", "日", "时", "钟", "长", "空"])
    moment = datetime(2021, 8, 20, 10, 30)  # noqa: DTZ001 (as in a spreadsheet)
    sheet.append(["001", 3, 2.5, True, date(2021, 8, 20), moment, time(9, 5), timedelta(hours=30), "x"])
    sheet.append(["x", 45809, -0.5, False, None, None, None, None, None])
    book.save(tmp_path / "a.xlsx")
    [source] = read_sheets(tmp_path / "a.xlsx")
    first, second = source.cells.to_numpy().tolist()
    assert first == ["001", 3, 2.5, True, datetime(2021, 8, 20), moment, "09:05:00", "30:00:00", "x"]  # noqa: DTZ001
    assert second == ["x", 45809, -0.5, False, None, None, None, None, None]
    assert [type(one) for one in first[:4]] == [str, int, float, bool]
    assert all(str(kind) == "object" for kind in source.cells.dtypes)


CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(-1e9, 1e9, allow_nan=False).filter(lambda x: not x.is_integer()),
    st.text(st.characters(categories=["L", "N", "P", "Zs"], max_codepoint=0xFFFF), min_size=1, max_size=8).filter(
        lambda t: (
            t == t.strip() and not t.startswith("=") and "计" not in t and "total" not in t.lower() and "_x" not in t
        )
    ),
    st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)).map(lambda t: t.replace(microsecond=0)),  # noqa: DTZ001
)


@settings(deadline=None, max_examples=60)
@given(st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=8)))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, table: list[list[object]]) -> None:
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    heading = [f"列号{at}" for at in range(len(table[0]))]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [heading, *table]:
        sheet.append(row)
    book.save(path)
    filled = {sum(value is not None for value in row) for row in table}
    assume(not {0, 1} <= filled or len(heading) < 3)  # words alone after a blank row are a remark
    expected = [(at, row) for at, row in enumerate(table, 2) if any(value is not None for value in row)]
    if not expected:
        assert refused(path, header=1) == ["sheet_left_out", "table_empty"]
        return
    [source] = read_sheets(path, header=1)
    assert source.rows.tolist() == [at for at, _ in expected]
    assert list(source.cells.columns) == heading
    for found, (_, row) in zip(source.cells.to_numpy().tolist(), expected, strict=True):
        assert [type(one) for one in found] == [type(one) for one in row]
        for one, want in zip(found, row, strict=True):
            assert one == (pytest.approx(want, rel=1e-14) if isinstance(want, float) else want)


def test_a_ledger_as_it_arrives(tmp_path: Path) -> None:
    cells: dict[str, object] = {
        "B2": "幸福社区问题清单（截至2021年8月）", "B3": "填报单位：幸福社区", "F3": "单位：万元",
        "B4": "序号", "C4": "大网格", "D4": "问题描述", "E4": "整改", "G4": "投资",
        "E5": "时限", "F5": "责任人",
        "B6": 1, "C6": "第一网格", "D6": "井盖破损", "E6": "2021.8.20", "F6": "某甲", "G6": 3,
        "B7": 2, "D7": "路灯不亮", "E7": "立行立改", "F7": "某乙", "G7": 4,
        "B8": "序号", "C8": "大网格", "D8": "问题描述", "E8": "整改", "G8": "投资",
        "B9": "二、第二网格",
        "B10": 3, "C10": "第二网格", "D10": "积水", "E10": "2021年底前", "F10": "某丙", "G10": 5,
        "B12": "合计", "D12": 436, "G12": 12,
        "B13": "注：投资为估算",
        "B14": "以上问题均已上报",
    }  # fmt: skip
    merged = ["B2:G2", "B4:B5", "C4:C5", "D4:D5", "E4:F4", "G4:G5", "C6:C7", "B9:G9", "B14:G14"]
    source = one_sheet(tmp_path, cells, *merged)
    assert list(source.cells.columns) == ["序号", "大网格", "问题描述", "整改/时限", "整改/责任人", "投资"]
    assert source.rows.tolist() == [6, 7, 10]
    assert source.cells["大网格"].tolist() == ["第一网格", "第一网格", "第二网格"]
    assert source.facts == {
        "title": "幸福社区问题清单（截至2021年8月）\n填报单位：幸福社区 单位：万元", "report_date": "2021-08",
        "report_year": "2021", "unit": "万元", "header_rows": "4-5",
    }  # fmt: skip
    notes = {one.code: one.found.zh for one in source.notes}
    assert notes == {
        "merged_filled": "第 7 行，补入 1 个单元格",
        "title_rows": "第 2、3 行：幸福社区问题清单（截至2021年8月）",
        "repeated_header": "第 8 行：序号",
        "total_rows": "第 12 行：合计",
        "note_rows": "第 9、13、14 行：二、第二网格",
        "blank_rows": "第 11 行",
        "total_differs": "合计写 436，表中有 3 行",
    }


def test_one_source_a_sheet_and_the_others_told(tmp_path: Path) -> None:
    sheets = {
        "第一网格": sheet_xml(PLAIN), "空": sheet_xml({}), "字典": sheet_xml(PLAIN), "第二网格": sheet_xml(PLAIN),
        "说明": sheet_xml({"A1": "填写说明", "A2": "一、逐项填写"}),
    }  # fmt: skip
    path = xlsx(tmp_path / "a.xlsx", sheets, states={"字典": "hidden"})
    first, second = read_sheets(path, file="台账.xlsx")
    assert (first.part, second.part, first.file) == ("第一网格", "第二网格", "台账.xlsx")
    assert [(one.code, one.file, one.found.en) for one in first.notes] == [
        ("sheet_left_out", "台账.xlsx:空", "a sheet without a table"),
        ("sheet_left_out", "台账.xlsx:字典", "a hidden sheet"),
        ("sheet_left_out", "台账.xlsx:说明", "a sheet without a table"),
    ]
    [hidden] = read_sheets(path, sheet="字典")
    assert (len(hidden.cells), hidden.facts["state"]) == (1, "hidden")
    assert refused(path, sheet="没有") == ["no_such_sheet"]
    assert refused(path, sheet="空") == ["sheet_left_out", "table_empty"]


def test_a_chart_among_the_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("图", 0)
    sheet = book["Sheet"]
    sheet.append(["编号", "数量"])
    sheet.append(["a", 1])
    book.save(tmp_path / "a.xlsx")
    [source] = read_sheets(tmp_path / "a.xlsx")
    assert (source.part, source.rows.tolist(), told(source)) == ("Sheet", [2], ["sheet_left_out"])


def test_days_counted_since_1904(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001 (as in a spreadsheet)
    sheet = book.active
    assert sheet is not None
    sheet.append(["编号", "日期"])
    sheet.append(["a", date(2021, 8, 20)])
    book.save(tmp_path / "a.xlsx")
    [source] = read_sheets(tmp_path / "a.xlsx")
    assert source.cells["日期"].tolist() == [datetime(2021, 8, 20)]  # noqa: DTZ001


def test_texts_that_are_shared(tmp_path: Path) -> None:
    cells = {"A1": cell("A1", 0, kind="s"), "B1": cell("B1", 1, kind="s"), "A2": 1, "B2": cell("B2", 2, kind="s")}
    path = xlsx(tmp_path / "a.xlsx", {"表": sheet_xml(cells)}, strings=["编号", "类别", "道路"])
    [source] = read_sheets(path)
    assert (list(source.cells.columns), source.cells.to_numpy().tolist()) == (["编号", "类别"], [[1, "道路"]])


def test_the_heading_may_be_named(tmp_path: Path) -> None:
    cells: dict[str, object] = {
        "A1": "甲",
        "B1": "乙",
        "A2": "丙",
        "B2": "丁",
        "A60": "戊",
        "B60": "己",
        "A61": 1,
        "B61": 2,
    }
    assert one_sheet(tmp_path, cells, header=2).rows.tolist() == [60, 61]
    late = one_sheet(tmp_path, cells, header=60)
    assert (late.rows.tolist(), list(late.cells.columns), late.facts["header_rows"]) == ([61], ["戊", "己"], "60")
    bare = one_sheet(tmp_path, cells, header=0)
    assert (bare.rows.tolist(), list(bare.cells.columns)) == ([1, 2, 60, 61], ["列A", "列B"])
