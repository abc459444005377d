"""Keys of Open311 from the command line."""

from argparse import Namespace
from datetime import datetime
from pathlib import Path

import pytest

from commands.ledger_keys import PARTS
from commands.verb import UsageError
from layers.ledger.crew.api_keys import key_of
from layers.ledger.store.opening import open_ledger
from tests import samples

AT = datetime(2024, 6, 1, 9)  # noqa: DTZ001 (naive local time)


def test_a_key_is_made_listed_and_taken_back(tmp_path: Path) -> None:
    folder = samples.community(tmp_path / "sample")
    open_ledger(folder)

    def run(what: str, *words: str) -> tuple[dict[str, object], str]:
        done = PARTS[what](Namespace(folder=folder, issues=list(words), at=AT, lang="en"), print)
        return dict(done.answer or {}), "\n".join(done.lines)

    assert run("keys")[1] == "there are no keys"
    made, line = run("key", "city", "hotline")
    assert str(made["key"]) in line
    key = key_of(open_ledger(folder), str(made["key"]))
    assert key is not None
    assert run("keys") == (
        {"keys": [{"mark": key.mark, "name": "city hotline", "since": AT.isoformat()}]},
        f"{key.mark}  2024-06-01 09:00  city hotline",
    )
    run("end-key", key.mark)
    assert key_of(open_ledger(folder), str(made["key"])) is None
    for wrong in (("key",), ("end-key", key.mark)):
        with pytest.raises(UsageError):
            run(*wrong)
