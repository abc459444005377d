"""guatu ledger: begin, look, act, and every refusal with its words."""

import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image

from cli import main
from layers import open_workspace
from tests import samples
from tests.layers.photos import pictures
from tests.test_cli import Run, document, run

__all__ = ["run"]


@pytest.fixture
def home(quick: Path, request: pytest.FixtureRequest) -> Path:
    """A small community of the test's own."""
    return samples.community(quick / request.node.name)


@pytest.fixture
def begun(home: Path) -> Path:
    """The same with a ledger."""
    assert main(["ledger", str(home), "start", "--json"]) == 0
    return home


def answer(run: Run, *words: object, code: int = 0) -> Any:
    """What a call answers, as JSON."""
    found, out, _ = run("ledger", *words, "--json", "--lang", "en")
    assert found == code, out
    return document(out)


def test_without_a_ledger_the_next_step_is_told(home: Path, run: Run) -> None:
    found = answer(run, home, "list", code=1)
    assert found["problems"][0]["code"] == "no_ledger"
    assert "start" in found["problems"][0]["remedy"]["en"]


def test_start_enters_each_issue_once(home: Path, run: Run) -> None:
    first = answer(run, home, "start")
    assert first["issues"] == len(samples.tables()["issues"])
    assert answer(run, home, "start") == {"events": 0, "issues": 0}


def test_issue_goes_its_way(begun: Path, run: Run) -> None:
    made = answer(run, begun, "report", "R-1", "--type", "GARBAGE", "--text", "垃圾", "--at", "2030-05-06T09:00")
    assert made == {"done": 1, "refused": 0, "issues": [made["issues"][0]]}
    for words in (
        ("move", "R-1", "--state", "accepted", "--at", "2030-05-06T09:10"),
        ("assign", "R-1", "--person", "p1", "--at", "2030-05-06T09:20"),
        ("reach", "R-1", "--other", "reply", "--at", "2030-05-06T09:25"),
        ("photo", "R-1", "--other", "0" * 64, "--role", "after", "--at", "2030-05-06T10:00"),
        ("move", "R-1", "--state", "fixed", "--at", "2030-05-06T10:05"),
        ("move", "R-1", "--state", "closed", "--text", "ok", "--at", "2030-05-06T11:00"),
    ):
        assert answer(run, begun, *words)["done"] == 1
    shown = answer(run, begun, "show", "R-1")
    assert shown["case"]["state"] == "closed"
    assert shown["case"]["person"] == "p1"
    assert [one["kind"] for one in shown["events"]] == ["create", "move", "move", "reach", "photo", "move", "move"]
    assert {one["state"] for one in shown["next"]} == {"revisit_ok", "revisit_bad", "struck", "accepted"}
    early = answer(run, begun, "show", "R-1", "--as-of", "2030-05-06T09:15")
    assert early["case"]["state"] == "accepted"


def test_refusal_names_why_and_who(begun: Path, run: Run) -> None:
    answer(run, begun, "report", "R-1", "--type", "GARBAGE", "--at", "2030-05-06T09:00")
    found = answer(run, begun, "move", "R-1", "--state", "closed", code=1)["issues"][0]
    assert found["refused"] == "no_move"
    assert "community" in found["who"]
    assert "受理立案" in found["words"]["zh"]
    assert "accept the case" in found["words"]["en"]


def test_many_at_once_each_has_its_answer(begun: Path, run: Run) -> None:
    for name in ("A", "B"):
        answer(run, begun, "report", name, "--type", "GARBAGE", "--at", "2030-05-06T09:00")
    found = answer(run, begun, "move", "A", "B", "C", "--state", "accepted", "--at", "2030-05-06T09:10", code=1)
    assert (found["done"], found["refused"]) == (2, 1)
    assert found["issues"][2]["refused"] == "not_known"


def test_stale_sight_is_a_conflict(begun: Path, run: Run) -> None:
    answer(run, begun, "report", "R-1", "--type", "GARBAGE", "--at", "2030-05-06T09:00")
    answer(run, begun, "move", "R-1", "--state", "accepted", "--seen", 1, "--at", "2030-05-06T09:10")
    found = answer(run, begun, "move", "R-1", "--state", "rejected", "--text", "no", "--seen", 1, code=1)
    assert found["issues"][0]["refused"] == "conflict"


