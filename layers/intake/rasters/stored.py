"""The rasters of a workspace as they lie in its folder: what each is, and what is wrong with it."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from geo import sandbox
from geo.errors import DataError, Problem
from geo.findings import shown
from geo.raster.head import RasterHead
from geo.text import Text
from layers.intake.history import history, state, target_of
from layers.intake.look import Setting
from layers.intake.rasters.faults import fault
from layers.intake.rasters.look import FOLDER, is_name, judged
from layers.intake.rasters.placing import Placed
from layers.intake.rasters.work import head_of

_QUIET = frozenset({"raster_crs_differs", "raster_offset"})
"""What is said when a raster comes in, and need not be said at each check."""


class Stored(NamedTuple):
    """A raster of a workspace: its name, head (None: unreadable), share of cells without a value, what is wrong.

    ``covered``: share of the area of the workspace under it, None where that is not known. ``low`` and ``high`` are the
    ends of its values, None without any. ``taken_at``: when it was taken in (UTC), None for one that came another way.
    """

    name: str
    head: RasterHead | None
    unknown_share: float | None
    covered: float | None
    problems: tuple[Problem, ...]
    low: float | None = None
    high: float | None = None
    taken_at: datetime | None = None


def raster_names(folder: Path) -> list[str]:
    """Name the rasters of a workspace, in order; files with names of other kinds are none."""
    return sorted(one.stem for one in (folder / FOLDER).glob("*.tif") if one.is_file() and is_name(one.stem))


def stored_rasters(setting: Setting) -> list[Stored]:
    """Read each raster of a workspace in the worker and judge it as if it came in now; one that fails costs only itself."""
    folder, names = setting.folder / FOLDER, raster_names(setting.folder)
    dates = _dates(setting.folder)
    return [_stored(setting, folder, name)._replace(taken_at=dates.get(name)) for name in names]


def rasters_of(folder: Path, setting: Setting | None) -> tuple[tuple[Stored, ...], tuple[Problem, ...]]:
    """Give the rasters of a workspace with all that is wrong among them; none where its layers cannot be read.

    Args:
        folder: the workspace.
        setting: what is in it, None where that has faults, which are told elsewhere.
    """
    if not (folder / FOLDER).is_dir():
        return (), ()
    found = tuple(stored_rasters(setting)) if setting is not None else ()
    return found, (*(one for raster in found for one in raster.problems), *strays(folder))


def _dates(folder: Path) -> dict[str, datetime]:
    """Say when each raster was taken in that is still what the intake made of it."""
    last = {one.record["raster"]: one for one in history(folder) if "raster" in one.record and "at" in one.record}
    return {
        name: datetime.fromisoformat(one.record["at"])
        for name, one in last.items()
        if one.record["after"] == state(folder, target_of(one))
    }


def strays(folder: Path) -> list[Problem]:
    """List what lies among the rasters and is none by its name."""
    others = [one for one in sorted((folder / FOLDER).glob("[!.]*")) if one.suffix != ".tif" or not is_name(one.stem)]
    return [fault("raster_stray", f"{FOLDER}/{shown(one.name)}", found=Text.same(shown(one.name))) for one in others]


def _stored(setting: Setting, folder: Path, name: str) -> Stored:
    file = f"{FOLDER}/{name}.tif"
    limits = sandbox.limits_for((folder / f"{name}.tif").stat().st_size)
    told = {"name": f"{name}.tif", "file": file}
    try:
        answer = sandbox.run("layers.intake.rasters.work:stored", folder, told, file=file, limits=limits).head
    except DataError as error:
        return Stored(name, None, None, None, error.problems)
    head = head_of(answer["head"])
    place, questions, problems = judged(setting, head, None, file)
    judged_so = _judged(name, head, answer["known"], (place, [*questions, *problems]))
    return judged_so._replace(low=answer["low"], high=answer["high"])


def _judged(name: str, head: RasterHead, known: int, found: tuple[Placed | None, list[Problem]]) -> Stored:
    place, problems = found
    unknown = 1 - known / (head.width * head.height)
    if unknown == 1 and head.has_numbers:
        problems = [*problems, fault("raster_empty", f"{FOLDER}/{name}.tif", severity="warning")]
    told = tuple(one for one in problems if one.code not in _QUIET)
    return Stored(name, head, unknown, place.covered if place else None, told)
