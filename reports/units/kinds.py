"""What can be ranked instead of grids: which things they are, how they are called, and how far things count for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import reprojected
from geo.errors import DataError, Problem
from geo.files import geometries, layer_names, read_layer
from geo.findings import value_found
from geo.text import Text, counted
from layers import BUILDINGS, CATALOG, GRIDS, HOUSING_ESTATES, STREETS, LayerSpec, Workspace
from layers.schema import Streets
from layers.standards import policy, standard

UNITS: Mapping[str, LayerSpec] = {"estates": HOUSING_ESTATES, "buildings": BUILDINGS, "streets": STREETS}
"""Units by the word that ``guatu rank --of`` takes; any layer with areas or lines can be named by its key too."""
AREA, LINE = (3, 6), (1, 5)  # type ids of shapely: (multi)polygons, (multi)lines
FILE_UNIT = Text("单元", "unit")
NOT_WALKED = Text(
    "{n} 条不是街巷（铁路、河流等），不参加排名", "{n} that nobody walks on (railways, rivers …) are not ranked"
)
SHAPELESS = Text("{n} 个没有面或线，不参加排名", "{n} without an area or a line are not ranked")
IDS = ("id", "code", "unit_id")


@dataclass(frozen=True)
class Units:
    """Things to be ranked.

    ``table`` is by id: ``name``, ``households``, ``residents``, ``elderly_residents`` (NaN where unknown) and the
    geometry in the CRS of the workspace. ``kind`` is "areas", "buildings" or "streets", ``layer`` the key of their
    layer or None for a file, ``reach_m`` how far outside a unit a thing still counts for it.
    """

    kind: str
    words: Text
    table: gpd.GeoDataFrame
    layer: str | None
    reach_m: float
    notices: tuple[Text, ...] = ()


def unit_choices(ws: Workspace) -> tuple[LayerSpec, ...]:
    """Give the layers of a workspace whose things can be ranked: those with areas or lines."""
    found = [*UNITS.values(), *(spec for spec in CATALOG.values() if spec not in UNITS.values())]
    return tuple(
        spec for spec in found if spec != GRIDS and spec in ws and spec.shape != "none" and _has_shapes(ws, spec)
    )


def _has_shapes(ws: Workspace, spec: LayerSpec) -> bool:
    kinds = shapely.get_type_id(ws[spec].geometry.to_numpy())
    return bool(np.isin(kinds, [*AREA, *LINE]).any())


def units_of(ws: Workspace, of: str | Path) -> Units:
    """Give the units of a word of ``UNITS``, of a layer key, or of a file of polygons or lines.

    Raises:
        DataError: no such layer or file, or nothing in it has an area or a line; names what there is.
    """
    spec = UNITS.get(str(of)) or CATALOG.get(str(of))
    if spec is not None and spec in ws and spec.shape != "none":
        return _shaped(_from_layer(ws, spec), str(of))
    if spec is None and Path(of).is_file():
        return _shaped(_from_file(ws, Path(of)), str(of))
    known = [key for key, one in UNITS.items() if one in ws]
    known += [one.key for one in unit_choices(ws) if one not in UNITS.values()]
    expected = Text(
        f"取自 {'、'.join(known)}，或一个面或线文件", f"out of {', '.join(known)}, or a file of polygons or lines"
    )
    raise DataError([_fault(str(of), value_found(str(of)), expected)])


def _from_layer(ws: Workspace, spec: LayerSpec) -> Units:
    rules, table = policy(ws.folder), ws[spec]
    kind = {BUILDINGS.key: "buildings", STREETS.key: "streets"}.get(spec.key, "areas")
    notices = []
    if spec == STREETS:
        walked = _walked(ws, table)
        if not walked.all():
            notices.append(NOT_WALKED.format(n=int((~walked).sum())))
        table = table[walked]
    reach = rules[f"unit_reach_{kind}_m"]
    return Units(kind, _one(spec), _columns(table), spec.key, reach, tuple(notices))


def _one(spec: LayerSpec) -> Text:
    """Call one thing of a layer; Chinese takes the name of the layer, whose counting word alone says nothing."""
    return Text(spec.title.zh, spec.one.en)


def _walked(ws: Workspace, table: pd.DataFrame) -> np.ndarray:
    kinds = standard("street_kinds", ws.folder).set_index("kind")["walkable"].astype("object")
    by_kind = table[Streets.kind].str.casefold().map(kinds.to_dict())
    said = table[Streets.walkable].astype("object")
    cells = said.where(said.notna(), by_kind)
    walked: np.ndarray = cells.where(cells.notna(), other=True).to_numpy(dtype=bool)
    return walked


def _columns(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Take over name and people, sorted by id; the id stands for a name that is not known."""
    ids = table.index.astype("str")
    name = table["name"].fillna(pd.Series(ids, index=table.index)) if "name" in table else pd.Series(ids, table.index)
    columns = {
        column: pd.to_numeric(table[column]).astype("float64") if column in table else np.nan
        for column in ("households", "residents", "elderly_residents")
    }
    data = pd.DataFrame({"name": name.astype("str"), **columns}, index=ids)
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries(table.geometry.array, index=ids)).sort_index()


def _from_file(ws: Workspace, path: Path) -> Units:
    attributes, wkb, crs = read_layer(path, layer_names(path)[0])
    shapes, _ = geometries(wkb)
    frame = reprojected(gpd.GeoDataFrame(attributes, geometry=gpd.GeoSeries(shapes, crs=crs)), ws.manifest.crs)
    own = next((one for one in IDS if one in frame and frame[one].notna().all() and frame[one].is_unique), None)
    frame.index = pd.Index(
        frame[own].astype("str") if own else [f"{at + 1}" for at in range(len(frame))], name="unit_id"
    )
    lines = np.isin(shapely.get_type_id(frame.geometry.to_numpy()), LINE).mean() > 0.5  # noqa: PLR2004 (most of them)
    kind = "streets" if lines else "areas"
    return Units(kind, FILE_UNIT, _columns(frame), None, policy(ws.folder)[f"unit_reach_{kind}_m"])


def _shaped(units: Units, of: str) -> Units:
    """Leave out things without an area, or without a line where lines are ranked."""
    kinds = shapely.get_type_id(units.table.geometry.to_numpy())
    good = np.isin(kinds, LINE if units.kind == "streets" else AREA) & ~shapely.is_empty(
        units.table.geometry.to_numpy()
    )
    if not good.any():
        expected = Text("有面或线的图层", "a layer with areas or lines")
        raise DataError(
            [_fault(of, Text(f"{len(good):,} 个点或空图形", counted(len(good), "point", "points")), expected)]
        )
    if good.all():
        return units
    said = SHAPELESS.format(n=int((~good).sum()))
    return Units(units.kind, units.words, units.table[good], units.layer, units.reach_m, (*units.notices, said))


def _fault(of: str, found: Text, expected: Text) -> Problem:
    remedy = Text("改写 --of，或先用 guatu add 收入图层", "change --of, or take the layer in with guatu add")
    return Problem("no_units", "error", of, None, "of", found, expected, remedy)
