"""Why one grid stands where it stands, as a panel of a page."""

import streamlit as st

from geo.text import Text
from reports.explanation import explain
from reports.overview_table import grid_facts
from reports.priority import Ranking
from reports.ranking_table import explained_parts, immediate_counts
from views import state
from views.frame import plain
from views.state import t
from views.tables import show_parts

RANK = Text("名次", "Rank")
SCORE = Text("需求得分", "Need score")
INTERVAL = Text("名次区间", "Rank interval")
OF = Text("共 {n} 个", "of {n}")
PARTS = Text("得分由什么组成", "What the score is made of")
CHANGES = Text("什么会改变名次", "What would change the rank")
FACTS = Text("这个网格有什么", "What is in this grid")
URGENT = Text(
    "立即处理清单:{issues} 件问题,{buildings} 栋危房。",
    "On the immediate list: issues {issues}, buildings {buildings}.",
)


def show_grid(ranking: Ranking, grid_id: str, *, brief: bool = False) -> None:
    """Show rank, reasons and what would change them; ``brief`` leaves the lists out."""
    found = explain(ranking, grid_id)
    st.subheader(plain(found.name), anchor=False)
    st.markdown(plain(t(found.sentence)))
    issues, buildings = immediate_counts(ranking, grid_id)
    if issues or buildings:
        st.error(t(URGENT.format(issues=f"{issues:,}", buildings=f"{buildings:,}")))
    if brief:
        return
    st.markdown(f"**{t(PARTS)}**")
    show_parts(explained_parts(found, state.lang()))
    if found.changes:
        st.markdown(f"**{t(CHANGES)}**")
        for change in found.changes:
            st.markdown(plain(t(change.sentence)))
    st.markdown(f"**{t(FACTS)}**")
    facts = grid_facts(ranking.ws, grid_id, ranking.level, state.lang())
    st.dataframe(facts, height="content", column_config={"value": st.column_config.Column(" ", alignment="right")})
