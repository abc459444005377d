"""Parts of the page of relocation: forecast, what holds it up, details, before and after."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from reports.relocation import STAGES, Relocation
from reports.relocation.shown import HEADS, curve_rows, error_rows, relocation_csv, relocation_rows
from reports.relocation.words import STEP_WORDS, error_words, forecast_words
from views import frame, moving_cached, relocation_charts, state
from views.plain import plain
from views.state import t
from views.tables import fitting

FORECAST = Text("进度曲线与预测", "Curve and forecast")
STAGE, FITTING = Text("步骤", "Stage"), Text("正在拟合曲线……", "Fitting the curve…")
DEADLINE = Text("期限 {day}", "deadline {day}")
TESTED = Text("各方法在留出几周上的误差", "How far off each method was on the weeks held back")
CURVE_NOTE = Text(
    "曲线只看速度，不知道原因：法院查封、产权纠纷等个案请看下面的受阻清单。",
    "A curve sees the pace and knows no reasons: for what sits in court or in a family, see what holds it up below.",
)
BLOCKERS, HELD = (
    Text("受阻原因", "What holds it up"),
    Text("被少数户卡住的楼栋（{n}）", "Buildings that a few hold up ({n})"),
)
DETAILS, PART = Text("明细", "Details"), Text("内容", "Part")
PARTS: Mapping[str, Text] = {"grids": Text("按网格", "By grid"), "buildings": Text("按楼栋", "By building")}
LAND, FIGURES = (
    Text("土地：之前与之后", "Land before and after"),
    Text("租金和其他数字：之前与之后", "Rents and other figures before and after"),
)
DOWNLOAD = Text("下载（CSV）", "Download (CSV)")
NOTHING = Text("没有。", "None.")
TALL = 380
PERCENTS = {"inside_share": "percent"}


def _table(rows: pd.DataFrame) -> None:
    """Show a table with heads in words, the first of many rows."""
    config: dict[str, Any] = {
        name: st.column_config.Column(state.label(HEADS[name])) for name in map(str, rows.columns)
    }
    for name in map(str, rows.select_dtypes("number").columns):
        form = PERCENTS.get(name, "%.2f" if name.endswith(("percent", "mu")) else "localized")
        config[name] = st.column_config.NumberColumn(state.label(HEADS[name]), format=form)
    shown = rows.head(frame.MOST_ROWS)
    st.dataframe(shown, hide_index=True, column_config=config, height=fitting(shown, TALL), placeholder="—")


def forecast(found: Relocation, zone: str | None) -> None:
    """Show the curve of a stage, what it tells for the deadline, and how far off it was on weeks held back."""
    st.subheader(t(FORECAST), anchor=False)
    words = {key: state.label(STEP_WORDS[key]) for key in STAGES if key in found.stages}
    stage = st.segmented_control(
        t(STAGE), list(words), format_func=words.__getitem__, default="moved" if "moved" in words else next(iter(words)),
        required=True, key=state.own("relocation stage"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    with st.spinner(t(FITTING)):
        told = moving_cached.paced(state.volume().folder, state.mark(), found.as_of, stage, zone=zone)
    for one in (forecast_words(told), error_words(told)):
        if one is not None:
            st.markdown(plain(state.label(one)))
    if len(told.weeks):
        day = "" if told.deadline is None else f"{told.deadline:%Y-%m-%d}"
        relocation_charts.curve(curve_rows(told), told.total, told.deadline, DEADLINE.format(day=day))
        st.caption(t(CURVE_NOTE))
    if told.errors:
        with st.expander(t(TESTED)):
            _table(error_rows(told, state.lang()))


def blockers(found: Relocation, zone: str | None) -> None:
    """Show reasons and the buildings that a few households hold."""
    left, right = st.columns([5, 7], gap="medium")
    with left:
        st.subheader(t(BLOCKERS), anchor=False)
        _part(found, "reasons", zone)
    with right:
        rows = relocation_rows(found, "held", None, state.lang(), zone=zone)
        st.subheader(t(HELD.format(n=f"{len(rows):,}")), anchor=False)
        _part(found, "held", zone)


def zones(found: Relocation) -> None:
    """Show the zones with their countdown."""
    _part(found, "zones", None)


def details(found: Relocation, zone: str | None) -> None:
    """Show the counts by grid or building."""
    st.subheader(t(DETAILS), anchor=False)
    words = {key: t(one) for key, one in PARTS.items()}
    part = st.segmented_control(
        t(PART), list(words), format_func=words.__getitem__, default="grids", required=True,
        key=state.own("relocation part"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    _part(found, part, zone)


def before_after(found: Relocation) -> None:
    """Show land and figures before and after, where there are any."""
    lang = state.lang()
    sides = [(LAND, "land"), (FIGURES, "figures")]
    there = [(title, part) for title, part in sides if len(relocation_rows(found, part, None, lang))]
    for place, (title, part) in zip(st.columns(max(len(there), 1), gap="medium"), there, strict=False):
        with place:
            st.subheader(t(title), anchor=False)
            _part(found, part, None)


def _part(found: Relocation, part: str, zone: str | None) -> None:
    level, lang = state.level(), state.lang()
    rows = relocation_rows(found, part, level, lang, zone=zone)
    if rows.empty:
        st.caption(t(NOTHING))
        return
    _table(rows)
    file = f"{found.ws.name}-relocation-{part}.csv"
    make = partial(relocation_csv, found, part, level, lang, zone=zone)
    st.download_button(t(DOWNLOAD), make, file, "text/csv", key=state.own(f"relocation file {part}"))
