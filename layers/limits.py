"""What a column may hold and what it holds instead, in words: the declared types and limits of the schemas."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray

from geo.errors import Problem
from geo.findings import value_found
from geo.text import Text
from layers.problems import problem, problems_of_rows

NEEDED = Text("填写或改正该值；此字段不能为空", "fill in or correct the value; the column cannot be left empty")
KINDS: Mapping[str, tuple[Text, Text]] = {
    "float": (Text("数", "a number"), Text("数", "numbers")),
    "int": (Text("整数", "a whole number"), Text("整数", "whole numbers")),
    "bool": (Text("true 或 false", "true or false"), Text("true 与 false", "true and false")),
    "date": (
        Text("日期时间，如 2021-08-31 18:00:00", "a date and time such as 2021-08-31 18:00:00"),
        Text("日期时间", "dates and times"),
    ),
    "str": (Text("文本", "text"), Text("文本", "texts")),
    "object": (Text("文本", "text"), Text("其他类型的值", "values of another kind")),
}
"""One value and many values of each kind, by how the name of its type in tables begins."""
_WORDS: Mapping[str, Text] = {
    "above": Text("大于 {above:g}", "above {above:g}"),
    "from": Text("不小于 {from:g}", "of {from:g} or more"),
    "below": Text("小于 {below:g}", "below {below:g}"),
    "to": Text("不大于 {to:g}", "of at most {to:g}"),
}
_CHECKS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "greater_than": lambda limits: {"above": limits["min_value"]},
    "greater_than_or_equal_to": lambda limits: {"from": limits["min_value"]},
    "less_than": lambda limits: {"below": limits["max_value"]},
    "less_than_or_equal_to": lambda limits: {"to": limits["max_value"]},
    "in_range": lambda limits: {
        "from" if limits["include_min"] else "above": limits["min_value"],
        "to" if limits["include_max"] else "below": limits["max_value"],
    },
    "isin": lambda limits: {"among": limits["allowed_values"]},
    "str_length": lambda _: {},  # only ids have it, and "not empty" is said of every column that must be filled
}
"""What each check of pandera demands, as fields of ``_WORDS`` or as "among"."""


def allowed(column: Any) -> Text:  # noqa: ANN401 (a pandera column or index)
    """Say what a declared column may hold, such as "a whole number from 1500 to 2100".

    Raises:
        KeyError: the column has a type or check that has no words here.
    """
    codes = (column.metadata or {}).get("codes") or {}
    said: dict[str, Any] = {}
    for check in column.checks:
        said |= _CHECKS[check.name](check.statistics)
    one, _ = KINDS[_kind(column.dtype)]
    words = _among(said["among"], codes) if "among" in said else _bounded(one, said)
    if not column.nullable:
        words = Text(f"{words.zh}，不能为空", f"{words.en}, not empty")
    return Text(f"{words.zh}，互不相同", f"{words.en}, each once") if column.unique else words


def _kind(dtype: object) -> str:
    name = str(dtype).lower().removeprefix("u")  # whole numbers without a sign are whole numbers
    return next((start for start in KINDS if name.startswith(start)), name)


def _among(values: Sequence[object], codes: Mapping[object, Text]) -> Text:
    words = [(str(value), codes.get(value, Text.same(value))) for value in values]
    zh = "、".join(value if said.zh == value else f"{value}（{said.zh}）" for value, said in words)
    en = ", ".join(value if said.en == value else f"{value} ({said.en})" for value, said in words)
    return Text(f"以下之一：{zh}", f"one of: {en}")


def _bounded(one: Text, said: Mapping[str, Any]) -> Text:
    if {"from", "to"} <= set(said):
        return Text("{from:g} 至 {to:g} 的{one}", "{one} from {from:g} to {to:g}").format(one=one, **said)
    parts = [_WORDS[key].format(**said) for key in said]
    if not parts:
        return one
    return Text(f"{'、'.join(p.zh for p in parts)} 的{one.zh}", f"{one.en} {' and '.join(p.en for p in parts)}")


def value_problems(cases: pd.DataFrame, table: pd.DataFrame, schema: pa.DataFrameSchema, place: str) -> list[Problem]:
    """List the values that a schema refuses, one problem a row and column, each with what is allowed there.

    Args:
        cases: ``failure_cases`` of pandera.
        table: what was checked, for the columns that are wrong as a whole.
        schema: the schema that refused it.
        place: the file and layer.
    """
    problems: list[Problem] = []
    for name, rows in cases.groupby("column", dropna=False, sort=True):
        column = schema.columns.get(str(name), schema.index)
        # A cell of the wrong type also fails the checks of the whole column: the cell says it better.
        placed = rows[rows["index"].notna()].drop_duplicates("index")
        if placed.empty:
            found = _column_found(table[name]) if name in table else value_found(rows["failure_case"].iloc[0])
            whole = problem("bad_value", place, column=str(name), found=found, severity="error")
            problems += _explained([whole], column)
        else:
            cells = [(i, value_found(v)) for i, v in zip(placed["index"], placed["failure_case"], strict=True)]
            problems += refused(cells, column, place)
    return problems


def refused(rows: Sequence[tuple[object, Text]], column: Any, place: str) -> list[Problem]:  # noqa: ANN401 (as above)
    """List values of one column, (row, found), that the column may not hold."""
    return _explained(problems_of_rows("bad_value", place, rows, column=str(column.name)), column)


def _explained(problems: Sequence[Problem], column: Any) -> list[Problem]:  # noqa: ANN401 (as above)
    """Add what the column may hold, and that it must be filled."""
    wanted = [p._replace(expected=allowed(column)) for p in problems]
    return wanted if column.nullable else [p._replace(remedy=NEEDED) for p in wanted]


def fraction_problems(
    table: pd.DataFrame, schema: pa.DataFrameSchema, place: str
) -> tuple[NDArray[np.bool_], list[Problem]]:
    """Find numbers with a fraction where whole ones belong: a single one would cost its whole column.

    Returns:
        Which rows have one, and the problems.
    """
    bad = np.zeros(len(table), dtype=bool)
    problems: list[Problem] = []
    for name, column in schema.columns.items():
        if (
            name not in table
            or _kind(column.dtype) != "int"
            or _kind(table[name].dtype) not in {"float", "str", "object"}
        ):
            continue
        plain = table[name].map(lambda cell: cell if isinstance(cell, int | float | str) else None)
        numbers = pd.to_numeric(plain, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        broken = np.isfinite(numbers) & (numbers != np.round(numbers))
        cells = [(i, value_found(cell)) for i, cell in table.loc[broken, name].items()]
        problems += refused(cells, column, place)
        bad |= broken
    return bad, problems


def _column_found(values: pd.Series) -> Text:
    """Say what kind of values a whole column holds."""
    _, many = KINDS.get(_kind(values.dtype), KINDS["object"])
    return many
