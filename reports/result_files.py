"""Results as files to take away: CSV and a workbook headed in words, and a GeoPackage where the rows have shapes."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.text import Lang, Text
from layers import Workspace
from layers.exports import Told, export_table
from reports.ledger_table import harmless

CSV, XLSX, GPKG = ".csv", ".xlsx", ".gpkg"
ENDINGS: Mapping[str, Text] = {
    CSV: Text("下载表格（CSV）", "Download the table (CSV)"),
    XLSX: Text("下载工作簿（XLSX）", "Download the workbook (XLSX)"),
    GPKG: Text("下载图层（GeoPackage）", "Download the layer (GeoPackage)"),
}
"""Files by ending, with what to call them."""
METHOD = Text("方法", "method")


@dataclass(frozen=True)
class Result:
    """A table on its way to a file.

    Attributes:
        name: of the file, without ending.
        title: of the table.
        rows: the table; a named index comes first.
        heads: what its columns are called, by column.
        notes: how it was computed, and what speaks against believing it.
        shapes: one for each row, with their coordinate system; None for a table without shapes.
    """

    name: str
    title: Text
    rows: pd.DataFrame = field(repr=False)
    heads: Mapping[str, str] = field(repr=False)
    notes: Sequence[Text] = field(default=(), repr=False)
    shapes: gpd.GeoSeries | None = field(default=None, repr=False)

    @property
    def endings(self) -> tuple[str, ...]:
        """Files that can be made of it: none of no rows but the CSV, which says so."""
        if self.rows.empty:
            return (CSV,)
        return (CSV, XLSX) if self.shapes is None else (CSV, XLSX, GPKG)


def of_grids(ws: Workspace, rows: pd.DataFrame, *, level: int | None) -> gpd.GeoSeries:
    """Give the shapes of rows that are grids of a level, None for the finest."""
    found: gpd.GeoSeries = ws.grids(ws.finest if level is None else level).geometry.loc[rows.index]
    return found


def result_file(result: Result, ending: str, lang: Lang) -> bytes:
    """Write a result as one of its ``endings``.

    Raises:
        DataError: another ending, or nothing to write.
    """
    if ending == CSV:
        return as_csv(result.rows, result.heads, result.notes, lang)
    method = METHOD.in_(lang) if ending == XLSX else METHOD.en
    table = (
        result.rows.assign(**{method: " ".join(one.in_(lang) for one in result.notes)}) if result.notes else result.rows
    )
    if ending == GPKG and result.shapes is not None:
        table = gpd.GeoDataFrame(table, geometry=result.shapes.to_numpy(), crs=result.shapes.crs)
    told = {name: Told(Text.same(head)) for name, head in result.heads.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{result.name}{ending}"
        return export_table(table, path, title=result.title, told=told, lang=lang).paths[0].read_bytes()


def as_csv(rows: pd.DataFrame, heads: Mapping[str, str], notes: Sequence[Text], lang: Lang) -> bytes:
    """Write a table as CSV that a spreadsheet opens; how it was done stands below it."""
    table = rows.reset_index() if rows.index.name else rows
    for name in table.columns:
        if pd.api.types.is_string_dtype(table[name]) or table[name].dtype == object:
            table = table.assign(**{name: harmless(table[name].fillna("").astype("str"))})
    text = table.rename(columns=heads).to_csv(index=False, lineterminator="\r\n")
    lines = [one.in_(lang).replace('"', "'") for one in notes]
    return (text + "\r\n" + "".join(f'"{line}"\r\n' for line in lines)).encode("utf-8-sig")
