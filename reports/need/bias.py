"""Reporting bias: how far reports tell of need, and how far only of who reports; grid by grid, with what is not known.

Few reports have two causes: little need, or few who report. Nothing here can part them for sure. What can be looked at: how many
reports residents make, by which channel and at which hours, and whether staff on patrol find much where residents report little.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd

from geo.change import count_ratio
from geo.intervals import wilson
from geo.measure import shares
from geo.pattern.adjustment import benjamini_hochberg
from geo.pattern.rates import empirical_bayes
from geo.text import Text, listed
from layers import Workspace
from layers.standards import policy
from reports.need.bias_checks import SURE, Check, checks_of
from reports.need.voices import APPS, RESIDENTS, STAFF, Base, base_of, channels, reporters, voices
from reports.time.cases import cases_at

TITLES = {
    "name": Text("网格", "grid"),
    "reports": Text("上报", "reports"),
    "residents_reports": Text("居民上报", "by residents"),
    "staff_reports": Text("巡查或内部登记", "by staff"),
    "rate": Text("居民上报率", "residents' rate"),
    "rate_smoothed": Text("居民上报率（平滑）", "residents' rate, smoothed"),
    "voice": Text("居民与巡查之比（相对全部）", "residents to staff, against all"),
    "voice_low": Text("比值下限", "low end"),
    "voice_high": Text("比值上限", "high end"),
    "app_percent": Text("应用占比（%）", "by app, %"),
    "app_low": Text("应用占比下限", "by app, low end"),
    "app_high": Text("应用占比上限", "by app, high end"),
    "night_percent": Text("夜间占比（%）", "at night, %"),
    "per_reporter": Text("每位上报人的件数", "reports per reporter"),
    "mix_distance": Text("来源构成差异", "distance of the mix"),
    "is_quiet": Text("上报少", "few reports"),
    "caution": Text("少报的迹象", "signs of silence"),
}
STATUS = {"ready": Text("可用", "ready"), "partial": Text("部分可用", "partial"), "proxy": Text("替代", "proxy")}
LOW_APP = Text("应用上报占比明显偏低", "clearly fewer reports by app")
STAFF_FIND = Text("巡查发现多、居民上报少", "staff find more than residents report")
HIGH_NEED = Text("客观需求高", "objective need is high")
PLAIN = Text(
    "上报少不等于需求低。上报少的网格 {n} 个，其中有少报迹象的 {k} 个，应走访核实，不宜据此少安排：{names}{more}。",
    "Few reports are not little need. Grids that report little: {n}; with signs of silence: {k}. Visit them, do not pass them over: {names}{more}.",
)
MORE = Text("等", " and others")
NAMED = 12
PLAIN_NONE = Text(
    "上报少不等于需求低。上报少的网格 {n} 个；现有数据没有显示少报的迹象，但这不证明没有少报。",
    "Few reports are not little need. Grids that report little: {n}. The data show no sign of silence, which does not prove that there is none.",
)
METHOD = Text(
    "居民上报率按{per}，经验贝叶斯平滑（Marshall）；低于第 {low:g} 百分位为上报少。居民与巡查之比与全部网格之比相比，附精确区间，"
    "上限低于 1 且校正后 p 小于 5% 为“巡查发现多、居民上报少”。应用占比的 95% 区间整个低于全部的占比为“明显偏低”。"
    "渠道见 source_channels.csv。只有迹象，没有证明。",
    "Residents' reports {per}, smoothed by empirical Bayes (Marshall); below the {low:g}th percentile they are few. The ratio of residents' "
    "reports to those of staff is held against that of all grids with its exact interval; with a high end below 1 and an adjusted p below 5 % “staff "
    "find more than residents report”. A share by app whose 95 % interval lies wholly below that of all is “clearly fewer”. "
    "Channels: source_channels.csv. These are signs, no proof.",
)


@dataclass(frozen=True)
class Bias:
    """The check: ``table`` by grid id, columns as in ``TITLES``; ``signs`` by grid id; ``plain`` says it in a sentence."""

    level: int
    table: pd.DataFrame
    signs: Mapping[str, tuple[Text, ...]]
    checks: tuple[Check, ...]
    plain: Text
    words: Text
    meta: Mapping[str, object] = field(repr=False)


def reporting_bias(
    ws: Workspace, as_of: datetime | None = None, *, level: int | None = None, need: pd.Series | None = None
) -> Bias:
    """Check what the reports of each grid can tell of its need.

    Args:
        ws: a workspace with grids and with issues or a ledger.
        as_of: the moment, naive local time; None for that of the workspace.
        level: grid level; None for the finest.
        need: objective need by grid id, 0 to 100, as another sign; None without.

    Raises:
        DataError: no grids, no such level, or no issues.
    """
    wanted = ws.finest if level is None else level
    rules, grids = policy(ws.folder), ws.grids(wanted)
    moment = ws.manifest.as_of if as_of is None else as_of
    cases = cases_at(ws, moment, level=wanted)
    base = base_of(ws, wanted)
    told = _told(cases, ws, rules).assign(grid=cases["grid_id"].astype("object"))
    table = _rates(told, base, grids.index).join(_shares(told, grids.index))
    table.insert(0, "name", grids["name"].astype(str))
    known = table["rate_smoothed"].dropna()
    limit = float(np.percentile(known, rules["voice_low_percentile"])) if len(known) else np.nan
    table["is_quiet"] = (table["rate_smoothed"] <= limit).to_numpy()
    signs = _signs(table, told, need, rules["double_high_percentile"])
    table["caution"] = [float(len(signs[str(one)])) if str(one) in signs else np.nan for one in table.index]
    checks = checks_of(ws, told, base, table)
    return Bias(
        wanted, table[list(TITLES)], signs, checks, _plain(table, signs),
        METHOD.format(per=base.words, low=rules["voice_low_percentile"]),
        {"method": "signs of silence", "as_of": moment, "denominator": base.words.en, "status": base.status, "seed": None},
    )  # fmt: skip


def _told(cases: pd.DataFrame, ws: Workspace, rules: Mapping[str, float]) -> pd.DataFrame:
    """Give for each report its voice, whether it came by app and at night, its source and who made it."""
    channel = channels(cases, ws.folder)
    hour = cases["reported_at"].dt.hour
    night = (hour >= rules["night_from_hour"]) | (hour < rules["night_until_hour"])
    who = reporters(ws)
    found = pd.DataFrame(
        {
            "voice": voices(channel),
            "by_app": np.isin(channel.astype(str), list(APPS)),
            "at_night": night.to_numpy(),
            "source": cases["source"].astype("object").fillna("").to_numpy(),
        },
        index=cases.index,
    )
    return found.assign(reporter=None if who is None else who.reindex(cases.index).astype("object"))


def _count(told: pd.DataFrame, index: pd.Index, rows: np.ndarray | pd.Series) -> np.ndarray:
    found = told.loc[rows, "grid"].value_counts().reindex(index, fill_value=0)
    return np.asarray(found.to_numpy(dtype=float))


def _rates(told: pd.DataFrame, base: Base, index: pd.Index) -> pd.DataFrame:
    """Give counts and rates by grid, and residents' reports against those of staff."""
    mine, staff = ((told["voice"] == one).to_numpy() for one in (RESIDENTS, STAFF))
    own, found = _count(told, index, mine), _count(told, index, staff)
    rate = empirical_bayes(own, base.amount.reindex(index))
    several = own.sum() > 0 and found.sum() > 0
    ratio = count_ratio(own, found, exposure_after=max(own.sum(), 1), exposure_before=max(found.sum(), 1))
    nothing = np.full(len(index), np.nan)
    columns = {name: getattr(ratio, name) if several else nothing for name in ("ratio", "low", "high", "p")}
    return pd.DataFrame(
        {
            "reports": _count(told, index, np.ones(len(told), dtype=bool)),
            "residents_reports": own,
            "staff_reports": found,
            "rate": rate.raw * base.per,
            "rate_smoothed": rate.rate * base.per,
            "voice": columns["ratio"],
            "voice_low": columns["low"],
            "voice_high": columns["high"],
            "voice_p": benjamini_hochberg(columns["p"]),
        },
        index=index,
    )


