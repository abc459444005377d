"""Budget plans at the command line."""

import json
from pathlib import Path

import pytest

from cli import main
from tests.cli_answers import told
from tests.reports.plan.test_plan import items
from tests.samples import community


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample community with its items stored."""
    from layers import BUDGET_ITEMS, open_workspace  # noqa: PLC0415 (after the sample is written)

    plain = open_workspace(community(tmp_path_factory.mktemp("plain") / "sample"))
    table = items(plain)
    kept = table[[name for name in BUDGET_ITEMS.columns if name in table]]
    return community(tmp_path_factory.mktemp("plan") / "sample", {"budget_items": kept})


def test_plan_answers_in_one_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "plan", folder, "--budget", "52000", "--years", "2", "--min-share", "5%")
    assert found["status"] == "optimal"
    assert sum(one["cost_yuan"] for one in found["items"]) == found["spent_yuan"] <= 52_000
    assert {one["year"] for one in found["items"]} <= {1, 2}
    assert 0 <= found["price_of_nesting"] < 1
    assert 0 <= found["price_of_fairness"] < 1
    assert all(set(one) >= {"item_id", "grid_id", "from_yuan"} for one in found["nested"])
    assert found["gap"] <= 1e-6
    assert {"zh", "en"} == set(found["said"][0])


def test_funds_years_and_keeping(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--fund", "city=30000", "--fund", "province=20000", "--caps", "30000", "20000", "--carry", "--brief")
    found = told(capsys, "plan", folder, *words, "--save", "kept", "--author", "Wang")
    assert found["saved"] == "plans/kept.toml"
    assert found["left_over"] == "carried to the years after"
    assert [one["budget_yuan"] for one in found["years"]] == [30_000, 20_000]
    assert sum(sum(one["paid_yuan"].values()) for one in found["items"]) == found["spent_yuan"]
    assert found["nested"] is None
    assert (folder / "plans" / "kept.toml").is_file()


def test_what_clashes_is_named_and_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["plan", str(folder), "--budget", "10000", "--must", "pipes", "--lang", "en"]
    assert main(words) == 1
    said = capsys.readouterr().out
    assert "pipes must be done" in said
    assert "the budget" in said
    assert main([*words, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["status"] == "infeasible"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--budget", "much"),
        ("--budget", "1", "--min-share", "x"),
        ("--budget", "1", "--fund", "city"),
        ("--budget", "1", "--save", "a"),
    ],
)
def test_wrong_usage(folder: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["plan", str(folder), *words])
    assert caught.value.code == 2


def test_a_fund_that_is_none_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(folder), "--fund", "nobody=5", "--lang", "en"]) != 0
    assert "no fund nobody" in capsys.readouterr().err
