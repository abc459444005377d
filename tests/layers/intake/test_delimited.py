import csv
import io
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from layers.intake.source import Source
from layers.intake.tables import delimited, delimited_exact
from layers.intake.tables.delimited import read_delimited

DATA = Path("tests/data/intake/tables")


def write(folder: Path, text: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "a.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def refused(path: Path, **options: object) -> list[str]:
    with pytest.raises(DataError) as error:
        read_delimited(path, **options)  # type: ignore[arg-type]
    return [one.code for one in error.value.problems]


def lost(source: Source) -> list[tuple[int, str]]:
    return [(one.row, one.code) for one in source.lost]


def told(source: Source) -> list[str]:
    return [one.code for one in source.notes]


def column(source: Source, name: str) -> list[str | None]:
    return [None if pd.isna(cell) else str(cell) for cell in source.cells[name]]


def test_codes_and_words_stay_as_they_are_and_only_the_empty_cell_is_null() -> None:
    ids = read_delimited(DATA / "csv_ids_as_numbers.csv")
    assert column(ids, "id") == ["0001", "0002", "0003"]
    assert column(ids, "grid") == ["001", "002", "1-2"]
    assert column(ids, "phone") == ["13800001111", None, "03713456789"]
    assert column(ids, "idcard") == ["420602199001011234", "42060219900101123X", None]
    words = read_delimited(DATA / "csv_words_that_mean_missing.csv")
    assert column(words, "grid") == ["NA", "N/A"]
    assert column(words, "reporter") == ["Null", "NaN"]
    assert column(words, "desc") == ["None", "无"]
    assert all(str(kind) == "str" for kind in words.cells.dtypes)
    assert not ids.notes + ids.lost + words.notes + words.lost


def test_gb18030_is_read_exactly_and_named() -> None:
    source = read_delimited(DATA / "csv_gb18030.csv")
    assert source.facts["encoding"] == "gb18030"
    assert column(source, "地址") == ["㐀幸福路", "䶮巷"]
    assert told(source) == ["encoding_guessed"]


def test_a_nul_and_an_open_quote_cost_only_their_lines() -> None:
    source = read_delimited(DATA / "csv_nul_and_quote.csv")
    assert lost(source) == [(2, "nul_character"), (3, "open_quote")]
    assert source.rows.tolist() == [4]
    assert source.cells.iloc[0].tolist() == ["3", "c", "112.140500", "32.041200"]


def test_formulas_and_control_characters_are_text() -> None:
    formulas = read_delimited(DATA / "csv_formula_injection.csv")
    assert column(formulas, "desc")[:6] == ["=1+1", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1"]
    assert formulas.rows.tolist() == [2, 3, 4, 5, 6, 7, 9, 10]  # the lone return is the end of a line
    control = read_delimited(DATA / "csv_control_chars.csv")
    assert column(control, "desc")[:4] == ["a\x0bb", "a\x1fb", "\ufffe", "\u202e文本"]
    assert len(str(control.cells["desc"][6])) == 40_000
    assert len(control.cells) == 8
    assert not control.lost


@pytest.mark.parametrize(("name", "rows"), [("coordinates_dirty", 9), ("duplicate_ids", 4), ("ambiguous_dates", 5)])
def test_no_row_is_judged_by_its_values(name: str, rows: int) -> None:
    source = read_delimited(DATA / f"csv_{name}.csv")
    assert (len(source.cells), source.lost, source.notes) == (rows, (), ())
    assert source.rows.tolist() == list(range(2, rows + 2))


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=12)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=12))
    return [[f"列{at}" for at in range(width)], *rows]


