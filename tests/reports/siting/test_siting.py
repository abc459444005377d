"""Where to build in the small community by hand, and in the bundled one: what is served, proven, left out and shared."""

import json
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from cli import main
from geo.errors import DataError, PlanError
from layers import Workspace
from reports.siting import GROUNDS, MODELS, candidates, gainers, grid_gains, site, uncoverable
from reports.siting.parking import centres, parking_along, parking_around
from reports.siting.siting import solved
from reports.siting.wants import wants
from tests.reports.service.test_coverage import streets, town
from tests.samples import box, frame, overrule


def wide(width_m: float = 12.0) -> gpd.GeoDataFrame:
    return streets().assign(width_m=[width_m, width_m, np.nan, 4.0])


def land() -> gpd.GeoDataFrame:
    """A free site in the north west, one that is built on, and one that is too small."""
    rows = {"name": ["闲置地", "口袋公园", "边角"], "status": [None, "done", None]}
    return frame(rows, ["x1", "x2", "x3"], "site_id", [box(40, 150, 20, 20), box(0, 0, 20, 20), box(80, 150, 4, 4)])


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return town(tmp_path_factory.mktemp("siting") / "town", {"streets": wide(), "sites": land()})


def test_candidates_are_free_sites_and_wide_streets(five: Workspace) -> None:
    """Two lanes of 200 m are wide enough, in parts of 50 m; the bridge is of unknown width, the railway no street."""
    found = candidates(five, "toilets")
    assert found.table.index.tolist()[0] == "x1"
    assert dict(found.table["ground"].value_counts()) == {"streets": 8, "sites": 1}
    assert [one.en for one in found.left_out] == [
        "sites already used, under way or too small: 2", "streets of unknown width: 1",
    ]  # fmt: skip
    assert found.table.loc["s2@25", "place_id"] == "s2"
    assert candidates(five, "parks").table.index.tolist() == ["x1"]
    assert candidates(five, "toilets", grounds=["parks"]).table.index.tolist() == ["p1"]
    assert set(found.grounds) <= set(GROUNDS)


def test_without_land_and_widths_parks_are_tried(tmp_path: Path) -> None:
    found = candidates(town(tmp_path / "town"), "toilets")
    assert found.table.index.tolist() == ["p1"]
    assert "instead" in found.left_out[0].en


def test_one_new_toilet_by_hand(five: Workspace) -> None:
    """On foot b3 and b4 (50 households each) are beyond 120 m; a place 25 m along the north lane serves both."""
    found = site(five, "toilets", count=1, metres=120, walk=True)
    assert found.proven
    assert found.chosen["adds"].tolist() == [100]
    assert list(found.people().loc["households", ["known", "before", "after", "gained"]]) == [300, 200, 300, 100]
    assert (found.objective, found.bound, found.gap) == (100, 100, 0)
    assert gainers(five, found).index.tolist() == ["b3", "b4"]
    assert gainers(five, found)["before_m"].tolist() == [460, 420]
    assert (gainers(five, found)["after_m"] <= 120).all()
    by_grid = grid_gains(five, found)
    assert by_grid["gained"].sum() == 100
    assert (by_grid["after"] >= by_grid["before"]).all()
    assert len(uncoverable(five, found)) == 0
    # of equal answers the cheapest: the footway, not the building on the site; of those the first
    assert found.chosen.index.tolist() == ["s2@25"]
    assert site(five, "toilets", count=1, metres=120, walk=True, grounds=["sites"]).chosen.index.tolist() == ["x1"]


def test_a_railway_parts_what_a_straight_line_joins(five: Workspace) -> None:
    line = site(five, "toilets", count=1, metres=120)
    assert line.people().loc["households", "before"] == 250  # b3 too
    assert line.meta["way"] == "straight line"


@pytest.mark.parametrize("model", [key for key in MODELS if key != "backup"])
def test_every_model_serves_no_less(five: Workspace, model: str) -> None:
    found = site(five, "toilets", count=2, metres=120, walk=True, model=model)
    row = found.people().loc["households"]
    assert row["after"] >= row["before"]
    assert found.proven
    assert (found.after_m <= found.wants.metres).all()
    assert found.chosen["adds"].sum() == pytest.approx(row["gained"])


def test_fewest_for_all_and_backup(five: Workspace) -> None:
    least = site(five, "toilets", metres=120, walk=True, model="lscp")
    assert (len(least.chosen), least.feasible) == (1, True)
    few = site(five, "toilets", count=1, metres=60, walk=True, model="backup")
    assert few.status == "infeasible"
    assert few.chosen.empty


