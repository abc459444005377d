"""Supply, shortfall, parking balance and equity as tables for people."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.text import Text
from layers import BUILDINGS, Workspace
from layers.schema import Buildings, Grids
from layers.standards import policy
from reports.document import Fact
from reports.ledger_table import harmless
from reports.ranking_table import capital
from reports.service.equity import FIGURES, MEANINGS, SupplyEquity
from reports.service.parking import TIMES, ParkingBalance
from reports.service.supply import Supply

GRID, BUILDING, FACILITY = Text("网格", "Grid"), Text("建筑", "Building"), Text("设施", "Facility")
NUMBER = Text("编号", "Id")
_SUPPLY: Mapping[str, Text] = {
    "people": Text("{who}", "{who}"),
    "supply": Text("现有（{unit}）", "Has ({unit})"),
    "access": Text("可得（{rate}）", "Access ({rate})"),
    "without_pct": Text("够不着的{who} %", "{who} reaching none %"),
    "wants": Text("需要（{unit}）", "Wanted ({unit})"),
    "missing": Text("缺（{unit}）", "Missing ({unit})"),
    "out_of_reach": Text("其中附近没有（{unit}）", "of it nothing near ({unit})"),
    "met_pct": Text("满足 %", "Met %"),
    "people_share": Text("来者人均（{rate}）", "For those who come ({rate})"),
    "used": Text("用满（{unit}）", "Used ({unit})"),
    "spare": Text("余（{unit}）", "Spare ({unit})"),
    "why": Text("未计入的原因", "Left out because"),
}
_PARKING: Mapping[str, Text] = {
    "households": Text("户数", "Households"),
    "bays": Text("泊位", "Bays"),
    "unknown_bays": Text("泊位数未知（处）", "Places without a number"),
    "demand": Text("{time}需要", "Wanted {time}"),
    "ratio_pct": Text("{time}满足 %", "Met {time} %"),
    "missing": Text("{time}缺", "Missing {time}"),
}
WHY: Mapping[str, Text] = {
    "": Text("", ""),
    "unknown": Text("数量未知", "what it has is not known"),
    "reaches_nobody": Text("没有人够得着", "nobody reaches it"),
}
EQUITY_TITLES: Mapping[str, Text] = {
    "figure": Text("指标", "Figure"),
    "value": Text("数值", "Value"),
    "low": Text("95% 区间下限", "95 % interval from"),
    "high": Text("95% 区间上限", "to"),
    "meaning": Text("怎么读", "How to read it"),
}
GROUP_TITLES: Mapping[str, Text] = {
    "name": Text("分组", "Group"),
    "people_pct": Text("占居民或户数 %", "Share of people %"),
    "held_pct": Text("占所得 %", "Share of what is had %"),
    "mean": Text("人均或户均（{rate}）", "Each has ({rate})"),
}
_SHARES = {"without_share": "without_pct", "met_share": "met_pct"}
_ORDER = ("name", "missing", "access", "met_pct", "without_pct", "people", "supply", "wants", "out_of_reach")
"""Columns of a grid, what matters first: a telephone shows few."""


def titles(found: Supply, lang: str) -> dict[str, str]:
    """Give the heads of the tables of a supply by column."""
    kind = found.kind
    who = Text("居民", "residents") if kind.who == "residents" else Text("户数", "households")
    said = {
        key: capital(words.format(who=who, unit=kind.unit, rate=kind.rate).in_(lang)) for key, words in _SUPPLY.items()
    }
    return {"name": GRID.in_(lang), "grid": GRID.in_(lang), "building": BUILDING.in_(lang), **said}


def grid_table(found: Supply) -> pd.DataFrame:
    """Give the grids by id, those that lack most first: columns as on a page, shares in percent."""
    table = found.by_grid.rename(columns=_SHARES)
    for name in _SHARES.values():
        table[name] = 100 * table[name]
    ordered = table.sort_values(["missing", "name"], ascending=[False, True], na_position="last", kind="stable")
    return ordered[list(_ORDER)]


def building_table(found: Supply) -> pd.DataFrame:
    """Give the buildings by id, those that lack most first: building, grid, missing, wants, people, access."""
    table = found.by_building
    if BUILDINGS not in found.ws or not len(table):
        return pd.DataFrame(columns=["building", "grid", "missing", "wants", "people", "access"])
    names = found.ws[BUILDINGS][Buildings.name].reindex(table.index)
    grids = found.ws.grids(found.level)[Grids.name]
    head = pd.DataFrame(
        {
            "building": names.fillna(pd.Series(table.index.astype("str"), index=table.index)).astype("str"),
            "grid": table["grid_id"].map(grids).fillna(""),
        },
        index=table.index,
    )
    joined = head.join(table[["missing", "wants", "people", "access"]])
    order = ["missing", "building"]
    return joined.sort_values(order, ascending=[False, True], na_position="last", kind="stable")


def short_of(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows that lack something."""
    return table[table["missing"] > 0]


