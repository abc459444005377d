"""The part of the Import page for a GeoTIFF: what it is, where it lies, how it looks, and the one button."""

from functools import partial

import streamlit as st

from geo.errors import DataError
from geo.text import Text
from layers.intake.look import Setting
from layers.intake.rasters.facts import change_words
from layers.intake.rasters.look import RasterLook, look_at_raster
from layers.intake.rasters.taking import take_in_raster
from reports.intake_desk import Desk
from reports.intake_raster import blocked, fact_lines, picture
from reports.intake_uploads import Handed
from reports.intake_words import for_page
from views import import_work, state
from views.plain import plain
from views.state import t
from views.tables import show_problems

NAME = Text("栅格的名称（人口栅格请用 population）", "Name of the raster (population for counts of residents)")
CRS = Text("坐标系（不填：按文件所写）", "Coordinate system (empty: as the file says)")
READING = Text("正在读取 {name}……", "Reading {name}…")
LEGEND = Text("由浅到深：由低到高；透明处没有值", "light to dark: low to high; clear where there is no value")
CONFIRM = Text("确认收入栅格", "Store the raster")
STORING = Text("正在保存 {name}……", "Storing {name}…")
REFUSED = Text("这个文件不能读取：{name}", "This file cannot be read: {name}")
NOT_STORED = Text("没有入库，工作区保持原样", "Nothing was stored; the workspace is as it was")
SAID, LOOKED = "import raster said", "import raster looked"


def review(desk: Desk, file: Handed, setting: Setting, mark: str) -> None:
    """Go through a GeoTIFF: ask for its name and system, show it, let it be stored."""
    name, crs = _asked(file)
    st.subheader(plain(file.name), anchor=False)
    found = _look(file, setting, mark, (name, crs))
    if found is None:
        return
    st.markdown(plain(t(change_words(found))))
    if found.questions:
        show_problems(for_page(found.questions))
    _shown(found)
    why = blocked(found)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(t(CONFIRM), type="primary", disabled=why is not None, key=state.own(f"raster {file.key}"))
        if why is not None:
            st.markdown(t(why))
    if found.problems:
        show_problems(for_page(found.problems))
    if pressed:
        _take(desk, file, setting, found)


def _asked(file: Handed) -> tuple[str | None, str | None]:
    """Ask what the raster is called and which system it is in; None for what nobody said."""
    said = dict(state.kept(f"{SAID} {file.key}") or {})
    left, right = st.columns(2)
    for place, part, words in ((left, "name", NAME), (right, "crs", CRS)):
        with place:
            state.bound(
                st.text_input,
                t(words),
                key=state.own(f"raster {part} {file.key}"),
                value=said.get(part, ""),
                moved=partial(_say, file, part),
            )
    return said.get("name") or None, said.get("crs") or None


def _say(file: Handed, part: str, value: str) -> None:
    """Note what somebody says of a raster."""
    key = f"{SAID} {file.key}"
    state.keep(key, {**(state.kept(key) or {}), part: value.strip()})


def _look(file: Handed, setting: Setting, mark: str, said: tuple[str | None, str | None]) -> RasterLook | None:
    """Look at it, or give what was found before; None if it is refused, which is said."""
    asked = (str(setting.folder), mark, file.key, said)
    kept = state.kept(LOOKED)
    if kept is None or kept[0] != asked:
        with st.spinner(plain(t(READING.format(name=file.name)))):
            kept = asked, _looked(setting, file, said)
        state.keep(LOOKED, kept)
    found: RasterLook | DataError = kept[1]
    if isinstance(found, DataError):
        st.error(plain(t(REFUSED.format(name=file.name))))
        show_problems(for_page(found.problems))
        return None
    return found


def _looked(setting: Setting, file: Handed, said: tuple[str | None, str | None]) -> RasterLook | DataError:
    try:
        return look_at_raster(setting, file.path, name=said[0], crs=said[1], file=file.name, member=file.member)
    except DataError as error:
        return error


def _shown(found: RasterLook) -> None:
    left, right = st.columns([2, 3], gap="medium")
    drawn = picture(found)
    with left:
        if drawn is not None:
            st.image(drawn, caption=t(LEGEND), width="stretch")
    with right:
        st.markdown("\n".join(f"- {plain(line)}" for line in fact_lines(found, state.lang())))


def _take(desk: Desk, file: Handed, setting: Setting, found: RasterLook) -> None:
    """Store it and start afresh with what is then in the workspace."""
    try:
        with st.spinner(plain(t(STORING.format(name=found.name)))):
            desk.done[file.key] = take_in_raster(setting.folder, found)
    except DataError as error:
        st.error(t(NOT_STORED))
        show_problems(for_page(error.problems))
        return
    state.keep(LOOKED, None)
    import_work.choose_file(file.key)
    st.rerun()
