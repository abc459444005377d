"""Health check, patterns, rasters and grids, shared by all sessions; kept as ``views.cached`` keeps a workspace."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from layers import Workspace
from layers.catalog import STREETS
from reports.gridworks.audit import GridAudit, audit
from reports.gridworks.plan import Plan
from reports.gridworks.redraw import Redraw, redraw
from reports.gridworks.workload import Workload, workload
from reports.health.complete_community import CompleteCommunity, complete_community
from reports.health.examination import Health, health_check
from reports.health.fire_lane import Lanes, fire_lanes
from reports.health.thresholds import Asked
from reports.patterns import Asked as PatternAsked
from reports.patterns import hot_spots, months, point_groups, sequence, surface
from reports.rasters.by_kind import figures_by_grid
from reports.rasters.figures import RasterFigures
from reports.rasters.kinds import Held, raster_held, rasters_held
from reports.rasters.overlay import overlay as raster_overlay
from reports.rasters.ponding import WET, PondingFinding, ponding_finding, water_only
from reports.rasters.tables import shade_series
from reports.webmap.payload import payload
from views.cached import Mark, whole
from views.routes import link

PATTERNS: Mapping[str, Callable[[Workspace, PatternAsked], Any]] = {
    "grids": hot_spots, "density": surface, "groups": point_groups, "sequence": sequence, "months": months,
}  # fmt: skip
"""What is computed for the page of hot spots, each for itself."""


@st.cache_resource(max_entries=8, show_spinner=False)
def looked_over(folder: Path, mark: Mark) -> GridAudit:
    """Give the audit of the grids of a workspace."""
    return audit(whole(folder, mark))


@st.cache_resource(max_entries=16, show_spinner=False)
def workload_of(folder: Path, mark: Mark, level: int | None) -> Workload:
    """Give the workload of the grids of a level."""
    return workload(whole(folder, mark), level)


@st.cache_resource(max_entries=8, show_spinner=False)
def redrawn(folder: Path, mark: Mark, plan: Plan) -> Redraw:
    """Carry a plan of redrawing through on paper.

    Raises:
        PartitionError: it cannot be done; why.
    """
    return redraw(whole(folder, mark), plan)


@st.cache_resource(max_entries=8, show_spinner=False)
def checked(folder: Path, mark: Mark, level: int | None, *, profile: str, own: tuple[tuple[str, Asked], ...]) -> Health:
    """Check the health of a level against a profile."""
    return health_check(whole(folder, mark), profile=profile, level=level, own=dict(own))


@st.cache_resource(max_entries=8, show_spinner=False)
def community(
    folder: Path, mark: Mark, level: int | None, *, profile: str, own: tuple[tuple[str, Asked], ...]
) -> CompleteCommunity:
    """Answer the items of the complete community."""
    return complete_community(checked(folder, mark, level, profile=profile, own=own).check)


@st.cache_resource(max_entries=4, show_spinner=False)
def lanes(
    folder: Path, mark: Mark, level: int | None, *, profile: str, own: tuple[tuple[str, Asked], ...]
) -> Lanes | None:
    """Test the fire lanes; None without streets, or in a profile that asks nothing of them."""
    check = checked(folder, mark, level, profile=profile, own=own).check
    return fire_lanes(check) if STREETS in check.ws and "R-FIRE" in check.thresholds else None


@st.cache_resource(max_entries=32, show_spinner=False)
def pattern_of(folder: Path, mark: Mark, part: str, asked: PatternAsked) -> Any:  # noqa: ANN401 (one kind of result a part)
    """Give one part of the patterns of issues: a key of ``PATTERNS``."""
    return PATTERNS[part](whole(folder, mark), asked)


@st.cache_resource(max_entries=8, show_spinner=False)
def rasters_in(folder: Path, mark: Mark) -> tuple[Held, ...]:
    """List the rasters of a workspace with what each holds."""
    return rasters_held(whole(folder, mark))


@st.cache_resource(max_entries=24, show_spinner=False)
def raster_figures(folder: Path, mark: Mark, level: int | None, name: str) -> RasterFigures:
    """Give the figures of a raster by grid."""
    ws = whole(folder, mark)
    return figures_by_grid(ws, raster_held(ws, name), level)


@st.cache_resource(max_entries=12, show_spinner=False)
def raster_picture(folder: Path, mark: Mark, name: str) -> dict[str, Any] | None:
    """Give a raster as a picture for the map."""
    ws = whole(folder, mark)
    return raster_overlay(ws, raster_held(ws, name))


@st.cache_resource(max_entries=24, show_spinner=False)
def raster_map(folder: Path, mark: Mark, level: int, *, name: str, figure: str, lang: str) -> dict[str, Any]:
    """Give the map of a level, shaded by a figure of a raster."""
    ws = whole(folder, mark)
    shade = shade_series(raster_figures(folder, mark, level, name), figure)
    wet = raster_held(ws, name).kind in WET
    made = payload(ws, ("issues",) if wet else (), shade=shade, level=level, lang=lang, link=link(ws))
    return water_only(ws, made)


@st.cache_resource(max_entries=8, show_spinner=False)
def ponding(folder: Path, mark: Mark, name: str) -> PondingFinding:
    """Compare the hollows of a raster of heights with water issues."""
    ws = whole(folder, mark)
    return ponding_finding(ws, raster_held(ws, name))
