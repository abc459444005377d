"""What is proven would open, what would not open is refused, whichever way it is found out."""

import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import DataError, Problem
from geo.files import write_layers
from layers import BUILDINGS, CATALOG, GRIDS, ISSUES, Workspace
from layers.intake import stored
from layers.intake.stored import require_opening
from layers.intake.taking import MEASURED
from layers.manifest import Manifest
from layers.reading import LAYERS_FILE, read_tables

BOW = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


@pytest.fixture(scope="module")
def tables(huolong: Workspace) -> dict[str, pd.DataFrame]:
    return read_tables(huolong.folder, huolong.manifest)[0]


@pytest.fixture
def city(huolong: Workspace, tmp_path: Path) -> Path:
    """A copy of the community."""
    for name in ("workspace.toml", LAYERS_FILE):
        shutil.copy(huolong.folder / name, tmp_path / name)
    return tmp_path


def refused(city: Path, layer: str, table: pd.DataFrame, *, same: bool) -> list[str]:
    """Codes of the faults for which a layer is refused."""
    home = city / "new"
    home.mkdir(exist_ok=True)
    write_layers(home / LAYERS_FILE, {layer: table}, base=city / LAYERS_FILE)
    try:
        require_opening(city, home, CATALOG[layer], table, same=same)
    except DataError as error:
        return sorted({one.code for one in error.problems})
    return []


def test_every_layer_that_opens_is_proven_to(huolong: Workspace, tables: dict[str, pd.DataFrame]) -> None:
    for key, table in tables.items():
        assert stored._is_sound(table.drop(columns=list(MEASURED), errors="ignore"), CATALOG[key], huolong.folder, huolong.manifest), key  # fmt: skip


def test_what_is_proven_is_not_opened(
    city: Path, tables: dict[str, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def nothing_wrong(folder: Path, _: Manifest) -> list[Problem]:
        opened.append(folder)
        return []

    monkeypatch.setattr(stored, "opening_problems", nothing_wrong)
    assert refused(city, ISSUES.key, tables[ISSUES.key], same=True) == []
    assert not opened
    assert refused(city, ISSUES.key, tables[ISSUES.key], same=False) == []
    assert refused(city, GRIDS.key, tables[GRIDS.key], same=True) == []
    assert len(opened) == 2


def faulty(tables: dict[str, pd.DataFrame]) -> dict[str, tuple[str, pd.DataFrame]]:
    """Layers that do not open, by the code that opening finds."""
    issues: gpd.GeoDataFrame = tables[ISSUES.key].copy()
    houses: gpd.GeoDataFrame = tables[BUILDINGS.key].drop(columns=list(MEASURED), errors="ignore")
    first = issues.index == issues.index[0]
    bow = houses.geometry.where(houses.index != houses.index[0], shapely.transform(BOW, lambda xy: xy + 500_000))
    return {
        "unknown_type": (ISSUES.key, issues.assign(issue_type=issues["issue_type"].where(~first, "NOTHING"))),
        "bad_value": (ISSUES.key, issues.assign(severity=issues["severity"].where(~first, 9))),
        "duplicate_id": (ISSUES.key, pd.concat([issues.iloc[:1], issues])),
        "missing_id": (ISSUES.key, issues.rename(index={issues.index[0]: ""})),
        "wrong_shape": (ISSUES.key, issues.set_geometry(issues.geometry.buffer(1).where(first, issues.geometry))),
        "invalid_geometry": (BUILDINGS.key, houses.set_geometry(bow)),
        "no_geometry": (BUILDINGS.key, houses.set_geometry(houses.geometry.where(houses.index != houses.index[0]))),
        "crs_differs": (ISSUES.key, issues.to_crs("EPSG:4547")),
    }


@pytest.mark.parametrize("code", [
    "unknown_type", "bad_value", "duplicate_id", "missing_id", "wrong_shape", "invalid_geometry", "no_geometry",
    "crs_differs",
])  # fmt: skip
def test_what_would_not_open_is_refused_either_way(city: Path, tables: dict[str, pd.DataFrame], code: str) -> None:
    layer, table = faulty(tables)[code]
    assert refused(city, layer, table, same=True) == refused(city, layer, table, same=False) == [code]


def test_a_gap_between_grids_is_refused_though_each_row_is_sound(city: Path, tables: dict[str, pd.DataFrame]) -> None:
    grids = tables[GRIDS.key].drop(columns=list(MEASURED), errors="ignore")
    inner = grids[grids["level"] == grids["level"].max()].index[0]
    orphan = grids.drop(index=str(grids.loc[inner, "parent_id"]))
    assert refused(city, GRIDS.key, orphan, same=True)
