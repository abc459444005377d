"""Where the work lies: issues on their street, building or estate, and how much of each there is."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.coverage import is_covered, nearest_m
from geo.measure import totals
from geo.ownership import locate
from geo.pieces import Pieces, facade_area, likeliest, line_pieces
from layers import BUILDINGS, ISSUES, LIGHTS, STREETS, LayerSpec, Workspace
from layers.schema import Buildings, HousingEstates, Issues, Lights, Streets
from layers.standards import policy, standard
from reports.built import said_no

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STEP_M = 20.0
"""Longest piece of a street that is given to a grid as a whole, as for the share of unlit streets."""


@dataclass(frozen=True)
class WorkGround:
    """The ground of a workspace as works see it; every part is computed when it is first asked for."""

    ws: Workspace

    @cached_property
    def rules(self) -> dict[str, float]:
        """Numbers of the policy table."""
        return dict(policy(self.ws.folder))

    @cached_property
    def grids(self) -> NDArray[np.object_]:
        """Ids of the finest grids."""
        return np.asarray(self.ws.grids().index.to_numpy(dtype=object))

    @cached_property
    def walked(self) -> NDArray[np.bool_]:
        """Mark the streets that can be paved and lit: no railways, rivers and walls, none where nobody walks."""
        streets, kinds = self.ws[STREETS], standard("street_kinds", self.ws.folder).set_index("kind")
        barrier = streets[Streets.kind].map(kinds["barrier"]).fillna(value=False).to_numpy(dtype=bool)
        return np.asarray(~barrier & ~said_no(streets[Streets.walkable]))

    @cached_property
    def pieces(self) -> Pieces:
        """Pieces of the streets that can be paved; ``line`` is the row of the street."""
        lines = self.ws[STREETS].geometry.to_numpy().copy() if STREETS in self.ws else np.array([], dtype=object)
        if len(lines):
            lines[~self.walked] = None
        return line_pieces(lines, STEP_M)

    @cached_property
    def piece_grid(self) -> Ints:
        """Row of the finest grid that owns the middle of each piece, -1 for none."""
        middle = self.pieces.middle
        return locate(middle[:, 0], middle[:, 1], self.ws.grids().geometry.to_numpy()).astype(np.int64)

    @cached_property
    def piece_dark(self) -> Floats:
        """Metres of each piece that no working lamp is near to; NaN where lamps are not known."""
        if LIGHTS not in self.ws:
            return np.full(len(self.pieces.metres), np.nan)
        broken, (x, y) = said_no(self.ws[LIGHTS][Lights.works]), self.ws.xy(LIGHTS)
        middle = self.pieces.middle
        far = nearest_m(middle[:, 0], middle[:, 1], x[~broken], y[~broken])
        return np.where(is_covered(far, self.rules["light_radius_m"]), 0.0, self.pieces.metres)

    def part_codes(self) -> Ints:
        """Number the parts of streets by grid: street row times grids plus grid row, -1 outside all grids."""
        codes: Ints = np.where(self.piece_grid >= 0, self.pieces.line * len(self.grids) + self.piece_grid, -1)
        return codes

    def parts(self, weights: Floats) -> dict[int, float]:
        """Add up weights of pieces by the number of their part of a street."""
        codes = self.part_codes()
        known, at = np.unique(codes[codes >= 0], return_inverse=True)
        sums = np.bincount(at, weights=weights[codes >= 0], minlength=len(known))
        return dict(zip(known.tolist(), sums.tolist(), strict=True))

    @cached_property
    def lengths_m(self) -> dict[int, float]:
        """Length of each part of a street."""
        return self.parts(self.pieces.metres)

    @cached_property
    def dark_m(self) -> dict[int, float]:
        """Unlit length of each part of a street."""
        return self.parts(self.piece_dark)

    @cached_property
    def widths_m(self) -> Floats:
        """Width of each street, NaN where unknown."""
        return np.asarray(self.ws[STREETS][Streets.width_m].to_numpy(dtype=float, na_value=np.nan))

    @cached_property
    def of_buildings(self) -> dict[str, Floats]:
        """Amounts of each building by rule of quantity: roof, façade, floor, stair units; NaN where unknown."""
        table = self.ws[BUILDINGS]
        shapes = table.geometry.to_numpy()
        storeys = table[Buildings.storeys].to_numpy(dtype=float, na_value=np.nan)
        roof = np.where(shapely.area(shapes) > 0, shapely.area(shapes), np.nan)
        floor = table[Buildings.floor_area_m2].to_numpy(dtype=float, na_value=np.nan)
        return {
            "roof_area": roof,
            "facade_area": np.where(
                roof > 0, facade_area(shapes, storeys, storey_m=self.rules["item_storey_m"]), np.nan
            ),
            "floor_area": np.where(np.isnan(floor), roof * storeys, floor),
            "stair_units": table[Buildings.stair_units].to_numpy(dtype=float, na_value=np.nan),
        }

    def issue_part(self, rows: Ints) -> Ints:
        """Part of a street for each issue, -1 where none is near: one that the address names, else the nearest."""
        if STREETS not in self.ws or not len(self.pieces.line):
            return np.full(len(rows), -1, dtype=np.int64)
        names = _lower(self.ws[STREETS][Streets.name])[self.pieces.line]
        found = self._likeliest(rows, self.pieces.shapes, names, "item_street_m")
        part = self.part_codes()
        return np.where(found >= 0, part[found], -1)

    def issue_row(self, rows: Ints, spec: LayerSpec) -> Ints:
        """Row of the building or estate for each issue, -1 where none is near."""
        if spec not in self.ws:
            return np.full(len(rows), -1, dtype=np.int64)
        table, reach = self.ws[spec], "item_building_m" if spec == BUILDINGS else "item_estate_m"
        name = Buildings.name if spec == BUILDINGS else HousingEstates.name
        return self._likeliest(rows, table.geometry.to_numpy(), _lower(table[name]), reach)

    def _likeliest(self, rows: Ints, shapes: NDArray[np.object_], names: NDArray[np.object_], reach: str) -> Ints:
        x, y = self.ws.xy(ISSUES)
        said = _lower(self.ws[ISSUES][Issues.address].iloc[rows])

        def named(point: Ints, shape: Ints) -> list[bool]:
            return [bool(names[s]) and names[s] in said[p] for p, s in zip(point, shape, strict=True)]

        return likeliest(x[rows], y[rows], shapes, within_m=self.rules[reach], named=named)

    def grid_totals(self, weights: Floats) -> Floats:
        """Add up weights of pieces of streets by finest grid."""
        return totals(self.piece_grid, len(self.grids), weights).per_group


def _lower(words: pd.Series) -> NDArray[np.object_]:
    return words.astype("object").where(words.notna(), "").map(lambda one: str(one).casefold()).to_numpy(dtype=object)
