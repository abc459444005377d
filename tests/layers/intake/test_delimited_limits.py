from pathlib import Path

import pytest

from layers.intake.tables import delimited, delimited_exact
from layers.intake.tables.delimited import read_delimited
from layers.intake.tables.limits import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS
from tests.layers.intake.test_delimited import lost, refused, write


def test_no_file_and_no_text_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv") == ["table_unreadable"]
    assert refused(write(tmp_path, " \n\n")) == ["table_empty"]
    assert refused(write(tmp_path, "\ufeff")) == ["table_empty"]
    assert refused(write(tmp_path, b"%PDF-1.7\n" + bytes(range(128, 256)) * 40 + bytes(400))) == ["not_text"]


def test_the_name_for_messages_may_differ(tmp_path: Path) -> None:
    source = read_delimited(write(tmp_path, "编号,,\n1,2,3\n"), file="台账.csv")
    assert {source.file, source.notes[0].file} == {"台账.csv"}


def test_the_limit_of_rows(tmp_path: Path) -> None:
    rows = "1\n" * (MOST_ROWS - 1)
    assert len(read_delimited(write(tmp_path, "n\n" + rows), header=1).cells) == MOST_ROWS - 1
    assert refused(write(tmp_path, "n\n" + rows + "1\n"), header=1) == ["table_over_limit"]


def test_the_limit_of_rows_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MOST_ROWS", 5)
    assert len(read_delimited(write(tmp_path, 'a,b\n1,2\n2,"x"y\n3,4\n5,6\n')).cells) == 3
    assert refused(write(tmp_path, 'a,b\n1,2\n2,"x"y\n3,4\n5,6\n7,8\n')) == ["table_over_limit"]


def test_the_limit_of_columns(tmp_path: Path) -> None:
    def wide(count: int) -> Path:
        return write(tmp_path, "\n".join(",".join(f"{c}{n}" for n in range(count)) for c in "ab"))

    assert read_delimited(wide(MOST_COLUMNS)).cells.shape == (1, MOST_COLUMNS)
    assert refused(wide(MOST_COLUMNS + 1)) == ["table_over_limit"]


@pytest.mark.parametrize("quote", ["", '"'])
def test_the_limit_of_a_cell(tmp_path: Path, quote: str) -> None:
    text = "编号,说明\n1,{}\n2,好\n"
    at = read_delimited(write(tmp_path, text.format(quote + "长" * LONGEST_CELL + quote)))
    assert (len(at.cells), at.lost) == (2, ())
    over = read_delimited(write(tmp_path, text.format(quote + "长" * (LONGEST_CELL + 1) + quote)))
    assert lost(over) == [(2, "cell_too_long")]
    far = read_delimited(write(tmp_path, text.format(quote + "长" * 2 * LONGEST_CELL + quote) + '3,"x"y\n'))
    assert lost(far) == [(2, "cell_too_long"), (4, "open_quote")]


def test_a_row_that_is_both_too_long_and_ragged(tmp_path: Path) -> None:
    over = read_delimited(write(tmp_path, "编号,说明\n1,2," + "长" * 2 * LONGEST_CELL + "\n2,好\n"))
    assert lost(over) == [(2, "cell_too_long")]
    assert over.rows.tolist() == [3]


def test_the_limit_of_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a,b\n1,2\n"
    monkeypatch.setattr(delimited, "MOST_BYTES", len(text))
    assert len(read_delimited(write(tmp_path, text)).cells) == 1
    assert refused(write(tmp_path, text + "\n")) == ["table_over_limit"]


def test_a_text_of_broken_quotes_only_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited_exact, "MOST_BROKEN_QUOTES", 100)
    assert refused(write(tmp_path, "a,b\n" + '1,"x"y\n' * 101)) == ["not_text"]
    assert len(read_delimited(write(tmp_path, "a,b\n" + '1,"x"y\n' * 100)).lost) == 100
