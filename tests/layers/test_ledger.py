"""Where issues stand follows from their dates and the clock; each row is worked out by hand."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import ISSUES, Workspace, standing
from layers.ledger import standing_code

# reported, due, closed, clock -> known, open, overdue, was late, days late
BY_HAND = {
    "open, deadline ahead": ("05-01", "05-10", None, "05-05", 1, 1, 0, 0, None),
    "open, deadline is now": ("05-01", "05-10", None, "05-10", 1, 1, 0, 0, None),
    "open, one second past": ("05-01", "05-10", None, "05-10 00:00:01", 1, 1, 1, 0, 1 / 86_400),
    "open, ten days past": ("05-01", "05-10", None, "05-20", 1, 1, 1, 0, 10),
    "closed exactly on the deadline": ("05-01", "05-10", "05-10", "05-20", 1, 0, 0, 0, None),
    "closed a second late": ("05-01", "05-10", "05-10 00:00:01", "05-20", 1, 0, 0, 1, 1 / 86_400),
    "closed early": ("05-01", "05-10", "05-02", "05-20", 1, 0, 0, 0, None),
    "closed this very moment": ("05-01", "05-10", "05-12", "05-12", 1, 0, 0, 1, 2),
    "closed later than the clock": ("05-01", "05-10", "05-20", "05-12", 1, 1, 1, 0, 2),
    "not yet reported": ("05-15", "05-20", None, "05-12", 0, 0, 0, 0, None),
    "reported this very moment": ("05-12", "05-20", None, "05-12", 1, 1, 0, 0, None),
    "no deadline, open": ("05-01", None, None, "12-31", 1, 1, 0, 0, None),
    "no deadline, closed": ("05-01", None, "06-01", "12-31", 1, 0, 0, 0, None),
}


def when(word: str | None) -> pd.Timestamp:
    return pd.Timestamp(f"2024-{word}") if word else pd.NaT


def one(reported: str | None, due: str | None, closed: str | None) -> pd.DataFrame:
    cells = {"reported_at": when(reported), "due_at": when(due), "closed_at": when(closed)}
    return pd.DataFrame({k: pd.Series([v], index=["i"], dtype="datetime64[us]") for k, v in cells.items()})


@pytest.mark.parametrize("name", BY_HAND)
def test_standing_by_hand(name: str) -> None:
    reported, due, closed, clock, *expected, days = BY_HAND[name]
    found = standing(one(reported, due, closed), when(clock).to_pydatetime())
    assert found.loc["i", ["is_known", "is_open", "is_overdue", "was_late"]].astype(int).tolist() == expected
    late = found.loc["i", "days_late"]
    assert np.isnan(late) if days is None else late == pytest.approx(days, abs=1e-12)
    assert found.dtypes.astype(str).tolist() == ["bool", "bool", "bool", "bool", "float64"]


def test_the_sample_stands_as_worked_out(sample: Workspace) -> None:
    found = standing(sample[ISSUES], sample.manifest.as_of)
    code = standing_code(found)
    assert sorted(code[code == "open"].index) == ["i04", "i05", "i09", "i10", "i11", "i12", "i13"]
    assert sorted(code[code == "overdue"].index) == ["i03", "i07"]
    assert sorted(code[code == "closed"].index) == ["i01", "i02", "i08"]
    assert list(code[code == "unknown"].index) == ["i06"]
    assert found["days_late"].dropna().to_dict() == {"i02": 1.0, "i03": 10.0, "i07": 1.0}


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2025, 1, 1))  # noqa: DTZ001


@settings(deadline=None, max_examples=80)
@given(
    rows=st.lists(st.tuples(MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS), min_size=1, max_size=8), clock=MOMENTS
)
def test_every_known_issue_is_open_or_closed_and_only_late_ones_have_days(rows: list, clock: datetime) -> None:
    table = pd.DataFrame(rows, columns=["reported_at", "due_at", "closed_at"]).astype("datetime64[us]")
    found = standing(table, clock)
    assert not (found["is_open"] & ~found["is_known"]).any()
    assert not (found["is_overdue"] & ~found["is_open"]).any()
    assert not (found["is_overdue"] & found["was_late"]).any()
    assert (found["days_late"].notna() == (found["is_overdue"] | found["was_late"])).all()
    assert (found["days_late"].dropna() > 0).all()
    assert standing_code(found).isin(["unknown", "open", "overdue", "closed"]).all()
