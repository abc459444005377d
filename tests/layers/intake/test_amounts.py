# ruff: noqa: PD011 (the readings of the contract have a field called values)
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from layers.intake.cells.amounts import FAULTS, decimal_of, quantity_of, read_amounts
from layers.intake.cells.numerals import number_of
from layers.intake.cells.units import UNITS

MU = 10_000 / 15
WRITTEN = {
    "yuan": {
        "35万元": 350_000, "1.2亿元": 120_000_000, "350元": 350, "1.13万元": 11_300, "35万": 350_000, "5百万元": 5_000_000,
        "3千元": 3_000, "¥350": 350, "RMB 300": 300, "人民币300元": 300, "300块": 300, "1,234.50元": 1_234.5, "-5元": -5,
        "总投资48.05万元": 480_500, "(1,200)": -1_200, "12,345,678元": 12_345_678,
    },
    "m2": {
        "10亩": 10 * MU, "2.5公顷": 25_000, "1500平方米": 1_500, "1500㎡": 1_500, "1500m²": 1_500, "1500 m2": 1_500, "1500平": 1_500,
        "0.4平方公里": 400_000, "0.4 km²": 400_000, "3万平方米": 30_000, "2 ha": 20_000, "500平米": 500,
    },
    "count": {
        "3处": 3, "925盏": 925, "12个": 12, "320户": 320, "5人": 5, "38幅": 38, "3座": 3, "42栋": 42, "115单元": 115, "100件次": 100,
        "1.2万户": 12_000, "共320户": 320, "12": 12, "30 households": 30,
    },
    "m": {"800米": 800, "1.2公里": 1_200, "3千米": 3_000, "14860m": 14_860, "50厘米": 0.5, "300mm": 0.3, "宽3米": 3},
    "mm": {"300mm": 300, "DN300": 300, "300": 300, "0.3米": 300, "φ500": 500},
    "storeys": {"6层": 6, "6": 6, "6.5": 6.5},
    "share": {"85%": 0.85, "93.5％": 0.935},
}  # fmt: skip
QUALIFIED = [
    ("m", "800多米", 800, "gt"), ("count", "1860多件", 1_860, "gt"), ("count", "200余处", 200, "gt"), ("yuan", "20多万元", 200_000, "gt"),
    ("yuan", "3万多元", 30_000, "gt"), ("count", "800+", 800, "gt"), ("count", "5处以上", 5, "gt"), ("count", "超过50人", 50, "gt"),
    ("count", "不少于5处", 5, "gt"), ("count", "≥5处", 5, "gt"), ("count", "上千人", 1_000, "gt"), ("count", "数百户", 100, "gt"),
    ("count", "十几个", 10, "gt"), ("count", "几十处", 10, "gt"), ("count", "5万多人", 50_000, "gt"), ("count", "over 300", 300, "gt"),
    ("yuan", "不到100元", 100, "lt"), ("count", "不足20户", 20, "lt"), ("count", "少于20户", 20, "lt"), ("count", "20户以下", 20, "lt"),
    ("count", "20户以内", 20, "lt"), ("yuan", "<100元", 100, "lt"), ("yuan", "不超过5万元", 50_000, "lt"), ("count", "at most 5", 5, "lt"),
    ("count", "近800户", 800, "approx"), ("m2", "约1500平方米", 1_500, "approx"), ("m2", "1500平方米左右", 1_500, "approx"),
    ("m2", "大约2800㎡", 2_800, "approx"), ("count", "30来户", 30, "approx"), ("count", "将近百户", 100, "approx"), ("m", "~800m", 800, "approx"),
    ("yuan", "约20多万元", 200_000, "gt"),
]  # fmt: skip
REPAIRED = [
    ("yuan", "3-5万元", 40_000, "approx"), ("yuan", "3万-5万元", 40_000, "approx"), ("yuan", "5000-1万元", 7_500, "approx"),
    ("m2", "2800~3000平方米", 2_900, "approx"), ("count", "3至4个", 3, "approx"), ("m2", "1-2亩", 1.5 * MU, "approx"),
    ("count", "三百二十户", 320, "eq"), ("yuan", "十二万", 120_000, "eq"), ("count", "两百", 200, "eq"), ("count", "一千零五", 1_005, "eq"),
    ("count", "三百二", 320, "eq"), ("count", "一万二", 12_000, "eq"), ("yuan", "3万5千元", 35_000, "eq"), ("count", "十", 10, "eq"),
    ("m2", "一亩半", 1.5 * MU, "eq"), ("m2", "半亩", 0.5 * MU, "eq"), ("count", "１２３", 123, "eq"), ("count", "壹佰贰拾", 120, "eq"),
    ("yuan", "１，２３４．５元", 1_234.5, "eq"),
]  # fmt: skip
CASES = [(to, text, value) for to, each in WRITTEN.items() for text, value in each.items()]


