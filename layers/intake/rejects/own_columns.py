"""The columns that rejected rows come back with, and the words in them."""

from collections.abc import Mapping, Sequence

from layers.intake.source import LostRow

ROW, REASON, REMEDY = "原文件行号 / Row", "不能入库的原因 / Reason", "怎么办 / What to do"
OWN_COLUMNS = (ROW, REASON, REMEDY)
"""Headings of the columns that are added, in both languages."""
Rows = Mapping[int, tuple[LostRow, ...]]
"""Why rows of one source were rejected, by row in the file, rising."""


def is_own_column(heading: str) -> bool:
    """Tell whether a column was added to rejected rows and is to be ignored when the file comes back."""
    return " ".join(heading.split()) in OWN_COLUMNS


def said(faults: Sequence[LostRow]) -> tuple[str, str]:
    """Say why a row was rejected and what to do, in both languages, each thing once."""
    reasons = dict.fromkeys(f"{one.column}：{one.found}" if one.column else str(one.found) for one in faults)
    remedies = dict.fromkeys(str(one.remedy) for one in faults)
    return "\n".join(reasons), "\n".join(remedies)
