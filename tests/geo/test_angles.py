import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.angles import ANGLE_FAULTS, Angle, AngleFault, degrees_of, read_angle

YONGZHOU = 111 + 36 / 60 + 12.5 / 3600


@pytest.mark.parametrize(
    "text",
    [
        "111°36′12.5″", "111°36'12.5\"", "111º36’12.5”", "111°36′12.5′′", "１１１°３６′１２．５″", "111度36分12.5秒",
        "东经111度36分12.5秒", "E111°36′12.5″", "111°36′12.5″E", "111° 36′ 12.5″ E", "e111°36′12.5″", "东经 111°36′12.5″",
        "111-36-12.5", "111－36－12.5", "111:36:12.5", "111 36 12.5", "111.36.12.5", "111d36m12.5s", "111D36M12.5S",
        "111d36'12.5\"E", "111°36′12,5″", "111°36′12.5", "经度：111°36′12.5″", "lon=111 36 12.5", "+111-36-12.5",
        "111°36.208333333333′", "111 36.208333333333", "E 111°36.208333333333",
    ],
)  # fmt: skip
def test_minutes_and_seconds_in_all_spellings(text: str) -> None:
    found = read_angle(text)
    assert isinstance(found, Angle), found
    assert found.value == pytest.approx(YONGZHOU, abs=1e-9)
    assert found.axis in {"", "lon"}


@pytest.mark.parametrize(
    ("text", "value", "axis"),
    [
        ("112.14", 112.14, ""), ("１１２．１４", 112.14, ""), ("112,14", 112.14, ""), ("112。14", 112.14, ""),
        ("112.14°", 112.14, ""), ("−71.05", -71.05, ""), ("W71°03′36″", -71.06, "lon"), ("71.06W", -71.06, "lon"),
        ("北纬26.5", 26.5, "lat"), ("26°30′N", 26.5, "lat"), ("南纬26°30′", -26.5, "lat"), ("26d30m0sS", -26.5, "lat"),
        ("26d30m00S", -26.5, "lat"), ("-26-30-00", -26.5, ""), ("lat: 26.5", 26.5, "lat"), ("纬度26.5", 26.5, "lat"),
        ("3,350,000.5", 3_350_000.5, ""), ("516,950", 516_950, ""), ("516950.34米", 516_950.34, ""), ("5.1e5", 5.1e5, ""),
    ],
)  # fmt: skip
def test_other_ways_to_write_one_coordinate(text: str, value: float, axis: str) -> None:
    found = read_angle(text)
    assert isinstance(found, Angle), found
    assert (found.value, found.axis) == (pytest.approx(value), axis)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("111°60′00″", "angle_minutes"), ("111-61-00", "angle_minutes"), ("111°36′60″", "angle_seconds"),
        ("111度36分75秒", "angle_seconds"), ("111°61.5′", "angle_minutes"), ("181°00′00″", "angle_beyond"),
        ("N91", "angle_beyond"), ("E200", "angle_beyond"), ("-71 W", "angle_sign"), ("lat E111.6", "angle_sign"),
        ("N26 N111", "angle_unreadable"), ("E111.6E", "angle_sign"), ("1e400", "angle_not_finite"),
        ("inf", "angle_not_finite"), ("nan", "angle_unreadable"), ("***", "angle_unreadable"), ("-", "angle_unreadable"),
        ("不详", "angle_unreadable"), ("111-36", "angle_unreadable"), ("111°3612.5", "angle_unreadable"),
        ("111.5°30′", "angle_unreadable"), ("111°36.5′12″", "angle_unreadable"), ("111.6034.2", "angle_unreadable"),
        ("111°36′12″5", "angle_unreadable"), ("2015-03-04T05", "angle_unreadable"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_a_fault(text: str, code: str) -> None:
    found = read_angle(text)
    assert isinstance(found, AngleFault), found
    assert (found.code, found.expected) == (code, ANGLE_FAULTS[code])
    assert found.found.zh == text


def test_a_column_of_plain_and_odd_cells() -> None:
    cells = pd.Series(
        ["１１２.１４", "112°8′24″", "112,14", " 112.14 ", "32.04", "0", "", "1e400", "nan", None], dtype="str"
    )
    found = degrees_of(cells)
    assert found.numbers[:6].tolist() == pytest.approx([112.14, 112.14, 112.14, 112.14, 32.04, 0])
    assert np.isnan(found.numbers[6:]).all()
    assert found.repaired.tolist() == [True, True, True, *[False] * 7]
    assert {row: fault.code for row, fault in found.faults.items()} == {7: "angle_not_finite", 8: "angle_unreadable"}


def test_cells_of_a_spreadsheet() -> None:
    cells = pd.Series([112.14, 112, "112°8′24″", True, None, np.inf, pd.Timestamp("2015-01-01")], dtype=object)
    found = degrees_of(cells)
    assert found.numbers[:3].tolist() == pytest.approx([112.14, 112, 112.14])
    assert np.isnan(found.numbers[3:]).all()
    assert sorted(found.faults) == [3, 5, 6]


@pytest.mark.parametrize("dtype", ["float64", "int64", "Int64", "Float64"])
def test_columns_of_numbers(dtype: str) -> None:
    assert degrees_of(pd.Series([111, 112], dtype=dtype)).numbers.tolist() == [111, 112]


@pytest.mark.parametrize("cells", [pd.Series([True, False]), pd.Series(pd.to_datetime(["2015-01-01"]))])
def test_columns_of_other_things_are_faulty(cells: pd.Series) -> None:
    found = degrees_of(cells)
    assert sorted(found.faults) == list(range(len(cells)))


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["112,140", "32,040"], None),
        (["112,140", "32,04"], [112.14, 32.04]),
        (["112,140", "1,032,040"], [112_140, 1_032_040]),
        (["112,140", "516,950"], [112_140, 516_950]),
    ],
)
def test_other_cells_show_what_a_comma_means(cells: list[str], values: list[float] | None) -> None:
    found = degrees_of(pd.Series(cells, dtype="str"))
    if values is None:
        assert [fault.code for fault in found.faults.values()] == ["angle_comma"] * 2
    else:
        assert found.numbers.tolist() == pytest.approx(values)


