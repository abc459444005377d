"""Parts of the health check: the matrix, one finding with its map and what fails, and the thresholds to edit."""

from typing import Any

import streamlit as st

from geo.text import Text
from reports.health.answers import place_name
from reports.health.drawing import finding_map
from reports.health.editing import HEADS, editable, edited
from reports.health.examination import Health
from reports.health.finding import WHOLE, Finding
from reports.health.tables import (
    TITLES,
    colours,
    column_titles,
    facts,
    failing_table,
    matrix,
    place_rows,
    title,
    verdict_words,
)
from reports.health.thresholds import Asked
from reports.ranking_table import capital
from reports.render.facts import pairs_html
from views import frame, state
from views.map_component import map_view
from views.plain import plain
from views.routes import link
from views.state import t
from views.tables import fitting

OWN, PICKED, SEEN = "health thresholds", "health indicator", "health cell"
INDICATOR, PLACE = Text("指标", "Indicator"), Text("地点", "Place")
FAILS = Text("不达标对象（{n}）", "What fails ({n})")
BEYOND = Text("在要求范围之外的对象（{n}，不作判定）", "Beyond what is asked ({n}, no verdict)")
NO_FAILS = Text("没有可列出的不达标对象。", "There is nothing to list that fails.")
EDIT = Text("阈值与参数", "Thresholds and numbers")
EDIT_HELP = Text(
    "改动只用于本次查看，体检结果会注明是谁设定的；清空单元格即恢复。要长期改动，请写入工作区 standards 文件夹。",
    "What you change holds for this session, and every finding says whose threshold it is; empty a cell to go back. "
    "To keep it, put it into the standards folder of the workspace.",
)
RESET = Text("全部恢复", "Back to the standards")
SET = Text("有 {n} 项阈值为您临时设定。", "{n} thresholds are set by you for this session.")
VERDICT = Text("结论", "Verdict")
HEIGHT, WIDE, NARROW = 560, 190, 88
PHONE = """<style>
.st-key-health_list { display: none; }
@media (max-width: 640px) { .st-key-health_matrix { display: none; } .st-key-health_list { display: flex; } }
</style>"""
"""A matrix of grids does not fit a phone: there the list of one place stands for it."""


def own_thresholds() -> tuple[tuple[str, Asked], ...]:
    """Give the thresholds that the session has set, in order."""
    return tuple(sorted((state.kept(OWN) or {}).items()))


def matrix_view(health: Health, ids: list[str]) -> None:
    """Show the matrix, and on a phone a list of the chosen place in its stead."""
    st.html(PHONE)
    with st.container(key="health_matrix"):
        _matrix(health, ids)
    with st.container(key="health_list"):
        _list(health, ids)


def _list(health: Health, ids: list[str]) -> None:
    """Show the indicators of the chosen place below each other, what fails first."""
    place = state.grid() or WHOLE
    rows, verdicts = place_rows(health, ids, place, state.lang())
    st.markdown(f"**{plain(capital(t(place_name(health, place))))}**")
    config = {
        "_index": None,
        "title": st.column_config.TextColumn(t(INDICATOR), width=206),
        "cell": st.column_config.TextColumn(t(VERDICT), width=100),
    }
    styled = rows.style.apply(lambda _: colours(verdicts.to_frame("cell")), axis=None, subset=["cell"])
    st.dataframe(styled, column_config=config, hide_index=True, height=fitting(rows, HEIGHT))


