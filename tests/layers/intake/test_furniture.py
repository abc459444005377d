import pytest

from layers.intake.tables.furniture import (
    Furniture,
    RowKinds,
    closing_notes,
    furniture_notes,
    kind_of_row,
    stated_counts,
)

HEADING = [("序号", "问题描述", "数量", "备注")]
TITLES = ["幸福社区清单"]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (["合计", None, 7, None], "total"),
        (["合 计", "", 436, ""], "total"),
        ([None, "总计：436条", None, None], "total"),
        (["小计", 3, 4, 5], "total"),
        (["第一网格小计", None, 4, None], "total"),
        (["Total", "", "436", ""], "total"),
        (["Subtotal", "", "4", ""], "total"),
        (["注：以上为初步统计", None, None, None], "note"),
        (["填表人：某某", None, "审核：某某", None], "note"),
        (["Note: preliminary", "", "", ""], "note"),
        (["序号", "问题描述", "数量", "备注"], "header"),
        (["序号", "问题\n描述", "数量", None], ""),
        (["幸福社区清单", None, None, None], "title"),
        ([None, "", "  ", None], "blank"),
        ([1, "合计", 3, None], ""),
        (["1", "设计合计算错", "3", ""], ""),
        (["统计局", "设计", 3, None], ""),
        (["备注栏坏了", "x", 3, None], ""),
        (["total loss of lighting", "x", 3, None], ""),
    ],
)
def test_kinds(row: list[object], kind: str) -> None:
    assert kind_of_row(row, HEADING, TITLES) == kind
    assert RowKinds(HEADING, TITLES)(row) == kind


def test_a_heading_with_breaks_repeats_itself() -> None:
    rows = [["序号", "整改\n时限"], [1, "x"]]
    assert RowKinds(rows[:1], [])(["序号", "整改\n时限"]) == "header"


def test_remarks_at_the_end_follow_a_total_or_a_merged_row() -> None:
    data: list[tuple[int, list[object], str]] = [(1, [1, "a", 2], ""), (2, [2, "b", 3], "")]
    remark: list[object] = ["以上均为初步统计", None, None]
    assert closing_notes([*data, (3, remark, "")], frozenset()) == set()
    assert closing_notes([*data, (3, remark, "")], frozenset({3})) == {3}
    assert closing_notes([*data, (3, [None] * 3, "blank"), (4, remark, "")], frozenset()) == {4}
    assert closing_notes([*data, (3, ["合计", None, 5], "total"), (4, remark, ""), (5, remark, "")], frozenset()) == {
        4,
        5,
    }


def test_a_number_or_a_word_further_right_is_no_remark() -> None:
    data: list[tuple[int, list[object], str]] = [(1, [1, "a", 2], ""), (2, [None] * 3, "blank")]
    assert closing_notes([*data, (3, ["7", None, None], "")], frozenset()) == set()
    assert closing_notes([*data, (3, [None, None, "急"], "")], frozenset()) == set()


def test_a_total_is_compared_with_the_rows() -> None:
    total = Furniture("total", 12, ("合计", None, 436, 99.5))
    (told, differs) = furniture_notes([total], "a.csv", kept=9)
    assert (told.code, differs.code, differs.row) == ("total_rows", "total_differs", "12")
    assert [one.code for one in furniture_notes([total], "a.csv", kept=436)] == ["total_rows"]
    assert [one.code for one in furniture_notes([total], "a.csv", kept=9, sums=[None, None, 436.0, 99.5])] == [
        "total_rows"
    ]


def test_totals_of_parts_are_not_compared() -> None:
    parts = [Furniture("total", 3, ("小计", 5)), Furniture("total", 8, ("小计", 6))]
    assert [one.code for one in furniture_notes(parts, "a.csv", kept=9)] == ["total_rows"]


def test_counts_in_words() -> None:
    assert stated_counts(["合计436条", None], []) == [436]
    assert stated_counts(["合计", "436 件", "1,200", "3.5", True], []) == [436, 1200]
