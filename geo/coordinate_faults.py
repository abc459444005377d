"""Rows whose coordinates are no place, coordinates that stand for many rows, and how exact the numbers are."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.ownership import default_points
from geo.text import Text, counted

Numbers = NDArray[np.float64]

ROW_FAULTS: dict[str, tuple[Text, Text]] = {
    "coordinate_half": (
        Text("两个坐标齐全", "both coordinates"),
        Text("补上缺少的坐标，或两个都留空", "fill in the missing one, or leave both empty"),
    ),
    "coordinate_infinite": (
        Text("有限且大小合理的数", "a finite number of a possible size"),
        Text("改正坐标，或留空", "correct the coordinates, or leave them empty"),
    ),
    "coordinate_zero": (
        Text("真实位置，不是 0,0", "a real place, not 0,0"),
        Text(
            "0,0 通常表示没有定位：补上坐标，或留空",
            "0,0 mostly means “not located”: fill in the place or leave it empty",
        ),
    ),
    "coordinate_swapped": (
        Text("与其他行相同的坐标顺序", "the two coordinates in the order of the other rows"),
        Text(
            "这一行的两个坐标可能写反了：核对后交换",
            "the two seem to be exchanged in this row: check and exchange them",
        ),
    ),
    "coordinate_far": (
        Text("边界内或附近的位置", "a place in or near the boundary"),
        Text("核对坐标的位数和小数点", "check the digits and the decimal point"),
    ),
}
"""What is expected and what to do, by the code of a row's fault."""
FAR_M = 10_000.0
"""Farther outside the boundary than this and than the boundary is long, a row is not placed."""
ENOUGH_DECIMALS = 5
"""Decimals of a degree below which the ground error is worth a warning."""
FEWEST_STACKED = 10
"""Rows on one coordinate that are worth a look."""
_STACKED_SHARE = 0.01
_METRES_A_DEGREE = 111_320.0
_MOST_DECIMALS = 9
_ALMOST_ALL = 0.95
_MOST_STACKS = 20
_SOME = 50_000
_FINE_M = 0.001


class Precision(NamedTuple):
    """Decimals that the numbers have, and half a unit of the last one on the ground, metres."""

    decimals: int
    ground_m: float
    coarse: bool

    def words(self) -> Text:
        """Say it as a sentence."""
        size = f"±{self.ground_m:.3g}" if self.ground_m >= _FINE_M else f"< {_FINE_M:g}"
        return Text(
            f"坐标有 {self.decimals} 位小数，地面误差 {size} 米"
            + (f"；少于 {ENOUGH_DECIMALS} 位，请要更精确的原始数据" if self.coarse else ""),
            f"the coordinates have {self.decimals} decimals, an error of {size} m on the ground"
            + (f"; fewer than {ENOUGH_DECIMALS}, ask for the original data" if self.coarse else ""),
        )


class Stack(NamedTuple):
    """One coordinate that stands for many rows; ``default``: so many that it is hardly their place."""

    x: float
    y: float
    rows: int
    default: bool


def row_faults(x: Numbers, y: Numbers, *, local: bool = False) -> dict[str, NDArray[np.int64]]:
    """Find rows that are no place in any system; rows without either number are empty, not faulty.

    Args:
        x: the first column, shape (n,).
        y: the second column, same length.
        local: 0,0 may be a real place.

    Returns:
        Positions by the code of ``ROW_FAULTS``.
    """
    half, infinite = np.isnan(x) != np.isnan(y), np.isinf(x) | np.isinf(y)
    zero = (x == 0) & (y == 0) & (not local)
    found = {"coordinate_half": half & ~infinite, "coordinate_infinite": infinite, "coordinate_zero": zero}
    return {code: np.flatnonzero(rows) for code, rows in found.items() if rows.any()}


def far_rows(east: Numbers, north: Numbers, whole: shapely.Geometry) -> NDArray[np.bool_]:
    """Tell which rows lie far outside an outline, or nowhere.

    Args:
        east: metres, shape (n,).
        north: metres, same length.
        whole: outline in the same CRS.
    """
    west, south, right, top = shapely.bounds(whole)
    reach = max(FAR_M, float(np.hypot(right - west, top - south)))
    near: NDArray[np.bool_] = (
        (east >= west - reach) & (east <= right + reach) & (north >= south - reach) & (north <= top + reach)
    )
    return np.logical_not(near)


def precision(x: Numbers, y: Numbers, *, degrees: bool) -> Precision | None:
    """Find how many decimals nearly all numbers get by with.

    Args:
        x: the first column, shape (n,).
        y: the second column, same length.
        degrees: the numbers are degrees, not metres.

    Returns:
        None without numbers.
    """
    values = np.concatenate([x, y])
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    unit = _METRES_A_DEGREE if degrees else 1.0
    for decimals in range(_MOST_DECIMALS + 1):
        if _almost_all(values, decimals):
            break
    return Precision(decimals, 0.5 * 10.0**-decimals * unit, degrees and decimals < ENOUGH_DECIMALS)


def _almost_all(values: Numbers, decimals: int) -> bool:
    """Tell whether nearly all numbers have so few decimals; where they have not, the first ones mostly show it."""
    most = (1 - _ALMOST_ALL) * len(values)
    longer = 0
    for start in range(0, len(values), _SOME):
        some = values[start : start + _SOME]
        longer += int(np.count_nonzero(np.abs(np.round(some, decimals) - some) > 4 * np.spacing(np.abs(some))))
        if longer > most:
            return False
    return True


def stacks(x: Numbers, y: Numbers) -> tuple[Stack, ...]:
    """List coordinates that stand for many rows, most rows first, at most twenty."""
    found = default_points(x, y, min_share=_STACKED_SHARE, min_rows=FEWEST_STACKED)
    usual = set(default_points(x, y)[["x_m", "y_m"]].itertuples(index=False, name=None))
    places = zip(found["x_m"].tolist(), found["y_m"].tolist(), found["rows"].tolist(), strict=True)
    return tuple(Stack(one, other, rows, (one, other) in usual) for one, other, rows in places)[:_MOST_STACKS]


def fault_words(faults: Mapping[str, NDArray[np.int64]]) -> tuple[Text, ...]:
    """Say how many rows have each fault."""
    said = []
    for code, rows in faults.items():
        expected, remedy = ROW_FAULTS[code]
        said.append(
            Text(
                f"{len(rows):,} 行没有定位：应为{expected.zh}。{remedy.zh}",
                f"{counted(len(rows), 'row is', 'rows are')} not placed: expected {expected.en}; {remedy.en}",
            )
        )
    return tuple(said)
