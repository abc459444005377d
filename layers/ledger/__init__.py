"""The living ledger: what happened to each issue, by when it must be done, and where it stands at any moment."""

from layers.ledger.log.standing import standing, standing_code

__all__ = ["standing", "standing_code"]
