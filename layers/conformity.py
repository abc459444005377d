"""A table in its declared types and limits without pandera, where all is plainly well; else pandera is asked.

pandera takes some milliseconds a column, for what two comparisons tell when nothing is wrong. What is
wrong it says well, so whatever is not certain here is left to it, and problems read the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pyarrow import large_string, nulls

Limits = Mapping[str, Any]


def _has_length(given: pd.Series, limits: Limits) -> Any:  # noqa: ANN401 (a truth of numpy or Python)
    if limits.get("exact_value") is not None:
        return False
    lengths = given.str.len()
    least, most = limits.get("min_value"), limits.get("max_value")
    return (least is None or lengths.min() >= least) and (most is None or lengths.max() <= most)


_HOLDS: Mapping[str, Callable[[pd.Series, Limits], Any]] = {
    "greater_than": lambda given, limits: given.min() > limits["min_value"],
    "greater_than_or_equal_to": lambda given, limits: given.min() >= limits["min_value"],
    "less_than": lambda given, limits: given.max() < limits["max_value"],
    "less_than_or_equal_to": lambda given, limits: given.max() <= limits["max_value"],
    "isin": lambda given, limits: given.isin(limits["allowed_values"]).all(),
    "str_length": _has_length,
}
"""Whether values, of which there are some and none is null, keep a limit; by the name of pandera's check."""
_WIDER: Mapping[str, str] = {"Int64": "i", "float64": "iuf", "boolean": "b", "datetime64[ns]": "M"}
"""Kinds of numpy whose values all have a place in a declared type, times within its years."""


def as_declared(table: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame | None:
    """Give a table the declared types and columns, as ``schema.validate`` does.

    Args:
        table: any table, with or without geometry.
        schema: of a layer.

    Returns:
        What pandera would give, or None where it might find a fault or this cannot tell.
    """
    if not table.columns.is_unique or schema.checks or schema.unique or not _is_id(table.index, schema.index):
        return None
    columns: dict[str, pd.Series] = {}
    for name, declared in schema.columns.items():
        found = _column(table[name], declared) if name in table else _empty(table.index, declared)
        if found is None:
            return None
        columns[name] = found
    changed = {n: one for n, one in columns.items() if n not in table or one.dtype != table[n].dtype}
    order = _order(list(table.columns), list(columns))
    whole = table.assign(**changed) if changed else table
    return whole if order == list(whole.columns) else whole[order]


def rising(values: pd.Series) -> bool:
    """Tell whether each value is greater than the one before: then all are sorted, none is null, and each is there once."""
    cells = values.array
    return not values.isna().any() and bool((cells[1:] > cells[:-1]).all())


def _is_id(index: pd.Index, declared: Any) -> bool:  # noqa: ANN401 (an index of pandera)
    """Tell whether ids are as declared; those in strict order are each there once."""
    if index.nlevels > 1 or index.name != declared.name or index.dtype != declared.dtype.type:
        return False
    ids = pd.Series(index)
    return (rising(ids) or index.is_unique) and _holds(ids, declared)


def _column(series: pd.Series, declared: Any) -> pd.Series | None:  # noqa: ANN401 (a column of pandera)
    """Give a column its declared type, None if that could fail or a limit is not kept."""
    wanted = declared.dtype.type
    typed = series
    if series.dtype != wanted:
        if not _has_place(series, str(wanted)):
            return None
        typed = series.astype(wanted)
    if declared.unique and not typed.is_unique:
        return None
    return typed if _holds(typed, declared) else None


def _has_place(series: pd.Series, wanted: str) -> bool:
    """Tell whether a type of numpy, or texts in another dress, can be made the wanted one without a loss."""
    if isinstance(series.dtype, pd.StringDtype) and wanted in {"str", "string"}:
        return True
    if not isinstance(series.dtype, np.dtype) or series.dtype.kind not in _WIDER.get(wanted, ""):
        return False
    if series.dtype.kind != "M" or series.isna().all():
        return True
    return bool(series.min() >= pd.Timestamp.min and series.max() <= pd.Timestamp.max)


def _holds(values: pd.Series, declared: Any) -> bool:  # noqa: ANN401 (a column or index of pandera)
    """Tell whether values keep every limit; nulls keep all but the one against nulls."""
    empty = values.isna()
    if empty.any() and not declared.nullable:
        return False
    if not declared.checks or empty.all():
        return True
    given = pd.Series(values.array[~empty.to_numpy()]) if empty.any() else values  # without the ids, which cost more
    return all(
        one.name in _HOLDS and one.ignore_na and bool(_HOLDS[one.name](given, one.statistics))
        for one in declared.checks
    )


def _empty(index: pd.Index, declared: Any) -> pd.Series | None:  # noqa: ANN401 (a column of pandera)
    """Make a column that is declared and not there; one that must be filled cannot be made."""
    if not declared.nullable or declared.default is not None:
        return None
    wanted = declared.dtype.type
    if isinstance(wanted, pd.StringDtype):
        return pd.Series(pd.array(nulls(len(index), large_string()), dtype=wanted), index=index)
    nothing = (
        pd.array([None], dtype=wanted)
        if not isinstance(wanted, np.dtype)
        else np.array(["NaT" if wanted.kind == "M" else np.nan], dtype=wanted)
    )
    return pd.Series(nothing.repeat(len(index)), index=index)


def _order(there: Sequence[str], declared: Iterable[str]) -> list[str]:
    """Put absent columns where pandera puts them: before the first one there that is declared after them."""
    rest, order = list(declared), []
    for name in there:
        while rest and rest[0] not in there:
            order.append(rest.pop(0))
        order.append(name)
        if name in rest:
            rest.remove(name)
    return order + rest
