"""Values and headings in words, for tables that people read."""

from collections.abc import Sequence

import pandas as pd

from geo.text import Text
from layers.exports.outgoing import Column, Outgoing

YES, NO = Text("是", "yes"), Text("否", "no")
SAME_TITLE = Text("{title}（{name}）", "{title} ({name})")


def headings(columns: Sequence[Column], lang: str) -> list[str]:
    """Give the titles of columns in one language; those that are alike also say the column's own name."""
    titles = [one.title.in_(lang) for one in columns]
    return [
        SAME_TITLE.format(title=title, name=one.name).in_(lang) if titles.count(title) > 1 else title
        for title, one in zip(titles, columns, strict=True)
    ]


def worded(out: Outgoing, column: Column, lang: str) -> pd.Series:
    """Give a column with words instead of codes; codes without words stay, numbers and times too."""
    series = out.table[column.name]
    if pd.api.types.is_bool_dtype(series.dtype):
        words = {True: YES.in_(lang), False: NO.in_(lang)}
        return series.astype(object).map(words).astype("str")
    if not column.codes:
        return series
    known = {code: words.in_(lang) for code, words in column.codes.items()}
    return series.map(lambda code: known.get(code, code), na_action="ignore").astype("str")
