"""Relocation of a hand-made register: stages, zones, buildings, what contradicts, what holds it up, before and after."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.text import Lang
from layers import Workspace, open_workspace
from reports.relocation import figures, holding, land, pace, reasons, relocation
from tests import samples

DAY = datetime(2024, 6, 1, 18)  # noqa: DTZ001
# building, zone, signed, moved, rehoused, blocker
Row = tuple[str | None, ...]
ROWS: list[Row] = [
    ("b1", "Z1", "2024-03-01", "2024-04-01", "2024-05-20", None),
    ("b1", "Z1", "2024-03-05", "2024-04-11", None, None),
    ("b2", "Z1", "2024-03-01", "2024-05-28", None, None),
    ("b2", "Z1", "2024-03-01", "2024-06-05", None, "HOME"),  # moves after the date of the data
    ("b2", "Z1", None, None, None, "PRICE"),
    ("b3", "Z2", "2024-05-01", None, None, None),
    ("b3", "Z2", None, None, None, "PRICE"),
    ("gone", "", "2024-05-01", "2024-05-02", None, "XX"),
]


def register(rows: Sequence[Row]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["building_id", "zone", "signed_at", "moved_at", "rehoused_at", "blocker"])
    days = {name: pd.to_datetime(table[name]) for name in ("signed_at", "moved_at", "rehoused_at")}
    index = pd.Index([f"h{at}" for at in range(1, len(table) + 1)], name="household_id", dtype="str")
    return table.assign(**days).set_index(index)


def opened(folder: Path, rows: Sequence[Row] = ROWS, **more: pd.DataFrame) -> Workspace:
    buildings = samples.frame(
        {
            "name": ["一栋", "二栋", "三栋"],
            "demolished_at": pd.to_datetime(pd.Series(["2024-05-30", None, None])).to_numpy(),
        },
        ["b1", "b2", "b3"],
        "building_id",
        [samples.box(10, 10, 20, 20), samples.box(60, 10, 20, 20), samples.box(110, 110, 20, 20)],
    )
    zones = samples.frame(
        {"name": ["东片", "西片"], "ends_at": pd.to_datetime(["2024-06-30", "2024-05-31"])},
        ["Z1", "Z2"],
        "project_id",
        [samples.box(0, 0, 100, 100), samples.box(100, 100, 100, 100)],
    )
    tables = {"buildings": buildings, "projects": zones, "households": register(rows), **more}
    return open_workspace(samples.community(folder, tables))


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return opened(tmp_path / "ws")


def test_stages_in_all_by_zone_and_grid(ws: Workspace) -> None:
    found = relocation(ws, DAY)
    columns = ["households", "signed", "moved", "demolished", "rehoused", "unsigned", "remaining", "left"]
    assert found.whole[columns].tolist() == [8, 6, 4, 2, 1, 2, 2, 4]
    assert found.whole["moved_percent"] == pytest.approx(400 / 6)
    by_zone = found.zones[columns].T.to_dict("list")
    assert by_zone["Z1"] == [5, 4, 3, 2, 1, 1, 1, 2]
    assert by_zone["Z2"] == [2, 1, 0, 0, 0, 1, 1, 2]
    assert found.grids(2)["households"].fillna(0).to_dict() == {"E1": 0, "E2": 2, "W1": 5, "W2": 0}
    assert found.grids(1).loc["W", "moved"] == 3
    assert (found.meta["without_building"], found.meta["without_zone"]) == (1, 1)


def test_countdown(ws: Workspace) -> None:
    zones = relocation(ws, DAY).zones
    assert zones["days_left"].fillna(-99).to_dict() == {"": -99, "Z1": 29, "Z2": -1}
    assert zones.loc["Z1", "needed_per_day"] == pytest.approx(2 / 29)
    assert zones.loc["Z1", "pace_per_day"] == pytest.approx(1 / 7)
    assert np.isnan(zones["needed_per_day"].loc["Z2"])  # the deadline is past
    assert zones.loc["Z1", "name"] == "东片"


def test_an_earlier_day_shows_what_was_known_then(ws: Workspace) -> None:
    early = relocation(ws, datetime(2024, 4, 5))  # noqa: DTZ001
    assert early.whole[["signed", "moved", "demolished", "rehoused"]].tolist() == [4, 1, 0, 0]
    assert relocation(ws, datetime(2024, 6, 30)).whole["moved"] == 5  # noqa: DTZ001
    assert relocation(ws).as_of == samples.AS_OF


def test_buildings_and_who_holds_them(ws: Workspace) -> None:
    found = relocation(ws, DAY)
    assert found.buildings["state"].to_dict() == {"b1": "demolished", "b2": "held", "b3": "signing"}
    held = holding(found, Lang.EN)
    assert list(held.index) == ["b2"]
    assert held.loc["b2", "household_ids"] == "h4; h5"
    assert "compensation" in str(held.loc["b2", "reasons"])
    assert held.loc["b2", "waiting_days"] == 4
    assert holding(found, Lang.EN, zone="Z2").empty
    samples.overrule(ws.folder, relocation_hold_households=1)
    assert relocation(open_workspace(ws.folder), DAY).buildings.loc["b2", "state"] == "moving"


def test_reasons_are_counted_and_an_unknown_code_is_shown(ws: Workspace) -> None:
    told = reasons(relocation(ws, DAY), Lang.ZH)
    assert told.index.tolist() == ["PRICE", "HOME", ""]
    assert told["left"].tolist() == [2, 1, 1]
    assert told["reason"].tolist()[-1] == "未登记原因"
    assert told["left"].sum() == relocation(ws, DAY).whole["left"]


def test_days_that_run_backwards_are_told_and_moving_needs_a_signature(tmp_path: Path) -> None:
    rows: list[Row] = [
        *ROWS,
        ("b3", "Z2", "2024-05-10", "2024-05-01", None, None),
        ("b3", "Z2", None, "2024-05-01", None, None),
    ]
    found = relocation(opened(tmp_path / "ws", rows), DAY)
    assert found.meta["contradictions"]["moved_before_signed"] == 2
    assert found.whole["moved"] == 5  # the one without a signature does not count as moved


def test_a_stage_without_days_is_unknown_and_not_zero(tmp_path: Path) -> None:
    rows: list[Row] = [(one[0], one[1], one[2], one[3], None, one[5]) for one in ROWS]
    found = relocation(opened(tmp_path / "ws", rows), DAY)
    assert "rehoused" not in found.stages
    assert np.isnan(found.whole["rehoused"])
    assert np.isnan(found.whole["rehoused_percent"])


def test_only_statistics_or_nothing(tmp_path: Path) -> None:
    stats = pd.DataFrame(
        {"name": ["签约户数", "搬迁户数"], "value": [10221.0, 9269.0], "qualifier": ["eq", "eq"]},
        index=pd.Index(["n1", "n2"], name="stat_id", dtype="str"),
    )
    told = relocation(open_workspace(samples.community(tmp_path / "a", {"service_stats": stats})))
    assert told.source == "statistics"
    assert round(told.whole["moved_percent"], 2) == 90.69
    assert told.whole["remaining"] == 952
    assert np.isnan(told.whole["households"])
    nothing = relocation(open_workspace(samples.community(tmp_path / "b")))
    assert nothing.source == "none"
    assert pace(told).missing is not None


def test_row_order_changes_nothing(tmp_path: Path) -> None:
    one = relocation(opened(tmp_path / "a"), DAY)
    table = register(ROWS).iloc[::-1]
    other = relocation(opened(tmp_path / "b", households=table), DAY)
    pd.testing.assert_frame_equal(one.zones, other.zones)
    pd.testing.assert_frame_equal(one.units, other.units)


def test_pace_by_week_and_why_there_is_none(tmp_path: Path) -> None:
    few = pace(relocation(opened(tmp_path / "a"), DAY), zone="Z2")
    assert few.missing is not None
    days = pd.date_range("2024-03-02", "2024-06-01", freq="D")
    rows: list[Row] = [("b1", "Z1", f"{day:%Y-%m-%d}", f"{day:%Y-%m-%d}", None, None) for day in days]
    rows += [("b2", "Z1", None, None, None, None)] * 20
    told = pace(relocation(opened(tmp_path / "b", rows), DAY))
    seen = told.weeks[told.weeks["sum"].notna()]
    assert seen["came"].iloc[1:].tolist() == [7.0] * (len(seen) - 1)
    assert seen["sum"].iloc[-1] == len(days)
    assert told.way == "pace"
    assert told.total == len(rows)
    assert told.at_deadline is not None
    assert told.at_deadline["expected"] == len(rows)  # 20 are left, at 7 a week, with four weeks to go
    assert told.reached[0] == pd.Timestamp("2024-06-22")
    assert told.error is not None
    assert told.error.error == 0


def test_land_and_figures_before_and_after(tmp_path: Path) -> None:
    sites = samples.frame(
        {
            "name": ["甲", "乙", "丙"],
            "use_before": ["垃圾场", "闲置地", None],
            "use_after": ["广场", "公园", "公园"],
            "stated_area_m2": [2800.0, None, 5.0],
            "status": ["done", "working", "done"],
        },
        ["s1", "s2", "s3"],
        "site_id",
        [samples.box(0, 0, 10, 10), samples.box(20, 0, 20, 10), samples.box(50, 0, 5, 5)],
    )
    names = [
        "单间月租金（改造前）",
        "单间月租金（改造后）",
        "摊点（整治前）",
        "摊点（整治后）",
        "老师（改造前）",
        "路灯",
    ]
    stats = pd.DataFrame(
        {
            "name": names,
            "value": [100.0, 800.0, 400.0, 60.0, 5.0, 3.0],
            "unit": ["元", "元", "处", "处", "人", "盏"],
            "qualifier": ["lt", "approx", "gt", "lt", "eq", "eq"],
        },
        index=pd.Index([f"n{at}" for at in range(6)], name="stat_id", dtype="str"),
    )
    ws = open_workspace(samples.community(tmp_path / "ws", {"sites": sites, "service_stats": stats}))
    told = land(ws, Lang.EN)
    assert told["area_m2"].to_dict() == {"s1": 2800.0, "s2": 200.0}
    assert told.loc["s1", "area_mu"] == pytest.approx(4.2)
    assert told["area_is"].tolist() == ["stated", "drawn"]
    pairs = figures(ws, Lang.ZH).set_index("name")
    assert pairs["change_said"].to_dict() == {"单间月租金": "+ 700 以上", "摊点": "− 340 以上", "老师": ""}
    assert pairs.loc["单间月租金", "before_said"] == "不到 100"
    assert pairs.loc["单间月租金", "after_said"] == "约 800"
