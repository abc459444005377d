"""Charts of change: curves of several groups, a forecast with what came before, and grids by two needs."""

import altair as alt
import pandas as pd

from geo.text import Text
from reports.need.double_high import QUADRANTS
from reports.need.tables import COLOURS, ORDER
from views.charts import INK, MIDDLE, shown
from views.state import lang, t

PALETTE = ("#50595f", "#0b5394", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""The curve of all is grey, those of groups in colours of Okabe and Ito."""
DAYS = Text("上报后天数", "Days after the report")
STILL_OPEN = Text("仍未办结（%）", "Still open, %")
BEGINS = Text("起始日", "Begins")
REPORTS = Text("上报件数", "Reports")
CAME, TOLD = Text("已发生", "Came"), Text("预计", "Expected")
LOW, HIGH = Text("区间下限", "low end"), Text("区间上限", "high end")
OBJECTIVE = Text("客观需求（0–100）", "Objective need, 0–100")
VOICED = Text("诉求率：{per}", "Voiced need {per}")
GROUP = Text("分组", "group")
GRID, QUADRANT = Text("网格", "grid"), Text("象限", "quadrant")
HALF = 50


def curves(table: pd.DataFrame) -> None:
    """Show the share still open of several groups with their bands; columns ``days``, ``open``, ``low``, ``high``, ``label``."""
    order = list(dict.fromkeys(table["label"]))
    colour = alt.Color(
        "label:N", title=None, sort=order, scale=alt.Scale(domain=order, range=list(PALETTE[: len(order)])),
        legend=alt.Legend(
            orient="top", columns=2, symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=4, labelLimit=230
        ),
    )  # fmt: skip
    base = alt.Chart(table, height=340).encode(x=alt.X("days:Q", title=t(DAYS)))
    band = base.mark_area(interpolate="step-after", opacity=0.13).encode(
        y=alt.Y("low:Q", title=t(STILL_OPEN), scale=alt.Scale(domain=[0, 100])), y2="high:Q", color=colour
    )
    tips = [
        alt.Tooltip("label:N", title=t(GROUP)),
        alt.Tooltip("days:Q", title=t(DAYS), format=".1f"),
        alt.Tooltip("open:Q", title=t(STILL_OPEN), format=".1f"),
    ]
    line = base.mark_line(interpolate="step-after", strokeWidth=2).encode(y="open:Q", color=colour, tooltip=tips)
    half = alt.Chart(pd.DataFrame({"y": [HALF]})).mark_rule(strokeDash=[5, 4], color=INK).encode(y="y:Q")
    shown(alt.layer(band, half, line))


def inflow(table: pd.DataFrame) -> None:
    """Show what came and what is told with its interval; columns ``begins``, ``came``, ``mean``, ``low``, ``high``."""
    axis = alt.X("begins:T", title=t(BEGINS), axis=alt.Axis(format="%m-%d", labelOverlap=True))
    base = alt.Chart(table, height=300).encode(x=axis)
    tips = [alt.Tooltip("begins:T", title=t(BEGINS), format="%Y-%m-%d")]
    came = base.mark_line(color=MIDDLE, strokeWidth=1.5).encode(
        y=alt.Y("came:Q", title=t(REPORTS)), tooltip=[*tips, alt.Tooltip("came:Q", title=t(CAME), format=",d")]
    )
    band = base.mark_area(color="#9fc2e0", opacity=0.6).encode(y="low:Q", y2="high:Q")
    ends = [
        alt.Tooltip("mean:Q", title=t(TOLD), format=",.1f"),
        alt.Tooltip("low:Q", title=t(LOW), format=",d"),
        alt.Tooltip("high:Q", title=t(HIGH), format=",d"),
    ]
    told = base.mark_line(color="#0b5394", strokeWidth=2.5, point=alt.OverlayMarkDef(size=16)).encode(
        y="mean:Q", tooltip=[*tips, *ends]
    )
    shown(alt.layer(band, came, told))


def quadrants(table: pd.DataFrame, limits: tuple[float, float], per: Text) -> None:
    """Show grids by objective and voiced need, with the limit of each; columns as in ``need_points``."""
    order = [QUADRANTS[one].in_(lang()) for one in ORDER]
    colour = alt.Color(
        "quadrant:N", title=None, sort=order, scale=alt.Scale(domain=order, range=list(COLOURS.values())),
        legend=alt.Legend(orient="top", columns=2, labelLimit=230, values=order[:-1]),
    )  # fmt: skip
    tips = [
        alt.Tooltip("label:N", title=t(GRID)),
        alt.Tooltip("quadrant:N", title=t(QUADRANT)),
        alt.Tooltip("objective:Q", title=t(OBJECTIVE)),
        alt.Tooltip("voiced:Q", title=t(VOICED.format(per=per))),
    ]
    points = alt.Chart(table, height=350).mark_circle(size=90, opacity=0.9, stroke="#ffffff", strokeWidth=0.6).encode(
        x=alt.X("voiced:Q", title=t(VOICED.format(per=per)), scale=alt.Scale(type="sqrt"), axis=alt.Axis(tickCount=6)),
        y=alt.Y("objective:Q", title=t(OBJECTIVE), scale=alt.Scale(zero=False)), color=colour, tooltip=tips,
    )  # fmt: skip
    across = alt.Chart(pd.DataFrame({"y": [limits[0]]})).mark_rule(strokeDash=[5, 4], color=INK).encode(y="y:Q")
    up = alt.Chart(pd.DataFrame({"x": [limits[1]]})).mark_rule(strokeDash=[5, 4], color=INK).encode(x="x:Q")
    shown(alt.layer(across, up, points))
