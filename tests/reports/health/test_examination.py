"""The engine: verdicts, whose threshold it is, answers, tables, files, and what a person edits."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import main as guatu
from geo.text import Text
from layers import Workspace, open_workspace
from layers.standards import indicators, standard
from reports.health.answers import figure, finding_answer, health_answer
from reports.health.check import Check
from reports.health.editing import editable, edited
from reports.health.examination import findings, health_check, verdicts_of
from reports.health.files import health_file
from reports.health.finding import VERDICTS, WHOLE, Outcome, Things, Threshold
from reports.health.kinds import of_kind
from reports.health.registry import COMPUTED
from reports.health.tables import cell, chosen_ids, facts, failing_table, long_table, matrix
from reports.health.thresholds import GROUPS, Asked, ThresholdError, asked, group_of
from tests import samples
from tests.reports.health import ground

PERCENT = Text("%", "%")
REACHED = ("T-R", "F-KG", "T-BUF", "P-R", "LC5", "B-AGE")
AT_LEAST_50 = Threshold(50.0, np.nan, "ge", "%", Text("≥50%", "≥50 %"), "standard")


def outcome(values: list[float], **more: object) -> Outcome:
    return Outcome(np.array(values), more.pop("status", "ready"), PERCENT, Text("户数", "households"), **more)  # type: ignore[arg-type]


def test_every_computable_indicator_has_its_function() -> None:
    table = standard("indicators")
    assert set(COMPUTED) <= set(table["id"])
    assert set(table.loc[table["computable"] != "no", "id"]) <= set(COMPUTED)
    assert {group_of(one) for one in table["id"]} == set(GROUPS)


def test_every_indicator_is_answered_at_every_place(sample_ws: Workspace) -> None:
    for profile in ("CN-old", "CN-new", "WHO"):
        health = health_check(sample_ws, profile=profile)
        assert list(health.findings) == list(indicators(profile).index)
        assert health.places == ("E1", "E2", "W1", "W2", WHOLE)
        for each in health.findings.values():
            assert [one.place for one in each] == list(health.places)
            for one in each:
                assert one.verdict in VERDICTS
                assert (one.verdict == "unknown") == np.isnan(one.value) == (one.status == "unavailable")
                assert one.verdict not in {"meets", "fails"} or one.status in {"ready", "partial"}
                assert one.verdict != "unknown" or one.missing is not None, one.id
                assert one.denominator.en
                assert one.cited.source
                assert one.cited.confidence


@pytest.mark.parametrize(
    ("found", "verdicts"),
    [
        (outcome([49.9, 50, np.nan]), ["fails", "meets", "unknown"]),
        (outcome([49.9, 50, 100], status="proxy"), ["context"] * 3),
        (outcome([49.9, 50, 100], judged=False), ["context"] * 3),
        (outcome([49.9, 50, 100], judged=np.array([True, False, True])), ["fails", "context", "meets"]),
        (outcome([1, 1, 1], passes=np.array([True, False, True])), ["meets", "fails", "meets"]),
        (outcome([49.9, 50, 100], status=["ready", "proxy", "partial"]), ["fails", "context", "meets"]),
    ],
)
def test_verdicts(found: Outcome, verdicts: list[str]) -> None:
    assert verdicts_of(found, AT_LEAST_50, found.statuses()) == verdicts
    nothing = AT_LEAST_50.instead(comparison="")
    without = verdicts_of(found, nothing, found.statuses())
    assert found.passes is not None or not {"meets", "fails"} & set(without)


@pytest.mark.parametrize(
    ("comparison", "holds"),
    [
        ("le", [True, True, False]),
        ("ge", [False, True, True]),
        ("eq", [False, True, False]),
        ("range", [False, True, True]),
    ],
)
def test_both_ends_of_a_threshold_count(comparison: str, holds: list[bool]) -> None:
    limit = Threshold(2.0, 3.0, comparison, "m", Text("", ""), "standard")
    assert list(limit.holds(np.array([1.9, 2.0, 3.0]))) == holds
    assert not limit.holds(np.array([np.nan])).any()


@given(value=st.floats(0, 100), least=st.floats(0, 100), more=st.floats(0, 100))
def test_a_stricter_threshold_never_turns_a_failure_into_a_pass(value: float, least: float, more: float) -> None:
    at = np.array([value])
    weak, strict = (AT_LEAST_50.instead(value=one).holds(at)[0] for one in (least, least + more))
    assert weak or not strict
    low, high = (AT_LEAST_50.instead(comparison="le", value=one).holds(at)[0] for one in (least, least + more))
    assert high or not low


def test_what_fails_is_parted_by_place(sample_ws: Workspace) -> None:
    check = ground.checked(sample_ws, "T-R").check
    ids, codes = np.array(["b1", "b4", "b3", "b9"], dtype=object), np.array([2, 3, 3, -1])
    made = findings(
        check,
        ground.checked(sample_ws, "T-R").cited["T-R"],
        outcome([1] * 5, limit=AT_LEAST_50, failing=(Things("buildings", ids, codes),)),
    )
    assert [sorted(one.failing.get("buildings", ())) for one in made] == [
        [],
        [],
        ["b1"],
        ["b3", "b4"],
        ["b1", "b3", "b4"],
    ]


def test_workspace_sets_its_own_threshold_and_kinds(tmp_path: Path) -> None:
    folder = samples.community(tmp_path / "own", {"facilities": ground.facilities(("幼儿班", 30, 30))})
    (folder / "standards").mkdir()
    (folder / "standards" / "indicators.csv").write_text(
        "id,profile,threshold_value\nT-R,CN-old|CN-new,60\n", encoding="utf-8"
    )
    (folder / "standards" / "facility_kinds.csv").write_text(
        "answer,layer,kind,counts,zh,en\nF-KG,facilities,幼儿班,true,幼儿班,small kindergarten\n", encoding="utf-8"
    )
    (folder / "standards" / "policy.csv").write_text("key,value\nservice_share_percent,30\n", encoding="utf-8")
    found = ground.checked(open_workspace(folder), "T-R", "F-KG")
    one = ground.at(found, "T-R")
    assert (one.threshold.value, one.threshold.whose, one.limit.whose) == (60, "workspace", "workspace")
    assert one.value == pytest.approx(100 * 100 / 300)
    assert ground.at(found, "F-KG").value == 100
    assert ground.at(found, "F-KG").threshold.whose == "standard"


def test_kinds_are_compared_without_case_and_may_be_excluded(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"parks": ground.parks("Cemetery")})
    assert list(of_kind(ws, "P-R", "parks")) == [False]
    assert list(of_kind(ws, "T-R", "toilets")) == [True]  # nothing is said of toilets: all count
    assert not len(of_kind(ws, "F-KG", "facilities"))


def test_custom_profile_without_indicators_takes_the_international_one(tmp_path: Path) -> None:
    assert health_check(ground.opened(tmp_path, profile="custom"), only=()).profile == "WHO"


@pytest.mark.parametrize("own", [{"NO-SUCH": "1"}, {"SVC_10": "1"}])
def test_only_what_is_compared_can_be_set(sample_ws: Workspace, own: dict[str, str]) -> None:
    with pytest.raises(ThresholdError):
        ground.checked(sample_ws, "T-R", **own)


@pytest.mark.parametrize(("word", "found"), [("0.5", Asked(0.5)), ("3..5", Asked(3, 5))])
def test_thresholds_are_read(word: str, found: Asked) -> None:
    assert asked(word)[:1] == found[:1]
    assert np.array_equal(asked(word), found, equal_nan=True)


@pytest.mark.parametrize("word", ["", "a", "5..3", "1..2..3", "nan", "inf"])
def test_other_words_are_no_thresholds(word: str) -> None:
    with pytest.raises(ThresholdError):
        asked(word)


def test_answer_has_what_the_command_promises(sample_ws: Workspace) -> None:
    health = ground.checked(sample_ws, "T-R", T_R=60)
    answer = json.loads(json.dumps(health_answer(health)))
    assert answer["set_for_this_run"] == {"T-R": [60, None]}
    rows = answer["indicators"]
    assert [row["grid_id"] for row in rows] == ["E1", "E2", "W1", "W2", None]
    promised = {"id", "grid_id", "value", "unit", "threshold", "verdict", "status", "denominator", "source"}
    assert all(promised | {"edition", "confidence", "missing", "failing"} <= set(row) for row in rows)
    assert rows[1]["value"] is None
    assert rows[3]["failing"]["buildings"] == {"count": 2, "ids": ["b3", "b4"]}
    assert rows[4]["failing"]["buildings"] == {"count": 3, "ids": None}
    assert rows[4]["threshold"]["set_by"] == "caller"


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = samples.community(tmp_path / "town")
    assert guatu(["health", str(folder), "--profile", "WHO", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {row["id"] for row in answer["indicators"]} == set(indicators("WHO").index)
    assert guatu(["health", str(folder), "--level", "1", "--lang", "zh", "--threshold", "T-R=100"]) == 0
    lines = capsys.readouterr().out
    assert "T-R 公厕服务半径" in lines
    assert "待核" in lines


@pytest.mark.parametrize("word", ["T-R", "T-R=x", "NO=1", "SVC-10=3"])
def test_wrong_thresholds_are_wrong_usage(tmp_path: Path, word: str) -> None:
    with pytest.raises(SystemExit) as ended:
        guatu(["health", str(samples.community(tmp_path / "town")), "--threshold", word])
    assert ended.value.code == 2


def test_matrix_says_verdicts_with_signs(sample_ws: Workspace) -> None:
    health = ground.checked(sample_ws, "T-R", "F-KG", T_R=60)
    words, verdicts = matrix(health, ["T-R", "F-KG"], "en")
    assert list(words.columns) == ["id", "title", "asked", WHOLE, "E1", "E2", "W1", "W2"]
    assert words.loc["T-R", "W2"] == "✗ 0% ◐"
    assert words.loc["F-KG", "W2"] == "?"
    assert verdicts.loc["T-R", "W2"] == "fails"
    assert words.loc["T-R", "asked"].endswith("set for this run")
    assert "to be verified" in words.loc["F-KG", "asked"]
    assert chosen_ids(health, "F") == ["F-KG"]
    assert chosen_ids(health, None, "fails") == ["T-R"]


def test_finding_in_full(sample_ws: Workspace) -> None:
    health = ground.checked(sample_ws, "T-R", T_R=60)
    one = ground.at(health, "T-R", "W2")
    told = facts(one, "en")
    assert told["Denominator"] == "households by residential building: 100"
    assert told["Standard"] == "GB 55013-2021 · 5.0.1 · 2021"
    assert told["Threshold"].endswith("set for this run")
    rows = failing_table(health, one, "en")
    assert rows[["id", "grid"]].to_numpy().tolist() == [["b3", "NW"], ["b4", "NW"]]
    assert finding_answer(one)["amounts"] == [0, 100]


def test_files_hold_every_finding(sample_ws: Workspace, tmp_path: Path) -> None:
    health = ground.checked(sample_ws, "T-R", "F-KG")
    table = long_table(health, "zh")
    assert len(table) == 10
    path = tmp_path / "health.xlsx"
    path.write_bytes(health_file(health, ".xlsx", "zh"))
    read = pd.read_excel(path, engine="openpyxl")
    assert list(read["编号"])[:5] == ["T-R"] * 5 or list(read["编号"])[:5] == ["F-KG"] * 5
    assert health_file(health, ".csv", "en").startswith(b"\xef\xbb\xbf")
    assert json.loads(health_file(health, ".json", "en"))["profile"] == "CN-old"
    assert health_file(health, ".xlsx", "zh") == health_file(health, ".xlsx", "zh")


def test_least_sizes_can_be_set(tmp_path: Path) -> None:
    ws = ground.opened(tmp_path, {"parks": ground.parks("公园")})
    own = {"W-GREEN.size": Asked(2500), "W-GREEN": Asked(37)}
    health = health_check(ws, profile="WHO", own=own, only=("W-GREEN",))
    assert health.at("W-GREEN", WHOLE).value == pytest.approx(100 * 140 / 300)
    assert editable(health, "en").loc["W-GREEN.size", "set_by"] == "set for this run"
    with pytest.raises(ThresholdError):
        health_check(ws, profile="WHO", own={"W-OPEN.size": Asked(1)})


def test_edited_thresholds(sample_ws: Workspace) -> None:
    health = ground.checked(sample_ws, "T-R", "T-D", "SVC-10", T_R=60)
    before = editable(health, "en")
    assert "SVC-10" not in before.index
    assert before.loc["park_min_m2", "value"] == 400
    assert edited(before, before, {"T-R": Asked(60)}) == {"T-R": Asked(60)}
    after = before.copy()
    after.loc["T-R", "value"] = np.nan
    after.loc["park_min_m2", "value"] = 1000
    after.loc["T-D", "value"] = 4
    found = edited(before, after, {"T-R": Asked(60)})
    assert set(found) == {"park_min_m2", "T-D"}
    assert (found["park_min_m2"].value, found["T-D"]) == (1000, Asked(4, 5))


@pytest.mark.parametrize(
    ("value", "words"), [(72.364, "72.4"), (0.5312, "0.53"), (1234.5, "1,234"), (3, "3"), (0, "0")]
)
def test_figures(value: float, words: str) -> None:
    assert figure(value) == words


def test_a_cell_marks_proxy_and_partial(sample_ws: Workspace) -> None:
    health = ground.checked(sample_ws, "T-D")
    assert cell(ground.at(health, "T-D")) == "· 25 ≈"


@settings(max_examples=2)
@given(order=st.permutations(range(5)))
def test_order_of_rows_does_not_matter(tmp_path_factory: pytest.TempPathFactory, order: list[int]) -> None:
    tables = {
        "buildings": samples.buildings(),
        "facilities": ground.facilities(("canteen", 30, 59), ("kindergarten", 90, 90)),
        "streets": ground.streets(),
    }
    one = ground.opened(tmp_path_factory.mktemp("a"), tables)
    two = ground.opened(tmp_path_factory.mktemp("b"), {**tables, "buildings": tables["buildings"].iloc[order]})
    first, second = (health_answer(health_check(ws, profile="CN-old", only=REACHED))["indicators"] for ws in (one, two))
    assert json.dumps(first) == json.dumps(second)


def test_check_sums_grids_to_the_whole(sample_ws: Workspace) -> None:
    check: Check = ground.checked(sample_ws, "T-R").check
    assert list(check.totals([0, 0, 2, -1], [1.0, 2.0, 4.0, 8.0])) == [3, 0, 4, 0, 7]
    assert list(check.households.by_place) == [100, 100, 100, 100, 400]
