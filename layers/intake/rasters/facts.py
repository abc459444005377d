"""What somebody should know of a raster, in words: its size, place, values, and what taking it in changes."""

from typing import NamedTuple

import numpy as np
from pyproj import CRS, Geod

from geo.raster.head import RasterHead
from geo.text import Text, counted
from layers.intake.rasters.look import RasterLook

_NONE = Text("无", "none")
_EARTH = Geod(ellps="GRS80")


class Fact(NamedTuple):
    """One thing that is known of a raster."""

    title: Text
    value: Text


def facts_of(look: RasterLook) -> list[Fact]:
    """List what was found out of a raster, for a terminal or a page."""
    head, survey = look.kept_head, look.survey
    found = [
        Fact(Text("大小", "size"), size_words(head)),
        Fact(Text("数值类型", "type"), Text.same(head.dtype)),
        Fact(Text("坐标系", "coordinate system"), crs_words(head)),
        Fact(Text("像元", "cell"), cell_words(head)),
        Fact(Text("无数据值", "no data"), nodata_words(head)),
    ]
    if look.covered is not None:
        found.append(Fact(Text("覆盖工作区", "of the workspace covered"), Text.same(f"{look.covered:.1%}")))
    if survey is not None:
        found.append(
            Fact(Text("无值的像元", "cells without a value"), Text.same(f"{1 - survey.known / survey.cells:.1%}"))
        )
        values = Text.same(f"{survey.low:,.6g} … {survey.high:,.6g}")
        found.append(Fact(Text("数值范围", "values"), values if survey.known else _NONE))
        found.append(Fact(Text("合计", "sum"), Text.same(f"{survey.total:,.10g}") if survey.known else _NONE))
    return found


def change_words(look: RasterLook) -> Text:
    """Say what taking it in changes."""
    if look.survey is None or look.questions:
        return Text("有问题待解决，尚不能收入", "cannot be taken in before the questions are answered")
    if not look.stands:
        return Text(f"新栅格 {look.name}", f"a new raster, {look.name}")
    changed = look.survey.changed
    if changed is None:
        return Text(f"替换 {look.name}：范围、像元或类型与原来不同", f"replaces {look.name}: another grid or type")
    if not changed:
        return Text(f"与已有的 {look.name} 完全相同，无需收入", f"the same as {look.name}, nothing to take in")
    share = changed / look.survey.cells
    return Text(
        f"替换 {look.name}：{changed:,} 个像元不同（{share:.1%}），范围不变",
        f"replaces {look.name}: {counted(changed, 'cell differs', 'cells differ')} ({share:.1%}), the same bounds",
    )


def size_words(head: RasterHead) -> Text:
    """Say how large it is."""
    return Text(
        f"{head.width:,} × {head.height:,} 像元，{head.bands} 个波段",
        f"{head.width:,} × {head.height:,} cells, {counted(head.bands, 'band', 'bands')}",
    )


def crs_words(head: RasterHead) -> Text:
    """Name its coordinate system."""
    if head.crs is None:
        return _NONE
    name = CRS(head.crs).name
    return Text.same(f"{head.crs} {name}" if len(head.crs) <= len("EPSG:000000") else name)


def cell_words(head: RasterHead) -> Text:
    """Say how large a cell is, in metres on the ground."""
    (wide, tall), metres = head.cell, cell_metres(head)
    if metres is None:
        return Text.same(f"{wide:.6g} × {tall:.6g}")
    if not CRS(head.crs).is_geographic:
        return Text(f"{metres[0]:.6g} × {metres[1]:.6g} 米", f"{metres[0]:.6g} × {metres[1]:.6g} m")
    return Text(
        f"{wide:.6g}° × {tall:.6g}°（约 {metres[0]:.3g} × {metres[1]:.3g} 米）",
        f"{wide:.6g}° × {tall:.6g}° (about {metres[0]:.3g} × {metres[1]:.3g} m)",
    )


def cell_metres(head: RasterHead) -> tuple[float, float] | None:
    """Give width and height of a cell in metres, of degrees in the middle of the raster; None where that is not known."""
    west, south, east, north = head.bounds
    if head.crs is None or not np.isfinite(head.place).all():
        return None
    crs, (wide, tall) = CRS(head.crs), head.cell
    if crs.is_geographic:
        x, y = (west + east) / 2, (south + north) / 2
        return float(_EARTH.inv(x, y, x + wide, y)[2]), float(_EARTH.inv(x, y, x, y + tall)[2])
    unit = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 0.0
    return (wide * unit, tall * unit) if unit else None


def nodata_words(head: RasterHead) -> Text:
    """Say how cells without a value are marked."""
    if head.mask:
        return Text("另有掩膜标明", "marked by a mask")
    return Text("未声明", "not declared") if head.nodata is None else Text.same(f"{head.nodata:.10g}")
