from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import DataError
from reports.progress import Rules, Tally, month, score, tally

WORKED = Tally(due=436, deferred=8, closed=400, on_time=290)


def test_the_worked_example_of_jinhua() -> None:
    assert round(WORKED.percent("on_time_rate"), 3) == 67.757
    assert round(WORKED.percent("closing_rate"), 3) == 93.458
    found = score(WORKED)
    assert round(found.parts.loc["on_time", "points"], 3) == 47.757
    assert found.parts.loc["closing", "points"] == 20
    assert round(found.points, 3) == 67.757
    assert found.out_of == 70  # without urgent cases their part counts for nobody


@pytest.mark.parametrize(
    ("closed", "on_time", "points"),
    [(100, 95, 10), (100, 100, 10), (99, 95, 9), (100, 94, 9), (97, 90, 2), (90, 85, 0)],
)
def test_urgent_cases(closed: int, on_time: int, points: float) -> None:
    found = score(Tally(100, 0, 100, 100, urgent_due=100, urgent_closed=closed, urgent_on_time=on_time))
    assert found.parts.loc[["urgent_closing", "urgent_on_time"], "points"].sum() == pytest.approx(points)
    assert found.out_of == 80
    assert found.parts.loc[["urgent_closing", "urgent_on_time"], "to_verify"].all()


@pytest.mark.parametrize(
    ("failures", "less"), [((), 0), ((1,), 0.2), ((1, 1, 2), 0.8), ((3,), 0.9), ((3, 1), 1.1), ((4,), 1.4)]
)
def test_failed_verifications(failures: tuple[int, ...], less: float) -> None:
    found = score(Tally(100, 0, 100, 100, failures=failures))
    assert found.points == pytest.approx(70 - less)
    assert found.parts.loc[["rework", "third_failure"], "value"].sum() == sum(failures)


def test_points_do_not_fall_below_zero() -> None:
    found = score(Tally(due=100, deferred=0, closed=10, on_time=10))
    assert found.points == 0
    assert np.isnan(score(Tally(0, 0, 0, 0)).parts.loc["closing", "value"])
    assert score(Tally(0, 0, 0, 0)).out_of == 0


@given(st.integers(1, 500), st.data())
def test_more_closed_in_time_never_costs_points(due: int, data: st.DataObject) -> None:
    closed = data.draw(st.integers(0, due))
    on_time = data.draw(st.integers(0, closed))
    one, better = score(Tally(due, 0, closed, on_time)), score(Tally(due, 0, closed, closed))
    assert 0 <= one.points <= better.points <= 70


def test_a_workspace_has_its_own_rule(tmp_path: Path) -> None:
    (tmp_path / "standards").mkdir()
    own = tmp_path / "standards" / "scoring.csv"
    own.write_text("rule,row,target_pct\njinhua,on_time,60\n", encoding="utf-8")
    assert score(WORKED, folder=tmp_path).parts.loc["on_time", "points"] == 50
    with pytest.raises(DataError, match="jinhua"):
        score(WORKED, "elsewhere")


def test_the_tally_of_a_month(cases: Callable[..., pd.DataFrame]) -> None:
    dated = {"reported_at": "2024-03-01", "final_due_at": "2024-03-05"}
    table = cases(
        {**dated, "closed_at": "2024-03-04", "severity": 5, "verified_at": "2024-03-04", "rework_count": 3},
        {**dated, "closed_at": "2024-03-06", "issue_type": "MANHOLE"},  # urgent by its type
        {**dated, "closed_at": "2024-03-04", "severity": 2},
        {**dated, "state": "deferred", "severity": 5},
        dated,
    )
    found = tally(table, month(2024, 3), rules=Rules(by_fixing=False))
    assert found == Tally(5, 1, 3, 2, urgent_due=2, urgent_closed=2, urgent_on_time=1, failures=(3,))
    assert found.percent("closing_rate") == 75
    assert tally(table, month(2024, 3)).on_time == 2


def test_without_deferral_nothing_is_taken_off() -> None:
    assert Tally(436, 0, 400, 290).percent("closing_rate") == pytest.approx(91.743, abs=5e-4)
