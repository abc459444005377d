"""A small workspace with a ledger: the sample community, its issues entered, some of them worked on."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from layers import ISSUES, Workspace, open_workspace
from layers.ledger.acting.acts import Act, Anybody
from layers.ledger.store.history import take_history
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger
from tests import samples


@contextmanager
def quick_folder() -> Iterator[Path]:
    """Give a folder in memory where there is one: many commits need not wait for a disk."""
    home = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 (a folder of its own is made in it)
    with tempfile.TemporaryDirectory(dir=home, ignore_cleanup_errors=True) as made:
        yield Path(made)


ME = Anybody("p-owner")


def begun(folder: Path, *, with_limits: bool = True) -> tuple[Workspace, Ledger]:
    """Make the sample community with a ledger of its issues."""
    samples.community(folder)
    ws = open_workspace(folder)
    ledger = open_ledger(folder)
    take_history(ledger, ws[ISSUES], ws.xy(ISSUES), ws.owner(ISSUES), with_limits=with_limits)
    return ws, ledger


def act(subject: str, kind: str, at: datetime, **said: object) -> Act:
    """Give an act whose name follows from what it is."""
    return Act(
        subject=subject, kind=kind, at=at, command_id=f"{subject} {kind} {at:%H%M%S} {said.get('state')}", **said
    )  # type: ignore[arg-type]


def reported(ledger: Ledger, name: str, at: datetime, **facts: object) -> None:
    """Report an issue."""
    ledger.act(act(name, "create", at, text="路灯不亮 lamp out", facts={"issue_type": "LIGHT_OUT", **facts}), ME)


def carried(ledger: Ledger, name: str, at: datetime, *states: str) -> None:
    """Carry an issue through states, an hour apart, with all that any move needs."""
    for hour, state in enumerate(states):
        now = at + timedelta(hours=hour)
        if state == "fixed":
            ledger.act(act(name, "photo", now, other="0" * 64, stage="after"), ME)
        needs = {"text": "说明", "person": "p1", "other": "P-1", "approver": "p-boss", "satisfaction": 5}
        ledger.act(act(name, "move", now, state=state, until=now + timedelta(days=30), **needs), ME)
