"""Coming in and going out: the form for login and password, one-time codes, and who is logged in."""

import streamlit as st

from geo.text import Text
from layers.ledger.crew.accounts import LogIn, change_password, log_in, log_out
from layers.ledger.crew.invitations import NewAccount, redeem, want_accounts, wants_owner
from layers.ledger.store.ledger import Ledger
from layers.manifest import read_manifest
from layers.people.identity import OpenId
from views import cached, persons, state
from views.persons import NotLetInError
from views.plain import plain
from views.state import t
from views.tab_memory import remembered
from views.terminal import tell_owner_code

TITLE = Text("请登录", "Log in")
NOTHING = Text("暂无内容", "Nothing to show")
LOGIN, PASSWORD = Text("登录名", "Login"), Text("密码", "Password")
ENTER, LEAVE = Text("登录", "Log in"), Text("退出登录", "Log out")
CODE = Text("一次性登录码", "One-time code")
HAVE_CODE = Text("我有一次性登录码（首次登录或重设密码）", "I have a one-time code (first login or new password)")
CODE_HELP = Text("形如 K7QM-2XWD-9HTR-PV4C，大小写不限", "Such as K7QM-2XWD-9HTR-PV4C, in any case")
NAME = Text("您的姓名", "Your name")
CHOOSE_LOGIN = Text("自定登录名", "Choose a login")
CHOOSE_PASSWORD = Text("设置密码（至少 {least} 个字符）", "Choose a password ({least} characters at least)")
OPEN_UP = Text("启用", "Go in")
SHOW_CODE = Text("在终端上显示登录码", "Show the code on the terminal")
SHOWN = Text(
    "登录码已显示在启动挂图的终端窗口中，一小时内有效。",
    "The code stands in the terminal window in which Guatu was started; it is good for an hour.",
)
PROVIDER = Text("用单位统一身份登录", "Log in with your organisation's account")
NOT_SET_UP = Text(
    "统一身份登录尚未在服务器上设置完成，请联系管理员。",
    "Login with your organisation's account is not set up on this server yet; ask who runs it.",
)
HERE = Text("已登录：{name}", "Logged in: {name}")
CHANGE = Text("修改密码", "Change password")
OLD, NEW = Text("现在的密码", "Present password"), Text("新密码", "New password")
CHANGED = Text("密码已修改，其他设备已退出登录。", "The password is changed; other devices are logged out.")


def passed(action: str) -> bool:
    """Tell whether the person may see a page; else say kindly why not, and let them in.

    Raises:
        DataError: the ledger cannot be opened.
    """
    try:
        persons.reporting() if action == persons.PUBLIC_REPORT else persons.require(action)
    except NotLetInError as error:
        _door(error)
        return False
    return True


def sidebar() -> None:
    """Show who is logged in, and the way out."""
    if not persons.has_accounts():
        return
    with st.sidebar:
        found = remembered(state.kept(persons.TOKEN))
    if found is not None:  # after a reload; one that no longer holds is forgotten
        state.keep(persons.TOKEN, found if persons.holds(found) else "")
        st.rerun()
    known, kept = persons.who(), persons.ledger()
    if known.person_id is None or kept is None:
        return
    name = persons.powers().register.name(known.person_id)
    with st.sidebar:
        st.caption(plain(t(HERE.format(name=name))))
        if known.token is not None:
            with st.popover(t(CHANGE), width="stretch"):
                _new_password(kept, known.token)
            st.button(t(LEAVE), on_click=_leave, key=state.own("log out"), width="stretch")
        elif known.way == "openid":
            st.button(t(LEAVE), on_click=st.logout, key=state.own("log out"), width="stretch")