@settings(deadline=None)
@given(
    st.integers(0, 179), st.integers(0, 59), st.integers(0, 59_999), st.sampled_from(["°′″", "度分秒", "---", "::: "])
)
def test_what_is_written_is_read(degrees: int, minutes: int, thousandths: int, marks: str) -> None:
    seconds = thousandths / 1000
    text = f"{degrees}{marks[0]}{minutes:02d}{marks[1]}{seconds:06.3f}" + (marks[2] if marks[0] in "°度" else "")
    found = read_angle(text)
    assert isinstance(found, Angle)
    assert found.value == pytest.approx(degrees + minutes / 60 + seconds / 3600, abs=1e-9)


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("0123456789.,-+°′″'\" EWNSensw度分秒东经北纬１２．，:d m s()"), max_size=14), max_size=8
    )
)
def test_any_text_gives_a_value_or_a_fault(texts: list[str]) -> None:
    found = degrees_of(pd.Series(texts, dtype="str"))
    for row, text in enumerate(texts):
        assert (row in found.faults) == (bool(text.strip()) and not np.isfinite(found.numbers[row]))


@given(
    st.lists(
        st.floats().map(repr) | st.sampled_from(["112.5", "-0", " 7", "1e3", "+5", "inf", "nan", "1,5", "N 32", "", "0x1F", "1_0", ".5", "5."])
        | st.none(),
        max_size=8,
    )
)  # fmt: skip
def test_a_column_of_plain_numbers_is_read_at_once_as_each_cell_would_be(written: list[str | None]) -> None:
    slow, quick = (degrees_of(pd.Series(written, dtype=kind)) for kind in (object, "str"))
    np.testing.assert_array_max_ulp(quick.numbers, slow.numbers, maxulp=1)
    assert (quick.axis == slow.axis).all()
    assert (quick.repaired == slow.repaired).all()
    assert quick.faults == slow.faults
