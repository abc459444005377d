"""Identity from outside: only a provider or a proxy that is known vouches, and only for persons of ours."""

from hashlib import sha256

import pytest
from pydantic import ValidationError

from layers.people.identity import KEYS, WANTED, Identity, OpenId, Proxy
from layers.people.outside import PROXY, Link, claimed, headed

ISSUER = "https://login.example.gov"
NOW = 1_625_000_000.0
CLAIMS = {"iss": ISSUER, "sub": "s1", "iat": NOW - 60, "email": "Wang@Example.gov", "email_verified": True}
CLAIMS |= {"name": "王芳", "groups": ["guatu", "all"], "is_logged_in": True}
BY_SUBJECT, BY_EMAIL = OpenId(issuer=ISSUER), OpenId(issuer=ISSUER, match="email")
SUBJECT, EMAIL = Link("p", ISSUER, "s1"), Link("p", ISSUER, None, "wang@example.gov")
SECRET = "a secret that only the proxy knows"  # noqa: S105 (made up)


def ask(settings: OpenId, links: list[Link], **changed: object) -> str | None:
    return claimed(CLAIMS | changed, links, settings, now_s=NOW, hours=12).person_id


def test_a_subject_is_known_by_its_link() -> None:
    assert ask(BY_SUBJECT, [SUBJECT]) == "p"
    assert ask(BY_SUBJECT, []) is None
    assert ask(BY_SUBJECT, [EMAIL]) is None
    assert ask(BY_SUBJECT, [Link("p", "https://other", "s1")]) is None
    assert ask(BY_SUBJECT, [SUBJECT, Link("q", ISSUER, "s1")]) is None
    told = claimed(CLAIMS, [], BY_SUBJECT, now_s=NOW, hours=12).words
    assert told.zh == "wang@example.gov 已通过身份验证，但尚未登记为本工作区人员"


def test_an_email_counts_once_and_only_if_verified() -> None:
    found = claimed(CLAIMS, [EMAIL], BY_EMAIL, now_s=NOW, hours=12)
    assert (found.person_id, found.link) == ("p", Link("p", ISSUER, "s1", "wang@example.gov"))
    for verified in (False, None, "true", 1):
        assert ask(BY_EMAIL, [EMAIL], email_verified=verified) is None
    assert ask(BY_EMAIL, [EMAIL], email=None) is None
    assert ask(BY_EMAIL, [EMAIL, Link("q", ISSUER, None, "WANG@example.gov")]) is None
    assert ask(BY_EMAIL, [Link("p", ISSUER, "s1", "wang@example.gov")], sub="s2") is None  # the address changed hands
    assert ask(BY_EMAIL, [Link("p", ISSUER, None, None), Link("q", ISSUER, None, "")], email=" ") is None


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://other"},
        {"iss": None},
        {"sub": ""},
        {"sub": None},
        {"sub": 1},
        {"is_logged_in": False},
        {"iat": None},
        {"iat": True},
        {"iat": "now"},
        {"iat": float("nan")},
        {"iat": NOW - 12 * 3600},
        {"iat": NOW + 3600},
    ],
)
def test_claims_that_cannot_be_trusted(changed: dict[str, object]) -> None:
    found = claimed(CLAIMS | changed, [SUBJECT, Link("p", ISSUER, "")], BY_SUBJECT, now_s=NOW, hours=12)
    assert found.person_id is None
    assert found.words.zh != found.words.en


def test_a_group_can_be_asked_for() -> None:
    grouped = OpenId(issuer=ISSUER, group="guatu")
    assert ask(grouped, [SUBJECT]) == "p"
    assert ask(grouped, [SUBJECT], groups="guatu") == "p"
    for groups in (["all"], "guatu2", None, {"guatu": 1}):
        assert ask(grouped, [SUBJECT], groups=groups) is None


LOGIN, MINE = ("X-Remote-User", "wang"), [Link("p", PROXY, "wang")]
PROOF = ("x-guatu-proxy", SECRET)
BY_ADDRESS = Proxy(header="X-Remote-User", addresses=("10.0.0.5", "192.168.0.0/24", "::1"))
BY_SECRET = Proxy(
    header="X-Remote-User",
    secret_header="X-Guatu-Proxy",  # noqa: S106 (a name)
    secret_sha256=sha256(SECRET.encode()).hexdigest(),
)
BOTH = BY_SECRET.model_copy(update={"addresses": ("10.0.0.5",)})