def code_form(kept: Ledger, *, key: str) -> None:
    """Show the form for a one-time code; the first owner also gives a name."""
    is_first, settings = wants_owner(kept, persons.now()), persons.identity()
    stranger = persons.who().stranger
    with st.form(state.own(f"code {key}"), border=False):
        code = st.text_input(t(CODE), help=t(CODE_HELP), autocomplete="one-time-code")
        name = st.text_input(t(NAME)) if is_first else ""
        login = password = ""
        if stranger is None:
            login = st.text_input(t(CHOOSE_LOGIN), autocomplete="username")
            words = t(CHOOSE_PASSWORD.format(least=settings.password_least))
            password = st.text_input(words, type="password", autocomplete="new-password")
        if st.form_submit_button(t(OPEN_UP), type="primary"):
            said = NewAccount(login, password, name, stranger)
            hours, least = settings.session_hours, settings.password_least
            _enter(redeem(kept, code, said, at=persons.now(), hours=hours, least=least))


def show_code(words: Text = SHOW_CODE, *, primary: bool = False) -> None:
    """Offer to show the code of the first owner on the terminal; the ledger is begun for that where there is none."""
    if st.button(t(words), key=state.own("show code"), type="primary" if primary else "secondary"):
        kept = persons.ledger() or _begun()
        want_accounts(kept)
        tell_owner_code(kept, state.volume().title, persons.now())
        st.success(t(SHOWN))


def _door(why: NotLetInError) -> None:
    """Show what keeps somebody out, and every way in."""
    st.title(t(NOTHING if why.is_known else TITLE))
    st.caption(plain(t(state.volume().title)))
    st.info(plain(state.label(why.message)))
    if why.is_known:
        return
    with st.container(width=460):
        if not persons.has_accounts():
            show_code()
        kept = persons.ledger()
        if kept is not None:
            _ways(kept)


def _ways(kept: Ledger) -> None:
    """Show every way in."""
    settings, is_first = persons.identity(), wants_owner(kept, persons.now())
    if persons.has_accounts():
        if settings.password:
            _password_form(kept, settings.session_hours)
        if settings.openid is not None:
            _provider(settings.openid)
        with st.expander(t(HAVE_CODE), expanded=is_first):
            if is_first:
                show_code()
            code_form(kept, key="door")
    elif is_first:
        code_form(kept, key="door")


def _begun() -> Ledger:
    """Give the ledger of a workspace that had none."""
    folder = state.volume().folder
    return cached.ledger_of(folder, read_manifest(folder).ledger)


def _password_form(kept: Ledger, hours: float) -> None:
    with st.form(state.own("log in")):
        login = st.text_input(t(LOGIN), autocomplete="username")
        password = st.text_input(t(PASSWORD), type="password", autocomplete="current-password")
        if st.form_submit_button(t(ENTER), type="primary", width="stretch"):
            _enter(log_in(kept, login, password, at=persons.now(), address=persons.address(), hours=hours))


def _provider(openid: OpenId) -> None:
    """Offer the login of an identity provider, where the server is set up for it."""
    is_set_up = st.secrets.load_if_toml_exists() and "auth" in st.secrets
    if is_set_up:
        st.button(t(PROVIDER), on_click=st.login, args=(openid.provider,), key=state.own("provider"), width="stretch")
    else:
        st.caption(t(NOT_SET_UP))


def _new_password(kept: Ledger, token: str) -> None:
    with st.form(state.own("new password"), border=False, clear_on_submit=True):
        old = st.text_input(t(OLD), type="password", autocomplete="current-password")
        new = st.text_input(t(NEW), type="password", autocomplete="new-password")
        if st.form_submit_button(t(CHANGE)):
            least, where = persons.identity().password_least, persons.address()
            why = change_password(kept, token, (old, new), at=persons.now(), address=where, least=least)
            (st.error if why else st.success)(plain(state.label(why or CHANGED)))


def _enter(found: LogIn) -> None:
    """Keep the token and show the page, or say why not."""
    if found.person_id is None:
        st.error(plain(state.label(found.words or TITLE)))
        return
    state.keep(persons.TOKEN, found.token or "")
    st.rerun()


def _leave() -> None:
    token, kept = state.kept(persons.TOKEN), persons.ledger()
    if token and kept is not None:
        log_out(kept, token)
    state.keep(persons.TOKEN, "")
