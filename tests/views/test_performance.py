"""Performance without a browser: with and without a ledger, an empty period, every part in both languages."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.text import Text
from layers.ledger.acting.acts import Act, Anybody
from layers.ledger.acting.apart import kept_apart
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger
from reports.progress.figures import BY
from tests import samples
from tests.ledger_home import begun
from tests.views.conftest import Visit
from tests.views.test_pages import said
from views import desk, performance, performance_parts, performance_watch

PATH = "performance"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample community with a ledger, and two reports of one heap of garbage."""
    made = tmp_path / "sample"
    _, ledger = begun(made)
    now = samples.AS_OF - timedelta(hours=3)
    facts = {"issue_type": "GARBAGE", "x_m": 500_150.0, "y_m": 3_400_020.0, "grid_id": None}
    acts = [
        Act(subject=name, kind="create", at=now + timedelta(hours=n), command_id=name, text="垃圾成堆", facts=facts)
        for n, name in enumerate(("T1", "T2"))
    ]
    assert all(one.event is not None for one in ledger.do(acts, Anybody()))
    ledger.engine.dispose()
    return made


def opened(folder: Path) -> Ledger:
    return open_ledger(folder)


def at_part(app: AppTest, part: str) -> AppTest:
    app.session_state["perf part sample"] = part
    return app.run()


def cards(app: AppTest) -> str:
    return "\n".join(str(one.proto.body) for one in app.get("html"))


def test_without_a_ledger_it_offers_to_begin_one(visit: Visit, tmp_path: Path) -> None:
    made = samples.community(tmp_path / "bare")
    app = visit(PATH, folders=[made], lang="zh")
    assert not app.exception
    assert desk.NONE.zh in said(app)
    assert app.button[0].label == desk.START.zh


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("part", list(performance.PARTS))
def test_every_part_shows_without_a_fault(visit: Visit, folder: Path, part: str, lang: str) -> None:
    app = at_part(visit(PATH, folders=[folder], lang=lang), part)
    assert not app.exception
    assert app.title[0].value == performance.TITLE.in_(lang)
    said_here = said(app)
    assert Text("不强行凑成 100%", "not forced to add up to 100").in_(lang) in said_here
    assert Text("应结案", "Due").in_(lang) in cards(app)


@pytest.mark.parametrize("by", list(BY))
def test_every_group_has_its_league_table(visit: Visit, folder: Path, by: str) -> None:
    app = visit(PATH, folders=[folder], lang="zh")
    app.session_state["perf by sample"] = by
    app.run()
    assert not app.exception
    assert "不足 5 件的单位只作描述" in said(app)


def test_an_empty_period_is_said_to_be_empty(visit: Visit, folder: Path) -> None:
    app = visit(PATH, folders=[folder], lang="zh")
    assert performance.EMPTY.zh not in said(app)
    app.session_state["perf span sample"] = "own"
    app.session_state["perf dates sample"] = (date(2024, 5, 17), date(2024, 5, 17))
    app.run()
    assert not app.exception
    for part in performance.PARTS:
        assert not at_part(app, part).exception


def test_a_month_before_is_seen_at_its_end(visit: Visit, folder: Path) -> None:
    app = visit(PATH, folders=[folder], lang="zh")
    next(one for one in app.selectbox if one.label == performance.MONTH.zh).select_index(1).run()
    assert not app.exception
    assert "2024-05-01 00:00 起，2024-06-01 00:00 前，截至 2024-06-01 00:00" in said(app)


def test_a_pair_is_fused_by_hand(visit: Visit, folder: Path) -> None:
    app = at_part(visit(PATH, folders=[folder], lang="zh"), "twins")
    words = performance_watch.FUSE_IT.zh.format(one="T2", other="T1")
    button = next(one for one in app.button if one.label.replace("\\", "") == words)
    button.click().run()
    assert not app.exception
    kept = opened(folder)
    assert kept.case("T2").head == "T1"
    kept.engine.dispose()


def test_a_pair_that_is_not_the_same_is_not_asked_again(visit: Visit, folder: Path) -> None:
    app = at_part(visit(PATH, folders=[folder], lang="en"), "twins")
    pairs = [one for one in app.button if one.label == performance_watch.NOT_SAME.en]
    next(one for one in pairs if one.key == "apart T2 T1").click().run()
    assert not app.exception
    left = [one for one in app.button if one.label == performance_watch.NOT_SAME.en]
    assert len(left) == len(pairs) - 1
    kept = opened(folder)
    assert kept_apart(kept.log()) == {("T2", "T1")}
    kept.engine.dispose()


def test_a_past_day_can_be_looked_at_and_not_acted_in(visit: Visit, folder: Path) -> None:
    app = at_part(visit(PATH, folders=[folder], lang="zh", day="2024-06-01"), "twins")
    assert not app.exception
    assert performance_watch.PAST.zh in said(app)
    assert not [one for one in app.button if one.label == performance_watch.NOT_SAME.zh]


def test_the_score_names_its_rule(visit: Visit, folder: Path) -> None:
    app = at_part(visit(PATH, folders=[folder], lang="zh"), "score")
    assert "金华市数字城管考核评分规则" in said(app)
    assert performance_parts.SCORE_NOTE.zh in said(app)
