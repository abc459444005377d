"""The whole way of a file into a workspace: read, looked at, taken in; and what came of it, for a table of verdicts."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from geo.errors import DataError, Problem
from layers import save_workspace
from layers.catalog import CATALOG
from layers.intake.look import Look, Wishes, setting_of
from layers.intake.looking import look_at
from layers.intake.mapping.proposal import Settings
from layers.intake.taking import take_in
from layers.intake.whereabouts import Answers
from layers.reading import read_tables
from tests.attacks.reading import Outcome
from tests.samples import frame, manifest

SITES = {"west": ("EPSG:4546", 112.1405, 32.0412), "middle": ("EPSG:4547", 114.0016, 32.0378)}
"""Where the communities lie to which the files come: the CRS, and the middle in degrees of most of the files."""
HALF = 500.0
LEVELS = [{"level": 1, "zh": "网格", "en": "grid"}]
TOLD = frozenset({"place_evidence"})
"""Problems that say more of the community than of the file."""


class Way(NamedTuple):
    """How a clerk would take a file in: into which layer of which community, with which answers, called what."""

    layer: str = "issues"
    site: str = "west"
    part: str | None = None
    year: int | None = None
    order: Any = None
    crs: str | None = None
    datum: str | None = None
    mend: bool = False
    name: str = ""

    def wishes(self) -> Wishes:
        """Say it as the intake wants it."""
        return Wishes(
            CATALOG[self.layer],
            answers=Answers(self.crs, self.datum),
            settings=Settings(year=self.year, date_order=self.order),
            part=self.part,
            mend=self.mend,
        )


class Arrival(NamedTuple):
    """What was looked at and stored, or why not; ``before`` and ``after`` are the rows of the layer."""

    look: Look | None = None
    problems: tuple[Problem, ...] = ()
    before: pd.DataFrame | None = None
    after: pd.DataFrame | None = None

    def summary(self) -> dict[str, Any]:
        """Say it in short, as the table of verdicts has it."""
        if self.look is None:
            return {"refused": self.problems[0].code}
        short: dict[str, Any] = {"read": self.look.rows_read, "kept": self.look.rows_kept}
        lost = [[one.row, one.code] for part in self.look.parts for one in part.lost]
        if lost:
            short["rejected"] = lost
        if self.look.questions:
            short["asks"] = [one.code for one in self.look.questions]
        elif self.problems:
            short["refused"] = self.problems[0].code
        else:
            assert self.after is not None
            short["stored"] = len(self.after) - (0 if self.before is None else len(self.before))
        told = list(dict.fromkeys(one.code for one in self.look.problems if one.code not in TOLD))
        return short | ({"told": told} if told else {})


def good_list(path: Path) -> Path:
    """Write a list of issues with one row that is rejected, for names that are the attack themselves."""
    rows = [("q1", "2021-06-01", "112.1405"), ("q2", "2021-06-02", "112.1407"), ("q3", "某日", "112.1409")]
    lines = "".join(f"{name},井盖破损,{day},{lon},32.0412\n" for name, day, lon in rows)
    path.write_text(f"issue_id,source_type,reported_at,lon,lat\n{lines}", "utf-8")
    return path


def site(folder: Path, name: str) -> Path:
    """Make a community of four grids, twelve buildings and a street about a place."""
    crs, lon, lat = SITES[name]
    middle = gpd.GeoSeries([shapely.Point(lon, lat)], crs="EPSG:4326").to_crs(crs).iloc[0]
    x, y = round(middle.x, -2), round(middle.y, -2)

    def layer(ids: list[str], id_name: str, shapes: list[object], **cells: object) -> gpd.GeoDataFrame:
        return frame(cells, ids, id_name, shapes).set_crs(crs, allow_override=True)

    boxes = [
        shapely.box(x + east, y + north, x + east + HALF, y + north + HALF)
        for east in (-HALF, 0)
        for north in (-HALF, 0)
    ]
    houses = [
        shapely.box(x + east, y + north, x + east + 30, y + north + 12)
        for east in (-300, -90, 60, 210)
        for north in (-200, 80, 250)
    ]
    ids = [f"b{at:02d}" for at in range(len(houses))]
    street = shapely.LineString([(x - HALF, y + 30), (x + HALF, y + 30)])
    tables = {
        "grids": layer(
            ["g1", "g2", "g3", "g4"], "grid_id", boxes, name=list("甲乙丙丁"), parent_id=[None] * 4, level=[1] * 4
        ),
        "buildings": layer(ids, "building_id", houses, name=[f"{at}号楼" for at in range(1, 13)]),
        "streets": layer(["s1"], "street_id", [street], name=["幸福路"]),
    }
    save_workspace(folder, manifest(crs=crs, name=name, levels=LEVELS), tables)
    return folder


def arrive(folder: Path, way: Way, outcome: Outcome, *, file: str, path: Path | None = None) -> Arrival:
    """Look at a file that was read and take it in as far as it goes; with its path, rejected rows come back."""
    if outcome.problems:
        return Arrival(problems=tuple(outcome.problems))
    setting = setting_of(folder)
    try:
        found = look_at(setting, outcome.sources, way.wishes(), file=file)
    except DataError as error:
        return Arrival(problems=tuple(error.problems))
    before = setting.tables.get(way.layer)
    try:
        take_in(folder, found, path)
    except DataError as error:
        return Arrival(found, tuple(error.problems), before, before)
    after = read_tables(folder, setting.manifest)[0][way.layer]
    return Arrival(found, (), before, after)


def read_table(path: Path) -> dict[str, list[tuple[Way, dict[str, Any]]]]:
    """Read a table of verdicts: the ways of each file, each with what must come of it."""
    table = json.loads(path.read_text("utf-8"))
    return {name: [(Way(**row.pop("way")), row) for row in rows] for name, rows in table.items()}
