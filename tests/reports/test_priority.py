"""Ranking: parts that add up, the missing left out and marked, goalposts or min-max, sure or not."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CriteriaError, DataError
from layers import Workspace, open_workspace
from reports import Ranking, measured, rank
from reports.answers import rank_answer
from reports.criteria import MEASURES, Criteria, Criterion
from reports.priority import SEED, conventions, weighed
from tests import samples
from tests.samples import community, overrule

THREE = Criteria(
    (
        Criterion("hazardous_building_share_pct", 2, 0, 100),
        Criterion("elderly_share_pct", 1, 0, 50),
        Criterion("open_issues_per_ha", 1, 0, 10),
    )
)
"""Half of the weight lies on a measure that the two eastern grids lack."""


def ranked(ws: Workspace, criteria: Criteria = THREE, **options: int) -> Ranking:
    return rank(ws, criteria=criteria, **{"draws": 200, **options})


def test_scores_by_hand_with_what_is_missing_left_out(sample: Workspace) -> None:
    """W1: 2/4 of 50 %, 1/4 of 40 %, 1/4 of 30 %; E1 and E2 only the other two, half each."""
    found = ranked(sample)
    assert found.total.to_dict() == pytest.approx({"E1": 25.0, "E2": 45.0, "W1": 42.5, "W2": 5.0})
    assert found.grids["rank"].to_dict() == {"E1": 3, "E2": 1, "W1": 2, "W2": 4}
    assert found.grids["weight_used"].to_dict() == pytest.approx({"E1": 0.5, "E2": 0.5, "W1": 1, "W2": 1})
    assert found.parts.loc["W1"].tolist() == pytest.approx([25, 10, 7.5])
    assert found.parts.loc["E2"].tolist() == pytest.approx([np.nan, 40, 5], nan_ok=True)
    assert list(found.ordered().index) == ["E2", "W1", "E1", "W2"]
    assert (found.level, found.unlocated, found.weight_with_data) == (2, 2, 1.0)


def test_too_little_data_is_said_and_not_ranked(folder: Path) -> None:
    found = ranked(open_workspace(overrule(folder, not_enough_data_weight_share=0.49)))
    assert found.grids["enough_data"].to_dict() == {"E1": False, "E2": False, "W1": True, "W2": True}
    assert found.total[["E1", "E2"]].isna().all()
    assert found.parts.loc[["E1", "E2"]].isna().all(axis=None)
    assert found.grids.loc[["E1", "E2"], ["rank", "rank_low", "rank_high", "share_top5"]].isna().all(axis=None)
    assert found.grids["rank"].dropna().to_dict() == {"W1": 1, "W2": 2}
    assert list(found.ordered().index)[:2] == ["W1", "W2"]


@pytest.mark.parametrize(("share", "ranked_too"), [(0.2, False), (0.5, True), (0.9, True)])
def test_the_share_is_of_the_weight_that_is_missing(folder: Path, *, share: float, ranked_too: bool) -> None:
    found = ranked(open_workspace(overrule(folder, not_enough_data_weight_share=share)))
    assert found.grids["enough_data"].to_dict() == {"E1": ranked_too, "E2": ranked_too, "W1": True, "W2": True}


def test_a_grid_where_hardly_anybody_lives_is_not_ranked(tmp_path: Path) -> None:
    table = samples.grids()
    table.loc["E2", "households"] = 49
    found = ranked(open_workspace(community(tmp_path / "x", {"grids": table})))
    assert not found.grids["peopled"]["E2"]
    assert not found.grids["enough_data"]["E2"]
    assert found.grids["rank"].dropna().to_dict() == {"W1": 1, "E1": 2, "W2": 3}


def test_criteria_without_data_give_their_weight_to_the_others(sample: Workspace) -> None:
    more = Criteria((*THREE.items, Criterion("parking_gap_per_100_households", 4, 0, 50)))
    found = ranked(sample, more)
    assert [c.key for c in found.left_out] == ["parking_gap_per_100_households"]
    assert [c.key for c in found.used] == [c.key for c in THREE.items]
    pd.testing.assert_frame_equal(found.grids, ranked(sample).grids)
    assert found.weight_with_data == 0.5
    assert "50%" in conventions(found).en


def test_without_any_data_nobody_is_ranked(sample: Workspace) -> None:
    found = ranked(sample, Criteria((Criterion("parking_gap_per_100_households", 1, 0, 50),)))
    assert not found.grids["enough_data"].any()
    assert found.parts.shape == (4, 0)
    assert [one["rank"] for one in rank_answer(found)["grids"]] == [None] * 4


def test_a_criterion_of_weight_zero_counts_nothing(sample: Workspace) -> None:
    more = Criteria((*THREE.items, Criterion("open_space_share_pct", 0, 15, 0)))
    found = ranked(sample, more)
    assert "open_space_share_pct" not in found.parts
    pd.testing.assert_series_equal(found.total, ranked(sample).total)


def test_goalposts_do_not_move_with_the_other_grids_but_min_max_does(tmp_path: Path, sample: Workspace) -> None:
    worse = samples.grids()
    worse.loc["E2", "elderly_residents"] = 160  # 80 %: beyond the goalpost, and the new maximum
    other = open_workspace(community(tmp_path / "x", {"grids": worse}))
    assert ranked(other).total[["E1", "W1", "W2"]].equals(ranked(sample).total[["E1", "W1", "W2"]])
    assert ranked(other).parts["elderly_share_pct"]["E2"] == 50  # no more than all points
    minmax = Criteria(THREE.items, "minmax")
    # elderly 10, 40, 20, 10 of 10..40; open issues 3, 1, 3, 0 of 0..3; hazard 50, 0 of 0..50
    assert ranked(sample, minmax).total.to_dict() == pytest.approx(
        {"E1": 50.0, "E2": 100 * (1 + 1 / 3) / 2, "W1": 100 * (2 + 1 / 3 + 1) / 4, "W2": 0.0}
    )
    assert ranked(other, minmax).total["W1"] == pytest.approx(100 * (2 + 1 / 7 + 1) / 4)
    assert "min-max" in conventions(ranked(sample, minmax)).en


def test_min_max_names_what_separates_nothing_and_still_ranks(sample: Workspace) -> None:
    same = Criteria((Criterion("old_building_share_pct", 3, 0, 100), *THREE.items[1:]), "minmax")
    found = ranked(sample, same)
    assert len(found.notices) == 1
    assert "old buildings" in found.notices[0].en
    assert found.grids.loc["W1", "weight_used"] == 1.0  # its value is known
    assert found.grids["enough_data"].to_dict() == {"E1": False, "E2": False, "W1": True, "W2": True}
    only = Criteria((Criterion("old_building_share_pct", 1, 0, 100),), "minmax")
    assert not ranked(sample, only).grids["enough_data"].any()


def test_where_low_is_worse_the_points_fall_with_the_value(sample: Workspace) -> None:
    green = Criteria((Criterion("open_space_share_pct", 1, 50, 0),))
    assert ranked(sample, green).total.to_dict() == {"E1": 100, "E2": 100, "W1": 100, "W2": 50}
    assert ranked(sample, green).grids["rank"].to_dict() == {"E1": 1, "E2": 1, "W1": 1, "W2": 4}


def test_rank_intervals_are_the_same_for_the_same_seed(huolong: Workspace) -> None:
    columns = ["rank_low", "rank_high", "share_top5"]
    one, two = rank(huolong), rank(huolong)
    assert (one.draws, one.seed) == (2_000, SEED)
    pd.testing.assert_frame_equal(one.grids, two.grids)
    other = rank(huolong, seed=1)
    assert not one.grids[columns].equals(other.grids[columns])
    pd.testing.assert_series_equal(one.total, other.total)
    ranked_ = one.grids[one.grids["enough_data"]]
    assert (ranked_["rank_low"] <= ranked_["rank_high"]).all()
    assert ranked_["rank_low"].between(1, len(ranked_)).all()
    assert ranked_["share_top5"].sum() == pytest.approx(5, abs=0.5)


def test_a_grid_that_is_worse_in_everything_is_surely_first(sample: Workspace) -> None:
    two = Criteria((Criterion("elderly_share_pct", 1, 0, 50), Criterion("open_space_share_pct", 1, 50, 0)))
    found = ranked(sample, two).grids.loc["E2"]
    assert (found["rank"], found["rank_low"], found["rank_high"], found["share_top5"]) == (1, 1, 1, 1.0)


@pytest.mark.parametrize("city", ["huolong", "boston"])
@pytest.mark.parametrize("level", [1, 2])
def test_parts_add_up_to_the_score(city: str, level: int, request: pytest.FixtureRequest) -> None:
    found = rank(request.getfixturevalue(city), level=level, draws=20)
    enough = found.grids["enough_data"]
    assert enough.any()
    gap = found.parts[enough].sum(axis=1) - found.total[enough]
    assert gap.abs().max() < 1e-9
    assert found.total[enough].between(0, 100).all()
    assert found.parts[enough].min(axis=None) >= 0
    unknown = found.measures.table[found.parts.columns].isna()
    assert found.parts[unknown & enough.to_numpy()[:, None]].isna().all(axis=None)
    known = ~unknown[enough]
    assert found.parts[enough][known].notna().sum().sum() == known.sum().sum()


WEIGHTS = st.dictionaries(st.sampled_from(sorted(MEASURES)), st.just(0.0) | st.floats(1e-6, 10), min_size=1).filter(
    lambda w: sum(w.values()) > 1e-3
)


@settings(deadline=None, max_examples=40)
@given(weights=WEIGHTS)
def test_parts_add_up_for_any_weights(weights: Mapping[str, float], huolong: Workspace) -> None:
    posts = {key: (MEASURES[key].best, MEASURES[key].worst) for key in weights}
    criteria = Criteria(tuple(Criterion(key, weight, *posts[key]) for key, weight in weights.items()))
    found = weighed(measured_once(huolong), criteria, 5, SEED, immediate=pd.DataFrame())
    enough = found.grids["enough_data"]
    assert np.allclose(found.parts[enough].sum(axis=1), found.total[enough], rtol=0, atol=1e-9)
    assert (found.grids["rank"].notna() == enough).all()


_measured: dict[str, object] = {}


def measured_once(ws: Workspace) -> object:
    if ws.digest not in _measured:
        _measured[ws.digest] = measured(ws)
    return _measured[ws.digest]


def test_other_weights_need_no_new_measures(sample: Workspace) -> None:
    first = ranked(sample)
    again = first.reweighed({"hazardous_building_share_pct": 0, "elderly_share_pct": 3})
    assert again.measures is first.measures
    assert again.immediate is first.immediate
    assert again.total["W1"] == pytest.approx(100 * (0.75 * 0.4 + 0.25 * 0.3))
    with pytest.raises(CriteriaError):
        first.reweighed({"happiness": 1})


def test_no_such_level(sample: Workspace) -> None:
    with pytest.raises(DataError):
        rank(sample, level=9)


def test_the_published_numbers_of_huolong(huolong: Workspace) -> None:
    answer = rank_answer(rank(huolong))
    assert (len(answer["grids"]), answer["unlocated"]) == (17, 0)
    assert len(huolong["issues"]) == 436
    assert len(huolong.grids(1)) == 6
    assert all(one["enough_data"] for one in answer["grids"])


def test_the_published_numbers_of_boston(boston: Workspace) -> None:
    issues = boston["issues"]
    assert len(issues) == 121_145
    places = boston.place("issues").value_counts().to_dict()
    assert places == {"grid": 104_006, "default_point": 17_070, "outside": 69}
    large = rank(boston, level=1, draws=20)
    small = rank_answer(rank(boston, draws=20))
    assert (len(small["grids"]), small["unlocated"]) == (180, 17_139)
    assert len(large.grids) == 26
    in_large = boston.owner("issues", 1).notna().sum()
    assert (rank_answer(large)["unlocated"], in_large) == (121_145 - in_large, 121_145 - large.unlocated)
    default = boston.place("issues", 1) == "default_point"
    assert default.sum() == 17_070
