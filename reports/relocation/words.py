"""How relocation is said: stages, states of buildings, countdown, forecast, in both languages."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.text import Text
from reports.relocation.funnel import NO_ZONE, Relocation
from reports.relocation.pace import WAY_WORDS, Pace

NOTHING = Text(
    "没有住户登记表，也没有签约、搬迁的统计数",
    "there is no register of households and no figure of those signed or moved",
)
STAGE_WORDS: Mapping[str, Text] = {
    "households": Text("登记", "on the register"),
    "signed": Text("签约", "signed"),
    "moved": Text("搬迁", "moved"),
    "demolished": Text("拆除", "pulled down"),
    "rehoused": Text("安置", "rehoused"),
}
STEP_WORDS: Mapping[str, Text] = {
    "signed": Text("签约", "signing"),
    "moved": Text("搬迁", "moving"),
    "demolished": Text("拆除", "demolition"),
    "rehoused": Text("安置", "rehousing"),
}
"""The stages as acts."""
STATE_WORDS: Mapping[str, Text] = {
    "demolished": Text("已拆除", "pulled down"),
    "empty": Text("已腾空", "empty"),
    "held": Text("只剩少数户", "a few left"),
    "moving": Text("搬迁中", "moving"),
    "signing": Text("签约中", "signing"),
    "untouched": Text("未签约", "nobody signed"),
}
UNKNOWN = Text("未知", "unknown")
WHOLE = Text(
    "截至 {day}：签约 {signed} 户，搬迁 {moved} 户（{share}），已签约未搬迁 {remaining} 户；登记 {households} 户",
    "as of {day}: {signed} signed, {moved} moved ({share}), {remaining} signed and not yet moved; {households} on the register",
)
ZONE = Text(
    "{name}  签约 {signed}/{households}，搬迁 {moved}（{share}），拆除 {demolished}，安置 {rehoused}",
    "{name}  signed {signed} of {households}, moved {moved} ({share}), pulled down {demolished}, rehoused {rehoused}",
)
LEFT = Text("还有 {days:.0f} 天（{day}）", "{days:.0f} days left ({day})")
TODAY, OVER = (
    Text("今天到期（{day}）", "due today ({day})"),
    Text("已过期 {days:.0f} 天（{day}）", "{days:.0f} days late ({day})"),
)
NO_DEADLINE = Text("没有期限", "no deadline")
PACE_IS = Text(
    "近一周每天 {pace:.1f} 户，需要每天 {needed:.1f} 户", "{pace:.1f} a day last week, {needed:.1f} a day are needed"
)
DONE = Text("已全部搬迁", "all have moved")
FORECAST = Text(
    "{stage}预测（{way}）：到 {day} 约 {expected:,.0f} 户（{interval:.0%} 区间 {low:,.0f}–{high:,.0f}），共 {total:,.0f} 户；按期全部完成的可能性 {share}",
    "forecast of {stage} ({way}): about {expected:,.0f} by {day} ({interval:.0%} interval {low:,.0f} to {high:,.0f}) of {total:,.0f}; chance that all are done in time {share}",
)
LATER = Text("期限已过或太远，不作到期预测", "the deadline is past or too far off to forecast")
ERROR = Text(
    "留出最后 {held:.0f} 周检验：平均误差 {error:,.0f} 户，最后一周偏差 {last:+,.0f} 户；区间已按检验结果放宽 {stretch:.1f} 倍",
    "tested on the last {held:.0f} weeks held back: mean error {error:,.0f} households, {last:+,.0f} at the end; the interval is stretched {stretch:.1f} times for it",
)
UNTESTED = Text("未经检验，不作估计", "not told, since nothing could be tested")
NOT_TESTED = Text("记录太短，没有留出检验", "the record is too short to hold weeks back")


def number(value: float) -> Text:
    """Say a whole number, or that it is unknown."""
    return UNKNOWN if pd.isna(value) else Text.same(f"{value:,.0f}")


def percent(value: float) -> Text:
    """Say a share with two decimals, or that it is unknown."""
    return UNKNOWN if pd.isna(value) else Text.same(f"{value:.2f}%")


def whole_words(found: Relocation) -> Text:
    """Say the whole in a sentence."""
    row = found.whole
    said = {key: number(float(row[key])) for key in ("signed", "moved", "remaining", "households")}
    return WHOLE.format(day=f"{found.as_of:%Y-%m-%d}", share=percent(float(row["moved_percent"])), **said)


def zone_words(key: str, row: "pd.Series[Any]") -> Text:
    """Say how far a zone is."""
    said = {one: number(float(row[one])) for one in ("households", "signed", "moved", "demolished", "rehoused")}
    name = Text.same(row["name"]) if key else NO_ZONE
    return ZONE.format(name=name, share=percent(float(row["moved_percent"])), **said)


def deadline_words(row: "pd.Series[Any]") -> Text:
    """Say how many days a zone has left."""
    if pd.isna(row["deadline"]):
        return NO_DEADLINE
    days, day = float(row["days_left"]), f"{row['deadline']:%Y-%m-%d}"
    if days == 0:
        return TODAY.format(day=day)
    return LEFT.format(days=days, day=day) if days > 0 else OVER.format(days=-days, day=day)


def pace_words(row: "pd.Series[Any]") -> Text:
    """Say whether the pace of the last week will do."""
    if row["left"] == 0:
        return DONE
    if pd.isna(row["needed_per_day"]):
        return Text("", "")
    return PACE_IS.format(pace=float(row["pace_per_day"]), needed=float(row["needed_per_day"]))


def forecast_words(told: Pace) -> Text | None:
    """Say what is expected at the deadline, or why nothing is."""
    if told.missing is not None:
        return told.missing
    at = told.at_deadline
    if at is None or told.way is None or told.deadline is None:
        return LATER
    share = Text.same(f"{told.reached_share:.0%}") if told.reached_share else Text("几乎没有", "next to none")
    if told.error is None:
        share = UNTESTED
    return FORECAST.format(
        stage=STEP_WORDS[told.stage],
        way=WAY_WORDS[told.way],
        day=f"{at['ends']:%Y-%m-%d}",
        expected=float(at["expected"]),
        low=float(at["low"]),
        high=float(at["high"]),
        interval=float(told.meta["interval"]),
        total=told.total,
        share=share,
    )


def error_words(told: Pace) -> Text | None:
    """Say how far off the forecast was on the weeks held back."""
    if told.missing is not None:
        return None
    one = told.error
    if one is None:
        return NOT_TESTED
    held = float(told.meta["held_back_weeks"])
    return ERROR.format(held=held, error=one.error, last=one.last, stretch=float(told.meta["stretch"]))
