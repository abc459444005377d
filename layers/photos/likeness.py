"""Photos that were used before: the same file, or a picture so like it that somebody should compare the two."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import Problem
from geo.text import Text
from layers.photos.faults import photo_problem
from layers.photos.photo import Photo
from layers.standards import policy

ALL_BITS = 64


class Reuse(NamedTuple):
    """An earlier photo like this one: ``apart`` of 64 bits differ; ``exact``: the very same file."""

    sha256: str
    issue_id: str
    role: str
    apart: int
    exact: bool


def reused(
    photo: Photo, known: pd.DataFrame, *, issue_id: str, role: str, folder: Path | None = None
) -> tuple[Reuse, ...]:
    """Find a photo among those that are known.

    A picture that was scaled, compressed again, turned by right angles or mirrored is found; one that was cut or
    turned askew may not be. Photos of the same issue look alike as they should: there only the very same file
    in another role counts.

    Args:
        photo: the one that is handed in.
        known: the photos of all issues: ``sha256``, ``issue_id``, ``role`` and ``bits`` (uint64; the first of
            ``Photo.bits``, 0 or null if it has none).
        issue_id: the issue that the photo is handed in for.
        role: what it is to show ("before", "during", "after").
        folder: the workspace, for its own policy (``photo_same_bits``).

    Returns:
        The nearest first; one for each earlier photo.
    """
    if known.empty:
        return ()
    own = (known["issue_id"] == issue_id).to_numpy(dtype=bool)
    exact = (known["sha256"] == photo.sha256).to_numpy(dtype=bool)
    again = exact & (~own | (known["role"] != role).to_numpy(dtype=bool))
    stored = known["bits"].fillna(0).to_numpy(dtype=np.uint64)
    apart = np.where(exact, 0, bits_apart(photo.bits, stored))
    alike = ~own & ~exact & (apart <= policy(folder)["photo_same_bits"])
    rows = np.flatnonzero(again | alike)
    found = [
        Reuse(str(one["sha256"]), str(one["issue_id"]), str(one["role"]), int(apart[at]), bool(exact[at]))
        for at, one in zip(rows, known.iloc[rows].to_dict("records"), strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (not one.exact, one.apart, one.issue_id, one.sha256, one.role)))


def bits_apart(bits: Sequence[int], stored: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Give the fewest bits in which any position of a picture differs from each stored one, shape (n,).

    Pictures without a hash (0) are like no other: 64.
    """
    nearest = np.full(len(stored), ALL_BITS, dtype=np.uint8)
    for one in dict.fromkeys(bits):
        if one:
            np.minimum(nearest, np.bitwise_count(stored ^ np.uint64(one)), out=nearest)
    nearest[stored == 0] = ALL_BITS
    return nearest


def reuse_problems(photo: Photo, found: Sequence[Reuse], *, issue_id: str, role: str) -> tuple[Problem, ...]:
    """Say in words where a photo was used before: one problem for each earlier photo."""
    return tuple(_told(photo, one, issue_id, role) for one in found)


def _told(photo: Photo, one: Reuse, issue_id: str, role: str) -> Problem:
    if one.issue_id == issue_id:
        code, words = "photo_twice", Text("同一张照片用于两个阶段", "one photo for two moments of the work")
    elif one.exact:
        code, words = "photo_reused", Text("问题 {other} 已用过的同一张照片", "the very photo of issue {other}")
    else:
        same = f"{1 - one.apart / ALL_BITS:.0%}"
        code = "photo_alike"
        words = Text(f"与问题 {{other}} 的照片 {same} 相同", f"a photo {same} like one of issue {{other}}")
    return photo_problem(code, photo.name, found=words.format(other=one.issue_id), row=issue_id, column=role)
