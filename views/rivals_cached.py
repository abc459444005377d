"""Methods side by side and the certificate of a ranking, shared by all sessions like the rest (``views.cached``)."""

from pathlib import Path

import streamlit as st

from reports.priority import Ranking
from reports.rivals import Certificate, Rivals, certificate, rivals
from views.cached import Mark, Weights, ranked


def _weighed(folder: Path, mark: Mark, level: int | None, weights: Weights) -> Ranking:
    base = ranked(folder, mark, level)
    return base.reweighed(dict(weights)) if weights else base


@st.cache_resource(max_entries=16, show_spinner=False)
def side_by_side(folder: Path, mark: Mark, level: int | None, *, weights: Weights) -> Rivals:
    """Rank a level by all methods."""
    return rivals(_weighed(folder, mark, level, weights))


@st.cache_resource(max_entries=16, show_spinner=False)
def certified(folder: Path, mark: Mark, level: int | None, *, weights: Weights) -> Certificate:
    """Certify the ranking of a level."""
    return certificate(_weighed(folder, mark, level, weights))
