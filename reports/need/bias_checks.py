"""The parts of the check of reporting bias: whether each could be made, what it says of the whole, and what is missing."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.text import Text
from layers import ISSUES, Workspace
from layers.places import PLACES
from reports.need.voices import RESIDENTS, STAFF, UNKNOWN, Base

SURE = 0.05
"""Share of false findings that is borne."""


@dataclass(frozen=True)
class Check:
    """One part of the check: whether it could be made, what it says of the whole, and what is missing for it."""

    key: str
    title: Text
    status: str
    finding: Text
    missing: Text | None = None


def checks_of(ws: Workspace, told: pd.DataFrame, base: Base, table: pd.DataFrame) -> tuple[Check, ...]:
    """Say of each part whether it could be made."""
    mine, unknown = (told["voice"] == RESIDENTS), int((told["voice"] == UNKNOWN).sum())
    spread = table["rate_smoothed"]
    found = [
        Check(
            "rate", Text("居民上报率", "reports by residents"), base.status,
            Text("{per}：{a:.1f} 至 {b:.1f}", "{per}: {a:.1f} to {b:.1f}").format(per=base.words, a=spread.min(), b=spread.max()),
            base.missing,
        ),
        _channel_check(told, unknown),
        _staff_check(told, table),
        _reporter_check(told),
        _default_check(ws),
        Check(
            "hours", Text("上报时刻", "hours of the day"), "ready" if mine.any() else "unavailable",
            Text("居民上报中夜间占 {p:.1f}%", "{p:.1f} % of residents' reports are made at night").format(
                p=100 * told.loc[mine, "at_night"].mean() if mine.any() else np.nan
            ),
        ),
    ]  # fmt: skip
    return tuple(found)


def _channel_check(told: pd.DataFrame, unknown: int) -> Check:
    status = "ready" if unknown == 0 else "unavailable" if unknown == len(told) else "partial"
    missing = Text(
        "{n} 件的来源不在 source_channels.csv 中", "the sources of {n} reports are not in source_channels.csv"
    )
    app = told[told["voice"] == RESIDENTS]["by_app"]
    finding = Text("居民上报中应用占 {p:.1f}%", "{p:.1f} % of residents' reports come by app").format(
        p=100 * app.mean() if len(app) else np.nan
    )
    title = Text("渠道构成", "channels")
    return Check("channels", title, status, finding, missing.format(n=f"{unknown:,}") if unknown else None)


def _staff_check(told: pd.DataFrame, table: pd.DataFrame) -> Check:
    staff = int((told["voice"] == STAFF).sum())
    title = Text("居民与巡查", "residents and staff")
    if not staff:
        none = Text("没有巡查上报可比", "no reports of staff to compare with")
        return Check("staff", title, "unavailable", none, Text("巡查来源的上报", "reports by staff"))
    low = int(((table["voice_high"] < 1) & (table["voice_p"] < SURE)).sum())
    said = Text(
        "巡查发现 {n} 件；{k} 个网格居民上报明显偏少",
        "staff found {n}; in {k} grids residents report clearly less than that",
    )
    return Check("staff", title, "ready", said.format(n=f"{staff:,}", k=low))


def _reporter_check(told: pd.DataFrame) -> Check:
    title = Text("上报人", "reporters")
    known = told[told["reporter"].notna() & told["by_app"]]
    if known.empty:
        said = Text("不知道谁上报", "who reported is not known")
        return Check(
            "reporters",
            title,
            "unavailable",
            said,
            Text("上报人编号（由台账登记）", "ids of reporters, as a ledger keeps them"),
        )
    counts = known["reporter"].value_counts()
    said = Text(
        "应用上报 {n} 件来自 {k} 人，最多的一人占 {p:.0f}%",
        "{n} reports by app come from {k} persons, the busiest made {p:.0f} %",
    )
    return Check(
        "reporters", title, "ready", said.format(n=len(known), k=len(counts), p=100 * counts.iloc[0] / len(known))
    )


def _default_check(ws: Workspace) -> Check:
    title = Text("默认点与无位置", "default points and no place")
    if ISSUES not in ws:
        said, missing = Text("没有问题图层", "no layer of issues"), Text("问题图层", "a layer of issues")
        return Check("default", title, "unavailable", said, missing)
    place = ws.places[ISSUES.key]["place"].to_numpy()
    default, lost = (int((place == PLACES.index(one)).sum()) for one in ("default_point", "no_geometry"))
    said = Text(
        "{a} 件在默认点、{b} 件没有位置（共 {n} 件），不属于任何网格",
        "{a} on a default point and {b} without a place, of {n}: they belong to no grid",
    )
    return Check(
        "default",
        title,
        "ready" if default + lost == 0 else "partial",
        said.format(a=f"{default:,}", b=f"{lost:,}", n=f"{len(place):,}"),
    )
