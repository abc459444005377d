# ruff: noqa: PD011 (the readings of the contract have a field called values)
from pathlib import Path

import pandas as pd
import pytest

from layers.catalog import CATALOG
from layers.intake.cells.words import (
    FAULTS,
    FLAGS,
    SEVERITIES,
    STATES,
    coded,
    plain,
    read_flags,
    read_severity,
    read_states,
    read_types,
    read_words,
    state_asked,
    types,
    vocabulary,
)
from layers.standards import issue_types, standard

ALIASES = {
    "new": "待受理 新增 待审核 未受理 上报",
    "accepted": "已受理 已立案 已受理/已立案 受理 立案 登记",
    "assigned": "已派单 已派遣 已交办 转办 待处置",
    "working": "处置中 整改中 处理中 办理中 施工中",
    "deferred": "缓办 挂账 缓办/挂账 延期 挂起",
    "to_project": "已转项目 列入计划 转工程 纳入改造",
    "fixed": "已处置待核查 待核查 待验收 已整改 已完成",
    "rework": "返工 核查不通过 退回整改",
    "closed": "已办结 结案 办结 已解决",
    "struck": "已销号 销号 归档",
    "revisit_ok": "回访满意 满意 基本满意",
    "revisit_bad": "不满意 回访不满意",
    "rejected": "不予受理 作废 重复 无效",
}


@pytest.mark.parametrize(("code", "word"), [(code, word) for code, words in ALIASES.items() for word in words.split()])
def test_every_word_of_a_state(code: str, word: str) -> None:
    read = read_states(pd.Series([word, f" {word}。"]))
    assert read.values.tolist() == [code, code]
    assert read.faults == {}


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Closed", "closed"), ("OPEN", "accepted"), ("in-progress", "working"), ("整改中（预计8月底完成）", "working"), ("已完成，更换路灯3盏", "fixed"),
        ("未完成", "new"), ("未整改", "new"), ("尚未整改", "new"), ("已 办 结", "closed"), ("【已销号】", "struck"), ("已办结（2021.8.3）(满意)", "closed"),
    ],
)  # fmt: skip
def test_states_as_people_write_them(word: str, code: str) -> None:
    assert read_states(pd.Series([word])).values[0] == code


def test_a_word_inside_another_is_not_found() -> None:
    read = read_states(pd.Series(["并未完成", "没有完成", "已办结,已销号"]))
    assert {at: fault.code for at, fault in read.faults.items()} == {
        0: "word_unknown",
        1: "word_unknown",
        2: "word_unclear",
    }


def test_an_unknown_word_names_the_nearest() -> None:
    fault = read_states(pd.Series(["整改钟"])).faults[0]
    assert "整改" in fault.expected.zh
    assert "under way" in fault.expected.en
    far = read_states(pd.Series(["qqqqqqqq"])).faults[0]
    assert "待受理" in far.expected.zh


@pytest.mark.parametrize(
    ("heading", "word", "code"),
    [
        ("是否销号", "是", "struck"),
        ("是否销号", "否", "working"),
        ("是否完成", "√", "fixed"),
        ("是否满意", "否", "revisit_bad"),
        ("是否办结", "Y", "closed"),
        ("是否立案", "否", "new"),
    ],
)
def test_a_heading_that_asks(heading: str, word: str, code: str) -> None:
    assert read_states(pd.Series([word]), heading=heading).values[0] == code
    assert 0 in read_states(pd.Series([word])).faults
    assert state_asked("进展情况") is None


@pytest.mark.parametrize(
    ("cell", "flag"),
    [("是", True), ("有", True), ("√", True), ("Yes", True), ("1", True), (1, True), (1.0, True), (True, True), ("有（2部）", True), ("开放", True),
     ("否", False), ("无", False), ("×", False), ("no", False), ("0", False), (0, False), (False, False), ("没有", False), ("不开放", False)],
)  # fmt: skip
def test_yes_and_no(cell: object, flag: bool) -> None:  # noqa: FBT001
    read = read_flags(pd.Series([cell], dtype=object))
    assert read.values[0] is flag or read.values[0] == flag
    assert read.values.dtype == "boolean"


def test_flags_that_are_none() -> None:
    read = read_flags(pd.Series(["不详", None, "**", "也许"], dtype=object))
    assert read.values.isna().all()
    assert read.reason.fillna("").tolist() == ["unknown", "", "masked", ""]
    assert list(read.faults) == [3]
    assert read_flags(pd.Series([True, None], dtype="boolean")).values.tolist() == [True, pd.NA]


