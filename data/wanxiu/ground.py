"""The ground of the synthetic district: streets that wind, the 30 communities between them, the 5 streets offices."""

from itertools import product
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from shapely import LineString, Polygon

from layers.schema import Grids, Streets

CRS = "EPSG:4546"
WEST, SOUTH = 531_000.0, 2_596_000.0
COLUMNS, ROWS = 6, 5
WIDE_M, HIGH_M = 620.0, 520.0
WANDER_M, BEND_M = 70.0, 14.0
"""How far a crossing and a point of a street between crossings may lie off the straight."""
BENDS = (0.3, 0.65)
OFFICES = ("桥东街道", "老城街道", "北山街道", "临江街道", "南岸街道")
COMMUNITIES = ("和风", "春晓", "桂树", "向阳", "码头", "书院")
ROADS = ("滨江路", "码头路", "和风路", "春晓路", "桂树路", "环城路")
LANES = ("西环路", "一坊街", "二坊街", "三坊街", "四坊街", "五坊街", "东环路")
Cell = tuple[int, int]


class Ground(NamedTuple):
    """Crossings by column and row, street pieces by their two crossings, and the outline of each community."""

    nodes: dict[Cell, tuple[float, float]]
    edges: dict[tuple[Cell, Cell], LineString]
    cells: dict[Cell, Polygon]


def office_of(cell: Cell) -> int:
    """Give the number (0 to 4) of the streets office of a community: three in the north, two in the south."""
    column, row = cell
    return column // 2 if row >= ROWS - 3 else 3 + column // 3


def grid_id(cell: Cell) -> str:
    """Give the id of a community: streets office, and the number in it from west to east and north to south."""
    own = sorted(
        (one for one in product(range(COLUMNS), range(ROWS)) if office_of(one) == office_of(cell)),
        key=lambda one: (-one[1], one[0]),
    )
    return f"WX-{office_of(cell) + 1:02d}-{own.index(cell) + 1:02d}"


def draw_ground(rng: Generator) -> Ground:
    """Draw the district; neighbouring communities share their border point for point."""
    nodes = {}
    for column, row in product(range(COLUMNS + 1), range(ROWS + 1)):
        off = rng.uniform(-WANDER_M, WANDER_M, 2)
        nodes[column, row] = (round(WEST + column * WIDE_M + off[0], 1), round(SOUTH + row * HIGH_M + off[1], 1))
    edges = {}
    for (column, row), start in nodes.items():
        for other in ((column + 1, row), (column, row + 1)):
            if other in nodes:
                edges[(column, row), other] = _street(start, nodes[other], rng)
    cells = {cell: _community(cell, edges) for cell in product(range(COLUMNS), range(ROWS))}
    return Ground(nodes, edges, cells)


def _street(start: tuple[float, float], end: tuple[float, float], rng: Generator) -> LineString:
    a, b = np.array(start), np.array(end)
    across = np.array([a[1] - b[1], b[0] - a[0]]) / np.hypot(*(b - a))
    middle = [a + at * (b - a) + rng.uniform(-BEND_M, BEND_M) * across for at in BENDS]
    return LineString([start, *(tuple(np.round(one, 1)) for one in middle), end])


def _community(cell: Cell, edges: dict[tuple[Cell, Cell], LineString]) -> Polygon:
    """Go round a community: south, east, north back, west back."""
    column, row = cell
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    round_it = [
        list(edges[corners[0], corners[1]].coords),
        list(edges[corners[1], corners[2]].coords),
        list(edges[corners[3], corners[2]].coords)[::-1],
        list(edges[corners[0], corners[3]].coords)[::-1],
    ]
    return Polygon([point for side in round_it for point in side[:-1]])


def grids_table(ground: Ground) -> gpd.GeoDataFrame:
    """Give the 5 streets offices and 30 communities; how many live there is not known."""
    rows: dict[str, dict[str, object]] = {}
    for number, name in enumerate(OFFICES):
        own = [shape for cell, shape in ground.cells.items() if office_of(cell) == number]
        rows[f"WX-{number + 1:02d}"] = _grid(f"{name}（合成）", None, 1, shapely.union_all(own))
    for cell, shape in ground.cells.items():
        code = grid_id(cell)
        name = f"{OFFICES[office_of(cell)][:2]}{COMMUNITIES[int(code[-2:]) - 1]}社区"
        rows[code] = _grid(name, code[:5], 2, shape)
    table = gpd.GeoDataFrame(list(rows.values()), geometry="geometry", crs=CRS)
    table.index = pd.Index(list(rows), name=Grids.grid_id)
    return table.sort_index()


def _grid(name: str, parent: str | None, level: int, shape: Polygon) -> dict[str, object]:
    return {
        Grids.name: name,
        Grids.parent_id: parent,
        Grids.level: level,
        Grids.kind: "街道" if level == 1 else "社区",
        Grids.stated_area_m2: round(shape.area, 0),
        "geometry": shapely.normalize(shape),
    }


def streets_table(ground: Ground) -> gpd.GeoDataFrame:
    """Give the pieces of street between crossings; those on the edge of the district are wider."""
    rows = []
    for (start, end), line in sorted(ground.edges.items()):
        along = start[1] == end[1]
        edge = start[1] in {0, ROWS} if along else start[0] in {0, COLUMNS}
        rows.append(
            {
                Streets.name: ROADS[start[1]] if along else LANES[start[0]],
                Streets.kind: "main" if edge else "branch",
                Streets.width_m: 18.0 if edge else 12.0,
                Streets.walkable: True,
                "geometry": line,
            }
        )
    index = pd.Index([f"WX-S{at:02d}" for at in range(1, len(rows) + 1)], name=Streets.street_id)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS, index=index)
