"""Small codes for many coordinates and values: differences, zigzag, variable-length bytes, base64.

The browser's half of each function is in ``data/web/guatu-codec.js``. Everything is vectorised; a
hundred thousand points take some tens of milliseconds.
"""

import base64
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

POINT, LINE, AREA = 0, 1, 2
CLOSED, FIRST_MULTI = (2, 3), 4
"""Type numbers of GEOS: a linear ring and a polygon, and the first of the types that hold others."""

LONGEST = 10
"""Bytes that a 64-bit number needs at most, seven bits in each."""


def text(data: bytes) -> str:
    """Write bytes as base64, which JSON and HTML carry unchanged."""
    return base64.b64encode(data).decode("ascii")


def varint(values: npt.ArrayLike) -> bytes:
    """Write numbers >= 0 in as few bytes as each needs, seven bits a byte, low bits first (LEB128)."""
    rest = np.asarray(values).astype(np.uint64).ravel()
    length = _lengths(rest)
    if not (rest >> np.uint64(32)).any():
        rest = rest.astype(np.uint32)  # half the memory to go through
    end = np.cumsum(length, dtype=np.int64)
    out = np.empty(int(end[-1]) if end.size else 0, dtype=np.uint8)
    place = end - length
    while rest.size:
        more = length > 1
        out[place] = (rest & rest.dtype.type(0x7F)).astype(np.uint8) | (more.view(np.uint8) << 7)
        rest, place, length = rest[more] >> rest.dtype.type(7), place[more] + 1, length[more] - 1
    return out.tobytes()


def _lengths(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """Bytes that each number takes."""
    length = np.ones(numbers.size, dtype=np.uint8)
    for more in range(1, LONGEST):
        wider = numbers >= np.uint64(1) << np.uint64(7 * more)
        if not wider.any():
            break
        length += wider
    return length


def zigzag(values: npt.ArrayLike) -> npt.NDArray[np.uint64]:
    """Fold signed numbers into numbers >= 0 so that small ones stay small: 0, -1, 1, -2 is 0, 1, 2, 3."""
    signed = np.asarray(values, dtype=np.int64)
    return ((signed << 1) ^ (signed >> 63)).astype(np.uint64)


def numbers(values: Ints) -> dict[str, Any]:
    """Write numbers >= 0, as they are or as differences, whichever is shorter."""
    steps = zigzag(np.diff(values, prepend=0))
    if _lengths(values.astype(np.uint64)).sum() <= _lengths(steps).sum():
        return {"data": text(varint(values))}
    return {"data": text(varint(steps)), "steps": True}


def coordinates(lon: Floats, lat: Floats, quantum: float) -> str:
    """Write degrees as differences from point to point in units of ``quantum`` degrees."""
    pairs = np.rint(np.column_stack([lon, lat]) / quantum).astype(np.int64)
    return text(varint(zigzag(np.diff(pairs, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))).ravel()))


class Outline(NamedTuple):
    """Geometries taken apart into paths of vertices, in the units of the input.

    ``kind``: POINT, LINE or AREA a feature; ``paths``: number of paths a feature; ``sizes``:
    number of vertices a path; ``xy``: all vertices (rings without the closing one).
    """

    kind: Ints
    paths: Ints
    sizes: Ints
    xy: Floats


def outline(geometries: npt.NDArray[np.object_]) -> Outline:
    """Take geometries of any type apart; of a mixed collection only the parts of highest dimension are kept."""
    count = len(geometries)
    if (shapely.get_type_id(geometries) == POINT).all():
        xy = shapely.get_coordinates(geometries)
        if len(xy) == count:  # none is empty
            ones = np.ones(count, dtype=np.int64)
            return Outline(np.full(count, POINT, dtype=np.int64), ones, ones, xy)
    parts, owner = geometries, np.arange(count)
    if shapely.is_missing(parts).any():
        parts, owner = parts[~shapely.is_missing(parts)], owner[~shapely.is_missing(parts)]
    while (shapely.get_type_id(parts) >= FIRST_MULTI).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    dimension = shapely.get_dimensions(parts)
    kind = np.full(count, -1, dtype=np.int64)
    np.maximum.at(kind, owner, dimension)
    keep = (dimension == kind[owner]) & ~shapely.is_empty(parts)
    parts, owner, dimension = parts[keep], owner[keep], dimension[keep]
    area = dimension == AREA
    paths, path_owner = _rings(parts, owner, area)
    xy, path_of = shapely.get_coordinates(paths, return_index=True)
    closing = np.zeros(len(xy), dtype=bool)
    if len(xy):
        last = np.flatnonzero(np.diff(path_of, append=-1) != 0)
        closing[last] = np.isin(shapely.get_type_id(paths[path_of[last]]), CLOSED)
    sizes = np.bincount(path_of[~closing], minlength=len(paths)).astype(np.int64)
    per_feature = np.bincount(path_owner, minlength=count).astype(np.int64)
    return Outline(np.maximum(kind, POINT), per_feature, sizes, xy[~closing])


def _rings(
    parts: npt.NDArray[np.object_], owner: Ints, area: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.object_], Ints]:
    """Swap polygons with holes for their rings (the others are one ring already); keep the order of the features."""
    holed = area & (shapely.get_num_interior_rings(parts) > 0)
    if not holed.any():
        return parts, owner
    rings, inner = shapely.get_rings(parts[holed], return_index=True)
    paths = np.concatenate([parts[~holed], rings])
    owners = np.concatenate([owner[~holed], owner[holed][inner]])
    order = np.argsort(owners, kind="stable")
    return paths[order], owners[order]


def shapes(found: Outline, quantum: float) -> dict[str, Any]:
    """Write an outline whose vertices are degrees."""
    code: dict[str, Any] = {"n": len(found.kind), "quantum": quantum}
    kinds = np.unique(found.kind)
    code["kind"] = int(kinds[0]) if kinds.size == 1 else text(found.kind.astype(np.uint8).tobytes())
    if (found.paths != 1).any():
        code["paths"] = text(varint(found.paths))
    if (found.sizes != 1).any():
        code["sizes"] = text(varint(found.sizes))
    code["xy"] = coordinates(found.xy[:, 0], found.xy[:, 1], quantum)
    return code