@pytest.mark.parametrize(
    ("cell", "level"),
    [("轻微", 1), ("一般", 2), ("较重", 3), ("严重", 4), ("特别严重", 5), ("特急", 5), (3, 3), ("5", 5), ("High", 4)],
)
def test_severity(cell: object, level: int) -> None:
    assert read_severity(pd.Series([cell], dtype=object)).values[0] == level


@pytest.mark.parametrize("cell", ["7", 0, 2.5, "很"])
def test_severity_out_of_range(cell: object) -> None:
    assert read_severity(pd.Series([cell], dtype=object)).faults[0].code == "word_unknown"


def test_issue_types_by_code_title_and_report_word() -> None:
    table = issue_types()
    for column in ("zh", "en"):
        assert read_types(pd.Series(table[column])).values.tolist() == list(table.index)
    assert read_types(pd.Series(table.index.to_series().str.lower())).values.tolist() == list(table.index)
    for code, cell in table["aliases_zh"].dropna().items():
        assert set(read_types(pd.Series(cell.split("|"))).values) == {code}


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("环境卫生/暴露垃圾", "GARBAGE"),
        ("垃圾清理问题", "GARBAGE"),
        ("Illegal Dumping", "DEBRIS"),
        ("路灯不亮类", "LIGHT_OUT"),
    ],
)
def test_issue_types_as_people_write_them(word: str, code: str) -> None:
    assert read_types(pd.Series([word])).values[0] == code


def test_types_that_are_not_known_or_mean_several() -> None:
    read = read_types(pd.Series(["路灯不量", "Street Condition", "路灯不亮、垃圾清理"]))
    assert {at: fault.code for at, fault in read.faults.items()} == {
        0: "type_unknown",
        1: "type_unknown",
        2: "word_unclear",
    }
    assert "路灯不亮" in read.faults[0].expected.zh
    assert FAULTS["type_unknown"].severity == "warning"
    assert "GARBAGE" in types().titles


CODED = [(spec.key, name) for spec in CATALOG.values() for name, facts in spec.columns.items() if facts["codes"]]


@pytest.mark.parametrize(("layer", "column"), CODED)
def test_every_column_with_codes_reads_its_codes_and_titles(layer: str, column: str) -> None:
    known = coded(layer, column)
    assert known is not None
    for code, title in CATALOG[layer].columns[column]["codes"].items():
        assert read_words(pd.Series([code, title.zh, title.en]), known).values.tolist() == [code] * 3


def test_words_of_columns() -> None:
    known = coded("buildings", "structure")
    assert known is not None
    assert read_words(pd.Series(["砖混结构", "框架结构", "砖木结构"]), known).values.tolist() == [
        "brick_concrete",
        "frame",
        "brick_wood",
    ]
    assert coded("buildings", "name") is None


def test_the_table_of_words_fits_the_codes() -> None:
    table = standard("status_words")
    kinds = {"state": STATES, "flag": FLAGS, "severity": SEVERITIES}
    kinds |= {f"{layer}.{column}": CATALOG[layer].columns[column]["codes"] for layer, column in CODED}
    for kind, rows in table.groupby("kind"):
        assert set(rows["code"]) <= set(kinds[str(kind)]), kind
        assert rows["word"].map(plain).map(len).min() > 0
        meanings = rows.groupby(rows["word"].map(plain))["code"].nunique()
        assert meanings[meanings > 1].empty, kind


def test_a_workspace_adds_its_words(tmp_path: Path) -> None:
    (tmp_path / "standards").mkdir()
    (tmp_path / "standards" / "status_words.csv").write_text(
        "kind,word,code,lang\nstate,搞定,closed,zh\nstate,满意,closed,zh\n", "utf-8"
    )
    assert read_states(pd.Series(["搞定", "满意"]), folder=tmp_path).values.tolist() == ["closed", "closed"]
    assert read_states(pd.Series(["搞定"])).faults[0].code == "word_unknown"
    assert "搞定" in vocabulary("state", STATES, tmp_path).words


def test_a_column_of_other_text_is_answered_without_looking_for_neighbours_of_each() -> None:
    cells = pd.Series([f"整改钟{at}" for at in range(300)] + ["整改" * 5_000])
    faults = read_states(cells).faults
    assert len(faults) == 301
    assert "最接近" in faults[0].expected.zh
    assert "最接近" not in faults[299].expected.zh
