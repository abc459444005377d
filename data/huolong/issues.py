"""The 436 issues: how many of each type, where, when, and what became of them by the given day."""

from datetime import datetime, timedelta
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.random import Generator
from shapely import Point

from data.huolong.places import Spots
from data.huolong.plan import CRS
from data.huolong.words import COURT_PLACES, ENDINGS, FAULTS, STREET_PLACES
from layers.schema import Issues

ISSUES = 436
FIRST_DAY, DAYS = datetime(2021, 8, 2), 30  # noqa: DTZ001 (local time of the community)
AS_OF = datetime(2021, 8, 31, 18)  # noqa: DTZ001
WORK_STARTS, WORK_HOURS = 8, 10  # hours of the day in which work hours count


STREET, COURT = "street", "court"


class Kind(NamedTuple):
    """A type of issue as it occurs here; ``limit`` with its unit: h, wh (work hours), wd, d."""

    words: str
    many: int
    where: str
    limit: float
    unit: str
    severity: int
    charge: str
    pace: float  # typical time to close, in limits


KINDS: dict[str, Kind] = {
    "ROAD_PATCH": Kind("道路维修", 82, STREET, 5, "wd", 3, "市政维护中心", 0.62),
    "GARBAGE": Kind("垃圾清理", 74, COURT, 4, "wh", 3, "街道环卫所", 0.6),
    "PARK_CHAOS": Kind("车辆乱停乱摆", 62, STREET, 4, "h", 3, "街道城管中队", 0.55),
    "SEWER_BLOCK": Kind("下水道阻塞", 56, COURT, 24, "h", 4, "排水管理所", 0.65),
    "LIGHT_NEW": Kind("路灯安装", 46, STREET, 30, "d", 3, "市路灯管理所", 0.6),
    "ROAD_REBUILD": Kind("烂路改造", 34, STREET, 90, "d", 3, "市政维护中心", 0.5),
    "LIGHT_OUT": Kind("路灯不亮", 12, STREET, 3, "wd", 3, "市路灯管理所", 0.6),
    "PIPE_OLD": Kind("管网老旧", 10, COURT, 120, "d", 3, "排水管理所", 0.7),
    "ILLEGAL_BUILD": Kind("乱搭乱建", 8, COURT, 7, "wd", 4, "街道城管中队", 0.8),
    "VENDOR": Kind("乱摆卖", 8, STREET, 4, "h", 2, "街道城管中队", 0.6),
    "CLUTTER": Kind("乱堆杂物", 8, COURT, 3, "wd", 3, "社区居委会", 0.7),
    "PARK_SHORT": Kind("车位不足", 6, COURT, 90, "d", 3, "社区居委会", 0.7),
    "TOILET": Kind("蹲位", 3, STREET, 60, "d", 3, "街道环卫所", 0.5),
    "GREEN": Kind("杂草丛生", 5, COURT, 5, "wd", 2, "园林绿化所", 0.6),
    "BIKE_CHAOS": Kind("非机动车乱停", 4, COURT, 3, "wd", 2, "社区居委会", 0.6),
    "WATER_LEAK": Kind("水管漏水", 3, COURT, 24, "h", 4, "自来水公司", 0.5),
    "MANHOLE": Kind("井盖缺失", 3, STREET, 4, "h", 5, "市政维护中心", 0.6),
    "GAS": Kind("燃气隐患", 1, COURT, 24, "h", 5, "燃气公司", 0.2),
    "FIRE": Kind("消防通道堵塞", 2, COURT, 24, "h", 5, "消防救援站", 1.6),
    "BLD_HAZARD": Kind("墙体开裂", 1, COURT, 60, "d", 5, "住房和城乡建设局", 0.9),
    "BLD_ENVELOPE": Kind("屋面渗漏", 3, COURT, 90, "d", 3, "社区居委会", 0.7),
    "PONDING": Kind("路面积水", 2, STREET, 4, "wh", 4, "排水管理所", 0.8),
    "EBIKE_CHARGE": Kind("飞线充电", 1, COURT, 30, "d", 4, "社区居委会", 0.6),
    "CABLES": Kind("架空线杂乱", 1, STREET, 90, "d", 2, "社区居委会", 0.7),
    "NOISE": Kind("噪音扰民", 1, STREET, 24, "h", 2, "街道城管中队", 0.5),
}
SOURCES = {"网格员巡查": 0.38, "居民上报": 0.27, "微信群": 0.2, "12345热线": 0.15}
NEVER = 0.1  # share of issues that nobody took up so far
LATE_SPREAD = 0.75  # sigma of the logarithm of the time to close
ON_BORDER = {"ROAD_PATCH": 4, "PARK_CHAOS": 2, "LIGHT_OUT": 1, "MANHOLE": 1}  # put exactly where grids meet


