"""The synthetic community: published figures to the digit, a plan without contradictions, the same bytes."""

import re
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.huolong.build import build, manifest, tables
from data.huolong.issues import AS_OF, KINDS, deadline
from layers import CATALOG, GRIDS, ISSUES, open_workspace, standing
from layers.standards import issue_types

Tables = dict[str, pd.DataFrame]
SIX = ["ROAD_PATCH", "ROAD_REBUILD", "LIGHT_NEW", "SEWER_BLOCK", "GARBAGE", "PARK_CHAOS"]


@pytest.fixture(scope="module")
def made() -> Tables:
    return tables()


@pytest.fixture(scope="module")
def small(made: Tables) -> gpd.GeoDataFrame:
    return made["grids"][made["grids"]["level"] == 2]


@pytest.fixture(scope="module")
def large(made: Tables) -> gpd.GeoDataFrame:
    return made["grids"][made["grids"]["level"] == 1]


def grids_holding(things: gpd.GeoDataFrame, small: gpd.GeoDataFrame) -> np.ndarray:
    """How many small grids cover each thing."""
    return shapely.covers(small.geometry.to_numpy()[:, None], things.geometry.to_numpy()[None, :]).sum(axis=0)


def test_manifest_says_that_it_is_synthetic() -> None:
    said = manifest()
    assert said.synthetic
    assert said.title.zh == "活龙社区（合成示例）"
    assert said.title.en == "Huolong community (synthetic example)"
    assert (said.crs, said.profile, said.language) == ("EPSG:4546", "CN-old", "zh")
    assert said.as_of.isoformat(sep=" ") == "2021-08-31 18:00:00"
    assert [(level.level, level.zh, level.en, level.nests) for level in said.levels] == [
        (1, "大网格", "large grid", True),
        (2, "小网格", "small grid", True),
    ]


def test_every_table_holds_to_its_schema(made: Tables) -> None:
    for key, table in made.items():
        spec = CATALOG[key]
        spec.schema.validate(table, lazy=True)
        assert table.index.name == spec.id_column
        if spec.shape != "none":
            assert table.crs == "EPSG:4546"
            assert table.geometry.is_valid.all(), key
            assert not table.geometry.is_empty.any(), key
            west, south, east, north = table.total_bounds
            assert 559_700 < west < east < 560_400, key
            assert 2_925_700 < south < north < 2_926_400, key


def test_counts_of_grids_issues_and_toilets(made: Tables, small: gpd.GeoDataFrame, large: gpd.GeoDataFrame) -> None:
    assert (len(large), len(small), len(made["issues"]), len(made["toilets"])) == (6, 17, 436, 3)
    assert sorted(made["toilets"]["action"]) == ["new", "new", "rebuilt"]
    assert list(large.index) == [f"HL-0{i}" for i in range(1, 7)]
    assert list(small.groupby("parent_id").size()) == [3, 3, 3, 3, 3, 2]


def test_areas_of_the_dump_and_the_club_land(made: Tables) -> None:
    after = made["sites"].set_index("use_before").geometry.area.round(2)
    assert after["垃圾场"] == 2_800.0
    assert after["闲置地（原铁路俱乐部）"] == 6_666.67
    assert after["闲置地（原铁路俱乐部）"] / 10_000 * 15 == pytest.approx(10, abs=1e-5)
    parks = made["parks"].set_index("kind").geometry
    assert parks["口袋公园"].area == pytest.approx(6_666.67, abs=0.004)
    assert parks["广场"].area == pytest.approx(2_800, abs=0.004)


def test_square_holds_bays_play_fitness_and_art_wall(made: Tables) -> None:
    square = made["sites"].geometry["HL-X2"]
    bays = made["parking"][made["parking"].within(square)]
    inside = made["facilities"][made["facilities"].within(square)]
    assert bays["bays"].sum() == 40
    assert set(inside["kind"]) == {"play_area", "fitness", "art_wall"}


def test_murals_sum_to_exactly_1500_m2_on_walls(made: Tables) -> None:
    murals, buildings = made["murals"], made["buildings"]
    assert len(murals) == 38
    assert murals["area_m2"].sum() == 1_500.0
    walls = gpd.GeoSeries(
        buildings.geometry.boundary.reindex(murals["building_id"]).to_numpy(), index=murals.index, crs=murals.crs
    )
    assert murals.distance(walls).max() < 1e-6
    assert murals["name"].is_unique


