"""Rows whose place a person has to confirm: proposed by their address, but not surely enough for the map."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.text import Text
from layers.catalog import CATALOG
from layers.exports.cells import protected
from layers.intake.look import Look, Part
from layers.intake.whereabouts import addresses_of
from reports.webmap.degrees import degrees

CONFIRM_TITLES: Mapping[str, Text] = {
    "row": Text("行", "Row"),
    "part": Text("表", "Table"),
    "address": Text("写的地址", "Address as written"),
    "place": Text("建议的位置", "Proposed place"),
    "confidence": Text("把握", "Confidence"),
    "reason": Text("依据", "Reason"),
}
NAMES = ["row", "part", "position", "address", "x_m", "y_m", "confidence", "layer", "id", "reason", "alternatives"]


def to_confirm(look: Look) -> pd.DataFrame:
    """Give the rows whose place a person has to confirm: those with a proposed place first, most likely first.

    Rows that cannot be taken in are left out, and those whose place a person set already.

    Returns:
        Columns row, part, position (in the table), address, x_m, y_m (NaN: none proposed), confidence, layer, id
        (of the thing that was matched), reason (Text), alternatives; one row a row of the file.
    """
    found = [_waiting(part) for part in look.parts if part.located.placements is not None]
    rows = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=NAMES)
    return rows.sort_values(["confidence"], ascending=False, kind="stable", ignore_index=True)


def _waiting(part: Part) -> pd.DataFrame:
    placements = part.located.placements
    table = placements.to_confirm.drop(columns="level") if placements is not None else pd.DataFrame()
    lost = np.isin(part.source.rows, [one.row for one in part.lost])
    table = table[~(lost | part.located.by_hand)[table.index.to_numpy(dtype=np.int64)]]
    at = table.index.to_numpy(dtype=np.int64)
    words = addresses_of(part.source, part.columns).iloc[at]
    table = table.assign(row=part.source.rows[at], part=part.source.part, position=at, address=words.to_numpy())
    named: pd.DataFrame = table[NAMES]
    return named


def confirm_table(look: Look, tables: Mapping[str, pd.DataFrame], lang: str) -> pd.DataFrame:
    """Give the rows whose place a person has to confirm, with the columns of ``CONFIRM_TITLES``.

    Args:
        look: see ``layers.intake.looking.look``.
        tables: the layers of the workspace, for the names of what was matched.
        lang: "zh" or "en".
    """
    rows = to_confirm(look)
    names = [matched(layer, one, tables, lang) for layer, one in zip(rows["layer"], rows["id"], strict=True)]
    found = pd.DataFrame(
        {
            "row": rows["row"],
            "part": rows["part"],
            "address": rows["address"],
            "place": names,
            "confidence": rows["confidence"].astype(float) * 100,
            "reason": [one.in_(lang) for one in rows["reason"]],
        },
        columns=list(CONFIRM_TITLES),
    )
    return found.drop(columns="part") if found["part"].eq("").all() else found


def matched(layer: object, thing: object, tables: Mapping[str, pd.DataFrame], lang: str) -> str:
    """Name a thing of the workspace that an address was taken for; "" for none."""
    if not isinstance(layer, str) or layer not in tables or thing not in tables[layer].index:
        return ""
    table = tables[layer]
    name = table.loc[str(thing), "name"] if "name" in table else None
    title = CATALOG[layer].title.in_(lang) if layer in CATALOG else layer
    return f"{title} {name if isinstance(name, str) else thing}"


def confirm_csv(look: Look, crs: str) -> bytes:
    """Give the rows to confirm as they stand in the file, with the proposed place, as a CSV to correct and import again.

    The place stands in columns 经度 and 纬度, which the import knows, unless the file has coordinates of its own.
    """
    rows = to_confirm(look)
    found = []
    for part in look.parts:
        mine = rows[rows["part"].eq(part.source.part)]
        lon, lat = degrees(crs, mine["x_m"].to_numpy(dtype=float), mine["y_m"].to_numpy(dtype=float))
        own = part.columns.heading_of("x") is None and part.columns.heading_of("xy") is None
        names = ("经度", "纬度") if own else ("建议经度", "建议纬度")
        cells = part.source.cells.iloc[mine["position"].to_numpy(dtype=np.int64)].reset_index(drop=True)
        cells[names[0]], cells[names[1]] = np.round(lon, 7), np.round(lat, 7)
        cells["把握"], cells["依据"] = mine["confidence"].to_numpy(), [str(one) for one in mine["reason"]]
        found.append(cells)
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    text = table.map(_protected).to_csv(index=False, lineterminator="\r\n", date_format="%Y-%m-%d %H:%M")
    return text.encode("utf-8-sig")


def _protected(cell: object) -> object:
    return protected(cell) if isinstance(cell, str) else cell
