"""Pairs that somebody found not to be one."""

from datetime import timedelta

from layers.ledger.acting.apart import apart_act, kept_apart
from layers.ledger.log.events import FUSE, NOTE, UNFUSE
from tests.layers.ledger.acting import ANYBODY, NOW, Place, act, create


def test_what_was_noted_or_parted_stays_apart(place: Place) -> None:
    ledger = place.open()
    ledger.do([create(one) for one in "ABCDE"], ANYBODY)
    assert kept_apart(ledger.log()) == set()
    later = NOW + timedelta(hours=1)
    outcomes = ledger.do(
        [
            apart_act("B", "A", at=later, command_id="apart", lang="zh"),
            act("C", FUSE, other="A", at=later),
            act("D", FUSE, other="A", at=later),
            act("D", UNFUSE, at=later),
            act("E", NOTE, text="备注", at=later),
        ],
        ANYBODY,
    )
    assert all(one.event is not None for one in outcomes)
    assert kept_apart(ledger.log()) == {("B", "A"), ("D", "A")}
    assert kept_apart(ledger.log(), NOW) == set()
    assert ledger.case("B").state == "new"
    assert [one.text for one in ledger.events("B")][-1] == "与 A 不是同一件"