@pytest.mark.parametrize(
    ("settings", "headers", "peer", "expected"),
    [
        (BY_ADDRESS, [LOGIN], "10.0.0.5", "p"),
        (BY_ADDRESS, [("x-remote-user", " wang ")], "::ffff:192.168.0.77", "p"),
        (BY_ADDRESS, [LOGIN], "::1", "p"),
        (BY_ADDRESS, [LOGIN], "10.0.0.6", None),
        (BY_ADDRESS, [LOGIN], None, None),
        (BY_ADDRESS, [LOGIN], "proxy.local", None),
        (BY_ADDRESS, [LOGIN, PROOF], "10.0.0.6", None),
        (BY_SECRET, [LOGIN, PROOF], "8.8.8.8", "p"),
        (BY_SECRET, [LOGIN], "10.0.0.5", None),
        (BY_SECRET, [LOGIN, ("X-Guatu-Proxy", "guess")], "10.0.0.5", None),
        (BY_SECRET, [LOGIN, PROOF, PROOF], "10.0.0.5", None),
        (BOTH, [LOGIN, PROOF], "10.0.0.5", "p"),
        (BOTH, [LOGIN, PROOF], "10.0.0.6", None),
        (BOTH, [LOGIN], "10.0.0.5", None),
        (BY_ADDRESS, [LOGIN, ("X_Remote_User", "chief")], "10.0.0.5", None),
        (BY_ADDRESS, [("X-Remote-User", "")], "10.0.0.5", None),
        (BY_ADDRESS, [("X-Remote-User", "wang\r\nx")], "10.0.0.5", None),
        (BY_ADDRESS, [("X-Remote-User", "Wang")], "10.0.0.5", None),
    ],
)
def test_a_header_counts_only_from_the_proxy(
    settings: Proxy, headers: list[tuple[str, str]], peer: str | None, expected: str | None
) -> None:
    found = headed(headers, peer, MINE, settings)
    assert found is not None
    assert found.person_id == expected


def test_a_header_from_elsewhere_is_ignored_and_told() -> None:
    found = headed([LOGIN], "10.9.9.9", MINE, BY_ADDRESS)
    assert found is not None
    assert found.is_ignored
    assert found.words.zh == "已忽略请求头 X-Remote-User：请求并非来自所设的反向代理"
    stranger = headed([("X-Remote-User", "zhao")], "10.0.0.5", MINE, BY_ADDRESS)
    assert stranger is not None
    assert not stranger.is_ignored
    assert headed([("Host", "x")], "10.0.0.5", MINE, BY_ADDRESS) is None


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"password": False}, "no_way_in"),
        ({"password_least": 6}, "greater_than_equal"),
        ({"session_hours": 1000}, "less_than_equal"),
        ({"who": 1}, "extra_forbidden"),
        ({"openid": {"issuer": "http://login.example.gov"}}, "string_pattern_mismatch"),
        ({"openid": {"issuer": "http://localhost.evil.com"}}, "string_pattern_mismatch"),
        ({"openid": {"issuer": ISSUER, "match": "name"}}, "literal_error"),
        ({"proxy": {"header": "X-User"}}, "no_proof"),
        ({"proxy": {"header": "X-User", "secret_header": "X-S"}}, "no_proof"),
        ({"proxy": {"header": "X-User", "addresses": ["10.0.0.1"], "secret_header": "X-S"}}, "no_proof"),
        ({"proxy": {"header": "X User", "addresses": ["10.0.0.1"]}}, "string_pattern_mismatch"),
        ({"proxy": {"header": "X-User", "addresses": ["proxy"]}}, "no_network"),
        ({"proxy": {"header": "X-User", "addresses": ["0.0.0.0/0"]}}, "every_address"),
        ({"proxy": {"header": "X-User", "secret_header": "x-user", "secret_sha256": "0" * 64}}, "same_header"),
        ({"proxy": {"header": "X-User", "secret_header": "x-s", "secret_sha256": SECRET}}, "string_pattern_mismatch"),
    ],
)
def test_wrong_settings_are_refused(values: dict[str, object], kind: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Identity.model_validate(values)
    assert kind in [one["type"] for one in caught.value.errors()]


def test_settings_have_words_and_safe_beginnings() -> None:
    plain = Identity()
    assert (plain.password, plain.public_report, plain.openid, plain.proxy) == (True, False, None, None)
    fields = {name for model in (Identity, OpenId, Proxy) for name in model.model_fields}
    assert fields | {"identity"} == set(KEYS)
    assert all(one.zh and one.en for one in [*KEYS.values(), *WANTED.values()])
    assert Identity.model_validate({"openid": {"issuer": "http://localhost:8080"}, "password": False}).openid
