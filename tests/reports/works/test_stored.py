"""What people decide of items is stored with author and date, taken back as one, and never guessed."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import DataError
from layers import Workspace, open_workspace
from layers.intake.history import undo
from reports.works import items_of, proposals, store_items, total_of
from reports.works.catalogue import codes_of
from reports.works.desk import added, all_items, changed, decided, edited
from reports.works.money import totals_by
from reports.works.sanity import RATIOS, published, sanity
from reports.works.stored import WorksError, decisions
from tests.reports.works.works_sample import works_community

AT = datetime(2024, 6, 2, 9, 30)  # noqa: DTZ001 (workspaces keep naive local time)
PIPES, ROAD = "DRAINAGE.s1@W1", "ROADS.s1@W1"


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return open_workspace(works_community(tmp_path / "sample"))


def _again(ws: Workspace) -> Workspace:
    return open_workspace(ws.folder)


def test_author_and_date_are_kept_and_one_undo_takes_it_back(ws: Workspace) -> None:
    done = store_items(ws, decided(all_items(ws), [PIPES, ROAD], "accepted"), " 王工 ", note="第一批", at=AT)
    after = _again(ws)
    items = items_of(after)
    assert items.loc[PIPES, ["decision", "decided_by"]].tolist() == ["accepted", "王工"]
    assert items.loc[PIPES, "decided_at"] == pd.Timestamp(AT)
    assert items.loc[ROAD, "requires"] == PIPES
    assert (done.record["works"]["new"], done.record["rows_added"]) == ([PIPES, ROAD], 2)
    assert decisions(after)[["author", "note", "items", "new"]].to_numpy().tolist() == [["王工", "第一批", 2, 2]]
    undo(ws.folder)
    assert items_of(_again(ws)).empty


def test_changes_are_told_cell_by_cell(ws: Workspace) -> None:
    store_items(ws, decided(all_items(ws), [PIPES], "accepted"), "王工", at=AT)
    after = _again(ws)
    done = store_items(after, changed(all_items(after), PIPES, {"quantity": "50"}), "李工", at=AT)
    cells = {one["column"]: (one["old"], one["new"]) for one in done.record["works"]["changes"]}
    assert cells["quantity"] == ("100.0", "50.0")
    assert cells["cost_yuan"] == ("105000.0", "52500.0"), "an estimate follows its quantity"
    assert items_of(_again(ws)).loc[PIPES, "decided_by"] == "李工"


def test_a_stated_amount_needs_no_range(ws: Workspace) -> None:
    row = changed(all_items(ws), ROAD, {"cost_yuan": "120,000"})
    assert row["cost_yuan"].tolist() == [120_000.0]
    assert row[["cost_low_yuan", "cost_high_yuan"]].isna().all(axis=None)
    assert row["qualifier"].tolist() == ["eq"]


def test_an_item_of_ones_own(ws: Workspace) -> None:
    store_items(ws, added(ws, {"name": "社区大门", "renewal_item": "安防", "must_do": "是"}), "李工", at=AT)
    after = _again(ws)
    own = items_of(after).loc["OWN-0001"]
    assert own[["code", "item_class", "origin", "decision"]].tolist() == [
        "SECURITY_BASIC",
        "basic",
        "person",
        "accepted",
    ]
    assert own["must_do"] is True or bool(own["must_do"])
    assert own["cost_from"] == "unknown"
    assert added(after, {"name": "又一项"}).index.tolist() == ["OWN-0002"]


def test_an_edited_table_gives_only_what_changed(ws: Workspace) -> None:
    known = all_items(ws)
    shown = known[["name", "quantity", "decision"]].copy()
    assert edited(known, shown).empty
    shown.loc[ROAD, "decision"] = "accepted"
    found = edited(known, shown)
    assert found.index.tolist() == [ROAD]
    assert found["decision"].tolist() == ["accepted"]


def test_a_declined_item_comes_first_no_more(ws: Workspace) -> None:
    known = all_items(ws)
    store_items(ws, pd.concat([decided(known, [PIPES], "declined"), decided(known, [ROAD], "accepted")]), "王工", at=AT)
    items = items_of(_again(ws))
    assert pd.isna(items.loc[ROAD, "requires"])
    assert not items.loc[PIPES, "is_open"]


@pytest.mark.parametrize(
    ("author", "cells"),
    [("", {"decision": "accepted"}), ("a", {"decision": "perhaps"}), ("a", {"colour": "red"})],
    ids=["no author", "no decision", "no column"],
)
def test_nonsense_is_refused(ws: Workspace, author: str, cells: dict[str, str]) -> None:
    with pytest.raises(WorksError):
        store_items(ws, proposals(ws).iloc[:1].assign(**cells), author)
    with pytest.raises(WorksError):
        store_items(ws, proposals(ws).iloc[:0], "a")
    with pytest.raises(WorksError):
        decided(all_items(ws), ["nothing"], "accepted")
    with pytest.raises(WorksError):
        changed(all_items(ws), PIPES, {"quantity": "many"})
    with pytest.raises(WorksError):
        added(ws, {"quantity": "1"})
    with pytest.raises(WorksError):
        added(ws, {"name": "x", "must_do": "perhaps"})


def test_a_negative_amount_does_not_get_in(ws: Workspace) -> None:
    with pytest.raises(DataError):
        store_items(ws, changed(all_items(ws), ROAD, {"cost_yuan": "-5"}), "王工")
    assert items_of(_again(ws)).empty


def test_sums_say_what_is_missing(huolong: Workspace) -> None:
    kept = items_of(huolong)
    total = total_of(kept)
    assert (total.items, total.without_amount) == (11, 11)
    assert total.words.en == "none of 11 items has an amount"
    found = proposals(huolong)
    parts = totals_by(found, "item_class")
    whole = total_of(found)
    assert parts["known_yuan"].sum() == pytest.approx(whole.known_yuan)
    assert parts["without_amount"].sum() == whole.without_amount
    assert whole.low_yuan < whole.known_yuan < whole.high_yuan
    assert f"{whole.without_amount} 项金额未知" in whole.words.zh
    assert total_of(found[found["cost_yuan"].notna()]).is_whole


def test_items_of_projects_lie_where_the_project_lies(huolong: Workspace) -> None:
    kept = items_of(huolong)
    assert kept.loc["HL-Y01", ["grid_id", "project_status"]].tolist() == ["HL-03-03", "working"]
    assert not kept["is_open"].any(), "all are done or under way"
    assert kept.loc[["HL-Y02", "HL-Y04", "HL-Y10"], "code"].tolist() == ["OVERHEAD_LINES", "PUBLIC_TOILET", "MURALS"]
    assert codes_of(pd.Series(["社区", None, "没有"]), huolong).isna().iloc[1:].all()


def test_published_ratios_are_those_of_the_notices(huolong: Workspace) -> None:
    by_home, by_m2 = published(huolong, "yuan_per_household")["value"], published(huolong, "yuan_per_m2")["value"]
    assert by_home["hangzhou_shuyuan"] == pytest.approx(23_450, abs=1)
    assert by_home["kunming_xishan"] == pytest.approx(8_715, abs=1)
    assert by_m2["hangzhou_shuyuan"] == pytest.approx(440, abs=0.5)
    assert by_m2["kunming_xishan"] == pytest.approx(158, abs=0.5)
    assert by_m2["kunming_xishan_2022"] == pytest.approx(255, abs=0.5)
    assert published(huolong, "road_m2_per_household")["value"]["kunming_yongchang"] == pytest.approx(5.97, abs=0.01)


def test_where_a_sum_lies(huolong: Workspace) -> None:
    found = proposals(huolong)
    part = sanity(huolong, found)
    assert set(part.index) == set(RATIOS)
    assert part.loc["yuan_per_household", ["verdict", "at_least"]].tolist() == ["known_below", True]
    assert part.loc["yuan_per_household", "ours"] == pytest.approx(
        found["cost_yuan"].sum() / huolong.grids()["households"].sum()
    )
    assert sanity(huolong, found[found["cost_yuan"].isna()]).loc["yuan_per_m2", "verdict"] == "too_few"
    priced = found[found["cost_yuan"].notna()]
    by = 10_000 * float(huolong.grids()["households"].sum()) / priced["cost_yuan"].sum()
    assert (
        sanity(huolong, priced.assign(cost_yuan=priced["cost_yuan"] * by)).loc["yuan_per_household", "verdict"]
        == "within"
    )
    assert (
        sanity(huolong, priced.assign(cost_yuan=priced["cost_yuan"] * by * 9)).loc["yuan_per_household", "verdict"]
        == "above"
    )
