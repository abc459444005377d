"""Time: how long issues take to close, counting those still open, and how many will come next."""

from reports.time.cases import BY, cases_at, unit_words
from reports.time.closing import Closing, closing_times
from reports.time.inflow import Inflow, inflow

__all__ = ["BY", "Closing", "Inflow", "cases_at", "closing_times", "inflow", "unit_words"]
