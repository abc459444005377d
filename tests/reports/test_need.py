"""Voiced against objective need, and the check of who reports, on communities that can be worked out by hand."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.text import Lang, Text
from layers import Workspace, open_workspace
from reports.health.examination import health_check
from reports.need.bias import HIGH_NEED, LOW_APP, STAFF_FIND, reporting_bias
from reports.need.double_high import BOTH, NEITHER, OBJECTIVE, UNKNOWN, VOICE, Objective, double_high
from reports.need.map import with_quadrants
from reports.need.objective import failing_share, objective_need
from reports.need.tables import BIAS_HEADS, CHECK_HEADS, NEED_HEADS, bias_rows, check_rows, need_points, need_rows
from reports.need.voices import base_of, channels, voices
from reports.plain_table import csv_bytes, json_rows, json_value, named, worded
from reports.webmap.payload import payload
from tests import samples

SPOTS = {"W1": (20, 20), "E1": (150, 20), "W2": (20, 150), "E2": (150, 150)}
APP, PHONE, STAFF = "微信群", "12345热线", "网格员巡查"


def reports(rows: list[tuple[str, str, int]]) -> pd.DataFrame:
    """Issues: so many from a source in a grid."""
    spots = [(grid, source) for grid, source, many in rows for _ in range(many)]
    east = [samples.point(SPOTS[grid][0] + n / 100, SPOTS[grid][1]) for n, (grid, _) in enumerate(spots)]
    size = len(spots)
    day = pd.Timestamp("2024-05-20 10:00")
    columns = {
        "issue_type": ["GARBAGE"] * size, "source_type": ["x"] * size, "description": ["x"] * size,
        "reported_at": [day] * size, "due_at": [pd.NaT] * size, "closed_at": [pd.NaT] * size,
        "severity": pd.array([2] * size, dtype="Int64"), "source": [source for _, source in spots],
    }  # fmt: skip
    table = samples.frame(columns, [f"r{n:04d}" for n in range(size)], "issue_id", list(east))
    return table.astype({"due_at": "datetime64[us]", "closed_at": "datetime64[us]"})


def community(folder: Path, rows: list[tuple[str, str, int]], **changed: pd.DataFrame) -> Workspace:
    return open_workspace(samples.community(folder, {"issues": reports(rows), **changed}))


# Grid W1 speaks by app, E1 by phone, in W2 staff find much and residents report little, E2 is quiet and well.
ROWS = [("W1", APP, 40), ("E1", PHONE, 30), ("W2", PHONE, 4), ("W2", STAFF, 30), ("E2", APP, 6), ("E2", STAFF, 2)]
NEED = {"E1": 30.0, "E2": 10.0, "W1": 80.0, "W2": 70.0}


def need() -> Objective:
    return Objective(pd.Series(NEED), Text("指定", "given"), "ready")


def test_quadrants_by_hand(tmp_path: Path) -> None:
    """Percentile 50: need from 50, voiced from the middle of 20, 30, 150 and 200 per 1,000 residents; staff is no voice."""
    samples.community(tmp_path / "a", {"issues": reports(ROWS)})
    ws = open_workspace(samples.overrule(tmp_path / "a", double_high_percentile=50))
    found = double_high(ws, need())
    assert found.table["quadrant"].to_dict() == {"E1": VOICE, "E2": NEITHER, "W1": BOTH, "W2": OBJECTIVE}
    assert found.table["reports"].to_dict() == {"E1": 30, "E2": 6, "W1": 40, "W2": 4}
    assert found.table["voiced_raw"].to_dict() == pytest.approx({"E1": 150, "E2": 30, "W1": 200, "W2": 20})
    assert found.limits[0] == 50.0
    assert "SW" in found.summary.zh


def test_a_grid_without_data_is_in_no_quadrant(tmp_path: Path) -> None:
    ws = community(tmp_path / "a", ROWS)
    given = Objective(pd.Series({"E1": 30.0, "W1": 80.0}), Text("", ""), "partial")
    assert double_high(ws, given).table.loc["W2", "quadrant"] == UNKNOWN


def test_planned_projects_that_lie_in_a_grid(tmp_path: Path) -> None:
    rows = {"name": ["小游园", "旧场"], "status": ["planned", "done"]}
    sites = samples.frame(rows, ["s1", "s2"], "site_id", [samples.box(90, 10, 20, 20), samples.box(10, 10, 20, 20)])
    table = double_high(community(tmp_path / "a", ROWS, sites=sites), need()).table
    assert table["projects"].to_dict() == {"E1": "小游园", "E2": "", "W1": "小游园", "W2": ""}


def test_the_share_of_failing_indicators_by_hand(tmp_path: Path) -> None:
    """Fails of those with a verdict, computed again from the findings one by one; too few verdicts give no number."""
    ws = community(tmp_path / "a", ROWS)
    health = health_check(ws)
    found = failing_share(health, 1)
    for grid, value in found.by_grid.items():
        spoken = [health.at(key, str(grid)) for key in health.findings if "issues" not in health.cited[key].layers]
        verdicts = [one.verdict for one in spoken if one.verdict in {"meets", "fails"}]
        share = 100 * verdicts.count("fails") / len(verdicts) if verdicts else np.nan
        assert value == pytest.approx(share, nan_ok=True)
    assert failing_share(health, 99).by_grid.isna().all()
    assert failing_share(health, 99).status == "partial"


def test_objective_need_leaves_reports_out(tmp_path: Path) -> None:
    one = community(tmp_path / "a", ROWS)
    other = community(tmp_path / "b", [(grid, source, 5 * many) for grid, source, many in ROWS])
    first, second = objective_need(one), objective_need(other)
    pd.testing.assert_series_equal(first.by_grid, second.by_grid)
    assert "未办结" not in first.words.zh


def test_signs_of_silence_by_hand(tmp_path: Path) -> None:
    samples.community(tmp_path / "a", {"issues": reports(ROWS)})
    ws = open_workspace(samples.overrule(tmp_path / "a", voice_low_percentile=50, double_high_percentile=50))
    found = reporting_bias(ws, need=pd.Series(NEED))
    assert found.signs["W2"] == (HIGH_NEED, STAFF_FIND, LOW_APP)
    assert found.signs["E2"] == ()
    assert set(found.signs) == {"W2", "E2"}
    assert "NW" in found.plain.zh
    row = found.table.loc["W1"]
    assert row[["reports", "app_percent", "night_percent"]].tolist() == [40, 100, 0]
    assert found.table["mix_distance"].between(0, 1).all()
    status = {one.key: one.status for one in found.checks}
    assert status == {
        "rate": "ready", "channels": "ready", "staff": "ready", "reporters": "unavailable", "default": "ready", "hours": "ready"
    }  # fmt: skip


def test_without_staff_or_channels_it_says_what_is_missing(tmp_path: Path) -> None:
    found = reporting_bias(community(tmp_path / "a", [("W1", "口头", 5)]))
    status = {one.key: one.status for one in found.checks}
    assert (status["channels"], status["staff"], status["hours"]) == ("unavailable", "unavailable", "unavailable")
    assert found.table["voice"].isna().all()


def test_channels_are_a_table(tmp_path: Path) -> None:
    cases = pd.DataFrame({"source": [APP, STAFF, None, "口头"]})
    assert channels(cases).tolist() == ["app", "staff", "unknown", "unknown"]
    assert voices(channels(cases)).tolist() == ["residents", "staff", "unknown", "unknown"]
    (tmp_path / "standards").mkdir()
    text = "word,channel,zh,en\n口头,phone,口头,spoken\n"
    (tmp_path / "standards" / "source_channels.csv").write_text(text, encoding="utf-8")
    assert channels(cases, tmp_path).tolist()[3] == "phone"


def test_without_people_the_area_is_what_rates_are_counted_over(tmp_path: Path) -> None:
    grids = samples.grids().drop(columns=["households", "residents", "elderly_residents"])
    ws = open_workspace(samples.community(tmp_path / "a", {"grids": grids, "buildings": None}))
    found = base_of(ws, 2)
    assert found.status == "proxy"
    assert found.amount.to_list() == pytest.approx([1.0] * 4)
    assert found.missing is not None


def test_tables_and_map_of_the_page(tmp_path: Path) -> None:
    ws = community(tmp_path / "a", ROWS)
    found, bias = double_high(ws, need()), reporting_bias(ws)
    for lang in Lang:
        assert list(need_rows(found, lang).columns) == list(NEED_HEADS)
        assert list(bias_rows(bias, lang).columns) == list(BIAS_HEADS)
        assert list(check_rows(bias, lang).columns) == list(CHECK_HEADS)
    assert len(need_points(found, Lang.ZH)) == 4
    shade = with_quadrants(payload(ws, ("grids",), level=2), ws, found)["shades"][0]
    assert sum(shade["counts"]) + shade["missing"] == 4
    assert len(shade["names"]) == len(shade["limits"]) == 4


def test_a_table_leaves_safely_and_whole() -> None:
    table = pd.DataFrame({"kind": ["a", "b"], "n": [1.23456, np.inf]}, index=["=1+1", "g2"])
    told = worded(table, {"kind": {"a": Text("甲", "first")}}, Lang.ZH)
    assert told["kind"].tolist() == ["甲", "b"]
    text = csv_bytes(
        told, {"kind": Text("类", "kind"), "n": Text("数", "n")}, Lang.ZH, note=Text("说明", "note")
    ).decode("utf-8-sig")
    assert text.splitlines()[0] == "编号,类,数"
    assert text.splitlines()[1] == "'=1+1,甲,1.235"
    assert text.splitlines()[-1] == "说明"
    assert pd.read_csv(io.StringIO(text)).shape == (3, 3)
    assert named(table, {"g2": Text("二", "two")}, Lang.EN)["label"].tolist() == ["=1+1", "two"]
    assert json_rows(table, "id")[1] == {"id": "g2", "kind": "b", "n": None}
    assert json_value((Text("一", "one"), pd.Timestamp("2024-01-01"), pd.NaT)) == [
        {"zh": "一", "en": "one"},
        "2024-01-01T00:00:00",
        None,
    ]
