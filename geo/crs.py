"""Coordinate systems: what can be measured in, and conversions that refuse to guess."""

import warnings

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError as ProjError
from pyproj.transformer import AreaOfInterest, TransformerGroup

from geo.errors import CrsError
from geo.text import Text

_WEB_MERCATOR = frozenset({3857, 900913, 3785, 102100, 102113})
# CGCS2000 and WGS 84 in two and three dimensions: they differ by decimetres, PROJ has no operation
# between them and moves nothing, which is what is meant here.
_SAME_EARTH = frozenset({4490, 4480, 4326, 4979})
_POLE, _ROUND = 90, 360  # degrees
_MARGIN = 0.1  # of the width and height of an area of use, and at least a degree


def require_metric(crs: object) -> None:
    """Refuse a CRS in which metres and square metres cannot be measured.

    Raises:
        CrsError: missing or unknown, in degrees or feet, or Web Mercator.
    """
    known = _known(crs)
    if known.to_epsg() in _WEB_MERCATOR or "Popular Visualisation" in known.to_wkt():
        raise CrsError(
            Text(
                "网络墨卡托（EPSG:3857）上的面积在中国偏大两成到一倍，不能量算；先换算到 metric_crs 给出的坐标系",
                "areas in Web Mercator (EPSG:3857) come out a fifth to twice too large, nothing can be measured in "
                "it; convert to the CRS that metric_crs gives",
            )
        )
    units = [axis.unit_conversion_factor for axis in known.axis_info[:2]]
    if not known.is_projected or any(unit != 1 for unit in units):
        name = known.name
        raise CrsError(
            Text(
                f"坐标系 {name} 的单位不是米，不能量算；先换算到 metric_crs 给出的坐标系",
                f"the CRS {name} is not in metres, nothing can be measured in it; convert to the CRS that "
                "metric_crs gives",
            )
        )


def _known(crs: object) -> CRS:
    try:
        known = None if crs is None else CRS.from_user_input(crs)
    except ProjError as error:
        raise CrsError(
            Text(f"不认识坐标系 {crs}；写成 EPSG:4547 这样的代码", f"unknown CRS {crs}; write a code such as EPSG:4547")
        ) from error
    if known is None or known.name.startswith("Undefined"):  # so GDAL calls a system that a file does not name
        raise CrsError(
            Text("没有坐标系；问数据提供者，用 --crs 指定", "no CRS; ask who made the data and state it with --crs")
        )
    return known


def reprojected(frame: gpd.GeoDataFrame, to: str) -> gpd.GeoDataFrame:
    """Convert a table to another CRS, or refuse with the reason.

    CGCS2000 and WGS 84 are taken as one, which is right to some decimetres.

    Args:
        frame: a table with a CRS; rows may lack geometry.
        to: the CRS wanted, "EPSG:n".

    Returns:
        A new table; the same one if it is in that CRS already.

    Raises:
        CrsError: no CRS, coordinates outside the area of use of either CRS, or no conversion of
            known accuracy (such as Xian 1980 to CGCS2000, which needs local parameters).
    """
    source, target = _known(frame.crs), _known(to)
    _require_inside(frame, source)
    if source == target:
        return frame
    shapes = shapely.transform(
        frame.geometry.to_numpy(), _operation(frame, source, target).transform, interleaved=False
    )
    result = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=target))
    _require_inside(result, target)
    return result


def middle(shapes: NDArray[np.object_], crs: object) -> tuple[float, float]:
    """Say where shapes lie, to choose a zone by: the median of their extreme corners, which strays do not move.

    Args:
        shapes: geometries, None and empty ones among them.
        crs: theirs, any form that PROJ understands; None is refused.

    Returns:
        Degrees east and north on the datum of ``crs``, some hundred metres from WGS 84 at most.

    Raises:
        CrsError: no CRS, coordinates outside its area of use, or nothing but empty shapes.
    """
    known = _known(crs)
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs=known))
    points = _corners(frame)
    if not len(points):
        raise CrsError(Text("没有图形，看不出位置", "there are no shapes that would show a place"))
    _require_inside(frame, known)
    east, north = np.median(_degrees(points, known), axis=0)
    return float(east), float(north)


def known_operation(source: CRS, target: CRS, place: tuple[float, float, float, float] | None) -> Transformer | None:
    """Choose the best conversion whose accuracy PROJ knows, for a box in degrees; None if it knows none."""
    here = AreaOfInterest(*place) if place else None
    with warnings.catch_warnings():
        # PROJ warns that a finer conversion would need a file of corrections that is not installed.
        warnings.simplefilter("ignore", UserWarning)
        group = TransformerGroup(source, target, always_xy=True, area_of_interest=here, allow_ballpark=False)
    return next((operation for operation in group.transformers if operation.accuracy >= 0), None)


