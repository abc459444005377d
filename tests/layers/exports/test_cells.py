import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.exports import protected, unprotected
from layers.exports.cells import FORMULA, NEGATIVE, cut_bytes, cut_units, for_workbook, for_xml
from tests.layers.exports.tables import texts


@given(texts)
@settings(deadline=None)
def test_protection_is_undone_exactly(text: str) -> None:
    assert unprotected(protected(text)) == text


@given(texts)
@settings(deadline=None)
def test_nothing_protected_begins_like_a_formula(text: str) -> None:
    shown = protected(text)
    assert NEGATIVE.match(shown) or not FORMULA.match(shown) or shown.startswith("'")


@pytest.mark.parametrize("text", ["=1", "+1", "-1+2", "@A", "\tx", "\rx", "\n", " =1", "＝1", "'=1"])
def test_what_programs_would_run_is_protected(text: str) -> None:
    assert protected(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "-0.25", "a=1", "1-2", "'quoted", "幸福小区", ""])
def test_the_rest_is_left_alone(text: str) -> None:
    assert protected(text) == text == unprotected(text)


@given(texts, st.integers(0, 12), st.sampled_from(["utf-8", "gbk"]))
@settings(deadline=None)
def test_a_cut_text_fits_and_ends_with_a_whole_character(text: str, most: int, encoding: str) -> None:
    kept = text if encoding == "utf-8" else text.encode("gbk", "ignore").decode("gbk")
    cut = cut_bytes(kept, most, encoding)
    assert kept.startswith(cut)
    assert len(cut.encode(encoding)) <= most
    assert cut == kept or len(kept[: len(cut) + 1].encode(encoding)) > most


@given(texts, st.integers(0, 12))
@settings(deadline=None)
def test_units_are_those_of_spreadsheets(text: str, most: int) -> None:
    cut = cut_units(text, most)
    assert text.startswith(cut)
    assert len(cut.encode("utf-16-le")) <= 2 * most


def test_xml_and_workbooks_lose_only_what_they_cannot_hold() -> None:
    assert for_xml("a\x00b\x0bc\ufffed\te\nf") == "a\ufffdb\ufffdc\ufffdd\te\nf"
    assert for_workbook("a\r\nb\rc") == "a\nb\nc"
    assert for_workbook("_x0041_ _x_") == "_x005F_x0041_ _x_"
