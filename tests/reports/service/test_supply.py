"""Supply of the small community, worked out by hand, and of the bundled ones, held against their totals."""

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.text import Text
from layers import Workspace, open_workspace
from layers.schema import Toilets
from reports.service.equity import supply_equity
from reports.service.homes import homes
from reports.service.kinds import KINDS
from reports.service.parking import parking_balance
from reports.service.supply import METHODS, Supply, supply
from reports.service.supply_answer import supply_answer, supply_lines
from reports.service.supply_map import supply_map
from reports.service.supply_table import (
    building_table,
    facility_table,
    grid_table,
    parking_table,
    short_of,
    table_csv,
    titles,
)
from tests import samples
from tests.samples import X0, Y0, community, frame, overrule, point

NAN = np.nan
GRIDS = ["E1", "E2", "W1", "W2"]


def parking() -> gpd.GeoDataFrame:
    """Thirty private bays in W1 and a place of an unknown size in E1."""
    rows = {"bays": pd.array([30, None], dtype="Int64"), "open_to_public": pd.array([False, True], dtype="boolean")}
    return frame(rows, ["k1", "k2"], "parking_id", [point(50, 50), point(150, 50)])


def streets() -> gpd.GeoDataFrame:
    """One lane through the southern grids."""
    lane = shapely.LineString([(X0 + 20, Y0 + 50), (X0 + 180, Y0 + 50)])
    return frame({"name": ["南巷"]}, ["s1"], "street_id", [lane])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = community(tmp_path_factory.mktemp("supply") / "town", {"parking": parking(), "streets": streets()})
    return open_workspace(overrule(folder, toilet_radius_m=100, parking_reach_m=100))


def by_grid(found: Supply, column: str) -> list[float]:
    assert list(found.by_grid.index) == GRIDS
    values: list[float] = found.by_grid[column].tolist()
    return values


def test_people_of_grids_live_in_their_buildings_or_on_their_ground(sample: Workspace) -> None:
    found = homes(sample, 2)
    assert found.building.tolist() == [0, 1, 2, 3, 4, -1]
    assert found.people["residents"].tolist() == [100, 100, 100, 100, 200, 200]
    assert found.people["households"].tolist() == [60, 40, 50, 50, 100, 100]
    assert found.status == {"residents": "proxy", "households": "proxy"}
    assert [GRIDS[code] for code in found.codes] == ["W1", "W1", "W2", "W2", "E1", "E2"]
    assert (found.x[-1], found.y[-1]) == (X0 + 150, Y0 + 150)
    assert homes(sample, 1).codes.tolist() == [1, 1, 1, 1, 0, 0]


def test_toilets_in_a_straight_line_by_hand(town: Workspace) -> None:
    """b1, b2, b3 and b5 lie within 100 m of the toilet: 500 residents share 4 cubicles, 8 for 1,000."""
    found = supply(town, "toilets", on_foot=False)
    np.testing.assert_allclose(by_grid(found, "access"), [8, 0, 8, 4])
    np.testing.assert_allclose(by_grid(found, "without_share"), [0, 1, 0, 0.5])
    np.testing.assert_allclose(by_grid(found, "supply"), [0, 0, 4, 0])
    np.testing.assert_allclose(by_grid(found, "wants"), [200 / 412] * 4)
    np.testing.assert_allclose(by_grid(found, "missing"), [0, 200 / 412, 0, 100 / 412])
    assert by_grid(found, "missing") == by_grid(found, "out_of_reach")
    np.testing.assert_allclose(found.by_building["access"], [8, 8, 8, 0, 8])
    assert found.status == "proxy"
    assert found.notes[0].en == "1 toilet has no number of cubicles, each counts as 4"


def test_toilets_on_foot_by_hand(town: Workspace) -> None:
    """Along the lane: b1 60 m, b2 80 m, b3 exactly 100 m, b5 140 m; b4 is too far from any street."""
    found = supply(town, "toilets")
    np.testing.assert_allclose(by_grid(found, "access"), [0, 0, 4000 / 300, 2000 / 300])
    np.testing.assert_allclose(found.by_building["access"], [4000 / 300] * 3 + [0, 0])
    assert found.meta["homes_off_network"] == 1
    assert found.meta["distance"] == "on foot along the streets"


