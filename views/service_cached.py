"""Who is served and what is short, shared by all sessions; kept as ``views.cached`` keeps a workspace."""

from pathlib import Path
from typing import Any

import streamlit as st

from reports.service.coverage import Limit, coverage
from reports.service.coverage_map import Drawing, drawing
from reports.service.equity import SupplyEquity, supply_equity
from reports.service.parking import ParkingBalance, parking_balance
from reports.service.served import Distances, distances_of
from reports.service.streets import Streets, streets_of
from reports.service.supply import Supply, supply
from reports.service.supply_map import supply_map
from views.cached import Mark, whole
from views.routes import link


@st.cache_resource(max_entries=32, show_spinner=False)
def supplied(folder: Path, mark: Mark, level: int | None, *, of: str, method: str, on_foot: bool) -> Supply:
    """Give supply and shortfall of a kind, by grid of a level."""
    return supply(whole(folder, mark), of, level=level, method=method, on_foot=on_foot)


@st.cache_resource(max_entries=32, show_spinner=False)
def supply_mapped(
    folder: Path, mark: Mark, level: int | None, *, asked: tuple[str, str, bool], shade: str, lang: str
) -> dict[str, Any]:
    """Give the map of a supply, named by kind, method and whether on foot."""
    of, method, on_foot = asked
    found = supplied(folder, mark, level, of=of, method=method, on_foot=on_foot)
    return supply_map(found, shade, lang=lang, link=link(found.ws))


@st.cache_resource(max_entries=32, show_spinner=False)
def evenness(folder: Path, mark: Mark, level: int | None, *, asked: tuple[str, str, bool]) -> SupplyEquity:
    """Give how evenly a supply is spread."""
    of, method, on_foot = asked
    return supply_equity(supplied(folder, mark, level, of=of, method=method, on_foot=on_foot))


@st.cache_resource(max_entries=16, show_spinner=False)
def parked(folder: Path, mark: Mark, level: int | None) -> ParkingBalance:
    """Give the balance of parking by day and night."""
    return parking_balance(whole(folder, mark), level=level)


@st.cache_resource(max_entries=4, show_spinner=False)
def streets(folder: Path, mark: Mark) -> Streets:
    """Give the walk network of a workspace."""
    return streets_of(whole(folder, mark))


@st.cache_resource(max_entries=16, show_spinner=False)
def distances(folder: Path, mark: Mark, of: str) -> Distances:
    """Measure how far everything is from a service, once for all limits."""
    return distances_of(whole(folder, mark), of, streets=streets(folder, mark))


@st.cache_resource(max_entries=16, show_spinner=False)
def walked(folder: Path, mark: Mark, of: str, limit: Limit) -> Drawing:
    """Draw how far a walk from the things of a service goes."""
    return drawing(coverage(distances(folder, mark, of), limit))
