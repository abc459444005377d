"""Where the rows of a file lie: by their shapes, their coordinates, or the words of their address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from geo.angle_pairs import pairs_of
from geo.angles import AngleFault, degrees_of
from geo.candidates import in_crs
from geo.evidence import Trusted
from geo.georeference import examine
from geo.similarity import ControlPoint
from geo.verdict import Verdict, moved
from geo.weighing import Ground
from layers.catalog import BUILDINGS, GRIDS, HOUSING_ESTATES, STREETS
from layers.intake.mapping.proposal import ColumnMap
from layers.intake.meaning import texts_of
from layers.intake.places.gazetteer import Gazetteer, Placements
from layers.intake.source import SHEET, Source
from layers.intake.spatial.written import written_shapes

TRUSTED = (BUILDINGS, STREETS, HOUSING_ESTATES)
"""Layers whose places tell the offset of others."""
ADDRESS = ("estate", "street", "address", "building", "unit")
"""Headings that together say where something is, from the large to the small."""


@dataclass(frozen=True)
class Answers:
    """What the user says of coordinates: a CRS, the map they come from ("gcj02"), control points of a local system."""

    crs: str | None = None
    datum: str | None = None
    control_points: tuple[ControlPoint, ...] = ()

    @property
    def key(self) -> str | None:
        """Key of the reading that the user chose, None if none."""
        if self.datum is not None and self.datum != "auto":
            return self.datum
        return in_crs(self.crs).key if self.crs else None


@dataclass
class Located:
    """Shapes in the workspace CRS by position (None: no place), and how they came about.

    ``faults``: by position, what was wrong with the coordinates; ``placements``: proposals for rows without
    coordinates, by position; ``by_address`` marks the rows that were placed by them, ``by_hand`` those whose place
    a person set.
    """

    shapes: np.ndarray
    verdict: Verdict | None = None
    cell_faults: dict[int, tuple[str, AngleFault]] = field(default_factory=dict)
    placements: Placements | None = None
    by_address: np.ndarray = field(init=False)
    by_hand: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.by_address = np.zeros(len(self.shapes), dtype=bool)
        self.by_hand = np.zeros(len(self.shapes), dtype=bool)

    @property
    def asks(self) -> bool:
        """Tell whether nothing can be placed before a question is answered."""
        return self.verdict is not None and self.verdict.status != "certain"


def ground_of(tables: Mapping[str, pd.DataFrame], crs: str, *, without: str) -> Ground:
    """Give what is known of the place: the grids as the boundary, buildings, streets and estates as trusted layers."""
    grids = tables.get(GRIDS.key)
    outline: Sequence[object] = () if grids is None or without == GRIDS.key else tuple(grids.geometry.dropna())
    trusted = tuple(
        Trusted(spec.title, tables[spec.key].geometry.dropna().to_numpy())
        for spec in TRUSTED
        if spec.key in tables and spec.key != without and len(tables[spec.key])
    )
    return Ground(crs, outline, trusted)


def located(source: Source, columns: ColumnMap, ground: Ground, answers: Answers) -> Located:
    """Place the rows of a table by their shapes or coordinates.

    Args:
        source: the table of a file.
        columns: which headings hold coordinates.
        ground: see ``ground_of``.
        answers: what the user said.
    """
    source = drawn(source, columns)
    if source.geometry is not None:
        return _by_shapes(source.geometry, source.crs, ground, answers)
    said = source.crs or _said(source, columns)
    pair, size = columns.heading_of("xy"), len(source.cells)
    east, north = columns.heading_of("x"), columns.heading_of("y")
    if east is not None and north is not None:
        x, _, _, wrong_x = degrees_of(source.cells[east])
        y, _, _, wrong_y = degrees_of(source.cells[north])
        faults = {at: (east, one) for at, one in wrong_x.items()} | {at: (north, one) for at, one in wrong_y.items()}
    elif pair is not None:
        pairs = pairs_of(source.cells[pair])
        x, y, faults = pairs.first, pairs.second, {at: (pair, one) for at, one in pairs.faults.items()}
    else:
        return Located(np.full(size, None, dtype=object))
    if not (np.isfinite(x) & np.isfinite(y)).any():
        return Located(np.full(size, None, dtype=object), cell_faults=faults)
    verdict = _examined((x, y), said, ground, answers)
    shapes = np.full(size, None, dtype=object)
    known = np.isfinite(verdict.x_m) & np.isfinite(verdict.y_m)
    shapes[known] = shapely.points(verdict.x_m[known], verdict.y_m[known])
    return Located(shapes, verdict, faults)


def drawn(source: Source, columns: ColumnMap) -> Source:
    """Give a table the shapes that are written in its cells; one that has shapes, or no such column, as it is."""
    heading = columns.heading_of("wkt")
    if source.geometry is not None or heading is None:
        return source
    found = written_shapes(source.cells[heading])
    return source._replace(geometry=found.shapes, crs=source.crs or _said(source, columns) or found.crs)


def _said(source: Source, columns: ColumnMap) -> str | None:
    """Give the coordinate system that a column names, if it is the same in all rows."""
    heading = columns.heading_of("crs")
    words = [] if heading is None else texts_of(source.cells[heading]).dropna().unique().tolist()
    return words[0] if len(words) == 1 else None


def _examined(xy: tuple[np.ndarray, np.ndarray], said: str | None, ground: Ground, answers: Answers) -> Verdict:
    return examine(*xy, ground, said=said, answer=answers.key, control_points=answers.control_points)


def _by_shapes(shapes: np.ndarray, said: str | None, ground: Ground, answers: Answers) -> Located:
    drawn = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    box = np.full((len(shapes), 4), np.nan)
    box[drawn] = shapely.bounds(shapes[drawn])
    finite = np.isfinite(box).all(axis=1)
    middle = np.where(finite[:, None], (box[:, :2] + box[:, 2:]) / 2, np.nan)
    if not finite.any():
        return Located(np.full(len(shapes), None, dtype=object))
    verdict = _examined((middle[:, 0], middle[:, 1]), said, ground, answers)
    placed_shapes = np.full(len(shapes), None, dtype=object)
    if verdict.status != "certain" or verdict.chosen is None:
        return Located(placed_shapes, verdict)
    usable = finite & np.isfinite(verdict.x_m)
    chosen = verdict.chosen

    def move(xy: np.ndarray) -> np.ndarray:
        points = moved(chosen, xy[:, 0], xy[:, 1], ground.crs, control_points=answers.control_points)
        return np.column_stack(points)

    placed_shapes[usable] = shapely.transform(shapes[usable], move)
    return Located(placed_shapes, verdict)


def addresses_of(source: Source, columns: ColumnMap) -> pd.Series:
    """Give what each row says of its place, from the large to the small; null where it says nothing."""
    parts = [source.cells[h] for target in ADDRESS if (h := columns.heading_of(target)) is not None]
    if not parts:
        return pd.Series(None, index=source.cells.index, dtype="str")
    texts = [texts_of(part).fillna("") for part in parts]
    joined = texts[0]
    for text in texts[1:]:
        joined = joined.where(text == "", joined + " " + text)
    joined = joined.str.strip()
    return joined.where(joined != "")


def placed(found: Located, source: Source, columns: ColumnMap, places: Callable[[], Gazetteer]) -> Located:
    """Place the rows without coordinates by their addresses; only what is sure goes on the map."""
    lacking = shapely.is_missing(found.shapes)
    if not lacking.any():
        return found
    texts = addresses_of(source, columns)
    lacking &= texts.notna().to_numpy()
    if not lacking.any():
        return found
    hint = columns.heading_of("grid")
    named = (
        source.cells[hint]
        if hint
        else pd.Series(source.facts.get(SHEET, source.part) or None, index=source.cells.index, dtype="str")
    )
    found.placements = places().place(texts[lacking], grid_hint=named[lacking])
    points = found.placements.points()
    found.shapes[lacking] = points
    found.by_address[np.flatnonzero(lacking)] = ~pd.isna(points)
    return found


def set_by_hand(found: Located, source: Source, points: Mapping[tuple[str, int], tuple[float, float]]) -> Located:
    """Put rows that have no place where a person said, in metres of the workspace, by table and row of the file."""
    said = {row: place for (part, row), place in points.items() if part == source.part}
    if not said:
        return found
    for at in np.flatnonzero(shapely.is_missing(found.shapes) & np.isin(source.rows, list(said))).tolist():
        found.shapes[at] = shapely.Point(said[int(source.rows[at])])
        found.by_hand[at] = True
    return found
