"""Rows without a place, for a person to put on the map: proposals and their rivals, a point on the map, typed numbers."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from pyproj.exceptions import ProjError

from geo.errors import GuatuError
from geo.text import Text, counted
from layers.catalog import ISSUES
from layers.intake.look import Look, Part
from layers.intake.whereabouts import addresses_of
from reports.intake_confirm import CONFIRM_TITLES, NAMES, matched, to_confirm
from reports.intake_said import RowKey, Spot
from reports.webmap.degrees import degrees, metres

PLACE_TITLES: Mapping[str, Text] = {**CONFIRM_TITLES, "state": Text("状态", "State")}
WAITS, SET = Text("待确认", "to confirm"), Text("已手工定位", "placed by hand")
NO_WORDS = Text("没有写地址", "no address written")
NO_PROPOSAL = Text("没有建议", "no proposal")
FAR_M = 50_000.0
"""A place farther from the workspace than this is a slip."""
WEST_EAST, NORTH_SOUTH = 180.0, 90.0
NOT_TWO = Text(
    "“{text}”应是两个数：经度，纬度（如 111.00021, 30.72145），或东坐标，北坐标（米）",
    "“{text}” should be two numbers: longitude, latitude (such as 111.00021, 30.72145), or easting, northing in metres",
)
TOO_FAR = Text(
    "“{text}”离本工作区约 {km} 公里，请核对数字和先后",
    "“{text}” is some {km} km away from this workspace; check the numbers and their order",
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class Candidate(NamedTuple):
    """A place that a row may have, with its name."""

    words: str
    spot: Spot


def to_place(look: Look) -> pd.DataFrame:
    """Give the rows that have no place of their own, for a person: those with a proposal first, then those without, then those set.

    Returns:
        The columns of ``reports.intake_confirm.to_confirm``, and ``by_hand``.
    """
    if look.wishes.layer != ISSUES or look.questions:
        return pd.DataFrame(columns=[*NAMES, "by_hand"])
    waiting = to_confirm(look)
    parts = [(_rows(part, _nowhere(part)), False) for part in look.parts]
    parts += [(_rows(part, part.located.by_hand), True) for part in look.parts]
    tables = [(waiting, False), *parts]
    found = [table.assign(by_hand=by_hand) for table, by_hand in tables if len(table)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=[*NAMES, "by_hand"])


def _nowhere(part: Part) -> np.ndarray:
    """Mark the rows that have no place and no address to look for."""
    placements = part.located.placements
    told = np.zeros(len(part.source.cells), dtype=bool)
    if placements is not None:
        told[placements.table.index.to_numpy(dtype=np.int64)] = True
    lost = np.isin(part.source.rows, [one.row for one in part.lost])
    free: np.ndarray = pd.isna(part.located.shapes) & ~told & ~lost
    return free


def _rows(part: Part, mark: np.ndarray) -> pd.DataFrame:
    at = np.flatnonzero(mark)
    placements = part.located.placements
    known = placements.table.reindex(at) if placements is not None else pd.DataFrame(index=at)
    table = known.reindex(columns=NAMES).astype({"x_m": float, "y_m": float, "confidence": float})
    words = addresses_of(part.source, part.columns).iloc[at].to_numpy()
    table = table.assign(row=part.source.rows[at], part=part.source.part, position=at, address=words)
    return table.reset_index(drop=True)


def place_table(rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame], lang: str) -> pd.DataFrame:
    """Give the rows of ``to_place`` with the columns of ``PLACE_TITLES``; "part" only with several tables.

    Args:
        rows: see ``to_place``.
        tables: the layers of the workspace, for the names of what was matched.
        lang: "zh" or "en".
    """
    names = [matched(layer, one, tables, lang) for layer, one in zip(rows["layer"], rows["id"], strict=True)]
    found = pd.DataFrame(
        {
            "row": rows["row"],
            "part": rows["part"],
            "state": [(SET if one else WAITS).in_(lang) for one in rows["by_hand"]],
            "address": [one if isinstance(one, str) else NO_WORDS.in_(lang) for one in rows["address"]],
            "place": [one or NO_PROPOSAL.in_(lang) for one in names],
            "confidence": rows["confidence"].astype(float) * 100,
            "reason": [one.in_(lang) if isinstance(one, Text) else "" for one in rows["reason"]],
        }
    )
    return found.drop(columns="part") if found["part"].eq("").all() else found


def accepted(rows: pd.DataFrame) -> dict[RowKey, Spot]:
    """Give the proposed places of rows that have one and were not set already."""
    mine = rows[rows["x_m"].notna() & ~rows["by_hand"].astype(bool)]
    return {
        (str(one["part"]), int(one["row"])): (float(one["x_m"]), float(one["y_m"])) for one in mine.to_dict("records")
    }


def taken_back(rows: pd.DataFrame) -> dict[RowKey, None]:
    """Give the rows whose place was set by hand, to be without it again."""
    mine = rows[rows["by_hand"].astype(bool)]
    return {(str(one["part"]), int(one["row"])): None for one in mine.to_dict("records")}


def row_key(row: Mapping[Any, Any]) -> RowKey:
    """Give table and row of a row of ``to_place``."""
    return str(row["part"]), int(row["row"])


def row_words(row: Mapping[Any, Any], lang: str) -> str:
    """Name a row in a list to choose from."""
    address = row["address"] if isinstance(row["address"], str) else NO_WORDS.in_(lang)
    place = " ".join(word for word in (str(row["part"]), str(row["row"])) if word)
    return f"{place} · {address}"


def candidates(row: Mapping[Any, Any], tables: Mapping[str, pd.DataFrame], lang: str) -> tuple[Candidate, ...]:
    """Give the proposed place of a row and its rivals, the proposal first."""
    found = []
    if pd.notna(row["x_m"]):
        found.append(Candidate(matched(row["layer"], row["id"], tables, lang), (float(row["x_m"]), float(row["y_m"]))))
    rivals = row["alternatives"] if isinstance(row["alternatives"], tuple) else ()
    found += [
        Candidate(matched(one.layer, one.id, tables, lang) or one.name, (float(one.x_m), float(one.y_m)))
        for one in rivals
    ]
    return tuple(found)


def spot_text(spot: Spot, crs: str) -> str:
    """Write a place as longitude and latitude."""
    lon, lat = degrees(crs, np.array([spot[0]]), np.array([spot[1]]))
    return f"{lon[0]:.7f}, {lat[0]:.7f}"


def spot_of(text: str, crs: str, tables: Iterable[pd.DataFrame]) -> Spot:
    """Read a place that somebody typed or pointed at: degrees (longitude first, or plainly the other way), or metres.

    Args:
        text: two numbers.
        crs: of the workspace.
        tables: layers of the workspace; the place has to be near them.

    Raises:
        GuatuError: no two numbers, or a place far away.
    """
    numbers = [float(one) for one in _NUMBER.findall(text)]
    if len(numbers) != 2:  # noqa: PLR2004 (a place has two)
        raise GuatuError(NOT_TWO.format(text=text.strip()))
    first, second = numbers
    if abs(second) > NORTH_SOUTH and abs(first) <= NORTH_SOUTH and abs(second) <= WEST_EAST:
        first, second = second, first
    try:
        spot = metres(crs, first, second) if abs(first) <= WEST_EAST and abs(second) <= NORTH_SOUTH else (first, second)
    except ProjError as error:
        raise GuatuError(NOT_TWO.format(text=text.strip())) from error
    far = _far_m(spot, tables)
    if not far <= FAR_M:
        raise GuatuError(TOO_FAR.format(text=text.strip(), km=f"{far / 1000:,.0f}"))
    return spot


def _far_m(spot: Spot, tables: Iterable[pd.DataFrame]) -> float:
    """Give how far a place is from the box around everything that the workspace has."""
    boxes = [table.total_bounds for table in tables if "geometry" in table and table.geometry.notna().any()]
    if not boxes:
        return 0.0
    west, south, east, north = np.array(boxes).T
    box = shapely.box(west.min(), south.min(), east.max(), north.max())
    return float(shapely.distance(box, shapely.Point(spot)))


def place_words(rows: pd.DataFrame) -> Text:
    """Say how many rows wait and how many were set by hand."""
    by_hand = int(rows["by_hand"].astype(bool).sum())
    waits = len(rows) - by_hand
    return Text(
        f"待确认 {waits:,} 行，已手工定位 {by_hand:,} 行。",
        f"{counted(waits, 'row', 'rows')} to confirm, {by_hand:,} placed by hand.",
    )
