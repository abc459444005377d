"""The coordinate doctor: where two columns of numbers lie on the map, with the evidence, or the question to ask.

``examine`` lists the ways to read the numbers (``geo.candidates``), tests each against the boundary and
trusted layers (``geo.evidence``) and decides by a rule with numbers (``geo.weighing``). It never guesses:
what the evidence does not settle is a question with the fitting readings in order.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from geo.candidates import OFFSET, WGS84, Hypothesis, by_size, in_crs, local_datum, looks_local, twins
from geo.conversion import transformer
from geo.coordinate_faults import precision
from geo.declared import Declared, declared, needs_parameters, unreadable
from geo.errors import CrsError
from geo.evidence import shift
from geo.georeference_words import (
    ALREADY,
    CONTROL_POINTS,
    LIST,
    NO_PLACES,
    NOTHING_FITS,
    confirmation,
    contradiction,
    misfit,
    others_words,
    peak_words,
    question,
    share_words,
    shift_words,
    unlikely,
)  # fmt: skip
from geo.similarity import ControlPoint
from geo.text import Text
from geo.verdict import OFFSETS, Case, Verdict, placed, placed_by_points, unplaced
from geo.weighing import Candidate, Choice, Ground, agrees, choose, sample, scene_of, weigh

_LARGEST = 1e9  # metres or degrees; larger numbers are no coordinates

__all__ = ["Ground", "Verdict", "examine"]


def examine(
    x: ArrayLike,
    y: ArrayLike,
    ground: Ground,
    *,
    said: str | None = None,
    answer: str | None = None,
    control_points: Sequence[ControlPoint] = (),
    converted_from: str | None = None,
) -> Verdict:
    """Find out how two columns of numbers are to be read as places.

    Args:
        x: the first column as it stands in the file, shape (n,), NaN where empty.
        y: the second column, same length.
        ground: the workspace CRS in metres, its boundary, and layers whose places are known to be right.
        said: the CRS that the file declares (code, WKT), or words such as "GCJ-02" or "百度"; None if unsaid.
        answer: key of the reading that the user chose.
        control_points: for a local system, two or more.
        converted_from: ``datum_origin`` stored with data that were converted before: no offset is undone again.

    Returns:
        The verdict; nothing is raised for numbers, whatever they are.

    Raises:
        ValueError: x and y differ in length.
    """
    first, second = np.array(x, dtype=float).ravel(), np.array(y, dtype=float).ravel()
    if first.shape != second.shape:
        msg = f"x and y must be of one length, not {first.shape} and {second.shape}"
        raise ValueError(msg)
    for column in (first, second):
        column[np.abs(column) > _LARGEST] = np.inf
    case = Case(first, second, sample(first, second), scene_of(ground))
    if not len(case.places[0]):
        return unplaced(case, "refused", NO_PLACES)
    if control_points:
        return placed_by_points(case, control_points)
    meant = declared(said)
    notes = () if meant is not None or not (said or "").strip() else (unreadable(said or ""),)
    if converted_from is not None:
        notes = (*notes, ALREADY)
        meant = None if meant is not None and meant.datum in OFFSETS else meant
    return _decided(case, meant, answer, (notes, converted_from is not None))


def _decided(case: Case, meant: Declared | None, answer: str | None, before: tuple[tuple[Text, ...], bool]) -> Verdict:
    notes, done = before
    refusal = _refusal(meant, case) if answer is None else None
    if refusal is not None:
        return unplaced(case, "refused", refusal, notes=notes)
    found = weigh(_readings(case, meant, done=done), *case.places, case.scene)
    shares = {one.hypothesis.key: round(one.inside, 4) for one in found if one.inside is not None}
    notes += _told(found, meant)
    if answer is not None:
        return _answered(case, answer, found, notes)._replace(inside=shares)
    return _weighed(case, meant, found, (notes, done))._replace(inside=shares)


def _weighed(
    case: Case, meant: Declared | None, found: Sequence[Candidate], before: tuple[tuple[Text, ...], bool]
) -> Verdict:
    """Read the numbers as the evidence says, or ask."""
    notes, done = before
    exact = precision(*case.places, degrees=True)
    choice = choose(
        found, meant, chinese=case.scene.chinese and not done, places=len(case.places[0]),
        coarse_m=exact.ground_m if exact else 0.0,
    )  # fmt: skip
    if choice.kind == "certain":
        return placed(case, choice.leading[0].hypothesis, notes)
    answers = _answers(choice, meant, case.scene.crs)
    return unplaced(case, "ask", _question(case, choice, (meant, found), answers), notes=notes, answers=answers)


def _answers(choice: Choice, meant: Declared | None, crs: str) -> list[Hypothesis]:
    """List the readings to choose from: without what is impossible, and with the datums that look alike."""
    found = [one.hypothesis for one in choice.leading]
    if choice.kind == "nothing":
        own = {crs, f"{crs}/yx"}
        found = [one for one in found if one.key not in own and not (meant and _is(one, meant))] or found
    return found + ([twin for one in found for twin in twins(one)] if meant is None else [])


def _refusal(meant: Declared | None, case: Case) -> Text | None:
    """Say what a declared system needs that cannot be converted to the workspace's; None if it can."""
    if meant is None:
        return None
    code = meant.hypothesis.crs if meant.hypothesis is not None else meant.datum if ":" in meant.datum else None
    if code is None:
        return None
    try:
        transformer(code, case.scene.crs, case.scene.place)
    except CrsError as error:
        return needs_parameters(code) if local_datum(code) else error.message
    return None


