"""What one written date or time of day means: the forms in which ledgers write days, and words around them.

All functions take text that is folded already (``layers.intake.cells.distinct.fold``). A cell that bounds a day
rather than naming it ("2021年底前", "8月", "年内") is read as the last day that it allows, with the qualifier
"lt": at the latest on that day. A length of time ("7个工作日内") is no date.
"""

import re
from calendar import month_abbr, monthrange
from datetime import date, timedelta
from typing import Literal, NamedTuple

from geo.text import Text
from layers.intake.cells.distinct import LONGEST, MASK, UNKNOWN, Parsed, fault_of
from layers.problems import Fault

Order = Literal["dmy", "mdy", "ymd"]
YEAR_FIRST_NUMBER, YEAR_LAST_NUMBER = 1900, 2100
"""Whole numbers that are years, not serial days (as serials they would be days of 1905)."""
CENTURY_TURN = 69
"""Two-digit years up to this one belong to the 2000s, as POSIX has it."""
MEND = Text("写成 2021-08-20 的形式后重新导入", "write it like 2021-08-20 and import again")
FAULTS: dict[str, Fault] = {
    "date_unreadable": Fault("row", Text("日期，如 2021-08-20", "a date such as 2021-08-20"), MEND),
    "date_impossible": Fault("row", Text("日历上存在的日期和时间", "a day and time that exist"), MEND),
    "date_no_year": Fault(
        "row",
        Text("带年份的日期，或已知的台账年份", "a date with its year, or a known year of the ledger"),
        Text("请给出台账的年份（如 2021）", "give the year of the ledger (such as 2021)"),
    ),
    "date_no_month": Fault(
        "row",
        Text("带月份的日期，或已知的台账年月", "a date with its month, or a known month of the ledger"),
        Text("请给出台账的年份和月份", "give the year and month of the ledger"),
    ),
    "date_order_unknown": Fault(
        "row",
        Text("日在前还是月在前：这一列看不出来", "day first or month first: this column does not tell"),
        Text("请选择：日/月/年，还是 月/日/年？", "choose: day/month/year or month/day/year?"),
    ),
    "date_two_digit_year": Fault(
        "row",
        Text("四位数的年份", "a year of four digits"),
        Text("写全年份，或指明年、月、日的顺序", "write the year in full, or say the order of day, month and year"),
    ),
}
_NO_DATE = (
    "立行立改 立即整改 立即 立即办理 立即处置 即知即改 即知即办 即办 即时 即行即改 随时 边查边改 边整边改 长期坚持 长期 持续推进 持续 "
    "坚持长期 长期推进 持续整改 常态化 常抓不懈 近期 尽快 适时 逐步推进 另行通知 按计划 视情况 视资金情况 ongoing immediately asap"
)
NO_DATE = frozenset(_NO_DATE.split())
"""What stands in the place of a deadline and is none."""
MONTHS = {name.lower(): number for number, name in enumerate(month_abbr) if name}
_YMD = re.compile(r"(\d{4})\s?[-/.年\s]\s?(\d{1,2})\s?[-/.月\s]\s?(\d{1,2})[日号]?")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)")
_ENDS_IN_YEAR = re.compile(r"(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d\d)")
_SHORT_YMD = re.compile(r"(\d\d)年(\d{1,2})月(\d{1,2})[日号]?")
_MONTH_DAY = re.compile(r"(今年|本年|去年|明年)?(\d{1,2})月(\d{1,2})[日号]?")
_TWO = re.compile(r"(\d{1,2})[./-](\d{1,2})")
_DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-\s]+([a-z]{3,9})\.?,?[-\s]+'?(\d{4}|\d\d)", re.IGNORECASE)
_NAME_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.IGNORECASE
)
_GAP = re.compile(r"\s+(?=[年月日号])|(?<=[年月])\s+")
_TAIL = re.compile(r"(?:完成|整改|办结|完工|竣工|解决|销号|到位|验收|全部)+$")
_HEAD = re.compile(r"^(?:计划|预计|力争|确保|拟|限|约|大约|于|在|到|至)+")
_BEFORE = re.compile(r"(?:之前|以前|前|之内|以内|止)$")
_LIMIT = re.compile(
    r"\D{0,6}(?:\d{1,3}|[一二两三四五六七八九十半]+)个?(?:(?:小时|工作日|自然日|(?<=个)月|星期|天|周)(?:[之以]?内)?|日[之以]?内)\D{0,4}"
)
_MONTH_ONLY = re.compile(r"((?:19|20)\d\d|2100)[-/.]?(0?[1-9]|1[0-2])")
_BOUND = re.compile(
    r"(?:(?P<year>\d{4})(?:年度?)?|(?P<short>\d\d)年|(?P<relative>今年|本年度?|当年|明年|去年))?"
    r"(?:(?P<month>\d{1,2})月份?|(?P<near>本月|当月|下个?月)|(?P<half>[上下]半年)"
    r"|第?(?P<quarter>[一二三四1-4])季度|[qQ](?P<q>[1-4]))?"
    r"(?P<part>年?底|年?末|年?内|月底|月末|月内|上旬|中旬|下旬|全年)?"
)
_RANGE = re.compile(r"\s*(?:至|到|~|—|–|-)\s*")
_PARTS = {"上旬": 10, "中旬": 20}
_QUARTER = {word: n for words in ("一二三四", "1234") for n, word in enumerate(words, 1)}
_YEARS = {"明年": 1, "去年": -1}


