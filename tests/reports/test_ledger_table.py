"""The issue ledger: complete, filtered exactly, harmless in a spreadsheet."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import ISSUES, Workspace, open_workspace
from reports.ledger_table import (
    STANDING_WORDS,
    Wanted,
    chosen,
    counts,
    harmless,
    issue_csv,
    issue_facts,
    issue_ledger,
    issue_table,
    issue_titles,
    late_classes,
    late_words,
    leading,
    spoken,
    type_titles,
)
from reports.overview import issue_counts


@pytest.fixture(scope="module", params=["huolong", "boston"])
def ws(request: pytest.FixtureRequest, workspaces: Mapping[str, Path]) -> Workspace:
    return open_workspace(workspaces[request.param])


@pytest.fixture(scope="module")
def ledger(ws: Workspace) -> pd.DataFrame:
    return issue_ledger(ws)


def test_every_known_issue_is_listed_once_and_counts_agree(ws: Workspace, ledger: pd.DataFrame) -> None:
    totals = issue_counts(ws)
    assert totals is not None
    assert ledger.index.is_unique
    assert len(ledger) == totals.reported
    found = counts(ledger)
    assert (found["overdue"], found["closed"]) == (totals.overdue, totals.closed)
    assert sum(found.values()) == totals.reported


def test_worst_comes_first(ledger: pd.DataFrame) -> None:
    order = ledger["standing"].map({key: n for n, key in enumerate(STANDING_WORDS)})
    assert order.is_monotonic_increasing
    late = ledger.loc[ledger["standing"] == "overdue", "days_late"]
    assert late.is_monotonic_decreasing
    assert (late >= 0).all()


def test_filters_narrow_and_add_up(ledger: pd.DataFrame) -> None:
    parts = [len(chosen(ledger, Wanted(standing=(key,)))) for key in STANDING_WORDS]
    assert sum(parts) == len(ledger)
    code = next(iter(type_titles(ledger)))
    both = chosen(ledger, Wanted(standing=("overdue",), types=(code,)))
    assert set(both["type"]) <= {code}
    assert set(both["standing"]) <= {"overdue"}
    per_grid = sum(len(chosen(ledger, Wanted(grid_id=one))) for one in ledger["grid_id"].dropna().unique())
    assert per_grid == ledger["grid_id"].notna().sum()


def test_search_takes_text_as_it_is_in_any_case(ledger: pd.DataFrame) -> None:
    first = str(ledger.index[0])
    assert list(chosen(ledger, Wanted(text=f" {first.lower()} ")).index) == [first]
    assert chosen(ledger, Wanted(text="(.*")).empty
    assert len(chosen(ledger, Wanted(text="  "))) == len(ledger)


def test_table_has_words_for_codes_in_both_languages(ws: Workspace, ledger: pd.DataFrame) -> None:
    rows = ledger.head(500)
    for lang in ("zh", "en"):
        table = issue_table(rows, lang, ws.folder)
        assert list(table.index) == list(rows.index)
        assert set(table["standing"]) <= {words.in_(lang) for words in STANDING_WORDS.values()}
        assert set(table.columns) <= set(issue_titles(lang))


def test_facts_of_one_issue_leave_the_unknown_out(ws: Workspace, ledger: pd.DataFrame) -> None:
    row = issue_table(ledger.head(1), "en", ws.folder)
    facts = issue_facts(row, "en")
    assert facts["Standing"] == STANDING_WORDS["overdue"].en
    assert not {"nan", "NaT", "<NA>", "None"} & set(facts.values())


def test_late_classes_hold_every_overdue_issue(ledger: pd.DataFrame) -> None:
    assert late_classes(ledger)["issues"].sum() == counts(ledger)["overdue"]


def test_file_has_all_rows_with_titles_and_a_mark_of_its_encoding(ledger: pd.DataFrame) -> None:
    rows = ledger.head(300)
    data = issue_csv(rows, "zh")
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert lines[0][0] == "问题编号"
    assert [line[0] for line in lines[1:]] == [str(one) for one in rows.index]
    assert issue_csv(rows, "zh") == data


@settings(deadline=None, max_examples=200)
@given(st.lists(st.one_of(st.none(), st.text(alphabet="=+-@＝\t\r\n ab'1", max_size=6)), min_size=1, max_size=5))
def test_no_cell_begins_like_a_formula(cells: list[str | None]) -> None:
    before = pd.Series(cells, dtype="str")
    after = harmless(before)
    for old, new in zip(before, after, strict=True):
        if pd.isna(old):
            assert pd.isna(new)
        elif new == old:
            assert not old.strip()[:1] or old.strip()[0] not in "=+-@＝＋－＠"
        else:
            assert new == "'" + old


def test_hostile_description_is_disarmed_in_the_file(ledger: pd.DataFrame) -> None:
    rows = ledger.head(1).assign(description="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in issue_csv(rows, "en").decode("utf-8-sig")


def test_a_workspace_without_issues_has_no_ledger(workspaces: Mapping[str, Path]) -> None:
    assert ISSUES not in open_workspace(workspaces["cambridge"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_less_than_a_day_late_is_said_as_such(ledger: pd.DataFrame, ws: Workspace, lang: str) -> None:
    words = {"zh": "不足 1 天", "en": "under 1 day"}[lang]
    assert [late_words(days, lang) for days in (0, 1, 1200, None, pd.NA)] == [words, "1", "1,200", "", ""]
    fresh = ledger.index[(ledger["days_late"] == 0).fillna(value=False)][:3]
    assert len(fresh)
    table = issue_table(ledger.loc[fresh], lang, ws.folder)
    assert words in issue_facts(table, lang).values()
    assert spoken(table, lang).to_html().count(words) == len(fresh)
    assert table["days_late"].tolist() == [0] * len(fresh)  # sorted as numbers all the same


def test_one_issue_can_lead_a_table(ledger: pd.DataFrame) -> None:
    last = str(ledger.index[-1])
    found = leading(ledger, 5, last)
    assert list(found.index) == [last, *ledger.index[:4]]
    assert list(leading(ledger, 5, str(ledger.index[2])).index)[:2] == [ledger.index[2], ledger.index[0]]
    assert list(leading(ledger, 5, None).index) == list(leading(ledger, 5, "gone").index) == list(ledger.index[:5])
