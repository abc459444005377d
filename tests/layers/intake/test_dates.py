# ruff: noqa: PD011, DTZ001 (readings have a field called values; times are local)
from datetime import date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.intake.cells import dates
from layers.intake.cells.date_words import FAULTS
from layers.intake.cells.dates import offsets_of, order_of, read_dates
from layers.intake.cells.midnights import midnights

CERTAIN = {
    "2021-08-20": "2021-08-20",
    "2021/8/20": "2021-08-20",
    "2021.8.20": "2021-08-20",
    "2021. 8. 20": "2021-08-20",
    "2021-8-5": "2021-08-05",
    "20210820": "2021-08-20",
    "2021年8月20日": "2021-08-20",
    "2021年8月20号": "2021-08-20",
    "2021 年 8 月 20 日": "2021-08-20",
    "2021-08-20 14:30": "2021-08-20 14:30",
    "2021-08-20 14:30:05": "2021-08-20 14:30:05",
    "2021-08-20 14:30:05.250": "2021-08-20 14:30:05.25",
    "2021-08-20T14:30:05": "2021-08-20 14:30:05",
    "2021/8/20 9:05": "2021-08-20 09:05",
    "20210820 143000": "2021-08-20 14:30",
    "20210820143005": "2021-08-20 14:30:05",
    "2021年8月20日 14时30分": "2021-08-20 14:30",
    "2021年8月20日14时30分15秒": "2021-08-20 14:30:15",
    "2021年8月20日下午3时15分": "2021-08-20 15:15",
    "2021年8月20日 下午3:15": "2021-08-20 15:15",
    "2021年8月20日上午9点半": "2021-08-20 09:30",
    "2021年8月20日凌晨12点10分": "2021-08-20 00:10",
    "2021年8月20日中午12点": "2021-08-20 12:00",
    "2021-08-20 24:00": "2021-08-21 00:00",
    "2021年8月20日（周五）": "2021-08-20",
    "Aug 20, 2021": "2021-08-20",
    "20-Aug-2021 3:30 PM": "2021-08-20 15:30",
    "20 August 2021": "2021-08-20",
    "08/20/2021 02:30:00 PM": "2021-08-20 14:30",
    "08/20/2021 12:05:00 AM": "2021-08-20 00:05",
    "20/08/2021": "2021-08-20",
    "05/05/2021": "2021-05-05",
}
REPAIRED = {
    "２０２１．８．２０": "2021-08-20",
    "45809": "2025-06-01",
    "45809.5": "2025-06-01 12:00",
    "1": "1900-01-01",
    "59": "1900-02-28",
    "61": "1900-03-01",
    "2958465": "9999-12-31",
    "8月20日": "2021-08-20",
    "8月20日 9:30": "2021-08-20 09:30",
    "今年8月20日": "2021-08-20",
    "8.20": "2021-08-20",
    "21年8月20日": "2021-08-20",
    "2021-08-20T14:30:05Z": "2021-08-20 14:30:05",
    "2021-08-20 14:30:05+08:00": "2021-08-20 14:30:05",
}
BOUNDS = {
    "2021年底前": "2021-12-31",
    "2021年底": "2021-12-31",
    "2021年12月底前完成整改": "2021-12-31",
    "8月底前": "2021-08-31",
    "8月底": "2021-08-31",
    "8月份": "2021-08-31",
    "8月内": "2021-08-31",
    "2021年12月前": "2021-11-30",
    "2021年前": "2020-12-31",
    "2021年上半年": "2021-06-30",
    "下半年": "2021-12-31",
    "年内": "2021-12-31",
    "年底前": "2021-12-31",
    "今年底前": "2021-12-31",
    "明年6月底": "2022-06-30",
    "本月内": "2021-08-31",
    "月底前": "2021-08-31",
    "下月底前": "2021-09-30",
    "三季度末": "2021-09-30",
    "第三季度": "2021-09-30",
    "2021年第4季度": "2021-12-31",
    "Q1": "2021-03-31",
    "2021年8月上旬": "2021-08-10",
    "2021年8月中旬": "2021-08-20",
    "2021年2月下旬": "2021-02-28",
    "2021年8月": "2021-08-31",
    "2021.8": "2021-08-31",
    "2021-08": "2021-08-31",
    "202108": "2021-08-31",
    "2021": "2021-12-31",
    "2021年": "2021-12-31",
    "2021年8月20日前": "2021-08-20",
    "8月20日之前": "2021-08-20",
    "2021-08-20前完成": "2021-08-20",
    "2021年8月1日至8月20日": "2021-08-20",
    "2021.8.1-2021.8.20": "2021-08-20",
    "2021.8.1-8.20": "2021-08-20",
    "8月1日-20日": "2021-08-20",
}
NO_DATE = [
    "立行立改", "长期坚持", "即知即改", "持续推进", "立即整改。", "无", "/", "—", "待定", "7个工作日内", "24小时内", "30日内", "一周内", "3个月",
]  # fmt: skip
FAULTY = {
    "2025-13-01": "date_impossible",
    "2月30日": "date_impossible",
    "2021-02-30": "date_impossible",
    "2021年13月": "date_impossible",
    "2021-08-20 25:00": "date_impossible",
    "2021-08-20 10:75": "date_impossible",
    "32/13/2021": "date_impossible",
    "21.8.20": "date_two_digit_year",
    "8/9/21": "date_two_digit_year",
    "已完成": "date_unreadable",
    "#REF!": "date_unreadable",
    "0": "date_unreadable",
    "60": "date_unreadable",
}


