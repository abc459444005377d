"""Whether a sum is of the order that others have paid: ratios per household and m² beside published projects."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.text import Text
from layers import BUILDINGS, Workspace
from layers.schema import Buildings
from layers.standards import policy, standard
from reports.denominators import households
from reports.works.catalogue import unit_code
from reports.works.money import Total, total_of


class Ratio(NamedTuple):
    """What is divided by what: a column of the published table (or the cost), and what of our items."""

    title: Text
    unit: Text
    above: str
    below: str
    code: str = ""
    item_unit: str = ""


RATIOS: Mapping[str, Ratio] = {
    "yuan_per_household": Ratio(
        Text("每户投资", "cost per household"), Text("元/户", "yuan per household"), "cost_yuan", "households"
    ),
    "yuan_per_m2": Ratio(
        Text("每平方米建筑面积投资", "cost per m² of floor"), Text("元/m²", "yuan per m²"), "cost_yuan", "floor_area_m2"
    ),
    "road_m2_per_household": Ratio(
        Text("每户路面", "road surface per household"), Text("m²/户", "m² per household"), "roads_m2", "households", "ROADS", "m2"
    ),
    "greening_m2_per_household": Ratio(
        Text("每户绿化", "greening per household"), Text("m²/户", "m² per household"), "greening_m2", "households", "GREENING", "m2"
    ),
    "cable_m_per_household": Ratio(
        Text("每户架空线", "overhead lines per household"), Text("m/户", "m per household"), "cables_m", "households", "OVERHEAD_LINES", "m"
    ),
    "lamps_per_household": Ratio(
        Text("每户路灯", "lamps per household"), Text("盏/户", "lamps per household"), "lamps", "households", "LIGHTING", "lamp"
    ),
}  # fmt: skip
VERDICTS: Mapping[str, Text] = {
    "below": Text("低于公开项目", "below the published projects"),
    "known_below": Text(
        "已知部分低于公开项目（尚有金额未知）", "the known part is below the published projects (amounts are missing)"
    ),
    "within": Text("在公开项目区间内", "within the published projects"),
    "above": Text("高于公开项目", "above the published projects"),
    "too_few": Text("有金额的项太少，不比较", "too few items have an amount to compare"),
    "unknown": Text("分母未知，不比较", "what to divide by is not known"),
    "single": Text("只有一个公开项目，仅列出", "one published project only, shown beside"),
}


def sanity(ws: Workspace, items: pd.DataFrame) -> pd.DataFrame:
    """Compare items with published projects.

    A sum in which amounts are missing is a least sum: it may be below others for that reason alone, so it is only
    compared where enough items have an amount (``item_ratio_least_share`` of the policy table).

    Args:
        ws: for households and floor area.
        items: as ``items_of`` gives them, those that are to be summed.

    Returns:
        By key of ``RATIOS``: title_zh, title_en, unit_zh, unit_en, ours (NaN if unknown), at_least (whether amounts
        are missing), low, high (least and greatest of the published), projects (how many), verdict.
    """
    total = total_of(items)
    base = _bases(ws)
    rows, least = {}, policy(ws.folder)["item_ratio_least_share"]
    for key, ratio in RATIOS.items():
        others = published(ws, key)["value"]
        above, partial = _above(ratio, items, total)
        ours = above / base[ratio.below] if base[ratio.below] > 0 else np.nan
        verdict = _verdict(ratio, total, ours, others, least=least)
        rows[key] = (*ratio.title, *ratio.unit, ours, partial, others.min(), others.max(), len(others), verdict)
    names = ["title_zh", "title_en", "unit_zh", "unit_en", "ours", "at_least", "low", "high", "projects", "verdict"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=names)


def published(ws: Workspace, key: str) -> pd.DataFrame:
    """Give the published projects of one ratio: zh, en, year, value, source and confidence by project."""
    ratio, table = RATIOS[key], standard("renewal_projects", ws.folder).set_index("project")
    value = table[ratio.above] / table[ratio.below]
    found = table.assign(value=value)[value.notna()]
    return found[["zh", "en", "year", "value", "source", "confidence"]]


def _above(ratio: Ratio, items: pd.DataFrame, total: Total) -> tuple[float, bool]:
    """Give what of our items is above the line, and whether some of it is unknown."""
    if ratio.above == "cost_yuan":
        return total.known_yuan, not total.is_whole
    units = items["unit"].map(unit_code, na_action=None)
    chosen = items[items["code"].eq(ratio.code).fillna(value=False) & units.eq(ratio.item_unit)]
    return float(chosen["quantity"].sum()), bool(chosen["quantity"].isna().any())


def _bases(ws: Workspace) -> dict[str, float]:
    """Give households and floor area of the whole workspace, NaN where not all is known."""
    homes = households(ws, ws.finest).by_grid.to_numpy(dtype=float) if ws.levels else np.array([np.nan])
    floor = np.array([np.nan])
    if BUILDINGS in ws:
        floor = ws[BUILDINGS][Buildings.floor_area_m2].to_numpy(dtype=float, na_value=np.nan)
    return {"households": float(homes.sum()), "floor_area_m2": float(floor.sum())}


def _verdict(ratio: Ratio, total: Total, ours: float, others: pd.Series, *, least: float) -> str:
    if np.isnan(ours):
        return "unknown"
    if ratio.above == "cost_yuan" and total.items and 1 - total.without_amount / total.items < least:
        return "too_few"
    if len(others) == 1:
        return "single"
    below = "below" if total.is_whole or ratio.above != "cost_yuan" else "known_below"
    return below if ours < others.min() else "above" if ours > others.max() else "within"
