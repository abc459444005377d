"""Tables of an analysis as they leave Guatu: headed in words, as CSV that a spreadsheet opens safely, as rows of JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from geo.text import Lang, Text
from reports.ledger_table import harmless

Codes = Mapping[str, Mapping[str, Text]]
DIGITS = 3
ID = Text("编号", "id")


def worded(table: pd.DataFrame, codes: Codes, lang: Lang) -> pd.DataFrame:
    """Give a table with the codes of some columns in words; a code without words stays."""
    said = {
        name: [words[str(one)].in_(lang) if str(one) in words else one for one in table[name]]
        for name, words in codes.items()
        if name in table
    }
    return table.assign(**{name: pd.Series(cells, index=table.index, dtype="object") for name, cells in said.items()})


def named(table: pd.DataFrame, words: Mapping[str, Text], lang: Lang, *, column: str = "label") -> pd.DataFrame:
    """Give a table with a first column that names its rows; what has no name is called by its id."""
    labels = [words[str(one)].in_(lang) if str(one) in words else str(one) for one in table.index]
    found = table.copy()
    found.insert(0, column, labels)
    return found


def csv_bytes(table: pd.DataFrame, titles: Mapping[str, Text], lang: Lang, *, note: Text | None = None) -> bytes:
    """Write a table as CSV with heads in words, and how it was computed in the last line.

    Args:
        table: rows by id; columns without a title are left out, and so is what a title has no column for.
        titles: heads by column.
        lang: of the heads.
        note: how the figures came about.
    """
    kept = [name for name in titles if name in table]
    body = table[kept].round(DIGITS)
    texts = [name for name in kept if not pd.api.types.is_numeric_dtype(body[name]) and body[name].dtype != bool]
    body = body.assign(**{name: harmless(body[name].astype("object").fillna("").astype("str")) for name in texts})
    body.insert(0, ID.in_(lang), harmless(pd.Series(table.index.astype("str"), index=table.index, dtype="str")))
    text = body.rename(columns={name: titles[name].in_(lang) for name in kept}).to_csv(
        index=False, lineterminator="\r\n"
    )
    if note is not None:
        text += pd.DataFrame([[note.in_(lang)]]).to_csv(index=False, header=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def json_rows(table: pd.DataFrame, key: str) -> list[dict[str, Any]]:
    """Give the rows of a table for JSON: unknown and infinite numbers are null, times are text."""
    plain = table.rename_axis(key).reset_index()
    return [
        {str(name): json_value(one) for name, one in row.items()} for row in plain.astype(object).to_dict("records")
    ]


def json_value(one: object) -> Any:  # noqa: ANN401 (whatever JSON takes)
    """Give one value for JSON."""
    if isinstance(one, Text):
        return {"zh": one.zh, "en": one.en}
    if isinstance(one, Mapping):
        return {str(name): json_value(part) for name, part in one.items()}
    if isinstance(one, list | tuple):
        return [json_value(part) for part in one]
    return _plain(one)


def _plain(one: object) -> object:
    """Give a single value: null for what is missing or no number, text for times and what JSON does not know."""
    if one is None or one is pd.NA or one is pd.NaT:
        return None
    if isinstance(one, float | np.floating):
        return float(one) if np.isfinite(one) else None
    if isinstance(one, datetime):
        return one.isoformat()
    return one.item() if isinstance(one, np.generic) else one if isinstance(one, str | int) else str(one)
