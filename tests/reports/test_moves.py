"""What would move a grid, said in full: a change that does it, or that none is enough and by how much."""

import re

import pytest

from layers import Workspace
from reports import Ranking, explain, rank
from reports.criteria import Criteria
from reports.explanation import Explanation
from reports.moves import limits
from reports.priority import FIRST
from tests.reports.test_explanation import with_value
from tests.reports.test_priority import THREE, ranked


def both(found: Explanation) -> list[tuple[str, str]]:
    return [(move.zh, move.en) for move in found.moves]


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text))


@pytest.mark.parametrize("grid_id", ["E2", "W1", "W2"])
def test_where_a_change_is_enough_the_moves_are_the_changes(grid_id: str, sample: Workspace) -> None:
    found = explain(ranked(sample), grid_id)
    assert [change.sentence for change in found.changes] == list(found.moves)  # four grids: no first five


def test_what_no_measure_can_do_alone_by_hand(sample: Workspace) -> None:
    """E1 leads NW by 20 points, of which open issues give 15 and elderly residents 10."""
    found = explain(ranked(sample), "E1")
    assert [change.direction for change in found.changes] == ["up"]
    up, down = both(found)
    assert "it would pass SW" in up[1]
    assert down == (
        "单改任何一项都不会落到 NW 之后：领先 20.0 分，一项最多减少 15.0 分。",
        "No single measure can move it behind NW: it leads by 20.0 points, and one measure takes 15.0 at most.",
    )


def test_min_max_says_why_no_change_is_named(sample: Workspace) -> None:
    found = explain(ranked(sample, Criteria(THREE.items, "minmax")), "W1")
    assert found.changes == ()
    assert ["min-max" in en and "极差" in zh for zh, en in both(found)] == [True]


def test_a_grid_without_a_rank_has_no_moves(boston: Workspace) -> None:
    ranking = rank(boston, draws=10)
    outside = ranking.grids.index[~ranking.grids["enough_data"]]
    assert len(outside)
    assert explain(ranking, str(outside[0])).moves == ()


def test_nothing_alone_moves_the_worst_grid_and_this_is_said_with_the_points(huolong: Workspace) -> None:
    ranking = rank(huolong, draws=10)
    order = ranking.ordered()
    found = explain(ranking, str(order.index[0]))
    (down_zh, down), (out_zh, out) = both(found)
    assert down.startswith("No single measure can move it behind")
    assert order["name"].iloc[1] in down
    assert f"first {FIRST}" in out
    assert f"前 {FIRST} 名" in out_zh
    lead = order["score"].iloc[0] - order["score"].iloc[1]
    assert f"leads by {lead:.1f} points" in down
    assert f"领先 {lead:.1f} 分" in down_zh


@pytest.mark.parametrize("city", ["huolong", "boston"])
def test_every_ranked_grid_learns_of_both_neighbours_and_the_first_places(
    city: str, request: pytest.FixtureRequest
) -> None:
    ranking = rank(request.getfixturevalue(city), draws=10)
    scores = ranking.grids.loc[ranking.grids["enough_data"], "score"]
    for grid_id in scores.index[::5]:
        found = explain(ranking, str(grid_id))
        neighbours = int((scores > scores[grid_id]).any()) + int((scores < scores[grid_id]).any())
        assert len(found.moves) in {neighbours, neighbours + 1}  # a tie with the last of the first has no say
        for zh, en in both(found):
            for name in [*ranking.grids["name"], *(c.title.in_(x) for c in ranking.used for x in ("zh", "en"))]:
                zh, en = zh.replace(name, "#"), en.replace(name, "#")  # noqa: PLW2901 (names may hold numbers)
            assert [n for n in numbers(zh) if "." in n] == [n for n in numbers(en) if "." in n]


def best_alone(ranking: Ranking, grid_id: str, *, up: bool) -> float:
    """Brute force: the best score that one measure alone can give a grid, at its worst or best goalpost."""
    found = []
    for criterion in ranking.used:
        if criterion.key in limits(ranking, grid_id):
            value = criterion.worst if up else criterion.best
            found.append(with_value(ranking, grid_id, criterion.key, value).total[grid_id])
    return max(found) if up else min(found)


@pytest.mark.parametrize("city", ["huolong", "boston"])
def test_the_first_places_open_to_one_measure_or_not_as_said(city: str, request: pytest.FixtureRequest) -> None:
    ranking = rank(request.getfixturevalue(city), draws=10)
    scores = ranking.grids.loc[ranking.grids["enough_data"], "score"]
    for grid_id in [*ranking.ordered().index[:8], *scores.index[::25]]:
        last = scores.drop(grid_id).nlargest(FIRST).iloc[-1]
        is_in = scores[grid_id] >= last
        reached = best_alone(ranking, str(grid_id), up=not is_in)
        is_enough = reached < last if is_in else reached > last
        said = [en for _, en in both(explain(ranking, str(grid_id))) if f"the first {FIRST}" in en]
        assert [one.startswith("If ") for one in said] == [is_enough], (grid_id, said)
