"""Relocation: who signed, moved, was pulled down and rehoused, by building, zone and grid; the time left; what holds it up."""

from reports.relocation.blockers import holding, reasons
from reports.relocation.figures import figures, land
from reports.relocation.funnel import Relocation, relocation
from reports.relocation.pace import Pace, pace
from reports.relocation.register import STAGES

__all__ = ["STAGES", "Pace", "Relocation", "figures", "holding", "land", "pace", "reasons", "relocation"]
