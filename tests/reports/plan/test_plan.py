"""Plans of the sample community: by hand and against all subsets, with what is set apart, funds, years, and kept."""

from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.choice.solver import INFEASIBLE, OPTIMAL
from geo.errors import PlanError
from layers import Workspace
from layers.standards import standard
from reports import rank
from reports.plan import Plan, Terms, choose_items, outlook, plan_ground, save_plan, saved_plans
from reports.plan.answers import plan_answer, plan_lines
from reports.plan.outlook import proven
from reports.plan.tables import (
    apart_shown,
    by_class,
    by_fund,
    by_grid,
    by_year,
    frontier_shown,
    items_shown,
    sequence_shown,
)
from reports.plan.terms import fen, spread
from reports.plan.words import clash_words, outlook_words, sentences
from reports.works.derived import derive
from tests.samples import community

ROWS = [
    # id, item, class, cost, low, high, grid, issues, must, requires, excludes
    ("pipes", "DRAINAGE", "basic", 40_000, 30_000, 50_000, "W1", "i03|i05", None, None, None),
    ("paving", "ROADS", "basic", 30_000, 20_000, 60_000, "W1", "i04", None, "pipes", None),
    ("lid", "DRAINAGE", "basic", 2_000, None, None, "E1", "i07", None, None, None),
    ("bins", "WASTE_SORTING", "basic", 6_000, 5_000, 7_000, "E2", "i09", None, None, "bins2"),
    ("bins2", "WASTE_SORTING", "basic", 9_000, 8_000, 10_000, "E2", "i09", None, None, None),
    ("lamps", "LIGHTING", "improvement", 5_000, 4_000, 6_000, "E1", "i12", None, None, None),
    ("roof", "ROOF", "basic", None, None, None, "W2", None, True, None, None),
    ("facade", "FACADE", "basic", 8_000, None, None, "W2", None, None, "roof", None),
    ("park", "GREENING", "improvement", 900_000, None, None, "W2", None, None, None, None),
]  # fmt: skip
NAMES = [
    "item_id", "renewal_item", "item_class", "cost_yuan", "cost_low_yuan", "cost_high_yuan", "grid_code", "origin_ids",
    "must_do", "requires", "excludes",
]  # fmt: skip


def items(ws: Workspace, **changed: object) -> pd.DataFrame:
    table = pd.DataFrame(ROWS, columns=NAMES).set_index("item_id")
    table["name"], table["origin"], table["decision"] = table.index, "issue", "proposed"
    return derive(ws, table.assign(**changed))


def planned(ws: Workspace, limit: float, **asked: object) -> Plan:
    options = {key: asked.pop(key) for key in ("years", "min_share") if key in asked}
    ranking, table = rank(ws, draws=1), asked.pop("items", items(ws))
    ground = plan_ground(ranking, table)
    return choose_items(ws, ranking, limit_yuan=limit, terms=Terms(limit, **asked), ground=ground, **options)


def test_what_cannot_be_chosen_is_set_apart_with_the_reason(sample: Workspace) -> None:
    found = planned(sample, 60_000)
    assert found.pool.apart["reason"].to_dict() == {"roof": "no_cost", "facade": "requires", "park": "too_dear"}
    assert found.pool.must_apart == ("roof",)
    said = " ".join(one.en for one in sentences(found))
    assert "1 items have no known cost" in said
    assert "1 item must be done but cannot be chosen" in said
    assert set(apart_shown(found, "zh")["reason"]) == {"金额未知", "先行项不能选", "费用超过任何一年的资金"}
    assert not set(found.chosen.index) & set(found.pool.apart.index)


@pytest.mark.parametrize("limit", [5_000, 20_000, 52_000, 78_000, 100_000])
def test_no_other_set_of_items_removes_more(sample: Workspace, limit: int) -> None:
    found = planned(sample, limit)
    table, need = found.pool.items, found.effects.by_item["share"]
    best = 0.0
    for some in product([False, True], repeat=len(table)):
        chosen = set(table.index[list(some)])
        fits = table.loc[list(chosen), "cost_yuan"].sum() <= limit
        if fits and not ("paving" in chosen and "pipes" not in chosen) and not {"bins", "bins2"} <= chosen:
            best = max(best, float(need[list(chosen)].sum()))
    assert found.choice.status == OPTIMAL
    assert found.choice.benefit == pytest.approx(best)
    assert found.removed == pytest.approx(found.effects.together(list(found.chosen.index)))
    assert found.chosen["cost_yuan"].sum() == found.spent_yuan <= limit


def test_order_of_rows_changes_nothing(sample: Workspace) -> None:
    table = items(sample)
    one, other = (planned(sample, 52_000, items=t) for t in (table, table.iloc[::-1]))
    pd.testing.assert_frame_equal(one.chosen, other.chosen)


