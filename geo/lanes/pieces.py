"""Lines taken apart for the corridor test: straight pieces with their place along the line, and outer corners of bends."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_AT_ONCE = 200_000  # pairs of pieces and things that are cut in one call
_CLOSED_M = 1e-6
_STRAIGHT = 1e-9  # sine of an angle below which a line goes straight on


class Pieces(NamedTuple):
    """Straight pieces: line, part of the line, metres along the line where it starts, first point, direction, length."""

    line: NDArray[np.int64]
    part: NDArray[np.int64]
    station: Floats
    start: Floats
    along: Floats
    length: Floats

    @property
    def shapes(self) -> NDArray[np.object_]:
        """The pieces as line strings."""
        end = self.start + self.along * self.length[:, None]
        return np.asarray(shapely.linestrings(np.stack([self.start, end], axis=1)), dtype=object)

    def between(self, line: Integers, from_m: Floats, to_m: Floats) -> NDArray[np.object_]:
        """Give the course of lines from one distance along them to another; a point where both are the same."""
        order = np.argsort(self.line, kind="stable")
        begin, end = (np.searchsorted(self.line[order], line, side=side) for side in ("left", "right"))
        return np.array(
            [
                self._course(order[first:last], low, high)
                for first, last, low, high in zip(begin, end, from_m, to_m, strict=True)
            ],
            dtype=object,
        )

    def _course(self, rows: Integers, low: float, high: float) -> shapely.Geometry:
        station, length = self.station[rows], self.length[rows]
        inside = rows[(station <= high) & (station + length >= low)]
        first = np.clip(low - self.station[inside], 0.0, self.length[inside])[:, None]
        last = np.clip(high - self.station[inside], 0.0, self.length[inside])[:, None]
        start, along = self.start[inside], self.along[inside]
        if high <= low:
            return shapely.Point((start + along * first)[0])
        steps = np.stack([start + along * first, start + along * last], axis=1)
        return shapely.line_merge(shapely.multilinestrings(shapely.linestrings(steps[(last > first)[:, 0]])))


class Wedges(NamedTuple):
    """Outer corners of bends: line, metres along it, the bend, a shape that holds the rounded corner, its side."""

    line: NDArray[np.int64]
    station: Floats
    points: NDArray[np.object_]
    shapes: NDArray[np.object_]
    is_left: NDArray[np.bool_]


class Cut(NamedTuple):
    """What of things lies in strips along pieces: pair of each part, and its extent along and across."""

    pair: Integers
    u_low: Floats
    u_high: Floats
    v_low: Floats
    v_high: Floats


def strips_along(pieces: Pieces, rows: Integers, between: tuple[Floats, Floats], half: Floats) -> NDArray[np.object_]:
    """Rectangles along pieces from one distance along them to another, ``half`` to both sides."""
    origin, along = pieces.start[rows], pieces.along[rows]
    across = np.column_stack([-along[:, 1], along[:, 0]])
    side = across * half[:, None]
    first, last = origin + along * between[0][:, None], origin + along * between[1][:, None]
    ring = np.stack([first - side, last - side, last + side, first + side, first - side], axis=1)
    return np.asarray(shapely.polygons(ring), dtype=object)


def cut(
    pieces: Pieces, rows: Integers, bodies: NDArray[np.object_], *, between: tuple[Floats, Floats], half: Floats
) -> Cut:
    """Cut one body with the strip of one piece, pair by pair; parts that only touch (lower dimension) fall away.

    Args:
        pieces: all pieces.
        rows: the piece of each pair.
        bodies: the body of each pair.
        between: where the strip of each pair begins and ends, metres along the piece.
        half: how far it reaches to both sides.
    """
    parts, pair = [], []
    for at in range(0, len(rows), _AT_ONCE):
        own = slice(at, at + _AT_ONCE)
        inside = shapely.intersection(
            bodies[own], strips_along(pieces, rows[own], (between[0][own], between[1][own]), half[own])
        )
        found, index = shapely.get_parts(inside, return_index=True)
        inner, outer = shapely.get_parts(found, return_index=True)  # collections hold multi-parts
        whole = shapely.get_dimensions(inner) == shapely.get_dimensions(bodies[own])[index[outer]]
        parts.append(inner[whole & ~shapely.is_empty(inner)])
        pair.append(index[outer][whole & ~shapely.is_empty(inner)] + at)
    body = np.concatenate([np.empty(0, dtype=object), *parts])
    number = np.concatenate([np.empty(0, dtype=np.int64), *pair]).astype(np.int64)
    points, part = shapely.get_coordinates(body, return_index=True)
    away = points - pieces.start[rows[number[part]]]
    along = pieces.along[rows[number[part]]]
    u_of = np.einsum("ij,ij->i", away, along)
    v_of = along[:, 0] * away[:, 1] - along[:, 1] * away[:, 0]
    begins = np.flatnonzero(np.diff(part, prepend=-1))
    if not len(begins):
        none = np.empty(0)
        return Cut(number, none, none, none, none)
    low, high = np.minimum.reduceat, np.maximum.reduceat
    return Cut(number, low(u_of, begins), high(u_of, begins), low(v_of, begins), high(v_of, begins))


def pieces_of(lines: NDArray[np.object_]) -> Pieces:
    """Take lines apart; pieces without length are left out, parts of a multi-line follow each other."""
    parts, owner = shapely.get_parts(lines, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    joined = part[1:] == part[:-1]
    step = points[1:] - points[:-1]
    length = np.hypot(step[:, 0], step[:, 1])
    use = joined & (length > 0)
    part, length = part[:-1][use], length[use]
    line = owner[part].astype(np.int64) if len(owner) else part.astype(np.int64)
    end = np.cumsum(length)
    first = np.flatnonzero(np.diff(line, prepend=-1))
    passed = np.repeat((end - length)[first], np.diff(first, append=len(line)))
    return Pieces(
        line, part.astype(np.int64), end - length - passed, points[:-1][use], step[use] / length[:, None], length
    )


def wedges_of(pieces: Pieces, half_m: float) -> Wedges:
    """Give the outer corner at each bend of a line; a closed line has one where it closes."""
    before, after = _neighbours(pieces)
    one, other = pieces.along[before], pieces.along[after]
    turn = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    ahead = np.einsum("ij,ij->i", one, other)
    bends = (np.abs(turn) > _STRAIGHT) | (ahead < 0)
    before, after, one, other, turn = before[bends], after[bends], one[bends], other[bends], turn[bends]
    is_left = turn < 0  # a line that turns right has its outer corner to the left
    side = np.where(is_left, 1.0, -1.0)[:, None]
    first, last = _left_of(one) * side, _left_of(other) * side
    # The corner is parted in two at its middle, each held by the tangents to the circle: a turn back stays small.
    middle = _unit(first + last, spare=one)
    at = pieces.start[after]
    rim = (first, _tangent(first, middle), middle, _tangent(middle, last), last)
    ring = np.stack([at, *(at + half_m * one_of for one_of in rim), at], axis=1)
    shapes = np.asarray(shapely.polygons(ring) if len(at) else [], dtype=object)
    return Wedges(
        pieces.line[after], pieces.station[after], np.asarray(shapely.points(at), dtype=object), shapes, is_left
    )


def _neighbours(pieces: Pieces) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of pieces that meet in a bend."""
    before = np.flatnonzero(pieces.part[1:] == pieces.part[:-1])
    first = np.flatnonzero(np.diff(pieces.part, prepend=-1))
    last = np.r_[first[1:] - 1, len(pieces.part) - 1] if len(first) else first
    end = pieces.start[last] + pieces.along[last] * pieces.length[last][:, None]
    closed = (last > first) & (np.abs(end - pieces.start[first]) < _CLOSED_M).all(axis=1)
    return np.r_[before, last[closed]], np.r_[before + 1, first[closed]]


def _left_of(along: Floats) -> Floats:
    return np.column_stack([-along[:, 1], along[:, 0]])


def _unit(vector: Floats, *, spare: Floats) -> Floats:
    """Scale to length 1; where there is no direction (a turn straight back) take the spare one."""
    length = np.hypot(vector[:, 0], vector[:, 1])[:, None]
    return np.where(length > _STRAIGHT, vector / np.where(length > _STRAIGHT, length, 1.0), spare)


def _tangent(one: Floats, other: Floats) -> Floats:
    """Where the tangents of the unit circle at two directions meet, at most 90 degrees apart."""
    both = one + other
    scale = np.einsum("ij,ij->i", both, both)[:, None]
    return np.asarray(2.0 * both / scale)
