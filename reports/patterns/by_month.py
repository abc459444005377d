"""Month by month: is it rising in a grid, and which hot spots are new, growing or fading."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.pattern.adjustment import benjamini_hochberg
from geo.pattern.contiguity import contiguity
from geo.pattern.emerging import Emerging, emerging_hot_spots
from geo.pattern.trend import Trend, mann_kendall, seasonal_mann_kendall
from geo.text import Text
from layers import ISSUES, Workspace
from layers.schema import Grids, Issues
from layers.standards import policy
from reports.patterns.asked import Asked, chosen
from reports.patterns.counting import FACTOR, Counted, counted

YEAR = 12
YEARS = 2
"""Whole years from which January is compared with January."""
TRENDS = {
    "rising": Text("上升", "rising"),
    "falling": Text("下降", "falling"),
    "no_trend": Text("看不出趋势", "no trend to be told"),
    "short": Text("月数不足，不作判断", "too few months to say anything"),
    "not_covered": Text("问题数据未覆盖", "issues do not cover it"),
}
CATEGORIES = {
    "new": Text("新出现的{heat}", "new {heat}"),
    "consecutive": Text("近期连续的{heat}", "consecutive {heat}"),
    "intensifying": Text("加剧的{heat}", "intensifying {heat}"),
    "persistent": Text("持续的{heat}", "persistent {heat}"),
    "diminishing": Text("减弱的{heat}", "diminishing {heat}"),
    "sporadic": Text("时有时无的{heat}", "sporadic {heat}"),
    "oscillating": Text("冷热反复的{heat}", "oscillating {heat}"),
    "historical": Text("已消退的{heat}", "historical {heat}"),
}
HEATS = {"hot spot": Text("热点", "hot spot"), "cold spot": Text("冷点", "cold spot")}
NO_PATTERN = Text("无规律", "no pattern")
FEW_STEPS = Text(
    "完整的月份只有 {n} 个：不足 {least} 个不判断趋势，不足 {more} 个不划分热点演变。",
    "Only {n} whole months: trends are judged from {least}, emerging hot spots from {more}.",
)
ONE_YEAR = Text(
    "不足两年，无法扣除季节：夏多冬少也会显得像趋势。",
    "Less than two years: seasons cannot be taken out, and a summer can look like a trend.",
)
FEW_GRIDS = Text(
    "有比率的网格不足 {n} 个，不划分热点演变。", "Fewer than {n} grids have a rate: no emerging hot spots are told."
)
NO_STATE = Text("逐月统计的是上报，不论现在是否办结。", "Months count what was reported, whatever became of it since.")
FOUND = Text(
    "{n} 个网格中，{rising} 个上升、{falling} 个下降（q ≤ {fdr}）；不作校正会有 {raw} 个显得显著。",
    "Of {n} grids {rising} rise and {falling} fall (q ≤ {fdr}); without adjustment {raw} would seem to.",
)
WHOLE = Text(
    "全部网格合计：{what}（每年变化 {slope} 件/月，95% 区间 {low} 至 {high}，p = {p}）。",
    "All grids together: {what} (change a year {slope} issues a month, 95 % interval {low} to {high}, p = {p}).",
)
METHOD = (
    Text(
        "趋势用 Mann-Kendall 检验（方差按并列值校正，双侧），变化幅度为 Sen 斜率及其 95% 区间{season}；q 为各网格间的 Benjamini–Hochberg 校正值。",
        "Trends: Mann-Kendall (variance corrected for ties, two-sided), with Sen's slope and its 95 % interval{season}; q is "
        "adjusted over the grids by Benjamini and Hochberg.",
    ),
    Text(
        "热点演变：逐月 Gi*（邻域含上一个月），按 Esri 的类别以固定顺序取第一个符合的；单月件数少，冷热判断只作参考。",
        "Emerging hot spots: Gi* of each month (the month before is part of the neighbourhood), then the categories of "
        "Esri, the first that fits in a fixed order; a month has few issues, so take them as a hint.",
    ),
)
SEASONAL = Text("，同月与同月相比", ", months compared with the same month of other years")
NOTHING = Text("", "")


@dataclass(frozen=True)
class Months:
    """Whole months of a register and what they tell of each grid.

    ``series`` holds issues reported by grid id and month (first day); ``whole`` all of them together. ``grids`` is
    indexed by grid id: ``name``, ``events`` (sum), ``tau``, ``z``, ``p``, ``q`` (adjusted over the grids), ``slope`` with
    ``slope_low`` and ``slope_high`` (issues a month, per year of months), ``trend`` (a key of ``TRENDS``) and
    ``category`` of emerging hot spots ("" where none is told). ``seasonal`` says that months were compared with the
    same month of other years.
    """

    counts: Counted = field(repr=False)
    series: pd.DataFrame = field(repr=False)
    grids: pd.DataFrame = field(repr=False)
    whole: pd.DataFrame = field(repr=False)
    city: Trend = field(repr=False)
    seasonal: bool
    few_grids: bool
    few_steps: bool
    rules: Mapping[str, float] = field(repr=False)
    dropped: Text | None = None


def months(ws: Workspace, asked: Asked) -> Months:
    """Count the reported issues that are asked for by month and judge the series of each grid.

    Only what was reported counts here, whatever became of it since, for "open" has no month. The first month counts
    if the register began on its first day, the last one if it is over.

    Raises:
        DataError: no issues, no grids, no such level or no such type.
    """
    rules = policy(ws.folder)
    counts = counted(ws, asked)
    known = chosen(ws, Asked(kind=asked.kind, level=asked.level))
    starts, dropped = whole_months(ws)
    series = _series(ws, counts, known, starts)
    all_together = series.sum(axis=0).to_numpy()[None, :] if len(starts) else np.zeros((1, 0))
    seasonal = len(starts) >= YEARS * YEAR
    least = int(rules["trend_min_steps"])
    trend, city = (_trend(one, seasonal=seasonal, least=least) for one in (series.to_numpy(), all_together))
    few_grids = int(counts.known.sum()) < rules["pattern_min_grids"]
    found = None if few_grids else _emerging(counts, series, least=int(rules["emerging_min_steps"]))
    few_steps = len(starts) < rules["emerging_min_steps"]
    table = _judged(counts, series, trend, found, fdr=rules["pattern_fdr"])
    return Months(
        counts, series, table, pd.DataFrame({"month": starts, "issues": all_together[0]}), city, seasonal, few_grids,
        few_steps, rules, dropped,
    )  # fmt: skip


def whole_months(ws: Workspace) -> tuple[pd.DatetimeIndex, Text | None]:
    """Give the first days of the months that the register covers whole, and which are left out."""
    reported = ws[ISSUES][Issues.reported_at][ws.standing["is_known"].to_numpy()].dropna()
    if reported.empty:
        return pd.DatetimeIndex([]), None
    first, last = reported.min().to_period("M"), pd.Period(ws.manifest.as_of, "M")
    begun_late = reported.min().normalize() > first.start_time
    over = pd.Timestamp(ws.manifest.as_of) >= last.end_time.floor("s")
    found = pd.period_range(first + int(begun_late), last if over else last - 1, freq="M")
    # After the last report a register says nothing; empty months at the end are not the issues' own.
    found = found[found <= reported.max().to_period("M")]
    cut = [str(one) for one, left in ((first, begun_late), (last, not over)) if left]
    words = Text("不完整的月份未计：{what}。", "Months that are not whole are left out: {what}.")
    return found.to_timestamp(), words.format(what=", ".join(dict.fromkeys(cut))) if cut else None


def _series(ws: Workspace, counts: Counted, known: np.ndarray, starts: pd.DatetimeIndex) -> pd.DataFrame:
    size = len(counts.grids)
    code = ws.codes(ISSUES, counts.level)
    when = ws[ISSUES][Issues.reported_at].to_numpy().astype("datetime64[M]").astype(np.int64)
    step = when - (starts[0].to_numpy().astype("datetime64[M]").astype(np.int64) if len(starts) else 0)
    use = known & (code >= 0) & (step >= 0) & (step < len(starts))
    flat = np.bincount(code[use] * max(len(starts), 1) + step[use], minlength=size * len(starts))
    table = flat[: size * len(starts)].reshape(size, len(starts)).astype(float)
    table[~np.isfinite(counts.events)] = np.nan
    return pd.DataFrame(table, index=counts.grids.index, columns=starts)


def _trend(series: np.ndarray, *, seasonal: bool, least: int) -> Trend:
    if seasonal:
        return seasonal_mann_kendall(series, YEAR, least=least)
    return mann_kendall(series, least=least)


def _emerging(counts: Counted, series: pd.DataFrame, *, least: int) -> Emerging:
    rates = series.to_numpy() * (FACTOR[counts.asked.per] / counts.base)[:, None]
    return emerging_hot_spots(rates, contiguity(counts.grids.geometry.to_numpy()), least=least)


def _judged(counts: Counted, series: pd.DataFrame, trend: Trend, found: Emerging | None, *, fdr: float) -> pd.DataFrame:
    q = benjamini_hochberg(trend.p)
    rising = np.where(trend.z > 0, "rising", "falling")
    words = np.where(np.isnan(trend.z), "short", np.where(q <= fdr, rising, "no_trend"))
    words = np.where(np.isfinite(counts.events), words, "not_covered")
    columns = {
        "events": series.sum(axis=1, min_count=1) if series.shape[1] else np.nan, "tau": trend.tau_b, "z": trend.z,
        "p": trend.p, "q": q, "slope": YEAR * trend.slope, "slope_low": YEAR * trend.slope_low,
        "slope_high": YEAR * trend.slope_high, "trend": words,
        "category": "" if found is None else found.category,
    }  # fmt: skip
    return pd.DataFrame({"name": counts.grids[Grids.name], **columns}, index=counts.grids.index)


def category_words(category: str) -> Text:
    """Say a category of an emerging hot spot; nothing where none is told."""
    if not category:
        return Text("", "")
    kind, _, heat = category.partition(" ")
    return CATEGORIES[kind].format(heat=HEATS[heat]) if heat in HEATS else NO_PATTERN


def verdict(found: Months) -> list[Text]:
    """Say what was found."""
    steps, rules = found.series.shape[1], found.rules
    if steps < rules["trend_min_steps"]:
        more = f"{rules['emerging_min_steps']:g}"
        return [FEW_STEPS.format(n=steps, least=f"{rules['trend_min_steps']:g}", more=more)]
    counts, city = found.grids["trend"].value_counts(), found.city
    told = {key: int(counts.get(key, 0)) for key in ("rising", "falling")}
    raw = int((found.grids["p"] <= rules["pattern_fdr"]).sum())
    clear = city.p[0] <= 0.05  # noqa: PLR2004 (a single test)
    what = TRENDS["no_trend" if not clear else "rising" if city.z[0] > 0 else "falling"]
    numbers = {"slope": city.slope[0], "low": city.slope_low[0], "high": city.slope_high[0]}
    said = {key: f"{YEAR * one:+,.0f}" for key, one in numbers.items()}
    return [
        WHOLE.format(what=what, p=f"{city.p[0]:.3f}", **said),
        FOUND.format(n=f"{len(found.grids):,}", fdr=f"{rules['pattern_fdr']:g}", raw=raw, **told),
    ]


def cautions(found: Months) -> list[Text]:
    """Say what a reader must know before believing a trend."""
    enough = found.series.shape[1] >= found.rules["trend_min_steps"]
    few = FEW_GRIDS.format(n=f"{found.rules['pattern_min_grids']:g}") if found.few_grids else None
    state = NO_STATE if found.counts.asked.state != "reported" else None
    said = [None if found.seasonal or not enough else ONE_YEAR, few, state, found.dropped]
    return [one for one in said if one is not None]


def method(found: Months) -> list[Text]:
    """Say in plain words how it was done."""
    return [one.format(season=SEASONAL if found.seasonal else NOTHING) for one in METHOD]
