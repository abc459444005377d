"""Which things answer an indicator, by their kind: ``data/standards/facility_kinds.csv``, never a list in code."""

import numpy as np
import pandas as pd

from geo.text import Text
from layers import Workspace
from layers.standards import standard
from reports.health.finding import Marks

KIND = "kind"


def of_kind(ws: Workspace, answer: str, layer: str) -> Marks:
    """Mark the things of a layer that answer an indicator.

    Letters are compared without case. Where the table names only kinds that do not count, all others do,
    things without a kind among them.

    Returns:
        One mark per row of the layer; none where the workspace does not have the layer.
    """
    if layer not in ws:
        return np.zeros(0, dtype=bool)
    kinds = ws[layer][KIND].astype("string").str.strip().str.casefold()
    rows = _rows(ws, answer, layer)
    counting = rows[rows["counts"].fillna(value=True).astype(bool)]
    chosen = counting if len(counting) else rows
    found: Marks = kinds.isin(set(chosen[KIND].str.casefold())).to_numpy(dtype=bool)
    return found if len(counting) else ~found


def kind_words(ws: Workspace, answer: str) -> Text:
    """Name what answers an indicator, each word once."""
    rows = standard("facility_kinds", ws.folder)
    named = rows[(rows["answer"] == answer) & rows["counts"].fillna(value=True).astype(bool)]
    words = dict.fromkeys(Text(zh, en) for zh, en in zip(named["zh"], named["en"], strict=True))
    return Text("、".join(one.zh for one in words), " or ".join(one.en for one in words))


def layers_answering(ws: Workspace, answer: str) -> list[str]:
    """List the layers whose kinds answer an indicator."""
    rows = standard("facility_kinds", ws.folder)
    return list(dict.fromkeys(rows.loc[rows["answer"] == answer, "layer"]))


def _rows(ws: Workspace, answer: str, layer: str) -> pd.DataFrame:
    rows = standard("facility_kinds", ws.folder)
    return rows[(rows["answer"] == answer) & (rows["layer"] == layer)]
