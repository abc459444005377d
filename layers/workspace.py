"""A community as a folder, opened: checked tables in one metric coordinate system, all located once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import DataError, ManifestError, Problem
from geo.files import whole_file, write_layers
from geo.memory import collection_put_off
from geo.text import Text
from layers import checks, store
from layers.catalog import CATALOG, GRIDS, ISSUES, LayerSpec
from layers.grid_checks import grid_problems, no_grids, no_level
from layers.intake.damage import changes
from layers.ledger import standing
from layers.living import Living, ledger_digest, with_ledger
from layers.manifest import FILE, Manifest, manifest_toml, read_manifest
from layers.places import PLACES, Level, grid_ids, levels_of, located_specs, places_of
from layers.reading import LAYERS_FILE, read_tables, require_metric_manifest
from layers.schema import Issues
from layers.standards import policy, severity_of

HOME = "guatu-workspaces"
"""Folder below the current one where bundled workspaces are built and looked for by name."""


@dataclass(frozen=True)
class Workspace:
    """An opened community; frozen, so it may be shared. See ``open_workspace``."""

    folder: Path
    manifest: Manifest
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    places: Mapping[str, pd.DataFrame] = field(repr=False)
    problems: tuple[Problem, ...] = field(repr=False)
    digest: str = field(repr=False)
    living: Living | None = field(default=None, repr=False)

    def __getitem__(self, layer: LayerSpec | str) -> gpd.GeoDataFrame:
        """Give the table of a layer, indexed by its id."""
        return self.tables[_key(layer)]

    def __contains__(self, layer: object) -> bool:
        """Tell whether the workspace has a layer."""
        return _key(layer) in self.tables

    @property
    def name(self) -> str:
        """Short name from the manifest."""
        return self.manifest.name

    @property
    def title(self) -> Text:
        """Title in both languages."""
        return self.manifest.title.text

    @cached_property
    def _levels(self) -> tuple[Level, ...]:
        return levels_of(self[GRIDS], self.manifest) if GRIDS in self else ()

    @property
    def levels(self) -> tuple[int, ...]:
        """Grid levels, largest grids first."""
        return tuple(one.level for one in self._levels)

    @property
    def finest(self) -> int:
        """The level with the smallest grids.

        Raises:
            DataError: the workspace has no grids.
        """
        if not self._levels:
            raise DataError([no_grids()])
        return self._levels[-1].level

    def nests(self, level: int) -> bool:
        """Tell whether every grid of this level and below lies in one parent."""
        return all(one.nests for one in self._levels if one.level > level)

    def grids(self, level: int | None = None) -> gpd.GeoDataFrame:
        """Give the grids of one level (None: the finest) sorted by id.

        Raises:
            DataError: no such level.
        """
        wanted = self.finest if level is None else level
        for one in self._levels:
            if one.level == wanted:
                return one.grids
        raise DataError([no_level(wanted, self.levels)])

    def codes(self, layer: LayerSpec | str, level: int | None = None) -> np.ndarray:
        """Row number in ``grids(level)`` for each thing of a layer, -1 where it lies in none."""
        wanted = self.finest if level is None else level
        return self.places[_key(layer)][f"level_{wanted}"].to_numpy()

    def owner(
        self, layer: LayerSpec | str, level: int | None = None, *, rows: np.ndarray | slice = slice(None)
    ) -> pd.Series:
        """Grid id of each thing of a layer (or of its chosen rows), null where it lies in no grid."""
        index = self.places[_key(layer)].index[rows]
        return grid_ids(self.codes(layer, level)[rows], self.grids(level), index)

    def place(
        self, layer: LayerSpec | str, level: int | None = None, *, rows: np.ndarray | slice = slice(None)
    ) -> pd.Series:
        """Why each thing (or the chosen rows) is or is not in a grid of a level: one of ``layers.places.PLACES``."""
        where = self.places[_key(layer)]
        reason = where["place"].to_numpy()[rows]
        if self._levels:
            reason = np.where(self.codes(layer, level)[rows] >= 0, 0, np.where(reason == 0, 1, reason))
        return pd.Series(np.array(PLACES, dtype=object)[reason], index=where.index[rows], dtype="str", name="place")

    def xy(self, layer: LayerSpec | str) -> tuple[np.ndarray, np.ndarray]:
        """Coordinates of one point inside each thing, metres, NaN without geometry."""
        where = self.places[_key(layer)]
        return where["x_m"].to_numpy(), where["y_m"].to_numpy()

    @cached_property
    def standing(self) -> pd.DataFrame:
        """Where each issue stands as of the manifest's date, see ``layers.ledger.log.standing``."""
        return standing(self[ISSUES], self.manifest.as_of)

    def raster(self, name: str) -> Path | None:
        """Path of a raster of the workspace, None if there is none of that name."""
        path = self.folder / "rasters" / f"{name}.tif"
        return path if path.is_file() else None


def _key(layer: object) -> str:
    return layer.key if isinstance(layer, LayerSpec) else str(layer)


def home_folder() -> Path:
    """The folder of workspaces known by name: ``GUATU_HOME``, else the nearest ``guatu-workspaces`` here or above."""
    if os.environ.get("GUATU_HOME"):
        return Path(os.environ["GUATU_HOME"])
    return next((one / HOME for one in (Path(), *Path.cwd().parents) if (one / HOME).is_dir()), Path(HOME))


def workspace_folder(folder: str | Path) -> Path:
    """Find a workspace by path, or by bare name in ``home_folder``."""
    path = Path(folder)
    if (path / FILE).is_file() or len(path.parts) != 1:
        return path
    home = home_folder() / path
    return home if (home / FILE).is_file() else path


