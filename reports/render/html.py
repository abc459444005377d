"""Reports as one self-contained HTML page that asks nobody for anything."""

import base64
import math
import re
from collections.abc import Hashable, Mapping
from importlib.resources import files

import jinja2
import pandas as pd

from geo.text import Text
from reports.colours import CRITERION_COLOURS
from reports.document import Bars, Column, Drawing, Facts, Outline, Paragraph, Report, Table

FONT = "NotoSansSC-Regular.woff2"
CHINESE = re.compile("[\u3400-\u9fff]")


def html(report: Report, *, lang: str) -> str:
    """Render a report as HTML in one language; all text is escaped."""
    source = files("data").joinpath("web", "report.html.jinja").read_text("utf-8")
    env = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    env.filters["say"] = lambda text: text.in_(lang)
    env.globals.update(kind=_kind, head=_head, cells=_cells, widths=_widths, path=_path, colours=CRITERION_COLOURS)
    template = env.from_string(source)
    page = template.render(report=report, lang=lang, font=None)
    return template.render(report=report, lang=lang, font=_font()) if CHINESE.search(page) else page


def _font() -> str:
    """The bundled Chinese font, for machines that have none."""
    return base64.b64encode(files("data").joinpath("web", FONT).read_bytes()).decode("ascii")


def _kind(block: object) -> str:
    return {Paragraph: "text", Facts: "facts", Table: "table", Bars: "bars", Drawing: "drawing"}[type(block)]


def _path(outline: Outline) -> str:
    """Give a ring as a path of SVG, to a tenth of a metre."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in outline.points) + "Z"


def _head(column: Column, lang: str) -> str:
    title = column.title.in_(lang)
    return f"{title} ({column.unit.in_(lang)})" if column.unit else title


def _cells(table: Table, lang: str) -> list[list[tuple[str, bool]]]:
    """Rows of (text, is a number)."""
    return [[_cell(row, column, lang) for column in table.columns] for row in table.frame.to_dict("records")]


def _cell(row: Mapping[Hashable, object], column: Column, lang: str) -> tuple[str, bool]:
    key = column.key.in_(lang) if isinstance(column.key, Text) else column.key
    value = row[key]
    if column.digits is None:
        return ("–" if value is None or value is pd.NA else str(value)), False
    number = math.nan if value is None else float(value)  # type: ignore[arg-type]
    return ("–" if math.isnan(number) else f"{number:,.{column.digits}f}"), True


def _widths(bars: Bars) -> list[tuple[str, str, list[tuple[int, float, str]]]]:
    """Bars as (label, total, [(number of the part, width in percent, points)])."""
    totals = bars.parts.fillna(0).sum(axis=1)
    longest = max(float(totals.max()), 1.0) if len(totals) else 1.0
    drawn = []
    for label, total, (_, row) in zip(bars.labels, totals, bars.parts.fillna(0).iterrows(), strict=True):
        pieces = [(k, 100 * float(v) / longest, f"{float(v):.1f}") for k, v in enumerate(row) if v > 0]
        drawn.append((label, f"{float(total):.1f}", pieces))
    return drawn
