"""What a redrawing would make of the grids: map, what became of each, totals before and after; then apply it."""

from datetime import date

import streamlit as st

from geo.errors import DataError
from geo.partition import PartitionError
from geo.text import Text
from layers import Workspace
from reports.gridworks import tables as shown
from reports.gridworks.answers import plan_json
from reports.gridworks.picture import preview_map
from reports.gridworks.plan import Operation, Plan
from reports.gridworks.redraw import Redraw, apply
from views import findings_cached, persons, state
from views.grids_tables import table_only
from views.map_component import map_view
from views.plain import plain
from views.state import t
from views.tables import show_problems

RIGHT = "import"
"""Who may bring layers in may redraw grids."""
WHAT = Text("预览：{plan}", "Preview: {plan}")
CANNOT = Text("这一步做不到：{why}", "This cannot be done: {why}")
KEPT = Text("重划前后各项合计全部不变；{n} 件问题换了网格。", "Every total stays as it was; {n} issues change grid.")
LOST = Text(
    "有合计发生变化，请核对下表，不要应用。", "A total would change. See the table below and do not apply this."
)
PROBLEMS = Text("重划后会出现新的问题，因此不能应用", "It would bring new problems, so it cannot be applied")
BY_AREA = Text(
    "建筑户数不全，户数和人数按面积分摊，仅为估计。",
    "Households of buildings are not all known, so households and residents are divided by area and are estimates.",
)
AFTER = Text(
    "应用之后：停用的编号不再使用；台账中的旧编号按问题的坐标归入新网格；为旧编号任命的人员需在“人员”页重新任命。",
    "After applying: the former codes are not used again; issues with them count where their points lie; persons appointed for a former code are to be appointed anew on People.",
)
FROM = Text("生效日期", "In force from")
APPLY = Text("应用（可撤销）", "Apply it (can be undone)")
DROP = Text("放弃", "Drop it")
DONE = Text("已应用，第 {n} 次：{plan}。可在下方撤销。", "Applied, number {n}: {plan}. It can be undone below.")
PLAN = Text("下载方案（JSON）", "Download the plan (JSON)")
NEW, PAIRS, TOTALS = Text("新网格", "New grids"), Text("新旧对应", "Old and new"), Text("前后合计", "Totals")
FORMER = Text("已停用的网格", "Former grids")
DID = "grids did"
STEP = "grids step"


def show(ws: Workspace, step: Operation | None) -> None:
    """Show what a step would do, and the grids that were redrawn before."""
    if step is not None:
        day = state.kept("grids day") or date.today()  # noqa: DTZ011 (workspaces keep naive local time)
        plan = Plan(level=state.level() or ws.finest, valid_from=day, steps=(step,))
        st.subheader(plain(t(WHAT.format(plan=plan.words))), anchor=False)
        try:
            found = findings_cached.redrawn(state.volume().folder, state.mark(), plan)
        except PartitionError as error:
            st.warning(plain(t(CANNOT.format(why=error.message))))
        else:
            _shown(found)
            _decide(found)
    past = shown.former_table(ws)
    if not past.empty:
        st.subheader(t(FORMER), anchor=False)
        table_only(past, shown.FORMER)


def _shown(found: Redraw) -> None:
    _verdict(found)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        map_view(preview_map(found, state.lang()), key="map_preview", height=460, brief=True)
    with right:
        new, pairs, totals = st.tabs([t(NEW), t(PAIRS), t(TOTALS)])
        with new:
            table_only(shown.new_table(found), shown.NEW)
        with pairs:
            table_only(shown.pair_table(found), shown.PAIRS)
        with totals:
            table_only(shown.total_table(found, state.lang()), shown.TOTALS)


def _verdict(found: Redraw) -> None:
    """Say whether totals stay, how even it gets, and what to know."""
    if found.is_kept:
        st.success(t(KEPT.format(n=f"{len(found.moved):,}")))
    else:
        st.error(t(LOST))
    for words in shown.even_words(found):
        st.info(state.label(words))
    if not found.meta["by_households"]:
        st.caption(t(BY_AREA))
    if found.meta["new_problems"]:
        st.error(t(PROBLEMS))
        show_problems(found.meta["new_problems"])


def _decide(found: Redraw) -> None:
    """Let the plan be applied by those who may, dropped, or taken along."""
    st.caption(t(AFTER))
    may = persons.may_anywhere(persons.powers(), RIGHT)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        state.bound(
            st.date_input, t(FROM), key=state.own("grids from"), value=found.plan.valid_from,
            moved=lambda picked: state.keep("grids day", picked), format="YYYY-MM-DD", width=180,
        )  # fmt: skip
        pressed = st.button(
            t(APPLY), type="primary", key=state.own("grids apply"),
            disabled=not (may and found.is_kept and not found.meta["new_problems"]),
        )  # fmt: skip
        st.button(t(DROP), on_click=state.keep, args=(STEP, None), key=state.own("grids drop"))
        st.download_button(t(PLAN), plan_json(found.plan), "plan.json", "application/json", on_click="ignore")
    if pressed:
        _apply(found)


def _apply(found: Redraw) -> None:
    persons.require(RIGHT)
    try:
        done = apply(found)
    except DataError as error:
        show_problems(error.problems)
        return
    state.keep(STEP, None)
    state.keep("grids chosen", None)
    state.keep("grids points", None)
    state.keep(DID, DONE.format(n=done.number, plan=found.plan.words))
    st.rerun()
