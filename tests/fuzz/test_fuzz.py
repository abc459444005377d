"""Mutated files at every reader: 20,000 in the gate, as many as wanted by command; old finds stay found."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.mutation import CHANGES, changed
from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]
EXECUTIONS = 20_000


def fuzz(*order: str) -> str:
    command = [sys.executable, "-m", "tests.fuzz", *order]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_change_comes_from_its_seed() -> None:
    content = bytes(range(256)) * 4
    seeds = [[random.Random(n) for n in range(50)] for _ in range(2)]  # noqa: S311 (no secret)
    once, again = ([changed(content, [content], [b"token"], rng) for rng in some] for some in seeds)
    assert once == again
    assert len(set(once)) > 45
    assert len(CHANGES) == 8


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_finds_of_earlier_runs_are_refused_in_words() -> None:
    lines = fuzz("--replay").splitlines()
    assert len(lines) == len(TARGETS)
    assert all("0 still fail" in line for line in lines)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_nothing_but_our_own_words_comes_of_mutated_files() -> None:
    lines = fuzz("--executions", str(EXECUTIONS)).splitlines()
    assert len(lines) == len(TARGETS)
    assert all(" 0 finds" in line for line in lines)
