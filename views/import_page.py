"""Import: files become a clean layer in one step that can be undone; every doubtful thing is said aloud first."""

import streamlit as st

from geo.errors import DataError
from geo.text import Text
from layers import Workspace
from layers.catalog import CATALOG
from reports.intake_answers import asked_for, may_read_otherwise
from reports.intake_desk import Desk, Seen
from reports.intake_uploads import Handed
from reports.intake_words import blocked, first_step, for_page, kind_words, steps, stored_words
from views import (
    data_check,
    frame,
    import_history,
    import_list,
    import_raster,
    import_said,
    import_shown,
    import_work,
    map_page,
    state,
)
from views.import_work import Work
from views.plain import plain
from views.state import t
from views.tables import show_problems

TITLE = Text("导入", "Import")
LAYER = Text("放进哪个图层", "Into which layer")
FILES = Text("选择文件（可多选，也可用 zip）", "Choose files (several, or a zip)")
PICK = Text("选择文件", "Choose files")
LIMIT = Text("可把文件拖到这里，每个不超过 200 MB", "or drop them here, at most 200 MB each")
UPLOADER = """<style>
[data-testid="stFileUploaderDropzone"] button p, [data-testid="stFileUploaderDropzoneInstructions"] span {{ font-size: 0; }}
[data-testid="stFileUploaderDropzone"] button p::after {{ content: "{pick}"; font-size: 0.9rem; }}
[data-testid="stFileUploaderDropzoneInstructions"] span::after {{ content: "{limit}"; font-size: 0.85rem; }}
</style>"""
"""Streamlit's own words in the uploader are English only."""
HELP = Text(
    "可用：Excel、WPS 表格、CSV、GeoJSON、GeoPackage、Shapefile（zip 或一组文件）、KML、GPX、GML、MapInfo、DXF、GeoParquet、"
    "FlatGeobuf、FileGDB（zip）、OSM PBF、勘测定界 TXT、Open311；人口、高程等栅格用 GeoTIFF（不分图层）。",
    "Excel, WPS, CSV, GeoJSON, GeoPackage, shapefile (zip or its files), KML, GPX, GML, MapInfo, DXF, GeoParquet, "
    "FlatGeobuf, FileGDB (zip), OSM PBF, land survey TXT, Open311; GeoTIFF for rasters of residents, heights and the "
    "like, which go into no layer.",
)
SAFE = Text(
    "文件只在这台电脑上读取，不外传。确认之前，工作区不会有任何改动；确认之后可以撤销。",
    "Files are read on this computer only. Nothing changes in the workspace before you confirm, and it can be undone.",
)
PROPOSED = Text("按文件建议：{why}。不对就改。", "Proposed for this file: {why}. Change it if that is wrong.")
INSTEAD = Text("您选定的。按文件建议的是“{layer}”：{why}。", "Chosen by you. Proposed was {layer}: {why}.")
FILE = Text("查看哪个文件", "Look at which file")
STORED_FILE = Text("{name}（已入库）", "{name} (stored)")
CLEAR = Text("放下这些文件，重新选择", "Put these files away and choose others")
REFUSED = Text("这个文件不能读取：{name}", "This file cannot be read: {name}")
HARMLESS = Text(
    "工作区没有任何改动。原因和办法如下，照做之后把文件再交来即可。",
    "Nothing in the workspace has changed. Here is why, and what to do; then hand the file in again.",
)
FAULTY = Text(
    "工作区有错误，改正后才能导入", "The workspace has errors that must be mended before anything is imported"
)
KIND = Text("识别为：{what}。", "Recognised as: {what}.")
WHICH_PART = Text("文件里有几张表，请在上面选定一张。", "The file holds several tables; choose one above.")
CONFIRM = Text("确认入库", "Store them")
CONFIRM_N = Text("确认：新增 {a}，更新 {u}", "Confirm: add {a}, update {u}")
STORING = Text("正在入库 {n} 行……", "Storing {n} rows…")
STORED = Text("入库完成", "Stored")
NOT_STORED = Text("没有入库，工作区保持原样", "Nothing was stored; the workspace is as it was")
NEXT = Text("下一个文件", "Next file")
SEE_MAP = Text("在地图上看", "See the map")
SEE_CHECK = Text("看数据检查", "See the data check")


def page() -> None:
    """Show the page."""
    folder = state.volume().folder
    with frame.guarded():  # a workspace that cannot be opened can still be brought back to what it was
        ws = frame.head(TITLE)
        frame.placing_note(ws)
        _choice(ws)
        if import_work.desk().files:
            _files(ws)
    import_history.history(folder)


def _choice(ws: Workspace) -> None:
    """Choose the files."""
    wanted = first_step(ws.tables)
    if wanted:
        st.info(t(wanted))
    st.html(UPLOADER.format(pick=t(PICK), limit=t(LIMIT)))
    key = import_work.uploader_key()
    held = st.file_uploader(t(FILES), accept_multiple_files=True, key=key, on_change=import_work.changed)
    import_work.handed(held)
    desk = import_work.desk()
    if not desk.files:
        st.caption(t(HELP))
    st.caption(t(SAFE))
    if desk.files and not held:  # back from another page: the uploader is empty, the session has its files
        st.button(t(CLEAR), on_click=import_work.clear)


