"""What of a workspace goes out: all of a layer for those who work with it, less of it for the public."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.crs import reprojected
from geo.errors import DataError
from geo.text import Text
from layers.catalog import CATALOG, DERIVED, ISSUES, LayerSpec
from layers.exports.faults import names_noted, note
from layers.exports.outgoing import DEGREES, GEOMETRY, Column, Outgoing, Told, coarse, outgoing, to_decimals
from layers.schema import Issues
from layers.standards import issue_types
from layers.workspace import Workspace

PUBLIC_DECIMALS = 5
"""Decimals of degrees in a public edition, about a metre; the numbers are those of the public web map."""
PUBLIC_POINT_DECIMALS = 4
"""Residents' reports in a public edition are placed to about ten metres."""
PUBLIC_METRES = 1
"""Decimals of metres where a public edition is written in metres: rounded degrees, converted back."""


def of_layer(ws: Workspace, layer: LayerSpec | str, file: str, *, public: bool) -> Outgoing:
    """Take a layer of a workspace.

    The columns are the id, the declared ones in their order, what was computed (grid, area, length) and
    what else the file brought along. A public edition has by allow-list only the public ones of these,
    nothing undeclared, and rounded positions.

    Args:
        ws: the workspace.
        layer: one of its layers.
        file: name of the file, for messages.
        public: leave out what is internal or secret.

    Raises:
        DataError: no such layer, no rows, or a layer that may not be public.
    """
    key = layer.key if isinstance(layer, LayerSpec) else layer
    if key not in ws or key not in CATALOG:
        raise DataError([note("export_no_layer", file, Text.same(key))])
    spec = CATALOG[key]
    if public and spec.sensitivity != "public":
        raise DataError([note("export_internal", file, spec.title)])
    table = ws[spec].reset_index()
    chosen = _columns(spec, table, issue_words(ws) if spec == ISSUES else {}, public=public)
    out = outgoing(table, key, spec.title, chosen, colour=spec.colour, file=file)
    if not public:
        return out
    kept = {one.name for one in chosen}
    lost = [name for name in table.columns if name not in kept and name != GEOMETRY]
    out = out.with_table(out.table, *names_noted("export_left_out", file, lost))
    return rounded(out, PUBLIC_POINT_DECIMALS if spec == ISSUES else PUBLIC_DECIMALS)


def _columns(spec: LayerSpec, table: pd.DataFrame, types: Mapping[str, Text], *, public: bool) -> list[Column]:
    identity = spec.schema.to_schema().index.metadata["title"]
    found = [Column(spec.id_column, identity)]
    for name, meta in spec.columns.items():
        if name in table and not (public and meta["sensitivity"] != "public"):
            codes = types if name == Issues.issue_type and spec == ISSUES else meta["codes"] or {}
            found.append(Column(name, meta["title"], meta["unit"], meta["about"], codes))
    own = {one.name for one in found}
    found += [Column(name, title, unit) for name, (title, unit) in DERIVED.items() if name in table and name not in own]
    known = {one.name for one in found} | {GEOMETRY, *spec.columns}
    return found if public else [*found, *(Column(str(n), Text.same(n)) for n in table if n not in known)]


def issue_words(ws: Workspace) -> dict[str, Text]:
    """Give the words of each issue type by its code."""
    return {str(code): Text(zh, en) for code, zh, en in issue_types(ws.folder)[["zh", "en"]].itertuples()}


def of_table(
    table: pd.DataFrame, key: str, file: str, *, title: Text | None = None, told: Mapping[str, Told] | None = None
) -> Outgoing:
    """Take any table; a named index comes first, names of columns are made unlike each other.

    Args:
        table: such as the grids of a ranking, with or without geometry.
        key: name of the layer.
        file: name of the file, for messages.
        title: of the table, else its key.
        told: titles and units of columns by name.

    Raises:
        DataError: no rows, or a column of mixed values.
    """
    flat = table if table.index.equals(pd.RangeIndex(len(table))) else table.reset_index()
    if isinstance(flat, gpd.GeoDataFrame) and flat.geometry.name != GEOMETRY:
        flat = flat.rename(columns={GEOMETRY: f"{GEOMETRY}_2"}).rename_geometry(GEOMETRY)
    spatial = isinstance(flat, gpd.GeoDataFrame)
    plain = [str(name) for name in flat.columns if not (spatial and name == GEOMETRY)]
    fresh = iter(_unlike(plain, taken=(GEOMETRY,) if spatial else ()))
    names = [GEOMETRY if spatial and name == GEOMETRY else next(fresh) for name in flat.columns]
    flat = flat.set_axis(names, axis=1)
    words = told or {}
    columns = [Column(n, *words.get(n, Told(Text.same(n)))) for n in names if not (spatial and n == GEOMETRY)]
    return outgoing(flat, key, title or Text.same(key), columns, file=file)


def _unlike(names: list[str], *, taken: tuple[str, ...]) -> list[str]:
    """Number names that are alike but for the case of letters, which some formats take for one."""
    used = {name.casefold() for name in taken}
    found = []
    for name in names:
        number, new = 2, name
        while new.casefold() in used:
            number, new = number + 1, f"{name}_{number}"
        used.add(new.casefold())
        found.append(new)
    return found


def rounded(out: Outgoing, decimals: int) -> Outgoing:
    """Round positions in degrees, whatever the coordinate system of the table.

    Areas stay valid where that is possible; in metres the coordinates are those of the rounded degrees.

    Raises:
        CrsError: shapes outside the area of use.
    """
    if not out.spatial:
        return out
    crs: Any = out.shaped.crs
    moved = reprojected(out.shaped, DEGREES)
    moved = moved.set_geometry(coarse(moved.geometry, decimals))
    if crs != DEGREES:
        back = reprojected(moved, crs).geometry
        places = decimals if crs.is_geographic else PUBLIC_METRES
        moved = out.shaped.set_geometry(gpd.GeoSeries(to_decimals(back.to_numpy(), places), index=back.index, crs=crs))
    return replace(out, table=moved, decimals=decimals)
