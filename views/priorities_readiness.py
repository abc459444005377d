"""Need and readiness on the page of priorities: a chart of two axes, the table behind it, and what is not known."""

import altair as alt
import streamlit as st

from geo.text import Text, listed
from reports.measures import STATUS_WORDS
from reports.priority import Ranking
from reports.ranking_table import capital
from reports.readiness import CONDITIONS, QUADRANTS, Matrix
from reports.readiness.matrix import CONSENT_FIRST, matrix_chart, matrix_table
from views import charts, panel_cached, state
from views.plain import plain
from views.state import t

TITLE = Text("需求与实施条件", "Need and readiness")
ABOUT = Text(
    "横轴是需求，纵轴是已知条件中具备的占比（改造意愿、资金、在建冲突、长效管理）。两轴互不计分。",
    "Across: need. Up: the share of the known conditions that are met (consent, funds, works in the way, management). "
    "Neither axis counts in the other.",
)
NOTHING = Text(
    "没有任何条件的数据，无法判断实施条件。缺少：{what}。",
    "Nothing is known of any condition, so readiness cannot be told. Missing: {what}.",
)
HEADS = {
    "rank": Text("名次", "Rank"),
    "name": Text("网格", "Grid"),
    "score": Text("需求得分", "Need score"),
    "readiness_percent": Text("条件成熟度", "Readiness"),
    "known": Text("具备/已知", "Met/known"),
    "quadrant": Text("建议", "What follows"),
    **CONDITIONS,
}
STATUS = Text("{what}：{status}（{why}）", "{what}: {status} ({why})")
COLOURS = ("#d55e00", "#0072b2", "#009e73", "#9aa3a9", "#d8dcdf")


def show(ranking: Ranking) -> None:
    """Show the section."""
    st.subheader(t(TITLE), anchor=False)
    weights = tuple(sorted(state.weights().items()))
    matrix = panel_cached.matrix(state.volume().folder, state.mark(), state.level(), weights)
    missing = [one.missing for one in matrix.readiness.conditions if one.missing]
    if matrix.grids["readiness_percent"].isna().all():
        st.info(plain(t(NOTHING.format(what=listed(missing)))) if missing else t(QUADRANTS["unknown"]))
        return
    st.caption(f"{t(ABOUT)}{t(CONSENT_FIRST)}")
    left, right = st.columns([6, 7], gap="medium")
    with left:
        _chart(matrix)
    with right:
        _table(matrix, ranking)
    said = [
        t(STATUS.format(what=one.title, status=STATUS_WORDS[one.status], why=one.missing))
        for one in matrix.readiness.conditions
        if one.missing
    ]
    st.caption(plain(" · ".join(said)))


def _chart(matrix: Matrix) -> None:
    table = matrix_chart(matrix, state.lang())
    words = [t(one) for one in QUADRANTS.values()]
    colour = alt.Color(
        "quadrant:N", title=None, scale=alt.Scale(domain=words, range=list(COLOURS)),
        legend=alt.Legend(orient="bottom", columns=2, symbolType="circle", labelLimit=230),
    )  # fmt: skip
    tips = [alt.Tooltip("name:N", title=t(HEADS["name"])), alt.Tooltip("quadrant:N", title=t(HEADS["quadrant"]))]
    tips += [
        alt.Tooltip("score:Q", title=t(HEADS["score"]), format=".1f"),
        alt.Tooltip("known:N", title=t(HEADS["known"])),
    ]
    across = alt.X("score:Q", title=t(HEADS["score"]), scale=alt.Scale(zero=False, nice=True))
    up = alt.Y("readiness_percent:Q", title=f"{t(HEADS['readiness_percent'])} (%)", scale=alt.Scale(domain=[-5, 105]))
    dots = (
        alt.Chart(table, height=380)
        .mark_circle(size=130, opacity=0.9)
        .encode(x=across, y=up, color=colour, tooltip=tips)
    )
    label = (
        alt.Chart(table)
        .mark_text(align="left", dx=8, color=charts.INK, fontSize=11)
        .encode(x=across, y=up, text="rank:N")
    )
    need = alt.Chart(table.head(1)).mark_rule(strokeDash=[4, 4], color=charts.MIDDLE).encode(x="need_from:Q")
    ready = alt.Chart(table.head(1)).mark_rule(strokeDash=[4, 4], color=charts.MIDDLE).encode(y="ready_from:Q")
    charts.shown(alt.layer(need, ready, dots, label))


def _table(matrix: Matrix, ranking: Ranking) -> None:
    config = {name: st.column_config.Column(capital(t(words))) for name, words in HEADS.items()}
    config["rank"] = st.column_config.NumberColumn(t(HEADS["rank"]), width=50, pinned=True)
    config["name"] = st.column_config.TextColumn(t(HEADS["name"]), pinned=True)
    config["score"] = st.column_config.NumberColumn(t(HEADS["score"]), format="%.1f")
    config["readiness_percent"] = st.column_config.NumberColumn(t(HEADS["readiness_percent"]), format="%.0f%%")
    key = state.key("readiness", ranking.grids.index)
    st.dataframe(matrix_table(matrix, state.lang()), key=key, hide_index=True, column_config=config, height=430)
