"""Grids: whether they tile and nest, their codes, how their work is spread, and redrawing them."""

import streamlit as st

from geo.partition import READING_RULE, PartitionError
from geo.text import Text
from layers import Workspace
from layers.standards import standard
from reports.gridworks import tables as shown
from reports.gridworks.codes import OWN_SCHEME, checked, proposed, recoding
from reports.gridworks.picture import audit_map, workload_map
from reports.gridworks.workload import LOADS, spread_table
from views import findings_cached, frame, grids_redraw, state
from views.grids_tables import table
from views.map_component import map_view
from views.plain import plain
from views.routes import link
from views.state import t

TITLE = Text("网格", "Grids")
TABS = (
    Text("审核", "Audit"),
    Text("编号", "Codes"),
    Text("工作量", "Workload"),
    Text("重划", "Redraw"),
)
SOUND = Text("网格无缝隙、无重叠，层级完整。", "The grids tile without gaps or overlaps, and their tree is whole.")
TO_MEND = Text("需要改正", "To be mended")
TO_SEE = Text("可能有意，请确认", "Perhaps meant; have a look")
CROSSING = Text("跨越上级边界的网格", "Grids that cross a border of the level above")
CROSSING_HELP = Text(
    "统计区划常不嵌套，这里只作说明；责任网格必须嵌套。",
    "Statistical areas often do not nest and this only tells it; grids that somebody answers for must.",
)
AUDIT_HOW = Text(
    "缝隙：窄于 {gap} m 或被围住的空地；重叠：大于 {overlap} m²；狭长碎片：最宽处不足 {width} m，或紧凑度低于 {compact}。"
    "限值在政策表中，可按工作区修改。",
    "Gaps: ground narrower than {gap} m or enclosed; overlaps: above {overlap} m²; slivers: narrower than {width} m "
    "everywhere, or less compact than {compact}. The limits are rows of the policy table and can be changed for a workspace.",
)
SCHEME = Text("编码格式", "Layout of codes")
BASE = Text("前缀（县、街道、社区的数字）", "Prefix: digits of county, street and community")
PUT = Text("把建议编号放进重划方案", "Put the proposed codes into a plan")
PUT_DONE = Text(
    "已放进方案，请到“重划”页签预览和应用。", "It is in the plan: see the tab Redraw to look at it and apply it."
)
OWN_NOTE = Text(
    "建议编号若已被别的网格使用，则不能直接改：旧编号永不复用。改用带前缀的格式即可全部换新。",
    "A proposed code that another grid has cannot be given: codes are never used twice. A layout with a prefix renews all.",
)
SPREAD_HOW = Text(
    "基尼系数 0 为完全平均。件数少时，即使平均分配也会显得不均：“偶然范围”是把总数随机平分 {draws} 次所得基尼系数的中间 90%（种子 {seed}）。",
    "A Gini of 0 is perfectly even. With few issues even a fair division looks uneven: the last column is the middle "
    "90 % of the Gini when the total is dealt out at random {draws} times (seed {seed}).",
)
SHADE = Text("地图着色", "The map shows")
UNLOCATED = Text("另有 {n} 件问题不在任何网格内，未计入。", "{n} issues lie in no grid and are not counted.")


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    if not ws.levels:
        st.info(t(frame.NO_GRIDS))
        return
    audit, codes, work, redraw = st.tabs([t(one) for one in TABS])
    with audit:
        _audit(ws)
    with codes:
        _codes(ws)
    with work:
        _work(ws)
    with redraw:
        grids_redraw.show(ws)
    frame.foot(ws)


def _audit(ws: Workspace) -> None:
    found = findings_cached.looked_over(state.volume().folder, state.mark())
    table(shown.level_table(ws, found, state.lang()), shown.LEVELS, name=f"{ws.name}-grid-levels")
    level = state.level() or ws.finest
    map_view(audit_map(ws, level, found, state.lang(), link=link(ws)), key="map_audit", height=400, brief=True)
    wrong = shown.fault_table(ws, found, state.lang(), meant=False)
    if wrong.empty:
        st.success(t(SOUND))
    else:
        st.subheader(t(TO_MEND), anchor=False)
        table(wrong, shown.FAULTS, name=f"{ws.name}-grid-faults")
    doubtful = shown.fault_table(ws, found, state.lang(), meant=True)
    if not doubtful.empty:
        st.subheader(t(TO_SEE), anchor=False)
        table(doubtful, shown.FAULTS, name=f"{ws.name}-grid-doubts")
    crossing = shown.nesting_table(found)
    if not crossing.empty:
        st.subheader(t(CROSSING), anchor=False)
        st.caption(t(CROSSING_HELP))
        table(crossing, shown.NESTING, name=f"{ws.name}-grid-nesting")
    limits = {"gap": "gap_width_m", "overlap": "overlap_m2", "width": "sliver_width_m", "compact": "sliver_compactness"}
    st.caption(t(AUDIT_HOW.format(**{key: f"{found.meta[name]:g}" for key, name in limits.items()})))


def _codes(ws: Workspace) -> None:
    known = standard("grid_codes", ws.folder)
    words = {str(row["scheme"]): t(Text(str(row["zh"]), str(row["en"]))) for _, row in known.iterrows()}
    left, right = st.columns(2)
    start = list(words).index(OWN_SCHEME)
    scheme = left.selectbox(t(SCHEME), list(words), start, words.__getitem__, key=state.own("grid scheme"))
    base = (
        ""
        if scheme == OWN_SCHEME
        else right.text_input(t(BASE), key=state.own("grid base"), placeholder="431103001001")
    )
    try:
        proposal = proposed(ws, state.level(), scheme=scheme, base=base)
    except PartitionError as error:
        st.info(plain(t(error.message)))
        return
    table(shown.codes_table(checked(ws, state.level()), proposal, state.lang()), shown.CODES, name=f"{ws.name}-codes")
    st.caption(t(OWN_NOTE if scheme == OWN_SCHEME else READING_RULE))
    if st.button(t(PUT), key=state.own("grid put codes"), disabled=not proposal["is_new"].any()):
        grids_redraw.propose(recoding(proposal))
        st.success(t(PUT_DONE))


def _work(ws: Workspace) -> None:
    found = findings_cached.workload_of(state.volume().folder, state.mark(), state.level())
    table(spread_table(found, state.lang()), shown.SPREAD, name=f"{ws.name}-spread")
    st.caption(t(SPREAD_HOW.format(draws=f"{found.meta['draws']:,}", seed=found.meta["seed"])))
    if found.meta.get("issues_in_no_grid"):
        st.caption(t(UNLOCATED.format(n=f"{found.meta['issues_in_no_grid']:,}")))
    known = {key: state.label(words) for key, words in LOADS.items() if key in found.table}
    load = st.selectbox(t(SHADE), list(known), format_func=known.__getitem__, key=state.own("grids load"))
    map_view(workload_map(ws, found, load, state.lang(), link=link(ws)), key="map_workload", height=460, brief=True)
    table(shown.work_table(found, state.lang()), shown.WORK, name=f"{ws.name}-workload")
