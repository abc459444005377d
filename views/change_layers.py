"""A layer in two states: what was added, removed, changed and moved, on the map and thing by thing."""

import streamlit as st

from geo.text import Text
from layers import LayerSpec, Workspace
from layers.catalog import CATALOG
from reports.change import LayerChange, State, states
from reports.change.drawn import with_things
from reports.change.layer import THING_TITLES, TITLES
from reports.change.shown import LAYER_HEADS, layer_rows, thing_rows
from reports.change.states import comparable
from reports.plain_table import csv_bytes
from reports.time import unit_words
from views import analysis_cached, frame, state
from views.map_component import map_view
from views.state import t
from views.tables import fitting, heads

LAYER, BEFORE, AFTER = (
    Text("图层", "Layer"),
    Text("起：哪个状态", "From which state"),
    Text("止：哪个状态", "To which state"),
)
ONLY_ONE = Text(
    "这个工作区只有现在一个状态。每次导入都会保存导入之前的图层（最近 20 次）；导入之后可在这里比较。两个文件夹或文件的比较用命令 "
    "guatu change {name} --layer buildings --with 另一工作区或文件。",
    "This workspace has one state only, the present. Each import keeps the layers from before it (the last 20), to be compared here. Two folders or files "
    "are compared by guatu change {name} --layer buildings --with FOLDER or FILE.",
)
SAME = Text("请选两个不同的状态。", "Choose two different states.")
NOTHING = Text("两个状态的图层相同。", "The layer is the same in both states.")
COUNTS = Text(
    "新增 **{added}**，减少 **{removed}**，变更 **{changed}**，未变 {same}。",
    "**{added}** added, **{removed}** removed, **{changed}** changed, {same} as they were.",
)
BY_GRID, BY_THING = Text("分网格", "By grid"), Text("逐件", "Thing by thing")
DOWNLOAD_GRIDS, DOWNLOAD_THINGS = (
    Text("下载分网格表（CSV）", "Download by grid (CSV)"),
    Text("下载逐件表（CSV）", "Download the things (CSV)"),
)
HEIGHT, TABLE_PX = 520, 390


def between_states(ws: Workspace) -> None:
    """Show the part."""
    kept, layers = states(ws.folder), comparable(ws)
    if len(kept) < 2 or not layers:  # noqa: PLR2004 (two states)
        st.info(t(ONLY_ONE.format(name=ws.name)))
        return
    spec, before, after = _choices(kept, layers)
    if before.key == after.key:
        st.info(t(SAME))
        return
    found = analysis_cached.between_states(
        state.volume().folder, state.mark(), spec.key, (before, after), level=state.level()
    )
    _shown(ws, found)


def _choices(kept: tuple[State, ...], layers: tuple[LayerSpec, ...]) -> tuple[LayerSpec, State, State]:
    """Ask which layer, and from which state to which."""
    first, second, third = st.columns([2, 4, 4])
    names = {one.key: state.label(one.title) for one in layers}
    keys = list(names)
    usual = keys.index(kept[1].layer) if kept[1].layer in keys else 0
    layer = first.selectbox(t(LAYER), keys, index=usual, format_func=names.__getitem__, key=state.own("change layer"))
    by_key = {one.key: one for one in kept}
    words = {one.key: t(one.words) for one in kept}
    before = second.selectbox(
        t(BEFORE), list(words), format_func=words.__getitem__, index=1, key=state.own("change before")
    )
    after = third.selectbox(
        t(AFTER), list(words), format_func=words.__getitem__, index=0, key=state.own("change after")
    )
    return CATALOG[layer], by_key[before], by_key[after]


def _shown(ws: Workspace, found: LayerChange) -> None:
    st.markdown(t(COUNTS.format(**{key: f"{number:,}" for key, number in found.counts.items()})))
    if found.rows.empty:
        st.success(t(NOTHING))
        st.caption(t(found.words))
        return
    left, right = st.columns([5, 7], gap="medium")
    with left:
        base = analysis_cached.bare_map(state.volume().folder, state.mark(), (), state.lang(), level=state.level())
        map_view(with_things(base, found, ws.manifest.crs), key="map_change_layers", height=HEIGHT)
    with right:
        _tables(ws, found)
    st.caption(t(found.words))
    frame.placing_note(ws)


def _tables(ws: Workspace, found: LayerChange) -> None:
    words, lang = unit_words(ws, "grid", level=state.level()), state.lang()
    grids, things = st.tabs([t(BY_GRID), t(BY_THING)])
    with grids:
        rows = layer_rows(found, words, lang)
        config = heads(LAYER_HEADS, pinned="label")
        st.dataframe(rows, hide_index=True, column_config=config, height=fitting(rows, TABLE_PX), placeholder="—")
        st.download_button(
            t(DOWNLOAD_GRIDS),
            lambda: csv_bytes(found.table, TITLES, lang, note=found.words),
            f"{ws.name}-{found.spec.key}-grids.csv",
            "text/csv",
        )
    with things:
        told = thing_rows(found, words, lang)
        st.dataframe(
            told.head(frame.MOST_ROWS),
            column_config=heads(THING_TITLES),
            height=fitting(told, TABLE_PX),
            placeholder="—",
        )
        st.download_button(
            t(DOWNLOAD_THINGS),
            lambda: csv_bytes(told, THING_TITLES, lang, note=found.words),
            f"{ws.name}-{found.spec.key}.csv",
            "text/csv",
        )
