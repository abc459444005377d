"""What an intake would do, shown: numbers, rows, map, changes, columns, places to confirm, problems."""

from typing import Any, Literal

import pandas as pd
import streamlit as st

from geo.text import Text
from layers import Workspace
from layers.catalog import GRIDS, ISSUES
from layers.intake.history import Intake
from layers.intake.look import Look
from reports.intake_desk import Seen, rejects_in
from reports.intake_map import shift_m, shown_kinds, with_preview
from reports.intake_table import (
    CHANGE_TITLES,
    KEPT,
    REJECTED,
    ROW_TITLES,
    STATUS_WORDS,
    answer_json,
    change_table,
    row_table,
    status_counts,
)
from reports.intake_words import confirm_counts, for_page, numbers_of
from views import frame, import_columns, import_places, import_work, state
from views.import_work import Work
from views.map_component import map_view
from views.plain import plain
from views.state import t
from views.tables import show_problems

ROWS = Text("逐行结果", "Row by row")
MAP = Text("地图", "Map")
COLUMNS = Text("列的对应关系", "Columns")
CHANGES = Text("更新前后", "Before and after")
CONFIRM = Text("待确认位置", "Places to confirm")
PROBLEMS = Text("问题与处理办法", "Problems and what to do")
FILTER = Text("只看", "Show only")
COUNTED = Text("{words} {n}", "{words}: {n}")
FIRST = Text(
    "列出前 {most} 行，共 {n} 行，有疑问的在前。个人信息列不在此显示，入库时另存。",
    "The first {most} of {n} rows, doubtful ones first. Personal columns are not shown here; they are kept apart.",
)
PRIVATE = Text(
    "个人信息列（姓名、电话等）不在此显示，入库时另存，不上图。",
    "Personal columns (names, phones) are not shown here; they are kept apart and off the map.",
)
NO_ROWS = Text("没有符合条件的行。", "No such rows.")
GET_REJECTS = Text("下载退回的行（原文件副本，附原因）", "Download the rejected rows (your file, with reasons)")
GET_ANSWER = Text("下载结果（JSON）", "Download the result (JSON)")
NO_MAP = Text(
    "回答上面的问题后，这里显示将要新增和更新的位置。",
    "Once the questions above are answered, new and changed places are shown here.",
)
NOTHING_PLACED = Text("没有可上图的位置。", "There are no places to show.")
SHIFTED = Text(
    "坐标已纠偏：位置移动约 {n} 米。灰色方点为纠偏前，灰线为移动。",
    "The coordinates were corrected: places move by about {n} m. Grey marks: before; grey lines: the move.",
)
LEGEND = Text(
    "蓝：将新增；紫：将更新；绿：按地址定位；黄：手工定位；橙：待确认，不入图。图例中可开关各项，点击看详情。",
    "Blue: to be added; purple: to be updated; green: placed by address; yellow: placed by hand; orange: to confirm, not on the map. "
    "Switch them in the legend; click for details.",
)
NO_CHANGES = Text("没有要改动的已有内容。", "Nothing that is there already would change.")
MORE_CHANGES = Text("列出前 {most} 处改动，共 {n} 处。", "The first {most} of {n} changes.")
NO_PROBLEMS = Text("没有发现问题。", "No problems were found.")
TALL, MANY = 420, 10
"""Height of a long table in pixels, and from how many rows it is long."""
MOST = 300
"""Rows that a table on this page lists."""
WIDE = {"row": 60, "part": 110, "status": 110, "what": 330, "remedy": 240}
TINTS = {"rejected": "#f9d9c8", "gap": "#fdf0c2", "repaired": "#d6e6f5", KEPT: "#ffffff"}


def numbers(look: Look) -> None:
    """Show the counts: rows read = kept + rejected, and what they do to the layer."""
    for place, fact in zip(st.columns(6), numbers_of(look), strict=True):
        note = plain(t(fact.note)) if fact.note else None
        look_of: dict[str, Any] = {"delta_color": "off", "delta_arrow": "off", "border": True, "height": "stretch"}
        place.metric(t(fact.title), fact.value, note, **look_of)


def confirm_words(look: Look, plain_words: Text, with_counts: Text) -> Text:
    """Give what the button says."""
    counts = confirm_counts(look)
    return with_counts.format(**counts) if counts else plain_words


