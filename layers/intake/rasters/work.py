"""What the worker does with a raster: head, survey, its bare cells, and the file to keep. See ``geo.worker``.

The file of a stranger is only ever read. Its cells go over as bare numbers into files of ours, and a second worker
that never saw the stranger's file writes the GeoTIFF that is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.drivers import leave_only
from geo.errors import DataError
from geo.findings import names_found
from geo.raster import opened_raster, read_raster_head, write_raster
from geo.raster.head import Place, RasterHead
from geo.raster.survey import Ground, Window, surveyed
from geo.text import Text
from geo.worker import Answer, Job
from layers.intake.rasters.faults import fault
from layers.intake.upload.unpacking import datasets

CELLS, KNOWN, KEPT, GROUND = "cells.raw", "known.raw", "kept.tif", "ground.wkb"
"""Files of a job: the bare cells, which of them are known, the GeoTIFF to keep, the area of the workspace."""


def head_of(told: Mapping[str, Any]) -> RasterHead:
    """Make a head again that went over as JSON."""
    return RasterHead(**{**told, "place": Place(*told["place"])})


def head(job: Job) -> Answer:
    """Find the one GeoTIFF of an upload and read its head; no cell is read. What else is in the upload is named."""
    path, left = _found(job)
    job.settle()
    leave_only("GTiff")
    with _under_name(str(job.told["file"])):
        found = read_raster_head(path)
    return {"path": str(path.relative_to(job.folder)), "head": found._asdict(), "left": [*map(list, left)]}, ()


def _found(job: Job) -> tuple[Path, list[Text]]:
    """Give the one GeoTIFF of an upload, or the wanted one, unpacked if need be; and the names of what is not read."""
    file, wanted = str(job.told["file"]), job.told.get("member") or ""
    sets, notes = datasets(job.folder / str(job.told["path"]), job.folder / "parts", file=file)
    rasters = [one for one in sets if one.kind == "geotiff" and wanted in {"", one.member}]
    if not rasters:
        raise DataError([fault("no_raster", file, found=_kinds([one.kind for one in sets]))])
    if len(rasters) > 1:
        raise DataError([fault("several_rasters", file, found=names_found([one.member for one in rasters]))])
    others = [] if wanted else [one.member for one in sets if one is not rasters[0]]
    return rasters[0].path, [*([names_found(others)] if others else []), *(one.found for one in notes)]


def _kinds(kinds: Sequence[str]) -> Text:
    return Text("不是栅格的文件（{kinds}）", "a file that is no raster ({kinds})").format(kinds=names_found(kinds))


@contextmanager
def _under_name(file: str) -> Iterator[None]:
    """Tell faults of our copy under the user's name of the file."""
    try:
        yield
    except DataError as error:
        raise DataError(one._replace(file=file) for one in error.problems) from error


def survey(job: Job) -> Answer:
    """Go through all cells once, beside those of the raster before if there is one."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    job.settle()
    leave_only("GTiff")
    told = job.told
    with ExitStack() as stack:
        stack.enter_context(_under_name(told["file"]))
        new = stack.enter_context(opened_raster(job.folder / told["path"]))
        new.head = new.head._replace(crs=told["crs"])
        old = stack.enter_context(opened_raster(job.folder / told["before"])) if told["before"] else None
        found = surveyed(new, _ground(job), before=old)
    answer = {**found._asdict(), "suspects": list(found.suspects.items()), "picture": list(found.picture.shape)}
    return answer, [pa.table({"value": found.picture.ravel()})]


def _ground(job: Job) -> Ground | None:
    """Read the area of the workspace that was put beside the raster, if there is one."""
    path, told = job.folder / GROUND, job.told
    if not path.exists():
        return None
    shapes = shapely.get_parts(shapely.from_wkb(path.read_bytes()))
    return Ground(shapes, Window(*told["window"]), bool(told["touched"]))


def unpack(job: Job) -> Answer:
    """Write the bare cells of the file into files that are as long as they were said to be, and no longer."""
    (path, _), told = _found(job), head_of(job.told["head"])
    cells = np.memmap(job.folder / CELLS, told.dtype, "w+", shape=(told.bands, told.height, told.width))
    known = np.memmap(job.folder / KNOWN, bool, "w+", shape=(told.height, told.width)) if told.mask else None
    job.settle()
    leave_only("GTiff")
    with _under_name(job.told["file"]), opened_raster(path) as raster:
        for place in raster.windows():
            part = raster.read(*place)
            row, column, rows, columns = place
            cells[:, row : row + rows, column : column + columns] = part.values
            if known is not None:
                known[row : row + rows, column : column + columns] = part.known
    return None, ()


def store(job: Job) -> Answer:
    """Write the GeoTIFF to keep from bare cells."""
    leave_only("GTiff", "COG")
    told = head_of(job.told["head"])
    cells: NDArray[Any] = np.memmap(job.folder / CELLS, told.dtype, "r", shape=(told.bands, told.height, told.width))
    known = np.memmap(job.folder / KNOWN, bool, "r", shape=(told.height, told.width)) if told.mask else None
    write_raster(job.folder / KEPT, told, cells, known)
    return None, ()


def stored(job: Job) -> Answer:
    """Give head, number of known cells, lowest and highest value (None without any) of a raster of a workspace."""
    job.settle()
    leave_only("GTiff")
    with _under_name(job.told["file"]), opened_raster(job.folder / job.told["name"]) as raster:
        found = surveyed(raster) if raster.head.has_numbers else None
        low, high = (found.low, found.high) if found is not None and found.known else (None, None)
        known = found.known if found is not None else 0
        return {"head": raster.head._asdict(), "known": known, "low": low, "high": high}, ()
