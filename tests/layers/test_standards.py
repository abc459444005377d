import os
import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.text import Text
from layers import standards
from layers.catalog import CATALOG
from layers.standards import (
    TABLES,
    deadlines,
    indicators,
    issue_types,
    mapped_types,
    policy,
    renewal_items,
    severity_of,
    standard,
    type_words,
    unmapped,
)


def words_of(text: str) -> list[str]:
    return text.split()


TYPES = words_of("""ROAD_PATCH ROAD_REBUILD ROAD_COLLAPSE WALKWAY PONDING MANHOLE SEWER_BLOCK PIPE_OLD WATER_LEAK GAS CABLES
LIGHT_NEW LIGHT_OUT GARBAGE DEBRIS BIN_POINT TOILET GREEN ADS PARK_CHAOS BIKE_CHAOS PARK_SHORT VENDOR CLUTTER
ILLEGAL_BUILD NOISE FIRE EBIKE_CHARGE BLD_HAZARD BLD_ENVELOPE ACCESS PUBLIC_SPACE SECURITY SERVICE OTHER""")
INDICATORS = words_of("""LC5 LC10 LC15 F-KG F-PS F-MS F-SS F-CS F-DC F-HS F-HC F-MK F-SP F-GC F-BUS T-R T-D T-D2 T-SP T-A T-RATIO
T-BUF P-R P-PK P-CAP P-BLK P-ACT K-R K-GAP K-GRD K-ACC K-FAC K-EV K-EB R-D R-W1 R-FIRE R-FIREGAP R-WALK R-SW L-LX L-SP
B-AGE B-HAZ B-ELE B-DEN B-ELD I-DEN I-REP I-OT M-MOVE M-MUR M-REUSE SVC-10""")
SEVERITY = {
    5: "ROAD_COLLAPSE MANHOLE GAS FIRE BLD_HAZARD",
    4: "PONDING SEWER_BLOCK WATER_LEAK ILLEGAL_BUILD EBIKE_CHARGE",
    2: "CABLES BIN_POINT GREEN BIKE_CHAOS VENDOR NOISE PUBLIC_SPACE SECURITY SERVICE",
    1: "ADS OTHER",
}
ITEMS = words_of("""供水 排水 供电 弱电 道路 供气 供热 消防 安防 生活垃圾分类 移动通信 光纤入户 架空线规整 屋面 外墙 楼梯 楼道杂物 拆除违法建设
绿化 照明整治 适老设施 无障碍设施 停车库 电动自行车 汽车充电 智能快件箱 智能信包箱 文化休闲设施 体育健身设施 物业用房 建筑节能改造 加装电梯
社区综合服务设施 卫生服务站 幼儿园 智能感知设施 养老 托育 助餐 家政保洁 便民市场 便利店 邮政快递末端综合服务站""")
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "standards").mkdir()
    return tmp_path


def own(folder: Path, name: str, text: str, encoding: str = "utf-8") -> None:
    (folder / "standards" / f"{name}.csv").write_bytes(text.encode(encoding))


@pytest.mark.parametrize("name", TABLES)
def test_every_row_is_cited_and_said_in_both_languages(name: str) -> None:
    table = standard(name)
    assert not table.duplicated(list(TABLES[name].key)).any()
    assert table[["source", "confidence", "to_verify"]].notna().all(axis=None)
    assert set(table["confidence"]) <= {"S", "RH", "RM", "RL", "P"}
    assert (table["to_verify"] == table["confidence"].str.startswith("R")).all()
    for column in [c for c in table if c == "zh" or str(c).endswith("_zh")]:
        if column == "aliases_zh":
            continue
        assert (table[column].isna() == table[str(column).replace("zh", "en")].isna()).all(), column
    if "zh" in table:
        assert all(CHINESE.search(words) for words in table["zh"])
        assert not any(CHINESE.search(words) for words in table["en"])


def test_issue_types_are_complete() -> None:
    table = issue_types()
    assert list(table.index) == TYPES
    expected = dict.fromkeys(TYPES, 3) | {code: n for n, codes in SEVERITY.items() for code in codes.split()}
    assert table["severity"].to_dict() == expected
    assert table["severity"].dtype == "Int64"
    assert table.loc["SECURITY", "renewal_class"] == "basic/upgrade"
    assert table.loc["WALKWAY", "mode"] == "quick/works"
    assert table.loc["ROAD_PATCH", ["unit_cost_low_yuan", "unit_cost_high_yuan", "cost_unit"]].tolist() == [
        80,
        200,
        "m2",
    ]
    assert table.loc["GAS", ["unit_cost_low_yuan", "cost_unit"]].isna().all()


