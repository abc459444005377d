"""Pages of a ledger: the same out of the present and out of a fold, filtered, ordered, counted by lamp."""

from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from layers.ledger.acting.rules import SHUT
from layers.ledger.store.filters import save_filter, saved_filters
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.pages import COLUMNS, Wanted, lamp_counts, page
from tests.ledger_home import begun, carried, reported

NOW = datetime(2030, 5, 6, 9)  # noqa: DTZ001 (naive local time)


@pytest.fixture(scope="module")
def ledger(quick: Path) -> Ledger:
    """A ledger with issues in several states."""
    _, found = begun(quick / "home")
    for number, states in enumerate(
        [(), ("accepted",), ("accepted", "assigned"), ("accepted", "deferred"), ("accepted", "to_project"),
         ("accepted", "assigned", "fixed"), ("accepted", "assigned", "fixed", "rework"), ("rejected",),
         ("accepted", "assigned", "fixed", "closed"), ("accepted", "assigned", "fixed", "closed", "revisit_bad")]
    ):  # fmt: skip
        reported(found, f"N-{number}", NOW, grid_id="W1", source="巡查")
        carried(found, f"N-{number}", NOW + timedelta(minutes=number), *states)
    return found


WANTED = {
    "all": Wanted(),
    "state": Wanted(states=("assigned", "deferred")),
    "type": Wanted(types=("LIGHT_OUT",)),
    "grid": Wanted(grids=("W1",)),
    "person": Wanted(people=("p1",)),
    "lamp": Wanted(lamps=("red", "blue")),
    "source": Wanted(sources=("巡查",)),
    "words": Wanted(said="lamp OUT"),
    "id": Wanted(said="n-3"),
    "due": Wanted(due_before=NOW + timedelta(days=2)),
    "heads": Wanted(heads_only=True),
    "ids": Wanted(issues=("N-1", "N-7")),
    "many ids": Wanted(issues=("N-1", "N-7", *(f"其他-{number}" for number in range(200_000)))),
}


@pytest.mark.parametrize("name", WANTED)
@pytest.mark.parametrize("order", ["due_at", "reported_at", "state_since", "severity"])
def test_present_and_fold_answer_alike(ledger: Ledger, name: str, order: str) -> None:
    latest = ledger.latest()
    assert latest is not None
    present = page(ledger, WANTED[name], latest, order=order)
    folded = page(ledger, WANTED[name], latest, order=order, folded=True)
    assert present.total == folded.total > 0
    assert list(present.cases.index) == list(folded.cases.index)
    for column in (*COLUMNS[1:], "lamp"):
        one, two = present.cases[column], folded.cases[column]
        assert one.isna().tolist() == two.isna().tolist(), column
        assert one[one.notna()].astype(str).tolist() == two[two.notna()].astype(str).tolist(), column


def test_open_issues_come_first_by_deadline(ledger: Ledger) -> None:
    found = page(ledger, Wanted(), NOW + timedelta(days=3)).cases
    shut = found["state"].isin(SHUT)
    assert shut.is_monotonic_increasing
    assert found.loc[~shut & found["due_at"].notna(), "due_at"].is_monotonic_increasing


def test_pages_follow_each_other_without_gap(ledger: Ledger) -> None:
    whole = page(ledger, Wanted(), NOW + timedelta(days=1)).cases.index
    parts = [
        page(ledger, Wanted(), NOW + timedelta(days=1), rows=4, start=at).cases.index for at in range(0, len(whole), 4)
    ]
    assert [one for part in parts for one in part] == list(whole)


def test_lamps_add_up(ledger: Ledger) -> None:
    counts = lamp_counts(ledger, Wanted(lamps=("red",)), NOW + timedelta(days=3))
    assert sum(counts.values()) == page(ledger, Wanted(), NOW + timedelta(days=3)).total
    assert counts["blue"] == 2
    early = lamp_counts(ledger, Wanted(), NOW)
    assert sum(early.values()) == page(ledger, Wanted(), NOW).total


def test_page_of_the_past_knows_nothing_of_later(ledger: Ledger) -> None:
    early = page(ledger, Wanted(said="N-"), NOW).cases
    assert set(early["state"]) == {"new"} | ({"accepted"} if "accepted" in set(early["state"]) else set())
    assert page(ledger, Wanted(said="N-"), NOW - timedelta(days=1)).total == 0


def test_unknown_order_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="unknown order"):
        page(ledger, Wanted(), NOW, order="name; DROP TABLE events")


def test_words_are_words_not_patterns(ledger: Ledger) -> None:
    for said in ("%", "_", "' OR 1=1 --", "\\"):
        assert page(ledger, Wanted(said=said), NOW + timedelta(days=1)).total == 0


def test_filters_are_kept_by_name(ledger: Ledger) -> None:
    wanted = Wanted(said="灯", states=("new",), heads_only=True)
    save_filter(ledger, "我的 mine", wanted)
    save_filter(ledger, "other", Wanted())
    assert saved_filters(ledger) == {"other": Wanted(), "我的 mine": wanted}
    save_filter(ledger, "other", None)
    assert list(saved_filters(ledger)) == ["我的 mine"]


def test_times_are_times(ledger: Ledger) -> None:
    found = page(ledger, Wanted(), NOW + timedelta(days=1)).cases
    assert all(pd.api.types.is_datetime64_any_dtype(found[name]) for name in found if name.endswith(("_at", "_since")))
