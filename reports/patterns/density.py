"""Where issues pile up, as a surface with its bandwidth said: density in bands of equal steps."""

from dataclasses import dataclass, field

import numpy as np
import shapely

from geo.pattern.contour import area_above
from geo.pattern.density import DensityGrid, density_grid
from geo.text import Text
from layers import Workspace
from layers.standards import policy
from reports.patterns.asked import Asked
from reports.patterns.counting import Spots, spots

CELLS = 3
"""Cells of the surface to a bandwidth."""
MOST_CELLS = 600_000
"""A finer surface than this gets wider cells, and says so."""
STEPS = (0.04, 0.12, 0.25, 0.45, 0.7)
"""Limits of the bands as shares of the peak."""
COLOURS = ("#fed976", "#fd8d3c", "#f03b20", "#bd0026", "#67000d")
"""ColorBrewer YlOrRd, from thin to dense; a map lets half of it through."""
BAND = Text("每平方千米 {low}–{high} 件", "{low} to {high} per km²")
FEWEST = 3
"""Points below which a surface would show the kernel only."""
METHOD = Text(
    "核密度：每件问题按高斯曲线摊开，带宽（标准差）{bandwidth} m，格网 {cell} m；数值为每平方千米件数，最高 {peak}。带宽越大，"
    "画面越平；资料边缘偏低。它画的是哪里上报多，人多的地方自然也多。",
    "Kernel density: each issue is spread by a Gaussian curve with a bandwidth (standard deviation) of {bandwidth} m, on "
    "cells of {cell} m; values are issues per km², {peak} at the most. A wider bandwidth gives a flatter picture; at the "
    "edge of the data it is too low. It shows where reports are made, which is also where people are.",
)


@dataclass(frozen=True)
class Surface:
    """A density surface: ``grid`` per km², its ``bands`` as (low, high, area), thinnest first, ``points`` used."""

    asked: Asked
    bandwidth_m: float
    grid: DensityGrid = field(repr=False)
    bands: tuple[tuple[float, float, shapely.Geometry], ...] = field(repr=False)
    points: int

    @property
    def peak(self) -> float:
        """Largest density, per km²."""
        return float(self.grid.per_km2.max(initial=0.0))


def surface(ws: Workspace, asked: Asked) -> Surface | None:
    """Give the density of the issues that are asked for; None where there are too few.

    Issues on default points take no part, for they would make a peak where nothing is.

    Raises:
        DataError: no issues, or no such type.
    """
    found = spots(ws, asked)
    if len(found.x) < FEWEST:
        return None
    bandwidth = asked.bandwidth_m or policy(ws.folder)["density_bandwidth_m"]
    frame = _frame(ws, found, bandwidth)
    area = (frame[2] - frame[0]) * (frame[3] - frame[1])
    cell = max(bandwidth / CELLS, float(np.sqrt(area / MOST_CELLS)))
    grid = density_grid((found.x, found.y), frame, cell_m=cell, bandwidth_m=bandwidth)
    return Surface(asked, bandwidth, grid, _bands(grid), len(found.x) - grid.outside)


def _frame(ws: Workspace, found: Spots, margin_m: float) -> tuple[float, float, float, float]:
    """The box of the grids, else of the points, with room for the curve of an issue at its edge."""
    if ws.levels:
        west, south, east, north = ws.grids(ws.levels[0]).total_bounds
    else:
        west, east, south, north = found.x.min(), found.x.max(), found.y.min(), found.y.max()
    return west - 2 * margin_m, south - 2 * margin_m, east + 2 * margin_m, north + 2 * margin_m


def _bands(grid: DensityGrid) -> tuple[tuple[float, float, shapely.Geometry], ...]:
    limits = [_two_digits(float(grid.per_km2.max()) * share) for share in STEPS]
    above = [area_above(grid.per_km2, grid.x, grid.y, limit) for limit in limits]
    tops = [*limits[1:], float(grid.per_km2.max())]
    inner = [*above[1:], shapely.Polygon()]
    return tuple(
        (low, high, shapely.difference(whole, rest))
        for low, high, whole, rest in zip(limits, tops, above, inner, strict=True)
    )


def _two_digits(value: float) -> float:
    """Round to two digits, so that a legend can be read."""
    if value <= 0:
        return value
    unit = 10.0 ** (np.floor(np.log10(value)) - 1)
    return float(np.round(value / unit) * unit)


def number(value: float) -> str:
    """Write a density for people."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"  # noqa: PLR2004 (two digits)


def band_words(low: float, high: float) -> Text:
    """Say what a band holds."""
    return BAND.format(low=number(low), high=number(high))


def method(found: Surface) -> list[Text]:
    """Say in plain words how it was done."""
    filled = {"bandwidth": f"{found.bandwidth_m:g}", "cell": f"{found.grid.cell_m:.3g}", "peak": number(found.peak)}
    warnings = found.grid.meta["warnings"]
    return [METHOD.format(**filled), *warnings]  # type: ignore[misc]