@collection_put_off()
def open_workspace(folder: str | Path, *, set_aside: bool = False, as_of: datetime | None = None) -> Workspace:
    """Open a workspace: the only reading, checking and locating.

    Args:
        folder: path of the workspace, or its bare name (see ``workspace_folder``).
        set_aside: leave out rows with faults and go on; they stay in ``problems``.
        as_of: the moment to show, naive local time; None for the latest that is known.

    Raises:
        ManifestError: no or a wrong ``workspace.toml``.
        DataError: the data have faults; lists all of them.
    """
    path = workspace_folder(folder).resolve()
    if not path.is_dir():
        found, wanted = Text("没有此文件夹", "no such folder"), Text("工作区文件夹", "a workspace folder")
        remedy = Text(
            "运行 guatu new 新建，或 guatu demo 建立内置工作区，或检查路径",
            "run guatu new to make one or guatu demo for the bundled ones, or check the path",
        )
        raise ManifestError([Problem("manifest", "error", str(folder), None, None, found, wanted, remedy)])
    manifest = read_manifest(path)
    opened = store.stored(path)
    if opened is None:
        opened = _read(path, manifest)
        if not any(p.severity == "error" for p in opened.problems):
            store.store(path, opened)
    stop = {"error"} if set_aside else {"error", "row"}
    if any(p.severity in stop for p in opened.problems):
        raise DataError(opened.problems)
    joined = with_ledger(path, manifest, opened.tables, opened.places, as_of=as_of)
    digest = ledger_digest(joined.living, opened.digest)
    return Workspace(path, joined.manifest, joined.tables, joined.places, tuple(opened.problems), digest, joined.living)


def _read(folder: Path, manifest: Manifest) -> store.Opened:
    problems = require_metric_manifest(manifest)
    tables: dict[str, pd.DataFrame] = {}
    places: dict[str, pd.DataFrame] = {}
    if not problems:
        tables, problems = read_tables(folder, manifest)
    own = checks.standards_problems(folder)
    problems += own + changes(folder)
    if GRIDS.key in tables:
        problems += grid_problems(tables[GRIDS.key], manifest, problems)
    if ISSUES.key in tables and not any(p.severity == "error" for p in own):
        issues = tables[ISSUES.key]
        known = checks.has_known_type(issues, folder)
        problems += checks.issue_problems(issues, manifest, known)
        tables[ISSUES.key] = _judged(issues if known.all() else issues[known], folder)
    if not any(p.severity == "error" for p in problems):
        problems += checks.reference_problems(tables, [p.file for p in problems if p.severity == "row"])
        levels = levels_of(tables[GRIDS.key], manifest) if GRIDS.key in tables else ()
        rules = policy(folder)
        places = {spec.key: places_of(tables[spec.key], spec, levels, rules) for spec in located_specs(tables)}
        problems += checks.place_problems(places)
        tables = {key: with_measures(table, places.get(key), levels) for key, table in tables.items()}
    order = {"error": 0, "row": 1, "warning": 2}
    problems.sort(key=lambda p: order[p.severity])
    return store.Opened(MappingProxyType(tables), MappingProxyType(places), problems, store.inputs(folder))


def opening_problems(folder: Path, manifest: Manifest) -> list[Problem]:
    """List all problems of a folder as opening finds them, without opening it or keeping a copy."""
    return list(_read(folder, manifest).problems)


def _judged(issues: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Give an issue that nobody judged the severity of its type: what is dangerous must not wait for a number."""
    given = issues[Issues.severity]
    return issues.assign(severity=given.fillna(severity_of(issues[Issues.issue_type], folder=folder)))


def with_measures(table: pd.DataFrame, where: pd.DataFrame | None, levels: tuple[Level, ...]) -> pd.DataFrame:
    """Add to a table what is computed from its geometry: grid, area and length."""
    if not isinstance(table, gpd.GeoDataFrame):
        return table
    kind = shapely.get_type_id(table.geometry.to_numpy())
    areal, linear = np.isin(kind, [3, 6]), np.isin(kind, [1, 5])
    if areal.any():
        table = table.assign(measured_area_m2=np.where(areal, table.geometry.area, np.nan))
    if linear.any():
        table = table.assign(length_m=np.where(linear, table.geometry.length, np.nan))
    if where is not None and levels:
        code = where[f"level_{levels[-1].level}"].to_numpy()
        table = table.assign(grid_id=grid_ids(code, levels[-1].grids, table.index))
    return table


def save_workspace(
    folder: Path, manifest: Manifest, tables: Mapping[str, pd.DataFrame], rasters: Mapping[str, Path] | None = None
) -> None:
    """Write a workspace folder: manifest, one GeoPackage with all layers, rasters.

    The same input gives the same bytes. Layers are written in the order of the catalogue with rows
    sorted by id.

    Raises:
        KeyError: a table that the catalogue does not know.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ordered = {key: tables[key].sort_index().reset_index() for key in CATALOG if key in tables}
    unknown = set(tables) - set(ordered)
    if unknown:
        raise KeyError(*sorted(unknown))
    if ordered:
        write_layers(folder / LAYERS_FILE, ordered)
    for name, source in (rasters or {}).items():
        (folder / "rasters").mkdir(exist_ok=True)
        with whole_file(folder / "rasters" / f"{name}.tif") as part:
            part.write_bytes(source.read_bytes())
    with whole_file(folder / FILE) as part:
        part.write_text(manifest_toml(manifest), encoding="utf-8")
