"""A map of some issues: the bits stand for the rows of the issues document."""

import base64
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from layers import ISSUES, open_workspace
from reports.ledger_table import Wanted, chosen, issue_ledger
from reports.map_rows import with_only
from reports.webmap.documents import drawable
from reports.webmap.payload import payload


def test_bits_mark_the_wanted_rows_and_leave_the_payload_alone(workspaces: Mapping[str, Path]) -> None:
    ws = open_workspace(workspaces["huolong"])
    whole = payload(ws, [ISSUES], link=lambda name: name)
    rows = chosen(issue_ledger(ws), Wanted(standing=("overdue",)))
    part = with_only(whole, ws, rows.index)
    assert all("only" not in layer for layer in whole["layers"])
    (layer,) = (one for one in part["layers"] if one["key"] == "issues")
    bits = np.unpackbits(np.frombuffer(base64.b64decode(layer["only"]), np.uint8), bitorder="little")
    drawn = drawable(ws, ISSUES)
    ids = drawn.index[drawn.to_numpy()]
    assert set(ids[np.flatnonzero(bits)]) == set(rows.index) & set(ids)
    assert isinstance(layer["data"], str)
