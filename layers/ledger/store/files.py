"""Files of a ledger inside a workspace."""

from pathlib import Path

FILE, QUEUE = "ledger.sqlite", "ledger.queue"
"""The ledger, and the file at which its writers queue."""


def has_ledger(folder: Path, url: str | None = None) -> bool:
    """Tell whether a workspace has a ledger: a file of its own, or an address in its manifest."""
    return url is not None or (folder / FILE).is_file()