def one(text: object, **said: object) -> tuple[object, object, object, bool, str | None]:
    read = read_dates(pd.Series([text], dtype=object), **said)  # type: ignore[arg-type]
    fault = read.faults.get(0)
    missing = [None if pd.isna(part.iloc[0]) else part.iloc[0] for part in read[:3]]
    return (*missing, bool(read.repaired.iloc[0]), fault.code if fault else None)


@pytest.mark.parametrize(("text", "value"), CERTAIN.items())
def test_a_date_as_written(text: str, value: str) -> None:
    assert one(text) == (pd.Timestamp(value), "eq", None, False, None)


@pytest.mark.parametrize(("text", "value"), REPAIRED.items())
def test_a_date_that_was_repaired(text: str, value: str) -> None:
    assert one(text, year=2021) == (pd.Timestamp(value), "eq", None, True, None)


@pytest.mark.parametrize(("text", "value"), BOUNDS.items())
def test_a_bound_is_its_last_day(text: str, value: str) -> None:
    assert one(text, year=2021, month=8) == (pd.Timestamp(value), "lt", None, True, None)


@pytest.mark.parametrize("text", NO_DATE)
def test_words_instead_of_a_date(text: str) -> None:
    assert one(text, year=2021) == (None, None, "no_date", False, None)


@pytest.mark.parametrize(("text", "code"), FAULTY.items())
def test_a_fault_has_words_and_no_value(text: str, code: str) -> None:
    assert one(text, year=2021) == (None, None, None, False, code)
    fault = read_dates(pd.Series([text]), year=2021).faults[0]
    assert all(fault.found) and all(fault.expected)  # noqa: PT018
    assert code in FAULTS


@pytest.mark.parametrize("text", ["8月20日", "年内", "8月底前", "8.20", "三季度末", "本月内"])
def test_a_day_without_a_year_asks_for_it(text: str) -> None:
    assert one(text)[-1] == "date_no_year"


def test_a_month_that_has_to_be_known_is_asked_for() -> None:
    assert one("本月内", year=2021)[-1] == "date_no_month"


@pytest.mark.parametrize("text", ["****年*月", "2021年*月*日", "**"])
def test_masked_dates_are_unknown(text: str) -> None:
    assert one(text) == (None, None, "masked", False, None)


def test_about_is_told() -> None:
    assert one("约2021年8月20日")[:2] == (pd.Timestamp("2021-08-20"), "approx")
    assert one("2021年8月20日9时许")[:2] == (pd.Timestamp("2021-08-20 09:00"), "approx")


def test_cells_of_spreadsheets() -> None:
    cells = pd.Series(
        [45809, 45809.25, datetime(2021, 8, 20, 9, 30), date(2021, 8, 20), 20210820, 2021, 2021.8, True, None, 0, -3],
        dtype=object,
    )
    read = read_dates(cells)
    assert read.values[:6].tolist() == [
        pd.Timestamp(t)
        for t in ("2025-06-01", "2025-06-01 06:00", "2021-08-20 09:30", "2021-08-20", "2021-08-20", "2021-12-31")
    ]
    assert sorted(read.faults) == [6, 7, 9, 10]
    assert read.repaired.tolist()[:5] == [True, True, False, False, False]
    assert read.values.dtype == "datetime64[us]"
    assert read.qualifier.isna().tolist() == read.values.isna().tolist()


def test_typed_columns_are_read() -> None:
    times = pd.Series(pd.to_datetime(["2021-08-20 09:00", None]), index=[7, 9])
    assert read_dates(times).values.tolist()[0] == pd.Timestamp("2021-08-20 09:00")
    zoned = pd.Series(pd.to_datetime(["2021-08-20 09:00"]).tz_localize("Asia/Shanghai"))
    assert read_dates(zoned).values[0] == pd.Timestamp("2021-08-20 09:00")
    assert read_dates(pd.Series([45809], dtype="Int64")).values[0] == pd.Timestamp("2025-06-01")


