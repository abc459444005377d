"""Which columns a map shows, and how their values travel: words once, numbers in few bytes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.text import Text
from layers.catalog import LayerSpec
from reports.webmap import encode

Words = str | list[str]
"""Words for the browser: [Chinese, English], or one string where both are the same."""

MANY_ROWS = 20_000
"""Layers with more rows leave free text out and give dates without the time of day."""

FREE_TEXT = frozenset({"description", "address"})
YES_NO = {"yes": Text("是", "yes"), "no": Text("否", "no")}
DECIMALS = 2
SECONDS = {"day": 86_400, "minute": 60}


def words(text: Text | str) -> Words:
    """Give a text the form that the browser reads."""
    if isinstance(text, str):
        return text
    return text.zh if text.zh == text.en else [text.zh, text.en]


def shown(spec: LayerSpec, table: pd.DataFrame, *, public: bool) -> list[str]:
    """Give the columns of a pop-up by allow-list: declared for it, not secret, not internal in a public map, not empty."""
    if public and spec.sensitivity != "public":
        return []
    hidden = {"secret", "internal"} if public else {"secret"}
    return [
        name
        for name, meta in spec.columns.items()
        if meta["popup"] and meta["sensitivity"] not in hidden and name in table and table[name].notna().any()
    ]


def left_out(names: Sequence[str], rows: int) -> list[str]:
    """Give the free-text columns that a large layer leaves out to stay small."""
    return [name for name in names if name in FREE_TEXT] if rows > MANY_ROWS else []


def column(spec: LayerSpec, table: pd.DataFrame, name: str) -> dict[str, Any]:
    """Write one declared column with its title and unit."""
    meta = spec.columns[name]
    code = {"key": name, "title": words(spec.title_of(name)), **values(table[name], meta["codes"])}
    if meta["unit"]:
        code["unit"] = meta["unit"]
    return code


def values(series: pd.Series, codes: Mapping[str, Text] | None = None) -> dict[str, Any]:
    """Write the values of a column; code 0 stands for null everywhere."""
    if pd.api.types.is_datetime64_any_dtype(series):
        form = "day" if len(series) > MANY_ROWS else "minute"
        seconds = series.astype("datetime64[s]").astype("int64")
        return {"form": form, **_whole(seconds // SECONDS[form], series.notna())}
    if pd.api.types.is_bool_dtype(series):
        return _dictionary(series.astype("object").map({True: "yes", False: "no"}), YES_NO)
    if pd.api.types.is_numeric_dtype(series):
        return _number(series)
    return _dictionary(series, codes)


def _number(series: pd.Series) -> dict[str, Any]:
    given = series.notna()
    plain = series.where(given, 0).astype("float64")
    scaled = np.rint(plain * 10**DECIMALS)
    if (scaled % 10**DECIMALS == 0).all():
        return {"form": "number", **_whole(plain, given)}
    return {"form": "number", "decimals": DECIMALS, **_whole(scaled, given)}


def _whole(series: pd.Series, given: pd.Series) -> dict[str, Any]:
    """Write whole numbers from their least upwards."""
    number = series.where(given, 0).to_numpy(dtype=np.int64)
    here = given.to_numpy()
    base = int(number[here].min()) if here.any() else 0
    return {"base": base, **encode.numbers(np.where(here, number - base + 1, 0))}


def _dictionary(series: pd.Series, codes: Mapping[str, Text] | None) -> dict[str, Any]:
    """Write each different text once, the most frequent first (they get the short codes)."""
    counts = series.value_counts()
    order = sorted(counts.index, key=lambda value: (-counts[value], str(value)))
    place = pd.Series(np.arange(1, len(order) + 1), index=pd.Index(order, dtype=object))
    number = series.astype(object).map(place).fillna(0).to_numpy(dtype=np.int64)
    spoken = [words((codes or {}).get(value, value) if isinstance(value, str) else value) for value in order]
    return {"form": "words", "words": spoken, **encode.numbers(number)}


def identifiers(index: pd.Index) -> dict[str, Any]:
    """Write ids; equal beginnings with numbers of one width behind them take a byte or two each."""
    ids = index.astype(str)
    found = ids.str.extract(r"^(?P<head>.*?)(?P<tail>\d{1,15})$")
    forms = pd.DataFrame({"head": found["head"], "width": found["tail"].str.len()}).drop_duplicates()
    if len(forms) != 1 or found["tail"].isna().any():
        return {"words": list(ids)}
    head, width = forms.iloc[0]
    return {"head": head, "width": int(width), **encode.numbers(found["tail"].to_numpy(dtype=np.int64))}
