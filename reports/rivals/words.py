"""What rivals and certificate mean, in sentences."""

import pandas as pd

from geo.text import Text, counted, listed
from reports.rivals.certificate import Certificate
from reports.rivals.methods import COMMON, TITLES, WEIGHTED, Rivals

NAMED = 5
SAME_FIRST = Text("各方法都把{name}排在第一。", "All methods put {name} first.")
OTHER_FIRST = Text("各方法的第一名不同：{what}。", "The methods do not agree on the first: {what}.")
FIRST_BY = Text("{names}（{methods}）", "{names} ({methods})")
CLOSE = Text(
    "与加权求和相比，肯德尔 τ 最低的是 {method}（{tau}），前 {k} 名重合 {overlap}；名次差得最多的是{name}，相差 {places} 位。",
    "Farthest from the weighted sum is {method}: Kendall's tau {tau}, {overlap} of the first {k} in common; "
    "{name} differs most, by {places}.",
)
AGREED = Text("各方法的名次完全相同。", "All methods give the same ranks.")
SET = Text("VIKOR 折中解集：{what}（{why}）。", "VIKOR's compromise set: {what} ({why}).")
BOTH = Text("两项条件均满足", "both tests passed")
NO_ADVANTAGE = Text("领先不足", "the lead is too small")
NO_STABILITY = Text("稳定性条件不满足", "the first is not stable")
DOMINATED = Text(
    "在参与比较的指标上，{n}各项都不比另一单位更需要、至少一项更不需要（帕累托被支配），无论权重如何都不会超过它。",
    "In the criteria that are compared {n} dominated (Pareto): another is nowhere less in need and somewhere more, so no "
    "weights put them ahead of it.",
)
FIRM = Text(
    "围绕现有权重抽取 {draws} 组：{name}在 {share} 的权重下居第一，名次 {low}–{high}；{top}。",
    "Over {draws} weightings around the given ones {name} is first in {share}, its rank {low} to {high}; {top}.",
)
TOP_SURE = Text(
    "前 {k} 名中有 {n} 个在 95% 以上的权重下都留在前 {k} 名", "{n} of the first {k} stay there in 95% or more"
)
ALWAYS = Text("无论什么权重，{name}都是第一（精确）。", "Whatever the weights, {name} is first (exact).")
BOX_FIRST = Text(
    "各权重在 ±{box} 内任意变动，{name}都是第一（精确）。",
    "With every weight within ±{box}, {name} stays first (exact).",
)
BOX_WORST = Text(
    "各权重在 ±{box} 内任意变动，{name}最低可到第 {worst}（{how}）。",
    "With every weight within ±{box}, {name} may fall to rank {worst} ({how}).",
)
EXACT, BOUND = Text("精确", "exact"), Text("界限", "a bound")
CHANGES = Text(
    "最先使第一名易位的权重：{what}由 {weight} 变到 {then}，由{name}取代。",
    "The first is displaced soonest by the weight of {what}: from {weight} to {then}, and {name} takes over.",
)
NO_CHANGE = Text("单独改变任何一个权重都不会使第一名易位。", "No change of a single weight displaces the first.")
WITHOUT = Text("去掉一项指标后第一名会变的有：{what}。", "The first changes if one criterion is left out: {what}.")
WITHOUT_NONE = Text("去掉任何一项指标，第一名都不变。", "The first stays whichever criterion is left out.")
DATA = Text("数据的不确定性：{what}。", "Doubts about the data: {what}.")


def _name(names: pd.Series, unit: str) -> Text:
    return _quoted(str(names[unit]))


def _quoted(name: str) -> Text:
    return Text(f"「{name}」", name)


def _first(found: Rivals) -> list[tuple[str, str]]:
    """Give each compared method with the units that it puts first."""
    return [(key, str(unit)) for key in found.compared for unit in found.ranks.index[found.ranks[key] == 1]]


def agreement_said(found: Rivals) -> list[Text]:
    """Say whether the methods agree, and where they are farthest apart."""
    names, leaders = found.contest.names, _first(found)
    base = COMMON if COMMON in found.ranks else WEIGHTED
    pairs = found.agreement[(found.agreement["one"] == base) & found.agreement["kendall"].notna()]
    if pairs.empty or not leaders:
        return []
    units = list(dict.fromkeys(unit for _, unit in leaders))
    if len(units) == 1:
        said = [SAME_FIRST.format(name=_name(names, units[0]))]
    else:
        by = [
            FIRST_BY.format(
                names=_name(names, one), methods=listed([TITLES[key] for key, unit in leaders if unit == one])
            )
            for one in units
        ]
        said = [OTHER_FIRST.format(what=listed(by))]
    worst = pairs.sort_values("kendall", kind="stable").iloc[0]
    if not isinstance(worst["unit"], str):
        return [*said, AGREED]
    return [
        *said,
        CLOSE.format(
            method=TITLES[str(worst["other"])],
            tau=f"{worst['kendall']:.2f}",
            k=found.k,
            overlap=f"{worst['overlap']:.0%}",
            name=_name(names, worst["unit"]),
            places=Text(f"{worst['places']:.0f}", counted(int(worst["places"]), "place", "places")),
        ),
    ]


