"""Renewal items: proposed from issues, gaps and sites, decided by people, priced, and what need each removes."""

from reports.works.effects import Effects, effects, need_removed
from reports.works.money import Total, total_of
from reports.works.proposing import Proposed, proposals, propose
from reports.works.stored import items_of, store_items

__all__ = [
    "Effects",
    "Proposed",
    "Total",
    "effects",
    "items_of",
    "need_removed",
    "proposals",
    "propose",
    "store_items",
    "total_of",
]
