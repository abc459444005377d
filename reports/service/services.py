"""What may be near or far: services, as the table of standards has them, and the things that give them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import DataError, Problem
from geo.text import Text
from layers import FACILITIES, PARKING, PARKS, TOILETS, Workspace
from layers.catalog import CATALOG
from layers.schema import Facilities, Parks
from layers.standards import policy, standard
from reports.built import said_no

OPEN = "open_to_public"
KIND = "kind:"
"""Begins the key of a service that is no more than a kind of facility without a standard."""
_OPEN_TO_ALL = (TOILETS.key, PARKS.key, PARKING.key)
_PROPOSED = "项目建议 Guatu proposal"


class ServiceClass(NamedTuple):
    """Things that serve alike: a layer, kinds in it, sizes from ``least_m2`` to below ``below_m2``, and how far.

    ``limit_m`` is the distance of the standard, ``source`` where it comes from and ``confidence`` how sure that is.
    """

    key: str
    layer: str
    kinds: tuple[str, ...]
    least_m2: float
    below_m2: float
    limit_m: float
    title: Text
    source: str
    confidence: str


class Service(NamedTuple):
    """Something that people want near: one class of things, or several of which any will do, each within its limit."""

    key: str
    title: Text
    classes: tuple[ServiceClass, ...]


class Things(NamedTuple):
    """Things of a class: their rows in the layer, their shapes, and how many are left out.

    ``closed`` are not open to the public; ``unsized`` have no known size where the class asks for one.
    """

    row: NDArray[np.int64]
    shapes: NDArray[np.object_]
    closed: int
    unsized: int


def services_of(ws: Workspace) -> tuple[Service, ...]:
    """Give the services of which a workspace has things, those of the standards first, then other kinds of facility."""
    known = [one for one in _standards(ws) if any(len(things_of(ws, part).row) for part in one.classes)]
    taken = {kind for one in known for part in one.classes if part.layer == FACILITIES.key for kind in part.kinds}
    return (*known, *(_of_kind(ws, kind) for kind in _kinds(ws) if kind.casefold() not in taken))


def service(ws: Workspace, key: str) -> Service:
    """Give a service by its key, whether the workspace has things of it or not.

    Raises:
        DataError: there is none of that key.
    """
    for one in (*_standards(ws), *(_of_kind(ws, kind) for kind in _kinds(ws))):
        if one.key == key:
            return one
    known = [one.key for one in services_of(ws)]
    expected = Text(f"取自 {'、'.join(known)}", f"out of {', '.join(known)}")
    remedy = Text(
        "改正名称，或在 standards/services.csv 中增加", "correct the name or add it to standards/services.csv"
    )
    raise DataError([Problem("no_service", "error", "services.csv", None, "service", Text.same(key), expected, remedy)])


def things_of(ws: Workspace, part: ServiceClass) -> Things:
    """Give the things of a class that have a place; what is known to be closed to the public serves nobody."""
    none = np.empty(0, dtype=np.int64)
    if part.layer not in ws:
        return Things(none, np.empty(0, dtype=object), 0, 0)
    table = ws[part.layer]
    shapes = table.geometry.to_numpy()
    use = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if part.kinds:
        use &= table[Facilities.kind].str.casefold().isin(part.kinds).to_numpy(dtype=bool, na_value=False)
    closed = said_no_entry(table) & use if part.layer in _OPEN_TO_ALL else np.zeros(len(use), dtype=bool)
    use &= ~closed
    unsized = 0
    if np.isfinite(part.below_m2) or part.least_m2 > 0:
        area = area_m2(table)
        unsized = int((use & np.isnan(area)).sum())
        use &= (area >= part.least_m2) & (area < part.below_m2)
    row = np.flatnonzero(use)
    return Things(row, shapes[row], int(closed.sum()), unsized)


def said_no_entry(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Mark what the public may not enter; an empty cell does not say so, nor does a layer without the column."""
    return said_no(table[OPEN]) if OPEN in table else np.zeros(len(table), dtype=bool)


def area_m2(table: pd.DataFrame) -> NDArray[np.float64]:
    """Give the drawn area of things, the stated one of those that are points; NaN where neither is known."""
    drawn = shapely.area(table.geometry.to_numpy())
    if Parks.stated_area_m2 not in table:
        return np.where(drawn > 0, drawn, np.nan)
    stated = table[Parks.stated_area_m2].to_numpy(dtype=float, na_value=np.nan)
    return np.where(drawn > 0, drawn, stated)


def _standards(ws: Workspace) -> list[Service]:
    rules = policy(ws.folder)
    rows = standard("services", ws.folder)
    found = []
    for key, group in rows.groupby("service", sort=False):
        parts = tuple(_class(row, rules) for row in _rows(group) if row["layer"] in CATALOG)
        words = group.iloc[0]
        if parts:
            found.append(Service(str(key), Text(str(words["zh"]), str(words["en"])), parts))
    return found


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _class(row: Mapping[str, Any], rules: Mapping[str, float]) -> ServiceClass:
    def number(name: str, otherwise: float) -> float:
        key = row[name]
        return otherwise if pd.isna(key) else rules[str(key)]

    return ServiceClass(
        key=str(row["class"]),
        layer=str(row["layer"]),
        kinds=() if pd.isna(row["kinds"]) else tuple(one.casefold() for one in str(row["kinds"]).split("|")),
        least_m2=number("least_key", 0.0),
        below_m2=number("below_key", np.inf),
        limit_m=number("limit_key", float(row["limit_m"])),
        title=Text(str(row["class_zh"]), str(row["class_en"])),
        source=str(row["source"]),
        confidence=str(row["confidence"]),
    )


def _kinds(ws: Workspace) -> list[str]:
    if FACILITIES not in ws:
        return []
    return sorted(ws[FACILITIES][Facilities.kind].dropna().unique())


def _of_kind(ws: Workspace, kind: str) -> Service:
    usual = policy(ws.folder)["service_radius_m"]
    words = Text.same(kind)
    part = ServiceClass("all", FACILITIES.key, (kind.casefold(),), 0.0, np.inf, usual, words, _PROPOSED, "P")
    return Service(f"{KIND}{kind}", words, (part,))
