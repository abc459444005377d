"""What the coordinate doctor hands back, and the placing of all rows once it is known how to read them."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.candidates import LOCAL, Hypothesis, Numbers, in_china
from geo.conversion import converted, residual_m
from geo.coordinate_faults import Precision, Stack, far_rows, fault_words, precision, row_faults, stacks
from geo.errors import CrsError
from geo.evidence import inside, share_inside
from geo.georeference_words import (
    MORE_POINTS,
    control_words,
    loose_points,
    outside_words,
    share_words,
    stack_words,
    undone_words,
)  # fmt: skip
from geo.similarity import ControlPoint, Similarity
from geo.text import Text
from geo.weighing import LEAST_FIT, MARGIN, Scene

RMS_M = 1.0
"""Residuals of control points (root mean square) above which they are doubted."""
OFFSETS = frozenset({"gcj02", "bd09"})


class Verdict(NamedTuple):
    """What the doctor found.

    ``status``: "certain" (``chosen`` says how the numbers are read and ``x_m``, ``y_m`` where they lie, NaN for
    rows in ``faults`` and empty ones), "ask" (``question`` is the one to ask, ``candidates`` the answers, best
    first; give the key of one back as ``answer``) or "refused" (``question`` says what is needed).
    ``faults``: positions by the codes of ``coordinate_faults.ROW_FAULTS``; ``proposals``: where the rows of
    "coordinate_swapped" would lie, shape (k, 2). ``datum_origin`` is to be stored with converted data and
    given back as ``converted_from``, so that no offset is undone twice. ``residual_m``: of an undone offset.
    ``inside``: the share of distinct places inside the boundary by the key of each reading that was tried.
    """

    status: str
    chosen: Hypothesis | None
    candidates: tuple[Hypothesis, ...]
    evidence: tuple[Text, ...]
    question: Text | None
    x_m: Numbers
    y_m: Numbers
    faults: Mapping[str, NDArray[np.int64]]
    proposals: Numbers
    precision: Precision | None
    stacks: tuple[Stack, ...]
    datum_origin: str | None
    residual_m: float | None
    inside: Mapping[str, float] = MappingProxyType({})


class Case(NamedTuple):
    """The numbers of a file, distinct places among them, and what to test them against."""

    x: Numbers
    y: Numbers
    places: tuple[Numbers, Numbers]
    scene: Scene


def unplaced(
    case: Case, status: str, words: Text, *, notes: Sequence[Text] = (), answers: Sequence[Hypothesis] = ()
) -> Verdict:
    """Give the verdict without places: a question with its answers, or what is needed."""
    nowhere = np.full(len(case.x), np.nan)
    return Verdict(
        status, None, tuple(answers), tuple(notes), words, nowhere, nowhere.copy(), row_faults(case.x, case.y),
        np.empty((0, 2)), None, stacks(case.x, case.y), None, None,
    )  # fmt: skip


def placed(case: Case, chosen: Hypothesis, notes: tuple[Text, ...]) -> Verdict:
    """Place all rows under a reading, and say which have no place.

    Raises:
        CrsError: no conversion of known accuracy.
    """
    scene = case.scene
    here = converted(chosen, case.x, case.y, scene.crs, place=scene.place)
    residual = None
    if chosen.origin in OFFSETS:
        residual = residual_m(chosen, (case.x, case.y), here, scene.crs)
        notes = (*notes, undone_words(chosen, residual))

    def exchanged(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        return converted(chosen.turned, x, y, scene.crs, place=scene.place)

    return _settled(case, chosen, (here, exchanged), notes)._replace(residual_m=residual)


def _settled(
    case: Case,
    chosen: Hypothesis,
    ways: tuple[tuple[Numbers, Numbers], Callable[[Numbers, Numbers], tuple[Numbers, Numbers]]],
    notes: tuple[Text, ...],
) -> Verdict:
    """Sort rows into placed and faulty ones; ``ways``: as read, and how to read rows with the two columns exchanged."""
    (east, north), exchanged = ways
    local = chosen.crs is None and chosen.origin == "local"
    faults = row_faults(case.x, case.y, local=local)
    bad = np.zeros(len(east), dtype=bool)
    for rows in faults.values():
        bad[rows] = True
    lost = np.isfinite(case.x) & np.isfinite(case.y) & ~bad & ~np.isfinite(east)
    whole = case.scene.whole
    if whole is not None:
        lost |= far_rows(east, north, whole) & np.isfinite(case.x) & np.isfinite(case.y) & ~bad
    x, y = case.x[lost], case.y[lost]
    other_east, other_north = exchanged(x, y)
    if whole is not None:
        fits = inside(whole, other_east, other_north)
    else:
        fits = np.isfinite(other_east) & (in_china(y, x) | in_china(x, y))
    turned = np.zeros(len(east), dtype=bool)
    turned[np.flatnonzero(lost)[fits]] = True
    for code, which in (("coordinate_swapped", turned), ("coordinate_far", lost & ~turned)):
        if which.any():
            faults[code] = np.flatnonzero(which)
    bad |= lost
    east, north = np.where(bad, np.nan, east), np.where(bad, np.nan, north)
    exact = precision(case.x, case.y, degrees=chosen.crs == "EPSG:4326")
    same = stacks(case.x, case.y)
    notes = (*notes, *([exact.words()] if exact else []), *stack_words(same), *fault_words(faults))
    return Verdict(
        "certain", chosen, (chosen,), notes, None, east, north, faults,
        np.column_stack([other_east[fits], other_north[fits]]), exact, same, chosen.origin, None,
    )  # fmt: skip


def moved(
    chosen: Hypothesis, x: Numbers, y: Numbers, crs: str, *, control_points: Sequence[ControlPoint] = ()
) -> tuple[Numbers, Numbers]:
    """Move other coordinates of the same file, such as the corners of its shapes, as the verdict says.

    Args:
        chosen: the reading of a verdict.
        x: first coordinates, shape (n,).
        y: second coordinates, same length.
        crs: the workspace CRS.
        control_points: those of a local system.

    Raises:
        CrsError: no conversion of known accuracy, or control points that do not do.
    """
    if chosen.origin != LOCAL.origin:
        return converted(chosen, x, y, crs)
    table = np.asarray(control_points, dtype=float).reshape(len(control_points), -1)
    if chosen.swapped:
        return Similarity.of_points(table[:, [1, 0, 2, 3]]).apply(y, x)
    return Similarity.of_points(table).apply(x, y)


def placed_by_points(case: Case, points: Sequence[ControlPoint]) -> Verdict:
    """Place all rows by control points; tries both orders of the columns, as surveyors put north first."""
    table = np.asarray(points, dtype=float).reshape(len(points), -1)
    try:
        ways = [(LOCAL, Similarity.of_points(table))]
        ways.append((LOCAL.turned, Similarity.of_points(table[:, [1, 0, 2, 3]])))
    except CrsError as error:
        return unplaced(case, "refused", error.message)
    found = []
    for reading, fit in ways:
        first, second = case.places[::-1] if reading.swapped else case.places
        whole = case.scene.whole
        found.append((reading, fit, 1.0 if whole is None else share_inside(whole, *fit.apply(first, second))))
    good = [one for one in found if not one[1].rms_m > RMS_M]
    if not good:
        return unplaced(case, "ask", loose_points(min(fit.rms_m for _, fit, _ in found)), answers=(LOCAL,))
    best = max(share for _, _, share in good)
    remain = [one for one in good if one[2] > best - MARGIN]
    if len(remain) > 1 or best < LEAST_FIT:
        told = [share_words(one.title, share, len(case.places[0])) for one, _, share in good]
        words = outside_words(best) if best < LEAST_FIT else MORE_POINTS
        return unplaced(case, "ask", words, notes=told, answers=[one for one, _, _ in good])
    reading, fit, share = remain[0]
    notes = control_words(len(points), fit.rms_m, float(fit.residuals_m.max()), stretched=fit.is_stretched)
    notes += (share_words(reading.title, share, len(case.places[0])),) if case.scene.whole is not None else ()
    columns = (case.y, case.x) if reading.swapped else (case.x, case.y)
    back = -1 if reading.swapped else 1
    return _settled(case, reading, (fit.apply(*columns), lambda *xy: fit.apply(*xy[::-back])), notes)
