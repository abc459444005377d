"""The simulated month of Huolong: all that can happen to an issue happens, by the rules, and the same on each build."""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from data.huolong.issues import AS_OF
from data.huolong.ledger import DAYS, SEED, START, build_ledger, crew, located_issues
from data.simulation.days import day_of, days_of
from data.simulation.month import WRITERS, digest, enter, month_events, simulated_month
from data.simulation.people import People
from layers import ISSUES, Workspace, open_workspace
from layers.ledger.acting.rules import SHUT, rules
from layers.ledger.crew.duties import appointments
from layers.ledger.crew.persons import Person
from layers.ledger.crew.persons import people as persons
from layers.ledger.crew.roster import enter_people
from layers.ledger.keeping.proof import ledger_problems
from layers.ledger.keeping.union import merge
from layers.ledger.log import events as kinds
from layers.ledger.log.case import Case
from layers.ledger.log.events import Event
from layers.ledger.log.folds import cases
from layers.ledger.log.table import event_table
from layers.ledger.store.opening import open_ledger

DIGEST = "d71bc2eb7f899b6579bfe31da5fd31a305c958f176f9160bc8080818b886e7ef"
RULES = rules()
Month = tuple[Event, ...]


@pytest.fixture(scope="module")
def plain(workspaces: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The community without its ledger."""
    folder = tmp_path_factory.mktemp("plain") / "huolong"
    shutil.copytree(workspaces["huolong"], folder, ignore=shutil.ignore_patterns("ledger*", ".cache"))
    return open_workspace(folder)


@pytest.fixture(scope="module")
def crowd(plain: Workspace) -> People:
    return crew(plain)


@pytest.fixture(scope="module")
def month(plain: Workspace, crowd: People) -> Month:
    return month_events(located_issues(plain), crowd, RULES, start=START, days=DAYS, seed=SEED)


@pytest.fixture(scope="module")
def log(month: Month) -> pa.Table:
    return event_table(month)


@pytest.fixture(scope="module")
def found(log: pa.Table) -> pd.DataFrame:
    return cases(log, AS_OF)


@pytest.fixture(scope="module")
def days(log: pa.Table) -> pd.DataFrame:
    return days_of(log, START, DAYS)


def of_kind(month: Month, kind: str) -> list[Event]:
    return [one for one in month if one.kind == kind]


def test_the_same_seed_gives_the_same_events(month: Month) -> None:
    assert digest(month) == DIGEST


def test_the_bundled_ledger_holds_just_these(month: Month, workspaces: Mapping[str, Path]) -> None:
    ws = open_workspace(workspaces["huolong"])
    assert ws.living is not None
    stored = ws.living.ledger.log().sort_by([("writer", "ascending"), ("number", "ascending")])
    assert set(stored["event_id"].to_pylist()) == {one.event_id for one in month}
    assert set(stored["writer"].to_pylist()) == set(WRITERS)
    assert len(ws[ISSUES]) == 436
    assert ws.manifest.as_of == AS_OF == max(START + timedelta(days=DAYS - 1, hours=18), AS_OF)
    names = {one.person_id: one.name for one in persons(ws.living.ledger)}
    assert len(names) == 56
    assert all(name.startswith("示例") for name in names.values())
    assert len(appointments(ws.living.ledger)) == len(of_kind(month, kinds.APPOINT))


def test_a_ledger_is_built_anew_in_place_of_an_older_one(plain: Workspace, tmp_path: Path, month: Month) -> None:
    folder = tmp_path / "huolong"
    shutil.copytree(plain.folder, folder)
    for _ in range(2):
        build_ledger(folder)
    assert sorted(one.name for one in folder.glob("ledger*")) == ["ledger.sqlite"]
    assert open_ledger(folder).size() == len(month)


def test_another_seed_gives_another_month(plain: Workspace, crowd: People) -> None:
    one, other = (
        month_events(located_issues(plain), crowd, RULES, start=START, days=16, seed=seed) for seed in (SEED, 7)
    )
    assert digest(one) != digest(other)
    assert {event.subject for event in one} == {event.subject for event in other}


def test_every_kind_of_act_occurs(month: Month) -> None:
    many = Counter(one.kind for one in month)
    least = dict.fromkeys(kinds.KINDS, 3) | {kinds.CREATE: 436, kinds.PHOTO: 400, kinds.REACH: 400, kinds.ESCALATE: 30}
    least |= {kinds.PAUSE: 12, kinds.RESUME: 10, kinds.EXTEND: 8, kinds.FUSE: 8, kinds.CLASSIFY: 12, kinds.NOTE: 25}
    assert {kind: many[kind] for kind in least if many[kind] < least[kind]} == {}
    assert many[kinds.CREATE] == 436


def test_every_move_of_the_table_occurs(month: Month) -> None:
    moves = Counter((one.was, one.state) for one in of_kind(month, kinds.MOVE))
    assert set(moves) == set(RULES.moves)
    assert {move: count for move, count in moves.items() if count < 2} == {}


def test_every_state_occurs_and_all_stand_somewhere_at_the_end(month: Month, found: pd.DataFrame) -> None:
    reached = {one.state for one in month if one.state}
    assert reached == set(RULES.states.index)
    assert len(found) == 436
    assert found["state"].nunique() == len(RULES.states)


def test_stages_photos_levels_and_pauses(month: Month, found: pd.DataFrame) -> None:
    stages = Counter(one.other for one in of_kind(month, kinds.REACH))
    assert stages["reply"] > 350
    assert min(stages[one] for one in ("make_safe", "stop", "penalty")) >= 3
    roles = Counter(one.stage for one in of_kind(month, kinds.PHOTO))
    assert min(roles["before"], roles["after"]) > 100
    assert all(len(one.other or "") == 64 for one in of_kind(month, kinds.PHOTO))
    levels = Counter(one.level for one in of_kind(month, kinds.ESCALATE))
    assert levels["branch"] > levels["community"] > levels["street"] > levels["district"] >= 2
    assert found["level_solved"].nunique() >= 3
    assert found["paused_since"].notna().sum() >= 2


def test_rework_reopening_and_call_backs(found: pd.DataFrame) -> None:
    assert found["rework_count"].max() == 3
    assert (found["rework_count"] == 3).sum() >= 2
    assert (found["rework_count"] > 0).sum() >= 20
    assert (found["reopen_count"] > 0).sum() >= 6
    assert found["call_back"].value_counts()["satisfied"] > 100
    assert found["call_back"].value_counts()["not_satisfied"] >= 3
    assert found["satisfaction"].between(1, 5)[found["satisfaction"].notna()].all()
    without = found["struck_at"].notna() & found["called_back_at"].isna()
    assert without.sum() >= 10


def test_duplicates_follow_their_heads_and_some_were_parted(month: Month, found: pd.DataFrame) -> None:
    fused = found[found["head"].notna()]
    assert len(fused) >= 5
    assert (found.loc[fused["head"], "group_size"] == 2).all()
    assert (found.loc[fused["head"], "state"].to_numpy() == fused["state"].to_numpy()).all()
    assert len(of_kind(month, kinds.UNFUSE)) >= 3


def test_what_two_machines_wrote_at_once_is_settled_but_for_one(month: Month, log: pa.Table) -> None:
    apart = {one.subject for one in month if one.writer == WRITERS[1]}
    before = cases(log, START + timedelta(days=13, hours=18))
    assert len(apart) == 5
    assert set(before.index[before["is_contested"]]) == apart
    settled = {one.subject for one in of_kind(month, kinds.SETTLE)}
    after = cases(log)
    assert set(after.index[after["is_contested"]]) == apart - settled
    assert len(settled) == 4


def test_shares_are_those_of_a_plausible_community(found: pd.DataFrame, days: pd.DataFrame) -> None:
    done = found[found["closed_at"].notna() & found["head"].isna()]
    assert 0.65 <= found["closed_at"].notna().mean() <= 0.77
    dated = done[done["final_due_at"].notna()]
    assert 0.75 <= (dated["fixed_at"] <= dated["final_due_at"]).mean() <= 0.85
    last = days.iloc[-1]
    assert 20 <= last["overdue"] <= 60
    assert last["lamp_red"] >= last["overdue"]
    assert min(last["deferred"], last["rework"], last["paused"], last["contested"], last["rejected"]) >= 1


def test_no_open_issue_is_without_deadline_or_reason(found: pd.DataFrame) -> None:
    is_open = ~found["state"].isin(SHUT)
    assert (found["due_at"].notna() | found["no_deadline_reason"].notna())[is_open].all()


def test_the_layer_keeps_its_types_and_severity_only_tightened(plain: Workspace, found: pd.DataFrame) -> None:
    layer = plain[ISSUES]
    now = found.reindex(layer.index)
    assert (now["issue_type"] == layer["issue_type"]).all()
    assert (now["severity"] >= layer["severity"]).all()
    assert (now["severity"] > layer["severity"]).sum() >= 3
    assert (now["department"] == layer["unit_in_charge"]).all()
    assert (now["reported_at"] == layer["reported_at"]).all()


def test_people_act_within_the_month_and_offices_by_day(month: Month) -> None:
    acts = [one for one in month if one.kind != kinds.APPOINT]
    assert min(one.at for one in acts) >= START
    assert max(one.at for one in acts) <= AS_OF
    by_day = [8 <= one.at.hour < 19 for one in acts if one.kind != kinds.CREATE]
    assert sum(by_day) / len(by_day) > 0.8
    assert len({one.by for one in acts}) > 40


def test_one_by_one_is_as_all_together(month: Month, log: pa.Table) -> None:
    every = cases(log)
    groups: dict[str, list[Event]] = {}
    for one in month:
        groups.setdefault(one.subject, []).append(one)
    for name, row in every[every["head"].isna()].iterrows():
        case = Case.of(str(name), sorted(groups[str(name)], key=lambda one: (one.clock, one.event_id)))
        assert (case.state, case.rework_count, case.photos) == (row["state"], row["rework_count"], row["photos"])
        assert case.is_contested == row["is_contested"]
        for column in ("due_at", "final_due_at", "closed_at", "fixed_at", "paused_since"):
            value = row[column]
            assert getattr(case, column) == (None if pd.isna(value) else value), (name, column)


def test_each_day_is_as_if_nothing_came_later(month: Month, days: pd.DataFrame) -> None:
    assert len(days) == 31
    for number in range(0, DAYS, 3):
        as_of = START + timedelta(days=number, hours=18)
        until = [one for one in month if one.at <= as_of]
        assert day_of(cases(event_table(until)), as_of) == days.iloc[number].to_dict()


def test_each_day_is_the_same_in_an_empty_ledger_and_after_any_union(
    crowd: People, month: Month, days: pd.DataFrame, tmp_path: Path
) -> None:
    office, tablet, both = (open_ledger(folder) for folder in folders(tmp_path, 3))
    for ledger, writer in ((office, WRITERS[0]), (tablet, WRITERS[1])):
        enter(ledger, [one for one in month if one.writer == writer], crowd)
    for other in (tablet, office, tablet):
        assert not merge(both, other).problems
    merge(office, tablet)
    assert both.size() == office.size() == len(month)
    assert not ledger_problems(both)
    for ledger in (both, office):
        pd.testing.assert_frame_equal(days_of(ledger.log(), START, DAYS), days)


def test_each_day_adds_up(days: pd.DataFrame) -> None:
    whole = days["fused"] + days["open"] + days["closed"] + days["struck"] + days["rejected"] + days["projects"]
    assert (whole == days["reported"]).all()
    lamps = days[[one for one in days if str(one).startswith("lamp_")]].sum(axis=1)
    assert (lamps == days["reported"] - days["fused"]).all()
    assert days["reported"].is_monotonic_increasing
    assert days["reported"].iloc[-1] == 436
    assert list(days.index[[0, -1]]) == [date(2021, 8, 1), date(2021, 8, 31)]


def test_a_month_can_be_entered_twice(plain: Workspace, crowd: People, tmp_path: Path) -> None:
    ledger = open_ledger(next(folders(tmp_path, 1)))
    issues = located_issues(plain).head(60)
    first, second = (simulated_month(ledger, issues, crowd, start=START, days=12, seed=SEED) for _ in range(2))
    assert first == second
    assert enter_people(ledger, [Person("HL-W07", "another name"), Person("HL-W99", "示例网格员99")]) == 1
    names = {one.person_id: one.name for one in persons(ledger)}
    assert (names["HL-W07"], names["HL-W99"]) == ("示例网格员07", "示例网格员99")
    assert ledger.size() == len(first)


def test_issues_from_before_the_month_start_as_the_layer_says(plain: Workspace, crowd: People) -> None:
    start = datetime.fromisoformat("2021-08-11")
    layer = located_issues(plain)
    events = month_events(layer, crowd, RULES, start=start, days=21, seed=SEED)
    as_of = start - timedelta(seconds=1)
    found = cases(event_table(events), as_of)
    known = layer[layer["reported_at"] <= as_of]
    closed = known["closed_at"] < start
    assert closed.sum() > 80
    now = found.reindex(known.index)
    assert (now["closed_at"].notna() == closed).all()
    assert ((now["closed_at"] - known["closed_at"])[closed] == timedelta(0)).all()
    assert (now["state"][~closed] == "new").all()


def test_on_a_holiday_only_the_urgent_is_done_and_make_up_days_are_worked(plain: Workspace, crowd: People) -> None:
    start = datetime.fromisoformat("2021-09-14")
    layer = located_issues(plain)
    later = layer.assign(**{name: layer[name] + timedelta(days=44) for name in ("reported_at", "closed_at")})
    events = month_events(later, crowd, RULES, start=start, days=31, seed=SEED)
    off = {date(2021, 9, 19), date(2021, 9, 20), date(2021, 9, 21), *(date(2021, 10, one) for one in range(1, 8))}
    verified = Counter(one.at.date() for one in events if one.was == "fixed" or one.state == "struck")
    assert not off & set(verified)
    assert all(verified[one] for one in (date(2021, 9, 18), date(2021, 9, 26), date(2021, 10, 9)))
    assert not verified[date(2021, 9, 25)]  # a Saturday
    found = cases(event_table(events))
    patches = found[(found["issue_type"] == "ROAD_PATCH") & (found["reported_at"].dt.date == date(2021, 9, 30))]
    usual = patches[(patches["pauses"] == 0) & (patches["extensions"] == 0) & (patches["rework_count"] == 0)]
    ends = set(usual.loc[usual["fixed_at"].isna(), "final_due_at"].dt.date) - {None}
    assert ends <= {date(2021, 10, 13)}  # 8, 9 (a Saturday that is worked), 11, 12, 13 October


def folders(path: Path, many: int) -> Iterator[Path]:
    for number in range(many):
        folder = path / f"machine{number}"
        folder.mkdir()
        yield folder
