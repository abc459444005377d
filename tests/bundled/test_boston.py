from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from data.boston import build as boston
from data.boston.buildings import clean_buildings
from data.boston.grids import DISPLACED
from data.sources import source_layer, source_table
from layers.catalog import BUILDINGS, GRIDS, ISSUES, PARKS, STREETS, TOILETS
from layers.ledger import standing
from layers.workspace import LAYERS_FILE, Workspace

ROWS = {"grids": 206, "buildings": 22_186, "toilets": 198, "parks": 444, "issues": 121_145, "streets": 1_987}


def test_every_layer_has_its_rows_and_no_other_layer_is_there(boston_ws: Workspace) -> None:
    assert {key: len(boston_ws[key]) for key in boston_ws.tables} == ROWS
    assert [len(boston_ws.grids(level)) for level in boston_ws.levels] == [26, 180]


@pytest.mark.parametrize("layer", [GRIDS, BUILDINGS, TOILETS, PARKS, STREETS, ISSUES], ids=lambda spec: spec.key)
def test_ids_are_unique_and_geometry_is_sound(boston_ws: Workspace, layer: object) -> None:
    table = boston_ws[layer]
    assert table.index.is_unique
    assert not table.index.hasnans
    assert str(table.crs) == boston.CRS
    assert shapely.is_valid(table.geometry.to_numpy()).all()
    assert not table.is_empty.any()


def test_the_workspace_opens_with_warnings_only(boston_ws: Workspace) -> None:
    assert {(p.code, p.severity) for p in boston_ws.problems} == {
        ("grid_sliver", "warning"), ("levels_do_not_nest", "warning"), ("closed_before_reported", "warning"),
        ("unmapped_type", "warning"), ("outside", "warning"), ("default_point", "warning"),
    }  # fmt: skip


def test_people_of_the_neighbourhoods_are_those_of_the_tracts(boston_ws: Workspace) -> None:
    large, small = boston_ws.grids(1), boston_ws.grids(2)
    for column, total in (("residents", 617_603), ("households", 272_484), ("elderly_residents", 63_187)):
        assert small[column].sum() == large[column].sum() == total
    assert set(large["residents_qualifier"]) == {"approx"}
    assert set(small["residents_qualifier"]) == {"eq"}


def test_the_parent_of_a_tract_holds_most_of_it_and_not_what_its_label_says(boston_ws: Workspace) -> None:
    large, small = boston_ws.grids(1), boston_ws.grids(2)
    shares = pd.DataFrame(
        {one: small.intersection(shape).area / small.area for one, shape in large.geometry.items()}, index=small.index
    )
    assert (shares.idxmax(axis=1) == small["parent_id"].astype(object)).all()
    assert shares.max(axis=1).mean() == pytest.approx(0.933, abs=0.001)
    labels = source_layer("data.boston", "tracts").set_index("GEOID10")["Name"].reindex(small.index)
    names = large["name"].reindex(small["parent_id"]).to_numpy()
    assert (labels.to_numpy() == names).sum() == 128
    assert not boston_ws.nests(1)


def test_the_displaced_tract_fills_the_gap_of_its_neighbours(boston_ws: Workspace) -> None:
    small = boston_ws.grids(2).geometry
    drawn = source_layer("data.boston", "tracts").set_index("GEOID10").to_crs(boston.CRS).geometry
    others = shapely.union_all(small.drop(DISPLACED).to_numpy())
    assert drawn[DISPLACED].intersection(others).area == pytest.approx(12_507, abs=1)
    assert small[DISPLACED].intersection(others).area < 0.01
    assert small[DISPLACED].area == pytest.approx(drawn[DISPLACED].area, abs=1)
    moved = np.subtract(small[DISPLACED].centroid.coords[0], drawn[DISPLACED].centroid.coords[0])
    assert moved == pytest.approx([0, -19.99], abs=0.01)


