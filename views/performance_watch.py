"""What the page of performance shows of the present: what will probably be late, and what may be one issue."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from layers import Workspace
from layers.ledger.acting.acts import Act
from layers.ledger.acting.apart import apart_act
from layers.ledger.log.events import FUSE
from layers.ledger.store.ledger import Ledger
from layers.standards import issue_types, policy
from reports.performance_tables import percent, risk_split, risk_table
from reports.progress.breach import TITLES
from views import cached, desk, frame, state
from views.plain import plain
from views.state import t

KINDS = {
    "probable": Text("可能超期 {n}", "Likely {n}"),
    "overdue": Text("已超期 {n}", "Overdue {n}"),
    "all": Text("全部有期限的在办 {n}", "All open with a deadline {n}"),
}
WHICH = Text("列哪些", "Which")
NONE_AT_RISK = Text("没有这样的案件。", "There is none.")
RISK_NOTE = Text(
    "截至 {as_of}，与上面的时段无关。概率按同类案件以往的用时推算（已办多久、还剩多久），不低于 {p:.0f}% 列为可能超期。"
    "有 {unknown} 件的期限超出可观察范围，不给概率。",
    "As of {as_of}, whatever period is chosen above. Chances follow from how long issues of the type took so far, given "
    "their age and what is left; from {p:.0f} % on they are listed as likely. Of {unknown} nothing can be told.",
)
NUMBER = Text("问题编号", "Issue id")
LEFT = Text("剩余", "Left")
REASON = Text("依据", "reason")
OPEN = Text("打开 {issue}", "Open {issue}")
HINT = Text("点行首选一件，再打开。", "Tick a row to open the issue.")
TWINS_NOTE = Text(
    "同类、相距 {m:g} 米以内、相隔 {h:g} 小时以内、至少一件未结的，提示为疑似重复。是否合并由人决定，系统不自动合并。"
    "共 {n} 对，列出 {k} 对（文字最像的在前）。",
    "Suggested are pairs of one type within {m:g} m and {h:g} hours, at least one open. People decide; nothing is fused "
    "by itself. {n} in all, {k} listed, the most alike first.",
)
NO_TWINS = Text("没有疑似重复。", "No possible duplicates.")
FUSE_IT = Text("合并：{one} 并入 {other}", "Fuse: {one} into {other}")
NOT_SAME = Text("不是同一件", "Not the same")
PAST = Text("正在看过去的日期，不能办理。", "A past day is shown; nothing can be done in it.")
GROUP = Text(
    "（所在疑似组 {n} 件，最大相距 {m:.0f} 米，跨 {h:.0f} 小时）",
    " (its group: {n} issues, up to {m:.0f} m apart, over {h:.0f} hours)",
)
AGAIN = Text(
    "前一件在后一件上报前已结案：也可能不是重复，而是同一处问题复发。",
    "The first was closed before the second was reported: this may be no duplicate, but the same trouble come back.",
)
MOST_TWINS = 20


def at_risk(ws: Workspace, kept: Ledger, as_of: datetime) -> None:
    """List the open issues that will probably miss their deadline, each with its chance and reason."""
    table = cached.at_risk(state.volume().folder, state.mark(), as_of)
    least = policy(ws.folder)["miss_probable"]
    rows = risk_split(table, least)
    words = {key: t(one).format(n=f"{len(rows[key]):,}") for key, one in KINDS.items()}
    kind = st.pills(
        t(WHICH), list(words), format_func=words.__getitem__, default=next((key for key in rows if len(rows[key])), "all"),
        required=True, key=state.own("perf risk"), label_visibility="collapsed",
    )  # fmt: skip
    if rows[kind].empty:
        st.info(t(NONE_AT_RISK))
    else:
        _risk_rows(ws, kept, rows[kind].head(frame.MOST_ROWS), kind)
    unknown = int(table["chance_to_miss"].isna().sum())
    st.caption(t(RISK_NOTE).format(as_of=f"{as_of:%Y-%m-%d %H:%M}", p=percent(least), unknown=unknown))


def _risk_rows(ws: Workspace, kept: Ledger, rows: pd.DataFrame, kind: str) -> None:
    lang = state.lang()
    words = {str(code): str(word) for code, word in issue_types(ws.folder)[str(lang)].items()}
    shown = risk_table(rows, desk.names(kept), words, lang)
    height: Any = "content" if len(shown) <= 12 else 460  # noqa: PLR2004 (rows that fit a screen)
    event = st.dataframe(
        shown, column_config=_risk_columns(), height=height, on_select="rerun", selection_mode="single-row", placeholder="—",
        key=state.key(f"perf risk {kind}", shown.index),
    )  # fmt: skip
    ticked = [row for row in event.selection.rows if row < len(shown)]
    if not ticked:
        st.caption(t(HINT))
        return
    issue = str(shown.index[ticked[0]])
    if st.button(t(OPEN).format(issue=plain(issue)), type="primary"):
        state.choose(state.ISSUE, issue)
        state.turn_to("issue")


def _risk_columns() -> dict[str, Any]:
    """Give how the columns of ``risk_table`` are shown."""
    heads = {name: state.label(TITLES[name]) for name in ("issue_type", "person")}
    heads |= {"_index": t(NUMBER), "left": t(LEFT), "reason": state.label(REASON)}
    config: dict[str, Any] = {name: st.column_config.Column(head) for name, head in heads.items()}
    config["chance_to_miss"] = st.column_config.ProgressColumn(
        state.label(TITLES["chance_to_miss"]), format="%d%%", min_value=0, max_value=100, color="#b35806"
    )
    config["due_at"] = st.column_config.DatetimeColumn(state.label(TITLES["due_at"]), format="MM-DD HH:mm", width=110)
    return config


def twins(ws: Workspace, kept: Ledger, as_of: datetime) -> None:
    """Show pairs that may be one issue, with the reasons, to be fused or kept apart."""
    found = cached.alike(state.volume().folder, state.mark(), as_of)
    if found.empty:
        st.info(t(NO_TWINS))
    rules, listed = policy(ws.folder), found.head(MOST_TWINS)
    said = {"m": rules["duplicate_max_m"], "h": rules["duplicate_max_hours"]}
    st.caption(t(TWINS_NOTE).format(n=f"{len(found):,}", k=len(listed), **said))
    if state.day() is not None:
        st.info(t(PAST))
    cases = desk.cases()
    for _, row in listed.iterrows():
        _pair(kept, row, cases)


def _pair(kept: Ledger, row: pd.Series, cases: pd.DataFrame) -> None:
    """Show one pair with what was said of both."""
    one, other = _member_and_head(row["issue_id"], row["other_id"], cases)
    with st.container(border=True, gap="small"):
        chain = t(GROUP).format(n=row["group_size"], m=row["group_extent_m"], h=row["group_span_hours"])
        st.markdown(f"**{plain(row[f'reason_{state.lang()}'])}**{plain(chain) if row['group_size'] > 2 else ''}")  # noqa: PLR2004
        for column, name in zip(st.columns(2), (row["issue_id"], row["other_id"]), strict=True):
            column.markdown(_said(kept, name, cases.loc[name]))
        if _is_again(*(cases.loc[name] for name in (row["issue_id"], row["other_id"]))):
            st.caption(t(AGAIN))
        if state.day() is not None:
            return
        left, right, _ = st.columns([4, 2, 3])
        words = t(FUSE_IT).format(one=plain(one), other=plain(other))
        if left.button(words, key=f"fuse {one} {other}", width="stretch"):
            _do(
                kept,
                Act(
                    subject=one,
                    kind=FUSE,
                    at=desk.now(),
                    command_id=desk.command(),
                    seen=int(cases["clock"][one]),
                    other=other,
                ),
            )
        if right.button(t(NOT_SAME), key=f"apart {one} {other}", width="stretch"):
            pair = row["issue_id"], row["other_id"]
            _do(kept, apart_act(pair[1], pair[0], at=desk.now(), command_id=desk.command(), lang=state.lang()))


def _is_again(first: pd.Series, second: pd.Series) -> bool:
    """Tell whether the first was closed before the second was reported."""
    return bool(first["closed_at"] <= second["reported_at"])


def _member_and_head(first: str, second: str, cases: pd.DataFrame) -> tuple[str, str]:
    """Give which would follow which: groups by their heads; the one reported first leads, unless it alone is closed."""
    pair = [first, second]
    root = cases["head"].reindex(pair).fillna(pd.Series(pair, index=pair)).tolist()
    closed = cases["closed_at"].reindex(root).notna().tolist()
    return (root[0], root[1]) if closed[0] and not closed[1] else (root[1], root[0])


def _said(kept: Ledger, name: str, case: pd.Series) -> str:
    words = kept.rules.words(str(case["state"])).in_(state.lang())
    parts = (name, f"{case['reported_at']:%m-%d %H:%M}", words, case["description"], case["address"])
    return " · ".join(plain(one) for one in parts if isinstance(one, str) and one)


def _do(kept: Ledger, act: Act) -> None:
    if any(one.event is not None for one in desk.do(kept, [act])):
        st.rerun()
