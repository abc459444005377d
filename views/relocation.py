"""Relocation: the funnel of households, the time that zones have left, the curve, what holds it up, before and after."""

from datetime import datetime, time

import streamlit as st

from geo.text import Text
from layers import Workspace
from reports.relocation import Relocation
from reports.relocation.shown import funnel_rows, relocation_facts, zone_names
from reports.relocation.words import whole_words
from reports.render.facts import facts_html
from views import frame, moving_cached, relocation_charts, relocation_parts, state
from views.map_component import map_view
from views.plain import plain
from views.state import t

TITLE = Text("搬迁安置", "Relocation")
DAY, ZONE, ALL = Text("截至", "As of"), Text("片区", "Zone"), Text("全部片区", "All zones")
COUNTING = Text("正在统计……", "Counting…")
FUNNEL = Text("各步户数", "Households by stage")
WHERE = Text("楼栋状态", "State of the buildings")
COUNTDOWN = Text("片区进度与倒计时", "Zones and their countdown")
CONTRADICT = Text(
    "{n} 户的日期前后矛盾（如搬迁早于签约），请核对；没有签约记录的搬迁不计入搬迁数。",
    "The days of {n} households contradict each other (such as moving before signing), look them over; whoever has no "
    "signature on record does not count as moved.",
)
NO_REGISTER = Text(
    "本工作区没有住户登记表。在“导入”页把住户表（户编号、楼栋编号、片区、签约日期、搬迁日期、安置日期、原因代码，不含个人信息）收入 households 表后，"
    "这里按片区和楼栋给出进度、倒计时和预测。",
    "There is no register of households here. Bring in a table of households on the Import page (household id, building id, zone, "
    "days of signing, moving and rehousing, a coded reason; nothing personal), and the page gives progress, countdown and "
    "forecast by zone and building.",
)
ONLY_TOTALS = Text(
    "只有全社区的统计数，没有住户登记表：片区、楼栋和进度曲线无从知道。",
    "Only totals are known, there is no register of households: zones, buildings and the curve cannot be known.",
)
HEIGHT = 430


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    as_of = _day(ws)
    with st.spinner(t(COUNTING)):
        found = moving_cached.moved(state.volume().folder, state.mark(), as_of)
    if found.source == "register":
        _register(found)
    elif found.source == "statistics":
        st.info(t(ONLY_TOTALS))
        st.html(facts_html(relocation_facts(found, None), state.lang()))
    else:
        st.info(t(NO_REGISTER))
    relocation_parts.before_after(found)
    frame.foot(ws)


def _day(ws: Workspace) -> datetime:
    """Give the moment that is shown: that of the data, or the end of a chosen day."""
    last = ws.manifest.as_of
    chosen = st.date_input(
        t(DAY), last.date(), max_value=last.date(), format="YYYY-MM-DD", width=200,
        key=state.own("relocation day"), persist_state="session",
    )  # fmt: skip
    return last if chosen is None or chosen == last.date() else datetime.combine(chosen, time(23, 59, 59))


def _register(found: Relocation) -> None:
    names = {"": t(ALL), **{key: t(words) for key, words in zone_names(found).items() if key}}
    picked = st.pills(
        t(ZONE), list(names), format_func=names.__getitem__, default="", required=True, key=state.own("relocation zone"),
        persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    zone = picked or None
    st.html(facts_html(relocation_facts(found, zone), state.lang()))
    st.caption(plain(state.label(whole_words(found))))
    many = sum(found.meta["contradictions"].values())
    if many:
        st.warning(t(CONTRADICT.format(n=f"{many:,}")))
    _where(found, zone)
    st.subheader(t(COUNTDOWN), anchor=False)
    relocation_parts.zones(found)
    relocation_parts.forecast(found, zone)
    relocation_parts.blockers(found, zone)
    relocation_parts.details(found, zone)


def _where(found: Relocation, zone: str | None) -> None:
    left, right = st.columns([4, 7], gap="medium")
    with left:
        st.subheader(t(FUNNEL), anchor=False)
        relocation_charts.funnel(funnel_rows(found, zone, state.lang()))
    with right:
        st.subheader(t(WHERE), anchor=False)
        if found.ws.levels:
            folder, mark = state.volume().folder, state.mark()
            drawn = moving_cached.moved_map(folder, mark, found.as_of, state.lang(), level=state.level(), zone=zone)
            map_view(drawn, key=f"map_relocation {zone}", height=HEIGHT)