def test_capacity_is_limited_and_the_rest_is_missing(town: Workspace, tmp_path: Path) -> None:
    folder = community(tmp_path / "few", {"toilets": samples.toilets().assign(**{Toilets.stalls_women: 1})})
    ws = open_workspace(overrule(folder, toilet_radius_m=100))
    found = supply(ws, "toilets", on_foot=False)
    assert found.by_grid["wants"].sum() == pytest.approx(800 / 412)
    assert found.by_grid["missing"].sum() == pytest.approx(800 / 412 - 1)
    assert found.by_grid["out_of_reach"].sum() == pytest.approx(300 / 412)
    assert found.by_facility["used"].tolist() == [pytest.approx(1)]
    assert supply(town, "toilets", on_foot=False).by_facility["spare"].tolist() == [pytest.approx(4 - 500 / 412)]


def test_parks_are_reached_at_their_edge_and_small_ones_less_far(town: Workspace) -> None:
    """The park is 2,500 m², so it reaches 300 m: everybody; 800 residents share it."""
    found = supply(town, "parks", on_foot=False)
    np.testing.assert_allclose(by_grid(found, "access"), [2500 / 800] * 4)
    assert found.by_grid["missing"].sum() == 0


def test_private_bays_serve_their_own_grid_and_unknown_ones_are_left_out(town: Workspace) -> None:
    found = supply(town, "parking", on_foot=False)
    np.testing.assert_allclose(by_grid(found, "access"), [0, 0, 0.3, 0])
    np.testing.assert_allclose(by_grid(found, "wants"), [52.5] * 4)
    np.testing.assert_allclose(by_grid(found, "missing"), [52.5, 52.5, 22.5, 52.5])
    assert found.by_facility["why"].tolist() == ["", "unknown"]
    assert found.status == "proxy"
    assert Text("1 处停车场泊位数未知", "bays of 1 parking places") in found.missing


def test_parking_by_day_and_night_by_hand(town: Workspace) -> None:
    """100 households x 0.5 = 50 cars; 52.5 by night with visitors, 30 by day; what E1 has is not known."""
    table = parking_balance(town).by_grid
    np.testing.assert_allclose(table["demand_night"], [52.5] * 4)
    np.testing.assert_allclose(table["demand_day"], [30] * 4)
    np.testing.assert_allclose(table["missing_night"], [NAN, 52.5, 22.5, 52.5])
    np.testing.assert_allclose(table["gap_day"], [NAN, 30, 0, 30])
    np.testing.assert_allclose(table["ratio_night"], [NAN, 0, 30 / 52.5, 0])


def test_shops_want_bays_by_day_and_nobody_wants_none(tmp_path: Path) -> None:
    grids = samples.grids().assign(households=pd.array([200, 200, 100, 0, 100, 100], dtype="Int64"))
    houses = samples.buildings().drop(columns="households").assign(use=["commercial", *["residential"] * 4])
    folder = community(tmp_path / "shops", {"parking": parking(), "grids": grids, "buildings": houses})
    table = parking_balance(open_workspace(folder)).by_grid
    np.testing.assert_allclose(table.loc["W1", "demand_day"], 30 + 400 / 100 * 0.45)
    np.testing.assert_allclose(table.loc["W1", "demand_night"], 52.5 + 400 / 100 * 0.45 * 0.1)
    assert table.loc["E2", "demand_day"] == table.loc["E2", "missing_day"] == 0
    assert np.isnan(table.loc["E2", "ratio_day"])


