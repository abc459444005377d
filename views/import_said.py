"""What a person says of a file on the Import page: which table, how to read it, its coordinates, its columns."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geo.errors import GuatuError
from geo.text import Text, listed
from layers.intake.mapping.targets import title_of
from layers.intake.whereabouts import Answers
from reports.intake_answers import (
    CHOICES,
    Missing,
    Place,
    asked_for,
    may_mend,
    missing,
    options_of,
    other_questions,
    place_of,
    said_points,
)
from reports.intake_desk import Seen
from reports.intake_words import for_page, parts_of
from views import state
from views.import_work import Work
from views.plain import plain
from views.state import t
from views.tables import show_problems

QUESTIONS = Text("请先回答", "Please answer first")
PART = Text("要导入哪一张表", "Which table to import")
ALL_PARTS = Text("全部", "All of them")
CHOOSE = Text("请选择", "Choose one")
WHICH = Text("文件中的哪一列是“{title}”？", "Which column of the file holds “{title}”?")
WHICH_OF = Text("{names} 中的哪一列是“{title}”？", "Which column of {names} holds “{title}”?")
WHICH_HELP = Text(
    "这是必填项。文件中没有这一列时，请在原文件中补上再导入。",
    "It is required. If the file has no such column, add it there and choose the file again.",
)
WRONG = Text("文字乱码、分列不对或表头不对？", "Garbled words, wrong columns or heading?")
CHOOSE_READING = Text("这些坐标是哪一种？", "What kind of coordinates are these?")
NONE_CHOSEN = Text("都不是？指定坐标系代码，或给出控制点", "None of these? Name the system, or give control points")
OTHER = Text("不对时在这里指定", "If that is wrong, say so here")
CODE = Text("坐标系代码，如 EPSG:4547", "Code of the system, such as EPSG:4547")
POINTS = Text(
    "控制点（每行写“X,Y=E,N”：文件中的坐标=工作区的东、北坐标；至少两行）",
    "Control points, a line each: X,Y of the file=EAST,NORTH here; at least two",
)
POINTS_HELP = Text(
    "控制点只用于这一次换算，不记录在案，也不写进任何文件。", "They serve this conversion only and are written nowhere."
)
MEND = Text("修复自相交的面", "Repair outlines that cross themselves")
MEND_HELP = Text(
    "逐行说明修复前后的面积；改动太大的面不修复，仍退回。",
    "The area before and after is told row by row; what would change too much is not repaired and comes back.",
)
MANY = 9
"""So many readings to choose from get a list instead of buttons."""


def reading(work: Work, seen: Seen | None) -> None:
    """Offer other ways to read a file, and its tables where there are several."""
    said = work.desk.said(work.file, work.spec)
    parts = parts_of(seen.sources) if seen is not None else {}
    if seen is not None and len(parts) > 1:
        names = {"": t(ALL_PARTS), **{key: plain(t(words)) for key, words in parts.items()}}
        asked = asked_for(seen.look, "which_part")
        shown = [one for one in names if one or not asked]
        look: dict[str, Any] = {"options": shown, "format_func": names.__getitem__, "placeholder": t(CHOOSE)}
        value = said.part or (None if asked else "")
        moved = _part(work)
        key = work.key("part")
        state.bound(
            st.selectbox, t(PART), key=key, value=value, moved=moved, **look, **({"index": None} if asked else {})
        )
    choices = options_of(work.desk.kind(work.file))
    if not choices:
        return
    with st.expander(t(WRONG), expanded=seen is None):
        for name, words in choices.items():
            _option(work, name, words, said.options)


def _part(work: Work) -> Any:  # noqa: ANN401 (a callback)
    return lambda value: work.say(part=value or None)


def _option(work: Work, name: str, words: Text, options: Mapping[str, str]) -> None:
    """Offer one answer to the reader of the file."""
    allowed = {key: t(one) for key, one in CHOICES[name].items()}
    look = {"options": list(allowed), "format_func": allowed.__getitem__}

    def moved(value: str) -> None:
        rest = {key: one for key, one in options.items() if key != name}
        work.say(options=rest | {name: value} if value else rest)

    state.bound(
        st.selectbox, t(words), key=work.key(f"option {name}"), value=options.get(name, ""), moved=moved, **look
    )


def questions(work: Work, seen: Seen) -> None:
    """Ask what has to be answered first, each in plain words, and say how coordinates are read."""
    if seen.look.questions:
        st.subheader(t(QUESTIONS), anchor=False)
    for one in missing(seen.look):
        _missing(work, one, several=len(seen.look.parts) > 1)
    others = other_questions(seen.look)
    if others:
        show_problems(for_page(others))
    if may_mend(seen.look):
        agreed = work.desk.said(work.file, work.spec).mend
        moved = _mend(work)
        state.bound(st.checkbox, t(MEND), key=work.key("mend"), value=agreed, moved=moved, help=t(MEND_HELP))
    place = place_of(seen.look)
    if place is not None and place.asks:
        with st.container(border=True):
            _asked_place(work, place)
    elif place is not None:
        with st.expander(plain(t(place.words)), expanded=False):
            _evidence(place)
            _other_place(work)


def _mend(work: Work) -> Any:  # noqa: ANN401 (a callback)
    return lambda value: work.say(mend=value)


def _missing(work: Work, one: Missing, *, several: bool) -> None:
    """Ask which heading holds a required column."""
    title = title_of(one.column, work.spec)
    names = listed([Text.same(name) for name in one.sheets.names])
    words = WHICH_OF.format(title=title, names=names) if several else WHICH.format(title=title)
    state.bound(
        st.selectbox,
        plain(t(words)),
        key=work.key(f"missing {one.sheets.names} {one.column}"),
        value=None,
        moved=lambda heading: work.aim(one.sheets.form, heading, one.column),
        options=[choice.heading for choice in one.sheets.first.columns.choices],
        index=None,
        placeholder=t(CHOOSE),
        help=t(WHICH_HELP),
    )


def _asked_place(work: Work, place: Place) -> None:
    """Ask for the coordinate system: answers with the evidence below."""
    st.markdown(f"**{t(CHOOSE_READING)}** {plain(t(place.words))}")
    said = work.desk.said(work.file, work.spec).answers
    if place.choices:
        names = {key: plain(t(words)) for key, words in place.choices.items()}
        look: dict[str, Any] = {
            "options": list(names),
            "format_func": names.__getitem__,
            "label_visibility": "collapsed",
        }
        widget: Any = st.radio if len(names) < MANY else st.selectbox
        look |= {"index": None} if len(names) < MANY else {"index": None, "placeholder": t(CHOOSE)}
        state.bound(widget, t(CHOOSE_READING), key=work.key("reading"), value=said.datum, moved=_reading(work), **look)
    _evidence(place)
    with st.expander(t(NONE_CHOSEN), expanded=not place.choices):
        _other_place(work)


def _reading(work: Work) -> Any:  # noqa: ANN401 (a callback)
    return lambda value: work.say(answers=Answers(datum=value))


def _evidence(place: Place) -> None:
    for words in place.evidence:
        st.caption(plain(t(words)))


def _other_place(work: Work) -> None:
    """Let a person name the coordinate system, or give control points of a local one."""
    said = work.desk.said(work.file, work.spec).answers
    left, right = st.columns([2, 3])
    with left:
        names = {key: t(words) for key, words in CHOICES["datum"].items()}
        look = {"options": list(names), "format_func": names.__getitem__}
        state.bound(
            st.selectbox,
            t(OTHER),
            key=work.key("datum"),
            value=said.datum if said.datum in names else "",
            moved=lambda value: work.say(answers=Answers(datum=value or None)),
            **look,
        )
        state.bound(
            st.text_input,
            t(CODE),
            key=work.key("crs"),
            value=said.crs or "",
            moved=lambda value: work.say(answers=Answers(crs=value.strip() or None)),
        )
    with right:
        points = st.text_area(t(POINTS), key=work.key("points"), help=t(POINTS_HELP), height=120)
        _points(work, points)


def _points(work: Work, text: str) -> None:
    try:
        points = said_points(text)
    except GuatuError as error:
        st.warning(plain(t(error.message)))
        return
    if points != work.desk.said(work.file, work.spec).answers.control_points:
        work.say(answers=Answers(control_points=points))
        st.rerun()
