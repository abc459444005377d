"""What the page of hot spots shows of points: density, groups, and whether issues follow each other."""

from dataclasses import replace
from typing import Any

import streamlit as st

from geo.text import Text
from layers import GRIDS, ISSUES, Workspace
from layers.standards import policy
from reports.patterns import Asked, PointGroups, Sequence, Surface, succession
from reports.patterns import density as densities
from reports.patterns import groups as grouped
from reports.patterns.overlay import with_groups, with_surface
from reports.patterns.tables import (
    BANDS,
    GROUPS,
    KNOX,
    band_rows,
    band_shapes,
    group_rows,
    group_shapes,
    knox_rows,
    said,
)
from reports.result_files import Result
from views import state
from views.hot_spot_parts import MAP_PX, explained, found, ground
from views.map_component import map_view
from views.state import t
from views.tables import FEW

BANDWIDTH = Text("带宽（m）", "Bandwidth (m)")
REACH = Text("半径（m）", "Reach (m)")
LEAST = Text("成组的最少件数", "Fewest issues of a group")
TOO_FEW = Text("有位置的问题太少，画不出密度。", "Too few issues have a place for a density.")
NO_GROUPS = Text("没有聚集成组的问题。", "No issues lie so close together.")
DENSITY, GROUPED = Text("问题密度", "Density of issues"), Text("问题聚集", "Groups of issues")
KNOX_HEAD = Text("是否接连发生（时空邻近）", "Do issues follow each other in space and time")
WIDTHS = (25, 50, 75, 100, 150, 200, 300, 500, 1000)
REACHES = (10, 15, 20, 30, 50, 75, 100, 150, 200)
LEASTS = (3, 5, 8, 10, 15, 20, 30, 50)


def density(ws: Workspace, asked: Asked) -> None:
    """Show where issues pile up, with the bandwidth said."""
    usual = policy(ws.folder)["density_bandwidth_m"]
    width = _slider(BANDWIDTH, WIDTHS, usual, "pattern bandwidth")
    surface: Surface | None = found("density", replace(asked, bandwidth_m=width, level=None))
    if surface is None:
        st.info(t(TOO_FEW))
        return
    method = densities.method(surface)
    left, right = st.columns([7, 3], gap="medium")
    with left:
        map_view(with_surface(ground(), ws, surface), key="map_density", height=MAP_PX)
    rows, heads = band_rows(surface, state.lang()), said(BANDS, state.lang())
    with right:
        st.dataframe(rows, hide_index=True, column_config=_columns(heads), height="content")
    explained(method, Result(f"{ws.name}-density", DENSITY, rows, heads, method, band_shapes(ws, surface)))


def groups(ws: Workspace, asked: Asked) -> None:
    """Show groups of issues with their extent, and Knox's table."""
    rules = policy(ws.folder)
    left, right = st.columns(2)
    with left:
        reach = _slider(REACH, REACHES, rules["cluster_reach_m"], "pattern reach")
    with right:
        least = int(_slider(LEAST, LEASTS, rules["cluster_min_points"], "pattern least"))
    points: PointGroups = found("groups", replace(asked, reach_m=reach, least_points=least, level=None))
    method = grouped.method(points)
    if points.table.empty:
        st.info(t(NO_GROUPS))
    else:
        _groups(ws, points)
    rows, heads = group_rows(ws, points, state.lang()), said(GROUPS, state.lang())
    explained(method, Result(f"{ws.name}-groups", GROUPED, rows, heads, method, group_shapes(ws, points)))
    _knox(ws, asked)


def _groups(ws: Workspace, points: PointGroups) -> None:
    rows, heads = group_rows(ws, points, state.lang()), said(GROUPS, state.lang())
    left, right = st.columns([5, 6], gap="medium")
    with left:
        config = _columns(heads)
        config["kind_share_pct"] = st.column_config.NumberColumn(heads["kind_share_pct"], format="%d%%")
        tall: Any = "content" if len(rows) <= FEW else MAP_PX
        st.dataframe(rows, hide_index=True, column_config=config, height=tall)
    with right:
        drawn = with_groups(ground((GRIDS.key, ISSUES.key)), ws, points, state.lang())
        map_view(drawn, key="map_groups", height=MAP_PX)


def _knox(ws: Workspace, asked: Asked) -> None:
    st.subheader(t(KNOX_HEAD), anchor=False)
    knox: Sequence = found("sequence", replace(asked, level=None))
    if knox.why is not None:
        st.info(t(knox.why))
        return
    rows, heads, method = knox_rows(knox), said(KNOX, state.lang()), succession.method(knox)
    st.dataframe(rows, hide_index=True, column_config=_columns(heads), height="content")
    explained(method, Result(f"{ws.name}-knox", KNOX_HEAD, rows, heads, method))


def _slider(words: Text, steps: tuple[int, ...], usual: float, name: str) -> float:
    choices = sorted({*map(float, steps), float(usual)})
    picked: Any = st.select_slider(
        t(words),
        choices,
        value=float(usual),
        key=state.own(name),
        format_func=lambda one: f"{one:g}",
        persist_state="session",
    )
    return float(picked)


def _columns(heads: dict[str, str]) -> dict[str, Any]:
    return {key: st.column_config.Column(head) for key, head in heads.items()}
