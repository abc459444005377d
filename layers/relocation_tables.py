"""The tables of consent and relocation: what a vote needs, and why a household has not signed or moved.

Only ``layers.cited`` is known here, so that ``layers.standard_tables`` can take it in.
"""

from collections.abc import Mapping

from layers.cited import LOCAL, Column, Spec

_NEED = Column()
_PART = Column("integer", low=0)
_WHOLE = Column("integer", low=1)
_CITED = {
    **dict.fromkeys(("zh", "en", "source"), _NEED),
    "confidence": Column(among=frozenset({"S", "RH", "RM", "RL", "P", LOCAL})),
    "to_verify": Column("boolean"),
}
TABLES: Mapping[str, Spec] = {
    "consent_rules": Spec(
        ("rule",),
        {
            "rule": _NEED,
            "default": Column("boolean"),
            "counts": Column(among=frozenset({"both", "owners", "area"})),
            "take_part": _PART,
            "take_part_of": _WHOLE,
            "approve": _PART,
            "approve_of": _WHOLE,
            "more_than": Column("boolean"),
            "approve_among": Column(among=frozenset({"voted", "all"})),
            **_CITED,
        },
    ),
    "blockers": Spec(
        ("blocker",),
        {
            "blocker": _NEED,
            "stage": Column(among=frozenset({"sign", "move", "both"})),
            **dict.fromkeys(("who_zh", "who_en"), _NEED),
            **_CITED,
        },
    ),
}
