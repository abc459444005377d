"""Shapefiles as districts have them: parts missing or cut short, GBK text with and without a word about it.

GDAL reads half a file in silence and garbles undeclared text, so the headers are checked first, and the
bytes of the text are decoded here, by trial. Format: ESRI Shapefile Technical Description, 1998; dBASE III.
"""

import re
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.errors import DataError, Problem
from geo.files import foreign_layers, read_foreign
from geo.findings import names_found
from geo.text import Text
from layers.intake.source import Source
from layers.intake.spatial.columns import unique_names
from layers.intake.spatial.faults import counted_note, refuse, vector_problem
from layers.intake.spatial.shaping import from_wkb, shaped
from layers.intake.upload.encoding import find_encoding, text_codec

DRIVER = "ESRI Shapefile"
_RAW = "ISO-8859-1"  # gives every byte as the character of that number
_SHP_HEAD, _SHX_ENTRY = 100, 8
_DBF_HEAD, _DBF_FIELD, _FIELD_END = 32, 32, 0x0D
_CUT = 3  # bytes of a character that may be left over where text was cut
_LANGUAGES = {
    0x4D: "gbk",
    0x4F: "big5",
    0x4E: "cp949",
    0x7A: "gbk",
    0x03: "cp1252",
    0x57: "",
    0x13: "cp932",
    0x7B: "cp932",
}
_GBK = {"gbk", "gb2312", "gb18030"}


class _Table(NamedTuple):
    """What the header of a .dbf says: rows, bytes of head and row, language byte, fields as (name, type, width)."""

    rows: int
    head: int
    width: int
    language: int
    fields: tuple[tuple[bytes, str, int], ...]


class _Decoded(NamedTuple):
    names: list[str]
    columns: dict[int, pd.Series]
    encoding: str
    notes: list[Problem]


def read_shapefile(path: Path, *, file: str, part: str = "", encoding: str | None = None) -> Source:
    """Read a shapefile whose parts lie beside each other.

    Args:
        path: the .shp.
        file: the name for messages.
        part: the name of the layer, where an archive holds several.
        encoding: of its text, if the user says so.

    Raises:
        DataError: a part is missing, cut short, or does not fit the others.
    """
    table = _checked(path, file)
    (layer,) = foreign_layers(path, DRIVER)[:1] or [path.stem]
    cells, wkb, crs = read_foreign(path, layer, DRIVER, encoding=_RAW)
    decoded = _decoded(cells, _declared(path, table), file, encoding)
    cells = cells.assign(**{str(cells.columns[at]): column for at, column in decoded.columns.items()})
    cells.columns = pd.Index(unique_names(decoded.names), dtype="str")
    shapes, broken, closed = from_wkb(wkb)
    rows = np.arange(1, len(cells) + 1)
    checked = shaped(shapes, rows, file=file, broken=broken, closed=closed)
    notes = (*decoded.notes, *_only_dates(table, decoded.names, file), *checked.notes)
    facts = {"encoding": decoded.encoding}
    return Source(
        file, part, "shapefile", cells[checked.kept].reset_index(drop=True), rows[checked.kept], checked.shapes, crs,
        checked.lost, notes, facts,
    )  # fmt: skip


def beside(path: Path, suffix: str) -> Path | None:
    """Find another part of a shapefile, whatever the case of its ending."""
    return next((p for end in (suffix, suffix.upper()) if (p := path.with_suffix(end)).is_file()), None)


def _checked(path: Path, file: str) -> _Table:
    """Check that all parts are there, whole, and of the same number of rows."""
    missing = [end for end in (".shx", ".dbf") if beside(path, end) is None]
    if missing:
        raise refuse(file, "missing_part", Text(f"缺少 {'、'.join(missing)}", f"no {', '.join(missing)}"))
    shx, dbf = beside(path, ".shx"), beside(path, ".dbf")
    assert shx
    assert dbf
    for one in (path, shx):
        with one.open("rb") as source:
            head = source.read(_SHP_HEAD)
        _check_length(one, 2 * int.from_bytes(head[24:28], "big"), file, least=_SHP_HEAD)
    table = _table(dbf, file)
    _check_length(dbf, table.head + table.rows * table.width, file, least=_DBF_HEAD)
    shapes = (2 * int.from_bytes(_bytes(shx, 24, 4), "big") - _SHP_HEAD) // _SHX_ENTRY
    if shapes != table.rows:
        found = Text(
            f"{shapes:,} 个图形、{table.rows:,} 行属性", f"{shapes:,} shapes and {table.rows:,} rows of attributes"
        )
        raise refuse(file, "counts_differ", found)
    return table


def _bytes(path: Path, at: int, number: int) -> bytes:
    with path.open("rb") as source:
        source.seek(at)
        return source.read(number)


def _check_length(path: Path, stated: int, file: str, *, least: int) -> None:
    actual = path.stat().st_size
    if actual < max(stated, least):
        found = Text(
            f"{path.suffix} 只有 {actual:,} 字节，应为 {stated:,}",
            f"{actual:,} bytes in the {path.suffix} instead of {stated:,}",
        )
        raise refuse(file, "truncated", found)


