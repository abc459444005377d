"""Inflow: how many reports will come, by type or grid, and whether the forecast is better than the last season again.

Each series is tried on a rolling origin (``geo.forecast.choice``); what does not beat the seasonal naive forecast is
not shown, the naive forecast is. A day on which counting changed cuts a series: it learns from there on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from geo.forecast.choice import NAIVE, Forecasts, Plan, forecasts
from geo.text import Text
from layers.standards import policy
from reports.time.series import STEPS, Break, Step, coming, counted, register_end, shape, usual_step

TITLES = {
    "reports": Text("学习段件数", "reports learnt from"),
    "since": Text("学习起点", "learnt since"),
    "way": Text("采用的方法", "way taken"),
    "mase": Text("MASE", "MASE"),
    "naive_mase": Text("上期重复的 MASE", "MASE of the last season again"),
    "beats_naive": Text("优于上期重复", "beats the last season"),
    "origins": Text("回测次数", "origins tried"),
    "mean": Text("预计件数", "expected reports"),
    "low": Text("区间下限", "low end"),
    "high": Text("区间上限", "high end"),
    "few": Text("件数少", "few reports"),
}
WAY_WORDS = {
    NAIVE: Text("上期重复", "last season again"),
    "simple": Text("指数平滑", "simple smoothing"),
    "holt": Text("阻尼趋势（Holt）", "damped trend (Holt)"),
    "holt_winters": Text("季节平滑（Holt-Winters）", "season and trend (Holt-Winters)"),
    "trend": Text("泊松趋势回归", "Poisson trend"),
}
METHOD = Text(
    "按{step}计数，季节为 {season} 步，预测{ahead}。各方法在滚动起点上回测：只用起点以前的数据预测其后，误差除以"
    "“上期重复”在学习段内的误差（MASE）。平均 MASE 低于“上期重复”且回测不少于 {fewest} 次才采用，否则显示“上期重复”。"
    "区间为 {level:.0%}，按回测误差取泊松或负二项分布。{end}{cut}",
    "Counted by {step}, a season has {season} steps, {ahead} are told. Each way is tried on a rolling origin: it sees what "
    "was known then and tells what followed; its errors are divided by that of repeating the last season (MASE). A way is "
    "taken only if its mean MASE is below that of the repetition in at least {fewest} trials; else the last season is shown again. "
    "Intervals are {level:.0%}, Poisson or negative binomial after the errors of the trials.{end}{cut}",
)
ENDED = Text("登记止于 {day}，此后不算零。", " The register ended on {day}; what follows is not counted as zero.")
CUT = Text("{day} 起重新学习：{what}。", " Learnt anew since {day}: {what}.")
NO_SEASON = Text("（历史不足两个季节，不用季节）", " (two seasons were not seen, so none is used)")


@dataclass(frozen=True)
class Inflow:
    """A forecast of reports.

    ``table`` has a row a unit (``ALL`` first), columns as in ``TITLES``: what is told of all steps together. ``steps`` has
    a row a unit and step: ``begins``, ``mean``, ``low``, ``high``. ``backtest`` has a row a unit and way: ``mase``, ``mae``.
    ``counts`` are the series themselves, rows by step.
    """

    by: str | None
    step: Step
    season: int
    horizon: int
    table: pd.DataFrame
    steps: pd.DataFrame = field(repr=False)
    backtest: pd.DataFrame = field(repr=False)
    counts: pd.DataFrame = field(repr=False)
    breaks: tuple[Break, ...]
    words: Text
    meta: Mapping[str, object] = field(repr=False)


def inflow(
    cases: pd.DataFrame,
    as_of: datetime,
    *,
    by: str | None = None,
    step: str | None = None,
    breaks: tuple[Break, ...] = (),
    folder: Path | None = None,
) -> Inflow:
    """Tell how many reports will come.

    Args:
        cases: one row a report, folded at ``as_of``; duplicates count, for somebody has to take them.
        as_of: the moment, naive local time.
        by: a key of ``reports.time.BY``; None for all together.
        step: a key of ``STEPS``; None for the longest of which two seasons and a backtest were seen.
        breaks: days on which counting changed, see ``breaks_of``.
        folder: the workspace, for its own policy.
    """
    end, ended = register_end(cases, as_of, folder)
    chosen = usual_step(cases, end) if step is None else STEPS[step]
    counts = counted(cases, chosen, end, by=by)
    rules = policy(folder)
    groups = _groups(counts, breaks, by)
    season, horizon = shape(chosen, max((len(counts) - start for start in groups), default=0))
    parts = []
    for start, names in groups.items():
        own, ahead = shape(chosen, len(counts) - start)
        plan = Plan(
            season=own, horizon=min(horizon, ahead), level=rules["forecast_level"],
            fewest_origins=int(rules["forecast_min_origins"]), most_origins=int(rules["forecast_max_origins"]),
        )  # fmt: skip
        parts.append((start, forecasts(counts[names].iloc[start:], plan)))
    table, steps, backtest = _joined(parts, counts, chosen, rules["forecast_min_cases"])
    meta: dict[str, object] = {
        **(parts[0][1].meta if parts else {}), "as_of": as_of, "end": end, "ended": ended, "step": chosen.key, "by": by,
    }  # fmt: skip
    said = _words(chosen, (season, horizon), rules, ended=end if ended else None, breaks=_used(breaks, counts))
    return Inflow(by, chosen, season, horizon, table, steps, backtest, counts, _used(breaks, counts), said, meta)


def _used(breaks: tuple[Break, ...], counts: pd.DataFrame) -> tuple[Break, ...]:
    """Give the marked days that lie within the series."""
    if counts.empty:
        return ()
    first, last = counts.index[0].date(), counts.index[-1].date()
    return tuple(one for one in breaks if first < one.day <= last)


def _groups(counts: pd.DataFrame, breaks: tuple[Break, ...], by: str | None) -> dict[int, list[str]]:
    """Give the units by the step from which they learn: the first that begins on or after their latest marked day."""
    found: dict[int, list[str]] = {}
    for name in counts.columns if len(counts) else ():
        mine = [
            one.day
            for one in _used(breaks, counts)
            if one.issue_type is None or (by == "type" and one.issue_type == name)
        ]
        start = int(counts.index.searchsorted(pd.Timestamp(max(mine)))) if mine else 0
        found.setdefault(min(start, len(counts) - 1), []).append(str(name))
    return found


def _joined(
    parts: list[tuple[int, Forecasts]], counts: pd.DataFrame, step: Step, fewest: float
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Put the forecasts of units with different beginnings together, in the order of the units."""
    tables, steps, tests = [], [], []
    for start, found in parts:
        seen = counts[found.chosen.index].iloc[start:]
        reports = seen.sum()
        facts = {"reports": reports, "since": counts.index[start], "few": reports < fewest}
        tables.append(found.chosen.join(found.total).assign(**facts))
        begins = coming(counts.index[-1], step, len(found.mean))
        tests.append(found.backtest)
        for name in found.mean.columns:
            row = {"unit": name, "begins": begins} | {
                k: getattr(found, k)[name].to_numpy() for k in ("mean", "low", "high")
            }
            steps.append(pd.DataFrame(row))
    if not tables:
        return (
            pd.DataFrame(columns=list(TITLES)),
            pd.DataFrame(columns=["begins", "mean", "low", "high"]),
            pd.DataFrame(),
        )
    order = pd.Index(counts.columns, name="unit")
    table = pd.concat(tables).reindex(order)[list(TITLES)]
    return table, pd.concat(steps).set_index("unit"), pd.concat(tests)


def _words(
    step: Step, sizes: tuple[int, int], rules: Mapping[str, float], *, ended: date | None, breaks: tuple[Break, ...]
) -> Text:
    """Say how it was told."""
    season, horizon = sizes
    shown = Text.same(str(season)) if season > 1 else Text("1{note}", "1{note}").format(note=NO_SEASON)
    closing = Text("", "") if ended is None else ENDED.format(day=ended)
    latest = breaks[-1] if breaks else None
    cut = Text("", "") if latest is None else CUT.format(day=latest.day, what=latest.words)
    return METHOD.format(
        step=step.words, season=shown, ahead=step.ahead.format(n=horizon), fewest=int(rules["forecast_min_origins"]),
        level=rules["forecast_level"], end=closing, cut=cut,
    )  # fmt: skip