def test_costs_are_ranges_with_a_unit_and_to_be_verified() -> None:
    for table in (issue_types(), renewal_items()):
        priced = table["unit_cost_low_yuan"].notna()
        assert priced.sum() > 15
        unit = "cost_unit" if "cost_unit" in table else "unit"
        assert table.loc[priced, [unit, "unit_cost_high_yuan", "cost_confidence"]].notna().all(axis=None)
        assert (table["unit_cost_low_yuan"] <= table["unit_cost_high_yuan"])[priced].all()
        assert table.loc[priced, "cost_to_verify"].all()
        assert table.loc[~priced, "cost_confidence"].isna().all()


def test_report_words_lead_to_one_type() -> None:
    words = Counter(w for cell in issue_types()["aliases_zh"].dropna() for w in cell.split("|"))
    assert [w for w, n in words.items() if n > 1] == []
    assert {"烂路改造", "杂草丛生", "乱摆卖", "管网老旧", "蹲位", "车辆乱停"} <= set(words)


def test_deadlines_are_staged() -> None:
    table = deadlines().set_index(["type", "stage"])
    assert set(deadlines()["type"]) == set(TYPES)
    assert ((table["unit"] == "plan") == table["limit"].isna()).all()
    seen = {
        ("ILLEGAL_BUILD", "stop"): (4, "work_hour"), ("ILLEGAL_BUILD", "penalty"): (7, "work_day"),
        ("ILLEGAL_BUILD", "demolition"): (20, "work_day"), ("GARBAGE", "resolve"): (4, "work_hour"),
        ("GARBAGE", "clean"): (2, "work_hour"), ("DEBRIS", "clean"): (4, "work_hour"),
        ("DEBRIS", "resolve"): (2, "work_day"), ("PONDING", "resolve"): (4, "work_hour"),
        ("GREEN", "clean"): (4, "work_hour"), ("GREEN", "resolve"): (5, "work_day"),
    }  # fmt: skip
    for key, limit in seen.items():
        assert tuple(table.loc[key, ["limit", "unit"]]) == limit
        assert table.loc[key, "confidence"] == "S"
    assert set(table[table["confidence"] == "S"].index) == set(seen)
    firsts = deadlines().groupby("type")["stage"].agg(",".join)
    assert all({"reply", "stop"} & set(stages.split(",")) for stages in firsts)


def test_works_are_answered_first_and_then_planned() -> None:
    table = deadlines().set_index(["type", "stage"])
    planned = set(table.index[table["unit"] == "plan"].get_level_values("type"))
    assert planned == set(
        words_of("ROAD_REBUILD PIPE_OLD CABLES TOILET PARK_SHORT BLD_HAZARD BLD_ENVELOPE ACCESS PUBLIC_SPACE SERVICE")
    )
    assert (issue_types().loc[list(planned), "resolve_limit_zh"] == "列入计划").all()
    assert all((code, "reply") in table.index for code in planned)


def test_indicators_are_complete() -> None:
    table = standard("indicators")
    china = table[table["profile"] != "WHO"]
    assert list(dict.fromkeys(china["id"])) == INDICATORS
    assert len(china) == 57
    assert len(indicators("WHO")) == 8
    for profile in ("CN-old", "CN-new", "WHO"):
        assert indicators(profile).index.is_unique
    assert indicators("CN-old").loc["K-R", "threshold_value"] == 0.5
    assert indicators("CN-new").loc["K-R", "threshold_value"] == 1.0
    assert "K-GRD" not in indicators("CN-old").index
    assert indicators("custom").empty
    assert (table["threshold_value"].notna() == table["threshold_comparison"].notna()).all()
    assert (table["threshold_high"].notna() == (table["threshold_comparison"] == "range")).all()
    assert dict(table.groupby("computable").size()) == {"no": 4, "proxy": 2, "yes": 59}


def test_indicators_name_layers_of_the_catalogue() -> None:
    table = standard("indicators")
    named = {
        key for column in ("layers", "layers_optional") for cell in table[column].dropna() for key in cell.split("|")
    }
    assert named <= set(CATALOG)
    assert table.loc[table["computable"] == "yes", "layers"].notna().all()


def test_renewal_items_are_complete() -> None:
    table = renewal_items()
    assert table.iloc[:43].groupby("class").size().to_dict() == {"basic": 17, "improvement": 15, "upgrade": 11}
    assert len(ITEMS) == 43
    for words, zh in zip(ITEMS, table["zh"].iloc[:43], strict=True):
        assert words in zh
    own = table.iloc[43:]
    assert own.index.tolist() == ["PUBLIC_TOILET", "HAZARD_REPAIR", "BIKE_SHED", "MURALS"]
    assert own["source"].str.startswith("项目建议").all(), "not in the list of the notice, and said so"


