"""Money, areas, lengths and counts of a column, with the units and the vague words of ledgers.

A value has a qualifier: "eq" as written; "gt" for 800多, 200余, 超过, 以上, 数百 (the number is the lower
bound); "lt" for 不到, 不足, 以下, 以内 (the upper bound); "approx" for 约, 近, 左右. A range (3-5万元) is its
middle with "approx": no bound alone is true of it, and the middle does not bias a sum as either end would.
``***`` has no value and the reason "masked" (never zero), a dash or 不详 the reason "unknown".

Whether 1,234 is a thousand or one and a bit is decided by the other cells of the column; where no cell tells,
the comma parts thousands and the reading is marked as repaired.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import DataError, Problem
from geo.findings import value_found
from geo.text import Text
from layers.intake.cells.distinct import (
    LONGEST,
    MASK,
    NONE,
    QUALIFIERS,
    UNKNOWN,
    Draft,
    Parsed,
    distinct,
    fault_of,
    matches,
)
from layers.intake.cells.numerals import CHINESE, NUMBER, number_of, power_of, shows
from layers.intake.cells.units import BEFORE, UNITS, Tail, head_of, stronger, tail_of
from layers.intake.source import Readings
from layers.problems import Fault

Quantity = Literal["yuan", "m2", "m", "mm", "count", "storeys", "number", "share"]
MEND = Text(
    "写成数字和单位，如 1500 平方米，后重新导入", "write a number and a unit, such as 1500 m², and import again"
)
FAULTS: dict[str, Fault] = {
    "amount_unreadable": Fault("row", Text("一个数量，如 1500", "one quantity, such as 1500"), MEND),
    "amount_unit_unknown": Fault(
        "row",
        Text("认识的单位", "a unit that is known"),
        Text("改用常用单位后重新导入", "use a usual unit and import again"),
    ),
    "amount_unit_wrong": Fault(
        "row",
        Text("本列应有的单位", "a unit that fits the column"),
        Text("核对这一列对应的字段是否正确", "check whether the column is mapped to the right one"),
    ),
    "amount_comma": Fault(
        "row",
        Text("能看出是小数点还是千分位的逗号", "a comma that shows whether it parts decimals or thousands"),
        Text("请说明这一列的逗号是千分位还是小数点", "say whether commas of this column part thousands or decimals"),
    ),
    "amount_not_whole": Fault("row", Text("整数", "a whole number"), MEND),
}
QUANTITIES: dict[str, Text] = {
    "yuan": Text("金额（元、万元、亿元）", "money (yuan)"),
    "m2": Text("面积（平方米、亩、公顷）", "an area (m², mu, ha)"),
    "m": Text("长度（米、公里）", "a length (m, km)"),
    "mm": Text("管径（毫米）", "a diameter (mm)"),
    "count": Text("个数（处、盏、户、人）", "a count"),
    "storeys": Text("层数", "a number of storeys"),
    "number": Text("数值", "a number"),
    "share": Text("比例（%）", "a share (%)"),
}
_PLAIN = r"^[+-]?\d+(\.\d+)?$"
_UNITED = (
    r"^(?P<head>[^\d.,+*/()-]{0,8}?)(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*"
    r"(?P<tail>(?:[^\d\s.,~*/()-][^\d~*,/()-]*)?)$"
)
_DOUBTFUL = r"^\D*\d{1,3}(?:,\d{3}|\.\d{3})(?:[^\d.,]|$)"
"""One separator with three digits behind it: a thousand, or one and a bit."""
_SHOWS_COMMA = r"\d\.\d{3},\d|(?:^|[^\d.,])(?:\d+,\d{1,2}|\d+,\d{4,}|0\d*,\d+)(?:[^\d,.]|$)"
_SHOWS_POINT = r"\d,\d{3}[.,]\d|(?:^|[^\d.,])(?:\d+\.\d{1,2}|\d+\.\d{4,}|0\d*\.\d+)(?:[^\d,.]|$)"
_VAGUE = re.compile(r"(?:几|数|上|成)([十百千万亿]+)")
_DIAMETER = re.compile(r"^(?:dn|d|φ|管径|直径)\s*", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:至|到|~|—|–|-)+\s*")
_NUMBER = re.compile(NUMBER)
_ASIDE = re.compile(r"\s*\([^()]*\)$")


def decimal_of(cells: pd.Series) -> str | None:
    """Find the decimal mark of a column by the cells that show it; None where none does, or both do."""
    return _mark(distinct(cells).texts)[0]


def _mark(texts: pa.Array) -> tuple[str | None, bool]:
    """Give the decimal mark that the texts show, and whether they contradict each other."""
    comma, point = bool(matches(texts, _SHOWS_COMMA).any()), bool(matches(texts, _SHOWS_POINT).any())
    return None if comma == point else "," if comma else ".", comma and point


def quantity_of(unit: str) -> Quantity | None:
    """Tell what a unit in a heading measures, such as 万元 or 亩; None if the words are no unit."""
    for to in UNITS:
        tail = tail_of(unit, to)
        if isinstance(tail, Tail) and tail.named and unit.strip():
            return to  # type: ignore[return-value]
    return None


def read_amounts(
    cells: pd.Series, *, to: Quantity, unit: str = "", decimal: Literal[".", ","] | None = None
) -> Readings:
    """Read quantities as float64 in the unit asked for; a cell's own unit goes before that of the heading.

    Args:
        cells: a column as it stands in the file.
        to: the unit of the values. Counts are whole numbers.
        unit: the unit of bare numbers, as the heading says it ("万元", "亩"); empty for ``to`` itself.
        decimal: the decimal mark, None to decide it by the whole column.

    Raises:
        DataError: ``unit`` is no unit of this quantity.
    """
    bare = _bare(unit, to)
    kinds = distinct(cells)
    draft = Draft(np.full(len(kinds.texts), np.nan))
    shown, contrary = _mark(kinds.texts) if decimal is None else (decimal, False)
    plain = matches(kinds.texts, _PLAIN)
    if shown == "," or contrary:
        plain &= ~matches(kinds.texts, _DOUBTFUL)
        rest = np.flatnonzero(~plain)
    else:
        rest = _united(draft, kinds.texts, np.flatnonzero(~plain), to=to, bare=bare)
        if shown is None:
            draft.repaired |= matches(kinds.texts, _DOUBTFUL) & ~plain
    draft.sure(plain, _scaled(kinds.texts.filter(pa.array(plain)).cast(pa.float64()).to_numpy(), bare))
    draft.put_each(rest, kinds.texts, _parser(to, bare, shown, contrary=contrary))
    draft.repaired = (draft.repaired | kinds.folded) & (draft.qualifier != NONE)
    wide = draft.spread(kinds.codes)
    known = np.isfinite(kinds.numbers)
    wide.sure(known, _scaled(kinds.numbers[known], bare))
    odd = (kinds.flags != NONE) | np.isinf(kinds.numbers) | ~np.isnat(kinds.times)
    for at in np.flatnonzero(odd).tolist():
        wide.faults[at] = fault_of(FAULTS, "amount_unreadable", cells.iloc[at])
    if to == "count":
        _whole(wide)
    return wide.readings(cells, "float64")


def _bare(unit: str, to: str) -> Fraction:
    tail = tail_of(unit, to)
    if isinstance(tail, Tail) and tail.precision is None:
        return tail.worth
    fault = FAULTS["amount_unit_wrong" if isinstance(tail, str) else "amount_unit_unknown"]
    raise DataError(
        [Problem("amount_unit_wrong", "error", "", None, None, value_found(unit), QUANTITIES[to], fault.remedy)]
    )


def _scaled(numbers: np.ndarray, worth: Fraction) -> np.ndarray:
    """Multiply without the dust of binary fractions: 1.13 times 10,000 is 11,300."""
    scaled: np.ndarray = numbers * worth.numerator
    return scaled if worth == 1 else np.round(scaled, 6) / worth.denominator


def _united(draft: Draft, texts: pa.Array, at: np.ndarray, *, to: str, bare: Fraction) -> np.ndarray:
    """Read a number with words around it, each different words once; give the positions still to read."""
    parts = pc.extract_regex(texts.take(pa.array(at)), _UNITED)
    found = np.asarray(parts.is_valid().to_numpy(zero_copy_only=False), dtype=bool)
    some, parts = at[found], parts.filter(pa.array(found))
    numbers = pc.replace_substring(parts.field("number"), ",", "").cast(pa.float64()).to_numpy()
    heads, tails = (parts.field(name).dictionary_encode() for name in ("head", "tail"))
    pairs, codes = np.unique(
        heads.indices.to_numpy().astype("int64") * len(tails.dictionary) + tails.indices.to_numpy(),
        return_inverse=True,
    )
    done = np.zeros(len(some), dtype=bool)
    for code, pair in enumerate(pairs.tolist()):
        head, tail = divmod(pair, len(tails.dictionary))
        said, behind = head_of(heads.dictionary[head].as_py()), tail_of(tails.dictionary[tail].as_py(), to)
        if said is not None and isinstance(behind, Tail) and not behind.half:
            here = codes == code
            draft.sure(some[here], _scaled(numbers[here], behind.worth if behind.named else bare))
            draft.qualifier[some[here]] = QUALIFIERS.index(stronger(said, behind.precision))
            done |= here
    return np.sort(np.concatenate([at[~found], some[~done]]))


def _whole(wide: Draft) -> None:
    """Refuse counts that are no whole numbers."""
    broken = ~np.isnan(wide.held) & (wide.held != np.floor(wide.held))
    for at in np.flatnonzero(broken).tolist():
        wide.put(at, Parsed(fault=fault_of(FAULTS, "amount_not_whole", float(wide.held[at]))))
    wide.held[broken] = np.nan
    wide.qualifier[broken] = NONE
    wide.repaired[broken] = False


def _parser(to: str, bare: Fraction, shown: str | None, *, contrary: bool) -> Callable[[str], Parsed]:
    """Give the reader of one text."""

    def parse(text: str) -> Parsed:
        if len(text) > LONGEST:
            return Parsed(fault=fault_of(FAULTS, "amount_unreadable", text, QUANTITIES[to]))
        if re.search(MASK, text):
            return Parsed(reason="masked")
        if text.lower().strip("。.") in UNKNOWN:
            return Parsed(reason="unknown")
        words = _ASIDE.sub("", text) if not text.startswith("(") else text
        if contrary and re.fullmatch(r"[+-]?\d{1,3}[.,]\d{3}", words):
            return Parsed(fault=fault_of(FAULTS, "amount_comma", text))
        return _one(words, text, to=to, bare=bare, mark=shown or ".") or Parsed(
            fault=fault_of(FAULTS, "amount_unreadable", text, QUANTITIES[to])
        )

    return parse


def _one(words: str, text: str, *, to: str, bare: Fraction, mark: str) -> Parsed | None:
    """Read words, a number and a unit; or two numbers as a range."""
    if re.fullmatch(r"\([\d,.]+\)", words):
        words = f"-{words[1:-1]}"  # as accountants write it
    precision, words = _head(words if to != "mm" else _DIAMETER.sub("", words))
    found = _NUMBER.match(words)
    if found is None:
        return None
    tail = tail_of(words[found.end() :], to)
    number = number_of(found[0], mark)
    if number is None or not isinstance(tail, Tail):
        return _range(words, to=to, bare=bare, mark=mark) or _unit_fault(tail, text, words[found.end() :], to)
    own = tail.named or any(c in CHINESE for c in found[0])
    worth = tail.worth if own else bare
    value = float(_scaled(np.array([number]), worth)[0]) + (float(worth) / 2 if tail.half else 0)
    doubtful = "," in found[0] and shows(found[0]) != "."
    precision = stronger(precision, tail.precision)
    return Parsed(value, precision, repaired=doubtful or any(c in CHINESE + "半" for c in found[0]))


def _head(words: str) -> tuple[str, str]:
    """Part the words before a number from it: their precision, and the rest."""
    precision = "eq"
    while before := BEFORE.match(words):
        precision = stronger(precision, before.lastgroup)
        words = words[before.end() :]
    if vague := _VAGUE.match(words):
        return "gt", vague[1] + words[vague.end() :]
    return precision, words


def _unit_fault(tail: Tail | str | None, text: str, unit: str, to: str) -> Parsed | None:
    """Say that the unit is another quantity's, or not known; None where the words look like no unit at all."""
    if isinstance(tail, str):
        return Parsed(fault=fault_of(FAULTS, "amount_unit_wrong", text, QUANTITIES[to]))
    if tail is None and len(unit.strip()) <= 4 and not re.search(r"\d", unit):  # noqa: PLR2004 (no longer unit is usual)
        return Parsed(fault=fault_of(FAULTS, "amount_unit_unknown", text, QUANTITIES[to]))
    return None


def _range(words: str, *, to: str, bare: Fraction, mark: str) -> Parsed | None:
    """Read "3-5万元" as its middle; the first number takes the unit of the second if it has none."""
    for cut in _RANGE.finditer(words):
        low, high = words[: cut.start()], words[cut.end() :]
        first, last = _NUMBER.match(low), _NUMBER.match(high)
        if first is None or last is None:
            continue
        tails = tail_of(low[first.end() :], to), tail_of(high[last.end() :], to)
        one, two = number_of(first[0], mark), number_of(last[0], mark)
        if one is None or two is None or not (isinstance(tails[0], Tail) and isinstance(tails[1], Tail)):
            continue
        worth = tails[1].worth if tails[1].named else bare
        top = two * float(worth)
        power = power_of(last[0]) * tails[1].times
        low_worth = tails[0].worth if tails[0].named else worth / tails[1].times
        if not tails[0].named and power_of(first[0]) == 1 and one * power * float(low_worth) <= top:
            one *= power
        if one * float(low_worth) <= top:
            middle = float((one * float(low_worth) + top) / 2)
            return Parsed(float(np.floor(middle)) if to == "count" else round(middle, 6), "approx", repaired=True)
    return None
