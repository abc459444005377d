"""References: the short number by which anybody can ask after a report.

A reference such as "K7Q-M2X-W9H" is drawn at random, so it tells neither how many reports there were nor which came
before; whoever has one cannot find another by counting. Its last sign is a check: a wrong sign, or two signs that
changed places, never gives another reference.
"""

import secrets
from collections.abc import Callable, Sequence

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 and O, no 1, I and L: a reference is read out and typed. They are 31, a prime, on which the check stands."""
_DRAWN, _PART = 8, 3
_FILLER = frozenset("-‐‑–—－_.· \t\r\n\u3000")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def new_reference(draw: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """Give a new reference; 40 bits of chance, so that guessing one among a million reports takes a million tries.

    Args:
        draw: gives one of the signs; at random unless a test says otherwise.
    """
    body = "".join(draw(SIGNS) for _ in range(_DRAWN))
    return _parted(body + check_sign(body))


def reference_of(text: str) -> str | None:
    """Read a reference that somebody typed, in any case, with or without hyphens and blanks; None if it is none."""
    signs = "".join(one for one in text.translate(_FULL_WIDTH).upper() if one not in _FILLER)
    if len(signs) != _DRAWN + 1 or not set(signs) <= set(SIGNS):
        return None
    return _parted(signs) if check_sign(signs[:-1]) == signs[-1] else None


def check_sign(body: str) -> str:
    """Give the sign that follows: the sum of the signs' numbers, each times its place, modulo 31.

    As 31 is a prime and no two places weigh the same, one wrong sign and any two that changed places are found.
    """
    return SIGNS[sum(place * SIGNS.index(one) for place, one in enumerate(body, start=1)) % len(SIGNS)]


def _parted(signs: str) -> str:
    return "-".join(signs[at : at + _PART] for at in range(0, len(signs), _PART))