def test_people_and_duties(made: Tables, small: gpd.GeoDataFrame) -> None:
    duties, people = made["duties"], made["people"]
    by_role = duties.groupby("role")["person_id"].nunique()
    assert by_role["building_chief"] == 54
    assert by_role["lane_chief"] == 9
    chiefs = duties[duties["role"] == "building_chief"]
    assert sorted(chiefs["thing_id"]) == sorted(made["buildings"].index)
    officers = duties[(duties["role"] == "grid_officer") & duties["thing_id"].isin(small.index)]
    assert set(officers["thing_id"]) == set(small.index)
    assert officers.groupby("person_id").size().max() > 1
    assert officers.groupby("thing_id").size().max() > 1
    assert set(duties["person_id"]) == set(people.index)
    for layer, rows in duties.groupby("layer"):
        assert rows["thing_id"].isin(made[str(layer)].index).all()


def test_shopfronts_studios_and_culture_station(made: Tables) -> None:
    facilities = made["facilities"]
    shops = facilities[facilities["kind"] == "shopfront"]
    assert len(shops) == 648
    assert int(facilities["has_pledge"].sum()) == 648
    assert shops["has_pledge"].all()
    assert shops.geometry.to_wkb().is_unique
    assert int((facilities["kind"] == "studio").sum()) == 16
    station = facilities[facilities["kind"] == "culture_station"].iloc[0]
    assert station["floor_area_m2"] == 2_600
    assert station.geometry.area * 2 == pytest.approx(2_600, abs=0.01)


def test_six_projects_and_published_statistics(made: Tables) -> None:
    names = made["projects"]["name"].str.slice(0, 2)
    assert list(names) == ["一街", "一园", "一站", "一场", "一馆", "一廊"]
    stats = made["service_stats"].set_index("name")
    expected = {
        "大网格": (6, "eq"), "小网格": (17, "eq"), "近一个月收集问题": (436, "eq"), "新建改建公厕": (3, "eq"),
        "垃圾场改实践广场面积": (2_800, "approx"), "铁路俱乐部闲置地改小游园面积": (10, "eq"), "文化驿站面积": (2_600, "eq"),
        "铁路沿线背街长度": (800, "gt"), "3D 墙绘": (38, "eq"), "墙绘面积": (1_500, "approx"), "文创企业和工作室": (16, "eq"),
        "单间月租金（改造前）": (100, "lt"), "单间月租金（改造后）": (800, "approx"), "志愿服务队": (8, "eq"),
        "门前三包签约门店": (648, "eq"), "楼栋长": (54, "eq"), "街巷长": (9, "eq"), "美化阳台": (132, "eq"),
        "服务项目库": (12, "eq"), "服务项目": (200, "gt"),
    }  # fmt: skip
    assert {name: (row["value"], row["qualifier"]) for name, row in stats.iterrows()} == expected


def test_lane_along_the_railway_is_longer_than_800_m(made: Tables) -> None:
    streets = made["streets"].set_index("name")
    lane, railway = streets.geometry["铁路背街"], streets.geometry["铁路专用线"]
    assert 800 < lane.length < 900
    assert shapely.hausdorff_distance(lane, railway) < 40
    assert "天桥南路" in streets.index
    assert not streets["walkable"]["铁路专用线"]


def test_grids_tile_exactly(made: Tables, small: gpd.GeoDataFrame, large: gpd.GeoDataFrame) -> None:
    assert shapely.coverage_is_valid(small.geometry.to_numpy())
    assert shapely.coverage_is_valid(large.geometry.to_numpy())
    for parent_id, children in small.groupby("parent_id"):
        parent = large.geometry[parent_id]
        assert shapely.union_all(children.geometry.to_numpy()).equals(parent)
        assert children.geometry.area.sum() == pytest.approx(parent.area, abs=1e-6)
        vertices = {tuple(xy) for xy in shapely.get_coordinates(children.geometry.to_numpy())}
        assert {tuple(xy) for xy in shapely.get_coordinates(parent)} <= vertices
    whole = made["boundary"].geometry.iloc[0]
    assert large.geometry.area.sum() == pytest.approx(whole.area, abs=1e-6)


