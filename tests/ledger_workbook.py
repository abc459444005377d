"""A ledger as a street office keeps it: 436 issues of the synthetic community in one untidy workbook.

Every quirk is listed in ``CASES`` with the sheet and the issue that carries it, so that each can be tested.
The truth (grid, dates) is that of the workspace from which the workbook was written.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import shapely
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from layers import BUILDINGS, ISSUES, Workspace

HEAD = [
    [
        "序号",
        "问题编号",
        "问题描述",
        "问题类别",
        "问题点位",
        "反映人",
        None,
        "上报时间",
        "来源",
        "整改",
        None,
        None,
        "进展情况",
        "完成时间",
        "所需资金(万元)",
        "备注",
    ],
    [
        None,
        None,
        None,
        None,
        None,
        "姓名",
        "联系电话",
        None,
        None,
        "责任单位",
        "责任人",
        "整改时限",
        None,
        None,
        None,
        None,
    ],
]
"""Two rows of headings: 反映人 over two columns, 整改 over three, the others over both rows."""
OTHER_HEAD = [
    "序号",
    "案件编号",
    "事发地址",
    "诉求内容",
    "诉求类型",
    "登记日期",
    "渠道",
    "承办单位",
    "办理时限",
    "是否销号",
    "办结时间",
    "联系电话",
]
"""The fifth sheet comes out of another system: one row of headings, other words, another order."""
SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 (sheets know no zones)
PHONES = ("138 0000 1234", 13800001234.0, "1380000****", "0746-1234567", None)
NAMES = ("张*", "李某某", "王女士", None)
COSTS = (None, 3.5, "约3.5", "不到2", "***", "3万5千元", "800多元", "0.8-1.2", "三万元", "12，000元")
ASKED_DEADLINES = {
    "HL-2021-0009": "长期坚持",
    "HL-2021-0014": "立行立改",
    "HL-2021-0020": "2021年底前",
    "HL-2021-0026": "9月底前",
    "HL-2021-0031": "即知即改",
    "HL-2021-0040": "待定",
}
"""Deadlines that are no day, by issue."""
LOST = {"HL-2021-0100": "2021-8-32"}
"""A reporting date that cannot be: this row comes back."""
UNREADY = "HL-2021-0301"
"""The note of this issue is a formula that was never calculated: the row comes back."""
NOWHERE = {"HL-2021-0150": "具体位置不详", "HL-2021-0250": "电话联系"}
"""Addresses that say nothing: these two issues are kept and wait for somebody who knows."""


class Case(NamedTuple):
    """A quirk: what it is, and where it stands (sheet, issue; "" where it is of the whole sheet)."""

    what: str
    sheet: str
    issue: str = ""


CASES: list[Case] = []


def said(what: str, sheet: str, issue: str = "") -> None:
    """Note a quirk."""
    CASES.append(Case(what, sheet, issue))


def serial(day: pd.Timestamp) -> float:
    """Give a time as the number that a sheet stores."""
    return (day.to_pydatetime() - SERIAL_ZERO).total_seconds() / 86_400


FORMS: tuple[tuple[str, Callable[[pd.Timestamp], Any]], ...] = (
    ("a real date", lambda d: d.to_pydatetime()),
    ("dots", lambda d: f"{d.year}.{d.month}.{d.day}"),
    ("month and day without a year", lambda d: f"{d.month}月{d.day}日"),
    ("eight digits as text", lambda d: f"{d:%Y%m%d}"),
    ("eight digits as a number", lambda d: int(f"{d:%Y%m%d}")),
    ("serial number", lambda d: round(serial(d), 6)),
    ("serial number as text", lambda d: str(int(serial(d)))),
    ("full-width digits", lambda d: f"{d:%Y-%m-%d}".translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))),
    (
        "Chinese words with the time",
        lambda d: (
            f"{d.year}年{d.month}月{d.day}日{'上午' if d.hour < 12 else '下午'}{d.hour % 12 or 12}时{d.minute:02d}分"
        ),
    ),
    ("slashes with the time", lambda d: f"{d:%Y/%m/%d %H:%M}"),
    ("blanks inside", lambda d: f" {d.year} - {d.month} - {d.day} "),
    ("ISO with a T", lambda d: f"{d:%Y-%m-%dT%H:%M:%S}"),
)
"""Ways to write a time, in turn."""
NUMERALS = "零一二三四五六七八九十"
DOORS: tuple[Callable[[str], str], ...] = (
    lambda n: f"{n}栋",
    lambda n: f"{n}号楼",
    lambda n: f"{n}#楼",
    lambda n: f"{n}幢",
    lambda n: f"{NUMERALS[int(n)]}栋" if int(n) <= 10 else f"{n}栋",
    lambda n: f"{n}栋".translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    lambda n: f"{n}栋2单元西侧",
    lambda n: f"{n}栋楼下",
    lambda n: f"第{n}栋附近",
)
"""Ways to write a building, in turn."""
STATES = {
    "closed": ("已办结", "已销号", "办结", "已完成", "结案", "√", "归档"),
    "open": ("整改中", "处理中", "待处置", "已派单", "列入计划", "施工中", "进行中"),
}


def address(place: str, number: int) -> str:
    """Write the name of a building ("粮站宿舍1栋") in one of the usual ways."""
    name = place.rstrip("0123456789栋")
    door = place.removeprefix(name).rstrip("栋")
    built = name + DOORS[number % len(DOORS)](door) if door.isdigit() else place
    return (f"活龙社区{built}", built, f" {name}　{built.removeprefix(name)} ", f"{name}\n{built.removeprefix(name)}")[
        number % 4
    ]


def houses_of(ws: Workspace) -> pd.Series:
    """Name the building that is nearest to each issue in its own large grid."""
    houses, owner = ws[BUILDINGS], ws.owner(BUILDINGS, 1)
    issues, grids = ws[ISSUES], ws.owner(ISSUES, 1)
    named = []
    for grid, part in issues.groupby(grids):
        near = houses[owner == grid]
        at = shapely.STRtree(near.geometry.to_numpy()).nearest(part.geometry.to_numpy())
        named.append(near["name"].iloc[at].set_axis(part.index))
    return pd.concat(named).reindex(issues.index)


def rows_of(issues: pd.DataFrame, grids: pd.Series, houses: pd.Series) -> dict[str, list[dict[str, Any]]]:
    """Give the cells of each issue by the name of its large grid."""
    sheets: dict[str, list[dict[str, Any]]] = {}
    for number, (issue_id, issue) in enumerate(issues.iterrows()):
        name, written = FORMS[number % len(FORMS)]
        sheet = str(grids[issue_id])
        said(f"date: {name}", sheet, str(issue_id))
        closed = issue["closed_at"]
        cells = {
            "issue_id": issue_id if number % 9 else f" {issue_id} ",
            "description": issue["description"],
            "type": issue["source_type"],
            "address": NOWHERE.get(str(issue_id)) or address(str(houses[issue_id]), number),
            "person": NAMES[number % len(NAMES)],
            "phone": PHONES[number % len(PHONES)],
            "reported": LOST[str(issue_id)] if issue_id in LOST else written(issue["reported_at"]),
            "source": issue["source"],
            "unit": issue["unit_in_charge"],
            "officer": ("刘*", "网格员小陈", None)[number % 3],
            "due": ASKED_DEADLINES.get(str(issue_id)) or issue["due_at"].to_pydatetime(),
            "state": STATES["closed" if pd.notna(closed) else "open"][number % 7],
            "closed": closed.to_pydatetime() if pd.notna(closed) else ("", None, "/", "未完成")[number % 4],
            "cost": COSTS[number % len(COSTS)],
            "note": (None, "=1+1", "@小李", "居民身份证43112119600101123X", "𠮷祥路口😀", "-")[number % 6],
        }
        sheets.setdefault(sheet, []).append(cells)
    return sheets


ORDER = (
    "issue_id",
    "description",
    "type",
    "address",
    "person",
    "phone",
    "reported",
    "source",
    "unit",
    "officer",
    "due",
    "state",
    "closed",
    "cost",
    "note",
)
OTHER_ORDER = (
    "issue_id",
    "address",
    "description",
    "type",
    "reported",
    "source",
    "unit",
    "due",
    "state",
    "closed",
    "phone",
)


def merge_head(sheet: Worksheet) -> None:
    """Merge the two rows of headings as they belong together."""
    for first, last in ((6, 7), (10, 12)):
        sheet.merge_cells(start_row=3, start_column=first, end_row=3, end_column=last)
    for column in (1, 2, 3, 4, 5, 8, 9, 13, 14, 15, 16):
        sheet.merge_cells(start_row=3, start_column=column, end_row=4, end_column=column)


def fill(sheet: Worksheet, rows: list[dict[str, Any]], title: str, *, total: int) -> None:
    """Write one grid's sheet in the usual form."""
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEAD[0]))
    sheet.append(
        [
            "填报单位：活龙社区居委会",
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            "单位：万元",
            None,
            None,
            "填报日期：2021年8月31日",
        ]
    )
    for words in HEAD:
        sheet.append(words)
    merge_head(sheet)
    for number, cells in enumerate(rows, start=1):
        if number == 31:
            for words in HEAD:
                sheet.append(words)
        if number in (11, 12):
            sheet.append([])
        sheet.append([str(number) if number % 5 == 0 else number, *(cells[name] for name in ORDER)])
        if cells["issue_id"] == UNREADY:
            sheet.cell(sheet.max_row, len(HEAD[0]), "=SUM(K5:K9)")
        elif cells["note"] == "=1+1":
            sheet.cell(sheet.max_row, len(HEAD[0])).data_type = "s"
    sheet.append(["合计", None, f"{total}件"])
    sheet.append([])
    sheet.append(["注：1.本表每周五更新；2.资金为估算数，***为暂不公开。"])
    sheet.append(["填表人：李*", None, None, "审核人：王*"])


