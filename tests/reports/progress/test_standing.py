# ruff: noqa: DTZ001 (workspaces keep naive local time)
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from reports.progress import deadline_status, status_shares
from reports.progress.standing import STATUS_WORDS, TITLES

NOW = datetime(2024, 3, 10, 12)
DUE = {"reported_at": "2024-03-01", "final_due_at": "2024-03-10T12"}


@pytest.mark.parametrize(
    ("row", "status", "hours"),
    [
        (DUE | {"closed_at": "2024-03-10T12"}, "closed_on_time", 0),
        (DUE | {"closed_at": "2024-03-10T12", "final_due_at": "2024-03-10T11:59:59"}, "closed_late", 1 / 3600),
        (DUE, "open_in_time", 0),
        (DUE | {"final_due_at": "2024-03-10T10"}, "open_overdue", 2),
        (DUE | {"final_due_at": None}, "open_undated", 0),
        (DUE | {"final_due_at": None, "closed_at": "2024-03-09"}, "closed_undated", 0),
        (DUE | {"closed_at": "2024-03-11"}, "open_in_time", 0),  # not yet
        (DUE | {"final_due_at": "2024-03-05", "state": "fixed", "fixed_at": "2024-03-04"}, "open_in_time", 0),
        (DUE | {"final_due_at": "2024-03-05", "state": "fixed", "fixed_at": "2024-03-06"}, "open_overdue", 24),
        (DUE | {"final_due_at": "2024-03-05", "state": "rework", "fixed_at": "2024-03-04"}, "open_overdue", 132),
        (DUE | {"final_due_at": "2024-03-05", "state": "deferred"}, "deferred", 0),
        (DUE | {"final_due_at": "2024-03-05", "state": "to_project"}, "project", 0),
        (DUE | {"final_due_at": "2024-03-05", "state": "rejected"}, "rejected", 0),
        (DUE | {"final_due_at": "2024-03-05", "head": "I9"}, "duplicate", 0),
    ],
)
def test_standing(cases: Callable[..., pd.DataFrame], row: dict[str, object], status: str, hours: float) -> None:
    found = deadline_status(cases(row), NOW)
    assert list(found) == list(TITLES)
    assert found["status"].tolist() == [status]
    assert found["hours_late"].tolist() == pytest.approx([hours])


def test_the_fix_may_decide_instead_of_the_closing(cases: Callable[..., pd.DataFrame]) -> None:
    table = cases(
        DUE | {"fixed_at": "2024-03-10T12", "closed_at": "2024-03-11"},
        DUE | {"fixed_at": "2024-03-10T13", "closed_at": "2024-03-11"},
        DUE | {"fixed_at": None, "closed_at": "2024-03-11"},
    )
    later = datetime(2024, 3, 20)
    assert set(deadline_status(table, later, by_fixing=False)["status"]) == {"closed_late"}
    found = deadline_status(table, later, by_fixing=True)
    assert found["status"].tolist() == ["closed_on_time", "closed_late", "closed_late"]
    assert found["hours_late"].tolist() == [0, 1, 12]


def test_open_overdue_cases_count_as_breach() -> None:
    found = status_shares(pd.Series(["closed_on_time", "closed_late", "open_overdue", "open_in_time", "project"]))
    assert found == {"close_rate": 0.5, "on_time_rate_of_closed": 0.5, "breach_rate": 0.5}
    assert np.isnan(list(status_shares(pd.Series([], dtype="str")).values())).all()
    assert all(one.zh and one.en for one in STATUS_WORDS.values())
