"""Which of our issue types the words of a source mean."""

from pathlib import Path

import pandas as pd

from layers.intake.cells.words import read_types
from layers.standard_tables import TABLES
from layers.standards import mapped_types, standard

ENOUGH = 0.5
"""Share of the rows whose words a table of another source must know to be used for a file."""
OURS = "issue_types"


def kinds_of(words: pd.Series, when: pd.Series, folder: Path | None) -> tuple[pd.Series, str | None]:
    """Translate the types of a source.

    Args:
        words: types as the source has them, null where unsaid.
        when: times of the reports, null where unknown, for tables that change with time.
        folder: the workspace, for its own tables.

    Returns:
        Our codes as text, null where nothing fits, and the table of a source that was used, if one.
    """
    codes = read_types(words, folder)[0].astype("str")
    said = words.notna()
    for name in (one for one in TABLES if one.endswith("_types") and one != OURS):
        table = standard(name, folder)
        known = words.isin(table["source_type"])
        if said.any() and known.sum() > ENOUGH * said.sum():
            theirs = mapped_types(words, when, table).astype("str")
            return theirs.set_axis(words.index).where(known, codes), name
    return codes, None
