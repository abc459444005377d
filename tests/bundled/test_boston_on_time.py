"""Boston's requests of 2015 as cases: on time and overdue as the city itself says, and where the two differ."""

from pathlib import Path

import pandas as pd
import pytest

from data.sources import source_table
from layers.catalog import ISSUES
from layers.ledger.log.folds import cases
from layers.ledger.store.history import take_history
from layers.ledger.store.opening import open_ledger
from layers.workspace import Workspace
from reports.progress import cases_of_issues, deadline_status

pytestmark = pytest.mark.slow
OURS = {"closed_on_time": "ONTIME", "open_in_time": "ONTIME", "closed_late": "OVERDUE", "open_overdue": "OVERDUE"}
"""What the city's flag would be, by where a dated case stands."""
UNFLAGGED = {
    ("Street Light Outages", "open_overdue"): 56,
    ("Abandoned Vehicles", "closed_late"): 40,
    ("Street Light Outages", "closed_late"): 29,
    ("General Lighting Request", "open_overdue"): 8,
    ("Major System Failure", "closed_late"): 6,
    ("Tree Emergencies", "closed_late"): 4,
    ("Abandoned Vehicles", "open_overdue"): 3,
    ("Tree Emergencies", "open_overdue"): 2,
    ("Planting", "closed_late"): 1,
    ("Sidewalk Repair (Make Safe)", "closed_late"): 1,
    ("Sidewalk Repair (Make Safe)", "open_overdue"): 1,
    ("Street Light Knock Downs", "closed_late"): 1,
    ("Upgrade Existing Lighting", "open_overdue"): 1,
}
"""All differences, by request type and standing: rows to which the city gave no flag."""
PAGE = Path(__file__).resolve().parents[2] / "docs" / "boston-on-time.md"


@pytest.fixture(scope="module")
def register() -> pd.DataFrame:
    """The register as the city gave it out."""
    raw = source_table("data.boston", "issues")
    return raw.set_index(pd.Index(raw["CASE_ENQUIRY_ID"].astype(str), name="issue_id"))


@pytest.fixture(scope="module")
def compared(boston_ws: Workspace, register: pd.DataFrame) -> pd.DataFrame:
    """Where each request stands, and what the city says."""
    as_of = boston_ws.manifest.as_of
    found = deadline_status(cases_of_issues(boston_ws[ISSUES], as_of), as_of)["status"]
    rows = register.reindex(found.index)
    is_dated = rows["TARGET_DT"].notna()
    return rows.assign(standing=found, ours=found.map(OURS), is_dated=is_dated)


def test_every_flag_that_the_city_gave_is_ours_too(compared: pd.DataFrame) -> None:
    dated = compared[compared["is_dated"]]
    agree = dated["ours"] == dated["OnTime_Status"]
    assert (len(dated), int(agree.sum()), int((~agree).sum())) == (94_154, 94_001, 153)
    assert agree.mean() >= 0.998
    flagged = dated[dated["OnTime_Status"].notna()]
    assert (flagged["ours"] == flagged["OnTime_Status"]).all()
    counts = flagged.groupby(["standing", "OnTime_Status"]).size().to_dict()
    assert counts == {
        ("closed_late", "OVERDUE"): 19_072,
        ("closed_on_time", "ONTIME"): 60_054,
        ("open_in_time", "ONTIME"): 3_501,
        ("open_overdue", "OVERDUE"): 11_374,
    }


def test_the_differences_are_rows_without_a_flag_and_each_is_late(compared: pd.DataFrame) -> None:
    odd = compared[compared["is_dated"] & (compared["ours"] != compared["OnTime_Status"])]
    assert odd["OnTime_Status"].isna().all()
    assert odd.groupby(["TYPE", "standing"]).size().to_dict() == UNFLAGGED
    closed = odd["CLOSED_DT"].notna()
    assert (odd.loc[closed, "CLOSED_DT"] > odd.loc[closed, "TARGET_DT"]).all()
    assert (odd.loc[~closed, "CASE_STATUS"] == "Open").all()


def test_without_a_deadline_the_city_says_on_time_and_we_say_nothing(compared: pd.DataFrame) -> None:
    undated = compared[~compared["is_dated"]]
    assert undated["standing"].value_counts().to_dict() == {"closed_undated": 22_064, "open_undated": 4_927}
    assert set(undated["OnTime_Status"]) == {"ONTIME"}


def test_the_page_lists_every_kind_with_its_number(compared: pd.DataFrame) -> None:
    words = PAGE.read_text("utf-8")
    for (kind, standing), number in UNFLAGGED.items():
        assert f"| {kind} | `{standing}` | {number} |" in words
    quoted = [one for one in compared.index if f"| {one} |" in words]
    assert len(quoted) >= 6
    assert compared.loc[quoted, "OnTime_Status"].isna().any()
    for figure in ("94,154", "94,001", "153", "99.84", "26,991"):
        assert figure in words


def test_a_ledger_with_this_history_says_the_same(boston_ws: Workspace, compared: pd.DataFrame, tmp_path: Path) -> None:
    chosen = compared.index[compared["ours"].ne(compared["OnTime_Status"]) & compared["is_dated"]]
    others = compared.index[::40]
    issues = boston_ws[ISSUES].loc[chosen.union(others)]
    ledger = open_ledger(tmp_path)
    nowhere = pd.Series(None, index=issues.index, dtype="str")
    take_history(ledger, issues, (issues.geometry.x.to_numpy(), issues.geometry.y.to_numpy()), nowhere)
    as_of = boston_ws.manifest.as_of
    found = deadline_status(cases(ledger.log(), as_of), as_of)["status"]
    ledger.engine.dispose()
    assert len(found) == len(issues)
    assert (found == compared["standing"].reindex(found.index)).all()
