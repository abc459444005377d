"""What a group says: its sheets, which of them can be used, the mean, and the weights that follow."""

import streamlit as st

from geo.errors import CriteriaError
from geo.text import Text
from reports.panel import Judged, Panel, Sheet, panel
from reports.panel.desk import sheet_table, weight_table
from reports.priority import Ranking
from reports.ranking_table import capital
from views import ahp_matrix, panel_cached, state
from views.plain import plain
from views.state import t
from views.tables import show_problems

NONE = Text(
    "还没有判断表。在“我的判断”里填写并保存，或把别人的文件放进工作区的 plans 文件夹。",
    "No sheets yet. Fill one in under My judgements and keep it, or put files of others into the folder plans of the workspace.",
)
CHOOSE = Text("取哪些人的判断表", "Whose sheets")
MEAN = Text("几何平均后的权重", "Weights of the geometric mean")
EACH = Text("汇总后各部分的一致性比率：{said}。", "Consistency ratio of each part after joining: {said}.")
HEADS = {
    "author": Text("填表人", "Author"),
    "role": Text("身份", "Role"),
    "made_at": Text("日期", "Date"),
    "ratio": Text("最大一致性比率", "Largest CR"),
    "verdict": Text("判断", "Verdict"),
}


def show(ranking: Ranking) -> None:
    """Show the sheets of the workspace and their mean."""
    kept = panel_cached.sheets(ranking.ws.folder)
    if isinstance(kept, CriteriaError):
        show_problems(kept.problems)
        return
    if not kept:
        st.info(t(NONE))
        return
    called = {name: _called(one) for name, one in kept.items()}
    names = st.multiselect(
        t(CHOOSE),
        list(kept),
        default=list(kept),
        format_func=called.__getitem__,
        key=state.own("ahp people"),
    )
    if names:
        _joined(ranking, {name: kept[name] for name in names})


def _called(sheet: Sheet) -> str:
    return f"{sheet.author} · {sheet.role}" if sheet.role else sheet.author


def _joined(ranking: Ranking, sheets: dict[str, Sheet]) -> None:
    keys = [one.key for one in ranking.criteria.items]
    try:
        found = panel(sheets, keys, ranking.ws.folder)
    except CriteriaError as error:
        show_problems(error.problems)
        return
    _people(found)
    st.markdown(f"**{t(MEAN)}**")
    parts = [Text(_said(one, "zh"), _said(one, "en")) for one in found.judged]
    st.caption(plain(t(EACH.format(said=Text("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))))))
    for one in found.judged:
        if one.doubt:
            st.warning(plain(t(one.doubt)))
    ahp_matrix.bars(weight_table(found.weights, state.lang()))
    ahp_matrix.use_button(ranking, found.weights, key="ahp group")


def _said(one: Judged, lang: str) -> str:
    return f"{one.block.title.in_(lang)} {one.hierarchy.ratio:.3f}"


def _people(found: Panel) -> None:
    config = {name: st.column_config.Column(capital(t(words))) for name, words in HEADS.items()}
    config["made_at"] = st.column_config.DateColumn(t(HEADS["made_at"]), format="YYYY-MM-DD")
    config["ratio"] = st.column_config.NumberColumn(t(HEADS["ratio"]), format="%.3f")
    st.dataframe(sheet_table(found, state.lang()), hide_index=True, column_config=config, height="content")
    for words in found.left_out:
        st.warning(plain(t(words)))
