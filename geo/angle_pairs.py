"""Cells that hold both coordinates: "111.61,26.43", "E111°36′12.5″ N26°25′", "POINT(111.6 26.4)"."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.angles import LAT, LON, Angle, AngleFault, Angles, plain, read_angle
from geo.findings import value_found
from geo.text import Text


class Pairs(NamedTuple):
    """What a column with both coordinates says.

    ``first`` and ``second``: as they stand, NaN where empty or faulty, shape (n,); but where letters
    name the axes (E, 北纬) longitude comes first. ``repaired``: more than two plain numbers with a mark
    between. ``faults``: by position.
    """

    first: NDArray[np.float64]
    second: NDArray[np.float64]
    repaired: NDArray[np.bool_]
    faults: Mapping[int, AngleFault]


PAIR_FAULTS: dict[str, Text] = {
    "pair_unreadable": Text(
        "两个坐标，如 111.6034,26.4201 或 E111°36′12.5″ N26°25′12″",
        "two coordinates, such as 111.6034,26.4201 or E111°36′12.5″ N26°25′12″",
    ),
    "pair_ambiguous": Text(
        "只有一种拆法的两个坐标，用分号隔开", "two coordinates that can be parted in one way, with a semicolon between"
    ),
    "pair_axes": Text("一个经度和一个纬度", "one longitude and one latitude"),
}
"""Each fault of a cell with both coordinates by its code, with what was expected."""

_NUMBER = r"[-+]?\d+\.\d+"
_PLAIN_PAIR = rf"^[\s(\[]*(?P<first>{_NUMBER})(?:\s*[,;]\s*|\s+)(?P<second>{_NUMBER})[\s)\]]*$"
_WKT_PAIR = (
    rf"^\s*(?:SRID=\d+;)?\s*POINT\s*Z?\s*\(\s*(?P<first>{_NUMBER})\s+(?P<second>{_NUMBER})(?:\s+{_NUMBER})?\s*\)\s*$"
)
_WRAPPED = re.compile(r"\(([^()]*)\)\s*$")
_QUOTED = re.compile(r"""["']\s*([A-Za-z]+)\s*["']\s*:""")
_WKT = re.compile(r"(?:SRID=\d+;)?\s*POINT\s*(Z|M|ZM)?\s*\(\s*(\S+)\s+(\S+)[^()]*\)", re.IGNORECASE)
_HEIGHT = re.compile(r"^([^,]+,[^,]+),0(\.0*)?$")
_PARTINGS = tuple(
    re.compile(pattern)
    for pattern in (
        r" ?[;|/&] ?",
        r" ?, ?",
        r" |(?<=[EWNSewns]) ?(?=\d)|(?<=[\d'\"°.]) ?(?=[EWNSewns] ?\d)|(?<=\") ?(?=\d)",
    )
)
_SMALL_WHOLE = re.compile(r"\d{1,3},\d+")


def pairs_of(cells: pd.Series) -> Pairs:
    """Read one column that holds both coordinates.

    Args:
        cells: texts, shape (n,); null and blank ones are empty.

    Returns:
        What they say, by position.
    """
    texts = cells.astype("str")
    first, second = _plain_pairs(texts)
    repaired = np.zeros(len(first), dtype=bool)
    faults: dict[int, AngleFault] = {}
    rest = np.flatnonzero(np.isnan(first) & cells.notna().to_numpy())
    which, distinct = pd.factorize(texts.iloc[rest].to_numpy(dtype=object))
    read = [read_pair(str(text)) for text in distinct]
    for row, text in zip(rest.tolist(), which.tolist(), strict=True):
        found = read[text]
        if isinstance(found, AngleFault):
            faults[row] = found
        elif found is not None:
            (first[row], second[row]), repaired[row] = found, True
    return Pairs(first, second, repaired, faults)


def _plain_pairs(cells: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Read the cells of two plain decimals at once, by Arrow."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)
    import pyarrow.compute as pc  # noqa: PLC0415 (heavy)

    texts = pa.array(cells, type=pa.large_string(), from_pandas=True)
    pattern = _PLAIN_PAIR if pc.any(pc.match_substring_regex(texts, _PLAIN_PAIR)).as_py() else _WKT_PAIR
    found = pc.extract_regex(texts, pattern)
    first, second = (
        pc.cast(pc.struct_field(found, name), pa.float64()).to_numpy(zero_copy_only=False).copy()
        for name in ("first", "second")
    )
    return first, second


def in_order(first: Angles, second: Angles) -> tuple[Angles, Angles]:
    """Exchange the two where letters name the axes and latitude stands first; the exchanged count as repaired.

    Args:
        first: what the first column says.
        second: what the second column says, same length.
    """
    turned = (first.axis == LAT) & (second.axis != LAT) | (second.axis == LON) & (first.axis != LON)
    kept = [
        Angles(
            np.where(turned, other.numbers, own.numbers),
            np.where(turned, other.axis, own.axis),
            own.repaired | turned,
            own.faults,
        )
        for own, other in ((first, second), (second, first))
    ]
    return kept[0], kept[1]


def read_pair(text: str) -> tuple[float, float] | AngleFault | None:
    """Read one cell with both coordinates.

    Args:
        text: as it stands in the cell.

    Returns:
        The two in the order of the cell, longitude first where letters name the axes; why there are
        none; None for a blank cell.
    """
    rest = _unwrapped(text)
    if not rest:
        return None
    ways: dict[tuple[float, float], tuple[Angle, Angle]] = {}
    reasons: list[AngleFault] = []
    for number, parting in enumerate(_PARTINGS):
        for mark in parting.finditer(rest):
            parts = rest[: mark.start()], rest[mark.end() :]
            way = read_angle(parts[0]), read_angle(parts[1])
            if isinstance(way[0], Angle) and isinstance(way[1], Angle):
                if way[0].style == way[1].style and not _may_be_one(rest, number):
                    ways[way[0].value, way[1].value] = way[0], way[1]
            else:
                reasons += [one for one in way if isinstance(one, AngleFault) and one.code != "angle_unreadable"]
        if ways and number == 0:
            break
    return _decided(text, list(ways.values()), reasons)


def _decided(text: str, ways: list[tuple[Angle, Angle]], reasons: list[AngleFault]) -> tuple[float, float] | AngleFault:
    if not ways and reasons:
        return AngleFault(reasons[0].code, value_found(text), reasons[0].expected)
    if len(ways) != 1:
        code = "pair_ambiguous" if ways else "pair_unreadable"
        return AngleFault(code, value_found(text), PAIR_FAULTS[code])
    first, second = ways[0]
    if first.axis and first.axis == second.axis:
        return AngleFault("pair_axes", value_found(text), PAIR_FAULTS["pair_axes"])
    if first.axis == LAT or second.axis == LON:
        first, second = second, first
    return first.value, second.value


def _may_be_one(text: str, parting: int) -> bool:
    """Tell whether "111,61" may be one number with a decimal comma."""
    return parting == 1 and bool(_SMALL_WHOLE.fullmatch(text))


def _unwrapped(text: str) -> str:
    """Take what stands in brackets, the numbers of a WKT point, the members of a JSON object."""
    point = _WKT.fullmatch(text.strip())
    if point:
        return f"{point[2]};{point[3]}"
    rest = plain(_QUOTED.sub(r"\1:", text))
    inner = _WRAPPED.search(rest)
    rest = inner[1].strip(" ,;") if inner else rest
    height = _HEIGHT.match(rest)
    return height[1] if height else rest
