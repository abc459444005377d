"""What strikes in the columns of a table as a whole: gaps, one thing written in many ways."""

import re
import unicodedata
from collections.abc import Iterator

import pandas as pd

from geo.errors import Problem
from geo.text import Text, counted
from layers.catalog import LayerSpec
from layers.intake.faults import fault
from layers.intake.mapping.proposal import ColumnMap
from layers.intake.meaning import COORDINATES
from layers.intake.source import Source

MOST_KINDS = 1_000
"""Columns with more different texts are free text, in which spellings mean nothing."""
_ZEROS = re.compile(r"0+(?=\d)")
_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d+)?")
_SILENT = re.compile(r"[\W_]+")


def column_notes(source: Source, columns: ColumnMap, spec: LayerSpec, place: str) -> Iterator[Problem]:
    """Tell of declared columns with gaps and of words that are written in several ways.

    Args:
        source: the table of a file.
        columns: what becomes of each heading.
        spec: the layer.
        place: name of the table in the problems.
    """
    size = len(source.cells)
    for choice in columns.choices:
        cells = source.cells[choice.heading]
        gaps = int(cells.isna().sum())
        if choice.target in spec.columns and 0 < gaps < size:
            found = Text(
                f"{size:,} 行中 {gaps:,} 行为空（{gaps / size:.0%}）",
                f"empty in {gaps:,} of {counted(size, 'row', 'rows')} ({gaps / size:.0%})",
            )
            yield fault("column_gaps", place, column=choice.heading, found=found)
        counted_by = choice.role != "person" and choice.target not in COORDINATES
        ways = spellings(cells, choice.heading) if counted_by else None
        if ways is not None:
            yield fault("many_spellings", place, column=choice.heading, found=ways)


def spellings(cells: pd.Series, heading: str) -> Text | None:
    """Say how many ways of writing a column has for how many things, with an example; None if each has one.

    Two texts are one thing if they differ in width, case, blanks, signs, leading zeros, or the word of the heading
    alone: "Ward 5", "05" and "5" under "ward".
    """
    if not isinstance(cells.dtype, pd.StringDtype):
        return None
    # Free text shows in the first rows; finding all different ones takes longer than reading them.
    if cells.iloc[: 10 * MOST_KINDS].nunique() > MOST_KINDS:
        return None
    texts = cells.dropna().unique()
    if not 1 < len(texts) <= MOST_KINDS:
        return None
    word = _key(heading, "")
    alike: dict[str, list[str]] = {}
    for text in texts.tolist():
        alike.setdefault(_key(text, word), []).append(text)
    if len(alike) == len(texts):
        return None
    most = max(alike.values(), key=len)
    shown = "、".join(f"“{one}”" for one in most[:4]), ", ".join(f"“{one}”" for one in most[:4])
    return Text(
        f"{len(alike):,} 个值有 {len(texts):,} 种写法，如{shown[0]}",
        f"{counted(len(alike), 'value', 'values')} written in {len(texts):,} ways, such as {shown[1]}",
    )


def _key(text: str, word: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    if _NUMBER.fullmatch(plain):
        return f"{float(plain):g}"
    bare = _SILENT.sub("", plain).casefold()
    return _ZEROS.sub("", bare.removeprefix(word) or bare)
