"""What the page of hot spots shows of grids: rates with intervals, clusters and outliers, months."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from layers import GRIDS, Workspace
from reports.patterns import Asked, Months, Pattern, words
from reports.patterns import by_month as months_of
from reports.patterns.charts import monthly, monthly_of, rate_bars
from reports.patterns.overlay import with_categories, with_rates, with_verdicts
from reports.patterns.tables import CLUSTERS, MONTHS, cluster_rows, month_rows, rate_heads, rate_rows, said
from reports.result_files import Result, of_grids
from views import cached, findings_cached, following, pattern_charts, state
from views.downloads import downloads
from views.map_component import map_view
from views.plain import plain
from views.state import t
from views.tables import pick_row

METHOD = Text("怎样算的", "How it was done")
CAUTIONS = Text("请注意", "Mind")
DARKER = Text(
    "底色越深，比率越高；圆点为住户太少，斜线为没有数据。",
    "The darker, the higher; dots: too few people, lines: no data.",
)
RED = Text(
    "红为热点，蓝为冷点，浅色为与四邻不同的异常，灰白为与偶然无异。",
    "Red: hot spots; blue: cold spots; pale: outliers among their neighbours; grey: like chance.",
)
EMERGING = Text(
    "红为各类热点，蓝为各类冷点，灰白为无规律。", "Red: kinds of hot spots; blue: of cold spots; grey: no pattern."
)
CLICK = Text("点击一行或地图上的网格，图上会标出它。", "Click a row, or a grid on the map, to mark it.")
BARS = Text(
    "比率最高的 {n} 个网格：横线为 95% 区间，圆点为比率，竖线为收缩后的值。",
    "The {n} highest rates: line, 95 % interval; dot, rate; tick, smoothed.",
)
NO_CLUSTERS = Text(
    "网格太少，这里不给出热点和异常；比率见“比率”。",
    "Too few grids for hot spots and outliers; see Rates for what can be said.",
)
NO_MONTHS = Text("没有完整的月份。", "There is no whole month.")
ALL_GRIDS = Text("全部网格合计", "All grids together")
FILES = {
    "rates": Text("问题比率", "Rates of issues"),
    "clusters": Text("网格聚集", "Clusters of grids"),
    "months": Text("逐月趋势", "Trends by month"),
}
MAP_PX = 560
WIDE = {"name": 165, "interval": 100, "verdict": 110, "note": 150, "trend": 130, "category": 140}
"""Columns of words with their widths in pixels."""


def ground(layers: tuple[str, ...] = (GRIDS.key,)) -> dict[str, Any]:
    """Give the map that patterns are laid over."""
    return cached.ground(state.volume().folder, state.mark(), layers, state.lang())


def found(part: str, asked: Asked) -> Any:  # noqa: ANN401 (one kind of result a part)
    """Give what was computed for a part of the page."""
    return findings_cached.pattern_of(state.volume().folder, state.mark(), part, asked)


def rates(ws: Workspace, asked: Asked) -> None:
    """Show the rates with their intervals, raw and smoothed."""
    pattern: Pattern = found("grids", asked)
    _verdict(words.verdict(pattern), words.cautions(pattern))
    left, right = st.columns(2, gap="medium")
    with left:
        _picked(rate_rows(pattern, state.lang()), rate_heads(pattern, state.lang()), "rates")
    with right:
        _map(with_rates(ground(), pattern), "map_rates", DARKER)
    bars = rate_bars(pattern)
    st.caption(t(BARS.format(n=bars["name"].nunique())))
    pattern_charts.intervals(bars, words.unit(pattern))
    rows = rate_rows(pattern, state.lang())
    notes = [*words.verdict(pattern), *words.cautions(pattern), *words.method(pattern)]
    heads = rate_heads(pattern, state.lang())
    explained(words.method(pattern), _result(ws, "rates", rows, heads, notes=notes, level=asked.level))


def clusters(ws: Workspace, asked: Asked) -> None:
    """Show hot and cold spots and outliers, raw and adjusted."""
    pattern: Pattern = found("grids", asked)
    _verdict(words.verdict(pattern), words.cautions(pattern))
    if pattern.described_only:
        st.info(t(NO_CLUSTERS))
        return
    rows, heads = cluster_rows(pattern, state.lang()), rate_heads(pattern, state.lang(), CLUSTERS)
    left, right = st.columns(2, gap="medium")
    with left:
        _picked(rows, heads, "clusters")
    with right:
        _map(with_verdicts(ground(), pattern), "map_clusters", RED)
    notes = [*words.verdict(pattern), *words.cautions(pattern), *words.method(pattern)]
    explained(words.method(pattern), _result(ws, "clusters", rows, heads, notes=notes, level=asked.level))


def by_month(ws: Workspace, asked: Asked) -> None:
    """Show what rises and falls, and which hot spots are new or fading."""
    months: Months = found("months", asked)
    _verdict(months_of.verdict(months), months_of.cautions(months))
    if months.series.empty:
        st.info(t(NO_MONTHS))
        return
    rows, heads = month_rows(months, state.lang()), said(MONTHS, state.lang())
    left, right = st.columns(2, gap="medium")
    with left:
        _picked(rows, heads, "months")
    with right:
        chosen = state.grid()
        st.caption(plain(t(ALL_GRIDS) if chosen is None else str(months.grids.loc[chosen, "name"])))
        pattern_charts.by_month(monthly(months) if chosen is None else monthly_of(months, chosen))
        if not months.few_grids and not months.few_steps:
            _map(with_categories(ground(), months), "map_months", EMERGING)
    notes = [*months_of.verdict(months), *months_of.cautions(months), *months_of.method(months)]
    explained(months_of.method(months), _result(ws, "months", rows, heads, notes=notes, level=asked.level))


def _verdict(verdict: Sequence[Text], cautions: Sequence[Text]) -> None:
    """Say what was found first, and at once what speaks against believing it."""
    st.markdown("  \n".join(plain(t(one)) for one in verdict))
    if cautions:
        st.caption("  \n".join(plain(t(one)) for one in cautions))


def _map(payload: Mapping[str, Any], key: str, colours: Text) -> None:
    following.follow_map(map_view(payload, key=key, selected=state.selected(), height=MAP_PX))
    st.caption(t(colours))
    st.caption(t(CLICK))


def _picked(rows: pd.DataFrame, heads: Mapping[str, str], name: str) -> None:
    config: dict[str, Any] = {key: st.column_config.Column(head, width=82) for key, head in heads.items()}
    for column, width in WIDE.items():
        if column in rows:
            config[column] = st.column_config.TextColumn(heads[column], width=width)
    key = state.key(f"pattern {name}", (*rows.index, following.brought("grids")))
    picked = pick_row(rows, config, key=key, tall_px=MAP_PX, chosen=state.grid())
    following.follow("grids", picked, key=key)


def _result(
    ws: Workspace, part: str, rows: pd.DataFrame, heads: Mapping[str, str], *, notes: Sequence[Text], level: int | None
) -> Result:
    """Give a table of grids as what can be taken away."""
    return Result(f"{ws.name}-{part}", FILES[part], rows, heads, notes, of_grids(ws, rows, level=level))


def explained(method: Sequence[Text], result: Result) -> None:
    """Say in plain words how it was done, and hand the table out."""
    downloads(result)
    with st.expander(t(METHOD), expanded=True):
        for one in method:
            st.markdown(plain(t(one)))
