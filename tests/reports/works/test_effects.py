"""Need removed is what a new ranking would find, and together items remove what is there and no more."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import Workspace
from reports import Ranking, rank, read_criteria
from reports.criteria import Criteria
from reports.gridworks.redraw import reopened
from reports.works import Effects, effects, need_removed, proposals

UNMOVED = "overdue_share_pct"
"""The one measure whose denominator moves when issues are closed; need removed keeps that of today."""


def _criteria(*, minmax: bool = False) -> Criteria:
    base = read_criteria().reweighed({UNMOVED: 0.0})
    return Criteria(base.items, "minmax" if minmax else "goalposts")


@pytest.fixture(scope="module")
def items(huolong: Workspace) -> pd.DataFrame:
    return proposals(huolong)


@pytest.fixture(scope="module")
def ranking(huolong: Workspace) -> Ranking:
    return rank(huolong, criteria=_criteria(), draws=1)


@pytest.fixture(scope="module")
def found(ranking: Ranking, items: pd.DataFrame) -> Effects:
    return effects(ranking, items)


def _fall(before: Ranking, after: Workspace) -> float:
    new = rank(after, criteria=before.criteria, draws=1)
    return float(((before.total - new.total) * before.measures.households).sum())


def _closed(ws: Workspace, ids: list[str]) -> Workspace:
    issues = ws["issues"].copy()
    issues.loc[ids, "closed_at"] = pd.Timestamp(ws.manifest.as_of)
    return replace(ws, tables=MappingProxyType({**ws.tables, "issues": issues}))


def test_closing_the_issues_of_an_item_is_exact(
    huolong: Workspace, ranking: Ranking, items: pd.DataFrame, found: Effects
) -> None:
    chosen = items[items["code"].isin(["ROADS", "DRAINAGE", "ROOF"])].index[::6]
    assert len(chosen) > 4
    for item in chosen:
        ids = items.loc[item, "origin_ids"].split("|")
        assert found.by_item.loc[item, "alone"] == pytest.approx(_fall(ranking, _closed(huolong, ids)), abs=1e-6)


def test_adding_bays_is_exact(huolong: Workspace, ranking: Ranking, items: pd.DataFrame, found: Effects) -> None:
    item = "PARKING.HL-02-02"
    assert items.loc[item, "origin"] == "indicator"
    grid = huolong.grids().loc["HL-02-02"].geometry
    row = gpd.GeoDataFrame(
        {"bays": [int(items.loc[item, "quantity"])]}, index=pd.Index(["new"], name="parking_id"),
        geometry=[grid.representative_point()], crs=huolong["parking"].crs,
    )  # fmt: skip
    after = reopened(huolong, {"parking": pd.concat([huolong["parking"], row])})
    assert found.by_item.loc[item, "alone"] == pytest.approx(_fall(ranking, after), abs=1e-6)


def test_mending_a_dangerous_building_is_exact(
    huolong: Workspace, ranking: Ranking, items: pd.DataFrame, found: Effects
) -> None:
    item = "HAZARD_REPAIR.HL-B03"
    assert items.loc[item, "origin_ids"] == "B-HAZ"
    buildings = huolong["buildings"].copy()
    buildings.loc["HL-B03", "hazard_grade"] = "A"
    after = replace(huolong, tables=MappingProxyType({**huolong.tables, "buildings": buildings}))
    assert found.by_item.loc[item, "alone"] == pytest.approx(_fall(ranking, after), abs=1e-6)


def test_parts_add_up_to_what_all_remove_together(
    huolong: Workspace, ranking: Ranking, items: pd.DataFrame, found: Effects
) -> None:
    together = found.together(list(items.index))
    assert found.by_item["share"].sum() == pytest.approx(together)
    ids = [one for cell in items["origin_ids"] for one in cell.split("|") if one in huolong["issues"].index]
    assert together > _fall(ranking, _closed(huolong, ids)) > 0, "gaps are filled as well"


def test_one_item_alone_is_that_item_together(items: pd.DataFrame, found: Effects) -> None:
    for item in items.index[::9]:
        assert found.together([item]) == pytest.approx(found.by_item.loc[item, "alone"], abs=1e-9)
    assert found.together([]) == 0.0


@settings(max_examples=25)
@given(st.data())
def test_more_items_never_remove_less(items: pd.DataFrame, found: Effects, data: st.DataObject) -> None:
    some = data.draw(st.sets(st.sampled_from(list(items.index)), max_size=20))
    more = data.draw(st.sets(st.sampled_from(list(items.index)), max_size=20))
    assert found.together(some | more) >= max(found.together(some), found.together(more)) - 1e-9


def test_an_issue_is_closed_once(ranking: Ranking, items: pd.DataFrame) -> None:
    twice = items.loc[["ROADS.HL-S16@HL-05-02"]]
    copy = twice.rename(index={"ROADS.HL-S16@HL-05-02": "copy"})
    found = effects(ranking, pd.concat([twice, copy]))
    assert found.together(list(found.by_item.index)) == pytest.approx(found.by_item["alone"].iloc[0])
    assert found.by_item["share"].sum() == pytest.approx(found.by_item["alone"].iloc[0])


def test_what_lies_beyond_the_goalpost_has_to_come_down_first(items: pd.DataFrame, found: Effects) -> None:
    one = [item for item in items.index if item.startswith("HAZARD_REPAIR.HL-B2")]
    assert len(one) == 3, "three of four surveyed buildings of one grid: 75 % where 30 % is the worst goalpost"
    assert found.together(one) > found.by_item.loc[one, "alone"].sum()


def test_declined_items_remove_nothing(ranking: Ranking, items: pd.DataFrame) -> None:
    assert need_removed(ranking, items.assign(is_open=False)).eq(0).all()
    assert (need_removed(ranking, items) >= 0).all()
    assert (need_removed(ranking, items, as_part=True) >= 0).all()


def test_min_max_keeps_the_posts_of_today(huolong: Workspace, items: pd.DataFrame) -> None:
    found = effects(rank(huolong, criteria=_criteria(minmax=True), draws=1), items)
    assert (found.by_item["alone"] >= 0).all()
    assert found.by_item["share"].sum() == pytest.approx(found.together(list(items.index)))


def test_the_large_grids_are_counted_too(huolong: Workspace, items: pd.DataFrame) -> None:
    found = effects(rank(huolong, level=1, criteria=_criteria(), draws=1), items)
    assert found.meta["level"] == 1
    assert found.by_item.loc["PARKING.HL-06-02", "alone"] > 0
    assert np.isfinite(found.by_item["alone"]).all()


def test_no_items_and_no_issues(ranking: Ranking, items: pd.DataFrame, huolong: Workspace, tmp_path: Path) -> None:
    assert tmp_path.is_dir()
    none = effects(ranking, items.iloc[:0])
    assert none.by_item.empty
    assert none.together([]) == 0.0
    tables = {key: table for key, table in huolong.tables.items() if key != "issues"}
    bare = replace(huolong, tables=MappingProxyType(tables))
    assert len(effects(rank(bare, draws=1), items).by_item) == len(items)
