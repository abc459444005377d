"""Spots: where somebody says that something is, from a tap on a map, a phone, a building, a photo or words."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.text import Text
from layers.catalog import BUILDINGS, GRIDS
from layers.intake.places.footprints import middle
from layers.intake.places.gazetteer import Gazetteer
from layers.living import place_of
from layers.photos.photo import Photo
from layers.schema import Grids
from layers.workspace import Workspace
from reports.intake_map import with_candidates
from reports.webmap.degrees import degrees

NEAR_HOUSE_M = 40.0
"""So near to a building a place is named after it, metres."""
VAGUE_M = 50.0
"""A phone that knows its place less well than this should be helped by a tap on the map, metres."""
LEAST_SURE = 0.3
"""A place that words tell less surely than this is not offered at all."""
BY_MAP = Text("地图上点选", "tapped on the map")
BY_PHONE = Text("手机定位，误差约 {m} 米", "from the phone, to about {m} m")
BY_HOUSE = Text("按楼栋", "by building")
BY_PHOTO = Text("照片中的位置", "from the photo")
BY_WORDS = Text("按地址，把握 {sure}", "from the address, {sure} sure")
NEAR = Text("{house}附近", "near {house}")
NOWHERE = Text("不在任何网格内", "in no grid")


class Spot(NamedTuple):
    """A place in metres of the workspace, its smallest grid (None: in none), words for it, and how it was told.

    ``vague`` tells that somebody should look at the map.
    """

    x_m: float
    y_m: float
    grid_id: str | None
    address: Text | None
    how: Text
    vague: bool = False


def spot_at(ws: Workspace, lon: float, lat: float, *, how: Text = BY_MAP) -> Spot | None:
    """Give the spot of a place in degrees (WGS 84); None where no place can be there.

    Raises:
        CrsError: no conversion of known accuracy.
    """
    if not (np.isfinite([lon, lat]).all() and abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 (degrees)
        return None
    x_m, y_m, grid_id = place_of(ws, lon, lat)
    if not np.isfinite([x_m, y_m]).all():
        return None
    return Spot(x_m, y_m, grid_id, near_house(ws, x_m, y_m), how)


def picked_spot(ws: Workspace, picked: str) -> Spot | None:
    """Give the spot of a tap on the map, "longitude,latitude"; None for what is none."""
    try:
        lon, lat = (float(one) for one in picked.split(","))
    except ValueError:
        return None
    return spot_at(ws, lon, lat)


def phone_spot(ws: Workspace, lon: float, lat: float, accuracy_m: float) -> Spot | None:
    """Give the spot that a phone tells; None where no place can be there."""
    how = BY_PHONE.format(m=f"{accuracy_m:,.0f}")
    found = spot_at(ws, lon, lat, how=how)
    return None if found is None else found._replace(vague=accuracy_m > VAGUE_M)


def photo_spot(ws: Workspace, photo: Photo) -> Spot | None:
    """Give the spot that the camera noted; None if it noted none."""
    if photo.lon is None or photo.lat is None:
        return None
    return spot_at(ws, photo.lon, photo.lat, how=BY_PHOTO)


def house_spot(ws: Workspace, building_id: str) -> Spot:
    """Give the spot of a building."""
    row = ws[BUILDINGS].loc[[building_id]]
    x_m, y_m = middle(row.geometry.iloc[0])
    grid = ws.owner(BUILDINGS, ws.finest)[building_id]
    return Spot(x_m, y_m, None if pd.isna(grid) else str(grid), Text.same(house_names(ws)[building_id]), BY_HOUSE)


def house_names(ws: Workspace, grids: Sequence[str] = ()) -> dict[str, str]:
    """Give the names of buildings by id, those in some grids first; without a name they are left out."""
    if BUILDINGS not in ws or "name" not in ws[BUILDINGS]:
        return {}
    names = ws[BUILDINGS]["name"].dropna()
    if not grids:
        return {str(key): str(one) for key, one in names.items()}
    inside = ws.owner(BUILDINGS, ws.finest).reindex(names.index).isin(list(grids))
    ordered = pd.concat([names[inside], names[~inside]])
    return {str(key): str(one) for key, one in ordered.items()}


def near_house(ws: Workspace, x_m: float, y_m: float) -> Text | None:
    """Name a place after the nearest building, None if none is near."""
    if BUILDINGS not in ws or "name" not in ws[BUILDINGS]:
        return None
    houses = ws[BUILDINGS]
    at, far = houses.sindex.nearest(
        shapely.Point(x_m, y_m), max_distance=NEAR_HOUSE_M, return_all=False, return_distance=True
    )
    rows = at[1] if len(far) else []
    if not len(rows) or pd.isna(houses["name"].iloc[rows[0]]):
        return None
    name = Text.same(houses["name"].iloc[rows[0]])
    return name if far[0] == 0 else NEAR.format(house=name)


def worded_spot(ws: Workspace, places: Gazetteer, words: str) -> Spot | None:
    """Give the spot of an address in words, by the names that the workspace itself knows; None if it knows none."""
    found = places.place(pd.Series([words]))
    row = found.table.iloc[0]
    if not np.isfinite([row["x_m"], row["y_m"]]).all() or row["confidence"] < LEAST_SURE:
        return None
    how = BY_WORDS.format(sure=f"{row['confidence']:.0%}")
    grid = grid_at(ws, float(row["x_m"]), float(row["y_m"]))
    return Spot(float(row["x_m"]), float(row["y_m"]), grid, Text.same(words), how, vague=not bool(found.sure.iloc[0]))


def grid_at(ws: Workspace, x_m: float, y_m: float) -> str | None:
    """Give the smallest grid that holds a place in metres, None for none."""
    if GRIDS not in ws:
        return None
    grids = ws.grids(ws.finest)
    rows = grids.sindex.query(shapely.Point(x_m, y_m), predicate="intersects")
    return str(grids.index[min(rows)]) if len(rows) else None


def spot_words(ws: Workspace, spot: Spot) -> Text:
    """Say where a spot is: near which building, in which grid, how it was told."""
    grids = ws.grids(ws.finest)[Grids.name]
    grid = NOWHERE if spot.grid_id is None else Text.same(str(grids.get(spot.grid_id, spot.grid_id)))
    parts = [one for one in (spot.address, grid, spot.how) if one is not None]
    return Text(" · ".join(one.zh for one in parts), " · ".join(one.en for one in parts))


def picking_map(ws: Workspace, ground: Mapping[str, Any], spot: Spot | None, grid_id: str | None) -> dict[str, Any]:
    """Give a map on which somebody taps a place; it begins with one grid filling it, without one with everything.

    Args:
        ws: the workspace.
        ground: of ``reports.webmap.payload``.
        spot: the place chosen so far.
        grid_id: of any level.
    """
    drawn = with_candidates(ground, [], None if spot is None else (spot.x_m, spot.y_m), ws.manifest.crs)
    shape = None if grid_id is None else ws[GRIDS].geometry.get(grid_id)
    if shape is None:
        return drawn
    west, south, east, north = shape.bounds
    lon, lat = degrees(ws.manifest.crs, np.array([west, east]), np.array([south, north]))
    return drawn | {"bounds": [[float(lat[0]), float(lon[0])], [float(lat[1]), float(lon[1])]]}
