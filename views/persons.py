"""Who is at the other end, and what they may do: asked anew in every run and at every write.

A person is known by a session of ours, by a header that a trusted proxy sets, or by an identity provider. The token of
a session is no cookie: the browser sends it only where the page asks for it.
"""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import pandas as pd
import streamlit as st

from geo.errors import GuatuError, ManifestError
from geo.text import Text
from layers.ledger.crew.accounts import person_of
from layers.ledger.crew.persons import accounts, bind, links, open_powers, powers_of
from layers.ledger.store.files import has_ledger
from layers.ledger.store.ledger import Ledger
from layers.manifest import read_manifest
from layers.people.appointments import Appointment
from layers.people.identity import Identity
from layers.people.outside import PROXY, Link, Outside, claimed, headed
from layers.people.powers import Granted
from layers.people.refusals import why_not
from layers.people.rights import PUBLIC, may, open_to_all, owners
from layers.succession import responsible
from layers.workspace import Workspace
from views import cached, state

TOKEN = "token"  # noqa: S105 (the name under which it is kept)
OWNER_ROLE = "owner"
SEE, REPORT, PUBLIC_REPORT = "see_map", "report", "public report"
"""Rights that pages ask for; the last stands for the right to report, which may be open to everybody."""
LOG_IN = Text("请先登录。", "Please log in.")
FAR = Text(
    "本工作区还没有账户，因此只在它所在的电脑上开放。请用终端上显示的一次性登录码成为首位所有者。",
    "This workspace has no accounts yet, so it is open on its own computer only. Become its first owner with the "
    "one-time code that the terminal shows.",
)
NO_ROLE = Text(
    "{name}，您好！您已登录，但目前没有任何职务，因此看不到内容。请联系{owners}任命。",
    "Hello {name}. You are logged in but hold no role at present, so there is nothing to show. Ask {owners} to appoint you.",
)
OWNER = Text("所有者", "the owner")
_LOCAL = ("127.0.0.1", "localhost", "::1")
_FORWARDED = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via")
"""Headers that a proxy sets: what comes through one is not this computer."""
_PROBE = "?"


class NotLetInError(GuatuError):
    """Nothing is shown; ``is_known`` tells that the person is logged in and lacks a role."""

    def __init__(self, message: Text, *, is_known: bool = False) -> None:
        super().__init__(message)
        self.is_known = is_known


class Known(NamedTuple):
    """Who is there: the person, or why there is none; ``token`` of a session of ours, ``way`` in.

    ``stranger`` is somebody whom a provider or a proxy vouches for and who is no person here yet.
    """

    person_id: str | None
    way: str = ""
    token: str | None = None
    words: Text | None = None
    stranger: Link | None = None


def now() -> datetime:
    """Give the present, naive local time to the second."""
    return datetime.now().replace(microsecond=0)  # noqa: DTZ005 (workspaces keep naive local time)


def identity() -> Identity:
    """Give the settings of login of the chosen workspace; the usual ones if its manifest cannot be read."""
    try:
        return read_manifest(state.volume().folder).identity
    except ManifestError:  # the page lists its faults
        return Identity()


def ledger() -> Ledger | None:
    """Give the ledger of the chosen workspace, whether or not the rest of it can be opened; None if it has none.

    Raises:
        DataError: it has one that cannot be opened.
    """
    folder = state.volume().folder
    try:
        url = read_manifest(folder).ledger
    except ManifestError:  # the page lists its faults
        url = None
    return cached.ledger_of(folder, url) if has_ledger(folder, url) else None


def has_accounts() -> bool:
    """Tell whether the chosen workspace has accounts."""
    kept = ledger()
    return kept is not None and accounts(kept) > 0


def own_machine() -> bool:
    """Tell whether whoever asks sits at this computer: no other can reach the server, and no proxy stands between."""
    headers = st.context.headers
    host = (headers.get("Host") or _LOCAL[0]).lower()
    is_local = any(host == one or host.startswith((f"{one}:", f"[{one}]")) for one in _LOCAL)
    is_near = is_local and address() is None and not any(one in headers for one in _FORWARDED)
    return is_near and st.get_option("server.address") in _LOCAL


def address() -> str | None:
    """Give the address of the other end, None for this computer."""
    found = st.context.ip_address
    return found if isinstance(found, str) else None


def who() -> Known:
    """Tell who is there."""
    kept = ledger()
    if kept is None:
        return Known(None)
    token = state.kept(TOKEN)
    person = person_of(kept, token, now()) if token else None
    if person is not None:
        return Known(person, "session", token)
    settings = identity()
    found = Known(None)
    if settings.proxy is not None:
        found = _behind_proxy(kept, settings)
    if found.person_id is None and found.stranger is None and settings.openid is not None:
        found = _vouched(kept, settings)
    return found


