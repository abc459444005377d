"""The spatial index of a GeoPackage table of many rows, made at once instead of row by row.

A GeoPackage has an R-tree of SQLite's own kind: nodes of up to 51 boxes, each node a blob, and two tables that say in
which node a row or a node lies. Putting rows in one after the other takes longer than writing them. Here they are
sorted into tiles (sort-tile-recursive, Leutenegger, Lopez and Edgington 1997), tiles become full nodes, and so on
up to the root. SQLite's ``rtreecheck`` finds such a tree as sound as one of its own, and it has fewer nodes. The
names of its tables, the triggers that keep it and the entry among the extensions are those of GDAL.
"""

import sqlite3
import struct
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MANY = 20_000
"""Shapes from which a tree made at once is worth its while."""
_FULL = 51
"""Boxes in a node: as many as SQLite has, whatever the size of its pages."""
_CELL = np.dtype([("id", ">i8"), ("box", ">f4", (4,))])
_HEAD = struct.Struct(">HH")
_NODE_BYTES = _HEAD.size + _FULL * _CELL.itemsize
_STEPS = 1 << 16
_TOGETHER = 250
"""Rows put in by one statement, which is six times quicker than one by one."""


class Tree(NamedTuple):
    """Nodes by number from 1, the root: their blobs, the node of each box, the node above each node from 2 on."""

    blobs: list[bytes]
    node_of: NDArray[np.int64]
    above: NDArray[np.int64]


def can_index() -> bool:
    """Tell whether the SQLite of this Python knows spatial indexes."""
    with closing(sqlite3.connect(":memory:")) as store:
        return bool(store.execute("SELECT sqlite_compileoption_used('ENABLE_RTREE')").fetchone()[0])


def add_index(path: Path, layer: str, boxes: NDArray[np.float64]) -> None:
    """Give a table of a GeoPackage that has no spatial index one.

    Args:
        path: the file, in the making: if this fails it is of no use.
        layer: a table that GDAL wrote, its rows numbered from 1.
        boxes: least x and y, largest x and y by row, shape (n, 4); NaN where a row has no shape.
    """
    drawn = np.isfinite(boxes).all(axis=1)
    tree = packed(np.flatnonzero(drawn) + 1, boxes if drawn.all() else boxes[drawn])
    statements, triggers, extension = _as_gdal_has_it(path.parent, layer)
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("PRAGMA journal_mode = OFF")
        store.execute("PRAGMA synchronous = OFF")
        store.execute("BEGIN")
        for statement in statements:
            store.execute(statement)
        name = f"rtree_{layer}_geom"
        of_row = np.zeros(len(boxes), dtype=np.int64)
        of_row[drawn] = tree.node_of
        _fill(store, f"{name}_node", "data", tree.blobs)
        _fill(store, f"{name}_rowid", "nodeno", of_row.tolist())
        _fill(store, f"{name}_parent", "parentnode", [0, *tree.above.tolist()])
        for statement in triggers:
            store.execute(statement)
        store.execute("INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)", extension)
        store.execute("COMMIT")


def packed(ids: NDArray[np.int64], boxes: NDArray[np.float64]) -> Tree:
    """Sort boxes into a tree of full nodes.

    Args:
        ids: the number of each box.
        boxes: least x and y, largest x and y, finite, shape (n, 4) with n > 0.
    """
    blobs: list[bytes] = []
    above: list[NDArray[np.int64]] = []
    inner, depth = _outward(boxes), 0
    while True:
        order, starts = _tiles(inner)
        numbers = np.arange(len(starts)) + 2 + len(blobs) if len(starts) > 1 else np.ones(1, dtype=np.int64)
        above.append(np.empty(len(inner), dtype=np.int64))
        above[-1][order] = np.repeat(numbers, np.diff(starts, append=len(inner)))
        ids, inner = ids[order], inner[order]
        level = _nodes(ids, inner, starts, depth if len(starts) == 1 else 0)
        if len(starts) == 1:
            return Tree([*level, *blobs], above[0], np.concatenate(above[1:]) if depth else numbers[:0])
        blobs += level
        ids, inner, depth = numbers, _bounds(inner, starts), depth + 1


