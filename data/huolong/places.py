"""Where issues arise: along streets and round houses, thicker in the old courts of the west."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely import Point

from data.huolong.plan import ORIGIN, WAYS, Plan
from data.huolong.shapes import Pair, beside
from layers.schema import Buildings, Lights

SPOT_EVERY_M = 3.0
ROUND_HOUSES_M = (2.0, 7.0)
LIT_M = 22.0  # nearer than this to a working lamp nobody asks for a new one
HOT: tuple[tuple[Pair, float, float], ...] = (
    # metres from the plan's origin, reach in metres, times as many
    ((96, 246), 46.0, 3.2),
    ((176, 128), 44.0, 4.5),
    ((104, 390), 42.0, 3.0),
    ((334, 232), 36.0, 4.0),
    ((262, 300), 34.0, 2.0),
)
STREET_WEIGHTS: dict[str, dict[str, float]] = {
    # by type: weight of kinds of street
    "PARK_CHAOS": {"main": 3.0, "branch": 2.2, "lane": 1.0, "path": 0.4},
    "VENDOR": {"main": 2.5, "branch": 0.8, "lane": 1.5, "path": 0.1},
    "ROAD_REBUILD": {"main": 0.0, "branch": 0.4, "lane": 2.5, "path": 2.5},
    "ROAD_PATCH": {"main": 0.7, "branch": 1.0, "lane": 2.0, "path": 1.6},
    "LIGHT_NEW": {"main": 0.0, "branch": 0.5, "lane": 2.0, "path": 3.0},
}
PLAIN = {"main": 1.0, "branch": 1.0, "lane": 1.0, "path": 1.0}


@dataclass(frozen=True)
class Spots:
    """Places that may have an issue, with how much trouble each has, and what it is called.

    ``street`` and ``court`` hold coordinates of shape (n, 2) in metres; ``border`` the vertices
    where small grids meet inside the community.
    """

    street: NDArray[np.float64]
    street_keys: NDArray[np.str_]
    court: NDArray[np.float64]
    court_weight: NDArray[np.float64]
    border: NDArray[np.float64]
    unlit: NDArray[np.bool_]
    plan: Plan
    buildings: gpd.GeoDataFrame

    def draw(self, code: str, rng: Generator, *, on_street: bool, on_border: bool) -> tuple[Pair, str, str]:
        """Draw a place for an issue type: its coordinates, the street and the house next to it."""
        if on_border:
            x, y = self.border[int(rng.integers(0, len(self.border)))]
        elif on_street:
            weight = self._street_weight(code)
            x, y = self.street[int(rng.choice(len(self.street), p=weight / weight.sum()))]
        else:
            x, y = self.court[int(rng.choice(len(self.court), p=self.court_weight / self.court_weight.sum()))]
        at = Point(x, y)
        house = self.buildings.geometry.distance(at).idxmin()
        key = min(self.plan.streets, key=lambda k: self.plan.lines[k].distance(at))
        return (float(x), float(y)), WAYS[key].name, str(self.buildings.loc[house, Buildings.name])

    def _street_weight(self, code: str) -> NDArray[np.float64]:
        by_kind = STREET_WEIGHTS.get(code, PLAIN)
        weight = np.array([by_kind[WAYS[key].kind] for key in self.street_keys]) * trouble(self.street)
        return np.asarray(weight * self.unlit, dtype=float) if code == "LIGHT_NEW" else weight


def trouble(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give how much goes wrong at places (n, 2): more in the west, much more round a few spots."""
    local = xy - np.asarray(ORIGIN)
    worse = 1.0 + 2.4 * np.clip(1 - local[:, 0] / 480.0, 0, 1) ** 1.5
    for centre, reach, times in HOT:
        squared = ((local - np.asarray(centre)) ** 2).sum(axis=1)
        worse = worse + times * np.exp(-squared / (2 * reach**2))
    return np.asarray(worse, dtype=float)


def find_spots(plan: Plan, buildings: gpd.GeoDataFrame, lights: gpd.GeoDataFrame, rng: Generator) -> Spots:
    """Collect the places of a community that may have an issue."""
    solid = shapely.union_all(buildings.geometry.to_numpy()).buffer(0.5)
    streets = [(key, p) for key, line in plan.streets.items() for p in _on_street(key, line, rng)]
    streets = [(key, p) for key, p in streets if plan.outline.contains(p) and not solid.covers(p)]
    courts = [
        (p, year)
        for shape, year in zip(buildings.geometry, buildings[Buildings.built_year], strict=True)
        for p in _round(shape, rng)
    ]
    courts = [(p, year) for p, year in courts if plan.outline.contains(p) and not solid.covers(p)]
    xy, court_xy = _xy([p for _, p in streets]), _xy([p for p, _ in courts])
    age = np.array([0.4 + (2003 - year) / 18 for _, year in courts])
    lit = shapely.union_all(lights.geometry[lights[Lights.works]].to_numpy()).buffer(LIT_M)
    return Spots(
        street=xy,
        street_keys=np.array([key for key, _ in streets]),
        court=court_xy,
        court_weight=trouble(court_xy) * age,
        border=_borders(plan),
        unlit=~shapely.covers(lit, shapely.points(xy)),
        plan=plan,
        buildings=buildings,
    )


def _on_street(key: str, line: shapely.LineString, rng: Generator) -> list[Point]:
    half = WAYS[key].width_m / 2 - 0.5
    return [
        beside(line, float(at), float(rng.uniform(-half, half))) for at in np.arange(3.0, line.length - 2, SPOT_EVERY_M)
    ]


def _round(shape: shapely.Polygon, rng: Generator) -> list[Point]:
    ring = shape.buffer(float(rng.uniform(*ROUND_HOUSES_M))).exterior
    return [ring.interpolate(float(at + rng.uniform(-1, 1))) for at in np.arange(2.0, ring.length, SPOT_EVERY_M)]


def _xy(points: list[Point]) -> NDArray[np.float64]:
    return np.asarray(np.round(shapely.get_coordinates(points), 2), dtype=float)


def _borders(plan: Plan) -> NDArray[np.float64]:
    """Vertices that two or more small grids share, inside the outline and on a street."""
    rings = [shapely.get_coordinates(face.exterior)[:-1] for face in plan.small.values()]
    vertices, counts = np.unique(np.concatenate(rings), axis=0, return_counts=True)
    shared = vertices[counts > 1]
    points = shapely.points(shared)
    near = shapely.distance(points, shapely.union_all(list(plan.streets.values()))) < 1.0
    return np.asarray(shared[near & (shapely.distance(points, plan.outline.exterior) > 1.0)], dtype=float)
