"""A round of a grid officer: how it stands, what is commonest in the grid, what lies open near by, what looks alike."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import Problem
from geo.text import Lang, Text, counted
from layers.ledger.acting.acts import Powers
from layers.ledger.acting.refusals import NEEDS
from layers.ledger.acting.reporting import Picture, known_pictures
from layers.ledger.acting.rules import FIXED, Rules
from layers.ledger.acting.states import Move
from layers.ledger.lamps import lamps
from layers.ledger.log.case import Case
from layers.ledger.log.events import CREATE, microseconds
from layers.photos.checking import Spot as Taken
from layers.photos.checking import Subject, checked
from layers.photos.likeness import reuse_problems, reused
from layers.photos.photo import Photo
from layers.photos.roles import Role
from layers.standards import issue_types
from layers.workspace import Workspace
from reports.case_table import lamp_titles, type_titles
from reports.ledger_answers import deadline_words
from reports.spots import Spot, photo_spot
from reports.wall import left

ROUND = timedelta(hours=1)
"""A round: one hour a day."""
BUTTONS = 9
"""Types with a button of their own."""
SAME_M, SAME_DAYS = 30.0, 30
"""An issue of the same type so near and so young may be the same one."""
MOST_ALIKE, MOST_OPEN = 3, 30
BRINGS = frozenset({"evidence"})
"""What "done" on this page brings: a picture of the result, and words."""
AWAY = Text("{m} 米", "{m} m")
DAYS_AGO = Text("{n}前上报", "reported {n} ago")
TODAY = Text("今天上报", "reported today")


class Round(NamedTuple):
    """How a round stands: minutes left (negative: over), and issues reported and finished since it began."""

    minutes_left: int
    reported: int
    fixed: int


def round_of(log: pa.Table, person_id: str, since: datetime, now: datetime) -> Round:
    """Tell how the round of a person stands.

    Args:
        log: of ``Ledger.log``.
        person_id: the person.
        since: when it began.
        now: the present.
    """
    own = pc.and_(pc.equal(log["by"], person_id), pc.greater_equal(log["at"], microseconds(since)))
    mine = log.filter(own)
    reported = pc.sum(pc.equal(mine["kind"], CREATE)).as_py() or 0
    fixed = pc.sum(pc.fill_null(pc.equal(mine["state"], FIXED), fill_value=False)).as_py() or 0
    rest = since + ROUND - now
    return Round(int(rest.total_seconds() // 60), int(reported), int(fixed))


def commonest(cases: pd.DataFrame, grids: Collection[str], rules: Rules, lang: Lang) -> dict[str, str]:
    """Give the types that get a button with their words: the commonest in some grids, then in all; "other" is last."""
    titles = type_titles(rules, lang)
    inside = cases.loc[cases["grid_id"].isin(list(grids)), "issue_type"]
    ranked = [*inside.value_counts().index, *cases["issue_type"].value_counts().index, *titles]
    first = [one for one in dict.fromkeys(map(str, ranked)) if one in titles and one != "OTHER"]
    return {one: titles[one] for one in first[:BUTTONS]}


def usual_severity(code: str, rules: Rules) -> int:
    """Give the severity that a type has of itself, 3 where its table says none."""
    found = issue_types(rules.folder)["severity"].get(code)
    return 3 if found is None or pd.isna(found) else int(found)


def alike(cases: pd.DataFrame, issue_type: str, spot: Spot, now: datetime) -> pd.DataFrame:
    """Give issues that may be the one somebody is about to report: same type, near, young; the nearest first.

    Returns:
        Rows of ``cases`` with ``away_m``; members of groups of duplicates and what was declined are left out.
    """
    young = cases["reported_at"] >= now - timedelta(days=SAME_DAYS)
    same = cases[(cases["issue_type"] == issue_type) & young & cases["head"].isna() & (cases["state"] != "rejected")]
    same = same.assign(away_m=_away(same, spot))
    near = same[same["away_m"] <= SAME_M]
    return near.sort_values(["closed_at", "away_m"], na_position="first", kind="stable").head(MOST_ALIKE)


def to_do(
    cases: pd.DataFrame, grids: Collection[str], rules: Rules, *, person: str | None, spot: Spot | None
) -> pd.DataFrame:
    """Give the open issues of some grids, the nearest first, without a spot the most urgent.

    Args:
        cases: where issues stand.
        grids: the smallest grids that count; none means all.
        rules: of the workspace.
        person: only those that lie with this person; None for all.
        spot: where the officer is.

    Returns:
        Rows of ``cases`` with ``away_m`` (NaN without a spot or a place).
    """
    is_open = cases["state"].map(rules.states["open"]).fillna(value=False).to_numpy(bool)
    keep = is_open & cases["head"].isna().to_numpy() & (cases["state"] != FIXED).to_numpy()
    if grids:
        keep &= cases["grid_id"].isin(list(grids)).to_numpy()
    if person is not None:
        keep &= (cases["person"] == person).fillna(value=False).to_numpy(bool)
    found = cases[keep]
    found = found.assign(away_m=_away(found, spot) if spot is not None else np.nan)
    return found.sort_values(["away_m", "due_at", "reported_at"], na_position="last", kind="stable").head(MOST_OPEN)


def _away(cases: pd.DataFrame, spot: Spot) -> npt.NDArray[np.float64]:
    return np.hypot(cases["x_m"].to_numpy(float) - spot.x_m, cases["y_m"].to_numpy(float) - spot.y_m)


class Line(NamedTuple):
    """An issue in two lines of a phone: lamp, type and distance; state, deadline and place."""

    issue: str
    head: str
    body: str


def lines(cases: pd.DataFrame, now: datetime, rules: Rules, lang: Lang) -> list[Line]:
    """Say issues in two lines each; ``cases`` with ``away_m``, as ``to_do`` and ``alike`` give them."""
    lamp = lamps(cases, now, rules.folder).map(lamp_titles(rules, lang)).fillna("")
    kinds = cases["issue_type"].map(type_titles(rules, lang)).fillna(cases["issue_type"])
    away = ["" if pd.isna(one) else AWAY.format(m=f"{one:,.0f}").in_(lang) for one in cases["away_m"]]
    heads = zip(lamp + " " + kinds, away, strict=True)
    return [
        Line(str(issue), " · ".join(one for one in head if one), _body(case, now, rules, lang))
        for (issue, case), head in zip(cases.iterrows(), heads, strict=True)
    ]


def _body(case: pd.Series, now: datetime, rules: Rules, lang: Lang) -> str:
    is_open = bool(rules.states["open"].get(str(case["state"]), False))
    due = (left(case["due_at"], now).in_(lang) or deadline_words(case).in_(lang)) if is_open else ""
    state = rules.words(str(case["state"])).in_(lang)
    place = "" if pd.isna(case["address"]) else str(case["address"])
    return " · ".join(one for one in (state, due, place, ago(case["reported_at"], now).in_(lang)) if one)


def ago(since: datetime, now: datetime) -> Text:
    """Say how long ago something was, in days."""
    days = max(0, (now - since).days)
    return DAYS_AGO.format(n=Text(f"{days} 天", counted(days, "day", "days"))) if days else TODAY


def way_to(case: Case, goal: str, rules: Rules, powers: Powers, *, brings: Collection[str] = ()) -> tuple[Move, ...]:
    """Give the shortest way of moves from where an issue stands to a state; empty if this person has none.

    Args:
        case: the issue.
        goal: a code of ``states.csv``.
        rules: of the workspace.
        powers: of the person; each move must be theirs.
        brings: what comes along, codes of the column ``needs``; the person responsible, if there is one, besides.
    """
    has = set(brings) | ({"person"} if case.person else set())
    ways: list[tuple[Move, ...]] = [()]
    seen = {str(case.state)}
    while ways:
        longer: list[tuple[Move, ...]] = []
        for way in ways:
            for step in rules.onward(way[-1].becomes if way else str(case.state)):
                if step.becomes in seen or not step.needs <= has or not powers.may_move(step, case):
                    continue
                if step.becomes == goal:
                    return (*way, step)
                seen.add(step.becomes)
                longer.append((*way, step))
        ways = longer
    return ()


def remarks(
    ws: Workspace, photo: Photo, spot: Spot | None, *, log: pa.Table, now: datetime, case: Case | None = None
) -> tuple[Problem, ...]:
    """Say what should be told of a photo before it is handed in; none of it refuses the photo.

    Args:
        ws: the workspace.
        photo: a kept photo.
        spot: where the issue is said to be, None if that is not known yet.
        log: of ``Ledger.log``, for pictures that were used before.
        now: the present.
        case: the issue that it shows the end of; None for a new one.
    """
    role = Role.BEFORE if case is None else Role.AFTER
    name = "" if case is None else case.issue_id
    reported = now if case is None or case.reported_at is None else case.reported_at
    place = (None, None, None) if spot is None else (spot.x_m, spot.y_m, spot.grid_id)
    at = photo_spot(ws, photo)
    taken = None if at is None else Taken(at.x_m, at.y_m, at.grid_id)
    subject = Subject(name, reported, None if case is None else case.fixed_at, *place)
    told = checked(photo, subject, role=role, as_of=now, spot=taken, folder=ws.folder)
    again = reused(photo, known_pictures(log), issue_id=name, role=str(role), folder=ws.folder)
    return (*told, *reuse_problems(photo, again, issue_id=name, role=str(role)))


def picture_of(photo: Photo) -> Picture:
    """Give what the ledger keeps of a photo."""
    return Picture(photo.sha256, photo.bits[0])


def lacking(case: Case, rules: Rules, *, photos: int, words: str) -> list[Text]:
    """Name what a report "fixed" of an issue still needs, with so many new photos of the result and these words."""
    demand = rules.demand(str(case.issue_type))
    found = [NEEDS["photo"]] if case.after + photos < demand.photos else []
    return found + ([NEEDS["text"]] if demand.text and not words.strip() else [])