def test_lives_and_effects_are_cited_or_empty() -> None:
    table = renewal_items()
    lived, told = table["life_years"].notna(), table["effect_per_unit"].notna()
    assert 10 < lived.sum() < len(table)
    assert table.loc[lived, ["life_source", "life_confidence", "life_to_verify"]].notna().all(axis=None)
    assert table.loc[~lived, ["life_source", "life_confidence", "life_to_verify"]].isna().all(axis=None)
    assert table.loc[told, ["indicators", "effect_zh", "effect_en", "effect_confidence"]].notna().all(axis=None)


def test_rules_of_items_fit_the_tables_that_they_name() -> None:
    rules, orders = standard("item_rules"), standard("item_orders")
    items = renewal_items()
    issues = rules[rules["kind"] == "issue"]
    assert set(issues["origin"]) <= set(issue_types().index)
    usual = issues[issues["words"].isna()]
    assert sorted(usual["origin"]) == sorted(set(issues["origin"])), "each type has one usual item"
    works = issue_types()["renewal_class"].str.contains("basic|improvement|upgrade")
    assert set(issues["origin"]) == set(works.index[works]), "and every type that is no matter of management"
    assert set(rules.loc[rules["kind"] == "indicator", "origin"]) <= set(standard("indicators")["id"])
    for row in issues.itertuples():
        assert row.origin in str(items.loc[row.renewal_item, "issue_types"]).split("|"), row
    for row in rules[rules["kind"] == "indicator"].itertuples():
        assert row.origin in str(items.loc[row.renewal_item, "indicators"]).split("|"), row
    assert not set(zip(orders["first"], orders["then"], strict=True)) & set(
        zip(orders["then"], orders["first"], strict=True)
    )


def test_boston_types_are_judged_one_by_one() -> None:
    table = standard("boston_types")
    assert table["source_type"].nunique() == len(table) == 158
    to = table.set_index("source_type")["issue_type"]
    assert to["Graffiti Removal"] == "ADS"
    assert to["Street Light Outages"] == "LIGHT_OUT"
    assert to["Sidewalk Repair"] == "WALKWAY"
    assert to["Unsatisfactory Living Conditions"] == "BLD_ENVELOPE"
    assert to["Unsatisfactory Utilities - Electrical  Plumbing"] == "OTHER"
    assert to[["Schedule a Bulk Item Pickup SS", "General Comments For An Employee"]].isna().all()
    assert table.loc[table["issue_type"].isna(), "note"].notna().all()
    severe = set(to.index[severity_of(to) == 5])
    assert severe == {"Unsafe Dangerous Conditions", "Egress", "Fire Hydrant"}


def test_policy_numbers() -> None:
    rules = policy()
    assert rules["toilet_radius_m"] == 300
    assert (rules["park_radius_small_m"], rules["park_radius_large_m"], rules["park_large_from_m2"]) == (300, 500, 5000)
    assert rules["parking_bays_per_household"] == 0.5
    assert rules["parking_bays_per_household_new"] == 1.0
    assert (rules["rate_min_households"], rules["rate_min_residents"], rules["rate_min_cases"]) == (50, 50, 5)
    with pytest.raises(TypeError):
        rules["toilet_radius_m"] = 1  # type: ignore[index]


def test_words_and_severity_of_a_type() -> None:
    assert type_words("GAS") == Text("燃气隐患", "Gas hazard")
    found = severity_of(pd.Series(["GAS", None, "ADS"], index=[7, 7, 9]))
    assert found.index.tolist() == [7, 7, 9]
    assert found.fillna(0).tolist() == [5, 0, 1]
    assert severity_of(pd.Series([], dtype="string")).dtype == "Int64"
    with pytest.raises(DataError, match="GASS"):
        severity_of(pd.Series(["GASS", "GAS"]))
    with pytest.raises(DataError, match="NEWS"):
        type_words("NEWS")


MAPPING = "source_type,valid_from,valid_to,issue_type\nHeat,,2013-12-31,OTHER\nHeat,2014-01-01,,BLD_ENVELOPE\nNA,,,GAS\nTalk,,,\n"


