"""Coverage: who is within reach of a service, on foot and in a straight line, as the limit moves; and supply."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from layers import HOUSING_ESTATES, Workspace
from reports.service.coverage import Coverage, Limit, coverage, metres_limit, minutes_limit, standard_limit
from reports.service.coverage_map import ground_layers, with_coverage
from reports.service.coverage_table import (
    PERCENT,
    coverage_facts,
    list_shown,
    network_shown,
    parts_shown,
    places_file,
    rounded,
    steps_shown,
    table_file,
    titles,
    whole_shown,
)
from reports.service.coverage_words import (
    ISOCHRONE,
    amount_words,
    circle_words,
    denominator_words,
    left_out,
    limit_words,
    method_words,
    pace_words,
    source_words,
)
from reports.service.places import COUNTED
from reports.service.served import Distances
from reports.service.services import services_of
from views import cached, coverage_supply, frame, service_cached, state
from views.map_component import map_view
from views.plain import plain
from views.state import t

TITLE = Text("覆盖与供给", "Coverage")
SIDES: Mapping[str, Text] = {"coverage": Text("覆盖", "Coverage"), "supply": coverage_supply.TITLE}
SIDE = Text("内容", "Part")
OF = Text("服务", "Service")
BY = Text("限值", "Limit")
BYS: Mapping[str, Text] = {
    "standard": Text("标准", "Standard"),
    "metres": Text("距离", "Metres"),
    "minutes": Text("时间", "Minutes"),
}
FAR, LONG = Text("不超过（m）", "Within (m)"), Text("不超过（分钟）", "Within (minutes)")
PACE = Text("步速", "Pace")
COUNT = Text("分母", "Share of")
COLOUR = Text("着色", "Colour by")
COLOURS: Mapping[str, Text] = {"foot": Text("步行", "On foot"), "straight": Text("直线", "Straight line")}
DRAW = Text("画出能走到的范围（示意）", "Draw how far the walk goes")
PARTS: Mapping[str, Text] = {
    "grids": Text("按网格", "By grid"),
    "estates": Text("按小区", "By housing estate"),
    "steps": Text("按距离和时间", "By distance and time"),
    "unserved": Text("未覆盖清单", "Not served"),
    "unknown": Text("无法判断清单", "Cannot be known"),
}
PART = Text("明细", "Detail")
MEASURING = Text("正在计算距离……", "Measuring distances…")
DOWNLOAD, DOWNLOAD_MAP = (
    Text("下载本表（CSV）", "Download this table (CSV)"),
    Text("下载全部建筑（GeoJSON）", "Download all places (GeoJSON)"),
)
HOW = Text("怎么算的", "How this is computed")
NONE = Text("这个工作区没有可以计算覆盖的设施。", "This workspace has nothing whose coverage could be computed.")
NO_ROWS = Text("没有。", "None.")
LIMIT_IS = Text(
    "限值：{limit}。标准：{source}。分母：{amount}。", "Limit: {limit}. Standard: {source}. Share of {amount}."
)
TALL = 420


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    sides = {key: t(words) for key, words in SIDES.items()}
    side = st.segmented_control(
        t(SIDE), list(sides), format_func=sides.__getitem__, default="coverage", required=True,
        key=state.own("coverage side"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    if side == "supply":
        coverage_supply.supply(ws)
    elif services_of(ws) and (ws.levels or "buildings" in ws):
        _covered()
    else:
        st.info(t(NONE))
    frame.foot(ws)


@st.fragment
def _covered() -> None:
    """What follows from the service and the limit; a slider runs only this part of the page again."""
    with frame.guarded():
        ws = state.workspace()
        found, counted = _chosen(ws)
        said = {"limit": limit_words(ws, found), "source": source_words(found.distances)}
        st.caption(plain(t(LIMIT_IS.format(**said, amount=amount_words(found, counted)))))
        _facts(found, counted)
        told = circle_words(found)
        if told:
            st.info(plain(t(told)))
        _mapped(ws, found)
        _whole(found)
        _part(ws, found, counted)
        with st.expander(t(HOW)):
            for words in (*method_words(found.distances), *denominator_words(found)):
                st.write(plain(t(words)))
            parts = network_shown(found)
            if len(parts):
                _table(parts, "parts")


def _chosen(ws: Workspace) -> tuple[Coverage, str]:
    """Show the choice of service, limit and denominator."""
    keep: dict[str, Any] = {"persist_state": "session"}
    left, middle, right, last = st.columns([3, 3, 4, 3], vertical_alignment="bottom")
    names = {one.key: state.label(one.title) for one in services_of(ws)}
    of = left.selectbox(t(OF), list(names), format_func=names.__getitem__, key=state.own("coverage of"), **keep)
    with st.spinner(t(MEASURING)):
        measured = service_cached.distances(state.volume().folder, state.mark(), of)
    bys = {key: t(words) for key, words in BYS.items()}
    by = middle.segmented_control(
        t(BY), list(bys), format_func=bys.__getitem__, default="standard", required=True, key=state.own("coverage by"),
        **keep,
    )  # fmt: skip
    with right:
        limit = _limit(ws, measured, by)
    known = {key: t(COUNTED[key]) for key, one in measured.places.amounts.items() if one.known}
    counted = last.selectbox(
        t(COUNT), list(known), format_func=known.__getitem__, key=state.own("coverage counted"), **keep
    )
    return coverage(measured, limit), counted


def _limit(ws: Workspace, measured: Distances, by: str) -> Limit:
    keep: dict[str, Any] = {"persist_state": "session"}
    if by == "metres":
        return metres_limit(measured, st.slider(t(FAR), 50, 1500, 300, 10, key=state.own("coverage metres"), **keep))
    if by == "minutes":
        left, right = st.columns(2, vertical_alignment="bottom")
        minutes = left.slider(t(LONG), 1, 30, 5, 1, key=state.own("coverage minutes"), **keep)
        paces = {key: t(words) for key, words in pace_words(ws).items()}
        pace = right.selectbox(
            t(PACE), list(paces), format_func=paces.__getitem__, key=state.own("coverage pace"), **keep
        )
        return minutes_limit(ws, measured, minutes, pace)
    return standard_limit(measured)


def _facts(found: Coverage, counted: str) -> None:
    facts = coverage_facts(found, counted, state.lang())
    for place, fact in zip(st.columns(len(facts)), facts, strict=True):
        note = t(fact.note) if fact.note else None
        place.metric(state.label(fact.title), fact.value, note, delta_color="off", delta_arrow="off")


def _mapped(ws: Workspace, found: Coverage) -> None:
    colours = {key: t(words) for key, words in COLOURS.items()}
    left, right = st.columns([2, 5], vertical_alignment="bottom")
    by = left.segmented_control(
        t(COLOUR), list(colours), format_func=colours.__getitem__, default="foot", required=True,
        key=state.own("coverage colour"), persist_state="session",
    )  # fmt: skip
    folder, mark = state.volume().folder, state.mark()
    draw = right.toggle(t(DRAW), key=state.own("coverage draw"), persist_state="session")
    walk = service_cached.walked(folder, mark, found.distances.service.key, found.limit) if draw else None
    ground = cached.ground(folder, mark, ground_layers(ws, found), state.lang())
    map_view(with_coverage(ground, ws, found, on_foot=by == "foot", drawn=walk), key="map_coverage", height=520)
    if walk is not None:
        st.caption(t(ISOCHRONE.format(km=walk.street_km)))
    for words in left_out(found.distances):
        st.caption(t(words))


def _whole(found: Coverage) -> None:
    _table(whole_shown(found, state.lang()), "whole")


def _part(ws: Workspace, found: Coverage, counted: str) -> None:
    parts = {key: t(words) for key, words in PARTS.items() if key != "estates" or HOUSING_ESTATES in ws}
    part = st.segmented_control(
        t(PART), list(parts), format_func=parts.__getitem__, default="grids", required=True,
        key=state.own("coverage part"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    table = _rows(ws, found, counted, part)
    if table.empty:
        st.info(t(NO_ROWS))
        return
    _table(table, part)
    lang, name = state.lang(), f"{ws.name}-{found.distances.service.key.replace(':', '-')}"
    left, right = st.columns(2)
    left.download_button(t(DOWNLOAD), lambda: table_file(table, f"{part}.csv", lang), f"{name}-{part}.csv", "text/csv")
    right.download_button(
        t(DOWNLOAD_MAP),
        lambda: places_file(ws, found, "places.geojson", lang),
        f"{name}-coverage.geojson",
        "application/geo+json",
    )


def _rows(ws: Workspace, found: Coverage, counted: str, part: str) -> pd.DataFrame:
    if part == "steps":
        return steps_shown(ws, found, counted, state.lang())
    if part in {"grids", "estates"}:
        return parts_shown(ws, found, counted, level=state.level() if part == "grids" else None)
    return list_shown(ws, found, part, state.lang(), level=state.level())


def _table(table: pd.DataFrame, part: str) -> None:
    """Show a table with numbers to the right, the first of many rows."""
    heads = titles(state.lang())
    config: dict[str, Any] = {name: st.column_config.Column(heads[name]) for name in map(str, table.columns)}
    for name in map(str, table.select_dtypes("number")):
        digits = "%.1f" if name in PERCENT else "localized"
        config[name] = st.column_config.NumberColumn(heads[name], format=digits)
    height: Any = "content" if len(table) <= frame.FEW_ROWS else TALL
    shown = rounded(table.head(frame.MOST_ROWS))
    st.dataframe(
        shown, hide_index=part not in {"unserved", "unknown"}, column_config=config, height=height, placeholder="—"
    )
