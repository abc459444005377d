"""The issues of a workspace as its ledger has them."""

from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from layers import ISSUES, open_workspace
from layers.ledger.log.events import FUSE
from layers.living import living_mark, place_of
from layers.places import PLACES
from tests.ledger_home import ME, act, begun, carried, reported

NOW = datetime(2030, 5, 6, 9)  # noqa: DTZ001 (naive local time); a Monday


@pytest.fixture
def home(quick: Path, request: pytest.FixtureRequest) -> Path:
    """A folder of the test's own."""
    return quick / str(request.node.name)


def test_without_a_ledger_nothing_changes(home: Path) -> None:
    _, _ = begun(home)
    (home / "ledger.sqlite").unlink()
    ws = open_workspace(home)
    assert ws.living is None
    assert living_mark(home) == ""


def test_history_alone_changes_no_standing(home: Path) -> None:
    before, _ = begun(home, with_limits=False)
    after = open_workspace(home)
    assert after.living is not None
    columns = ["reported_at", "due_at", "issue_type"]
    pd.testing.assert_frame_equal(after[ISSUES][columns], before[ISSUES][columns], check_dtype=False)
    pd.testing.assert_frame_equal(after.standing, before.standing)
    assert after.digest != before.digest


def test_issue_born_in_the_ledger_is_on_the_map_and_in_its_grid(home: Path) -> None:
    ws, ledger = begun(home)
    x, y = ws.grids().geometry.iloc[0].representative_point().coords[0]
    grid = str(ws.grids().index[0])
    reported(ledger, "NEW-1", NOW, x_m=x, y_m=y, grid_id=grid)
    after = open_workspace(home)
    assert len(after[ISSUES]) == len(ws[ISSUES]) + 1
    assert after.owner(ISSUES)["NEW-1"] == grid
    assert after.manifest.as_of == NOW
    assert bool(after.standing.loc["NEW-1", "is_open"])
    inside = after.place(ISSUES).value_counts()
    assert sum(int(inside.get(one, 0)) for one in PLACES) == len(after[ISSUES])


def test_issue_without_a_place_is_counted_as_such(home: Path) -> None:
    _, ledger = begun(home)
    reported(ledger, "NEW-2", NOW)
    after = open_workspace(home)
    assert after.place(ISSUES)["NEW-2"] == "no_geometry"


def test_map_of_an_earlier_day_knows_nothing_of_later(home: Path) -> None:
    _, ledger = begun(home)
    reported(ledger, "NEW-3", NOW)
    carried(ledger, "NEW-3", NOW + timedelta(hours=1), "accepted", "assigned", "working", "fixed", "closed")
    early = open_workspace(home, as_of=NOW + timedelta(hours=2))
    late = open_workspace(home)
    assert bool(early.standing.loc["NEW-3", "is_open"])
    assert pd.isna(early[ISSUES].loc["NEW-3", "closed_at"])
    assert not bool(late.standing.loc["NEW-3", "is_open"])
    assert "NEW-3" not in open_workspace(home, as_of=NOW - timedelta(days=1))[ISSUES].index


def test_duplicate_is_not_counted_twice(home: Path) -> None:
    _, ledger = begun(home)
    reported(ledger, "NEW-4", NOW)
    reported(ledger, "NEW-5", NOW + timedelta(minutes=5))
    ledger.act(act("NEW-5", FUSE, NOW + timedelta(hours=1), other="NEW-4"), ME)
    later = open_workspace(home, as_of=NOW + timedelta(days=40))
    assert bool(later.standing.loc["NEW-4", "is_overdue"])
    assert not bool(later.standing.loc["NEW-5", "is_open"])


def test_declined_issue_is_open_no_longer(home: Path) -> None:
    _, ledger = begun(home)
    reported(ledger, "NEW-6", NOW)
    carried(ledger, "NEW-6", NOW + timedelta(hours=1), "rejected")
    assert not bool(open_workspace(home).standing.loc["NEW-6", "is_open"])


def test_place_in_degrees_finds_its_grid(home: Path) -> None:
    ws, _ = begun(home)
    point = ws.grids().geometry.iloc[[1]].representative_point().to_crs(4326).iloc[0]
    x, y, grid = place_of(ws, point.x, point.y)
    assert grid == ws.grids().index[1]
    assert ws.grids().geometry.iloc[1].bounds[0] < x < ws.grids().geometry.iloc[1].bounds[2]
    assert y == pytest.approx(ws.grids().geometry.iloc[1].representative_point().y, abs=0.01)


def test_mark_changes_with_every_write(home: Path) -> None:
    _, ledger = begun(home)
    before = living_mark(home)
    reported(ledger, "NEW-7", NOW)
    assert living_mark(home) != before