def test_courtyards_are_cut_out_of_their_buildings(boston_ws: Workspace) -> None:
    raw = source_layer("data.boston", "buildings")
    raw = raw[raw.geometry.notna()]
    rings, owner = shapely.get_rings(raw.geometry.to_numpy(), return_index=True)
    stray = shapely.bounds(rings)[:, 3] > 180
    assert stray.sum() == 62
    numbers = raw["foots_1003"].iloc[np.unique(owner[stray])]
    ids = "B" + numbers.str.zfill(5)
    mended = boston_ws[BUILDINGS].geometry.reindex(ids)
    assert len(mended) == 49
    assert mended.area.sum() == pytest.approx(277_653, abs=1)
    assert (mended.area < shapely.area(shapely.convex_hull(mended.to_numpy()))).all()
    assert shapely.get_num_interior_rings(shapely.get_parts(mended.to_numpy())).sum() >= 58
    assert boston_ws[BUILDINGS].area.max() < 100_000


def test_zero_storeys_are_unknown(boston_ws: Workspace) -> None:
    storeys = boston_ws[BUILDINGS]["storeys"]
    assert storeys.isna().sum() == 3_994
    assert storeys.max() == 62
    assert storeys.min() > 0
    assert not boston_ws[BUILDINGS]["use"].isna().any()


def test_a_building_without_ground_is_left_out() -> None:
    raw = source_layer("data.boston", "buildings")
    kept = clean_buildings(raw[raw["fid_tfs"].isin([0, 19_043, 20_448])], boston.CRS)
    assert len(kept) == 1


def test_requests_keep_their_dates_points_and_words(boston_ws: Workspace) -> None:
    issues, raw = boston_ws[ISSUES], source_table("data.boston", "issues")
    raw = raw.set_index(raw["CASE_ENQUIRY_ID"].astype(str)).reindex(issues.index)
    for ours, theirs in (("reported_at", "OPEN_DT"), ("due_at", "TARGET_DT"), ("closed_at", "CLOSED_DT")):
        assert issues[ours].equals(raw[theirs].astype(issues[ours].dtype))
    assert (issues["closed_at"] < issues["reported_at"]).sum() == 197
    assert issues["source_type"].nunique() == 158
    assert issues["unit_in_charge"].notna().all()
    back = issues.geometry.to_crs("EPSG:4326")
    assert np.abs(back.x - raw["LONGITUDE"].astype(float)).max() < 1e-8
    assert np.abs(back.y - raw["LATITUDE"].astype(float)).max() < 1e-8


def test_the_clock_gives_the_marks_of_the_publisher(boston_ws: Workspace) -> None:
    issues, raw = boston_ws[ISSUES], source_table("data.boston", "issues")
    marks = raw.set_index(raw["CASE_ENQUIRY_ID"].astype(str))["OnTime_Status"].reindex(issues.index)
    known = marks.notna() & issues["due_at"].notna()
    assert known.sum() == 94_001
    end = issues["closed_at"].fillna(pd.Timestamp(boston.MANIFEST.as_of))
    assert ((end > issues["due_at"]) == (marks == "OVERDUE"))[known].all()
    still = standing(issues, boston.MANIFEST.as_of)
    assert still["is_open"].sum() == 19_873


def test_the_default_point_is_found_and_nothing_is_lost(boston_ws: Workspace) -> None:
    assert boston_ws.place(ISSUES).value_counts().to_dict() == {"grid": 104_006, "default_point": 17_070, "outside": 69}


def test_issue_types_come_from_the_mapping(boston_ws: Workspace) -> None:
    issues = boston_ws[ISSUES]
    lamps = issues[issues["source_type"] == "Street Light Outages"]
    assert set(lamps["issue_type"]) == {"LIGHT_OUT"}
    assert (issues["severity"].isna() == issues["issue_type"].isna()).all()
    assert issues["issue_type"].notna().mean() > 0.7


def test_two_builds_are_equal_to_the_byte(boston_folder: Path, tmp_path: Path) -> None:
    told: list[str] = []
    boston.build(tmp_path, told.append)
    for name in (LAYERS_FILE, "workspace.toml", "rasters/population.tif"):
        assert (tmp_path / name).read_bytes() == (boston_folder / name).read_bytes()
    assert told == [str(spec.title) for spec in (BUILDINGS, TOILETS, PARKS, ISSUES, STREETS)]
