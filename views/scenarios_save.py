"""Beside the drawing board: other weights, money, files; and saving what was drawn with a name, an author and the day."""

import streamlit as st

from geo.errors import DataError
from geo.partition import PartitionError
from geo.text import Text
from layers import Workspace
from layers.catalog import CATALOG
from reports.criteria import MEASURES
from reports.scenario import editor
from reports.scenario.answers import money_answer
from reports.scenario.saved import save
from reports.scenario.written import scenario_hash, scenario_toml
from views import persons, scenarios_draw, state
from views.plain import plain
from views.state import t
from views.tables import show_problems

RIGHT = "import"
"""Who may bring layers in may save and decide scenarios."""
MORE = Text("权重、预算、文件", "Weights, money, files")
WEIGHTS = Text("采用“优先级”页上现在的权重", "Take the weights as they stand on Priorities")
WEIGHTS_HELP = Text(
    "先在“优先级”页移动滑块；受益与受损始终按原权重计算，改权重只改变名次。",
    "Move the sliders on Priorities first. Who gains and who loses is always told by the former weights; others only move ranks.",
)
BUDGET = Text("预算（元）", "Budget in CNY")
FILE = Text(
    "文件：情景（TOML）、网格方案（“网格”页下载的 JSON），或要新增到“{layer}”的对象（GeoJSON、GeoPackage）",
    "A file: a scenario (TOML), a plan of grids (JSON from the page Grids), or things to add to {layer} (GeoJSON, GeoPackage)",
)
TAKE = Text("读入", "Take it")
CANNOT = Text("做不到：{why}", "This cannot be done: {why}")
MONEY = Text("已知费用 {costs} 元，{unknown} 项未知。", "Known costs {costs} CNY, {unknown} unknown.")
VERDICT = {
    True: Text("在预算之内。", "Within the budget."),
    False: Text("超出预算。", "Over the budget."),
    None: Text(
        "有费用未知，是否超出预算无法判断。", "Some costs are unknown, so it cannot be said whether the budget holds."
    ),
}
REWEIGHED = Text("权重改动：{what}", "Other weights: {what}")
GRIDS = Text("网格：{plan}", "Grids: {plan}")
TITLE, AUTHOR = Text("情景名称", "Name of the scenario"), Text("作者（姓名或部门）", "Author (name or office)")
SAVE = Text("保存情景", "Save the scenario")
REPLACE = Text("同名时覆盖", "Replace one of the same name")
SAVED = Text(
    "已保存 {path}，散列 {hash}。在“已保存”里可以对比和决定。",
    "Saved as {path}, hash {hash}. Compare it and decide it under Saved.",
)
DOWNLOAD = Text("下载情景文件（TOML）", "Download the scenario (TOML)")
MAY_NOT = Text("您没有保存和决定情景的权限。", "You may not save or decide scenarios.")
DID = "scenario saved"


def more(ws: Workspace, layer: str) -> None:
    """Show what else a scenario may change, and a way in for files."""
    held = scenarios_draw.draft()
    with st.expander(t(MORE)):
        left, right = st.columns(2, gap="medium")
        with left:
            state.bound(
                st.number_input, t(BUDGET), key=state.own("scenario budget"), value=held.budget_yuan, min_value=0.0,
                step=10_000.0, format="%.0f", moved=lambda yuan: scenarios_draw.keep(scenarios_draw.draft()._replace(budget_yuan=yuan)),
            )  # fmt: skip
            changed = tuple(sorted(state.weights().items()))
            st.button(
                t(WEIGHTS), help=t(WEIGHTS_HELP), disabled=not changed, key=state.own("scenario weights"),
                on_click=lambda: scenarios_draw.keep(scenarios_draw.draft()._replace(weights=changed)),
            )  # fmt: skip
        with right:
            _file(ws, layer)


def _file(ws: Workspace, layer: str) -> None:
    given = st.file_uploader(t(FILE.format(layer=CATALOG[layer].title)), key=state.own("scenario file"))
    if given is None or not st.button(t(TAKE), key=state.own("scenario take")):
        return
    try:
        found = editor.from_upload(ws, given.getvalue(), given.name, layer)
    except PartitionError as error:
        st.warning(plain(t(CANNOT.format(why=error.message))))
    except DataError as error:
        show_problems(error.problems)
    else:
        scenarios_draw.keep(editor.joined(scenarios_draw.draft(), found, state.lang()))
        st.rerun()


def beside(held: editor.Draft) -> None:
    """Say what the draft changes beside assets, and what it costs."""
    if held.grids is not None:
        st.caption(plain(t(GRIDS.format(plan=held.grids.words))))
    if held.weights:
        what = ", ".join(f"{t(MEASURES[key].title)} {value:g}" for key, value in held.weights)
        st.caption(plain(t(REWEIGHED.format(what=what))))
    money = money_answer(held.scenario())
    if held.edits:
        st.caption(t(MONEY.format(costs=f"{money['costs_yuan']:,.0f}", unknown=money["costs_unknown"])))
    if held.budget_yuan is not None:
        verdict = t(VERDICT[money["within_budget"]])
        st.caption(verdict)


def show(ws: Workspace, held: editor.Draft) -> None:
    """Let the draft be saved, or taken along."""
    said = state.kept(DID)
    if said:
        st.success(plain(t(said)))
        state.keep(DID, None)
    if not persons.may_anywhere(persons.powers(), RIGHT):
        st.caption(t(MAY_NOT))
        return
    with st.form(state.own("scenario save")):
        left, right = st.columns(2)
        title = left.text_input(t(TITLE), value=held.title, key=state.own("scenario title"))
        author = right.text_input(t(AUTHOR), key=state.own("scenario author"))
        replace = st.checkbox(t(REPLACE), key=state.own("scenario replace"))
        pressed = st.form_submit_button(t(SAVE), type="primary")
    st.download_button(
        t(DOWNLOAD),
        scenario_toml(held.scenario()),
        f"{held.scenario().name}.toml",
        "application/toml",
        on_click="ignore",
    )
    if pressed:
        _save(ws, held._replace(title=title), author, replace=replace)


def _save(ws: Workspace, held: editor.Draft, author: str, *, replace: bool) -> None:
    persons.require(RIGHT)
    scenarios_draw.keep(held)
    one = held.scenario()
    try:
        path = save(ws, one, author=author, day=persons.now().date(), replace=replace)
    except DataError as error:
        show_problems(error.problems)
        return
    state.keep(DID, SAVED.format(path=f"plans/{path.name}", hash=scenario_hash(editor.settled(ws, one))[:12]))
    st.rerun()
