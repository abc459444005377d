"""Who is within reach of a service: shares of buildings, households, residents and floor area, on foot and in a line.

Distances are measured once (``reports.service.served``); here they are compared with a limit, which is quick enough to
follow a slider. Shares are of what is known: a place counts if the streets and the things around it are on record at
least as far as the limit, whether it is served or not, so that the border of the data does not tilt the share.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage import is_covered
from geo.errors import DataError, Problem
from geo.measure import shares, totals
from geo.text import Text
from geo.walk import metres_of
from layers import HOUSING_ESTATES, Workspace
from layers.places import grid_ids
from layers.schema import Grids, HousingEstates
from layers.standards import policy, standard
from reports.service.places import Places
from reports.service.served import Distances, Reached

SERVED, UNSERVED, UNKNOWN = 1, 0, -1
METRES = ("coverage_near_m", "coverage_middle_m", "coverage_far_m")
MINUTES = ("coverage_near_minutes", "coverage_middle_minutes", "coverage_far_minutes")


class Limit(NamedTuple):
    """How far is near: metres for each class of a service, and the minutes and pace that they come from, if they do."""

    metres: tuple[float, ...]
    minutes: float | None = None
    pace: str | None = None


@dataclass(frozen=True)
class Coverage:
    """Who is within a limit of a service.

    ``foot`` and ``straight`` hold 1 (served), 0 (not) or -1 (cannot be known) for each place of
    ``distances.places``; ``foot_m`` and ``straight_m`` the distance to the nearest thing of any class.
    """

    distances: Distances = field(repr=False)
    limit: Limit
    foot: NDArray[np.int8] = field(repr=False)
    straight: NDArray[np.int8] = field(repr=False)
    foot_m: NDArray[np.float64] = field(repr=False)
    straight_m: NDArray[np.float64] = field(repr=False)

    @property
    def places(self) -> Places:
        """The places that are served or not."""
        return self.distances.places


def standard_limit(found: Distances) -> Limit:
    """Give the limits of the standard, one a class."""
    return Limit(tuple(part.limit_m for part in found.service.classes))


def metres_limit(found: Distances, metres: float) -> Limit:
    """Give the same limit for all classes."""
    return Limit((metres,) * len(found.service.classes))


def minutes_limit(ws: Workspace, found: Distances, minutes: float, pace: str) -> Limit:
    """Give the metres that are walked in some minutes at a pace of the table of paces, the same for all classes.

    Raises:
        DataError: no such pace.
    """
    metres = float(metres_of(minutes, pace_of(ws, pace)))
    return Limit((metres,) * len(found.service.classes), minutes, pace)


def pace_of(ws: Workspace, pace: str) -> float:
    """Give a pace in metres a second.

    Raises:
        DataError: no such pace.
    """
    table = standard("walking_paces", ws.folder).set_index("pace")["metres_per_second"]
    if pace not in table.index:
        expected = Text(f"取自 {'、'.join(table.index)}", f"out of {', '.join(table.index)}")
        remedy = Text(
            "改正名称，或在 standards/walking_paces.csv 中增加",
            "correct the name or add it to standards/walking_paces.csv",
        )
        raise DataError(
            [Problem("no_pace", "error", "walking_paces.csv", None, "pace", Text.same(pace), expected, remedy)]
        )
    return float(table[pace])


def coverage(found: Distances, limit: Limit | None = None) -> Coverage:
    """Compare distances with a limit (None: that of the standard); who is exactly on it is served.

    A place is served if a thing of any class is within the limit of its class. It counts as known if that could have
    been seen for every class.
    """
    wanted = standard_limit(found) if limit is None else limit
    foot, straight = (_verdict(ways, wanted.metres) for ways in (found.foot, found.straight))
    return Coverage(found, wanted, foot, straight, _least(found.foot), _least(found.straight))


def _verdict(ways: Sequence[Reached], limits: Sequence[float]) -> NDArray[np.int8]:
    served = np.logical_or.reduce([is_covered(one.distance_m, m) for one, m in zip(ways, limits, strict=True)])
    known = np.logical_and.reduce([one.known(m) for one, m in zip(ways, limits, strict=True)])
    return np.where(known, served, UNKNOWN).astype(np.int8)


def _least(ways: Sequence[Reached]) -> NDArray[np.float64]:
    metres = np.array([one.distance_m for one in ways])
    unknown = np.isnan(metres).all(axis=0)
    found: NDArray[np.float64] = np.where(np.isnan(metres), np.inf, metres).min(axis=0)
    return np.where(unknown, np.nan, found)


def whole_table(found: Coverage) -> pd.DataFrame:
    """Give the shares of the whole workspace, a row a denominator, see ``COLUMNS``."""
    rows = {key: _shares(found, key, np.zeros(len(found.foot), dtype=np.int64), 1).iloc[0] for key in _counted(found)}
    return pd.DataFrame(rows).T.astype(float)


def grid_table(ws: Workspace, found: Coverage, level: int, counted: str) -> pd.DataFrame:
    """Give the shares of the grids of a level by id, of one denominator: ``name`` and ``COLUMNS``."""
    grids = ws.grids(level)
    table = _shares(found, counted, found.places.codes[level], len(grids)).set_axis(grids.index)
    table.insert(0, "name", grids[Grids.name].to_numpy())
    return table


def estate_table(ws: Workspace, found: Coverage, counted: str) -> pd.DataFrame:
    """Give the shares of the housing estates by id; without such a layer no rows."""
    if HOUSING_ESTATES not in ws:
        return pd.DataFrame(columns=["name", *COLUMNS])
    estates = ws[HOUSING_ESTATES]
    table = _shares(found, counted, found.places.estates, len(estates)).set_axis(estates.index)
    table.insert(0, "name", estates[HousingEstates.name].to_numpy())
    return table


COLUMNS = (
    "total", "known", "served", "unserved", "foot_percent", "straight_percent_same", "circle_error_points",
    "known_straight", "straight_percent",
)  # fmt: skip
"""Columns of the tables of shares.

