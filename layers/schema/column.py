"""How a column is declared: once, with its title, unit, limits and who may see it."""

from collections.abc import Mapping
from typing import Any

import pandera.pandas as pa

from geo.text import Text

Codes = Mapping[str, Text]


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

    ``unit`` is printed behind values and repeated in the column's name; ``codes`` gives the
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
            "unit": unit,
            "about": about,
            "codes": codes,
            "required": required,
            "popup": popup,
            "sensitivity": sensitivity,
        },
        **limits,
    )
