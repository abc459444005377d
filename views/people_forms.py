"""What is done to one person on the People page: appoint, end, invite, change, forget; and what the person did."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from geo.errors import DataError, TransitionError
from geo.text import Text
from layers.ledger.crew.duties import appoint, dismiss
from layers.ledger.crew.invitations import invite
from layers.ledger.crew.persons import Person, add_person, change_person, forget, link_person, links, story
from layers.ledger.store.ledger import Ledger
from layers.people.appointments import Appointment
from layers.people.outside import PROXY, Link
from reports.people_table import STORY_TITLES, Staff, area_words, roles_words, span, story_table
from views import persons, state
from views.desk import command
from views.plain import plain
from views.state import t
from views.tables import show_problems

ADD = Text("登记人员", "Enter a person")
NAME, DEPARTMENT = Text("姓名", "Name"), Text("部门或单位", "Department")
PHONE, EMAIL = Text("电话", "Phone"), Text("电子邮箱", "Email")
PROXY_LOGIN = Text("在反向代理处的登录名", "Login at the proxy")
SAVE = Text("保存", "Save")
APPOINT, DUTIES = Text("任命", "Appoint"), Text("现有任命", "Appointments")
ACCOUNT, CONTACT = Text("登录", "Login"), Text("资料", "Details")
STORY = Text("办理记录", "What was done")
ROLE, AREA = Text("职务", "Role"), Text("负责区域", "Area")
SINCE, UNTIL = Text("自", "From"), Text("至（含当日，留空为长期）", "Until (that day included; empty: no end)")
NONE_TO_GIVE = Text("您没有可任命的职务。", "There is no role that you may give.")
NO_DUTY = Text("没有任命。", "No appointment.")
DISMISS = Text("免去：{words}", "End: {words}")
INVITE, RESET = Text("生成一次性登录码", "Make a one-time code"), Text("重设密码", "Reset the password")
INVITE_HELP = Text(
    "登录码只显示这一次，一小时内有效；请当面或电话告知本人。原密码和已有登录立即失效。",
    "The code is shown this once and good for an hour; tell it to the person directly. The old password and all logins "
    "of the person end at once.",
)
CODE_SAID = Text("{name}的一次性登录码（只显示这一次）", "One-time code for {name}, shown this once")
FORGET = Text("删除个人信息", "Forget this person")
FORGET_HELP = Text(
    "姓名、电话、邮箱和账户将被删除且不能恢复；办理记录只留下编号。",
    "Name, phone, email and account are erased for good; what was done keeps an id that says nothing.",
)
SURE = Text("确认删除“{name}”的个人信息", "Yes, forget {name}")
DONE = Text("已保存。", "Saved.")
NOTHING_DONE = Text("没有记录。", "Nothing yet.")
DEED = Text("做什么", "What to do")
CHOOSE = Text("请选择", "Choose one")
CHOSEN, SAID, WHAT = "person", "people said", "people what"
WHOLE = "*"
"""Stands for the whole workspace in the list of areas."""


def said() -> None:
    """Tell what was done in the run before."""
    words = state.kept(SAID)
    if words is not None:
        st.success(plain(t(words)))
        state.keep(SAID, None)


def new_person(kept: Ledger) -> None:
    """Show the form for a new person."""
    with st.expander(t(ADD)), st.form(state.own("new person"), border=False, clear_on_submit=True):
        found = _details(Person(""))
        if st.form_submit_button(t(SAVE), type="primary"):
            _done(lambda: state.keep(CHOSEN, add_person(kept, found, persons.powers(), at=persons.now()).person_id))


def person(kept: Ledger, staff: Staff, person_id: str) -> None:
    """Show one person."""
    st.subheader(plain(t(staff.name(person_id))), anchor=False)
    st.caption(plain(t(roles_words(staff, person_id))))
    mine = staff.powers
    manages = persons.may_anywhere(mine, "appoint")
    sees = manages or persons.may_anywhere(mine, "see_history") or mine.person_id == person_id
    offered: dict[str, tuple[Text, Callable[[Ledger, Staff, str], None]]] = {}
    if manages:
        offered |= {"appoint": (APPOINT, _appoint), "duties": (DUTIES, _duties)}
        offered |= {"account": (ACCOUNT, _account), "details": (CONTACT, _contact)}
    if sees:
        offered["story"] = (STORY, _story)
    if not offered:
        return
    chosen = state.kept(WHAT) if state.kept(WHAT) in offered else next(iter(offered))
    look = {"options": list(offered), "format_func": lambda one: t(offered[one][0]), "required": True}
    look |= {"label_visibility": "collapsed"}
    moved = partial(state.keep, WHAT)
    state.bound(st.segmented_control, t(DEED), key=state.own(WHAT), value=chosen, moved=moved, **look)
    offered[chosen][1](kept, staff, person_id)


def _appoint(kept: Ledger, staff: Staff, person_id: str) -> None:
    roles = staff.may_give()
    if not roles:
        st.info(t(NONE_TO_GIVE))
        return
    first, second, third = st.columns(3)
    words = {code: t(staff.role(code)) for code in roles}
    own = f" {person_id}"
    free: dict[str, Any] = {"index": None, "placeholder": t(CHOOSE)}
    role = first.selectbox(t(ROLE), roles, format_func=words.__getitem__, key=state.own(f"role{own}"), **free)
    areas = {one or WHOLE: t(area_words(staff, one)) for one in (staff.areas_for(role) if role else [])}
    area = second.selectbox(t(AREA), list(areas), format_func=areas.__getitem__, key=state.own(f"area{own}"), **free)
    department = third.text_input(t(DEPARTMENT), key=state.own(f"department{own}"))
    since = first.date_input(t(SINCE), value=staff.at.date(), format="YYYY-MM-DD", key=state.own(f"since{own}"))
    until = second.date_input(t(UNTIL), value=None, format="YYYY-MM-DD", key=state.own(f"until{own}"))
    is_whole = role is not None and area is not None and isinstance(since, date)
    if st.button(t(APPOINT), type="primary", disabled=not is_whole, key=state.own(f"appoint{own}")) and is_whole:
        times = span(since, until if isinstance(until, date) else None, persons.now())
        one = Appointment(person_id, role, None if area == WHOLE else area, *times, department.strip() or None)
        _done(lambda: appoint(kept, one, persons.powers(), at=persons.now(), command_id=command()))


def _duties(kept: Ledger, staff: Staff, person_id: str) -> None:
    held = staff.of(person_id)
    if not held:
        st.caption(t(NO_DUTY))
    for one in held:
        words = plain(t(DISMISS.format(words=staff.words(one))))
        if st.button(words, key=state.own(f"dismiss {hash(one)}")):
            _dismiss(kept, one)


def _dismiss(kept: Ledger, one: Appointment) -> None:
    _done(lambda: dismiss(kept, one, persons.powers(), at=persons.now(), command_id=command()))


def _account(kept: Ledger, staff: Staff, person_id: str) -> None:
    st.caption(t(INVITE_HELP))
    words = RESET if staff.logins.get(person_id) else INVITE
    if st.button(t(words), key=state.own(f"invite {person_id}")):
        try:
            code = invite(kept, person_id, persons.powers(), at=persons.now())
        except (TransitionError, DataError) as error:
            _refused(error)
            return
        st.markdown(plain(t(CODE_SAID.format(name=staff.name(person_id)))))
        st.code(code, language=None)


def _contact(kept: Ledger, staff: Staff, person_id: str) -> None:
    known = next(one for one in staff.people if one.person_id == person_id)
    proxy = persons.identity().proxy
    login = next((one.subject or "" for one in links(kept) if (one.person_id, one.issuer) == (person_id, PROXY)), "")
    with st.form(state.own(f"details {person_id}"), border=False):
        found = _details(known)
        wanted = st.text_input(t(PROXY_LOGIN), value=login) if proxy is not None else login
        if st.form_submit_button(t(SAVE)):
            _done(lambda: _change(kept, found, Link(person_id, PROXY, wanted.strip()), changed=wanted != login))
    with st.popover(t(FORGET)):
        st.markdown(t(FORGET_HELP))
        if st.button(plain(t(SURE.format(name=staff.name(person_id)))), key=state.own(f"forget {person_id}")):
            _done(lambda: forget(kept, person_id, persons.powers(), at=persons.now()))


def _change(kept: Ledger, found: Person, link: Link, *, changed: bool) -> None:
    change_person(kept, found, persons.powers(), at=persons.now())
    if changed:
        link_person(kept, link, persons.powers(), at=persons.now())


def _story(kept: Ledger, staff: Staff, person_id: str) -> None:
    table = story_table(story(kept, person_id), staff, state.lang())
    if table.empty:
        st.caption(t(NOTHING_DONE))
        return
    config = {name: st.column_config.TextColumn(t(words)) for name, words in STORY_TITLES.items()}
    st.dataframe(table, hide_index=True, column_config=config, placeholder="")


def _details(known: Person) -> Person:
    """Ask for the name of a person and how to reach them."""
    left, right = st.columns(2)
    own = state.own(f"of {known.person_id}")
    name = left.text_input(t(NAME), value=known.name, max_chars=60, key=f"name {own}")
    department = right.text_input(t(DEPARTMENT), value=known.department, max_chars=60, key=f"department {own}")
    phone = left.text_input(t(PHONE), value=known.phone, max_chars=40, key=f"phone {own}")
    email = right.text_input(t(EMAIL), value=known.email, max_chars=120, key=f"email {own}")
    return Person(known.person_id, name, department, phone, email)


def _done(deed: Callable[[], object]) -> None:
    """Do something with the rights that the person has at this moment, and show the page anew; or say why not."""
    try:
        deed()
    except (TransitionError, DataError) as error:
        _refused(error)
        return
    state.keep(SAID, DONE)
    st.rerun()


def _refused(error: TransitionError | DataError) -> None:
    if isinstance(error, DataError):
        show_problems(error.problems)
    else:
        st.error(plain(state.label(error.message)))