def facility_table(found: Supply, lang: str) -> pd.DataFrame:
    """Give the facilities by id: building (its name), supply, people_share, used, spare, why it is left out."""
    table = found.by_facility
    if found.kind.layer not in found.ws or not len(table):
        return table
    layer = found.ws[found.kind.layer]
    names = layer["name"].reindex(table.index).fillna("").astype("str")
    shown = table.assign(why=[WHY[one].in_(lang) for one in table["why"]])
    shown.insert(0, "building", names.where(names != "", table.index.astype("str")))
    return shown


def supply_facts(found: Supply) -> tuple[Fact, ...]:
    """Give the headline numbers of a supply."""
    table, kind = found.by_grid, found.kind
    known = table["missing"].notna() & (table["people"] > 0)
    if not known.any():
        return ()
    people = table["people"].where(known)
    mean = float(np.average(table["access"][known], weights=people[known]))
    without = float((table["without_share"] * people).sum() / people.sum())
    wanted, missing = float(table["wants"].where(known).sum()), float(table["missing"].sum())
    near = Text("其中 {n} 附近没有", "{n} of it with nothing near").format(n=amount(float(table["out_of_reach"].sum())))
    who = Text("居民", "residents") if kind.who == "residents" else Text("住户", "households")
    return (
        Fact(Text("平均可得", "Access on average"), amount(mean), kind.rate),
        Fact(Text("够不着的{who}", "{who} reaching none").format(who=who), f"{without:.1%}",
             Text("共 {n}", "{n} in all").format(n=f"{people.sum():,.0f}")),
        Fact(Text("需要（{unit}）", "Wanted ({unit})").format(unit=kind.unit), amount(wanted)),
        Fact(Text("缺（{unit}）", "Missing ({unit})").format(unit=kind.unit), amount(missing), near),
    )  # fmt: skip


def amount(value: float) -> str:
    """Write an amount with as many digits as it deserves."""
    if not value:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}"  # noqa: PLR2004


def equity_table(found: SupplyEquity, ws: Workspace, lang: str) -> pd.DataFrame:
    """Give the figures of equity with their intervals: figure, value, low, high, meaning."""
    part = policy(ws.folder)["equity_worst_part"]
    rows = [
        [FIGURES[name].format(p=part).in_(lang), *getattr(found.figures, name), MEANINGS[name].format(p=part).in_(lang)]
        for name in FIGURES
    ]
    if not np.isnan(found.homes_gini):
        words = Text("基尼系数（按建筑）", "Gini coefficient of buildings").in_(lang)
        rows.append([words, found.homes_gini, np.nan, np.nan, MEANINGS["gini"].in_(lang)])
    return pd.DataFrame(rows, columns=list(EQUITY_TITLES))


def group_table(found: SupplyEquity, lang: str) -> pd.DataFrame:
    """Give what groups have: name, people_pct, held_pct, mean."""
    table = found.groups
    names = [one.in_(lang) if isinstance(one, Text) else str(one) for one in table["name"]]
    return pd.DataFrame(
        {
            "name": names,
            "people_pct": 100 * table["people_share"].to_numpy(dtype=float),
            "held_pct": 100 * table["held_share"].to_numpy(dtype=float),
            "mean": table["mean"].to_numpy(dtype=float),
        },
        index=table.index,
    )


def group_titles(found: Supply, lang: str) -> dict[str, str]:
    """Give the heads of ``group_table`` by column."""
    return {key: words.format(rate=found.kind.rate).in_(lang) for key, words in GROUP_TITLES.items()}


def seed_words(found: SupplyEquity) -> Text:
    """Say where the intervals come from."""
    words = Text(
        "按网格比较，以人数加权；区间由 {n} 个网格自助抽样 {d} 次得出，种子 {s}；网格少时区间很宽。",
        "Grids compared, weighted by people; intervals from {d} bootstrap samples of {n} grids, seed {s}; few grids give wide ones.",
    )
    return words.format(n=found.grids, d=f"{found.meta['draws']:,}", s=found.meta["seed"])