def test_mapping_follows_the_day_of_the_report(folder: Path) -> None:
    own(folder, "porto_types", MAPPING)
    table = standard("porto_types", folder)
    source = pd.Series(["Heat", "Heat", "NA", "Talk", "Lamp", None, "Heat"], index=list("abcdefg"))
    when = pd.to_datetime(
        pd.Series(["2013-12-31 23:59", "2014-01-01 00:00", None, *["2015-06-01"] * 4]), format="mixed"
    )
    codes = mapped_types(source, when.set_axis(source.index), table)
    assert codes.index.equals(source.index)
    assert codes.astype("object").where(codes.notna(), None).tolist() == [
        "OTHER",
        "BLD_ENVELOPE",
        "GAS",
        None,
        None,
        None,
        "BLD_ENVELOPE",
    ]
    left = unmapped(source, codes)
    assert left["rows"].sum() == 3
    assert left["source_type"].fillna("?").tolist() == ["Lamp", "Talk", "?"]
    with pytest.raises(DataError, match="Heat"):
        mapped_types(source, None, table)
    assert mapped_types(source.loc[["c"]], None, table).tolist() == ["GAS"]


def test_mapping_must_not_give_two_meanings_on_one_day(folder: Path) -> None:
    own(folder, "boston_types", "source_type,valid_from,issue_type\nGraffiti Removal,2015-06-01,GARBAGE\n")
    with pytest.raises(DataError) as caught:
        standard("boston_types", folder)
    assert [(p.code, p.file, p.row) for p in caught.value.problems] == [
        ("dates_overlap", "standards/boston_types.csv", "2")
    ]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from([*standard("boston_types")["source_type"], "?", ""]), max_size=40))
def test_mapped_and_unmapped_make_all(types: list[str]) -> None:
    source = pd.Series(types, dtype="string")
    codes = mapped_types(source, None, standard("boston_types"))
    assert unmapped(source, codes)["rows"].sum() + codes.notna().sum() == len(source)
    again = mapped_types(source.iloc[::-1], None, standard("boston_types"))
    assert again.iloc[::-1].equals(codes)


def test_a_district_pastes_its_own_limits(folder: Path) -> None:
    own(
        folder,
        "deadlines",
        "type,stage,limit,unit\nLIGHT_OUT,resolve,2,work_day\nLIGHT_OUT,call_back,3,natural_day\n",
        "utf-8-sig",
    )
    table, shipped = deadlines(folder).set_index(["type", "stage"]), deadlines().set_index(["type", "stage"])
    assert len(table) == len(shipped) + 1
    changed = table.loc[("LIGHT_OUT", "resolve")]
    assert changed[["limit", "unit", "source", "confidence"]].tolist() == [
        2,
        "work_day",
        "standards/deadlines.csv",
        "L",
    ]
    assert changed["stage_zh"] == "处置完成"
    assert table.loc[("LIGHT_OUT", "call_back"), "limit"] == 3
    pd.testing.assert_frame_equal(
        table.drop(index=[("LIGHT_OUT", "resolve"), ("LIGHT_OUT", "call_back")]),
        shipped.drop(index=[("LIGHT_OUT", "resolve")]),
    )


def test_an_override_that_cites_general_knowledge_stays_to_be_verified(folder: Path) -> None:
    own(folder, "policy", "key,value,source,confidence\ntoilet_radius_m,250,heard,RL\npark_min_m2,1000,,\n")
    table = standard("policy", folder).set_index("key")
    assert policy(folder)["toilet_radius_m"] == 250
    assert table.loc["toilet_radius_m", ["confidence", "to_verify"]].tolist() == ["RL", True]
    assert table.loc["park_min_m2", ["confidence", "to_verify"]].tolist() == ["L", False]
    assert policy()["toilet_radius_m"] == 300


def test_a_new_type_is_known_to_the_other_tables(folder: Path) -> None:
    row = "SNOW,积雪,Snow,event,quick,management,2,4 小时,4 h,24 小时,24 h"
    head = "code,zh,en,kind,mode,renewal_class,severity,reply_limit_zh,reply_limit_en,resolve_limit_zh,resolve_limit_en"
    own(folder, "deadlines", "type,stage,limit,unit\nSNOW,reply,4,natural_hour\n")
    with pytest.raises(DataError, match="SNOW"):
        deadlines(folder)
    own(folder, "issue_types", f"{head}\n{row}\n")
    assert "SNOW" in set(deadlines(folder)["type"])
    assert type_words("SNOW", folder=folder) == Text("积雪", "Snow")
    assert severity_of(pd.Series(["SNOW"]), folder=folder).tolist() == [2]
    assert "SNOW" not in issue_types().index


