"""The list of sheets of an XLSX workbook, read and written anew."""

import posixpath
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import quoteattr

from geo.text import Text
from layers.intake.tables.book_parts import Packed, Part, packed, stored
from layers.intake.tables.faults import over_limit, refuse
from layers.intake.tables.limits import MOST_SHEETS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SINGLE = ("sharedStrings", "styles")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


class Sheet(NamedTuple):
    """A sheet: its name, whether it is hidden, and the part in which it lies ("" for a chart and the like)."""

    name: str
    hidden: bool
    part: str


class Workbook(NamedTuple):
    """An XLSX workbook: its sheets, its shared texts, and the parts that are read, under names of ours.

    In ``parts`` a sheet is called by its position among all sheets, from 0.
    """

    sheets: list[Sheet]
    strings: bytes
    parts: dict[str, Packed]


class _Relation(NamedTuple):
    kind: str
    target: str


def open_workbook(parts: dict[str, Part], file: str) -> Workbook:
    """List the sheets of an XLSX workbook in their order, and gather the parts that are read.

    Raises:
        DataError: the list of sheets is missing or damaged, or too long.
    """
    names = {name.lower(): name for name in parts}
    top = _relations(parts.get(names.get("_rels/.rels", "")), "/", file)
    home = next((one.target for one in top.values() if one.kind == "officeDocument"), "xl/workbook.xml").lower()
    folder, _, base = home.rpartition("/")
    links = names.get(f"{folder}/_rels/{base}.rels", "")
    if home not in names or not links:
        raise refuse(file, "not_a_workbook", Text("没有工作表目录的压缩包", "an archive without a list of sheets"))
    relations = _relations(parts[links], f"/{folder}", file)
    root = _parsed(parts[names[home]].content, file)
    listed = [one for one in root.iter() if _local(one.tag) == "sheet"]
    if len(listed) > MOST_SHEETS:
        raise over_limit(file, MOST_SHEETS, "张工作表", "sheets")
    sheets = []
    for one in listed:
        relation = relations.get(next((value for key, value in one.items() if "}" in key and _local(key) == "id"), ""))
        worksheet = relation is not None and relation.kind == "worksheet"
        part = names.get(relation.target.lower(), "") if relation is not None and worksheet else ""
        sheets.append(Sheet(one.get("name", ""), one.get("state", "visible") != "visible", part))
    singles = {one.kind: parts[part] for one in relations.values() if (part := names.get(one.target.lower(), ""))}
    since_1904 = any(one.get("date1904") in {"1", "true"} for one in root.iter() if _local(one.tag) == "workbookPr")
    return _gathered(parts, sheets, singles, since_1904=since_1904)


def _gathered(parts: dict[str, Part], sheets: list[Sheet], singles: dict[str, Part], *, since_1904: bool) -> Workbook:
    """Write a workbook of the same sheets with a list of our own, so that nothing is found but what was looked through."""
    links = {kind: (kind, f"{kind}.xml") for kind in _SINGLE if kind in singles}
    written = {f"xl/{kind}.xml": packed(singles[kind]) for kind in links}
    listed = ""
    for at, one in enumerate(sheets):
        if one.part:
            links[f"s{at}"] = ("worksheet", f"worksheets/sheet{at}.xml")
            written[f"xl/worksheets/sheet{at}.xml"] = packed(parts[one.part])
            listed += f'<sheet name="{at}" sheetId="{at + 1}" r:id="s{at}"/>'
    book = (
        f'<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<workbookPr date1904="{int(since_1904)}"/><sheets>{listed}</sheets></workbook>'
    )
    written |= {
        "[Content_Types].xml": stored(_TYPES),
        "_rels/.rels": stored(_links({"rId1": ("officeDocument", "xl/workbook.xml")})),
        "xl/workbook.xml": stored(book.encode()),
        "xl/_rels/workbook.xml.rels": stored(_links(links)),
    }
    strings = singles["sharedStrings"].content if "sharedStrings" in singles else b""
    return Workbook(sheets, strings, written)


def _relations(part: Part | None, folder: str, file: str) -> dict[str, _Relation]:
    """Read what a part refers to, by key, with the name of the part in the archive."""
    if part is None:
        return {}
    found = {}
    for one in _parsed(part.content, file).iter():
        if _local(one.tag) == "Relationship":
            target = posixpath.normpath(posixpath.join(folder, one.get("Target", ""))).lstrip("/")
            found[one.get("Id", "")] = _Relation(one.get("Type", "").rpartition("/")[2], target)
    return found


def _parsed(content: bytes, file: str) -> "Element":
    from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped] # noqa: PLC0415 (only workbooks need it)

    try:
        root: Element = fromstring(content)
    except (ParseError, ValueError) as error:
        raise refuse(file, "book_damaged", Text("损坏的工作表目录", "a damaged list of sheets")) from error
    return root


def _links(links: dict[str, tuple[str, str]]) -> bytes:
    every = "".join(
        f"<Relationship Id={quoteattr(key)} Type={quoteattr(f'{_OFFICE}/{kind}')} Target={quoteattr(target)}/>"
        for key, (kind, target) in links.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{_PACKAGE}">{every}</Relationships>'.encode()


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
