from datetime import datetime, timedelta

import pytest

from geo.errors import TransitionError
from layers.ledger.acting.references import reference_of
from layers.ledger.acting.reporting import Picture, Report, known_pictures, pictures_added, report
from layers.ledger.crew.api_keys import Program, end_key, key_of, keys, make_key
from layers.ledger.crew.contacts import contact_of, keep_contact
from layers.ledger.log.case import Case
from layers.ledger.timing.pace import Pace
from tests.layers.ledger.acting import ANYBODY, NOW, Place

ONE, TWO = Picture("a" * 64, 0xF0F0F0F0F0F0F0F0), Picture("b" * 64, 2**64 - 1)
SEEN = Report(issue_type="GARBAGE", source="test", x_m=1.0, y_m=2.0, grid_id="W1", text="一堆垃圾", pictures=(ONE, TWO))


class Reporter:
    """May report, and nothing else."""

    person_id = "r1"

    def may(self, action: str, _grid_id: str | None, _case: Case) -> bool:
        return action == "report"

    def may_move(self, *_: object) -> bool:
        return False

    def allows(self, *_: object) -> bool:
        return True


class Nobody(Reporter):
    """May nothing."""

    def may(self, *_: object) -> bool:
        return False


def test_a_report_and_its_pictures_are_one_batch_under_a_reference(place: Place) -> None:
    ledger = place.open()
    done = report(ledger, SEEN, Reporter(), at=NOW, command_id="one")
    assert reference_of(done.reference) == done.reference
    assert done.refused == ()
    assert [one.kind for one in ledger.events(done.reference)] == ["create", "photo", "photo"]
    case = ledger.case(done.reference)
    assert (case.photos, case.issue_type, case.state) == (2, "GARBAGE", "new")
    assert done.event.due_at is not None
    assert done.event.by == "r1"


def test_the_same_command_is_entered_once(place: Place) -> None:
    ledger = place.open()
    first = report(ledger, SEEN, Reporter(), at=NOW, command_id="one")
    again = report(ledger, SEEN, Reporter(), at=NOW + timedelta(minutes=1), command_id="one")
    assert again.reference == first.reference
    assert (first.is_new, again.is_new) == (True, False)
    assert ledger.size() == 3


def test_who_may_not_report_leaves_nothing(place: Place) -> None:
    ledger = place.open()
    with pytest.raises(TransitionError) as refusal:
        report(ledger, SEEN, Nobody(), at=NOW, command_id="one")
    assert refusal.value.code == "no_right"
    assert ledger.size() == 0


def test_words_that_cannot_be_stored_are_left_out(place: Place) -> None:
    ledger = place.open()
    said = Report(issue_type="GARBAGE", source="t", text="a\0b\ud800c\x07" + "长" * 5000, address=" \n ")
    done = report(ledger, said, ANYBODY, at=NOW, command_id="one")
    assert done.event.text is not None
    assert done.event.text.startswith("abc长")
    assert len(done.event.text) == 2000
    assert done.event.address is None


def test_pictures_join_an_issue_and_are_known_again(place: Place) -> None:
    ledger = place.open()
    done = report(ledger, SEEN, Reporter(), at=NOW, command_id="one")
    third = Picture("c" * 64, 5)
    assert pictures_added(ledger, done.reference, (third,), Reporter(), at=NOW, command_id="two") == ()
    assert pictures_added(ledger, done.reference, (third,), Reporter(), at=NOW, command_id="two") == ()
    known = known_pictures(ledger.log())
    assert known["sha256"].tolist() == [ONE.sha256, TWO.sha256, third.sha256]
    assert known["bits"].tolist() == [ONE.bits, TWO.bits, 5]
    assert set(known["issue_id"]) == {done.reference}
    assert set(known["role"]) == {"before"}


def test_a_contact_is_apart_from_the_log_and_can_be_erased(place: Place) -> None:
    ledger = place.open()
    done = report(ledger, SEEN, Reporter(), at=NOW, command_id="one")
    keep_contact(ledger, done.reference, " 王女士 13800000000 \0")
    assert contact_of(ledger, done.reference) == "王女士 13800000000"
    assert "13800000000" not in str(ledger.log().to_pylist())
    keep_contact(ledger, done.reference, None)
    assert contact_of(ledger, done.reference) is None


def test_keys_are_shown_once_and_only_their_hash_is_kept(place: Place) -> None:
    ledger = place.open()
    secret = make_key(ledger, "12345 平台", NOW)
    key = key_of(ledger, secret)
    assert key is not None
    assert keys(ledger) == (key,)
    assert (key.name, key.since) == ("12345 平台", NOW)
    assert key_of(ledger, secret + "x") is None
    assert key_of(ledger, "") is None
    assert secret not in (place.folder / "ledger.sqlite").read_bytes().decode("latin-1")
    assert end_key(ledger, key.mark)
    assert not end_key(ledger, key.mark)
    assert key_of(ledger, secret) is None
    assert not Program(key).may("assign", None, Case("x"))
    with pytest.raises(ValueError, match="somebody"):
        make_key(ledger, "  ", NOW)


def test_pace_counts_what_is_recent() -> None:
    pace, start = Pace(2, timedelta(hours=1)), datetime(2024, 1, 1, 8)  # noqa: DTZ001 (naive local time)
    assert pace.next_at((), start) is None
    assert pace.next_at((start,), start) is None
    times = (start, start + timedelta(minutes=30))
    assert pace.next_at(times, start + timedelta(minutes=31)) == start + timedelta(hours=1)
    assert pace.next_at(times, start + timedelta(hours=1)) is None
    assert pace.recent(times, start + timedelta(hours=1)) == (times[1],)
