"""Made-up rasters of the synthetic community: heights, a satellite image, surface temperature. Nothing of it is a real place.

The ground falls gently to the south-east and has shallow hollows at places drawn by chance, without a look at the
issues; so whatever the page on hollows finds here was not put in.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from data.huolong.plan import CRS
from geo.raster import Place, RasterHead, write_raster
from geo.raster.resample import counts_on_cells

Floats = NDArray[np.float64]
AROUND_M = 120.0
HEIGHT_CELL_M, IMAGE_CELL_M, HEAT_CELL_M = 4.0, 10.0, 30.0
FALL = 0.003
"""Fall of the ground, metres a metre."""
HOLLOWS, HOLLOW_M, DEPTH_M = 24, (15.0, 40.0), (0.4, 1.0)
ROUGH_M = 0.02
LOW_M = 103.0
SURFACES = {"yard": (0.09, 0.16), "park": (0.05, 0.38), "house": (0.16, 0.2)}
"""Reflectance in red and near infrared."""
DULL = 0.7
SHADE_C, HEAT_C, ROOF_C = 28.5, 36.0, 3.5


def rasters(made: Mapping[str, pd.DataFrame], folder: Path, dice: Generator) -> dict[str, Path]:
    """Write the rasters into a folder; give them by name.

    Args:
        made: the tables of the community.
        folder: where to.
        dice: chance for hollows and roughness.
    """
    box = shapely.total_bounds(made["grids"].geometry.to_numpy())
    parks, houses = (made[key].geometry.to_numpy() for key in ("parks", "buildings"))
    found = {}
    for name, cell, draw in (
        ("elevation", HEIGHT_CELL_M, _heights),
        ("bands", IMAGE_CELL_M, _image),
        ("temperature", HEAT_CELL_M, _heat),
    ):
        place, shape = _frame(box, cell)
        bands, kind = draw(place, shape, parks=parks, houses=houses, dice=dice)
        path = folder / f"{name}.tif"
        head = RasterHead(shape[1], shape[0], len(bands), kind, CRS, place, 0.0 if kind == "uint16" else -9999.0)
        write_raster(path, head, bands.astype(kind))
        found[name] = path
    return found


def _frame(box: Floats, cell: float) -> tuple[Place, tuple[int, int]]:
    west, south = (np.floor((low - AROUND_M) / cell) * cell for low in box[:2])
    east, north = (np.ceil((high + AROUND_M) / cell) * cell for high in box[2:])
    return Place(cell, 0.0, west, 0.0, -cell, north), (round((north - south) / cell), round((east - west) / cell))


def _middles(place: Place, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    column, row = np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)
    return place.c + column * place.a, place.f + row * place.e


def _heights(
    place: Place, shape: tuple[int, int], *, parks: NDArray[np.object_], houses: NDArray[np.object_], dice: Generator
) -> tuple[Floats, str]:
    """Bare ground in whole centimetres: houses and trees are not in it."""
    del parks, houses
    x, y = _middles(place, shape)
    height = LOW_M + FALL * ((y - y.min()) + 0.4 * (x.max() - x)) + ROUGH_M * dice.standard_normal(shape)
    inside = AROUND_M / 2
    for _ in range(HOLLOWS):
        at_x = dice.uniform(x.min() + inside, x.max() - inside)
        at_y = dice.uniform(y.min() + inside, y.max() - inside)
        wide, deep = dice.uniform(*HOLLOW_M), dice.uniform(*DEPTH_M)
        height -= deep * np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / (2 * (wide / 2) ** 2))
    return np.round(height, 2)[None], "float32"


def _parts(shapes: NDArray[np.object_], place: Place, shape: tuple[int, int]) -> Floats:
    """Part of each cell that lies under shapes, 0 to 1."""
    whole = np.array([shapely.union_all(shapes)], dtype=object)
    area = shapely.area(whole) / (place.a * -place.e)
    return np.clip(np.nan_to_num(counts_on_cells(area, whole, place, shape)), 0.0, 1.0)


def _image(
    place: Place, shape: tuple[int, int], *, parks: NDArray[np.object_], houses: NDArray[np.object_], dice: Generator
) -> tuple[Floats, str]:
    """Blue, green, red and near infrared as ten-thousandths of the light that comes back, mixed where surfaces meet."""
    green, roof = _parts(parks, place, shape), _parts(houses, place, shape)
    yard = np.clip(1 - green - roof, 0, 1)
    red, infrared = (
        green * SURFACES["park"][band] + roof * SURFACES["house"][band] + yard * SURFACES["yard"][band]
        for band in (0, 1)
    )
    stack = np.array([DULL * red, red, red, infrared]) * (1 + ROUGH_M * dice.standard_normal((4, *shape)))
    return np.round(np.clip(stack, 0.001, 1) * 10_000), "uint16"


def _heat(
    place: Place, shape: tuple[int, int], *, parks: NDArray[np.object_], houses: NDArray[np.object_], dice: Generator
) -> tuple[Floats, str]:
    """Degrees Celsius of the surface on a summer noon: cool parks, hot roofs."""
    green, roof = _parts(parks, place, shape), _parts(houses, place, shape)
    heat = HEAT_C + (SHADE_C - HEAT_C) * green + ROOF_C * roof + 0.3 * dice.standard_normal(shape)
    return np.round(heat, 2)[None], "float32"
