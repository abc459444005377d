"""The fewest issues that move a grid across the line: brute force over every subset agrees, and the answer does it."""

from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import ISSUES, Workspace
from layers.standards import issue_types
from reports import Ranking, explain, rank
from reports.answers import explain_answer
from reports.criteria import Criteria, Criterion
from reports.first_places import first_places
from reports.issue_moves import KEYS, _place, fewest_closed, fewest_reported
from tests.reports.test_priority import THREE
from tests.samples import AS_OF

ISSUE_CRITERIA = Criteria(
    (
        Criterion("severity_per_100_households", 3, 0, 30),
        Criterion("overdue_share_pct", 2, 0, 100),
        Criterion("open_issues_per_ha", 1, 0, 10),
        Criterion("open_share_pct", 1, 0, 100),
        Criterion("elderly_share_pct", 2, 0, 50),
    )
)
TYPES = ("GARBAGE", "MANHOLE", "SEWER_BLOCK")


def with_issues(ws: Workspace, rows: list[tuple[str, int, int]]) -> Workspace:
    """Give the sample other issues in grid E1 beside those of the other grids: type, severity, days to the deadline."""
    old = ws[ISSUES]
    stay = (ws.owner(ISSUES) != "E1").fillna(value=True).to_numpy(dtype=bool)
    model = old.iloc[[6]]
    new = pd.concat([model] * len(rows)).set_index(pd.Index([f"n{n:02d}" for n in range(len(rows))], name="issue_id"))
    due = [pd.NaT if days == 9 else pd.Timestamp(AS_OF) + pd.Timedelta(days=days, hours=1) for _, _, days in rows]
    new = new.assign(
        issue_type=[one for one, _, _ in rows],
        severity=pd.array([two for _, two, _ in rows], dtype="Int64"),
        due_at=due,
    )
    where = ws.places[ISSUES.key]
    places = pd.concat([where[stay], pd.concat([where.iloc[[6]]] * len(rows)).set_index(new.index)])
    table = pd.concat([old[stay], new])
    return replace(
        ws,
        tables=MappingProxyType({**ws.tables, ISSUES.key: table}),
        places=MappingProxyType({**ws.places, ISSUES.key: places}),
    )


def closed(ws: Workspace, ids: list[str]) -> Workspace:
    table = ws[ISSUES].copy()
    table.loc[ids, "closed_at"] = pd.Timestamp(AS_OF) - pd.Timedelta(hours=1)
    return replace(ws, tables=MappingProxyType({**ws.tables, ISSUES.key: table}))


def ranked(ws: Workspace, criteria: Criteria = ISSUE_CRITERIA) -> Ranking:
    return rank(ws, criteria=criteria, draws=1)


def inside(ranking: Ranking, first: int) -> bool:
    return bool(ranking.grids["rank"]["E1"] <= first)


def open_ids(ws: Workspace) -> list[str]:
    mine = (ws.owner(ISSUES) == "E1").fillna(value=False).to_numpy(dtype=bool) & ws.standing["is_open"].to_numpy()
    return [str(one) for one in ws[ISSUES].index[mine]]


ROW = st.tuples(st.sampled_from(TYPES), st.integers(1, 5), st.sampled_from([-2, 2, 9]))


