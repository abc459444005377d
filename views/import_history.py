"""The imports of a workspace so far, and the undoing of the last one."""

from pathlib import Path

import streamlit as st

from geo.errors import DataError
from geo.text import Text
from layers.intake.history import Intake, undo
from layers.intake.history import history as past
from reports.intake_table import HISTORY_TITLES, history_table
from views import import_work, state
from views.plain import plain
from views.state import t
from views.tables import show_problems

PAST = Text("导入记录", "Imports so far")
NONE = Text("这个工作区还没有导入记录。", "Nothing has been imported into this workspace yet.")
UNDO = Text("撤销最近一次（第 {n} 次：{file}）", "Undo the last one ({n}: {file})")
SURE = Text(
    "撤销后，图层恢复到第 {n} 次入库之前：新增的 {a} 行删去，更新的 {u} 行改回。原文件不受影响，可再次导入。",
    "The layers go back to what they were before import {n}: {a} added rows leave, {u} updated rows are as before. "
    "Your file is untouched and can be imported again.",
)
YES = Text("确定撤销", "Undo it")
NO = Text("不撤销", "Keep it")
UNDONE = Text("已撤销第 {n} 次入库：{file}。", "Import {n} is undone: {file}.")
CANNOT = Text("不能撤销", "It cannot be undone")
ASKED, DID = "import undo", "import undone"


def history(folder: Path) -> None:
    """Show what was imported, the last first, and a way back."""
    st.subheader(t(PAST), anchor=False)
    said = state.kept(DID)
    if said:
        st.success(plain(t(said)))
        st.toast(plain(t(said)))
        state.keep(DID, None)
    done = past(folder)
    if not done:
        st.caption(t(NONE))
        return
    config = {name: st.column_config.Column(t(words)) for name, words in HISTORY_TITLES.items()}
    st.dataframe(history_table(done, state.lang()), hide_index=True, column_config=config, height="content")
    _way_back(folder, done[-1])


def _way_back(folder: Path, last: Intake) -> None:
    """Ask once more before undoing."""
    file = last.record["file"]
    if state.kept(ASKED) != last.number:
        label = plain(t(UNDO.format(n=last.number, file=file)))
        st.button(label, on_click=state.keep, args=(ASKED, last.number), key=state.own("undo ask"))
        return
    numbers = {"a": f"{last.record['rows_added']:,}", "u": f"{last.record['rows_updated']:,}"}
    st.warning(t(SURE.format(n=last.number, **numbers)))
    with st.container(horizontal=True):
        sure = st.button(t(YES), type="primary", key=state.own("undo yes"))
        st.button(t(NO), on_click=state.keep, args=(ASKED, None), key=state.own("undo no"))
    if sure:
        _undo(folder)


def _undo(folder: Path) -> None:
    """Undo, and start afresh with what is then in the workspace."""
    try:
        undone = undo(folder)
    except DataError as error:
        st.error(t(CANNOT))
        show_problems(error.problems)
        return
    state.keep(ASKED, None)
    state.keep(DID, UNDONE.format(n=undone.number, file=undone.record["file"]))
    import_work.desk().forget(undone.number)
    st.rerun()
