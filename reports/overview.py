"""What there is, where, how many and how late: the first facts of a workspace."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.text import Text
from layers import CATALOG, ISSUES, LayerSpec, Workspace
from layers.places import PLACE_WORDS
from layers.schema import Grids, Issues
from layers.standards import type_words


@dataclass(frozen=True)
class IssueCounts:
    """Counts of issues as of the workspace's date; ``places`` counts them by where they lie."""

    reported: int
    is_open: int
    overdue: int
    closed: int
    closed_late: int
    without_deadline: int
    places: dict[str, int]


@dataclass(frozen=True)
class LayerCount:
    """How many things a layer has and how many of them lie in no grid."""

    spec: LayerSpec
    rows: int
    outside: int


def issue_counts(ws: Workspace) -> IssueCounts | None:
    """Count the issues of a workspace; None if it has no issues layer."""
    if ISSUES not in ws:
        return None
    issues = ws[ISSUES]
    stand = ws.standing
    known = stand["is_known"]
    return IssueCounts(
        reported=int(known.sum()),
        is_open=int(stand["is_open"].sum()),
        overdue=int(stand["is_overdue"].sum()),
        closed=int((known & ~stand["is_open"]).sum()),
        closed_late=int(stand["was_late"].sum()),
        without_deadline=int((stand["is_open"] & issues[Issues.due_at].isna()).sum()),
        places={str(k): int(v) for k, v in ws.place(ISSUES)[known].value_counts().items()},
    )


def layer_counts(ws: Workspace) -> list[LayerCount]:
    """Count the things of every layer in the order of the catalogue."""
    found = []
    for key, spec in CATALOG.items():
        if key not in ws:
            continue
        outside = int((ws.places[key]["place"].to_numpy() > 0).sum()) if key in ws.places else 0
        found.append(LayerCount(spec, len(ws[spec]), outside))
    return found


def grid_counts(ws: Workspace, level: int | None = None) -> pd.DataFrame:
    """Count the things of every located layer by grid of one level.

    Returns:
        Table by grid id with the name and one column per layer key; ``issues_open`` and
        ``issues_overdue`` where there are issues. Columns add up to the layer less what lies in no
        grid.
    """
    wanted = ws.finest if level is None else level
    grids = ws.grids(wanted)
    table = pd.DataFrame({Grids.name: grids[Grids.name]})
    for key in ws.places:
        table[key] = _count(ws.codes(key, wanted), len(grids))
    if ISSUES in ws:
        stand = ws.standing
        codes = ws.codes(ISSUES, wanted)
        table["issues_open"] = _count(codes[stand["is_open"].to_numpy()], len(grids))
        table["issues_overdue"] = _count(codes[stand["is_overdue"].to_numpy()], len(grids))
    return table


def _count(codes: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(codes[codes >= 0], minlength=size)


def type_counts(ws: Workspace) -> pd.DataFrame:
    """Count issues by type, most first: code (null: unmapped), title_zh, title_en, reported, open, overdue."""
    issues = ws[ISSUES]
    stand = ws.standing
    code = issues[Issues.issue_type].fillna("")
    table = stand.groupby(code.to_numpy())[["is_known", "is_open", "is_overdue"]].sum()
    table.columns = pd.Index(["reported", "open", "overdue"])
    words = [type_words(c, folder=ws.folder) if c else Text("未对应类别", "not mapped") for c in table.index]
    table.insert(0, "title_zh", [w.zh for w in words])
    table.insert(1, "title_en", [w.en for w in words])
    return table.rename_axis("issue_type").sort_values(["reported", "title_en"], ascending=[False, True])


def unplaced_note(ws: Workspace) -> Text | None:
    """Say which issues are in totals but in no grid and on no map; None if all are placed."""
    counts = issue_counts(ws)
    if counts is None:
        return None
    parts = [(PLACE_WORDS[k], n) for k, n in sorted(counts.places.items()) if k != "grid" and n]
    if not parts:
        return None
    zh = "、".join(f"{words.zh} {n:,} 件" for words, n in parts)
    en = ", ".join(f"{n:,} {words.en}" for words, n in parts)
    total = sum(counts.places.values())
    return Text(
        f"全部 {total:,} 件问题中：{zh}；计入合计，不计入按位置的指标和地图。",
        f"Of all {total:,} issues: {en}; kept in totals, left out of map-based measures and of the map.",
    )
