"""What lies open in an officer's grid: the nearest first, and with one tap begun, finished with a photo, or noted."""

from collections.abc import Sequence

import streamlit as st

from geo.text import Text
from layers import Workspace
from layers.ledger.acting.acts import Act
from layers.ledger.acting.reporting import picture_act
from layers.ledger.acting.rules import FIXED
from layers.ledger.acting.states import Move
from layers.ledger.crew.contacts import contact_of
from layers.ledger.log.case import Case
from layers.ledger.log.events import MOVE, NOTE
from layers.ledger.store.ledger import Ledger
from layers.photos.photo import Photo
from reports.patrol import BRINGS, Line, lacking, lines, picture_of, remarks, to_do, way_to
from reports.public_status import next_words
from reports.spots import Spot
from views import desk, reporting, state
from views.plain import plain
from views.state import t

OPEN = Text("待办", "Open here")
MINE, ALL = Text("我的", "Mine"), Text("全部", "All")
WHOSE = Text("谁的待办", "Whose")
NONE = Text("没有待办的问题。", "Nothing is open.")
NEAREST = Text("由近到远。", "The nearest first.")
URGENT = Text("定位后由近到远；现在按期限排列。", "By deadline; once there is a place, the nearest first.")
BEGIN, FINISH, NOTE_IT = Text("开始处理", "Start"), Text("办好了", "Done"), Text("记备注", "Add a note")
WORDS = Text("说明", "Words")
SHOW_IT = Text("整改后照片", "A photo of the result")
WORKING = "working"
STILL = Text("还缺：{what}", "Still missing: {what}")
WAITS = Text("还轮不到您办理。", "It is not your turn yet.")
CONTACT = Text("上报人联系方式：{words}", "How to reach whoever reported it: {words}")
MOST = 3
"""Photos of a result."""


def tasks(ws: Workspace, kept: Ledger, spot: Spot | None) -> None:
    """Show the open issues of the chosen grid and let them be worked on."""
    st.subheader(t(OPEN), anchor=False)
    words = {"all": t(ALL), "mine": t(MINE)}
    whose = st.segmented_control(
        t(WHOSE), list(words), default="all", key=state.own("patrol whose"), required=True,
        format_func=words.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    grid = state.grid()
    person = desk.powers().person_id if whose == "mine" else None
    found = to_do(desk.cases(), () if grid is None else (grid,), kept.rules, person=person, spot=spot)
    if found.empty:
        st.caption(t(NONE))
        return
    st.caption(t(URGENT if spot is None else NEAREST))
    with st.container(key="tasks_open"):
        for one in lines(found, desk.as_of(), kept.rules, state.lang()):
            _task(ws, kept, one)


def _task(ws: Workspace, kept: Ledger, one: Line) -> None:
    with st.container(border=True):
        is_open = state.kept("patrol task") == one.issue
        st.button(
            plain(one.head), key=f"task {one.issue}", width="stretch", type="tertiary",
            on_click=state.keep, args=("patrol task", None if is_open else one.issue),
        )  # fmt: skip
        st.caption(plain(f"{one.body} · {one.issue}"))
        if is_open:
            _work(ws, kept, kept.case(one.issue))


def _work(ws: Workspace, kept: Ledger, case: Case) -> None:
    """Show what may be done with one issue."""
    mine, lang = desk.powers(), state.lang()
    brings = (*BRINGS, "person")
    begin = way_to(case, WORKING, kept.rules, mine, brings=brings)
    finish = way_to(case, FIXED, kept.rules, mine, brings=brings)
    told = contact_of(kept, case.issue_id) if mine.may("see_person_data", case.grid_id, case) else None
    if told:
        st.caption(plain(t(CONTACT).format(words=told)))
    if not begin and not finish:
        onward = next_words(str(case.state), kept.rules)
        st.caption(f"{t(WAITS)} {'' if onward is None else onward.in_(lang)}")
    if begin and st.button(t(BEGIN), key=f"begin {case.issue_id}", width="stretch"):
        _do(kept, _moves(case, begin, "", desk.command()))
    key = f"finish {case.issue_id} {case.clock}"
    words = st.text_input(t(WORDS), key=f"{key} words", max_chars=500)
    left, right = st.columns(2)
    if right.button(t(NOTE_IT), key=f"note {case.issue_id}", disabled=not words.strip(), width="stretch"):
        _do(kept, [Act(subject=case.issue_id, kind=NOTE, at=desk.now(), command_id=desk.command(), text=words)])
    if finish:
        photos = _result(ws, kept, case, key)
        wanting = lacking(case, kept.rules, photos=len(photos), words=words)
        if left.button(t(FINISH), key=key, type="primary", width="stretch", disabled=bool(wanting)):
            _finish(kept, case, (finish, words, photos))
        if wanting:
            left.caption(t(STILL).format(what=t(Text("、", ", ")).join(map(t, wanting))))


def _finish(kept: Ledger, case: Case, said: tuple[Sequence[Move], str, Sequence[Photo]]) -> None:
    """Report it fixed: the moves that lead there, the photos of the result before the last."""
    way, words, photos = said
    name = desk.command()
    shown = [
        picture_act(case.issue_id, picture_of(one), desk.now(), command_id=f"{name}:photo:{n}", role="after")
        for n, one in enumerate(photos)
    ]
    *before, last = _moves(case, way, words, name)
    _do(kept, [*before, *shown, last])


def _result(ws: Workspace, kept: Ledger, case: Case, key: str) -> list[Photo]:
    """Ask for photos of the result, and tell kindly what they say of themselves."""
    st.caption(t(SHOW_IT))
    photos = reporting.kept_photos(ws, reporting.uploads(key, most=MOST, camera=False).files)
    told = [one for photo in photos for one in remarks(ws, photo, None, log=kept.log(), now=desk.now(), case=case)]
    for found in dict.fromkeys(one.found for one in told):
        st.caption(plain(t(found)))
    return photos


def _moves(case: Case, way: Sequence[Move], words: str, name: str) -> list[Act]:
    """Give the acts of a way: only the first minds what happened since the person looked, the others follow it."""
    me = desk.powers().person_id
    return [
        Act(
            subject=case.issue_id, kind=MOVE, at=desk.now(), command_id=f"{name}:{n}", state=step.becomes,
            seen=None if n else case.clock, text=words or None,
            person=me if "person" in step.needs and case.person is None else None,
        )
        for n, step in enumerate(way)
    ]  # fmt: skip


def _do(kept: Ledger, acts: list[Act]) -> None:
    if all(one.event is not None for one in desk.do(kept, acts)):
        state.keep("patrol task", None)
        st.rerun()