def _operation(frame: gpd.GeoDataFrame, source: CRS, target: CRS) -> Transformer:
    """Choose the best conversion that PROJ knows the accuracy of."""
    if {_geodetic(source).to_epsg(), _geodetic(target).to_epsg()} <= _SAME_EARTH:
        return Transformer.from_crs(source, target, always_xy=True)
    box = _degrees(_corners(frame), source)
    found = known_operation(source, target, (*box.min(axis=0), *box.max(axis=0)) if len(box) else None)
    if found is not None:
        return found
    raise CrsError(
        Text(
            f"从 {source.name} 到 {target.name} 没有已知精度的转换，直接换算会有几十到一百多米的误差；"
            "需要地方转换参数，请向测绘部门索取，或请对方提供 CGCS2000 的成果",
            f"no conversion of known accuracy leads from {source.name} to {target.name}, converting anyway would be "
            "wrong by tens of metres or more; local parameters are needed: ask the surveying office for them or "
            "for the data in CGCS2000",
        )
    )


def _geodetic(crs: CRS) -> CRS:
    base = crs.geodetic_crs
    if base is None:
        raise CrsError(
            Text(
                f"{crs.name} 是本地坐标系，与地球没有联系；需要控制点",
                f"{crs.name} is a local system without a tie to the Earth; control points are needed",
            )
        )
    return base


def _corners(frame: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Give the two extreme corners of every row that has a geometry, shape (2n, 2)."""
    shapes = frame.geometry.to_numpy()
    bounds: NDArray[np.float64] = shapely.bounds(shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))])
    return bounds.reshape(-1, 2)


def _degrees(points: NDArray[np.float64], crs: CRS) -> NDArray[np.float64]:
    """Convert to longitude and latitude on the CRS's own datum."""
    if crs.is_geographic:
        return points
    to_degrees = Transformer.from_crs(crs, _geodetic(crs), always_xy=True)
    return np.column_stack(to_degrees.transform(points[:, 0], points[:, 1]))


def _require_inside(frame: gpd.GeoDataFrame, crs: CRS) -> None:
    """Refuse coordinates that are not finite or far from where the CRS is meant for."""
    points, area = _corners(frame), crs.area_of_use
    placed = _degrees(points, crs)
    good = np.asarray(np.isfinite(placed).all(axis=1))
    placed = np.where(np.isfinite(placed), placed, np.nan)
    if area is not None:
        margin_x = max(1.0, _MARGIN * ((area.east - area.west) % _ROUND))
        margin_y = max(1.0, _MARGIN * (area.north - area.south))
        # Counted east from the western edge, also when the area lies across the 180 degree line.
        width = min(area.east - area.west if area.east >= area.west else area.east - area.west + _ROUND, _ROUND)
        offset = (placed[:, 0] - (area.west - margin_x)) % _ROUND
        good &= (offset <= width + 2 * margin_x) & (np.abs(placed[:, 0]) <= _ROUND)
        south, north = max(area.south - margin_y, -_POLE), min(area.north + margin_y, _POLE)
        good &= (placed[:, 1] >= south) & (placed[:, 1] <= north)
    if not good.all():
        rows = np.asarray(good.reshape(-1, 2).all(axis=1))
        _refuse(points[~good][0], crs, f"{np.count_nonzero(~rows)}/{len(rows)}")


def _refuse(outside: NDArray[np.float64], crs: CRS, share: str) -> None:
    east, north = (float(value) for value in outside)
    hint = _hint(east, north, crs)
    raise CrsError(
        Text(
            f"坐标 （{east:.8g}，{north:.8g}）不在 {crs.name} 的适用范围内（{share} 行）；{hint.zh}",
            f"coordinates ({east:.8g}, {north:.8g}) lie outside the area of use of {crs.name} ({share} rows); "
            f"{hint.en}",
        )
    )


def _hint(east: float, north: float, crs: CRS) -> Text:
    """Guess from the size of the numbers what was meant."""
    if not np.isfinite([east, north]).all():
        return Text("先隔离没有有效坐标的行", "set the rows without finite coordinates aside first")
    if crs.is_geographic and abs(north) > _POLE >= abs(east):
        return Text("经纬度可能写反了，交换两列后再试", "latitude seems to come first, swap the two and try again")
    if crs.is_projected and abs(east) <= _ROUND / 2 and abs(north) <= _POLE:
        return Text(
            "数值像经纬度，用 EPSG:4326 或 EPSG:4490 再试", "they look like degrees, try EPSG:4326 or EPSG:4490"
        )
    zone = int(east // 1_000_000)
    for first, last, code in ((25, 45, 4513), (13, 23, 4491)):
        if first <= zone <= last and crs.is_projected:
            best = f"EPSG:{code + zone - first}"
            return Text(f"东坐标带有带号 {zone}，用 {best} 再试", f"the eastings carry zone number {zone}, try {best}")
    return Text("核对坐标系代码、中央经线和坐标顺序", "check the CRS code, the central meridian and the axis order")