def _shares(told: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """Give by grid how residents reported: by app, at night, each reporter how much, and how its mix of sources differs."""
    mine = (told["voice"] == RESIDENTS).to_numpy()
    own = _count(told, index, mine)
    app = _count(told, index, mine & told["by_app"].to_numpy())
    night = _count(told, index, mine & told["at_night"].to_numpy())
    low, high = wilson(app, own)
    named = told[mine & told["reporter"].notna().to_numpy() & told["by_app"].to_numpy()]
    persons = named.groupby("grid")["reporter"].nunique().reindex(index, fill_value=0).to_numpy(dtype=float)
    made = named["grid"].value_counts().reindex(index, fill_value=0).to_numpy(dtype=float)
    mix = pd.crosstab(told["grid"], told["source"]).reindex(index, fill_value=0)
    whole = told["source"].value_counts(normalize=True).reindex(mix.columns, fill_value=0.0)
    part = mix.div(mix.sum(axis=1).where(mix.sum(axis=1) > 0), axis=0)
    return pd.DataFrame(
        {
            "app_percent": 100 * shares(app, own),
            "app_low": 100 * low,
            "app_high": 100 * high,
            "night_percent": 100 * shares(night, own),
            "per_reporter": shares(made, persons),
            "mix_distance": (part - whole).abs().sum(axis=1, skipna=False).to_numpy() / 2,
        },
        index=index,
    )


def _signs(
    table: pd.DataFrame, told: pd.DataFrame, need: pd.Series | None, percentile: float
) -> dict[str, tuple[Text, ...]]:
    """List for each quiet grid, and each in which staff find more, what speaks for silence rather than for little need."""
    mine = told[told["voice"] == RESIDENTS]
    app = 100 * float(mine["by_app"].mean()) if len(mine) else np.nan
    wanted = pd.Series(np.nan, index=table.index) if need is None else need.reindex(table.index)
    high = wanted >= (np.nanpercentile(wanted, percentile) if wanted.notna().any() else np.inf)
    parts = (
        (HIGH_NEED, high),
        (STAFF_FIND, (table["voice_high"] < 1) & (table["voice_p"] < SURE)),
        (LOW_APP, table["app_high"] < app),
    )
    found = {str(one): tuple(words for words, mask in parts if bool(mask.loc[one])) for one in table.index}
    quiet = {str(one) for one in table.index[table["is_quiet"]]}
    # Where staff find much more than residents report, that alone speaks for silence, however much is reported.
    return {
        one: said if one in quiet else (STAFF_FIND,)
        for one, said in found.items()
        if one in quiet or STAFF_FIND in said
    }


def _plain(table: pd.DataFrame, signs: Mapping[str, tuple[Text, ...]]) -> Text:
    with_signs = [one for one in table.index if signs.get(str(one))]
    n = int(table["is_quiet"].sum())
    if not with_signs:
        return PLAIN_NONE.format(n=n)
    named = [Text.same(str(table["name"][one])) for one in with_signs[:NAMED]]
    more = MORE if len(with_signs) > NAMED else Text("", "")
    return PLAIN.format(n=n, k=len(with_signs), names=listed(named), more=more)
