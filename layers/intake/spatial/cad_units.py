"""In which unit a drawing is drawn, judged by what its head says and by the size that this would give it."""

from typing import NamedTuple

from geo.errors import Problem
from geo.text import Text
from layers.intake.spatial.faults import vector_problem

UNITS = {"m": 1.0, "dm": 0.1, "cm": 0.01, "mm": 0.001, "inch": 0.0254, "foot": 0.3048}
"""Metres in each unit."""
_HEADS = {1: "inch", 2: "foot", 4: "mm", 5: "cm", 6: "m", 14: "dm"}  # values of $INSUNITS
SMALLEST_M, LARGEST_M = 20.0, 100_000.0
"""How wide a drawing of streets or buildings may sensibly be."""
_FARTHEST_M = 6e7  # an easting with its zone before it


class Unit(NamedTuple):
    """A unit, the metres in it, how it was found ("given", "header", "size", "assumed"), and what to tell."""

    name: str
    metres: float
    found_by: str
    notes: tuple[Problem, ...] = ()


def unit_of(head: int, span: tuple[float, float], file: str, *, given: str | None = None) -> Unit:
    """Find the unit of a drawing.

    Args:
        head: its $INSUNITS.
        span: how wide it is, and how far its things lie from the origin, in its own unit.
        file: the name for messages.
        given: what the user says.
    """
    if given is not None:
        return Unit(given, UNITS[given], "given")
    stated = _HEADS.get(head)
    if stated and _sensible(stated, span):
        return Unit(stated, UNITS[stated], "header")
    fitting = [name for name in ("m", "mm") if _sensible(name, span)]
    width = Text.same(f"{span[0]:,.0f}")
    if len(fitting) == 1:
        if stated is None:
            return Unit(fitting[0], UNITS[fitting[0]], "size")
        found = Text(
            "文件头写 {unit}，图幅宽 {width}，只有按 {other} 才合理",
            "{unit} in the head, a width of {width}: only {other} makes sense",
        )
        found = found.format(unit=stated, width=width, other=fitting[0])
        return Unit(fitting[0], UNITS[fitting[0]], "size", (vector_problem("unit_by_size", file, found=found),))
    found = Text("图幅宽 {width}，未写单位", "a width of {width} and no unit").format(width=width)
    return Unit("m", 1.0, "assumed", (vector_problem("unit_unclear", file, found=found),))


def _sensible(name: str, span: tuple[float, float]) -> bool:
    width, farthest = (size * UNITS[name] for size in span)
    return SMALLEST_M <= width <= LARGEST_M and farthest <= _FARTHEST_M