def details(work: Work, seen: Seen) -> None:
    """Show everything that stands behind the numbers, one view at a time."""
    rows, place, columns, changes, confirm, problems = st.tabs(
        [t(one) for one in (ROWS, MAP, COLUMNS, CHANGES, CONFIRM, PROBLEMS)]
    )
    with rows:
        _rows(work, seen)
    with place:
        _map(work, seen.look)
    with columns:
        import_columns.columns(work, seen)
    with changes:
        _changes(seen.look)
    with confirm:
        import_places.places(work, seen.look)
    with problems:
        _problems(seen.look)


def _rows(work: Work, seen: Seen) -> None:
    """Show the rows with what became of each, to be narrowed to some, and the copies to take away."""
    look = seen.look
    counts = {key: n for key, n in status_counts(seen.rows).items() if n}
    words = {key: t(COUNTED.format(words=STATUS_WORDS[key], n=f"{n:,}")) for key, n in counts.items()}
    look_of: dict[str, Any] = {"format_func": words.__getitem__, "selection_mode": "multi", "key": work.key("status")}
    wanted = st.pills(t(FILTER), list(words), **look_of) if len(words) > 1 else []
    table = row_table(seen.rows, state.lang(), wanted=wanted or list(counts), most=MOST)
    if table.empty:
        st.info(t(NO_ROWS))
    else:
        heads: dict[str, Any] = {name: st.column_config.Column(width=150) for name in map(str, table)}
        heads |= {name: st.column_config.Column(t(words), width=WIDE.get(name)) for name, words in ROW_TITLES.items()}
        tinted = table.style.map(_tint, subset=["status"])
        st.dataframe(tinted, hide_index=True, column_config=heads, height=tall(table), placeholder="")
    st.caption(t(FIRST.format(most=f"{MOST:,}", n=f"{look.rows_read:,}")) if look.rows_read > MOST else t(PRIVATE))
    with st.container(horizontal=True):
        if REJECTED in counts:
            name = work.desk.rejects_name(work.file, look)
            st.download_button(t(GET_REJECTS), lambda: work.desk.rejects(work.file, look), name, on_click="ignore")
        st.download_button(
            t(GET_ANSWER), lambda: answer_json(look), f"{work.file.name}.json", "application/json", on_click="ignore"
        )


def tall(table: pd.DataFrame) -> int | Literal["content"]:
    """Give the height of a table: its own, or one to scroll in."""
    return TALL if len(table) > MANY else "content"


def _tint(status: object) -> str:
    """Colour a status; the words say the same."""
    kind = next((key for key, words in STATUS_WORDS.items() if str(status) in words), KEPT)
    return f"background-color: {TINTS[kind]}"


def _map(work: Work, look: Look) -> None:
    """Show what would be added over the grids, with where it was before a repair."""
    if look.questions:
        st.info(t(NO_MAP))
        return
    crs = work.ws.manifest.crs
    drawn = with_preview(import_work.ground(tuple(dict.fromkeys((GRIDS.key, ISSUES.key, work.spec.key)))), look, crs)
    if not shown_kinds(drawn):
        st.info(t(NOTHING_PLACED))
        return
    far = shift_m(look, crs)
    if far is not None:
        st.warning(t(SHIFTED.format(n=f"{far:,.0f}")))
    map_view(drawn, key=work.key("map"), height=560)
    st.caption(t(LEGEND))


def _changes(look: Look) -> None:
    table = change_table(look, state.lang(), most=MOST)
    if table.empty:
        st.info(t(NO_CHANGES))
        return
    heads = {name: st.column_config.Column(t(words)) for name, words in CHANGE_TITLES.items()}
    st.dataframe(table, hide_index=True, column_config=heads, height=tall(table))


def _problems(look: Look) -> None:
    told = for_page((*look.questions, *look.problems))
    if told:
        show_problems(told[: frame.MOST_ROWS])
    else:
        st.success(t(NO_PROBLEMS))


def rejects_of(done: Intake, ws: Workspace) -> None:
    """Offer the rejected rows of an intake."""
    found = rejects_in(ws.folder, done)
    if found is not None:
        name, content = found
        st.download_button(t(GET_REJECTS), content, name, on_click="ignore")
