"""Plan: a budget spent exactly, as the dials of money, years and fairness move; where it goes and what it brings."""

from typing import Any

import streamlit as st

from geo.errors import PlanError
from geo.text import Text
from layers import Workspace
from reports.plan import Plan, Terms
from reports.plan.dials import Dials, chosen_terms, dials, facts, is_proven, slider_seconds
from reports.plan.plan_map import SHADES, off_map
from reports.plan.tables import class_words
from reports.plan.terms import COST_ENDS
from reports.plan.words import clash_words, sentences
from views import frame, plan_cached, plan_items, plan_parts, state
from views.map_component import map_view
from views.plain import plain
from views.state import t

TITLE = Text("预算计划", "Plan")
SIDES = {"plan": Text("计划", "Plan"), "items": Text("费用项", "Items")}
SIDE = Text("内容", "Part of the page")
PREPARING = Text("正在汇总费用项与各项消除的需求……", "Gathering the items and the need that each removes…")
PLANNING = Text("正在编制计划……", "Planning…")
BUDGET = Text("预算（元）", "Budget (yuan)")
EXACTLY = Text("精确金额（元）", "The exact amount (yuan)")
YEARS = Text("年数", "Years")
SHARE = Text("每个大网格最低份额（%）", "Least share of each large grid (%)")
SHARE_HELP = Text(
    "占全部预算的百分比。可选项目不足的网格，按能安排的数额计。",
    "Percent of the whole budget; of a grid with little to do, what can be done there.",
)
MORE = Text("更多要求", "More demands")
CARRY = Text("年结余转入下一年", "Keep money left over for the next year")
COST = Text("费用取", "Plan with costs at the")
ACCEPTED = Text("只从已采纳的费用项中选", "Accepted items only")
CLASS = Text("“{name}”最低份额（%）", "Least share for {name} works (%)")
FUNDS = Text("资金来源（元，留 0 表示不分来源）", "Funds (yuan; all 0: one purse for everything)")
PROVE = Text("继续求证（最多 {n} 秒）", "Look for the proof ({n} s at most)")
SHADE = Text("着色", "Colour by")
OFF_MAP = Text(
    "另有 {n} 项只落到大网格或不在网格内，图上不显示，见表。",
    "{n} more lie in a large grid only or in none; they are in the table, not on this map.",
)
NONE = Text(
    "还没有已知金额的费用项，无法编制计划。", "There are no items with a known cost yet, so there is nothing to plan."
)
CLASSES = ("basic", "improvement", "upgrade")
KEEP: dict[str, Any] = {"persist_state": "session"}


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    if not ws.levels:
        st.info(t(frame.NO_GRIDS))
        return
    sides = {name: t(words) for name, words in SIDES.items()}
    side = st.segmented_control(
        t(SIDE), list(sides), format_func=sides.__getitem__, default="plan", required=True, key=state.own("plan side"),
        label_visibility="collapsed", **KEEP,
    )  # fmt: skip
    if side == "items":
        plan_items.show_items(ws, state.ranking())
    else:
        _planned()
    frame.foot(ws)


@st.fragment
def _planned() -> None:
    """The dials and what follows; a dial runs only this part of the page again."""
    with frame.guarded():
        ws, ranking = state.workspace(), state.ranking()
        key = (
            state.volume().folder,
            state.mark(),
            state.level(),
            tuple(sorted(state.weights().items())),
            state.lang().value,
        )
        with st.spinner(t(PREPARING)):
            ground = plan_cached.ground(key, ranking)
        if ground.effects.by_item.empty:
            st.info(t(NONE))
            return
        left, right = st.columns([3, 9], gap="medium")
        with left:
            terms = _terms(dials(ws, ground))
        asked = repr(terms)
        seconds = slider_seconds(ws, proving=state.kept("plan proof") == asked)
        with right:
            try:
                with st.spinner(t(PLANNING)):
                    plan = plan_cached.planned(key, asked, seconds, terms, ranking)
            except PlanError as error:
                st.warning(plain(t(error.message)))
                return
            _shown(ws, plan, key, asked)


