"""The figures that suit what a raster holds: residents, heights and terrain, green, heat, land cover."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from geo.raster import Combined, Surface
from geo.raster.zonal import zonal_statistics
from geo.raster.zonal_values import zonal_shares
from geo.text import Text
from layers import Workspace
from layers.standards import policy, standard
from reports.rasters.figures import (
    UNKNOWN,
    Figure,
    RasterFigures,
    area_hectares,
    as_zonal_table,
    finished,
    readable,
    readable_index,
    shapes_for,
    statistics_by_grid,
)
from reports.rasters.kinds import Held
from reports.rasters.terrain import terrain_of

METRES, PERCENT, PERSONS = Text("m", "m"), Text("%", "%"), Text("人", "persons")
PER_HECTARE = Text("人/公顷", "persons per hectare")
INDICATION = Text(
    "仅供提示：高程常含屋顶和车辆，没有路缘、雨水口和下穿通道，填满的洼地也可能本来就是水面。",
    "Indication only: heights often hold roofs and cars, not kerbs, inlets or underpasses, and a hollow may be a real pond.",
)
LOCAL_THRESHOLD = Text(
    "绿地阈值（植被指数 ≥ {value:g}）随季节和传感器而变，可在工作区政策表中修改。",
    "The threshold (vegetation index ≥ {value:g}) changes with season and sensor; a workspace can set its own in the policy table.",
)


def figures_by_grid(ws: Workspace, held: Held, level: int | None = None) -> RasterFigures:
    """Give the figures by grid that suit what a raster holds.

    Args:
        ws: the workspace.
        held: one of its rasters.
        level: grid level; None for the finest.

    Raises:
        CrsError: there is no accurate conversion between the raster and the workspace.
        DataError: no grids or no such level, or the raster cannot be used as what it is said to hold.
    """
    return _MAKERS[held.kind](ws, held, ws.finest if level is None else level)


def population(ws: Workspace, held: Held, level: int) -> RasterFigures:
    """Residents and their density: counts per cell are added up, each cell by its part in the grid."""
    base = statistics_by_grid(ws, held, level, statistics=("sum",))
    table = base.table.rename(columns={"sum": "residents"})
    table.insert(1, "residents_per_ha", table["residents"] / area_hectares(ws, level))
    figures = (
        Figure("residents", Text("居民人数", "residents"), PERSONS, 0),
        Figure("residents_per_ha", Text("居民密度", "density of residents"), PER_HECTARE),
    )
    note = Text(
        "由人口栅格按面积汇总，是估算值，不是户籍或普查人数。",
        "Added up from the raster by area: an estimate, no register or census.",
    )
    status = base.status if base.status == "unavailable" else "proxy"
    return replace(
        base,
        table=table,
        figures=figures,
        status=status,
        notes=(note, *base.notes),
        denominator=Text("无（计数）", "none (a count)"),
    )


def elevation(ws: Workspace, held: Held, level: int) -> RasterFigures:
    """Heights, slope, ground that is too flat or too steep, and hollows."""
    rules, ground = policy(ws.folder), terrain_of(ws, held)
    shapes, index = ws.grids(level).geometry.to_numpy(), ws.grids(level).index

    def over(values: np.ndarray, *statistics: str) -> pd.DataFrame:
        source = Surface(values, ground.surface.place, ground.surface.crs)
        return as_zonal_table(zonal_statistics(source, shapes, ws.manifest.crs, statistics=statistics), index)

    height = over(ground.surface.values, "mean", "min", "max")
    steep = ground.slope_percent
    table = pd.DataFrame(
        {
            "height_m": height["mean"],
            "lowest_m": height["min"],
            "highest_m": height["max"],
            "slope_percent": over(steep, "mean")["mean"],
            "flat_percent": 100 * over(marked(steep, steep < rules["slope_flat_percent"]), "mean")["mean"],
            "steep_percent": 100 * over(marked(steep, steep >= rules["slope_steep_percent"]), "mean")["mean"],
            "hollow_percent": 100 * over(ground.in_hollow(rules["ponding_depth_min_m"]), "mean")["mean"],
            "deepest_m": over(ground.depth_m, "max")["max"],
            UNKNOWN: height[UNKNOWN],
        }
    )
    return finished(
        ws,
        (held, level),
        table,
        _terrain_figures(rules),
        meta=ground.meta,
        notes=(*ground.notes, INDICATION),
        status="proxy",
    )


def marked(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Give 1 where chosen, 0 elsewhere, NaN where the values are unknown."""
    return np.where(np.isfinite(values), chosen.astype(float), np.nan)


def _terrain_figures(rules: Mapping[str, float]) -> tuple[Figure, ...]:
    flat, steep, deep = rules["slope_flat_percent"], rules["slope_steep_percent"], rules["ponding_depth_min_m"]
    return (
        Figure("height_m", Text("平均高程", "mean height"), METRES),
        Figure("lowest_m", Text("最低高程", "lowest ground"), METRES),
        Figure("highest_m", Text("最高高程", "highest ground"), METRES),
        Figure("slope_percent", Text("平均坡度", "mean slope"), PERCENT),
        Figure(
            "flat_percent",
            Text(f"过平（坡度 < {flat:g}%）的面积占比", f"share of ground flatter than {flat:g}%"),
            PERCENT,
        ),
        Figure(
            "steep_percent",
            Text(f"过陡（坡度 ≥ {steep:g}%）的面积占比", f"share of ground of {steep:g}% or steeper"),
            PERCENT,
        ),
        Figure(
            "hollow_percent",
            Text(f"洼地（可积水 ≥ {deep:g} 米）的面积占比", f"share of ground in hollows of {deep:g} m or deeper"),
            PERCENT,
        ),
        Figure("deepest_m", Text("最大可积水深度", "deepest hollow"), METRES, 2),
    )


