from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.intake.tables.headings import Merge, find_heading, is_words, title_facts, unique_names, wording

NONE = None


def names(rows: list[list[object]], *merges: Merge, given: int | None = None) -> tuple[str, ...]:
    return find_heading(rows, merges, given=given).names


def test_titles_above_a_heading_are_not_it() -> None:
    rows = [
        ["幸福社区问题清单（截至2021年8月）", NONE, NONE, NONE],
        ["填报单位：幸福社区", NONE, NONE, "单位：个"],
        ["序号", "问题描述", "位置", "整改时限"],
        [1, "井盖破损", "幸福路", "2021.8.20"],
    ]
    heading = find_heading(rows, [Merge(0, 0, 0, 3)])
    assert (heading.first, heading.last, heading.sure) == (2, 2, True)
    assert heading.names == ("序号", "问题描述", "位置", "整改时限")


def test_a_merged_two_row_heading_is_joined() -> None:
    rows = [
        ["序号", "所属网格", NONE, "问题描述", "整改", NONE, "备注"],
        [NONE, "大网格", "小网格", NONE, "时限", "责任人", NONE],
        [1, 3, 12, "井盖破损", "8月20日", "某某", NONE],
    ]
    merges = [Merge(0, 0, 1, 0), Merge(0, 1, 0, 2), Merge(0, 3, 1, 3), Merge(0, 4, 0, 5), Merge(0, 6, 1, 6)]
    want = ("序号", "所属网格/大网格", "所属网格/小网格", "问题描述", "整改/时限", "整改/责任人", "备注")
    heading = find_heading(rows, merges)
    assert (heading.first, heading.last, heading.names, heading.sure) == (0, 1, want, True)
    assert names(rows) == want  # as a CSV that has lost its merges
    assert names(rows, *merges, given=1) == want


def test_groups_over_a_full_second_row() -> None:
    rows = [["网格信息", NONE, "问题", NONE], ["大网格", "小网格", "类别", "上报时间"], [1, 1, "道路破损", 45809]]
    want = ("网格信息/大网格", "网格信息/小网格", "问题/类别", "问题/上报时间")
    heading = find_heading(rows, [Merge(0, 0, 0, 1), Merge(0, 2, 0, 3)])
    assert (heading.first, heading.last, heading.names) == (0, 1, want)


def test_a_heading_of_three_rows() -> None:
    rows = [
        ["编号", "整改", NONE, NONE],
        [NONE, "计划", NONE, "负责"],
        [NONE, "开始日期", "完成日期", NONE],
        ["A1", "2021-08-01", "2021-08-20", "某某"],
    ]
    merges = [Merge(0, 0, 2, 0), Merge(0, 1, 0, 3), Merge(1, 1, 1, 2), Merge(1, 3, 2, 3)]
    heading = find_heading(rows, merges)
    assert (heading.first, heading.last) == (0, 2)
    assert heading.names == ("编号", "整改/计划/开始日期", "整改/计划/完成日期", "整改/负责")


def test_a_data_row_is_not_taken_for_the_second_row_of_a_heading() -> None:
    rows = [["编号", "描述", NONE, "备注"], ["G1", "道路", "破损", "无"], ["G2", "路灯", "不亮", "无"]]
    heading = find_heading(rows)
    assert (heading.first, heading.last, heading.names) == (0, 0, ("编号", "描述", "", "备注"))


def test_words_only_the_first_row_is_the_heading_by_convention() -> None:
    heading = find_heading([["甲", "乙"], ["丙", "丁"], ["戊", "己"]])
    assert (heading.first, heading.sure) == (0, True)


def test_numbers_only_is_unsure() -> None:
    heading = find_heading([[1, 2, 3], [4, 5, 6]])
    assert (heading.first, heading.sure) == (0, False)


def test_a_second_row_that_might_be_the_heading_is_named() -> None:
    rows = [["甲", "乙", "丙"], ["编号", "类别", "位置"], ["A1", "道路", "东街"]]
    heading = find_heading(rows)
    assert (heading.first, heading.sure, heading.rival) == (1, False, 0)


def test_a_heading_may_be_given_or_absent() -> None:
    rows: list[list[object]] = [["a", "b"], ["c", "d"], [1, 2]]
    assert find_heading(rows, given=1)[:4] == (1, 1, ("c", "d"), True)
    assert find_heading(rows, given=-1)[:3] == (-1, -1, ("", ""))
    assert find_heading([], given=None).last == -1


def test_english_headings() -> None:
    rows = [
        ["311 service requests", NONE, NONE],
        ["case_enquiry_id", "open_dt", "latitude"],
        ["101", "2015-01-02", 42.3],
    ]
    assert find_heading(rows).first == 1


@pytest.mark.parametrize(
    ("cell", "words"),
    [("2021", False), ("2021年8月20日", False), ("8月20日", False), ("3.5%", False), ("１２", False), ("12:30", False),
     ("整改时限", True), ("id", True), ("A1", True), (3, False), (date(2021, 8, 1), False), (None, False), ("", False),
     ("经度", True), ("8月", False), ("2021-08-20 10:00", False), ("100米", False)],
)  # fmt: skip
def test_words_and_numbers(cell: object, words: bool) -> None:  # noqa: FBT001
    assert is_words(cell) is words


def test_wording_puts_a_cell_on_one_line() -> None:
    assert wording("整改\n时限 ") == "整改时限"
    assert wording("due\r\n date") == "due date"
    assert wording("投资 (万元)") == "投资 (万元)"
    assert (wording(2021.0), wording(3), wording(True), wording(datetime(2021, 8, 20, 0, 0))) == (  # noqa: FBT003, DTZ001
        "2021", "3", "TRUE", "2021-08-20T00:00:00",
    )  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(["", "甲", "乙", "甲 (2)", "列1"]), max_size=8))
def test_names_are_unique_and_what_was_unique_stays(given_names: list[str]) -> None:
    labels = [f"列{at}" for at in range(len(given_names))]
    found, repeated, missing = unique_names(given_names, labels)
    assert len(set(found)) == len(found) == len(given_names)
    wanted = [name or label for name, label in zip(given_names, labels, strict=True)]
    assert all(f == w for f, w in zip(found, wanted, strict=True) if wanted.count(w) == 1)
    assert set(repeated) == {name for name in wanted if wanted.count(name) > 1}
    assert missing == [label for name, label in zip(given_names, labels, strict=True) if not name]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("幸福社区问题清单（截至2021年8月）", {"report_date": "2021-08", "report_year": "2021"}),
        ("清单 2021年8月20日", {"report_date": "2021-08-20", "report_year": "2021"}),
        ("2021年度清单", {"report_date": "2021", "report_year": "2021"}),
        ("日期：2021.8.20", {"report_date": "2021-08-20", "report_year": "2021"}),
        ("填报单位：幸福社区 单位：万元", {"unit": "万元"}),
        ("2020年12月至2021年8月", {"report_date": "2021-08", "report_year": "2021"}),
        ("电话 13800002021", {}),
    ],
)
def test_facts_of_titles(text: str, facts: dict[str, str]) -> None:
    assert title_facts([[text, None]]) == {"title": text} | facts
