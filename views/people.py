"""People: who holds which role where and until when; appointing, inviting, and what each has done."""

import streamlit as st

from geo.text import Text
from layers.ledger.crew.accounts import logins
from layers.ledger.crew.invitations import wants_owner
from layers.ledger.crew.persons import people
from layers.ledger.store.ledger import Ledger
from reports.people_table import TITLES, Staff, people_table
from views import frame, login, people_forms, persons, state
from views.plain import plain
from views.state import t
from views.tables import pick_row

TITLE = Text("人员", "People")
OPEN = Text(
    "本工作区还没有账户：坐在这台电脑前的人可以做任何事。启用账户后，没有职务的人什么也看不到、改不了。",
    "This workspace has no accounts: whoever sits at this computer may do everything. Once there are accounts, nobody "
    "without a role sees or changes anything.",
)
START = Text("启用账户", "Start accounts")
FIRST = Text(
    "成为首位所有者：输入终端窗口中的一次性登录码。",
    "Become the first owner: type the one-time code that stands in the terminal window.",
)
OWNER_HINT = Text(
    "所有者任命人员、维护数据，但不办理问题；需要办理时，请另给自己任命社区、街道等职务。",
    "An owner appoints people and keeps the data but does not work on issues: to do that, appoint yourself to a role "
    "such as community or street office as well.",
)
SEARCH = Text("查找（姓名、职务、区域、部门）", "Search (name, role, area, department)")
NOBODY = Text("没有符合的人员。", "Nobody found.")
ENDED = Text("也列出已结束的任命", "List appointments that have ended, too")
PICK = Text(
    "在表中点选一行，即可任命、邀请或查看其办理记录。", "Choose a row to appoint, invite or see what somebody did."
)
CHOSEN = "person"


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    kept, mine = persons.ledger(), persons.powers()
    if mine.rights.open_to_all:
        _start(kept)
    if kept is None:
        frame.foot(ws)
        return
    staff = Staff(people(kept), mine.register, logins(kept), mine, persons.now())
    with st.container():  # there even when empty: what follows keeps its place in the page
        people_forms.said()
    if mine.rights.roles(None) == {persons.OWNER_ROLE}:
        st.caption(t(OWNER_HINT))
    _table(staff)
    if persons.may_anywhere(mine, "appoint"):
        people_forms.new_person(kept)
    chosen = state.kept(CHOSEN)
    if chosen in {one.person_id for one in staff.people}:
        people_forms.person(kept, staff, chosen)
    frame.foot(ws)


def _start(kept: Ledger | None) -> None:
    """Offer to have accounts, and the form for the code that stands on the terminal."""
    with st.container(border=True):
        st.markdown(t(OPEN))
        is_first = kept is not None and wants_owner(kept, persons.now())
        login.show_code(login.SHOW_CODE if is_first else START, primary=not is_first)
        kept = persons.ledger()
        if kept is not None and wants_owner(kept, persons.now()):
            st.markdown(t(FIRST))
            with st.container(width=460):
                login.code_form(kept, key="start")


def _table(staff: Staff) -> None:
    """Show who holds what; the marked row is the chosen person."""
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    text = left.text_input(t(SEARCH), key=state.own("people text"))
    ended = right.toggle(t(ENDED), key=state.own("ended"))
    table = people_table(staff, state.lang(), ended=ended, text=text)
    if table.empty:
        st.info(t(NOBODY))
        return
    config = {name: st.column_config.TextColumn(t(words)) for name, words in TITLES.items()}
    key = state.key("people", (state.lang(), ended, text, *table.index))
    picked = pick_row(table, config, key=key)
    if picked is not None:
        state.keep(CHOSEN, picked.split(" ", maxsplit=1)[0])
    elif state.kept(CHOSEN) is None:
        st.caption(plain(t(PICK)))
