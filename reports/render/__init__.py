"""One renderer per medium; all draw the same report tree."""

from pathlib import Path

from geo.errors import DataError, Problem
from geo.files import whole_file
from geo.text import Text
from reports.document import Report
from reports.render.html import html

FORMATS = {".html": html}


def save(report: Report, path: str | Path, *, lang: str = "zh") -> None:
    """Write a report in the format of the file's ending.

    Raises:
        DataError: no renderer for that ending.
    """
    target = Path(path)
    render = FORMATS.get(target.suffix.lower())
    if render is None:
        known = ", ".join(FORMATS)
        expected, remedy = (
            Text(f"以下结尾之一：{known}", f"one of the endings {known}"),
            Text("改用这些格式", "use one of these formats"),
        )
        found = Text.same(target.suffix) if target.suffix else Text("没有结尾", "no ending")
        raise DataError([Problem("format", "error", target.name, None, None, found, expected, remedy)])
    with whole_file(target) as part:
        part.write_text(render(report, lang=lang), encoding="utf-8")
