"""Objective need by grid: the share of the indicators of the health check that fail, else what the ranking measures."""

import numpy as np
import pandas as pd

from geo.measure import shares
from geo.text import Text
from layers import ISSUES, Workspace
from layers.standards import policy
from reports.health.examination import Health, health_check
from reports.need.double_high import Objective, ranking_need

OF_CHECK = Text(
    "体检（{profile}）中不达标指标占有结论指标的比例，不含以问题上报计算的指标；有结论的指标少于 {least} 项的网格没有数值",
    "share of the indicators of the health check ({profile}) that fail among those with a verdict, without those computed "
    "from reports; a grid with fewer than {least} verdicts has no number",
)
KNOWN, FAILS = ("meets", "fails"), "fails"
ENOUGH = 0.5
"""Share of the grids that must have a number for the health check to be used."""


def objective_need(ws: Workspace, *, level: int | None = None) -> Objective:
    """Give the objective need of each grid, 0 (none) to 100.

    Args:
        ws: a workspace with grids.
        level: grid level; None for the finest.

    Returns:
        That of the health check where at least half of the grids have enough verdicts that differ; else that of the ranking.

    Raises:
        DataError: no grids or no such level.
    """
    found = failing_share(health_check(ws, level=level), policy(ws.folder)["need_min_verdicts"])
    known = found.by_grid.dropna()
    if len(known) < ENOUGH * len(found.by_grid) or known.nunique() < 2:  # noqa: PLR2004 (a comparison)
        return ranking_need(ws, level=level)
    return found


def failing_share(health: Health, least: float) -> Objective:
    """Give the percentage of indicators with a verdict that fail, by grid.

    Args:
        health: the check.
        least: verdicts that a grid needs for a number.
    """
    rows = [
        [one.verdict for one in findings]
        for findings in health.findings.values()
        if ISSUES.key not in findings[0].cited.layers
    ]
    verdicts = np.array(rows, dtype=object).reshape(len(rows), len(health.places))[:, :-1]
    told = np.isin(verdicts.astype(str), KNOWN).sum(axis=0)
    fails = (verdicts == FAILS).sum(axis=0)
    values = 100 * shares(fails, np.where(told >= least, told, np.nan))
    status = "partial" if np.isnan(values).any() else "ready"
    words = OF_CHECK.format(profile=health.profile, least=f"{least:g}")
    return Objective(pd.Series(values, index=health.check.grid_ids), words, status)