@pytest.mark.parametrize(
    ("of", "changed", "on_foot", "lacks"),
    [
        ("toilets", {"toilets": None}, False, "toilets"),
        ("toilets", {}, True, "streets (a straight line can be had)"),
        ("parking", {}, False, "parking"),
    ],
)
def test_what_cannot_be_known_says_why(
    of: str,
    changed: Mapping[str, None],
    on_foot: bool,  # noqa: FBT001 (a case)
    lacks: str,
    tmp_path: Path,
) -> None:
    ws = open_workspace(community(tmp_path / "less", changed))
    found = supply(ws, of, on_foot=on_foot)
    assert found.status == "unavailable"
    assert [one.en.lower() for one in found.missing] == [lacks]
    assert found.by_grid["missing"].isna().all()
    assert supply_lines(found, None, None, "en") == [f"Status: unavailable; missing: {found.missing[0].en}."]
    assert parking_balance(ws).status == "unavailable"
    answer = supply_answer(found, None, parking_balance(ws))
    assert answer["grids"][0]["missing"] is None
    assert answer["parking"]["grids"][0]["missing_night"] is None


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("of", KINDS)
def test_huolong_keeps_its_totals(huolong: Workspace, of: str, method: str) -> None:
    found = supply(huolong, of, method=method)
    kind, table = found.kind, found.by_grid
    assert found.status == "ready"
    assert table["people"].sum() == (6239 if kind.who == "residents" else 2352)
    have = found.by_facility.loc[found.by_facility["why"] == "", "supply"].sum()
    assert (table["access"] * table["people"]).sum() / kind.per == pytest.approx(have)
    assert found.by_building["missing"].sum() == pytest.approx(table["missing"].sum())
    assert table["wants"].sum() - table["missing"].sum() == pytest.approx(found.by_facility["used"].sum())
    larger = supply(huolong, of, method=method, level=1).by_grid
    assert larger["missing"].sum() == pytest.approx(table["missing"].sum())


def test_huolong_walks_farther_than_the_crow_flies(huolong: Workspace) -> None:
    walked, flown = (supply(huolong, "toilets", on_foot=on_foot).by_grid for on_foot in (True, False))
    assert walked["without_share"].sum() > flown["without_share"].sum()


def test_boston_conserves_its_residents_and_says_what_it_cannot_know(boston: Workspace) -> None:
    found = supply(boston, "toilets", on_foot=False)
    assert found.by_grid["people"].sum() == pytest.approx(617_603)
    assert found.status == "proxy"
    assert any("4" in one.en for one in found.notes)
    above = supply(boston, "toilets", level=1, on_foot=False)
    lost = 617_603 - above.by_grid["people"].sum()
    assert above.meta["people_in_no_grid"] == pytest.approx(lost)
    assert any(f"{lost:,.0f} residents live in no grid" in one.en for one in above.notes)
    walked = supply(boston, "parks")
    assert 0 < walked.by_grid["access"].notna().sum() < 180
    assert any("of 180 grids only" in one.en for one in walked.missing)
    assert supply(boston, "parking").status == parking_balance(boston).status == "unavailable"


def test_equity_has_intervals_groups_and_a_seed(huolong: Workspace) -> None:
    found = supply_equity(supply(huolong, "toilets"), draws=200)
    figures = found.figures
    assert figures.gini.low <= figures.gini.value <= figures.gini.high
    assert found.meta["seed"] == 20_150_601
    parents = found.groups[found.groups["kind"] == "parent"]
    assert len(parents) == 6
    assert parents["held_share"].sum() == pytest.approx(1)
    assert found.groups.loc["elderly", "people_share"] == pytest.approx(1349 / 6239)
    assert 0 < found.between_share < 1
    top = supply_equity(supply(huolong, "toilets", level=1), draws=50)
    assert np.isnan(top.between_share)


def test_tables_downloads_and_map(town: Workspace) -> None:
    found = supply(town, "toilets", on_foot=False)
    assert list(grid_table(found).index) == ["E2", "W2", "E1", "W1"]
    table = building_table(found)
    assert table["building"].tolist() == ["b4", "b1", "b2", "b3", "b5"]
    assert short_of(table)["building"].tolist() == ["b4"]
    assert facility_table(found, "zh")["building"].tolist() == ["南公厕"]
    text = table_csv(grid_table(found), titles(found, "zh"), "zh").decode("utf-8-sig")
    assert text.splitlines()[0].startswith("编号,网格,缺（厕位）,可得（厕位/千人）,满足 %,够不着的居民 %,居民")
    assert text.splitlines()[1].startswith("E2,NE,0.485,0.0,0.0,100.0,200.0")
    assert parking_table(parking_balance(town)).index[-1] == "E1"
    low, high = (supply_map(found, shade, lang="zh")["shades"][0]["colours"] for shade in ("access", "missing"))
    assert low[0] == "#810f7c"
    assert high[-1] == "#810f7c"
    lines = supply_lines(found, supply_equity(found, draws=50), parking_balance(town), "zh")
    assert any("缺 0.73" in line for line in lines)
    assert any("（待核）" in line for line in lines)
