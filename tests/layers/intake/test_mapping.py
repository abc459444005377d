import tomllib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from layers.catalog import BUILDINGS, CATALOG, GRIDS, ISSUES, MURALS, PEOPLE, PROJECTS, SITES, TOILETS
from layers.intake.mapping.map_file import edited, from_toml, to_toml
from layers.intake.mapping.matching import ASKED, unit_in
from layers.intake.mapping.proposal import FAULTS, ColumnMap, Settings, fingerprint, propose
from layers.intake.mapping.targets import EXTRA, LEFT_OUT, TARGETS, column_kind, is_own, title_of
from layers.standards import standard

ALIASES = standard("column_aliases")
LEDGER = {
    "serial": "序号", "issue_id": "问题编号 案件编号 工单编号 隐患编号", "description": "问题描述 诉求内容 市民诉求 具体问题 存在问题",
    "source_type": "问题类别 问题大类 小类 诉求类型", "address": "问题点位 位置 地址 事发地址", "grid": "所属网格 大网格 小网格 片区",
    "building": "楼栋", "unit": "单元", "grid_officer": "网格员 网格长", "reporter": "反映人 诉求人", "phone": "联系电话", "source": "来源 渠道",
    "reported_at": "上报时间 发现时间 受理时间 登记日期 派单时间", "unit_in_charge": "责任单位 牵头单位 承办单位 主办单位",
    "handler": "责任人 整改责任人 包联领导", "measures": "整改措施 处理措施", "due_at": "整改时限 完成时限 办理时限 限期",
    "status": "进展情况 整改情况 当前状态 是否完成 是否销号", "closed_at": "完成时间 办结时间 销号时间", "satisfaction": "回访情况 满意度 回访结果",
    "x": "经度 X", "y": "纬度 Y", "xy": "坐标", "photo": "照片", "photo_before": "整改前照片", "photo_after": "整改后照片", "note": "备注",
}  # fmt: skip
EXPORTS = {
    "12345": {
        "工单编号": "issue_id", "工单标题": "title", "市民诉求": "description", "诉求类型": "source_type", "事发地址": "address", "承办单位": "unit_in_charge",
        "派单时间": "reported_at", "办理时限": "due_at", "办结时间": "closed_at", "回访结果": "satisfaction",
    },
    "Open311": {
        "service_request_id": "issue_id", "status": "status", "status_notes": "progress", "service_name": "source_type", "service_code": "source_code",
        "description": "description", "agency_responsible": "unit_in_charge", "requested_datetime": "reported_at", "updated_datetime": "updated_at",
        "expected_datetime": "due_at", "address": "address", "zipcode": "postcode", "lat": "y", "long": "x", "media_url": "photo",
    },
    "NYC": {
        "Unique Key": "issue_id", "Created Date": "reported_at", "Closed Date": "closed_at", "Agency": "unit_code", "Agency Name": "unit_in_charge",
        "Complaint Type": "source_type", "Descriptor": "description", "Incident Zip": "postcode", "Incident Address": "address", "Street Name": "street",
        "Status": "status", "Due Date": "due_at", "Resolution Description": "progress", "X Coordinate (State Plane)": "x_other",
        "Y Coordinate (State Plane)": "y_other", "Latitude": "y", "Longitude": "x", "Location": "xy",
    },
    "Boston": {
        "CASE_ENQUIRY_ID": "issue_id", "OPEN_DT": "reported_at", "TARGET_DT": "due_at", "CLOSED_DT": "closed_at", "OnTime_Status": "on_time",
        "CASE_STATUS": "status", "CLOSURE_REASON": "progress", "CASE_TITLE": "description", "SUBJECT": "source_subject", "REASON": "source_reason",
        "TYPE": "source_type", "Department": "unit_in_charge", "Location": "address", "LOCATION_STREET_NAME": "street", "LOCATION_ZIPCODE": "postcode",
        "LATITUDE": "y", "LONGITUDE": "x", "Source": "source", "ward": "grid",
    },
}  # fmt: skip


def proposed(*headings: str, spec: object = ISSUES, cells: pd.DataFrame | None = None) -> ColumnMap:
    return propose(headings, spec, ALIASES, cells=cells, file="台账.xlsx")  # type: ignore[arg-type]


def asked(mapping: ColumnMap) -> list[tuple[str, str | None]]:
    return [(question.code, question.column) for question in mapping.questions if question.code != "column_required"]


