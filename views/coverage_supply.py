"""The part of the page of coverage about supply: what people have, what is missing, parking by day and night, fairness."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from layers import Workspace
from reports.document import Fact
from reports.service import supply_words
from reports.service.equity import SupplyEquity
from reports.service.kinds import KINDS
from reports.service.supply import METHODS, Supply
from reports.service.supply_map import SHADES, shade_words
from reports.service.supply_table import (
    EQUITY_TITLES,
    building_table,
    equity_table,
    facility_table,
    grid_table,
    group_table,
    group_titles,
    parking_bars,
    parking_facts,
    parking_note,
    parking_table,
    parking_titles,
    seed_words,
    short_of,
    supply_facts,
    table_csv,
    titles,
)
from views import charts, following, frame, service_cached, state
from views.map_component import map_view
from views.plain import plain
from views.state import t

TITLE = Text("供给与缺口", "Supply and shortfall")
OF = Text("供给", "Supply")
METHOD = Text("算法", "Method")
WAY = Text("距离", "Distance")
WAYS: Mapping[str, Text] = {"foot": Text("步行", "on foot"), "straight": Text("直线", "straight line")}
SHADE = Text("网格着色", "Shading")
WHO = Text("谁缺", "Who lacks")
PARTS: Mapping[str, Text] = {
    "grids": Text("按网格", "By grid"),
    "buildings": Text("缺额清单（按建筑）", "Shortfall by building"),
    "facilities": Text("按设施", "By facility"),
    "equity": Text("公平性", "Equity"),
}
PARKING = Text("停车昼夜平衡", "Parking by day and night")
BARS = Text("缺泊位（负数为富余）", "Bays missing (negative: to spare)")
GAP = Text("泊位", "bays")
NONE_SHORT = Text("没有建筑有缺额。", "No building lacks anything.")
NO_BUILDINGS = Text(
    "没有建筑图层，缺额只能按网格给出。", "There are no buildings on record, so the shortfall is known by grid only."
)
DOWNLOAD = Text("下载本表（CSV）", "Download this table (CSV)")
DOWNLOAD_ALL = Text("下载全部建筑（CSV）", "Download all buildings (CSV)")
HOW = Text("怎么算的", "How this is computed")
GROUPS = Text("哪些群体得到的多或少", "Which groups have more or less")
TALL = 420


def supply(ws: Workspace) -> None:
    """Show supply, shortfall and equity of a kind that is chosen, and the parking balance."""
    st.subheader(t(TITLE), anchor=False)
    of, method, on_foot = _choices()
    found = service_cached.supplied(
        state.volume().folder, state.mark(), state.level(), of=of, method=method, on_foot=on_foot
    )
    said = plain(t(supply_words.status_words(found.status, found.missing, found.notes)))
    if found.is_known:
        st.caption(said)
        _facts(supply_facts(found))
        _mapped(found)
        _part(found)
        with st.expander(t(HOW)):
            st.write(plain(t(supply_words.how_words(found))))
            st.write(plain(t(supply_words.shortfall_words(found))))
        st.caption(plain(t(supply_words.foot_words(found))))
    else:
        st.info(said)
    if of == "parking":
        _parking(ws)


def _choices() -> tuple[str, str, bool]:
    keep: dict[str, Any] = {"persist_state": "session", "required": True}
    left, middle, right = st.columns([3, 4, 2], vertical_alignment="bottom")
    kinds = {key: t(one.title) for key, one in KINDS.items()}
    ways = {key: state.label(words) for key, words in WAYS.items()}
    of = left.segmented_control(
        t(OF), list(kinds), format_func=kinds.__getitem__, default="toilets", key=state.own("supply of"), **keep
    )
    way = right.segmented_control(
        t(WAY), list(ways), format_func=ways.__getitem__, default="foot", key=state.own("supply way"), **keep
    )
    methods = {key: state.label(words) for key, words in METHODS.items()}
    method = middle.selectbox(
        t(METHOD),
        list(methods),
        format_func=methods.__getitem__,
        key=state.own("supply method"),
        persist_state="session",
    )
    return of, method, way == "foot"


def _facts(facts: Sequence[Fact]) -> None:
    for place, fact in zip(st.columns(len(facts) or 1), facts, strict=False):
        note = t(fact.note) if fact.note else None
        place.metric(state.label(fact.title), fact.value, note, delta_color="off", delta_arrow="off")


def _mapped(found: Supply) -> None:
    shades = {key: state.label(shade_words(found, key)) for key in SHADES}
    shade = st.segmented_control(
        t(SHADE), list(shades), format_func=shades.__getitem__, default="missing", required=True,
        key=state.own("supply shade"), persist_state="session",
    )  # fmt: skip
    drawn = service_cached.supply_mapped(
        state.volume().folder, state.mark(), state.level(), asked=(found.kind.key, found.method, found.on_foot),
        shade=shade, lang=state.lang(),
    )  # fmt: skip
    following.follow_map(map_view(drawn, key="map_supply", selected=state.selected(), height=TALL))


def _part(found: Supply) -> None:
    parts = {key: t(words) for key, words in PARTS.items()}
    part = st.segmented_control(
        t(WHO), list(parts), format_func=parts.__getitem__, default="grids", required=True,
        key=state.own("supply part"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    {"grids": _grids, "buildings": _buildings, "facilities": _facilities, "equity": _equity}[part](found)


def _grids(found: Supply) -> None:
    _table(grid_table(found), titles(found, state.lang()), found, "grids")


def _buildings(found: Supply) -> None:
    every = building_table(found)
    short = short_of(every)
    if len(short):
        _table(short, titles(found, state.lang()), found, "buildings", whole=every)
    else:
        st.info(t(NONE_SHORT if len(found.by_building) else NO_BUILDINGS))


def _facilities(found: Supply) -> None:
    lang = state.lang()
    heads = {**titles(found, lang), "building": t(found.kind.layer.title)}
    _table(facility_table(found, lang), heads, found, "facilities")


def _table(
    table: pd.DataFrame, heads: Mapping[str, str], found: Supply, part: str, *, whole: pd.DataFrame | None = None
) -> None:
    """Show a table with numbers to the right, the first of many rows; the download has all, or the whole if given."""
    lang = state.lang()
    config: dict[str, Any] = {name: st.column_config.Column(heads[name]) for name in map(str, table.columns)}
    for name in map(str, table.select_dtypes("number")):
        config[name] = st.column_config.NumberColumn(heads[name], format="localized")
    height: Any = "content" if len(table) <= frame.FEW_ROWS else TALL
    st.dataframe(
        table.head(frame.MOST_ROWS).round(2), hide_index=True, column_config=config, height=height, placeholder="—"
    )
    st.download_button(
        t(DOWNLOAD if whole is None else DOWNLOAD_ALL),
        lambda: table_csv(table if whole is None else whole, heads, lang), f"{found.ws.name}-{found.kind.key}-{part}.csv", "text/csv",
        key=state.own(f"supply csv {part}"),
    )  # fmt: skip


def _equity(found: Supply) -> None:
    asked = (found.kind.key, found.method, found.on_foot)
    even: SupplyEquity = service_cached.evenness(state.volume().folder, state.mark(), state.level(), asked=asked)
    heads = {key: t(words) for key, words in EQUITY_TITLES.items()}
    _table(equity_table(even, found.ws, state.lang()), heads, found, "equity")
    st.caption(t(seed_words(even)))
    groups = group_table(even, state.lang())
    if len(groups):
        st.markdown(f"**{t(GROUPS)}**")
        _table(groups, group_titles(found, state.lang()), found, "groups")


def _parking(ws: Workspace) -> None:
    """Show the balance of parking by day and night."""
    st.subheader(t(PARKING), anchor=False)
    held = service_cached.parked(state.volume().folder, state.mark(), state.level())
    missing, notes = ((one,) if one else () for one in (held.missing, held.note))
    said = plain(t(supply_words.status_words(held.status, missing, notes)))
    if held.status == "unavailable":
        st.info(said)
        return
    st.caption(said)
    _facts(parking_facts(held))
    left, right = st.columns([5, 7], gap="medium")
    with left:
        charts.paired_bars(parking_bars(held, state.lang()), t(BARS))
    with right:
        heads, table = parking_titles(state.lang()), parking_table(held)
        config: dict[str, Any] = {name: st.column_config.Column(heads[name]) for name in map(str, table.columns)}
        st.dataframe(table.round(1), hide_index=True, column_config=config, height="content")
        st.download_button(
            t(DOWNLOAD), lambda: table_csv(table, heads, state.lang()), f"{ws.name}-parking.csv", "text/csv",
            key=state.own("supply csv parking balance"),
        )  # fmt: skip
    st.caption(plain(t(parking_note(held))))
