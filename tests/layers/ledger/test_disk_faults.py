"""A disk that is full, broken or closed at any write: the ledger is as it was, one clear error, and then it works."""

import errno
from typing import Any

import pytest

from geo.errors import DataError
from layers.ledger.acting.acts import Act
from layers.ledger.keeping.proof import ledger_problems
from layers.ledger.store.ledger import Ledger
from tests.layers.ledger.acting import ANYBODY, Place
from tests.layers.ledger.shim import shimmed
from tests.layers.ledger.test_kills import require_shim
from tests.layers.ledger.workers import bulk

WORDS = {
    errno.ENOSPC: "the disk is full",
    errno.EIO: "the disk reports an error",
    errno.EACCES: "the disk reports an error",
}


def attempt(ledger: Ledger, acts: list[Act], **fault: Any) -> tuple[DataError | None, bool]:
    """Do a bulk act and close, while one call of the system fails; give the error, and whether the call was made."""
    refused = None
    with shimmed(**fault) as count:
        try:
            ledger.do(acts, ANYBODY)
        except DataError as error:
            refused = error
        ledger.engine.dispose()
    return refused, count.hit


@pytest.mark.parametrize("error", WORDS, ids=errno.errorcode.get)
@pytest.mark.parametrize("opens", [False, True], ids=["write", "open"])
def test_at_each_call_the_old_ledger_stays_one_error_is_told_and_trying_again_works(
    place: Place, error: int, *, opens: bool
) -> None:
    require_shim(place)
    ledger = place.open()
    at, failures, hit, said = 0, 0, True, set()
    while hit:
        at += 1
        size = ledger.size()
        ledger.engine.dispose()
        refused, hit = attempt(ledger, bulk(at), at=at, error=error, opens=opens)
        if refused is None:  # the act was on the disk, and what failed was tidying up after it
            assert ledger.size() == size + 3
        else:
            failures += 1
            (problem,) = refused.problems
            assert (problem.code, problem.file) == ("ledger_unwritten", "ledger.sqlite")
            said.add(problem.found.en)
            assert ledger.size() == size
        again = ledger.do(bulk(at), ANYBODY)
        assert [one.is_new for one in again] == [refused is not None] * 3
    assert ledger_problems(ledger) == ()
    assert failures > 0
    assert opens or WORDS[error] in said
    assert said <= {*WORDS.values(), "the file cannot be opened", "no permission to write"}
    assert opens or failures > at // 4
