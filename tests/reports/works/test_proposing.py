"""Items are proposed once for a place, with quantities from its shape and costs from the table of prices."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from layers import Workspace, open_workspace
from reports.works import proposals, propose, store_items, total_of
from reports.works.desk import all_items, decided
from tests.reports.works.works_sample import issue_table, site_table, works_community
from tests.samples import frame, overrule, point


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_workspace(works_community(tmp_path_factory.mktemp("works") / "sample"))


@pytest.fixture(scope="module")
def items(ws: Workspace) -> pd.DataFrame:
    return proposals(ws)


def test_pipes_of_a_street_are_one_item_at_the_price_of_the_dearest_work(items: pd.DataFrame) -> None:
    pipes = items.loc["DRAINAGE.s1@W1"]
    assert (pipes["quantity"], pipes["unit"]) == (100.0, "m")
    assert (pipes["cost_low_yuan"], pipes["cost_high_yuan"], pipes["cost_yuan"]) == (60_000, 150_000, 105_000)
    assert pipes["origin_ids"] == "i03|i05"
    assert (pipes["grid_id"], pipes["large_grid_id"], pipes["item_class"]) == ("W1", "W", "basic")
    assert pipes["name"] == "南街 · SW：排水管网改造"


def test_paving_is_length_by_width_and_comes_after_the_pipes(items: pd.DataFrame) -> None:
    road = items.loc["ROADS.s1@W1"]
    assert (road["quantity"], road["cost_low_yuan"], road["cost_high_yuan"]) == (500.0, 40_000, 175_000)
    assert road["requires"] == "DRAINAGE.s1@W1"
    assert pd.isna(items.loc["DRAINAGE.s1@W1", "requires"])


def test_covers_are_counted_and_danger_must_be_done(items: pd.DataFrame) -> None:
    cover = items.loc["DRAINAGE.s1@E1.each"]
    assert (cover["quantity"], cover["cost_low_yuan"], cover["must_do"]) == (1.0, 600, True)
    assert not items.loc["ROADS.s1@W1", "must_do"]


def test_what_no_shape_or_price_tells_stays_unknown(items: pd.DataFrame) -> None:
    hazard = items.loc["HAZARD_REPAIR.b2"]
    assert (hazard["quantity"], hazard["origin"], hazard["must_do"]) == (400.0, "indicator", True)
    assert np.isnan(hazard["cost_yuan"])
    assert np.isnan(items.loc["PUBLIC_TOILET.E2", "quantity"])
    total = total_of(items)
    assert total.without_amount == int(items["cost_yuan"].isna().sum()) > 0
    assert total.words.en.startswith("at least ")
    assert total.words.zh.startswith("至少 ")


def test_every_open_issue_is_accounted_for(ws: Workspace, items: pd.DataFrame) -> None:
    counts = propose(ws).meta["issues"]
    assert isinstance(counts, dict)
    parts = [counts[key] for key in ("claiming", "management_or_other", "untyped", "in_no_grid")]
    assert counts["open_issues"] == sum(parts) == int(ws.standing["is_open"].sum())
    named = {one for cell in items["origin_ids"] for one in cell.split("|")}
    assert len(named & set(ws["issues"].index)) == counts["claiming"]


def test_the_order_of_rows_changes_nothing(items: pd.DataFrame, tmp_path: Path) -> None:
    other = open_workspace(works_community(tmp_path / "other", {"issues": issue_table().iloc[::-1]}))
    pd.testing.assert_frame_equal(proposals(other), items)


def test_lamps_for_the_dark_part_of_a_street(tmp_path: Path) -> None:
    lamps = frame({"works": [True]}, ["l1"], "light_id", [point(10, 20)])
    found = proposals(open_workspace(works_community(tmp_path / "lamps", {"lights": lamps})))
    dark = found.loc["LIGHTING.s1@E1"]  # all of the 100 m in E1, two lamps of 70 m would be too many for 100
    assert (dark["quantity"], dark["unit"], dark["origin"]) == (1.0, "盏", "indicator")
    assert (dark["cost_low_yuan"], dark["cost_high_yuan"]) == (2_500, 6_000)


def test_missing_bays_are_a_count(tmp_path: Path) -> None:
    bays = frame({"bays": pd.array([10], dtype="Int64")}, ["k1"], "parking_id", [point(10, 20)])
    found = proposals(open_workspace(works_community(tmp_path / "bays", {"parking": bays})))
    assert found.loc["PARKING.W1", "quantity"] == 40  # half a bay for 100 households, less 10
    assert found.loc["PARKING.E2", "quantity"] == 50
    assert found.loc["PARKING.W1", ["cost_low_yuan", "cost_high_yuan"]].tolist() == [120_000, 320_000]


def test_a_planned_site_is_one_item_and_an_idle_one_has_rivals(tmp_path: Path) -> None:
    planned = proposals(open_workspace(works_community(tmp_path / "a", {"sites": site_table("口袋公园", "planned")})))
    assert planned.loc["CULTURE_LEISURE.x1", ["quantity", "cost_low_yuan"]].tolist() == [900, 270_000]
    idle = proposals(open_workspace(works_community(tmp_path / "b", {"sites": site_table(None, None)})))
    assert idle.loc["CULTURE_LEISURE.x1", "excludes"] == "PARKING.x1"
    assert idle.loc["PARKING.x1", "excludes"] == "CULTURE_LEISURE.x1"
    done = proposals(open_workspace(works_community(tmp_path / "c", {"sites": site_table("口袋公园", "done")})))
    assert not any(str(one).endswith(".x1") for one in done.index)


def test_what_is_stored_is_not_proposed_again(tmp_path: Path) -> None:
    folder = works_community(tmp_path / "stored")
    ws = open_workspace(folder)
    store_items(ws, decided(all_items(ws), ["DRAINAGE.s1@W1"], "declined"), "王工")
    after = open_workspace(folder)
    assert "DRAINAGE.s1@W1" not in proposals(after).index
    assert pd.isna(proposals(after).loc["ROADS.s1@W1", "requires"]) or "DRAINAGE" in str(
        proposals(after).loc["ROADS.s1@W1", "requires"]
    )


def test_policy_moves_the_reach_of_a_street(tmp_path: Path) -> None:
    folder = overrule(works_community(tmp_path / "reach"), item_street_m=0.5)
    ws = open_workspace(folder)
    assert "DRAINAGE.s1@W1" in proposals(ws).index, "the issues lie on the line"
    far = issue_table()
    far.loc["i05", "geometry"] = point(24, 28)
    moved = open_workspace(overrule(works_community(tmp_path / "far", {"issues": far}), item_street_m=0.5))
    assert proposals(moved).loc["DRAINAGE.W1", "origin_ids"] == "i05"


def test_names_follow_the_language_asked_for(ws: Workspace) -> None:
    english = proposals(ws, lang="en")
    assert english.loc["DRAINAGE.s1@W1", "name"] == "南街, SW: new drains"
    assert english.loc["DRAINAGE.s1@E1.each", "unit"] == "each"
    assert english.index.equals(proposals(ws).index)


def test_huolong_has_items_from_issues_and_gaps(huolong: Workspace) -> None:
    found = propose(huolong)
    items, counts = found.items, found.meta["issues"]
    assert isinstance(counts, dict)
    assert counts["open_issues"] == int(huolong.standing["is_open"].sum())
    assert len(items) > 100
    assert items.index.is_unique
    assert set(items["origin"]) == {"issue", "indicator"}
    assert items["grid_id"].notna().sum() + items["large_grid_id"].notna().sum() > len(items)
    here = set(items.index)
    named = {one for cell in items["requires"].dropna() for one in cell.split("|")}
    assert named
    assert named <= here
    bays = items[items["code"] == "PARKING"]["quantity"]
    assert bays.sum() == 398, "as the health check counts them"
