"""Below the ranking: would another method, other weights, one criterion less or other data say the same?"""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from geo.text import Text
from reports.rivals import Certificate, Rivals
from reports.rivals.answers import rivals_said
from reports.rivals.tables import (
    STABLE,
    WITHOUT,
    agreement_table,
    bump_table,
    firm_table,
    firm_titles,
    method_table,
    span_table,
    stability_table,
    without_table,
)
from reports.rivals.words import certificate_said, doubts_said
from views import rivals_cached, rivals_charts, state
from views.plain import plain
from views.state import t

HEAD = Text("换一种方法、换一组权重，结论还一样吗？", "Would another method or other weights say the same?")
WORKING = Text("正在比较方法、检验名次……", "Comparing methods and testing the ranks…")
VIEWS = {
    "methods": Text("多种方法并列", "Methods side by side"),
    "certificate": Text("稳健性证书", "Certificate"),
    "stability": Text("权重变到多少会换第一", "Weights that change the first"),
    "without": Text("去掉一项指标", "Without one criterion"),
}
BUMP = Text(
    "每条线是一个网格，从左到右是各方法给它的名次；线越平越一致。橙色为名次相差最大的三个。",
    "A line is a grid, from left to right its rank by each method; flat lines agree. Orange: the three farthest apart.",
)
PAIRS = Text("两两比较：肯德尔 τ · 前 {k} 名重合", "In pairs: Kendall's tau · first {k} in common")
SPANS = Text(
    "点为名次；宽条为权重小幅随机变动时 5%–95% 的名次；深色条为各权重在 ±{box} 内任意变动；细线为任意权重。",
    "Dot: rank. Wide: 5th to 95th percentile over drawn weights. Dark: any weights within ±{box}. Thin: any at all.",
)
EXACTNESS = Text(
    "未标“界限”的最好、最差名次是精确的：有一组权重恰好达到。标“界限”的不会被超过，但未必达到。",
    "A best or worst rank without the word bound is exact: some weights reach it. A bound is never passed, but need not "
    "be reached.",
)
MOVES = Text(
    "只改变一个权重，其余按比例调整。条为第一名不变的范围，竖线为现权重。",
    "One weight moves, the others keep their proportions. Bar: where the first stays first; line: the weight now.",
)
NOBODY_RANKED = Text("没有可比较的网格。", "There are no grids to compare.")
TALL = 360


def show() -> None:
    """Show the choice of views and the one that is chosen; only that one is computed."""
    st.subheader(t(HEAD), anchor=False)
    words = {key: t(one) for key, one in VIEWS.items()}
    chosen: str = st.segmented_control(
        t(HEAD),
        list(words),
        default="methods",
        format_func=words.__getitem__,
        required=True,
        label_visibility="collapsed",
        key=state.own("rival view"),
        persist_state="session",
    )
    place = state.volume().folder, state.mark(), state.level()
    weights = tuple(sorted(state.weights().items()))
    with st.spinner(t(WORKING)):
        side = rivals_cached.side_by_side(*place, weights=weights)
        if side.ranks.empty:
            st.info(t(NOBODY_RANKED))
            return
        if chosen == "methods":
            _methods(side)
            return
        found = rivals_cached.certified(*place, weights=weights)
    {"certificate": _certificate, "stability": _stability, "without": _without}[chosen](found)


def _say(sentences: Iterable[Text]) -> None:
    for one in sentences:
        st.markdown(plain(t(one)))


def _methods(side: Rivals) -> None:
    _say(rivals_said(side))
    st.caption(t(BUMP))
    rivals_charts.bump(bump_table(side, state.lang()))
    st.dataframe(method_table(side, state.lang()), hide_index=True, height=TALL, placeholder="—")
    st.caption(t(PAIRS.format(k=side.k)))
    st.dataframe(agreement_table(side, state.lang()), height="content")


def _certificate(found: Certificate) -> None:
    _say(certificate_said(found))
    st.caption(t(SPANS.format(box=f"{found.box:.0%}")))
    rivals_charts.spans(span_table(found))
    heads = firm_titles(found, state.lang())
    shares = {key: st.column_config.NumberColumn(heads[key], format="%.1f%%") for key in ("first_pct", "top_pct")}
    st.dataframe(
        firm_table(found, state.lang()),
        hide_index=True,
        height=TALL,
        column_config={**heads, **shares},
        placeholder="—",
    )
    st.caption(t(EXACTNESS))
    doubts = doubts_said(found)
    if doubts:
        st.caption(plain(t(doubts)))


def _stability(found: Certificate) -> None:
    _say(certificate_said(found)[2:3])
    st.caption(t(MOVES))
    table = stability_table(found, state.lang())
    rivals_charts.stability(table)
    heads: dict[str, Any] = {key: t(words) for key, words in STABLE.items()}
    heads["weight_pct"] = st.column_config.NumberColumn(heads["weight_pct"], format="%.1f%%")
    st.dataframe(table[list(STABLE)], hide_index=True, height="content", column_config=heads)


def _without(found: Certificate) -> None:
    _say(certificate_said(found)[3:])
    heads: dict[str, Any] = {key: t(words) for key, words in WITHOUT.items()}
    heads["kendall"] = st.column_config.NumberColumn(heads["kendall"], format="%.2f")
    heads["overlap_pct"] = st.column_config.NumberColumn(heads["overlap_pct"], format="%.0f%%")
    st.dataframe(without_table(found, state.lang()), hide_index=True, height="content", column_config=heads)
