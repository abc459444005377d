"""Tables of a ranking say what the ranking says."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from layers import open_workspace
from reports.explanation import explain
from reports.measures import STATUS_WORDS
from reports.priority import Ranking, rank
from reports.ranking_table import (
    FEW_PEOPLE,
    LACKING_HERE,
    capital,
    explained_parts,
    immediate_table,
    immediate_words,
    interval_table,
    measure_table,
    parts_table,
    percents,
    rank_table,
    ranked_count,
    whole,
)
from tests import samples


@pytest.fixture(scope="module", params=["huolong", "boston", "cambridge"])
def ranking(request: pytest.FixtureRequest, workspaces: Mapping[str, Path]) -> Ranking:
    return rank(open_workspace(workspaces[request.param]), draws=200)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rank_table_holds_every_grid_in_order(ranking: Ranking, lang: str) -> None:
    table = rank_table(ranking, lang)
    assert set(table.index) == set(ranking.grids.index)
    ranked = table["rank"].dropna()
    assert ranked.is_monotonic_increasing
    assert table["rank"].isna().sum() == (~ranking.grids["enough_data"]).sum()
    first = table.index[0]
    heaviest = ranking.parts.loc[first].idxmax()
    title = next(c.title.in_(lang) for c in ranking.used if c.key == heaviest)
    assert table.loc[first, "why"].startswith(capital(title))


def test_bars_add_up_to_the_score(ranking: Ranking) -> None:
    table = parts_table(ranking, "en", first=10)
    sums = table.groupby("grid_id")["points"].sum()
    assert np.allclose(sums, ranking.grids.loc[sums.index, "score"])
    assert table.groupby("label")["grid_id"].nunique().eq(1).all()
    assert set(interval_table(ranking, first=10)["label"]) == set(table["label"])


def test_intervals_hold_low_before_high(ranking: Ranking) -> None:
    table = interval_table(ranking)
    assert (table["rank_low"] <= table["rank_high"]).all()


def test_sliders_start_at_the_weights_in_percent(ranking: Ranking) -> None:
    start = percents(ranking.criteria)
    assert np.isclose(sum(start.values()), 100)
    again = ranking.reweighed(start)
    assert np.allclose(again.grids["score"], ranking.grids["score"], equal_nan=True)


def test_a_weight_that_counts_is_never_shown_as_none() -> None:
    assert [whole(share) for share in (0.0, 0.01, 0.49, 6.9999, 7.5, 100.0)] == [0, 1, 1, 7, 8, 100]


def test_a_grid_without_a_rank_says_why(tmp_path: Path) -> None:
    grids = samples.grids()
    grids.loc["E2", "households"] = 1
    found = rank(open_workspace(samples.community(tmp_path / "few", {"grids": grids})), draws=20)
    assert not found.grids.loc["E2", "peopled"]
    for lang in ("zh", "en"):
        table = rank_table(found, lang)
        assert table.loc["E2", "interval"] == FEW_PEOPLE.in_(lang)
        assert (table["interval"].drop("E2") != FEW_PEOPLE.in_(lang)).all()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_measures_name_status_and_denominator(ranking: Ranking, lang: str) -> None:
    table = measure_table(ranking.measures, ranking.criteria, lang)
    assert list(table.index) == [c.key for c in ranking.criteria.items]
    assert set(table["status"]) <= {words.in_(lang) for words in STATUS_WORDS.values()}
    assert table["denominator"].str.len().gt(0).all()
    lacking = table["status"] == STATUS_WORDS["unavailable"].in_(lang)
    assert (table.loc[lacking, "grids"] == 0).all()


def test_explained_parts_hold_each_weighted_criterion(ranking: Ranking) -> None:
    first = ranking.ordered().index[0]
    table = explained_parts(explain(ranking, first), "en")
    assert len(table) == sum(c.weight > 0 for c in ranking.criteria.items)
    assert np.isclose(table["points"].sum(), ranking.grids.loc[first, "score"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_part_without_a_value_never_says_that_its_data_are_usable(ranking: Ranking, lang: str) -> None:
    usable = {STATUS_WORDS[key].in_(lang) for key in ("ready", "partial", "proxy")}
    for grid_id in ranking.ordered().index[::10]:
        table = explained_parts(explain(ranking, grid_id), lang)
        lacking = table["value"].isna()
        assert not set(table.loc[lacking, "status"]) & usable
        assert set(table.loc[~lacking, "status"]) <= usable
        assert set(table.loc[lacking, "status"]) <= {LACKING_HERE.in_(lang), STATUS_WORDS["unavailable"].in_(lang)}


def test_what_an_unavailable_measure_needs_is_said_to_be_missing(ranking: Ranking) -> None:
    table = measure_table(ranking.measures, ranking.criteria, "en")
    lacking = table[table["status"] == STATUS_WORDS["unavailable"].en]
    assert lacking["note"].str.startswith("missing: ").all()


def test_bars_can_hold_every_ranked_grid(ranking: Ranking) -> None:
    count = ranked_count(ranking)
    assert interval_table(ranking, first=count)["rank"].notna().sum() == count
    assert parts_table(ranking, "en", first=count)["grid_id"].nunique() == count


def test_immediate_list_by_grid_adds_up(ranking: Ranking) -> None:
    whole = immediate_table(ranking, "zh")
    assert len(whole) == len(ranking.immediate)
    parts = sum(len(immediate_table(ranking, "zh", one)) for one in ranking.grids.index)
    assert parts == ranking.immediate["grid_id"].notna().sum()
    for one in ranking.grids.index[:20]:
        assert (immediate_words(ranking, one) is None) == immediate_table(ranking, "en", one).empty
