"""The tables of standards: which columns each has, what may stand in them, and what they refer to."""

from collections.abc import Mapping

from layers import panel_tables as panel
from layers import raster_tables as rasters
from layers import relocation_tables as relocation
from layers import scoring_tables as scoring
from layers import works_tables as works
from layers.cited import LOCAL, Column, Spec
from layers.people import tables as people

TIERS = frozenset({"S", "RH", "RM", "RL", "P", LOCAL})
"""S seen in a published source; RH, RM, RL general knowledge, to be verified; P proposal; L set by a workspace."""
CLASSES = frozenset({"basic", "improvement", "upgrade", "management", "none"})
PROFILES = frozenset({"CN-old", "CN-new", "WHO", "custom"})
NEED, NOTE = Column(), Column(empty=True)
COST = Column("number", empty=True, low=0)
CITED = {"source": NEED, "confidence": Column(among=TIERS), "to_verify": Column("boolean")}
WORDS = {"zh": NEED, "en": NEED}
PRICE = {
    "unit_cost_low_yuan": COST,
    "unit_cost_high_yuan": COST,
    **dict.fromkeys(("cost_note_zh", "cost_note_en"), NOTE),
    "cost_confidence": Column(empty=True, among=TIERS),
    "cost_to_verify": Column("boolean", empty=True),
}
MAPPING = Spec(
    ("source_type", "valid_from"),
    {
        "source_type": NEED,
        "source_reason": NOTE,
        **dict.fromkeys(("valid_from", "valid_to"), Column("date", empty=True)),
        "issue_type": Column(empty=True, refers="issue_types"),
        "note": NOTE,
        **CITED,
    },
)
ISSUE_TYPES = Spec(
    ("code",),
    {
        "code": NEED,
        **WORDS,
        "kind": Column(among=frozenset({"component", "event", "need", "none"})),
        "mode": Column(split="/", among=frozenset({"quick", "enforcement", "works", "none"})),
        "renewal_class": Column(split="/", among=CLASSES),
        "severity": Column("integer", low=1, high=5),
        **dict.fromkeys(("reply_limit_zh", "reply_limit_en", "resolve_limit_zh", "resolve_limit_en"), NEED),
        **PRICE,
        **dict.fromkeys(("cost_unit", "cost_unit_zh", "cost_unit_en", "aliases_zh", "nyc311"), NOTE),
        "nyc311_confidence": Column(empty=True, among=TIERS),
        **CITED,
    },
)
DEADLINES = Spec(
    ("type", "stage"),
    {
        "type": Column(refers="issue_types"),
        "stage": NEED,
        "limit": COST,
        "unit": Column(
            among=frozenset({"natural_hour", "urgent_hour", "work_hour", "work_day", "natural_day", "plan"})
        ),
        **dict.fromkeys(("stage_zh", "stage_en", "note_zh", "note_en"), NOTE),
        **CITED,
    },
    unless=("limit", "unit", "plan"),
)
INDICATORS = Spec(
    ("id", "profile"),
    {
        "id": NEED,
        **WORDS,
        **dict.fromkeys(("definition_zh", "definition_en", "threshold_zh", "threshold_en"), NEED),
        **dict.fromkeys(("threshold_value", "threshold_high"), Column("number", empty=True)),
        "threshold_comparison": Column(empty=True, among=frozenset({"le", "ge", "eq", "range"})),
        "unit": NOTE,
        "distance": Column(empty=True, among=frozenset({"walk", "straight"})),
        **dict.fromkeys(("size_low_m2", "size_high_m2"), Column("number", empty=True, low=0)),
        "standard": NEED,
        **dict.fromkeys(("clause", "edition"), NOTE),
        **dict.fromkeys(("level_zh", "level_en"), NEED),
        "applies_to": Column(among=frozenset({"new", "old", "both"})),
        "profile": Column(split="|", among=PROFILES),
        **dict.fromkeys(("layers", "layers_optional"), NOTE),
        "computable": Column(among=frozenset({"yes", "proxy", "no"})),
        **dict.fromkeys(("how_zh", "how_en"), NEED),
        **CITED,
    },
)
RENEWAL_ITEMS = Spec(
    ("code",),
    {
        "code": NEED,
        **WORDS,
        "class": Column(among=CLASSES),
        "issue_types": Column(empty=True, split="|", refers="issue_types"),
        **works.EFFECT,
        **dict.fromkeys(("unit", "unit_zh", "unit_en"), NOTE),
        **PRICE,
        **works.LIFE,
        **CITED,
    },
)
HOUR = Column("number", low=0, high=24)
WORK_CALENDAR = Spec(
    ("date",),
    {"date": Column("date"), "kind": Column(among=frozenset({"day_off", "work_day"})), **WORDS, **CITED},
)
STATES = Spec(
    ("state",),
    {
        "state": NEED,
        **WORDS,
        **dict.fromkeys(("open", "counts_overdue"), Column("boolean")),
        "clock": Column(among=frozenset({"runs", "pauses", "stopped", "project"})),
        "lamp": Column(among=frozenset({"red", "yellow", "green", "blue", "grey", "hidden", "by_deadline"})),
        **CITED,
    },
)
NEEDS = frozenset({"text", "person", "project", "until", "approver", "evidence", "satisfaction"})
STATE_MOVES = Spec(
    ("from", "to"),
    {
        **dict.fromkeys(("from", "to"), Column(refers="states")),
        "kind": Column(among=frozenset({"move", "verify", "call_back", "strike_off", "reopen"})),
        "roles": Column(split="|", among=people.CASE_ROLES | {people.ASSIGNEE}),
        "needs": Column(empty=True, split="|", among=NEEDS),
        "next_role": Column(empty=True, among=people.CASE_ROLES | {people.ASSIGNEE}),
        **WORDS,
        **CITED,
    },
)
SHAPES = frozenset({"triangle", "diamond", "circle", "square", "ring"})
LAMPS = Spec(
    ("lamp",),
    {
        "lamp": NEED,
        **WORDS,
        "shape": Column(among=SHAPES),
        **dict.fromkeys(("shape_zh", "shape_en", "colour", "meaning_zh", "meaning_en"), NEED),
        **CITED,
    },
    closed=True,
)
EVIDENCE = Spec(
    ("type",),
    {
        "type": Column(refers="issue_types"),
        "photos_after": Column("integer", low=0, high=9),
        "text": Column("boolean"),
        **WORDS,
        **CITED,
    },
)
GRID_CODES = Spec(
    ("scheme",),
    {
        "scheme": NEED,
        **WORDS,
        "layout": Column(split="|"),
        "sequence_digits": Column("integer", low=0, high=9),
        "parts_zh": NEED,
        "parts_en": NEED,
        **CITED,
    },
)
PROVINCES = Spec(("code",), {"code": NEED, **WORDS, **CITED})
WORK_HOURS = Spec(("start_hour",), {"start_hour": HOUR, "end_hour": HOUR, **WORDS, **CITED})
SERVICES = Spec(
    ("service", "class"),
    {
        **dict.fromkeys(("service", "class", "layer"), NEED),
        "kinds": Column(empty=True, split="|"),
        **dict.fromkeys(("least_key", "below_key", "limit_key"), Column(empty=True, refers="policy")),
        "limit_m": COST,
        **WORDS,
        **dict.fromkeys(("class_zh", "class_en"), NEED),
        **CITED,
    },
)
STREET_KINDS = Spec(
    ("kind",), {"kind": NEED, **dict.fromkeys(("walkable", "barrier"), Column("boolean")), **WORDS, **CITED}
)
PACES = Spec(("pace",), {"pace": NEED, "metres_per_second": Column("number", low=0.1, high=3), **WORDS, **CITED})
CHANNELS = frozenset({"phone", "app", "web", "staff", "other"})
SOURCE_CHANNELS = Spec(("word",), {"word": NEED, "channel": Column(among=CHANNELS), **WORDS, **CITED})
SERIES_BREAKS = Spec(
    ("key",),
    {
        "key": NEED,
        "date": Column("date"),
        "workspace": NOTE,
        "issue_type": Column(empty=True, refers="issue_types"),
        **WORDS,
        **CITED,
    },
)
READ = {"lang": Column(among=frozenset({"zh", "en"})), **CITED}
KINDS = Spec(
    ("answer", "layer", "kind"),
    {
        "answer": NEED,
        "layer": Column(among=frozenset({"facilities", "parks", "toilets", "parking", "streets"})),
        "kind": NEED,
        "counts": Column("boolean"),
        **WORDS,
        **CITED,
    },
)
ISSUES_OF = Spec(
    ("answer", "issue_type"),
    {"answer": NEED, "issue_type": Column(refers="issue_types"), "problem": NOTE, **WORDS, **CITED},
)
RATIOS = Spec(("answer",), {"answer": NEED, **WORDS, "bays_per_100_m2": Column("number", low=0), **CITED})
NUMBERS = ("least_new", "least_old", "floor_m2_new", "floor_m2_old", "land_m2_new", "land_m2_old")
COMMUNITY_ITEMS = Spec(
    ("number",),
    {
        "number": NEED,
        **dict.fromkeys(("goal_zh", "goal_en"), NEED),
        **WORDS,
        **dict.fromkeys(("threshold_new_zh", "threshold_new_en", "threshold_old_zh", "threshold_old_en"), NEED),
        **dict.fromkeys(NUMBERS, COST),
        "floor_rule": Column(empty=True, among=frozenset({"required", "preferred"})),
        "unit": NOTE,
        "layers": NOTE,
        **CITED,
    },
    closed=True,
)
FUNDS = Spec(
    ("fund",),
    {
        "fund": NEED,
        **WORDS,
        "classes": Column(empty=True, split="|", among=CLASSES),
        "items": Column(empty=True, split="|", refers="renewal_items"),
        "most_share": Column("number", low=0, high=1),
        "order": Column("integer", low=0),
        **dict.fromkeys(("purpose_zh", "purpose_en"), NEED),
        **CITED,
    },
)
TABLES: Mapping[str, Spec] = {
    "issue_types": ISSUE_TYPES,
    "deadlines": DEADLINES,
    "indicators": INDICATORS,
    "renewal_items": RENEWAL_ITEMS,
    "facility_kinds": KINDS,
    "indicator_issues": ISSUES_OF,
    "parking_ratios": RATIOS,
    "complete_community": COMMUNITY_ITEMS,
    "stat_names": Spec(("answer", "name"), {"answer": NEED, "name": NEED, **WORDS, **CITED}),
    "life_circles": Spec(("circle", "answer"), {"circle": NEED, "answer": NEED, **WORDS, **CITED}),
    "policy": Spec(("key",), {"key": NEED, "value": Column("number"), "unit": NOTE, **WORDS, **CITED}, closed=True),
    "boston_types": MAPPING,
    "states": STATES,
    "state_moves": STATE_MOVES,
    "lamps": LAMPS,
    "evidence": EVIDENCE,
    "grid_codes": GRID_CODES,
    "provinces": PROVINCES,
    "work_calendar": WORK_CALENDAR,
    "work_hours": WORK_HOURS,
    "services": SERVICES,
    "street_kinds": STREET_KINDS,
    "walking_paces": PACES,
    "source_channels": SOURCE_CHANNELS,
    "series_breaks": SERIES_BREAKS,
    "funds": FUNDS,
    **people.TABLES,
    **scoring.TABLES,
    **rasters.TABLES,
    **panel.TABLES,
    **relocation.TABLES,
    **works.TABLES,
    "column_aliases": Spec(("layer", "column", "alias"), dict.fromkeys(("layer", "column", "alias"), NEED) | READ),
    "status_words": Spec(("kind", "word"), dict.fromkeys(("kind", "word", "code"), NEED) | READ),
}
