"""Do reports of blocked sewers and standing water lie in hollows of the ground? An indication, never a proof."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.intervals import exact_share
from geo.raster import Surface
from geo.raster.zonal import zonal_statistics
from geo.text import Text
from layers import ISSUES, Workspace
from layers.schema import Issues
from layers.standards import policy, type_words
from reports.map_rows import with_only
from reports.rasters.by_kind import INDICATION
from reports.rasters.kinds import Held
from reports.rasters.terrain import Terrain, terrain_of

WATER = ("SEWER_BLOCK", "PONDING")
"""Issue types of water that does not run off."""
WET = frozenset({"elevation", "slope", "ponding", "flow"})
"""Kinds of rasters beside which water issues are shown."""
CERTAIN = 0.95


@dataclass(frozen=True)
class PondingFinding:
    """Share of water issues in hollows against the share of ground in hollows.

    ``issues``: those of the types ``WATER`` with a place in a grid and a known height there; ``in_hollows`` of them.
    ``share_low`` and ``share_high``: exact 95 % interval of their share; ``area_share``: share of the grids' known ground
    in hollows. ``without_place``: issues of these types that could not be used. ``table``: the issues in hollows, the
    deepest first. ``sentence`` says what follows; ``status`` is "proxy" or "unavailable", with what is missing.
    """

    issues: int
    in_hollows: int
    share_low: float
    share_high: float
    area_share: float
    without_place: int
    table: pd.DataFrame
    sentence: Text
    status: str
    missing: Text | None
    meta: Mapping[str, object]

    @property
    def share(self) -> float:
        """Share of the issues that lie in hollows, NaN without any."""
        return self.in_hollows / self.issues if self.issues else float("nan")


def ponding_finding(ws: Workspace, held: Held, *, ground: Terrain | None = None) -> PondingFinding:
    """Compare where water issues lie with where the ground is hollow.

    Args:
        ws: the workspace.
        held: a raster of heights.
        ground: its terrain, if it is computed already.

    Raises:
        CrsError, DataError: as ``terrain_of``.
    """
    rules = policy(ws.folder)
    ground = ground or terrain_of(ws, held)
    hollow = ground.in_hollow(rules["ponding_depth_min_m"])
    area = _hollow_area(ws, ground, hollow)
    rows, lost = _water_issues(ws, ground)
    inside = rows[rows["depth_m"] >= rules["ponding_depth_min_m"]].sort_values(
        ["depth_m", "issue_id"], ascending=[False, True]
    )
    ends = exact_share(len(inside), len(rows), CERTAIN)
    low, high = float(ends.low), float(ends.high)
    meta = {
        **ground.meta,
        "interval": "Clopper-Pearson 95 %",
        "issue_types": WATER,
        "ponding_depth_min_m": rules["ponding_depth_min_m"],
        "denominator": "issues with a place in a grid; known ground of the grids",
    }
    sentence = _sentence((len(inside), len(rows)), (low, high), area, least=int(rules["rate_min_cases"]))
    missing = (
        None
        if len(rows)
        else Text("下水道阻塞或积水类问题的位置", "places of issues of blocked sewers or standing water")
    )
    status = "proxy" if len(rows) else "unavailable"
    return PondingFinding(
        len(rows), len(inside), low, high, area, lost, inside, sentence, status, missing, MappingProxyType(meta)
    )


def water_only(ws: Workspace, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Give a map that shows the water issues only."""
    if ISSUES not in ws:
        return dict(payload)
    mine = ws[ISSUES][Issues.issue_type].isin(WATER)
    return with_only(dict(payload), ws, pd.Index(mine.index[mine.to_numpy()]))


def _hollow_area(ws: Workspace, ground: Terrain, hollow: np.ndarray) -> float:
    """Share of the known ground of the grids that is hollow; grids that overlap count once."""
    whole = np.array([shapely.union_all(ws.grids().geometry.to_numpy())], dtype=object)
    source = Surface(hollow, ground.surface.place, ground.surface.crs)
    return float(zonal_statistics(source, whole, ws.manifest.crs, statistics=("mean",)).table["mean"].iloc[0])


def _water_issues(ws: Workspace, ground: Terrain) -> tuple[pd.DataFrame, int]:
    """Give the water issues that lie in a grid on known ground, with the depth there, and how many do not."""
    columns = ["issue_id", "issue_type", "reported_at", "grid_id", "depth_m"]
    if ISSUES not in ws:
        return pd.DataFrame(columns=columns), 0
    issues = ws[ISSUES]
    mine = issues[Issues.issue_type].isin(WATER).to_numpy() & ws.standing["is_known"].to_numpy()
    x, y = (one[mine] for one in ws.xy(ISSUES))
    rows = issues[mine]
    table = pd.DataFrame(
        {
            "issue_id": rows.index.astype(str),
            "issue_type": rows[Issues.issue_type].to_numpy(),
            "reported_at": rows[Issues.reported_at].to_numpy(),
            "grid_id": ws.owner(ISSUES, rows=mine).to_numpy(),
            "depth_m": ground.at(ground.depth_m, x, y),
        }
    )
    usable = (ws.codes(ISSUES)[mine] >= 0) & table["depth_m"].notna().to_numpy()
    return table[usable], int((~usable).sum())


def _sentence(part: tuple[int, int], ends: tuple[float, float], area: float, *, least: int) -> Text:
    hit, number = part
    names = Text(
        "、".join(type_words(one).zh for one in WATER), " or ".join(f"“{type_words(one).en.lower()}”" for one in WATER)
    )
    if not number:
        return Text(
            f"没有能定位的“{names.zh}”问题，无法与洼地比较。{INDICATION.zh}",
            f"There is no issue of {names.en} with a place, so nothing can be compared with the hollows. {INDICATION.en}",
        )
    facts = Text(
        f"{names.zh}类问题 {number:,} 件，其中 {hit:,} 件在洼地内，占 {hit / number:.1%}（95% 区间 {ends[0]:.1%}–{ends[1]:.1%}）；洼地占地 {area:.1%}。",
        f"Of {number:,} issues of {names.en}, {hit:,} lie in hollows, {hit / number:.1%} (95% interval {ends[0]:.1%}–{ends[1]:.1%}); hollows take {area:.1%} of the ground. ",
    )
    said = (
        _verdict(ends, area)
        if number >= least
        else Text(f"不足 {least} 件，只作描述。", f"Fewer than {least}: described only. ")
    )
    return Text(facts.zh + said.zh + INDICATION.zh, facts.en + said.en + INDICATION.en)


def _verdict(ends: tuple[float, float], area: float) -> Text:
    if ends[0] > area:
        return Text(
            "这类问题在洼地里比按面积应有的多。",
            "Such issues lie in hollows more often than the area alone would give. ",
        )
    if ends[1] < area:
        return Text(
            "这类问题在洼地里比按面积应有的少。",
            "Such issues lie in hollows less often than the area alone would give. ",
        )
    return Text("看不出与洼地有关。", "No link with hollows can be shown. ")
