"""Places for tickets without coordinates, by what their address says, with a confidence and the reason."""

import math
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.text import Text
from layers.intake.places.address_case import Candidate, Case
from layers.intake.places.known_places import Known
from layers.intake.places.name_forms import name_key
from layers.intake.places.placing import candidates
from layers.intake.places.placing_spots import spot_of
from layers.intake.places.placing_words import MOST, WHY

HINT_DIFFERS, TOWN_DIFFERS = 0.5, 0.5
"""What is left of the chance when the place lies outside the grid that was given or the town that is said."""
HINT_FITS = 0.5
"""Share of the doubt that is left when the grid that somebody wrote down is the one where the place lies."""
MOST_ALTERNATIVES = 5


class Alternative(NamedTuple):
    """Another place that an address may mean."""

    layer: str
    id: str
    name: str
    x_m: float
    y_m: float


class Placement(NamedTuple):
    """Where one address is: see ``Placements`` for the fields."""

    x_m: float
    y_m: float
    confidence: float
    level: str | None
    layer: str | None
    id: str | None
    reason: Text
    alternatives: tuple[Alternative, ...]


NOWHERE = Placement(math.nan, math.nan, 0.0, None, None, None, WHY["nothing"], ())


class Placements(NamedTuple):
    """Proposed places of address texts.

    ``table`` has the index of the texts and the columns ``x_m``, ``y_m`` (NaN: none found), ``confidence``
    (0 to 1, the chance that the place is right to ``Thresholds.right_m``), ``level`` ("building", "unit", "estate",
    "street_number", "crossing", "street", "landmark", "grid"), ``layer`` and ``id`` of the thing that was matched,
    ``reason`` (Text), ``alternatives`` (tuple of ``Alternative``). Only rows of ``sure`` may go on the map.
    ``limit`` is the confidence that this takes.
    """

    table: pd.DataFrame
    limit: float

    @property
    def sure(self) -> pd.Series:
        """Rows that may go on the map."""
        return self.table["confidence"] >= self.limit

    @property
    def to_confirm(self) -> pd.DataFrame:
        """Rows for a person to confirm, most likely first."""
        return self.table[~self.sure].sort_values("confidence", ascending=False, kind="stable")

    def points(self) -> np.ndarray:
        """Give a point for each row that may go on the map, None for all others."""
        points = np.full(len(self.table), None, dtype=object)
        sure = self.table[self.sure]
        points[self.sure.to_numpy()] = shapely.points(sure[["x_m", "y_m"]].to_numpy())
        return points