def _readings(case: Case, meant: Declared | None, *, done: bool) -> list[Hypothesis]:
    """List what to test: the declared reading first, the same with exchanged columns last."""
    found = list(by_size(*case.places, place=case.scene.place, crs=case.scene.crs))
    if meant is not None and meant.hypothesis is not None:
        found = [meant.hypothesis, *found, meant.hypothesis.turned]
    if done:
        found = [one for one in found if one.origin not in OFFSETS]
    return list(dict.fromkeys(found))


def _told(found: Sequence[Candidate], meant: Declared | None) -> tuple[Text, ...]:
    """Tell the evidence for the best readings and for the declared one, and how far apart they lie."""
    said: list[Text] = []
    shown = [one for one in found[:LIST] if one is found[0] or one.inside or agrees(one.hypothesis, meant)]
    for one in shown:
        if one.inside is not None:
            said.append(share_words(one.hypothesis.title, one.inside, len(one.east)))
        said += [peak_words(one.hypothesis.title, layer, how) for layer, how in one.peaks]
    nowhere = sum(one.inside == 0 for one in found if one not in shown)
    if nowhere:
        said.append(others_words(nowhere))
    if found and found[0].hypothesis.origin in OFFSETS:
        plain = next(
            (one for one in found if one.hypothesis.crs == "EPSG:4326" and one.hypothesis.origin == "wgs84"), None
        )
        if plain is not None:
            how = shift((plain.east, plain.north), (found[0].east, found[0].north))
            said.append(shift_words(plain.hypothesis.title, *how))
    return tuple(said)


def _question(
    case: Case, choice: Choice, known: tuple[Declared | None, Sequence[Candidate]], answers: Sequence[Hypothesis]
) -> Text:
    meant, found = known
    own = next((one.inside for one in found if agrees(one.hypothesis, meant)), None)
    if choice.kind == "nothing":
        degrees = any(one.crs == WGS84.crs for one in answers)
        if looks_local(*case.places) and not degrees:
            return CONTROL_POINTS
        other = next((one for one in answers if meant and not _is(one, meant)), None)
        return unlikely(meant.said, own, other.title) if meant and other else NOTHING_FITS
    best = choice.leading[0]
    if choice.kind == "contradicted" and meant is not None:
        if len(answers) == 1:
            return contradiction(meant.said, own, best.hypothesis.title, best.inside)
        return Text("{why}。{ask}", "{why}. {ask}").format(why=misfit(meant.said, own), ask=question(answers))
    return question(answers) if len(answers) > 1 else confirmation(answers[0])


def _is(reading: Hypothesis, meant: Declared) -> bool:
    """Tell whether a reading is the declared one, in either order of the columns."""
    return agrees(reading, meant) or agrees(reading.turned, meant)


def _answered(case: Case, answer: str, found: Sequence[Candidate], notes: tuple[Text, ...]) -> Verdict:
    """Read the numbers as the user says."""
    known = {one.key: one for one in (*OFFSET.values(), *(one.turned for one in OFFSET.values()))}
    known |= {one.hypothesis.key: one.hypothesis for one in found}
    chosen = known.get(answer)
    if chosen is None:
        plain = in_crs(answer.removesuffix("/yx"))
        chosen = plain.turned if answer.endswith("/yx") else plain
    try:
        return placed(case, chosen, notes)
    except CrsError as error:
        code = chosen.crs or ""
        words = needs_parameters(code) if code and local_datum(code) else error.message
        return unplaced(case, "refused", words, notes=notes)
