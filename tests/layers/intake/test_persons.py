from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.intake.cells.persons import (
    id_number_valid,
    keep_apart,
    masked_text,
    numbers_apart,
    person_kind,
    texts_apart,
)

FILE = Path(__file__).parents[2] / "data" / "intake" / "attacks" / "pii_residents.csv"
PLANTED = [
    "138 0000 1111", "13800001111", "420602199001011234", "zhangwei_88", "a@b.cn", "139-0000-2222", "0710-3456789", "2单元501", "张伟", "李娜", "王强",
]  # fmt: skip


def residents() -> pd.DataFrame:
    return pd.read_csv(FILE, dtype="str")


def test_the_planted_file_keeps_nothing_personal_in_public() -> None:
    public, private = keep_apart(residents(), {"reporter": "reporter", "phone": "phone"})
    assert list(public) == ["id", "category", "desc", "lon", "lat"]
    public["desc"] = masked_text(public["desc"], private=private)
    words = public.to_csv()
    assert [planted for planted in PLANTED if planted in words] == []
    assert "幸福里3栋" in words
    assert private["phone"].tolist() == ["13800001111", "0710-3456789", "139-0000-2222"]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("请打13800001111", "13800001111"), ("138 0000 1111", "0000"), ("138-0000-1111", "0000"), ("+86 13800001111", "1380"),
        ("１３８００００１１１１", "１１１１"), ("一三八零零零零一一一一", "零零"), ("０７１０－３４５６７８９", "３４５６"), ("(0710)3456789转12", "3456789"),
        ("身份证42060219900101123X", "19900101"), ("420602 19900101 1234", "19900101"), ("卡号6222020200112345678", "6222"), ("邮箱a.b-c@mail.example.cn", "mail"),
        ("微信号：zhang_88", "zhang_88"), ("QQ 12345678", "12345678"), ("vx:abc12345", "abc12345"), ("鄂F·12345", "12345"), ("京AD12345新能源", "D12345"),
        ("3号楼2单元501室", "501"), ("12栋一单元", "一单元"), ("家住3-2-501", "501"), ("501室漏水", "501"), ("王女士反映", "王"), ("联系人：王小明，谢谢", "王小明"),
        ("李师傅的电话是3456789", "3456789"),
    ],
)  # fmt: skip
def test_personal_data_in_free_text_are_masked(text: str, secret: str) -> None:
    masked = masked_text(pd.Series([text]))[0]
    assert secret not in masked
    assert "***" in masked


@pytest.mark.parametrize(
    "text",
    [
        "2021年8月20日办理3处",
        "2021-08-20报修",
        "中山路128号门口积水",
        "活龙井社区12栋旁垃圾",
        "投资1234567元",
        "天桥南路800多米",
        "一共三百二十户",
        "路灯12盏不亮",
        "",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert masked_text(pd.Series([text]))[0] == text


def test_given_names_are_masked_and_gaps_stay() -> None:
    texts = pd.Series(["张伟说路灯坏了", None, "马路坏了"], index=[3, 4, 5], name="desc")
    masked = masked_text(texts, names=["张伟", "王", ""])
    assert masked.fillna("-").tolist() == ["***说路灯坏了", "-", "马路坏了"]
    assert masked.index.tolist() == [3, 4, 5]


def test_own_values_are_masked_only_in_their_row() -> None:
    private = pd.DataFrame({"reporter": ["高峰", None]})
    assert masked_text(pd.Series(["高峰反映", "高峰时段"]), private=private).tolist() == ["***反映", "高峰时段"]


@settings(deadline=None, max_examples=100)
@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-", "－", "."]), st.booleans())
def test_no_spelling_of_a_phone_gets_through(phone: str, gap: str, wide: bool) -> None:  # noqa: FBT001
    words = gap.join((phone[:3], phone[3:7], phone[7:]))
    if wide:
        words = words.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    masked = masked_text(pd.Series([f"请致电{words}，谢谢"]))[0]
    assert masked == "请致电***，谢谢"


def test_columns_of_one_kind_are_joined() -> None:
    cells = pd.DataFrame(
        {"姓": ["王", "李", ""], "名": ["强", None, None], "电话": [13800001111.0, None, 7103456789.0], "x": [1, 2, 3]}
    )
    public, private = keep_apart(cells, {"姓": "reporter", "名": "reporter", "电话": "phone", "gone": "phone"})
    assert list(public) == ["x"]
    assert private["reporter"].fillna("-").tolist() == ["王 / 强", "李", "-"]
    assert private["phone"].fillna("-").tolist() == ["13800001111", "-", "7103456789"]


def test_nothing_personal() -> None:
    public, private = keep_apart(pd.DataFrame({"a": [1]}), {})
    assert list(public) == ["a"]
    assert private.shape == (1, 0)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["13800001111", "0710-3456789", "139-0000-2222"], "phone"), ([13800001111, 13900002222], "phone"), ([13800001111.0, None], "phone"),
        (["420602199001011234", "42060219900101123X"], "id_number"), (["a@b.cn", "c@d.org"], "email"), (["鄂F12345", "京AD12345"], "plate"),
        (["20210820000123456789", "101"], None), (["幸福里3栋", "路灯"], None), ([], None), (["2021-08-20"], None), (["112.140532"], None),
    ],
)  # fmt: skip
def test_columns_of_personal_data_are_known_by_their_cells(cells: list[object], kind: str | None) -> None:
    assert person_kind(pd.Series(cells, dtype=object)) == kind


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("11010519491231002X", True),
        ("110105194912310021", False),
        ("1101051949123100", False),
        ("440524188001010014", True),
    ],
)
def test_check_digit_of_identity_numbers(number: str, valid: bool) -> None:  # noqa: FBT001
    assert id_number_valid(number) is valid


