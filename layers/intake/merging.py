"""New rows meet the rows of a layer: what is added, what is changed, what was there already."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pandas.util import hash_pandas_object

from layers.intake.meaning import texts_of

PLACE_SOURCE, PLACE_CONFIDENCE = "place_source", "place_confidence"
"""How a point was placed ("coordinates", "address"), and for addresses how surely, 0 to 1."""
MEASURED = ("measured_area_m2", "length_m", "grid_id")
"""Columns that opening computes and that are never stored."""
NEAR_M = 0.01
"""A shape whose corners all lie nearer to where they were is the same: degrees of seven decimals are 5 mm off."""
LAST_SECOND = pd.Timedelta(hours=23, minutes=59, seconds=59)
"""A day as a deadline lasts to its last second."""


class Merge(NamedTuple):
    """What an intake does to a layer.

    ``table`` is the layer afterwards, by id. ``added``, ``updated`` and ``unchanged`` are ids out of the
    new rows; ``changes`` has a row per changed cell of an updated row: id, column, before, after (text).
    """

    table: pd.DataFrame
    added: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    changes: pd.DataFrame


def content_ids(parts: Sequence[pd.Series], prefix: str) -> pd.Series:
    """Make ids for rows without one out of what they say, so that the same row gets the same id again.

    Equal rows of one file are told apart by their number among the equal ones: nothing is lost, and
    the file taken in twice still adds nothing.

    Args:
        parts: columns that make a row what it is, of one length and index.
        prefix: put before each id, such as "issue-".
    """
    index = parts[0].index
    # Each column is hashed by itself, and the hashes together: fixed keys, so the same on every machine.
    whole = pd.DataFrame({at: hash_pandas_object(part, index=False).to_numpy() for at, part in enumerate(parts)})
    keys = hash_pandas_object(whole, index=False)
    number = keys.groupby(keys).cumcount().to_numpy()
    ids = [
        f"{prefix}{key:016x}" + (f"-{n + 1}" if n else "")
        for key, n in zip(keys.tolist(), number.tolist(), strict=True)
    ]
    return pd.Series(ids, index=index, dtype="str")


def repeats(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Find rows whose id was there before: exact repeats, and rows that say something else.

    Args:
        table: rows by id, in the order of the file.

    Returns:
        Two bool arrays: repeats of the first row with that id, and rows that contradict it.
    """
    again = table.index.duplicated(keep="first")
    if not again.any():
        return again, again.copy()
    comparable = _comparable(table)
    first = comparable[~again]
    place = first.index.get_indexer(table.index)
    same = np.ones(len(table), dtype=bool)
    for column in comparable:
        same &= _equal(comparable[column].to_numpy(), first[column].to_numpy()[place])
    return again & same, again & ~same


def merged(old: pd.DataFrame | None, new: pd.DataFrame) -> Merge:
    """Put new rows into a layer by id: unknown ids are added, known ones updated where they differ.

    What the new rows do not say keeps its old value: a column that they lack, and every empty cell.

    Args:
        old: the layer so far, by id, or None.
        new: new rows by id, each id once; a table with geometry in the same CRS if ``old`` is one.

    Raises:
        ValueError: ids occur twice in ``new``.
    """
    if new.index.has_duplicates:
        msg = "each id may occur once"
        raise ValueError(msg)
    if old is None or old.empty:
        return Merge(_sorted(new), tuple(new.index.tolist()), (), (), _no_changes())
    old, new = _in_step(old, new)
    known = new.index.isin(old.index)
    common = new.index[known]
    new = _filled(old, new)
    changes = _changes(old.loc[common], new.loc[common])
    changed = pd.Index(changes["id"].unique())
    differs = common.isin(changed)
    table = _replaced(old, new.loc[changed], new.loc[~known])
    return Merge(
        _sorted(table),
        tuple(new.index[~known].tolist()),
        tuple(common[differs].tolist()),
        tuple(common[~differs].tolist()),
        changes,
    )


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    return table if table.index.is_monotonic_increasing else table.sort_index()


def not_worse(table: pd.DataFrame, old: pd.DataFrame | None, *, error_m: float = 0.0) -> pd.DataFrame:
    """Keep what is known better: a place by coordinates before one by address, a time of day before a bare day.

    Args:
        table: the new rows by id.
        old: the layer so far, or None.
        error_m: ground error of the new coordinates, as they are rounded; a place that differs by no more is the same.
    """
    if old is None or old.empty:
        return table
    before = old.reindex(table.index)
    better: dict[str, pd.Series] = {}
    if "geometry" in table and "geometry" in before:
        table = _where_it_was(table, before, max(error_m, NEAR_M))
    for name in map(str, table.select_dtypes("datetime")):
        if name in before:
            was, now = before[name], table[name]
            bare = now.dt.normalize().eq(now) | (now - now.dt.normalize()).eq(LAST_SECOND)
            better[name] = now.where(~(bare & was.dt.normalize().eq(now.dt.normalize())), was)
    if PLACE_SOURCE in table:
        exact = before.geometry.notna() & (table[PLACE_SOURCE] == "address")
        if PLACE_SOURCE in before:
            exact &= before[PLACE_SOURCE] != "address"
        better["geometry"] = table.geometry.where(~exact, before.geometry)
        better[PLACE_SOURCE] = table[PLACE_SOURCE].where(~exact, before.get(PLACE_SOURCE))
        if PLACE_CONFIDENCE in table:
            better[PLACE_CONFIDENCE] = table[PLACE_CONFIDENCE].where(~exact)
    return table.assign(**better)


