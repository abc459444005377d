"""Parts of the page of plans: tables by year, grid, class and fund, other amounts of money, what is set apart, saving."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import PlanError
from geo.text import Text
from reports.plan import Plan, save_plan, saved_plans
from reports.plan.dials import slider_seconds
from reports.plan.tables import (
    apart_shown,
    by_class,
    by_fund,
    by_grid,
    by_year,
    frontier_shown,
    frontier_table,
    items_shown,
    saved_shown,
    sequence_shown,
    table_file,
    titles,
)
from reports.plan.words import outlook_words
from views import frame, persons, plan_cached, plan_charts, state
from views.plain import plain
from views.state import t

RIGHT = "edit_layers"
PARTS: Mapping[str, Text] = {
    "items": Text("入选项目", "Items"),
    "years": Text("按年度", "By year"),
    "grids": Text("按大网格", "By large grid"),
    "classes": Text("按类别", "By class"),
    "funds": Text("按资金来源", "By fund"),
    "other": Text("预算多些或少些", "More or less money"),
    "apart": Text("不能入选", "Set apart"),
    "save": Text("保存", "Save"),
}
PART = Text("明细", "Detail")
DOWNLOAD = Text("下载本表（CSV）", "Download this table (CSV)")
REMOVED = Text(
    "“消除的需求”为每项在全部可选项目中的份额。", "Need removed: each item's part of what all items together remove."
)
TRYING = Text("正在试算其他预算……", "Trying other amounts of money…")
NO_FUNDS = Text(
    "本方案没有分资金来源；在左侧填入各来源的金额即可。",
    "This plan has one purse; give the funds their money on the left.",
)
SEQUENCE = Text("逐步增加预算时的次序", "The order in which more money is spent")
NAME, AUTHOR, NOTE = Text("名称", "Name"), Text("由谁决定", "Who decides"), Text("说明", "Note")
SAVE = Text("保存方案", "Save this plan")
SAVED = Text("已保存为 {path}", "Saved as {path}")
NO_RIGHT = Text("您没有保存方案的权限。", "You may not save plans.")
KEPT = Text("已保存的方案", "Saved plans")
TALL = 420
WHOLE = ("cost_yuan", "need_removed", "need_before", "need_after", "best", "nested", "simple")
COUNTS = {"year": "%d", "items": "%d", "order": "%d", "share_percent": "%.1f"}


def parts(plan: Plan, key: plan_cached.Key, asked: str) -> None:
    """Show the details of a plan, one part at a time."""
    words = {name: t(one) for name, one in PARTS.items()}
    part = st.segmented_control(
        t(PART), list(words), format_func=words.__getitem__, default="items", required=True,
        key=state.own("plan part"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    if part == "other":
        _other(plan, key, asked)
    elif part == "save":
        _save(plan)
    else:
        shown = _table_of(plan, part)
        if part == "funds" and shown.empty:
            st.info(t(NO_FUNDS))
            return
        table(shown, f"{plan.ws.name}-plan-{part}")
        if part == "items":
            st.caption(t(REMOVED))


def _table_of(plan: Plan, part: str) -> pd.DataFrame:
    lang = state.lang()
    match part:
        case "years":
            return by_year(plan)
        case "grids":
            return by_grid(plan)
        case "classes":
            return by_class(plan, lang)
        case "funds":
            return by_fund(plan, lang)
        case "apart":
            return apart_shown(plan, lang)
        case _:
            return items_shown(plan, lang)


def table(shown: pd.DataFrame, name: str) -> None:
    """Show a table with numbers to the right, and let it be downloaded."""
    lang = state.lang()
    heads = titles(lang)
    config: dict[str, Any] = {one: st.column_config.Column(heads[one]) for one in map(str, shown.columns)}
    for one in map(str, shown.select_dtypes("number")):
        config[one] = st.column_config.NumberColumn(heads[one], format=COUNTS.get(one, "localized"))
    height: Any = "content" if len(shown) <= frame.FEW_ROWS else TALL
    cut = shown.head(frame.MOST_ROWS).round(dict.fromkeys(WHOLE, 0))
    st.dataframe(cut, hide_index=True, column_config=config, height=height, placeholder="—")
    st.download_button(
        t(DOWNLOAD), lambda: table_file(shown, lang), f"{name}.csv", "text/csv", key=state.own(f"download {name}")
    )


def _other(plan: Plan, key: plan_cached.Key, asked: str) -> None:
    with st.spinner(t(TRYING)):
        found = plan_cached.outlooks(key, asked, slider_seconds(plan.ws, proving=False), plan)
    for words in outlook_words(found):
        st.write(plain(t(words)))
    plan_charts.frontier(frontier_shown(found, state.lang()), plan.terms.limit_yuan)
    table(frontier_table(found, state.lang()), f"{plan.ws.name}-plan-frontier")
    st.caption(t(SEQUENCE))
    table(sequence_shown(plan, found, state.lang()), f"{plan.ws.name}-plan-sequence")


def _save(plan: Plan) -> None:
    if not persons.may_anywhere(persons.powers(), RIGHT):
        st.info(t(NO_RIGHT))
    with st.form(state.own("plan save"), border=False):
        left, middle, right = st.columns(3)
        name = left.text_input(t(NAME), max_chars=60)
        author = middle.text_input(t(AUTHOR), max_chars=60)
        note = right.text_input(t(NOTE), max_chars=200)
        pressed = st.form_submit_button(
            t(SAVE), type="primary", disabled=not persons.may_anywhere(persons.powers(), RIGHT)
        )
    if pressed:
        persons.require(RIGHT)
        try:
            path = save_plan(plan, name.strip(), author, note=note)
        except PlanError as error:
            st.error(plain(t(error.message)))
        else:
            st.success(plain(t(SAVED.format(path=f"plans/{path.name}"))))
    kept = saved_shown(saved_plans(plan.ws), state.lang())
    if len(kept):
        st.caption(t(KEPT))
        table(kept, f"{plan.ws.name}-plans")
