"""CSV that spreadsheets open as it is meant: UTF-8 with its mark, text in quotes, no text a formula.

Headings and codes are in words. Points have their coordinates in metres and in degrees (WGS 84), other shapes
their outline as WKT in the layer's coordinate system and the degrees of a point inside. ``layers.exports.cells``
has the rule for text that looks like a formula.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from geo.files import whole_file
from geo.text import Text
from layers.exports.cells import protected
from layers.exports.outgoing import GEOMETRY, Column, Exported, Outgoing, in_degrees
from layers.exports.worded import headings, worded
from layers.intake.mapping.targets import DAY_ENDS

METRES, FINE = 3, 7
"""Decimals of metres and of degrees."""
EASTING = Column("easting_m", Text("东坐标_m", "easting_m"), Text("m", "m"))
NORTHING = Column("northing_m", Text("北坐标_m", "northing_m"), Text("m", "m"))
LONGITUDE = Column("longitude", Text("经度", "longitude"), Text("°", "°"), Text("WGS 84", "WGS 84"))
LATITUDE = Column("latitude", Text("纬度", "latitude"), Text("°", "°"), Text("WGS 84", "WGS 84"))
OUTLINE = Column("wkt", Text("图形_WKT", "shape_wkt"))


def placed(out: Outgoing, file: str, *, outlines: bool) -> Outgoing:
    """Turn the shapes of a table into columns of numbers and text.

    Args:
        out: the table; one without any shape stays as it is.
        file: name of the file, for messages.
        outlines: give shapes other than points as WKT too.
    """
    if not out.spatial:
        return out
    bare = pd.DataFrame(out.table[[one.name for one in out.columns]])
    if shapely.is_missing(out.shapes).all():
        return replace(out, table=bare)
    found = [*_coordinates(out, outlines=outlines)]
    inside = out.with_table(out.shaped.set_geometry(out.shaped.geometry.representative_point()))
    spots = in_degrees(inside, file).table[GEOMETRY].to_numpy()
    found += [(LONGITUDE, shapely.get_x(spots).round(FINE)), (LATITUDE, shapely.get_y(spots).round(FINE))]
    own = {one.name for one in out.columns}
    new = [(one, values) for one, values in found if one.name not in own]
    wide = bare.assign(**{one.name: values for one, values in new})
    columns = (*out.columns, *(one for one, _ in new))
    return replace(out, table=wide, columns=columns)


def _coordinates(out: Outgoing, *, outlines: bool) -> list[tuple[Column, np.ndarray]]:
    """Give what a table says of its shapes in their own coordinate system."""
    metric = out.shaped.crs.is_projected
    if np.isin(shapely.get_type_id(out.shapes), [-1, 0]).all():
        spots = [(EASTING, shapely.get_x(out.shapes)), (NORTHING, shapely.get_y(out.shapes))]
        return [(one, values.round(METRES)) for one, values in spots] if metric else []
    return [(OUTLINE, shapely.to_wkt(out.shapes, rounding_precision=METRES if metric else FINE))] if outlines else []


def write_csv(out: Outgoing, path: Path, lang: str) -> Exported:
    """Write a table as CSV with headings in one language ("zh" or "en")."""
    flat = placed(out, path.name, outlines=True)
    columns = [_cells(worded(flat, one, lang), one.name) for one in flat.columns]
    with whole_file(path) as whole:
        write_rows(whole, headings(flat.columns, lang), zip(*columns, strict=True))
    return Exported((path,), flat.notes)


def _cells(series: pd.Series, name: str) -> list[object]:
    """Give a column as cells: text kept from being a formula, numbers, times as text, None where there is nothing.

    A deadline always has its time of day: without, it would be read as the end of the day.
    """
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        given = series.dropna()
        days = name not in DAY_ENDS and (given == given.dt.normalize()).all()
        form = "%Y-%m-%d" if days else "%Y-%m-%d %H:%M:%S"
        return list(series.dt.strftime(form).astype(object).where(series.notna(), None))
    values = series.astype(object).where(series.notna(), None)
    if pd.api.types.is_numeric_dtype(series.dtype):
        return list(values)
    return [None if text is None else protected(text) for text in values]


def write_rows(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows as they are: text in quotes, numbers without, nothing for None."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow([protected(one) for one in head])
        writer.writerows(rows)
