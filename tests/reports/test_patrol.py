"""A round: what is commonest, near, alike and still to do, and where a spot is; all counted by hand."""

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from geo.conversion import transformer
from geo.text import Lang, Text
from layers import ISSUES, Workspace, open_workspace
from layers.intake.places.gazetteer import gazetteer
from layers.ledger.acting.acts import Anybody
from layers.ledger.acting.reporting import Report, report
from layers.ledger.acting.states import Move
from layers.ledger.log.case import Case
from layers.ledger.store.history import take_history
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger
from reports.patrol import Round, alike, commonest, lacking, lines, round_of, to_do, usual_severity, way_to
from reports.public_status import next_words, status
from reports.spots import (
    Spot,
    grid_at,
    house_names,
    house_spot,
    near_house,
    phone_spot,
    picked_spot,
    spot_at,
    spot_words,
    worded_spot,
)
from tests import samples

NOW = samples.AS_OF


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_workspace(samples.community(tmp_path_factory.mktemp("patrol") / "sample"))


@pytest.fixture(scope="module")
def ledger(ws: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    kept = open_ledger(tmp_path_factory.mktemp("kept"))
    take_history(kept, ws[ISSUES], ws.xy(ISSUES), ws.owner(ISSUES), with_limits=True)
    return kept


@pytest.fixture(scope="module")
def cases(ledger: Ledger) -> pd.DataFrame:
    return ledger.cases(NOW)


def here(east: float, north: float) -> Spot:
    return Spot(samples.X0 + east, samples.Y0 + north, "W1", None, Text.same("here"))


def degrees(east: float, north: float) -> tuple[float, float]:
    found: tuple[float, float] = transformer(samples.CRS, "EPSG:4326").transform(samples.X0 + east, samples.Y0 + north)
    return found


def test_open_issues_come_nearest_first(cases: pd.DataFrame, ledger: Ledger) -> None:
    found = to_do(cases, ("W1",), ledger.rules, person=None, spot=here(24, 20))
    assert found.index.tolist() == ["i05", "i04", "i03"]
    assert found["away_m"].round(6).tolist() == [0, 1, 2]
    by_deadline = to_do(cases, ("W1",), ledger.rules, person=None, spot=None)
    assert by_deadline.index[0] == "i03"
    assert by_deadline["away_m"].isna().all()
    assert to_do(cases, (), ledger.rules, person="nobody", spot=None).empty
    assert len(to_do(cases, (), ledger.rules, person=None, spot=None)) > 3
    told = lines(found, NOW, ledger.rules, Lang.ZH)
    assert [one.issue for one in told] == ["i05", "i04", "i03"]
    assert told[1].head.endswith("1 米")
    assert "垃圾清理" in told[1].head


def test_what_is_alike_is_of_the_same_type_near_and_young(cases: pd.DataFrame) -> None:
    assert alike(cases, "GARBAGE", here(23, 20), NOW).index.tolist() == ["i04"]
    assert alike(cases, "GARBAGE", here(23, 20.0 + 30), NOW).index.tolist() == ["i04"]
    assert alike(cases, "GARBAGE", here(23, 20.0 + 30.1), NOW).empty
    assert alike(cases, "GARBAGE", here(23, 20), NOW + timedelta(days=30)).empty
    assert alike(cases, "NOISE", here(23, 20), NOW).empty
    assert alike(cases, "ROAD_PATCH", here(21, 20), NOW).empty


def test_buttons_are_the_commonest_types_of_the_grid(cases: pd.DataFrame, ledger: Ledger) -> None:
    found = commonest(cases, ("W1",), ledger.rules, Lang.EN)
    assert next(iter(found)) == "ROAD_PATCH"
    assert len(found) == 9
    assert "OTHER" not in found
    assert next(iter(commonest(cases, (), ledger.rules, Lang.ZH))) == "GARBAGE"
    assert usual_severity("GAS", ledger.rules) == 5
    assert usual_severity("no such", ledger.rules) == 3


def test_ways_lead_where_this_person_may_go(ledger: Ledger) -> None:
    class Officer:
        person_id = "p"

        def may(self, *_: object) -> bool:
            return True

        def may_move(self, move: Move, _case: Case) -> bool:
            return "grid_officer" in move.roles

        def allows(self, *_: object) -> bool:
            return True

    case = ledger.case("i04")
    steps = way_to(case, "fixed", ledger.rules, Anybody(), brings=("evidence", "person"))
    assert [one.becomes for one in steps] == ["accepted", "assigned", "fixed"]
    assert way_to(case, "fixed", ledger.rules, Anybody(), brings=("evidence",)) == ()
    assert way_to(case, "fixed", ledger.rules, Officer(), brings=("evidence", "person")) == ()
    assert [one.en for one in lacking(case, ledger.rules, photos=0, words="")] == ["a photo of the result"]
    assert lacking(case, ledger.rules, photos=1, words="") == []
    assert [one.en for one in lacking(ledger.case("i05"), ledger.rules, photos=0, words=" ")] == ["words"]


def test_a_round_counts_what_this_person_did_since(tmp_path: Path) -> None:
    kept = open_ledger(tmp_path)
    for at in range(3):
        when = NOW + timedelta(minutes=at)
        report(kept, Report(issue_type="ADS", source="t"), Anybody(), at=when, command_id=str(at))
    report(kept, Report(issue_type="ADS", source="t"), Anybody("other"), at=NOW, command_id="x")
    found = round_of(kept.log(), "owner", NOW + timedelta(minutes=1), NOW + timedelta(minutes=11))
    assert found == Round(50, 2, 0)


def test_a_tap_a_phone_a_house_and_words_tell_the_same_place(ws: Workspace) -> None:
    lon, lat = degrees(20, 20)
    tapped = picked_spot(ws, f"{lon},{lat}")
    assert tapped is not None
    assert (round(tapped.x_m - samples.X0, 2), round(tapped.y_m - samples.Y0, 2)) == (20, 20)
    assert (tapped.grid_id, tapped.address) == ("W1", near_house(ws, tapped.x_m, tapped.y_m))
    assert str(tapped.address) == "b1"
    sure, vague = phone_spot(ws, lon, lat, 12.4), phone_spot(ws, lon, lat, 80)
    assert sure is not None
    assert vague is not None
    assert (sure.vague, vague.vague) == (False, True)
    assert "12 m" in sure.how.en
    house = house_spot(ws, "b1")
    assert (house.x_m - samples.X0, house.y_m - samples.Y0, house.grid_id) == (20, 20, "W1")
    found = worded_spot(ws, gazetteer(ws.tables), "南公厕")
    assert found is not None
    assert found.grid_id == "W1"
    assert worded_spot(ws, gazetteer(ws.tables), "火星路 1 号") is None
    assert "SW" in spot_words(ws, house).zh


@pytest.mark.parametrize("picked", ["", "1", "a,b", "nan,1", "inf,inf", "181,0", "0,91", "1,2,3"])
def test_what_is_no_place_is_none(ws: Workspace, picked: str) -> None:
    assert picked_spot(ws, picked) is None


def test_places_outside_and_houses_without_names(ws: Workspace) -> None:
    far = spot_at(ws, *degrees(5000, 5000))
    assert far is not None
    assert (far.grid_id, far.address) == (None, None)
    assert grid_at(ws, samples.X0 + 150, samples.Y0 + 50) == "E1"
    assert grid_at(ws, samples.X0 - 1, samples.Y0) is None
    assert next(iter(house_names(ws, ("E1",)))) == "b5"


def test_the_public_sees_the_state_and_no_names_or_words(tmp_path: Path) -> None:
    kept = open_ledger(tmp_path)
    done = report(
        kept, Report(issue_type="LIGHT_OUT", source="t", text="张三家门口"), Anybody("zhang"), at=NOW, command_id="a"
    )
    found = status(done.reference, kept.events(done.reference), kept.rules, NOW)
    assert (found.kind.zh, found.state.zh) == ("路灯不亮", "已收到，等待受理。")
    assert found.due is not None
    assert [at for at, _ in found.steps] == [NOW]
    assert "张三" not in str(found)
    assert "zhang" not in str(found)
    onward = next_words("new", kept.rules)
    assert onward is not None
    assert onward.zh == "下一步：社区受理立案"
