"""What a scenario comes to: figures with gainers and losers apart, the swipe map, buildings, grids, supply, health check."""

from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from reports.plain_table import csv_bytes
from reports.scenario import tables
from reports.scenario.comparison import CONVENTIONS, Comparison
from reports.scenario.swipe import leading
from reports.service.places import COUNTED
from views import frame, scenario_cached, state
from views.map_component import map_view
from views.plain import plain
from views.state import t
from views.tables import heads

WHAT = Text("谁受益、谁受损", "Who gains and who loses")
SERVICE = Text("哪项服务", "Which service")
NOBODY = Text("步行距离没有人改变。", "Nobody's walk changes.")
COUNT = Text("按{who}计，{limit} 以内算覆盖，{way}。", "Counted by {who}; served within {limit}, {way}.")
WAYS = {"on foot": Text("沿街巷步行", "on foot along the streets"), "straight line": Text("直线", "in a straight line")}
PARTS = {
    "map": Text("前后地图", "Map"), "buildings": Text("逐栋", "By building"), "grids": Text("逐网格", "By grid"),
    "need": Text("需求与名次", "Need and ranks"), "supply": Text("供给缺口", "Supply"), "health": Text("体检", "Health check"),
}  # fmt: skip
PART = Text("看什么", "What to see")
NOTHING = Text("没有变化。", "Nothing changes here.")
DOWNLOAD = Text("下载本表（CSV）", "Download this table (CSV)")
COMPUTING = Text("正在重新计算……", "Computing everything anew…")
RANKS = Text(
    "名次是相对的：别的网格变好，名次也会后移。受益与受损看分数。",
    "Ranks are relative: one also moves when others change. Whether a grid gains or loses is told by its points.",
)


def show(base: str, said: str) -> None:
    """Show the comparison of two scenarios, each the text of its file, "" for the workspace as it is."""
    with st.spinner(t(COMPUTING)):
        found = scenario_cached.comparison(state.volume().folder, state.mark(), base, said, level=state.level())
    st.subheader(t(WHAT), anchor=False)
    service = _service(found)
    if service is not None:
        _facts(found, service)
    words = {key: t(text) for key, text in PARTS.items()}
    part = st.segmented_control(
        t(PART), list(words), format_func=words.__getitem__, default="map", required=True,
        key=state.own("scenario shown"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    if part == "map":
        _map((base, said), service)
    else:
        _tables(found, service, part)
    st.caption(plain(t(CONVENTIONS)))


def _service(found: Comparison) -> str | None:
    """Show the choice of the services somebody's walk to changes."""
    if not found.touched:
        st.info(t(NOBODY))
        return leading(found)
    names = {key: state.label(found.walks[key].service.title) for key in found.touched}
    first = leading(found)
    options = [key for key in (first, *names) if key in names]
    chosen: str = st.selectbox(
        t(SERVICE),
        list(dict.fromkeys(options)),
        format_func=names.__getitem__,
        key=state.key("scenario service", options),
    )
    return chosen


def _facts(found: Comparison, service: str) -> None:
    walks = found.walks[service]
    told = tables.facts(walks)
    for start in (told[:4], told[4:]):
        for place, fact in zip(st.columns(len(start)), start, strict=True):
            place.metric(state.label(fact.title), fact.value)
    limit = " / ".join(f"{metres:g} m" for metres in walks.limits_m)
    way = WAYS[str(walks.meta["method"])]
    st.caption(t(COUNT.format(who=COUNTED[walks.counted], limit=limit, way=way)))


def _map(said: tuple[str, str], service: str | None) -> None:
    made = scenario_cached.swiped(
        state.volume().folder, state.mark(), *said, level=state.level(), service=service, lang=state.lang()
    )
    map_view(made, key="map_swipe", height=560)


def _tables(found: Comparison, service: str | None, part: str) -> None:
    """Show one of the tables."""
    lang = state.lang()
    if part == "need":
        st.caption(t(RANKS))
        _table(tables.need_table(found, lang), tables.NEEDS, part)
    elif part == "supply":
        _table(tables.supply_table(found, lang), tables.SUPPLY, part)
    elif part == "health":
        _table(tables.health_table(found, lang), tables.HEALTH, part)
    elif service is None:
        st.info(t(NOTHING))
    elif part == "buildings":
        _table(tables.walk_table(found.walks[service], lang), tables.WALKS, part)
    else:
        _table(tables.grid_table(found.walks[service]), tables.GRIDS, part)


def _table(table: pd.DataFrame, titles: dict[str, Text], part: str) -> None:
    if table.empty:
        st.info(t(NOTHING))
        return
    config: dict[str, Any] = heads({key: text for key, text in titles.items() if key in table})
    for name in map(str, table.select_dtypes("number")):
        config[name] = st.column_config.NumberColumn(config[name]["label"], format="localized")
    height: Any = "content" if len(table) <= frame.FEW_ROWS else 480
    st.dataframe(
        tables.rounded(table.head(frame.MOST_ROWS)),
        hide_index=True,
        column_config=config,
        height=height,
        placeholder="—",
    )
    content = csv_bytes(table, titles, state.lang(), note=CONVENTIONS)
    st.download_button(t(DOWNLOAD), content, f"scenario-{part}.csv", "text/csv", on_click="ignore")
