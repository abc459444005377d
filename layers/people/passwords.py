"""Passwords: how they are kept, what makes one too weak, and how one is checked.

Only a scrypt hash is kept (RFC 7914), with its parameters and salt in the text: ``scrypt$LN$R$P$SALT$HASH``, LN being
the binary logarithm of the cost, SALT and HASH in base64. So the cost can rise later: a right password whose hash is
weaker than today's is told apart, and is to be hashed anew.
"""

import binascii
import hashlib
import hmac
import secrets
import unicodedata
from base64 import b64decode, b64encode
from itertools import pairwise
from typing import NamedTuple

from geo.errors import DataError, Problem
from geo.text import Text

LEAST, MOST = 10, 256
"""Characters of a password, at least and at most."""
_SALT, _HASH = 16, 32  # bytes
_LARGEST_LN, _LARGEST_R, _LARGEST_P = 20, 32, 16  # more would let a forged record exhaust the memory
_FEW = 4
"""Different characters that a password needs at least."""
_COMMONEST = """
    0123456789 0987654321 1122334455 1223334444 123123123a 1234512345 1234567890 1234567891
    12345678910 123456789a 123456abcd 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc 5201314520
    5201314woaini 9876543210 a123456789 aa123456789 abc1234567 abcd123456 abcd1234567 abcde12345
    admin12345 admin123456 administrator asdf123456 asdfghjkl1 beijing2008 changeme123 china12345
    china123456 computer123 dragon12345 football123 guatu12345 guatu123456 iloveyou123 iloveyou1314
    iloveyou520 internet123 letmein123 michael123 monkey12345 p@ssw0rd123 p@ssword123 passw0rd123
    password01 password11 password12 password123 password1234 password123456 princess123 q123456789
    qazwsxedcrfv qq123456789 qwe1234567 qwer123456 qwerty1234 qwerty12345 qwerty123456 qwertyuiop
    shequ12345 shequ123456 sunshine123 superman123 wangge12345 wangwei123 welcome123 welcome1234
    wo5201314 woaini1314 woaini1314520 woaini520 woaini5201314 woaizhongguo zaq12wsxcde3 zhangsan123
    zhongguo123 zxcvbnm123
"""
COMMON = frozenset(_COMMONEST.split())
"""Passwords that everybody tries first, at least as long as ``LEAST`` allows or nearly."""


class Cost(NamedTuple):
    """How dear a hash is: 2**ln blocks of 128 * r bytes of memory, p times one after the other."""

    ln: int = 15
    r: int = 8
    p: int = 3


class Check(NamedTuple):
    """Whether a password is right, and whether its hash should be made anew because today's is stronger."""

    is_right: bool
    is_weak_hash: bool


COST = Cost()
"""Today's cost: 32 MB, a fraction of a second (OWASP's figures for scrypt)."""


def hashed(password: str, *, cost: Cost = COST, salt: bytes | None = None) -> str:
    """Give the text that is kept in place of a password; another one each time, unless the salt is given.

    Raises:
        DataError: the password is longer than ``MOST`` or empty.
    """
    if not 0 < len(password) <= MOST:
        found = Text(f"{len(password)} 个字符", f"{len(password)} characters")
        raise DataError([_fault("password", found, _length(1))])
    grain = secrets.token_bytes(_SALT) if salt is None else salt
    digest = _digest(password, grain, cost)
    return "$".join(["scrypt", *map(str, cost), b64encode(grain).decode(), b64encode(digest).decode()])


def checked(password: str, kept: str | None, *, cost: Cost = COST) -> Check:
    """Compare a password with what is kept, in a time that does not depend on where they differ.

    Args:
        password: as it was typed.
        kept: made by ``hashed``; None if there is no such account: as much time is spent, so that nobody learns it.
        cost: today's cost.

    Raises:
        DataError: what is kept is no hash of ours.
    """
    typed = password[: MOST + 1]
    if kept is None:
        _digest(typed, bytes(_SALT), cost)
        return Check(is_right=False, is_weak_hash=False)
    used, grain, digest = _read(kept)
    is_right = hmac.compare_digest(_digest(typed, grain, used), digest) and len(password) <= MOST
    return Check(is_right, is_right and _work(used) < _work(cost))


def weakness(password: str, *, least: int = LEAST, own_words: tuple[str, ...] = ()) -> Text | None:
    """Say why a password is too weak to be taken; None if it is not.

    Args:
        password: the new password.
        least: characters that it needs.
        own_words: words that must not make it up, such as the login and the name of the person.
    """
    plain = _normal(password).casefold()
    if not least <= len(plain) <= MOST:
        return Text("密码须为{words}", "a password needs {words}").format(words=_length(least))
    if plain in COMMON or len(set(plain)) < _FEW or _runs_on(plain):
        return Text("这个密码太常见，请换一个", "this password is too common, take another one")
    words = [_normal(one).casefold() for one in own_words if one]
    if any(plain.replace(one, "").strip("0123456789!@#._-") == "" for one in words if one in plain):
        return Text("密码不能由登录名或姓名加数字组成", "a login or name with digits is no password")
    return None


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)  # the same word typed on another keyboard stays the same


def _digest(password: str, salt: bytes, cost: Cost) -> bytes:
    n = 1 << cost.ln
    memory = 128 * cost.r * (n + cost.p + 2) + (1 << 20)
    word = _normal(password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(word, salt=salt, n=n, r=cost.r, p=cost.p, maxmem=memory, dklen=_HASH)


def _work(cost: Cost) -> int:
    return (cost.r * cost.p) << cost.ln


def _read(kept: str) -> tuple[Cost, bytes, bytes]:
    try:
        kind, ln, r, p, salt, digest = kept.split("$")
        cost = Cost(int(ln), int(r), int(p))
        grain, wanted = b64decode(salt, validate=True), b64decode(digest, validate=True)
    except (ValueError, binascii.Error) as error:
        raise _strange() from error
    bounds = zip(cost, (_LARGEST_LN, _LARGEST_R, _LARGEST_P), strict=True)
    if kind != "scrypt" or len(wanted) != _HASH or not all(1 <= one <= most for one, most in bounds):
        raise _strange()
    return cost, grain, wanted


def _strange() -> DataError:
    found = Text("无法识别的密码记录", "a record of a password that cannot be read")
    return DataError([_fault("password_record", found, Text("scrypt 散列", "a hash by scrypt"))])


def _fault(code: str, found: Text, expected: Text) -> Problem:
    remedy = Text("请所有者为此人重新发放一次性登录码", "ask the owner to give this person a new one-time code")
    return Problem(code, "error", "accounts", None, "password", found, expected, remedy)


def _length(least: int) -> Text:
    return Text(f"{least} 至 {MOST} 个字符", f"{least} to {MOST} characters")


def _runs_on(plain: str) -> bool:
    """Tell whether each character follows the one before in one step, as in abcdefghij or 9876543210."""
    steps = {ord(b) - ord(a) for a, b in pairwise(plain)}
    return steps in ({1}, {-1}, {0})
