"""What goes out: a table with the titles, units and words of its columns, in few plain types.

Every writer takes an ``Outgoing`` and need not know where it came from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import reprojected
from geo.errors import DataError, Problem
from geo.text import Text
from layers.exports.faults import note, rows_noted

GEOMETRY = "geometry"
DEGREES = "EPSG:4326"
REPLACED = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character that no format, or not this one, can hold."""


class Exported(NamedTuple):
    """The files that were written, the main one first, and what should be known about them (all warnings)."""

    paths: tuple[Path, ...]
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column for people: its title, unit and what its codes and values mean."""

    name: str
    title: Text
    unit: Text | None = None
    about: Text | None = None
    codes: Mapping[str, Text] = field(default_factory=dict)


class Told(NamedTuple):
    """What people call a column of any table; see ``export_table``."""

    title: Text
    unit: Text | None = None


@dataclass(frozen=True)
class Outgoing:
    """A table on its way out.

    ``table`` has a ``RangeIndex`` and the columns of ``columns``, each str, float64, Int64, boolean or
    naive datetime64, and last, if it is a ``GeoDataFrame``, "geometry" (two dimensions, may be None).
    ``key`` names the layer in files, ``colour`` is "" where none is known. ``notes`` collects what was
    changed; ``decimals`` are those of degrees in a public edition, else None.
    """

    key: str
    title: Text
    table: pd.DataFrame = field(repr=False)
    columns: tuple[Column, ...]
    colour: str = ""
    notes: tuple[Problem, ...] = ()
    decimals: int | None = None

    @property
    def spatial(self) -> bool:
        """Tell whether there is a column of shapes."""
        return isinstance(self.table, gpd.GeoDataFrame)

    @property
    def shaped(self) -> gpd.GeoDataFrame:
        """The table as one with shapes; only where ``spatial``."""
        return self.table

    @property
    def shapes(self) -> np.ndarray:
        """Geometries by row, None where there is none; only of a spatial table."""
        found: np.ndarray = self.table[GEOMETRY].to_numpy()
        return found

    @property
    def label(self) -> pd.Series:
        """What to call each row on a map: its name, else what stands in the first column."""
        first = self.table[self.columns[0].name].astype("str")
        return self.table["name"].astype("str").fillna(first) if "name" in self.table else first

    def with_table(self, table: pd.DataFrame, *notes: Problem) -> "Outgoing":
        """Give the same with another table of the same columns and more to tell."""
        return replace(self, table=table, notes=(*self.notes, *notes))


def outgoing(
    table: pd.DataFrame, key: str, title: Text, columns: Sequence[Column], *, colour: str = "", file: str = ""
) -> Outgoing:
    """Make plain what goes out.

    Args:
        table: columns of any type that can be told apart; the active geometry, if any, is kept.
        key: name of the layer.
        title: of the table.
        columns: those to keep, in their order.
        colour: of the layer on maps.
        file: name of the file, for messages.

    Raises:
        DataError: no rows, or a column of mixed values.
    """
    if not len(table):
        raise DataError([note("export_empty", file, Text(f"{title.zh}：没有数据", f"{title.en}: no rows"))])
    notes: list[Problem] = []
    values: dict[str, Any] = {}
    for one in columns:
        values[one.name], told = _plain(table[one.name], file, one.name)
        notes += told
    plain = pd.DataFrame(values, index=pd.RangeIndex(len(table)))
    if isinstance(table, gpd.GeoDataFrame):
        if table.crs is None:
            raise DataError(
                [note("export_no_crs", file, Text(f"{title.zh}：没有坐标系", f"{title.en}: no coordinate system"))]
            )
        shapes = shapely.force_2d(table.geometry.to_numpy())
        shapes[shapely.is_empty(shapes)] = None
        plain = gpd.GeoDataFrame(plain, geometry=gpd.GeoSeries(shapes, index=plain.index), crs=table.crs)
    return Outgoing(key, title, plain, tuple(columns), colour, tuple(notes))


def _plain(series: pd.Series, file: str, name: str) -> tuple[Any, list[Problem]]:
    """Give a column one of few types; what cannot be held in any file is replaced and told."""
    kind = series.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return _plain(series.astype(kind.categories.dtype), file, name)
    if pd.api.types.is_object_dtype(kind):
        return _of_objects(series, file, name)
    if pd.api.types.is_float_dtype(kind):
        return _finite(series, file, name)
    if pd.api.types.is_bool_dtype(kind) or pd.api.types.is_integer_dtype(kind):
        return series.astype("boolean" if pd.api.types.is_bool_dtype(kind) else "Int64").array, []
    if pd.api.types.is_datetime64_any_dtype(kind):
        local = series.dt.tz_localize(None) if isinstance(kind, pd.DatetimeTZDtype) else series
        return local.astype("datetime64[us]").array, []
    text = series.to_wkt() if isinstance(kind, gpd.array.GeometryDtype) else series
    return _text(text.astype("str"), file, name)


def _finite(series: pd.Series, file: str, name: str) -> tuple[Any, list[Problem]]:
    """Give numbers; infinite ones, which most formats cannot write, are told and left empty."""
    number = series.to_numpy(dtype=np.float64, na_value=np.nan)
    wild = np.isinf(number)
    return np.where(wild, np.nan, number), list(rows_noted("export_not_finite", file, int(wild.sum()), column=name))


_OBJECTS = {
    "boolean": "boolean",
    "integer": "Int64",
    "floating": "float64",
    "decimal": "float64",
    "mixed-integer-float": "float64",
    "datetime64": "datetime64[us]",
    "datetime": "datetime64[us]",
    "date": "datetime64[us]",
}
"""Types of columns of objects by what pandas finds in them."""


def _of_objects(series: pd.Series, file: str, name: str) -> tuple[Any, list[Problem]]:
    """Give a column of objects the one type that all of them have."""
    found = pd.api.types.infer_dtype(series, skipna=True)
    if found in {"string", "empty"}:
        return _text(series, file, name)
    if found not in _OBJECTS:
        raise DataError(
            [
                note(
                    "export_mixed",
                    file,
                    Text("多种类型的值混在一列", "values of several kinds in one column"),
                    column=name,
                )
            ]
        )
    kind: Any = _OBJECTS[found]
    return _plain(series.where(series.notna(), None).astype(kind), file, name)


def _text(series: pd.Series, file: str, name: str) -> tuple[Any, list[Problem]]:
    """Give text; NUL and halves of characters, which end a text or stop a writer, are replaced."""
    try:
        clean = pd.Series(series.array, dtype="str")
    except UnicodeEncodeError:
        given = [
            None if pd.isna(one) else one.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            for one in series
        ]
        clean = pd.Series(given, dtype="str")
    changed = int(clean.str.contains(REPLACED, regex=False).sum()) - _already(series)
    broken = clean.str.contains("\0", regex=False).fillna(value=False).to_numpy(dtype=bool)
    if broken.any():
        clean = clean.str.replace("\0", REPLACED, regex=False)
    return clean.array, list(rows_noted("export_characters", file, changed + int(broken.sum()), column=name))


def _already(series: pd.Series) -> int:
    """Count the texts that hold the replacing character themselves."""
    return sum(isinstance(one, str) and REPLACED in one for one in series)


def in_degrees(out: Outgoing, file: str) -> Outgoing:
    """Convert the shapes to WGS 84 (CGCS2000 counts as the same, which is right to some decimetres).

    Raises:
        CrsError: no conversion of known accuracy, or shapes outside the area of use.
        DataError: a table without shapes.
    """
    require_shapes(out, file)
    if out.shaped.crs == DEGREES:
        return out
    table = reprojected(out.shaped, DEGREES)
    if out.decimals is not None:
        table = table.set_geometry(coarse(table.geometry, out.decimals))
    return out.with_table(table)


def require_shapes(out: Outgoing, file: str) -> None:
    """Refuse a table without any shape, and shapes that are a mixture of kinds.

    Raises:
        DataError: as said.
    """
    if not out.spatial or shapely.is_missing(out.shapes).all():
        raise DataError(
            [note("export_no_shape", file, Text(f"{out.title.zh}：没有图形", f"{out.title.en}: no shapes"))]
        )
    mixed = int((shapely.get_type_id(out.shapes) == shapely.GeometryType.GEOMETRYCOLLECTION).sum())
    if mixed:
        found = Text(f"{mixed:,} 行是几种图形混在一起", f"{mixed:,} with a mixture of shapes")
        raise DataError([note("export_collection", file, found)])


def coarse(shapes: gpd.GeoSeries, decimals: int) -> gpd.GeoSeries:
    """Round coordinates to decimals; outlines that would cross themselves are mended by the same rounding."""
    given = shapes.to_numpy()
    plain = to_decimals(given, decimals)
    broken = shapely.is_valid(given) & ~shapely.is_valid(plain)
    if broken.any():
        mended = shapely.set_precision(given[broken], 10.0**-decimals)
        gone = shapely.is_empty(mended)
        plain[broken] = np.where(gone, plain[broken], to_decimals(mended, decimals))
    return gpd.GeoSeries(plain, index=shapes.index, crs=shapes.crs)


def to_decimals(shapes: np.ndarray, decimals: int) -> np.ndarray:
    """Round coordinates to decimals, whatever becomes of the shapes."""
    found: np.ndarray = shapely.transform(shapes, lambda xy: np.round(xy, decimals))
    return found
