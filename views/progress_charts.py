"""Charts of performance: rates and ranks with their intervals, levels at which things were solved, time to close."""

import altair as alt
import pandas as pd

from geo.survival import Curve
from geo.text import Text
from reports.performance_tables import axis_end, curve_table, solved_table
from views.charts import INK, PALE, ROW, bars, shown
from views.state import lang, t

DOT, BAND = "#0b5394", "#9fc2e0"
RATE = Text("比率（%），横条为 95% 区间", "Rate, % (bar: 95 % interval)")
RANK = Text("名次，横条为可能的名次", "Rank (bar: what chance allows)")
UNIT = Text("单位", "unit")
VALUE = Text("比率（%）", "rate, %")
LOW, HIGH = Text("区间下限", "low end"), Text("区间上限", "high end")
CASES = Text("件数", "cases")
RANK_NOW = Text("名次", "rank")
BEST, WORST = Text("可能的最好名次", "best that chance allows"), Text("可能的最差名次", "worst that chance allows")
SOLVED = Text("办结件数", "Closed issues")
SHARE = Text("占比（%）", "share, %")
DAYS = Text("上报后天数", "Days after the report")
STILL_OPEN = Text("仍未办结（%）", "Still open, %")


def rates(table: pd.DataFrame) -> None:
    """Show rates with their intervals, in the order of the table; columns ``label``, ``rate``, ``low``, ``high``."""
    tips = [
        alt.Tooltip("label:N", title=t(UNIT)),
        *(alt.Tooltip(f"{one}:Q", title=t(words), format=".1f") for one, words in _ENDS.items()),
        alt.Tooltip("whole:Q", title=t(CASES), format=",d"),
    ]
    _interval(table, ("low", "rate", "high"), alt.X("low:Q", title=t(RATE), scale=alt.Scale(zero=False)), tips)


def ranks(table: pd.DataFrame) -> None:
    """Show ranks with those that chance allows; columns ``label``, ``rank``, ``rank_low``, ``rank_high``."""
    tips = [
        alt.Tooltip("label:N", title=t(UNIT)),
        *(alt.Tooltip(f"{one}:Q", title=t(words), format="d") for one, words in _RANKS.items()),
    ]
    axis = alt.Axis(tickMinStep=1, format="d")
    far = alt.Scale(domain=[1, max(2, int(table["rank_high"].max()))])
    _interval(table, ("rank_low", "rank", "rank_high"), alt.X("rank_low:Q", title=t(RANK), scale=far, axis=axis), tips)


_ENDS = {"rate": VALUE, "low": LOW, "high": HIGH}
_RANKS = {"rank": RANK_NOW, "rank_low": BEST, "rank_high": WORST}


def _interval(table: pd.DataFrame, fields: tuple[str, str, str], x: alt.X, tips: list[alt.Tooltip]) -> None:
    _, middle, high = fields
    base = alt.Chart(table.astype(dict.fromkeys(fields, "float64")), height=ROW)
    bar = base.mark_rule(strokeWidth=7, color=PALE, strokeCap="round").encode(
        y=bars("label", table), x=x, x2=f"{high}:Q", tooltip=tips
    )
    dot = base.mark_point(filled=True, size=70, color=DOT, opacity=1).encode(
        y=bars("label", table), x=f"{middle}:Q", tooltip=tips
    )
    shown(alt.layer(bar, dot))


def solved(table: pd.DataFrame) -> None:
    """Show at which level issues were solved, see ``solved_levels``; each bar says number and share."""
    told = solved_table(table, lang())
    tips = [alt.Tooltip("number:Q", title=t(SOLVED), format=",d"), alt.Tooltip("percent:Q", title=t(SHARE))]
    far = alt.Scale(domain=[0, axis_end(told["number"])])
    bar = alt.Chart(told, height=alt.Step(30)).mark_bar(size=18, color=DOT).encode(
        y=bars("label", told), x=alt.X("number:Q", title=t(SOLVED), scale=far, axis=alt.Axis(format=",d", tickMinStep=1, tickCount=5)), tooltip=tips
    )  # fmt: skip
    words = bar.mark_text(align="left", dx=5, color=INK, fontSize=12).encode(text="said:N")
    shown(alt.layer(bar, words))


def still_open(curve: Curve) -> None:
    """Show which share of the issues is still open after some days, with its 95 % band and the half."""
    table = curve_table(curve)
    base = alt.Chart(table, height=240).encode(x=alt.X("days:Q", title=t(DAYS)))
    band = base.mark_area(interpolate="step-after", color=BAND, opacity=0.55).encode(
        y=alt.Y("low:Q", title=t(STILL_OPEN), scale=alt.Scale(domain=[0, 100])), y2="high:Q"
    )
    line = base.mark_line(interpolate="step-after", color=DOT, strokeWidth=2).encode(
        y="open:Q", tooltip=[alt.Tooltip("days:Q", title=t(DAYS), format=".1f"), alt.Tooltip("open:Q", title=t(STILL_OPEN), format=".1f")]
    )  # fmt: skip
    half = alt.Chart(pd.DataFrame({"y": [50]})).mark_rule(strokeDash=[5, 4], color=INK).encode(y="y:Q")
    shown(alt.layer(band, half, line))
