"""Consent: votes of owners against the rule, by building, estate and grid, and how many more it takes."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from layers import HOUSING_ESTATES, Workspace
from reports.consent import Consent, consent_rule, consent_rules
from reports.consent.shown import CONVENTION, HEADS, consent_csv, consent_facts, consent_rows
from reports.render.facts import facts_html
from views import frame, moving_cached, state
from views.map_component import map_view
from views.plain import plain
from views.state import t
from views.tables import fitting

TITLE = Text("业主意愿", "Consent")
RULE = Text("表决规则", "Rule")
ASKS = Text("{words}。依据：{cited}。", "{words}. Source: {cited}.")
PART = Text("明细", "Detail")
PARTS: Mapping[str, Text] = {
    "buildings": Text("按楼栋", "By building"),
    "estates": Text("按小区", "By housing estate"),
    "grids": Text("按网格", "By grid"),
}
NO_VOTES = Text(
    "本工作区还没有业主表决记录，因此不作结论。在“导入”页把楼栋表的“业主总数、参与表决业主数、同意业主数、专有部分面积、参与表决面积、"
    "同意面积”收入建筑图层后，这里逐栋核对是否达到规则、还差多少。",
    "No votes of owners are on record here, so nothing is claimed. Bring owners, owners who voted, owners in favour and the "
    "same three floor areas into the buildings on the Import page; then every building is held against the rule, with what "
    "is still short.",
)
DOWNLOAD = Text("下载本表（CSV）", "Download this table (CSV)")
HOW = Text("怎么算的", "How this is computed")
TALL, NUMBERS = 460, "%.2f"


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    rule = _rule(ws)
    found = moving_cached.voted(state.volume().folder, state.mark(), rule)
    st.caption(plain(t(ASKS.format(words=found.rule.words, cited=found.rule.cited))))
    if found.has_votes:
        _shown(ws, found, rule)
    else:
        st.info(t(NO_VOTES))
    frame.foot(ws)


def _rule(ws: Workspace) -> str:
    rules = consent_rules(ws.folder)
    words = {key: t(one.title) for key, one in rules.items()}
    default = list(words).index(consent_rule(folder=ws.folder).key)
    return st.selectbox(
        t(RULE),
        list(words),
        default,
        format_func=words.__getitem__,
        key=state.own("consent rule"),
        persist_state="session",
    )


def _shown(ws: Workspace, found: Consent, rule: str) -> None:
    st.html(facts_html(consent_facts(found), state.lang()))
    if ws.levels:
        drawn = moving_cached.voted_map(state.volume().folder, state.mark(), rule, state.lang(), level=state.level())
        map_view(drawn, key="map_consent", height=TALL)
    _table(ws, found)
    with st.expander(t(HOW)):
        st.write(plain(t(CONVENTION)))


def _table(ws: Workspace, found: Consent) -> None:
    parts = {key: t(words) for key, words in PARTS.items()}
    if HOUSING_ESTATES not in ws:
        del parts["estates"]
    part = st.segmented_control(
        t(PART), list(parts), format_func=parts.__getitem__, default="buildings", required=True,
        key=state.own("consent part"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    level, lang = state.level(), state.lang()
    rows = consent_rows(found, part, level, lang)
    config: dict[str, Any] = {
        name: st.column_config.Column(state.label(HEADS[name])) for name in map(str, rows.columns)
    }
    for name in map(str, rows.select_dtypes("number").columns):
        digits = NUMBERS if name.endswith("percent") else "localized"
        config[name] = st.column_config.NumberColumn(state.label(HEADS[name]), format=digits)
    shown: pd.DataFrame = rows.head(frame.MOST_ROWS)
    st.dataframe(shown, hide_index=True, column_config=config, height=fitting(shown, TALL), placeholder="—")
    file = f"{found.ws.name}-consent-{part}.csv"
    st.download_button(t(DOWNLOAD), partial(consent_csv, found, part, level, lang), file, "text/csv")
