"""Secrets that are handed out once: sessions, the code for the first owner, and codes that invite a person.

What is kept is only a SHA-256 of the secret: it is random and long, so that it cannot be guessed from that.
"""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 and O, 1, I and L: a code is read from a screen and typed
_PARTS, _LONG = 4, 4
CODE_LIFE = timedelta(hours=1)
"""How long a one-time code is good for."""


@dataclass(frozen=True)
class Session:
    """A person who is logged in on one device, from ``since`` until before ``until``."""

    token_hash: str
    person_id: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class OneTimeCode:
    """A code that opens one door once: ``purpose`` is "owner" (the first owner) or "invite" (``person_id``)."""

    code_hash: str
    purpose: str
    until: datetime
    person_id: str | None = None
    used_at: datetime | None = None


def new_session(person_id: str, at: datetime, life: timedelta) -> tuple[str, Session]:
    """Make a session; the token is given to the browser and kept nowhere.

    Raises:
        ValueError: no life at all.
    """
    if life <= timedelta(0):
        msg = "a session needs a life"
        raise ValueError(msg)
    token = secrets.token_urlsafe(32)
    return token, Session(secret_hash(token), person_id, at, at + life)


def session_person(
    sessions: Iterable[Session], token: str, at: datetime, *, changed_at: datetime | None = None
) -> str | None:
    """Give the person of a token; None if there is no such session or it is over.

    Args:
        sessions: those kept, or only the one with the hash of the token.
        token: what the browser sent.
        at: the moment.
        changed_at: when the password was changed last or the account was closed: older sessions are over.
    """
    wanted = secret_hash(token)
    for one in sessions:
        is_later = changed_at is None or one.since >= changed_at
        if hmac.compare_digest(one.token_hash, wanted) and one.since <= at < one.until and is_later:
            return one.person_id
    return None


def new_code(purpose: str, at: datetime, *, person_id: str | None = None) -> tuple[str, OneTimeCode]:
    """Make a one-time code such as "K7QM-2XWD-9HTR-PV4C", to be shown once; 79 bits of chance.

    Raises:
        ValueError: a purpose that there is not, or an invitation of nobody.
    """
    if purpose not in {"owner", "invite"} or (purpose == "invite") != (person_id is not None):
        msg = f"a code is for the first owner, or invites a person, not {purpose}"
        raise ValueError(msg)
    parts = ("".join(secrets.choice(_ALPHABET) for _ in range(_LONG)) for _ in range(_PARTS))
    code = "-".join(parts)
    return code, OneTimeCode(secret_hash(_typed(code)), purpose, at + CODE_LIFE, person_id)


def opens(kept: OneTimeCode, code: str, at: datetime, *, has_owner: bool) -> bool:
    """Tell whether a code that somebody typed opens: it is the right one, not used, in time.

    The code of the first owner opens only while there is no owner. Blanks, hyphens and case do not matter.
    """
    is_right = hmac.compare_digest(kept.code_hash, secret_hash(_typed(code)))
    return is_right and kept.used_at is None and at < kept.until and not (kept.purpose == "owner" and has_owner)


def secret_hash(secret: str) -> str:
    """Give the SHA-256 of a random secret in hexadecimal."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _typed(code: str) -> str:
    return "".join(one for one in code.upper() if one not in "- \t\r\n")