def parking_facts(found: ParkingBalance) -> tuple[Fact, ...]:
    """Give the headline numbers of parking: bays, and what is wanted and missing by night and by day."""
    unit = Text("泊位", "bays")
    bays = Fact(Text("现有泊位", "Bays there are"), amount(found.total("bays")))
    wanted = Text("需要 {n}", "{n} wanted")
    return (bays, *(
        Fact(Text("{time}缺（{unit}）", "Missing {time} ({unit})").format(time=said, unit=unit),
             amount(found.total(f"missing_{time}")), wanted.format(n=amount(found.total(f"demand_{time}"))))
        for time, said in TIMES.items()
    ))  # fmt: skip


def parking_note(found: ParkingBalance) -> Text:
    """Say how demand and supply of parking are counted, with the rates that were taken."""
    meta = found.meta
    words = Text(
        "需要 = 户数 × {rate} ×（在家车辆 + 访客：夜 {n1} + {n2}，昼 {d1} + {d2}）+ 商业服务建筑面积每 100 m² {floor}"
        "（夜间按 {f}）；现有 = 停车图层的泊位，违停位置不算。每个网格自己平衡，不与邻格共用，所以与上面的缺口不同。参数见政策表，可改。",
        "Wanted = households × {rate} × (cars at home + visitors: night {n1} + {n2}, day {d1} + {d2}) + {floor} for each "
        "100 m² of shops and services (by night {f} of it); what there is = bays of the parking layer, illegal places are none. "
        "Each grid is balanced by itself, so the sum differs from the shortfall above. The numbers are in the policy table.",
    )
    doubtful = meta["to_verify"]

    def said(key: str, number: str) -> Text:
        known = isinstance(doubtful, tuple) and key not in doubtful
        return Text.same(number) if known else Text(f"{number}（待核）", f"{number} (to be verified)")

    return words.format(
        rate=said(str(meta["rate_key"]), f"{meta['bays_per_household']:g}"),
        floor=said("parking_bays_per_100_m2", f"{meta['bays_per_100_m2']:g}"),
        **{
            short: said(key, f"{meta[key]:.0%}")
            for short, key in {
                "n1": "parking_residents_night_share", "n2": "parking_visitors_night_share",
                "d1": "parking_residents_day_share", "d2": "parking_visitors_day_share", "f": "parking_floor_night_share",
            }.items()
        },
    )  # fmt: skip


def parking_table(found: ParkingBalance) -> pd.DataFrame:
    """Give the parking of grids by id, those that lack most by night first."""
    table = found.by_grid
    columns = {"name": table["name"], "households": table["households"], "bays": table["bays"]}
    for time in TIMES:
        columns[f"demand_{time}"] = table[f"demand_{time}"]
        columns[f"ratio_pct_{time}"] = 100 * table[f"ratio_{time}"]
        columns[f"missing_{time}"] = table[f"missing_{time}"]
    columns["unknown_bays"] = table["unknown_bays"]
    order = ["missing_night", "name"]
    return pd.DataFrame(columns).sort_values(order, ascending=[False, True], na_position="last", kind="stable")


def parking_titles(lang: str) -> dict[str, str]:
    """Give the heads of ``parking_table`` by column."""
    found = {"name": GRID.in_(lang)}
    for key, words in _PARKING.items():
        if "{time}" in words.zh:
            found |= {f"{key}_{time}": capital(words.format(time=said).in_(lang)) for time, said in TIMES.items()}
        else:
            found[key] = words.in_(lang)
    return found


def parking_bars(found: ParkingBalance, lang: str) -> pd.DataFrame:
    """Give the gap of each grid by day and night, for bars: name, time, place, gap (negative: to spare)."""
    table = found.by_grid.loc[parking_table(found).index]
    rows = [
        pd.DataFrame({"name": table["name"], "time": capital(said.in_(lang)), "place": at, "gap": table[f"gap_{time}"]})
        for at, (time, said) in enumerate(TIMES.items())
    ]
    return pd.concat(rows, ignore_index=True).dropna(subset="gap")


def table_csv(table: pd.DataFrame, heads: Mapping[str, str], lang: str) -> bytes:
    """Write a table as CSV that a spreadsheet opens in the right encoding and without running anything."""
    ids = harmless(pd.Series(table.index.astype("str"), dtype="str"))
    shown = table.reset_index(drop=True)
    for name in shown.columns:
        if not pd.api.types.is_numeric_dtype(shown[name]):
            shown[name] = harmless(shown[name].astype("str"))
    shown = shown.round(3).rename(columns=dict(heads))
    shown.insert(0, NUMBER.in_(lang), ids)
    text: str = shown.to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")
