# ruff: noqa: DTZ001 (workspaces keep naive local time)
from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from reports.progress import breach_list, deadline_status, marks, month
from reports.progress.breach import TITLES

NOW = datetime(2024, 3, 31)
Cases = Callable[..., pd.DataFrame]


def past(kind: str, hours: range) -> list[dict[str, object]]:
    start = datetime(2024, 3, 1)
    return [{"reported_at": start, "closed_at": start + timedelta(hours=one), "issue_type": kind} for one in hours]


def waiting(name: str, kind: str | None, age: float, left: float, **more: object) -> dict[str, object]:
    begun, due = NOW - timedelta(hours=age), NOW + timedelta(hours=left)
    return {"issue_id": name, "reported_at": begun, "final_due_at": due, "issue_type": kind} | more


def test_the_surest_to_miss_come_first_and_the_unknown_last(cases: Cases) -> None:
    table = cases(
        *past("LIGHT_OUT", range(1, 41)),
        waiting("soon", "LIGHT_OUT", 10, 3),
        waiting("later", "LIGHT_OUT", 10, 15),
        waiting("beyond", "LIGHT_OUT", 10, 100),
        waiting("late", "LIGHT_OUT", 10, -1),
        waiting("later still", "LIGHT_OUT", 10, -5),
        waiting("moment", "LIGHT_OUT", 10, 0),
    )
    found = breach_list(table, NOW)
    assert found.index.tolist() == ["later still", "late", "moment", "soon", "later", "beyond"]
    assert found["is_overdue"].tolist() == [True, True, False, False, False, False]
    chance = found["chance_to_miss"].tolist()
    assert chance[:3] == [1, 1, 1]  # due now and open: it is closed in no time at all by nobody
    assert chance[3] == pytest.approx(found.loc["soon", "chance_to_miss"])
    assert 0 < found.loc["later", "chance_to_miss"] < found.loc["soon", "chance_to_miss"] < 1
    assert np.isnan(chance[5])
    assert list(found) == list(TITLES)
    assert "40 件" in found.loc["soon", "reason_zh"]
    assert "nothing to tell from" in found.loc["beyond", "reason_en"]
    assert found.loc["late", "reason_zh"] == "已过截止时间"


def test_the_chance_is_the_ratio_of_two_points_of_the_curve(cases: Cases) -> None:
    learnt = cases(*past("LIGHT_OUT", range(1, 41)))
    found = breach_list(cases(waiting("one", "LIGHT_OUT", 10, 15)), NOW, history=learnt)
    assert found["chance_to_miss"].tolist() == pytest.approx([15 / 30])
    assert found["closings"].tolist() == [40]


def test_types_with_few_closings_learn_from_all(cases: Cases) -> None:
    table = cases(*past("LIGHT_OUT", range(1, 41)), *past("GAS", range(1, 6)), waiting("one", "GAS", 1, 1))
    found = breach_list(table, NOW)
    assert found["is_pooled"].tolist() == [True]
    assert found["closings"].tolist() == [45]
    assert "不足 20 件" in found["reason_zh"].iloc[0]
    assert not breach_list(table, NOW, fewest_events=5)["is_pooled"].any()
    untyped = cases(*past("LIGHT_OUT", range(1, 41)), waiting("one", None, 1, 1))
    assert breach_list(untyped, NOW)["is_pooled"].tolist() == [True]


def test_what_has_no_running_deadline_is_not_listed(cases: Cases) -> None:
    table = cases(
        *past("LIGHT_OUT", range(1, 3)),
        *(waiting(state, "LIGHT_OUT", 5, 5, state=state) for state in ("deferred", "to_project", "rejected", "fixed")),
        waiting("member", "LIGHT_OUT", 5, 5, head="I0"),
        {"reported_at": NOW, "issue_type": "LIGHT_OUT"},
    )
    assert breach_list(table, NOW).empty
    assert list(breach_list(table, NOW)) == list(TITLES)


def test_what_stands_still_misses_nothing_unless_it_was_late_by_then(cases: Cases) -> None:
    stood = waiting("stood", "LIGHT_OUT", 10, -1, paused_since=NOW - timedelta(hours=4))
    too_late = waiting("too late", "LIGHT_OUT", 10, -5, paused_since=NOW - timedelta(hours=4))
    table = cases(*past("LIGHT_OUT", range(1, 41)), stood, too_late)
    assert breach_list(table, NOW).index.tolist() == ["too late"]
    assert deadline_status(table, NOW)["status"].loc[["stood", "too late"]].tolist() == ["open_in_time", "open_overdue"]
    flags = marks(table, month(2024, 3, as_of=NOW)).loc[["stood", "too late"]]
    assert flags["due"].tolist() == [True, True]
    assert flags["overdue"].tolist() == [False, True]
