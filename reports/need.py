"""Objective need by grid: what the ranking measures apart from reports."""

from layers import Workspace
from reports.double_high import Objective, ranking_need


def objective_need(ws: Workspace, *, level: int | None = None) -> Objective:
    """Give the objective need of each grid, 0 (none) to 100.

    Args:
        ws: a workspace with grids.
        level: grid level; None for the finest.

    Raises:
        DataError: no grids or no such level.
    """
    return ranking_need(ws, level=level)
