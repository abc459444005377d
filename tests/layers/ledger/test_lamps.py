"""Lamps: by state, and by the time that is left; thresholds are data."""

from pathlib import Path

import pandas as pd
import pytest

from layers.ledger.lamps import lamps
from layers.ledger.log.folds import cases
from layers.ledger.log.table import event_table
from layers.standards import standard
from tests.layers.ledger.telling import RULES, assigned, t

SINCE, DUE = "2021-08-02T09:00", "2021-08-06T09:00"  # 96 hours; a quarter is 24


def lamp(state: str, as_of: str, due: str | None = DUE, folder: Path | None = None) -> str:
    table = pd.DataFrame({"state": [state], "since": [t(SINCE)], "due_at": pd.to_datetime([due])})
    return str(lamps(table, t(as_of), folder).iloc[0])


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2021-08-02T09:00", "green"),
        ("2021-08-05T08:59", "green"),
        ("2021-08-05T09:00", "yellow"),  # a quarter of the limit is left
        ("2021-08-06T09:00", "yellow"),  # at the deadline itself it is not late
        ("2021-08-06T09:01", "red"),
    ],
)
def test_an_issue_under_way_turns_yellow_then_red(as_of: str, expected: str) -> None:
    assert lamp("working", as_of) == expected
    assert lamp("assigned", as_of) == expected


def test_few_hours_are_near_whatever_the_share() -> None:
    assert lamp("working", "2021-08-02T10:00", "2021-08-02T14:00") == "yellow"  # 4 h of 5 h
    assert lamp("working", "2021-08-02T09:59", "2021-08-02T14:00") == "green"


@pytest.mark.parametrize(
    ("state", "in_time", "late"),
    [
        ("new", "grey", "red"),
        ("accepted", "grey", "red"),
        ("assigned", "green", "red"),
        ("working", "green", "red"),
        ("deferred", "blue", "blue"),
        ("to_project", "blue", "blue"),
        ("fixed", "green", "green"),
        ("rework", "red", "red"),
        ("closed", "green", "green"),
        ("struck", "green", "green"),
        ("revisit_ok", "green", "green"),
        ("revisit_bad", "red", "red"),
        ("rejected", "hidden", "hidden"),
    ],
)
def test_each_state(state: str, in_time: str, late: str) -> None:
    assert (lamp(state, SINCE), lamp(state, "2021-09-01")) == (in_time, late)
    assert lamp(state, SINCE, None) == ("grey" if state in {"assigned", "working"} else in_time)


def test_every_state_has_a_lamp_and_every_lamp_a_shape_of_its_own() -> None:
    table = standard("lamps").set_index("lamp")
    assert table["shape"].is_unique
    assert set(RULES.states["lamp"]) <= {*table.index, "by_deadline", "hidden"}


def test_thresholds_are_data(tmp_path: Path) -> None:
    (tmp_path / "standards").mkdir()
    rows = "key,value\nlamp_yellow_share,0.5\nlamp_yellow_hours_min,1\n"
    (tmp_path / "standards" / "policy.csv").write_text(rows, encoding="utf-8")
    assert lamp("working", "2021-08-04T09:00", folder=tmp_path) == "yellow"


def test_a_fold_has_all_that_a_lamp_needs() -> None:
    found = cases(event_table(assigned().events))
    assert list(lamps(found, t("2021-08-02T10:00"))) == ["green"]
    assert list(lamps(found, t("2021-08-03T09:01"))) == ["red"]  # the reply is late
