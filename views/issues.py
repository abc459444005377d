"""Issues: filter and search, the table and the map in step, and the file to take away."""

from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from layers import ISSUES, Workspace
from layers.schema import Grids
from reports.ledger_table import (
    STANDING_WORDS,
    Wanted,
    chosen,
    counts,
    issue_csv,
    issue_facts,
    issue_table,
    leading,
    type_titles,
)
from reports.map_rows import with_only
from views import following, frame, state
from views.map_component import map_view
from views.plain import plain
from views.state import t
from views.tables import pick_issue, show_record

TITLE = Text("问题", "Issues")
STANDING = Text("办理情况", "Standing")
TYPE = Text("问题类别", "Issue type")
GRID = Text("网格", "Grid")
ALL = Text("全部", "All")
SEARCH = Text("查找（编号、描述、位置、类别、单位）", "Search (id, description, address, type, unit)")
FOUND = Text(
    "找到 {n} 件：已超期 {overdue}，未超期或无期限 {open}，已办结 {closed}。",
    "{n} found: {overdue} overdue, {open} open and not overdue, {closed} closed.",
)
SHORT = Text(
    "表中列出前 {most} 件（最迟的在前）；下载文件含全部 {n} 件。",
    "The table lists the first {most}, latest first; the download has all {n}.",
)
NOTHING = Text("没有符合条件的问题。放宽筛选条件试试。", "No issue matches. Loosen the filters.")
DOWNLOAD = Text("下载 {n} 件（CSV）", "Download {n} (CSV)")
CHOSEN = Text("选中的问题", "Selected issue")
CLOSE = Text("关闭", "Close")
FILTERED_OUT = Text(
    "这件问题不在当前筛选结果中。放宽筛选条件即可看到。",
    "This issue is not among those that match. Loosen the filters to see it.",
)
TALL = 560
"""Height of table and map in pixels."""


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    if ISSUES not in ws:
        st.info(t(frame.NO_ISSUES))
        frame.foot(ws)
        return
    ledger = state.ledger()
    wanted = _filters(ws, ledger)
    rows = chosen(ledger, wanted)
    found = {key: f"{n:,}" for key, n in counts(rows).items()}
    left, right = st.columns([5, 2], vertical_alignment="center")
    left.markdown(t(FOUND.format(n=f"{len(rows):,}", **found)))
    if rows.empty:
        st.info(t(NOTHING))
        return
    lang, folder = state.lang(), ws.folder
    right.download_button(
        t(DOWNLOAD.format(n=f"{len(rows):,}")),
        lambda: issue_csv(rows, lang, folder),
        f"{ws.name}-issues.csv",
        "text/csv",
    )
    _table_and_map(ws, rows, wanted)
    frame.placing_note(ws)


def _filters(ws: Workspace, ledger: pd.DataFrame) -> Wanted:
    standing, kind, place, text = st.columns([4, 4, 3, 4])
    words = {key: title.in_(state.lang()) for key, title in STANDING_WORDS.items()}
    types = {code: title.in_(state.lang()) for code, title in type_titles(ledger, ws.folder).items()}
    keep: dict[str, Any] = {"persist_state": "session"}
    with standing:
        stands = st.pills(
            t(STANDING),
            list(words),
            format_func=words.__getitem__,
            selection_mode="multi",
            key=state.own("stands"),
            **keep,
        )
    with kind:
        kinds = st.multiselect(
            t(TYPE), list(types), format_func=types.__getitem__, key=state.own("types"), placeholder=t(ALL), **keep
        )
    with place:
        grids = {"": t(ALL)} | ws.grids(state.level())[Grids.name].to_dict() if ws.levels else {"": t(ALL)}
        state.picker(st.selectbox, t(GRID), state.GRID, grids, current=state.grid() or "")
    with text:
        said = st.text_input(t(SEARCH), key=state.own("text"), **keep)
    return Wanted(tuple(stands), tuple(kinds), state.grid(), said)


def _table_and_map(ws: Workspace, rows: pd.DataFrame, wanted: Wanted) -> None:
    """Show both, the chosen issue marked in each, and above them what is recorded of it."""
    with st.container():  # there even when empty: what follows keeps its place in the page, and the map its view
        _chosen(ws, rows)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _table(ws, rows, wanted)
    with right:
        drawn = with_only(state.map_payload((ISSUES.key,)), ws, rows.index)
        marked = state.selected(issue=True)
        following.follow_map(map_view(drawn, key="map_issues", selected=marked, height=TALL, brief=True))


def _table(ws: Workspace, rows: pd.DataFrame, wanted: Wanted) -> None:
    lang, brought = state.lang(), following.brought("issues")
    table = issue_table(leading(rows, frame.MOST_ROWS, brought), lang, ws.folder)
    key = state.key("issues", (wanted, lang, ws.digest, brought))
    following.follow("issues", pick_issue(table, key=key, height=TALL, chosen=state.at(state.ISSUE)), key=key)
    if len(rows) > frame.MOST_ROWS:
        st.caption(t(SHORT.format(most=f"{frame.MOST_ROWS:,}", n=f"{len(rows):,}")))


def _chosen(ws: Workspace, rows: pd.DataFrame) -> None:
    """Show the chosen issue, if there is one, where it is in sight."""
    issue = state.at(state.ISSUE)
    if issue is None or issue not in ws[ISSUES].index:
        return
    with st.container(border=True, gap="small"):
        title, close = st.columns([8, 1], vertical_alignment="center")
        title.markdown(f"**{t(CHOSEN)} {plain(issue)}**")
        close.button(t(CLOSE), on_click=state.choose, args=(state.ISSUE, None), width="stretch")
        if issue in rows.index:
            show_record(issue_facts(issue_table(rows.loc[[issue]], state.lang(), ws.folder), state.lang()))
        else:
            st.markdown(t(FILTERED_OUT))
