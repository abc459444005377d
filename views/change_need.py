"""Voiced against objective need: the grids that are high on both, and the check of who reports and who does not."""

import streamlit as st

from geo.text import Text
from layers import Workspace
from reports.need.bias import TITLES as BIAS_TITLES
from reports.need.bias import Bias
from reports.need.double_high import TITLES as NEED_TITLES
from reports.need.double_high import DoubleHigh
from reports.need.tables import (
    BIAS_HEADS,
    CHECK_HEADS,
    NEED_HEADS,
    bias_rows,
    check_rows,
    need_points,
    need_rows,
)
from reports.plain_table import csv_bytes
from views import analysis_cached, change_charts, frame, state
from views.change_maps import quadrant_map
from views.plain import plain
from views.state import t
from views.tables import fitting, heads

COMPUTING = Text("正在对照两种需求……", "Holding both needs against each other…")
LIST = Text("双高区与四个象限", "High on both, and the four quadrants")
BIAS = Text("上报偏差：少报不等于需求低", "Reporting bias: few reports are not little need")
DOWNLOAD, DOWNLOAD_BIAS = (
    Text("下载名单（CSV）", "Download the list (CSV)"),
    Text("下载偏差检查（CSV）", "Download the check (CSV)"),
)
POINTS = Text(
    "一点为一个网格；虚线以上、以右为高（百分位见 policy.csv）。",
    "A point is a grid; above and right of the dashed lines is high (percentile: policy.csv).",
)
HEIGHT = 430


def needs(ws: Workspace) -> None:
    """Show the part."""
    with st.spinner(t(COMPUTING)):
        found, bias = analysis_cached.needs(state.volume().folder, state.mark(), state.level())
    st.info(plain(t(found.summary)))
    left, right = st.columns([5, 6], gap="medium")
    with left:
        quadrant_map(ws, found, height=HEIGHT)
    with right:
        change_charts.quadrants(need_points(found, state.lang()), found.limits, found.per)
        st.caption(t(POINTS))
    _list(ws, found)
    _bias(ws, bias)
    frame.placing_note(ws)


def _list(ws: Workspace, found: DoubleHigh) -> None:
    st.subheader(t(LIST), anchor=False)
    rows = need_rows(found, state.lang())
    titles = {**NEED_HEADS, "voiced": Text(f"{found.per.zh}诉求（平滑）", f"voiced {found.per.en}, smoothed")}
    st.dataframe(
        rows, hide_index=True, column_config=heads(titles, pinned="name"), height=fitting(rows, 360), placeholder="—"
    )
    st.download_button(
        t(DOWNLOAD), lambda: csv_bytes(rows.join(found.table[["objective_percentile", "voiced_percentile"]]), NEED_TITLES, state.lang(), note=found.words),
        f"{ws.name}-double-high.csv", "text/csv",
    )  # fmt: skip
    st.caption(plain(t(found.words)))


def _bias(ws: Workspace, bias: Bias) -> None:
    st.subheader(t(BIAS), anchor=False)
    st.warning(plain(t(bias.plain)))
    left, right = st.columns([5, 7], gap="medium")
    with left:
        st.dataframe(
            check_rows(bias, state.lang()),
            hide_index=True,
            column_config=heads(CHECK_HEADS),
            height="content",
            placeholder="",
        )
    with right:
        rows = bias_rows(bias, state.lang())
        st.dataframe(
            rows,
            hide_index=True,
            column_config=heads(BIAS_HEADS, pinned="name"),
            height=fitting(rows, 300),
            placeholder="—",
        )
        st.download_button(
            t(DOWNLOAD_BIAS),
            lambda: csv_bytes(bias.table, BIAS_TITLES, state.lang(), note=bias.words),
            f"{ws.name}-reporting-bias.csv",
            "text/csv",
        )
    st.caption(plain(t(bias.words)))