@pytest.mark.parametrize(("target", "heading"), [(t, word) for t, words in LEDGER.items() for word in words.split()])
def test_every_heading_of_ledgers_alone(target: str, heading: str) -> None:
    choice = proposed(heading).choices[0]
    assert (choice.target, choice.confidence) == (target, 1)
    assert choice.reason.zh != choice.reason.en


@pytest.mark.parametrize("name", EXPORTS)
def test_exports_of_known_systems_need_no_question(name: str) -> None:
    mapping = proposed(*EXPORTS[name])
    assert mapping.columns == EXPORTS[name]
    assert mapping.questions == ()


def test_a_whole_ledger() -> None:
    headings = "序号 问题编号 问题描述 问题大类 小类 问题点位 大网格 小网格 楼栋 反映人 联系电话 上报时间 发现时间 责任单位 牵头单位 责任人 整改时限 进展情况 是否销号 完成时间 经度 纬度 备注".split()  # noqa: SIM905
    mapping = proposed(*headings)
    assert asked(mapping) == []
    assert mapping.heading_of("source_type") == "小类"
    assert mapping.heading_of("source_reason") == "问题大类"
    assert mapping.heading_of("grid_parent") == "大网格"
    assert mapping.heading_of("found_at") == "发现时间"
    assert mapping.apart == {"反映人": "reporter", "联系电话": "phone", "责任人": "handler"}
    assert "序号" not in mapping.columns
    assert mapping.heading_of("gone") is None


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("问题 描述", "description"), ("问题描述：", "description"), ("*问题描述", "description"), ("上报时间（年月日）", "reported_at"), ("ＩＤ", "issue_id"),
        ("requested_DateTime", "reported_at"), ("整改/完成时限", "due_at"), ("坐标/经度", "x"), ("位置\n纬度", "y"), ("基本情况/责任单位", "unit_in_charge"),
        ("unit_in_ch", "unit_in_charge"), ("照片2", "photo"), ("市民来电联系电话", "phone"), ("社区反映人", "reporter"), ("reported", "reported_at"),
        ("问题编号", "issue_id"), ("原始类别", "source_type"), ("issue type", "issue_type"), ("issue_type", "issue_type"),
    ],
)  # fmt: skip
def test_headings_as_people_write_them(heading: str, target: str) -> None:
    assert proposed(heading).choices[0].target == target


@pytest.mark.parametrize("heading", ["地址核实人", "Community Board", "随便", "A", "", "是"])
def test_what_is_not_known_is_kept_as_extra(heading: str) -> None:
    mapping = proposed(heading, "上报时间")
    assert mapping.choices[0].target == EXTRA
    assert mapping.extra == (heading,)
    assert asked(mapping) == []


def test_two_headings_for_one_column_are_asked_not_guessed() -> None:
    mapping = proposed("责任单位", "承办单位", "上报时间")
    assert asked(mapping) == [("column_conflict", "unit_in_charge")]
    assert mapping.heading_of("unit_in_charge") is None
    assert "承办单位" in mapping.questions[0].found.zh
    assert mapping.questions[0].severity == "warning"


def test_the_surer_evidence_wins_and_the_other_says_why() -> None:
    mapping = proposed("责任单位", "本月责任单位", "上报时间")
    assert mapping.heading_of("unit_in_charge") == "责任单位"
    assert "责任单位" in mapping.choices[1].reason.zh
    assert mapping.choices[1].target == EXTRA


def test_the_first_of_several_alike_is_asked_about() -> None:
    mapping = proposed("发现时间", "受理时间")
    assert mapping.columns == {"发现时间": "reported_at", "受理时间": "accepted_at"}
    assert asked(mapping) == [("column_guessed", "发现时间")]


def test_a_heading_that_names_goes_before_one_that_asks() -> None:
    mapping = proposed("是否销号", "进展情况", "上报时间")
    assert mapping.columns == {"是否销号": "struck", "进展情况": "status", "上报时间": "reported_at"}
    assert asked(mapping) == []


def test_required_columns_without_a_heading_are_told() -> None:
    assert [(q.code, q.column) for q in proposed("问题描述").questions] == [("column_required", "reported_at")]