def holds(token: str) -> bool:
    """Tell whether a token is that of a session that is not over."""
    kept = ledger()
    return kept is not None and person_of(kept, token, now()) is not None


def powers() -> Granted:
    """Give what the person of the session may do now, in the chosen workspace.

    Raises:
        NotLetInError: nobody is known, or there are no accounts and they are not at this computer.
        DataError: the ledger cannot be opened.
    """
    kept = ledger()
    count = 0 if kept is None else accounts(kept)
    if open_to_all(count, own_machine=own_machine()):
        return open_powers(kept, now(), _grids(), state.volume().folder)
    if kept is None or not count:
        raise NotLetInError(FAR)
    known = who()
    if known.person_id is None:
        raise NotLetInError(known.words or LOG_IN)
    return powers_of(kept, known.person_id, now(), _grids())


def require(action: str) -> Granted:
    """Give the powers of the person of the session, who has the right to an action somewhere.

    Raises:
        NotLetInError: they do not.
    """
    mine = powers()
    if may_anywhere(mine, action):
        return mine
    if mine.rights.held:
        refusal = why_not(mine.rights, action, mine.rights.held[0].grid_id, register=mine.register)
        raise NotLetInError(refusal or LOG_IN, is_known=True)
    named = [mine.register.name(one) for one in owners(mine.register.appointments, mine.rights.at)]
    names = Text("、".join(named), " or ".join(named)) if named else OWNER
    raise NotLetInError(NO_ROLE.format(name=mine.register.name(mine.person_id), owners=names), is_known=True)


def may_see() -> bool:
    """Tell whether the person of the session may see anything, for a part of a page that runs by itself.

    Raises:
        DataError: the ledger cannot be opened.
    """
    try:
        require(SEE)
    except NotLetInError:
        return False
    return True


def reporting() -> Granted:
    """Give the powers with which somebody reports: their own, or those of the public where the form is open to it.

    Raises:
        NotLetInError: nobody is known, and the form is not public.
        DataError: the ledger cannot be opened.
    """
    try:
        return require(REPORT)
    except NotLetInError:
        kept = ledger()
        if kept is None or not identity().public_report:
            raise
        mine = powers_of(kept, PUBLIC, now(), _grids())
        anyone = Appointment(PUBLIC, "reporter", None, mine.rights.at)
        return replace(mine, rights=replace(mine.rights, held=(anyone,)))


def may_anywhere(mine: Granted, action: str) -> bool:
    """Tell whether somebody has the right to an action in any of their areas."""
    places = [one.grid_id for one in mine.rights.held]
    return mine.rights.open_to_all or any(may(mine.rights, action, one) for one in places)


def _behind_proxy(kept: Ledger, settings: Identity) -> Known:
    proxy = settings.proxy
    if proxy is None:
        return Known(None)
    headers = st.context.headers
    sent = [(name, value) for name in headers for value in headers.get_all(name)]
    peer = address() or _LOCAL[0]
    found = headed(sent, peer, links(kept), proxy)
    if found is None:
        return Known(None)
    login = (headers.get(proxy.header) or "").strip()
    as_stranger = headed(sent, peer, [Link(_PROBE, PROXY, login)], proxy)
    return _known(found, "proxy", as_stranger, Link("", PROXY, login))


def _vouched(kept: Ledger, settings: Identity) -> Known:
    openid = settings.openid
    claims = dict(st.user)
    if openid is None or not claims.get("is_logged_in"):
        return Known(None)
    times = {"now_s": datetime.now().astimezone().timestamp(), "hours": settings.session_hours}
    found = claimed(claims, links(kept, openid.issuer), openid, **times)
    if found.link is not None:
        bind(kept, found.link)
    subject = str(claims.get("sub"))
    as_stranger = claimed(claims, [Link(_PROBE, openid.issuer, subject)], openid, **times)
    return _known(found, "openid", as_stranger, Link("", openid.issuer, subject))


def _known(found: Outside, way: str, as_stranger: Outside | None, link: Link) -> Known:
    if found.person_id is not None:
        return Known(found.person_id, way)
    is_trusted = as_stranger is not None and as_stranger.person_id == _PROBE
    return Known(None, way, words=found.words, stranger=link if is_trusted else None)


def _grids() -> pd.DataFrame | None:
    """Give the grids of all levels; None if there are none or the workspace cannot be opened."""
    found = cached.opened(state.volume().folder, state.mark())
    return responsible(found.tables) if isinstance(found, Workspace) else None
