"""Time, change and need: CPU seconds beside the plain way and named peers, and how forecasts did on weeks that were hidden.

python -m benchmarks.time [BOSTON] [ROUNDS]     figures for docs/benchmarks.md; BOSTON is the folder of the workspace
"""

import importlib.util
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from geo.forecast.choice import Plan, forecasts
from geo.survival import kaplan_meier, log_rank
from layers import open_workspace
from reports.change import ledger_change
from reports.need.bias import reporting_bias
from reports.need.double_high import double_high
from reports.time import cases_at, closing_times, inflow
from reports.time.series import STEPS, counted

HIDDEN = (28, 42, 56)
"""Days at the end that are hidden; the first 28 of them are told."""


def spent(job: Callable[[], object]) -> float:
    """CPU seconds of a job."""
    start = time.process_time()
    job()
    return time.process_time() - start


def ratio(name: str, ours: Callable[[], object], other: Callable[[], object], rounds: int) -> None:
    """Print both in turn, and the median ratio."""
    pairs = [(spent(ours), spent(other)) for _ in range(rounds)]
    one, two = (median(part) for part in zip(*pairs, strict=True))
    print(f"{name}: {one:.4f} s, other {two:.4f} s, ratio {median(b / max(a, 1e-9) for a, b in pairs):.1f}")


def plain_curve(times: np.ndarray, ended: np.ndarray) -> list[float]:
    """Compute the curve as a textbook has it: for each time of an end who is at risk, who ends."""
    left, curve = 1.0, []
    for one in np.unique(times[ended]):
        left *= 1 - ((times == one) & ended).sum() / (times >= one).sum()
        curve.append(left)
    return curve


def survival(rounds: int) -> None:
    """Compare Kaplan-Meier and the log-rank test with lifelines where it is installed, else with the plain way."""
    random = np.random.default_rng(1)
    times, ended = random.exponential(10, 200_000).round(4) + 0.0001, random.random(200_000) < 0.8
    group = random.integers(0, 20, 200_000).astype(str)
    if importlib.util.find_spec("lifelines") is None:
        print("lifelines is not installed: its row is skipped")
    else:
        from lifelines import KaplanMeierFitter  # noqa: PLC0415 (an optional peer)
        from lifelines.statistics import multivariate_logrank_test  # noqa: PLC0415

        other = KaplanMeierFitter().fit(times, ended).survival_function_.iloc[1:, 0]
        mine = kaplan_meier(times, ended)
        gap = np.abs(other.loc[mine.times].to_numpy() - mine.survival).max()
        test, theirs = log_rank(times, ended, group), multivariate_logrank_test(times, group, ended)
        print(f"same curve to {gap:.1e}, same chi-square to {abs(test.chi2 - theirs.test_statistic):.1e}")
        ratio(
            "Kaplan-Meier, 200,000, lifelines",
            lambda: kaplan_meier(times, ended),
            lambda: KaplanMeierFitter().fit(times, ended),
            rounds,
        )
        ratio(
            "log-rank, 200,000 in 20 groups, lifelines",
            lambda: log_rank(times, ended, group),
            lambda: multivariate_logrank_test(times, group, ended),
            rounds,
        )
    few = slice(0, 20_000)
    ratio(
        "Kaplan-Meier, 20,000, plain loop",
        lambda: kaplan_meier(times[few], ended[few]),
        lambda: plain_curve(times[few], ended[few]),
        1,
    )


def plain_forecasts(counts: pd.DataFrame, plan: Plan) -> list[float]:
    """Forecast series by series and origin by origin, as a script would: the same ways, fitted anew each time."""
    origins = plan.origins(len(counts))
    return [
        float(
            forecasts(counts[[name]].iloc[:origin], Plan(plan.season, plan.horizon, plan.level, 1, 1))
            .total["mean"]
            .iloc[0]
        )
        for name in counts.columns
        for origin in origins
    ]


def backtests(folder: Path, rounds: int) -> None:
    """Hide the last weeks of Boston, choose on the rest, and see what came."""
    ws = open_workspace(folder)
    cases = cases_at(ws)
    plan = Plan(season=7, horizon=28)
    for by in ("type", "grid"):
        for since in (date(2015, 1, 1), date(2015, 8, 11)):
            whole = counted(cases, STEPS["day"], date(2016, 1, 1), by=by)
            whole = whole[whole.index >= pd.Timestamp(since)]
            for hidden in HIDDEN:
                print(f"{by} since {since}, {hidden} days hidden: {told_and_came(whole, hidden, plan)}")
    counts = counted(cases, STEPS["day"], date(2016, 1, 1), by="type")
    ratio(
        "forecast and backtest of 26 series, one by one",
        lambda: forecasts(counts, plan),
        lambda: plain_forecasts(counts, plan),
        rounds,
    )


def told_and_came(whole: pd.DataFrame, hidden: int, plan: Plan) -> str:
    """Say how the forecast did on hidden days."""
    known = whole.iloc[: len(whole) - hidden]
    later = whole.iloc[len(whole) - hidden :].head(plan.horizon)
    found = forecasts(known, plan)
    again = np.tile(known.iloc[-plan.season :].to_numpy(), (plan.horizon // plan.season, 1))
    error, naive = (np.abs(later.to_numpy() - one).mean(axis=0) for one in (found.mean.to_numpy(), again))
    total = later.sum().to_numpy()
    off, naive_off = np.abs(total - found.total["mean"]).sum(), np.abs(total - again.sum(axis=0)).sum()
    inside = (total >= found.total["low"]) & (total <= found.total["high"])
    beats = found.chosen["beats_naive"].to_numpy()
    return (
        f"{beats.mean():.0%} beat the last week in the backtest, of these {(error < naive)[beats].mean():.0%} later too; "
        f"error {error.sum() / naive.sum():.2f} of it by day, {off / naive_off:.2f} in total; {inside.mean():.0%} of totals in the 80 % interval"
    )


def reports(folder: Path) -> None:
    """Print what each report of Boston costs."""
    ws = open_workspace(folder)
    cases, as_of = cases_at(ws), ws.manifest.as_of
    jobs: dict[str, Callable[[], object]] = {
        "cases of 121,145 issues": lambda: cases_at(ws),
        "time to close by type": lambda: closing_times(cases, as_of),
        "time to close by grid (180), each against the rest": lambda: closing_times(cases, as_of, by="grid"),
        "forecast by type, with backtest": lambda: inflow(cases, as_of, by="type"),
        "forecast by grid (180), with backtest": lambda: inflow(cases, as_of, by="grid"),
        "change of the ledger in October": lambda: ledger_change(ws, datetime(2015, 9, 30), datetime(2015, 10, 31)),  # noqa: DTZ001 (naive local time)
        "double-high list": lambda: double_high(ws),
        "reporting bias": lambda: reporting_bias(ws),
    }
    for name, job in jobs.items():
        print(f"{name}: {median(spent(job) for _ in range(3)):.2f} CPU s")


if __name__ == "__main__":
    boston = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("guatu-workspaces/boston")
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    survival(many)
    backtests(boston, 1)
    reports(boston)