def _tiles(boxes: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the order of boxes in which neighbours follow each other, and where each node begins."""
    count = -(-len(boxes) // _FULL)
    strips = min(int(np.ceil(np.sqrt(count))), _STEPS)
    x, y = (_steps(boxes[:, axis] + boxes[:, axis + 1]) for axis in (0, 2))
    strip = np.empty(len(boxes), dtype=np.uint16)
    strip[np.argsort(x, kind="stable")] = np.arange(len(boxes)) * strips // len(boxes)
    upward = np.argsort(y, kind="stable")
    return upward[np.argsort(strip[upward], kind="stable")], np.arange(count) * len(boxes) // count


def _steps(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Part the range of values into steps, whole numbers of 16 bits, which are sorted in one pass."""
    low, high = float(values.min()), float(values.max())
    return ((values.astype(float) - low) * ((_STEPS - 1) / ((high - low) or 1.0))).astype(np.uint16)


def _nodes(ids: NDArray[np.int64], boxes: NDArray[np.float32], starts: NDArray[np.int64], depth: int) -> list[bytes]:
    """Write nodes; only the root says how deep the tree is."""
    cells = np.empty(len(ids), dtype=_CELL)
    cells["id"], cells["box"] = ids, boxes
    size, content = _CELL.itemsize, cells.tobytes()
    ends = [*starts[1:].tolist(), len(cells)]
    return [
        (_HEAD.pack(depth, end - start) + content[start * size : end * size]).ljust(_NODE_BYTES, b"\0")
        for start, end in zip(starts.tolist(), ends, strict=True)
    ]


def _bounds(boxes: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Give the box around the boxes of each node."""
    around = np.empty((len(starts), 4), dtype=np.float32)
    around[:, ::2] = np.minimum.reduceat(boxes[:, ::2], starts)
    around[:, 1::2] = np.maximum.reduceat(boxes[:, 1::2], starts)
    return around


def _outward(boxes: NDArray[np.float64]) -> NDArray[np.float32]:
    """Give boxes as least and largest x, least and largest y, in single precision and never smaller."""
    exact = boxes[:, [0, 2, 1, 3]]
    single = exact.astype(np.float32)
    low, high = single[:, ::2], single[:, 1::2]
    np.nextafter(low, np.float32(-np.inf), out=low, where=low > exact[:, ::2])
    np.nextafter(high, np.float32(np.inf), out=high, where=high < exact[:, 1::2])
    return single


def _fill(store: sqlite3.Connection, table: str, column: str, values: Sequence[object]) -> None:
    """Fill a column of a table whose rows are numbered from 1; where the value is 0 there is no row."""
    name, whole = _quoted(table), len(values) - len(values) % _TOGETHER
    into = f"INSERT INTO {name} ({column}) VALUES "  # noqa: S608 (quoted)
    store.execute(f"DELETE FROM {name}")  # noqa: S608 (quoted)
    blocks = (values[at : at + _TOGETHER] for at in range(0, whole, _TOGETHER))
    store.executemany(into + ", ".join(["(?)"] * _TOGETHER), blocks)
    store.executemany(into + "(?)", ((one,) for one in values[whole:]))
    store.execute(f"DELETE FROM {name} WHERE {column} = 0")  # noqa: S608 (quoted)


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _as_gdal_has_it(folder: Path, layer: str) -> tuple[list[str], list[str], tuple[str, ...]]:
    """Give the statements for the index and for its triggers and the entry among the extensions, from an empty table."""
    import geopandas as gpd  # noqa: PLC0415 (heavy)
    import pyogrio  # noqa: PLC0415 (heavy)

    with tempfile.TemporaryDirectory(dir=folder) as home:
        empty = Path(home, "empty.gpkg")
        nothing = gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")
        pyogrio.write_dataframe(nothing, empty, layer=layer, driver="GPKG", geometry_type="Unknown")
        with closing(sqlite3.connect(empty)) as store:
            made = store.execute(
                "SELECT type, sql FROM sqlite_master WHERE name = 'gpkg_extensions' "
                "OR name LIKE 'rtree%' AND (type = 'trigger' OR rootpage = 0) ORDER BY rowid"
            ).fetchall()
            extension = store.execute("SELECT * FROM gpkg_extensions").fetchone()
    tables = [sql.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1) for kind, sql in made if kind == "table"]
    return tables, [sql for kind, sql in made if kind == "trigger"], extension
