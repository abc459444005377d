"""Health check: indicators by grid as a matrix, each with its reasons, what fails on the map, and its files."""

from functools import partial

import streamlit as st

from geo.text import Text
from reports.health.complete_community import has_rule
from reports.health.examination import CONVENTIONS, Health
from reports.health.files import health_file
from reports.health.finding import VERDICTS
from reports.health.tables import SIGNS, chosen_ids, counted, groups, profile_words
from reports.health.thresholds import PROFILES, profile_of
from reports.render.facts import facts_html
from views import cached, frame, health_community, health_fire_lane, health_parts, state
from views.plain import plain
from views.state import t

TITLE = Text("体检", "Health check")
CHECKING = Text("正在体检……", "Checking…")
PROFILE = Text("指标集", "Profile")
GROUP = Text("分组", "Group")
ALL = Text("全部", "All")
SHOW = Text("只看", "Show only")
LEGEND = Text(
    "{signs}。数值后 ◐ 为部分资料，≈ 为替代指标。第一列“全部”为所有网格合计。点击单元格查看依据。",
    "{signs}. Behind a value ◐ stands for partial data, ≈ for a proxy. The first column is the whole. Click a cell to see why.",
)
NONE = Text("这一组没有符合条件的指标。", "No indicator of this group fits.")
VIEW = Text("内容", "Part")
MATRIX, COMMUNITY, LANES = "matrix", "community", "lanes"
VIEWS = {
    MATRIX: Text("指标矩阵", "Indicators"),
    COMMUNITY: Text("完整居住社区", "Complete community"),
    LANES: Text("消防车道", "Fire lanes"),
}
DOWNLOADS = {
    ".xlsx": Text("下载表格（XLSX）", "Download workbook (XLSX)"),
    ".csv": Text("下载 CSV", "Download CSV"),
    ".json": Text("下载 JSON", "Download JSON"),
}


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    if not ws.levels:
        st.info(t(frame.NO_GRIDS))
        return
    profile = _profile()
    view = _view(profile)
    if view != MATRIX:
        _other(view, profile)
        frame.foot(ws)
        return
    health = _checked(profile)
    st.html(facts_html(counted(health), state.lang()))
    ids = _filtered(health)
    signs = "　".join(f"{SIGNS[key]} {t(words)}" for key, words in VERDICTS.items())
    st.caption(plain(t(LEGEND).format(signs=signs)))
    if ids:
        health_parts.matrix_view(health, ids)
        health_parts.drill_down(health, ids)
    else:
        st.info(t(NONE))
    health_parts.thresholds_view(health)
    _downloads(health)
    st.caption(plain(t(CONVENTIONS)))
    frame.foot(ws)


def _profile() -> str:
    ws = state.workspace()
    words = {key: profile_words(key, state.lang()) for key in PROFILES if key != "custom"}
    own = profile_of(ws.manifest.profile, ws.folder)
    return st.segmented_control(
        t(PROFILE), list(words), format_func=words.__getitem__, default=own if own in words else "WHO", required=True,
        key=state.own("health profile"), persist_state="session",
    )  # fmt: skip


def _view(profile: str) -> str:
    """Show which part of the page is looked at; the standard of the complete community is China's."""
    if not has_rule(profile):
        return MATRIX
    shown = {key: t(words) for key, words in VIEWS.items()}
    return st.segmented_control(
        t(VIEW), list(shown), format_func=shown.__getitem__, default=MATRIX, required=True,
        key=state.own("health view"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip


def _other(view: str, profile: str) -> None:
    own, place = health_parts.own_thresholds(), (state.volume().folder, state.mark(), state.level())
    with st.spinner(t(CHECKING)):
        if view == COMMUNITY:
            health_community.community_view(cached.community(*place, profile=profile, own=own))
        else:
            health = cached.checked(*place, profile=profile, own=own)
            health_fire_lane.lanes_view(health, cached.lanes(*place, profile=profile, own=own))


def _checked(profile: str) -> Health:
    own = health_parts.own_thresholds()
    with st.spinner(t(CHECKING)):
        return cached.checked(state.volume().folder, state.mark(), state.level(), profile=profile, own=own)


def _filtered(health: Health) -> list[str]:
    """Show what narrows the matrix; give the indicators that are left."""
    kinds = {"": t(ALL), **{key: state.label(words) for key, words in groups(health).items()}}
    only = t(SHOW)
    verdicts = {key: f"{only} {SIGNS[key]} {t(words)}" for key, words in VERDICTS.items()}
    group = st.pills(
        t(GROUP), list(kinds), format_func=kinds.__getitem__, default="", required=True,
        key=state.own(f"health group {health.profile}"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    verdict = st.pills(
        t(SHOW), list(verdicts), format_func=verdicts.__getitem__, key=state.own("health verdict"),
        persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    return chosen_ids(health, group or None, verdict)


def _downloads(health: Health) -> None:
    lang = state.lang()
    for column, (ending, words) in zip(st.columns(3), DOWNLOADS.items(), strict=True):
        column.download_button(
            t(words),
            partial(health_file, health, ending, lang),
            f"{health.ws.name}-health-{health.profile}{ending}",
            width="stretch",
        )