def issues_table(spots: Spots, rng: Generator) -> gpd.GeoDataFrame:
    """Give the issues in order of time, with ids that count them."""
    rows = [_issue(code, k, spots, rng) for code, kind in KINDS.items() for k in range(kind.many)]
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    table = table.sort_values([Issues.reported_at, Issues.address], kind="stable")
    table.index = pd.Index([f"HL-2021-{i:04d}" for i in range(1, len(table) + 1)], name=Issues.issue_id)
    return table


def _issue(code: str, number: int, spots: Spots, rng: Generator) -> dict[str, object]:
    kind = KINDS[code]
    reported = _moment(rng)
    due = deadline(reported, kind.limit, kind.unit)
    source = str(rng.choice(list(SOURCES), p=list(SOURCES.values())))
    at, street, house = spots.draw(code, rng, on_street=kind.where == STREET, on_border=number < ON_BORDER.get(code, 0))
    place = _pick(STREET_PLACES if kind.where == STREET else COURT_PLACES, rng).format(street=street, house=house)
    return {
        Issues.issue_type: code,
        Issues.source_type: kind.words,
        Issues.description: _pick(FAULTS[code], rng).format(p=place) + _pick(ENDINGS[source], rng),
        Issues.address: f"{street} {house}",
        Issues.reported_at: reported,
        Issues.due_at: due,
        Issues.closed_at: _closed(reported, due, kind.pace, rng),
        Issues.severity: kind.severity,
        Issues.unit_in_charge: kind.charge,
        Issues.source: source,
        "geometry": Point(at),
    }


def _pick(words: tuple[str, ...], rng: Generator) -> str:
    return words[int(rng.integers(0, len(words)))]


def _moment(rng: Generator) -> datetime:
    """Draw a time by day: a morning and an evening peak, none after the given moment."""
    day = int(rng.integers(0, DAYS))
    peak = 9.3 if rng.random() < 0.58 else 17.5  # noqa: PLR2004 (share of the morning)
    hour = float(np.clip(rng.normal(peak, 1.7), 6.7, 21.6))
    if day == DAYS - 1:
        hour = min(hour, AS_OF.hour - 0.5 - 4 * float(rng.random()))
    return FIRST_DAY + timedelta(days=day, minutes=round(hour * 60))


def deadline(reported: datetime, limit: float, unit: str) -> datetime:
    """Add a limit: natural hours (h) or days (d), work hours from 8 to 18 of any day (wh), work days (wd)."""
    if unit == "h":
        return reported + timedelta(hours=limit)
    if unit == "d":
        return (reported + timedelta(days=limit)).replace(hour=18, minute=0)
    if unit == "wd":
        day = pd.Timestamp(reported).normalize() + pd.offsets.BusinessDay(int(limit))
        return (day + pd.Timedelta(hours=18)).to_pydatetime()
    return _work_hours(reported, limit)


def _work_hours(reported: datetime, limit: float) -> datetime:
    opens = reported.replace(hour=WORK_STARTS, minute=0)
    closes = opens + timedelta(hours=WORK_HOURS)
    start = max(reported, opens)
    if start >= closes:
        return opens + timedelta(days=1, hours=limit)
    left = start + timedelta(hours=limit) - closes
    return start + timedelta(hours=limit) if left <= timedelta(0) else opens + timedelta(days=1) + left


def _closed(reported: datetime, due: datetime, pace: float, rng: Generator) -> datetime | None:
    """Draw when an issue was closed; None if that lies after the given moment or nobody took it up."""
    took = (due - reported) * pace * float(rng.lognormal(0.0, LATE_SPREAD))
    closed = reported + timedelta(minutes=max(10, round(took.total_seconds() / 60)))
    ignored = rng.random() < NEVER
    return None if ignored or closed > AS_OF else closed
