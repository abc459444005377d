"""Where issues were reported between two days beside where as long before: how the middle moved, how wide they lie."""

from datetime import datetime

import numpy as np
import pandas as pd

from geo.change import PatternChange, pattern_change
from geo.text import Text

TOWARDS = (
    Text("北", "north"),
    Text("东北", "north-east"),
    Text("东", "east"),
    Text("东南", "south-east"),
    Text("南", "south"),
    Text("西南", "south-west"),
    Text("西", "west"),
    Text("西北", "north-west"),
)
_TURN = 360.0
SAID = Text(
    "分布（只看位置，不看多少）：期间在网格内上报 {now:,} 件，此前 {was:,} 件；重心向{to}移动 {shift:,.0f} m，标准距离由 {a:,.0f} m 变为 {b:,.0f} m；"
    "有上报的网格中 {same:.0%} 所占份额的变化不超出偶然。",
    "Where, apart from how many: {now:,} reported in grids between the days, {was:,} before; their middle moved {shift:,.0f} m to the {to}, the standard "
    "distance went from {a:,.0f} m to {b:,.0f} m; the shares of {same:.0%} of the grids with reports did not change beyond chance.",
)
TOO_FEW = Text(
    "分布：两段上报都在网格内的不足 {least} 件，不比较位置。",
    "Where: fewer than {least} were reported in grids in one of the spans, so places are not compared.",
)
NOT_WHOLE = Text(
    "分布：此前同样长的一段登记不全，不比较位置。",
    "Where: the register does not cover the span before whole, so places are not compared.",
)


def report_shift(
    cases: pd.DataFrame, spans: tuple[datetime, datetime, datetime], units: list[str], *, level: float, least: float
) -> PatternChange | None:
    """Compare where cases were reported in two spans of time that follow each other.

    Args:
        cases: with ``reported_at``, ``x_m``, ``y_m`` and ``grid_id``; those in no grid, default points among them, take no part.
        spans: beginning of the first, end of the first and beginning of the second, end of the second.
        units: ids of the grids.
        level: confidence of the intervals.
        least: reports that each span needs, for a few have no middle worth the name.

    Returns:
        The change by grid, or None if a span has fewer reports.
    """
    cell = pd.Index(units).get_indexer(pd.Index(cases["grid_id"].astype("object")))
    x, y = (cases[name].to_numpy(dtype=float, na_value=np.nan) for name in ("x_m", "y_m"))
    located = (cell >= 0) & np.isfinite(x) & np.isfinite(y)
    first, middle, last = spans
    times = cases["reported_at"]
    was, now = (
        located & ((times > start) & (times <= end)).to_numpy() for start, end in ((first, middle), (middle, last))
    )
    if min(was.sum(), now.sum()) < least:
        return None
    return pattern_change((x[was], y[was], cell[was]), (x[now], y[now], cell[now]), len(units), level=level)


def shift_words(found: PatternChange | None, *, least: float | None) -> Text:
    """Say how the places of reports changed, or why they are not compared.

    Args:
        found: see ``report_shift``.
        least: reports that each span needs; None where the span before is not whole.
    """
    if found is None:
        return NOT_WHOLE if least is None else TOO_FEW.format(least=f"{least:g}")
    side = round(found.bearing_deg / (_TURN / len(TOWARDS))) % len(TOWARDS)
    return SAID.format(
        now=int(found.cells["after"].sum()),
        was=int(found.cells["before"].sum()),
        to=TOWARDS[side],
        shift=found.shift_m,
        a=found.spread_before_m,
        b=found.spread_after_m,
        same=found.similarity,
    )