def _terms(ends: Dials) -> Terms:
    money = _money(ends)
    years = st.slider(t(YEARS), 1, ends.years_most, 3, key=state.own("plan years"), **KEEP)
    share = st.slider(
        t(SHARE), 0.0, ends.share_most_percent, 0.0, 0.1, key=state.own("plan share"), format="%.1f", help=t(SHARE_HELP), **KEEP
    )  # fmt: skip
    with st.expander(t(MORE)):
        carry = st.toggle(t(CARRY), key=state.own("plan carry"), **KEEP)
        pool = "accepted" if st.toggle(t(ACCEPTED), key=state.own("plan accepted"), **KEEP) else "all"
        ways = {one: state.label(words) for one, words in COST_ENDS.items()}
        cost = st.selectbox(t(COST), list(ways), format_func=ways.__getitem__, key=state.own("plan cost"), **KEEP)
        shares = {
            one: st.number_input(
                t(CLASS.format(name=class_words(one))), 0, 100, 0, 5, key=state.own(f"plan {one}"), **KEEP
            )
            for one in CLASSES
        }
        st.caption(t(FUNDS))
        funds = {
            one: st.number_input(state.label(words), 0, None, 0, 100_000, key=state.own(f"plan fund {one}"), **KEEP)
            for one, words in ends.funds.items()
        }
    return chosen_terms(money, years, share, funds_yuan=funds, carry=carry, pool=pool, cost=cost, class_percent=shares)


def _money(ends: Dials) -> int:
    """Show the budget as a slider and as a number; either moves the other."""
    kept = state.kept("plan money")
    now = ends.first_yuan if kept is None else kept
    look: dict[str, Any] = {
        "min_value": 0,
        "step": ends.step_yuan,
        "moved": lambda picked: state.keep("plan money", picked),
    }
    state.bound(
        st.slider, t(BUDGET), key=state.own("plan slider"), value=min(now, ends.most_yuan), max_value=ends.most_yuan, format="localized", **look
    )  # fmt: skip
    state.bound(st.number_input, t(EXACTLY), key=state.own("plan number"), value=now, **look)
    return int(now)


def _shown(ws: Workspace, plan: Plan, key: plan_cached.Key, asked: str) -> None:
    if not plan.choice.feasible:
        head, *clashes = clash_words(plan)
        lines = "\n".join(f"- {plain(t(one))}" for one in clashes)
        st.warning(f"{plain(t(head))}\n\n{lines}")
        for words in plan.notices:
            st.caption(plain(t(words)))
        return
    found = facts(plan)
    for place, fact in zip(st.columns(len(found)), found, strict=True):
        place.metric(
            state.label(fact.title),
            state.label(fact.value),
            state.label(fact.note),
            delta_color="off",
            delta_arrow="off",
        )
    proof = slider_seconds(ws, proving=True)
    if not is_proven(plan) and state.kept("plan proof") != asked:
        st.button(t(PROVE.format(n=f"{proof:g}")), on_click=state.keep, args=("plan proof", asked))
    st.write(plain(" ".join(t(one) for one in sentences(plan))))
    _mapped(plan, key, asked)
    plan_parts.parts(plan, key, asked)


def _mapped(plan: Plan, key: plan_cached.Key, asked: str) -> None:
    words = {one: t(said) for one, said in SHADES.items()}
    shade = st.segmented_control(
        t(SHADE), list(words), format_func=words.__getitem__, default="cost_yuan", required=True,
        key=state.own("plan shade"), **KEEP,
    )  # fmt: skip
    seconds = float(str(plan.choice.meta["seconds"]))
    map_view(
        plan_cached.mapped(key, asked, seconds, shade=shade, lang=state.lang(), _plan=plan), key="map_plan", height=430
    )
    missing = off_map(plan)
    if missing:
        st.caption(t(OFF_MAP.format(n=missing)))
