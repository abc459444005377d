"""The cells of a column sorted by kind, each different text once, and readings in the making.

A ledger repeats itself: a million cells hold a few thousand different texts. Readers of cells therefore
look at each different text once and spread the result over the cells.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.findings import value_found
from geo.text import Text
from layers.intake.source import CellFault, Readings
from layers.problems import Fault

QUALIFIERS = ("eq", "approx", "gt", "lt")
REASONS = ("masked", "no_date", "unknown")
"""Why a cell has no value though it is no fault; "unknown" is a cell that says so (不详, 暂无, n/a, a dash)."""
_UNKNOWN = (
    "- -- --- / // \\ — —— – 无 暂无 没有 未知 不详 不明 待定 未定 待补 待补充 待核 待查 未提供 未统计 未填 空 "
    "? ?? n/a na none nil null unknown tbd"
)
UNKNOWN = frozenset(_UNKNOWN.split())
"""Cells that say that nothing is known; lower case, compared as a whole and only where a word can be no value."""
MASK = r"\*|×{2,}|■|□{2,}"
"""What stands for a digit that was made unreadable. Full-width asterisks are asterisks after folding."""
NONE = -1
LONGEST = 100
"""Characters of the longest text that can be a date, a quantity or a word; longer ones are descriptions."""
_FULL_WIDTH = "[０-９．，－＋／：＊％]"


def cell_text(value: object) -> str:
    """Write a cell as text, as a person would: spreadsheets hold phones and counts as 3.0."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


@dataclass(frozen=True)
class Distinct:
    """The cells of one column by kind.

    ``texts`` are the different texts, folded (full-width characters as ASCII, blanks trimmed), ``raw`` the
    same as they stand in the file; ``codes`` gives the text of each cell, -1 for a cell that is no text or
    is empty. ``numbers`` (float64) and ``times`` (datetime64[us]) hold the cells of those kinds, NaN and NaT
    elsewhere; ``flags`` is 1 or 0 for a cell that is true or false, else -1.
    """

    texts: pa.Array
    raw: pa.Array
    codes: np.ndarray
    numbers: np.ndarray
    times: np.ndarray
    flags: np.ndarray

    @property
    def folded(self) -> np.ndarray:
        """Tell of each different text whether it has full-width digits or signs."""
        return matches(self.raw, _FULL_WIDTH)


def distinct(cells: pd.Series) -> Distinct:
    """Sort the cells of a column by kind and give each different text once."""
    size = len(cells)
    numbers = np.full(size, np.nan)
    times = np.full(size, np.datetime64("NaT", "us"))
    flags = np.full(size, NONE, dtype="int8")
    words = pa.nulls(size, pa.large_string())
    if pd.api.types.is_bool_dtype(cells.dtype):
        flags = cells.astype("Int8").fillna(NONE).to_numpy("int8")
    elif pd.api.types.is_numeric_dtype(cells.dtype):
        numbers = cells.to_numpy("float64", na_value=np.nan)
    elif isinstance(cells.dtype, pd.DatetimeTZDtype) or cells.dtype.kind == "M":
        times = cells.dt.tz_localize(None).to_numpy("datetime64[us]")
    elif isinstance(cells.dtype, pd.StringDtype):
        words = pa.array(cells, pa.large_string(), from_pandas=True)
    else:
        words = _of_objects(cells.to_numpy(object), numbers, times, flags)
    raw, codes = _encoded(words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words)
    return Distinct(fold(raw), raw, codes, numbers, times, flags)


def _of_objects(values: np.ndarray, numbers: np.ndarray, times: np.ndarray, flags: np.ndarray) -> pa.Array:
    """Sort objects into the arrays of their kinds, all of one type at a time; give the texts."""
    words = np.full(len(values), None, dtype=object)
    filled = np.flatnonzero(~pd.isna(values))
    types = list(map(type, values[filled].tolist()))
    for kind in dict.fromkeys(types):
        at = filled[np.fromiter((one is kind for one in types), dtype=bool, count=len(types))]
        some = values[at].tolist()
        if issubclass(kind, bool | np.bool_):
            flags[at] = some
        elif issubclass(kind, int | float | np.number):
            numbers[at] = some
        elif issubclass(kind, datetime):
            times[at] = np.array([v.replace(tzinfo=None) if v.tzinfo else v for v in some], dtype="datetime64[us]")
        elif issubclass(kind, date):
            times[at] = np.array(some, dtype="datetime64[us]")
        else:
            words[at] = list(map(str, some))
    return pa.array(words, pa.large_string())


