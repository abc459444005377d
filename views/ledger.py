"""Ledger: every issue with its lamp, person and deadline; filters that can be kept, table and map in step, acts on many."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from layers import ISSUES, Workspace
from layers.ledger.store.filters import save_filter, saved_filters
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.pages import Page, Wanted, lamp_counts
from layers.ledger.store.pages import page as page_of
from layers.schema import Grids
from reports.case_table import TITLES, case_table, lamp_titles, state_titles, type_titles
from reports.map_rows import with_only
from views import desk, frame, state
from views.acting import acting
from views.map_component import map_view
from views.plain import plain
from views.state import t

TITLE = Text("台账", "Ledger")
LAMP = Text("灯", "Lamp")
STATE = Text("状态", "State")
TYPE = Text("问题类别", "Issue type")
GRID = Text("网格", "Grid")
PERSON = Text("责任人", "Person")
ALL = Text("全部", "All")
SEARCH = Text("查找（编号、描述、位置）", "Search (id, description, address)")
FOUND = Text("找到 {n} 件，列出 {k} 件（期限近的在前）。", "{n} found, {k} listed, the next due first.")
NOTHING = Text("没有符合条件的问题。放宽筛选条件试试。", "No issue matches. Loosen the filters.")
CHOSEN = Text("已选 {n} 件", "{n} chosen")
HOW = Text(
    "点行首方框选择，可多选；空格键选中光标所在行。",
    "Tick the boxes at the left to choose issues; the space bar ticks the row of the cursor.",
)
EVERYTHING = Text("选中列出的全部 {n} 件", "Choose all {n} that are listed")
OPEN = Text("打开 {issue}", "Open {issue}")
SAVED = Text("已存筛选", "Saved filters")
SAVE_AS = Text("存为", "Save as")
SAVE = Text("保存筛选", "Save filter")
FORGET = Text("删除此筛选", "Delete this filter")
ONLY_OPEN = Text("只列未办结", "Only what is open")
TALL, TABLE_TALL = 560, 500
"""Heights of map and table in pixels."""
LAMPS = ("red", "yellow", "green", "blue", "grey")


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    kept = desk.ledger()
    if kept is None:
        desk.none_yet()
        frame.foot(ws)
        return
    as_of = desk.as_of()
    wanted = _filters(ws, kept)
    found = page_of(kept, wanted, as_of, rows=frame.MOST_ROWS)
    st.caption(t(FOUND).format(n=f"{found.total:,}", k=f"{len(found.cases):,}"))
    if found.cases.empty:
        st.info(t(NOTHING))
    else:
        _table_and_map(ws, kept, found)
    frame.foot(ws)


def _filters(ws: Workspace, kept: Ledger) -> Wanted:
    """Ask which issues are wanted."""
    saved = st.container()
    wanted = _fields(kept)
    left, right = st.columns([8, 3], vertical_alignment="bottom")
    with right:
        grids = {"": t(ALL)} | (ws.grids(state.level())[Grids.name].to_dict() if ws.levels else {})
        state.picker(st.selectbox, t(GRID), state.GRID, grids, current=state.grid() or "")
    wanted = desk.lying(replace(wanted, grids=desk.grids_in(state.grid()), heads_only=True))
    with left:
        wanted = replace(wanted, lamps=_lamps(kept, wanted))
    with saved:
        _saved(kept, wanted)
    return wanted


def _fields(kept: Ledger) -> Wanted:
    """Show the fields for words, type, state and person."""
    lang = state.lang()
    choices = {
        "types": (TYPE, type_titles(kept.rules, lang)),
        "states": (STATE, state_titles(kept.rules, lang)),
        "people": (PERSON, desk.names(kept)),
    }
    places = st.columns(4, vertical_alignment="bottom")
    said = places[0].text_input(t(SEARCH), key=state.own("led said"), persist_state="session")
    held: dict[str, Any] = {"said": said}
    for place, (name, (title, words)) in zip(places[1:], choices.items(), strict=True):
        chosen = place.multiselect(
            t(title),
            list(words),
            format_func=words.__getitem__,
            key=state.own(f"led {name}"),
            placeholder=t(ALL),
            persist_state="session",
        )
        held[name] = tuple(chosen)
    return Wanted(**held)


def _lamps(kept: Ledger, wanted: Wanted) -> tuple[str, ...]:
    """Show the lamps with their counts; give those that are wanted."""
    counts, titles = lamp_counts(kept, wanted, desk.as_of()), lamp_titles(kept.rules, state.lang())
    words = {one: f"{titles[one]} {counts.get(one, 0):,}" for one in LAMPS}
    chosen = st.pills(
        t(LAMP),
        LAMPS,
        format_func=words.__getitem__,
        selection_mode="multi",
        key=state.own("led lamps"),
        persist_state="session",
    )
    return tuple(chosen)


def _saved(kept: Ledger, wanted: Wanted) -> None:
    """Offer the filters that somebody kept, and to keep the present one."""
    with st.popover(t(SAVED)):
        for name, one in saved_filters(kept).items():
            left, right = st.columns([4, 1])
            left.button(plain(name), on_click=_recall, args=(one,), key=f"recall {name}", width="stretch")
            right.button("✕", help=t(FORGET), on_click=save_filter, args=(kept, name, None), key=f"forget {name}")
        name = st.text_input(t(SAVE_AS), key=state.own("led name"))
        if st.button(t(SAVE), disabled=not name):
            save_filter(kept, name, wanted)
            st.rerun()


def _recall(wanted: Wanted) -> None:
    """Set the fields of the filter to what somebody kept."""
    for part in ("types", "states", "people", "lamps"):
        state.put(f"led {part}", list(getattr(wanted, part)))
    state.put("led said", wanted.said)


def _table_and_map(ws: Workspace, kept: Ledger, found: Page) -> None:
    left, right = st.columns([7, 5], gap="medium")
    with left:
        rows = _table(ws, kept, found)
    with right:
        shown = state.map_payload((ISSUES.key,))
        drawn = with_only(shown, ws, found.cases.index)
        one = {"kind": "issues", "id": str(rows[0])} if len(rows) == 1 else state.selected()
        picked = map_view(drawn, key="map_ledger", selected=one, height=TALL, brief=True)
    if picked is not None and picked["kind"] == "issues":
        state.choose(state.ISSUE, picked["id"])
        state.turn_to("issue")
    if len(rows):
        st.markdown(f"**{t(CHOSEN).format(n=len(rows))}**")
        acting(kept, found.cases.loc[rows], key=state.own("led act"))


def _table(ws: Workspace, kept: Ledger, found: Page) -> pd.Index:
    """Show the issues; give those that are ticked."""
    grids = ws.grids(ws.finest)[Grids.name].to_dict() if ws.levels else {}
    table = case_table(found.cases, desk.as_of(), kept.rules, state.lang(), names=desk.names(kept), grids=grids)
    config: dict[str, Any] = {name: st.column_config.Column(state.label(words)) for name, words in TITLES.items()}
    config["lamp"] = st.column_config.TextColumn(state.label(TITLES["lamp"]), width=70)
    config["left"] = st.column_config.TextColumn(state.label(TITLES["left"]), width=90)
    for name in ("due_at", "reported_at"):
        config[name] = st.column_config.DatetimeColumn(state.label(TITLES[name]), format="YYYY-MM-DD HH:mm", width=130)
    event = st.dataframe(
        table,
        column_config=config,
        height=TABLE_TALL,
        placeholder="",
        on_select="rerun",
        selection_mode="multi-row",
        key=state.key("ledger", (found.total, *found.cases["clock"])),
    )
    ticked = [row for row in event.selection.rows if row < len(table)]
    bar = st.columns([3, 2], vertical_alignment="center")
    everything = bar[0].checkbox(t(EVERYTHING).format(n=f"{len(table):,}"), key=state.own("led all"), help=t(HOW))
    rows = table.index if everything else table.index[ticked]
    if len(rows) == 1 and bar[1].button(t(OPEN).format(issue=plain(str(rows[0]))), width="stretch"):
        state.choose(state.ISSUE, str(rows[0]))
        state.turn_to("issue")
    return rows
