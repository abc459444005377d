"""The saved scenarios: listed with author, day and hash, compared with the present or with each other, decided, undone."""

import streamlit as st

from geo.errors import DataError
from geo.partition import PartitionError
from geo.text import Text
from layers import Workspace
from layers.intake.history import state as layers_state
from reports.scenario import editor, tables
from reports.scenario.saved import Saved, decide, saved_scenarios
from reports.scenario.written import scenario_toml
from views import import_history, persons, scenarios_draw, scenarios_save, scenarios_shown, state
from views.plain import plain
from views.state import t
from views.tables import heads, pick_row, show_problems

CHOOSE = Text("点一行看它的结果。", "Click a row to see what it comes to.")
AGAINST = Text("与什么比较", "Compared with")
NOW = Text("现状", "as it is now")
EDIT = Text("拿到“画情景”里继续改", "Take it to Draw and go on with it")
TAKEN = Text("已放到“画情景”。", "It is on the part Draw now.")
DECIDE = Text("决定：写入图层（可撤销）", "Decide: merge it into the layers (can be undone)")
AUTHOR = Text("由谁决定（姓名或部门）", "Decided by (name or office)")
OUTDATED = Text(
    "保存之后图层有改动，不能直接决定。请拿到“画情景”里看一遍新结果，再保存。",
    "The layers changed since it was saved, so it cannot be decided. Take it to Draw, look at the new result, and save it again.",
)
EDITED = Text(
    "文件保存后被改动过，散列不符；决定之前请再看一遍。",
    "The file was edited since it was saved: its hash is another. Look at it again before deciding.",
)
ALREADY = Text("已决定，写入为第 {n} 次。", "Decided; merged as number {n}.")
DONE = Text(
    "已决定并写入图层，第 {n} 次：{title}。可在下方撤销。",
    "Decided and merged, number {n}: {title}. It can be undone below.",
)
NOT_LAYERS = Text(
    "权重和预算留在情景文件中，不写入图层。", "Weights and money stay in the file of the scenario; they are no layers."
)
CANNOT = Text("做不到：{why}", "This cannot be done: {why}")
DID = "scenario decided"


def show(ws: Workspace) -> None:
    """Show the part."""
    said = state.kept(DID)
    if said:
        st.success(plain(t(said)))
        state.keep(DID, None)
    found = saved_scenarios(ws)
    if not found:
        st.info(t(tables.NO_SAVED))
    else:
        _chosen(ws, found)
    if persons.may_anywhere(persons.powers(), scenarios_save.RIGHT):
        import_history.history(ws.folder)


def _chosen(ws: Workspace, found: list[Saved]) -> None:
    table = tables.saved_table(found, state.lang())
    st.caption(t(CHOOSE))
    name = pick_row(table, heads(tables.SAVED, dates=["made_on"]), key=state.key("scenario rows", table.index))
    one = next((one for one in found if one.path.stem == name), found[0])
    if one.scenario is None:
        show_problems(one.problems)
        return
    st.subheader(plain(t(one.scenario.title)), anchor=False)
    edits = tables.edit_table(one.scenario, state.lang())
    if len(edits):
        st.dataframe(edits, hide_index=True, column_config=heads(tables.EDITS), height="content", placeholder="—")
    _compare(found, one)
    _acts(ws, one)


def _compare(found: list[Saved], one: Saved) -> None:
    """Compare with the present, or with another scenario."""
    others = {other.path.stem: other.scenario for other in found if other.scenario and other.path != one.path}
    words = {"": t(NOW), **{key: t(other.title) for key, other in others.items()}}
    base = st.selectbox(
        t(AGAINST), list(words), format_func=words.__getitem__, key=state.key("scenario against", [one.path, *words])
    )
    other = others.get(base)
    try:
        scenarios_shown.show(scenario_toml(other) if other else "", scenario_toml(one.scenario) if one.scenario else "")
    except PartitionError as error:
        st.warning(plain(t(CANNOT.format(why=error.message))))
    except DataError as error:
        show_problems(error.problems)


def _acts(ws: Workspace, one: Saved) -> None:
    """Offer to go on with it, or to decide it."""
    if one.scenario is None:
        return
    if st.button(t(EDIT), key=state.own(f"scenario edit {one.path.stem}")):
        scenarios_draw.keep(editor.draft_of(one.scenario, state.lang()))
        st.success(t(TAKEN))
    if one.decided is not None:
        st.success(t(ALREADY.format(n=one.decided)))
        return
    if one.is_as_saved is False:
        st.warning(t(EDITED))
    if not one.is_current:
        st.warning(t(OUTDATED))
    if one.scenario.weights or one.scenario.budget_yuan is not None:
        st.caption(t(NOT_LAYERS))
    if persons.may_anywhere(persons.powers(), scenarios_save.RIGHT):
        _decide(ws, one)


def _decide(ws: Workspace, one: Saved) -> None:
    with st.form(state.own(f"scenario decide {one.path.stem}")):
        author = st.text_input(t(AUTHOR), key=state.own("scenario decider"))
        pressed = st.form_submit_button(t(DECIDE), type="primary", disabled=not one.is_current)
    if not pressed or one.scenario is None:
        return
    persons.require(scenarios_save.RIGHT)
    try:
        done = decide(ws, one.scenario, author=author, day=persons.now().date(), expected=layers_state(ws.folder))
    except (DataError, PartitionError) as error:
        if isinstance(error, DataError):
            show_problems(error.problems)
        else:
            st.warning(plain(t(CANNOT.format(why=error.message))))
        return
    state.keep(DID, DONE.format(n=done.number, title=one.scenario.title))
    st.rerun()
