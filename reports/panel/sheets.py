"""Sheets of pairwise judgements: one person's answers, kept as ``plans/ahp-*.toml`` in the workspace.

Only one direction of each pair is kept. The other is its reciprocal and is never asked for, so that 0.33 against 3
is no contradiction; a file that holds both directions is taken if they agree as printed thirds do.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from geo.errors import CriteriaError, Problem
from geo.files import whole_file
from geo.findings import system_fault, text_fault, value_found
from geo.text import Text

FOLDER, PREFIX = "plans", "ahp-"
MOST = 9.0
"""End of Saaty's scale: nine times as important."""
_NEAR = 0.05  # how far a number may lie from the reciprocal that it was printed for, as a share
_SAME = 1e-9  # numbers so near are one
_LONGEST = 40  # characters of a name in the name of a file
Pairs = Mapping[tuple[str, str], float]
VALUE = Text("1/9 到 9 的数，如 3 或 1/3", "a number from 1/9 to 9, such as 3 or 1/3")
REMEDY = Text("在判断表中改正", "mend it in the sheet")


@dataclass(frozen=True)
class Sheet:
    """One person's comparisons: ``values`` says how many times as important the first of a pair is as the second.

    ``role`` parts the panel, such as "experts" and "residents"; ``made_at`` is local time.
    """

    author: str
    role: str
    made_at: datetime
    values: Pairs

    def said(self, first: str, second: str) -> float | None:
        """Give what was said of a pair, in either direction; None if nothing was."""
        if (first, second) in self.values:
            return self.values[first, second]
        other = self.values.get((second, first))
        return None if other is None else 1 / other


def number_said(word: object) -> float | None:
    """Read a judgement: 3, "1/3", 0.33 (which is a third); None for what is no number of the scale."""
    try:
        found = float(Fraction(str(word).strip()))
    except (ValueError, ZeroDivisionError):
        return None
    if not 0 < found < float("inf"):
        return None
    found = found if found >= 1 else 1 / _whole(1 / found)
    return found if 1 / MOST - 1e-12 <= found <= MOST + 1e-12 else None


def _whole(value: float) -> float:
    """Take 3.03, which 1/0.33 gives, for 3; other numbers stay as they are."""
    near = float(round(value))
    return near if abs(value - near) <= 0.01 * near * near and abs(value - near) <= _NEAR * near else value


def shown(value: float) -> str:
    """Write a judgement as a person would: 3, 1/3, 2.5."""
    exact = Fraction(value).limit_denominator(9)
    if abs(float(exact) - value) < _SAME and (exact.numerator == 1 or exact.denominator == 1):
        return str(exact)
    return f"{value:.3g}"


def file_name(sheet: Sheet) -> str:
    """Name the file of a sheet after its author and time."""
    slug = re.sub(r"[^\w\-]+", "-", sheet.author).strip("-")[:_LONGEST] or "sheet"
    return f"{PREFIX}{slug}-{sheet.made_at:%Y%m%d-%H%M%S}.toml"


def sheet_toml(sheet: Sheet) -> str:
    """Write a sheet as TOML, the same bytes for the same sheet."""
    head = [f"author = {_quoted(sheet.author)}", f"role = {_quoted(sheet.role)}"]
    head += [f"date = {sheet.made_at.isoformat(sep=' ', timespec='seconds')}", ""]
    note = "# 前者比后者重要几倍，只记一个方向。 / How many times as important the first is as the second."
    lines = [f"{_quoted(f'{a} : {b}')} = {value!r}" for (a, b), value in sheet.values.items()]
    return "\n".join([note, *head, "[pairs]", *lines]) + "\n"


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False).replace("\x7f", "\\u007F")  # JSON escapes as TOML does, but for one


def save_sheet(folder: Path, sheet: Sheet) -> Path:
    """Keep a sheet in the workspace at ``folder``; give the file.

    Raises:
        CriteriaError: no author, or nothing was compared.
    """
    if not sheet.author.strip() or not sheet.values:
        found = Text("没有署名或没有比较", "no author or no comparison")
        raise CriteriaError([_fault(FOLDER, None, found, Text("署名的判断表", "a sheet with the name of its author"))])
    path = folder / FOLDER / file_name(sheet)
    path.parent.mkdir(exist_ok=True)
    with whole_file(path) as part:
        part.write_text(sheet_toml(sheet), encoding="utf-8")
    return path


def stored_sheets(folder: Path) -> dict[str, Sheet]:
    """Give the sheets of a workspace by file name, the latest of each author last.

    Raises:
        CriteriaError: a file cannot be read as a sheet; lists every fault of it.
    """
    found = {path.name: read_sheet(path) for path in sorted((folder / FOLDER).glob(f"{PREFIX}*.toml"))}
    return dict(sorted(found.items(), key=lambda one: (one[1].made_at, one[0])))


def latest(sheets: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """Keep the last sheet of each author in each role."""
    last = {(one.author, one.role): name for name, one in sheets.items()}
    return {name: sheets[name] for name in sheets if name in set(last.values())}


def read_sheet(path: Path) -> Sheet:
    """Read a sheet.

    Raises:
        CriteriaError: not TOML, no author, or pairs that are no judgements; lists all faults.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        expected = Text("可读取的判断表文件", "a sheet that can be read")
        raise CriteriaError([_fault(path.name, None, system_fault(error), expected)]) from error
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        expected = Text("UTF-8 编码的 TOML", "TOML in UTF-8")
        raise CriteriaError([_fault(path.name, None, text_fault(content, error), expected)]) from error
    return _checked(table, path.name)


def _checked(table: Mapping[str, object], name: str) -> Sheet:
    author, made_at = table.get("author"), table.get("date")
    problems = []
    if not isinstance(author, str) or not author.strip():
        problems.append(_fault(name, "author", value_found(author), Text("填表人姓名", "the name of the author")))
    if not isinstance(made_at, date):
        problems.append(_fault(name, "date", value_found(made_at), Text("日期或时间", "a date or a time")))
    pairs = table.get("pairs")
    values, faults = _pairs(pairs if isinstance(pairs, dict) else {}, name)
    problems += faults
    if not values and not faults:
        problems.append(_fault(name, "pairs", value_found(pairs), Text("至少一对比较", "at least one comparison")))
    if problems or not isinstance(made_at, date):
        raise CriteriaError(problems)
    moment = made_at if isinstance(made_at, datetime) else datetime(made_at.year, made_at.month, made_at.day)  # noqa: DTZ001 (local)
    return Sheet(str(author), str(table.get("role") or ""), moment.replace(tzinfo=None), values)


def _pairs(table: Mapping[str, object], name: str) -> tuple[dict[tuple[str, str], float], list[Problem]]:
    values: dict[tuple[str, str], float] = {}
    problems = []
    for key, word in table.items():
        first, _, second = (part.strip() for part in key.partition(":"))
        value = number_said(word) if first and second and first != second else None
        before = values.get((second, first))
        if value is None:
            problems.append(_fault(name, f"pairs.{key}", value_found(word), VALUE))
        elif before is None:
            values[first, second] = value
        elif abs(before * value - 1) > _NEAR:
            both = Text.same(f"{shown(value)} · {shown(before)}")
            problems.append(_fault(name, f"pairs.{key}", both, Text("两个方向互为倒数", "each the other's reciprocal")))
    return values, problems


def _fault(file: str, column: str | None, found: Text, expected: Text) -> Problem:
    return Problem("ahp_sheet", "error", file, None, column, found, expected, REMEDY)