@settings(deadline=None, max_examples=150)
@given(
    table=tables(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be"]),
    separator=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[list[str]],
    encoding: str,
    separator: str,
    end: str,
    quoting: int,
) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    expected, line = [], 1
    for number, row in enumerate(table):
        at = stream.tell()
        writer.writerow(row)
        if number and any(cell.strip() for cell in row):
            expected.append((line, row))
        line += len(re.findall(r"\r\n|\r|\n", stream.getvalue()[at:]))
    if quoting == csv.QUOTE_MINIMAL:  # a lone return is not quoted then, so nobody can read it back
        assume(not any(c in cell for row in table for cell in row for c in "\r\n" if c not in end))
    assume(
        not any(
            "计" in (cell := next(c for c in row if c.strip())) or "total" in cell.lower() or cell.strip() in table[0]
            for _, row in expected
        )
    )
    filled = {sum(bool(cell.strip()) for cell in row) for row in table}
    assume(not {0, 1} <= filled or len(table[0]) < 3)  # words alone after a blank row are a remark
    path = write(tmp_path_factory.mktemp("csv"), stream.getvalue(), encoding)
    source = read_delimited(path, encoding=encoding, separator=separator, header=1)
    assert lost(source) == []
    assert source.rows.tolist() == [line for line, _ in expected]
    assert [["" if pd.isna(c) else c for c in row] for row in source.cells.to_numpy()] == [row for _, row in expected]
    assert list(source.cells.columns) == table[0]


@settings(deadline=None, max_examples=150)
@given(text=st.text(st.sampled_from('a1,"\n\r\0计'), max_size=40))
def test_both_ways_of_reading_agree_and_no_line_is_lost_in_silence(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    path = write(folder, "列一,列二\n" + text)
    source = read_delimited(path, header=1, separator=",")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_fast", lambda *_: None)
        slow = read_delimited(path, header=1, separator=",")
    pd.testing.assert_frame_equal(source.cells, slow.cells)
    assert source.rows.tolist() == slow.rows.tolist()
    assert (source.lost, source.notes) == (slow.lost, slow.notes)
    records = [one for one in delimited_exact.records(path.read_bytes(), ",") if one.line > 1]
    left_out = [
        n
        for note in source.notes
        if note.code.endswith("_rows")
        for n in re.findall(r"\d+", note.found.en.split(":")[0])
    ]
    if not any(" more" in note.found.en for note in source.notes):
        assert Counter(map(str, [*source.rows, *(row for row, _ in lost(source))])) + Counter(left_out) == Counter(
            str(one.line) for one in records
        )


@pytest.mark.parametrize(
    ("text", "separator", "decimal"),
    [
        ("编号,经度,纬度\n1,112.1,32.0\n2,112.2,32.1\n", ",", "."),
        ("编号;经度;纬度\n1;112,1;32,0\n2;112,2;32,1\n", ";", ","),
        ("编号\t说明\n1\ta,b\n2\tc,d\n", "\t", None),
        ("编号|说明\n1|a;b\n2|c\n", "|", None),
        ("说明\n一\n二\n", ",", None),
        ("sep=;\r\n编号;说明\r\n1;a,b\r\n", ";", None),
        ('a,b\n1,"2,5"\n2,"3.5"\n', ",", "mixed"),
        ('a,b\n1,"1,250"\n2,"3,500"\n', ",", None),
    ],
)
def test_the_separator_and_the_decimal_sign_are_found(
    tmp_path: Path, text: str, separator: str, decimal: str | None
) -> None:
    source = read_delimited(write(tmp_path, text))
    assert (source.facts["separator"], source.facts.get("decimal")) == (separator, decimal)
    assert len(source.cells) == text.count("\n") - 1 - text.startswith("sep=")
    assert source.rows[-1] == text.count("\n")
    assert not source.lost


def test_rows_of_another_length_are_lost_and_none_shifts(tmp_path: Path) -> None:
    text = 'id,name,type\n1,a,x\n2,b\n3,c,x,y\n4,d,x,\n5,"e\nf",x\n6,g,x\n'
    source = read_delimited(write(tmp_path, text))
    assert lost(source) == [(3, "ragged_row"), (4, "ragged_row")]
    assert source.rows.tolist() == [2, 5, 6, 8]
    assert column(source, "name") == ["a", "d", "e\nf", "g"]
    assert source.lost[0].found.en == "2 cells under 3 headings"


def test_two_open_quotes_do_not_swallow_the_rows_between(tmp_path: Path) -> None:
    text = 'id,name\n1,"a\n2,b\n3,c\n4,"d\n5,e\n6,"f"\n'
    source = read_delimited(write(tmp_path, text))
    assert lost(source) == [(2, "open_quote"), (5, "open_quote")]
    assert source.rows.tolist() == [3, 4, 6, 7]
    assert column(source, "name") == ["b", "c", "e", "f"]


def test_an_open_quote_in_the_last_column_loses_nothing_after_it(tmp_path: Path) -> None:
    source = read_delimited(write(tmp_path, 'id,name\n1,"a\n2,b\n3,c\n'))
    assert lost(source) == [(2, "open_quote")]
    assert column(source, "name") == ["b", "c"]


def test_quotes_inside_a_word_are_text(tmp_path: Path) -> None:
    source = read_delimited(write(tmp_path, 'id,name\n1,5" pipe\n2,"say ""hi"""\n'))
    assert column(source, "name") == ['5" pipe', 'say "hi"']
    assert not source.lost


def test_bytes_that_are_no_character_cost_their_row(tmp_path: Path) -> None:
    text = "编号,位置\n" + "".join(f"{n},幸福路{n}号\n" for n in range(40))
    content = text.encode() + b"40,\xe5\xb9\xb8\xe7\xa6,\n41,\xe5\xb9\n42,ok\n"
    source = read_delimited(write(tmp_path, content))
    assert lost(source) == [(42, "bad_bytes"), (43, "bad_bytes")]
    assert len(source.cells) == 41


def test_titles_totals_and_notes_are_told(tmp_path: Path) -> None:
    text = (
        "幸福社区问题清单（截至2021年8月）,,,\n单位：万元,,,\n编号,问题描述,责任单位,投资\n"
        "1,井盖破损,城管局,3\n2,路灯不亮,路灯所,4\n编号,问题描述,责任单位,投资\n3,积水,水务局,5\n,,,\n"
        "合计,436,,12\n注：以上为初步统计\n填表人：某某,,,\n"
    )
    source = read_delimited(write(tmp_path, text, "gb18030"))
    assert source.rows.tolist() == [4, 5, 7]
    assert (source.facts["report_date"], source.facts["unit"]) == ("2021-08", "万元")
    assert source.facts["header_rows"] == "3"
    codes = [
        "encoding_guessed",
        "title_rows",
        "repeated_header",
        "total_rows",
        "note_rows",
        "blank_rows",
        "total_differs",
    ]
    assert told(source) == codes
    assert source.notes[-1].found.zh == "合计写 436，表中有 3 行"
    assert source.notes[4].found.zh.startswith("第 10、11 行")
    assert not source.lost


def test_a_two_row_heading_saved_as_csv(tmp_path: Path) -> None:
    text = "序号,问题描述,整改,,备注\n,,时限,责任人,\n1,井盖破损,2021.8.20,某某,\n2,积水,2021.9.1,某某,急\n"
    source = read_delimited(write(tmp_path, text))
    assert list(source.cells.columns) == ["序号", "问题描述", "整改/时限", "整改/责任人", "备注"]
    assert source.facts["header_rows"] == "1-2"
    assert source.rows.tolist() == [3, 4]


def test_headings_are_made_unique_and_told(tmp_path: Path) -> None:
    source = read_delimited(write(tmp_path, "编号,时间,,时间,\n1,a,b,c,\n2,d,e,f,\n"))
    assert list(source.cells.columns) == ["编号", "时间", "列3", "时间 (2)"]
    assert told(source) == ["heading_repeated", "heading_missing"]


def test_the_heading_can_be_named_and_absent(tmp_path: Path) -> None:
    path = write(tmp_path, "1,2\n3,4\n5,6\n")
    source = read_delimited(path)
    assert told(source) == ["header_unsure"]
    assert source.notes[0].row == "1"
    assert read_delimited(path, header=2).rows.tolist() == [3]
    bare = read_delimited(path, header=0)
    assert (bare.rows.tolist(), list(bare.cells.columns), bare.facts["header_rows"]) == ([1, 2, 3], ["列1", "列2"], "0")
    assert refused(path, header=9) == ["table_empty"]


def test_a_table_of_a_heading_only(tmp_path: Path) -> None:
    source = read_delimited(write(tmp_path, "编号,名称\n"))
    assert (len(source.cells), list(source.cells.columns)) == (0, ["编号", "名称"])