def _matrix(health: Health, ids: list[str]) -> None:
    """Show the matrix; a clicked cell becomes what the page is about."""
    words, verdicts = matrix(health, ids, state.lang())
    heads = column_titles(health, state.lang())
    config: dict[str, Any] = {key: st.column_config.TextColumn(head, width=NARROW) for key, head in heads.items()}
    config["_index"] = None
    config["id"] = st.column_config.TextColumn(heads["id"], width=84, pinned=True)
    config["title"] = st.column_config.TextColumn(heads["title"], width=WIDE)
    config["asked"] = st.column_config.TextColumn(heads["asked"], width=WIDE)
    styled = words.style.apply(lambda _: colours(verdicts), axis=None, subset=list(verdicts.columns))
    event = st.dataframe(
        styled, column_config=config, hide_index=True, height=fitting(words, HEIGHT), on_select="rerun",
        selection_mode="single-cell", key=state.key("health", (*ids, health.profile, health.level)),
    )  # fmt: skip
    cells = [(int(row), str(column)) for row, column in event.selection.cells]
    if cells and cells != state.kept(SEEN):
        row, column = cells[0]
        state.keep(PICKED, ids[row])
        if column in verdicts.columns:
            state.choose(state.GRID, None if column == WHOLE else column)
    state.keep(SEEN, cells)


def drill_down(health: Health, ids: list[str]) -> None:
    """Show one finding: its reasons, what fails on a map and in a table."""
    one = _chosen(health, ids)
    st.subheader(plain(f"{title(one, state.lang())} · {t(place_name(health, one.place))}"), anchor=False)
    st.markdown(f"**{t(verdict_words(one))}**")
    left, right = st.columns([5, 7], gap="medium")
    with left:
        st.html(pairs_html(facts(one, state.lang())))
    with right:
        made = finding_map(health, one, lang=state.lang(), link=link(health.ws))
        map_view(made, key="map_health", selected=state.selected(), height=440, brief=True)
        _failing(health, one)


def _failing(health: Health, one: Finding) -> None:
    rows = failing_table(health, one, state.lang())
    words = FAILS if one.verdict == "fails" else BEYOND
    st.markdown(f"**{t(words.format(n=f'{len(rows):,}'))}**")
    if rows.empty:
        st.caption(t(NO_FAILS))
        return
    heads = {key: st.column_config.TextColumn(state.label(TITLES[key])) for key in rows.columns}
    st.dataframe(rows.head(frame.MOST_ROWS), column_config=heads, hide_index=True, height=fitting(rows, 260))


def _chosen(health: Health, ids: list[str]) -> Finding:
    """Show which indicator and place are looked at; both may be chosen here as well."""
    lang = state.lang()
    kept, grid = state.kept(PICKED), state.grid()
    current = kept if kept in ids else ids[0]
    titles = {key: title(health.findings[key][0], lang) for key in ids}
    places = {key: capital(t(place_name(health, key))) for key in (WHOLE, *health.places[:-1])}
    left, right = st.columns([6, 4])
    with left:
        state.bound(
            st.selectbox, t(INDICATOR), key=state.own("health which"), value=current,
            moved=lambda key: state.keep(PICKED, key), options=ids, format_func=titles.__getitem__,
        )  # fmt: skip
    with right:
        state.bound(
            st.selectbox, t(PLACE), key=state.own("health where"), value=grid or WHOLE,
            moved=lambda key: state.choose(state.GRID, None if key == WHOLE else key),
            options=list(places), format_func=places.__getitem__,
        )  # fmt: skip
    return health.at(current, grid or WHOLE)


def thresholds_view(health: Health) -> None:
    """Show the thresholds and the numbers of policy; what is edited is kept for the session."""
    own = state.kept(OWN) or {}
    with st.expander(t(EDIT), expanded=bool(own)):
        st.caption(t(EDIT_HELP))
        before = editable(health, state.lang())
        heads = {key: t(words) for key, words in HEADS.items()}
        config: dict[str, Any] = {key: st.column_config.Column(head) for key, head in heads.items()}
        config |= {"_index": None}
        after = st.data_editor(
            before, column_config=config, hide_index=True, disabled=["title", "unit", "set_by"], height=360, placeholder="",
            key=state.key("health edit", (health.profile, *map(str, sorted(own.items())))),
        )  # fmt: skip
        found = edited(before, after, own)
        if found != own:
            state.keep(OWN, found)
            st.rerun()
        if own:
            st.info(t(SET.format(n=len(own))))
            st.button(t(RESET), on_click=lambda: state.keep(OWN, None))
