"""The store: moves that are allowed and all that are not, commands told twice, looks that are out of date."""

import pytest

from geo.errors import ConflictError, TransitionError
from layers.ledger.keeping.proof import ledger_problems
from layers.ledger.log.events import KINDS
from tests.layers.ledger.acting import (
    ANYBODY,
    RULES,
    STATES,
    Place,
    act,
    acts_to,
    assign,
    create,
    done,
    fuse,
    move,
    note,
    photo,
)


def test_there_are_13_states_and_37_moves_and_a_way_to_each_state() -> None:
    assert len(STATES) == 13
    assert len(RULES.moves) == 37
    assert all(acts_to("i", state)[-1].state in {state, None} for state in STATES)


@pytest.mark.parametrize("state", STATES)
def test_from_each_state_exactly_the_moves_of_the_table_are_made(place: Place, state: str) -> None:
    ledger = place.open()
    done(ledger, *(one for other in STATES for one in acts_to(f"to-{other}", state)))
    size = ledger.size()
    allowed = {one.becomes for one in RULES.onward(state)}
    outcomes = ledger.do([move(f"to-{other}", other) for other in STATES], ANYBODY)
    for other, outcome in zip(STATES, outcomes, strict=True):
        if other in allowed:
            assert outcome.event is not None, (state, other)
            assert (outcome.event.was, outcome.event.state) == (state, other)
        else:
            assert isinstance(outcome.refusal, TransitionError), (state, other)
            assert outcome.refusal.code == "no_move"
            assert set(outcome.refusal.who) == {role for one in RULES.onward(state) for role in one.roles}
        assert ledger.case(f"to-{other}").state == (other if other in allowed else state)
    assert ledger.size() == size + len(allowed)
    assert ledger_problems(ledger) == ()


def test_a_command_told_again_is_answered_alike_and_adds_nothing(place: Place) -> None:
    ledger = place.open()
    acts = [create("i1"), note("i1"), move("i1", "accepted", seen=2)]
    first = ledger.do(acts, ANYBODY)
    for _ in range(10):
        again = place.open().do(acts, ANYBODY)
        assert [one.event for one in again] == [one.event for one in first]
        assert not any(one.is_new for one in again)
    assert ledger.size() == 3
    assert [one.is_new for one in ledger.do([*acts, acts[0]], ANYBODY)] == [False] * 4


def test_the_same_command_twice_in_one_bulk_act_is_one_event(place: Place) -> None:
    ledger = place.open()
    one = create("i1")
    assert [outcome.is_new for outcome in ledger.do([one, one], ANYBODY)] == [True, False]
    assert ledger.size() == 1


def test_who_saw_less_is_told_who_was_faster_and_nothing_is_written(place: Place) -> None:
    ledger, other = place.open(), place.open()
    done(ledger, create("i1"), move("i1", "accepted"))
    seen = ledger.case("i1").clock
    done(other, assign("i1", person="quick", seen=seen))
    with pytest.raises(ConflictError, match="quick") as refused:
        ledger.act(assign("i1", person="slow", seen=seen), ANYBODY)
    assert refused.value.code == "conflict"
    assert ledger.case("i1").person == "quick"
    assert ledger.act(note("i1", seen=1), ANYBODY).clock == seen + 2
    assert ledger.act(photo("i1", seen=1), ANYBODY).clock == seen + 3


def test_of_a_bulk_act_the_refused_are_told_and_the_others_done(place: Place) -> None:
    ledger = place.open()
    done(ledger, *(create(f"i{n}") for n in range(4)), move("i2", "rejected"))
    outcomes = ledger.do([move(f"i{n}", "accepted", seen=1) for n in range(4)], ANYBODY)
    assert [one.event is not None for one in outcomes] == [True, True, False, True]
    assert isinstance(outcomes[2].refusal, ConflictError)


@pytest.mark.parametrize("kind", [one for one in KINDS if one != "create"])
def test_nothing_happens_to_an_issue_that_is_not_known(place: Place, kind: str) -> None:
    ledger = place.open()
    (outcome,) = ledger.do([act("nowhere", kind, state="accepted", text="x", other="y")], ANYBODY)
    assert outcome.refusal is not None
    assert outcome.refusal.code == "not_known"
    assert ledger.size() == 0


def test_an_issue_that_is_known_is_not_reported_again(place: Place) -> None:
    ledger = place.open()
    done(ledger, create("i1"))
    (outcome,) = ledger.do([create("i1")], ANYBODY)
    assert outcome.refusal is not None
    assert outcome.refusal.code == "known_already"


def test_whole_numbers_for_coordinates_keep_the_name_of_the_record(place: Place) -> None:
    ledger = place.open()
    event = ledger.act(create("i1", facts={"x_m": 5, "y_m": 0}), ANYBODY)
    (stored,) = ledger.events("i1")
    assert stored.event_id == event.event_id
    assert ledger_problems(ledger) == ()


@pytest.mark.parametrize(
    ("facts", "column"),
    [
        ({"x_m": float("nan")}, "x_m"),
        ({"x_m": float("inf")}, "x_m"),
        ({"address": "half a \ud83d pair"}, "address"),
        ({"address": "end \0 mark"}, "address"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_no_fold_breaks(
    place: Place, facts: dict[str, object], column: str
) -> None:
    ledger = place.open()
    bad, good = ledger.do([create("i1", facts=facts), create("i2")], ANYBODY)
    assert bad.refusal is not None
    assert (bad.refusal.code, column in str(bad.refusal)) == ("unsound", True)
    assert good.event is not None
    assert list(ledger.cases().index) == ["i2"]


def test_cases_stored_are_the_cases_folded(place: Place) -> None:
    ledger = place.open()
    done(ledger, *(one for state in STATES for one in acts_to(state, state)))
    done(ledger, create("a"), create("b"), fuse("a", "b"), photo("b"))
    folded = ledger.cases()
    assert folded.loc[list(STATES), "state"].tolist() == list(STATES)
    assert folded.loc["a", "head"] == "b"
    assert ledger_problems(ledger) == ()


def test_a_ledger_opened_again_goes_on_with_its_chain(place: Place) -> None:
    first = place.open()
    done(first, create("i1"))
    first.engine.dispose()
    again = place.open()
    assert again.writer == first.writer
    event = again.act(move("i1", "accepted"), ANYBODY)
    assert (event.number, event.before) == (2, again.events("i1")[0].event_id)
