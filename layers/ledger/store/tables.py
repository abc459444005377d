"""The tables of the ledger, the same in SQLite and in PostgreSQL.

``events`` is the ledger; it is only ever added to. ``writers`` and ``cases`` follow from it: the ends of the
chains, and where each issue stands now, kept so that one page of a million issues needs no fold. ``accounts``
and ``people`` hold names and secrets, which must be erasable and so are no events.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

SCHEMA = 1
"""Version of these tables; see ``layers.ledger.store.migrations``."""
metadata = MetaData()
OF_DUTIES = "kind IN ('appoint', 'dismiss')"
"""Which events are about the duties of persons, in the words of their index."""
_WHOLE = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in an INTEGER column

EVENTS = Table(
    "events",
    metadata,
    Column("arrival", _WHOLE, primary_key=True, autoincrement=True),
    Column("event_id", String(64), nullable=False, unique=True),
    Column("subject", String, nullable=False),
    Column("place", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("command_id", String, nullable=False, index=True),
    Column("clock", Integer, nullable=False),
    *(Column(name, String) for name in ("was", "state", "person", "level")),
    Column("version", Integer),
    Column("stage", String),
    Column("due_at", BigInteger),
    Column("final_due_at", BigInteger),
    *(Column(name, String) for name in ("other", "department", "reason", "tag", "issue_type", "source", "grid_id")),
    *(Column(name, Integer) for name in ("satisfaction", "severity")),
    *(Column(name, Float) for name in ("x_m", "y_m")),
    *(Column(name, Text) for name in ("address", "text")),
    Column("details", Text, nullable=False),
    Column("writer", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("before", String, nullable=False),
    UniqueConstraint("subject", "place"),
    Index("events_by_chain", "writer", "number"),
    Index("events_by_time", "at"),  # the last moment is asked for with every page
    Index("events_of_duties", "subject", sqlite_where=text(OF_DUTIES), postgresql_where=text(OF_DUTIES)),
)
"""``place`` is the how manieth event of its subject this is in this store: two that claim one place clash."""

WRITERS = Table(
    "writers",
    metadata,
    Column("writer", String, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("last", String, nullable=False),
    Column("is_here", Boolean, nullable=False),
)
CASE_TIMES = (
    "reported_at",
    "since",
    "state_since",
    "level_since",
    "due_at",
    "final_due_at",
    "paused_since",
    "fixed_at",
    "closed_at",
)
"""Columns of ``cases`` that hold microseconds after 1970."""
CASES = Table(
    "cases",
    metadata,
    Column("issue_id", String, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("clock", Integer, nullable=False),
    Column("state", String, nullable=False, index=True),
    *(Column(name, String) for name in ("issue_type", "source", "department", "level", "stage", "project_id")),
    *(Column(name, String) for name in ("head", "call_back")),
    *(Column(name, String, index=True) for name in ("person", "grid_id")),
    Column("severity", Integer),
    *(Column(name, BigInteger, index=name in {"due_at", "reported_at"}) for name in CASE_TIMES),
    *(Column(name, Integer) for name in ("deadline_version", "rework_count", "photos")),
    Column("is_contested", Boolean, nullable=False),
)
SETTINGS = Table("settings", metadata, Column("key", String, primary_key=True), Column("value", Text, nullable=False))
PEOPLE = Table(
    "people",
    metadata,
    Column("person_id", String, primary_key=True),
    *(Column(name, String) for name in ("name", "department", "phone", "email")),
)
ACCOUNTS = Table(
    "accounts",
    metadata,
    Column("login", String, primary_key=True),
    Column("person_id", String, nullable=False),
    Column("password", String),
    Column("changed_at", BigInteger, nullable=False),
)
LINKS = Table(
    "links",
    metadata,
    Column("issuer", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("person_id", String, nullable=False),
)
"""By what a person is known at an identity provider or to a proxy."""
ATTEMPTS = Table(
    "attempts",
    metadata,
    Column("number", _WHOLE, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("login", String, nullable=False),
    Column("address", String),
    Column("succeeded", Boolean, nullable=False),
)
SESSIONS = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("person_id", String, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)
CODES = Table(
    "codes",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("purpose", String, nullable=False),
    Column("person_id", String),
    Column("until", BigInteger, nullable=False),
)
"""Of tokens and one-time codes only the hash is kept."""
IMPORTS = Table(
    "imports",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("at", BigInteger, nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("events", "issues")),
)
