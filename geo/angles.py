"""Coordinates as people write them: degrees, minutes and seconds in all spellings, one coordinate a cell.

Plain decimals of a whole column are read at once; only what is left is looked at cell by cell, each
distinct text once. What cannot be read with certainty is a fault with words, never a guess.
Cells with both coordinates: ``geo.angle_pairs``.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.findings import value_found
from geo.text import Text

LON, LAT = "lon", "lat"


class AngleFault(NamedTuple):
    """A cell that is no coordinate: a code, what stands there, and what was expected."""

    code: str
    found: Text
    expected: Text


class Angle(NamedTuple):
    """One coordinate: degrees, or metres if so large; the axis that a letter names, "" without; the way of writing."""

    value: float
    axis: str = ""
    style: str = "decimal"


class Angles(NamedTuple):
    """What a column of coordinates says.

    ``numbers``: decimal degrees, or metres as they stand; NaN where empty or faulty; shape (n,).
    ``axis``: "lon" or "lat" where a letter or word (E, 北纬, lat) says so, else "".
    ``repaired``: the cell is no plain decimal number. ``faults``: by position.
    """

    numbers: NDArray[np.float64]
    axis: NDArray[np.object_]
    repaired: NDArray[np.bool_]
    faults: Mapping[int, AngleFault]


ANGLE_FAULTS: dict[str, Text] = {
    "angle_unreadable": Text(
        "如 111.6034、111°36′12.5″ 或 111-36-12.5 的坐标",
        "a coordinate such as 111.6034, 111°36′12.5″ or 111-36-12.5",
    ),
    "angle_not_finite": Text("有限的数", "a finite number"),
    "angle_minutes": Text("小于 60 的分", "minutes below 60"),
    "angle_seconds": Text("小于 60 的秒", "seconds below 60"),
    "angle_sign": Text("只用正负号或只用东西南北之一表示方向", "either a sign or one of E, W, N and S, not both"),
    "angle_beyond": Text("不超过 180 度的经度、不超过 90 度的纬度", "at most 180 degrees of longitude, 90 of latitude"),
    "angle_comma": Text(
        "能看出逗号是小数点还是千位分隔的数", "a number whose comma is clearly a decimal or a thousands mark"
    ),
}
"""Each fault of one coordinate by its code, with what was expected."""

_LIKE = {
    "°": "º˚゜度∘",
    "'": "′’‘`´ʹ分＇ˊ",
    '"': "″”“ʺ秒＂〃",
    "-": "—–−―‐‑－",
    ",": "，、﹐",
    ".": "。．·﹒",
    ";": "；",
    ":": "：",
    "(": "（【［[{｛〔",
    ")": "）】］]}｝〕",
    " ": "\u3000\u00a0\u2002\u2003\u2007\u2009\u202f\t\r\n",
    "": "\u200b\ufeff",
}
_PLAIN = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width letters, digits and signs
    | {other: plain for plain, others in _LIKE.items() for other in others}
)
_NUMBER = r"\d+(?:\.\d*)?"
_TIDY: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"''"), '"'),
    (re.compile(rf"(\d)\s*d\s*({_NUMBER})\s*m\s*(?:({_NUMBER})\s*s)?"), r"\1°\2'\3"),
    (re.compile(rf"(\d)\s*D\s*({_NUMBER})\s*M\s*(?:({_NUMBER})\s*S)?"), r"\1°\2'\3"),
    (re.compile(rf"(\d)\s*d\s*({_NUMBER})\s*'"), r"\1°\2'"),
    (re.compile(r"东\s*经|\beast\b", re.IGNORECASE), "E"),
    (re.compile(r"西\s*经|\bwest\b", re.IGNORECASE), "W"),
    (re.compile(r"北\s*纬|\bnorth\b", re.IGNORECASE), "N"),
    (re.compile(r"南\s*纬|\bsouth\b", re.IGNORECASE), "S"),
    (re.compile(r"\s*([°'\"])\s*"), r"\1"),
    (re.compile(r"\s+"), " "),
)
_LABEL = re.compile(r"^(经°|纬°|longitude|latitude|long|lng|lon|lat)\s*[:=]?\s*", re.IGNORECASE)
_LABELS = {"纬°": LAT, "lat": LAT, "latitude": LAT}
_SIDE = {"E": (1, LON), "W": (-1, LON), "N": (1, LAT), "S": (-1, LAT)}
_BEFORE, _BEHIND = re.compile(r"^([EWNS])\1?\s*[:.]?\s*", re.IGNORECASE), re.compile(r"\s*([EWNS])\.?$", re.IGNORECASE)
_DECIMAL = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?°?", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_ONE_COMMA = re.compile(r"(\d+),(\d+)")
_MANY_PARTS = (
    re.compile(r"(\d{1,3})°(?:(\d{1,2}(?:\.\d*)?)(?:['\s](?:(\d{1,2}(?:\.\d*)?)\"?)?)?)?"),
    re.compile(r"(\d{1,3})([-: ])(\d{1,2})\2(\d{1,2}(?:\.\d*)?)\"?"),
    re.compile(r"(\d{1,3})([-: ])(\d{1,2}\.\d+)'?"),
    re.compile(r"(\d{1,3})(\.)(\d{1,2})\.(\d{1,2}(?:\.\d*)?)"),
)
_SIXTY, _HALF_ROUND, _QUARTER = 60, 180, 90


def degrees_of(cells: pd.Series) -> Angles:
    """Read one column of coordinates.

    Args:
        cells: numbers or texts, shape (n,); null and blank ones are empty.

    Returns:
        What they say, by position.
    """
    values = numbers_of(cells)
    size = len(values)
    axis, repaired = np.full(size, "", dtype=object), np.zeros(size, dtype=bool)
    faults: dict[int, AngleFault] = {}
    rest = np.flatnonzero(~np.isfinite(values) & cells.notna().to_numpy())
    which, distinct = pd.factorize(cells.iloc[rest].astype("str").to_numpy(dtype=object))
    read = _read_all([str(text) for text in distinct])
    for row, text in zip(rest.tolist(), which.tolist(), strict=True):
        found = read[text]
        if isinstance(found, Angle):
            values[row], axis[row], repaired[row] = found.value, found.axis, np.isfinite(found.value)
        else:
            values[row], faults[row] = np.nan, found
    return Angles(values, axis, repaired, faults)


def numbers_of(cells: pd.Series) -> NDArray[np.float64]:
    """Read the plain decimal numbers of a column, NaN for everything else, infinite for what is."""
    if pd.api.types.is_bool_dtype(cells):
        return np.full(len(cells), np.nan)
    if pd.api.types.is_datetime64_any_dtype(cells):
        return np.full(len(cells), np.nan)
    if isinstance(cells.dtype, pd.StringDtype):
        plain = _plain_numbers(cells)
        if plain is not None:
            return plain
    values = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float, na_value=np.nan).copy()
    if cells.dtype == object:
        values[[isinstance(cell, bool) for cell in cells]] = np.nan
    return np.asarray(values, dtype=float)


def _plain_numbers(cells: pd.Series) -> NDArray[np.float64] | None:
    """Read a column of texts that are all plain decimal numbers at once; None for any other."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    try:
        numbers = pa.array(cells, pa.large_string(), from_pandas=True).cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    return np.array(numbers.to_numpy(zero_copy_only=False))


