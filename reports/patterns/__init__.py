"""Patterns of issues: rates of grids with their doubts, clusters, density, groups of points, month by month."""

from reports.patterns.asked import Asked, usual
from reports.patterns.by_month import Months, months
from reports.patterns.density import Surface, surface
from reports.patterns.groups import PointGroups, point_groups
from reports.patterns.judgement import Pattern, hot_spots
from reports.patterns.succession import Sequence, sequence

__all__ = [
    "Asked",
    "Months",
    "Pattern",
    "PointGroups",
    "Sequence",
    "Surface",
    "hot_spots",
    "months",
    "point_groups",
    "sequence",
    "surface",
    "usual",
]
