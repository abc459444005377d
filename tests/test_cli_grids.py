"""guatu grids: looks, previews that store nothing, applies, and is undone."""

import json
from pathlib import Path

import pytest

from cli import main
from layers import open_workspace
from tests import samples
from tests.test_cli import Run, document, run

__all__ = ["run"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return samples.community(tmp_path / "sample")


def answer(run: Run, *words: object, code: int = 0) -> dict[str, object]:
    found, out, _ = run("grids", *words, "--json", "--lang", "en")
    assert found == code, out
    told: dict[str, object] = document(out)
    return told


def test_looks(home: Path, run: Run) -> None:
    assert answer(run, home, "audit")["faults"] == []
    found = answer(run, home, "codes", "--scheme", "unit_grid_14", "--base", "431103001001")
    assert [one["grid_id"] for one in found["proposed"]] == ["W2", "E2", "W1", "E1"]  # type: ignore[attr-defined]
    assert set(answer(run, home, "workload")["spread"]) >= {"issues", "open", "households"}  # type: ignore[call-overload]
    assert answer(run, home, "history") == {"former": [], "successors": {}}
    for what in ("audit", "codes", "workload", "history"):
        for lang in ("zh", "en"):
            code, out, _ = run("grids", home, what, "--lang", lang)
            assert code == 0
            assert out.strip()


def test_a_preview_stores_nothing_and_apply_does(home: Path, run: Run) -> None:
    before = (home / "layers.gpkg").read_bytes()
    found = answer(run, home, "merge", "W1", "W2", "--dry-run")
    assert (found["applied"], found["totals_kept"], found["retired"]) == (False, True, ["W1", "W2"])
    assert (home / "layers.gpkg").read_bytes() == before
    plan = home.parent / "plan.json"
    plan.write_text(json.dumps(found["plan"]), encoding="utf-8")
    kept = answer(run, home, "plan", "--plan", plan, "--apply")
    assert (kept["applied"], kept["number"]) == (True, 1)
    assert list(open_workspace(home).grids().index) == ["E1", "E2", "W3"]
    assert answer(run, home, "history")["successors"] == {"W1": ["W3"], "W2": ["W3"]}
    assert run("undo", str(home))[0] == 0
    assert (home / "layers.gpkg").read_bytes() == before


def test_lines_are_in_degrees(home: Path, run: Run) -> None:
    ws = open_workspace(home)
    west, south, _, north = ws.grids().to_crs("EPSG:4326").geometry["W1"].bounds
    lon = west + 0.0004
    line = f"{lon},{south - 0.0001} {lon},{north + 0.0001}"
    found = answer(
        run, home, "split", "W1", "--line", line, "--id", "W1a", "--id", "W1b", "--name", "西", "--name", "东"
    )
    assert [one["grid_id"] for one in found["grids"]] == ["W1a", "W1b"]  # type: ignore[attr-defined]
    for lang in ("zh", "en"):
        assert (
            run("grids", home, "balance", "W1", "W2", "--by", "households", "--cells", "buildings", "--lang", lang)[0]
            == 0
        )


@pytest.mark.parametrize(
    "words",
    [
        ("fly",),
        ("merge", "W1", "W2", "--apply", "--dry-run"),
        ("plan",),
        ("split", "W1", "--line", "1,2"),
        ("merge", "W1", "W2", "--valid-from", "soon"),
        ("snap", "--tolerance", "wide"),
    ],
)
def test_wrong_usage_ends_with_two(home: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["grids", str(home), *words])
    assert end.value.code == 2


@pytest.mark.parametrize("words", [("merge", "W1"), ("codes", "--scheme", "unit_grid_14")])
def test_what_cannot_be_done_ends_with_one(home: Path, run: Run, words: tuple[str, ...]) -> None:
    found, out, said = run("grids", home, *words, "--lang", "en")
    assert found == 1
    assert said.strip()
    assert not out.strip()