def _files(ws: Workspace) -> None:
    """Go through the files: all of them in a list, then the chosen one."""
    desk = import_work.desk()
    if len(desk.files) == 1 and desk.done:  # nothing is to come, so the layers need not be read for it
        _done(ws)
        return
    try:
        arranged = import_work.setting()
    except DataError as error:
        st.error(t(FAULTY))
        show_problems(for_page(error.problems))
        return
    import_work.part(desk, arranged[0])
    if len(desk.files) > 1:
        import_list.files(desk, *arranged)
    file = import_work.chosen_file(desk)
    if len(desk.files) > 1:
        _file_choice(desk, file)
    if file.key in desk.done:
        _done(ws)
        return
    if desk.is_raster(file):
        import_raster.review(desk, file, *arranged)
        return
    work = import_work.work(ws, arranged, file)
    seen = _seen(work)
    if seen is not None:
        _review(work, seen)


def _file_choice(desk: Desk, file: Handed) -> None:
    """Show which of several files is looked at, and let another be chosen."""
    said = {one.key: t(STORED_FILE.format(name=one.name)) if one.key in desk.done else one.name for one in desk.files}
    look = {"options": list(said), "format_func": said.__getitem__}
    key = state.own("pick import file")
    state.bound(st.selectbox, t(FILE), key=key, value=file.key, moved=import_work.choose_file, **look)


def _seen(work: Work) -> Seen | None:
    """Look at a file, saying what is done; None if it is refused, which is said."""
    place = st.empty()
    try:
        if work.desk.is_looked(work.setting, work.mark, work.file, work.spec):
            return work.desk.look(work.setting, work.mark, work.file, work.spec)
        with place.status(plain(work.file.name)) as status:
            return work.desk.look(
                work.setting, work.mark, work.file, work.spec, tell=lambda words: status.update(label=t(words))
            )
    except DataError as error:
        place.empty()
        st.subheader(plain(t(REFUSED.format(name=work.file.name))), anchor=False)
        st.markdown(t(HARMLESS))
        show_problems(for_page(error.problems))
        if may_read_otherwise(error.problems) or work.desk.said(work.file, work.spec).options:
            import_said.reading(work, None)
        return None
    finally:
        place.empty()


def _review(work: Work, seen: Seen) -> None:
    """Show what a file is, what is asked, what would happen; and let it happen."""
    st.subheader(plain(work.file.name), anchor=False)
    st.markdown(plain(t(KIND.format(what=kind_words(seen.sources)))))
    _layer(work)
    import_said.reading(work, seen)
    if asked_for(seen.look, "which_part"):
        st.info(t(WHICH_PART))
        return
    words, share = steps(seen.look)
    st.progress(share, plain(t(words)))
    import_said.questions(work, seen)
    import_shown.numbers(seen.look)
    _confirm(work, seen)
    import_shown.details(work, seen)


def _layer(work: Work) -> None:
    """Choose the layer that a file goes to; at first the proposed one, with the reason."""
    proposed = work.desk.proposal(work.setting, work.file)
    left, right = st.columns([2, 5], gap="medium", vertical_alignment="bottom")
    names = {key: state.label(one.title) for key, one in CATALOG.items()}
    look = {"options": list(names), "format_func": names.__getitem__}
    with left:
        state.bound(
            st.selectbox,
            t(LAYER),
            key=state.own(f"pick import layer {work.file.key}"),
            value=work.spec.key,
            moved=lambda key: work.desk.choose(work.file, key),
            **look,
        )
    if proposed.spec == work.spec:
        right.caption(plain(t(PROPOSED.format(why=proposed.why))))
    else:
        right.caption(plain(t(INSTEAD.format(layer=proposed.spec.title, why=proposed.why))))


def _confirm(work: Work, seen: Seen) -> None:
    """Show the one button, or why it waits."""
    why = blocked(seen.look)
    label = import_shown.confirm_words(seen.look, CONFIRM, CONFIRM_N)
    wanted, this = work.key("confirmed"), work.desk.asked(work.setting, work.mark, work.file, work.spec)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t(label),
            type="primary",
            disabled=why is not None,
            key=work.key("confirm"),
            on_click=state.keep,  # kept, since another event may end the run that the click began
            args=(wanted, this),
        )
        if why is not None:
            st.markdown(t(why))
    if why is None and state.kept(wanted) == this:
        state.keep(wanted, None)
        _take(work, seen)


def _take(work: Work, seen: Seen) -> None:
    """Store the rows and start afresh with what is then in the workspace."""
    with st.status(t(STORING.format(n=f"{seen.look.rows_kept:,}"))) as status:
        try:
            work.desk.take(work.setting, work.file, seen.look, tell=lambda words: status.update(label=plain(t(words))))
        except DataError as error:
            status.update(label=t(NOT_STORED), state="error", expanded=True)
            show_problems(for_page(error.problems))
            return
        status.update(label=t(STORED), state="complete")
    import_work.choose_file(work.file.key)
    st.rerun()


def _done(ws: Workspace) -> None:
    """Say what the last import did, and where to go from there."""
    desk = import_work.desk()
    done = desk.done[import_work.chosen_file(desk).key]
    st.success(plain(t(stored_words(done.record, done.number))))
    with st.container(horizontal=True):
        st.page_link(st.Page(map_page.page, url_path="map"), label=t(SEE_MAP))
        st.page_link(st.Page(data_check.page, url_path="data-check"), label=t(SEE_CHECK))
        if len(desk.files) > len(desk.done):
            st.button(t(NEXT), on_click=import_work.choose_file, args=(None,))
    import_shown.rejects_of(done, ws)
