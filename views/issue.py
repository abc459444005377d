"""Issue: one issue with its history, photos and neighbours, and what may happen next."""

from typing import Any

import pandas as pd
import streamlit as st

from geo.text import Text
from layers import ISSUES, Workspace
from layers.ledger.store.ledger import Ledger
from reports.issue_photos import photo_archive, photos_of
from reports.issue_story import NEAR_TITLES, facts, headline, neighbours, onward, timeline
from reports.map_rows import with_only
from views import desk, frame, state
from views.acting import acting
from views.map_component import map_view
from views.plain import plain
from views.state import t

TITLE = Text("问题详情", "Issue")
ASK = Text("问题编号", "Id of the issue")
UNKNOWN = Text(
    "台账中没有问题“{name}”。请检查编号，或从台账页打开。",
    "There is no issue “{name}” in the ledger. Check the id, or open it from the Ledger page.",
)
PICK = Text("输入编号，或从台账页打开一件问题。", "Type an id, or open an issue from the Ledger page.")
HISTORY = Text("办理记录", "History")
PHOTOS = Text("照片", "Photos")
NO_PHOTOS = Text("还没有照片。", "No photos yet.")
BARE = Text("下载照片", "Download the photos")
BARE_HELP = Text(
    "原尺寸，已去除拍摄时间、地点和设备信息。", "In full size, without time, place and device of the camera."
)
NEAR = Text("30 米以内的问题", "Issues within 30 m")
NO_NEAR = Text("30 米以内没有其他问题。", "No other issue lies within 30 m.")
NEXT = Text("接下来可以", "What may happen next")
FOLLOWS = Text("本件已并入 {head}，随其办理。", "This issue follows {head}.")
CONTESTED = Text(
    "两处同时记录了不同的处理，请裁定。", "Two places recorded different things at once: somebody has to settle it."
)
TALL = 330
"""Height of the map in pixels."""


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    kept = desk.ledger()
    if kept is None:
        desk.none_yet()
        frame.foot(ws)
        return
    state.bound(st.text_input, t(ASK), key="ask_issue", value=state.at(state.ISSUE) or "", moved=_go)
    name, cases = state.at(state.ISSUE), desk.cases()
    if name is None:
        st.info(t(PICK))
    elif name not in cases.index:
        st.warning(t(UNKNOWN).format(name=plain(name)))
    else:
        _show(ws, kept, cases, name)
    frame.foot(ws)


def _go(name: str) -> None:
    state.choose(state.ISSUE, name.strip())


def _show(ws: Workspace, kept: Ledger, cases: pd.DataFrame, name: str) -> None:
    case, as_of, lang = cases.loc[[name]].iloc[0], desk.as_of(), state.lang()
    events = [one for one in kept.events(name) if one.at <= as_of]
    st.subheader(plain(headline(name, case, kept.rules, lang, lamp=desk.lamp_of(kept, cases, name))))
    if pd.notna(case["head"]):
        st.warning(t(FOLLOWS).format(head=plain(str(case["head"]))))
    if case["is_contested"]:
        st.error(t(CONTESTED))
    if pd.notna(case["description"]):
        st.markdown(plain(str(case["description"])))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        told = facts(case, as_of, kept.rules, lang, names=desk.names(kept))
        st.markdown(" · ".join(f"{plain(title)} **{plain(value)}**" for title, value in told.items()))
        acting(kept, cases.loc[[name]], key=state.own(f"act {name}"))
        st.markdown(f"##### {t(HISTORY)}")
        st.markdown("\n".join(f"- {plain(one)}" for one in timeline(events, kept.rules, lang, desk.names(kept))))
        with st.expander(t(NEXT)):
            st.markdown("\n".join(f"- {one}" for one in onward(kept.rules.onward(str(case["state"])), lang)))
    with right:
        _where(ws, cases, name)
        _photos(ws, events)
        _near(kept, cases, name)


def _where(ws: Workspace, cases: pd.DataFrame, name: str) -> None:
    if ISSUES in ws and cases.loc[[name], "x_m"].notna().any():
        drawn = with_only(state.map_payload((ISSUES.key,)), ws, pd.Index([name]))
        map_view(drawn, key="map_issue", selected={"kind": "issues", "id": name}, height=TALL, brief=True)


def _photos(ws: Workspace, events: list[Any]) -> None:
    st.markdown(f"##### {t(PHOTOS)}")
    pictures = photos_of(ws.folder, events, state.lang())
    if not pictures:
        st.caption(t(NO_PHOTOS))
        return
    for column, (picture, words) in zip(st.columns(len(pictures)), pictures, strict=True):
        column.image(picture, caption=words, width="stretch")
    name = f"{events[0].subject}.zip"
    st.download_button(t(BARE), lambda: photo_archive(ws.folder, events), name, "application/zip", help=t(BARE_HELP))


def _near(kept: Ledger, cases: pd.DataFrame, name: str) -> None:
    st.markdown(f"##### {t(NEAR)}")
    table = neighbours(name, cases, kept.rules, state.lang())
    if table.empty:
        st.caption(t(NO_NEAR))
        return
    config: dict[str, Any] = {key: st.column_config.Column(state.label(words)) for key, words in NEAR_TITLES.items()}
    config["reported_at"] = st.column_config.DateColumn(state.label(NEAR_TITLES["reported_at"]), format="YYYY-MM-DD")
    st.dataframe(table, column_config=config, height="content")
