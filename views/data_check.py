"""Data check: every problem with its remedy, what stands behind each measure, and what was not placed."""

from collections.abc import Sequence

import streamlit as st

from geo.errors import Problem
from geo.text import Text
from layers import Workspace
from layers.intake.damage import CHANGED
from reports.intake_words import for_page
from reports.overview_table import layer_table
from reports.problem_table import SEVERITY_WORDS, severities, with_names
from reports.ranking_table import measure_table
from reports.raster_table import raster_table
from views import cached, frame, state
from views.state import t
from views.tables import show_layers, show_measures, show_problems, show_rasters

TITLE = Text("数据检查", "Data check")
IMPORT = Text("导入文件，或撤销最近一次导入", "Import files, or undo the last import")
PROBLEMS = Text("问题与处理办法", "Problems and what to do")
NO_PROBLEMS = Text("没有发现问题。", "No problems were found.")
COUNT = Text("{words} {n} 处", "{words}: {n}")
MEANT = Text("图层的外部改动是有意的", "The change of the layers was meant")
MEASURES = Text("指标的数据状况", "What stands behind each measure")
MEASURES_HELP = Text(
    "“部分可用”表示部分输入未知；“替代指标”表示用别的量代替，不能据此判断达标与否。",
    "Partial: some of the input is unknown. Proxy: something else was measured; no verdict on compliance follows from it.",
)
LAYERS = Text("图层与数量", "Layers and counts")
RASTERS = Text("栅格", "Rasters")
READING = Text("正在读取栅格……", "Reading the rasters…")
DIGEST = Text("数据指纹（SHA-256）：{digest}", "Fingerprint of the data (SHA-256): {digest}")


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    frame.placing_note(ws)
    _import_link()
    st.subheader(t(PROBLEMS), anchor=False)
    mark = state.mark()
    with st.spinner(t(READING)):
        rasters, more = cached.rasters(ws.folder, mark)
    changes = (one for one in cached.changed(ws.folder, mark) if one not in ws.problems)
    problems = (*ws.problems, *changes, *more)
    _problems(ws, problems, mark)
    if ws.levels:
        ranking = state.ranking()
        st.subheader(t(MEASURES), anchor=False)
        st.caption(t(MEASURES_HELP))
        show_measures(measure_table(ranking.measures, ranking.criteria, state.lang()))
    st.subheader(t(LAYERS), anchor=False)
    show_layers(layer_table(ws, state.lang()))
    if rasters:
        st.subheader(t(RASTERS), anchor=False)
        show_rasters(raster_table(rasters, state.lang()))
    frame.foot(ws)
    st.caption(t(DIGEST.format(digest=ws.digest)))


def _problems(ws: Workspace, problems: Sequence[Problem], mark: cached.Mark) -> None:
    """Show what is wrong; a change that was made outside Guatu may be said to be meant."""
    if problems:
        said = [
            state.label(COUNT.format(words=SEVERITY_WORDS[k], n=f"{n:,}")) for k, n in severities(problems).items() if n
        ]
        st.caption(" · ".join(said))
        show_problems(with_names(for_page(problems), ws))
    else:
        st.success(t(NO_PROBLEMS))
    if CHANGED in {one.code for one in problems}:
        st.button(t(MEANT), on_click=cached.confirmed, args=(ws.folder, mark), key=state.own("change meant"))


def _import_link() -> None:
    """Lead to the page that mends data by new files."""
    from views import import_page  # noqa: PLC0415 (each of the two pages leads to the other)

    st.page_link(st.Page(import_page.page, url_path="import"), label=t(IMPORT))