class Setting(NamedTuple):
    """What the cells of a column do not say themselves.

    Year and month of the ledger, the order that somebody gave, and the order of day and month that the other
    cells of the column show.
    """

    year: int | None = None
    month: int | None = None
    order: str | None = None
    shown: str | None = None


def day_of(text: str, setting: Setting) -> Parsed:
    """Read a day; the value is a ``date``."""
    if len(text) > LONGEST:
        return _fault("date_unreadable", text)
    if re.search(MASK, text):
        return Parsed(reason="masked")
    word = text.rstrip("。.,;!").lower()
    if word in UNKNOWN or word in NO_DATE or _LIMIT.fullmatch(word):
        return Parsed(reason="no_date")
    plain = _TAIL.sub("", _GAP.sub("", _WEEKDAY.sub("", text)).strip(" 。;,"))
    about = "约" in plain[:2]
    plain = _HEAD.sub("", plain).strip()
    bare = _BEFORE.sub("", plain)
    named = _named(bare, setting)
    if named is None:
        return _bound(bare, plain, setting) or _range(plain, setting) or _fault("date_unreadable", text)
    if named.fault is not None or bare == plain:
        return named._replace(qualifier="approx", repaired=True) if about and named.fault is None else named
    return named._replace(qualifier="lt", repaired=True)


def _fault(code: str, found: str) -> Parsed:
    return Parsed(fault=fault_of(FAULTS, code, found))