def test_the_index_of_the_cells_is_kept() -> None:
    read = read_dates(pd.Series(["2021-08-20", "bad"], index=[10, 20], name="due"))
    assert all(part.index.tolist() == [10, 20] for part in read[:4])
    assert set(read.faults) == {1}


def test_order_is_decided_by_the_whole_column() -> None:
    cells = pd.Series(["05/06/2025", "13/06/2025", "01/02/2025 10:00"])
    assert order_of(cells) == ("dmy", 1, 0, 2)
    assert read_dates(cells).values.tolist() == [
        pd.Timestamp(t) for t in ("2025-06-05", "2025-06-13", "2025-02-01 10:00")
    ]
    assert order_of(pd.Series(["06/13/2025", "05/06/2025"])).order == "mdy"


@pytest.mark.parametrize("cells", [["05/06/2025", "07/08/2025"], ["05/06/2025", "13/06/2025", "06/13/2025"]])
def test_an_order_that_cannot_be_told_is_asked_and_an_answer_settles_it(cells: list[str]) -> None:
    column = pd.Series(cells)
    assert order_of(column).order is None
    assert read_dates(column).faults[0].code == "date_order_unknown"
    assert pd.isna(read_dates(column).values[0])
    assert read_dates(column, order="dmy").values[0] == pd.Timestamp("2025-06-05")
    assert read_dates(column, order="mdy").values[0] == pd.Timestamp("2025-05-06")


def test_the_attack_file_of_dates() -> None:
    cells = pd.Series(["05/06/2025", "13/06/2025", "06/13/2025", "45809", "2025-13-01", "6月4日"])
    read = read_dates(cells, year=2025)
    assert {at: fault.code for at, fault in read.faults.items()} == {0: "date_order_unknown", 4: "date_impossible"}
    assert read.values[3] == pd.Timestamp("2025-06-01")
    assert read.values[5] == pd.Timestamp("2025-06-04")
    assert read_dates(cells, year=2025, order="dmy").faults[2].code == "date_impossible"


def test_two_digit_years_need_an_order() -> None:
    assert one("21.8.20", order="ymd") == (pd.Timestamp("2021-08-20"), "eq", None, True, None)
    assert one("20/8/99", order="dmy")[0] == pd.Timestamp("1999-08-20")
    assert one("8/20/21", order="mdy")[0] == pd.Timestamp("2021-08-20")


def test_offsets_are_told_and_turned_into_local_time() -> None:
    cells = pd.Series(["2021-08-20T00:30:00Z", "2021-08-20 08:30:00+08:00", "2021-08-20 08:30"])
    assert offsets_of(cells) == (0, 480)
    assert read_dates(cells, zone="Asia/Shanghai").values.tolist() == [pd.Timestamp("2021-08-20 08:30")] * 3
    assert read_dates(cells).repaired.tolist() == [True, True, False]


def test_a_deadline_without_a_time_lasts_through_its_day() -> None:
    cells = pd.Series(["2021-08-20", "2021-08-20 09:00", "2021-08-20 00:00", "年内", 45809, None], dtype=object)
    ends = read_dates(cells, year=2021, end_of_day=True).values
    assert ends[:5].tolist() == [
        pd.Timestamp(t)
        for t in (
            "2021-08-20 23:59:59",
            "2021-08-20 09:00",
            "2021-08-20 00:00",
            "2021-12-31 23:59:59",
            "2025-06-01 23:59:59",
        )
    ]
    written = pd.Series(["2021-08-20 00:00:00", "2021-08-21 00:00:00"])
    assert (read_dates(written, end_of_day=True).values == pd.to_datetime(written)).all()


def test_a_deadline_at_midnight_is_kept_where_the_file_can_tell() -> None:
    day, end = pd.Timestamp("2021-08-20"), pd.Timestamp("2021-08-20 23:59:59")
    for written in (
        "2021-08-20 00:00:00",
        "2021-08-20T00:00:00",
        "2021/8/20 0:00",
        "2021年8月20日 0时",
        "20210820 000000",
    ):
        assert read_dates(pd.Series([written]), end_of_day=True).values.tolist() == [day], written
    for written in ("2021-08-20", "2021/8/20", "2021年8月20日", "20210820", "44428"):
        assert read_dates(pd.Series([written]), end_of_day=True).values.tolist() == [end], written
    moments = pd.Series([day]).astype("datetime64[ms]")
    assert read_dates(moments, end_of_day=True).values.tolist() == [day]
    assert read_dates(moments.astype("datetime64[s]"), end_of_day=True).values.tolist() == [end]  # days, not moments
    cells = pd.Series([day.to_pydatetime(), pd.Timestamp("2021-08-20 09:00").to_pydatetime(), "2021-08-20 00:00", 44428, None], dtype=object)  # fmt: skip
    ends = read_dates(cells, end_of_day=True).values
    assert ends[:4].tolist() == [end, pd.Timestamp("2021-08-20 09:00"), day, end]
    assert midnights(cells, ends) == (1, 1)
    assert midnights(pd.Series(["2021-08-20"]), pd.Series([end])) == (0, 0)