def merge_units(sheet: Worksheet) -> tuple[int, int]:
    """Merge the unit in charge of the first rows in a line that share it; give the rows."""
    column = 10
    for row in range(5, sheet.max_row - 3):
        values = [sheet.cell(row + k, column).value for k in range(2)]
        if values[0] and values[0] == values[1]:
            sheet.merge_cells(start_row=row, start_column=column, end_row=row + 1, end_column=column)
            return row, row + 1
    msg = "no two neighbours with one unit"
    raise AssertionError(msg)


def write(path: Path, issues: pd.DataFrame, grids: pd.Series, houses: pd.Series) -> None:
    """Write the workbook.

    Args:
        path: of the XLSX.
        issues: the issues by id.
        grids: name of the large grid of each.
        houses: name of the building nearest to each.
    """
    CASES.clear()
    book = Workbook()
    book.remove(book.active)
    explained = book.create_sheet("填表说明")
    for line in ("填表说明", "一、每个网格一张表；", "二、办结后填写完成时间。"):
        explained.append([line])
    said("a sheet of explanations only", "填表说明")
    for number, (name, rows) in enumerate(sorted(rows_of(issues, grids, houses).items())):
        sheet = book.create_sheet(name)
        if number == 4:
            sheet.append(OTHER_HEAD)
            for count, cells in enumerate(rows, start=1):
                sheet.append([count, *(cells[one] for one in OTHER_ORDER)])
            said("one row of other headings in another order", name)
            continue
        total = len(rows)
        if number == 0:
            rows.insert(6, rows[3])
        fill(sheet, rows, f"活龙社区{name}问题清单（截至2021年8月）", total=total)
        for what in (
            "title",
            "unit row",
            "two rows of headings",
            "total",
            "notes below",
            "headings again",
            "blank rows",
        ):
            said(what, name)
        if number == 0:
            merge_units(sheet)
            said("merged cells among the data", name)
            said("a row twice", name, str(rows[3]["issue_id"]).strip())
    old = book.create_sheet("2020年旧表")
    old.append(["序号", "问题描述"])
    old.append([1, "去年的问题"])
    old.sheet_state = "hidden"
    said("a hidden sheet", "2020年旧表")
    book.save(path)
