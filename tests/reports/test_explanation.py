"""Why a grid stands where it stands, said alike in both languages, and changes that really move it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from layers import Workspace, open_workspace
from reports import Explanation, Ranking, explain, rank
from reports.criteria import Criteria, Criterion
from reports.explanation import Change
from reports.measures import STATUS_WORDS
from reports.priority import weighed
from tests import samples
from tests.reports.test_priority import THREE, ranked
from tests.samples import community, overrule


def test_parts_say_value_points_and_limit(sample: Workspace) -> None:
    found = explain(ranked(sample), "E2")
    assert (found.rank, found.name) == (1, "NE")
    assert found.score == pytest.approx(45)
    said = [(p.criterion.key, p.value, p.points, p.limit) for p in found.parts]
    assert said == [
        ("elderly_share_pct", 40, pytest.approx(40), 50),
        ("open_issues_per_ha", 1, pytest.approx(5), 50),
        ("hazardous_building_share_pct", None, None, 0),
    ]
    assert "buildings of hazard grade C or D" in found.sentence.en
    assert "C、D 级危房占比" in found.sentence.zh


def test_changes_by_hand(sample: Workspace) -> None:
    """W1 lacks 2.5 points on E2 and has 17.5 more than E1; hazard moves half a point a percent."""
    up, down = explain(ranked(sample), "W1").changes
    assert (up.direction, up.criterion.key, up.passes, up.value) == ("up", "hazardous_building_share_pct", "NE", 50)
    assert up.needed == pytest.approx(55)
    assert (down.direction, down.criterion.key, down.passes) == ("down", "hazardous_building_share_pct", "SE")
    assert down.needed == pytest.approx(15)
    assert "50.0" in up.sentence.zh
    assert "55.0" in up.sentence.en


def test_the_first_and_the_last_have_one_way_to_go(sample: Workspace) -> None:
    assert [c.direction for c in explain(ranked(sample), "E2").changes] == ["down"]
    assert [c.direction for c in explain(ranked(sample), "W2").changes] == ["up"]
    assert explain(ranked(sample, Criteria(THREE.items, "minmax")), "W1").changes == ()


def test_a_value_beyond_its_goalpost_has_farther_to_go(tmp_path: Path) -> None:
    """E1 has 120 % of the worst goalpost in one measure: it would have to come back all the way."""
    table = samples.grids()
    table.loc["E1", "elderly_residents"] = 120
    criteria = Criteria((Criterion("elderly_share_pct", 1, 0, 50), Criterion("open_issues_per_ha", 1, 0, 10)))
    ranking = ranked(open_workspace(community(tmp_path / "x", {"grids": table})), criteria)
    assert ranking.total.to_dict() == pytest.approx({"E1": 65, "E2": 45, "W1": 35, "W2": 10})
    (change,) = explain(ranking, "E1").changes
    # 20 points: elderly 60 % to 30 % is 0.6 of its range; open issues cannot give 20 of their 15
    assert (change.criterion.key, change.value, change.needed) == ("elderly_share_pct", 60, pytest.approx(30))
    near = ranking.reweighed({"open_issues_per_ha": 3})
    assert near.total.to_dict() == pytest.approx({"E1": 47.5, "E2": 27.5, "W1": 32.5, "W2": 5})
    (change,) = explain(near, "E1").changes
    # 15 points: elderly back by 0.2 + 0.6 of its range, open issues down by 0.2
    assert (change.criterion.key, change.needed) == ("open_issues_per_ha", pytest.approx(1.0))


def with_value(ranking: Ranking, grid_id: str, key: str, value: float) -> Ranking:
    """Rank again with one measured value changed."""
    old = ranking.measures.by_key[key]
    by_grid = old.by_grid.copy()
    by_grid[grid_id] = value
    by_key = {**ranking.measures.by_key, key: replace(old, by_grid=by_grid)}
    return weighed(replace(ranking.measures, by_key=by_key), ranking.criteria, 1, 1, immediate=ranking.immediate)


def passed(ranking: Ranking, change: Change, grid_id: str, share: float) -> bool:
    """Tell whether the neighbour is passed after a share of the change."""
    value = change.value + share * (change.needed - change.value)
    scores = with_value(ranking, grid_id, change.criterion.key, value).total
    before = ranking.total
    if change.direction == "up":
        neighbour = before[before > before[grid_id]].idxmin()
    else:
        neighbour = before[before < before[grid_id]].idxmax()
    assert ranking.grids["name"][neighbour] == change.passes
    higher = scores[grid_id] > scores[neighbour]
    return higher if change.direction == "up" else scores[grid_id] < scores[neighbour]


@pytest.mark.parametrize(("city", "every"), [("huolong", 1), ("boston", 9)])
def test_a_change_moves_the_grid_and_a_smaller_one_does_not(
    city: str, every: int, request: pytest.FixtureRequest
) -> None:
    ranking = rank(request.getfixturevalue(city), draws=20)
    tried = 0
    for grid_id in ranking.grids.index[ranking.grids["enough_data"]][::every]:
        for change in explain(ranking, grid_id).changes:
            tried += 1
            assert passed(ranking, change, grid_id, 1.0), change
            assert not passed(ranking, change, grid_id, 0.99), change
    assert tried >= 10


@pytest.mark.parametrize("grid_id", ["E1", "E2", "W1", "W2"])
def test_no_other_single_measure_needs_a_smaller_change(grid_id: str, sample: Workspace) -> None:
    """Brute force: within the part of its range that the named measure needs, no other one does it."""
    ranking = ranked(sample)
    for change in explain(ranking, grid_id).changes:
        own = change.criterion
        moved = abs((change.needed - change.value) / (own.worst - own.best))
        for other in ranking.used:
            value = ranking.measures.table[other.key][grid_id]
            for share in (0.99 * moved, -0.99 * moved):
                trial = replace(change, criterion=other, value=value, needed=value + share * (other.worst - other.best))
                assert not passed(ranking, trial, grid_id, 1.0)


def numbers(found: Explanation, lang: str) -> list[str]:
    """All numbers of the sentence but for those in names and units."""
    text = found.sentence.in_(lang)
    for part in found.parts:
        for words in (part.criterion.title, part.criterion.unit):
            text = text.replace(words.in_(lang), "#")
    return sorted(re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text.replace(found.name, "#")))


def stated(sentence: str) -> tuple[float, float]:
    """The present and the needed value that a sentence of change names."""
    found = re.search(r"(?:由|from) ([\d,.-]+) (?:变为|to) ([\d,.-]+)\u00a0", sentence)
    assert found
    return tuple(float(n.replace(",", "")) for n in found.groups())  # type: ignore[return-value]


@pytest.mark.parametrize("city", ["sample", "huolong", "boston"])
def test_both_languages_say_the_same_numbers(city: str, request: pytest.FixtureRequest) -> None:
    ranking = rank(request.getfixturevalue(city), draws=20)
    for grid_id in ranking.grids.index:
        found = explain(ranking, grid_id)
        assert numbers(found, "zh") == numbers(found, "en")
        if found.score is not None:
            assert f"{found.score:.1f}" in numbers(found, "zh")
        for part in [p for p in found.parts if p.points][:3]:
            for lang in ("zh", "en"):
                assert part.criterion.title.in_(lang) in found.sentence.in_(lang)
            if part.status in {"proxy", "partial"}:
                assert STATUS_WORDS[part.status].zh in found.sentence.zh
        for change in found.changes:
            now, then = stated(change.sentence.zh)
            assert (now, then) == stated(change.sentence.en)
            assert now != then
            assert (then >= change.needed - 1e-6) if change.direction == "up" and change.needed > change.value else True
            assert abs(then - change.needed) <= 0.1


def test_a_grid_that_is_not_ranked_says_why(folder: Path, tmp_path: Path) -> None:
    ranking = ranked(open_workspace(overrule(folder, not_enough_data_weight_share=0.49)))
    found = explain(ranking, "E1")
    assert (found.rank, found.score, found.changes) == (None, None, ())
    assert found.sentence.en.startswith("SE is not ranked: not enough data.")
    assert "hazard grade C or D" in found.sentence.en
    assert "elderly residents" not in found.sentence.en  # it is known
    table = samples.grids()
    table.loc["E1", "households"] = 10
    ranking = ranked(open_workspace(community(tmp_path / "few", {"grids": table})))
    assert "too few households" in explain(ranking, "E1").sentence.en


def test_a_grid_without_any_need_says_so(tmp_path: Path) -> None:
    calm = Criteria((Criterion("open_issues_per_ha", 1, 0, 10),))
    found = explain(ranked(open_workspace(community(tmp_path / "x")), calm), "W2")
    assert found.score == 0
    assert "every measure is at its best goalpost" in found.sentence.en


def test_an_unknown_grid(sample: Workspace) -> None:
    with pytest.raises(KeyError):
        explain(ranked(sample), "Z9")
