"""Report: a resident's form, and how far a report is by its reference."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from geo.errors import DataError, TransitionError
from geo.text import Text
from layers import Workspace
from layers.ledger.acting.acts import Powers
from layers.ledger.acting.references import reference_of
from layers.ledger.acting.reporting import Report, Reported, report
from layers.ledger.crew.contacts import LONGEST, keep_contact
from layers.ledger.store.ledger import Ledger
from layers.ledger.timing.pace import LOOK_UPS, REPORTS, Pace
from reports.case_table import type_titles
from reports.patrol import picture_of
from reports.public_status import due_words, next_words, status
from reports.spots import Spot
from views import desk, frame, persons, reporting, state
from views.plain import plain
from views.state import t

TITLE = Text("上报", "Report")
INTRO = Text(
    "看到路灯不亮、下水道堵塞、垃圾堆积？告诉我们在哪里。",
    "A light that is out, a blocked drain, rubbish? Tell us where.",
)
WHAT = Text("什么问题？", "What is it?")
WHAT_HINT = Text("选择或输入，如“路灯不亮”", "choose or type, such as a street light")
WORDS = Text("具体情况", "What did you see?")
WORDS_HINT = Text("请勿写姓名、电话等个人信息", "please name no persons")
PHOTO = Text("照片（可不填，至多 3 张）", "Photos (if you like, three at most)")
WHERE = Text("在哪里？", "Where is it?")
CONTACT = Text("联系方式（可不填）", "How we may reach you (if you like)")
CONTACT_HELP = Text(
    "只给办理人员回访用，与上报内容分开保存，可以随时要求删除，不会公开。",
    "Only for those who deal with it, to call you back. It is kept apart from the report, is never shown, and is erased when you ask.",
)
SEND = Text("上报", "Send")
SENT = Text("已收到。您的查询编号是 **{reference}**", "We have it. Your reference is **{reference}**")
KEEP = Text("请记下编号，随时可在下面查询办理情况。", "Note it down: with it you can ask below how far your report is.")
LACKING = Text("还缺：{what}", "Still missing: {what}")
WAIT = Text("提交次数已到上限，请在 {at} 后再试。", "That was often enough for now; try again after {at}.")
LOOK = Text("查询我的上报", "Look up my report")
REFERENCE = Text("查询编号（如 K7Q-M2X-W9H）", "Reference (such as K7Q-M2X-W9H)")
WRONG = Text("编号有误，请对照后重新输入。", "That is no reference; check it and type it again.")
UNKNOWN = Text("没有这个编号的上报。", "There is no report with this reference.")
WHAT_HAPPENED = Text("办理经过", "What happened")
SOURCE = "居民上报"
"""The source of such reports, in the words that registers use."""
MOST = 3


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
        _shown(ws, kept)
    frame.foot(ws)


def _shown(ws: Workspace, kept: Ledger) -> None:
    mine = persons.reporting()
    _said_last()
    report_tab, look_tab = st.tabs([t(TITLE), t(LOOK)])
    with report_tab:
        _form(ws, kept, mine)
    with look_tab:
        _look(kept)


def _form(ws: Workspace, kept: Ledger, mine: Powers) -> None:
    st.markdown(t(INTRO))
    draft = reporting.draft("report")
    titles = type_titles(kept.rules, state.lang())
    options: dict[str, Any] = {"index": None, "placeholder": t(WHAT_HINT)}
    kind = st.selectbox(t(WHAT), list(titles), format_func=titles.__getitem__, key=f"report type {draft}", **options)
    st.markdown(t(WHERE))
    ways = ("map", "address", "house", "phone")
    spot = reporting.place(ws, f"report {draft}", ways=ways)
    words = st.text_area(t(WORDS), key=f"report words {draft}", max_chars=1000, placeholder=t(WORDS_HINT), height=90)
    with st.expander(t(PHOTO)):
        files = reporting.uploads(f"report {draft}", most=MOST, camera=False).files
    contact = st.text_input(t(CONTACT), key=f"report contact {draft}", max_chars=LONGEST, help=t(CONTACT_HELP))
    needed = ((reporting.KIND, kind), (reporting.PLACE, spot))
    lacking = [t(text) for text, there in needed if there is None]
    with st.container(key="send_report"):
        pressed = st.button(t(SEND), type="primary", disabled=bool(lacking), width="stretch")
    if lacking:
        st.caption(t(LACKING).format(what=t(Text("、", ", ")).join(lacking)))
    elif pressed and spot is not None and _in_time("reports", REPORTS):
        _send(ws, kept, mine, said=(str(kind), spot, words), files=files, contact=contact)


def _in_time(name: str, pace: Pace) -> bool:
    """Tell whether the session may do this now, and count it; else say when."""
    times, now = state.kept(f"pace {name}") or (), desk.now()
    later = pace.next_at(times, now)
    if later is not None:
        st.warning(t(WAIT).format(at=f"{later:%H:%M}"))
        return False
    state.keep(f"pace {name}", (*pace.recent(times, now), now))
    return True


def _send(
    ws: Workspace,
    kept: Ledger,
    mine: Powers,
    *,
    said: tuple[str, Spot, str],
    files: Sequence[tuple[str, bytes]],
    contact: str,
) -> None:
    kind, spot, words = said
    photos = reporting.kept_photos(ws, files)
    address = spot.address and spot.address.in_(ws.manifest.language)
    wanted = Report(
        issue_type=kind, source=SOURCE, text=words, address=address, x_m=spot.x_m, y_m=spot.y_m,
        grid_id=spot.grid_id, pictures=tuple(picture_of(one) for one in photos),
    )  # fmt: skip
    try:
        done = report(kept, wanted, mine, at=desk.now(), command_id=reporting.draft("report"))
        if contact.strip() and done.is_new:
            keep_contact(kept, done.reference, contact)
    except TransitionError as error:
        st.error(plain(t(error.message)))
        return
    except DataError as error:
        st.error("\n\n".join(plain(one.line(state.lang())) for one in error.problems))
        return
    state.keep("report said", _told(kept, done))
    reporting.begin_again("report")
    st.rerun()


def _told(kept: Ledger, done: Reported) -> list[str]:
    """Say the reference, the deadline and who is next."""
    onward = next_words(str(done.event.state), kept.rules)
    told = [due_words(done.event, desk.now()), *([] if onward is None else [onward]), KEEP]
    return [t(SENT).format(reference=done.reference), *(plain(t(one)) for one in told)]


def _said_last() -> None:
    said = state.kept("report said")
    if said:
        st.success("\n\n".join(said))


def _look(kept: Ledger) -> None:
    """Tell how far a report is, to whoever has its reference."""
    with st.form("report look", border=False):
        typed = st.text_input(t(REFERENCE), key=state.own("report reference"), max_chars=40)
        asked = st.form_submit_button(t(LOOK), width="stretch")
    if not asked or not typed.strip() or not _in_time("look-ups", LOOK_UPS):
        return
    reference = reference_of(typed)
    if reference is None:
        st.warning(t(WRONG))
        return
    events = kept.events(reference)
    if not events:
        st.warning(t(UNKNOWN))
        return
    _status(kept, reference)


def _status(kept: Ledger, reference: str) -> None:
    events, own = kept.events(reference), kept.case(reference)
    head = kept.case(own.head) if own.head is not None else None
    found = status(reference, events, kept.rules, desk.now(), head=head)
    with st.container(border=True):
        st.markdown(f"**{plain(t(found.kind))}** · {plain(reference)}")
        st.markdown(plain(t(found.state)))
        if found.due is not None:
            st.markdown(plain(t(found.due)))
        st.caption(t(WHAT_HAPPENED))
        st.markdown("\n".join(f"- {at:%Y-%m-%d %H:%M} {plain(t(words))}" for at, words in found.steps))
