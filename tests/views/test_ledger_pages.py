"""The pages on the ledger: list, one issue, wall; and what they write."""

import shutil
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from layers.ledger.acting.acts import Act, Anybody
from layers.ledger.acting.rising import CLOCK
from layers.ledger.store.opening import open_ledger
from layers.ledger.store.pages import Wanted, page
from tests import samples
from tests.views.conftest import Visit
from views import acting, desk, issue, ledger, wall

LANGS = ("zh", "en")


@pytest.fixture
def own(workspaces: Mapping[str, Path], quick: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of Huolong that may be written to."""
    name = "".join(sign for sign in request.node.name if sign.isalnum())
    return shutil.copytree(workspaces["huolong"], quick / name / "huolong")


def told(app: AppTest) -> str:
    """All running text."""
    return "\n".join(str(one.value) for block in (app.markdown, app.info, app.warning, app.caption) for one in block)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", ["ledger", "issue", "wall"])
def test_without_a_ledger_it_can_be_begun(visit: Visit, quick: Path, path: str, lang: str) -> None:
    folder = samples.community(quick / f"{path}{lang}")
    app = visit(path, folders=[folder], lang=lang)
    assert not app.exception
    assert desk.NONE.in_(lang) in told(app)
    app = next(one for one in app.button if one.label == desk.START.in_(lang)).click().run()
    assert not app.exception
    assert open_ledger(folder).size() == 17


@pytest.mark.parametrize("lang", LANGS)
def test_list_counts_lamps_and_issues(visit: Visit, workspaces: Mapping[str, Path], lang: str) -> None:
    app = visit("ledger", ws="huolong", lang=lang)
    assert not app.exception
    assert app.title[0].value == ledger.TITLE.in_(lang)
    kept = open_ledger(workspaces["huolong"])
    latest = kept.latest()
    assert latest is not None
    total = page(kept, Wanted(heads_only=True), latest).total
    assert f"{total}" in told(app)
    assert len(app.dataframe[0].value) == total


def test_many_are_accepted_at_once(visit: Visit, own: Path) -> None:
    kept = open_ledger(own)
    latest = kept.latest()
    assert latest is not None
    before = page(kept, Wanted(states=("new",), heads_only=True), latest)
    assert before.total > 5
    app = visit("ledger", folders=[own], lang="zh")
    app = next(one for one in app.multiselect if one.label == ledger.STATE.zh).set_value(["new"]).run()
    app = app.checkbox[0].check().run()
    assert ledger.CHOSEN.zh.format(n=before.total) in told(app)
    app = next(one for one in app.pills if one.label == acting.WHAT.zh).set_value("accepted").run()
    app = next(one for one in app.button if one.label == acting.DO.zh.format(n=before.total)).click().run()
    assert not app.exception
    now = kept.cases()
    assert set(now.loc[before.cases.index, "state"]) == {"accepted"}


def test_what_had_its_time_rises_as_soon_as_somebody_looks(visit: Visit, own: Path) -> None:
    kept = open_ledger(own)
    resting, issue_id = kept.size(), str(kept.cases().query("state == 'new' and level == 'courtyard'").index[0])
    app = visit("wall", folders=[own], lang="en")
    assert not app.exception
    assert kept.size() == resting  # a ledger that rests shows its last day, and nothing rises
    today = datetime.now().replace(microsecond=0)  # noqa: DTZ005 (naive local time)
    kept.act(Act(subject=issue_id, kind="note", at=today, command_id="seen", text="看过"), Anybody("somebody"))
    app = visit("wall", folders=[own], lang="en")
    assert not app.exception
    assert kept.cases().loc[issue_id, "level"] == "district"
    assert {one.by for one in kept.events(issue_id) if one.kind == "escalate"} == {CLOCK}


def test_stale_sight_is_told_and_nothing_overwritten(visit: Visit, own: Path) -> None:
    kept = open_ledger(own)
    latest = kept.latest()
    assert latest is not None
    app = visit("ledger", folders=[own], lang="zh")
    app = next(one for one in app.multiselect if one.label == ledger.STATE.zh).set_value(["new"]).run()
    app = app.checkbox[0].check().run()
    app = next(one for one in app.pills if one.label == acting.WHAT.zh).set_value("accepted").run()
    chosen = page(kept, Wanted(states=("new",), heads_only=True), latest).cases.index
    other = Act(subject=str(chosen[0]), kind="move", at=latest, command_id="other", state="rejected", text="no")
    kept.act(other, Anybody("somebody"))
    app = next(one for one in app.button if one.label == acting.DO.zh.format(n=len(chosen))).click().run()
    assert not app.exception
    assert kept.case(str(chosen[0])).state == "rejected"
    assert "刚被他人改动" in told(app)
    assert {kept.case(str(name)).state for name in chosen[1:]} <= {"accepted", "new"}


@pytest.mark.parametrize("lang", LANGS)
def test_issue_tells_its_story(visit: Visit, workspaces: Mapping[str, Path], lang: str) -> None:
    kept = open_ledger(workspaces["huolong"])
    latest = kept.latest()
    assert latest is not None
    name = str(page(kept, Wanted(states=("struck",)), latest).cases.index[0])
    app = visit("issue", ws="huolong", lang=lang, issue=name)
    assert not app.exception
    text = told(app)
    assert kept.rules.words("struck").in_(lang) in text
    assert "HL-" not in text.replace(name, "").replace("HL-2021", "")  # names of people, not their ids
    assert issue.HISTORY.in_(lang) in text


def test_unknown_issue_is_told(visit: Visit) -> None:
    app = visit("issue", ws="huolong", lang="en", issue="X-1")
    assert not app.exception
    assert issue.UNKNOWN.en.format(name="X-1") in told(app).replace("\\", "")


@pytest.mark.parametrize("lang", LANGS)
def test_wall_of_an_earlier_day(visit: Visit, lang: str) -> None:
    app = visit("wall", ws="huolong", lang=lang, day="2021-08-10")
    assert not app.exception
    assert app.title[0].value == wall.TITLE.in_(lang)
    assert "2021-08-10" in told(app)


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_is_done_on_an_earlier_day(visit: Visit, workspaces: Mapping[str, Path], lang: str) -> None:
    kept = open_ledger(workspaces["huolong"])
    name = str(kept.cases(datetime(2021, 8, 10)).index[0])  # noqa: DTZ001 (naive local time)
    app = visit("issue", ws="huolong", lang=lang, issue=name, day="2021-08-10")
    assert not app.exception
    assert acting.PAST.in_(lang) in told(app)
    assert not app.pills
    assert app.date_input[0].value == date(2021, 8, 10)