def set_said(found: Rivals) -> Text | None:
    """Name VIKOR's compromise set and why it has that size."""
    if not found.compromise_set:
        return None
    why = BOTH if found.advantage and found.stability else NO_STABILITY if found.advantage else NO_ADVANTAGE
    return SET.format(what=_several(found.contest.names, found.compromise_set), why=why)


def _several(names: pd.Series, units: tuple[str, ...]) -> Text:
    said = listed([_name(names, one) for one in units[:NAMED]])
    more = len(units) - NAMED
    return said if more <= 0 else Text(f"{said.zh}等 {len(units)} 个", f"{said.en} and {more} more")


def dominated_said(found: Rivals) -> Text | None:
    """Count the units that another dominates."""
    number = len(found.dominated)
    if not number:
        return None
    return DOMINATED.format(n=Text(f"{number:,} 个单位", counted(number, "unit is", "units are")))


def certificate_said(found: Certificate) -> list[Text]:
    """Say how firm the first place is: around the weights, within the box, over all weights, without a criterion."""
    if found.units.empty or found.units["rank"].isna().all():
        return []
    leader = found.units.iloc[0]
    name = _quoted(str(leader["name"]))
    leading = found.units[found.units["rank"] <= found.k]
    sure = int((leading["share_top"] >= 0.95).sum())  # noqa: PLR2004 (as the rank interval)
    firm = FIRM.format(
        draws=f"{found.draws:,}",
        name=name,
        share=_percent(leader["share_first"]),
        low=f"{leader['low']:.0f}",
        high=f"{leader['high']:.0f}",
        top=TOP_SURE.format(k=found.k, n=sure),
    )
    return [firm, _bounds_said(found, leader, name), _change_said(found), _without_said(found, str(leader.name))]


def _percent(share: float) -> str:
    """Give a share in percent; what is not all or nothing is not rounded to it."""
    if 0 < share < 0.001 or 0.999 < share < 1:  # noqa: PLR2004 (one decimal)
        return "<0.1%" if share < 0.5 else ">99.9%"  # noqa: PLR2004
    return f"{share:.1%}" if share < 1 else "100%"


def _bounds_said(found: Certificate, leader: pd.Series, name: Text) -> Text:
    box = f"{found.box:.0%}"
    if leader["worst"] == 1:
        return ALWAYS.format(name=name)
    if leader["box_worst"] == 1:
        return BOX_FIRST.format(box=box, name=name)
    how = EXACT if leader["box_exact"] else BOUND
    return BOX_WORST.format(box=box, name=name, worst=f"{leader['box_worst']:.0f}", how=how)


def _change_said(found: Certificate) -> Text:
    """Name the weight whose smallest change displaces the leader."""
    steps = []
    for key, row in found.stability.iterrows():
        for end, successor in ((row["low"], row["next_low"]), (row["high"], row["next_high"])):
            if isinstance(successor, str):
                steps.append((abs(end - row["weight"]), str(key), row["weight"], end, successor))
    if not steps:
        return NO_CHANGE
    _, key, weight, end, successor = min(steps)
    titles, names = found.contest.titles, found.contest.names
    return CHANGES.format(what=titles[key], weight=f"{weight:.1%}", then=f"{end:.1%}", name=_name(names, successor))


def _without_said(found: Certificate, leader: str) -> Text:
    other = found.without[found.without["leader"].notna() & (found.without["leader"] != leader)]
    if other.empty:
        return WITHOUT_NONE
    what = [
        Text("{c}（{n}）", "{c} ({n})").format(
            c=found.contest.titles[str(key)], n=_name(found.contest.names, row["leader"])
        )
        for key, row in other.iterrows()
    ]
    return WITHOUT.format(what=listed(what))


def doubts_said(found: Certificate) -> Text | None:
    """Say which data were drawn and which were taken as they are."""
    if not found.doubts:
        return None
    zh, en = "；".join(one.zh for one in found.doubts), "; ".join(one.en for one in found.doubts)
    return DATA.format(what=Text(zh, en))
