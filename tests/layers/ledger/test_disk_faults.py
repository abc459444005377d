"""A disk that is full, broken or closed at any write: the ledger is as it was, one clear error, and then it works."""

import errno
from pathlib import Path

import pytest

from geo.errors import DataError
from layers.ledger.proof import ledger_problems
from layers.ledger.store import Ledger
from tests.layers.ledger.acting import ANYBODY, Place
from tests.layers.ledger.shim import shimmed
from tests.layers.ledger.test_kills import writes_of_bulk
from tests.layers.ledger.workers import bulk, prepare

WORDS = {errno.ENOSPC: "the disk is full", errno.EIO: "the disk reports an error", errno.EACCES: "the disk reports an error"}


def attempt(ledger: Ledger, *, at: int, error: int, opens: bool = False) -> DataError | None:
    """Do a bulk act while one call of the system fails; give the error."""
    with shimmed(at=at, error=error, opens=opens) as count:
        try:
            ledger.do(bulk(), ANYBODY)
        except DataError as refused:
            assert count.hit
            return refused
        finally:
            ledger.engine.dispose()
    return None


@pytest.mark.parametrize("error", WORDS, ids=errno.errorcode.get)
def test_at_each_write_the_old_ledger_stays_one_error_is_told_and_trying_again_works(home: Path, error: int) -> None:
    writes = writes_of_bulk(Place(home / "count"))
    failures = 0
    for at in range(1, writes + 1):
        place = Place(home / str(at))
        prepare(place)
        ledger = place.open()
        size = ledger.size()
        refused = attempt(ledger, at=at, error=error)
        if refused is None:  # the act was on the disk; what failed was tidying up after it
            assert ledger.size() == size + 3
        else:
            failures += 1
            (problem,) = refused.problems
            assert (problem.code, problem.file) == ("ledger_unwritten", "ledger.sqlite")
            assert WORDS[error] in problem.found.en
            assert ledger.size() == size
        assert ledger_problems(ledger) == ()
        again = ledger.do(bulk(), ANYBODY)
        assert [one.is_new for one in again] == [refused is not None] * 3
        ledger.engine.dispose()
    assert failures > writes // 3


def test_without_permission_to_open_its_files_nothing_changes(home: Path) -> None:
    place = Place(home / "x")
    prepare(place)
    ledger = place.open()
    size = ledger.size()
    ledger.engine.dispose()
    codes = set()
    for at in range(1, 4):
        refused = attempt(ledger, at=at, error=errno.EACCES, opens=True)
        if refused is not None:
            codes |= {one.code for one in refused.problems}
            assert ledger.size() == size
    assert codes == {"ledger_unwritten"}
    assert all(one.is_new for one in ledger.do(bulk(), ANYBODY))
    assert ledger_problems(ledger) == ()
