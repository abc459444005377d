"""Performance: how the promises of a period were kept, by grid, person and so on; what will be late; what may be one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from layers import Workspace
from layers.ledger.store.ledger import Ledger
from layers.schema import Grids
from layers.standards import issue_types
from reports.performance import facts, figures_csv, is_empty, months, weeks
from reports.performance_tables import own_period, usual_days, week_of, week_words
from reports.progress import BY, Period, Rules, footnote, month
from reports.progress.shares import LEVEL_WORDS
from reports.render.facts import facts_html
from views import cached, desk, frame, performance_parts, performance_watch, state
from views.state import t

TITLE = Text("绩效", "Performance")
SPAN = Text("统计时段", "Period")
SPANS: Mapping[str, Text] = {"month": Text("月", "Month"), "week": Text("周", "Week"), "own": Text("自选", "Own dates")}
MONTH, WEEK, DATES = Text("月份", "Month"), Text("周（周一起）", "Week, from Monday"), Text("起止日期", "From, until")
MONTH_IS = Text("{y} 年 {m} 月", "{y}-{m:02d}")
GROUP = Text("分组", "By")
HOW = Text("口径", "Conventions")
DEFERRED = Text("应结案数减去缓办数", "Take deferred cases off what is due")
FIXING = Text("按处置完成时间判定是否按期", "On time if fixed by the deadline (else: closed by it)")
PARTS: Mapping[str, Text] = {
    "league": Text("排名", "League table"),
    "times": Text("用时与层级", "Times and levels"),
    "risk": Text("可能超期", "Likely to be late"),
    "twins": Text("疑似重复", "Possible duplicates"),
    "score": Text("金华评分", "Jinhua score"),
}
PART = Text("内容", "Part")
DOWNLOAD = Text("下载分组统计（CSV）", "Download figures (CSV)")
COUNTING = Text("正在统计……", "Counting…")
EMPTY = Text(
    "这个时段没有上报、到期或办结的案件。请换一个时段。",
    "Nothing was reported, due or closed in this period. Choose another one.",
)
NO_CASES = Text("台账里还没有案件。", "The ledger holds no cases yet.")
NO_DATES = Text("请选起止两个日期。", "Choose both dates.")


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    kept = desk.ledger()
    if kept is None:
        desk.none_yet()
    else:
        _ledger(ws, kept)
    frame.foot(ws)


def _ledger(ws: Workspace, kept: Ledger) -> None:
    as_of = desk.as_of().replace(second=59)  # what was done in this very minute counts
    first = desk.cases()["reported_at"].min()
    if pd.isna(first):
        st.info(t(NO_CASES))
        return
    period, by, rules = _choices(first.to_pydatetime(), as_of)
    if period is None:
        st.info(t(NO_DATES))
        return
    asked = performance_parts.Asked(ws, kept, period, by, rules, unit_words(ws, kept, by))
    with st.spinner(t(COUNTING)):
        row = asked.figures(None).iloc[0]
        changed = cached.changes_of(state.volume().folder, state.mark(), period=period, rules=rules)
    st.html(facts_html(facts(changed, row, rules), state.lang()))
    if is_empty(row):
        st.info(t(EMPTY))
    _part(asked, as_of)
    st.caption(t(footnote(period, rules)))


def _choices(first: datetime, as_of: datetime) -> tuple[Period | None, str, Rules]:
    """Show what can be chosen: the period, the groups and the conventions."""
    keep: dict[str, Any] = {"persist_state": "session"}
    spans = {key: t(words) for key, words in SPANS.items()}
    groups = {key: state.label(words) for key, (_, words) in BY.items()}
    left, middle, right, rest = st.columns([2, 2, 5, 1], vertical_alignment="bottom")
    kind = left.segmented_control(
        t(SPAN), list(spans), format_func=spans.__getitem__, default="month", required=True,
        key=state.own("perf span"), **keep,
    )  # fmt: skip
    with middle:
        period = _PERIODS[kind](first, as_of)
    with right:
        by = st.pills(
            t(GROUP), list(groups), format_func=groups.__getitem__, default="grid", required=True,
            key=state.own("perf by"), **keep,
        )  # fmt: skip
    with rest.popover(t(HOW), width="stretch"):
        subtract = st.checkbox(t(DEFERRED), value=True, key=state.own("perf deferred"), **keep)
        fixing = st.checkbox(t(FIXING), value=True, key=state.own("perf fixing"), **keep)
    return period, by, Rules(subtract_deferred=subtract, by_fixing=fixing)


def _month(first: datetime, as_of: datetime) -> Period:
    known = months(first, as_of)
    words = {one: t(MONTH_IS).format(y=one.year, m=one.month) for one in known}
    picked = st.selectbox(t(MONTH), known, format_func=words.__getitem__, key=state.own("perf month"))
    return month(picked.year, picked.month, as_of)


def _week(first: datetime, as_of: datetime) -> Period:
    known = weeks(first, as_of)
    words = {one: week_words(one) for one in known}
    picked = st.selectbox(t(WEEK), known, format_func=words.__getitem__, key=state.own("perf week"))
    return week_of(picked, as_of)


def _own(first: datetime, as_of: datetime) -> Period | None:
    last = as_of.date()
    usual = usual_days(first.date(), last)
    picked = st.date_input(
        t(DATES), value=usual, min_value=first.date(), max_value=last, key=state.own("perf dates"), format="YYYY-MM-DD"
    )
    if not isinstance(picked, tuple) or len(picked) != 2:  # noqa: PLR2004 (both ends)
        return None
    since, until = picked
    return own_period(since, until, as_of)


_PERIODS: Mapping[str, Callable[[datetime, datetime], Period | None]] = {"month": _month, "week": _week, "own": _own}


def _part(asked: performance_parts.Asked, as_of: datetime) -> None:
    """Show the part that was chosen; the others cost nothing."""
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    parts = {key: t(words) for key, words in PARTS.items()}
    part = left.segmented_control(
        t(PART), list(parts), format_func=parts.__getitem__, default="league", required=True,
        key=state.own("perf part"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    right.download_button(
        t(DOWNLOAD),
        lambda: figures_csv(asked.figures(asked.by), asked.words, asked.by, state.lang()),
        f"{asked.ws.name}-{asked.by}-{asked.period.since:%Y-%m-%d}.csv",
        "text/csv",
        width="stretch",
    )
    shown: Mapping[str, Callable[[], None]] = {
        "league": lambda: performance_parts.league_table(asked),
        "times": lambda: performance_parts.times_and_levels(asked),
        "risk": lambda: performance_watch.at_risk(asked.ws, asked.kept, as_of),
        "twins": lambda: performance_watch.twins(asked.ws, asked.kept, as_of),
        "score": lambda: performance_parts.points(asked),
    }
    shown[part]()


def unit_words(ws: Workspace, kept: Ledger, by: str) -> dict[str, Text]:
    """Give the words of the units of a group by code; sources and departments are called as they are."""
    if by == "grid" and ws.levels:
        names = ws.grids(state.level())[Grids.name]
        return {str(code): Text.same(name) for code, name in names.items()}
    if by == "person":
        return {code: Text.same(name) for code, name in desk.names(kept).items()}
    if by == "type":
        types = issue_types(ws.folder)
        return {str(code): Text(str(row["zh"]), str(row["en"])) for code, row in types.iterrows()}
    return {code: words for code, words in LEVEL_WORDS.items() if code} if by == "level" else {}
