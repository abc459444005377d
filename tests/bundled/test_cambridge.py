from pathlib import Path

import pytest
import shapely

from data.cambridge import build as cambridge
from data.sources import source_layer
from layers.catalog import ISSUES, LIGHTS, MURALS, PARKING, PARKS, TOILETS
from layers.workspace import LAYERS_FILE, Workspace

ROWS = {
    "grids": 100, "toilets": 37, "parks": 343, "murals": 65, "parking": 4_818, "streets": 2_643, "facilities": 77,
    "lights": 6_117, "boundary": 1,
}  # fmt: skip


def test_every_layer_has_its_rows_and_there_are_no_issues(cambridge_ws: Workspace) -> None:
    assert {key: len(cambridge_ws[key]) for key in cambridge_ws.tables} == ROWS
    assert ISSUES not in cambridge_ws
    assert [len(cambridge_ws.grids(level)) for level in cambridge_ws.levels] == [13, 87]


@pytest.mark.parametrize("key", ROWS)
def test_ids_are_unique_and_geometry_is_sound(cambridge_ws: Workspace, key: str) -> None:
    table = cambridge_ws[key]
    assert table.index.is_unique
    assert not table.index.hasnans
    assert str(table.crs) == cambridge.CRS
    assert shapely.is_valid(table.geometry.to_numpy()).all()
    assert not table.is_empty.any()


def test_residents_of_the_precincts_are_all_there_on_both_levels(cambridge_ws: Workspace) -> None:
    for level in (1, 2):
        grids = cambridge_ws.grids(level)
        assert grids["residents"].sum() == 118_403
        assert set(grids["residents_qualifier"]) == {"approx"}
        assert grids["households"].isna().all()
    assert not cambridge_ws.nests(1)


def test_no_bay_counts_twice(cambridge_ws: Workspace) -> None:
    parking = cambridge_ws[PARKING]
    bays = parking.groupby("register")["bays"].sum()
    assert bays.to_dict() == {"garages and lots": 18_814, "metered spaces": 2_796, "accessible spaces": 154, "lots": 0}
    assert parking.loc[parking["register"] == "lots", "bays"].isna().all()
    city = source_layer("data.cambridge", "municipal_parking_lots")
    rows = parking.loc["PC-" + city["ML"]]
    assert list(rows["name"]) == list(city["SiteName"])
    assert rows["bays"].notna().all()
    removed = source_layer("data.cambridge", "metered_parking_spaces").set_index("SPACE_ID")["Status"]
    gone = removed.index[removed.isin(["Permanently Removed", "Proposed"])]
    assert len(gone) == 228
    assert not parking.index.isin("PM-" + gone).any()


def test_lot_id_names_the_lot_that_holds_the_point(cambridge_ws: Workspace) -> None:
    parking = cambridge_ws[PARKING]
    inside = parking[parking["lot_id"].notna()]
    assert len(inside) == 68
    lots = parking.geometry.reindex(inside["lot_id"])
    assert shapely.intersects(lots.to_numpy(), inside.representative_point().to_numpy()).all()


def test_no_accessible_space_lies_on_a_metered_one(cambridge_ws: Workspace) -> None:
    parking = cambridge_ws[PARKING]
    metered = shapely.union_all(parking.geometry[parking["register"] == "metered spaces"].to_numpy())
    accessible = parking.geometry[parking["register"] == "accessible spaces"]
    assert not accessible.intersects(metered).any()


def test_murals_have_areas_where_the_register_states_a_size(cambridge_ws: Workspace) -> None:
    murals = cambridge_ws[MURALS]
    assert (murals["area_m2"].notna() == murals["stated_size"].notna()).all()
    assert murals["area_m2"].notna().sum() == 63
    assert murals["area_m2"].sum() == pytest.approx(947.169, abs=0.001)
    assert murals["technique"].str.contains("mural", case=False).all()


def test_a_stray_fixture_mark_is_unknown(cambridge_ws: Workspace) -> None:
    codes = source_layer("data.cambridge", "street_lights")["FixtureType"]
    assert (codes == "`").sum() == 26
    lights = cambridge_ws[LIGHTS]
    assert lights["fixture_type"].isna().sum() == codes.isna().sum() + 27
    assert lights["works"].isna().all()


def test_parks_carry_what_the_register_knows(cambridge_ws: Workspace) -> None:
    parks = cambridge_ws[PARKS]
    assert parks["last_renovated_year"].notna().sum() == 56
    assert (parks["kind"] == "playground").sum() == 67
    assert parks.loc["OS202", "name"] == "Maple Avenue Park"
    assert parks.loc["OS202", "last_renovated_year"] == 2004
    water = parks[parks["kind"] == "water"]
    assert len(water) == 4
    assert not water["open_to_public"].any()


def test_customers_toilets_are_not_public(cambridge_ws: Workspace) -> None:
    toilets = cambridge_ws[TOILETS]
    assert not toilets.loc[toilets["kind"] == "coffee", "open_to_public"].any()
    assert toilets.loc[toilets["kind"] == "public_bldg", "open_to_public"].all()


def test_two_builds_are_equal_to_the_byte(cambridge_folder: Path, tmp_path: Path) -> None:
    cambridge.build(tmp_path)
    for name in (LAYERS_FILE, "workspace.toml"):
        assert (tmp_path / name).read_bytes() == (cambridge_folder / name).read_bytes()
