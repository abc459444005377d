"""Shapefiles that every program reads: short names, a dictionary of them, and nothing cut in silence.

A set lies beside the .shp or is packed in a .zip: UTF-8 with ASCII names, or GBK with Chinese ones for
older programs. Of times a shapefile holds only dates, so times of day are text; yes and no are 1 and 0.
``<name>_fields.csv`` says what each column is.
"""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import geo.drivers as _drivers  # noqa: F401 (GDAL is loaded inside the functions, so after this)
from geo.errors import Problem
from geo.files import whole_file
from geo.text import Text
from layers.exports.archive import whole_set, zipped
from layers.exports.cells import cut_bytes
from layers.exports.csv_table import write_rows
from layers.exports.faults import note, rows_noted
from layers.exports.outgoing import GEOMETRY, Column, Exported, Outgoing, require_shapes
from layers.exports.short_names import ascii_names, gbk_names
from layers.exports.vectors import geometry_kind
from layers.intake.mapping.targets import DAY_ENDS

LONGEST = 254
"""Bytes of a text in a dBase table."""
GETA = "〓"
"""Stands in GBK for a character that GBK lacks, as printers use it."""
TEXT, DATE, YES_NO, NUMBER = (
    Text("文本", "text"),
    Text("日期", "date"),
    Text("1 是，0 否", "1 yes, 0 no"),
    Text("数值", "number"),
)
TIME_AS_TEXT = Text("时间，按文本存，形如 2024-05-01 09:30:00", "time as text, as 2024-05-01 09:30:00")
_PARTS: Mapping[str, tuple[int, ...]] = {"point": (0,), "line": (1, 5), "area": (3, 6), "points": (4,)}
_DATED = "2000-01-01"
"""Date of change that every table states, else no two would be equal."""


class Cells(NamedTuple):
    """A column as a dBase table holds it."""

    held: Any
    kind: Text
    notes: tuple[Problem, ...] = ()


def write_shapefile(out: Outgoing, path: Path, encoding: str | None) -> Exported:
    """Write a table with shapes as a shapefile, or several where it has points, lines and areas.

    Args:
        out: the table.
        path: ends in .shp (the parts come beside it) or .zip (all parts are in it).
        encoding: None or "utf-8" for ASCII names, "gbk" for Chinese ones.

    Raises:
        DataError: no shapes.
    """
    require_shapes(out, path.name)
    if path.suffix.lower() == ".zip":
        with whole_file(path) as whole:
            parts = whole.parent / "parts"
            parts.mkdir()
            _, notes = _write_set(out, parts, path, encoding or "utf-8")
            zipped(parts, whole)
        return Exported((path,), notes)
    with whole_set(path.parent) as folder:
        names, notes = _write_set(out, folder, path, encoding or "utf-8")
    return Exported(tuple(path.parent / name for name in names), notes)


def _write_set(out: Outgoing, folder: Path, path: Path, encoding: str) -> tuple[list[str], tuple[Problem, ...]]:
    """Write all parts into a folder; give their names, those that programs open first, and what is to be told."""
    gbk = encoding == "gbk"
    names = (gbk_names if gbk else ascii_names)(out.columns)
    cells = [_cells(out.table[one.name], one.name, path.name, encoding) for one in out.columns]
    table = gpd.GeoDataFrame(
        {name: one.held for name, one in zip(names, cells, strict=True)},
        geometry=out.table[GEOMETRY],
        crs=out.shaped.crs,
    )
    kinds = _kinds(out.shapes)
    stems = {path.stem: slice(None)} if len(kinds) == 1 else {f"{path.stem}_{k}": rows for k, rows in kinds.items()}
    for stem, rows in stems.items():
        _write(table[rows], folder / f"{stem}.shp", encoding)
    _dictionary(folder / f"{path.stem}_fields.csv", out.columns, names, cells)
    split = Text("、".join(stems), ", ".join(stems))
    notes = [note("export_split", path.name, split)] if len(stems) > 1 else []
    written = [f"{stem}.shp" for stem in stems]
    others = sorted(file.name for file in folder.iterdir() if file.name not in written)
    return [*written, *others], (*out.notes, *notes, *(n for one in cells for n in one.notes))


