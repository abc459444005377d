"""Settings of who may come in and how: the table ``[identity]`` of ``workspace.toml``."""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from geo.text import Text

_WHETHER, _WORDS = Text("true 或 false", "true or false"), Text("非空文本", "text, not empty")
_HEADER = r"^[A-Za-z0-9][A-Za-z0-9\-]*$"
KEYS: Mapping[str, Text] = {
    "identity": Text("登录设置的表", "a table of settings of login"),
    "password": _WHETHER,
    "password_least": Text("10 至 64 的整数", "a whole number from 10 to 64"),
    "session_hours": Text("1 至 168 的整数", "a whole number from 1 to 168"),
    "public_report": _WHETHER,
    "openid": Text("含 issuer 的表", "a table with issuer"),
    "issuer": Text("身份提供方的 https 地址", "the https address of the identity provider"),
    "provider": _WORDS,
    "match": Text("subject 或 email", "subject or email"),
    "group": _WORDS,
    "proxy": Text("含 header 与 addresses 或口令的表", "a table with header and addresses or a secret"),
    "header": Text("请求头名称，如 X-Remote-User", "the name of a header, such as X-Remote-User"),
    "addresses": Text("反向代理地址或网段的列表", "a list of addresses or networks of the proxy"),
    "secret_header": Text("请求头名称，如 X-Guatu-Proxy", "the name of a header, such as X-Guatu-Proxy"),
    "secret_sha256": Text(
        "口令的 SHA-256，64 位十六进制小写", "the SHA-256 of the secret, 64 hexadecimal digits in lower case"
    ),
}
"""What each key holds, for messages."""
WANTED: Mapping[str, Text] = {
    "no_network": KEYS["addresses"],
    "every_address": Text("不包含所有地址的网段", "a network that is not every address"),
    "no_proof": Text(
        "addresses，或 secret_header 与 secret_sha256 两项", "addresses, or both secret_header and secret_sha256"
    ),
    "same_header": Text("与 header 不同的请求头", "another header than that of the login"),
    "no_way_in": Text("至少一种登录方式：password、openid 或 proxy", "at least one way in: password, openid or proxy"),
}
"""What is wanted where a fault says more than its key does."""


class OpenId(BaseModel):
    """Login at an identity provider: its issuer, and by what its persons are known here.

    ``match`` "email" also takes a verified email address that a person is registered with, until their subject is
    known; ``group`` is one that they must be in; ``provider`` names it in the settings of the page.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    issuer: str = Field(pattern=r"^(https://|http://(localhost|127\.0\.0\.1)([:/]|$))")
    provider: str | None = Field(default=None, min_length=1)
    match: Literal["subject", "email"] = "subject"
    group: str | None = Field(default=None, min_length=1)


class Proxy(BaseModel):
    """A proxy that has checked who somebody is and says so in a header, and by what it is known to be that proxy.

    Its address, a secret that only it sends, or both; the page sees no true address behind a second proxy, so that
    the secret is the safer way. Only the hash of the secret stands here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    header: str = Field(pattern=_HEADER)
    addresses: tuple[str, ...] = ()
    secret_header: str | None = Field(default=None, pattern=_HEADER)
    secret_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")

    @field_validator("addresses")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            _require("every_address", that=_network(one).prefixlen > 0)
        return value

    @model_validator(mode="after")
    def _can_be_known(self) -> Self:
        whole = (self.secret_header is None) == (self.secret_sha256 is None)
        _require("no_proof", that=whole and bool(self.addresses or self.secret_header))
        _require("same_header", that=(self.secret_header or "").lower() != self.header.lower())
        return self

    @property
    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks that the proxy may call from."""
        return tuple(map(_network, self.addresses))


class Identity(BaseModel):
    """Ways to log in: by password, at an identity provider, behind a proxy; and for how long.

    ``public_report`` opens the form for residents to everybody.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    password: bool = True
    password_least: int = Field(default=10, ge=10, le=64)
    session_hours: int = Field(default=12, ge=1, le=168)
    public_report: bool = False
    openid: OpenId | None = None
    proxy: Proxy | None = None

    @model_validator(mode="after")
    def _has_a_way_in(self) -> Self:
        _require("no_way_in", that=self.password or self.openid is not None or self.proxy is not None)
        return self


def _network(address: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(address, strict=False)
    except ValueError:
        _require("no_network", that=False)
        raise


def _require(kind: str, *, that: bool) -> None:
    if not that:
        raise PydanticCustomError(kind, "{words}", {"words": WANTED[kind].en})
