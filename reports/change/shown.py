"""The tables of change as the page shows them: ratios with their intervals in one cell, and in words whether it is chance."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.text import Lang, Text
from reports.change.layer import KIND_WORDS, THING_TITLES, LayerChange
from reports.change.ledger import LedgerChange
from reports.time.cases import NONE

RATIO, FROM_ZERO, NOTHING = "{r:.2f} ({low:.2f}–{high:.2f})", Text("从 0 起", "from 0"), "—"
SURE = 0.05
VERDICTS = {
    "more": Text("明显增加", "clearly more"),
    "less": Text("明显减少", "clearly fewer"),
    "same": Text("不超出偶然", "within chance"),
    "": Text("—", "—"),
}
LEDGER_HEADS = {
    "label": Text("网格", "grid"),
    "open_from": Text("起日未办结", "open, first day"),
    "open": Text("止日未办结", "open, last day"),
    "open_said": Text("未办结比值（95%）", "ratio, open (95 %)"),
    "open_verdict": Text("未办结变化", "open issues"),
    "overdue_from": Text("起日超期", "overdue, first day"),
    "overdue": Text("止日超期", "overdue, last day"),
    "overdue_said": Text("超期比值（95%）", "ratio, overdue (95 %)"),
    "new_before": Text("此前上报", "reported before"),
    "new": Text("期间上报", "reported"),
    "new_said": Text("上报比值（95%）", "ratio, reported (95 %)"),
    "closed_before": Text("此前办结", "closed before"),
    "closed": Text("期间办结", "closed"),
    "closed_said": Text("办结比值（95%）", "ratio, closed (95 %)"),
}
LAYER_HEADS = {
    "label": Text("网格", "grid"),
    "before": Text("起", "before"),
    "after": Text("止", "after"),
    "added": Text("新增", "added"),
    "removed": Text("减少", "removed"),
    "changed": Text("变更", "changed"),
    "said": Text("比值（95%）", "ratio (95 %)"),
    "area_gained_m2": Text("面积增减（m²）", "area gained, m²"),
}


def ledger_rows(found: LedgerChange, words: Mapping[str, Text], lang: Lang) -> pd.DataFrame:
    """Give the change of a ledger by grid, all first; columns as in ``LEDGER_HEADS``."""
    table = _shown(found.table)
    said = {f"{key}_said": _ratios(table, key, lang) for key in ("new", "closed", "open", "overdue")}
    verdict = [VERDICTS[one].in_(lang) for one in _verdicts(table["open_ratio"], table["open_p"])]
    rows = table.assign(label=_labels(table, words, lang), open_verdict=verdict, **said)
    return rows[list(LEDGER_HEADS)]


def layer_rows(found: LayerChange, words: Mapping[str, Text], lang: Lang) -> pd.DataFrame:
    """Give the change of a layer by grid, all first; columns as in ``LAYER_HEADS``."""
    table = _shown(found.table.rename(columns={"ratio": "_ratio", "low": "_low", "high": "_high"}))
    gained = table["area_after_m2"] - table["area_before_m2"]
    rows = table.assign(
        label=_labels(table, words, lang), said=_ratios(table, "", lang), area_gained_m2=gained.round(1)
    )
    return rows[list(LAYER_HEADS)]


def thing_rows(found: LayerChange, words: Mapping[str, Text], lang: Lang) -> pd.DataFrame:
    """Give what was added, removed or changed, one row a thing; columns as in ``THING_TITLES``."""
    rows = pd.DataFrame(found.rows.drop(columns=["geometry", "before_geometry"]))
    fields = [
        "、".join(found.spec.title_of(one).in_(lang) for one in str(cell).split(",") if one) for cell in rows["columns"]
    ]
    grids = [words[str(one)].in_(lang) if str(one) in words else str(one) for one in rows["grid_id"]]
    kinds = [KIND_WORDS[one].in_(lang) for one in rows["kind"]]
    names = rows["name"].astype("object").where(rows["name"].notna(), "")
    told = rows.assign(kind=kinds, columns=fields, grid_id=grids, name=names)
    return told[list(THING_TITLES)].round({"moved_m": 1, "area_m2": 1})


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the row of things in no grid if nothing is in it."""
    rest = table.drop(index=NONE)
    counts = [name for name in ("new", "closed", "open", "open_from", "before", "after") if name in table]
    return table if NONE in table.index and table.loc[NONE, counts].to_numpy(dtype=float).any() else rest


def _labels(table: pd.DataFrame, words: Mapping[str, Text], lang: Lang) -> list[str]:
    return [words[str(one)].in_(lang) if str(one) in words else str(one) for one in table.index]


def _ratios(table: pd.DataFrame, key: str, lang: Lang) -> list[str]:
    cells = table[[f"{key}_ratio", f"{key}_low", f"{key}_high"]].to_numpy(dtype=float)
    return [_ratio(r, low, high, lang) for r, low, high in cells]


def _ratio(r: float, low: float, high: float, lang: Lang) -> str:
    if np.isnan(r):
        return NOTHING
    return FROM_ZERO.in_(lang) if np.isinf(r) else RATIO.format(r=r, low=low, high=high).replace("inf", "∞")


def _verdicts(ratio: pd.Series, p: pd.Series) -> list[str]:
    known, sure = ratio.notna().to_numpy() & p.notna().to_numpy(), (p < SURE).to_numpy()
    words = np.where(~known, "", np.where(~sure, "same", np.where(ratio > 1, "more", "less")))
    return [str(one) for one in words]
