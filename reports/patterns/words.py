"""What the patterns say in words: verdicts of grids, of the whole, cautions, and how it was done."""

from collections.abc import Mapping

import numpy as np

from geo.pattern.autocorrelation import Autocorrelation
from geo.text import Text, listed
from layers.schema import Grids
from reports.measures import STATUS_WORDS
from reports.patterns.asked import PERS, asked_words
from reports.patterns.counting import left_out_words
from reports.patterns.judgement import Pattern

VERDICTS: Mapping[str, Text] = {
    "hot": Text("热点：与邻近网格一起明显偏高", "hot spot: high together with its neighbours, beyond chance"),
    "cold": Text("冷点：与邻近网格一起明显偏低", "cold spot: low together with its neighbours, beyond chance"),
    "HL": Text("异常：明显高于四邻", "outlier: high among low neighbours"),
    "LH": Text("异常：明显低于四邻", "outlier: low among high neighbours"),
    "like_others": Text("与偶然波动无法区分", "not to be told from chance"),
    "described": Text("网格太少，只描述", "too few grids, described only"),
    "few_people": Text("住户太少，不算比率", "too few people for a rate"),
    "no_rate": Text("没有分母，不算比率", "no denominator, no rate"),
    "not_covered": Text("问题数据未覆盖", "issues do not cover it"),
}
SHORT: Mapping[str, Text] = {
    "hot": Text("热点", "hot spot"),
    "HL": Text("高于四邻", "high among low"),
    "like_others": Text("与偶然无异", "like chance"),
    "described": Text("只描述", "described only"),
    "LH": Text("低于四邻", "low among high"),
    "cold": Text("冷点", "cold spot"),
    "few_people": Text("住户太少", "too few people"),
    "no_rate": Text("没有分母", "no denominator"),
    "not_covered": Text("未覆盖", "not covered"),
}
"""The verdicts in a word or two, for tables and legends."""
SMALL = Text("件数少，须看区间", "few issues, read the interval")
QUADRANTS: Mapping[str, Text] = {
    "HH": Text("高—高", "high–high"),
    "LL": Text("低—低", "low–low"),
    "HL": Text("高—低", "high–low"),
    "LH": Text("低—高", "low–high"),
}
FEW_GRIDS = Text(
    "有比率的网格只有 {n} 个，不足 {least} 个：只描述，不判断热点。比率和区间可用；比较两个网格，看区间是否重叠。",
    "Only {n} grids have a rate, fewer than {least}: described only, no hot spots are judged. Rates and intervals hold; "
    "to compare two grids, see whether their intervals overlap.",
)
FOUND = Text(
    "{n} 个网格中，热点 {hot} 个、冷点 {cold} 个、异常 {out} 个（错误发现率 {fdr} 以内）；不作校正会有 {raw} 个网格显得显著。",
    "Of {n} grids: hot spots {hot}, cold spots {cold}, outliers {out} (false discovery rate up to {fdr}); without "
    "adjustment {raw} grids would seem significant.",
)
CLUSTERED = Text(
    "总体上，相近的网格{what}（Moran I = {i}，{p}；Geary C = {c}，{pc}）。",
    "On the whole neighbouring grids are {what} (Moran's I = {i}, {p}; Geary's C = {c}, {pc}).",
)
ALIKE = Text("彼此相似，成片分布", "alike: there is a pattern")
UNLIKE = Text("彼此不同，交错分布", "unlike: high and low alternate")
NO_PATTERN = Text("看不出空间规律", "neither alike nor unlike beyond chance")
WEAK = Text(
    "网格少，检验力低，没有发现不等于没有。",
    "With so few grids the test sees little: finding nothing is no proof of nothing.",
)
COUNT = Text(
    "这是件数，不是比率：人多的网格自然件数多，热点可能只是人多的地方。",
    "This is a count, not a rate: grids where more people live have more issues, and a hot spot may be no more than that.",
)
PROXY = Text("分母为替代值（{what}）。", "The denominator is a stand-in ({what}).")
SMALLS = Text(
    "{n} 个网格的件数不足 {least} 件，比率不稳，请看区间和收缩后的值。",
    "{n} grids have fewer than {least} issues: read their intervals and smoothed rates.",
)
FEW_PEOPLE = Text("{n} 个网格住户太少，不算比率。", "{n} grids have too few people for a rate.")
ISLANDS = Text("没有邻居的网格不作聚集判断：{names}。", "Grids without neighbours make no cluster: {names}.")
UNKNOWN = Text("{n} 个网格没有分母，不算比率。", "{n} grids have no denominator and no rate.")
METHOD = (
    Text(
        "比率旁为精确 95% 区间（Garwood）。“收缩后”为经验贝叶斯比率（Marshall）：人越少，越靠近全体平均，小网格不会因一两件就排到最前或最后。",
        "Beside the rate stands its exact 95 % interval (Garwood). “Smoothed” is the empirical Bayes rate (Marshall): the "
        "fewer people, the nearer to the mean of all, so that a small grid is not first or last for one issue.",
    ),
    Text(
        "热点用 Getis-Ord Gi*（权重 0/1，含自身）对{what}检验；异常用局部 Moran（条件置换 {deals} 次，种子 {seed}）。双侧检验，"
        "q 为 Benjamini–Hochberg 校正值，q ≤ {fdr} 才算。邻居：{how}。",
        "Hot spots: Getis-Ord Gi* (weights 0 or 1, the grid itself included) of the {what}; outliers: local Moran "
        "(conditional permutation, {deals} times, seed {seed}). Two-sided; q is adjusted by Benjamini and Hochberg and "
        "counts from {fdr} down. Neighbours: {how}.",
    ),
    Text(
        "热点说明反映的问题在哪里集中，不说明原因；报得多的地方也可能只是更愿意报。",
        "A hot spot says where reports gather, not why; where more is reported, people may only report more.",
    ),
)
BY_CORNERS = Text("共边或共点的网格", "grids that share a border or a corner")
BY_BORDERS = Text(
    "边界相距 {m} m 以内的网格（边界顶点不吻合，逐段量测）",
    "grids whose borders come within {m} m (their corners do not match, so borders are measured)",
)
SMOOTHED, COUNTS = Text("收缩后的比率", "smoothed rates"), Text("件数", "counts")


