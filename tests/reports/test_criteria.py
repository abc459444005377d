"""Criteria files: what they say, and every fault of one at once."""

import math
from pathlib import Path

import pytest

from geo.errors import CriteriaError
from reports import MEASURES, read_criteria
from reports.criteria import Criterion


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> dict[str | None, str]:
    with pytest.raises(CriteriaError) as error:
        read_criteria(written(folder, text))
    for problem in error.value.problems:
        assert problem.file == "mine.toml"
        assert problem.expected.zh
        assert problem.remedy.en
    return {p.column: p.found.en for p in error.value.problems}


def test_the_bundled_criteria_weigh_one_in_all() -> None:
    criteria = read_criteria()
    assert criteria.normalisation == "goalposts"
    assert math.fsum(c.weight for c in criteria.items) == pytest.approx(1.0, abs=1e-12)
    for one in criteria.items:
        assert (one.best, one.worst) == (one.measure.best, one.measure.worst)
        assert one.worse == one.measure.worse
        assert one.title.zh


@pytest.mark.parametrize("key", MEASURES)
def test_a_measure_says_what_it_is(key: str) -> None:
    measure = MEASURES[key]
    assert measure.key == key
    assert measure.title.zh
    assert measure.unit.en
    assert measure.source
    assert measure.worse == ("high" if measure.worst > measure.best else "low")


def test_own_goalposts_and_normalisation(tmp_path: Path) -> None:
    text = 'normalisation = "minmax"\n[criteria.elderly_share_pct]\nweight = 2\nbest = 30\nworst = 1.5\n'
    found = read_criteria(written(tmp_path, text))
    assert found.normalisation == "minmax"
    assert found.items == (Criterion("elderly_share_pct", 2.0, 30.0, 1.5),)
    assert found.items[0].worse == "low"


def test_a_workspace_may_have_its_own(folder: Path) -> None:
    (folder / "standards").mkdir()
    (folder / "standards" / "criteria.toml").write_text("[criteria.open_share_pct]\nweight = 1\n", "utf-8")
    assert [c.key for c in read_criteria(folder=folder).items] == ["open_share_pct"]
    other = written(folder, "[criteria.open_issues_per_ha]\nweight = 1\n")
    assert [c.key for c in read_criteria(other, folder=folder).items] == ["open_issues_per_ha"]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = """
normalisation = "magic"
colour = 1
[criteria.happiness]
weight = 1
[criteria.elderly_share_pct]
weight = "much"
best = true
[criteria.open_share_pct]
weight = 1
worst = 0
[criteria.open_issues_per_ha]
weight = 0
[criteria]
old_building_share_pct = 3
"""
    assert faults(tmp_path, text) == {
        "normalisation": "magic",
        "colour": "colour",
        "criteria.happiness": "happiness",
        "criteria.elderly_share_pct.weight": "much",
        "criteria.elderly_share_pct.best": "true",
        "criteria.open_share_pct": "best and worst alike",
        "criteria.old_building_share_pct": "3",
        "weight": "weights that sum to 0",
    }


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", "weight"),
        ("[criteria.elderly_share_pct]\nweight = 0\n", "weight"),
        ("[criteria.elderly_share_pct]\nweight = -1\n", "elderly_share_pct"),
        ("[criteria.elderly_share_pct]\nweight = nan\n", "criteria.elderly_share_pct.weight"),
        ("[criteria.elderly_share_pct]\nweight = inf\n", "criteria.elderly_share_pct.weight"),
        ("[criteria.elderly_share_pct]\nweight = 1\nbest = nan\n", "criteria.elderly_share_pct.best"),
        ("[criteria.elderly_share_pct]\nbest = 1\n", "criteria.elderly_share_pct.weight"),
        ("[criteria.elderly_share_pct]\nweight = 1\nheight = 2\n", "criteria.elderly_share_pct.height"),
        ("[criteria", None),
    ],
)
def test_faults_one_by_one(text: str, column: str | None, tmp_path: Path) -> None:
    assert list(faults(tmp_path, text)) == [column]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(CriteriaError):
            read_criteria(path)
    (tmp_path / "gbk.toml").write_bytes("# 权重".encode("gb18030"))
    with pytest.raises(CriteriaError):
        read_criteria(tmp_path / "gbk.toml")


def test_other_weights() -> None:
    criteria = read_criteria()
    keys = [c.key for c in criteria.items]
    other = criteria.reweighed({keys[0]: 5.0})
    assert [c.weight for c in other.items] == [5.0, *(c.weight for c in criteria.items[1:])]
    with pytest.raises(CriteriaError) as error:
        criteria.reweighed({"happiness": 1, "sadness": 1, keys[0]: -1})
    assert [p.found.en for p in error.value.problems] == ["happiness", "sadness", "-1"]
    for weight in (0.0, math.nan, math.inf):
        with pytest.raises(CriteriaError):
            criteria.reweighed(dict.fromkeys(keys, weight))