def _encoded(words: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """Give the different texts and the code of each; blank cells are empty."""
    coded = words.dictionary_encode()
    codes = coded.indices.fill_null(NONE).to_numpy(zero_copy_only=False).astype("int64")
    blank = pc.equal(pc.utf8_trim_whitespace(coded.dictionary), "").to_numpy(zero_copy_only=False)
    if blank.any():
        codes[blank[codes] & (codes != NONE)] = NONE
    return coded.dictionary, codes


def fold(words: pa.Array) -> pa.Array:
    """Write full-width and compatibility characters as plain ones (NFKC) and trim blanks."""
    plain = pc.all(pc.string_is_ascii(words)).as_py()
    return pc.utf8_trim_whitespace(words if plain is not False else pc.utf8_normalize(words, form="NFKC"))


def matches(words: pa.Array, pattern: str) -> np.ndarray:
    """Tell of each text whether an RE2 pattern occurs in it; false for null."""
    found = pc.match_substring_regex(words, pattern).fill_null(fill_value=False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


class Parsed(NamedTuple):
    """What one text means; ``reason`` and ``fault`` only where there is no value."""

    value: Any = None
    qualifier: str = "eq"
    repaired: bool = False
    reason: str | None = None
    fault: CellFault | None = None


@dataclass
class Draft:
    """Readings in the making: arrays of one length, codes of ``QUALIFIERS`` and ``REASONS`` or -1."""

    held: np.ndarray
    qualifier: np.ndarray = field(init=False)
    reason: np.ndarray = field(init=False)
    repaired: np.ndarray = field(init=False)
    faults: dict[int, CellFault] = field(default_factory=dict)

    def __post_init__(self) -> None:
        size = len(self.held)
        self.qualifier, self.reason = (np.full(size, NONE, dtype="int8") for _ in range(2))
        self.repaired = np.zeros(size, dtype=bool)

    def sure(self, where: np.ndarray, values: np.ndarray, *, repaired: bool = False) -> None:
        """Set exact values at positions or where a mask says so."""
        self.held[where] = values
        self.qualifier[where] = 0
        self.repaired[where] = repaired

    def put(self, at: int, parsed: Parsed) -> None:
        """Set one entry."""
        if parsed.fault is not None:
            self.faults[at] = parsed.fault
        elif parsed.reason is not None:
            self.reason[at] = REASONS.index(parsed.reason)
        else:
            self.held[at] = parsed.value
            self.qualifier[at] = QUALIFIERS.index(parsed.qualifier)
            self.repaired[at] = parsed.repaired

    def put_each(self, where: Iterable[int], texts: pa.Array, parse: Callable[[str], Parsed]) -> None:
        """Read the texts at some positions one by one."""
        positions = np.fromiter(where, dtype="int64")
        for at, text in zip(positions.tolist(), texts.take(pa.array(positions)).to_pylist(), strict=True):
            self.put(at, parse(text))

    def spread(self, codes: np.ndarray) -> "Draft":
        """Give the draft of the cells from that of the different texts; nothing where the code is -1."""
        empty = self.held.dtype.type("NaT", "us") if self.held.dtype.kind == "M" else _void(self.held.dtype)
        wide = Draft(np.append(self.held, np.array([empty], dtype=self.held.dtype))[codes])
        wide.qualifier = np.append(self.qualifier, np.int8(NONE))[codes]
        wide.reason = np.append(self.reason, np.int8(NONE))[codes]
        wide.repaired = np.append(self.repaired, False)[codes]
        if self.faults:
            wrong = np.zeros(len(self.held) + 1, dtype=bool)
            wrong[list(self.faults)] = True
            at = np.flatnonzero(wrong[codes])
            wide.faults = dict(zip(at.tolist(), map(self.faults.__getitem__, codes[at].tolist()), strict=True))
        return wide

    def readings(self, cells: pd.Series, dtype: Any) -> Readings:  # noqa: ANN401 (any name of a type of pandas)
        """Give the readings on the index of the cells."""
        values = pd.Series(self.held, index=cells.index, name=cells.name).astype(dtype)
        qualifier, reason = (
            pd.Series(named(names, codes), index=cells.index, dtype="string")
            for names, codes in ((QUALIFIERS, self.qualifier), (REASONS, self.reason))
        )
        return Readings(values, qualifier, reason, pd.Series(self.repaired, index=cells.index), self.faults)


def _void(dtype: np.dtype) -> object:
    return np.nan if dtype.kind == "f" else NONE if dtype.kind == "i" else None


def named(names: Sequence[str], codes: np.ndarray) -> Any:  # noqa: ANN401 (an array of pandas)
    """Give the name of each code as text, null for -1."""
    kind, first = pa.large_string(), int(codes[0]) if len(codes) else NONE
    if not (codes == first).all():
        taken = pa.array(names, kind).take(pa.array(codes, mask=codes == NONE))
    elif first == NONE:
        taken = pa.nulls(len(codes), kind)
    else:  # most columns are read without a doubt: one name for all
        taken = pa.repeat(pa.scalar(names[first], kind), len(codes))
    return pd.array(taken, dtype="string")


def fault_of(faults: dict[str, Fault], code: str, value: object, expected: Text | None = None) -> CellFault:
    """Describe a cell that cannot be read; the usual words of the fault unless ``expected`` says more."""
    return CellFault(code, value_found(value), expected or faults[code].expected)
