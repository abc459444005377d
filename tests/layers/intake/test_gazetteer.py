"""Addresses find their places: in thirty spellings, against a city's own coordinates, and never by force."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import Workspace
from layers.intake.places.addresses import parts_of
from layers.intake.places.gazetteer import Gazetteer, gazetteer
from layers.intake.places.name_forms import name_key, one_slip_apart
from layers.intake.places.name_index import NameIndex
from layers.intake.places.thresholds import Thresholds, thresholds
from layers.standards import policy

CONFIDENCE_LIMIT = policy()["place_sure"]
HAN = "零一二三四五六七八九十"
WIDE = str.maketrans("0123456789ABC", "０１２３４５６７８９ＡＢＣ")


class House(NamedTuple):
    estate: str
    number: int
    grid_id: str
    street: str


SPELLINGS: Mapping[str, Callable[[House], str]] = {
    "plain": lambda h: f"{h.estate}{h.number}栋",
    "zhuang": lambda h: f"{h.estate}{h.number}幢",
    "lou": lambda h: f"{h.estate}{h.number}号楼",
    "hash": lambda h: f"{h.estate}{h.number}#楼",
    "bare hash": lambda h: f"{h.estate}{h.number}#",
    "seat": lambda h: f"{h.estate}{h.number}座",
    "ordinal": lambda h: f"{h.estate}第{h.number}栋",
    "numeral": lambda h: f"{h.estate}{HAN[h.number]}栋",
    "numeral lou": lambda h: f"{h.estate}{HAN[h.number]}号楼",
    "wide": lambda h: f"{h.estate}{h.number}栋".translate(WIDE),
    "wide lou": lambda h: f"{h.estate}{h.number}＃楼".translate(WIDE),
    "padded": lambda h: f"{h.estate}0{h.number}栋",
    "spaced": lambda h: f"{h.estate} {h.number} 栋",
    "blanks": lambda h: f"　{h.estate}　{h.number}号楼 ",
    "traditional": lambda h: f"{h.estate}{h.number}號樓",
    "invisible": lambda h: f"\ufeff{h.estate}\u200b{h.number}栋",
    "community": lambda h: f"活龙社区{h.estate}{h.number}栋",
    "whole": lambda h: f"永州市冷水滩区梅湾街道活龙社区{h.estate}{h.number}栋",
    "street": lambda h: f"{h.street}{h.estate}{h.number}栋",
    "street blank": lambda h: f"{h.street} {h.estate}{h.number}栋",
    "bracket": lambda h: f"{h.street}（{h.estate}{h.number}栋附近）",
    "bracketed number": lambda h: f"{h.estate}（{h.number}栋）",
    "beside": lambda h: f"{h.street}{h.estate}{h.number}栋旁",
    "stretch": lambda h: f"{h.street}靠{h.estate}{h.number}栋一段路面有个大坑，下雨就积水，请派单处置。",
    "at": lambda h: f"位于{h.estate}{h.number}号楼楼下",
    "label": lambda h: f"地址：{h.estate}，{h.number}栋",
    "gate": lambda h: f"{h.estate}{h.number}栋单元门口下水道堵了，污水漫到路面上",
    "downstairs": lambda h: f"{h.estate}{h.number}栋楼下",
    "room": lambda h: f"{h.estate}{h.number}栋501室",
    "unit": lambda h: f"{h.estate}{h.number}栋2单元",
    "unit room": lambda h: f"{h.estate}{HAN[h.number]}栋二单元五楼",
    "short": lambda h: f"{h.estate}{h.number}-2-501",
    "english comma": lambda h: f"{h.estate},{h.number}栋,2单元",
    "grid first": lambda h: f"第{h.grid_id[4:5]}大网格 {h.estate}{h.number}栋",
    "estate word": lambda h: f"{h.estate}小区{h.number}栋",
    "stem": lambda h: h.estate.removesuffix("小区").removesuffix("宿舍").removesuffix("家属院") + f"{h.number}栋",
    "slip": lambda h: h.estate[:1] + "某" + h.estate[2:] + f"{h.number}栋",
    "no estate": lambda h: f"{h.number}号楼",
}


def houses(ws: Workspace) -> pd.DataFrame:
    """Each house with its parts, the street next to it and its centre."""
    table = ws["buildings"]
    parts = [parts_of(str(name)) for name in table["name"]]
    streets = ws["streets"]
    near = [streets["name"].loc[streets.distance(shape).idxmin()] for shape in table.geometry]
    rows = [House(p.estate, int(p.building), g, s) for p, g, s in zip(parts, table["grid_id"], near, strict=True)]
    return pd.DataFrame({"house": rows, "x": table.centroid.x, "y": table.centroid.y}, index=table.index)


def off(placed: pd.DataFrame, x: object, y: object) -> np.ndarray:
    return np.hypot(placed["x_m"] - np.asarray(x), placed["y_m"] - np.asarray(y)).to_numpy()


@pytest.fixture(scope="module")
def of_huolong(huolong: Workspace) -> Gazetteer:
    return gazetteer({key: table for key, table in huolong.tables.items() if key != "issues"})


WITHOUT_PLACE = ("slip", "no estate")


@pytest.fixture(scope="module")
def spelt(huolong: Workspace, of_huolong: Gazetteer) -> pd.DataFrame:
    """Every house in every spelling: confidence, metres off, spelling."""
    known = houses(huolong)
    parts = []
    for name, spell in SPELLINGS.items():
        placed = of_huolong.place(known["house"].map(spell)).table
        parts.append(placed.assign(off=off(placed, known["x"], known["y"]), spelling=name))
    return pd.concat(parts)


def test_a_house_is_found_in_thirty_spellings(spelt: pd.DataFrame) -> None:
    assert len(SPELLINGS) >= 30
    sure = spelt["confidence"] >= CONFIDENCE_LIMIT
    placed = sure.groupby(spelt["spelling"]).mean().drop(list(WITHOUT_PLACE))
    assert placed.min() >= 0.95, placed.idxmin()
    assert (spelt["off"][sure] <= 30).mean() >= 0.99


def test_confidence_is_the_share_that_is_right(spelt: pd.DataFrame) -> None:
    band = pd.cut(spelt["confidence"], [-0.01, 0.2, CONFIDENCE_LIMIT - 0.001, 0.9, 1], labels=False)
    right = (spelt["off"] <= 30).groupby(band).mean()
    assert right[0] < 0.2
    assert (right[[2, 3]] >= 0.95).all()


def test_a_slip_of_the_pen_is_proposed_and_told_but_not_mapped(spelt: pd.DataFrame) -> None:
    slips = spelt[spelt["spelling"] == "slip"]
    assert (slips["off"] <= 30).all()
    assert (slips["confidence"] < CONFIDENCE_LIMIT).all()
    assert all("疑为" in reason.zh and "is taken for" in reason.en for reason in slips["reason"])


def test_a_number_without_estate_needs_the_grid(huolong: Workspace, of_huolong: Gazetteer) -> None:
    known = houses(huolong)
    texts = known["house"].map(SPELLINGS["no estate"])
    alone = of_huolong.place(texts)
    many = texts.map(texts.value_counts())
    assert (alone.sure == (many == 1)).all()
    assert all(alone.table["alternatives"][many > 1].map(len) > 0)
    hinted = of_huolong.place(texts, grid_hint=known["house"].map(lambda h: h.grid_id))
    assert hinted.sure.all()
    assert (off(hinted.table, known["x"], known["y"]) <= 30).all()
    named = of_huolong.place(texts, grid_hint=known["house"].map(lambda h: huolong["grids"]["name"][h.grid_id]))
    assert named.table["id"].tolist() == hinted.table["id"].tolist()


def test_a_house_outside_the_grid_that_is_given_waits_for_a_person(of_huolong: Gazetteer) -> None:
    found = of_huolong.place(pd.Series(["天桥花园3栋"]), grid_hint=pd.Series(["HL-01-01"]))
    assert not found.sure.any()
    assert found.table["level"].item() == "building"
    assert "不在所填网格内" in found.table["reason"].item().zh


@pytest.mark.parametrize("column", ["address", "description"])
def test_issues_of_the_community_lie_where_their_words_say(
    huolong: Workspace, of_huolong: Gazetteer, column: str
) -> None:
    issues = huolong["issues"]
    found = of_huolong.place(issues[column])
    away = off(found.table, issues.geometry.x, issues.geometry.y)
    assert found.sure.mean() >= 0.9
    assert (away[found.sure] <= 50).mean() >= 0.95


def test_a_unit_lies_along_the_house_and_a_side_outside_of_it(huolong: Workspace, of_huolong: Gazetteer) -> None:
    for name, house in huolong["buildings"].iterrows():
        texts = pd.Series(
            [f"{house['name']}{words}" for words in ("东单元", "西单元", "东侧", "北侧", "1单元西侧", "2单元")]
        )
        placed = of_huolong.place(texts)
        east, west, beyond, north, first, second = gpd.points_from_xy(placed.table["x_m"], placed.table["y_m"])
        shape, centre = house.geometry, house.geometry.centroid
        assert placed.sure.all()
        if placed.table["level"][0] == "unit":
            assert east.x > centre.x > west.x
            assert shape.buffer(3).covers(east)
        assert not shape.covers(beyond), name
        assert beyond.x > centre.x
        assert 0 < shape.distance(north) <= 3.01
        assert north.y > centre.y
        assert shape.distance(first) <= 3.01
        assert centre.distance(second) <= 15.01


def test_between_two_houses_and_opposite(of_huolong: Gazetteer, huolong: Workspace) -> None:
    both = huolong["buildings"].set_index("name").centroid
    found = of_huolong.place(pd.Series(["铁路二村3栋与4栋之间", "教师新村2栋对面"]))
    x = (both["铁路二村3栋"].x + both["铁路二村4栋"].x) / 2
    assert found.table["x_m"][0] == pytest.approx(x)
    assert found.sure.tolist() == [True, False]


def test_crossings_assets_streets_and_grids(of_huolong: Gazetteer, huolong: Workspace) -> None:
    texts = [
        "天桥南路与解放巷交叉口",
        "市场街公厕旁",
        "院内停车场",
        "工人巷路面有个大坑",
        "第3-2小网格",
        "育才小区",
        "某地",
        "",
    ]
    found = of_huolong.place(pd.Series(texts))
    levels = ["crossing", "landmark", "landmark", "street", "grid", "estate"]
    assert found.table["level"].tolist()[:6] == levels
    assert found.table["level"].isna().tolist()[6:] == [True, True]
    assert found.sure.tolist() == [True, True, *[False] * 6]
    streets = huolong["streets"].set_index("name").geometry
    at = shapely.Point(found.table["x_m"][0], found.table["y_m"][0])
    assert at.distance(streets["天桥南路"]) < 1
    assert at.distance(streets["解放巷"]) < 1
    assert found.points()[:2].tolist() == gpd.points_from_xy(found.table["x_m"][:2], found.table["y_m"][:2]).tolist()
    assert found.points()[2:].tolist() == [None] * 6
    assert found.to_confirm["confidence"].is_monotonic_decreasing
    assert len(found.to_confirm) == 6


def test_a_street_in_a_hinted_grid_is_its_part_there(of_huolong: Gazetteer, huolong: Workspace) -> None:
    grids, lines = huolong.grids(), huolong["streets"].set_index("name").geometry
    crossed = [i for i, shape in grids.geometry.items() if shape.intersection(lines["解放巷"]).length > 20]
    assert len(crossed) >= 3
    found = of_huolong.place(pd.Series(["解放巷"] * len(crossed)), grid_hint=pd.Series(crossed)).table
    points = gpd.points_from_xy(found["x_m"], found["y_m"])
    assert (found["level"] == "street").all()
    assert (found["confidence"] <= 0.5).all()
    assert all(grids.geometry[i].distance(point) < 0.01 for i, point in zip(crossed, points, strict=True))


def test_an_estate_without_such_a_house_is_not_taken_for_another(of_huolong: Gazetteer) -> None:
    found = of_huolong.place(
        pd.Series(["天桥花园9栋", "阳光花园3栋", "滨江育才小区3栋", "育才小区南区3栋", "天桥花园3栋"])
    )
    assert found.sure.tolist() == [False, False, False, False, True]
    assert "天桥花园内没有 9 号楼" in found.table["reason"][0].zh


def test_nothing_known_places_nothing() -> None:
    found = gazetteer({}).place(pd.Series(["铁路一村1栋", None, "12 Main St"], index=["a", "b", "c"]))
    assert found.table.index.tolist() == ["a", "b", "c"]
    assert found.table["x_m"].isna().all()
    assert (found.table["confidence"] == 0).all()
    assert found.table["reason"]["a"].en
    assert gazetteer({}).place(pd.Series([], dtype="str")).table.empty


def test_the_same_texts_give_the_same_places(huolong: Workspace, of_huolong: Gazetteer) -> None:
    issues = huolong["issues"]["address"]
    again = gazetteer({key: table for key, table in reversed(list(huolong.tables.items())) if key != "issues"})
    one, other = of_huolong.place(issues).table, again.place(issues).table
    pd.testing.assert_frame_equal(one, other)


CITY = Path(__file__).resolve().parents[2] / "data" / "intake" / "addresses"


@pytest.fixture(scope="module")
def requests() -> gpd.GeoDataFrame:
    """Requests of a real city on seventy streets."""
    table = pd.read_csv(CITY / "boston_requests.csv", dtype={"id": str}).set_index("id").rename_axis("issue_id")
    points = gpd.points_from_xy(table["x_m"], table["y_m"])
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:26986")


def test_earlier_tickets_place_later_ones(requests: gpd.GeoDataFrame) -> None:
    earlier, new = (requests[requests["part"] == part] for part in ("earlier", "new"))
    found = gazetteer({"issues": earlier}).place(new["address"])
    away = off(found.table, new["x_m"], new["y_m"])
    assert found.sure.mean() >= 0.7
    assert np.median(away[found.sure]) <= 1
    assert (away[found.sure] <= 50).mean() >= 0.95
    band = pd.cut(found.table["confidence"], [CONFIDENCE_LIMIT - 0.001, 0.94, 1], labels=False)
    assert (pd.Series(away <= 50, index=new.index).groupby(band).mean() >= 0.95).all()
    reckoned = found.table["reason"].map(lambda reason: "reckoned" in reason.en) & found.sure
    assert reckoned.sum() >= 50
    assert (away[reckoned] <= 50).mean() >= 0.95


def test_a_guess_does_not_become_evidence(requests: gpd.GeoDataFrame) -> None:
    known = requests[requests["address"].str.match(r"\d+ ")].head(1)
    assert gazetteer({"issues": known}).place(known["address"]).sure.all()
    assert not gazetteer({"issues": known}, unlearnt=set(known.index)).place(known["address"]).sure.any()


def test_names_of_a_great_city_are_told_apart() -> None:
    """Half of four hundred estates are known; none of the other half may be taken for one of them."""
    names = pd.read_csv(CITY / "hangzhou_estates.csv")["name"]
    known = np.arange(len(names)) % 2 == 0
    x = 1_000.0 * np.arange(len(names))
    boxes = shapely.box(x, 0.0, x + 40, 12)
    ids = pd.Index([f"b{n}" for n in range(len(names))], name="building_id")
    buildings = gpd.GeoDataFrame({"name": (names + "3幢").to_numpy()}, geometry=boxes, index=ids, crs="EPSG:4528")
    found = gazetteer({"buildings": buildings[known]})
    for words in ("{}3幢", "{}3号楼2单元", "杭州市西湖区{}3栋", "{}（近3#楼）"):
        placed = found.place(names.map(words.format))
        away = off(placed.table, x + 20, np.full(len(x), 6.0))
        assert placed.sure[known].mean() >= 0.95, words
        assert (away[known & placed.sure.to_numpy()] <= 30).all(), words
        assert placed.sure[~known].mean() <= 0.01, words


@pytest.mark.slow
@pytest.mark.parametrize(("history", "placed"), [(True, 0.78), (False, 0.03)])
def test_a_whole_city_is_placed_as_surely_as_is_said(boston: Workspace, history: bool, placed: float) -> None:  # noqa: FBT001
    """A year of requests: the first three quarters are known, of the rest only the addresses."""
    issues = boston["issues"]
    usable = (boston.place("issues") == "grid").to_numpy() & issues["address"].notna().to_numpy()
    issues = issues[usable].sort_values("reported_at", kind="stable")
    cut = len(issues) * 3 // 4
    earlier, new = issues.iloc[:cut], issues.iloc[cut:]
    layers = {key: table for key, table in boston.tables.items() if key != "issues"}
    found = gazetteer({**layers, "issues": earlier} if history else layers).place(new["address"])
    right = pd.Series(off(found.table, new.geometry.x, new.geometry.y) <= 50, index=new.index)
    assert found.sure.mean() >= placed
    assert right[found.sure].mean() >= 0.95
    bands = pd.cut(found.table["confidence"], [0, 0.2, CONFIDENCE_LIMIT - 0.001, 0.9, 1], labels=False)
    share = right.groupby(bands).mean()
    assert share[0] < 0.2
    assert (share.reindex([2, 3]).dropna() >= 0.95).all()


KEYS = st.text("铁路一村ab1 ", min_size=1, max_size=6).map(name_key).filter(bool)


@settings(deadline=None)
@given(st.lists(KEYS, min_size=1, max_size=20), st.text("铁路一村ab1 ", max_size=30).map(name_key))
def test_names_are_found_as_by_trying_each_one(keys: list[str], text: str) -> None:
    index = NameIndex({key: [0] for key in keys})
    expected, at = [], 0
    while at < len(text):
        ends = [at + len(key) for key in keys if len(key) >= 3 and text.startswith(key, at)]
        whole = [end for end in ends if not (cuts(text, at) or cuts(text, end))]
        expected += [(at, max(whole))] if whole else []
        at = max(whole, default=at + 1)
    assert [(hit.start, hit.end) for hit in index.inside(text)] == expected
    for key in keys:
        assert index.slips(key) == ()


def cuts(text: str, at: int) -> bool:
    """Tell whether a place in a text lies inside of a number or a Latin word."""
    if not 0 < at < len(text):
        return False
    pair = text[at - 1 : at + 1]
    return pair.isdigit() or (pair.isascii() and pair.isalpha())


@settings(deadline=None)
@given(st.lists(KEYS, min_size=1, max_size=20), KEYS)
def test_slips_are_found_as_by_trying_each_one(keys: list[str], key: str) -> None:
    found = NameIndex({one: [0] for one in keys}).slips(key)
    shortest = 7 if key.isascii() else 4
    asked = key not in keys and len(key) >= shortest
    expected = {one for one in keys if len(one) >= 3 and one_slip_apart(key, one)} if asked else set()
    assert set(found) == expected


def test_reasons_are_said_in_both_languages(spelt: pd.DataFrame) -> None:
    for reason in spelt["reason"]:
        assert reason.zh
        assert reason.en
        assert "{" not in reason.zh + reason.en
    assert not any(math.isnan(value) for value in spelt["confidence"])


def test_a_workspace_may_set_when_a_place_is_sure_and_near(huolong: Workspace, tmp_path: Path) -> None:
    layers = {key: table for key, table in huolong.tables.items() if key != "issues"}
    texts = pd.Series(["铁路一村", "铁路一村1栋"])
    shipped = gazetteer(layers).place(texts)
    (tmp_path / "standards").mkdir()
    own = tmp_path / "standards" / "policy.csv"
    own.write_text("key,value\nplace_sure,0.05\nplace_right_m,400\n", "utf-8")
    assert thresholds(tmp_path) == thresholds(None)._replace(sure=0.05, right_m=400)
    found = gazetteer(layers, folder=tmp_path).place(texts)
    assert shipped.sure.tolist() == [False, True]
    assert found.sure.tolist() == [True, True]
    assert found.table["confidence"][0] > shipped.table["confidence"][0]
    own.write_text("key,value\nplace_sure,0.999\n", "utf-8")
    assert not gazetteer(layers, folder=tmp_path).place(texts).sure.any()


def test_every_threshold_is_a_number_of_policy() -> None:
    assert {f"place_{name}" for name in Thresholds._fields} == {name for name in policy() if name.startswith("place_")}
