"""Scenarios: what would be if assets, streets, grids, weights or money were others, and who gains and who loses by it."""

from reports.scenario.applying import applied
from reports.scenario.comparison import Comparison, compared, outcome
from reports.scenario.edits import Edit, Scenario
from reports.scenario.reading import read_scenario
from reports.scenario.swipe import draw_swipe

__all__ = ["Comparison", "Edit", "Scenario", "applied", "compared", "draw_swipe", "outcome", "read_scenario"]
