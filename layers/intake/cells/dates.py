"""Dates and times of a column, in every form in which ledgers and exports write them.

A written day is the day; a period or a bound ("2021年底前", "8月", "三季度末", "8月1日至20日") is its last day
with the qualifier "lt" (at the latest) and is marked as repaired, as are serial days of spreadsheets, two-digit
years, days whose year came from the caller, and times with an offset from UTC. ``立行立改``, ``长期坚持``, a
dash or a length of time (``7个工作日内``) have no value and the reason "no_date".

Whether 05/06/2025 is in May or in June is decided once for the whole column, by its cells with a part above 12;
a column without such cells, or with cells for both orders, has a fault in each doubtful cell until somebody
says which order it is.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from layers.intake.cells.clock import DAY_SECONDS, PACKED, PLAIN_SPLIT, SPLIT, Clock, clock_of
from layers.intake.cells.date_words import (
    FAULTS,
    YEAR_FIRST_NUMBER,
    YEAR_LAST_NUMBER,
    Order,
    Setting,
    day_of,
    first_order,
)
from layers.intake.cells.distinct import NONE, Distinct, Draft, Parsed, distinct, fault_of, matches
from layers.intake.source import CellFault, Readings

LAST_SERIAL = 2_958_465
"""The serial day 9999-12-31 of the 1900 system."""
_LEAP_BUG = 60
"""The 1900 system has a 29 February 1900, which is no day."""
_FIRST_PACKED, _LAST_PACKED = 1900_01_01, 2100_12_31
_ISO = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?)?$"
_ISO_LENGTHS = (10, 19)
"""Of a day, and of a day with hours, minutes and seconds."""
_NUMBER = r"^\d{1,7}(\.\d+)?$"
_NO_SERIAL = r"^\d{4}$|^(19|20)\d\d(0[1-9]|1[0-2])$|^(19|20|21)\d\d\.\d{1,2}$|^\d{1,2}\.\d{1,2}$"
"""Years, months of years (202108, 2021.8) and days of months (8.20)."""
_PAIR = r"^(?P<a>\d{1,2})\s?[-/.]\s?(?P<b>\d{1,2})\s?[-/.]\s?(?:\d{4}|\d\d)(?:\D|$)"
_NAT = np.datetime64("NaT", "us")
_MICRO = 1_000_000
_UNSAID = -(10**6)


class OrderEvidence(NamedTuple):
    """Which order of day and month the cells of a column show.

    ``order`` is "dmy" or "mdy", None where the cells do not tell. ``day_first`` and ``month_first`` count the
    different days that only one order allows, ``either`` those that both allow.
    """

    order: Order | None
    day_first: int
    month_first: int
    either: int


def order_of(cells: pd.Series) -> OrderEvidence:
    """Find the order of day and month in a column by the cells that have a part above 12."""
    return _evidence(_parted(distinct(cells).texts)[0].dictionary.to_pylist())


def offsets_of(cells: pd.Series) -> tuple[int, ...]:
    """Give the offsets from UTC that occur in a column, minutes, ascending."""
    clocks = _parted(distinct(cells).texts)[1].dictionary.to_pylist()
    return tuple(sorted({found.offset for found in map(clock_of, clocks) if found and found.offset is not None}))


def read_dates(
    cells: pd.Series,
    *,
    year: int | None = None,
    month: int | None = None,
    order: Order | None = None,
    zone: str | None = None,
    end_of_day: bool = False,
) -> Readings:
    """Read the dates of a column as naive local times (datetime64[us]).

    Args:
        cells: a column as it stands in the file.
        year: the year of the ledger, for days without one ("8月20日", "年内").
        month: the month of the ledger, for "本月内" and "月底前".
        order: order of day and month, None to decide it by the whole column; "ymd" says of two-digit years
            that they come first.
        zone: name of the local time zone; times with an offset from UTC are turned into it. Without, they stay
            as written.
        end_of_day: a day without a time of day is its last second, as deadlines and closing dates mean it. A time
            that is written is kept, midnight too; the cells of spreadsheets cannot tell, so midnight there is a day.
    """
    wide, clockless = _all_iso(cells) or _each(cells, Setting(year, month, order), zone)
    if end_of_day:
        midnight = wide.held.astype("datetime64[D]") == wide.held
        days = midnight & clockless
        wide.held[days] += np.timedelta64(DAY_SECONDS - 1, "s")
    return wide.readings(cells, "datetime64[us]")


def _all_iso(cells: pd.Series) -> tuple[Draft, np.ndarray] | None:
    """Read a column in which all is written 2021-08-20 or 2021-08-20 10:30:00 at once; None for any other."""
    if not isinstance(cells.dtype, pd.StringDtype):
        return None
    texts = pa.array(cells, pa.large_string(), from_pandas=True)
    lengths = pc.binary_length(texts)
    if pc.all(pc.or_(*(pc.equal(lengths, length) for length in _ISO_LENGTHS))).as_py() is False:
        return None
    try:
        moments = texts.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    wide = Draft(np.full(len(cells), _NAT))
    wide.sure(~np.isnat(moments), moments[~np.isnat(moments)])
    return wide, pc.equal(lengths, _ISO_LENGTHS[0]).fill_null(fill_value=False).to_numpy(zero_copy_only=False)


def _each(cells: pd.Series, setting: Setting, zone: str | None) -> tuple[Draft, np.ndarray]:
    """Read a column of any kinds of cells; also tell which have no time of day."""
    kinds = distinct(cells)
    wide, clockless = _texts(kinds, setting, zone)
    known, times = ~np.isnan(kinds.numbers), ~np.isnat(kinds.times)
    _overlay(wide, _numbers(kinds.numbers, setting), known)
    wide.sure(times, kinds.times[times])
    for at in np.flatnonzero(kinds.flags != NONE).tolist():
        wide.faults[at] = fault_of(FAULTS, "date_unreadable", bool(kinds.flags[at]))
    return wide, clockless | known | (times & (not _has_clock(cells)))


def _has_clock(cells: pd.Series) -> bool:
    """Tell whether a column is of moments; those of days are in whole seconds, and cells of spreadsheets are objects."""
    return cells.dtype.kind == "M" and cells.dt.unit != "s"


def _overlay(wide: Draft, other: Draft, where: np.ndarray) -> None:
    """Take entries of another draft of the same length."""
    for name in ("held", "qualifier", "reason", "repaired"):
        getattr(wide, name)[where] = getattr(other, name)[where]
    wide.faults.update(other.faults)


def _texts(kinds: Distinct, setting: Setting, zone: str | None) -> tuple[Draft, np.ndarray]:
    """Read the different texts and spread them; also tell which cells have no time of day."""
    texts = kinds.texts
    draft = Draft(np.full(len(texts), _NAT))
    clockless = np.zeros(len(texts), dtype=bool)
    iso = matches(texts, _ISO)
    try:
        draft.sure(iso, texts.filter(pa.array(iso)).cast(pa.timestamp("us")).to_numpy())
        clockless[iso] = (pc.binary_length(texts).to_numpy(zero_copy_only=False) == 10)[iso]  # noqa: PLR2004
    except pa.ArrowInvalid:  # a day that does not exist: read these one by one too
        iso[:] = False
    serial = matches(texts, _NUMBER) & ~matches(texts, _NO_SERIAL)
    numbers = np.full(len(texts), np.nan)
    numbers[serial] = texts.filter(pa.array(serial)).cast(pa.float64()).to_numpy()
    _overlay(draft, _numbers(numbers, setting), serial)
    clockless[serial] = True
    rest = np.flatnonzero(~iso & ~serial)
    clockless[rest] = _moments(draft, rest, texts.take(pa.array(rest)), setting=setting, zone=zone)
    draft.repaired |= kinds.folded & ~np.isnat(draft.held)
    return draft.spread(kinds.codes), np.append(clockless, False)[kinds.codes]


def _parted(texts: pa.Array) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    """Part texts into day and time of day ("" without), both as different words with codes."""
    packed = matches(texts, PACKED)
    if packed.any():
        spaced = pc.replace_substring_regex(texts, PACKED, r"\1 \2:\3:\4")
        texts = pc.if_else(pa.array(packed), spaced, texts)
    day, clock = texts, pa.array(np.full(len(texts), ""), pa.large_string())
    left = np.arange(len(texts))
    for pattern in (PLAIN_SPLIT, SPLIT):  # the first is quicker, the second knows every form
        parts = pc.extract_regex(texts.take(pa.array(left)), pattern)
        found = parts.is_valid().to_numpy(zero_copy_only=False)
        where = np.zeros(len(texts), dtype=bool)
        where[left[found]] = True
        day = pc.replace_with_mask(day, pa.array(where), parts.field("day").filter(pa.array(found)))
        clock = pc.replace_with_mask(clock, pa.array(where), parts.field("clock").filter(pa.array(found)))
        left = left[~found]
    return day.dictionary_encode(), clock.dictionary_encode()


def _moments(draft: Draft, rest: np.ndarray, texts: pa.Array, *, setting: Setting, zone: str | None) -> np.ndarray:
    """Read texts as a day and a time of day, each different one once; tell which have no time."""
    days, clocks = _parted(texts)
    words = days.dictionary.to_pylist()
    setting = setting._replace(shown=_evidence(words).order)
    read = Draft(np.full(len(words), np.datetime64("NaT", "D")))
    for at, word in enumerate(words):
        read.put(at, day_of(word, setting))
    wide = read.spread(days.indices.to_numpy())
    times = [clock_of(word) if word else Clock(0) for word in clocks.dictionary.to_pylist()]
    at_clock = clocks.indices.to_numpy()
    micros = np.array([t.micros if t else 0 for t in times], dtype="int64")[at_clock]
    offset = np.array([_UNSAID if t is None or t.offset is None else t.offset for t in times], dtype="int64")[at_clock]
    moments = wide.held.astype("datetime64[us]") + micros.astype("timedelta64[us]")
    shifted = (offset != _UNSAID) & ~np.isnat(moments)
    moments[shifted] = _local(moments[shifted], offset[shifted], zone)
    wrong = np.array([t is None for t in times], dtype=bool)[at_clock]
    about = np.array([t is not None and t.about for t in times], dtype=bool)[at_clock] & ~np.isnat(moments)
    moments[wrong] = _NAT
    draft.held[rest] = moments
    draft.qualifier[rest] = np.where(wrong, NONE, np.where(about, 1, wide.qualifier))
    draft.reason[rest] = wide.reason
    draft.repaired[rest] = (wide.repaired | shifted | about) & ~wrong
    draft.faults.update({int(rest[at]): fault for at, fault in wide.faults.items()})
    draft.faults.update(_clock_faults(rest, wrong & (wide.reason == NONE), texts))
    untimed: np.ndarray = np.array([word == "" for word in clocks.dictionary.to_pylist()], dtype=bool)[at_clock]
    return untimed


def _clock_faults(rest: np.ndarray, wrong: np.ndarray, texts: pa.Array) -> dict[int, CellFault]:
    return {
        int(rest[at]): fault_of(FAULTS, "date_impossible", texts[at].as_py()) for at in np.flatnonzero(wrong).tolist()
    }


def _local(written: np.ndarray, offset: np.ndarray, zone: str | None) -> np.ndarray:
    """Turn times as written at an offset from UTC (minutes) into naive times of a zone."""
    if zone is None:
        return written
    utc = pd.DatetimeIndex(written - (offset * 60 * _MICRO).astype("timedelta64[us]"))
    local = utc.tz_localize("UTC").tz_convert(zone).tz_localize(None)
    times: np.ndarray = np.asarray(local.to_numpy(), dtype="datetime64[us]")
    return times


def _evidence(days: Iterable[str]) -> OrderEvidence:
    """Count what the different days show of the order."""
    found = pc.extract_regex(pa.array(list(days), pa.large_string()), _PAIR)
    pairs = [(int(p["a"]), int(p["b"])) for p in found.to_pylist() if p is not None]
    orders = [first_order(a, b) for a, b in pairs]
    day_first, month_first = orders.count("dmy"), orders.count("mdy")
    either = sum(max(pair) <= 12 and pair[0] != pair[1] for pair in pairs)  # noqa: PLR2004
    order: Order | None = None
    if bool(day_first) != bool(month_first):
        order = "dmy" if day_first else "mdy"
    return OrderEvidence(order, day_first, month_first, either)


def _numbers(numbers: np.ndarray, setting: Setting) -> Draft:
    """Read numbers as serial days of the 1900 system, years (2021), or days without separators (20210820)."""
    draft = Draft(np.full(len(numbers), _NAT))
    known = ~np.isnan(numbers)
    year = (numbers >= YEAR_FIRST_NUMBER) & (numbers < YEAR_LAST_NUMBER + 1)
    whole = numbers == np.floor(numbers)
    packed = whole & (numbers >= _FIRST_PACKED) & (numbers <= _LAST_PACKED)
    serial = known & (numbers >= 1) & (numbers < LAST_SERIAL + 1) & ~year & (np.floor(numbers) != _LEAP_BUG)
    days = numbers[serial] - (numbers[serial] > _LEAP_BUG)
    seconds = np.rint(days * DAY_SECONDS).astype("int64")
    draft.sure(serial, np.datetime64("1899-12-31", "us") + seconds.astype("timedelta64[s]"), repaired=True)
    odd = np.flatnonzero(known & ~serial)
    each, codes = np.unique(numbers[odd], return_inverse=True)
    few = Draft(np.full(len(each), _NAT))
    readable = np.isin(each, numbers[packed | (year & whole)])
    for at, number in enumerate(each.tolist()):
        words = f"{number:.15g}"
        fault = None if readable[at] else fault_of(FAULTS, "date_unreadable", words)
        few.put(at, Parsed(fault=fault) if fault else day_of(words, setting))
    many = few.spread(codes)
    for name in ("held", "qualifier", "reason", "repaired"):
        getattr(draft, name)[odd] = getattr(many, name)
    draft.faults = {int(odd[at]): fault for at, fault in many.faults.items()}
    return draft
