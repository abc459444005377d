"""Text of cells that other programs read: nothing is taken for a formula, nothing breaks the file, nothing is lost unsaid.

Formula rule of CSV files, whose programs run what begins with ``= + - @`` (also full-width or after blanks),
a tab or a line break: such a text gets one apostrophe in front, and so does one that would look like it
had got one. ``unprotected`` takes it away again, so every text comes back as it was. A plain negative
number is left alone.
"""

import re

FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")
NEGATIVE = re.compile(r"-\d+(?:\.\d+)?\Z")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML file may hold, not even escaped."""
LOST = "\N{REPLACEMENT CHARACTER}"
MARK = "'"
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UTF16 = 2


def protected(text: str) -> str:
    """Keep a text of a CSV cell from being run as a formula."""
    return MARK + text if FORMULA.match(text) and not NEGATIVE.match(text) else text


def unprotected(text: str) -> str:
    """Give the text that ``protected`` was given."""
    return text[1:] if text.startswith(MARK) and FORMULA.match(text) else text


def for_xml(text: str) -> str:
    """Replace characters that XML cannot hold."""
    return NOT_XML.sub(LOST, text)


def for_workbook(text: str) -> str:
    """Give a text as a cell of a workbook can hold it.

    Characters that XML cannot hold are replaced; line breaks become the one that spreadsheets use;
    ``_x0041_``, which spreadsheets read as a character's number, is escaped.
    """
    lines = for_xml(text).replace("\r\n", "\n").replace("\r", "\n")
    return _ESCAPE.sub("_x005F_", lines)


def cut_bytes(text: str, most: int, encoding: str) -> str:
    """Cut a text so that it has at most so many bytes, never within a character."""
    content = text.encode(encoding, "replace")
    return text if len(content) <= most else content[:most].decode(encoding, "ignore")


def cut_units(text: str, most: int) -> str:
    """Cut a text to so many UTF-16 units, as spreadsheets count them, never within a character."""
    if len(text) * _UTF16 <= most:
        return text
    content = text.encode("utf-16-le")
    return text if len(content) <= most * _UTF16 else content[: most * _UTF16].decode("utf-16-le", "ignore")