def _kinds(shapes: np.ndarray) -> dict[str, np.ndarray]:
    """Tell which rows are points, lines or areas; rows without a shape go with the first kind."""
    kind = shapely.get_type_id(shapes)
    found = {name: np.isin(kind, ids) for name, ids in _PARTS.items() if np.isin(kind, ids).any()}
    first = next(iter(found))
    return {**found, first: found[first] | (kind < 0)}


def _write(table: gpd.GeoDataFrame, path: Path, encoding: str) -> None:
    import pyogrio  # noqa: PLC0415 (heavy)

    kind = geometry_kind(table[GEOMETRY].to_numpy())
    options = {"DBF_DATE_LAST_UPDATE": _DATED}
    with warnings.catch_warnings():
        # GDAL says that rings were turned round, which is how shapefiles have them
        warnings.simplefilter("ignore", RuntimeWarning)
        pyogrio.write_dataframe(
            table, path, driver="ESRI Shapefile", encoding=encoding.upper(), use_arrow=True,
            geometry_type=kind, promote_to_multi=kind.startswith("Multi"), layer_options=options,
        )  # fmt: skip


def _cells(series: pd.Series, name: str, file: str, encoding: str) -> Cells:
    """Give a column as a dBase table can hold it."""
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return _times(series, name, file)
    if pd.api.types.is_bool_dtype(series.dtype):
        return Cells(series.astype("Int64").array, YES_NO)
    if pd.api.types.is_numeric_dtype(series.dtype):
        return Cells(series.array, NUMBER)
    given = series.dropna()
    kept = given.map(lambda text: _in(text, encoding))
    cut = kept.map(lambda text: cut_bytes(text, LONGEST, encoding))
    lost, long = int((kept != given).sum()), int((cut != kept).sum())
    notes = rows_noted("export_characters", file, lost, column=name) + rows_noted("export_cut", file, long, column=name)
    return Cells(cut.reindex(series.index).astype("str").array, TEXT, notes)


def _in(text: str, encoding: str) -> str:
    """Replace characters that an encoding lacks."""
    if encoding != "gbk":
        return text
    return "".join(c if c.encode("gbk", "ignore") else GETA for c in text)


def _times(series: pd.Series, name: str, file: str) -> Cells:
    """Give whole days as dates and times of day as text, which a deadline always has."""
    given = series.dropna()
    if name not in DAY_ENDS and (given == given.dt.normalize()).all():
        import pyarrow as pa  # noqa: PLC0415 (heavy)

        days = pa.array([None if pd.isna(one) else one.date() for one in series], pa.date32())
        return Cells(pd.arrays.ArrowExtensionArray(days), DATE)
    words = given.dt.strftime("%Y-%m-%d %H:%M:%S").reindex(series.index).astype("str")
    return Cells(words.array, TIME_AS_TEXT, rows_noted("export_as_text", file, len(given), column=name))


_HEADINGS = (
    "字段 field",
    "原名 name",
    "中文名 title (zh)",
    "英文名 title (en)",
    "单位 unit",
    "类型 type",
    "说明 about",
    "取值 codes",
)


def _dictionary(path: Path, columns: tuple[Column, ...], names: list[str], cells: list[Cells]) -> None:
    """Say what each column is."""
    rows = []
    for one, name, held in zip(columns, names, cells, strict=True):
        codes = "; ".join(f"{code} = {words}" for code, words in one.codes.items())
        about = "" if one.about is None else str(one.about)
        unit = "" if one.unit is None else str(one.unit)
        rows.append((name, one.name, one.title.zh, one.title.en, unit, str(held.kind), about, codes))
    write_rows(path, _HEADINGS, rows)
