"""Choices of sites and parking plans, shared by all sessions; kept as ``views.cached`` keeps a workspace."""

from pathlib import Path

import streamlit as st

from reports.siting import Candidates, Siting, candidates
from reports.siting.parking import ParkingPlan, parking_along, parking_around
from reports.siting.siting import solved
from reports.siting.wants import Wants, wants
from views.cached import Mark, whole


@st.cache_resource(max_entries=16, show_spinner=False)
def wanted(folder: Path, mark: Mark, layer: str, *, metres: float | None, walk: bool) -> Wants:
    """Measure who has a service."""
    return wants(whole(folder, mark), layer, metres=metres, walk=walk)


@st.cache_resource(max_entries=16, show_spinner=False)
def grounds(folder: Path, mark: Mark, layer: str, chosen: tuple[str, ...]) -> Candidates:
    """Give the candidate sites; no grounds chosen means the usual ones."""
    return candidates(whole(folder, mark), layer, grounds=chosen or None)


@st.cache_resource(max_entries=32, show_spinner=False)
def sited(
    folder: Path,
    mark: Mark,
    layer: str,
    *,
    model: str,
    count: int,
    metres: float | None,
    walk: bool,
    chosen: tuple[str, ...],
) -> Siting:
    """Choose sites."""
    ws = whole(folder, mark)
    asked = wanted(folder, mark, layer, metres=metres, walk=walk)
    return solved(ws, layer, asked, grounds(folder, mark, layer, chosen), model=model, count=count)


@st.cache_resource(max_entries=16, show_spinner=False)
def parked_around(folder: Path, mark: Mark, centre: str, metres: float) -> ParkingPlan:
    """Plan parking around a centre."""
    return parking_around(whole(folder, mark), centre, metres=metres)


@st.cache_resource(max_entries=16, show_spinner=False)
def parked_along(folder: Path, mark: Mark, streets: tuple[str, ...], metres: float) -> ParkingPlan:
    """Plan parking along a route."""
    return parking_along(whole(folder, mark), streets, metres=metres)
