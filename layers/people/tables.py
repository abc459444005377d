"""The tables of roles, rights, levels and orders: which columns each has and what may stand in them.

Only ``layers.cited`` is known here, so that ``layers.standard_tables`` can take these in.
"""

from collections.abc import Mapping

from layers.cited import LOCAL, Column, Spec

ASSIGNEE, AUTHOR = "assignee", "author"
TAKE, APPROVE = "take", "approve"
"""The rights of those whom others name: to be given a case, and to have approved that its clock stands or its limit moves."""
"""Stand in a list of roles for the person that a case lies with, and for the one who reported or asked for it."""
LEVELS = ("courtyard", "branch", "community", "street", "district")
"""Levels at which a case may be solved, the lowest first."""
CASE, AREA, WORKSPACE = "case", "area", "workspace"
"""What an action is about: one case (a department only touches its own), an area, or the workspace as a whole."""
TOP = "top"
"""Unit of the last level's limit: there is nobody above."""
_NEED = Column()
_WORDS = {"zh": _NEED, "en": _NEED}
_CITED = {
    "source": _NEED,
    "confidence": Column(among=frozenset({"S", "RH", "RM", "RL", "P", LOCAL})),
    "to_verify": Column("boolean"),
}
_UNITS = frozenset({"natural_hour", "urgent_hour", "work_hour", "work_day", "natural_day"})
CASE_ROLES = frozenset(
    [
        "reporter",
        "grid_officer",
        "building_chief",
        "lane_chief",
        "branch",
        "community",
        "street",
        "district",
        "department",
        "viewer",
    ]
)
"""Roles that a move of a case may name."""
_ACTORS = CASE_ROLES | {"volunteer", "owner", ASSIGNEE, AUTHOR}
TABLES: Mapping[str, Spec] = {
    "roles": Spec(
        ("role",),
        {
            "role": _NEED,
            "appoints": Column(empty=True, split="|", among=_ACTORS - {ASSIGNEE, AUTHOR}),
            **_WORDS,
            **dict.fromkeys(("meaning_zh", "meaning_en"), _NEED),
            **_CITED,
        },
        closed=True,
    ),
    "rights": Spec(
        ("action",),
        {
            "action": _NEED,
            "on": Column(among=frozenset({CASE, AREA, WORKSPACE})),
            "roles": Column(split="|", among=_ACTORS),
            **_WORDS,
            **_CITED,
        },
        closed=True,
    ),
    "escalation": Spec(
        ("level",),
        {
            "level": Column(among=frozenset(LEVELS)),
            "next_level": Column(empty=True, among=frozenset(LEVELS)),
            "limit": Column("number", empty=True, low=0),
            "unit": Column(among=_UNITS | {TOP}),
            "role": Column(among=_ACTORS - {ASSIGNEE, AUTHOR}),
            **_WORDS,
            **dict.fromkeys(("rule_zh", "rule_en"), _NEED),
            **_CITED,
        },
        unless=("limit", "unit", TOP),
        closed=True,
    ),
    "order_states": Spec(
        ("state",),
        {
            "state": _NEED,
            **_WORDS,
            **dict.fromkeys(("open", "counts_overdue"), Column("boolean")),
            "clock": Column(among=frozenset({"runs", "pauses", "stopped"})),
            "lamp": Column(among=frozenset({"red", "yellow", "green", "blue", "grey", "hidden", "by_deadline"})),
            **_CITED,
        },
    ),
    "order_moves": Spec(
        ("from", "to"),
        {
            **dict.fromkeys(("from", "to"), Column(refers="order_states")),
            "kind": Column(among=frozenset({"dispatch", "review"})),
            "roles": Column(split="|", among=_ACTORS),
            "needs": Column(empty=True, split="|", among=frozenset({"text", "person", "until", "satisfaction"})),
            "next_role": Column(empty=True, among=_ACTORS),
            **_WORDS,
            **_CITED,
        },
    ),
}
