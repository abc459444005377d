"""Places to confirm on the Import page: take what is proposed, choose a rival, point on the map, or type coordinates."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import GuatuError
from geo.text import Text
from layers.catalog import BUILDINGS, GRIDS, STREETS
from layers.intake.look import Look
from reports.intake_confirm import confirm_csv
from reports.intake_map import with_candidates
from reports.intake_places import (
    PLACE_TITLES,
    Candidate,
    accepted,
    candidates,
    place_table,
    place_words,
    row_key,
    row_words,
    spot_of,
    spot_text,
    taken_back,
    to_place,
)
from reports.intake_said import RowKey, Spot
from views import import_work, state
from views.import_work import Work
from views.map_component import map_view
from views.plain import plain
from views.state import t

NOTHING = Text("没有要人工确认的位置。", "No place needs a person to confirm it.")
HELP = Text(
    "这些行没有坐标，按地址也没有十足把握：照常入库，但不上图。在表中勾选后可一并接受建议；也可逐行选定位置、在地图上点出或输入坐标。",
    "These rows have no coordinates, and their address is not sure enough: they are stored, but stay off the map. Tick rows to "
    "take what is proposed for them, or settle one row at a time: choose a place, point on the map, or type coordinates.",
)
ACCEPT = Text("接受勾选行的建议位置（{n}）", "Accept the proposed places of ticked rows ({n})")
TAKE_BACK = Text("撤回勾选行的手工定位（{n}）", "Take back the places set by hand of ticked rows ({n})")
TICK = Text("在表的左侧勾选行。", "Tick rows at the left edge of the table.")
ROW = Text("逐行确定", "One row at a time")
PROPOSED = Text("放到：{what}", "Put it at: {what}")
COORDINATES = Text(
    "坐标（在地图上点一下，或输入“经度，纬度”）", "Coordinates: click on the map, or type longitude, latitude"
)
HERE = Text("放在这里", "Place it here")
BACK = Text("撤回", "Take it back")
FIRST = Text("表中列出前 {most} 行，共 {n} 行。", "The first {most} of {n} rows are listed.")
GET_CONFIRM = Text("下载待确认清单（CSV）", "Download the list to confirm (CSV)")
GET_HELP = Text(
    "也可下载清单交给熟悉现场的人：位置对的行留下，错的改正经纬度或删去，再导入一次；有编号的行会更新原行。",
    "Or hand the list to somebody who knows the place: keep the rows that are right, correct or delete the others, and "
    "import it; rows with an id are updated.",
)
MOST = 300
"""Rows that the table lists."""
HEIGHT = 420


def places(work: Work, look: Look) -> None:
    """List the rows whose place a person has to confirm, and let it be done."""
    rows = to_place(look)
    if rows.empty:
        st.success(t(NOTHING))
        return
    st.markdown(t(HELP))
    st.caption(t(place_words(rows)))
    ticked = _table(work, rows)
    _several(work, ticked)
    _one(work, rows)
    if len(rows) > MOST:
        st.caption(t(FIRST.format(most=f"{MOST:,}", n=f"{len(rows):,}")))
    st.caption(t(GET_HELP))
    crs = work.ws.manifest.crs
    name = f"{work.file.name}-confirm.csv"
    st.download_button(t(GET_CONFIRM), lambda: confirm_csv(look, crs), name, "text/csv", on_click="ignore")


def _table(work: Work, rows: pd.DataFrame) -> pd.DataFrame:
    """Show the rows to tick; give those that are."""
    heads: dict[str, Any] = {name: st.column_config.Column(t(words)) for name, words in PLACE_TITLES.items()}
    heads["confidence"] = st.column_config.ProgressColumn(
        t(PLACE_TITLES["confidence"]), format="%.0f%%", min_value=0, max_value=100, color="#0b5394"
    )
    shown = rows.head(MOST)
    table = place_table(shown, work.setting.tables, state.lang())
    key = state.key(work.key("places"), [*shown["part"], *shown["row"], *shown["by_hand"]])
    found = st.dataframe(
        table, hide_index=True, column_config=heads, key=key, on_select="rerun", selection_mode="multi-row"
    )
    return shown.iloc[found.selection.rows]


def _several(work: Work, ticked: pd.DataFrame) -> None:
    """Offer to take the proposals of all ticked rows, or to take back what was set by hand."""
    take, back = accepted(ticked), taken_back(ticked)
    with st.container(horizontal=True, vertical_alignment="center"):
        _button(ACCEPT, take, work, "accept")
        if back:
            _button(TAKE_BACK, back, work, "back")
        if ticked.empty:
            st.caption(t(TICK))


def _button(words: Text, points: Mapping[RowKey, Spot | None], work: Work, name: str) -> None:
    label = t(words.format(n=f"{len(points):,}"))
    st.button(label, disabled=not points, key=work.key(f"places {name}"), on_click=work.place, args=(points,))


def _one(work: Work, rows: pd.DataFrame) -> None:
    """Settle one row: its possible places, a map to point on, coordinates."""
    known: dict[RowKey, dict[Hashable, Any]] = {row_key(one): one for one in rows.to_dict("records")}
    names = {key: plain(row_words(one, state.lang())) for key, one in known.items()}
    chosen = state.kept(work.key("place row"))
    chosen = chosen if chosen in known else next(iter(known))
    look: dict[str, Any] = {"options": list(names), "format_func": names.__getitem__}
    state.bound(
        st.selectbox,
        t(ROW),
        key=work.key("place one"),
        value=chosen,
        moved=lambda key: state.keep(work.key("place row"), key),
        **look,
    )
    _settle(work, chosen, candidates(known[chosen], work.setting.tables, state.lang()))


def _settle(work: Work, chosen: RowKey, found: Sequence[Candidate]) -> None:
    spot = work.desk.said(work.file, work.spec).points.get(chosen)
    with st.container(horizontal=True):
        for at, one in enumerate(found):
            label = plain(t(PROPOSED.format(what=one.words)))
            key = work.key(f"place candidate {at}")
            st.button(label, key=key, on_click=_put, args=(work, chosen, one.spot), disabled=one.spot == spot)
        if spot is not None:
            st.button(t(BACK), key=work.key("place back"), on_click=_put, args=(work, chosen, None))
    _pointed(work, chosen, found, spot)


def _typed(work: Work, chosen: RowKey) -> str:
    return work.key(f"place text {chosen}")


def _put(work: Work, chosen: RowKey, spot: Spot | None) -> None:
    """Set the place of a row, or take it back; what was typed for it has served."""
    work.place({chosen: spot})
    state.keep(_typed(work, chosen), None)


def _pointed(work: Work, chosen: RowKey, found: Sequence[Candidate], spot: Spot | None) -> None:
    """Take a place from the map or from typed numbers."""
    crs, name = work.ws.manifest.crs, _typed(work, chosen)
    text = state.kept(name) or (spot_text(spot, crs) if spot is not None else "")
    aim, fault = _spot(work, text)
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with left:
        look = {"placeholder": "111.0002100, 30.7214500"}
        key = work.key("place typed")
        state.bound(st.text_input, t(COORDINATES), key=key, value=text, moved=lambda now: state.keep(name, now), **look)
    free = aim is not None and (spot is None or text != spot_text(spot, crs))
    right.button(
        t(HERE),
        type="primary",
        disabled=not free,
        key=work.key("place here"),
        on_click=_put,
        args=(work, chosen, aim),
    )
    if fault is not None:
        st.warning(plain(t(fault)))
    layers = (GRIDS.key, BUILDINGS.key, STREETS.key, work.spec.key)
    drawn = with_candidates(import_work.ground(layers), found, aim, crs)
    picked = map_view(drawn, key=work.key(f"place map {chosen}"), height=HEIGHT)
    if picked is not None and picked["kind"] == "spot":
        state.keep(name, picked["id"].replace(",", ", "))
        st.rerun()


def _spot(work: Work, text: str) -> tuple[Spot | None, Text | None]:
    """Read the typed or pointed place; else say what is wrong with it."""
    if not text.strip():
        return None, None
    try:
        return spot_of(text, work.ws.manifest.crs, work.setting.tables.values()), None
    except GuatuError as error:
        return None, error.message
