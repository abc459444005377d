"""Tables, figures and files of a choice of sites and of a parking plan, in the words of the page."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from geo.text import Lang, Text
from layers import Workspace
from reports.document import Fact
from reports.service.parking import TIMES
from reports.service.places import COUNTED
from reports.siting.candidates import GROUNDS
from reports.siting.gains import gainers, grid_gains, uncoverable
from reports.siting.models import MODELS
from reports.siting.parking import ParkingPlan
from reports.siting.siting import Siting
from reports.siting.words import SAID, STATUS

TITLES: Mapping[str, Text] = {
    "candidate_id": Text("编号", "Id"),
    "name": Text("名称", "Name"),
    "ground": Text("用地", "Ground"),
    "grid_id": Text("网格", "Grid"),
    "area_m2": Text("面积（m²）", "Area (m²)"),
    "cost_yuan": Text("费用（元）", "Cost (yuan)"),
    "serves": Text("服务范围内", "Within reach"),
    "adds": Text("新增服务", "Adds"),
    "known": Text("可判断", "Known"),
    "before": Text("现在", "Now"),
    "after": Text("建成后", "After"),
    "gained": Text("新增", "Gained"),
    "before_percent": Text("现在（%）", "Now (%)"),
    "after_percent": Text("建成后（%）", "After (%)"),
    "before_m": Text("现在距离（m）", "Now (m)"),
    "after_m": Text("建成后距离（m）", "After (m)"),
    "model": Text("模型", "Model"),
    "new": Text("新建（处）", "New"),
    "mean_m": Text("平均距离（m）", "Mean way (m)"),
    "farthest_m": Text("最远（m）", "Farthest (m)"),
    "status": Text("证明", "Proof"),
    "gap_percent": Text("差距（%）", "Gap (%)"),
    "seconds": Text("用时（秒）", "Seconds"),
    "where": Text("选中地点", "Chosen sites"),
    "time": Text("时段", "Time"),
    "wanted": Text("需要泊位", "Bays wanted"),
    "bays": Text("泊位", "Bays"),
    "gap_before": Text("缺口（现在）", "Missing now"),
    "addable": Text("可增", "Can be added"),
    "gap_after": Text("缺口（增设后）", "Missing after"),
    "width_m": Text("街宽（m）", "Width (m)"),
    "length_m": Text("可用长度（m）", "Usable length (m)"),
    "sides": Text("几侧", "Sides"),
    **COUNTED,
}
"""Heads of the columns."""
NOW, THEN, NEW_ONES, LEFT = (
    Text("现在得到服务", "served now"),
    Text("建成后得到服务", "served after"),
    Text("新增服务", "newly served"),
    Text("候选点都够不着", "out of reach of all candidates"),
)
OF_KNOWN = Text("{p:.1f}%（共 {n}）", "{p:.1f} % of {n}")
NEW_SITES = Text("新建 {n} 处", "{n} new")
PLACES_OUT = Text("{n} 处", "{n} places")
NOBODY = Text("没有", "none")
BAYS_SAID = (
    Text("需要泊位（夜间）", "bays wanted by night"), Text("已有泊位", "bays there"),
    Text("缺口", "missing"), Text("可增设", "can be added"),
)  # fmt: skip
HOMES = Text("步行范围内 {n} 户", "{n} households within the walk")
LOTS = Text("{n} 处停车场", "{n} parking places")
AFTER = Text("增设后缺 {n}", "{n} missing after")
SPOT_GROUNDS = {"streets": Text("路内", "along a street"), "sites": GROUNDS["sites"]}
SPOTS = Text("{n} 段（处）", "{n} stretches or plots")


def site_facts(found: Siting) -> tuple[Fact, ...]:
    """Give the figures at the top of the page."""
    row = found.people().loc[found.wants.counted].to_dict()
    known = row["known"]

    def of(amount: float) -> Text | None:
        return OF_KNOWN.format(p=100 * amount / known, n=SAID.format(known)) if known > 0 else None

    out = float(found.wants.weight[found.uncoverable].sum())
    words = PLACES_OUT.format(n=f"{len(found.uncoverable):,}") if len(found.uncoverable) else NOBODY
    return (
        Fact(LEFT, SAID.format(out), words),
        Fact(NOW, SAID.format(row["before"]), of(row["before"])),
        Fact(THEN, SAID.format(row["after"]), of(row["after"])),
        Fact(NEW_ONES, SAID.format(row["gained"]), NEW_SITES.format(n=len(found.chosen))),
    )


def chosen_shown(found: Siting, lang: Lang) -> pd.DataFrame:
    """Give the chosen sites, the one that adds most first."""
    table = found.chosen.reset_index()
    table["ground"] = [GROUNDS[one].in_(lang) for one in table["ground"]]
    kept = ["name", "ground", "grid_id", "adds", "serves", "area_m2", "cost_yuan", "candidate_id"]
    return rounded(table[kept].dropna(axis=1, how="all"))


def grids_shown(ws: Workspace, found: Siting, level: int | None) -> pd.DataFrame:
    """Give what grids have before and after, those that gain most first."""
    table = grid_gains(ws, found, level)
    return rounded(table[table["known"] > 0].sort_values("gained", ascending=False, kind="stable"))


def gainers_shown(ws: Workspace, found: Siting, level: int | None) -> pd.DataFrame:
    """Give the places that are newly served, those with most people first."""
    table = gainers(ws, found, level)
    return rounded(table.sort_values(found.wants.counted, ascending=False, kind="stable"))


def uncoverable_shown(ws: Workspace, found: Siting, level: int | None) -> pd.DataFrame:
    """Give the places that no candidate reaches."""
    return rounded(uncoverable(ws, found, level).drop(columns="after_m"))


def models_shown(several: Sequence[Siting], lang: Lang) -> pd.DataFrame:
    """Put answers of several models side by side."""
    rows = []
    for one in several:
        people = one.people().loc[one.wants.counted]
        mine = one.wants.known & (np.nan_to_num(one.wants.weight) > 0) & np.isfinite(one.after_m)
        weight, ways = one.wants.weight[mine], one.after_m[mine]
        rows.append(
            {
                "model": MODELS[one.model].title.in_(lang), "new": len(one.chosen), "after": people["after"],
                "gained": people["gained"], "mean_m": float(weight @ ways / weight.sum()) if weight.sum() else np.nan,
                "farthest_m": float(ways.max(initial=0.0)), "status": STATUS[one.status].in_(lang),
                "gap_percent": 100 * one.gap, "seconds": round(one.seconds, 2),
                "where": ("、" if lang == "zh" else ", ").join(map(str, one.chosen["name"])),
            }
        )  # fmt: skip
    return rounded(pd.DataFrame(rows))


def plan_facts(plan: ParkingPlan) -> tuple[Fact, ...]:
    """Give the figures of a parking plan by night."""
    night = plan.by_time.loc["night"]
    values = [night[key] for key in ("wanted", "bays", "gap_before", "addable")]
    notes = (
        HOMES.format(n=SAID.format(plan.households)), LOTS.format(n=len(plan.lots)),
        AFTER.format(n=SAID.format(night["gap_after"])), SPOTS.format(n=len(plan.spots)),
    )  # fmt: skip
    said = ["—" if np.isnan(one) else SAID.format(one) for one in values]
    return tuple(Fact(title, value, note) for title, value, note in zip(BAYS_SAID, said, notes, strict=True))


def plan_shown(plan: ParkingPlan, lang: Lang) -> pd.DataFrame:
    """Give wanted, there, missing and addable by night and day."""
    table = plan.by_time.copy()
    table.insert(0, "time", [TIMES[str(one)].in_(lang) for one in table.index])
    return rounded(table)


def spots_shown(plan: ParkingPlan, lang: Lang) -> pd.DataFrame:
    """Give where bays fit, the most first."""
    table = plan.spots.sort_values("bays", ascending=False, kind="stable")
    table = table.assign(ground=[SPOT_GROUNDS[str(one)].in_(lang) for one in table["ground"]])
    return rounded(table.dropna(axis=1, how="all"))


def titles(lang: Lang) -> dict[str, str]:
    """Give the heads of the columns."""
    return {key: words.in_(lang) for key, words in TITLES.items()}


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Round for display: percents and seconds keep a digit."""
    fine = [name for name in table.select_dtypes("number") if str(name).endswith("percent") or name == "seconds"]
    coarse = [name for name in table.select_dtypes("number") if name not in fine]
    return table.round(dict.fromkeys(coarse, 0) | dict.fromkeys(fine, 1))


def table_csv(table: pd.DataFrame, lang: Lang) -> bytes:
    """Give a table as CSV with heads in a language, for a spreadsheet."""
    return table.rename(columns=titles(lang)).to_csv().encode("utf-8-sig")
