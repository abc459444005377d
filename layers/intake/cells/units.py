"""Units in which districts write money, areas, lengths and counts, and the words around a number."""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from layers.intake.cells.numerals import LARGE, SMALL

_COUNTS = (
    "处 盏 个 户 人 座 幅 栋 幢 件 次 件次 人次 户次 单元 个单元 套 台 家 条 块 根 棵 株 辆 位 名 口 只 组 张 间 层 泊 泊位 个泊位 车位 个车位 "
    "厕位 蹲位 个厕位 个蹲位 宗 支 对 部 樘 项 场 期 所 片 段 扇 门 面 号 份 起 例 点 队 人员 居民 住户 楼栋 网格 个网格 households persons people "
    "units buildings items pcs pieces bays storeys floors"
)
UNITS: Mapping[str, Mapping[str, Fraction]] = {
    "yuan": {
        **dict.fromkeys(
            ("元", "圆", "块", "块钱", "元整", "元人民币", "人民币", "yuan", "cny", "rmb", "¥"), Fraction(1)
        ),
        "角": Fraction(1, 10),
        "分": Fraction(1, 100),
    },
    "m2": {
        **dict.fromkeys(("平方米", "平米", "平方", "平", "m2", "sqm", "sq m", "sq.m", "m^2", "方"), Fraction(1)),
        **dict.fromkeys(("亩", "市亩", "mu"), Fraction(10_000, 15)),
        "分地": Fraction(1_000, 15),
        **dict.fromkeys(("公顷", "ha", "hm2", "hectares"), Fraction(10_000)),
        **dict.fromkeys(("平方公里", "平方千米", "km2", "km^2"), Fraction(1_000_000)),
    },
    "m": {
        **dict.fromkeys(("米", "m", "延米", "延长米", "metres", "meters"), Fraction(1)),
        **dict.fromkeys(("公里", "千米", "km"), Fraction(1_000)),
        "里": Fraction(500),
        **dict.fromkeys(("厘米", "公分", "cm"), Fraction(1, 100)),
        **dict.fromkeys(("毫米", "mm"), Fraction(1, 1_000)),
    },
    "count": dict.fromkeys(_COUNTS.split(), Fraction(1)),
    "storeys": dict.fromkeys(("层", "层楼", "storeys", "stories", "floors", "f"), Fraction(1)),
    "number": dict.fromkeys(_COUNTS.split(), Fraction(1)),
    "share": {**dict.fromkeys(("%", "percent", "个百分点"), Fraction(1, 100)), "‰": Fraction(1, 1_000)},
}
"""By what is asked for: the words of a unit and what one of it is worth. 1 mu is 10000/15 m²."""
UNITS = {**UNITS, "mm": {word: worth * 1_000 for word, worth in UNITS["m"].items()} | {"dn": Fraction(1)}}
_APPROX = "约为|大约|大概|将近|接近|估计|估算|暂估|约|近|~|≈|approximately|approx\\.?|about|around|roughly|nearly|circa|ca\\.?"
_ABOVE = "不少于|不低于|不小于|至少|最少|超过|多于|大于|高于|超|逾|≥|>=|>|more than|at least|over"
_BELOW = "不超过|不多于|不大于|不高于|不到|不足|不满|未满|少于|低于|小于|至多|最多|≤|<=|<|less than|at most|up to|under"
BEFORE = re.compile(
    rf"\s*(?:(?P<approx>{_APPROX})|(?P<gt>{_ABOVE})|(?P<lt>{_BELOW})"
    r"|共计|合计|总计|一共|总共|共有|预计|计划|共|全长|总长|长度?|宽度?|(?:建筑|占地)?面积|数量|金额|总?投资|¥|\$|rmb|cny|人民币)\s*",
    re.IGNORECASE,
)
"""One word before a number; words for what is measured say nothing of precision."""
_TAIL = re.compile(
    r"(?P<more>多|余|几|来|\+)?(?P<times>[十百千万亿]*)\s*(?P<unit>.*?)(?P<again>多|余|\+)?(?P<half>半)?\s*"
    r"(?:(?P<approx>左右|上下|许|or so)|(?P<gt>及?以上|起|or more)|(?P<lt>及?以下|[以之]内|or less))?",
    re.IGNORECASE,
)
_LONGEST = 24
_PRECISION = ("gt", "lt", "approx")


class Tail(NamedTuple):
    """What stands behind a number: ``worth`` of one, the precision, and whether a unit or a power was named.

    ``times`` is the power of ten (万) alone; ``half`` adds half a unit (一亩半).
    """

    worth: Fraction
    times: int
    precision: str | None
    named: bool
    half: bool = False


@cache
def tail_of(text: str, to: str) -> Tail | str | None:
    """Read what stands behind a number.

    Returns:
        The tail; the name of the other quantity that its unit measures ("m2" where money is asked for); None
        for words that are no unit.
    """
    words = " ".join(text.split())
    found = _TAIL.fullmatch(words) if len(words) <= _LONGEST else None
    if found is None:
        return None
    times = 1
    for power in found["times"] or "":
        times *= {**SMALL, **LARGE}[power]
    unit = re.sub(r"\s+", " ", found["unit"].strip(" ()[]")).lower()
    worth = UNITS[to].get(unit) if unit else Fraction(1)
    if worth is None:
        return next((other for other, words in UNITS.items() if unit in words), None)
    said = next((name for name in _PRECISION if found[name]), None)
    more = found["more"] or found["again"]
    precision = said if said in {"gt", "lt"} else "approx" if more == "来" else "gt" if more else said
    return Tail(worth * times, times, precision, bool(unit or found["times"]), found["half"] is not None)


@cache
def head_of(text: str) -> str | None:
    """Give the precision of the words before a number; None where there are words of no meaning."""
    precision = "eq"
    while text and (before := BEFORE.match(text)):
        precision = stronger(precision, before.lastgroup)
        text = text[before.end() :]
    return None if text.strip() else precision


def stronger(one: str | None, other: str | None) -> str:
    """Join two precisions: a bound is stronger than "about", and that than exact."""
    return next((name for name in _PRECISION if name in {one, other}), "eq")