def green(ws: Workspace, held: Held, level: int) -> RasterFigures:
    """Green share and mean vegetation index from the red and the near infrared band."""
    least = policy(ws.folder)["green_ndvi_min"]
    shapes, index, crs = shapes_for(ws, held, level), ws.grids(level).index, held.head.crs
    with readable_index(held) as source:
        mean = zonal_statistics(source, shapes, crs, statistics=("mean",))
        share = zonal_statistics(
            Combined((source,), lambda v: marked(v, v >= least)), shapes, crs, statistics=("mean",)
        )
    table = as_zonal_table(mean, index).rename(columns={"mean": "ndvi"})
    table.insert(0, "green_percent", 100 * share.table["mean"].to_numpy())
    figures = (
        Figure("green_percent", Text("绿色地面占比", "green share"), PERCENT),
        Figure("ndvi", Text("平均植被指数", "mean vegetation index"), Text("", ""), 2),
    )
    bands = {
        "red_band": held.bands[0],
        "near_infrared_band": held.bands[1],
        "scale": held.scale,
        "offset": held.offset,
        "threshold": least,
    }
    note = Text(*(one.format(value=least) for one in LOCAL_THRESHOLD))
    seen = Text(
        "绿色地面含树冠，不等于绿地率（按规划用地计）；像元大于树冠时边缘混合。",
        "Green ground includes crowns of trees and is not the planning ratio of green land; large cells mix at the edges.",
    )
    return finished(ws, (held, level), table, figures, meta={**mean.meta, **bands}, notes=(note, seen), status="proxy")


def heat(ws: Workspace, held: Held, level: int) -> RasterFigures:
    """Mean temperature of the land surface, and how far it is above that of the whole level."""
    base = statistics_by_grid(ws, held, level, statistics=("mean", "max"))
    table = base.table.rename(columns={"mean": "surface_c", "max": "hottest_c"})
    area = area_hectares(ws, level) * (1 - table[UNKNOWN].to_numpy() / 100)
    known = table["surface_c"].notna().to_numpy()
    whole = float(np.average(table["surface_c"].to_numpy()[known], weights=area[known])) if known.any() else np.nan
    table.insert(1, "above_mean_c", table["surface_c"] - whole)
    degrees = Text("°C", "°C")
    figures = (
        Figure("surface_c", Text("平均地表温度", "mean surface temperature"), degrees),
        Figure("above_mean_c", Text("高出全区平均", "above the mean of all grids"), degrees),
        Figure("hottest_c", Text("最热像元", "hottest cell"), degrees),
    )
    note = Text(
        "是影像拍摄当时的地表温度，不是气温；屋顶与路面比树荫高十几度属正常。",
        "It is the temperature of surfaces when the picture was taken, not of the air; roofs are many degrees above shade.",
    )
    status = base.status if base.status == "unavailable" else "proxy"
    return replace(base, table=table, figures=figures, status=status, notes=(note, *base.notes))


def land_cover(ws: Workspace, held: Held, level: int) -> RasterFigures:
    """Shares of the classes by area, and of all green ones."""
    known = standard("land_cover", ws.folder).set_index("code")
    with readable(held) as source:
        found = zonal_shares(source, shapes_for(ws, held, level), held.head.crs)
    codes = [int(one) for one in found.shares.columns]
    table = pd.DataFrame({f"class_{code}_percent": 100 * found.shares[code] for code in codes})
    greens = [code for code in codes if code in known.index and bool(known.loc[code, "green"])]
    table.insert(0, "green_percent", 100 * found.shares[greens].sum(axis=1, min_count=1 if greens else 0))
    table[UNKNOWN] = 100 * found.unknown_share
    figures = [Figure("green_percent", Text("绿色地面占比", "green share"), PERCENT)]
    figures += [Figure(f"class_{code}_percent", class_words(known, code), PERCENT) for code in codes]
    strange = [code for code in codes if code not in known.index]
    notes = [_strange(strange)] if strange else []
    return finished(ws, (held, level), table.set_index(ws.grids(level).index), figures, meta=found.meta, notes=notes)


def class_words(known: pd.DataFrame, code: int) -> Text:
    """Give the words of a class of land cover, its code where the table does not have it."""
    if code not in known.index:
        return Text(f"类别 {code}", f"class {code}")
    return Text(str(known.loc[code, "zh"]), str(known.loc[code, "en"]))


def _strange(codes: list[int]) -> Text:
    said = ", ".join(map(str, codes))
    return Text(
        f"land_cover.csv 中没有类别 {said}；可在工作区 standards 中补充。",
        f"land_cover.csv does not know the classes {said}; a workspace can add them in its standards.",
    )


def measured(ws: Workspace, held: Held, level: int) -> RasterFigures:
    """Plain statistics of a raster that holds any other number."""
    return statistics_by_grid(ws, held, level, statistics=("mean", "min", "max", "median", "sum", "count"))


_MAKERS: Mapping[str, Callable[[Workspace, Held, int], RasterFigures]] = {
    "population": population,
    "elevation": elevation,
    "bands": green,
    "temperature": heat,
    "land_cover": land_cover,
    **dict.fromkeys(("measured", "slope", "ponding", "flow"), measured),
}
