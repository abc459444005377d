"""A raster carried to another coordinate system: heights to metres for terrain, a picture to the map."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

import geo.drivers as _drivers  # noqa: F401 (rasterio is loaded inside the functions, so after this)
from geo.crs import reprojected, require_metric
from geo.errors import CrsError, DataError, Problem
from geo.raster.head import Place, RasterHead
from geo.raster.runs import Window
from geo.raster.source import Source, Surface
from geo.text import Text

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]
MOST_CELLS = 25_000_000
"""Cells of a surface that is held in memory as a whole."""
_MERCATOR = "EPSG:3857"  # for drawing only: browsers lay pictures out in it
_SMALLER = Text("在 GIS 中裁剪到社区范围后再收入", "cut it to the area of the community in a GIS and take that in")


class Picture(NamedTuple):
    """Values laid out as a web map lays out a picture, NaN where unknown, and west, south, east, north in degrees."""

    cells: Floats
    degrees: Box


def metric_surface(source: Source, box: Box, crs: str) -> Surface:
    """Read the part of a raster around a box as a surface in metres.

    A raster that is in ``crs`` is read as it is; one in another system is carried over by bilinear interpolation to
    square cells of its own size on the ground. A cell beside an unknown one may be unknown after that.

    Args:
        source: heights or another measured value, with north up.
        box: west, south, east and north end of what is wanted, in ``crs``.
        crs: a projected system in metres.

    Raises:
        CrsError: ``crs`` is not in metres, or there is no accurate way between the two systems.
        DataError: too many cells, or none under the box.
    """
    require_metric(crs)
    head = source.head
    if head.crs is not None and CRS(head.crs).equals(CRS(crs), ignore_axis_order=True):
        window = _window(head, box)
        place = head.place
        left, top = place.c + window.column * place.a, place.f + window.row * place.e
        return Surface(_read(source, window), place._replace(c=left, f=top), crs)
    there = _box_in(box, crs, head)
    (wide, tall), (west, south, east, north) = head.cell, there
    around = (west - 4 * wide, south - 4 * tall, east + 4 * wide, north + 4 * tall)
    window = _window(head, around)
    values = _read(source, window)
    step = _metres(head, box, crs)
    left, top = np.floor(box[0] / step) * step, np.ceil(box[3] / step) * step
    shape = (max(int(np.ceil((top - box[1]) / step)), 1), max(int(np.ceil((box[2] - left) / step)), 1))
    _require_few(shape)
    place = Place(step, 0.0, float(left), 0.0, -step, float(top))
    return Surface(_warped(values, head, window, crs=crs, place=place, shape=shape, smooth=True), place, crs)


def picture(source: Source, size: int = 1024) -> Picture | None:
    """Lay a raster out for a web map: single cells as they are, at most ``size`` along a side; None if it has no place.

    Raises:
        DataError: it cannot be read.
    """
    head = source.head
    if head.crs is None or not head.is_upright:
        return None
    values, thin = _thinned(source, size)
    try:
        to = Transformer.from_crs(head.crs, _MERCATOR, always_xy=True)
        west, south, east, north = to.transform_bounds(*head.bounds, densify_pts=21, errcheck=True)
    except (ValueError, RuntimeError):  # a place that the map does not have, such as a pole
        return None
    step = max(east - west, north - south) / size
    shape = (max(round((north - south) / step), 1), max(round((east - west) / step), 1))
    place = Place((east - west) / shape[1], 0.0, west, 0.0, -(north - south) / shape[0], north)
    found = _warped(values, thin, Window(0, 0, *values.shape), crs=_MERCATOR, place=place, shape=shape, smooth=False)
    back = Transformer.from_crs(_MERCATOR, "EPSG:4326", always_xy=True)
    (left, low), (right, high) = back.transform(west, south), back.transform(east, north)
    return Picture(found, (left, low, right, high))


def _thinned(source: Source, size: int) -> tuple[Floats, RasterHead]:
    """Read every so many cells, rows of tiles at a time."""
    head = source.head
    step = max(1, min(head.width, head.height) // size)
    rows = []
    for row in range(0, head.height, 512):
        tall = min(512, head.height - row)
        part = source.part(Window(row, 0, tall, head.width))
        rows.append(part[(-row) % step :: step, ::step])
    values = np.concatenate(rows)
    p = head.place
    place = Place(p.a * step, 0.0, p.c, 0.0, p.e * step, p.f)
    return values, head._replace(width=values.shape[1], height=values.shape[0], place=place)


def _window(head: RasterHead, box: Box) -> Window:
    (wide, tall), (west, _, _, north) = head.cell, head.bounds
    left, right = (
        int(np.clip(edge, 0, head.width))
        for edge in (np.floor((box[0] - west) / wide), np.ceil((box[2] - west) / wide))
    )
    top, bottom = (
        int(np.clip(edge, 0, head.height))
        for edge in (np.floor((north - box[3]) / tall), np.ceil((north - box[1]) / tall))
    )
    if right <= left or bottom <= top:
        found = Text("没有像元在工作区范围内", "no cell over the workspace")
        raise DataError([_fault(found, Text("覆盖工作区的栅格", "a raster that covers the workspace"))])
    _require_few((bottom - top, right - left))
    return Window(top, left, bottom - top, right - left)


def _read(source: Source, window: Window) -> Floats:
    values = source.part(window)
    return np.where(np.isfinite(values), values, np.nan)


def _require_few(shape: tuple[int, int]) -> None:
    if shape[0] * shape[1] > MOST_CELLS:
        found = Text(f"{shape[0]:,} × {shape[1]:,} 像元", f"{shape[0]:,} × {shape[1]:,} cells")
        raise DataError([_fault(found, Text(f"至多 {MOST_CELLS:,} 像元", f"at most {MOST_CELLS:,} cells"))])


def _fault(found: Text, wanted: Text) -> Problem:
    return Problem("raster_extent", "error", "rasters", None, None, found, wanted, _SMALLER)


def _box_in(box: Box, crs: str, head: RasterHead) -> Box:
    """Give a box in the system of a raster.

    Raises:
        CrsError: there is no accurate way between the two, or the raster has none.
    """
    if head.crs is None:
        raise CrsError(Text("栅格没有坐标系", "the raster has no coordinate system"))
    outline = shapely.segmentize(shapely.box(*box), max(box[2] - box[0], box[3] - box[1]) / 20)
    there = reprojected(gpd.GeoDataFrame(geometry=[outline], crs=crs), head.crs)
    west, south, east, north = (float(end) for end in there.total_bounds)
    return west, south, east, north


def _metres(head: RasterHead, box: Box, crs: str) -> float:
    """Give the side of a square with the area of a cell on the ground, in the middle of a box."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    to = Transformer.from_crs(head.crs, crs, always_xy=True)
    lon, lat = to.transform(x, y, direction="INVERSE")
    corners = np.array(
        [to.transform(lon, lat), to.transform(lon + head.cell[0], lat), to.transform(lon, lat + head.cell[1])]
    )
    (ax, ay), (bx, by) = corners[1] - corners[0], corners[2] - corners[0]
    return float(np.sqrt(abs(ax * by - ay * bx)))


def _warped(
    values: Floats, head: RasterHead, window: Window, *, crs: str, place: Place, shape: tuple[int, int], smooth: bool
) -> Floats:
    import rasterio  # noqa: PLC0415 (heavy)
    from rasterio.warp import Resampling, reproject  # noqa: PLC0415 (heavy)

    p = head.place
    corner = rasterio.Affine(p.a, 0.0, p.c + window.column * p.a, 0.0, p.e, p.f + window.row * p.e)
    found = np.full(shape, np.nan)
    reproject(
        values, found, src_transform=corner, src_crs=head.crs, src_nodata=np.nan, dst_transform=rasterio.Affine(*place),
        dst_crs=crs, dst_nodata=np.nan, resampling=Resampling.bilinear if smooth else Resampling.nearest,
    )  # fmt: skip
    return found
