"""Random walks of an issue through valid acts."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from geo.errors import TransitionError
from layers.ledger.acting.decisions import LEVELS
from layers.ledger.log import events as kinds
from layers.ledger.log.case import Case
from tests.layers.ledger.telling import RULES, Told, reported

TYPES = ("ROAD_PATCH", "MANHOLE", "ROAD_REBUILD", "GARBAGE", "ILLEGAL_BUILD", "LIGHT_NEW", "OTHER", "ROAD_COLLAPSE")
HEAD = Case("H", state="new")
"""Another issue to be fused with."""


def choices(told: Told, at: datetime) -> list[tuple[str, dict[str, Any]]]:
    """Give acts that might be done now; some are refused."""
    case, until = told.case, at + timedelta(days=9)
    every = {"text": "说明", "person": "q", "other": "J1", "until": until, "approver": "street", "satisfaction": 4}
    found: list[tuple[str, dict[str, Any]]] = [
        (kinds.MOVE, {"state": one.becomes, **{k: v for k, v in every.items() if _wanted(k, one.needs)}})
        for one in RULES.onward(str(case.state))
    ]
    found += [(kinds.PHOTO, {"other": "x", "stage": "after"}), (kinds.NOTE, {"text": "备注"})]
    found += [(kinds.REACH, {"other": stage}) for stage, _ in case.limits]
    found += [(kinds.PAUSE, {"reason": "等", "approver": "street"}), (kinds.RESUME, {})]
    found += [(kinds.EXTEND, {"until": until, "approver": "street", "text": "延"})]
    found += [(kinds.ESCALATE, {"level": one}) for one in LEVELS[1:]]
    found += [(kinds.CLASSIFY, {"facts": {"issue_type": one, "severity": 4}}) for one in TYPES]
    found += [(kinds.ASSIGN, {"person": "r", "department": "环卫"})]
    found += [(kinds.FUSE, {"other": "H", "other_case": HEAD}), (kinds.UNFUSE, {})]
    return found


def _wanted(name: str, needs: frozenset[str]) -> bool:
    return {"other": "project"}.get(name, name) in needs or name == "text" or (name == "until" and "project" in needs)


@st.composite
def walks(draw: st.DrawFn, least: int = 0, most: int = 14) -> Told:
    """Give an issue after a random sequence of acts that the rules allow."""
    told = reported(draw(st.sampled_from(TYPES)), severity=draw(st.sampled_from([None, 1, 3, 5])))
    at = told.events[0].at
    for _ in range(draw(st.integers(least, most))):
        at += timedelta(minutes=draw(st.sampled_from([1, 30, 240, 1500, 6000])))
        step(told, at, draw(st.integers(0, 999)))
    return told


def step(told: Told, at: datetime, number: int) -> None:
    """Do the first act that the rules allow, beginning with one of the choices; moves twice as often as others."""
    found = choices(told, at)
    moves = [one for one in found if one[0] == kinds.MOVE]
    found = moves * 4 + found
    for one in range(len(found)):
        kind, values = found[(number + one) % len(found)]
        try:
            told.do(kind, at, **values)
        except TransitionError:
            continue
        return