def _in_step(old: pd.DataFrame, new: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give columns that hold other kinds of values than before one kind: numbers with decimals, else text.

    A column of the user's own may be whole numbers in one file and "01" or 2.5 in the next; nothing of it may be cut.
    """
    for name in new.columns.intersection(old.columns).difference(["geometry"]):
        was, now = old[name], new[name]
        if was.dtype == now.dtype or was.isna().all() or now.isna().all():
            continue
        numbers = [pd.api.types.is_numeric_dtype(one) and not pd.api.types.is_bool_dtype(one) for one in (was, now)]
        times = [pd.api.types.is_datetime64_any_dtype(one) for one in (was, now)]
        if all(numbers) and len({pd.api.types.is_float_dtype(one) for one in (was, now)}) == 1:
            continue
        if all(numbers):
            old, new = old.assign(**{name: was.astype("Float64")}), new.assign(**{name: now.astype("Float64")})
        elif any(numbers) or times[0] != times[1]:
            old, new = old.assign(**{name: texts_of(was)}), new.assign(**{name: texts_of(now)})
    return old, new


def _where_it_was(table: pd.DataFrame, before: pd.DataFrame, limit_m: float) -> pd.DataFrame:
    """Give rows that did not move the old place, with how it was found."""
    shapes, old = table["geometry"].to_numpy(), before["geometry"].to_numpy()
    still = shapely.equals_exact(shapes, old, tolerance=limit_m)
    if not still.any():
        return table
    kept = table.assign(geometry=table["geometry"].where(~still, before["geometry"]))
    for name in (PLACE_SOURCE, PLACE_CONFIDENCE):
        if name in kept:
            was = before.get(name)
            kept[name] = kept[name].where(~still, was)
    return kept


def _filled(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Put the old value into each empty new cell of a known row."""
    before = old.reindex(new.index)
    filled = {}
    for name in new.columns.intersection(old.columns):
        empty = (new[name].isna() & before[name].notna()).to_numpy()
        if empty.any():
            filled[name] = new[name].where(~empty, before[name])
    return new.assign(**filled)


def _replaced(old: pd.DataFrame, updates: pd.DataFrame, additions: pd.DataFrame) -> pd.DataFrame:
    columns = [*old.columns, *(c for c in additions.columns if c not in old.columns)]
    rows = updates.reindex(columns=columns)
    for name in old.columns.difference(updates.columns):
        rows[name] = old.loc[rows.index, name]
    kept = old.drop(index=updates.index)
    parts = [part.reindex(columns=columns) for part in (kept, rows, additions) if len(part)]
    # Each part takes the types of the first, or all-null columns of the others would make everything an object.
    types = {name: kind for part in reversed(parts) for name, kind in part.dtypes.items() if part[name].notna().any()}
    types = {
        name: _with_gaps(kind) if any(p[name].isna().any() for p in parts) else kind for name, kind in types.items()
    }
    table = pd.concat([part.astype({k: v for k, v in types.items() if k != "geometry"}) for part in parts])
    table.index.name = old.index.name
    return gpd.GeoDataFrame(table, geometry="geometry", crs=old.crs) if isinstance(old, gpd.GeoDataFrame) else table


def _with_gaps(kind: Any) -> Any:  # noqa: ANN401 (a type of a column)
    """Give the type that also holds empty cells: a column of whole numbers that the other rows do not have."""
    return {"i": "Int64", "u": "Int64", "b": "boolean"}.get(getattr(kind, "kind", ""), kind)


def _changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    one, other = _comparable(before), _comparable(after)
    found = []
    for column in other:
        was = one[column] if column in one else pd.Series(None, index=before.index, dtype=object)
        differs = ~_equal(was.to_numpy(), other[column].to_numpy())
        if column == "geometry" and column in before:
            differs &= ~shapely.equals_exact(_shapes(before), _shapes(after), tolerance=NEAR_M)
        if differs.any():
            ids = before.index[differs]
            cells = {"before": _told(was[differs]), "after": _told(other[column][differs])}
            found.append(pd.DataFrame({"id": ids.to_numpy(), "column": column, **cells}))
    table = pd.concat(found, ignore_index=True) if found else _no_changes()
    return table.sort_values(["id", "column"], ignore_index=True)


def _no_changes() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in ("id", "column", "before", "after")})


def _comparable(table: pd.DataFrame) -> pd.DataFrame:
    """Give columns that can be compared cell by cell: geometry as WKB to a millimetre, the rest as it is."""
    plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
    if "geometry" not in table:
        return plain
    shapes = shapely.set_precision(_shapes(table), 0.001, mode="pointwise")
    return plain.assign(geometry=pd.Series(shapely.to_wkt(shapes, rounding_precision=3), index=table.index))


def _shapes(table: pd.DataFrame) -> np.ndarray:
    """Give shapes by row; a GeoPackage keeps single areas as sets of one where others in the layer are sets."""
    shapes = table["geometry"].to_numpy()
    lone = (shapely.get_type_id(shapes) > shapely.GeometryType.POLYGON) & (shapely.get_num_geometries(shapes) == 1)
    return np.where(lone, shapely.get_geometry(shapes, 0), shapes)


def _equal(one: Any, other: Any) -> np.ndarray:  # noqa: ANN401 (arrays of any type)
    left, right = pd.Series(one, dtype=object), pd.Series(other, dtype=object)
    both_null = left.isna() & right.isna()
    alike = (left == right).fillna(value=False)
    return np.asarray(both_null | alike, dtype=bool)


def _told(cells: pd.Series) -> np.ndarray:
    return np.array([None if missing else str(cell) for cell, missing in zip(cells, cells.isna(), strict=True)], object)
