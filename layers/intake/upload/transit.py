"""Sources as plain data: how they come out of the worker, as JSON and Arrow tables, never as objects."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geo.errors import Problem
from geo.memory import collection_put_off
from geo.sandbox import problem_of
from geo.text import Text
from geo.worker import as_json
from layers.intake.source import LostRow, Source

if TYPE_CHECKING:
    import pyarrow as pa

Packed = tuple[list[dict[str, Any]], list["pa.Table"]]
_ROW, _SHAPE = "row", "shape"
_WRITE: dict[type, tuple[str, Callable[[Any], str]]] = {
    str: ("s", str),
    int: ("i", str),
    float: ("f", float.hex),
    bool: ("b", lambda value: "1" if value else ""),
    dt.datetime: ("t", dt.datetime.isoformat),
    pd.Timestamp: ("t", pd.Timestamp.isoformat),
    dt.date: ("d", dt.date.isoformat),
    dt.time: ("c", dt.time.isoformat),
    dt.timedelta: ("e", lambda value: float.hex(value.total_seconds())),
}
_READ: dict[str, Callable[[str], Any]] = {
    "i": int,
    "f": float.fromhex,
    "b": bool,
    "t": dt.datetime.fromisoformat,
    "d": dt.date.fromisoformat,
    "c": dt.time.fromisoformat,
    "e": lambda text: dt.timedelta(seconds=float.fromhex(text)),
}


def packed(sources: Sequence[Source]) -> Packed:
    """Make heads that JSON can hold, and one Arrow table for each source.

    Raises:
        TypeError: a cell holds what no reader gives.
    """
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    heads, tables = [], []
    for source in sources:
        columns: dict[str, Any] = {}
        kinds = []
        for at, (_, cells) in enumerate(source.cells.items()):
            kind, held = _column(cells)
            kinds.append(kind)
            columns |= {f"{at}{part}": values for part, values in held.items()}
        columns[_ROW] = pa.array(np.asarray(source.rows, dtype=np.int64))
        if source.geometry is not None:
            columns[_SHAPE] = pa.array(shapely.to_wkb(source.geometry, include_srid=False), pa.large_binary())
        tables.append(pa.table(columns))
        heads.append(_head(source, kinds))
    return heads, tables


def unpacked(heads: Sequence[Mapping[str, Any]], tables: Sequence["pa.Table"]) -> list[Source]:
    """Make the sources again that were ``packed``."""
    with collection_put_off():
        return [_source(head, table) for head, table in zip(heads, tables, strict=True)]


def _head(source: Source, kinds: list[str]) -> dict[str, Any]:
    return {
        "file": source.file,
        "part": source.part,
        "kind": source.kind,
        "crs": source.crs,
        "names": [str(name) for name in source.cells.columns],
        "kinds": kinds,
        "lost": [as_json(one) for one in source.lost],  # type: ignore[arg-type]
        "notes": [as_json(one) for one in source.notes],
        "facts": dict(source.facts),
    }


def _source(head: Mapping[str, Any], table: "pa.Table") -> Source:
    rows = table.column(_ROW).to_numpy()
    cells = {at: _cells(kind, str(at), table) for at, kind in enumerate(head["kinds"])}
    frame = pd.DataFrame(cells, index=pd.RangeIndex(len(rows)))
    frame.columns = pd.Index(head["names"], dtype="str")
    shapes = None
    if _SHAPE in table.column_names:
        shapes = shapely.from_wkb(table.column(_SHAPE).to_numpy(zero_copy_only=False).astype(object))
    return Source(
        head["file"], head["part"], head["kind"], frame, rows, shapes, head["crs"],
        tuple(_lost(one) for one in head["lost"]), tuple(problem_of(one) for one in head["notes"]), head["facts"],
    )  # fmt: skip


def _lost(parts: list[Any]) -> LostRow:
    row, code, column, found, remedy = parts
    return LostRow(row, code, column, Text(*found), Text(*remedy))


def _column(cells: pd.Series) -> tuple[str, dict[str, Any]]:
    """Give the kind of a column and its Arrow arrays; loose objects become their kinds and their texts."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    if cells.dtype != object:
        return str(cells.dtype), {"": pa.array(cells)}
    values = cells.to_list()
    if any(isinstance(value, bytes) for value in values):
        return "bytes", {"": pa.array(values, pa.large_binary())}
    written = [_written(value) for value in values]
    return "object", {
        "": pa.array([None if one is None else one[1] for one in written], pa.large_string()),
        "kind": pa.array([None if one is None else one[0] for one in written], pa.string()).dictionary_encode(),
    }


def _written(value: object) -> tuple[str, str] | None:
    way = _WRITE.get(type(value))
    if way is not None:
        return None if value is pd.NaT else (way[0], way[1](value))
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    msg = f"a cell of {type(value).__name__}"
    raise TypeError(msg)


def _cells(kind: str, name: str, table: "pa.Table") -> pd.Series:
    column = table.column(name)
    if kind == "bytes":
        return pd.Series(column.to_pylist(), dtype=object)
    if kind == "object":
        kinds = table.column(f"{name}kind").to_pylist()
        texts = column.to_pylist()
        values = [t if k in {"s", None} else _READ[k](t) for k, t in zip(kinds, texts, strict=True)]
        return pd.Series(values, dtype=object)
    cells: pd.Series = column.to_pandas().astype(kind)
    return cells


def notes_of(sources: Sequence[Source]) -> list[Problem]:
    """List what readers told, over all sources, each note once."""
    return list(dict.fromkeys(note for source in sources for note in source.notes))
