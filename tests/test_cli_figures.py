"""Statistics of a ledger at the command line: a period, what will be late, what may be one."""

from pathlib import Path

import pytest

from cli import main
from tests.cli_answers import told
from tests.ledger_home import begun


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample community with a ledger of its issues."""
    made = tmp_path_factory.mktemp("figures") / "sample"
    _, ledger = begun(made)
    ledger.engine.dispose()
    return made


def test_the_figures_of_a_month(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "ledger", folder, "kpi", "--since", "2024-05-01", "--until", "2024-05-31", "--group", "grid")
    assert found["period"] == {
        "since": "2024-05-01T00:00:00",
        "until": "2024-06-01T00:00:00",
        "as_of": "2024-06-01T00:00:00",
    }
    whole = found["figures"]
    assert (whole["report"], whole["archive"], whole["due"], whole["on_time"], whole["late"]) == (12, 3, 5, 2, 1)
    assert whole["overdue"] == 2
    assert whole["response_rate"] is None
    assert sum(one["due"] for one in found["groups"]) == whole["due"]
    assert found["changes"]["due"]["on_before"] is None
    assert all(one["described_only"] and one["rank"] is None for one in found["league"])
    assert {"zh", "en"} == set(found["note"]) == set(found["league_note"])


def test_without_dates_it_is_the_month_of_the_moment(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "ledger", folder, "kpi", "--as-of", "2024-05-20T12:00")
    assert found["period"] == {
        "since": "2024-05-01T00:00:00",
        "until": "2024-06-01T00:00:00",
        "as_of": "2024-05-20T12:00:00",
    }
    assert "groups" not in found


def test_in_lines_it_says_what_it_rests_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", str(folder), "kpi", "--since", "2024-05-01", "--group", "type", "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    for words in ("应结案数", "环比", "同比", "办结时间中位数", "件数过少，不排名", "Wilson"):
        assert words in said


def test_a_period_that_ends_before_it_begins_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["ledger", str(folder), "kpi", "--since", "2024-05-10", "--until", "2024-05-01"])
    assert "--until must be later than --since" in capsys.readouterr().err


def test_a_moment_before_all_gives_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "ledger", folder, "kpi", "--as-of", "2020-01-01")
    assert found["figures"].get("report", 0) == 0
    assert told(capsys, "ledger", folder, "risk", "--as-of", "2020-01-01")["total"] == 0
    assert told(capsys, "ledger", folder, "twins", "--as-of", "2020-01-01")["pairs"] == []


def test_what_will_be_late_comes_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "ledger", folder, "risk")
    issues = found["issues"]
    assert found["total"] == len(issues) > 0
    assert issues[0]["is_overdue"]
    assert issues[0]["chance_to_miss"] == 1
    assert all(one["reason_zh"] and one["reason_en"] for one in issues)
    only = told(capsys, "ledger", folder, "risk", "--type", "GARBAGE", "--rows", 1)
    assert len(only["issues"]) == 1
    assert only["issues"][0]["issue_type"] == "GARBAGE"
    assert main(["ledger", str(folder), "risk", "--lang", "en"]) == 0
    assert "the deadline has passed" in capsys.readouterr().out


def test_pairs_carry_their_reasons(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "ledger", folder, "twins")
    assert (found["max_distance_m"], found["max_hours"]) == (30, 168)
    assert found["total"] == len(found["pairs"])
    assert main(["ledger", str(folder), "twins", "--lang", "zh"]) == 0
    assert f"共 {found['total']} 对" in capsys.readouterr().out
