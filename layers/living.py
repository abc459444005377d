"""The issues of a workspace as its ledger has them: what was reported there, and where each issue stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import reprojected
from layers.catalog import GRIDS, ISSUES
from layers.ledger.store.files import FILE, has_ledger
from layers.manifest import Manifest
from layers.places import levels_of, places_of
from layers.schema import Issues
from layers.standards import policy
from layers.store import LazyTables

if TYPE_CHECKING:
    from layers.ledger.store.ledger import Ledger
    from layers.workspace import Workspace

Tables = Mapping[str, pd.DataFrame]
_SHARED = ("issue_type", "severity", "description", "address", "reported_at", "source")
"""Columns that a ledger and a layer call the same."""
_ENDED = ("struck", "revisit_ok", "revisit_bad", "rejected")


@dataclass(frozen=True)
class Living:
    """The issues of a workspace with a ledger, read when they are first asked for.

    ``is_at_work``: something was done in it after the day for which the data were prepared; one that rests, such as
    an example, is shown as it was on that day.
    """

    folder: Path
    manifest: Manifest
    tables: Tables
    places: Tables
    is_at_work: bool = False

    @cached_property
    def ledger(self) -> "Ledger":
        """The opened ledger."""
        from layers.ledger.store.opening import open_ledger  # noqa: PLC0415 (heavy: the database)

        return open_ledger(self.folder, self.manifest.ledger)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """Where each issue of the ledger stands as of the manifest's date."""
        return self.ledger.cases(self.manifest.as_of)

    @cached_property
    def issues(self) -> gpd.GeoDataFrame:
        """The layer, with the issues that were reported in the ledger, and what the ledger knows of all."""
        layer = self.tables.get(ISSUES.key)
        born = self._born
        table = born if layer is None else layer
        if layer is not None and len(born):
            table = pd.concat([layer, _like(born, layer)])
        return _standing(gpd.GeoDataFrame(table, geometry="geometry", crs=self.manifest.crs), self.cases)

    @cached_property
    def issue_places(self) -> pd.DataFrame:
        """Where the issues lie."""
        born = self.issues.loc[self._born.index]
        levels = levels_of(self.tables[GRIDS.key], self.manifest) if GRIDS.key in self.tables else ()
        where = places_of(born, ISSUES, levels, policy(self.folder))
        layer = self.places.get(ISSUES.key)
        return where if layer is None else pd.concat([layer, where.astype(layer.dtypes)])

    @cached_property
    def _born(self) -> gpd.GeoDataFrame:
        """Issues that no layer has."""
        layer = self.tables.get(ISSUES.key)
        new = self.cases if layer is None else self.cases[~self.cases.index.isin(layer.index)]
        shapes = shapely.points(new["x_m"].to_numpy(float), new["y_m"].to_numpy(float))
        shapes[new["x_m"].isna().to_numpy()] = None
        columns = {name: new[name] for name in _SHARED} | {
            "source_type": new["issue_type"],
            "unit_in_charge": new["department"],
            "grid_id": new["grid_id"],
            "due_at": new["final_due_at"],
            "closed_at": new["closed_at"],
            "geometry": shapes,
        }
        return gpd.GeoDataFrame(columns, index=new.index, geometry="geometry", crs=self.manifest.crs)


class Joined(NamedTuple):
    """A workspace's manifest, tables and places with what its ledger says, and the ledger, None without one."""

    manifest: Manifest
    tables: Tables
    places: Tables
    living: Living | None


def with_ledger(
    folder: Path, manifest: Manifest, tables: Tables, places: Tables, *, as_of: datetime | None = None
) -> Joined:
    """Give a workspace with the issues as its ledger has them.

    The moment is the one asked for; else that of the manifest, or of the last act of a person where the ledger has gone on.
    Without a ledger all else is as it was.
    """
    if as_of is not None:
        manifest = manifest.model_copy(update={"as_of": as_of})
    if not has_ledger(folder, manifest.ledger):
        return Joined(manifest, tables, places, None)
    living = Living(folder, manifest, tables, places)
    latest = living.ledger.latest(imported=False) if as_of is None else None
    if latest is not None and latest > manifest.as_of:
        living = Living(folder, manifest.model_copy(update={"as_of": latest}), tables, places, is_at_work=True)
    own = {key: _reader(tables, key) for key in tables}
    where = {key: _reader(places, key) for key in places}
    own[ISSUES.key] = lambda: living.issues
    where[ISSUES.key] = lambda: living.issue_places
    return Joined(living.manifest, LazyTables(own), LazyTables(where), living)


def ledger_digest(living: Living | None, digest: str) -> str:
    """Give the digest of a workspace with that of its ledger."""
    if living is None:
        return digest
    return sha256("\n".join([digest, *living.ledger.ends()]).encode()).hexdigest()


def living_mark(folder: Path, url: str | None = None) -> str:
    """Give a mark that changes whenever a ledger may have been written; nothing without a ledger."""
    if url is not None:
        from layers.ledger.store.opening import open_ledger  # noqa: PLC0415 (heavy: the database)

        return "|".join(open_ledger(folder, url).ends())
    if not has_ledger(folder):
        return ""
    files = (folder / FILE, folder / f"{FILE}-wal")
    return "|".join(f"{one.stat().st_size}:{one.stat().st_mtime_ns}" for one in files if one.is_file())


def place_of(ws: "Workspace", lon: float, lat: float) -> tuple[float, float, str | None]:
    """Give metres and the smallest grid of a place in degrees (WGS 84); None for a place in no grid."""
    point = gpd.GeoDataFrame(geometry=[shapely.Point(lon, lat)], crs="EPSG:4326")
    point = reprojected(point, ws.manifest.crs)
    where = places_of(point, ISSUES, levels_of(ws[GRIDS], ws.manifest), policy(ws.folder)).iloc[0]
    row = int(where[f"level_{ws.finest}"])
    return float(where["x_m"]), float(where["y_m"]), str(ws.grids().index[row]) if row >= 0 else None


def _like(born: gpd.GeoDataFrame, layer: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give issues the columns of the layer, in its types."""
    types = {str(name): kind for name, kind in layer.dtypes.items() if name != "geometry"}
    return gpd.GeoDataFrame(born.reindex(columns=layer.columns)).astype(types)


def _reader(tables: Tables, key: str) -> Callable[[], pd.DataFrame]:
    return lambda: tables[key]


def _standing(issues: gpd.GeoDataFrame, cases: pd.DataFrame) -> gpd.GeoDataFrame:
    """Let the ledger say when issues are due and closed, of which type they are and how severe.

    A duplicate counts as closed when it was fused, since its head goes on for it; what was declined is closed then.
    """
    rows = cases.index.get_indexer(issues.index)
    known = rows >= 0
    found = cases.iloc[rows[known]]
    ended = found["closed_at"].where(
        found["closed_at"].notna(), found["state_since"].where(found["state"].isin(_ENDED))
    )
    ended = ended.where(found["head"].isna(), found["fused_at"])
    says: dict[str, pd.Series] = {
        Issues.due_at: found["final_due_at"],
        Issues.closed_at: ended,
        Issues.issue_type: found["issue_type"],
        Issues.severity: found["severity"],
        Issues.unit_in_charge: found["department"],
    }
    changed = issues.copy()
    for name, values in says.items():
        column = changed[name].copy()
        column[known] = values.astype(column.dtype).to_numpy()
        changed[name] = column
    return changed
