"""Methods side by side, the certificate, other methods in the place of the weighted sum, and what is said of them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import geo
from geo.errors import CriteriaError
from geo.text import Text
from layers import Workspace
from reports import Ranking, rank
from reports.rivals import Contest, certificate, contest_of, methods, ranked_by, rivals
from reports.rivals.answers import certificate_answer, methods_answer, rivals_said
from reports.rivals.by_method import conventions_of
from reports.rivals.doubts import doubts
from reports.rivals.words import certificate_said, doubts_said

RULES = {
    "full_matrix_known_share": 0.9,
    "vikor_majority": 0.5,
    "promethee_indifference_share": 0.05,
    "promethee_preference_share": 0.5,
    "dirichlet_concentration": 30.0,
    "weight_box_share": 0.2,
    "certificate_draws": 500,
    "certificate_most_rivals": 20,
    "certificate_most_programs": 60,
}


@pytest.fixture(scope="module")
def village(huolong: Workspace) -> Ranking:
    return rank(huolong)


@pytest.fixture(scope="module")
def city(boston: Workspace) -> Ranking:
    return rank(boston, level=1)


def streets(number: int = 12, *, gaps: int = 0) -> Contest:
    """Units that are no grids: streets with two measures, one of which is worse when low."""
    rng = np.random.default_rng(3)
    ids = pd.Index([f"S{i:02d}" for i in range(number)], name="street_id")
    table = pd.DataFrame({"damage": rng.random(number) * 10, "width_m": rng.random(number) * 6}, index=ids)
    table.loc[ids[:gaps], "damage"] = np.nan
    needs = pd.DataFrame({"damage": table["damage"] / 10, "width_m": 1 - table["width_m"] / 6})
    keys = ["damage", "width_m"]
    return Contest(
        pd.Series("street " + ids, index=ids),
        table,
        needs,
        pd.Series([0.6, 0.4], index=keys),
        pd.Series([True, False], index=keys),
        pd.DataFrame({"best": [0.0, 6.0], "worst": [10.0, 0.0]}, index=keys),
        {key: Text.same(key) for key in keys},
        RULES,
        Text.same("goalposts"),
        7,
    )


def test_side_by_side_is_what_each_method_gives_alone() -> None:
    contest = streets()
    found = rivals(contest, k=3)
    high = contest.high_first.tolist()
    alone = geo.topsis(contest.measures, contest.weights, high, normalisation="vector")
    assert list(found.ranks) == ["weighted_sum", "topsis_vector", "topsis_minmax", "vikor", "promethee"]
    assert found.ranks["topsis_vector"].tolist() == alone.rank.tolist()
    assert found.ranks["weighted_sum"].tolist() == geo.ranks_min(contest.needs @ contest.weights).tolist()
    vikor = geo.vikor(contest.measures, contest.weights, high)
    assert found.compromise_set == tuple(contest.ids[list(vikor.compromise_set)])
    front = geo.pareto_front(contest.measures, high)
    assert set(found.dominated.index) == set(contest.ids) - set(contest.ids[front.rows])
    for unit, other in found.dominated.astype(str).items():
        assert (contest.needs.loc[other] >= contest.needs.loc[str(unit)]).all()
    assert len(found.agreement) == 10
    row = found.agreement.iloc[0]
    both = geo.rank_correlation(found.scores["weighted_sum"], found.scores["topsis_vector"])
    assert row["kendall"] == both.kendall
    gap = (found.ranks["weighted_sum"] - found.ranks["topsis_vector"]).abs()
    assert row["places"] == gap.max()
    assert gap[row["unit"]] == gap.max()
    pd.testing.assert_frame_equal(methods(contest, k=3), found.ranks)


def test_what_too_few_units_know_is_left_out_and_told_and_nothing_is_filled_in() -> None:
    some, many = rivals(streets(gaps=1)), rivals(streets(gaps=3))
    assert some.contest.full.units_out == ("S00",)
    assert some.contest.full.criteria_out == ()
    assert some.ranks.loc["S00", ["topsis_vector", "vikor", "promethee"]].isna().all()
    assert some.ranks["weighted_sum"].notna().all()
    assert "street S00" in some.contest.full.notices[0].en
    assert many.contest.full.criteria_out == ("damage",)
    assert many.contest.full.units_out == ()
    assert many.ranks["weighted_sum_common"].tolist() == geo.ranks_min(many.contest.needs["width_m"]).tolist()
    assert "weighted_sum" not in many.compared
    assert "damage" in many.contest.full.notices[0].en


def test_the_order_of_rows_does_not_matter() -> None:
    contest = streets(gaps=1)
    turned = contest.ids[::-1]
    other = replace(
        contest, names=contest.names[turned], measures=contest.measures.loc[turned], needs=contest.needs.loc[turned]
    )
    pd.testing.assert_frame_equal(rivals(other).ranks.loc[contest.ids], rivals(contest).ranks)
    columns = ["rank", "score", "best", "worst", "box_best", "box_worst"]
    one, two = certificate(contest).units, certificate(other).units
    pd.testing.assert_frame_equal(one[columns], two.loc[one.index, columns])


def test_a_certificate_holds_together(village: Ranking, city: Ranking) -> None:
    for ranking in (village, city):
        found = certificate(ranking, draws=400)
        units = found.units
        assert units["rank"].is_monotonic_increasing
        pd.testing.assert_series_equal(
            units["rank"], ranking.grids["rank"].reindex(units.index), check_dtype=False, check_names=False
        )
        for low, high in (
            ("low", "high"),
            ("any_low", "any_high"),
            ("data_low", "data_high"),
            ("both_low", "both_high"),
        ):
            assert (units[low] <= units[high]).all()
        assert (units["best"] <= units[["low", "any_low", "box_best", "rank"]].min(axis=1)).all()
        assert (units["worst"] >= units[["high", "any_high", "box_worst", "rank"]].max(axis=1)).all()
        assert (units["box_best"] <= units["rank"]).all()
        assert (units["box_worst"] >= units["rank"]).all()
        assert found.acceptability.sum(axis=1).to_numpy() == pytest.approx(1)
        assert found.acceptability[1].to_numpy() == pytest.approx(units["share_first"].to_numpy())
        assert not units["can_lead"].iloc[0]
        assert (found.stability["low"] <= found.stability["weight"]).all()
        assert (found.stability["high"] >= found.stability["weight"]).all()
        assert len(certificate_said(found)) == 4


def test_one_weight_moved_to_its_end_displaces_the_leader(city: Ranking) -> None:
    found = certificate(city, draws=50)
    key, row = next((str(k), r) for k, r in found.stability.iterrows() if isinstance(r["next_high"], str))
    others = found.contest.weights.drop(key)
    for step, leader in ((-1e-6, found.units.index[0]), (1e-6, row["next_high"])):
        share = row["high"] + step
        weights = {**(others / others.sum() * (1 - share)), key: share}
        assert city.reweighed(weights).ordered().index[0] == leader


def test_without_a_criterion_is_the_ranking_without_it(city: Ranking) -> None:
    found = certificate(city, draws=50)
    for key, row in found.without.iterrows():
        other = city.reweighed({str(key): 0.0})
        assert row["leader"] == other.ordered().index[0]


def test_small_counts_and_estimates_widen_the_ranks(city: Ranking, village: Ranking) -> None:
    drawn = doubts(city, draws=300, seed=1)
    assert {"severity_per_100_households", "overdue_share_pct", "elderly_share_pct"} <= set(drawn.needs)
    ranked = int(city.grids["enough_data"].sum())
    for key, needs in drawn.needs.items():
        assert needs.shape == (300, ranked)
        assert np.nanmin(needs) >= 0
        assert np.nanmax(needs) <= 1
        known = city.utility.loc[city.grids["enough_data"], key].notna().to_numpy()
        assert (np.isnan(needs).all(axis=0) == ~known).all()
    one = drawn.needs["severity_per_100_households"]
    base = city.utility.loc[city.grids["enough_data"], "severity_per_100_households"].to_numpy()
    inner = (base > 0.05) & (base < 0.9)
    assert one.mean(axis=0)[inner] == pytest.approx(base[inner], rel=0.15)
    assert "hazardous_building_share_pct" in doubts(village, draws=5, seed=1).needs
    again = doubts(city, draws=300, seed=1).needs["severity_per_100_households"]
    assert (again == one).all()


def test_other_methods_take_the_place_of_the_weighted_sum(city: Ranking) -> None:
    side = rivals(city)
    for method, how, key in (
        ("topsis", "vector", "topsis_vector"),
        ("topsis", "minmax", "topsis_minmax"),
        ("vikor", None, "vikor"),
        ("promethee", None, "promethee"),
    ):
        found = ranked_by(city, method, normalisation=how)  # type: ignore[arg-type]
        ids = side.ranks.index
        assert found.grids.loc[ids, "rank"].tolist() == side.ranks[key].tolist()
        ranked = found.grids[found.grids["enough_data"]]
        assert (ranked["rank_low"] <= ranked["rank_high"]).all()
        assert ranked["share_top5"].sum() == pytest.approx(5, abs=0.5)
        assert (found.method, found.normalisation) == (method, how)
        assert len(found.immediate) == len(city.immediate)
    flows = ranked_by(city, "promethee")
    assert flows.parts.sum(axis=1)[ids].to_numpy() == pytest.approx(flows.grids.loc[ids, "score"].to_numpy())
    assert "TOPSIS" in conventions_of(ranked_by(city, "topsis", normalisation="vector")).en
    assert ranked_by(city, "weighted_sum").grids.equals(city.grids)


def test_topsis_does_not_choose_its_normalisation_itself(city: Ranking) -> None:
    for method, how in (("topsis", None), ("topsis", "goalposts"), ("vikor", "vector"), ("weighted_sum", "vector")):
        with pytest.raises(CriteriaError):
            ranked_by(city, method, normalisation=how)  # type: ignore[arg-type]


@pytest.mark.parametrize("source", ["entropy", "critic"])
def test_weights_from_the_data(city: Ranking, source: str) -> None:
    found = ranked_by(city, "weighted_sum", weights=source)  # type: ignore[arg-type]
    full = contest_of(city).full.measures
    high = [c.worse == "high" for c in city.used if c.key in full]
    wanted = geo.entropy_weights(full) if source == "entropy" else geo.critic_weights(full, high)
    shares = contest_of(found).weights
    assert shares.to_dict() == pytest.approx({key: w for key, w in zip(full, wanted.weights, strict=True) if w > 0})
    assert found.weights_from == source
    assert "not what matters" in conventions_of(found).en
    assert any("criteria that all units" in notice.en for notice in found.notices)


def test_it_is_said_in_both_languages(city: Ranking) -> None:
    side, firm = rivals(city), certificate(city, draws=100)
    said = [*rivals_said(side), *certificate_said(firm), doubts_said(firm)]
    assert all(one is not None and one.zh.endswith("。") and one.en.endswith(".") for one in said)
    assert any("do not agree" in one.en for one in said if one)
    answer = methods_answer(side)
    assert {one["method"] for one in answer["compared"]} == set(side.ranks)
    assert answer["criteria_left_out"] == list(side.contest.full.criteria_out)
    assert len(certificate_answer(firm)["grids"]) == 25


def test_nothing_ranked_is_no_fault(sample: Workspace) -> None:
    found = rank(sample, draws=20)
    assert len(rivals(found).ranks) == int(found.grids["enough_data"].sum())
    empty = replace(found, grids=found.grids.assign(enough_data=False))
    assert rivals(empty).ranks.empty
    assert certificate(empty, draws=20).units.empty
    assert certificate_said(certificate(empty, draws=20)) == []
    assert certificate_answer(certificate(empty, draws=20))["grids"] == []