def test_most_covered_is_that_of_all_sets(five: Workspace) -> None:
    asked, where = wants(five, "toilets", metres=45, walk=True), candidates(five, "toilets")
    from reports.siting.wants import ways_to  # noqa: PLC0415 (only here)

    near = ways_to(asked, where.shapes, np.arange(5), limit_m=45) <= 45
    for count in (1, 2, 3):
        best = max(
            asked.sum((asked.before | near[:, list(one)].any(axis=1)) & asked.known)
            for one in combinations(range(near.shape[1]), count)
        )
        found = solved(five, "toilets", asked, where, model="mclp", count=count)
        assert found.people().loc["households", "after"] == best


def test_a_budget_is_kept_and_unknown_costs_stay_out(five: Workspace, tmp_path: Path) -> None:
    found = site(five, "toilets", count=3, metres=45, walk=True, budget_yuan=300_000)
    assert found.chosen["cost_yuan"].sum() <= 300_000
    with pytest.raises(PlanError):
        site(five, "parks", count=1, budget_yuan=1_000_000)  # no cost of a park is on record
    dear = town(tmp_path / "dear", {"streets": wide(), "sites": land()})
    overrule(dear.folder, site_toilet_street_yuan=900_000)
    assert site(dear, "toilets", count=1, metres=120, walk=True).chosen.index.tolist() == ["x1"]


def test_what_nothing_reaches_is_listed_first(five: Workspace) -> None:
    found = site(five, "toilets", count=1, metres=35, walk=True, grounds=["sites"])
    assert set(uncoverable(five, found).index) >= {"b3"}
    assert site(five, "toilets", metres=35, walk=True, model="lscp", grounds=["sites"]).feasible is False


def test_nonsense_is_refused(five: Workspace, tmp_path: Path) -> None:
    for wrong in ({"count": None}, {"count": 0}, {"count": 1, "model": "luck"}):
        with pytest.raises(PlanError):
            site(five, "toilets", **wrong)
    with pytest.raises(DataError):
        site(five, "cinemas", count=1)
    with pytest.raises(PlanError):
        site(town(tmp_path / "bare", {"parks": None}), "toilets", count=1)


def test_the_bundled_community(huolong: Workspace) -> None:
    found = site(huolong, "toilets", count=1, walk=True)
    row = found.people()
    assert list(row.loc["households", ["before", "after", "known"]]) == [1990, 2208, 2352]
    assert grid_gains(huolong, found, 1)["gained"].sum() == 218
    assert len(site(huolong, "toilets", walk=True, model="lscp").chosen) == 2


def test_parking_around_a_centre_and_along_a_route(huolong: Workspace) -> None:
    centre = centres(huolong).index[0]
    plan = parking_around(huolong, centre)
    assert plan.metres == 300
    night = plan.by_time.loc["night"]
    assert night["wanted"] == pytest.approx(plan.households * 0.5 * 1.05)
    assert night["gap_before"] == pytest.approx(max(night["wanted"] - night["bays"], 0))
    assert night["gap_after"] == pytest.approx(max(night["gap_before"] - night["addable"], 0))
    assert plan.spots["bays"].sum() == night["addable"]
    assert (plan.spots["bays"] <= plan.spots["sides"] * plan.spots["length_m"] / 6 + 1e-9).all()
    streets_table = huolong["streets"]
    assert (streets_table["width_m"][[one.split("/")[0] for one in plan.spots.index]] >= 6.5).all()
    near = parking_around(huolong, centre, metres=150)
    assert set(near.homes) <= set(plan.homes)
    assert set(near.lots) <= set(plan.lots)
    assert near.by_time.loc["night", "addable"] <= night["addable"]
    route = parking_along(huolong, ["HL-S05", "HL-S03"])
    assert route.metres == 100
    assert route.households > 0
    with pytest.raises(PlanError):
        parking_around(huolong, "nobody")
    with pytest.raises(PlanError):
        parking_along(huolong, ["nowhere"])


def test_document_of_the_verb(huolong: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(huolong.folder)
    assert main(["site", folder, "toilets", "--count", "1", "--walk", "--level", "1", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["served_before"], answer["served_after"], answer["status"], answer["gap"]) == (
        1990,
        2208,
        "optimal",
        0,
    )
    assert len(answer["chosen"]) == 1
    assert sum(one["gained"] for one in answer["grids"]) == 218
    assert answer["candidates"] == {"streets": 44}
    assert main(["site", folder, "toilets", "--model", "lscp", "--walk", "--lang", "zh"]) == 0
    assert "2 处公厕" in capsys.readouterr().out
    assert main(["site", folder, "toilets"]) == 1
    assert main(["site", folder, "cinemas", "--count", "1"]) == 1
    with pytest.raises(SystemExit):
        main(["site", folder, "toilets", "--count", "0"])


def test_row_order_does_not_matter(five: Workspace, tmp_path: Path) -> None:
    """The same things in another order give the same answer."""
    turned = town(tmp_path / "turned", {"streets": wide().iloc[::-1], "sites": land().iloc[::-1]})
    one, other = (site(ws, "toilets", count=2, metres=45, walk=True) for ws in (five, turned))
    pd.testing.assert_frame_equal(one.chosen, other.chosen)
