from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from geo.errors import ConflictError, TransitionError
from layers.ledger.acting.campaigns import Campaign, campaigns, keep_campaign, progress
from layers.ledger.acting.reporting import Report, report
from layers.ledger.acting.service_orders import Step, ask_for, move_order, service_orders, steps_open
from layers.ledger.acting.states import Move
from layers.ledger.keeping.proof import ledger_problems
from layers.ledger.log.case import Case
from layers.people.orders import order_moves
from tests.layers.ledger.acting import ANYBODY, NOW, Place

MOVES = tuple(order_moves().values())


class Person:
    """Somebody with roles; what lies with them is theirs."""

    def __init__(self, person_id: str, *roles: str) -> None:
        self.person_id, self.roles = person_id, set(roles)

    def may(self, action: str, _grid_id: str | None, _case: Case) -> bool:
        return action == "order" and bool(self.roles & {"reporter", "community"})

    def may_move(self, move: Move, case: Case) -> bool:
        mine = {"assignee"} if case.person == self.person_id else set()
        return bool(move.roles & (self.roles | mine))

    def allows(self, *_: object) -> bool:
        return True


ASKS, SENDS, HELPS, OTHER = Person("r1", "reporter"), Person("c1", "community"), Person("v1"), Person("v2", "volunteer")


def step(order: str, state: str, seen: int, **more: Any) -> Step:
    said: dict[str, Any] = {
        "order_id": order,
        "state": state,
        "seen": seen,
        "at": NOW,
        "command_id": f"{order}{state}{seen}",
    }
    return Step(**said | more)


def test_the_four_orders_one_after_the_other(place: Place) -> None:
    ledger = place.open()
    order = ask_for(ledger, "买菜\0", "W1", ASKS, at=NOW, command_id="a")
    assert (order.state, order.text, order.author, order.grid_id) == ("requested", "买菜", "r1", "W1")
    assert ask_for(ledger, "买菜", "W1", ASKS, at=NOW, command_id="a") == order
    assert [one.becomes for one in steps_open(order, SENDS, MOVES)] == ["dispatched", "withdrawn"]
    assert steps_open(order, OTHER, MOVES) == []
    name = order.order_id
    order = move_order(ledger, step(name, "dispatched", 1, person="v1"), SENDS)
    assert move_order(ledger, step(name, "dispatched", 1, person="v1"), SENDS) == order
    order = move_order(ledger, step(name, "taken", 2), HELPS)
    order = move_order(ledger, step(name, "done", 3, text="已送到", at=NOW - timedelta(days=1)), HELPS)
    assert order.state_since == NOW
    order = move_order(ledger, step(name, "reviewed", 4, satisfaction=5), ASKS)
    assert (order.state, order.person, order.satisfaction, order.clock) == ("reviewed", "v1", 5, 5)
    assert service_orders(ledger) == {name: order}
    assert len(ledger.cases()) == 0
    assert ledger_problems(ledger) == ()


@pytest.mark.parametrize(
    ("state", "who", "more", "code"),
    [
        ("dispatched", SENDS, {}, "needs"),
        ("dispatched", HELPS, {"person": "v1"}, "not_yours"),
        ("taken", SENDS, {}, "no_move"),
        ("withdrawn", ASKS, {}, "needs"),
        ("reviewed", ASKS, {"satisfaction": 5}, "no_move"),
    ],
)
def test_what_may_not_be_leaves_the_order(
    place: Place, state: str, who: Person, more: dict[str, str], code: str
) -> None:
    ledger = place.open()
    order = ask_for(ledger, "修灯", "W1", ASKS, at=NOW, command_id="a")
    with pytest.raises(TransitionError) as refusal:
        move_order(ledger, step(order.order_id, state, 1, **more), who)
    assert refusal.value.code == code
    assert service_orders(ledger) == {order.order_id: order}


def test_who_looked_too_early_is_told(place: Place) -> None:
    ledger = place.open()
    name = ask_for(ledger, "修灯", None, ASKS, at=NOW, command_id="a").order_id
    move_order(ledger, step(name, "withdrawn", 1, text="不用了"), ASKS)
    with pytest.raises(ConflictError):
        move_order(ledger, step(name, "dispatched", 1, person="v1"), SENDS)
    with pytest.raises(TransitionError):
        move_order(ledger, step("none", "dispatched", 1, person="v1"), SENDS)
    for words, who in (("", ASKS), ("修灯", HELPS)):
        with pytest.raises(TransitionError):
            ask_for(ledger, words, None, who, at=NOW, command_id="b")


def test_a_campaign_counts_what_carries_its_tag(place: Place) -> None:
    ledger = place.open()
    plan = Campaign("清理小广告", date(2024, 3, 1), date(2024, 3, 31), 4)
    keep_campaign(ledger, plan)
    keep_campaign(ledger, plan)
    assert campaigns(ledger) == (plan,)
    assert plan.runs(date(2024, 3, 31))
    assert not plan.runs(date(2024, 4, 1))
    for at, tag in enumerate([plan.name, plan.name, None]):
        report(ledger, Report(issue_type="ADS", source="t", tag=tag), ANYBODY, at=NOW, command_id=str(at))
    cases = ledger.cases()
    assert progress(plan, cases) == (2, 0, 0.0)
    closed = cases.assign(state=pd.Series("closed", index=cases.index))
    assert progress(plan, closed) == (2, 2, 0.5)
    for wrong in [("", 1, 31, 1), ("x" * 61, 1, 31, 1), ("a", 2, 1, 1), ("a", 1, 2, 0)]:
        with pytest.raises(ValueError, match="campaign"):
            Campaign(wrong[0], date(2024, 3, wrong[1]), date(2024, 3, wrong[2]), wrong[3])
