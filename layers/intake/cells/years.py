"""Years in which things were built, laid or painted, as registers write them: 1998, 1998年, 90年代, 1998-2000.

A decade (90年代, 1990s) and a range of years are their middle with "approx": nobody knows more. 以前 and 以后
are bounds. A date is its year.
"""

import re

import numpy as np
import pandas as pd

from geo.text import Text
from layers.intake.cells.date_words import CENTURY_TURN, Setting, day_of
from layers.intake.cells.distinct import LONGEST, MASK, NONE, UNKNOWN, Draft, Parsed, distinct, fault_of
from layers.intake.source import Readings
from layers.problems import Fault

FIRST, LAST = 1000, 2200
"""Numbers of four digits outside are no years of anything that stands."""
FAULTS: dict[str, Fault] = {
    "year_unreadable": Fault(
        "row",
        Text("四位数的年份，如 1998", "a year of four digits, such as 1998"),
        Text("写成 1998 的形式后重新导入", "write it like 1998 and import again"),
    ),
}
_DECADE = re.compile(
    r"(?:上世纪|(?P<century>\d\d)世纪)?(?P<decade>\d?\d?[0-9]0|[一二三四五六七八九]十)(?:年代|s)(?P<part>初|末|中期|初期|末期|后期|前期)?"
)
_RANGE = re.compile(r"(\d{4})年?\s*(?:-|~|—|–|至|到|、|/)+\s*(\d{4}|\d\d)年?")
_BOUND = re.compile(r"(\d{4})年?(?:(?P<lt>之前|以前|前)|(?P<gt>之后|以后|后))")
_ABOUT = re.compile(r"^(?:约|大约|大概)\s*|\s*(?:左右|前后)$")
_SUFFIX = re.compile(r"(?:建成|建造|建设|建|竣工|始建|修建)$")
_TENS = {c: 10 * n for n, c in enumerate("一二三四五六七八九", 1)}


def read_years(cells: pd.Series) -> Readings:
    """Read years (Int64)."""
    kinds = distinct(cells)
    draft = Draft(np.full(len(kinds.texts), np.nan))
    draft.put_each(np.arange(len(kinds.texts)), kinds.texts, year_of)
    draft.repaired |= kinds.folded & (draft.qualifier != NONE)
    wide = draft.spread(kinds.codes)
    timed = ~np.isnat(kinds.times)
    wide.sure(timed, kinds.times[timed].astype("datetime64[Y]").astype("int64") + 1970, repaired=True)
    known = ~np.isnan(kinds.numbers)
    good = known & (kinds.numbers == np.floor(kinds.numbers)) & (kinds.numbers >= FIRST) & (kinds.numbers <= LAST)
    wide.sure(good, kinds.numbers[good])
    for at in np.flatnonzero((known & ~good) | (kinds.flags != NONE)).tolist():
        wide.faults[at] = fault_of(FAULTS, "year_unreadable", cells.iloc[at])
    return wide.readings(cells, "Int64")


def year_of(text: str) -> Parsed:
    """Read one text as a year."""
    if len(text) > LONGEST:
        return Parsed(fault=fault_of(FAULTS, "year_unreadable", text))
    if re.search(MASK, text):
        return Parsed(reason="masked")
    if text.lower() in UNKNOWN:
        return Parsed(reason="unknown")
    bare = _SUFFIX.sub("", _ABOUT.sub("", text))
    if re.fullmatch(r"\d{4}年?", bare) and FIRST <= int(bare[:4]) <= LAST:
        about = _ABOUT.search(text) is not None
        return Parsed(int(bare[:4]), "approx" if about else "eq", repaired=about)
    return _vague(bare) or Parsed(fault=fault_of(FAULTS, "year_unreadable", text))


def _vague(text: str) -> Parsed | None:
    """Read a bound, a decade, a range of years or a day as a year; None for what is none of them."""
    if found := _BOUND.fullmatch(text):
        return Parsed(int(found[1]), found.lastgroup or "eq", repaired=True)
    middle = _middle(text)
    if middle is not None:
        return Parsed(middle, "approx", repaired=True)
    day = day_of(text, Setting()).value
    return None if day is None or not FIRST <= day.year <= LAST else Parsed(day.year, repaired=True)


def _middle(text: str) -> int | None:
    """Give the middle of a decade or of a range of years; None for what is neither."""
    if found := _DECADE.fullmatch(text):
        decade = found["decade"]
        start = _TENS[decade[0]] if decade[0] in _TENS else int(decade)
        if start < 100:  # noqa: PLR2004 (the decade alone)
            century = (
                (int(found["century"]) - 1) * 100 if found["century"] else 2000 if start <= CENTURY_TURN - 40 else 1900
            )
            start += century
        part = (found["part"] or "")[:1]
        return start + {"初": 2, "前": 2, "末": 8, "后": 8}.get(part, 5)
    if found := _RANGE.fullmatch(text):
        first, last = int(found[1]), int(found[2])
        last += first // 100 * 100 if last < 100 else 0  # noqa: PLR2004 (1998-02 is no range of years)
        return (first + last) // 2 if FIRST <= first <= last <= LAST else None
    return None
