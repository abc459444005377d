"""What a column may hold is said in words that a planner reads, for every column and every kind of fault."""

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pytest

from geo.errors import Problem
from geo.text import Text
from layers.catalog import CATALOG, LayerSpec
from layers.limits import NEEDED, allowed, value_problems
from layers.reading import typed

CHINESE = re.compile(r"[\u3400-\u9fff]")
PYTHON = re.compile(
    r"\w\(|[\[\]{}<>'\"?]|\bNone\b|\bnan\b|\bNaT\b|dtype|int64|float64|boolean|str_|isin|nullable|Error|datetime64|\b\w+_than\b",
    re.IGNORECASE,
)
GOOD: dict[str, Any] = {"float": 7.0, "int": 7, "bool": True, "date": pd.Timestamp("2024-01-01"), "str": "x"}
WRONG_KIND: dict[str, list[Any]] = {
    "float": ["six", pd.Timestamp("2024-01-01"), b"PK\x03\x04"],
    "int": ["six", 1.5, pd.Timestamp("2024-01-01"), b"PK\x03\x04"],
    "bool": ["maybe", 3, pd.Timestamp("2024-01-01")],
    "date": ["soon", True],
    "str": [],
}


def kind_of(column: Any) -> str:
    return next(kind for kind in ("float", "int", "bool", "date", "str") if str(column.dtype).lower().startswith(kind))


def good(column: Any) -> Any:
    for check in column.checks:
        if check.name == "isin":
            return check.statistics["allowed_values"][0]
        if "min_value" in check.statistics:
            return GOOD[kind_of(column)] * 0 + check.statistics["min_value"] + 1
    return GOOD[kind_of(column)]


def wrong_values(column: Any) -> Iterator[Any]:
    """One value against each check of the column, some of another kind, and a missing one where it must be filled."""
    yield from WRONG_KIND[kind_of(column)]
    for check in column.checks:
        limits = check.statistics
        if check.name == "isin":
            yield "surely not"
        elif limits.get("max_value") is not None:
            yield limits["max_value"] + 1
        elif "min_value" in limits:
            yield limits["min_value"] - 1
    if not column.nullable:
        yield None


def broken(spec: LayerSpec, name: str, values: list[Any]) -> list[Problem]:
    """The problems of a table that has these values in one column, after a good one."""
    schema = spec.schema.to_schema()
    rows = len(values) + 1
    columns = {key: [good(c)] * rows for key, c in schema.columns.items()}
    columns[name] = [good(schema.columns[name]), *values]
    ids = pd.Index([f"r{n}" for n in range(rows)], name=spec.id_column, dtype="str")
    return typed(pd.DataFrame(columns, index=ids), spec, f"layers.gpkg:{spec.key}")[1]


def codes_of(spec: LayerSpec, name: str) -> str:
    return "|".join(map(re.escape, spec.columns[name].get("codes") or {})) or "(?!)"


COLUMNS = [(key, name) for key, spec in CATALOG.items() for name in spec.columns]


@pytest.mark.parametrize(("key", "name"), COLUMNS, ids=[".".join(one) for one in COLUMNS])
def test_every_fault_of_every_column_is_told_in_words(key: str, name: str) -> None:
    spec = CATALOG[key]
    column = spec.schema.to_schema().columns[name]
    wrong = list(wrong_values(column))
    alone = [[one] for one in (*WRONG_KIND[kind_of(column)][-1:], *[None][: not column.nullable])]
    for values in [wrong, *alone] if wrong else []:
        problems = broken(spec, name, values)
        assert {p.row for p in problems} >= ({f"r{n + 1}" for n in range(len(values))} if len(values) > 1 else set())
        assert problems
        for one in problems:
            assert (one.code, one.column) == ("bad_value", name), one
            assert one.expected == allowed(column)
            assert (one.remedy == NEEDED) != column.nullable
            for said in (one.found, one.expected, one.remedy):
                zh, en = (re.sub(codes_of(spec, name), "", words) for words in said)
                assert not PYTHON.search(zh), said
                assert not PYTHON.search(en), said
                assert not CHINESE.search(en), said
            assert CHINESE.search(one.expected.zh) or kind_of(column) == "bool"
            assert one.found.zh == one.found.en or CHINESE.search(one.found.zh)


@pytest.mark.parametrize("key", CATALOG)
def test_an_id_is_described_too(key: str) -> None:
    assert allowed(CATALOG[key].schema.to_schema().index) == Text(
        "文本，不能为空，互不相同", "text, not empty, each once"
    )


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([pa.Check.gt(0)], Text("大于 0 的整数", "a whole number above 0")),
        ([pa.Check.ge(0)], Text("不小于 0 的整数", "a whole number of 0 or more")),
        ([pa.Check.lt(9)], Text("小于 9 的整数", "a whole number below 9")),
        ([pa.Check.gt(0), pa.Check.le(200)], Text("大于 0、不大于 200 的整数", "a whole number above 0 and of at most 200")),
        ([pa.Check.ge(1), pa.Check.le(5)], Text("1 至 5 的整数", "a whole number from 1 to 5")),
        ([pa.Check.in_range(1, 5)], Text("1 至 5 的整数", "a whole number from 1 to 5")),
        ([pa.Check.in_range(1, 5, include_max=False)], Text("不小于 1、小于 5 的整数", "a whole number of 1 or more and below 5")),
        ([pa.Check.isin([1, 2])], Text("以下之一：1、2", "one of: 1, 2")),
        ([], Text("整数", "a whole number")),
    ],
)  # fmt: skip
def test_limits_in_words(checks: list[pa.Check], expected: Text) -> None:
    assert allowed(pa.Column("Int64", checks, nullable=True)) == expected


def test_a_check_without_words_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        allowed(pa.Column("Int64", pa.Check.ne(3)))


def test_one_fraction_costs_one_row_not_the_column() -> None:
    one, two = broken(CATALOG["buildings"], "households", [1.5, 3.0, -1.0])
    assert (one.row, one.found, one.severity) == ("r1", Text.same("1.5"), "row")
    assert (two.row, two.found, two.severity) == ("r3", Text.same("-1"), "row")


def test_a_column_of_another_kind_is_told_as_a_whole() -> None:
    schema = CATALOG["buildings"].schema.to_schema()
    table = pd.DataFrame({"storeys": pd.to_timedelta([1, 2], "h")})
    cases = pd.DataFrame({"column": ["storeys"], "index": [None], "failure_case": [None], "check": ["dtype"]})
    (one,) = value_problems(cases, table, schema, "f")
    assert (one.severity, one.row, one.found.en) == ("error", None, "values of another kind")