def test_grids_are_numbered_west_to_east_and_north_to_south(large: gpd.GeoDataFrame) -> None:
    centre = large.geometry.centroid
    for west, east in (("HL-01", "HL-02"), ("HL-03", "HL-04"), ("HL-05", "HL-06")):
        assert centre[west].x < centre[east].x
    assert centre["HL-01"].y > centre["HL-03"].y > centre["HL-05"].y


def test_buildings_are_plausible(made: Tables) -> None:
    b = made["buildings"]
    assert len(b) == 54
    assert b["built_year"].between(1975, 2003).all()
    assert (b["built_year"] <= 2000).mean() > 0.8
    assert ((b["floor_area_m2"] / (b.geometry.area * b["storeys"])) - 1).abs().max() < 0.02
    assert (b["hazard_grade"] == "D").sum() == 1
    assert (b["hazard_grade"] == "C").sum() >= 2
    assert b["hazard_grade"].isna().mean() > 0.5
    assert (b["households"] > 0).all()
    assert (b["elderly_residents"] < b["residents"]).all()
    assert 2_200 < b["households"].sum() < 2_600
    assert 0 < b["has_elevator"].sum() < 5


def test_buildings_do_not_touch_each_other_streets_or_parks(made: Tables, small: gpd.GeoDataFrame) -> None:
    b, streets = made["buildings"].geometry.to_numpy(), made["streets"]
    near = shapely.STRtree(b).query(b, predicate="dwithin", distance=5.0)
    assert (near[0] == near[1]).all()
    roads = shapely.union_all(streets.geometry.buffer(streets["width_m"] / 2).to_numpy())
    assert not shapely.intersects(b, roads).any()
    for key in ("parks", "parking", "sites"):
        assert not shapely.intersects(b, shapely.union_all(made[key].geometry.to_numpy())).any(), key
    areas = made["facilities"].geometry
    assert not shapely.intersects(b, shapely.union_all(areas[areas.geom_type == "Polygon"].to_numpy())).any()
    assert (grids_holding(made["buildings"], small) == 1).all()


def test_parks_and_lots_lie_in_one_grid_each_and_apart(made: Tables, small: gpd.GeoDataFrame) -> None:
    parks, lots = made["parks"], made["parking"]
    assert (grids_holding(parks, small) == 1).all()
    yards = lots[(lots["kind"] == "surface") & (lots["name"] == "院内停车场")]
    assert (grids_holding(yards, small) == 1).all()
    for shapes in (parks.geometry.to_numpy(), lots.geometry.to_numpy()):
        first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        assert (first == second).all()
    assert not shapely.intersects(yards.geometry.to_numpy(), shapely.union_all(parks.geometry.to_numpy())).any()


def test_bays_are_short_of_one_per_household(made: Tables) -> None:
    ratio = made["parking"]["bays"].sum() / made["buildings"]["households"].sum()
    assert 0.2 < ratio < 0.6
    assert set(made["parking"]["kind"]) == {"surface", "street"}


def test_sums_of_the_grids_are_those_of_the_buildings(
    made: Tables, small: gpd.GeoDataFrame, large: gpd.GeoDataFrame
) -> None:
    columns = ["households", "residents", "elderly_residents"]
    b = made["buildings"]
    inside = gpd.sjoin(b[[*columns, "geometry"]], small[["geometry"]], predicate="within")
    counted = inside.groupby("grid_id")[columns].sum()
    pd.testing.assert_frame_equal(small[columns], counted.reindex(small.index), check_dtype=False, check_names=False)
    pd.testing.assert_frame_equal(
        large[columns], small.groupby("parent_id")[columns].sum(), check_dtype=False, check_names=False
    )
    assert large["households"].sum() == b["households"].sum() == made["housing_estates"]["households"].sum()


def test_issues_lie_inside_and_some_on_a_border(made: Tables, small: gpd.GeoDataFrame) -> None:
    holding = grids_holding(made["issues"], small)
    assert (holding >= 1).all()
    assert 5 <= (holding > 1).sum() <= 15
    b = made["buildings"].geometry.to_numpy()
    assert not shapely.intersects(made["issues"].geometry.to_numpy(), shapely.union_all(b)).any()


