"""A step of the tables that only tests know, as the version after this one would have it."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from layers.ledger.store import migrations, opening
from tests.layers.ledger.acting import Place
from tests.layers.ledger.shim import shimmed

NEXT = "9001"
_STEP = """
from alembic import op
import sqlalchemy as sa

revision = "{next}"
down_revision = "{head}"


def upgrade():
    op.add_column("cases", sa.Column("mood", sa.String))
    for number in range(50):
        op.execute(f"INSERT INTO settings VALUES ('filled-{{number}}', '{{'x' * 2000}}')")
    op.create_index("cases_by_mood", "cases", ["mood"])
"""


@contextmanager
def with_next_step(folder: Path) -> Iterator[None]:
    """Make this process one of the version after, whose steps lie in a folder."""
    if not folder.exists():
        source = Path(migrations.__file__).parent
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / f"step_{NEXT}.py").write_text(_STEP.format(next=NEXT, head=migrations.HEAD), "utf-8")
    with (
        patch.object(opening, "_STEPS", str(folder)),
        patch.object(opening, "STEPS", (*migrations.STEPS, NEXT)),
        patch.object(opening, "HEAD", NEXT),
    ):
        yield


def killed_at(place: Place, steps: Path, at: int) -> None:
    """Open an older ledger and die at a write."""
    with with_next_step(steps), shimmed(at=at, act=lambda: os.kill(os.getpid(), signal.SIGKILL)):
        place.open()
