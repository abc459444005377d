# ruff: noqa: DTZ001 (workspaces keep naive local time)
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd

from layers import ISSUES, Workspace
from layers.ledger import standing
from reports.progress import cases_of_issues, changes, deadline_status, figures, month
from reports.progress.change import TITLES, UNIT_WORDS
from reports.progress.figures import ALL
from tests.reports.progress.conftest import NUMBERS, TIMES, WORDS

NOW = datetime(2024, 6, 1, 12)


def test_it_has_the_columns_of_a_fold(sample: Workspace) -> None:
    found = cases_of_issues(sample[ISSUES], NOW)
    assert {*WORDS, *TIMES, *NUMBERS, "severity", "satisfaction", "x_m", "y_m", "is_contested"} <= set(found)
    assert all(found[name].dtype == "datetime64[us]" for name in TIMES)
    assert found["grid_id"].notna().any()
    assert cases_of_issues(sample[ISSUES], datetime(1990, 1, 1)).empty


def test_it_agrees_with_the_standing_of_issues(sample: Workspace) -> None:
    issues = sample[ISSUES]
    for clock in (NOW, datetime(2024, 5, 1), datetime(2024, 3, 1)):
        stand = standing(issues, clock)
        stand = stand[stand["is_known"]]
        found = deadline_status(cases_of_issues(issues, clock), clock)["status"]
        assert (found.str.startswith("open") == stand["is_open"]).all()
        assert ((found == "open_overdue") == stand["is_overdue"]).all()
        assert ((found == "closed_late") == stand["was_late"]).all()


def test_the_grid_may_be_given(sample: Workspace) -> None:
    given = pd.Series("G", index=sample[ISSUES].index)
    assert set(cases_of_issues(sample[ISSUES], NOW, grid_id=given)["grid_id"]) == {"G"}
    bare = pd.DataFrame(sample[ISSUES]).drop(columns="geometry")
    assert cases_of_issues(bare, NOW)["x_m"].isna().all()


def test_what_the_register_does_not_tell_is_unknown(sample: Workspace) -> None:
    row = figures(cases_of_issues(sample[ISSUES], NOW), month(2024, 5, as_of=NOW)).loc[ALL]
    assert np.isnan(row[["response_rate", "rework_rate", "satisfaction_rate", "mean_dispose_hours"]]).all()


def test_change_on_the_period_and_on_the_year(cases: Callable[..., pd.DataFrame]) -> None:
    def closed(day: str, due: str) -> dict[str, str]:
        return {"reported_at": f"{day}T00", "final_due_at": due, "closed_at": f"{day}T12"}

    table = cases(
        *[closed("2024-03-05", "2024-03-05T18")] * 3,
        closed("2024-03-06", "2024-03-06T06"),
        closed("2024-02-05", "2024-02-05T18"),
        closed("2024-02-06", "2024-02-06T06"),
    ).rename(index=lambda name: f"{name}x")
    asked: list[datetime] = []

    def cases_at(moment: datetime) -> pd.DataFrame:
        asked.append(moment)
        return table[table["reported_at"] <= moment]

    found = changes(cases_at, month(2024, 3))
    assert asked == [datetime(2024, 4, 1), datetime(2024, 3, 1), datetime(2023, 4, 1)]
    assert list(found) == list(TITLES)
    assert found.loc["report", ["now", "before", "on_before"]].tolist() == [4, 2, 100]
    assert found.loc["on_time_rate", ["now", "before", "on_before"]].tolist() == [75, 50, 25]
    assert found.loc["median_hours", "on_before"] == 0
    assert found["on_year"].isna().all()
    assert set(found["unit"]) == set(UNIT_WORDS)
