"""The part of the page of sites about parking: bays wanted and there around a centre or along a route, and where bays fit."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from layers import STREETS, Workspace
from reports.siting.parking import CENTRE, ROUTE, ParkingPlan, centres
from reports.siting.site_map import plan_layers, with_plan
from reports.siting.site_table import plan_facts, plan_shown, spots_shown, table_csv, titles
from views import cached, frame, siting_cached, state
from views.map_component import map_view
from views.plain import plain
from views.state import t

TITLE = Text("停车规划", "Parking plan")
BY = Text("范围", "Area")
BYS: Mapping[str, Text] = {
    CENTRE: Text("围绕一个中心", "Around a centre"),
    ROUTE: Text("沿必经之路", "Along a route"),
}
WHERE, STREET = Text("中心", "Centre"), Text("经过的街巷", "Streets of the route")
FAR = Text("步行不超过（m）", "Walk up to (m)")
NOTHING = Text(
    "没有设施或街巷数据，不能做停车规划。", "There are no facilities or streets on record to plan parking with."
)
CHOOSE = Text("请选择经过的街巷。", "Choose the streets of the route.")
SPOTS, NO_SPOTS = (
    Text("可增泊位的路段和地块", "Where bays fit"),
    Text(
        "范围内没有够宽的街巷或闲置地块可增泊位。",
        "No street within the walk is known to be wide enough, and no idle land lies there.",
    ),
)
HOW = Text("怎么算的", "How this is computed")
METHOD = Text(
    "需要的泊位按户数和政策表的配比计（住户、访客），不含商铺；已有泊位是步行范围内停车图层中的泊位。街巷画泊位后须仍留出消防净宽，"
    "路口附近和已有路内泊位处不画；宽度不明的街巷不计。这是初步测算，须现场核对标志标线、出入口和消防登高场地。",
    "Bays wanted follow from households and the rates of the policy table (residents and visitors), without shops; bays there "
    "are those of the parking layer within the walk. Beside bays on a street the clear width of a fire lane must remain, and "
    "none are put near junctions or where bays are already; streets of unknown width do not count. A first estimate: check "
    "signs, gates and fire-fighting grounds on the spot.",
)
DOWNLOAD = Text("下载路段表（CSV）", "Download the stretches (CSV)")


def parking(ws: Workspace) -> None:
    """Show a parking plan."""
    places = centres(ws)
    if STREETS not in ws or places.empty:
        st.info(t(NOTHING))
        return
    plan = _plan(ws, places)
    if plan is None:
        st.info(t(CHOOSE))
        return
    for place, fact in zip(st.columns(4), plan_facts(plan), strict=True):
        note = t(fact.note) if fact.note else None
        place.metric(state.label(fact.title), fact.value, note, delta_color="off", delta_arrow="off")
    for words in plan.notes:
        st.caption(plain(state.label(words)))
    ground = cached.ground(state.volume().folder, state.mark(), plan_layers(ws), state.lang())
    map_view(with_plan(ground, ws, plan), key="map_parking_plan", height=480)
    _table(plan_shown(plan, state.lang()))
    _spots(ws, plan)
    with st.expander(t(HOW)):
        st.write(plain(t(METHOD)))


def _plan(ws: Workspace, places: pd.DataFrame) -> ParkingPlan | None:
    keep: dict[str, Any] = {"persist_state": "session"}
    left, middle, right = st.columns([3, 4, 3], vertical_alignment="bottom")
    bys = {key: t(words) for key, words in BYS.items()}
    by = left.segmented_control(
        t(BY),
        list(bys),
        format_func=bys.__getitem__,
        default=CENTRE,
        required=True,
        key=state.own("parking by"),
        **keep,
    )
    folder, mark = state.volume().folder, state.mark()
    if by == CENTRE:
        names = dict(zip(places.index, places["name"], strict=True))
        centre = middle.selectbox(
            t(WHERE), list(names), format_func=names.__getitem__, key=state.own("parking centre"), **keep
        )
        far = right.slider(t(FAR), 100, 800, 300, 50, key=state.own("parking far"), **keep)
        return siting_cached.parked_around(folder, mark, centre, float(far))
    named = ws[STREETS]["name"].dropna().to_dict()
    chosen = middle.multiselect(
        t(STREET), list(named), list(named)[1:2], format_func=named.__getitem__, key=state.own("parking route"), **keep
    )
    far = right.slider(t(FAR), 50, 300, 100, 25, key=state.own("parking along"), **keep)
    return siting_cached.parked_along(folder, mark, tuple(chosen), float(far)) if chosen else None


def _spots(ws: Workspace, plan: ParkingPlan) -> None:
    st.subheader(t(SPOTS), anchor=False)
    table = spots_shown(plan, state.lang())
    if table.empty:
        st.info(t(NO_SPOTS))
        return
    _table(table)
    lang = state.lang()
    st.download_button(t(DOWNLOAD), lambda: table_csv(table, lang), f"{ws.name}-parking-{plan.area}.csv", "text/csv")


def _table(table: pd.DataFrame) -> None:
    heads = titles(state.lang())
    config: dict[str, Any] = {name: st.column_config.Column(heads.get(name, name)) for name in map(str, table.columns)}
    for name in map(str, table.select_dtypes("number")):
        config[name] = st.column_config.NumberColumn(heads.get(name, name), format="localized")
    height: Any = "content" if len(table) <= frame.FEW_ROWS else 420
    st.dataframe(table, hide_index=True, column_config=config, height=height, placeholder="—")