def one(text: object, **said: object) -> tuple[object, object, object, bool, str | None]:
    read = read_amounts(pd.Series([text], dtype=object), **said)  # type: ignore[arg-type]
    fault = read.faults.get(0)
    missing = [None if pd.isna(part.iloc[0]) else part.iloc[0] for part in read[:3]]
    return (*missing, bool(read.repaired.iloc[0]), fault.code if fault else None)


@pytest.mark.parametrize(("to", "text", "value"), CASES)
def test_a_quantity_as_written(to: str, text: str, value: float) -> None:
    read, *rest, _, fault = one(text, to=to)
    assert (read, rest, fault) == (pytest.approx(value, rel=1e-12), ["eq", None], None)


@pytest.mark.parametrize(("to", "text", "value", "qualifier"), QUALIFIED)
def test_a_vague_quantity_has_its_qualifier(to: str, text: str, value: float, qualifier: str) -> None:
    assert one(text, to=to)[:2] == (value, qualifier)


@pytest.mark.parametrize(("to", "text", "value", "qualifier"), REPAIRED)
def test_a_quantity_that_was_repaired(to: str, text: str, value: float, qualifier: str) -> None:
    assert one(text, to=to) == (pytest.approx(value), qualifier, None, True, None)


@pytest.mark.parametrize("text", ["***", "**万元", "1**处", "＊＊＊", "**亩", "××户"])
def test_masked_numbers_are_unknown_never_zero(text: str) -> None:
    assert one(text, to="count") == (None, None, "masked", False, None)


@pytest.mark.parametrize("text", ["无", "—", "-", "/", "不详", "N/A", "暂无", "未统计"])
def test_a_cell_that_says_unknown(text: str) -> None:
    assert one(text, to="count") == (None, None, "unknown", False, None)


@pytest.mark.parametrize(
    ("to", "text", "code"),
    [
        ("yuan", "10亩", "amount_unit_wrong"), ("m2", "800米", "amount_unit_wrong"), ("yuan", "100元/户", "amount_unit_unknown"),
        ("m2", "5坪", "amount_unit_unknown"), ("count", "12.5户", "amount_not_whole"), ("count", "第3个", "amount_unreadable"),
        ("count", "三五处", "amount_unreadable"), ("yuan", "#N/A", "amount_unreadable"), ("m", "改造道路800米，铺砖3处", "amount_unreadable"),
        ("count", True, "amount_unreadable"), ("count", float("inf"), "amount_unreadable"), ("count", pd.Timestamp("2021-01-01"), "amount_unreadable"),
    ],
)  # fmt: skip
def test_a_fault_has_words_and_no_value(to: str, text: object, code: str) -> None:
    assert one(text, to=to) == (None, None, None, False, code)
    assert code in FAULTS


@pytest.mark.parametrize(
    ("text", "value"),
    [("35", 350_000), (35, 350_000), ("350000元", 350_000), ("35万", 350_000), ("3-5", 40_000), ("约35", 350_000)],
)
def test_the_unit_of_the_heading_is_that_of_bare_numbers(text: object, value: float) -> None:
    assert one(text, to="yuan", unit="万元")[0] == value


def test_a_unit_of_another_quantity_is_refused() -> None:
    with pytest.raises(DataError) as caught:
        read_amounts(pd.Series(["1"]), to="yuan", unit="亩")
    assert caught.value.problems[0].found == ("亩", "亩")


