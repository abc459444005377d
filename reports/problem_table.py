"""Problems of data as a table: what, where, found, expected, and what to do."""

from collections.abc import Sequence

import pandas as pd

from geo.errors import Problem
from geo.text import Text
from layers import Workspace
from layers.reading import LAYERS_FILE
from layers.schema import Grids

NAME = Grids.name
"""The column of names, called alike in all layers."""
BETWEEN = " / "
"""Stands between the ids of two rows that one problem is about."""
SEVERITY_WORDS = {
    "error": Text("错误：无法使用", "error: cannot be used"),
    "row": Text("此行不用", "row set aside"),
    "warning": Text("提示", "note"),
}
TITLES = {
    "severity": Text("程度", "Severity"),
    "file": Text("文件 / 图层", "File / layer"),
    "row": Text("行", "Row"),
    "column": Text("字段", "Column"),
    "found": Text("发现", "Found"),
    "expected": Text("应为", "Expected"),
    "remedy": Text("如何处理", "What to do"),
    "code": Text("问题代码", "Code"),
}


def problem_table(problems: Sequence[Problem], lang: str) -> pd.DataFrame:
    """Give problems as a table with the columns of ``TITLES``, in their order."""
    rows = [
        {
            **p._asdict(),
            "severity": SEVERITY_WORDS[p.severity].in_(lang),
            "found": p.found.in_(lang),
            "expected": p.expected.in_(lang),
            "remedy": p.remedy.in_(lang),
        }
        for p in problems
    ]
    return pd.DataFrame(rows, columns=list(TITLES), dtype="str")


def with_names(problems: Sequence[Problem], ws: Workspace) -> tuple[Problem, ...]:
    """Give problems with the name beside the id of a row where its layer has names, such as those of grids."""
    return tuple(one if one.row is None else one._replace(row=_named(one.file, one.row, ws)) for one in problems)


def _named(file: str, row: str, ws: Workspace) -> str:
    table = ws.tables.get(file.removeprefix(f"{LAYERS_FILE}:"))
    if table is None or NAME not in table:
        return row
    return BETWEEN.join(_with_name(one, table[NAME]) for one in row.split(BETWEEN))


def _with_name(row: str, names: pd.Series) -> str:
    if row not in names.index:
        return row
    name = names.loc[[row]].iloc[0]
    return row if pd.isna(name) or str(name).strip() in {"", row} else f"{row} {name}"


def severities(problems: Sequence[Problem]) -> dict[str, int]:
    """Count problems by severity; all three are always there."""
    return {key: sum(p.severity == key for p in problems) for key in SEVERITY_WORDS}
