"""What was computed of renewal items, shared by all sessions like the rest (``views.cached``)."""

from pathlib import Path

import pandas as pd
import streamlit as st

from reports.priority import Ranking
from reports.works.desk import all_items
from reports.works.effects import Effects, effects
from views.cached import Mark, Weights, whole


@st.cache_resource(max_entries=8, show_spinner=False)
def items(folder: Path, mark: Mark, lang: str) -> pd.DataFrame:
    """Give stored and proposed items."""
    return all_items(whole(folder, mark), lang=lang)


@st.cache_resource(max_entries=16, show_spinner=False)
def removed(
    folder: Path,
    mark: Mark,
    lang: str,
    asked: tuple[int, Weights],  # noqa: ARG001 (level and weights part one ranking from another)
    *,
    _ranking: Ranking,
) -> Effects:
    """Give the need that the items remove in a ranking with these weights."""
    return effects(_ranking, items(folder, mark, lang))
