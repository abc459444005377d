"""Service orders of volunteers, and campaigns, below a round."""

from typing import Any

import streamlit as st

from geo.errors import DataError, TransitionError
from geo.text import Text
from layers.ledger.acting.campaigns import Campaign, campaigns, keep_campaign, progress
from layers.ledger.acting.service_orders import (
    LONGEST,
    ServiceOrder,
    Step,
    ask_for,
    move_order,
    service_orders,
    steps_open,
)
from layers.ledger.acting.states import Move
from layers.ledger.log.case import Case
from layers.ledger.store.ledger import Ledger
from layers.people.orders import order_moves, order_states
from views import desk, state
from views.plain import plain
from views.state import t

ORDERS = Text("志愿服务单", "Service orders")
ASK = Text("需要什么服务？", "What is needed?")
ASK_IT = Text("点单", "Ask for it")
NONE = Text("没有未完成的服务单。", "No order is open.")
WORDS, TO, MARK = (
    Text("说明", "Words"),
    Text("派给谁", "To whom"),
    Text("满意度（5 为非常满意）", "How good was it? (5 is best)"),
)
WITH = Text("志愿者：{name}", "with {name}")
CAMPAIGNS = Text("专项行动", "Campaigns")
JOINED = Text("计入专项行动", "Part of a campaign")
HOW_FAR = Text(
    "{name}：已上报 {reported} 件，办结 {closed} / {target} 件，至 {until}",
    "{name}: {reported} reported, {closed} of {target} closed, until {until}",
)
NEW = Text("发起专项行动", "Start a campaign")
NAME, TARGET, DAYS = Text("名称", "Name"), Text("目标办结件数", "Issues to close"), Text("起止日期", "From and until")
NEEDED = Text("请填写名称和起止日期。", "Give it a name, a beginning and an end.")


def campaign_choice(kept: Ledger, key: str) -> str | None:
    """Ask which campaign a report belongs to, where any is on."""
    names = [one.name for one in campaigns(kept) if one.runs(desk.now().date())]
    if not names:
        return None
    options: dict[str, Any] = {"index": None}
    chosen: str | None = st.selectbox(t(JOINED), names, key=key, **options)
    return chosen


def campaign_list(kept: Ledger) -> None:
    """Show how far the campaigns are that are on; who may starts another."""
    day, cases = desk.now().date(), desk.cases()
    running = [one for one in campaigns(kept) if one.runs(day)]
    may = desk.powers().may("campaign", state.grid(), Case(""))
    if not running and not may:
        return
    with st.expander(t(CAMPAIGNS), expanded=bool(running)):
        for one in running:
            far = progress(one, cases)
            told = {"name": plain(one.name), "reported": far.reported, "closed": far.closed}
            st.progress(far.share, t(HOW_FAR).format(**told, target=one.target, until=f"{one.until:%m-%d}"))
        if may:
            _start(kept)


def _start(kept: Ledger) -> None:
    with st.form(state.own("campaign"), border=False, clear_on_submit=True):
        name = st.text_input(t(NAME), max_chars=60)
        target = st.number_input(t(TARGET), min_value=1, max_value=100_000, value=20)
        days: Any = st.date_input(t(DAYS), value=(desk.now().date(), desk.now().date()))
        if not st.form_submit_button(t(NEW)):
            return
    try:
        since, until = days
        keep_campaign(kept, Campaign(name.strip(), since, until, int(target)))
    except (ValueError, TypeError):
        st.warning(t(NEEDED))
        return
    st.rerun()


def orders(kept: Ledger) -> None:
    """Show the open orders, and what the person may do with each."""
    table, mine = order_states(kept.rules.folder), desk.powers()
    moves = tuple(order_moves(kept.rules.folder).values())
    found = [one for one in service_orders(kept).values() if bool(table.loc[one.state, "open"])]
    may = mine.may("order", state.grid(), Case(""))
    if not found and not may:
        return
    with st.expander(t(ORDERS)):
        for one in found:
            with st.container(border=True):
                words = str(table.loc[one.state, str(state.lang())])
                held = (
                    ""
                    if one.person is None
                    else t(WITH).format(name=plain(desk.names(kept).get(one.person, one.person)))
                )
                st.markdown(f"**{plain(one.text)}**")
                st.caption(" · ".join(part for part in (words, held, one.order_id) if part))
                for move in steps_open(one, mine, moves):
                    _step(kept, one, move)
        if not found:
            st.caption(t(NONE))
        if may:
            _ask(kept)


def _step(kept: Ledger, order: ServiceOrder, move: Move) -> None:
    """Show one move as a button, what it needs behind it."""
    key = f"order {order.order_id} {order.clock} {move.becomes}"
    said: dict[str, Any] = {}
    if not move.needs:
        if st.button(t(move.words), key=key, width="stretch"):
            _move(kept, order, move, said)
        return
    with st.popover(t(move.words), width="stretch"):
        if "text" in move.needs:
            said["text"] = st.text_input(t(WORDS), key=f"{key} text", max_chars=LONGEST)
        if "person" in move.needs:
            names = desk.names(kept) | {
                desk.powers().person_id: desk.names(kept).get(desk.powers().person_id, desk.powers().person_id)
            }
            said["person"] = st.selectbox(t(TO), list(names), format_func=names.__getitem__, key=f"{key} person")
        if "satisfaction" in move.needs:
            said["satisfaction"] = st.segmented_control(t(MARK), [1, 2, 3, 4, 5], default=5, key=f"{key} mark")
        if st.button(t(move.words), key=key, type="primary"):
            _move(kept, order, move, said)


def _move(kept: Ledger, order: ServiceOrder, move: Move, said: dict[str, Any]) -> None:
    step = Step(
        order_id=order.order_id, state=move.becomes, seen=order.clock, at=desk.now(), command_id=desk.command(), **said
    )  # fmt: skip
    try:
        move_order(kept, step, desk.powers())
    except (TransitionError, DataError) as error:
        _trouble(error)
        return
    st.rerun()


def _ask(kept: Ledger) -> None:
    with st.form(state.own("order"), border=False, clear_on_submit=True):
        words = st.text_input(t(ASK), max_chars=LONGEST)
        if not st.form_submit_button(t(ASK_IT), width="stretch"):
            return
    try:
        ask_for(kept, words, state.grid(), desk.powers(), at=desk.now(), command_id=desk.command())
    except (TransitionError, DataError) as error:
        _trouble(error)
        return
    st.rerun()


def _trouble(error: TransitionError | DataError) -> None:
    said = [one.line(state.lang()) for one in error.problems] if isinstance(error, DataError) else [t(error.message)]
    st.warning("\n\n".join(map(plain, said)))
