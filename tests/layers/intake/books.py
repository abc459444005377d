"""Workbooks written by hand, so that a test can say exactly what stands in them."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def cell(place: str, value: object = None, *, formula: str | None = None, kind: str = "") -> str:
    """One cell of a sheet in XML."""
    code = f"<f>{escape(formula)}</f>" if formula is not None else ""
    if isinstance(value, str) and not kind:
        return f'<c r="{place}" t="inlineStr">{code}<is><t xml:space="preserve">{escape(value)}</t></is></c>'
    mark = f' t="{kind}"' if kind else ""
    held = "" if value is None else f"<v>{escape(str(value))}</v>"
    return f'<c r="{place}"{mark}>{code}{held}</c>'


def sheet_xml(cells: Mapping[str, object], merged: Sequence[str] = ()) -> str:
    """A sheet of plain cells by place; a value that begins with ``<c`` is taken as XML."""
    rows: dict[int, list[str]] = {}
    for place, value in cells.items():
        row = int("".join(c for c in place if c.isdigit()))
        whole = isinstance(value, str) and value.startswith("<c ")
        rows.setdefault(row, []).append(str(value) if whole else cell(place, value))
    inside = "".join(f'<row r="{row}">{"".join(cells)}</row>' for row, cells in rows.items())
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    return raw_xml(inside, f"<mergeCells>{ranges}</mergeCells>" if merged else "")


def raw_xml(rows: str, after: str = "") -> str:
    """A sheet of given XML."""
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def xlsx(
    path: Path,
    sheets: Mapping[str, str | bytes],
    *,
    states: Mapping[str, str] = {},
    strings: Sequence[str] = (),
    more: Mapping[str, bytes] = {},
) -> Path:
    """A workbook of sheets in XML by name."""
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" state="{states.get(name, "visible")}" r:id="rId{at}"/>'
        for at, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>',
        **{f"xl/worksheets/sheet{at}.xml": xml for at, xml in enumerate(sheets.values(), 1)},
        **more,
    }
    if strings:
        shared = f'<Relationship Id="s" Type="{_LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        parts["xl/_rels/workbook.xml.rels"] = str(parts["xl/_rels/workbook.xml.rels"]).replace(
            "</Relationships>", shared
        )
        items = "".join(f"<si><t>{escape(one)}</t></si>" for one in strings)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{items}</sst>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def ods(path: Path, tables: str, *, styles: str = "", manifest: str = "<manifest/>") -> Path:
    """An ODS workbook with given tables in XML."""
    spaces = {
        "office": "office:1.0", "style": "style:1.0", "text": "text:1.0", "table": "table:1.0",
    }  # fmt: skip
    declared = " ".join(f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{v}"' for k, v in spaces.items())
    declared += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {declared}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def ods_cell(value: object = None, *, more: str = "") -> str:
    """One cell of an ODS table."""
    if value is None:
        return f"<table:table-cell {more}/>"
    if isinstance(value, str):
        return (
            f'<table:table-cell office:value-type="string" {more}><text:p>{escape(value)}</text:p></table:table-cell>'
        )
    return f'<table:table-cell office:value-type="float" office:value="{value}" {more}><text:p>{value}</text:p></table:table-cell>'


def ods_table(name: str, rows: Sequence[str], *, more: str = "") -> str:
    """A table of rows, each the XML of its cells."""
    inside = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f'<table:table table:name="{name}" {more}>{inside}</table:table>'


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _biff_cell(row: int, column: int, value: object) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    match value:
        case str() if value.startswith("#"):
            return _record(0x205, place + bytes([0x2A, 1]))
        case str():
            return _record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
        case int() | float():
            return _record(0x203, place + struct.pack("<d", value))
    raise TypeError(value)


def xls_stream(
    sheets: Mapping[str, Mapping[tuple[int, int], object]], merged: Sequence[tuple[int, int, int, int]] = ()
) -> bytes:
    """The stream of an old workbook; merged ranges (first row, last row, first column, last column) go in each sheet."""
    start, stop = struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0), _record(0x0A)
    bodies = []
    for cells in sheets.values():
        ranges = b"".join(struct.pack("<HHHH", *one) for one in merged)
        inside = b"".join(_biff_cell(*place, value) for place, value in cells.items())
        joined = _record(0xE5, struct.pack("<H", len(merged)) + ranges) if merged else b""
        kind = struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)
        bodies.append(_record(0x809, kind) + inside + joined + stop)
    head = _record(0x809, start) + _record(0x42, struct.pack("<H", 1200))
    size = len(head) + sum(4 + 8 + 2 * len(name) for name in sheets) + len(stop)
    listed = b""
    for name, body in zip(sheets, bodies, strict=True):
        listed += _record(0x85, struct.pack("<IHBB", size, 0, len(name), 1) + name.encode("utf-16-le"))
        size += len(body)
    return head + listed + stop + b"".join(bodies)


def ole(path: Path, streams: Mapping[str, bytes]) -> Path:
    """An OLE file of streams, each at least 4096 bytes long (zeros are added)."""
    sectors: list[bytes] = []
    chains: list[int] = []

    def put(content: bytes) -> int:
        content += b"\0" * (-len(content) % 512)
        first = len(sectors)
        pieces = [content[at : at + 512] for at in range(0, len(content), 512)]
        sectors.extend(pieces)
        chains.extend([*range(first + 1, first + len(pieces)), 0xFFFFFFFE])
        return first

    padded = {name: content + b"\0" * max(4096 - len(content), 0) for name, content in streams.items()}
    starts = {name: put(content) for name, content in padded.items()}

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        words = name.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<BBIII", kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, 1 if kind == 5 else 0xFFFFFFFF)
        return (
            words.ljust(64, b"\0")
            + struct.pack("<H", len(words))
            + links
            + b"\0" * 36
            + struct.pack("<IQ", start, size)
        )

    entries = [entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    entries += [entry(name, 2, starts[name], len(content)) for name, content in padded.items()]
    directory = put(b"".join(one.ljust(128, b"\0") for one in entries))
    count = 1
    while (len(sectors) + count) * 4 > count * 512:
        count += 1
    first = len(sectors)
    table = [*chains, *[0xFFFFFFFD] * count]
    table += [0xFFFFFFFF] * (count * 128 - len(table))
    places = [*range(first, first + count)] + [0xFFFFFFFF] * (109 - count)
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, count, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    path.write_bytes(head + struct.pack("<109I", *places) + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table))
    return path


def xls(
    path: Path, sheets: Mapping[str, Mapping[tuple[int, int], object]], merged: Sequence[tuple[int, int, int, int]] = ()
) -> Path:
    """An old workbook of cells by row and column, from 0."""
    return ole(path, {"Workbook": xls_stream(sheets, merged)})
