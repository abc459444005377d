"""The table of scoring rules: what a score is made of, as a city has published it.

Only ``layers.cited`` is known here, so that ``layers.standard_tables`` can take it in.
"""

from collections.abc import Mapping

from layers.cited import LOCAL, Column, Spec

_NEED, _NUMBER = Column(), Column("number", empty=True, low=0)
TABLES: Mapping[str, Spec] = {
    "scoring": Spec(
        ("rule", "row"),
        {
            "rule": _NEED,
            "row": _NEED,
            "part": _NEED,
            "figure": Column(
                among=frozenset(
                    {
                        "closing_rate",
                        "on_time_rate",
                        "urgent_closing_rate",
                        "urgent_on_time_rate",
                        "failed_verification",
                    }
                )
            ),
            "full_points": _NUMBER,
            "target_pct": Column("number", empty=True, low=0, high=100),
            "minus_per_point": _NUMBER,
            "from_failure": Column("integer", empty=True, low=1),
            "minus_each": _NUMBER,
            **dict.fromkeys(("zh", "en"), _NEED),
            "source": _NEED,
            "confidence": Column(among=frozenset({"S", "RH", "RM", "RL", "P", LOCAL})),
            "to_verify": Column("boolean"),
        },
    )
}
"""A part with ``full_points`` loses ``minus_per_point`` for each point below ``target_pct``, never below zero.

Rows of one part share its points, which stand in one of them. ``minus_each`` is taken off for each failed
verification of a case, from its ``from_failure``-th on until another row says more.
"""
