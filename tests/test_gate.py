"""Where everything must be run, a lacking browser is a failure and no skipped test."""

import subprocess

import pytest

from tests import gate
from tests.conftest import lacking


@pytest.mark.parametrize("setting", [("CI", "true"), (gate.GATE, "1")])
def test_in_the_gate_a_lacking_browser_fails(monkeypatch: pytest.MonkeyPatch, setting: tuple[str, str]) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv(gate.GATE, raising=False)
    with pytest.raises(pytest.skip.Exception, match="no browser"):
        lacking("no browser")
    monkeypatch.setenv(*setting)
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        lacking("no browser")


def test_the_gate_says_that_it_is_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []

    def run(command: list[str], *, env: dict[str, str], **_: object) -> subprocess.CompletedProcess[str]:
        told.append(env[gate.GATE])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(gate.subprocess, "run", run)
    assert gate.main() == 0
    assert told == ["1"] * len(gate.CHECKS)
