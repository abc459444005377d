"""The catalogue of renewal items with prices, lives and effects, and the codes that words of a table stand for."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from geo.text import Text
from layers import Workspace
from layers.schema.places import PROJECT_CLASS
from layers.standards import issue_types, renewal_items, standard

UNITS = {
    "m2": Text("m²", "m²"),
    "m": Text("m", "m"),
    "m3": Text("m³", "m³"),
    "lamp": Text("盏", "lamps"),
    "repair": Text("次", "repairs"),
    "bay": Text("泊位", "bays"),
    "camera": Text("台", "cameras"),
    "point": Text("处", "places"),
    "socket": Text("插座", "sockets"),
    "each": Text("个", "each"),
    "elevator": Text("部", "elevators"),
    "toilet": Text("座", "toilets"),
}
"""Units of quantities by the code that the table of prices has."""
PRICE_COLUMNS = ("unit_cost_low_yuan", "unit_cost_high_yuan")


class Price(NamedTuple):
    """What one unit costs, yuan of 2020 to 2024; both NaN where nobody has said."""

    unit: str
    low_yuan: float
    high_yuan: float


def prices(ws: Workspace) -> dict[str, Price]:
    """Give prices by code of an issue type and by code of a renewal item (behind an equals sign)."""
    types, items = issue_types(ws.folder), renewal_items(ws.folder)
    found = {str(code): _price(row, "cost_unit") for code, row in types.iterrows()}
    return found | {f"={code}": _price(row, "unit") for code, row in items.iterrows()}


def _price(row: pd.Series, unit: str) -> Price:
    low, high = (float(row[name]) for name in PRICE_COLUMNS)
    return Price("" if pd.isna(row[unit]) else str(row[unit]), low, high)


def codes_of(words: pd.Series, ws: Workspace) -> pd.Series:
    """Give the code of each renewal item by its code or words in either language, or the only one that begins so.

    Null where the words name none, or several.
    """
    items, rules = renewal_items(ws.folder), standard("item_rules", ws.folder)
    known = {str(code): str(code) for code in items.index}
    said = [(items[lang], items.index.to_series()) for lang in ("zh", "en")]
    said += [(rules[lang], rules["renewal_item"]) for lang in ("zh", "en")]
    phrases = {(str(one), str(code)) for column, codes in said for one, code in zip(column, codes, strict=True)}
    for phrase, code in sorted(phrases, reverse=True):
        known.setdefault(phrase, code)
    for word in set(words.dropna()) - set(known):
        begun = {code for phrase, code in phrases if phrase.startswith(str(word))}
        if len(begun) == 1:
            known[str(word)] = begun.pop()
    return words.map(known).astype("string")


def unit_code(unit: Any) -> str:  # noqa: ANN401 (any cell)
    """Give the code of a unit that is written as a code or in words; what nobody knows stays as it is."""
    if unit is None or pd.isna(unit):
        return ""
    word = str(unit).strip()
    return next((code for code, said in UNITS.items() if word in {code, said.zh, said.en}), word)


def unit_words(code: str) -> Text:
    """Give the words of a unit."""
    return UNITS.get(code, Text.same(code))


def classes(codes: pd.Series, ws: Workspace) -> pd.Series:
    """Give the class of renewal of each code."""
    return codes.map(renewal_items(ws.folder)["class"]).astype("string")


def orders(ws: Workspace) -> dict[str, tuple[str, ...]]:
    """Give by renewal item those that have to come first on the same place."""
    table = standard("item_orders", ws.folder)
    return {str(then): tuple(map(str, group)) for then, group in table.groupby("then")["first"]}


def catalogue_table(ws: Workspace, lang: str) -> pd.DataFrame:
    """Give the catalogue as it is shown: words, class, unit, cost range, life, issue types, indicators, source."""
    items = renewal_items(ws.folder)
    words = issue_types(ws.folder)[lang]

    parting = "、" if lang == "zh" else ", "

    def said(cell: str) -> str:
        return parting.join(str(words.get(one, one)) for one in cell.split("|") if one)

    return pd.DataFrame(
        {
            "title": items[lang],
            "item_class": items["class"].map({key: words.in_(lang) for key, words in PROJECT_CLASS.items()}),
            "unit": [unit_words(unit_code(one)).in_(lang) for one in items["unit"]],
            "low_yuan": items["unit_cost_low_yuan"],
            "high_yuan": items["unit_cost_high_yuan"],
            "life_years": items["life_years"],
            "issue_types": items["issue_types"].fillna("").map(said),
            "indicators": items["indicators"].fillna("").str.replace("|", parting),
            "cost_confidence": items["cost_confidence"].fillna(""),
            "source": items["source"].where(items["life_source"].isna(), items["source"] + "；" + items["life_source"]),
        },
        index=items.index,
    )


def life_years(codes: pd.Series, ws: Workspace) -> pd.Series:
    """Give the life in years of each code, NaN where nobody has said."""
    return codes.map(renewal_items(ws.folder)["life_years"]).astype(float)


def indicators_of(codes: pd.Series, ws: Workspace) -> list[frozenset[str]]:
    """Give the indicators that each renewal item mends."""
    cells = codes.map(renewal_items(ws.folder)["indicators"])
    return [frozenset() if pd.isna(one) else frozenset(str(one).split("|")) for one in cells]


def effect_per_unit(codes: pd.Series, ws: Workspace) -> np.ndarray:
    """Give how much of what its indicator counts one unit of each item mends, NaN where nobody has said."""
    return codes.map(renewal_items(ws.folder)["effect_per_unit"]).to_numpy(dtype=float, na_value=np.nan)
