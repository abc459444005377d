"""Where the heading of a table is: pure functions on rows of cells of any type.

The rule. Each of the first rows gets a score: 2 x share of the table's columns that it fills,
1.5 x share of its cells that are words (no numbers, no dates), 0.5 x share that are distinct, 0.5 x
share that are short, 2 x share that are usual headings (编号, 地址, name, lat ...) and 1 x share of
columns in which words stand above numbers or dates; the first row with the best score is taken. A row
of group headings above it, or the lower half of a two-row heading below it, is joined: it is recognised
by cells that span several columns (merged, or blank cells to the right) with short words under all of
them. The choice is unsure when another row that is no part of the heading scores nearly as well, when
rows that are no titles lie above it, or when half of the heading is not words.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

JOIN = "/"
"""Between the two halves of a heading: 整改/时限."""
LOOKED_AT = 40
"""Rows in which the heading is looked for."""
_DEEPEST = 3
_MARGIN = 0.3
_GROUP_NAME = 16
_SHORT = 24
_MOST_TITLE_CELLS = 2
_SMALLEST_GROUP = 2
_NUMBER = re.compile(r"[-+－＋]?[\d０-９][\d０-９.．,，:：/%％°′″'\"\s-]*[a-zA-Z%％°元年月日号米㎡]{0,3}")
_DATE = re.compile(r"(\d{4}\s*年)?\s*(\d{1,2}\s*月)?\s*(\d{1,2}\s*[日号])?(以?前|底前?)?")
_USUAL = re.compile(
    r".*(编号|编码|序号|名称|姓名|类别|类型|大类|小类|描述|诉求|内容|地址|位置|点位|网格|片区|楼栋|单元|电话|来源|渠道|时间|日期|时限|期限|"
    r"单位|责任|领导|措施|进展|状态|情况|满意度|经度|纬度|坐标|照片|备注|数量|面积|金额|投资|户数|人数|小区|社区|街道|得分|项目)"
    r"|\s*(no\.?|id|.*[_ ]id|.*name|title|type|category|class|.*date|.*time|.*_at|.*_dt|opened|closed|due|status|state|reason|"
    r"subject|source|department|address|street|location|neighbou?rhood|ward|district|grid|zip|zip ?code|lat(itude)?|lon(gitude)?|lng|"
    r"x|y|.*phone|.*mail|desc(ription)?|remarks?|notes?|amount|count|quantity|area|cost|url|photo)\s*",
    re.IGNORECASE,
)
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_BREAK = re.compile(rf"(?<=[{_WIDE}])\s+(?=[{_WIDE}])")
_REPORT = re.compile(r"((?:19|20)\d{2})\s*[年./-]\s*(?:(\d{1,2})\s*(?:[月./-]|$)\s*(?:(\d{1,2})\s*[日号]?)?)?")
_UNIT = re.compile(r"(?<!填报)(?<!编制)(?<!责任)单位\s*[:：]\s*([^\s,，;；、。)）]{1,8})")


class Merge(NamedTuple):
    """A merged range: first and last row and column, from 0, both included."""

    top: int
    left: int
    bottom: int
    right: int


class Heading(NamedTuple):
    """What heads a table.

    ``first`` and ``last`` are positions of the heading's rows, -1 where a table has none; ``names`` by
    column, "" where a column has none; ``rival`` is the position of another row that might be it.
    """

    first: int
    last: int
    names: tuple[str, ...]
    sure: bool = True
    rival: int | None = None


def is_blank(cell: object) -> bool:
    """Tell whether a cell holds nothing that could be seen."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def wording(cell: object) -> str:
    """Write a cell as the words of a heading or title: on one line, without breaks inside Chinese words."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).upper()
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() | date() | time():
            return cell.isoformat()
    return " ".join(_BREAK.sub("", str(cell).strip()).split())


def is_words(cell: object) -> bool:
    """Tell whether a cell holds words rather than a number, a date or nothing."""
    if is_blank(cell) or isinstance(cell, int | float | date | time | timedelta):
        return False
    text = str(cell).strip()
    return not (_NUMBER.fullmatch(text) or _DATE.fullmatch(text))


def find_heading(
    rows: Sequence[Sequence[object]], merges: Iterable[Merge] = (), *, given: int | None = None
) -> Heading:
    """Find the heading of a table by its first rows.

    Args:
        rows: the first rows of the table, of any length each; ``LOOKED_AT`` are looked at.
        merges: merged ranges in the positions of ``rows``.
        given: the position of the (last) row of the heading if it is known, -1 for a table without one.
    """
    width = max((len(row) for row in rows), default=0)
    spans = [one for one in merges if one.top < LOOKED_AT]
    head = [[*row, *[None] * (width - len(row))] for row in rows[:LOOKED_AT]]
    if given is not None and given < 0:
        return Heading(-1, -1, ("",) * width)
    scores = _scores(head)
    if given is None and not scores:
        return Heading(-1, -1, ("",) * width)
    best = given if given is not None else max(scores, key=lambda at: (scores[at], -at))
    first, last = best, best
    while first > 0 and last - first < _DEEPEST - 1 and _groups(head, first - 1, spans):
        first -= 1
    while given is None and last + 1 < len(head) and last - first < _DEEPEST - 1 and _groups(head, last, spans):
        last += 1
    names = _names(head, first, last, spans)
    if given is not None:
        return Heading(first, last, names)
    rival = _rival(head, scores, best, range(first, last + 1))
    doubtful = 2 * sum(is_words(cell) for cell in head[best]) < sum(not is_blank(cell) for cell in head[best])
    return Heading(first, last, names, rival is None and not doubtful, rival)


def _scores(head: list[list[object]]) -> dict[int, float]:
    """Score each row that can be a heading, by position."""
    filled = [sum(not is_blank(cell) for cell in row) for row in head]
    width = max(filled, default=0)
    least = min(2, width)
    return {at: _score(head, at, width) for at, count in enumerate(filled) if count >= least and count > 0}


def _score(head: list[list[object]], at: int, width: int) -> float:
    cells = [(place, cell) for place, cell in enumerate(head[at]) if not is_blank(cell)]
    count = len(cells)
    words = [wording(cell) for _, cell in cells]
    below = [row for row in head[at + 1 : at + 7] if 2 * sum(not is_blank(cell) for cell in row) >= width][:5]
    contrast = sum(is_words(cell) and _numbers_below(below, place) for place, cell in cells)
    return (
        2 * count / width
        + 1.5 * sum(is_words(cell) for _, cell in cells) / count
        + 0.5 * len(set(words)) / count
        + 0.5 * sum(len(word) <= _SHORT for word in words) / count
        + 2 * sum(len(word) <= _SHORT and _USUAL.fullmatch(word) is not None for word in words) / count
        + contrast / count
    )


def _numbers_below(below: list[list[object]], place: int) -> bool:
    cells = [row[place] for row in below if not is_blank(row[place])]
    return bool(cells) and 2 * sum(not is_words(cell) for cell in cells) > len(cells)


def _rival(head: list[list[object]], scores: dict[int, float], best: int, taken: range) -> int | None:
    """Find another row that might be the heading: one above that is no title, or one that scores nearly as well."""
    first = taken.start
    above = [at for at in scores if at < first and sum(_is_entry(cell) for cell in head[at]) > _MOST_TITLE_CELLS]
    above += [at for at in scores if at < first and scores[best] - scores[at] < _MARGIN]
    # Where nothing lies above it, the first row is the heading by convention.
    below = [at for at in scores if at >= taken.stop and scores[best] - scores[at] < _MARGIN / 3]
    said = {tuple(wording(cell) for cell in head[at]) for at in taken}
    rivals = above + (below if min(scores) < first else [])
    return min((at for at in rivals if tuple(wording(cell) for cell in head[at]) not in said), default=None)


def _is_entry(cell: object) -> bool:
    return not is_blank(cell) and not re.search("[:：]", str(cell))


def _span(head: list[list[object]], at: int, place: int, spans: list[Merge]) -> int:
    """Give the last column over which a cell of a heading stands: its merged range, or blank cells beside it."""
    for one in spans:
        if one.top <= at <= one.bottom and one.left == place:
            return one.right
    if any(one.top <= at <= one.bottom and one.left <= place <= one.right for one in spans):
        return place
    under = head[at + 1] if at + 1 < len(head) else []
    last = place
    while last + 1 < len(under) and is_blank(head[at][last + 1]) and not is_blank(under[last + 1]):
        last += 1
    return last if not is_blank(under[place] if place < len(under) else None) else place


def _groups(head: list[list[object]], at: int, spans: list[Merge]) -> bool:
    """Tell whether a row names groups of the headings in the row under it."""
    upper, lower = head[at], head[at + 1]
    named = [place for place, cell in enumerate(upper) if not is_blank(cell)]
    under = [place for place, cell in enumerate(lower) if not is_blank(cell)]
    if not _group_names(upper, named) or not all(_is_name(lower[place]) for place in under):
        return False
    reach = {place: _span(head, at, place, spans) for place in named}
    grouped = {c for place, last in reach.items() if last > place for c in range(place, last + 1)}
    merged = any(one.top <= at <= one.bottom and one.right > one.left for one in spans)
    if len(grouped.intersection(under)) < _SMALLEST_GROUP or not (merged or _plain_groups(head, at, named)):
        return False
    if len(named) == 1 and grouped.issuperset(under):
        return False  # a title over all of the table
    alone = set(named) - grouped
    return all(wording(upper[place]) == wording(lower[place]) for place in alone.intersection(under))


def _plain_groups(head: list[list[object]], at: int, named: list[int]) -> bool:
    """Tell whether blank cells beside a heading mean a group where nothing is merged: the row below must look like one."""
    lower, below = head[at + 1], head[at + 2 : at + 5]
    usual = any(_USUAL.fullmatch(wording(cell)) for cell in lower)
    return len(named) > 1 and (usual or any(is_words(c) and _numbers_below(below, p) for p, c in enumerate(lower)))


def _group_names(row: list[object], named: list[int]) -> bool:
    return bool(named) and all(_is_name(row[place]) and len(wording(row[place])) <= _GROUP_NAME for place in named)


def _is_name(cell: object) -> bool:
    """Tell whether a cell could be part of a heading: words, short, no entry such as 单位：元."""
    text = wording(cell)
    return is_words(cell) and len(text) <= _SHORT and not re.search(r"[:：。；]", text)


def _names(head: list[list[object]], first: int, last: int, spans: list[Merge]) -> tuple[str, ...]:
    """Join the rows of a heading by column; a word that repeats the one above it is not said twice."""
    width = len(head[first]) if head else 0
    parts: list[list[str]] = [[] for _ in range(width)]
    for at in range(first, last + 1):
        line = [wording(cell) for cell in head[at]]
        if at < last:
            for place in [place for place, word in enumerate(line) if word]:
                for over in range(place + 1, min(_span(head, at, place, spans), width - 1) + 1):
                    line[over] = line[place]
        for place, word in enumerate(line):
            if word and parts[place][-1:] != [word]:
                parts[place].append(word)
    return tuple(JOIN.join(words) for words in parts)


def unique_names(names: Sequence[str], labels: Sequence[str]) -> tuple[tuple[str, ...], list[str], list[str]]:
    """Make headings unique.

    Args:
        names: headings, "" where there is none.
        labels: what to call a column without a heading, by column.

    Returns:
        The unique names; the headings that occur more than once; the labels that were taken.
    """
    wanted = [name or label for name, label in zip(names, labels, strict=True)]
    taken, result, repeated = set(wanted), list[str](), list[str]()
    seen: set[str] = set()
    for name in wanted:
        number, one = 2, name
        while one in seen or (one != name and one in taken):
            one, number = f"{name} ({number})", number + 1
        if one != name:
            repeated.append(name)
        seen.add(one)
        result.append(one)
    missing = [label for name, label in zip(names, labels, strict=True) if not name]
    return tuple(result), list(dict.fromkeys(repeated)), missing


def title_facts(rows: Iterable[Sequence[object]]) -> dict[str, str]:
    """Read what the rows above a heading say: their text, the date of the report, the unit of amounts.

    Returns:
        "title", "report_date" (as far as it is written: 2021, 2021-08 or 2021-08-20), "report_year", "unit".
    """
    lines = [" ".join(dict.fromkeys(_line(cell) for cell in row if not is_blank(cell))) for row in rows]
    text = "\n".join(line for line in lines if line)
    facts = {"title": text} if text else {}
    dates = [one for one in _REPORT.finditer(text) if _is_day(one)]
    if dates:
        latest = max(dates, key=lambda one: tuple(int(part or 0) for part in one.groups()))
        facts["report_year"] = latest[1]
        facts["report_date"] = "-".join(f"{int(part):02d}" for part in latest.groups() if part)
    unit = _UNIT.search(text)
    return facts | ({"unit": unit[1]} if unit else {})


def _line(cell: object) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else wording(cell)


def _is_day(found: re.Match[str]) -> bool:
    return (not found[2] or 1 <= int(found[2]) <= 12) and (not found[3] or 1 <= int(found[3]) <= 31)  # noqa: PLR2004 (calendar)