def _date(text: str, year: int, month: int, day: int, *, repaired: bool = False) -> Parsed:
    """Give a day if the calendar has it."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):  # noqa: PLR2004
        return _fault("date_impossible", text)
    return Parsed(date(year, month, day), repaired=repaired)


def _named(text: str, setting: Setting) -> Parsed | None:
    """Read a text that names one day; None if it is no such text."""
    parsed = None
    if found := _YMD.fullmatch(text) or _PACKED.fullmatch(text):
        parsed = _date(text, *map(int, found.groups()))
    elif found := _ENDS_IN_YEAR.fullmatch(text):
        parsed = _ordered(text, found, setting)
    elif found := _SHORT_YMD.fullmatch(text):
        parsed = _date(text, _century(found[1]), int(found[2]), int(found[3]), repaired=True)
    elif found := _MONTH_DAY.fullmatch(text):
        parsed = _without_year(text, found, setting)
    elif found := _TWO.fullmatch(text):
        parsed = _two(text, int(found[1]), int(found[2]), setting)
    elif found := _DAY_NAME.fullmatch(text):
        parsed = _month_named(text, found[3], found[2], found[1])
    elif found := _NAME_DAY.fullmatch(text):
        parsed = _month_named(text, found[3], found[1], found[2])
    return parsed


def _without_year(text: str, found: re.Match[str], setting: Setting) -> Parsed:
    """Read a day such as 8月20日; the day itself is checked even where the year is not known."""
    year = None if setting.year is None else setting.year + _YEARS.get(found[1] or "", 0)
    leap = 2000
    parsed = _date(text, leap if year is None else year, int(found[2]), int(found[3]), repaired=True)
    return _fault("date_no_year", text) if year is None and parsed.fault is None else parsed


def _century(two: str) -> int:
    return int(two) + (2000 if int(two) <= CENTURY_TURN else 1900)


def _month_named(text: str, year: str, name: str, day: str) -> Parsed | None:
    """Read a day whose month is an English word; None if the word is no month."""
    month = MONTHS.get(name[:3].lower())
    if month is None:
        return None
    return _date(text, _century(year) if len(year) == 2 else int(year), month, int(day), repaired=len(year) == 2)  # noqa: PLR2004


def first_order(a: int, b: int) -> str | None:
    """Tell the order that one pair of day and month allows alone; None if both or neither."""
    return "dmy" if b <= 12 < a <= 31 else "mdy" if a <= 12 < b <= 31 else None  # noqa: PLR2004


def _ordered(text: str, found: re.Match[str], setting: Setting) -> Parsed:
    """Read two numbers and a year by the order of the column, or by themselves where only one order is possible."""
    a, b, year = int(found[1]), int(found[2]), found[3]
    if len(year) == 2:  # noqa: PLR2004
        return _short(text, (found[1], found[2], year), setting.order)
    order = setting.order if setting.order in {"dmy", "mdy"} else setting.shown or first_order(a, b)
    if (order is None and a == b) or max(a, b) > 31 or min(a, b) > 12:  # noqa: PLR2004
        order = order or "dmy"
    if order is None:
        return _fault("date_order_unknown", text)
    day, month = (a, b) if order == "dmy" else (b, a)
    return _date(text, int(year), month, day)


def _short(text: str, parts: tuple[str, str, str], order: str | None) -> Parsed:
    """Read a date with a two-digit year; only an order that somebody gave says which part is the year."""
    if order is None:
        return _fault("date_two_digit_year", text)
    year, month, day = (parts[order.index(part)] for part in "ymd")
    return _date(text, _century(year), int(month), int(day), repaired=True)


def _two(text: str, a: int, b: int, setting: Setting) -> Parsed:
    """Read a day without its year, such as 8.20."""
    order = {"ymd": "mdy"}.get(setting.order or "", setting.order) or first_order(a, b)
    if setting.year is None:
        return _fault("date_no_year", text)
    if order is None and a != b:
        return _fault("date_order_unknown", text)
    day, month = (a, b) if order == "dmy" else (b, a)
    return _date(text, setting.year, month, day, repaired=True)


def _bound(bare: str, plain: str, setting: Setting) -> Parsed | None:
    """Read a period as its last day; 前 behind a month or year without 底, 末 or 内 means the day before it."""
    found = _BOUND.fullmatch(_MONTH_ONLY.sub(r"\1年\2月", bare) if _MONTH_ONLY.fullmatch(bare) else bare)
    if found is None or bare in {"", "内"}:
        return None
    named = found.groupdict()
    year, (first, last) = _year(named, setting), _months(named, setting)
    if year is None:
        return _fault("date_no_year", plain)
    if last == 0:
        return _fault("date_no_month", plain)
    if not (1 < year < 9999 and int(named["month"] or 1) in range(1, 13)):  # noqa: PLR2004
        return _fault("date_impossible", plain)
    if plain.endswith("前") and named["part"] is None and named["half"] is None:
        return Parsed(_in_month(year, first).replace(day=1) - timedelta(days=1), "lt", repaired=True)
    end = _in_month(year, last)
    return Parsed(end.replace(day=_PARTS.get(named["part"] or "", end.day)), "lt", repaired=True)


def _in_month(year: int, month: int) -> date:
    """Give the last day of a month; month 13 is January of the next year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def _year(named: dict[str, str | None], setting: Setting) -> int | None:
    if named["year"]:
        return int(named["year"])
    if named["short"]:
        return _century(named["short"])
    return None if setting.year is None else setting.year + _YEARS.get((named["relative"] or "")[:2], 0)


def _months(named: dict[str, str | None], setting: Setting) -> tuple[int, int]:
    """Give the first and last month of the period; 0 for a month that has to be known and is not."""
    if named["month"]:
        return int(named["month"]), int(named["month"])
    if quarter := named["quarter"] or named["q"]:
        return 3 * _QUARTER[quarter] - 2, 3 * _QUARTER[quarter]
    if named["half"]:
        return (1, 6) if named["half"] == "上半年" else (7, 12)
    near, part = named["near"] or "", named["part"] or ""
    if near or part.startswith(("月", "上旬", "中旬", "下旬")):
        month = setting.month and setting.month + near.startswith("下")
        return month or 0, month or 0
    return 1, 12


def _range(text: str, setting: Setting) -> Parsed | None:
    """Read "from … to …" as its last day; the second date may leave out what the first has said."""
    for cut in _RANGE.finditer(text):
        start, end = _named(text[: cut.start()], setting), text[cut.end() :]
        if start is None or start.value is None:
            continue
        said = Setting(start.value.year, start.value.month, setting.order or "ymd")
        only = re.fullmatch(r"(\d{1,2})[日号]?", end)
        last = _date(text, start.value.year, start.value.month, int(only[1])) if only else _named(end, said)
        if last is not None and last.value is not None and last.value >= start.value:
            return last._replace(qualifier="lt", repaired=True)
    return None