@settings(deadline=None, max_examples=12)
@given(st.lists(ROW, min_size=1, max_size=5), st.integers(1, 3), st.sampled_from([1, 3]))
def test_brute_force_over_every_subset_finds_no_fewer(
    loose: Workspace, rows: list[tuple[str, int, int]], first: int, least_cases: int
) -> None:
    rules = {**rank(loose, draws=1).measures.policy, "rate_min_cases": least_cases}
    ws = with_issues(loose, rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reports.priority.policy", lambda _folder: rules)
        base = ranked(ws)
        found = fewest_closed(base, "E1", first) if inside(base, first) else None
        if not inside(base, first):
            return
        ids = open_ids(ws)
        leaves = [
            number
            for number in range(1, len(ids) + 1)
            for some in combinations(ids, number)
            if (after := ranked(closed(ws, list(some)))).grids["enough_data"]["E1"] and not inside(after, first)
        ]
        assert (found.count if found else None) == (min(leaves) if leaves else None)
        if found:
            done = ranked(closed(ws, list(found.issue_ids)))
            assert not inside(done, first)
            assert done.total["E1"] == pytest.approx(found.score)
            assert sum(found.by_type.values()) == found.count == len(found.issue_ids)
            for code, number in found.alone.items():
                own = [one for one in ids if ws[ISSUES]["issue_type"][one] == code]
                some_of_it = [
                    n for n in range(1, len(own) + 1)
                    if any(
                        (after := ranked(closed(ws, list(some)))).grids["enough_data"]["E1"] and not inside(after, first)
                        for some in combinations(own, n)
                    )
                ]  # fmt: skip
                assert number == (min(some_of_it) if some_of_it else None)


@pytest.fixture(scope="module")
def loose(sample: Workspace) -> Workspace:
    return sample


@pytest.mark.parametrize("first", [1, 2])
def test_new_issues_really_bring_it_in_and_one_fewer_does_not(sample: Workspace, first: int) -> None:
    ws = with_issues(sample, [("GARBAGE", 1, 2)])
    base = ranked(ws)
    assert not inside(base, first)
    found = fewest_reported(base, "E1", first)
    assert found is not None
    ((code, count),) = found.by_type.items()
    assert found.alone[code] == count == min(one for one in found.alone.values() if one is not None)
    for number, expected in ((count, True), (count - 1, False)):
        more = with_issues(sample, [("GARBAGE", 1, 2), *[(code, _severity(sample, code), 2)] * number])
        assert inside(ranked(more), first) is expected


def _severity(ws: Workspace, code: str) -> int:
    return int(issue_types(ws.folder)["severity"][code])


def test_the_formulas_are_those_of_the_measures(huolong: Workspace) -> None:
    """With nothing closed the score of every grid is the score of the ranking."""
    ranking = rank(huolong, draws=1)
    assert {c.key for c in ranking.used} & set(KEYS)
    for grid_id in ranking.grids.index:
        place = _place(ranking, str(grid_id))
        none = np.zeros(1)
        assert place.closed(none, none, none, none)[0] == pytest.approx(ranking.total[grid_id])


def test_the_explanation_says_it_in_both_languages_and_as_json(huolong: Workspace) -> None:
    ranking = rank(huolong, draws=1)
    order = ranking.ordered().index
    fifth, later = explain(ranking, str(order[4])), explain(ranking, str(order[9]))
    assert fifth.first is not None
    assert later.first is not None
    assert (fifth.first.inside, later.first.inside) == (True, False)
    assert fifth.first.issues is not None
    assert fifth.first.issues.direction == "out"
    assert fifth.first.by_measure in fifth.moves
    assert len(fifth.first.by_issues) >= 1
    answer = explain_answer(fifth)["first"]
    assert (answer["first"], answer["inside"]) == (5, True)
    assert answer["issues"]["count"] == len(answer["issues"]["issue_ids"])
    assert explain(ranking, str(order[4]), first=4).first.inside is False  # type: ignore[union-attr]
    assert "退出前 5 名" in fifth.first.by_issues[0].zh
    assert "out of the first 5" in fifth.first.by_issues[0].en


def test_where_all_are_among_the_first_it_is_said(sample: Workspace) -> None:
    found = first_places(rank(sample, criteria=THREE, draws=1), "W1", 5)
    assert found is not None
    assert (found.inside, found.issues, found.measure) == (True, None, None)
    assert "all are among the first 5" in found.sentences[0].en
    minmax = rank(sample, criteria=Criteria(THREE.items, "minmax"), draws=1)
    assert first_places(minmax, "W1", 1) is None


def test_the_smallest_change_of_a_measure_is_minimal_by_trying_every_value(sample: Workspace) -> None:
    """E1 is third of four: a fine search over each measure finds no shorter way into the first two."""
    ranking = rank(sample, criteria=THREE, draws=1)
    found = first_places(ranking, "E1", 2)
    assert found is not None
    assert not found.inside
    wanted = sorted(ranking.total.drop("E1"), reverse=True)[1]
    ways = {}
    for one in ranking.used:
        if np.isnan(ranking.utility[one.key]["E1"]):
            continue
        value = float(ranking.measures.table[one.key]["E1"])
        for step in np.linspace(0, 1, 2001):
            need = np.clip((value + step * (one.worst - one.best) - one.best) / (one.worst - one.best), 0, 1)
            gain = 100 * (need - ranking.utility[one.key]["E1"]) * 0.5  # E1 knows two measures of equal weight
            if ranking.total["E1"] + gain >= wanted:
                ways[one.key] = step
                break
    if found.measure is None:
        assert not ways
    else:
        moved = abs(found.measure.needed - found.measure.value) / 1.0
        assert ways[found.measure.criterion.key] == min(ways.values())
        scale = abs(found.measure.criterion.worst - found.measure.criterion.best)
        assert moved / scale == pytest.approx(min(ways.values()), abs=1e-3)
