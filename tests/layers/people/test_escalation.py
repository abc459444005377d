"""The ladder: who rises when, worked by hand; and the four orders of volunteers."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from layers.ledger.acting.states import states
from layers.ledger.timing.calendar import work_time
from layers.people.escalation import ladder, level_due, rises
from layers.people.orders import FIRST, order_moves, order_states
from layers.people.tables import LEVELS

LADDER, WORK = ladder(), work_time()
END = "T23:59:59"


def cases(*rows: tuple[str, str, str], **more: list[object]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["state", "level", "level_since"], index=[f"i{n}" for n in range(len(rows))])
    table["level_since"] = pd.to_datetime(table["level_since"]).astype("datetime64[us]")
    return table.assign(**more)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


DUE = [
    ("assigned", "courtyard", "2021-03-01T09:00", "2021-03-03" + END),
    ("assigned", "courtyard", "2021-02-10T17:00", "2021-02-19" + END),  # over Spring Festival
    ("working", "branch", "2021-03-05T09:00", "2021-03-09" + END),
    ("working", "community", "2021-02-11T17:00", "2021-02-12T17:00"),  # natural hours run in the festival
    ("rework", "street", "2021-03-01T09:00", "2021-03-08" + END),
    ("new", "district", "2021-03-01T09:00", None),
    ("deferred", "courtyard", "2021-03-01T09:00", None),
    ("to_project", "courtyard", "2021-03-01T09:00", None),
    ("fixed", "community", "2021-03-01T09:00", None),
    ("closed", "community", "2021-03-01T09:00", None),
    ("new", "village", "2021-03-01T09:00", None),
]


def test_the_time_of_a_level_by_hand() -> None:
    found = level_due(cases(*(row[:3] for row in DUE)), LADDER, WORK)
    assert found.dtype == "datetime64[us]"
    assert found.equals(
        pd.Series(pd.to_datetime([row[3] for row in DUE], format="ISO8601"), index=found.index).astype("datetime64[us]")
    )


def test_a_case_rises_after_its_time_and_not_at_it() -> None:
    one = cases(("working", "community", "2021-03-01T09:00"))
    assert rises(one, LADDER, at("2021-03-02T09:00"), WORK).empty
    found = rises(one, LADDER, at("2021-03-02T09:00:01"), WORK)
    assert found.to_dict("records") == [
        {
            "issue_id": "i0",
            "was": "community",
            "level": "street",
            "at": pd.Timestamp("2021-03-02T09:00"),
            "role": "street",
        }
    ]


def test_a_case_that_waited_long_rises_step_by_step() -> None:
    two = cases(("new", "courtyard", "2021-03-01T09:00"), ("working", "branch", "2021-03-01T09:00"))
    found = rises(two, LADDER, at("2021-05-01T00:00"), WORK)
    told = found[["issue_id", "was", "level"]].assign(at=found["at"].dt.strftime("%m-%d %H:%M:%S"))
    assert [" ".join(row) for row in told.itertuples(index=False)] == [
        "i0 courtyard branch 03-03 23:59:59",
        "i1 branch community 03-03 23:59:59",
        "i1 community street 03-04 23:59:59",
        "i0 branch community 03-05 23:59:59",
        "i0 community street 03-06 23:59:59",
        "i1 street district 03-11 23:59:59",
        "i0 street district 03-12 23:59:59",
    ]
    assert found["role"].tolist()[-1] == "district"


def test_the_clock_begins_anew_when_it_runs_again() -> None:
    again = cases(
        ("working", "community", "2021-03-01T09:00"),
        ("working", "community", "2021-03-01T09:00"),
        runs_since=[pd.Timestamp("2021-03-20T09:00"), pd.NaT],
    )
    assert level_due(again, LADDER, WORK).astype(str).tolist() == ["2021-03-21 09:00:00", "2021-03-02 09:00:00"]
    assert set(rises(again, LADDER, at("2021-03-20T10:00"), WORK)["issue_id"]) == {"i1"}


def test_nothing_rises_from_nothing() -> None:
    empty = rises(cases(), LADDER, at("2021-03-20T10:00"), WORK)
    assert list(empty.columns) == ["issue_id", "was", "level", "at", "role"]
    one = rises(cases(("working", "community", "2021-03-01T09:00")), LADDER, at("2021-03-20T10:00"), WORK)
    assert (empty.dtypes == one.dtypes).all()


moments = st.datetimes(datetime.fromisoformat("2021-01-01"), datetime.fromisoformat("2022-12-31")).map(
    lambda t: t.replace(microsecond=0)
)
rows = st.lists(
    st.tuples(st.sampled_from([*states().index]), st.sampled_from(LEVELS), moments.map(str)), min_size=1, max_size=8
)


@settings(deadline=None, max_examples=60)
@given(rows, moments)
def test_rising_is_a_chain_in_time(drawn: list[tuple[str, str, str]], as_of: datetime) -> None:
    table = cases(*drawn)
    found = rises(table, LADDER, as_of, WORK)
    assert (found["at"] < as_of).all()
    for issue, steps in found.groupby("issue_id"):
        assert table.loc[issue, "state"] in LADDER.running
        assert steps["was"].iloc[0] == table.loc[issue, "level"]
        assert steps["was"].tolist()[1:] == steps["level"].tolist()[:-1]
        assert steps["at"].is_monotonic_increasing
        assert steps["at"].iloc[0] >= table.loc[issue, "level_since"]


@settings(deadline=None, max_examples=60)
@given(rows, moments, st.integers(0, 60))
def test_rising_daily_or_at_once_is_the_same(drawn: list[tuple[str, str, str]], as_of: datetime, days: int) -> None:
    table = cases(*drawn)
    whole = rises(table, LADDER, as_of + timedelta(days=days), WORK)
    first = rises(table, LADDER, as_of, WORK)
    last = first.drop_duplicates("issue_id", keep="last").set_index("issue_id")
    table.loc[last.index, "level"] = last["level"]
    table.loc[last.index, "level_since"] = last["at"]
    second = rises(table, LADDER, as_of + timedelta(days=days), WORK)
    both = pd.concat([first, second]).sort_values(["issue_id", "at", "level"], ignore_index=True)
    assert both.equals(whole.sort_values(["issue_id", "at", "level"], ignore_index=True))


def test_many_cases_at_once() -> None:
    table = cases(*[("working", LEVELS[n % 5], "2021-03-01T09:00") for n in range(5)])
    many = table.loc[np.repeat(table.index, 20_000)].set_axis([f"i{n}" for n in range(100_000)])
    assert len(rises(many, LADDER, at("2021-06-01T00:00"), WORK)) == 20_000 * (4 + 3 + 2 + 1)


def test_the_ladder_has_the_words_of_the_source() -> None:
    assert list(LADDER.steps) == list(LEVELS)
    rules = [step.rule.zh for step in LADDER.steps.values()]
    assert [rule.split("，")[0] for rule in rules[:4]] == [
        "小事不出院落",
        "大事不出支部",
        "难事不出社区",
        "重大事件不出街道",
    ]
    community = LADDER.steps["community"].limit
    assert community is not None
    assert (community.amount, community.unit) == (24, "natural_hour")
    assert {"new", "accepted", "assigned", "working", "rework"} == LADDER.running


@pytest.mark.parametrize("row", ["street,courtyard,5,work_day", "street,street,5,work_day", "street,,5,work_day"])
def test_a_ladder_that_leads_down_is_refused(tmp_path: Path, row: str) -> None:
    (tmp_path / "standards").mkdir()
    path = tmp_path / "standards" / "escalation.csv"
    path.write_text(f"level,next_level,limit,unit\n{row}\n", "utf-8")
    with pytest.raises(DataError, match="street"):
        ladder(tmp_path)
    path.write_text("level,next_level,limit,unit\ncourtyard,community,1,work_day\n", "utf-8")
    assert ladder(tmp_path).steps["courtyard"].next_level == "community"


def test_orders_can_be_walked_from_request_to_review() -> None:
    table, known = order_moves(), order_states()
    assert {state for pair in table for state in pair} == set(known.index)
    path = [FIRST, "dispatched", "taken", "done", "reviewed"]
    assert [table[pair].words.zh for pair in pairwise(path)] == ["派单", "接单", "服务完成", "评单"]
    reached = {FIRST}
    for _ in known.index:
        reached |= {becomes for was, becomes in table if was in reached}
    assert reached == set(known.index)
    over = set(known.index[~known["open"].to_numpy(dtype=bool)])
    assert over == {"reviewed", "withdrawn"}
    assert not over & {was for was, _ in table}
    assert table["requested", "dispatched"].needs == {"person"}
    assert table["done", "reviewed"].next_role == ""
    assert list(known.columns) == list(states().columns)