def test_pipes_come_before_paving_over_the_years(sample: Workspace) -> None:
    table = items(sample)
    table.loc["paving", "must_do"] = True
    found = planned(sample, 88_000, years=2, items=table)
    assert found.chosen["year"][["pipes", "paving"]].tolist() == [1, 2]
    years = by_year(found)
    assert years["budget_yuan"].tolist() == [44_000, 44_000]
    assert (years["left_yuan"] >= 0).all()
    assert years["cost_yuan"].sum() == found.spent_yuan
    assert years["need_removed"].sum() == pytest.approx(found.chosen["need_removed"].sum())


def test_money_left_over_lapses_or_is_kept(sample: Workspace) -> None:
    """30,000 a year never pay the pipes; kept for the second year they do."""
    lapsed, kept = (planned(sample, 60_000, years=2, must=("pipes",), carry=carry) for carry in (False, True))
    assert lapsed.choice.status == INFEASIBLE
    assert kept.chosen["year"]["pipes"] == 2
    assert by_year(kept)["left_yuan"].iloc[1] == 60_000 - kept.spent_yuan
    assert "is kept" in " ".join(one.en for one in sentences(kept))


def test_least_shares_are_kept_and_priced(sample: Workspace) -> None:
    free, fair = planned(sample, 52_000), planned(sample, 52_000, min_share=0.2)
    prices = [outlook(one) for one in (free, fair)]
    assert np.isnan(prices[0].fairness_price)
    grids = by_grid(fair)
    assert (grids["cost_yuan"] >= grids["least_yuan"]).all()
    assert 0 <= prices[1].fairness_price < 1
    assert prices[1].unfair_benefit == pytest.approx(free.choice.benefit)
    assert prices[1].fairness_price == pytest.approx(1 - fair.choice.benefit / free.choice.benefit)
    assert grids["cost_yuan"].sum() == fair.spent_yuan
    with pytest.raises(PlanError, match="2 large grids"):
        planned(sample, 52_000, min_share=0.6)


def test_a_grid_with_little_to_do_gets_what_can_be_done(sample: Workspace) -> None:
    """The east has 16,000 yuan of items that can be had together; 45 percent of 80,000 would be 36,000."""
    found = planned(sample, 80_000, min_share=0.45)
    assert by_grid(found)["least_yuan"].to_dict() == {"W": 36_000, "E": 16_000}
    assert any("16,000" in one.en for one in found.notices)


def test_least_share_of_a_class(sample: Workspace) -> None:
    found = planned(sample, 10_000, class_shares={"improvement": 0.5})
    assert "lamps" in found.chosen.index
    assert by_class(found, "en").loc["improvement", "least_yuan"] == 5_000


def test_funds_pay_for_their_purposes_only(sample: Workspace) -> None:
    found = planned(sample, 60_000, funds_yuan={"province": 40_000, "district": 20_000})
    paid = found.chosen[["paid_province", "paid_district"]]
    assert (paid.sum(axis=1) == found.chosen["cost_yuan"]).all()
    assert (paid.sum() <= [40_000, 20_000]).all()
    table = by_fund(found, "zh")
    assert table["fund"].tolist() == ["省级补助", "区级资金"]
    assert table["cost_yuan"].sum() == found.spent_yuan
    residents = planned(sample, 60_000, funds_yuan={"residents": 60_000})
    assert residents.chosen.empty, "nothing here is for residents to pay alone"
    with pytest.raises(PlanError, match="no fund nobody"):
        planned(sample, 60_000, funds_yuan={"nobody": 1})


def test_clashing_demands_are_named_in_words(sample: Workspace) -> None:
    found = planned(sample, 60_000, must=("pipes", "paving"))
    assert found.choice.status == INFEASIBLE
    assert [one.en for one in clash_words(found)[1:]] == [
        "the budget", "paving needs pipes in the same year or before", "paving must be done",
    ]  # fmt: skip
    assert sentences(found)[0].zh.startswith("下列要求不能同时满足")
    answer = plan_answer(found, None)
    assert (answer["status"], answer["items"], answer["objective"]) == ("infeasible", [], None)
    assert answer["clashes"][0] == {"zh": "总预算", "en": "the budget"}


def test_the_plan_is_held_against_the_high_end(sample: Workspace) -> None:
    tight = planned(sample, 52_000)
    assert tight.robust.holds == (tight.robust.cost_yuan <= 52_000)
    high = planned(sample, 52_000, cost="high")
    assert high.robust.holds
    assert high.robust.cost_yuan == high.spent_yuan
    low = planned(sample, 41_000, cost="low", must=("pipes",))
    assert low.robust.over_yuan == (low.robust.cost_yuan - 41_000,)


