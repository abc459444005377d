"""All pairs of acts on one issue, one after the other: what becomes of the second, decided beforehand."""

from collections.abc import Callable

import pytest

from geo.errors import ConflictError
from layers.ledger.acting.acts import Act
from layers.ledger.keeping.proof import ledger_problems
from layers.ledger.store.ledger import Ledger
from tests.layers.ledger.acting import ANYBODY, Place, acts_to, assign, create, done, fuse, move, photo, unfuse

# Where the issue is before both: what the first act needs. "head" is another issue that is there.
BEFORE: dict[str, Callable[[str], list[Act]]] = {
    "create": lambda _: [],
    "assign": lambda i: acts_to(i, "accepted"),
    "move": lambda i: acts_to(i, "assigned"),
    "close": lambda i: acts_to(i, "fixed"),
    "reopen": lambda i: acts_to(i, "closed"),
    "merge": lambda i: acts_to(i, "assigned"),
    "split": lambda i: [*acts_to(i, "assigned"), fuse(i, "head")],
    "photo": lambda i: acts_to(i, "assigned"),
}
ACTS: dict[str, Callable[[str, int], Act]] = {
    "create": lambda i, seen: create(i, seen=seen),
    "assign": lambda i, seen: assign(i, person="p9", seen=seen),
    "move": lambda i, seen: move(i, "working", seen=seen),
    "close": lambda i, seen: move(i, "closed", seen=seen),
    "reopen": lambda i, seen: move(i, "accepted", seen=seen),
    "merge": lambda i, seen: fuse(i, "head", seen=seen),
    "split": lambda i, seen: unfuse(i, seen=seen),
    "photo": lambda i, seen: photo(i, seen=seen),
}
# What becomes of the second act (column) by somebody who saw the first (row): "yes", or the code of the refusal. A new
# case may be accepted, an assigned one or one under way sent back to "accepted", so that "reopen" is a move from there.
FRESH = """
           create         assign         move          close         reopen        merge         split  photo
   create  known_already  no_assignment  no_move       no_move       yes           yes           alone  yes
   assign  known_already  yes            yes           no_move       yes           yes           alone  yes
   move    known_already  yes            no_move       no_move       yes           yes           alone  yes
   close   known_already  no_assignment  no_move       no_move       yes           yes           alone  yes
   reopen  known_already  yes            no_move       no_move       no_move       yes           alone  yes
   merge   known_already  follows_head   follows_head  follows_head  follows_head  follows_head  yes    yes
   split   known_already  yes            yes           no_move       yes           yes           alone  yes
   photo   known_already  yes            yes           no_move       yes           yes           alone  yes
"""
SECOND, *ROWS = (line.split() for line in FRESH.strip().splitlines())
PAIRS = {(row[0], second): said for row in ROWS for second, said in zip(SECOND, row[1:], strict=True)}


def prepared(ledger: Ledger, first: str, issue: str) -> int:
    """Bring an issue to where the first act can be done, and give the clock that both persons saw."""
    done(ledger, *BEFORE[first](issue))
    return ledger.case(issue).clock


def test_all_64_pairs_are_decided() -> None:
    assert PAIRS.keys() == {(first, second) for first in ACTS for second in ACTS}
    assert len(PAIRS) == 64
    assert BEFORE.keys() == ACTS.keys()


@pytest.mark.parametrize("first", ACTS)
def test_who_saw_the_first_act_does_the_second_or_learns_why_not(place: Place, first: str) -> None:
    ledger = place.open()
    done(ledger, *acts_to("head", "assigned"))
    for second, act in ACTS.items():
        issue = f"before-{second}"
        seen = prepared(ledger, first, issue)
        event = ledger.act(ACTS[first](issue, seen), ANYBODY)
        assert event.clock == seen + 1
        before, size = ledger.case(issue), ledger.size()
        (outcome,) = ledger.do([act(issue, event.clock)], ANYBODY)
        said = PAIRS[first, second]
        if said == "yes":
            assert outcome.event is not None, (first, second, outcome.refusal)
            assert outcome.event.clock == seen + 2
        else:
            assert outcome.refusal is not None, (first, second)
            assert (second, outcome.refusal.code) == (second, said)
            assert not isinstance(outcome.refusal, ConflictError)
            assert (ledger.case(issue), ledger.size()) == (before, size)
    assert ledger_problems(ledger) == ()


@pytest.mark.parametrize("first", ACTS)
def test_who_did_not_see_the_first_act_is_told_so_and_changes_nothing(place: Place, first: str) -> None:
    ledger = place.open()
    done(ledger, *acts_to("head", "assigned"))
    for second, act in ACTS.items():
        issue = f"before-{second}"
        seen = prepared(ledger, first, issue)
        done(ledger, ACTS[first](issue, seen))
        before, size = ledger.case(issue), ledger.size()
        (outcome,) = ledger.do([act(issue, seen)], ANYBODY)
        if second == "photo":  # one more picture overwrites nobody
            assert outcome.event is not None
        else:
            assert isinstance(outcome.refusal, ConflictError), (first, second)
            assert (ledger.case(issue), ledger.size()) == (before, size)
    assert ledger_problems(ledger) == ()
