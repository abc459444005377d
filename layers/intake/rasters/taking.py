"""Taking a raster in: written by a worker from bare cells, then one rename, with a record that can be undone."""

from math import isfinite
from pathlib import Path
from typing import Any

from geo import sandbox
from geo.errors import DataError
from geo.raster.head import RasterHead
from geo.text import Text
from layers.intake.history import Intake, commit, next_intake
from layers.intake.rasters.faults import fault
from layers.intake.rasters.look import FOLDER, RasterLook, copied
from layers.intake.rasters.work import KEPT

_GB = 1 << 30
_SLOWEST = 10_000_000  # bytes a second that the writing of our own file gets through at least
_ROWS = ("rows_read", "rows_kept", "rows_rejected", "rows_added", "rows_updated", "rows_unchanged")


def take_in_raster(folder: Path, look: RasterLook) -> Intake:
    """Store the raster that was looked at, as a whole or not at all.

    Args:
        folder: the workspace.
        look: see ``look_at_raster``.

    Raises:
        DataError: a question is open, the file is another one by now, or another intake is under way.
    """
    if look.questions:
        raise DataError(look.questions)
    with next_intake(folder) as home:
        new = home / f"{look.name}.tif"
        with copied(look.path, look.file, home) as (job, own, sha256):
            if sha256 != look.sha256:
                raise DataError([fault("raster_altered", look.file, found=Text("文件已变", "another file"))])
            _written(job, own, look)
            (job / KEPT).replace(new)
        (folder / FOLDER).mkdir(exist_ok=True)
        return commit(folder, home, new, raster_answer(look), target=look.target)


def _written(job: Path, own: Path, look: RasterLook) -> None:
    """Have one worker read the file and another one write ours."""
    size, raw = own.stat().st_size, raw_bytes(look.head)
    limits = sandbox.limits_for(size)._replace(memory_bytes=_GB + raw, written_bytes=raw + _GB)
    told = {"path": own.name, "file": look.file, "member": look.member, "head": look.kept_head._asdict()}
    sandbox.run("layers.intake.rasters.work:unpack", job, told, file=look.file, limits=limits)
    patient = limits._replace(seconds=limits.seconds + raw / _SLOWEST, written_bytes=2 * raw + _GB)
    sandbox.run("layers.intake.rasters.work:store", job, told, file=look.file, limits=patient)


def raw_bytes(head: RasterHead) -> int:
    """Bytes of the bare cells, and of the marks of known ones."""
    return head.unpacked_bytes + head.width * head.height * head.mask


def raster_answer(look: RasterLook) -> dict[str, Any]:
    """Give what taking a raster in finds and does, ready for JSON; ``rows_`` are there for readers of all intakes."""
    head, survey = look.kept_head, look.survey
    known = survey is not None and survey.known > 0
    return {
        "layer": FOLDER,
        "raster": look.name,
        "file": look.file,
        "sha256": look.sha256,
        **dict.fromkeys(_ROWS, 0),
        "crs": {"declared": look.head.crs, "used": look.crs, "evidence": []},
        "datum": {"used": None},
        "width": head.width,
        "height": head.height,
        "bands": head.bands,
        "dtype": head.dtype,
        "cell": list(head.cell),
        "bounds": list(head.bounds),
        "nodata": head.nodata if head.nodata is not None and isfinite(head.nodata) else None,
        "nodata_declared": head.nodata is not None or head.mask,
        "cells": survey.cells if survey else head.width * head.height,
        "cells_known": survey.known if survey else None,
        "values": {"low": survey.low, "high": survey.high, "sum": survey.total} if survey and known else None,
        "covered": look.covered,
        "is_new": look.is_new,
        "replaces": look.stands,
        "cells_changed": survey.changed if survey and look.stands else None,
        "columns": {},
        "rejected": [],
        "rejects_file": None,
        "problems": [
            {
                "code": one.code, "severity": one.severity, "row": one.row, "column": one.column,
                "found": one.found._asdict(), "expected": one.expected._asdict(), "remedy": one.remedy._asdict(),
            }
            for one in (*look.questions, *look.problems)
        ],
    }  # fmt: skip
