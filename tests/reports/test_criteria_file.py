"""Criteria as a file: what is written is read again to the last digit."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cli
from layers import Workspace
from reports import rank, read_criteria
from reports.criteria import MEASURES, NORMALISATIONS, Criteria, Criterion
from reports.criteria_file import criteria_toml

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)
ITEMS = st.lists(
    st.tuples(st.sampled_from(sorted(MEASURES)), st.floats(0, 1e6), NUMBERS, NUMBERS).filter(
        lambda one: one[2] != one[3]
    ),
    min_size=1,
    unique_by=lambda one: one[0],
).filter(lambda items: sum(weight for _, weight, _, _ in items) > 0)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ITEMS, st.sampled_from(sorted(NORMALISATIONS)))
def test_criteria_come_back(tmp_path: Path, items: list[tuple[str, float, float, float]], normalisation: str) -> None:
    criteria = Criteria(tuple(Criterion(*one) for one in items), normalisation)  # type: ignore[arg-type]
    file = tmp_path / "criteria.toml"
    file.write_text(criteria_toml(criteria), encoding="utf-8")
    assert read_criteria(file) == criteria


def test_the_file_names_each_measure_in_both_languages() -> None:
    text = criteria_toml(read_criteria())
    for one in read_criteria().items:
        assert one.title.zh in text
        assert one.title.en in text


def test_the_command_line_ranks_by_it(sample: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = rank(sample, draws=50).reweighed({"elderly_share_pct": 88.25, "open_issues_per_ha": 3})
    file = tmp_path / "criteria.toml"
    file.write_text(criteria_toml(wanted.criteria), encoding="utf-8")
    assert cli.main(["rank", str(sample.folder), "--criteria", str(file), "--lang", "en"]) == 0
    lines = capsys.readouterr().out
    for grid_id, score in wanted.total.dropna().items():
        assert any(f"{score:.1f}" in line for line in lines.splitlines() if str(grid_id) in line)
