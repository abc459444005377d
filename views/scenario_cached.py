"""What scenarios come to, shared by all sessions; kept by what they say, as ``views.cached`` keeps a workspace."""

from pathlib import Path
from typing import Any

import streamlit as st

from layers import Workspace
from reports.scenario.applying import applied, criteria_of
from reports.scenario.comparison import Comparison, compared
from reports.scenario.reading import parsed_scenario
from reports.scenario.swipe import swipe_map
from views.cached import Mark, whole
from views.routes import link


@st.cache_resource(max_entries=16, show_spinner=False)
def state_of(folder: Path, mark: Mark, said: str) -> Workspace:
    """Give the workspace as a scenario would make it; as it is where none is said."""
    ws = whole(folder, mark)
    return applied(ws, parsed_scenario(said.encode(), "scenario.toml", ws.manifest.crs).scenario) if said else ws


@st.cache_resource(max_entries=16, show_spinner=False)
def comparison(folder: Path, mark: Mark, base: str, said: str, *, level: int | None) -> Comparison:
    """Compare what two scenarios make of a workspace, each the text of its file, "" for the workspace as it is."""
    ws = whole(folder, mark)
    one, other = (
        parsed_scenario(text.encode(), "scenario.toml", ws.manifest.crs).scenario if text else None
        for text in (base, said)
    )
    weights = criteria_of(ws, one), criteria_of(ws, other)
    states = state_of(folder, mark, base), state_of(folder, mark, said)
    return compared(states[0], states[1], criteria=weights, level=level)


@st.cache_resource(max_entries=16, show_spinner=False)
def swiped(
    folder: Path, mark: Mark, base: str, said: str, *, level: int | None, service: str | None, lang: str
) -> dict[str, Any]:
    """Give the map of both states."""
    found = comparison(folder, mark, base, said, level=level)
    links = link(found.before), link(found.after)
    return swipe_map(found, service, lang, links=links)
