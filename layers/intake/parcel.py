"""What a look hands over to be stored, and how it goes to another process: JSON and Arrow, never objects."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from geo.text import Text
from geo.worker import as_json
from layers.catalog import CATALOG, LayerSpec
from layers.columnar import read_table, write_table
from layers.intake.source import LostRow, Source
from layers.intake.upload.transit import packed, unpacked

HEAD, TABLE = "parcel.json", "table.arrow"


class Parcel(NamedTuple):
    """All that one intake stores.

    ``layer`` becomes ``table``. ``record`` is what is remembered of the intake. ``sources`` with their ``lost`` rows
    are for the copy of the rejected rows, none if there are none; ``private`` has personal columns by file and row;
    ``maps`` the mappings to remember, by path from the folder of the workspace.
    """

    layer: LayerSpec
    table: pd.DataFrame
    record: Mapping[str, Any]
    sources: tuple[Source, ...]
    lost: tuple[tuple[LostRow, ...], ...]
    private: pd.DataFrame
    maps: Mapping[str, str]


def packed_into(folder: Path, parcel: Parcel) -> None:
    """Write a parcel into a folder.

    Raises:
        OSError: it cannot be written.
    """
    write_table(parcel.table, folder / TABLE)
    tables: dict[str, Sequence[Source]] = {"sources": parcel.sources, "private": _as_sources(parcel.private)}
    heads = {}
    for name, sources in tables.items():
        heads[name], arrows = packed(sources)
        for at, arrow in enumerate(arrows):
            with pa.OSFile(str(_path(folder, name, at)), "wb") as sink, pa.ipc.new_file(sink, arrow.schema) as file:
                file.write_table(arrow)
    lost = [[as_json(one) for one in rows] for rows in parcel.lost]  # type: ignore[arg-type]  # alike, a Problem or not
    told = {"layer": parcel.layer.key, "record": parcel.record, "lost": lost, "maps": parcel.maps, **heads}
    (folder / HEAD).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def unpacked_from(folder: Path) -> Parcel:
    """Read a parcel that was ``packed_into`` a folder.

    Raises:
        OSError: it cannot be read.
    """
    told = json.loads((folder / HEAD).read_text(encoding="utf-8"))
    found = {name: unpacked(told[name], _arrows(folder, name, len(told[name]))) for name in ("sources", "private")}
    return Parcel(
        CATALOG[told["layer"]],
        read_table(folder / TABLE),
        told["record"],
        tuple(found["sources"]),
        tuple(tuple(_lost(one) for one in rows) for rows in told["lost"]),
        found["private"][0].cells if found["private"] else pd.DataFrame(),
        told["maps"],
    )


def _as_sources(table: pd.DataFrame) -> list[Source]:
    """Give a table of loose cells the form in which such tables can be handed over."""
    if table.empty:
        return []
    return [Source("", "", "", table.reset_index(drop=True), np.arange(len(table)))]


def _path(folder: Path, name: str, at: int) -> Path:
    return folder / f"{name}-{at}.arrow"


def _arrows(folder: Path, name: str, many: int) -> list[pa.Table]:
    found = []
    for at in range(many):
        with pa.OSFile(str(_path(folder, name, at)), "rb") as source:
            found.append(pa.ipc.open_file(source).read_all())
    return found


def _lost(parts: list[Any]) -> LostRow:
    row, code, column, found, remedy = parts
    return LostRow(row, code, column, Text(*found), Text(*remedy))
