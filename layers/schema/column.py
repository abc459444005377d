"""How a column is declared: once, with its title, unit, limits and who may see it."""

from collections.abc import Mapping
from typing import Any

import pandera.pandas as pa

from geo.text import Text

Codes = Mapping[str, Text]

UNITS: Mapping[str, Text] = {
    "m": Text("m", "m"),
    "mm": Text("mm", "mm"),
    "m²": Text("m²", "m²"),
    "年": Text("年", "year"),
    "层": Text("层", "storeys"),
    "单元": Text("单元", "stair units"),
    "户": Text("户", "households"),
    "人": Text("人", "persons"),
    "个": Text("个", ""),
    "元": Text("元", "CNY"),
}
"""Units of columns by the word that their declaration uses; English counts bays and stalls without one."""


class Table(pa.DataFrameModel):
    """A table of the vocabulary: its index is the id, its columns are declared with ``column``."""

    class Config:
        """Absent columns are added empty, further ones are kept as they are."""

        coerce = True
        add_missing_columns = True
        strict = False


def identifier(zh: str, en: str) -> Any:  # noqa: ANN401 (a pandera field stands for any series)
    """Declare the id of a table: text, never empty, unique."""
    return pa.Field(unique=True, check_name=True, str_length={"min_value": 1}, metadata={"title": Text(zh, en)})


def column(
    zh: str,
    en: str,
    *,
    unit: str | None = None,
    about: Text | None = None,
    codes: Codes | None = None,
    required: bool = False,
    popup: bool = False,
    sensitivity: str = "public",
    **limits: Any,  # noqa: ANN401 (handed to pandera as they are)
) -> Any:  # noqa: ANN401
    """Declare a column.

    ``unit`` names one of ``UNITS``, is printed behind values and stands in the column's name where it is a measure; ``codes`` gives the
    allowed values and their words; ``popup`` shows the column when a thing is clicked on a map;
    ``sensitivity`` is "public", "internal" (not in a public edition) or "secret" (never on maps).
    """
    if codes is not None:
        limits["isin"] = list(codes)
    if required:
        # A default forbids pandera to add the column silently when it is missing.
        limits.setdefault("nullable", False)
    return pa.Field(
        nullable=limits.pop("nullable", not required),
        metadata={
            "title": Text(zh, en),
            "unit": None if unit is None else UNITS[unit],
            "about": about,
            "codes": codes,
            "required": required,
            "popup": popup,
            "sensitivity": sensitivity,
        },
        **limits,
    )
