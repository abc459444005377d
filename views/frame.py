"""What every page has around it: the side bar, the head with its date, notices, and what to say when data are wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from geo.errors import CriteriaError, DataError, GuatuError
from geo.text import Lang, Text
from layers import Workspace
from reports.overview import unplaced_note
from reports.priority import Ranking, caution
from reports.problem_table import severities
from views import astray, state
from views.plain import plain
from views.state import t
from views.tables import show_problems

ICON = Path(__file__).with_name("icon.png")
NAME = Text("挂图 Guatu", "Guatu 挂图")
LANGUAGE = Text("语言", "Language")
WORKSPACE = Text("工作区", "Workspace")
CHOOSE = Text("请选择", "Choose one")
LEVEL = Text("网格层级", "Grid level")
DAY = Text("查看某一天", "As of a day")
DAY_HELP = Text(
    "选一天，所有页面按当天结束时的情况显示；清空即回到现在。",
    "Every page shows how things stood at the end of that day; clear it to come back to the present.",
)
AS_OF = Text("数据截至 {day}", "Data as of {day}")
CREDIT = Text("数据来源：{credit}", "Data: {credit}")
SYNTHETIC = Text(
    "合成示例数据：{title}是虚构社区，图上的一切都不是真实的地点、建筑或居民。",
    "Synthetic example data: {title} is an invented community; no place, building or resident shown is real.",
)
NOT_NESTED = Text(
    "本工作区的网格层级不嵌套：每级分别定位和统计，下级之和不等于上级。",
    "The grid levels of this workspace do not nest: each level is located and counted by itself.",
)
SET_ASIDE = Text(
    "有 {n} 处问题使相应的行未被采用，见“数据检查”。", "{n} faults put rows aside that are not used; see Data check."
)
REWEIGHED = Text(
    "权重已被您修改，排名与默认不同；在“优先级”页可恢复。",
    "You changed the weights, so the ranking differs from the default; reset them on Priorities.",
)
NO_ISSUES = Text(
    "本工作区没有问题图层。在“导入”页上传问题台账（或用命令 guatu add 收入 issues 图层）后，这里会列出每一件问题。",
    "This workspace has no issues yet. Bring the ledger in on the Import page (or take it into the layer issues with "
    "guatu add), and every issue is listed here.",
)
NO_GRIDS = Text(
    "本工作区没有网格图层，因此没有排名。在“导入”页上传网格边界（或用命令 guatu add 收入 grids 图层）后，这里会给出每个网格的名次和原因。",
    "This workspace has no grids, so nothing is ranked. Bring their outlines in on the Import page (or take them into the "
    "layer grids with guatu add), and every grid is ranked here with the reasons.",
)
NONE_RANKED = Text("没有足够的数据可以排名。", "There are not enough data to rank any grid.")
CANNOT_RANK = Text("排名用的准则有误", "The criteria of the ranking cannot be used")
CANNOT_OPEN = Text("这个工作区打不开", "This workspace cannot be opened")
MEND = Text(
    "下表列出全部问题和处理办法。改好文件后刷新页面即可；也可在左侧换一个工作区。",
    "All problems and what to do about them are listed below. Mend the files and reload, or choose another workspace.",
)
MOST_ROWS = 2000
"""Rows of a table on a page; a download has all."""
FEW_ROWS = 18
"""A table of so many rows is shown whole, a longer one scrolls."""
STYLE = """<style>
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; font-weight: 700; }
[data-testid="stMetricLabel"] p, [data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p { color: #50595f; opacity: 1; }
[data-testid="stMainBlockContainer"] { max-width: 1600px; padding-left: 2.2rem; padding-right: 2.2rem; }
[data-testid="stHeading"] h1 { font-size: 1.75rem; padding: 0.2rem 0 0; }
[data-testid="stHeading"] h3 { font-size: 1.1rem; padding: 0.6rem 0 0.1rem; }
[data-testid="stTableStyledTable"] { min-width: 980px; }
[data-testid="stTableStyledTable"] td:first-child p, [data-testid="stTableStyledTable"] th p { white-space: nowrap; word-break: keep-all; }
[data-testid="stCameraInput"] a, [data-testid="stMainMenu"], [data-testid="stAppDeployButton"] { display: none; }
@media (max-width: 640px) { [data-testid="stMetric"] { padding: 0.4rem 0.6rem; } }
</style>"""


def sidebar() -> None:
    """Show the choice of language, workspace and level."""
    st.html(STYLE)
    with st.sidebar:
        state.picker(
            st.segmented_control,
            t(LANGUAGE),
            state.LANG,
            {Lang.ZH.value: "中文", Lang.EN.value: "English"},
            current=state.lang().value,
            required=True,
            label_visibility="collapsed",
        )
        titles = [t(one.title) for one in state.volumes()]
        names = {
            one.key: title
            if titles.count(title) == 1
            else f"{title} ({one.key})"  # choices are told apart by their words
            for one, title in zip(state.volumes(), titles, strict=True)
        }
        if names:
            current = state.asked_volume()
            free = {} if current else {"index": None, "placeholder": t(CHOOSE)}
            state.picker(st.selectbox, t(WORKSPACE), state.WORKSPACE, names, current=current, **free)


def level_choice() -> None:
    """Show the choice of grid level where there are several."""
    ws = state.workspace()
    words = {str(level): plain(state.label(ws.manifest.level_words(level))) for level in ws.levels}
    if len(words) > 1:
        with st.sidebar:
            state.picker(st.radio, t(LEVEL), state.LEVEL, words, current=str(state.level()), horizontal=True)


def day_choice() -> None:
    """Show the choice of an earlier day where a ledger can tell how things stood then."""
    ws = state.workspace()
    if ws.living is None:
        return
    with st.sidebar:
        state.bound(
            st.date_input,
            t(DAY),
            key=state.own("day"),
            value=state.day(),
            moved=lambda picked: state.choose(state.DAY, picked.isoformat() if picked else None),
            format="YYYY-MM-DD",
            help=t(DAY_HELP),
        )


def head(title: Text) -> Workspace:
    """Show the title of a page, the date of the data and the notices; give the workspace."""
    ws = state.workspace()
    level_choice()
    day_choice()
    st.title(t(title))
    day = t(AS_OF).format(day=ws.manifest.as_of.strftime("%Y-%m-%d"))
    st.caption(f"{plain(t(ws.title))} · {day}")
    astray.notices(ws)
    notices(ws)
    return ws


def notices(ws: Workspace) -> None:
    """Say what everybody should know before believing a number."""
    if ws.manifest.synthetic:
        st.warning(t(SYNTHETIC.format(title=Text(*map(plain, ws.title)))))
    aside = severities(ws.problems)["row"]
    if aside:
        st.warning(t(SET_ASIDE.format(n=f"{aside:,}")))
    if state.weights():
        st.info(t(REWEIGHED))


def placing_note(ws: Workspace) -> None:
    """Name the issues that are in totals but in no grid and on no map, and levels that do not nest."""
    note = unplaced_note(ws)
    if note:
        st.caption(t(note))
    if not all(ws.nests(level) for level in ws.levels):
        st.caption(t(NOT_NESTED))


def doubts(ranking: Ranking) -> None:
    """Warn of a ranking that stands on little of the weight."""
    warned = caution(ranking)
    if warned:
        st.warning(plain(t(warned)))


def foot(ws: Workspace) -> None:
    """Say where the data come from."""
    if ws.manifest.credit:
        st.caption(plain(t(CREDIT.format(credit=ws.manifest.credit.text))))


@contextmanager
def guarded() -> Iterator[None]:
    """Show what went wrong on purpose; anything else is a fault of ours and surfaces."""
    try:
        yield
    except GuatuError as error:
        fault(error)


def fault(error: GuatuError) -> None:
    """Show an error that was raised on purpose, with all its problems."""
    if isinstance(error, state.UnknownWorkspaceError):
        astray.no_such_workspace(error.asked)
        return
    if not isinstance(error, DataError):
        st.title(t(NAME))
        st.info(plain(t(error.message)))
        return
    if isinstance(error, CriteriaError):
        st.subheader(t(CANNOT_RANK), anchor=False)
    else:
        st.title(t(CANNOT_OPEN))
    st.error(t(MEND))
    show_problems(error.problems)
