"""The ledger between two days: what came and closed, against as many days before, and how the open stock changed.

What came and what was closed are counts of separate events; their ratio to the same span before has the exact interval
of two Poisson counts. The open stock of two days shares what was open on both; only what came and what left is chance
(``geo.change.stock_ratio``). The stock adds up: later less earlier is what came less what left, in each grid.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd

from geo.change import PatternChange, count_ratio, stock_ratio
from geo.pattern.adjustment import benjamini_hochberg
from geo.text import Text
from layers import Workspace
from layers.standards import policy
from reports.change.shift import report_shift, shift_words
from reports.progress.duration import GONE
from reports.progress.standing import deadline_status
from reports.time.cases import ALL, NONE, cases_at

FLOWS = {"new": Text("上报", "reported"), "closed": Text("办结", "closed")}
STOCKS = {"open": Text("未办结", "open"), "overdue": Text("超期未办结", "open and overdue")}
_FLOW = {
    "{k}_before": Text("{t}：此前同样长", "{t}: as long before"),
    "{k}": Text("{t}：两日之间", "{t}: between the days"),
}
_STOCK = {
    "{k}_from": Text("{t}：起日", "{t}: first day"),
    "{k}": Text("{t}：止日", "{t}: last day"),
    "{k}_came": Text("{t}：新增", "{t}: came"),
    "{k}_left": Text("{t}：减少", "{t}: left"),
}
_RATIO = {
    "{k}_ratio": Text("{t}：比值", "{t}: ratio"),
    "{k}_low": Text("{t}：比值下限", "{t}: ratio, low end"),
    "{k}_high": Text("{t}：比值上限", "{t}: ratio, high end"),
    "{k}_p": Text("{t}：p（多重比较校正）", "{t}: p, false findings held"),
}
METHOD = Text(
    "台账分别折算到两日。上报、办结是 {since} 之后至 {until} 的件数，与此前同样长的一段（{before} 起）相比，比值附两个泊松件数之比的精确 "
    "{level:.0%} 区间。未办结、超期是两日各自的存量，只有新增和减少有偶然性，区间由二者得出；新增减去减少等于存量之差。"
    "各网格的 p 已按误报率校正。不在网格内的单列一行。{note}",
    "The ledger is folded at both days. Reported and closed are counted after {since} until {until} and compared with as long "
    "before (from {before}); their ratio has the exact {level:.0%} interval of two Poisson counts. Open and overdue are the stocks of the two "
    "days; only what came and what left is chance, and the interval follows from these. Came less left is the "
    "difference of the stocks. The p of the grids hold the share of false findings. What lies in no grid has a row of its own.{note}",
)
SHORT = Text(
    " 登记始于 {day}，此前同样长的一段不全，不作比较。",
    " The register begins on {day}: the span before is not whole, so nothing is compared with it.",
)


@dataclass(frozen=True)
class LedgerChange:
    """Change of a ledger between two days.

    ``table`` has a row a grid after ``ALL``, and ``NONE`` last for what lies in no grid; columns as in ``titles``.
    ``words`` say how it was computed. ``shift`` compares where issues were reported with where as long before; None where
    too few were, or the span before is not whole; ``where`` says it.
    """

    since: datetime
    until: datetime
    level: int | None
    table: pd.DataFrame
    words: Text
    shift: PatternChange | None = field(repr=False)
    where: Text
    meta: Mapping[str, object] = field(repr=False)


def titles() -> dict[str, Text]:
    """Give the words of each column of the table."""
    found: dict[str, Text] = {}
    for kinds, parts in ((FLOWS, _FLOW), (STOCKS, _STOCK)):
        for key, words in kinds.items():
            found |= {name.format(k=key): title.format(t=words) for name, title in {**parts, **_RATIO}.items()}
    return found


def ledger_change(ws: Workspace, since: datetime, until: datetime, *, level: int | None = None) -> LedgerChange:
    """Compare a ledger, or the issues of a workspace, on two days.

    Args:
        ws: the workspace.
        since: the first moment, naive local time; what happened then has happened.
        until: the last moment, after the first.
        level: grid level; None for the finest.

    Raises:
        DataError: neither a ledger nor issues.
        ValueError: the moments are not in order.
    """
    if not since < until:
        msg = f"the first moment must lie before the last, found {since} and {until}"
        raise ValueError(msg)
    rules = policy(ws.folder)
    confidence, least = rules["change_level"], rules["change_min_reports"]
    earlier, later = (cases_at(ws, one, level=level) for one in (since, until))
    units = [*(ws.grids(level).index if ws.levels else []), NONE]
    before, first = since - (until - since), later["reported_at"].min()
    whole = bool(pd.notna(first)) and first.normalize() <= before
    table = pd.DataFrame(index=pd.Index([ALL, *units], name="grid_id", dtype="str"))
    for key, column in (("new", "reported_at"), ("closed", "closed_at")):
        now = _between(later, column, (since, until), units)
        was = _between(later if key == "new" else earlier, column, (before, since), units)
        table = table.join(_flow(key, was if whole else was * np.nan, now, confidence))
    for key, marks in (("open", _open), ("overdue", _overdue)):
        table = table.join(_stock(key, marks(earlier, since), marks(later, until), confidence, units=units))
    note = Text("", "") if whole else SHORT.format(day="—" if pd.isna(first) else f"{first:%Y-%m-%d}")
    said = METHOD.format(since=_day(since), until=_day(until), before=_day(before), level=confidence, note=note)
    meta = {
        "method": "fold at two moments, exact ratio of counts", "since": since, "until": until, "before": before,
        "compared": whole, "confidence": confidence, "seed": None,
    }  # fmt: skip
    shift = report_shift(later, (before, since, until), units[:-1], level=confidence, least=least) if whole else None
    where = shift_words(shift, least=least if whole else None)
    return LedgerChange(since, until, level, table[list(titles())], said, shift, where, meta)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _grid(cases: pd.DataFrame) -> pd.Series:
    return cases["grid_id"].astype("object").fillna(NONE).astype(str)


def _counts(grid: pd.Series, units: list[str]) -> pd.Series:
    """Count by grid, all first; a grid that the level does not have counts as none."""
    known = grid.where(grid.isin(units), NONE)
    found = known.value_counts().reindex(units, fill_value=0)
    return pd.concat([pd.Series({ALL: len(grid)}), found]).astype(float)


def _between(cases: pd.DataFrame, column: str, span: tuple[datetime, datetime], units: list[str]) -> pd.Series:
    """Count what happened after the first moment until the last; a group of duplicates closes once."""
    inside = (cases[column] > span[0]) & (cases[column] <= span[1])
    if column == "closed_at":
        inside &= cases["head"].isna() & ~cases["state"].isin(GONE)
    return _counts(_grid(cases[inside]), units)


def _flow(key: str, was: pd.Series, now: pd.Series, level: float) -> pd.DataFrame:
    found = count_ratio(now, was, level=level)
    unknown = was.isna().to_numpy()
    ratio = {name: np.where(unknown, np.nan, getattr(found, name)) for name in ("ratio", "low", "high", "p")}
    return _columns(key, {"before": was.to_numpy(), "": now.to_numpy()}, ratio, was.index)


def _stock(key: str, was: pd.Series, now: pd.Series, level: float, *, units: list[str]) -> pd.DataFrame:
    """Compare two stocks, each the grid of every thing in it by id; what changed its grid left one and came to the other."""
    both = was.index.intersection(now.index)
    same = both[(was.loc[both] == now.loc[both]).to_numpy()]
    first, last, stay = (_counts(one, units) for one in (was, now, now.loc[same]))
    came, left = last - stay, first - stay
    came[ALL], left[ALL] = len(now) - len(both), len(was) - len(both)
    found = stock_ratio(last - came, came, left, level=level)
    ratio = {name: getattr(found, name) for name in ("ratio", "low", "high", "p")}
    counts = {"from": first.to_numpy(), "": last.to_numpy(), "came": came.to_numpy(), "left": left.to_numpy()}
    return _columns(key, counts, ratio, first.index)


def _columns(key: str, counts: dict[str, np.ndarray], ratio: dict[str, np.ndarray], index: pd.Index) -> pd.DataFrame:
    """Name the columns; the p of the grids is adjusted, that of all is one question by itself."""
    p = np.concatenate([ratio["p"][:1], benjamini_hochberg(ratio["p"][1:])])
    named = {f"{key}_{name}" if name else key: values for name, values in (counts | ratio | {"p": p}).items()}
    return pd.DataFrame(named, index=index)


def _open(cases: pd.DataFrame, as_of: datetime) -> pd.Series:
    """Give the grid of each case that is open: reported, neither closed nor gone nor somebody else's duplicate."""
    clock = np.datetime64(as_of, "us")
    closed = (cases["closed_at"] <= clock) | cases["state"].isin(GONE)
    return _grid(cases[(cases["reported_at"] <= clock) & ~closed & cases["head"].isna()])


def _overdue(cases: pd.DataFrame, as_of: datetime) -> pd.Series:
    late = (deadline_status(cases, as_of)["status"] == "open_overdue").to_numpy()
    return _grid(cases[late])
