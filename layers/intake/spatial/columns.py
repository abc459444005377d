"""Columns out of loose values, as JSON and drawings give them: one type each, nothing rounded, nothing guessed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.text import Text
from layers.intake.spatial.faults import refuse

MOST_COLUMNS = 2_000
_LARGEST = 2**63
_EXACT = 2**53


def table_of(records: Sequence[Mapping[str, object]], *, file: str) -> pd.DataFrame:
    """Make a table of records; a column for each key in the order in which the keys first occur.

    Raises:
        DataError: more than ``MOST_COLUMNS`` keys.
    """
    names = list(dict.fromkeys(name for record in records for name in record))
    if len(names) > MOST_COLUMNS:
        raise refuse(file, "table_too_wide", Text(f"{len(names):,} 个字段", f"{len(names):,} fields"))
    columns = [column_of([record.get(name) for record in records]) for name in names]
    table = pd.DataFrame(dict(enumerate(columns)), index=pd.RangeIndex(len(records)))
    table.columns = pd.Index(unique_names(map(clean, names)), dtype="str")
    return table


def column_of(values: Sequence[Any]) -> pd.Series:
    """Give values a type that holds all of them as they are.

    Whole numbers stay whole, with gaps too; numbers that a fraction would round, and values of several
    kinds, become text as written; lists and objects become JSON text.
    """
    kinds = {type(value) for value in values if value is not None}
    gaps = any(value is None for value in values)
    if kinds == {bool}:
        return pd.Series(values, dtype="boolean" if gaps else "bool")
    if kinds == {int} and all(value is None or -_LARGEST <= value < _LARGEST for value in values):
        return pd.Series(pd.array(values, dtype="Int64" if gaps else "int64"))
    if kinds and kinds <= {int, float} and float in kinds and _fractions_suffice(values):
        return pd.Series([np.nan if value is None else float(value) for value in values])
    return pd.Series([None if value is None else as_text(value) for value in values], dtype="str")


def _fractions_suffice(values: Iterable[object]) -> bool:
    return all(abs(value) <= _EXACT for value in values if isinstance(value, int))


def as_text(value: object) -> str:
    """Write a loose value as text; what is no text already as JSON."""
    return clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def clean(text: str) -> str:
    """Replace halves of characters, which JSON allows and nothing else can store."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def unique_names(names: Iterable[str]) -> list[str]:
    """Make names unique by a number after those that occurred before; an empty one gets its place."""
    used: set[str] = set()
    result = []
    for at, given in enumerate(names, 1):
        name, number = given or f"column_{at}", 2
        while name in used:
            name, number = f"{given}_{number}", number + 1
        used.add(name)
        result.append(name)
    return result
