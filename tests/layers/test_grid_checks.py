"""One fault of a grid is one problem: what only follows from it is not told again, what does not is."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import DataError, Problem
from layers import Level, open_workspace
from tests import samples
from tests.faults import BOWTIE, grids, moved, twice, with_parent
from tests.samples import box, community


def told(folder: Path, table: gpd.GeoDataFrame, **said: object) -> list[Problem]:
    with pytest.raises(DataError) as error:
        open_workspace(community(folder / "broken", {"grids": table}, **said))
    return [p for p in error.value.problems if p.file == "layers.gpkg:grids" or p.column == "levels"]


def renamed(old: str, new: str) -> gpd.GeoDataFrame:
    return samples.grids().rename(index={old: new})


ONE_CAUSE = {
    "broken ring of a large grid": (moved(samples.grids(), "W", BOWTIE), "invalid_geometry", "W"),
    "broken ring of a small grid": (moved(samples.grids(), "W1", BOWTIE), "invalid_geometry", "W1"),
    "large grid without geometry": (moved(samples.grids(), "W", None), "no_geometry", "W"),
    "small grid without geometry": (moved(samples.grids(), "W1", shapely.Polygon()), "no_geometry", "W1"),
    "large grid of the wrong shape": (moved(samples.grids(), "W", samples.point(1, 1)), "wrong_shape", "W"),
    "large grid twice": (twice(samples.grids(), "W"), "duplicate_id", "W"),
    "small grid with the id of its neighbour": (renamed("W2", "W1"), "duplicate_id", "W1"),
    "small grid with the id of its parent": (renamed("W1", "W"), "duplicate_id", "W"),
    "large grid without an id": (renamed("W", ""), "missing_id", None),
    "large grid without a name": (grids(name=("W", None)), "bad_value", "W"),
    "cycle of two": (with_parent("W", "W1"), "grid_cycle", "W"),
    "cycle of one": (with_parent("W1", "W1"), "grid_cycle", "W1"),
    "orphan": (with_parent("W1", "X"), "grid_orphan", "W1"),
    "orphan elsewhere": (moved(with_parent("W1", "X"), "W1", box(900, 0)), "grid_orphan", "W1"),
    "small grid without a parent": (with_parent("W1", None), "grid_level", "W1"),
    "small grid on the level of its parent": (grids(level=("W1", 1)), "grid_level", "W1"),
    "large grid on the level of its children": (grids(level=("W", 2)), "grid_level", "W"),
    "large grid on a level that is none": (grids(level=("W", 5)), "grid_level", "W"),
    "small grid on a level that is none": (grids(level=("W1", 5)), "grid_level", "W1"),
    "small grid over its neighbour beyond its parent": (moved(samples.grids(), "E1", box(90, 0, 110, 100)), "grid_overlap", "E1 / W1"),
    "small grid elsewhere": (moved(samples.grids(), "W1", box(900, 0)), "grid_not_nested", "W1"),
    "small grid of another parent": (with_parent("W1", "E"), "grid_not_nested", "W1"),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_CAUSE)
def test_one_cause_is_one_problem(name: str, tmp_path: Path) -> None:
    table, code, row = ONE_CAUSE[name]
    assert [(p.code, p.row) for p in told(tmp_path, table)] == [(code, row)]


def test_all_small_grids_on_a_level_that_is_none(tmp_path: Path) -> None:
    """The level that nobody is on is no fault of its own."""
    table = samples.grids()
    table["level"] = table["level"].replace(2, 3)
    assert {(p.code, p.row) for p in told(tmp_path, table)} == {("grid_level", one) for one in samples.SMALL}


def test_faults_of_different_causes_are_all_told(tmp_path: Path) -> None:
    table = moved(with_parent("E2", "X"), "W", BOWTIE)
    table = moved(table, "E1", box(190, 0, 110, 100))
    assert {(p.code, p.row) for p in told(tmp_path, table)} == {
        ("invalid_geometry", "W"),
        ("grid_orphan", "E2"),
        ("grid_not_nested", "E1"),
    }


def test_three_rows_with_one_id_are_one_problem(tmp_path: Path) -> None:
    table = pd.concat([samples.grids(), *[samples.grids().loc[["W1"]]] * 2])
    (one,) = told(tmp_path, table)
    assert (one.row, one.found.zh, one.found.en) == ("W1", "3 行同为此编号", "3 rows with this id")


def test_a_broken_grid_does_not_leave_its_level_without_grids(tmp_path: Path) -> None:
    only = samples.grids().loc[["W", "E", "W1"]]
    assert [p.code for p in told(tmp_path, moved(only, "W1", None))] == ["no_geometry"]


def test_a_fault_among_levels_that_do_not_nest(tmp_path: Path) -> None:
    levels = (Level(level=1, zh="区", en="ward"), Level(level=2, zh="片", en="tract", nests=False))
    assert [(p.code, p.row) for p in told(tmp_path, moved(samples.grids(), "W", BOWTIE), levels=levels)] == [
        ("invalid_geometry", "W")
    ]
