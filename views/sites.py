"""Sites: where new toilets, parks or parking are best built, who gains; and parking planned around a centre or a route."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from layers import PARKING, PARKS, TOILETS, Workspace
from reports.siting import GROUNDS, MODELS, Siting
from reports.siting.site_map import ground_layers, with_sites
from reports.siting.site_table import (
    chosen_shown,
    gainers_shown,
    grids_shown,
    models_shown,
    site_facts,
    table_csv,
    titles,
    uncoverable_shown,
)
from reports.siting.words import left_out_words, method_words, result_words
from views import cached, frame, sites_parking, siting_cached, state
from views.map_component import map_view
from views.plain import plain
from views.state import t

TITLE = Text("选址", "Sites")
SIDES: Mapping[str, Text] = {"sites": Text("建在哪里", "Where to build"), "parking": sites_parking.TITLE}
SIDE, LAYER = Text("内容", "Part"), Text("建什么", "What to build")
LAYERS = {one.key: one.title for one in (TOILETS, PARKS, PARKING)}
MODEL, COUNT = Text("模型", "Model"), Text("新建几处", "How many")
FAR = Text("服务距离（m）", "Served within (m)")
WAY = Text("距离", "Distance")
WAYS: Mapping[str, Text] = {"foot": Text("步行", "On foot"), "straight": Text("直线", "Straight line")}
GROUND = Text("候选用地（不选为闲置地块和宽街巷）", "Candidate ground (none chosen: idle land and wide streets)")
SOLVING = Text("正在计算距离并求解……", "Measuring distances and solving…")
PARTS: Mapping[str, Text] = {
    "chosen": Text("选中地点", "Chosen sites"),
    "grids": Text("按网格", "By grid"),
    "gainers": Text("谁受益", "Who gains"),
    "beyond": Text("够不着的", "Out of reach"),
    "models": Text("各模型并列", "Models side by side"),
}
PART, HOW = Text("明细", "Detail"), Text("怎么算的", "How this is computed")
DOWNLOAD = Text("下载本表（CSV）", "Download this table (CSV)")
NO_ROWS = Text("没有。", "None.")
SEVERAL = ("mclp", "lscp", "p_median", "p_center")
FARTHEST_M, NEAREST_M = 1500, 100
TALL = 420


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    sides = {key: t(words) for key, words in SIDES.items()}
    side = st.segmented_control(
        t(SIDE), list(sides), format_func=sides.__getitem__, default="sites", required=True,
        key=state.own("sites side"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    if side == "parking":
        sites_parking.parking(ws)
    else:
        _sites()
    frame.foot(ws)


@st.fragment
def _sites() -> None:
    """What follows from the choices; a change runs only this part of the page again."""
    with frame.guarded():
        ws = state.workspace()
        ask = _asked()
        with st.spinner(t(SOLVING)):
            found = ask(model=_model())
        for words in result_words(found):
            st.write(plain(state.label(words)))
        for place, fact in zip(st.columns(4), site_facts(found), strict=True):
            note = t(fact.note) if fact.note else None
            place.metric(state.label(fact.title), fact.value, note, delta_color="off", delta_arrow="off")
        _mapped(ws, found)
        for words in left_out_words(found):
            st.caption(plain(state.label(words)))
        _part(ws, found, ask)
        with st.expander(t(HOW)):
            for words in method_words(found):
                st.write(plain(state.label(words)))


def _asked() -> Any:  # noqa: ANN401 (a function with choices filled in)
    """Show the choices; give the function that answers for a model."""
    keep: dict[str, Any] = {"persist_state": "session"}
    left, middle, right = st.columns([4, 2, 3], vertical_alignment="bottom")
    names, ways = {key: t(words) for key, words in LAYERS.items()}, {key: t(words) for key, words in WAYS.items()}
    layer = left.segmented_control(
        t(LAYER), list(names), format_func=names.__getitem__, default=TOILETS.key, required=True,
        key=state.own("sites layer"), **keep,
    )  # fmt: skip
    count = middle.number_input(t(COUNT), 1, 50, 1, key=state.own("sites count"), **keep)
    way = right.segmented_control(
        t(WAY), list(ways), format_func=ways.__getitem__, default="foot", required=True, key=state.own("sites way"),
        **keep,
    )  # fmt: skip
    left, right = st.columns([4, 5], vertical_alignment="bottom")
    metres = left.slider(t(FAR), NEAREST_M, FARTHEST_M, 300, 50, key=state.own("sites metres"), **keep)
    grounds = {key: t(words) for key, words in GROUNDS.items()}
    chosen = right.pills(
        t(GROUND), list(grounds), format_func=grounds.__getitem__, selection_mode="multi",
        key=state.own("sites ground"), **keep,
    )  # fmt: skip
    return partial(
        siting_cached.sited, state.volume().folder, state.mark(), layer, count=int(count), metres=float(metres),
        walk=way == "foot", chosen=tuple(chosen),
    )  # fmt: skip


def _model() -> str:
    models = {key: state.label(one.title) for key, one in MODELS.items()}
    found: str = st.selectbox(
        t(MODEL), list(models), format_func=models.__getitem__, key=state.own("sites model"), persist_state="session"
    )
    st.caption(plain(state.label(MODELS[found].about)))
    return found


def _mapped(ws: Workspace, found: Siting) -> None:
    ground = cached.ground(state.volume().folder, state.mark(), ground_layers(ws, found), state.lang())
    map_view(with_sites(ground, ws, found), key="map_sites", height=520)


def _part(ws: Workspace, found: Siting, ask: Any) -> None:  # noqa: ANN401 (as ``_asked`` gives it)
    parts = {key: t(words) for key, words in PARTS.items()}
    part = st.segmented_control(
        t(PART), list(parts), format_func=parts.__getitem__, default="chosen", required=True,
        key=state.own("sites part"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    table = _rows(ws, found, ask, part)
    if table.empty:
        st.info(t(NO_ROWS))
        return
    show_table(table, hide_index=part in {"chosen", "models"})
    lang, name = state.lang(), f"{ws.name}-{found.layer}-{part}.csv"
    st.download_button(t(DOWNLOAD), lambda: table_csv(table, lang), name, "text/csv")


def _rows(ws: Workspace, found: Siting, ask: Any, part: str) -> pd.DataFrame:  # noqa: ANN401 (as ``_asked`` gives it)
    if part == "grids":
        return grids_shown(ws, found, state.level())
    if part == "gainers":
        return gainers_shown(ws, found, state.level())
    if part == "beyond":
        return uncoverable_shown(ws, found, state.level())
    if part == "models":
        with st.spinner(t(SOLVING)):
            return models_shown([ask(model=one) for one in SEVERAL], state.lang())
    return chosen_shown(found, state.lang())


def show_table(table: pd.DataFrame, *, hide_index: bool) -> None:
    """Show a table with heads in the language of the session and numbers to the right."""
    heads = titles(state.lang())
    config: dict[str, Any] = {name: st.column_config.Column(heads.get(name, name)) for name in map(str, table.columns)}
    for name in map(str, table.select_dtypes("number")):
        config[name] = st.column_config.NumberColumn(heads.get(name, name), format="localized")
    height: Any = "content" if len(table) <= frame.FEW_ROWS else TALL
    shown = table.head(frame.MOST_ROWS)
    st.dataframe(shown, hide_index=hide_index, column_config=config, height=height, placeholder="—")
