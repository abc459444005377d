"""The rules by which issues, gaps and sites become items, read from ``item_rules.csv`` with their prices."""

import re
from typing import NamedTuple

import pandas as pd

from geo.text import Text
from layers import Workspace
from layers.standards import standard
from reports.works.catalogue import Price, prices


class Rule(NamedTuple):
    """One row of ``item_rules.csv``; ``pattern`` picks it by words of the description, None where it is the usual one."""

    kind: str
    origin: str
    pattern: re.Pattern[str] | None
    renewal_item: str
    place: str
    quantity: str
    price: Price
    words: Text


Rules = dict[str, tuple[Rule, ...]]


def rules_of(ws: Workspace, kind: str) -> Rules:
    """Give the rules of one kind by origin: those with words first, then the usual one."""
    table, known = standard("item_rules", ws.folder), prices(ws)
    found: dict[str, list[Rule]] = {}
    for row in table[table["kind"] == kind].to_dict("records"):
        price = known[f"={row['renewal_item']}" if pd.isna(row["price_of"]) else str(row["price_of"])]
        words = row["words"]
        pattern = None if pd.isna(words) else re.compile("|".join(map(re.escape, str(words).split("|"))), re.IGNORECASE)
        item, place, quantity = (str(row[key]) for key in ("renewal_item", "place", "quantity"))
        said = Text(str(row["zh"]), str(row["en"]))
        one = Rule(kind, str(row["origin"]), pattern, item, place, quantity, price, said)
        found.setdefault(one.origin, []).append(one)
    return {key: tuple(sorted(group, key=lambda one: one.pattern is None)) for key, group in found.items()}


def fitting(rules: tuple[Rule, ...], said: str) -> tuple[Rule, ...]:
    """Give the rule whose words stand in a description, else the usual ones."""
    hit = next((one for one in rules if one.pattern is not None and one.pattern.search(said)), None)
    return (hit,) if hit is not None else tuple(one for one in rules if one.pattern is None)
