"""The wall: one list a grid, what is urgent first, what is done struck off, nothing counted twice."""

from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from geo.text import Lang, Text
from layers.ledger.log.events import FUSE
from layers.schema import Grids
from reports.render.wall import wall_html
from reports.wall import NO_GRID, Wall, in_level, left, wall
from tests.ledger_home import ME, act, begun, carried, reported

NOW = datetime(2030, 5, 6, 9)  # noqa: DTZ001 (naive local time)


@pytest.fixture(scope="module")
def shown(quick: Path) -> tuple[Wall, pd.DataFrame]:
    """A wall with issues in all kinds of states, and its cases."""
    ws, ledger = begun(quick / "wall")
    grids = ws.grids()[Grids.name]
    ways: list[tuple[str, ...]] = [
        (), ("accepted", "assigned"), ("accepted", "to_project"), ("rejected",),
        ("accepted", "assigned", "fixed", "closed", "struck"), ("accepted", "assigned", "fixed", "rework"),
    ]  # fmt: skip
    for number, states in enumerate(ways):
        reported(ledger, f"W-{number}", NOW, grid_id=str(grids.index[0]))
        carried(ledger, f"W-{number}", NOW + timedelta(minutes=number), *states)
    reported(ledger, "W-twin", NOW, grid_id=str(grids.index[0]))
    ledger.act(act("W-twin", FUSE, NOW + timedelta(hours=1), other="W-0"), ME)
    reported(ledger, "W-<b>", NOW, grid_id=None)
    later = NOW + timedelta(days=2)
    names = {str(key): Text.same(str(one)) for key, one in grids.items()}
    cases = ledger.cases(later)
    return wall(cases, names, later, names={"p1": "示例<script>网格员"}, rows=40), cases


def test_every_issue_is_on_the_wall_once(shown: tuple[Wall, pd.DataFrame]) -> None:
    found, cases = shown
    listed = [line.issue_id for card in found.cards for line in card.lines]
    assert len(listed) == len(set(listed)) == found.total
    assert set(cases.index) - set(listed) == {"W-3", "W-twin"}  # declined; follows its head
    assert sum(found.by_lamp.values()) + found.struck == found.total


def test_urgent_comes_first_and_done_last(shown: tuple[Wall, pd.DataFrame]) -> None:
    card = shown[0].cards[0]
    done = [line.is_done for line in card.lines]
    assert done == sorted(done)
    assert card.lines[0].lamp == "red"
    assert [line.is_struck for line in card.lines if line.issue_id == "W-4"] == [True]


def test_issue_in_no_grid_has_a_list_of_its_own(shown: tuple[Wall, pd.DataFrame]) -> None:
    assert shown[0].cards[-1].name == NO_GRID
    assert "W-<b>" in {line.issue_id for line in shown[0].cards[-1].lines}


def test_more_than_fit_are_counted(shown: tuple[Wall, pd.DataFrame]) -> None:
    _, cases = shown
    short = wall(cases, {}, NOW + timedelta(days=2), rows=3)
    assert [(len(card.lines), card.more) for card in short.cards] == [(3, short.total - 3)]


@pytest.mark.parametrize("lang", list(Lang))
def test_page_escapes_and_shows_shapes(shown: tuple[Wall, pd.DataFrame], lang: Lang) -> None:
    html = wall_html(shown[0], lang)
    assert "<script" not in html
    assert "W-&lt;b&gt;" in html
    assert "示例&lt;script&gt;网格员" in html
    for shape in ("triangle", "square", "ring"):
        assert f'class="lamp {shape}"' in html
    assert "http" not in html


def test_empty_wall_says_so() -> None:
    from layers.ledger.log.folds import cases  # noqa: PLC0415
    from layers.ledger.log.table import event_table  # noqa: PLC0415

    found = wall(cases(event_table([])), {"g": Text("一号网格", "grid 1")}, NOW)
    assert found.total == 0
    assert "没有问题" in wall_html(found, Lang.ZH)
    assert "nothing reported" in wall_html(found, Lang.EN)


@pytest.mark.parametrize(
    ("hours", "zh", "en"),
    [
        (49, "剩 2 天", "2 days left"),
        (24, "剩 1 天", "1 day left"),
        (5.5, "剩 5 小时", "5 hours left"),
        (0.5, "剩 30 分钟", "30 minutes left"),
        (0, "剩 0 分钟", "0 minutes left"),
        (-0.5, "超 30 分钟", "30 minutes over"),
        (-73, "超 3 天", "3 days over"),
    ],
)
def test_time_that_is_left(hours: float, zh: str, en: str) -> None:
    assert left(NOW + timedelta(hours=hours), NOW) == Text(zh, en)


def test_no_deadline_has_no_countdown() -> None:
    assert left(pd.NaT, NOW) == Text.same("")
    assert left(None, NOW) == Text.same("")


def test_grids_of_a_larger_level(quick: Path) -> None:
    ws, ledger = begun(quick / "levels")
    cases = ledger.cases()
    coarse = in_level(cases, ws, ws.levels[0])
    assert set(coarse["grid_id"].dropna()) <= set(ws.grids(ws.levels[0]).index)
    assert in_level(cases, ws, ws.finest) is cases
