"""Rejected rows come back as the user's own file: the same kind and heads, only those rows, and why each was rejected.

Three columns are added: the row in the original file, the reason, and what to do. They are known by their
headings (``is_own_column``), so the corrected file can be imported again as it is. A CSV file gets them in
front, so that a row with too many or too few cells stays one; a workbook gets them behind its own columns.
"""

import csv
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import DataError, Problem
from geo.files import whole_file
from geo.findings import rows_found
from geo.text import Text
from layers.exports.archive import zipped
from layers.exports.cells import LOST, protected, unprotected
from layers.exports.faults import writing
from layers.exports.vectors import write_tables
from layers.intake.rejects.own_columns import OWN_COLUMNS, REASON, REMEDY, ROW, Rows, is_own_column, said
from layers.intake.rejects.packed import as_in_file, copy_name, originals_of
from layers.intake.rejects.workbook import write_workbook
from layers.intake.source import LostRow, Source, member_of
from layers.intake.tables.delimited_exact import Record, records
from layers.intake.upload.encoding import as_utf8, find_encoding
from layers.problems import Fault, problem

FAULTS: dict[str, Fault] = {
    "rejects_none": Fault(
        "error",
        Text("至少一行不能入库", "at least one rejected row"),
        Text("全部行都已入库，无须处理", "all rows were taken in, nothing is left to do"),
    ),
    "rejects_other_format": Fault(
        "warning",
        Text("与原文件相同的格式", "the format of the original file"),
        Text("改正后可直接导入这个文件", "correct this file and import it as it is"),
    ),
}


def write_rejects(original: Path, sources: Sequence[Source], verdicts: Sequence[Sequence[LostRow]], out: Path) -> Path:
    """Write the rejected rows of a file.

    A text table stays one, with its own separator, in UTF-8 with its mark. An XLSX workbook stays one
    with its sheets, heads and formats, the faulty cells coloured; ODS and XLS become XLSX; anything with
    shapes becomes a GeoPackage. Text that looks like a formula stays text. A file out of an archive comes back
    by itself, several ones in an archive.

    Args:
        original: what the user handed in: the very file that the sources were read from, or the archive of it.
        sources: the tables of it.
        verdicts: the rejected rows of each source; rows that could not be read at all need not be among them.
        out: where to; its ending is replaced by the one that fits.

    Returns:
        The file that was written.

    Raises:
        DataError: no rejected row, or a place that cannot be written to.
    """
    rejected = [_by_row(one, found) for one, found in zip(sources, verdicts, strict=True)]
    if not any(rejected):
        raise DataError([_problem("rejects_none", original.name, rows_found(0))])
    path = out.with_suffix(rejects_suffix(sources, verdicts))
    if path.suffix == ".gpkg":
        with writing(path), whole_file(path) as whole:
            _write_shapes(sources, rejected, whole)
        return path
    with originals_of(original, sources) as files, writing(path), whole_file(path) as whole:
        own = {name: _of_member(name, sources, rejected) for name in files}
        own = {name: found for name, found in own.items() if any(found[1])}
        if path.suffix != ".zip":
            ((name, found),) = own.items()
            _write_table(files[name], *found, whole)
        else:
            _write_packed(files, own, whole)
    return path


def rejects_suffix(sources: Sequence[Source], verdicts: Sequence[Sequence[LostRow]]) -> str:
    """Say in which format the rejected rows come back: ".csv", ".xlsx", ".gpkg", or ".zip" for several files."""
    if any(one.geometry is not None for one in sources):
        return ".gpkg"
    rejected = [one for one, found in zip(sources, verdicts, strict=True) if found or one.lost]
    if len(set(map(member_of, rejected))) > 1:
        return ".zip"
    return _suffix([one for one in sources if not rejected or member_of(one) == member_of(rejected[0])])


def _suffix(sources: Sequence[Source]) -> str:
    return ".csv" if [one.kind for one in sources] == ["delimited"] else ".xlsx"


def _of_member(name: str, sources: Sequence[Source], rejected: Sequence[Rows]) -> tuple[list[Source], list[Rows]]:
    """Pick the tables of one file, as they are called there, and their rejected rows."""
    pairs = [(as_in_file(one), rows) for one, rows in zip(sources, rejected, strict=True) if member_of(one) == name]
    return [one for one, _ in pairs], [rows for _, rows in pairs]


def _write_table(original: Path, sources: Sequence[Source], rejected: Sequence[Rows], path: Path) -> None:
    if _suffix(sources) == ".csv":
        _write_text(original, sources[0], rejected[0], path)
    else:
        write_workbook(original, sources, rejected, path)


