"""What both forms of report ask: a photo, the kind of thing, the place, words; and what is shown after it was sent."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import streamlit as st

from geo.errors import DataError
from geo.text import Text
from layers import Workspace
from layers.catalog import BUILDINGS, GRIDS, STREETS
from layers.photos.keeping import keep
from layers.photos.photo import Photo
from reports.spots import Spot, house_names, house_spot, phone_spot, picked_spot, picking_map, spot_words, worded_spot
from views import cached, desk, state
from views.geolocation import FAULTS, geolocation
from views.map_component import map_view
from views.plain import plain
from views.routes import link
from views.state import t

CAMERA, FILE = Text("拍照", "Take a photo"), Text("从相册选", "Choose photos")
KIND, PLACE = Text("问题类别", "the kind of issue"), Text("位置", "the place")
WAY = Text("照片来源", "Where the photo comes from")
PHONE, HOUSE, MAP, ADDRESS = (
    Text("定位", "My position"),
    Text("楼栋", "Building"),
    Text("地图", "Map"),
    Text("地址", "Address"),
)
PLACE_WAY = Text("怎样指出位置", "How to tell the place")
WHICH_HOUSE = Text("选择楼栋（可输入查找）", "Building (type to search)")
HOUSE_HINT = Text("如：3栋", "such as building 3")
SAY_ADDRESS = Text("地址或楼栋，如“铁路一村3栋门口”", "Address or building")
NOT_FOUND = Text(
    "没有找到这个地址；请写明小区和楼栋，或在地图上点一下。",
    "This address is not known here; name the estate and the building, or tap on the map.",
)
NO_PLACE = Text("还没有位置。", "No place yet.")
HERE = Text("位置：{where}", "Place: {where}")
VAGUE = Text("位置不够准，请在地图上核对。", "This place is not certain: check it on the map.")
TAP = Text("在地图上点一下问题所在的位置。", "Tap where it is.")
TALL = 340
"""Height of the map in pixels."""
PICTURES = ("jpg", "jpeg", "png", "webp")
MOST_MB = 20
_SAFE = ("https://", "http://localhost", "http://127.0.0.1")
WAYS = {"phone": PHONE, "house": HOUSE, "map": MAP, "address": ADDRESS}
PHONE_STYLE = """<style>
[data-testid="stMainBlockContainer"] { max-width: 640px; margin: 0 auto; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 3.2rem .8rem 4rem; }
  [data-testid="stHeading"] h1 { font-size: 1.4rem; }
}
[class*="st-key-big_"] button { min-height: 3rem; }
[class*="st-key-big_"] [data-testid="stButtonGroup"] { width: 100%; }
[class*="st-key-big_"] [data-testid="stButtonGroup"] button { justify-content: center; font-weight: 600; padding: .2rem .3rem; }
[class*="st-key-big_types"] [data-testid="stButtonGroup"] button { flex: 1 1 30%; }
[class*="st-key-big_"] [data-testid="stButtonGroup"] button p { white-space: normal; line-height: 1.15; }
[class*="st-key-send_"] button { min-height: 3.4rem; }
[class*="st-key-send_"] button p { font-size: 1.15rem; font-weight: 700; }
[class*="st-key-tasks_"] [data-testid="stBaseButton-tertiary"] { justify-content: flex-start; min-height: 2.4rem; padding: 0; }
[class*="st-key-tasks_"] [data-testid="stBaseButton-tertiary"] p { text-align: left; font-weight: 600; }
[class*="st-key-tasks_"] [data-testid="stBaseButton-tertiary"] > * { justify-content: flex-start; width: 100%; }
[class*="st-key-tasks_"] [data-testid="stVerticalBlock"] { gap: .2rem; }
</style>"""


def draft(name: str) -> str:
    """Give the name of the report that is being filled in: it parts its fields from the last one's, and is its command."""
    found: str = state.kept(f"{name} draft") or begin_again(name)
    return found


def begin_again(name: str) -> str:
    """Begin another report with empty fields."""
    made = desk.command()
    state.keep(f"{name} draft", made)
    return made


class Uploads(NamedTuple):
    """Names and contents of photos; whether the page itself took them, which notes neither time nor place."""

    files: list[tuple[str, bytes]]
    by_camera: bool


