"""Consent and relocation as computed, shared by all sessions; kept as ``views.cached`` keeps a workspace."""

from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from geo.text import Lang
from reports.consent import Consent, consented
from reports.consent.shown import consent_map
from reports.relocation import Pace, Relocation, pace, relocation
from reports.relocation.shown import relocation_map
from views.analysis_cached import bare_map
from views.cached import Mark, whole


@st.cache_resource(max_entries=8, show_spinner=False)
def voted(folder: Path, mark: Mark, rule: str | None) -> Consent:
    """Hold the votes against a rule."""
    return consented(whole(folder, mark), rule)


@st.cache_resource(max_entries=8, show_spinner=False)
def voted_map(folder: Path, mark: Mark, rule: str | None, lang: Lang, *, level: int | None) -> dict[str, Any]:
    """Draw the buildings by verdict."""
    return consent_map(bare_map(folder, mark, (), lang, level=level), voted(folder, mark, rule), lang)


@st.cache_resource(max_entries=16, show_spinner=False)
def moved(folder: Path, mark: Mark, as_of: datetime) -> Relocation:
    """Count households as of a moment."""
    return relocation(whole(folder, mark), as_of)


@st.cache_resource(max_entries=16, show_spinner=False)
def moved_map(
    folder: Path, mark: Mark, as_of: datetime, lang: Lang, *, level: int | None, zone: str | None
) -> dict[str, Any]:
    """Draw the buildings by how far they are, close to those of a zone."""
    return relocation_map(bare_map(folder, mark, (), lang, level=level), moved(folder, mark, as_of), lang, zone=zone)


@st.cache_resource(max_entries=64, show_spinner=False)
def paced(folder: Path, mark: Mark, as_of: datetime, stage: str, *, zone: str | None) -> Pace:
    """Forecast a stage."""
    return pace(moved(folder, mark, as_of), stage, zone=zone)
