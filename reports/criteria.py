"""Criteria of a ranking: which measures count, how much, and between which goalposts."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import cast

from geo.errors import CriteriaError, Problem
from geo.findings import system_fault, text_fault, value_found
from geo.mcda import Normalisation
from geo.text import Text
from reports.built import BUILT
from reports.measures import Measure
from reports.voiced import VOICED

MEASURES: Mapping[str, Measure] = {m.key: m for m in (*VOICED, *BUILT)}
NORMALISATIONS: Mapping[Normalisation, Text] = {
    "goalposts": Text("固定标杆", "fixed goalposts"),
    "minmax": Text("极差标准化（随网格集合变化）", "min-max of the set (changes with the set of grids)"),
    "exponential": Text("指数化名次（随网格集合变化）", "exponential ranks (change with the set of grids)"),
}
FILE = "criteria.toml"
MORE_THAN_0 = Text("权重之和大于 0", "weights that sum to more than 0")


@dataclass(frozen=True)
class Criterion:
    """One measure with its weight; ``best`` scores 0 and ``worst`` scores 100 points of need."""

    key: str
    weight: float
    best: float
    worst: float

    @property
    def measure(self) -> Measure:
        """The measure that the criterion weighs."""
        return MEASURES[self.key]

    @property
    def title(self) -> Text:
        """Title of the measure."""
        return self.measure.title

    @property
    def unit(self) -> Text:
        """Unit of the measure."""
        return self.measure.unit

    @property
    def worse(self) -> str:
        """Which end is worse: "high" or "low"."""
        return "high" if self.worst > self.best else "low"


@dataclass(frozen=True)
class Criteria:
    """Several criteria and how their values are made comparable."""

    items: tuple[Criterion, ...]
    normalisation: Normalisation = "goalposts"

    def reweighed(self, weights: Mapping[str, float]) -> "Criteria":
        """Give the same criteria with other weights; keys that are not named keep theirs.

        Raises:
            CriteriaError: a key names no criterion, a weight is negative, or all are zero.
        """
        unknown = set(weights) - {c.key for c in self.items}
        problems = [
            _fault("weights", key, Text.same(key), _known(c.key for c in self.items)) for key in sorted(unknown)
        ]
        items = tuple(replace(c, weight=weights.get(c.key, c.weight)) for c in self.items)
        problems += _weight_problems(items, "weights")
        if problems:
            raise CriteriaError(problems)
        return Criteria(items, self.normalisation)


def read_criteria(path: Path | None = None, *, folder: Path | None = None) -> Criteria:
    """Read criteria from a TOML file.

    Args:
        path: the file; None takes ``standards/criteria.toml`` of the workspace or the bundled default.
        folder: the workspace.

    Raises:
        CriteriaError: lists every unknown measure, wrong number and weights that sum to zero.
    """
    own = None if folder is None else folder / "standards" / FILE
    source = path or (own if own is not None and own.is_file() else None)
    name = source.name if source else FILE
    try:
        content = source.read_bytes() if source else files("data").joinpath("standards", FILE).read_bytes()
    except OSError as error:
        expected = Text("可读取的文件", "a file that can be read")
        raise CriteriaError([_fault(name, None, system_fault(error), expected)]) from error
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        expected = Text("UTF-8 编码的 TOML", "TOML in UTF-8")
        raise CriteriaError([_fault(name, None, text_fault(content, error), expected)]) from error
    return _checked(table, name)


def _checked(table: Mapping[str, object], name: str) -> Criteria:
    problems = []
    normalisation = table.get("normalisation", "goalposts")
    if normalisation not in NORMALISATIONS:
        problems.append(_fault(name, "normalisation", value_found(normalisation), _known(NORMALISATIONS)))
    entries = table.get("criteria", {})
    items: list[Criterion] = []
    for key, entry in entries.items() if isinstance(entries, dict) else ():
        found, faults = _criterion(key, entry, name)
        problems += faults
        items += found
    problems += [
        _fault(name, key, Text.same(key), Text("normalisation 或 criteria", "normalisation or criteria"))
        for key in table
        if key not in ("normalisation", "criteria")
    ]
    if items or not problems:
        problems += _weight_problems(tuple(items), name)
    if problems:
        raise CriteriaError(problems)
    return Criteria(tuple(items), cast("Normalisation", normalisation))


def _criterion(key: str, entry: object, name: str) -> tuple[list[Criterion], list[Problem]]:
    measure = MEASURES.get(key)
    if measure is None:
        return [], [_fault(name, f"criteria.{key}", Text.same(key), _known(MEASURES))]
    if not isinstance(entry, dict):
        return [], [
            _fault(name, f"criteria.{key}", value_found(entry), Text("含 weight 的表", "a table with a weight"))
        ]
    numbers = {"weight": None, "best": measure.best, "worst": measure.worst, **entry}
    wrong = [k for k, v in numbers.items() if k not in ("weight", "best", "worst") or not _is_number(v)]
    expected = Text("数字 weight，可选 best、worst", "numbers: weight, and if wanted best and worst")
    problems = [_fault(name, f"criteria.{key}.{k}", value_found(numbers[k]), expected) for k in wrong]
    if not problems and numbers["best"] == numbers["worst"]:
        problems.append(
            _fault(
                name,
                f"criteria.{key}",
                Text("best 与 worst 相等", "best and worst alike"),
                Text("两个不同的标杆", "two different goalposts"),
            )
        )
    if problems:
        return [], problems
    return [Criterion(key, float(numbers["weight"]), float(numbers["best"]), float(numbers["worst"]))], []


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _weight_problems(items: tuple[Criterion, ...], name: str) -> list[Problem]:
    negative = [
        _fault(name, c.key, value_found(float(c.weight)), Text("不小于 0 的权重", "a weight of 0 or more"))
        for c in items
        if not (c.weight >= 0 and math.isfinite(c.weight))
    ]
    if not negative and not sum(c.weight for c in items) > 0:
        return [_fault(name, "weight", Text("权重之和为 0", "weights that sum to 0"), MORE_THAN_0)]
    return negative


def _known(keys: object) -> Text:
    have = ", ".join(map(str, keys))  # type: ignore[call-overload]
    return Text(f"以下之一：{have}", f"one of: {have}")


def _fault(file: str, key: str | None, found: Text, expected: Text) -> Problem:
    remedy = Text("改正该文件；示例见内置的 criteria.toml", "mend the file; the bundled criteria.toml is an example")
    return Problem("criteria", "error", file, None, key, found, expected, remedy)