class Gazetteer:
    """The places of a workspace by name, see ``gazetteer``."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def place(self, texts: pd.Series, *, grid_hint: pd.Series | None = None) -> Placements:
        """Find the places of address texts.

        Args:
            texts: addresses; null ones are not placed.
            grid_hint: id or name of the grid where each is said to be, null if unsaid, same index as the texts.
        """
        said = texts.astype("object").where(texts.notna(), "").astype(str).to_numpy(dtype=object)
        hints = self._hints(grid_hint, len(said))
        seen: dict[tuple[str, tuple[int, ...]], Placement] = {}
        rows = []
        for case in zip(said, hints, strict=True):
            if case not in seen:
                seen[case] = self._placed(*case)
            rows.append(seen[case])
        return Placements(_table(rows, texts.index), self._known.limits.sure)

    def _hints(self, grid_hint: pd.Series | None, many: int) -> list[tuple[int, ...]]:
        if grid_hint is None:
            return [()] * many
        code, words = pd.factorize(grid_hint.to_numpy(dtype=object))
        grids = [self._known.grids_by_word.get(name_key(str(word)), ()) for word in words]
        return [grids[at] if at >= 0 else () for at in code]

    def _placed(self, text: str, hint: tuple[int, ...]) -> Placement:
        if not text.strip() and not hint:
            return NOWHERE
        case = Case(self._known, text, hint)
        found = candidates(case)
        if not found:
            return NOWHERE
        return self._chosen(case, _distinct(found, self._known.limits.same_m))

    def _chosen(self, case: Case, found: list[Candidate]) -> Placement:
        """Choose among candidates: those in the hinted grid first; each rival halves the confidence."""
        judged = [(self._judged(case, one), one) for one in found]
        judged.sort(key=lambda pair: -pair[0][0])
        (best, told), first = judged[0]
        rivals = [one for (sure, _), one in judged[1:] if sure > best * HINT_DIFFERS]
        told = [*case.told, first.why, *told]
        if rivals:
            told.append(WHY["several"].format(many=len(rivals) + 1))
        spot = spot_of(case, first)
        confidence = min(best / (len(rivals) + 1) * first.share * spot.factor, MOST.get(spot.level, 1.0))
        others = tuple(Alternative(o.layer, o.id, o.name, o.x, o.y) for _, o in judged[1 : MOST_ALTERNATIVES + 1])
        reason = joined([*told, *spot.told])
        return Placement(spot.x, spot.y, round(confidence, 3), spot.level, first.layer, first.id, reason, others)

    def _judged(self, case: Case, one: Candidate) -> tuple[float, list[Text]]:
        """Weigh a candidate by whether it lies where the grid column and the town in the text say."""
        if case.area is None or one.level == "grid":
            return one.sure, []
        inside = bool(shapely.intersects_xy(case.area, one.x, one.y))
        if case.hint:
            if inside:
                return 1 - (1 - one.sure) * HINT_FITS, [WHY["hint_fits"]]
            return one.sure * HINT_DIFFERS, [WHY["hint_differs"]]
        if inside or one.layer == "issues":
            return one.sure, []
        return one.sure * TOWN_DIFFERS, [WHY["town_differs"].format(town=case.address.region or case.address.grid)]


def _distinct(found: list[Candidate], same_m: float) -> list[Candidate]:
    """Drop candidates that are the same place as a better one."""
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda c: -c.sure):
        if all(math.hypot(one.x - k.x, one.y - k.y) > same_m for k in kept):
            kept.append(one)
    return kept


def joined(told: Iterable[Text]) -> Text:
    """Join reasons into one."""
    parts = list(dict.fromkeys(told))
    return Text("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))


def _table(rows: list[Placement], index: pd.Index) -> pd.DataFrame:
    columns = dict(zip(Placement._fields, zip(*rows, strict=True), strict=True)) if rows else {}
    made = {
        "x_m": np.array(columns.get("x_m", ()), dtype=float),
        "y_m": np.array(columns.get("y_m", ()), dtype=float),
        "confidence": np.array(columns.get("confidence", ()), dtype=float),
    }
    words = {name: pd.array(list(columns.get(name, ())), dtype="str") for name in ("level", "layer", "id")}
    things = {name: _objects(columns.get(name, ())) for name in ("reason", "alternatives")}
    return pd.DataFrame({**made, **words, **things}, index=index)


def _objects(values: Iterable[object]) -> np.ndarray:
    cells = list(values)
    made = np.empty(len(cells), dtype=object)
    for at, cell in enumerate(cells):
        made[at] = cell  # at once, numpy would take tuples apart
    return made


def gazetteer(
    ws_tables: Mapping[str, pd.DataFrame], *, unlearnt: Collection[str] = (), folder: Path | None = None
) -> Gazetteer:
    """Collect the names of a workspace: grids, estates, buildings, streets, assets, and addresses of earlier issues.

    Args:
        ws_tables: layers by key, each indexed by its id, all in one metric coordinate system (``Workspace.tables``).
        unlearnt: ids of issues whose place came from their address, so that a guess does not become evidence.
        folder: the workspace, for its own policy of what is sure and near.
    """
    return Gazetteer(Known(ws_tables, unlearnt, folder=folder))