def test_empty_columns() -> None:
    for cells in (pd.Series([], dtype="str"), pd.Series([None, "", "  "], dtype=object), pd.Series([np.nan])):
        read = read_dates(cells)
        assert read.values.isna().all()
        assert read.faults == {}


FORMS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%d %B %Y", "%B %d, %Y",
)  # fmt: skip
TIMED = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y年%m月%d日 %H时%M分%S秒", "%m/%d/%Y %I:%M:%S %p", "%Y%m%d%H%M%S")


@settings(deadline=None, max_examples=150)
@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31)), st.sampled_from(FORMS + TIMED))
def test_a_formatted_date_reads_back(moment: datetime, form: str) -> None:
    moment = moment.replace(microsecond=0)
    read = read_dates(pd.Series([moment.strftime(form)]), order="mdy")
    expected = moment if form in TIMED else datetime(moment.year, moment.month, moment.day)
    assert read.values[0] == pd.Timestamp(expected)
    assert read.faults == {}
    assert read.qualifier[0] == "eq"


@settings(deadline=None, max_examples=100)
@given(st.datetimes(datetime(1900, 3, 1), datetime(2199, 12, 31)))
def test_a_serial_day_reads_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    if 1900 <= serial < 2101:
        return
    for cell in (serial, f"{serial:.10f}"):
        assert read_dates(pd.Series([cell], dtype=object)).values[0] == pd.Timestamp(moment)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.dates(date(1950, 1, 1), date(2050, 1, 1)), min_size=1, max_size=20), st.sampled_from(["dmy", "mdy"]))
def test_a_column_of_one_order_is_never_read_in_the_other(days: list[date], order: str) -> None:
    form = "%d/%m/%Y" if order == "dmy" else "%m/%d/%Y"
    cells = pd.Series([day.strftime(form) for day in days])
    read = read_dates(cells)
    for at, day in enumerate(days):
        assert at in read.faults or read.values[at] == pd.Timestamp(day)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="0123456789年月日季度底前内上下半本至到-/.: 年T*约周", max_size=14))
def test_no_text_breaks_the_reader(text: str) -> None:
    read = read_dates(pd.Series([text]), year=2021, month=8)
    said = [pd.notna(read.values[0]), pd.notna(read.reason[0]), 0 in read.faults]
    assert sum(said) == (1 if text.strip() else 0)


def test_offset_of_half_an_hour() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    text = datetime(2021, 8, 20, 12, 0, tzinfo=zone).isoformat()
    assert read_dates(pd.Series([text]), zone="Asia/Kolkata").values[0] == pd.Timestamp("2021-08-20 12:00")


WRITTEN = st.sampled_from(
    [
        "2021-08-20",
        "2021-08-20 10:30:00",
        "2021-08-20T23:59:59",
        "2021-08-20 00:00:00",
        "1969-12-31",
        "0001-01-01",
        None,
    ]
)
NEARLY = st.sampled_from(
    ["2021-02-29", "2021-08-20 24:00:00", "2021-08-20 10:30:61", "2021-08-20 10:30Z12", "20210820 101112345", " 2021-8-2",
     "２０２１", "2021-08-20 10:30:0Z", "2021-08-20 10:30+0800", "+021-08-20", "2021/08/20", "2021年底前", "***", "", "  "]
)  # fmt: skip


@given(st.lists(WRITTEN, max_size=12) | st.lists(WRITTEN | NEARLY | st.text(max_size=19), max_size=12), st.booleans())
def test_a_column_of_one_form_is_read_at_once_as_each_cell_would_be(written: list[str | None], last: bool) -> None:  # noqa: FBT001
    cells = pd.Series(written, dtype="str")
    slow = read_dates(cells.astype(object), end_of_day=last)
    quick = read_dates(cells, end_of_day=last)
    for one, other in zip(quick[:4], slow[:4], strict=True):
        pd.testing.assert_series_equal(one, other)
    assert quick.faults == slow.faults
    if set(written) <= {None, "2021-08-20", "2021-08-20 10:30:00"}:
        assert dates._all_iso(cells) is not None
