"""What an address asked for that is not there: said, with what there is instead; nothing is guessed in silence."""

import streamlit as st

from geo.text import Text, listed
from layers import ISSUES, Workspace
from layers.schema import Grids
from views import following, state
from views.plain import plain
from views.state import t

NO_WORKSPACE = Text("没有这个工作区", "No such workspace here")
ASKED_WORKSPACE = Text(
    "地址要打开的工作区“{asked}”不在这里。可能是名称写错了，也可能它在另一台电脑上。这里有下面这些：",
    'The address asks for a workspace "{asked}", which is not here. Its name may be misspelt, or it may be on another '
    "computer. These are here:",
)
ASKED_LEVEL = Text(
    "地址指定的网格层级“{asked}”在本工作区不存在。现有层级：{have}。下面显示的是{shown}。",
    'The address asks for grid level "{asked}", which this workspace does not have. Its levels: {have}. Shown below: {shown}.',
)
ASKED_LEVEL_OF_NONE = Text(
    "地址指定了网格层级“{asked}”，但本工作区没有网格。",
    'The address asks for grid level "{asked}", but this workspace has no grid levels.',
)
ASKED_GRID = Text(
    "地址指定的网格“{asked}”不在本工作区，因此没有选中任何网格。可在地图、表格或列表中选择。",
    'The address asks for grid "{asked}", which this workspace does not have, so no grid is selected. Choose one on the '
    "map, in a table or in a list.",
)
OTHER_LEVEL = Text(
    "地址指定的网格“{name}”属于另一个层级（{level}），当前层级没有它，因此没有选中任何网格。",
    'The address asks for grid "{name}", which belongs to another level ({level}), so no grid is selected on this one.',
)
ASKED_ISSUE = Text(
    "地址指定的问题“{asked}”不在本工作区，因此没有选中任何问题。可在“问题”页按编号查找。",
    'The address asks for issue "{asked}", which this workspace does not have, so none is selected. The Issues page finds '
    "issues by id.",
)
GO_TO = Text("转到：{what}", "Go to: {what}")
DISMISS = Text("知道了", "Dismiss")
MOST_SIGNS = 60
"""Signs of an address that are repeated."""


def no_such_workspace(asked: str) -> None:
    """Say that a workspace is not there, and offer those that are."""
    st.title(t(NO_WORKSPACE))
    st.warning(plain(t(ASKED_WORKSPACE.format(asked=_short(asked)))))
    for one in state.volumes():
        words = Text("{title}（{key}）", "{title} ({key})").format(title=one.title, key=one.key)
        _way(plain(t(words)), state.WORKSPACE, one.key)


def notices(ws: Workspace) -> None:
    """Say what else of the address is not there: level, grid, issue."""
    asked = state.at(state.LEVEL)
    if asked is not None and asked not in map(str, ws.levels):
        _no_such_level(ws, asked)
    asked = state.at(state.GRID)
    if asked is not None and state.grid() is None:
        _no_such_grid(ws, asked)
    asked = state.at(state.ISSUE)
    if asked is not None and not (ISSUES in ws and asked in ws[ISSUES].index):
        st.warning(plain(t(ASKED_ISSUE.format(asked=_short(asked)))))
        _way(t(DISMISS), state.ISSUE, None)


def _no_such_level(ws: Workspace, asked: str) -> None:
    if not ws.levels:
        st.warning(plain(t(ASKED_LEVEL_OF_NONE.format(asked=_short(asked)))))
        _way(t(DISMISS), state.LEVEL, None)
        return
    words = {level: ws.manifest.level_words(level) for level in ws.levels}
    shown = words[state.level() or ws.finest]
    have = listed(list(words.values()))
    st.warning(plain(t(ASKED_LEVEL.format(asked=_short(asked), have=have, shown=shown))))
    with st.container(horizontal=True):
        for level, title in words.items():
            _way(plain(t(GO_TO.format(what=title))), state.LEVEL, str(level))


def _no_such_grid(ws: Workspace, asked: str) -> None:
    elsewhere = [level for level in ws.levels if asked in ws.grids(level).index]
    if not elsewhere:
        st.warning(plain(t(ASKED_GRID.format(asked=_short(asked)))))
        _way(t(DISMISS), state.GRID, None)
        return
    level = ws.manifest.level_words(elsewhere[0])
    name = ws.grids(elsewhere[0]).loc[asked, Grids.name]
    st.warning(plain(t(OTHER_LEVEL.format(name=name, level=level))))
    with st.container(horizontal=True):
        st.button(
            plain(t(GO_TO.format(what=level))), key="astray grid level", on_click=following.go_to_grid, args=(asked,)
        )
        _way(t(DISMISS), state.GRID, None)


def _way(words: str, name: str, value: str | None) -> None:
    """Offer a step that sets or clears a part of the address."""
    st.button(words, key=f"astray {name} {value}", on_click=state.choose, args=(name, value))


def _short(asked: str) -> str:
    return asked if len(asked) <= MOST_SIGNS else f"{asked[:MOST_SIGNS]}…"