@pytest.mark.parametrize(
    ("spec", "heading", "target", "unit"),
    [
        (PROJECTS, "总投资（万元）", "cost_yuan", "万元"), (PROJECTS, "改造费用/万元", "cost_yuan", "万元"), (PROJECTS, "投资额(单位：亿元)", "cost_yuan", "亿元"),
        (SITES, "占地面积(亩)", "stated_area_m2", "亩"), (SITES, "面积 公顷", "stated_area_m2", "公顷"), (BUILDINGS, "建筑面积(㎡)", "floor_area_m2", "m2"),
        (BUILDINGS, "户数（户）", "households", "户"), (BUILDINGS, "建成年代", "built_year", ""), (TOILETS, "男厕位（个）", "stalls_men", ""),
        (MURALS, "所在楼栋", "building_id", ""), (GRIDS, "大网格", "parent_id", ""), (PEOPLE, "联系电话", "phone", ""),
    ],
)  # fmt: skip
def test_other_layers_and_units_of_headings(spec: object, heading: str, target: str, unit: str) -> None:
    mapping = proposed(heading, spec=spec)
    assert mapping.choices[0].target == target
    assert mapping.unit_of(target) in {unit, "个"}
    assert mapping.choices[0].role == "column"


@pytest.mark.parametrize("heading", ["单元", "责任单位", "责 任 人", "网格(编号)", "楼栋/单元号", "上报时间"])
def test_words_that_are_no_units(heading: str) -> None:
    assert unit_in(heading) in {"", "人"}
    assert proposed(heading).choices[0].unit == ""


def test_values_speak_where_headings_do_not() -> None:
    cells = pd.DataFrame(
        {
            "甲": ["2021-08-20", "2021.8.21", "8月22日"], "乙": ["13800001111", "13900002222", None], "位置": ["32.04,112.10", "32.05,112.11", "(32.06, 112.12)"],
            "丙": ["420602199001011234", "42060219900101123X", ""], "丁": ["1", "2", "3"],
        }
    )  # fmt: skip
    mapping = proposed(*cells, cells=cells)
    assert mapping.columns == {"甲": "reported_at", "乙": "phone", "位置": "xy", "丙": "id_number"}
    assert asked(mapping) == [("column_guessed", "甲")]
    assert mapping.choices[0].confidence < ASKED
    assert proposed("位置", "上报时间").columns["位置"] == "address"


def test_two_columns_of_dates_are_not_guessed_between() -> None:
    cells = pd.DataFrame({"甲": ["2021-08-20", "2021-08-21"], "乙": ["2021-08-20", "2021-08-21"]})
    assert proposed(*cells, cells=cells).columns == {}


def test_a_column_of_dates_without_dates_is_doubtful() -> None:
    cells = pd.DataFrame({"上报时间": ["2021-08-20"] * 3, "完成时间": ["已完成", "没做", "马上好"]})
    mapping = proposed(*cells, cells=cells)
    assert asked(mapping) == [("column_doubtful", "完成时间")]
    assert mapping.questions[0].found.zh == "已完成"


def test_a_workspace_alias_goes_before(tmp_path: Path) -> None:
    (tmp_path / "standards").mkdir()
    (tmp_path / "standards" / "column_aliases.csv").write_text(
        "layer,column,alias,lang\nissues,due_at,备注,zh\n", "utf-8"
    )
    own = standard("column_aliases", tmp_path)
    assert propose(["备注"], ISSUES, own).choices[0].target == "due_at"


def test_the_table_of_aliases_names_only_what_there_is() -> None:
    for layer, column in ALIASES[["layer", "column"]].drop_duplicates().itertuples(index=False):
        assert column in TARGETS or is_own(column, CATALOG[layer]), (layer, column)
    for spec in CATALOG.values():
        for column in spec.columns:
            mapping = proposed(column, spec=spec)
            assert mapping.choices[0].target == column, (spec.key, column)
            assert column_kind(column, spec)
            assert title_of(column, spec).zh


def test_the_fingerprint_is_that_of_the_source() -> None:
    mapping = proposed("问题描述", "上报时间")
    assert mapping.fingerprint == fingerprint(["上报时间", " 问题描述："])
    assert mapping.fingerprint != fingerprint(["上报时间"])
    assert len(mapping.fingerprint) == 16


def test_a_person_changes_a_mapping() -> None:
    mapping = proposed("责任单位", "承办单位", "经办", "上报时间")
    changed = edited(mapping, {"承办单位": "unit_in_charge", "经办": "left_out"}, ISSUES, settings=Settings(year=2021))
    assert changed.columns == {"承办单位": "unit_in_charge", "上报时间": "reported_at"}
    assert changed.questions == ()
    assert changed.settings.year == 2021
    moved = edited(changed, {"责任单位": "unit_in_charge"}, ISSUES)
    assert moved.heading_of("unit_in_charge") == "责任单位"
    assert moved.choices[1].target == EXTRA


