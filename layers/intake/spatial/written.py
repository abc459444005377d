"""Shapes that stand in the cells of a table: as words (WKT), or as the hexadecimal numbers of a database (WKB)."""

import re
import struct
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.intake.meaning import texts_of

MOST_NESTED = 8
"""Collections in each other that are followed; libraries go down without end and fall."""
_HEX = re.compile(r"(?:\\x|0x)?((?:00|01)(?:[0-9a-f]{2}){8,})", re.IGNORECASE)
_SRID = re.compile(r"SRID\s*=\s*(\d{4,6})\s*;\s*", re.IGNORECASE)
_POINT, _LINE, _AREA, _LAST = 1, 2, 3, 7
_Z, _M, _SAID = 0x80000000, 0x40000000, 0x20000000


class Written(NamedTuple):
    """Shapes by position, None where a cell holds none; ``crs`` is what all that say a system agree on, else None."""

    shapes: NDArray[np.object_]
    crs: str | None


def written_shapes(cells: pd.Series) -> Written:
    """Read the shapes in a column."""
    shapes = np.full(len(cells), None, dtype=object)
    systems: set[int] = set()
    texts = texts_of(cells)
    known = np.flatnonzero(texts.notna().to_numpy())
    words: list[tuple[int, str]] = []
    numbers: list[tuple[int, bytes]] = []
    for at, text in zip(known.tolist(), texts.iloc[known].tolist(), strict=True):
        if packed := _HEX.fullmatch(text):
            numbers.append((at, bytes.fromhex(packed[1])))
        else:
            if said := _SRID.match(text):
                systems.add(int(said[1]))
            words.append((at, text[said.end() :] if said else text))
    plain = [(at, text) for at, text in words if text.upper().count("COLLECTION") <= MOST_NESTED]
    sound = [(at, blob) for at, blob in numbers if not _is_deep(blob)]
    for read, some in ((shapely.from_wkt, plain), (shapely.from_wkb, sound)):
        if some:
            shapes[[at for at, _ in some]] = read(np.array([one for _, one in some], dtype=object), on_invalid="ignore")
    systems |= {int(one) for one in np.unique(shapely.get_srid(shapes[~shapely.is_missing(shapes)])) if one > 0}
    return Written(shapes, f"EPSG:{systems.pop()}" if len(systems) == 1 else None)


def _is_deep(blob: bytes) -> bool:
    """Tell whether shapes lie too deep in each other, or it cannot be told; a single shape holds no others."""
    at, left = 0, [1]  # shapes to come at each depth
    try:
        while left:
            if not left[-1]:
                left.pop()
                continue
            left[-1] -= 1
            order = "<" if blob[at] else ">"
            (code,) = struct.unpack_from(f"{order}I", blob, at + 1)
            at += 9 if code & _SAID else 5
            kind, size = _kind(code)
            if not _POINT <= kind <= _LAST:
                return True
            if kind > _AREA:
                left.append(struct.unpack_from(f"{order}I", blob, at)[0])
                at += 4
                if len(left) > MOST_NESTED:
                    return True
            elif len(left) == 1:
                return False
            else:
                at = _behind(blob, at, order, (kind, size))
    except (struct.error, IndexError):  # the numbers end before they should
        return True
    return False


def _kind(code: int) -> tuple[int, int]:
    """Give the kind of a shape, and how many numbers each corner has; both ways to write heights and measures."""
    plain = code & 0xFFFF
    more = plain // 1000
    heights, measures = bool(code & _Z) or more in {1, 3}, bool(code & _M) or more in {2, 3}
    return plain % 1000, 2 + heights + measures


def _behind(blob: bytes, at: int, order: str, shape: tuple[int, int]) -> int:
    """Give where the shape ends whose corners begin at a place."""
    kind, size = shape
    if kind == _POINT:
        return at + 8 * size
    rings = 1
    if kind == _AREA:
        (rings,) = struct.unpack_from(f"{order}I", blob, at)
        at += 4
    for _ in range(rings):
        (corners,) = struct.unpack_from(f"{order}I", blob, at)
        at += 4 + 8 * size * corners
    return at
