"""Columns, limits, units and titles of every layer and table, declared once.

At run time ``Buildings.storeys`` is the string "storeys": columns are spelled here and nowhere else.
"""

from layers.schema.assets import (
    Buildings,
    Drains,
    Facilities,
    Lights,
    Murals,
    Parking,
    Parks,
    Streets,
    Toilets,
)
from layers.schema.column import Codes, Table
from layers.schema.issues import BudgetItems, Duties, Households, Issues, People, ServiceStats
from layers.schema.places import Boundary, FormerGrids, Grids, HousingEstates, Projects, Sites

__all__ = [
    "Boundary",
    "BudgetItems",
    "Buildings",
    "Codes",
    "Drains",
    "Duties",
    "Facilities",
    "FormerGrids",
    "Grids",
    "Households",
    "HousingEstates",
    "Issues",
    "Lights",
    "Murals",
    "Parking",
    "Parks",
    "People",
    "Projects",
    "ServiceStats",
    "Sites",
    "Streets",
    "Table",
    "Toilets",
]
