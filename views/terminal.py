"""The terminal in which the app was started: who sees it sits at the machine."""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from geo.errors import DataError
from geo.text import Text
from layers.ledger.crew.invitations import owner_code, wants_owner
from layers.ledger.store.files import has_ledger
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger
from layers.manifest import read_manifest

CODE = Text(
    "{title}：首位所有者的一次性登录码 {code}（一小时内有效，仅可用一次，在网页上输入）",
    "{title}: one-time code for the first owner {code} (good for an hour, once; type it on the page)",
)


def tell_owner_code(kept: Ledger, title: Text, at: datetime) -> None:
    """Show a new code for the first owner here and nowhere else."""
    said = CODE.format(title=title, code=owner_code(kept, at))
    sys.stdout.write(f"\n{said.zh}\n{said.en}\n\n")
    sys.stdout.flush()


def tell_owner_codes(folders: Iterable[Path], at: datetime) -> None:
    """Show a code for each workspace that is to have accounts and has no owner; what cannot be opened is told later."""
    for folder in folders:
        try:
            manifest = read_manifest(folder)
            if not has_ledger(folder, manifest.ledger):
                continue
            kept = open_ledger(folder, manifest.ledger)
        except DataError:  # the page says it in full
            continue
        if wants_owner(kept, at):
            tell_owner_code(kept, manifest.title.text, at)