def uploads(key: str, *, most: int, camera: bool = True) -> Uploads:
    """Ask for photos, by the camera (shown first with ``camera``) or out of the album."""
    is_safe = camera and (st.context.url or "").startswith(_SAFE)
    words = {"camera": t(CAMERA), "file": t(FILE)}
    with st.container(key=f"big_way_{key}"):
        way = st.segmented_control(
            t(WAY), list(words), default="camera" if is_safe else "file", key=f"{key} way", required=True,
            format_func=words.__getitem__, label_visibility="collapsed", width="stretch",
        )  # fmt: skip
    if way == "camera":
        shot = st.camera_input(t(CAMERA), key=f"{key} shot", label_visibility="collapsed")
        return Uploads([] if shot is None else [(shot.name, shot.getvalue())], by_camera=True)
    found = st.file_uploader(
        t(FILE), type=list(PICTURES), accept_multiple_files=True, max_upload_size=MOST_MB, key=f"{key} files",
        label_visibility="collapsed",
    )  # fmt: skip
    return Uploads([(one.name, one.getvalue()) for one in found[:most]], by_camera=False)


def kept_photos(ws: Workspace, files: Sequence[tuple[str, bytes]]) -> list[Photo]:
    """Keep photos in the workspace; those that cannot be used are told and left out."""
    found = []
    for name, content in files:
        try:
            found.append(keep(ws.folder, content, name=name))
        except DataError as error:
            for one in error.problems:
                st.error(plain(one.line(state.lang())))
    return found


def place(ws: Workspace, key: str, *, ways: Sequence[str], fallback: Spot | None = None) -> Spot | None:
    """Ask for the place in one of several ways, the first of which is shown; give it, else ``fallback``."""
    words = {one: t(WAYS[one]) for one in ways}
    with st.container(key=f"big_place_{key}"):
        way = st.segmented_control(
            t(PLACE_WAY), list(words), default=ways[0], key=f"{key} place way", required=True,
            format_func=words.__getitem__, label_visibility="collapsed", width="stretch",
        )  # fmt: skip
    name = f"spot {key}"
    _ASKED[way](ws, key, name)
    spot: Spot | None = state.kept(name) or fallback
    if spot is None:
        st.caption(t(NO_PLACE))
        return None
    st.markdown(t(HERE).format(where=plain(t(spot_words(ws, spot)))))
    if spot.vague:
        st.warning(t(VAGUE))
    return spot


def _phone(ws: Workspace, key: str, name: str) -> None:
    fix = geolocation(key=f"{key} phone")
    if fix is None:
        return
    if fix.fault:
        st.warning(t(FAULTS[fix.fault]))
        return
    state.keep(name, phone_spot(ws, fix.lon, fix.lat, fix.accuracy_m))


def _house(ws: Workspace, key: str, name: str) -> None:
    houses = house_names(ws, desk.grids_in(state.grid()))
    options: dict[str, Any] = {"index": None, "placeholder": t(HOUSE_HINT)}
    chosen = st.selectbox(t(WHICH_HOUSE), list(houses), format_func=houses.__getitem__, key=f"{key} house", **options)
    if chosen is not None:
        state.keep(name, house_spot(ws, chosen))


def _map(ws: Workspace, key: str, name: str) -> None:
    st.caption(t(TAP))
    spot: Spot | None = state.kept(name)
    layers = tuple(one.key for one in (GRIDS, BUILDINGS, STREETS))
    link(ws, public=True)  # keeps the addresses in the cached map alive
    with st.spinner(t(state.DRAWING)):
        ground = cached.ground(state.volume().folder, state.mark(), layers, state.lang(), public=True)
    drawn = picking_map(ws, ground, spot, state.grid())
    picked = map_view(drawn, key=f"{key} map", height=TALL)
    if picked is not None and picked["kind"] == "spot":
        state.keep(name, picked_spot(ws, picked["id"]))
        st.rerun()


def _address(ws: Workspace, key: str, name: str) -> None:
    words = st.text_input(t(SAY_ADDRESS), max_chars=200, key=f"{key} address")
    if not words.strip():
        return
    found = worded_spot(ws, cached.places(state.volume().folder, state.mark()), words)
    if found is None:
        st.warning(t(NOT_FOUND))
    else:
        state.keep(name, found)


_ASKED = {"phone": _phone, "house": _house, "map": _map, "address": _address}