def _read_all(texts: Sequence[str]) -> list[Angle | AngleFault]:
    """Read distinct texts of one column, whose other cells show what a comma means."""
    means = _comma([plain(text) for text in texts])
    return [read_angle(text, comma=means) if text.strip() else Angle(np.nan) for text in texts]


def _comma(texts: Sequence[str]) -> str:
    """Tell from all cells whether a comma before three digits parts thousands or decimals, "" if they do not say."""
    thousands = decimals = False
    for text in texts:
        one = _ONE_COMMA.fullmatch(text.lstrip("+-"))
        if one is not None and (len(one[2]) != 3 or len(one[1]) > 3):  # noqa: PLR2004 (digits of a group)
            decimals = True
        elif _THOUSANDS.fullmatch(text.lstrip("+-")) and (one is None or int(one[1]) > _HALF_ROUND):
            thousands = True
    return "" if thousands == decimals else "decimal" if decimals else "thousands"


def plain(text: str) -> str:
    """Write a coordinate with the plainest signs: half-width, one kind of mark each, letters for the four sides."""
    tidy = text.translate(_PLAIN)
    for pattern, put in _TIDY:
        tidy = pattern.sub(put, tidy)
    return tidy.strip(" ,;")


def read_angle(text: str, *, comma: str = "decimal") -> Angle | AngleFault:
    """Read one coordinate.

    Args:
        text: as it stands in the cell.
        comma: what a single comma before three digits means: "decimal", "thousands" or "" (a fault).

    Returns:
        The coordinate, or why there is none.
    """
    simple = plain(text)
    if not any(sign.isdigit() for sign in simple):
        infinite = simple.lstrip("+-").lower() in {"inf", "infinity"}
        return _fault("angle_not_finite" if infinite else "angle_unreadable", text)
    said = _directed(simple)
    if said is None:
        return _fault("angle_sign", text)
    found = _magnitude(said.rest, comma)
    if isinstance(found, str):
        return _fault(found, text)
    beyond = found.value > (_QUARTER if said.axis == LAT else _HALF_ROUND)
    if beyond and (said.lettered or found.style != "decimal"):
        return _fault("angle_beyond", text)
    return Angle(said.sign * found.value, said.axis, found.style)


