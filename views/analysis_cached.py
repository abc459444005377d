"""What the analysis of change, time and need computed, shared by all sessions like the rest (``views.cached``)."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from layers.catalog import CATALOG, GRIDS
from reports.change import LayerChange, LedgerChange, State, layer_change, ledger_change
from reports.change.days import Days, known_days
from reports.change.states import layer_in
from reports.need.bias import Bias, reporting_bias
from reports.need.double_high import DoubleHigh, double_high
from reports.need.objective import objective_need
from reports.time import Closing, Inflow, cases_at, closing_times, inflow
from reports.time.series import breaks_of
from reports.webmap.payload import payload
from views.cached import Mark, whole
from views.routes import link


@st.cache_resource(max_entries=8, show_spinner=False)
def between_days(folder: Path, mark: Mark, since: datetime, until: datetime, *, level: int | None) -> LedgerChange:
    """Compare the ledger of two days."""
    return ledger_change(whole(folder, mark), since, until, level=level)


@st.cache_resource(max_entries=8, show_spinner=False)
def days(folder: Path, mark: Mark) -> Days:
    """Give the days that can be compared."""
    return known_days(whole(folder, mark))


@st.cache_resource(max_entries=8, show_spinner=False)
def between_states(
    folder: Path, mark: Mark, layer: str, states: tuple[State, State], *, level: int | None
) -> LayerChange:
    """Compare a layer in two states."""
    ws, spec = whole(folder, mark), CATALOG[layer]
    before, after = (layer_in(ws, spec, one) for one in states)
    return layer_change(ws, spec, before, after, level=level)


@st.cache_resource(max_entries=4, show_spinner=False)
def _cases(folder: Path, mark: Mark, level: int | None) -> pd.DataFrame:
    return cases_at(whole(folder, mark), level=level)


@st.cache_resource(max_entries=8, show_spinner=False)
def closing_by(folder: Path, mark: Mark, by: str, *, level: int | None) -> Closing:
    """Give time to close."""
    return closing_times(_cases(folder, mark, level), whole(folder, mark).manifest.as_of, by=by)


@st.cache_resource(max_entries=8, show_spinner=False)
def inflow_by(folder: Path, mark: Mark, by: str | None, step: str | None, *, level: int | None) -> Inflow:
    """Give the forecast of reports."""
    ws = whole(folder, mark)
    marked = breaks_of(ws.name, ws.folder)
    return inflow(_cases(folder, mark, level), ws.manifest.as_of, by=by, step=step, breaks=marked, folder=ws.folder)


@st.cache_resource(max_entries=8, show_spinner=False)
def needs(folder: Path, mark: Mark, level: int | None) -> tuple[DoubleHigh, Bias]:
    """Hold objective against voiced need, and check who reports."""
    ws = whole(folder, mark)
    need = objective_need(ws, level=level)
    return double_high(ws, need, level=level), reporting_bias(ws, level=level, need=need.by_grid)


@st.cache_resource(max_entries=8, show_spinner=False)
def bare_map(folder: Path, mark: Mark, layers: tuple[str, ...], lang: str, *, level: int | None) -> dict[str, Any]:
    """Give a map of the grids of a level and some layers, without any shading."""
    ws = whole(folder, mark)
    return payload(ws, (GRIDS.key, *layers), level=level, lang=lang, link=link(ws))
