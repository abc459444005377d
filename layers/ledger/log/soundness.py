"""Soundness: whether a record that somebody else wrote can be told to an issue at all.

A record with a right name may still hold what no Guatu writes: a state that no table knows, a severity of a million,
limits that are no limits. One such record would keep the whole ledger from being folded.
"""

import json
import math
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from layers.ledger.log import events as kinds
from layers.ledger.log.events import COLUMNS, TIMES, microseconds
from layers.ledger.timing.deadlines import PLAN, UNITS

_BYTE, _WHOLE = 2**7, 2**31
_SMALL = {"satisfaction": _BYTE, "severity": _BYTE}
_NUMBERS = dict.fromkeys(("clock", "number", "version"), _WHOLE) | _SMALL
_PLACES = ("x_m", "y_m")
_NEEDED = ("subject", "kind", "at", "by", "command_id", "clock", "details", "writer", "number", "before")
_FIRST, _LAST = microseconds(datetime(1, 1, 2)), microseconds(datetime(9999, 12, 30))  # noqa: DTZ001 (naive, as all)
_KINDS = frozenset({*kinds.KINDS, kinds.APPOINT, kinds.DISMISS, "order"})
_SHA = 64


def unsound(row: Mapping[str, Any], states: Collection[str]) -> str | None:
    """Give the column of a record that cannot be used, None where all can.

    Args:
        row: the record, times in microseconds after 1970.
        states: codes of the states that the rules know.
    """
    wrong = next((name for name in COLUMNS if not _is_fit(name, row.get(name))), None)
    if wrong is not None:
        return wrong
    if row["kind"] not in _KINDS:
        return "kind"
    for name in ("was", "state"):
        if row[name] is not None and row[name] not in states:
            return name
    if row["number"] < 1 or row["clock"] < 0 or len(row["before"]) not in {0, _SHA}:
        return "number" if row["number"] < 1 else "clock" if row["clock"] < 0 else "before"
    return None if _has_fit_details(row["kind"], row["details"]) else "details"


def _is_fit(name: str, value: object) -> bool:
    """Tell whether a value has the type of its column and lies within what can be stored."""
    if value is None:
        return name not in _NEEDED
    if name in TIMES:
        return type(value) is int and _FIRST <= value <= _LAST
    if name in _NUMBERS:
        return type(value) is int and -_NUMBERS[name] <= value < _NUMBERS[name]
    if name in _PLACES:
        return type(value) is float and math.isfinite(value)
    return isinstance(value, str) and _is_text(value)


def _is_text(value: str) -> bool:
    """Tell whether a text can be stored: no half of a character pair, and no end mark in its midst."""
    return "\0" not in value and not any("\ud800" <= one <= "\udfff" for one in value)


def _has_fit_details(kind: str, words: str) -> bool:
    try:
        facts = json.loads(words)
    except (ValueError, RecursionError):
        return False
    if not isinstance(facts, dict):
        return False
    if kind == kinds.EXTEND and not (_is_time(facts.get("until")) and isinstance(facts.get("approver"), str)):
        return False
    if kind in {kinds.APPOINT, kinds.DISMISS} and not _is_duty(facts):
        return False
    limits = facts.get("limits", [])
    return isinstance(limits, list) and all(_is_limit(one) for one in limits)


def _is_duty(facts: Mapping[str, Any]) -> bool:
    return _is_time(facts.get("since")) and (facts.get("until") is None or _is_time(facts["until"]))


def _is_limit(value: object) -> bool:
    match value:
        case [str(), int() | float() as amount, str(unit)]:
            return math.isfinite(amount) and 0 <= amount <= _WHOLE and (unit in UNITS or unit == PLAN)
    return False


def _is_time(value: object) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is None
    except ValueError:
        return False
