"""When the limits of an issue began to run, and a quick way to the last moment."""

import sqlalchemy as sa
from alembic import op

from layers.ledger.keeping.proof import refolded

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add both where the tables were not made with them, as those of a new ledger are; fold the cases anew."""
    connection = op.get_bind()
    found = sa.inspect(connection)
    if "events_by_time" not in {one["name"] for one in found.get_indexes("events")}:
        op.create_index("events_by_time", "events", ["at"])
    if "since" not in {one["name"] for one in found.get_columns("cases")}:
        op.add_column("cases", sa.Column("since", sa.BigInteger))
        refolded(connection)
