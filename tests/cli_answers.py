"""What a verb answers, as tests of the command line ask for it."""

import json
from typing import Any

import pytest

from cli import main


def told(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    """Run a verb that must succeed, and give its JSON document, in which nothing may stand that is no JSON."""
    capsys.readouterr()
    assert main([*map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
