"""What the pages of weights and units computed, shared by all sessions like the rest (``views.cached``)."""

from pathlib import Path

import streamlit as st

from geo.errors import CriteriaError
from reports.panel.compared import WeightSet, known_sets
from reports.panel.sheets import Sheet, latest, stored_sheets
from reports.readiness import Matrix, need_and_readiness
from reports.units import UnitRanking, rank_units
from views.cached import Mark, Weights, ranked, whole


@st.cache_resource(max_entries=8, show_spinner=False)
def units(folder: Path, mark: Mark, of: str, weights: Weights) -> UnitRanking:
    """Rank other units than grids, with the weights of the session if it changed any."""
    ws = whole(folder, mark)
    if not weights or not ws.levels:
        return rank_units(ws, of)
    return rank_units(ws, of, criteria=ranked(folder, mark, None).criteria.reweighed(dict(weights)))


@st.cache_resource(max_entries=8, show_spinner=False)
def matrix(folder: Path, mark: Mark, level: int | None, weights: Weights) -> Matrix:
    """Lay need beside readiness."""
    base = ranked(folder, mark, level)
    return need_and_readiness(base.reweighed(dict(weights)) if weights else base)


def sheets(folder: Path) -> dict[str, Sheet] | CriteriaError:
    """Give the latest sheet of each person in the workspace, or why one cannot be read; read anew each time."""
    try:
        return latest(stored_sheets(folder))
    except CriteriaError as error:
        return error


def sets(folder: Path, mark: Mark, level: int | None) -> dict[str, WeightSet]:
    """Give the sets of weights that a workspace offers; its sheets are read anew each time."""
    return known_sets(ranked(folder, mark, level))
