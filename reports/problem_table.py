"""Problems of data as a table: what, where, found, expected, and what to do."""

from collections.abc import Sequence

import pandas as pd

from geo.errors import Problem
from geo.text import Text

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


def severities(problems: Sequence[Problem]) -> dict[str, int]:
    """Count problems by severity; all three are always there."""
    return {key: sum(p.severity == key for p in problems) for key in SEVERITY_WORDS}
