"""Reporting: what somebody saw becomes an issue with its pictures, written in one transaction under a public reference."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.text import Text
from layers.ledger.acting.acts import Act, Powers
from layers.ledger.acting.references import new_reference
from layers.ledger.acting.states import Move
from layers.ledger.log.case import Case
from layers.ledger.log.events import CREATE, PHOTO, Event
from layers.ledger.store.ledger import Ledger

BITS = "bits"
"""Where the event of a photo keeps the hash of the picture, by which it is found when it is used again."""
LONGEST = 2000
"""Characters of a description or an address."""
MOST_PHOTOS = 5
_ALL_BITS = 2**64 - 1


class Picture(NamedTuple):
    """A kept photo, by its SHA-256, and the hash of what it shows (``Photo.bits[0]``)."""

    sha256: str
    bits: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody saw.

    Attributes:
        issue_type: our code.
        source: who told, such as "resident" or "patrol".
        severity: 1 to 5, None for that of the type.
        x_m, y_m: metres of the workspace; None where the place is not known.
        grid_id: the smallest grid there.
        address, text: words.
        pictures: kept photos of how it is now.
        tag: the campaign that it belongs to.
        more: other details to keep, JSON values; no person's data, the log is for ever.
    """

    issue_type: str
    source: str
    severity: int | None = None
    x_m: float | None = None
    y_m: float | None = None
    grid_id: str | None = None
    address: str | None = None
    text: str | None = None
    pictures: tuple[Picture, ...] = ()
    tag: str | None = None
    more: Mapping[str, object] = field(default_factory=dict)


class Reported(NamedTuple):
    """What became of a report: the event that entered it, why pictures were left out, and whether it is new."""

    event: Event
    refused: tuple[Text, ...]
    is_new: bool

    @property
    def reference(self) -> str:
        """The public reference, which is the id of the issue."""
        return self.event.subject


@dataclass(frozen=True)
class Author:
    """The powers of a person, who may besides add pictures to the one issue that they are reporting."""

    powers: Powers
    issue_id: str

    @property
    def person_id(self) -> str:
        """The person."""
        return self.powers.person_id

    def may(self, action: str, grid_id: str | None, case: Case) -> bool:
        """Tell whether the person has the right, or adds a picture to their own report."""
        own = action == PHOTO and case.issue_id == self.issue_id
        return own or self.powers.may(action, grid_id, case)

    def may_move(self, move: Move, case: Case) -> bool:
        """Tell whether the person may make a move."""
        return self.powers.may_move(move, case)

    def allows(self, person_id: str, action: str, grid_id: str | None) -> bool:
        """Tell whether somebody who is named has a right."""
        return self.powers.allows(person_id, action, grid_id)


def report(ledger: Ledger, said: Report, powers: Powers, *, at: datetime, command_id: str) -> Reported:
    """Enter a report; sent twice under the same command it is entered once and gives the same reference.

    Args:
        ledger: to enter it in.
        said: what was seen.
        powers: of the person; they need the right to report there.
        at: now, naive local time.
        command_id: name of this very report.

    Raises:
        TransitionError: the person may not, or something in it cannot be stored; nothing was entered.
        DataError: the store could not be written.
    """
    name = _free(ledger)
    first, *rest = ledger.do(_acts(name, said, at, command_id), Author(powers, name))
    if first.event is None:
        raise first.refusal or AssertionError
    refused = tuple(one.refusal.message for one in rest if one.refusal is not None) if first.is_new else ()
    return Reported(first.event, refused, first.is_new)


def pictures_added(
    ledger: Ledger, issue_id: str, pictures: tuple[Picture, ...], powers: Powers, *, at: datetime, command_id: str
) -> tuple[Text, ...]:
    """Add pictures to an issue that is there, "it is this one"; give why some were refused.

    Raises:
        DataError: the store could not be written.
    """
    acts = [picture_act(issue_id, one, at, command_id=f"{command_id}:photo:{n}") for n, one in enumerate(pictures)]
    done = ledger.do(acts, Author(powers, issue_id))
    return tuple(one.refusal.message for one in done if one.refusal is not None)


def picture_act(issue_id: str, picture: Picture, at: datetime, *, command_id: str, role: str = "before") -> Act:
    """Give the act that adds a kept photo to an issue; ``role`` as in ``layers.photos.roles``."""
    more = {BITS: f"{picture.bits:016x}"}
    return Act(subject=issue_id, kind=PHOTO, at=at, command_id=command_id, other=picture.sha256, stage=role, more=more)


def known_pictures(log: pa.Table) -> pd.DataFrame:
    """List the pictures of all issues as ``layers.photos.likeness.reused`` wants them.

    Args:
        log: of ``Ledger.log``.
    """
    rows = log.filter(pc.equal(log["kind"], PHOTO)).select(["other", "subject", "stage", "details"]).to_pandas()
    bits = np.array([_bits(one) for one in rows["details"]], dtype=np.uint64)
    return pd.DataFrame({"sha256": rows["other"], "issue_id": rows["subject"], "role": rows["stage"], "bits": bits})


def _bits(details: str) -> int:
    """Read the hash of a picture; 0, which is like nothing, where another program wrote none or nonsense."""
    found = json.loads(details).get(BITS)
    try:
        return int(found, 16) & _ALL_BITS if isinstance(found, str) else 0
    except ValueError:
        return 0


def _acts(name: str, said: Report, at: datetime, command_id: str) -> list[Act]:
    facts = {
        "issue_type": said.issue_type,
        "severity": said.severity,
        "source": said.source,
        "grid_id": said.grid_id,
        "x_m": said.x_m,
        "y_m": said.y_m,
        "address": _short(said.address),
        "tag": said.tag,
    }
    new = Act(
        subject=name,
        kind=CREATE,
        at=at,
        command_id=command_id,
        text=_short(said.text),
        facts=facts,
        more=dict(said.more),
    )
    shown = said.pictures[:MOST_PHOTOS]
    return [new, *(picture_act(name, one, at, command_id=f"{command_id}:photo:{n}") for n, one in enumerate(shown))]


def _short(text: str | None) -> str | None:
    """Give words without what cannot be stored, None for none."""
    kept = "".join(one for one in text or "" if one >= " " or one in "\n\t")
    return kept.encode("utf-8", "ignore").decode("utf-8").strip()[:LONGEST] or None


def _free(ledger: Ledger) -> str:
    """Give a reference that no issue has."""
    while True:
        name = new_reference()
        if not ledger.case(name).is_known:
            return name
