import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from layers.intake.tables import sheet_scan
from layers.intake.tables.limits import MOST_CELLS, MOST_COLUMNS, MOST_SHEET_ROWS
from layers.intake.tables.sheet_scan import column_letters, column_number, scan_sheet
from tests.layers.intake.books import cell, raw_xml, sheet_xml


def scanned(xml: str, strings: bytes = b"") -> sheet_scan.SheetFacts:
    return scan_sheet(xml.encode(), strings, "a.xlsx")


def refused(xml: str, strings: bytes = b"") -> str:
    with pytest.raises(DataError) as error:
        scanned(xml, strings)
    return error.value.problems[0].code


LAST_ROW, LAST_COLUMN = MOST_SHEET_ROWS, column_letters(MOST_COLUMNS)
FORMS = [
    '<row r="{row}"><c r="{place}"><v>1</v></c></row>',
    '<row r="{row}"><c r="{place}" s="3" t="s"><v>1</v></c></row>',
    '<row r="{row}" ht="3"><c s="3" r="{place}"><v>1</v></c></row>',
    "<row r='{row}'><c r='{place}'><v>1</v></c></row>",
    '<row\nr="{row}"><c\n\tr="{place}" t="inlineStr"><is><t>a</t></is></c></row>',
    '<row r="{row}"><c r="${place}"><f>1</f><v>1</v></c></row>',
    '<row r="{row}"><y:c xmlns:y="y" r="{place}"><y:v>1</y:v></y:c></row>',
]


@pytest.mark.parametrize("form", FORMS)
def test_the_limits_of_rows_and_columns_in_any_writing(form: str) -> None:
    def sheet(row: int, column: str) -> str:
        return raw_xml('<row r="1"/>' + form.format(row=row, place=f"{column}{row}"))

    assert scanned(sheet(LAST_ROW, "A")) == ({}, {})
    assert scanned(sheet(1, LAST_COLUMN)) == ({}, {})
    assert refused(sheet(LAST_ROW + 1, "A")) == "table_over_limit"
    assert refused(sheet(1, column_letters(MOST_COLUMNS + 1))) == "table_over_limit"
    assert refused(sheet(1, "XFD")) == "table_over_limit"


def test_rows_and_cells_without_a_place_are_counted() -> None:
    assert scanned(raw_xml("<row><c><v>1</v></c></row>" * LAST_ROW)) == ({}, {})
    assert refused(raw_xml("<row><c><v>1</v></c></row>" * (LAST_ROW + 1))) == "table_over_limit"
    assert scanned(raw_xml("<row>" + "<c><v>1</v></c>" * MOST_COLUMNS + "</row>")) == ({}, {})
    assert refused(raw_xml("<row>" + "<c><v>1</v></c>" * (MOST_COLUMNS + 1) + "</row>")) == "table_over_limit"
    skipping = '<row r="{}"/><row><c><v>1</v></c></row>'
    assert scanned(raw_xml(skipping.format(LAST_ROW - 1))) == ({}, {})
    assert refused(raw_xml(skipping.format(LAST_ROW))) == "table_over_limit"