IDENTITY = "110101199003078515"


@pytest.mark.parametrize("gap", ["", " ", "-", "－", "·"])
@pytest.mark.parametrize("cuts", [(6, 14), (3, 6, 10, 14), (4, 8, 12, 16), (17,)])
@pytest.mark.parametrize("wide", [False, True])
def test_identity_numbers_in_free_text_are_masked_and_kept_apart(
    gap: str, cuts: tuple[int, ...], *, wide: bool
) -> None:
    ends = (0, *cuts, 18)
    number = gap.join(IDENTITY[a:b] for a, b in pairwise(ends))
    if wide:
        number = number.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    text = f"业主（{number}）反映漏水，电话13800001111"
    texts = pd.Series([text, None, "路灯不亮"], index=[7, 8, 9])
    found = numbers_apart(texts)
    assert found.texts.fillna("-").tolist() == ["业主（***）反映漏水，电话***", "-", "路灯不亮"]
    assert found.private.fillna("-").to_numpy().tolist() == [["13800001111", number], ["-", "-"], ["-", "-"]]
    assert found.private.index.tolist() == [7, 8, 9]
    assert number not in masked_text(texts)[7]


@pytest.mark.parametrize(
    "text",
    [
        "身份证110101199003078516，末位不对", "工单202405010000012345", "2024-05-01至2024-05-02共12处", "坐标500123.45，3400456.78",
        "编号1101011990030785155", "证件110101199013078515", "投资1234567元", "EPC 12345678",
    ],
)  # fmt: skip
def test_other_numbers_stay_in_free_text(text: str) -> None:
    found = numbers_apart(pd.Series([text]))
    assert found.texts[0] == text
    assert found.private.isna().to_numpy().all()


def test_a_phone_behind_a_date_is_found() -> None:
    found = numbers_apart(pd.Series(["2024-05-1 13800001111来电", "0710-3456789转12；13900002222"]))
    assert found.texts.tolist() == ["2024-05-1 ***来电", "***；***"]
    assert found.private["phone"].tolist() == ["13800001111", "0710-3456789转12 / 13900002222"]


@pytest.mark.parametrize("kind", ["str", object])
def test_numbers_in_texts_join_what_is_kept_apart(kind: str) -> None:
    cells = pd.DataFrame(
        {"编号": ["1", "2", "3"], "描述": [f"业主{IDENTITY}", "电话13800001111", None], "数": [1, 2.5, None]}
    )
    cells["描述"] = cells["描述"].astype(kind)
    private = pd.DataFrame({"phone": pd.Series([None, "0710-3456789", "139"], dtype="string")})
    public, apart = texts_apart(cells, ["描述", "数"], private)
    assert public["描述"].fillna("-").tolist() == ["业主***", "电话***", "-"]
    assert public["描述"].dtype == cells["描述"].dtype
    assert public[["编号", "数"]].equals(cells[["编号", "数"]])
    assert apart["phone"].fillna("-").tolist() == ["-", "0710-3456789 / 13800001111", "139"]
    assert apart["id_number"].fillna("-").tolist() == [IDENTITY, "-", "-"]
    assert texts_apart(cells, ["数"], private).public is cells
