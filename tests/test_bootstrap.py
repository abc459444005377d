"""The starter: installs once for each lock file and hands words and exit code on."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import bootstrap
from tests import gate

Commands = list[list[str]]


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """The commands that would be run; the environment lies in a folder of its own."""
    ran: Commands = []

    def run(command: list[object], **_: object) -> SimpleNamespace:
        ran.append([str(word) for word in command])
        return SimpleNamespace(returncode=7)

    (tmp_path / "home" / "bin").mkdir(parents=True)
    monkeypatch.setattr(bootstrap, "HOME", tmp_path / "home")
    monkeypatch.setattr(subprocess, "run", run)
    return ran


def test_the_lock_files_are_there_and_pinned_by_hash() -> None:
    for lock in bootstrap.LOCKS.values():
        lines = [line for line in lock.read_text("utf-8").splitlines() if line and line[0].isalnum()]
        assert len(lines) > 20
        assert all("==" in line for line in lines)
        assert lock.read_text("utf-8").count("--hash=sha256:") >= len(lines)


def test_demo_installs_and_hands_words_and_exit_code_on(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "demo", "--no-app"])
    assert bootstrap.main() == 7
    assert "venv" in commands[0]
    assert str(bootstrap.LOCKS["demo"]) in commands[1]
    assert commands[-1][1:] == ["-m", "cli", "demo", "--no-app"]
    assert commands[-1][0] == str(bootstrap.python())


def test_what_is_installed_is_not_installed_again(commands: Commands) -> None:
    lock = bootstrap.LOCKS["gate"]
    bootstrap.install(lock)
    assert commands
    commands.clear()
    bootstrap.install(lock)
    assert commands == []
    (bootstrap.HOME / f"installed-{lock.stem}").write_text("an older one")
    bootstrap.install(lock)
    assert commands


@pytest.mark.parametrize("words", [[], ["dance"]])
def test_wrong_words_end_with_2(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", *words])
    assert bootstrap.main() == 2
    assert "python3 bootstrap.py demo" in capsys.readouterr().err


def test_the_gate_stops_at_the_first_check_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def run(command: list[object], **_: object) -> SimpleNamespace:
        ran.append(Path(str(command[0])).name)
        return SimpleNamespace(returncode=3 if len(ran) == 2 else 0)

    monkeypatch.setattr(gate.subprocess, "run", run)
    assert gate.main() == 3
    assert len(ran) == 2
