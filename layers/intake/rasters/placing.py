"""Where a raster lies: the coordinate system that it is read in, and which part of the workspace it covers."""

from math import ceil, floor
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError as UnknownCrsError

from geo.crs import middle, reprojected
from geo.datum import in_rectangle
from geo.errors import CrsError, Problem
from geo.findings import value_found
from geo.raster.head import RasterHead
from geo.raster.survey import Ground, Window
from geo.text import Text
from layers.catalog import BOUNDARY, GRIDS
from layers.intake.look import Setting
from layers.intake.rasters.faults import fault
from layers.schema import Grids

_WEB_MERCATOR = "Pseudo-Mercator"
_COARSE = 16  # cells in a grid below which every cell that it touches counts as under it
_FAR = 0.5  # of the height of the raster, and half a degree at least


class Placed(NamedTuple):
    """A raster in its place: its CRS, the area of the workspace under it, the share of that which it covers."""

    crs: str
    ground: Ground | None
    covered: float | None


def used_crs(
    declared: str | None, stated: str | None, wanted: str, file: str
) -> tuple[str | None, list[Problem], list[Problem]]:
    """Say which system a raster is read in, None if that is not known; what has to be asked, what is to be told.

    Args:
        declared: what the file says, "EPSG:n" or WKT.
        stated: what the user says.
        wanted: the CRS of the workspace.
        file: the name for messages.
    """
    said = declared if stated is None else stated
    crs = None if said is None else horizontal(said)
    if crs is None:
        found = Text("没有坐标系", "no coordinate system") if said is None else value_found(_short(said))
        return None, [fault("raster_no_crs", file, found=found)], []
    problems = []
    own = None if declared is None else horizontal(declared)
    if stated is not None and own is not None and not own.equals(crs, ignore_axis_order=True):
        problems.append(fault("raster_crs_stated", file, found=value_found(_short(str(declared)))))
    if not crs.equals(CRS(wanted), ignore_axis_order=True):
        problems.append(fault("raster_crs_differs", file, found=Text.same(_titled(crs))))
    return _code(crs), [], problems


def horizontal(said: str) -> CRS | None:
    """Give the horizontal part of a system that is tied to the Earth, None for others and unknown ones."""
    try:
        crs = CRS.from_user_input(said)
    except UnknownCrsError:
        return None
    while crs.is_compound or crs.is_bound:
        part = crs.source_crs if crs.is_bound else crs.sub_crs_list[0]
        if part is None:
            return None
        crs = part
    known = crs.is_geographic or crs.is_projected
    return crs if known and crs.geodetic_crs is not None and not crs.name.startswith("Undefined") else None


def _code(crs: CRS) -> str:
    authority = crs.to_authority(min_confidence=100)
    return ":".join(authority) if authority else str(crs.to_wkt())


def _titled(crs: CRS) -> str:
    code = _code(crs)
    return f"{crs.name} ({code})" if len(code) <= len("EPSG:000000") else crs.name


def _short(said: str) -> str:
    """Give a system as a person would name it: its code, or the name in its WKT."""
    return said.split('"')[1] if "[" in said and '"' in said else said


def placed(
    setting: Setting, head: RasterHead, crs: str, file: str
) -> tuple[Placed | None, list[Problem], list[Problem]]:
    """Lay a raster over the workspace: the place, what has to be asked, what is to be told."""
    ground = ground_of(setting)
    if ground is None:
        return Placed(crs, None, None), [], [fault("raster_no_ground", file)]
    if far := _far(head, crs, ground):
        return None, [fault("raster_elsewhere", file, found=far)], []
    try:
        shapes = reprojected(ground, crs).geometry.to_numpy()
    except CrsError as error:
        return None, [fault("raster_no_way", file, found=error.message)], []
    area = float(shapely.area(shapes).sum())
    covered = float(shapely.area(shapely.clip_by_rect(shapes, *head.bounds)).sum()) / area
    if not covered:
        return None, [fault("raster_elsewhere", file, found=_apart(head, shapes))], []
    return Placed(crs, _ground(head, shapes), covered), [], _told(ground, crs, covered, file)


def ground_of(setting: Setting) -> gpd.GeoDataFrame | None:
    """Give the area of the workspace: its finest grids, else its boundary, None without either."""
    grids = setting.tables.get(GRIDS.key)
    if grids is not None and len(grids):
        return grids[grids[Grids.level] == grids[Grids.level].max()]
    boundary = setting.tables.get(BOUNDARY.key)
    return boundary if boundary is not None and len(boundary) else None


def _ground(head: RasterHead, shapes: NDArray[np.object_]) -> Ground:
    wide, tall = head.cell
    coarse = wide * tall * _COARSE > float(np.mean(shapely.area(shapes)))
    return Ground(shapes, window_over(head, shapes), coarse)


def window_over(head: RasterHead, shapes: NDArray[np.object_]) -> Window:
    """Give the cells over the box around shapes that overlap the raster."""
    left, bottom, right, top = shapely.total_bounds(shapes)
    west, _, _, north = head.bounds
    wide, tall = head.cell
    first, last = floor((north - top) / tall), ceil((north - bottom) / tall)
    start, end = floor((left - west) / wide), ceil((right - west) / wide)
    return Window(max(first, 0), min(last, head.height), max(start, 0), min(end, head.width))


def _far(head: RasterHead, crs: str, ground: gpd.GeoDataFrame) -> Text | None:
    """Say in degrees where raster and workspace lie if they lie far apart, whatever their systems."""
    known = CRS(crs)
    west, south, east, north = head.bounds
    to_degrees = Transformer.from_crs(known, known.geodetic_crs, always_xy=True)
    left, bottom, right, top = to_degrees.transform_bounds(west, south, east, north, densify_pts=21)
    lon, lat = middle(ground.geometry.to_numpy(), ground.crs)
    margin = _FAR * max(top - bottom, 1.0)
    inside = bottom - margin <= lat <= top + margin and (right < left or left - margin <= lon <= right + margin)
    if inside:
        return None
    box = ", ".join(f"{value:.4g}" for value in (left, bottom, right, top))
    return Text(
        f"栅格在 {box}（西、南、东、北，度），工作区在 {lon:.4f}, {lat:.4f}",
        f"a raster at {box} (west, south, east, north, degrees), the workspace at {lon:.4f}, {lat:.4f}",
    )


def _apart(head: RasterHead, shapes: NDArray[np.object_]) -> Text:
    boxes = [", ".join(f"{value:.10g}" for value in box) for box in (head.bounds, shapely.total_bounds(shapes))]
    return Text(
        f"栅格在 {boxes[0]}，工作区换算后在 {boxes[1]}（西、南、东、北）",
        f"a raster at {boxes[0]}, the workspace in its system at {boxes[1]} (west, south, east, north)",
    )


def _told(ground: gpd.GeoDataFrame, crs: str, covered: float, file: str) -> list[Problem]:
    problems = []
    lon, lat = middle(ground.geometry.to_numpy(), ground.crs)
    known = CRS(crs)
    if (known.is_geographic or _WEB_MERCATOR in known.name) and bool(in_rectangle(lon, lat)):
        problems.append(fault("raster_offset", file, found=Text.same(_titled(known))))
    if round(covered, 3) < 1:
        found = Text(f"覆盖工作区面积的 {covered:.1%}", f"{covered:.1%} of the area of the workspace covered")
        problems.append(fault("raster_part", file, found=found))
    return problems
