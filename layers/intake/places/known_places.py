"""What a workspace knows by name: estates, houses, streets, grids and assets, and the doors of earlier tickets."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from layers.catalog import BOUNDARY, BUILDINGS, CATALOG, GRIDS, HOUSING_ESTATES, ISSUES, STREETS
from layers.intake.places.addresses import Address, parts_of
from layers.intake.places.doors import Door, Doors, door_of
from layers.intake.places.footprints import middle, share_near
from layers.intake.places.name_forms import name_key, names_of, stems_of
from layers.intake.places.name_index import NameIndex
from layers.intake.places.thresholds import thresholds
from layers.places import on_default_point, representative_xy
from layers.standards import policy

KINDS = {GRIDS.key: "grid", HOUSING_ESTATES.key: "estate", STREETS.key: "street", BUILDINGS.key: "building"}
"""What the things of a layer are to an address; those of all other layers are landmarks."""
NOT_PLACES = ("people", "issues", "projects", "boundary", "former_grids", "lights", "drains")
"""Layers whose names are no places, or are so of a piece with others that they tell nothing."""


class Thing(NamedTuple):
    """Something with a name: what it is to an address, its layer, id and name, and one point of it in metres."""

    kind: str
    layer: str
    id: str
    name: str
    x: float
    y: float
    units: int = 0


class Line(NamedTuple):
    """A street or a part of it: its shape, its middle, the share near the middle, the number of its first piece."""

    shape: BaseGeometry
    x: float
    y: float
    share: float
    first: int


class Known:
    """Everything in a workspace that an address may name, ready to be looked up.

    Args:
        tables: layers by key, each indexed by its id, all in one metric coordinate system.
        unlearnt: ids of issues whose places came from their addresses and so teach nothing.
        folder: the workspace, for its own policy.
    """

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], unlearnt: Collection[str] = (), *, folder: Path | None = None
    ) -> None:
        self.limits = thresholds(folder)
        self._areas: dict[tuple[tuple[int, ...], float], BaseGeometry] = {}
        self._lines: dict[tuple[str, tuple[int, ...]], Line | None] = {}
        self._shares: dict[int, float] = {}
        self.things: list[Thing] = []
        self._shapes: list[object] = []
        for layer in sorted(set(tables) - set(NOT_PLACES), key=list(CATALOG).index):
            self._take(layer, tables[layer])
        self.shapes = np.array(self._shapes, dtype=object)
        self.grid_ids = [i for i, thing in enumerate(self.things) if thing.kind == "grid"]
        self._read_houses()
        numbered = {name_key(self.things[at].name) for at, house in self._house.items() if house.building}
        self.names = NameIndex(self._bearers(), silent=numbered)
        self.region_words = _region_words(tables)
        self.doors = Doors(
            [*self._doors_of_houses(), *doors_of_tickets(tables.get(ISSUES.key), unlearnt, policy(folder))]
        )

    def _take(self, layer: str, table: pd.DataFrame) -> None:
        """Add the things of a layer that have a geometry and a name or a number."""
        if not isinstance(table, gpd.GeoDataFrame):
            return
        shapes = table.geometry.to_numpy()
        said = _said(table, layer)
        units = (
            table["stair_units"].fillna(0).to_numpy(dtype=int) if "stair_units" in table else np.zeros(len(table), int)
        )
        for at in np.flatnonzero(said.notna().to_numpy() & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)):
            x, y = middle(shapes[at])
            kind = KINDS.get(layer, "landmark")
            name = str(said.iloc[at])
            self.things.append(Thing(kind, layer, str(table.index[at]), name, x, y, int(units[at])))
            self._shapes.append(shapes[at])

    def _read_houses(self) -> None:
        """File the buildings by number within estate, street number and street, and by number alone."""
        self.numbered: dict[str, list[int]] = defaultdict(list)
        self.within: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._house: dict[int, Address] = {}
        around = self._estates_around()
        for at, thing in enumerate(self.things):
            if thing.kind != "building":
                continue
            house = _house(thing.name)
            self._house[at] = house
            if house.building:
                self.numbered[house.building].append(at)
                for scope in {*_scopes(house), *around.get(at, ())}:
                    self.within[scope, house.building].append(at)

    def _estates_around(self) -> dict[int, list[str]]:
        """Give the keys of the estates in which each building lies."""
        estates = [at for at, thing in enumerate(self.things) if thing.kind == "estate"]
        houses = [at for at, thing in enumerate(self.things) if thing.kind == "building"]
        pairs = self._inside(houses, estates)
        found: dict[int, list[str]] = defaultdict(list)
        for house, estate in pairs:
            found[house].append(name_key(self.things[estate].name))
        return found

    def _inside(self, things: list[int], areas: list[int]) -> list[tuple[int, int]]:
        if not things or not areas:
            return []
        points = shapely.points([(self.things[at].x, self.things[at].y) for at in things])
        point, area = shapely.STRtree(self.shapes[areas]).query(points, predicate="intersects")
        return [(things[p], areas[a]) for p, a in zip(point.tolist(), area.tolist(), strict=True)]

    def _bearers(self) -> dict[str, list[int]]:
        """Give the things by every key that may stand for them."""
        bearers: dict[str, list[int]] = defaultdict(list)
        for at, thing in enumerate(self.things):
            for key in names_of(thing.name):
                if not key.isdigit():
                    bearers[key].append(at)
        for scope, _ in self.within:
            if scope not in bearers and not scope.endswith("号"):
                bearers[scope] = []  # an estate that is known by its houses only
        return bearers

    @cached_property
    def scopes_of_houses(self) -> frozenset[str]:
        """Keys of the estates, streets and street numbers within which houses are numbered."""
        return frozenset(scope for scope, _ in self.within)

    @cached_property
    def stems(self) -> dict[str, tuple[str, ...]]:
        """Keys of estates by the short form that people use before a house number."""
        stems: dict[str, set[str]] = defaultdict(set)
        scopes = {scope for scope, _ in self.within}
        for key in {name_key(t.name) for t in self.things if t.kind == "estate"} | scopes:
            for stem in stems_of(key):
                stems[stem].add(key)
        return {stem: tuple(sorted(keys)) for stem, keys in stems.items()}

    @cached_property
    def in_grids(self) -> dict[int, frozenset[int]]:
        """Numbers of the grids, of every level, in which each other thing lies."""
        found: dict[int, set[int]] = defaultdict(set)
        for thing, grid in self._inside(list(range(len(self.things))), self.grid_ids):
            found[thing].add(grid)
        return {thing: frozenset(grids) for thing, grids in found.items()}

    def area(self, grids: tuple[int, ...], margin_m: float) -> BaseGeometry:
        """Give the ground of some grids with a margin around."""
        if (grids, margin_m) not in self._areas:
            area = shapely.union_all(self.shapes[list(grids)]).buffer(margin_m, quad_segs=4)
            shapely.prepare(area)
            self._areas[grids, margin_m] = area
        return self._areas[grids, margin_m]

    def line(self, street: str, grids: tuple[int, ...]) -> Line | None:
        """Give a street by its key: that part that lies in some grids, or the whole if none does or none are given."""
        if (street, grids) not in self._lines:
            self._lines[street, grids] = self._line(street, grids)
        return self._lines[street, grids]

    def _line(self, street: str, grids: tuple[int, ...]) -> Line | None:
        pieces = [at for at in self.names.bearers(street) if self.things[at].kind == "street"]
        if not pieces:
            return None
        whole = shapely.line_merge(shapely.union_all(self.shapes[pieces]))
        near = shapely.intersection(whole, self.area(grids, 0.0)) if grids else whole
        shape = whole if shapely.is_empty(near) else near
        x, y = middle(shape)
        return Line(shape, x, y, share_near(shape, x, y, self.limits.right_m), pieces[0])

    def share(self, at: int) -> float:
        """Give the chance that a place on a thing is right to ``right_m`` of its point."""
        if at not in self._shares:
            thing = self.things[at]
            self._shares[at] = share_near(self.shapes[at], thing.x, thing.y, self.limits.right_m)
        return self._shares[at]

    @cached_property
    def grids_by_word(self) -> dict[str, tuple[int, ...]]:
        """Grids by the keys of their ids and names."""
        found: dict[str, set[int]] = defaultdict(set)
        for at in self.grid_ids:
            for key in (name_key(self.things[at].id), *names_of(self.things[at].name)):
                found[key].add(at)
        return {key: tuple(sorted(grids)) for key, grids in found.items()}

    def _doors_of_houses(self) -> list[tuple[str, Door]]:
        """Give the street numbers that buildings bear as names: 建设路12号."""
        found = []
        for at, house in self._house.items():
            if house.street and house.number and not house.building:
                thing = self.things[at]
                door = door_of(house, (thing.x, thing.y), (thing.layer, thing.id))
                found += [(name_key(house.street), door)] if door else []
        return found


def _said(table: pd.DataFrame, layer: str) -> pd.Series:
    """Give what things are called: the name, for buildings without one the number or the address."""
    columns = ["name", "number", "address"] if layer == BUILDINGS.key else ["name"]
    said = pd.Series(None, index=table.index, dtype="object")
    for column in columns:
        if column in table:
            said = said.where(said.notna(), table[column].astype("object"))
    return said.where(said.notna() & (said.astype("string").str.strip() != ""))


def _house(name: str) -> Address:
    """Read the name of a building; a bare number or letter is the number of the house."""
    bare = name.strip()
    if bare.isascii() and bare.isalnum() and len(bare.rstrip("ABCDEFGHabcdefgh")) <= 4 and not bare.isalpha():  # noqa: PLR2004
        return Address(building=bare.upper().lstrip("0") or bare)
    return parts_of(name)


def _scopes(house: Address) -> list[str]:
    """Give the keys of what a house is numbered within: its estate, its street, its street number."""
    scopes = [name_key(house.estate), name_key(house.street)]
    if house.street and house.number:
        scopes = [scopes[0], f"{scopes[1]}{house.number}号"]
    return [scope for scope in scopes if scope]


def _region_words(tables: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """Give the keys of what the whole is called, long and short: words that may stand before an estate."""
    names = tables[BOUNDARY.key]["name"].dropna() if "name" in tables.get(BOUNDARY.key, ()) else ()
    keys = {key for name in names for key in names_of(str(name))}
    return frozenset(keys | {stem for key in keys for stem in stems_of(key)})


def doors_of_tickets(
    issues: pd.DataFrame | None, unlearnt: Collection[str], rules: Mapping[str, float]
) -> list[tuple[str, Door]]:
    """Give the street numbers and crossings of earlier tickets that have an address and a place of their own."""
    if not isinstance(issues, gpd.GeoDataFrame) or "address" not in issues:
        return []
    x, y = representative_xy(issues)
    known = issues["address"].notna().to_numpy() & np.isfinite(x) & ~on_default_point(x, y, rules)
    known &= ~issues.index.isin(list(unlearnt))
    code, texts = pd.factorize(issues["address"].to_numpy(dtype=object)[known])
    addresses = [parts_of(str(text)) for text in texts]
    found = []
    for at, which in zip(np.flatnonzero(known), code, strict=True):
        address = addresses[which]
        door = door_of(address, (float(x[at]), float(y[at])), (ISSUES.key, str(issues.index[at])))
        if door:
            found.append((name_key(address.street), door))
    return found