def test_issues_are_dominated_by_the_six_named_types(made: Tables) -> None:
    many = made["issues"]["issue_type"].value_counts()
    assert set(many.index[:6]) == set(SIX)
    assert many[SIX].sum() / 436 > 0.75


def test_issues_are_thicker_in_the_old_west(made: Tables) -> None:
    b, issues = made["buildings"], made["issues"]
    middle = made["boundary"].geometry.iloc[0].centroid.x
    west = (issues.geometry.x < middle).sum() / b.loc[b.geometry.centroid.x < middle, "households"].sum()
    east = (issues.geometry.x >= middle).sum() / b.loc[b.geometry.centroid.x >= middle, "households"].sum()
    assert west > 2 * east


def test_issues_have_plausible_times(made: Tables) -> None:
    issues = made["issues"]
    days = issues["reported_at"].dt.date
    assert (days.min(), days.max(), days.nunique()) == (date(2021, 8, 2), date(2021, 8, 31), 30)
    assert issues["reported_at"].max() <= pd.Timestamp(AS_OF)
    assert issues["reported_at"].dt.hour.between(6, 21).all()
    assert (issues["due_at"] > issues["reported_at"]).all()
    closed = issues["closed_at"].dropna()
    assert (closed > issues.loc[closed.index, "reported_at"]).all()
    assert closed.max() <= pd.Timestamp(AS_OF)
    assert 0.65 < len(closed) / 436 < 0.75
    stand = standing(issues, AS_OF)
    assert stand["is_overdue"].sum() > 10
    assert stand["was_late"].sum() > 20


def test_issues_speak_the_words_of_the_standard_types(made: Tables) -> None:
    known = issue_types()
    issues = made["issues"]
    assert issues["issue_type"].isin(known.index).all()
    assert (issues["severity"] == issues["issue_type"].map({code: kind.severity for code, kind in KINDS.items()})).all()
    assert 3 <= (issues["severity"] == 5).sum() <= 12
    own = known.loc[issues["issue_type"].unique(), "severity"].astype(int)
    assert {code: KINDS[code].severity for code in own.index} == own.to_dict()


def test_descriptions_are_varied_and_plain(made: Tables) -> None:
    words = made["issues"]["description"]
    assert words.nunique() > 425
    assert words.str.contains(r"[一-鿿]").all()
    assert not words.str.contains(r"[<>{}]").any()
    assert made["issues"]["unit_in_charge"].notna().all()
    assert set(made["issues"]["source"]) == {"网格员巡查", "居民上报", "微信群", "12345热线"}


def test_nothing_looks_like_a_telephone_number_or_a_name(made: Tables) -> None:
    assert made["people"]["phone"].isna().all()
    assert made["people"]["name"].str.fullmatch(r"(网格员|楼栋长|街巷长)\d\d").all()
    for key, table in made.items():
        for column in table.columns.drop("geometry", errors="ignore"):
            if pd.api.types.is_string_dtype(table[column]):
                found = table[column].dropna().astype(str).map(lambda text: re.search(r"\d{7,}|\d{3,4}-\d{7,}", text))
                assert found.isna().all(), (key, column)


@pytest.mark.parametrize(
    ("limit", "unit", "expected"),
    [
        (4, "h", "2021-08-06 20:30"),
        (30, "d", "2021-09-05 18:00"),
        (5, "wd", "2021-08-13 18:00"),
        (4, "wh", "2021-08-07 10:30"),
    ],
)
def test_deadline_counts_by_unit(limit: float, unit: str, expected: str) -> None:
    assert deadline(pd.Timestamp("2021-08-06 16:30").to_pydatetime(), limit, unit) == pd.Timestamp(expected)


def test_build_gives_the_same_bytes_and_opens_without_problems(tmp_path: Path) -> None:
    said: list[str] = []
    build(tmp_path / "a", said.append)
    build(tmp_path / "b")
    for name in ("layers.gpkg", "workspace.toml"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    ws = open_workspace(tmp_path / "a")
    assert not ws.problems
    assert said
    assert ws.levels == (1, 2)
    assert ws.owner(ISSUES).notna().all()
    assert len(ws[GRIDS]) == 23
