"""A report as data: sections of text and tables, in both languages, without any markup."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from geo.text import Text


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: Text


@dataclass(frozen=True)
class Fact:
    """One headline number with its unit and what it counts."""

    title: Text
    value: str
    note: Text | None = None


@dataclass(frozen=True)
class Facts:
    """A row of headline numbers."""

    items: tuple[Fact, ...]


@dataclass(frozen=True)
class Column:
    """A column of a report table: key in the frame, title, unit, digits for numbers (None: as text)."""

    key: str | Text
    title: Text
    unit: Text | None = None
    digits: int | None = None


@dataclass(frozen=True)
class Table:
    """A captioned table with its source; a column with a ``Text`` key takes zh and en columns of the frame."""

    caption: Text
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    source: Text


@dataclass(frozen=True)
class Bars:
    """A stacked bar per row: parts (rows by criterion) that add up to a total."""

    caption: Text
    labels: tuple[str, ...]
    parts: pd.DataFrame
    titles: tuple[Text, ...]
    source: Text


@dataclass(frozen=True)
class Outline:
    """One ring of a map: points from the upper left corner of its ground, in metres, and whether it is a thick one."""

    points: tuple[tuple[float, float], ...]
    thick: bool


@dataclass(frozen=True)
class Drawing:
    """A printed map: a picture lying on some ground, outlines over it, a legend and a scale bar.

    ``size_m`` is width and height of what is shown; ``placed_m`` where the picture lies in it (left, top, width,
    height); ``image`` a data address, so that nothing is fetched; ``legend`` colours with their words.
    """

    caption: Text
    size_m: tuple[float, float]
    image: str
    placed_m: tuple[float, float, float, float]
    opacity: float
    outlines: tuple[Outline, ...]
    unit: Text
    legend: tuple[tuple[str, Text], ...]
    scale_bar_m: float
    source: Text


Block = Paragraph | Facts | Table | Bars | Drawing


@dataclass(frozen=True)
class Section:
    """A headed part of a report."""

    title: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """A report: title, what it is about, when the data ended, sections, and the line at its foot."""

    title: Text
    subtitle: Text
    as_of: datetime
    sections: tuple[Section, ...]
    footer: Text