def _table(path: Path, file: str) -> _Table:
    head = _bytes(path, 0, 1 << 16)
    if len(head) < _DBF_HEAD:
        raise refuse(
            file, "truncated", Text(f"{path.suffix} 只有 {len(head)} 字节", f"{len(head)} bytes in the {path.suffix}")
        )
    rows, size, width = struct.unpack("<IHH", head[4:12])
    fields = []
    for at in range(_DBF_HEAD, min(size, len(head)) - _DBF_FIELD + 1, _DBF_FIELD):
        if head[at] == _FIELD_END:
            break
        name = head[at : at + 11].split(b"\0")[0]
        fields.append((name, chr(head[at + 11]), head[at + 16]))
    return _Table(rows, size, width, head[29], tuple(fields))


def _declared(path: Path, table: _Table) -> str:
    """Read which encoding the .cpg, or else the language byte, declares; "" for none that is known."""
    cpg = beside(path, ".cpg")
    if cpg is None:
        return _LANGUAGES.get(table.language, "")
    word = cpg.read_bytes()[:64].decode("ascii", "ignore").strip().lower()
    numbered = {"936": "gbk", "54936": "gb18030", "65001": "utf-8", "950": "big5", "1252": "cp1252"}
    digits = word.removeprefix("ansi ").removeprefix("cp").removeprefix("oem ")
    return text_codec(numbered.get(digits, word)) or ""


def _decoded(cells: pd.DataFrame, declared: str, file: str, given: str | None) -> _Decoded:
    """Decode names and text: as declared if that fits, else as found by trial, which is told."""
    texts = {at: cells.iloc[:, at] for at, kind in enumerate(cells.dtypes) if pd.api.types.is_string_dtype(kind)}
    raw_names = [_numbered(name.encode(_RAW, "replace")) for name in map(str, cells.columns)]
    values = [text.encode(_RAW, "replace") for column in texts.values() for text in column.dropna().unique()]
    beyond = [one for one in (*(base for base, _ in raw_names), *values) if not one.isascii()]
    name, notes = _encoding(beyond, declared, file, given)
    made, cut_values = {}, 0
    for at, column in texts.items():
        decoded, cut = _text_column(column, name)
        made[at], cut_values = decoded, cut_values + cut
    cut_names = [_text(base, name) + number for base, number in raw_names if not _whole(base, name)]
    if cut_names:
        notes.append(vector_problem("names_cut", file, found=names_found(cut_names)))
    notes += counted_note("values_cut", file, cut_values)
    return _Decoded([_text(base, name) + number for base, number in raw_names], made, name, notes)


def _numbered(raw: bytes) -> tuple[bytes, str]:
    """Split off the number that GDAL puts behind a name, perhaps cut, which another column has, too."""
    found = re.fullmatch(rb"(.+?)(_\d{1,2})?", raw, re.DOTALL)
    return (raw, "") if found is None else (found[1], (found[2] or b"").decode())


def _encoding(beyond: list[bytes], declared: str, file: str, given: str | None) -> tuple[str, list[Problem]]:
    if given:
        return given, []
    if declared and all(_fits(one, declared) for one in beyond):
        return ("gb18030" if declared in _GBK else declared), []
    if not beyond:
        return declared or "utf-8", []
    name = "utf-8" if all(_fits(one, "utf-8") for one in beyond) else _tried(beyond, file)
    code = "encoding_declared_wrong" if declared else "encoding_found"
    found = Text(
        f"声明为 {declared.upper()}，实为 {name.upper()}", f"{declared.upper()} declared, {name.upper()} found"
    )
    undeclared = Text(f"未声明编码，按 {name.upper()} 读取", f"no encoding declared, read as {name.upper()}")
    return name, [vector_problem(code, file, found=found if declared else undeclared)]


def _tried(beyond: Iterable[bytes], file: str) -> str:
    whole = [one[:end] for one in beyond for end in [_end(one, "gb18030")] if end is not None]
    sample = b"\n".join(whole or beyond)
    try:
        return find_encoding(sample, file).name
    except DataError:
        return "gb18030" if whole else "cp1252"


def _end(text: bytes, encoding: str) -> int | None:
    """Give the length of a text without a character that was cut at its end; None if it is broken elsewhere."""
    for end in range(len(text), max(-1, len(text) - _CUT - 1), -1):
        try:
            text[:end].decode(encoding)
        except UnicodeDecodeError:
            continue
        return end
    return None


def _fits(text: bytes, encoding: str) -> bool:
    return _end(text, encoding) is not None


def _whole(text: bytes, encoding: str) -> bool:
    return _end(text, encoding) == len(text)


def _text(raw: bytes, encoding: str) -> str:
    end = _end(raw, encoding)
    return raw[:end].decode(encoding) if end is not None else raw.decode(encoding, "replace")


def _text_column(column: pd.Series, encoding: str) -> tuple[pd.Series, int]:
    """Decode a column by its distinct values; count the texts that were cut within a character."""
    made: dict[str, str] = {}
    cut = set()
    for text in map(str, column.dropna().unique()):
        raw = text.encode(_RAW, "replace")
        if not raw.isascii():
            made[text] = _text(raw, encoding)
            cut |= set() if _whole(raw, encoding) else {text}
    if not made:
        return column, 0
    return column.map(lambda text: made.get(text, text), na_action="ignore").astype("str"), int(column.isin(cut).sum())


def _only_dates(table: _Table, names: list[str], file: str) -> list[Problem]:
    """Tell that dates have no time of day, as no shapefile has one: what was written there is lost."""
    if len(names) != len(table.fields):
        return []
    dates = [name for name, (_, kind, _) in zip(names, table.fields, strict=True) if kind == "D"]
    return [vector_problem("no_time_of_day", file, found=names_found(dates))] if dates else []
