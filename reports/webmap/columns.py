"""Which columns a map shows, and how their values travel: words once, numbers in few bytes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

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
MOST_DIGITS = 15
"""Whole numbers up to here survive in a browser."""
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
        code["unit"] = words(meta["unit"])
    return code


def values(series: pd.Series, codes: Mapping[str, Text] | None = None) -> dict[str, Any]:
    """Write the values of a column; code 0 stands for null everywhere."""
    if pd.api.types.is_datetime64_any_dtype(series):
        form = "day" if len(series) > MANY_ROWS else "minute"
        times = series.to_numpy()
        seconds = times.astype("datetime64[s]").astype(np.int64)
        return {"form": form, **_whole(seconds // SECONDS[form], ~np.isnat(times))}
    if pd.api.types.is_bool_dtype(series):
        return _dictionary(series.astype("object").map({True: "yes", False: "no"}), YES_NO)
    if pd.api.types.is_numeric_dtype(series):
        return _number(series)
    return _dictionary(series, codes)


def _number(series: pd.Series) -> dict[str, Any]:
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    given = ~np.isnan(numbers)
    plain = numbers if given.all() else np.where(given, numbers, 0.0)
    scaled = np.rint(plain * 10**DECIMALS)
    if (scaled % 10**DECIMALS == 0).all():
        return {"form": "number", **_whole(plain, given)}
    return {"form": "number", "decimals": DECIMALS, **_whole(scaled, given)}


def _whole(numbers: npt.NDArray[Any], given: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Write whole numbers from their least upwards; only those that are given count."""
    whole = numbers.astype(np.int64)
    known = whole if given.all() else whole[given]
    base = int(known.min()) if known.size else 0
    return {"base": base, **encode.numbers(np.where(given, whole - base + 1, 0))}


def _dictionary(series: pd.Series, codes: Mapping[str, Text] | None) -> dict[str, Any]:
    """Write each different text once, the most frequent first (they get the short codes)."""
    number, different = pd.factorize(series)
    found = list(different)
    counts = np.bincount(number[number >= 0], minlength=len(found))
    order = sorted(range(len(found)), key=lambda k: (-counts[k], str(found[k])))
    place = np.zeros(len(found) + 1, dtype=np.int64)  # the last one stands for null, which factorize calls -1
    place[order] = np.arange(1, len(order) + 1)
    spoken = [words((codes or {}).get(v, v) if isinstance(v, str) else v) for v in (found[k] for k in order)]
    return {"form": "words", "words": spoken, **encode.numbers(place[number])}


def identifiers(index: pd.Index) -> dict[str, Any]:
    """Write ids; equal beginnings with numbers of one width behind them take a byte or two each."""
    letters = _letters(index)
    if letters is None:
        return {"words": list(index.astype(str))}
    is_digit = np.all((letters >= ord("0")) & (letters <= ord("9")), axis=0)
    width = min(int(np.argmin(np.append(is_digit[::-1], [False]))), MOST_DIGITS)
    head = letters.shape[1] - width
    if not width or np.ptp(letters[:, :head], axis=0).any():
        return {"words": list(index.astype(str))}
    tail = np.zeros(len(letters), dtype=np.int64)
    for place in range(head, head + width):
        tail = 10 * tail + (letters[:, place] - ord("0"))
    return {"head": letters[0, :head].tobytes().decode(), "width": width, **encode.numbers(tail)}


def _letters(index: pd.Index) -> npt.NDArray[np.uint8] | None:
    """Give the bytes of each id, shape (rows, bytes), as they lie in the column; None where their number differs."""
    ids = pa.array(index.astype(str).array)
    ids = (ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids).cast(pa.large_string())
    if not len(ids):
        return None
    _, ends, letters = ids.buffers()
    end = np.frombuffer(ends, dtype=np.int64, offset=8 * ids.offset, count=len(ids) + 1)
    size = np.diff(end)
    if not size[0] or (size != size[0]).any():
        return None
    return np.frombuffer(letters, dtype=np.uint8, offset=end[0], count=end[-1] - end[0]).reshape(len(ids), -1)