``total`` of the denominator, ``known`` on foot, ``served`` and ``unserved`` of it; ``foot_percent`` of what is known
on foot; ``straight_percent_same`` in a straight line of the same places; ``circle_error_points`` by how many points
the straight line says more; ``known_straight`` and ``straight_percent`` of all places whose straight distance is sure.
"""


def _counted(found: Coverage) -> list[str]:
    return [key for key, amount in found.places.amounts.items() if amount.known]


def _shares(found: Coverage, counted: str, codes: NDArray[np.int64], size: int) -> pd.DataFrame:
    amount = found.places.amounts[counted].each
    foot, line = found.foot, found.straight

    def total(rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        return totals(codes[rows], size, amount[rows]).per_group

    both = foot != UNKNOWN
    known, served, straight = total(both), total(foot == SERVED), total(both & (line == SERVED))
    sure = total(line != UNKNOWN)
    foot_percent, same_percent = 100 * shares(served, known), 100 * shares(straight, known)
    return pd.DataFrame(
        {
            "total": total(np.ones(len(foot), dtype=bool)),
            "known": known,
            "served": served,
            "unserved": known - served,
            "foot_percent": foot_percent,
            "straight_percent_same": same_percent,
            "circle_error_points": same_percent - foot_percent,
            "known_straight": sure,
            "straight_percent": 100 * shares(total(line == SERVED), sure),
        }
    )


def step_table(ws: Workspace, found: Distances, counted: str, paces: Sequence[str]) -> pd.DataFrame:
    """Give the shares within the distances and times of the policy table: a row a limit, ``metres`` and ``COLUMNS``.

    Its index is the limit: ("metres", 300.0, "") or ("minutes", 5.0, pace).
    """
    rules = policy(ws.folder)
    asked = [(("metres", rules[key], ""), metres_limit(found, rules[key])) for key in METRES]
    asked += [
        (("minutes", rules[key], pace), minutes_limit(ws, found, rules[key], pace)) for pace in paces for key in MINUTES
    ]
    nowhere = np.zeros(len(found.places.x), dtype=np.int64)
    rows = [_shares(coverage(found, limit), counted, nowhere, 1).assign(metres=limit.metres[0]) for _, limit in asked]
    index = pd.MultiIndex.from_tuples([key for key, _ in asked], names=["of", "limit", "pace"])
    return pd.concat(rows).set_axis(index)


def parts_table(found: Coverage) -> pd.DataFrame:
    """List the parts of the streets that do not connect, the longest first: metres, their share, places that are on them."""
    network = found.distances.streets.network
    if network is None:
        return pd.DataFrame(columns=["length_m", "share_percent", "places"])
    part = found.distances.foot[0].part
    length = network.parts["length_m"].to_numpy()
    places = np.bincount(part[part >= 0], minlength=len(length))
    index = pd.RangeIndex(1, len(length) + 1, name="part")
    shown = {"length_m": length, "share_percent": 100 * length / length.sum(), "places": places}
    return pd.DataFrame(shown, index=index)


class CircleError(NamedTuple):
    """How wrong the circle is: of the places known on foot, those that only the straight line serves.

    ``detour`` is the middle of walk over straight line among places that reach a thing and are not inside it, NaN
    without any.
    """

    known: int
    straight_only: int
    detour: float


def circle_error(found: Coverage) -> CircleError:
    """Say how wrong the circle is at this limit."""
    known = found.foot != UNKNOWN
    only = known & (found.foot == UNSERVED) & (found.straight == SERVED)
    use = known & np.isfinite(found.foot_m) & (found.straight_m > 0)
    ratio = found.foot_m[use] / found.straight_m[use]
    return CircleError(int(known.sum()), int(only.sum()), float(np.median(ratio)) if len(ratio) else float("nan"))


def unserved(ws: Workspace, found: Coverage, *, on_foot: bool, level: int | None = None) -> pd.DataFrame:
    """List the places that are known to be out of reach, the farthest first.

    Returns:
        By id: ``name``, ``grid_id`` (of the level), ``foot_m``, ``straight_m``, ``why`` (status on foot), and each known
        denominator.
    """
    verdict, metres = (found.foot, found.foot_m) if on_foot else (found.straight, found.straight_m)
    rows = np.flatnonzero(verdict == UNSERVED)
    return _listed(ws, found, rows[np.argsort(-metres[rows], kind="stable")], level)


def unknown(ws: Workspace, found: Coverage, level: int | None = None) -> pd.DataFrame:
    """List the places of which cannot be known whether they are within reach on foot, as ``unserved`` does."""
    rows = np.flatnonzero(found.foot == UNKNOWN)
    return _listed(ws, found, rows[np.argsort(-found.straight_m[rows], kind="stable")], level)


def _listed(ws: Workspace, found: Coverage, order: NDArray[np.int64], level: int | None) -> pd.DataFrame:
    places = found.places
    table = pd.DataFrame({"name": places.names.to_numpy()[order]}, index=places.ids[order])
    if ws.levels:
        codes = places.codes[ws.finest if level is None else level][order]
        table["grid_id"] = grid_ids(codes, ws.grids(level), table.index)
    table["foot_m"] = found.foot_m[order]
    table["straight_m"] = found.straight_m[order]
    table["why"] = walk_status(found)[order]
    for key in _counted(found):
        table[key] = places.amounts[key].each[order]
    return table


def walk_status(found: Coverage) -> NDArray[np.str_]:
    """Give the status on foot of each place, of the class that is nearest."""
    metres = np.array([one.distance_m for one in found.distances.foot])
    first = np.where(np.isnan(metres), np.inf, metres).argmin(axis=0)
    status = np.array([one.status for one in found.distances.foot])
    why: NDArray[np.str_] = status[first, np.arange(status.shape[1])]
    return why
