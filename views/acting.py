"""What may be done with chosen issues: the acts that are open to them, with what each needs."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from layers.ledger.acting.acts import Act
from layers.ledger.acting.states import Move
from layers.ledger.log.events import ASSIGN, ESCALATE, EXTEND, FUSE, MOVE, NOTE, PAUSE, RESUME, UNFUSE
from layers.ledger.store.ledger import Ledger
from reports.case_table import open_acts, open_moves
from reports.levels import LEVELS
from views import desk, state
from views.state import t

PAST = Text("正在查看过去的一天，只能看，不能办理。", "This is an earlier day: look, but nothing can be done.")
ACT = Text("办理", "Act")
WHAT = Text("操作", "What to do")
NEEDED = Text("须填：{needs}", "needed: {needs}")
DO = Text("办理 {n} 件", "Do it for {n}")
WORDS = Text("说明", "Words")
PERSON = Text("责任人", "Person responsible")
DEPARTMENT = Text("责任部门", "Department")
APPROVER = Text("批准人", "Approved by")
UNTIL = Text("截止日期", "Until")
PROJECT = Text("项目编号", "Project id")
SATISFACTION = Text("满意度（5 为非常满意）", "Satisfaction (5 is best)")
HEAD = Text("并入的问题编号", "Id of the issue that goes on")
REASON = Text("原因", "Reason")
LEVEL = Text("提到层级", "Raise to")
CHOOSE = Text("选择或输入", "choose or type")
WHO = Text("可由{roles}办理", "for {roles}")
OTHERS: Mapping[str, Text] = {
    ASSIGN: Text("派给责任人", "assign to a person"),
    NOTE: Text("备注", "add a note"),
    EXTEND: Text("延期", "extend the deadline"),
    PAUSE: Text("暂停计时", "stop the clock"),
    RESUME: Text("恢复计时", "let the clock run"),
    ESCALATE: Text("提级", "raise a level"),
    FUSE: Text("并入另一问题", "fuse with another issue"),
    UNFUSE: Text("拆分，单独办理", "part from its group"),
}
NEEDS: Mapping[str, frozenset[str]] = {
    ASSIGN: frozenset({"person"}),
    NOTE: frozenset({"text"}),
    EXTEND: frozenset({"until", "approver", "text"}),
    PAUSE: frozenset({"reason", "approver"}),
    RESUME: frozenset(),
    ESCALATE: frozenset({"level"}),
    FUSE: frozenset({"head"}),
    UNFUSE: frozenset(),
}


def acting(kept: Ledger, cases: pd.DataFrame, *, key: str) -> None:
    """Show what may be done with issues, and do it; ``cases`` are rows of a page with their ``clock``."""
    if state.day() is not None:
        st.caption(t(PAST))
        return
    moves = [] if cases["head"].notna().any() else open_moves(cases["state"], kept.rules)
    ways: dict[str, Move | None] = {one.becomes: one for one in moves} | dict.fromkeys(open_acts(cases, kept.rules))
    with st.container(border=True):
        chosen = st.pills(
            t(WHAT),
            list(ways),
            format_func=lambda one: _title(one, ways),
            key=f"{key} what",
            label_visibility="collapsed",
        )
        if chosen is None:
            return
        step = ways[chosen]
        needs = NEEDS[chosen] if step is None else step.needs
        with st.form(f"{key} {chosen}", border=False, clear_on_submit=True):
            said = _asked(kept, needs, key=f"{key} {chosen}")
            submitted = st.form_submit_button(t(DO).format(n=len(cases)), key=f"{key} {chosen} do", type="primary")
        now = {str(issue): int(clock) for issue, clock in cases["clock"].items()}
        shown = state.kept(f"seen {key}") or now
        state.keep(f"seen {key}", now)
        if submitted:
            kind = {"kind": chosen} if step is None else {"kind": MOVE, "state": chosen}
            _do(kept, shown, kind | said)


def _title(code: str, ways: Mapping[str, Move | None]) -> str:
    step = ways[code]
    return t(OTHERS[code]) if step is None else t(step.words)


def _do(kept: Ledger, shown: Mapping[str, int], said: Mapping[str, Any]) -> None:
    """Act on the issues that the person was asked about, as they were then; what was read just now may be newer."""
    name, now = desk.command(), desk.now()
    acts = [
        Act(subject=str(issue), at=now, command_id=f"{name}:{issue}", seen=int(clock), **said)
        for issue, clock in shown.items()
    ]
    outcomes = desk.do(kept, acts)
    if outcomes and all(one.event is not None for one in outcomes):
        st.rerun()


def _asked(kept: Ledger, needs: frozenset[str], *, key: str) -> dict[str, Any]:
    """Ask for what is needed; words may always be added."""
    said: dict[str, Any] = {}
    fields = sorted(needs.difference({"text", "evidence"}))
    columns = iter(st.columns(len([*fields, "text"])))
    for need in fields:
        with next(columns):
            said |= _FIELDS[need](kept, f"{key} {need}")
    with next(columns):
        said["text"] = st.text_input(t(WORDS), key=f"{key} text") or None
    return said


def _person(kept: Ledger, key: str, title: Text, name: str) -> dict[str, Any]:
    names = desk.names(kept)
    picked = st.selectbox(
        t(title),
        list(names),
        index=None,
        format_func=lambda one: names.get(one, one),
        accept_new_options=True,
        placeholder=t(CHOOSE),
        key=key,
    )
    return {name: picked}


def _until(_kept: Ledger, key: str) -> dict[str, Any]:
    day = st.date_input(t(UNTIL), value="today", min_value="today", key=key)
    return {"until": datetime.combine(day, time(23, 59, 59)) if isinstance(day, date) else None}


def _words(name: str, title: Text) -> Callable[[Ledger, str], dict[str, Any]]:
    return lambda _kept, key: {name: st.text_input(t(title), key=key) or None}


def _satisfaction(_kept: Ledger, key: str) -> dict[str, Any]:
    return {"satisfaction": st.select_slider(t(SATISFACTION), [1, 2, 3, 4, 5], value=4, key=key)}


def _level(_kept: Ledger, key: str) -> dict[str, Any]:
    words = {code: t(one) for code, one in LEVELS.items()}
    return {"level": st.selectbox(t(LEVEL), list(words), index=2, format_func=words.__getitem__, key=key)}


_FIELDS: Mapping[str, Callable[[Ledger, str], dict[str, Any]]] = {
    "person": lambda kept, key: _person(kept, key, PERSON, "person"),
    "approver": lambda kept, key: _person(kept, key, APPROVER, "approver"),
    "until": _until,
    "project": _words("other", PROJECT),
    "reason": _words("reason", REASON),
    "head": _words("other", HEAD),
    "satisfaction": _satisfaction,
    "level": _level,
}