def _write_packed(files: Mapping[str, Path], own: Mapping[str, tuple[list[Source], list[Rows]]], path: Path) -> None:
    """Write a copy for each file of an archive and pack them."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        names: list[str] = []
        for member, (sources, rejected) in own.items():
            names.append(copy_name(member, _suffix(sources), names))
            home = Path(folder) / f"{len(names)}"  # a copy may leave files of its making beside itself
            home.mkdir()
            _write_table(files[member], sources, rejected, home / names[-1])
        packing = Path(folder) / "all"
        packing.mkdir()
        for number, name in enumerate(names, 1):
            (Path(folder) / f"{number}" / name).replace(packing / name)
        zipped(packing, path)


def format_note(original: Path, path: Path) -> tuple[Problem, ...]:
    """Tell when the rejected rows come back in another format than they came in."""
    before, after = original.suffix.lower(), path.suffix.lower()
    text = {".csv", ".tsv", ".txt", ".tab"}
    if before == after or (before in text and after in text):
        return ()
    found = Text(f"{before or '其他格式'} 改存为 {after}", f"{before or 'another format'} came back as {after}")
    return (_problem("rejects_other_format", path.name, found),)


def _problem(code: str, file: str, found: Text) -> Problem:
    return problem(code, file, found=found, faults=FAULTS)


def _by_row(source: Source, found: Sequence[LostRow]) -> Rows:
    rows: dict[int, list[LostRow]] = {}
    for one in dict.fromkeys([*source.lost, *found]):
        rows.setdefault(one.row, []).append(one)
    return {row: tuple(rows[row]) for row in sorted(rows)}


def _write_text(original: Path, source: Source, rejected: Rows, path: Path) -> None:
    """Write a text table: what stands above the data, and the rejected rows cell by cell as they were."""
    content = original.read_bytes()
    text = as_utf8(content, find_encoding(content, source.file, given=source.facts.get("encoding")))
    separator = source.facts.get("separator", ",")
    last = int(source.facts.get("header_rows", "1").rpartition("-")[2])
    lines = text.split(b"\n")
    old: set[int] = set()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL)
        if not last:
            writer.writerow([*OWN_COLUMNS, *(protected(str(name)) for name in source.cells.columns)])
        for record in records(text, separator):
            if record.line == last:
                old = {at for at, cell in enumerate(record.cells) if is_own_column(cell)}
            if record.line in rejected:
                own = (str(record.line), *said(rejected[record.line]))
            elif record.line <= last and not _declares(record):
                own = OWN_COLUMNS if record.line == last else ("", "", "")
            else:
                continue
            cells = record.cells or _raw(lines, record.line, separator)
            writer.writerow([_safe(cell) for cell in (*own, *(c for at, c in enumerate(cells) if at not in old))])


def _declares(record: Record) -> bool:
    """Tell whether a line only says which separator follows (``sep=;``), as Excel writes it."""
    return record.line == 1 and bool(record.cells) and record.cells[0].lower().startswith("sep=")


def _raw(lines: list[bytes], line: int, separator: str) -> list[str]:
    """Take a line that is no record (a quote without an end) apart at every separator."""
    raw = lines[line - 1] if line <= len(lines) else b""
    return raw.decode("utf-8", "replace").rstrip("\r").split(separator)


def _safe(cell: str) -> str:
    """Give a cell as it can stand in any text table: whole characters, and nothing that runs."""
    plain = cell.encode("utf-8", "replace").decode("utf-8") if not cell.isascii() else cell
    whole = "".join(LOST if given != kept else given for given, kept in zip(cell, plain, strict=True))
    return protected(unprotected(whole.replace("\0", LOST)))


def _write_shapes(sources: Sequence[Source], rejected: Sequence[Rows], path: Path) -> None:
    """Write the rejected things with their shapes, a layer for each source that has any."""
    layers: dict[str, pd.DataFrame] = {}
    for source, rows in zip(sources, rejected, strict=True):
        if rows:
            name = source.part or Path(source.file).stem
            while name.casefold() in {one.casefold() for one in layers}:
                name += "_2"
            layers[name] = _shaped(source, rows)
    write_tables(path, layers)


def _shaped(source: Source, rows: Rows) -> pd.DataFrame:
    """Give the rejected rows of a source with their reasons; a row that could not be read has only these."""
    place = {int(row): at for at, row in enumerate(source.rows)}
    at = np.array([place.get(row, -1) for row in rows])
    cells = source.cells.astype(object).reindex(at) if (at < 0).any() else source.cells.iloc[at]
    reasons = [said(faults) for faults in rows.values()]
    own: dict[str, Any] = {
        ROW: list(rows),
        REASON: [reason for reason, _ in reasons],
        REMEDY: [remedy for _, remedy in reasons],
    }
    kept = {str(name): _storable(cells[name]) for name in cells.columns if not is_own_column(str(name))}
    table = pd.DataFrame({**own, **kept})
    if source.geometry is None:
        return table
    shapes = [source.geometry[one] if one >= 0 else None for one in at]
    placed: pd.DataFrame = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=source.crs), crs=source.crs)
    return placed


def _storable(series: pd.Series) -> Any:  # noqa: ANN401 (an array of any type)
    """Give a column of one type; what is mixed becomes text."""
    best = series.reset_index(drop=True).infer_objects()
    if not pd.api.types.is_object_dtype(best.dtype):
        return best.array
    given = [None if pd.isna(one) else str(one) for one in best]
    return pd.Series(given, dtype="str").array
