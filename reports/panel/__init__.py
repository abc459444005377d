"""Weights that people give: sheets of pairwise judgements, their group mean, and published sets."""

from reports.panel.aspects import Block, blocks
from reports.panel.compared import WeightSet, compared_sets
from reports.panel.presets import Preset, presets
from reports.panel.sheets import Sheet, read_sheet, save_sheet, stored_sheets
from reports.panel.weights import Judged, Panel, judged, panel, panel_criteria

__all__ = [
    "Block",
    "Judged",
    "Panel",
    "Preset",
    "Sheet",
    "WeightSet",
    "blocks",
    "compared_sets",
    "judged",
    "panel",
    "panel_criteria",
    "presets",
    "read_sheet",
    "save_sheet",
    "stored_sheets",
]
