"""Persons whom somebody else vouches for: an identity provider, or a proxy that sets a header.

Whoever it is, only a table of ours makes a person of them: a provider knows many whom nobody has appointed here.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from geo.text import Text
from layers.people.identity import OpenId, Proxy
from layers.people.tokens import secret_hash

PROXY = "proxy"
"""Issuer of the logins that a proxy sends."""
HOUR_S = 3_600
_EARLY_S = 300  # clocks of two machines differ
_LONGEST = 256  # characters of a login
_STRANGE = Text(
    "{who} 已通过身份验证，但尚未登记为本工作区人员", "{who} is known, but is no person of this workspace yet"
)


class Link(NamedTuple):
    """By what a person is known elsewhere: the issuer, and their subject or email there, or both."""

    person_id: str
    issuer: str
    subject: str | None = None
    email: str | None = None


class Outside(NamedTuple):
    """Who came in: the person, or why there is none; ``link`` is to be kept, as the subject is known now.

    ``is_ignored`` tells that a header came from elsewhere than the proxy: somebody may have tried to pass as another.
    """

    person_id: str | None
    words: Text
    link: Link | None = None
    is_ignored: bool = False


def claimed(
    claims: Mapping[str, object], links: Iterable[Link], settings: OpenId, *, now_s: float, hours: float
) -> Outside:
    """Give the person of the claims of a login.

    Args:
        claims: as the provider signed them: ``iss``, ``sub``, ``iat``, ``email``, ``email_verified``, ``groups``.
        links: by what persons are known.
        settings: of the provider.
        now_s: seconds since 1970, UTC.
        hours: how long a login is good for; the cookie of the page would last 30 days.
    """
    refused = _untrusted(claims, settings, now_s, hours * HOUR_S)
    if refused is not None:
        return Outside(None, refused)
    subject = str(claims["sub"])
    known = [one for one in links if one.issuer == settings.issuer]
    by_subject = {one.person_id for one in known if one.subject == subject}
    if by_subject:
        return _only(by_subject, subject)
    email = _email(claims)
    shown = Text.same(email or subject)
    if settings.match != "email" or email is None:
        return Outside(None, _STRANGE.format(who=shown))
    named = {one.person_id for one in known if one.email is not None and one.email.strip().casefold() == email}
    taken = {one.person_id for one in known if one.subject is not None}
    if named & taken:
        other = Text(
            "{who} 已绑定另一个账户，请所有者核对",
            "{who} belongs to another account there: ask the owner to look at it",
        )
        return Outside(None, other.format(who=shown))
    found = _only(named, email)
    if found.person_id is None:
        return found
    return found._replace(link=Link(found.person_id, settings.issuer, subject, email))


def headed(
    headers: Iterable[tuple[str, str]], peer: str | None, links: Iterable[Link], settings: Proxy
) -> Outside | None:
    """Give the person whom a proxy names in its header; None if the header is not there.

    Args:
        headers: names and values of the request, each as often as it was sent.
        peer: the address that the request came from; None if it is not known.
        links: by what persons are known; the issuer is ``PROXY``, the subject the login.
        settings: of the proxy.
    """
    sent = list(headers)
    logins = _values(sent, settings.header)
    if not logins:
        return None
    if not _is_proxy(sent, peer, settings):
        told = Text(
            "已忽略请求头 {name}：请求并非来自所设的反向代理",
            "header {name} was ignored: it did not come from the proxy",
        )
        return Outside(None, told.format(name=settings.header), is_ignored=True)
    login = logins[0].strip()
    if len(logins) > 1 or not login or len(login) > _LONGEST or not login.isprintable():
        wrong = Text("请求头 {name} 不是一个登录名", "header {name} does not hold one login")
        return Outside(None, wrong.format(name=settings.header), is_ignored=True)
    return _only({one.person_id for one in links if one.issuer == PROXY and one.subject == login}, login)


def _untrusted(claims: Mapping[str, object], settings: OpenId, now_s: float, life_s: float) -> Text | None:
    """Say why claims cannot be used at all."""
    subject, issued = claims.get("sub"), claims.get("iat")
    if claims.get("is_logged_in", True) is not True or not isinstance(subject, str) or not subject:
        return Text("请先登录", "log in first")
    if claims.get("iss") != settings.issuer:
        return Text("登录来自另一个身份提供方", "the login comes from another identity provider")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return Text("登录没有时间，请重新登录", "the login bears no time: log in again")
    if not -_EARLY_S <= now_s - issued < life_s:
        return Text("登录已过期，请重新登录", "the login is over: log in again")
    groups = claims.get("groups")
    theirs = groups if isinstance(groups, list | tuple) else [groups]
    if settings.group is not None and settings.group not in theirs:
        return Text("不在用户组 {name} 中", "not in the group {name}").format(name=settings.group)
    return None


def _email(claims: Mapping[str, object]) -> str | None:
    """Give the email address, if the provider has verified it."""
    email = claims.get("email")
    plain = email.strip().casefold() if isinstance(email, str) else ""
    return plain if plain and claims.get("email_verified") is True else None


def _only(people: set[str], who: str) -> Outside:
    if len(people) > 1:
        many = Text("{who} 对应多名人员，请所有者核对", "{who} stands for several persons: ask the owner to look at it")
        return Outside(None, many.format(who=who))
    if not people:
        return Outside(None, _STRANGE.format(who=who))
    return Outside(people.pop(), Text("已登录：{who}", "logged in: {who}").format(who=who))


def _values(headers: Sequence[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in headers if key.lower().replace("_", "-") == name.lower()]


def _is_proxy(headers: Sequence[tuple[str, str]], peer: str | None, settings: Proxy) -> bool:
    if settings.addresses:
        address = _address(peer)
        if address is None or not any(address in network for network in settings.networks):
            return False
    if settings.secret_header is None or settings.secret_sha256 is None:
        return True
    secrets = _values(headers, settings.secret_header)
    return len(secrets) == 1 and hmac.compare_digest(secret_hash(secrets[0]), settings.secret_sha256)


def _address(peer: str | None) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(peer or "")
    except ValueError:  # a name or nothing is no address of the proxy
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped
