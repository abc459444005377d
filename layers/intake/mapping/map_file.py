"""A mapping changed by a person, and written to a file: every fault of a change is told, not only the first."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

from geo.errors import DataError, Problem
from geo.findings import NOTHING, text_fault, value_found
from geo.text import Text
from layers.catalog import LayerSpec
from layers.intake.cells.amounts import QUANTITIES, quantity_of
from layers.intake.cells.units import Tail, tail_of
from layers.intake.mapping.proposal import Choice, ColumnMap, Settings
from layers.intake.mapping.targets import EXTRA, LEFT_OUT, TARGETS, column_kind, role_of, title_of
from layers.problems import Fault, problem

FAULTS: dict[str, Fault] = {
    "unknown_heading": Fault(
        "error",
        Text("文件中的表头", "a heading of the file"),
        Text("按文件中的写法改正，或删除此行", "write it as the file does, or delete the line"),
    ),
    "unknown_target": Fault(
        "error",
        Text(
            "图层的字段、其他可识别的内容，或 extra、left_out",
            "a column of the layer, a known target, extra or left_out",
        ),
        Text("改正字段名", "correct the name of the column"),
    ),
    "target_taken": Fault(
        "error",
        Text("每个字段只对应一列", "one heading for each column"),
        Text("只保留一列，其余改为 extra", "keep one of them and set the others to extra"),
    ),
    "unit_not_fitting": Fault(
        "error",
        Text("与字段相符的单位", "a unit that fits the column"),
        Text("改正单位，或删除此行", "correct the unit, or delete the line"),
    ),
    "map_not_toml": Fault(
        "error", Text("UTF-8 编码的 TOML 文件", "a TOML file in UTF-8"), Text("改正该行", "correct the line")
    ),
    "map_bad_value": Fault(
        "error",
        Text("对照文件允许的取值", "a value that a mapping allows"),
        Text("改正该值，或删除此行", "correct it, or delete the line"),
    ),
}
CHOSEN = Text("由用户指定", "chosen by the user")
_SETTINGS: Mapping[str, tuple[type, Text]] = {
    "year": (int, Text("年份，如 2021", "a year, such as 2021")),
    "month": (int, Text("1 至 12 的月份", "a month from 1 to 12")),
    "date_order": (str, Text("dmy、mdy 或 ymd", "dmy, mdy or ymd")),
    "decimal": (str, Text("“.” 或 “,”", "“.” or “,”")),
    "zone": (str, Text("时区名，如 Asia/Shanghai", "the name of a time zone, such as Asia/Shanghai")),
}
_FIRST_YEAR, _LAST_YEAR, _MONTHS = 1900, 2100, 12
_NEAR = 0.4


def edited(
    proposed: ColumnMap,
    changes: Mapping[str, str],
    spec: LayerSpec,
    *,
    units: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    file: str = "",
) -> ColumnMap:
    """Give the mapping with changes by a person; what was asked about is asked no more.

    Args:
        proposed: the mapping to change.
        changes: by heading a column of the layer, a key of ``TARGETS``, ``EXTRA`` or ``LEFT_OUT``.
        spec: the layer.
        units: by heading the unit of bare numbers.
        settings: in place of those of the mapping.
        file: name in the messages.

    Raises:
        DataError: unknown headings or targets, a column given twice, a unit that does not fit; all of them.
    """
    choices = {choice.heading: choice for choice in proposed.choices}
    found = list(_changed(choices, changes, spec, file))
    found += _with_units(choices, units or {}, spec, file)
    by_target: dict[str, list[str]] = {}
    for choice in choices.values():
        by_target.setdefault(choice.target, []).append(choice.heading)
    for target, headings in by_target.items():
        asked = [heading for heading in headings if heading in changes]
        if len(headings) > 1 and role_of(target, spec) in {"column", "place", "case", "text"}:
            if len(asked) > 1 or target not in changes.values():
                words = Text("、".join(headings), ", ".join(headings))
                found += [_problem("target_taken", file, target, words)] if asked else []
            else:  # the person's word goes before the proposal's
                choices |= {h: choices[h]._replace(target=EXTRA, role=EXTRA) for h in headings if h not in asked}
    if found:
        raise DataError(found)
    told = {*changes, *(choice.target for choice in choices.values())}
    left = [question for question in proposed.questions if question.column not in told]
    return replace(
        proposed, choices=tuple(choices.values()), questions=tuple(left), settings=settings or proposed.settings
    )


def _problem(  # noqa: PLR0917 (in the order of the fields of a problem)
    code: str, file: str, column: str | None, found: Text, expected: Text | None = None
) -> Problem:
    made = problem(code, file, column=column, found=found, faults=FAULTS)
    return made if expected is None else made._replace(expected=expected)


def _nearest(word: str, known: list[str], fault: str) -> Text:
    """Say what was expected, with the nearest known word."""
    near = get_close_matches(word, known, n=1, cutoff=_NEAR)
    said = FAULTS[fault].expected
    return Text(f"{said.zh}；最接近的是“{near[0]}”", f"{said.en}; the nearest is “{near[0]}”") if near else said


def _changed(choices: dict[str, Choice], changes: Mapping[str, str], spec: LayerSpec, file: str) -> Iterator[Problem]:
    """Put the changes into the choices; tell those that cannot be."""
    targets = [spec.id_column, *spec.columns, *TARGETS, EXTRA, LEFT_OUT]
    for heading, target in changes.items():
        if heading not in choices:
            near = _nearest(heading, list(choices), "unknown_heading")
            yield _problem("unknown_heading", file, heading, value_found(heading), near)
        if target not in targets:
            near = _nearest(target, targets, "unknown_target")
            yield _problem("unknown_target", file, heading, value_found(target), near)
        elif heading in choices:
            choices[heading] = choices[heading]._replace(
                target=target, role=role_of(target, spec), confidence=1.0, reason=CHOSEN
            )


def _with_units(choices: dict[str, Choice], units: Mapping[str, str], spec: LayerSpec, file: str) -> Iterator[Problem]:
    """Put units into the choices; tell those that do not fit their column."""
    for heading, unit in units.items():
        if heading not in choices:
            near = _nearest(heading, list(choices), "unknown_heading")
            yield _problem("unknown_heading", file, heading, value_found(heading), near)
            continue
        kind = column_kind(choices[heading].target, spec)
        known = isinstance(tail_of(unit, kind), Tail) if kind in QUANTITIES else quantity_of(unit) is not None
        if not known:
            title = title_of(choices[heading].target, spec)
            expected = Text("适合“{t}”的单位", "a unit that fits “{t}”").format(t=title)
            yield _problem("unit_not_fitting", file, heading, value_found(unit), expected)
        choices[heading] = choices[heading]._replace(unit=unit)


def to_toml(mapping: ColumnMap) -> str:
    """Write a mapping as it is remembered: every heading, units, and what the cells do not say."""
    lines = [f"layer = {_quoted(mapping.layer)}", f"fingerprint = {_quoted(mapping.fingerprint)}", "", "[columns]"]
    lines += [f"{_quoted(choice.heading)} = {_quoted(choice.target)}" for choice in mapping.choices]
    lines += ["", "[units]"] + [f"{_quoted(c.heading)} = {_quoted(c.unit)}" for c in mapping.choices if c.unit]
    said = {name: value for name, value in mapping.settings._asdict().items() if value is not None}
    lines += ["", "[settings]"] + [f"{k} = {_quoted(v) if isinstance(v, str) else v}" for k, v in said.items()]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    """Write a TOML string; JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def from_toml(content: bytes, proposed: ColumnMap, spec: LayerSpec, *, file: str = "map.toml") -> ColumnMap:
    """Read a mapping and lay it over the proposed one; headings that it does not name stay as proposed.

    Raises:
        DataError: no TOML, another layer, unknown keys, headings, targets or units; all of them.
    """
    try:
        tables = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError([_problem("map_not_toml", file, None, text_fault(content, error))]) from error
    found = list(_shape_faults(tables, spec, file))
    columns, units, settings = (_table(tables.get(key)) for key in ("columns", "units", "settings"))
    wrong = list(_setting_faults(settings, file))
    good = {} if wrong else settings
    try:
        mapping = edited(
            proposed,
            {heading: target for heading, target in columns.items() if isinstance(target, str)},
            spec,
            units={heading: unit for heading, unit in units.items() if isinstance(unit, str)},
            settings=Settings(**{**proposed.settings._asdict(), **good}),
            file=file,
        )
    except DataError as error:
        raise DataError([*found, *wrong, *error.problems]) from error
    if found or wrong:
        raise DataError([*found, *wrong])
    return mapping


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _shape_faults(tables: Mapping[str, object], spec: LayerSpec, file: str) -> Iterator[Problem]:
    """Tell what is no part of a mapping."""
    for key, value in tables.items():
        if key not in {"layer", "fingerprint", "columns", "units", "settings"}:
            keys = Text("layer、columns、units 或 settings", "layer, columns, units or settings")
            yield _problem("map_bad_value", file, key, value_found(key), keys)
        elif key == "layer" and value != spec.key:
            yield _problem("map_bad_value", file, key, value_found(value), Text.same(spec.key))
        elif key in {"columns", "units", "settings"} and not isinstance(value, dict):
            yield _problem("map_bad_value", file, key, value_found(value), Text("表", "a table"))
        elif isinstance(value, dict) and key != "settings":
            wrong = [(name, cell) for name, cell in value.items() if not isinstance(cell, str)]
            for name, cell in wrong:
                yield _problem("map_bad_value", file, name, value_found(cell), Text("文字", "a text"))


def _setting_faults(settings: Mapping[str, object], file: str) -> Iterator[Problem]:
    """Tell settings that are unknown or out of range."""
    for name, value in settings.items():
        kind, expected = _SETTINGS.get(name, (str, Text("、".join(_SETTINGS), ", ".join(_SETTINGS))))
        if name not in _SETTINGS:
            yield _problem("map_bad_value", file, name, value_found(name), expected)
        elif type(value) is not kind or not _in_range(name, value):
            yield _problem("map_bad_value", file, name, value_found(value) if value != "" else NOTHING, expected)


def _in_range(name: str, value: object) -> bool:
    match name, value:
        case "year", int():
            return _FIRST_YEAR <= value <= _LAST_YEAR
        case "month", int():
            return 1 <= value <= _MONTHS
        case "date_order", _:
            return value in {"dmy", "mdy", "ymd"}
        case "decimal", _:
            return value in {".", ","}
    return value in available_timezones()
