"""How long issues take to close, and how many will come: curves, forecast, and how well it did before."""

import streamlit as st

from geo.text import Text
from layers import Workspace
from reports.plain_table import csv_bytes, named, worded
from reports.time import BY, Closing, Inflow, unit_words
from reports.time.cases import ALL
from reports.time.closing import TITLES as CLOSING_TITLES
from reports.time.closing import limit_words
from reports.time.inflow import TITLES as INFLOW_TITLES
from reports.time.inflow import WAY_WORDS
from reports.time.series import STEPS
from reports.time.shown import (
    BACKTEST_HEADS,
    CLOSING_HEADS,
    INFLOW_HEADS,
    backtest_rows,
    closing_rows,
    curves_table,
    drawable_units,
    inflow_chart,
    inflow_rows,
)
from views import analysis_cached, change_charts, state
from views.plain import plain
from views.state import t
from views.tables import fitting, heads

GROUP = Text("分组", "By")
BY_WORDS = {"type": Text("类别", "Type"), "grid": Text("网格", "Grid"), "source": Text("来源", "Source")}
STEP = Text("步长", "Step")
AUTO = Text("按历史长短", "By the history")
COUNTING = Text("正在计算……", "Computing…")
CURVES = Text("画哪些曲线（最多 6 条）", "Curves to draw (6 at most)")
CURVE_HELP = Text(
    "仍未办结的比例；色带为 95% 区间，虚线为一半。", "Share still open; bands: 95 % interval, dashed: half."
)
TEST = Text(
    "各组曲线是否不同（log-rank）：卡方 {chi2:.1f}，自由度 {df}，{p}。",
    "Do the curves differ (log-rank): chi-square {chi2:.1f}, df {df}, {p}.",
)
P_SMALL, P_IS = Text("p < 0.001", "p < 0.001"), Text("p = {p:.3f}", "p = {p:.3f}")
DOWNLOAD = Text("下载表格（CSV）", "Download the table (CSV)")
SERIES = Text("画哪个序列", "Series to draw")
BACKTEST = Text("回测：每种方法错多少", "Backtest: how far off each way was")
NO_STEPS = Text(
    "历史太短，还没有一个完整的步长可数。", "The history is too short: there is not one whole step to count."
)
LEAST_P, MOST_CURVES = 0.001, 6
HEIGHT, TALL = 420, 540


def closing(ws: Workspace) -> None:
    """Show how long issues take to close."""
    by = _group("closing", ("type", "grid", "source"))
    with st.spinner(t(COUNTING)):
        found = analysis_cached.closing_by(state.volume().folder, state.mark(), by, level=state.level())
    words = unit_words(ws, by, level=state.level())
    left, right = st.columns([5, 7], gap="medium")
    with left:
        _curves(found, words)
    with right:
        rows = closing_rows(found, words, state.lang())
        st.dataframe(
            rows,
            hide_index=True,
            column_config=heads(CLOSING_HEADS, pinned="label"),
            height=fitting(rows, HEIGHT),
            placeholder="—",
        )
        table = named(found.table, words, state.lang())
        titles = {"label": CLOSING_HEADS["label"], **CLOSING_TITLES}
        st.download_button(
            t(DOWNLOAD),
            lambda: csv_bytes(table, titles, state.lang(), note=limit_words()),
            f"{ws.name}-closing-{by}.csv",
            "text/csv",
        )
    st.caption(t(limit_words()))


def _group(name: str, keys: tuple[str, ...]) -> str:
    words = {key: t(BY_WORDS[key]) for key in keys if key in BY}
    picked: str = st.segmented_control(
        t(GROUP), list(words), format_func=words.__getitem__, default=keys[0], required=True,
        key=state.own(f"change {name} by"), persist_state="session",
    )  # fmt: skip
    return picked


def _curves(found: Closing, words: dict[str, Text]) -> None:
    units = drawable_units(found, 60)
    labels = {one: plain(t(words[one])) if one in words else one for one in units}
    picked = st.multiselect(
        t(CURVES), units, default=units[:4], format_func=labels.__getitem__, max_selections=MOST_CURVES,
        key=state.key("change curves", (found.by, *units)),
    )  # fmt: skip
    change_charts.curves(curves_table(found, [ALL, *picked], words, state.lang()))
    st.caption(t(CURVE_HELP))
    if found.test is not None:
        said = P_SMALL if found.test.p < LEAST_P else P_IS.format(p=found.test.p)
        st.caption(t(TEST.format(chi2=found.test.chi2, df=found.test.df, p=said)))


def forecast(ws: Workspace) -> None:
    """Show how many reports will come, and how well that could have been told before."""
    left, right = st.columns([3, 5], vertical_alignment="bottom")
    with left:
        by = _group("inflow", ("type", "grid", "source"))
    with right:
        step = _step()
    with st.spinner(t(COUNTING)):
        found = analysis_cached.inflow_by(state.volume().folder, state.mark(), by, step, level=state.level())
    if found.table.empty:
        st.info(t(NO_STEPS))
        return
    words = unit_words(ws, by, level=state.level())
    one, other = st.columns([5, 7], gap="medium")
    with one:
        _series(found, words)
    with other:
        _forecast_table(ws, found, words)
    st.caption(t(found.words))


def _step() -> str | None:
    words = {"": t(AUTO)} | {key: state.label(one.words) for key, one in STEPS.items()}
    picked = st.segmented_control(
        t(STEP), list(words), format_func=words.__getitem__, default="", required=True,
        key=state.own("change step"), persist_state="session",
    )  # fmt: skip
    return picked or None


def _series(found: Inflow, words: dict[str, Text]) -> None:
    units = [str(one) for one in found.table.index]
    labels = {one: plain(t(words[one])) if one in words else one for one in units}
    unit = st.selectbox(t(SERIES), units, format_func=labels.__getitem__, key=state.key("change series", units))
    change_charts.inflow(inflow_chart(found, unit))
    st.markdown(f"**{t(BACKTEST)}**")
    st.dataframe(
        backtest_rows(found, unit, state.lang()),
        hide_index=True,
        column_config=heads(BACKTEST_HEADS),
        height="content",
        placeholder="—",
    )


def _forecast_table(ws: Workspace, found: Inflow, words: dict[str, Text]) -> None:
    rows = inflow_rows(found, words, state.lang())
    titles = {**INFLOW_HEADS, "told": found.step.ahead.format(n=found.horizon)}
    st.dataframe(
        rows,
        hide_index=True,
        column_config=heads(titles, pinned="label", dates=("since",)),
        height=fitting(rows, TALL),
        placeholder="—",
    )
    table = named(worded(found.table, {"way": WAY_WORDS}, state.lang()), words, state.lang())
    all_titles = {"label": INFLOW_HEADS["label"], **INFLOW_TITLES}
    st.download_button(
        t(DOWNLOAD),
        lambda: csv_bytes(table, all_titles, state.lang(), note=found.words),
        f"{ws.name}-forecast-{found.step.key}.csv",
        "text/csv",
    )