def test_more_money_never_drops_an_earlier_pick(sample: Workspace) -> None:
    plan = planned(sample, 52_000)
    found = outlook(plan)
    table = found.frontier
    assert proven(found)
    assert table["budget_yuan"].is_monotonic_increasing
    assert table["best"].is_monotonic_increasing
    assert (table["nested"] <= table["best"] + 1e-9).all()
    assert not (table["simple"] > table["best"] + 1e-9).any()
    assert (table["bound"] >= table["best"]).all()
    assert 52_000 in table["budget_yuan"].tolist()
    inside = [found.sequence[found.sequence["from_yuan"] <= money] for money in table["budget_yuan"]]
    for row, part in zip(table.itertuples(), inside, strict=True):
        assert part["cost_yuan"].sum() <= row.budget_yuan
        assert part["need_removed"].sum() == pytest.approx(row.nested)
    assert all(set(a.index) <= set(b.index) for a, b in pairwise(inside))
    assert found.price == pytest.approx(1 - table["nested"].sum() / table["best"].sum())
    assert set(frontier_shown(found, "en")["kind"]) == {"best plan", "nested plans", "simple way"}
    assert sequence_shown(plan, found, "zh")["order"].tolist() == list(range(1, len(found.sequence) + 1))
    assert "price of nesting" in " ".join(one.en for one in outlook_words(found))


def test_the_answer_has_the_keys_that_are_promised(sample: Workspace) -> None:
    plan = planned(sample, 52_000, years=2)
    found = outlook(plan)
    answer = plan_answer(plan, found)
    assert {
        "status",
        "objective",
        "bound",
        "gap",
        "seconds",
        "items",
        "spent_yuan",
        "nested",
        "price_of_nesting",
    } <= set(answer)
    assert all({"item_id", "grid_id", "year", "cost_yuan"} <= set(one) for one in answer["items"])
    assert sum(one["cost_yuan"] for one in answer["items"]) == answer["spent_yuan"]
    assert answer["price_of_nesting"] == found.price
    assert len(plan_lines(plan, found, "zh")) > len(plan.chosen)
    assert len(items_shown(plan, "en")) == len(plan.chosen)


def test_a_plan_is_kept_with_hash_author_and_date(sample: Workspace, tmp_path: Path) -> None:
    own = replace(sample, folder=community(tmp_path / "own"))
    plan = replace(planned(sample, 52_000, funds_yuan={"city": 52_000.0}), ws=own)
    path = save_plan(plan, "first", "王工", note="试编")
    assert path == own.folder / "plans" / "first.toml"
    kept = saved_plans(own)[0]
    assert (kept.name, kept.author, kept.note, kept.intact, kept.same_data) == ("first", "王工", "试编", True, True)
    assert kept.terms == plan.terms
    assert set(kept.items) == set(plan.chosen.index)
    assert len(kept.hash) == 64
    path.write_text(path.read_text("utf-8").replace("52000.0", "62000.0"), "utf-8")
    assert not saved_plans(own)[0].intact
    path.write_text("not = [toml", "utf-8")
    assert not saved_plans(own)[0].intact
    for name, author in (("first", "王工"), ("a/b", "王工"), ("second", " ")):
        with pytest.raises(PlanError):
            save_plan(plan, name, author)
    with pytest.raises(PlanError, match="no plan to save"):
        save_plan(replace(planned(sample, 60_000, must=("pipes", "paving")), ws=own), "third", "王工")


@pytest.mark.parametrize(
    "asked",
    [
        {"years": 0},
        {"years": 99},
        {"min_share": 1.5},
        {"caps_yuan": (1.0, 2.0)},
        {"class_shares": {"basic": 0.7, "upgrade": 0.7}},
    ],
)
def test_terms_that_make_no_sense_are_refused(sample: Workspace, asked: dict[str, object]) -> None:
    with pytest.raises(PlanError):
        planned(sample, 52_000, **asked)
    with pytest.raises(PlanError):
        planned(sample, float("nan"))


def test_money_is_parted_without_loss() -> None:
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(5, [0, 3, 1]) == [0, 4, 1]
    assert spread(5, [0, 0]) == [0, 0]
    assert fen(0.29) == 29


def test_shipped_funds_can_pay_for_every_class() -> None:
    funds = standard("funds").set_index("fund")
    assert {"central", "province", "city", "district", "residents", "enterprise"} == set(funds.index)
    assert funds.loc[["city", "district"], ["classes", "items"]].isna().all().all()
    assert (funds["most_share"] > 0).all()
