"""Tables of choosing weights and units: aspects of the measures, published weights, which measure suits which unit.

Only ``layers.cited`` is known here, so that ``layers.standard_tables`` can take it in.
"""

from collections.abc import Mapping

from layers.cited import LOCAL, Column, Spec

_NEED, _NOTE = Column(), Column(empty=True)
_CITED = {
    "source": _NEED,
    "confidence": Column(among=frozenset({"S", "RH", "RM", "RL", "P", LOCAL})),
    "to_verify": Column("boolean"),
}
_WORDS = dict.fromkeys(("zh", "en"), _NEED)
TABLES: Mapping[str, Spec] = {
    "aspects": Spec(("measure",), {"measure": _NEED, "aspect": _NEED, **_WORDS, **_CITED}),
    "weight_presets": Spec(
        ("preset", "part"),
        {
            **dict.fromkeys(("preset", "part", "preset_zh", "preset_en"), _NEED),
            **_WORDS,
            "weight": Column("number", low=0),
            "measures": Column(empty=True, split="|"),
            "fit": Column(among=frozenset({"direct", "proxy", "none"})),
            **dict.fromkeys(("note_zh", "note_en"), _NOTE),
            **_CITED,
        },
    ),
    "unit_measures": Spec(
        ("unit", "measure"),
        {
            "unit": Column(among=frozenset({"areas", "buildings", "streets"})),
            "measure": _NEED,
            "counts": Column("boolean"),
            **_WORDS,
            **_CITED,
        },
    ),
}