def test_the_limit_of_the_rectangle() -> None:
    wide = MOST_CELLS // MOST_SHEET_ROWS
    for row, column in ((LAST_ROW, column_letters(wide)), (MOST_CELLS // MOST_COLUMNS, LAST_COLUMN)):
        assert scanned(sheet_xml({"A1": 1, f"{column}{row}": 1})) == ({}, {})
    assert refused(sheet_xml({"A1": 1, f"{column_letters(wide + 1)}{LAST_ROW}": 1})) == "table_over_limit"
    assert refused(sheet_xml({"A1": 1, f"{LAST_COLUMN}{MOST_CELLS // MOST_COLUMNS + 1}": 1})) == "table_over_limit"


def test_formats_without_values_reach_as_far_as_they_like() -> None:
    xml = raw_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="3"/></row>')
    assert scanned(xml) == ({}, {})


def test_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_scan, "_MOST_ELEMENTS", 100)
    assert scanned(raw_xml("<row/>" * 50 + "<c/>" * 50)) == ({}, {})
    assert refused(raw_xml("<row/>" * 50 + "<c/>" * 51)) == "table_over_limit"


def test_formulas_and_errors_are_found() -> None:
    cells = {
        "A1": cell("A1", None, formula="1+1"), "B1": cell("B1", 2, formula="1+1"), "C1": cell("C1", "", formula="x", kind="str"),
        "D1": cell("D1", "#N/A", kind="e"), "E1": cell("E1", "#DIV/0!", formula="1/0", kind="e"),
        "F1": cell("F1", None, formula="x", kind="str"), "AB12": cell("AB12", "", formula="A1"),
    }  # fmt: skip
    facts = scanned(sheet_xml(cells))
    assert facts.formulas == {(0, 0): "1+1", (0, 5): "x", (11, 27): "A1"}
    assert facts.errors == {(0, 3): "#N/A", (0, 4): "#DIV/0!"}


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 40), st.integers(0, 30)),
        st.sampled_from(["number", "text", "formula", "error", "shared"]),
        max_size=8,
    )
)
def test_the_quick_look_and_the_parser_agree(cells: dict[tuple[int, int], str]) -> None:
    made = {}
    for (row, column), kind in cells.items():
        place = f"{column_letters(column + 1)}{row + 1}"
        made[place] = {
            "number": cell(place, 3), "text": cell(place, "a"), "formula": cell(place, None, formula="1"),
            "error": cell(place, "#N/A", kind="e"), "shared": cell(place, 0, kind="s"),
        }[kind]  # fmt: skip
    xml = sheet_xml(made)
    assert scanned(xml) == sheet_scan._Scanner("a.xlsx").run(xml.encode())


@pytest.mark.parametrize(
    "xml",
    [
        raw_xml('<row r="1"><c r="A0"><v>1</v></c></row>'),
        raw_xml('<row r="1"><c r="A99999999999"><v>1</v></c></row>'),
        raw_xml('<row r="1"><c r="ABCD1"><v>1</v></c></row>'),
        raw_xml('<row r="1"><c r=""><v>1</v></c></row>'),
        raw_xml("<row><c><f>1</f></row>"),
        raw_xml("") + raw_xml(""),
        raw_xml("</sheetData><sheetData>"),
        "<worksheet><f ",
    ],
)
def test_what_is_no_sheet_is_refused(xml: str) -> None:
    assert refused(xml) == "book_damaged"


def test_one_long_text_in_every_cell_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    strings = b"<sst><si><t>" + b"x" * 988 + b"</t></si><si><t>y</t></si></sst>"  # the first takes 1009 bytes
    cells = {f"A{row}": cell(f"A{row}", 0, kind="s") for row in range(1, 11)}
    other = {f"B{row}": cell(f"B{row}", 1, kind="s") for row in range(1, 11)}
    monkeypatch.setattr(sheet_scan, "MOST_TEXT", 11_000)
    assert scanned(sheet_xml(cells | other), strings) == ({}, {})
    monkeypatch.setattr(sheet_scan, "MOST_TEXT", 10_000)
    assert refused(sheet_xml(cells), strings) == "table_over_limit"
    assert scanned(sheet_xml(other), strings) == ({}, {})


def test_many_merged_ranges_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_scan, "MOST_MERGED", 2)
    assert scanned(sheet_xml({"A1": 1}, ["A1:A2", "B1:B2"])) == ({}, {})
    assert refused(sheet_xml({"A1": 1}, ["A1:A2", "B1:B2", "C1:C2"])) == "table_over_limit"


@given(st.integers(1, 20_000))
def test_columns_are_named_by_letters(number: int) -> None:
    assert column_number(column_letters(number)) == number


def test_letters() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 200, 702, 703)] == ["A", "Z", "AA", "GR", "ZZ", "AAA"]
