"""Patrol: a grid officer's round on a phone: photograph, type, place, send; and what lies open near by."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from geo.errors import DataError, TransitionError
from geo.text import Text
from layers import Workspace
from layers.ledger.acting.reporting import MOST_PHOTOS, Report, Reported, pictures_added, report
from layers.ledger.store.ledger import Ledger
from layers.photos.keeping import thumbnail
from layers.photos.photo import Photo
from layers.schema import Grids
from reports.case_table import type_titles
from reports.patrol import alike, commonest, lines, picture_of, remarks, round_of, usual_severity
from reports.public_status import due_words, next_words
from reports.spots import Spot, photo_spot
from views import desk, frame, reporting, state
from views.patrol_orders import campaign_choice, campaign_list, orders
from views.patrol_tasks import tasks
from views.plain import plain
from views.state import t

TITLE = Text("巡查", "Patrol")
GRID = Text("我的网格", "My grid")
ALL = Text("全部网格", "All grids")
START, STOP = Text("开始一小时巡查", "Begin the hour's round"), Text("结束巡查", "End the round")
LEFT, OVER = Text("还剩 {n} 分钟", "{n} min left"), Text("已满一小时", "the hour is over")
DONE_SO_FAR = Text("已上报 {reported} 件，办好 {fixed} 件", "{reported} reported, {fixed} done")
NEW = Text("上报", "Report")
TYPE, OTHER_TYPE = Text("问题类别", "Kind of issue"), Text("其他类别（输入查找）", "Another kind (type to search)")
SEVERITY = Text("严重程度", "Severity")
GRADES = (Text("1 很轻", "1 slight"), Text("2 较轻", "2 minor"), Text("3 一般", "3 medium"), Text("4 较重", "4 serious"), Text("5 紧急", "5 urgent"))  # fmt: skip
WORDS = Text("说明（可不填）", "A few words (if need be)")
SEND = Text("上报", "Send")
LACKING = Text("还缺：{what}", "Still missing: {what}")
SENT = Text("已上报，编号 {reference}", "Sent. Reference {reference}")
JOINED = Text("照片已加到 {issue}，没有重复立案。", "Your photo is with {issue}; nothing was entered twice.")
SAME = Text("是不是这一件？", "Is it this one?")
IT_IS = Text("就是这件，加上我的照片", "It is this one: add my photo")
NEEDS_PHOTO = Text("先拍一张照片才能添加。", "Take a photo first, to add it.")
REMARK = Text("照片提示（不影响上报）：{what}", "About the photo (it can be sent all the same): {what}")
SOURCE = "网格员巡查"
"""The source of such reports, in the words that registers use."""
EVERY_S = 20


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    st.html(reporting.PHONE_STYLE)
    kept = desk.ledger()
    if kept is None:
        desk.none_yet()
    elif not ws.levels:
        st.info(t(frame.NO_GRIDS))
    else:
        _choose_grid(ws)
        _round()
        spot = _new(ws, kept)
        tasks(ws, kept, spot)
        campaign_list(kept)
        orders(kept)
    frame.foot(ws)


def _choose_grid(ws: Workspace) -> None:
    names = {"": t(ALL)} | {str(key): str(one) for key, one in ws.grids(state.level())[Grids.name].items()}
    state.picker(st.selectbox, t(GRID), state.GRID, names, current=state.grid() or "")


@st.fragment(run_every=EVERY_S)
def _round() -> None:
    """Show how the round stands, again every few seconds."""
    kept, since = desk.ledger(), state.kept("round")
    if kept is None:
        return
    if since is None:
        with st.container(key="big_round"):
            if st.button(t(START), width="stretch"):
                state.keep("round", desk.now())
                st.rerun(scope="fragment")
        return
    found = round_of(kept.log(), desk.powers().person_id, since, desk.now())
    left, right = st.columns([3, 1], vertical_alignment="center")
    rest = t(LEFT).format(n=found.minutes_left) if found.minutes_left > 0 else t(OVER)
    left.markdown(f"**{rest}** · {t(DONE_SO_FAR).format(reported=found.reported, fixed=found.fixed)}")
    if right.button(t(STOP), width="stretch"):
        state.keep("round", None)
        st.rerun(scope="fragment")


def _new(ws: Workspace, kept: Ledger) -> Spot | None:
    """Show the form of a report; give the place that it has so far."""
    _said_last()
    draft = reporting.draft("patrol")
    st.subheader(t(NEW), anchor=False)
    given = reporting.uploads(f"patrol {draft}", most=MOST_PHOTOS)
    photos = reporting.kept_photos(ws, given.files)
    if photos and not given.by_camera:
        st.image([thumbnail(one) for one in photos], width=110)
    kind = _type(kept, draft)
    noted = next((found for one in photos if (found := photo_spot(ws, one)) is not None), None)
    spot = reporting.place(ws, f"patrol {draft}", ways=("phone", "house", "map"), fallback=noted)
    _remark(ws, kept, photos, (spot, given.by_camera))
    if kind is not None and spot is not None:
        _alike(kept, kind, spot, photos)
    _rest(kept, kind, spot, photos)
    return spot


def _type(kept: Ledger, draft: str) -> str | None:
    grid = state.grid()
    common = commonest(desk.cases(), () if grid is None else (grid,), kept.rules, state.lang())
    with st.container(key="big_types"):
        button = st.pills(t(TYPE), list(common), format_func=common.__getitem__, key=f"patrol type {draft}")
    titles = type_titles(kept.rules, state.lang())
    options: dict[str, Any] = {"index": None, "placeholder": t(OTHER_TYPE), "label_visibility": "collapsed"}
    other = st.selectbox(
        t(OTHER_TYPE), list(titles), format_func=titles.__getitem__, key=f"patrol other {draft}", **options
    )
    chosen: str | None = other or button
    return chosen


def _remark(ws: Workspace, kept: Ledger, photos: Sequence[Photo], where: tuple[Spot | None, bool]) -> None:
    """Tell kindly what a photo says of itself, and whether it was used before."""
    spot, by_camera = where
    told = [one for photo in photos for one in remarks(ws, photo, spot, log=kept.log(), now=desk.now())]
    for one in {one.found: one for one in told}.values():
        if not (by_camera and one.code == "photo_no_exif"):
            st.caption(t(REMARK).format(what=plain(t(one.found))))


def _alike(kept: Ledger, kind: str, spot: Spot, photos: Sequence[Photo]) -> None:
    """Show issues that may be the same one, before another is sent."""
    now = desk.as_of()
    found = lines(alike(desk.cases(), kind, spot, now), now, kept.rules, state.lang())
    if not found:
        return
    with st.container(border=True):
        st.markdown(f"**{t(SAME)}**")
        for one in found:
            st.markdown(f"{plain(one.head)} — {plain(one.issue)}")
            st.caption(plain(one.body))
            if st.button(t(IT_IS), key=f"same {one.issue}", disabled=not photos, width="stretch"):
                _join(kept, one.issue, photos)
        if not photos:
            st.caption(t(NEEDS_PHOTO))


def _join(kept: Ledger, issue: str, photos: Sequence[Photo]) -> None:
    pictures = tuple(picture_of(one) for one in photos)
    try:
        refused = pictures_added(
            kept, issue, pictures, desk.powers(), at=desk.now(), command_id=reporting.draft("patrol")
        )
    except DataError as error:
        _trouble(error)
        return
    state.keep(
        "patrol said", [t(JOINED).format(issue=plain(issue)), *(plain(one.in_(state.lang())) for one in refused)]
    )
    reporting.begin_again("patrol")
    st.rerun()


def _rest(kept: Ledger, kind: str | None, spot: Spot | None, photos: Sequence[Photo]) -> None:
    """Ask how severe it is and for words, and send it."""
    draft = reporting.draft("patrol")
    grades = {at: t(one) for at, one in enumerate(GRADES, start=1)}
    with st.container(key="big_severity"):
        severity = st.segmented_control(
            t(SEVERITY), list(grades), default=None if kind is None else usual_severity(kind, kept.rules),
            format_func=grades.__getitem__, key=f"patrol severity {draft} {kind}",
            width="stretch",
        )  # fmt: skip
    words = st.text_area(t(WORDS), key=f"patrol words {draft}", height=70, max_chars=500)
    tag = campaign_choice(kept, f"patrol campaign {draft}")
    lacking = [t(text) for text, there in ((reporting.KIND, kind), (reporting.PLACE, spot)) if there is None]
    with st.container(key="send_patrol"):
        if (
            st.button(t(SEND), type="primary", disabled=bool(lacking), width="stretch")
            and kind is not None
            and spot is not None
        ):
            address = spot.address and spot.address.in_(state.workspace().manifest.language)
            said = Report(
                issue_type=kind, source=SOURCE, severity=severity, text=words, address=address,
                x_m=spot.x_m, y_m=spot.y_m, grid_id=spot.grid_id, tag=tag, pictures=tuple(picture_of(one) for one in photos),
            )  # fmt: skip
            _send(kept, said)
    if lacking:
        st.caption(t(LACKING).format(what=t(Text("、", ", ")).join(lacking)))


def _send(kept: Ledger, said: Report) -> None:
    try:
        done = report(kept, said, desk.powers(), at=desk.now(), command_id=reporting.draft("patrol"))
    except (TransitionError, DataError) as error:
        _trouble(error)
        return
    state.keep("patrol said", _told(kept, done))
    reporting.begin_again("patrol")
    st.rerun()


def _told(kept: Ledger, done: Reported) -> list[str]:
    """Say the reference, the deadline and who is next."""
    onward = next_words(str(done.event.state), kept.rules)
    told = [t(due_words(done.event, desk.now())), *([] if onward is None else [t(onward)]), *map(t, done.refused)]
    return [f"**{t(SENT).format(reference=done.reference)}**", *map(plain, told)]


def _said_last() -> None:
    said = state.kept("patrol said")
    if said:
        st.success("\n\n".join(said))


def _trouble(error: TransitionError | DataError) -> None:
    said = [one.line(state.lang()) for one in error.problems] if isinstance(error, DataError) else [t(error.message)]
    for one in said:
        st.error(plain(one))
