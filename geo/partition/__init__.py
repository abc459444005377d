"""Grids as a partition of the ground: looked over, put in order, cut, joined and drawn anew without gaps or overlaps."""

from geo.partition.audit import Audit, audited
from geo.partition.balance import Grouping, balanced, regrouped
from geo.partition.cutting import cut_in_two, merged, split
from geo.partition.drawing import redrawn
from geo.partition.order import READING_RULE, reading_order
from geo.partition.redraw import PartitionError, Redrawn, neighbours
from geo.partition.snapping import snapped
from geo.partition.workload import Spread, count_interval, spread_of

__all__ = [
    "READING_RULE",
    "Audit",
    "Grouping",
    "PartitionError",
    "Redrawn",
    "Spread",
    "audited",
    "balanced",
    "count_interval",
    "cut_in_two",
    "merged",
    "neighbours",
    "reading_order",
    "redrawn",
    "regrouped",
    "snapped",
    "split",
    "spread_of",
]
