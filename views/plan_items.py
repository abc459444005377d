"""The part of the Plan page that shows renewal items: decide, change, add, sums, and how they compare with others."""

from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import DataError
from geo.text import Text
from layers import Workspace
from layers.schema.places import PROJECT_CLASS
from reports.priority import Ranking
from reports.works.desk import decided, edited
from reports.works.effects import Effects
from reports.works.stored import WorksError, store_items
from reports.works.tables import ALL, EDITABLE, HEADS, STATES, chosen_items, heading, item_table, read_back
from views import frame, persons, plan_items_add, plan_items_sums, state, works_cached
from views.plain import plain
from views.state import t
from views.tables import show_problems

HEAD = Text("改造费用项", "Renewal items")
ABOUT = Text(
    "由未办结问题、指标缺口和地块生成的建议，由人审定。数量取自图形或件数，取不到的留空；金额为单价区间的中值，空着就是未知，不算零。",
    "Proposed from open issues, gaps of indicators and sites, and decided by people. Quantities come from shapes or counts and are "
    "empty where neither tells; amounts are the middle of a range of unit costs, and empty is unknown, not zero.",
)
FIGURES = {
    "proposed": Text("建议（项）", "Proposed"),
    "accepted": Text("已采纳（项）", "Accepted"),
    "declined": Text("不采纳（项）", "Declined"),
}
SUMS = Text(
    "已采纳：**{accepted}**；全部待办（含建议）：**{whole}**。",
    "Accepted: **{accepted}**. All to be done, proposals included: **{whole}**.",
)
TABS = (Text("审定", "Decide"), Text("增加", "Add"), Text("合计与对比", "Sums and comparison"), Text("单价目录", "Catalogue"), Text("审定记录", "History"))  # fmt: skip
STATE, CLASSES = Text("显示", "Show"), Text("类别", "Class")
EMPTY = Text("没有这样的费用项。", "There are no such items.")
MORE = Text(
    "只显示前 {n} 项，共 {all} 项；可用导出文件处理全部。",
    "The first {n} of {all} are shown; export the layer to work on all.",
)
NEED = Text(
    "全部待办一起完成时，该项在所减需求中的份额（{unit}）；各项相加即总数。先后不同，单独一项减少的可能更少。",
    "the item's part of the need that falls if all is done ({unit}); the parts add up to the whole. Alone, an item may remove less.",
)
AUTHOR, NOTE = Text("审定人", "Who decides"), Text("说明（可空）", "Why (may be empty)")
SAVE, ACCEPT = Text("保存改动", "Save changes"), Text("采纳所列建议", "Accept what is listed")
CANNOT = Text("不能保存：{why}", "Not saved: {why}")
DONE = Text(
    "已保存 {n} 项，第 {number} 次变更，可在“导入”页撤销。",
    "{n} saved as change {number}; it can be undone on the Import page.",
)
NOTHING = Text("没有改动。", "Nothing was changed.")
RIGHT = "import"
"""Who may bring layers in may decide on items."""
DID = "items did"


def show_items(ws: Workspace, ranking: Ranking) -> None:
    """Show the items of a workspace with the need that each removes from the grids of a ranking."""
    folder, mark, lang = state.volume().folder, state.mark(), str(state.lang())
    items = works_cached.items(folder, mark, lang)
    weights = tuple((c.key, c.weight) for c in ranking.used)
    found = works_cached.removed(folder, mark, lang, (ranking.level, weights), _ranking=ranking)
    st.subheader(t(HEAD), anchor=False)
    st.caption(t(ABOUT))
    said = state.kept(DID)
    if said:
        st.success(plain(t(said)))
        state.keep(DID, None)
    _figures(items)
    decide, add, sums, catalogue, past = st.tabs([t(one) for one in TABS])
    with decide:
        _decide(ws, items, found)
    with add:
        plan_items_add.show(ws, keep)
    with sums:
        plan_items_sums.show(ws, items)
    with catalogue:
        plan_items_sums.show_catalogue(ws)
    with past:
        plan_items_sums.show_history(ws)


def _figures(items: pd.DataFrame) -> None:
    said = heading(items)
    with st.container(horizontal=True):
        for key, words in FIGURES.items():
            st.metric(t(words), t(said[key]), width=150)
    st.markdown(plain_sums(said["accepted_sum"], said["open_sum"]))


