"""The immediate list: what is dangerous comes before any score (一票否决)."""

import numpy as np
import pandas as pd

from geo.text import Text
from layers import BUILDINGS, ISSUES, Workspace
from layers.schema import Buildings, Issues
from layers.standards import policy, type_words

UNTYPED = Text("未注明类别的问题", "issue without a type")
SHOWN = [Issues.issue_type, Issues.source_type, Issues.address, Issues.unit_in_charge, Issues.reported_at]
COLUMNS = ("layer", "thing_id", "grid_id", "what_zh", "what_en", "where", "in_charge", "since", "place")


def immediate_list(ws: Workspace, level: int | None = None) -> pd.DataFrame:
    """List open issues of the highest severity and buildings of hazard grade C or D.

    Returns:
        Table sorted worst grid first (grids with most entries), oldest first, with the columns of
        ``COLUMNS``: layer key, id of the thing, grid of the level (null outside), what it is in both
        languages, address or name and unit in charge (null where unknown), since when (null for
        buildings), and "grid" or the reason why it has no grid.
    """
    found = [*_issues(ws, level), *_buildings(ws, level)]
    table = pd.concat(found) if found else pd.DataFrame(columns=list(COLUMNS))
    many = table.groupby("grid_id")["thing_id"].transform("size")
    order = table.assign(_many=many.fillna(0)).sort_values(
        ["_many", "grid_id", "since", "thing_id"], ascending=[False, True, True, True], na_position="last"
    )
    return order[list(COLUMNS)].reset_index(drop=True)


def _issues(ws: Workspace, level: int | None) -> list[pd.DataFrame]:
    if ISSUES not in ws:
        return []
    issues = ws[ISSUES]
    severity = issues[Issues.severity].to_numpy(dtype=float, na_value=np.nan)
    chosen = (severity >= policy(ws.folder)["immediate_severity"]) & ws.standing["is_open"].to_numpy(dtype=bool)
    if not chosen.any():
        return []
    rows = pd.DataFrame({name: issues[name].array[chosen] for name in SHOWN}, index=issues.index[chosen])
    words = {code: type_words(code, folder=ws.folder) for code in rows[Issues.issue_type].dropna().unique()}
    what = [
        words.get(code, UNTYPED if pd.isna(raw) else Text(str(raw), str(raw)))
        for code, raw in zip(rows[Issues.issue_type], rows[Issues.source_type], strict=True)
    ]
    told = {"where": rows[Issues.address], "in_charge": rows[Issues.unit_in_charge], "since": rows[Issues.reported_at]}
    return [_table(ws, ISSUES.key, level, chosen, what, pd.DataFrame(told))]


def _buildings(ws: Workspace, level: int | None) -> list[pd.DataFrame]:
    if BUILDINGS not in ws:
        return []
    buildings = ws[BUILDINGS]
    chosen = buildings[Buildings.hazard_grade].isin(["C", "D"]).to_numpy()
    if not chosen.any():
        return []
    rows = buildings[chosen]
    what = [Text(f"{grade} 级危房", f"hazard grade {grade}") for grade in rows[Buildings.hazard_grade]]
    told = {"where": rows[Buildings.name], "in_charge": None, "since": pd.NaT}
    return [_table(ws, BUILDINGS.key, level, chosen, what, pd.DataFrame(told, index=rows.index))]


def _table(  # noqa: PLR0917 (one row per column of the result)
    ws: Workspace, layer: str, level: int | None, chosen: np.ndarray, what: list[Text], told: pd.DataFrame
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "layer": layer,
            "thing_id": told.index.to_numpy(),
            "grid_id": ws.owner(layer, level, rows=chosen).to_numpy(),
            "what_zh": [w.zh for w in what],
            "what_en": [w.en for w in what],
            "where": told["where"].to_numpy(dtype=object),
            "in_charge": told["in_charge"].to_numpy(dtype=object),
            "since": told["since"].to_numpy(dtype="datetime64[us]"),
            "place": ws.place(layer, level, rows=chosen).to_numpy(),
        }
    )
