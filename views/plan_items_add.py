"""The form for an item of one's own."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from geo.text import Text
from layers import Workspace
from layers.schema import Grids
from reports.works.catalogue import catalogue_table
from reports.works.desk import added
from reports.works.stored import WorksError
from views import state
from views.plain import plain
from views.state import t

NAME, ITEM = Text("名称", "Name"), Text("改造内容", "Renewal item")
QUANTITY, UNIT = Text("数量（未知留空）", "Quantity (empty if unknown)"), Text("单位", "Unit")
AMOUNT = Text("金额，元（未知留空）", "Amount, yuan (empty if unknown)")
GRID, MUST = Text("网格", "Grid"), Text("必做", "Must be done")
AUTHOR, ADD = Text("审定人", "Who decides"), Text("增加", "Add")
CANNOT = Text("不能增加：{why}", "Not added: {why}")
Keep = Callable[[Workspace, pd.DataFrame, str, str], None]


def show(ws: Workspace, keep: Keep) -> None:
    """Show the form; what it gives is stored by ``keep``."""
    items = catalogue_table(ws, state.lang())
    titles = {str(key): str(one) for key, one in items["title"].items()}
    grids = {str(key): f"{one} ({key})" for key, one in ws.grids()[Grids.name].items()}
    with st.form(state.own("items own"), border=True):
        name = st.text_input(t(NAME))
        left, right = st.columns(2)
        with left:
            item = st.selectbox(t(ITEM), list(titles), format_func=titles.__getitem__, index=None)
            quantity = st.number_input(t(QUANTITY), min_value=0.0, value=None)
            must = st.checkbox(t(MUST))
        with right:
            grid = st.selectbox(t(GRID), list(grids), format_func=grids.__getitem__, index=None)
            amount = st.number_input(t(AMOUNT), min_value=0.0, value=None)
            author = st.text_input(t(AUTHOR))
        pressed = st.form_submit_button(t(ADD), type="primary")
    if pressed:
        unit = None if item is None else str(items["unit"][item])
        cells = {
            "name": name, "renewal_item": item, "quantity": quantity, "unit": unit, "cost_yuan": amount, "grid_code": grid,
            "must_do": must,
        }  # fmt: skip
        try:
            rows = added(ws, cells)
        except WorksError as error:
            st.warning(plain(t(CANNOT.format(why=error.message))))
            return
        keep(ws, rows, author, "")
