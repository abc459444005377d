"""The tables of renewal works: what answers an issue or a gap, what has to come first, what others have paid.

Only ``layers.cited`` is known here, so that ``layers.standard_tables`` can take these in.
"""

from collections.abc import Mapping

from layers.cited import LOCAL, Column, Spec

_NEED, _NOTE = Column(), Column(empty=True)
_TIERS = frozenset({"S", "RH", "RM", "RL", "P", LOCAL})
_AMOUNT = Column("number", empty=True, low=0)
_WORDS = {"zh": _NEED, "en": _NEED}
_CITED = {"source": _NEED, "confidence": Column(among=_TIERS), "to_verify": Column("boolean")}
EFFECT: Mapping[str, Column] = {
    "indicators": Column(empty=True, split="|", refers="indicators"),
    "effect_per_unit": _AMOUNT,
    **dict.fromkeys(("effect_zh", "effect_en"), _NOTE),
    "effect_confidence": Column(empty=True, among=_TIERS),
}
"""What one unit of a renewal item mends: indicators, and how much of what they count."""
LIFE: Mapping[str, Column] = {
    "life_years": _AMOUNT,
    "life_source": _NOTE,
    "life_confidence": Column(empty=True, among=_TIERS),
    "life_to_verify": Column("boolean", empty=True),
}
KINDS = frozenset({"issue", "indicator", "site"})
PLACES = frozenset({"street", "building", "estate", "grid", "large_grid", "site"})
QUANTITIES = frozenset(
    {
        "unknown",
        "each",
        "street_area",
        "street_length",
        "unlit_lamps",
        "roof_area",
        "facade_area",
        "floor_area",
        "stair_units",
        "bays_missing",
        "toilets_missing",
        "park_missing",
        "site_area",
    }
)
"""How the quantity of an item is found; ``unknown`` where no geometry or count tells it."""
TABLES: Mapping[str, Spec] = {
    "item_rules": Spec(
        ("kind", "origin", "renewal_item"),
        {
            "kind": Column(among=KINDS),
            "origin": _NEED,
            "words": _NOTE,
            "renewal_item": Column(refers="renewal_items"),
            "place": Column(among=PLACES),
            "quantity": Column(among=QUANTITIES),
            "price_of": Column(empty=True, refers="issue_types"),
            **_WORDS,
            **_CITED,
        },
    ),
    "item_orders": Spec(
        ("first", "then"),
        {**dict.fromkeys(("first", "then"), Column(refers="renewal_items")), **_WORDS, **_CITED},
    ),
    "renewal_projects": Spec(
        ("project",),
        {
            "project": _NEED,
            **_WORDS,
            "year": Column("integer", empty=True, low=1900, high=2100),
            **dict.fromkeys(
                (
                    *("communities", "buildings", "households", "floor_area_m2", "land_m2", "cost_yuan", "parks"),
                    *("roads_m2", "walkways_m2", "greening_m2", "cables_m", "lamps"),
                ),
                _AMOUNT,
            ),
            **_CITED,
        },
    ),
}