WRONG = [
    ("issue_types", "code,severity\nGAS,6\n", ("bad_value", "2", "severity", "6")),
    ("issue_types", "code,severity\nGAS,5.0\n", ("bad_value", "2", "severity", "5.0")),
    ("issue_types", "code,zh\nNEW,新\n", ("bad_value", "2", "en", "nothing")),
    ("issue_types", "code,mode\nGAS,quick/slow\n", ("unknown_word", "2", "mode", "quick/slow")),
    ("deadlines", "type,stage,limit,unit\nGAS,reply,soon,natural_hour\n", ("bad_value", "2", "limit", "soon")),
    ("deadlines", "type,stage,limit,unit\nGAS,reply,nan,natural_hour\n", ("bad_value", "2", "limit", "nan")),
    ("deadlines", "type,stage,limit,unit\nGAS,reply,,natural_hour\n", ("bad_value", "2", "limit", "nothing")),
    ("deadlines", "type,stage,limit,unit\nGAS,reply,1,plan\n", ("bad_value", "2", "limit", "1")),
    ("deadlines", "type,stage,limit,unit\n\nGAS,reply,1,hour\n", ("unknown_word", "3", "unit", "hour")),
    ("deadlines", "type,stage,limit,unit\nGAS,reply,1\n", ("ragged_row", "2", None, "3 cells")),
    ("deadlines", "type,limit\nGAS,1\n", ("missing_column", "1", "stage", "type, limit")),
    ("deadlines", "type,stage,limits\nGAS,reply,1\n", ("unknown_column", "1", "limits", "limits")),
    ("deadlines", "type,stage,limit\nGAS,reply,1\nGAS,reply,2\n", ("repeated_key", "3", "type", "GAS")),
    ("deadlines", 'type,stage,limit\nGAS,"reply,1\n', ("not_csv", None, None, "line 2 cannot be parted into cells, check the quotes")),
    ("deadlines", "", ("missing_column", "1", "type", "nothing")),
    ("policy", "key,value\ntoilet_radius,300\n", ("unknown_word", "2", "key", "toilet_radius")),
    ("renewal_items", "code,issue_types\nROADS,ROAD_PATCH|HOLES\n", ("unknown_word", "2", "issue_types", "ROAD_PATCH|HOLES")),
    ("indicators", "id,profile,threshold_value\nK-R,CN-old,a\n", ("bad_value", "2", "threshold_value", "a")),
    ("boston_types", "source_type,valid_from\nBed Bugs,20150101\n", ("bad_value", "2", "valid_from", "20150101")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_override_is_refused(folder: Path, name: str, text: str, expected: tuple[str | None, ...]) -> None:
    own(folder, name, text)
    with pytest.raises(DataError) as caught:
        standard(name, folder)
    first = caught.value.problems[0]
    assert (first.code, first.row, first.column, first.found.en) == expected
    assert first.file == f"standards/{name}.csv"
    assert all(CHINESE.search(words.zh) and words.en for words in (first.expected, first.remedy))


def test_all_faults_are_named_at_once(folder: Path) -> None:
    own(folder, "issue_types", "code,severity,kind\nGAS,9,event\nFIRE,5,thing\nADS,0,event\n")
    with pytest.raises(DataError) as caught:
        issue_types(folder)
    assert [(p.row, p.column) for p in caught.value.problems] == [("2", "severity"), ("3", "kind"), ("4", "severity")]


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    own(folder, "issue_types", "code,zh\nGAS,燃气\n", "gb18030")
    with pytest.raises(DataError) as caught:
        issue_types(folder)
    assert caught.value.problems[0].code == "not_csv"


def test_an_unknown_table_is_refused(folder: Path) -> None:
    for name in ("costs", "porto_types"):
        with pytest.raises(DataError, match=name):
            standard(name, folder)


def test_tables_are_read_once_and_stay_whole(folder: Path) -> None:
    first = standard("policy")
    first.loc[0, "value"] = -1.0
    assert policy()["toilet_radius_m"] == 300
    before = standards._table.cache_info().hits
    policy()
    assert standards._table.cache_info().hits > before
    own(folder, "policy", "key,value\ntoilet_radius_m,200\n")
    assert policy(folder)["toilet_radius_m"] == 200
    own(folder, "policy", "key,value\ntoilet_radius_m,201\n")
    path = folder / "standards" / "policy.csv"
    os.utime(path, ns=(1, 1))
    assert policy(folder)["toilet_radius_m"] == 201
    path.unlink()
    assert policy(folder)["toilet_radius_m"] == 300


def test_shipped_files_are_plain_csv_with_unix_lines() -> None:
    for name in TABLES:
        content = files("data").joinpath("standards", f"{name}.csv").read_bytes()
        assert b"\r" not in content
        assert not content.startswith(b"\xef\xbb\xbf")
        assert content.endswith(b"\n")