def p_words(p: float) -> Text:
    """Say a p-value as people print it."""
    said = "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if np.isfinite(p) else "p –"  # noqa: PLR2004 (three decimals)
    return Text.same(said)


def verdict(pattern: Pattern) -> list[Text]:
    """Say what was found, in a sentence or three."""
    known = int(pattern.counts.known.sum())
    said = (
        [FEW_GRIDS.format(n=known, least=f"{pattern.rules['pattern_min_grids']:g}")]
        if pattern.described_only
        else [_found(pattern, known)]
    )
    if np.isfinite(pattern.moran.z):
        said.append(_whole(pattern.moran, pattern.geary))
    return said + ([WEAK] if pattern.described_only else [])


def _found(pattern: Pattern, known: int) -> Text:
    grids, fdr = pattern.grids, pattern.rules["pattern_fdr"]
    out = (grids["verdict"].isin(["HL", "LH"])).sum()
    raw = ((grids["p"] <= fdr) & pattern.counts.known).sum()
    numbers = {
        "hot": (grids["verdict"] == "hot").sum(),
        "cold": (grids["verdict"] == "cold").sum(),
        "out": out,
        "raw": raw,
    }
    return FOUND.format(n=f"{known:,}", fdr=f"{fdr:.0%}", **{key: f"{int(n):,}" for key, n in numbers.items()})


def _whole(one: Autocorrelation, other: Autocorrelation) -> Text:
    clear = one.p_permuted <= 0.05  # noqa: PLR2004 (a single test)
    what = NO_PATTERN if not clear else ALIKE if one.value > one.expected else UNLIKE
    return CLUSTERED.format(
        what=what, i=f"{one.value:.2f}", p=p_words(one.p_permuted), c=f"{other.value:.2f}", pc=p_words(other.p_permuted)
    )


def cautions(pattern: Pattern) -> list[Text]:
    """Say what a reader must know before believing the table."""
    counts, grids = pattern.counts, pattern.grids
    found: list[Text | None] = [COUNT if counts.asked.per == "none" else None]
    if counts.people.status in {"proxy", "partial"}:
        found.append(PROXY.format(what=counts.people.note or STATUS_WORDS[counts.people.status]))
    small, few = int(grids["is_small"].sum()), int(counts.few.sum())
    if small:
        found.append(SMALLS.format(n=f"{small:,}", least=f"{pattern.rules['small_number_events']:g}"))
    found.append(FEW_PEOPLE.format(n=f"{few:,}") if few else None)
    unknown = int((grids["verdict"] == "no_rate").sum())
    found.append(UNKNOWN.format(n=f"{unknown:,}") if unknown else None)
    names = [Text.same(grids.at[one, Grids.name]) for one in pattern.islands]
    found.append(ISLANDS.format(names=listed(names)) if names else None)
    found.append(left_out_words(counts.left_out))
    return [one for one in found if one is not None]


def method(pattern: Pattern) -> list[Text]:
    """Say in plain words how it was done."""
    parameters = pattern.neighbours.meta["parameters"]
    near = parameters["near_m"]  # type: ignore[index]
    how = BY_CORNERS if near is None else BY_BORDERS.format(m=f"{near:g}")
    what = COUNTS if pattern.asked.per == "none" else SMOOTHED
    filled = {
        "deals": f"{pattern.rules['pattern_permutations']:g}",
        "seed": pattern.asked.seed,
        "fdr": f"{pattern.rules['pattern_fdr']:g}",
    }
    parts = METHOD[:1] + METHOD[2:] if pattern.described_only else METHOD
    return [one.format(what=what, how=how, **filled) for one in parts]


def title(pattern: Pattern) -> Text:
    """Say what was counted."""
    return asked_words(pattern.ws, pattern.asked)


def unit(pattern: Pattern) -> Text:
    """The unit of the rates."""
    return PERS[pattern.asked.per] if pattern.asked.per != "none" else Text("件", "issues")