def test_every_fault_of_an_edit_is_told_at_once() -> None:
    mapping = proposed("问题描述", "地址", "上报时间")
    with pytest.raises(DataError) as caught:
        edited(
            mapping, {"问题描素": "description", "地址": "reported", "问题描述": "closed_at", "上报时间": "closed_at"}, ISSUES, units={"地址": "个个", "没有": "米"},
        )  # fmt: skip
    found = [(p.code, p.column) for p in caught.value.problems]
    assert found == [
        ("unknown_heading", "问题描素"), ("unknown_target", "地址"), ("unit_not_fitting", "地址"), ("unknown_heading", "没有"), ("target_taken", "closed_at"),
    ]  # fmt: skip
    assert "问题描述" in caught.value.problems[0].expected.zh
    assert "reported_at" in caught.value.problems[1].expected.en or "reporter" in caught.value.problems[1].expected.en


def test_a_mapping_is_remembered() -> None:
    mapping = proposed("总投资（万元）", "项目名称", '怪"列\n名\x7f', spec=PROJECTS)
    changed = edited(
        mapping, {'怪"列\n名\x7f': LEFT_OUT}, PROJECTS, settings=Settings(2021, 8, "dmy", ",", "Asia/Shanghai")
    )
    text = to_toml(changed)
    assert tomllib.loads(text)["columns"] == {
        "总投资（万元）": "cost_yuan",
        "项目名称": "name",
        '怪"列\n名\x7f': "left_out",
    }
    again = from_toml(text.encode(), mapping, PROJECTS)
    assert (again.columns, again.settings, again.unit_of("cost_yuan")) == (changed.columns, changed.settings, "万元")
    assert to_toml(again) == text


def test_a_file_of_some_lines_is_laid_over_the_proposal() -> None:
    mapping = proposed("经办", "上报时间", "问题描述")
    assert from_toml('[columns]\n"经办" = "address"\n'.encode("utf-8-sig"), mapping, ISSUES).columns == {
        "经办": "address", "上报时间": "reported_at", "问题描述": "description",
    }  # fmt: skip


def test_every_fault_of_a_file_is_told_at_once() -> None:
    mapping = proposed("问题描述", "上报时间")
    content = """layer = "grids"
foo = 1
units = 3
[columns]
"问题描述" = 5
"没有" = "description"
[settings]
year = "x"
month = 13
date_order = "q"
decimal = ";"
zone = "Mars"
bar = 1
"""
    with pytest.raises(DataError) as caught:
        from_toml(content.encode(), mapping, ISSUES, file="F.toml")
    assert {p.file for p in caught.value.problems} == {"F.toml"}
    assert [p.column for p in caught.value.problems] == [
        "layer", "foo", "units", "问题描述", "year", "month", "date_order", "decimal", "zone", "bar", "没有",
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"a = [", b"\xff\xfe\x00", "x = é".encode("cp1252")])
def test_a_file_that_is_no_toml(content: bytes) -> None:
    with pytest.raises(DataError) as caught:
        from_toml(content, proposed("上报时间"), ISSUES)
    assert caught.value.problems[0].code == "map_not_toml"


def test_faults_speak_both_languages() -> None:
    assert all(fault.expected.zh != fault.expected.en for fault in FAULTS.values())


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(ALIASES["alias"].tolist()) | st.text(max_size=8), unique=True, max_size=12),
    st.sampled_from(list(CATALOG.values())),
)
def test_no_heading_is_lost_and_no_column_given_twice(headings: list[str], spec: object) -> None:
    mapping = propose(headings, spec, ALIASES)  # type: ignore[arg-type]
    assert [choice.heading for choice in mapping.choices] == headings
    single = [c.target for c in mapping.choices if c.role in {"column", "place", "case", "text"}]
    assert len(single) == len(set(single))
    assert from_toml(to_toml(mapping).encode(), mapping, spec).columns == mapping.columns  # type: ignore[arg-type]


def test_a_heading_that_is_the_name_of_the_column_goes_before_one_that_only_means_the_same() -> None:
    mapping = proposed("id", "issue_id", "上报时间")
    assert mapping.columns["issue_id"] == "issue_id"
    assert asked(mapping) == []