def test_a_mu_is_ten_thousand_fifteenths() -> None:
    assert one("15亩", to="m2")[0] == 10_000
    assert one("10亩", to="m2")[0] == pytest.approx(6_666.67, abs=0.005)


def test_the_decimal_mark_is_decided_by_the_whole_column() -> None:
    comma = pd.Series(["12,5", "1.234,5", "1,234", "1.234"])
    assert decimal_of(comma) == ","
    assert read_amounts(comma, to="m").values.tolist() == [12.5, 1_234.5, 1.234, 1_234]
    point = pd.Series(["12.5", "1,234"])
    assert decimal_of(point) == "."
    assert read_amounts(point, to="m").repaired.tolist() == [False, False]
    silent = read_amounts(pd.Series(["1,234"]), to="m")
    assert (silent.values[0], silent.repaired[0]) == (1_234, True)


def test_contradicting_commas_are_asked() -> None:
    cells = pd.Series(["12,5", "12.25", "1,234", "1.234"])
    assert {at: fault.code for at, fault in read_amounts(cells, to="m").faults.items()} == {
        2: "amount_comma",
        3: "amount_comma",
    }
    assert read_amounts(cells, to="m", decimal=".").values.tolist()[1:] == [12.25, 1_234, 1.234]


def test_typed_columns_and_gaps() -> None:
    read = read_amounts(pd.Series([1.5, np.nan, 3], index=[5, 6, 7]), to="m2", unit="亩")
    assert read.values.tolist()[0] == 1_000
    assert read.values.index.tolist() == [5, 6, 7]
    assert read.qualifier.isna().tolist() == [False, True, False]
    assert read_amounts(pd.Series([3, None], dtype="Int64"), to="count").values[0] == 3
    assert read_amounts(pd.Series([], dtype="str"), to="count").faults == {}


def test_units_of_headings() -> None:
    assert [quantity_of(unit) for unit in ("万元", "亩", "m2", "米", "户", "类")] == [
        "yuan",
        "m2",
        "m2",
        "m",
        "count",
        None,
    ]


def test_no_unit_word_measures_two_different_things() -> None:
    words = [word for to in ("yuan", "m2", "m", "count", "share") for word in UNITS[to]]
    assert {word for word in words if words.count(word) > 1} == {"块"}  # money, and pieces of land


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 10**12), st.sampled_from(["{}", "{:,}", "{}处", "共{}个", " {} "]))
def test_a_whole_number_reads_back(number: int, form: str) -> None:
    assert one(form.format(number), to="count")[0] == number


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 10**9), st.sampled_from([("元", 1), ("万元", 10_000), ("亿元", 10**8)]))
def test_money_reads_back(cents: int, unit: tuple[str, int]) -> None:
    text = f"{cents // 100}.{cents % 100:02d}{unit[0]}"
    assert one(text, to="yuan")[0] == pytest.approx(cents / 100 * unit[1], rel=1e-12, abs=1e-6)


def chinese(number: int) -> str:
    """Write a whole number below 10^8 in Chinese numerals."""
    if number >= 10_000:
        rest = number % 10_000
        return chinese(number // 10_000) + "万" + ("零" if 0 < rest < 1_000 else "") + (chinese(rest) if rest else "")
    out, gap = "", False
    for power, sign in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            out += ("零" if gap and out else "") + "零一二三四五六七八九"[digit] + sign
            gap = False
        else:
            gap = True
    return out or "零"


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 99_999_999))
def test_chinese_numerals_read_back(number: int) -> None:
    assert number_of(chinese(number)) == number


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="0123456789,.-~ 万亿千百十三五约近多余元亩米户*()/", max_size=12))
def test_no_text_breaks_the_reader(text: str) -> None:
    read = read_amounts(pd.Series([text]), to="yuan")
    said = [pd.notna(read.values[0]), pd.notna(read.reason[0]), 0 in read.faults]
    assert sum(said) == (1 if text.strip() else 0)
    assert pd.notna(read.qualifier[0]) == pd.notna(read.values[0])
