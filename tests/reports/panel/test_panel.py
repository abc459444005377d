"""Weights of a panel: reciprocals, consistency, refusal, group mean, files; published sets; sets side by side."""

from collections.abc import Mapping
from datetime import datetime
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CriteriaError
from layers import Workspace, open_workspace
from reports import rank, read_criteria
from reports.panel import Sheet, judged, panel, panel_criteria, presets, read_sheet, save_sheet, stored_sheets
from reports.panel.aspects import ASPECTS, blocks
from reports.panel.compared import WeightSet, compared_sets, known_sets
from reports.panel.presets import preset
from reports.panel.sheets import latest, number_said, sheet_toml, shown
from reports.panel.weights import CONSISTENT, DOUBTFUL, REFUSED, matrix, weights_of
from tests.reports.test_priority import ranked

KEYS = [one.key for one in read_criteria().items]
NOON = datetime(2026, 11, 1, 12)  # noqa: DTZ001 (workspaces keep naive local time)
SCALE = [1 / 9, 1 / 5, 1 / 3, 1 / 2, 1.0, 2.0, 3.0, 5.0, 9.0]


def sheet(values: Mapping[tuple[str, str], float] | None = None, author: str = "王工", role: str = "专家") -> Sheet:
    every = {pair: 1.0 for block in blocks(KEYS) for pair in block.pairs}
    return Sheet(author, role, NOON, {**every, **(values or {})})


def consistent(weight: Mapping[str, float]) -> dict[tuple[str, str], float]:
    return {pair: weight[pair[0]] / weight[pair[1]] for block in blocks(KEYS) for pair in block.pairs}


def test_a_panel_compares_aspects_first_and_then_the_measures_of_each() -> None:
    found = blocks(KEYS)
    assert [(one.key, len(one.items)) for one in found] == [
        (ASPECTS, 5), ("safety", 2), ("voiced", 3), ("infrastructure", 2), ("public_space", 3),
    ]  # fmt: skip
    assert sum(len(one.pairs) for one in found) == 18
    assert [one.key for one in blocks(KEYS[:2])] == ["safety"]
    assert blocks(KEYS[:1]) == ()


def test_weights_of_consistent_sheets_are_what_was_meant() -> None:
    weight = {"safety": 4.0, "voiced": 3.0, "infrastructure": 1.5, "public_space": 1.0, "people": 0.5}
    weight |= {key: float(1 + n % 3) for n, key in enumerate(KEYS)}
    found = panel({"a": sheet(consistent(weight))}, KEYS)
    assert [one.verdict for one in found.judged] == [CONSISTENT] * 5
    assert found.ratio == pytest.approx(0, abs=1e-9)
    assert sum(found.weights.values()) == pytest.approx(1)
    assert found.weights["elderly_share_pct"] == pytest.approx(0.05)
    a, b = weight["hazardous_building_share_pct"], weight["old_building_share_pct"]
    assert found.weights["hazardous_building_share_pct"] == pytest.approx(0.4 * a / (a + b))


@pytest.mark.parametrize(
    ("word", "value"),
    [("3", 3.0), ("1/3", 1 / 3), (0.33, 1 / 3), ("0.14", 1 / 7), (2.5, 2.5), (0.4, 0.4), (9, 9.0), (0.11, 1 / 9)],
)
def test_a_third_may_be_written_as_it_is_printed(word: object, value: float) -> None:
    assert number_said(word) == pytest.approx(value)


@pytest.mark.parametrize("word", ["", "x", 0, -3, 10, "1/12", "nan", "inf", None])
def test_what_is_no_judgement_is_none(word: object) -> None:
    assert number_said(word) is None


def test_numbers_are_shown_as_people_write_them() -> None:
    assert [shown(one) for one in (3.0, 1 / 3, 1 / 9, 1.0, 2.5)] == ["3", "1/3", "1/9", "1", "2.5"]