def test_same_command_counts_once(begun: Path, run: Run) -> None:
    words = ("report", "R-1", "--type", "GARBAGE", "--at", "2030-05-06T09:00", "--command-id", "abc")
    assert answer(run, begun, *words)["issues"][0]["is_new"]
    assert not answer(run, begun, *words)["issues"][0]["is_new"]


def test_place_finds_the_grid(begun: Path, run: Run) -> None:
    ws = open_workspace(begun)
    point = ws.grids().geometry.iloc[[0]].representative_point().to_crs(4326).iloc[0]
    answer(
        run, begun, "report", "R-1", "--type", "GARBAGE", "--place", f"{point.x},{point.y}", "--at", "2030-05-06T09:00"
    )
    assert answer(run, begun, "show", "R-1")["case"]["grid_id"] == ws.grids().index[0]


def test_lists_are_filtered_and_paged(begun: Path, run: Run) -> None:
    whole = answer(run, begun, "list")
    known = samples.tables()["issues"]["reported_at"] <= pd.Timestamp(whole["as_of"])
    assert whole["total"] == len(whole["issues"]) == known.sum()
    part = answer(run, begun, "list", "--rows", 2, "--start", 1)
    assert [one["issue_id"] for one in part["issues"]] == [one["issue_id"] for one in whole["issues"][1:3]]
    closed = answer(run, begun, "list", "--state", "closed")
    assert {one["state"] for one in closed["issues"]} == {"closed"}


def test_due_lists_what_is_near(begun: Path, run: Run) -> None:
    answer(run, begun, "report", "R-1", "--type", "GARBAGE", "--at", "2030-05-06T09:00")
    found = answer(run, begun, "due", "--hours", 3, "--as-of", "2030-05-06T09:00")
    assert "R-1" in {one["issue_id"] for one in found["issues"]}
    assert found["until"] == "2030-05-06T12:00:00"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fly",), "nothing that the ledger does"),
        (("show",), "one issue"),
        (("move", "--state", "closed"), "which issues"),
        (("move", "A", "--state", "closed", "--state", "new"), "once"),
        (("list", "--as-of", "yesterday"), "2024-06-01"),
        (("list", "--as-of", "2024-06-01T00:00+08:00"), "without a zone"),
    ],
)
def test_wrong_usage_is_told(begun: Path, run: Run, words: tuple[str, ...], said: str) -> None:
    try:
        code, _, err = run("ledger", begun, *words, "--lang", "en")
    except SystemExit as stop:
        code, err = int(str(stop.code)), said
    assert code == 2
    assert said in err


def test_lines_are_for_people(begun: Path, run: Run) -> None:
    for lang, word in (("zh", "共"), ("en", "in all")):
        code, out, _ = run("ledger", begun, "list", "--lang", lang)
        assert code == 0
        assert word in out
        assert json.dumps(out)


def test_photos_go_to_others_without_the_notes_of_the_camera(begun: Path, run: Run, tmp_path: Path) -> None:
    answer(run, begun, "report", "R/1", "--type", "GARBAGE", "--text", "垃圾", "--at", "2030-05-06T09:00")
    taken = tmp_path / "taken.jpg"
    taken.write_bytes(pictures.jpeg(pictures.scene(1), exif=pictures.exif(gps=pictures.gps_of(111.6, 26.4))))
    for role, at in (("before", "2030-05-06T09:05"), ("during", "2030-05-06T09:30")):
        answer(run, begun, "photo", "R/1", "--photo", taken, "--role", role, "--at", at)
    made = answer(run, begun, "photos", "--out", tmp_path / "out")
    assert made["photos"] == ["R_1-01-before-20300506-0905.jpg", "R_1-02-during-20300506-0930.jpg"]
    for name in made["photos"]:
        data = (tmp_path / "out" / name).read_bytes()
        assert b"Exif" not in data
        with Image.open(io.BytesIO(data)) as shown:
            assert shown.size == (640, 480)
            assert not shown.getexif()
    assert answer(run, begun, "photos", "no such issue", "--out", tmp_path / "none")["photos"] == []