def plain_sums(accepted: Text, whole: Text) -> str:
    """Give both sums as running text."""
    return t(SUMS.format(accepted=accepted, whole=whole))


@st.fragment
def _decide(ws: Workspace, items: pd.DataFrame, found: Effects) -> None:
    """Show the table in which people decide; a change runs only this part of the page again."""
    with frame.guarded():
        some = _chosen(items, found)
        if some.empty:
            st.info(t(EMPTY))
            return
        listed = some.head(frame.MOST_ROWS)
        if len(listed) < len(some):
            st.caption(t(MORE.format(n=f"{len(listed):,}", all=f"{len(some):,}")))
        before = item_table(ws, listed, found, state.lang())
        after = _editor(before, found)
        _save(ws, items, before, after)


def _chosen(items: pd.DataFrame, found: Effects) -> pd.DataFrame:
    states = {key: state.label(words) for key, words in STATES.items()}
    classes = {key: state.label(words) for key, words in PROJECT_CLASS.items()}
    with st.container(horizontal=True):
        shown = st.segmented_control(
            t(STATE),
            list(states),
            format_func=states.__getitem__,
            default=ALL,
            required=True,
            key=state.own("items state"),
        )
        kinds = st.segmented_control(
            t(CLASSES),
            list(classes),
            format_func=classes.__getitem__,
            selection_mode="multi",
            key=state.own("items class"),
        )
    return chosen_items(items, state=shown, classes=tuple(kinds), found=found)


def _editor(before: pd.DataFrame, found: Effects) -> pd.DataFrame:
    heads = {key: t(words) for key, words in HEADS.items()}
    config: dict[str, Any] = {key: st.column_config.Column(head) for key, head in heads.items()}
    options = [t(words) for key, words in STATES.items() if key != ALL]
    config |= {
        "_index": None,
        "decision": st.column_config.SelectboxColumn(heads["decision"], options=options, width=90, pinned=True),
        "name": st.column_config.TextColumn(heads["name"], width=320),
        "cost_yuan": st.column_config.NumberColumn(heads["cost_yuan"], format="localized", min_value=0, width=110),
        "need": st.column_config.NumberColumn(
            heads["need"], format="localized", help=t(NEED.format(unit=found.unit)), width=90
        ),
        "quantity": st.column_config.NumberColumn(heads["quantity"], format="localized", min_value=0, width=90),
        "unit": st.column_config.TextColumn(heads["unit"], width=70),
        "item_class": st.column_config.TextColumn(heads["item_class"], width=90),
        "must_do": st.column_config.CheckboxColumn(heads["must_do"], width=60),
    }
    locked = [key for key in before.columns if key not in EDITABLE]
    edited_table: pd.DataFrame = st.data_editor(
        before, column_config=config, disabled=locked, hide_index=True, height=560, placeholder="–",
        key=state.key("items table", before.index),
    )  # fmt: skip
    return edited_table


def _save(ws: Workspace, items: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> None:
    """Offer to store what was changed, or to accept all that is listed."""
    may = persons.may_anywhere(persons.powers(), RIGHT)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        author = st.text_input(t(AUTHOR), key=state.own("items author"), width=180)
        note = st.text_input(t(NOTE), key=state.own("items note"), width=300)
        saved = st.button(t(SAVE), type="primary", disabled=not may, key=state.own("items save"))
        accepted = st.button(t(ACCEPT), disabled=not may, key=state.own("items accept"))
    if saved:
        rows = edited(items, read_back(items, after, state.lang()))
        if rows.empty:
            st.info(t(NOTHING))
        else:
            keep(ws, rows, author, note)
    if accepted:
        waiting = chosen_items(items.loc[before.index], state="proposed").index
        keep(ws, decided(items, [str(one) for one in waiting], "accepted"), author, note)


def keep(ws: Workspace, rows: pd.DataFrame, author: str, note: str) -> None:
    """Store items and show the page anew, or say why not."""
    persons.require(RIGHT)
    try:
        done = store_items(ws, rows, author, note=note)
    except WorksError as error:
        st.warning(plain(t(CANNOT.format(why=error.message))))
        return
    except DataError as error:
        show_problems(error.problems)
        return
    state.keep(DID, DONE.format(n=f"{len(rows):,}", number=done.number))
    st.rerun()
