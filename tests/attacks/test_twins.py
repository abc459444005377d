"""The verdicts hold for other files of the same classes."""

import pytest

from tests.attacks.conftest import SECRETS, Canary
from tests.attacks.reading import Outcome, read_all
from tests.attacks.twins import TWINS


@pytest.fixture(scope="module")
def outcomes(canary: Canary, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    assert canary.calls == []
    folder = tmp_path_factory.mktemp("twins")
    for name, (_, make) in TWINS.items():
        make(folder / name)
    return read_all({name: folder / name for name in TWINS})


@pytest.mark.parametrize("name", TWINS)
def test_a_twin_gets_the_same_verdict(name: str, outcomes: dict[str, Outcome]) -> None:
    code, outcome = TWINS[name][0], outcomes[name]
    if code == "read":
        assert not outcome.problems
        assert any(len(source.rows) for source in outcome.sources)
    else:
        assert [problem.code for problem in outcome.problems] == [code]
        assert outcome.problems[0].found.zh != outcome.problems[0].found.en or name == "twice.geojson"


def test_what_is_left_out_is_told(outcomes: dict[str, Outcome]) -> None:
    notes = {
        name: [note.code for source in outcome.sources for note in source.notes] for name, outcome in outcomes.items()
    }
    assert "crs_link" in notes["link.json"]
    assert "crs_unknown" in notes["named.json"]
    assert "links_dropped" in notes["overlay.kml"]
    assert "triggers" in notes["fires.gpkg"]
    assert "duplicate_keys" in notes["twice.geojson"]
    assert "several_layers" in notes["both.zip"]
    assert "encoding_found" in notes["no_cpg.zip"]
    (line,) = outcomes["line.geojson"].sources
    assert [(row.row, row.code) for row in line.lost] == [(2, "broken_shape")]
    assert outcomes["praca.zip"].sources[0].cells["name"].iloc[0] == "Praça São João"
    assert outcomes["no_cpg.zip"].sources[0].cells["name"].iloc[0] == "网格"


def test_nothing_was_touched(outcomes: dict[str, Outcome], canary: Canary) -> None:
    seen = b"\n".join(outcome.bytes() for outcome in outcomes.values())
    for secret in SECRETS:
        assert secret.encode() not in seen
    canary.check()