class _Directed(NamedTuple):
    """What is left of a coordinate without its sign, side and label; ``lettered``: a letter names the side."""

    rest: str
    sign: int
    axis: str
    lettered: bool


def _directed(rest: str) -> _Directed | None:
    """Take off label, letters and sign; None if they contradict each other."""
    label = _LABEL.match(rest)
    named = _LABELS.get(label[1].lower(), LON) if label else ""
    rest = rest[label.end() :] if label else rest
    sides = []
    for pattern in (_BEFORE, _BEHIND):
        side = pattern.search(rest)
        if side:
            sides.append(_SIDE[side[1].upper()])
            rest = rest[: side.start()] + rest[side.end() :]
    minus, signed = rest[:1] == "-", rest[:1] in {"+", "-"}
    sign, axis = sides[0] if sides else (-1 if minus else 1, named)
    if len(sides) > 1 or (signed and sides) or (named and axis != named):
        return None
    return _Directed(rest[1:].strip() if signed else rest, sign, axis, bool(sides))


def _fault(code: str, text: str) -> AngleFault:
    return AngleFault(code, value_found(text), ANGLE_FAULTS[code])


def _magnitude(text: str, comma: str) -> Angle | str:
    """Read a coordinate without sign and side; the code of the fault if it is none."""
    number = _uncommaed(text.removesuffix("米").removesuffix("m").rstrip(), comma)
    if number is None:
        return "angle_comma"
    if _DECIMAL.fullmatch(number):
        value = float(number.removesuffix("°"))
        style = "decimal" if number == number.removesuffix("°") else "degrees"
        return Angle(value, "", style) if np.isfinite(value) else "angle_not_finite"
    for pattern in _MANY_PARTS:
        parts = pattern.fullmatch(number)
        if parts is not None:
            return _sum([one for one in parts.groups() if one and one not in {"-", ":", " ", "."}])
    return "angle_unreadable"


def _uncommaed(text: str, comma: str) -> str | None:
    """Write a number without commas; None if it is not clear what a comma means."""
    one = _ONE_COMMA.fullmatch(text)
    if _THOUSANDS.fullmatch(text) and (one is None or int(one[1]) > _HALF_ROUND or comma == "thousands"):
        return text.replace(",", "")
    if one is not None and _THOUSANDS.fullmatch(text) and not comma:
        return None
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _sum(parts: list[str]) -> Angle | str:
    """Add degrees, minutes and seconds."""
    numbers = [float(part) for part in parts]
    if any("." in part for part in parts[:-1]):
        return "angle_unreadable"
    for code, part in zip(("angle_minutes", "angle_seconds"), numbers[1:], strict=False):
        if part >= _SIXTY:
            return code
    return Angle(sum(part / _SIXTY**power for power, part in enumerate(numbers)), "", "parts")
