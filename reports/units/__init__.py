"""The same ranking for other things than grids: estates, buildings, streets, or any polygons or lines."""

from reports.units.kinds import UNITS, Units, unit_choices, units_of
from reports.units.ranked import UnitRanking, rank_units

__all__ = ["UNITS", "UnitRanking", "Units", "rank_units", "unit_choices", "units_of"]