def test_a_file_with_both_directions_is_taken_if_they_agree(tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    head = 'author = "Li"\ndate = 2026-11-01\n[pairs]\n"a : b" = 3\n'
    path.write_text(head + '"b : a" = 0.33\n"a : c" = "1/5"\n', encoding="utf-8")
    found = read_sheet(path)
    assert found.values == {("a", "b"): 3.0, ("a", "c"): pytest.approx(0.2)}
    assert found.said("b", "a") == pytest.approx(1 / 3)
    assert found.said("b", "c") is None
    path.write_text(head + '"b : a" = 0.5\n"c : c" = 1\n"d" = 2\n"e : f" = 12\n', encoding="utf-8")
    with pytest.raises(CriteriaError) as caught:
        read_sheet(path)
    assert len(caught.value.problems) == 4
    path.write_text("date = 3\n", encoding="utf-8")
    with pytest.raises(CriteriaError) as caught:
        read_sheet(path)
    assert [one.column for one in caught.value.problems] == ["author", "date", "pairs"]


def test_sheets_are_files_of_the_workspace_and_the_latest_of_each_person_counts(tmp_path: Path) -> None:
    first = sheet({("safety", "voiced"): 1 / 3}, author='王 "工"\\../x')
    later = Sheet(first.author, first.role, NOON.replace(hour=15), first.values)
    other = sheet(author="李", role="居民")
    paths = [save_sheet(tmp_path, one) for one in (later, first, other)]
    assert {path.parent for path in paths} == {tmp_path / "plans"}
    assert read_sheet(paths[1]) == first
    found = stored_sheets(tmp_path)
    assert len(found) == 3
    assert list(latest(found).values()) == [other, later]
    assert sheet_toml(first) == sheet_toml(read_sheet(paths[1]))
    with pytest.raises(CriteriaError):
        save_sheet(tmp_path, Sheet(" ", "", NOON, first.values))


def test_over_a_tenth_the_worst_triad_is_named_and_over_a_fifth_the_sheet_is_refused() -> None:
    doubtful = sheet({("safety", "voiced"): 3.0, ("voiced", "infrastructure"): 3.0, ("safety", "infrastructure"): 0.5})
    (top, *_) = judged(doubtful, KEYS)
    assert 0.1 < top.hierarchy.ratio <= 0.2
    assert top.verdict == DOUBTFUL
    assert top.doubt is not None
    assert all(word in top.doubt.en for word in ("safety", "voiced need", "infrastructure", "0.5", "9"))
    assert all(word in top.doubt.zh for word in ("安全", "居民诉求", "基础设施"))
    assert panel({"a": doubtful}, KEYS).meta["warnings"] == (top.doubt,)
    circle = {
        ("severity_per_100_households", "open_issues_per_ha"): 9.0,
        ("open_issues_per_ha", "overdue_share_pct"): 9.0,
    }
    refused = sheet({**circle, ("severity_per_100_households", "overdue_share_pct"): 1 / 9}, author="赵")
    assert [one.verdict for one in judged(refused, KEYS)].count(REFUSED) == 1
    with pytest.raises(CriteriaError, match="worst triad"):
        panel({"b": refused}, KEYS)
    both = panel({"a": sheet(), "b": refused}, KEYS)
    assert len(both.left_out) == 1
    assert both.weights == panel({"a": sheet()}, KEYS).weights


def test_missing_comparisons_are_named_and_never_taken_for_equal() -> None:
    values = dict(sheet().values)
    del values["safety", "people"]
    with pytest.raises(CriteriaError, match="safety : people"):
        panel({"a": Sheet("王", "", NOON, values)}, KEYS)
    with pytest.raises(CriteriaError):
        panel({}, KEYS)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(SCALE), min_size=10, max_size=10))
def test_the_lower_triangle_is_always_the_reciprocal(values: list[float]) -> None:
    block = blocks(KEYS)[0]
    said = dict(zip(combinations(block.items, 2), values, strict=True))
    whole = matrix(sheet(said), block)
    assert np.allclose(whole * whole.T, 1)
    found = judged(sheet(said), KEYS)
    assert sum(weights_of(found, KEYS).values()) == pytest.approx(1)
    flipped = Sheet("x", "", NOON, {(b, a): 1 / v for (a, b), v in sheet(said).values.items()})
    assert weights_of(judged(flipped, KEYS), KEYS) == pytest.approx(weights_of(found, KEYS))


def test_two_opposite_people_cancel_out() -> None:
    one, other = sheet({("safety", "voiced"): 2.0}), sheet({("safety", "voiced"): 0.5}, author="李")
    found = panel({"a": one, "b": other}, KEYS).weights
    assert found == pytest.approx(panel({"a": sheet()}, KEYS).weights)


def test_published_sets_say_what_they_are_and_what_has_no_measure_here() -> None:
    found = presets()
    ageing = found["ageing_2020"]
    assert float(ageing.rows["weight"].sum()) == pytest.approx(1.0, abs=1e-9)
    road = ageing.rows[ageing.rows["part"].str.startswith("road")]["weight"].sum()
    assert road == pytest.approx(0.374)  # the four factors of the paper
    assert ageing.weights["open_space_share_pct"] == pytest.approx(0.052)
    assert ageing.mapped_share == pytest.approx(0.1945 + 0.1919 + 0.1067 + 0.052)
    assert ageing.note is not None
    assert "slip" in ageing.note.en
    imd = found["imd_2019"]
    assert imd.note is not None
    assert imd.note.en.endswith("take the order as a hint.")
    assert found["guatu_model"].mapped_share == pytest.approx(1)
    assert all(one.source and one.mapped_share <= 1 for one in found.values())
    with pytest.raises(CriteriaError, match="ageing_2020"):
        preset("nothing")


def test_experts_and_residents_stand_side_by_side(sample: Workspace) -> None:
    base = ranked(sample)
    keys = [one.key for one in base.criteria.items]
    experts = WeightSet("experts", sample.title, dict(zip(keys, (1.0, 0.0, 0.0), strict=True)))
    residents = WeightSet("residents", sample.title, dict(zip(keys, (0.0, 1.0, 0.0), strict=True)))
    found = compared_sets(base, [experts, residents], first=1)
    assert list(found.ranks.columns) == ["experts", "residents", "name", "spread"]
    one = rank(sample, criteria=panel_criteria(base.criteria, residents.weights), draws=5).grids["rank"]
    assert found.ranks["residents"].astype(float).reindex(one.index).equals(one)
    (row,) = found.agreement.itertuples()
    assert -1 <= row.kendall <= 1
    assert found.ranks["spread"].max() >= 1


def test_a_workspace_offers_its_roles_and_the_publications(folder: Path) -> None:
    save_sheet(folder, sheet())
    circle = {("safety", "voiced"): 9.0, ("voiced", "people"): 9.0, ("safety", "people"): 1 / 9}
    save_sheet(folder, sheet(circle, author="李", role="居民"))
    found = known_sets(rank(open_workspace(folder), draws=5))
    assert "role:专家" in found
    assert "role:居民" not in found  # its only sheet contradicts itself
    assert {"chosen", "sheets", *presets()} <= set(found)
