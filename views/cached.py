"""What was computed for a workspace, shared by all sessions.

The only module that caches. An opened workspace is frozen, so all sessions share one; everything is kept
by folder and by the stamp of its files, so a changed file opens it anew, and no table is ever hashed or
copied.
"""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import DataError, Problem
from layers import Workspace, open_workspace
from layers.intake.damage import changes, confirm
from layers.intake.look import Setting, setting_of
from layers.intake.rasters.stored import Stored, rasters_of
from reports.ledger_table import issue_ledger
from reports.priority import Ranking, rank
from reports.webmap.payload import payload
from views.routes import link

Weights = tuple[tuple[str, float], ...]


@st.cache_resource(max_entries=8, show_spinner=False)
def opened(folder: Path, mark: str) -> Workspace | DataError:  # noqa: ARG001 (the mark parts edits)
    """Open a workspace; the error if it cannot be opened, kept like a workspace until the files change."""
    try:
        return open_workspace(folder, set_aside=True)
    except DataError as error:
        return error


@st.cache_resource(max_entries=16, show_spinner=False)
def ranked(folder: Path, mark: str, level: int | None) -> Ranking:
    """Rank a level with the weights of the workspace."""
    return rank(whole(folder, mark), level=level)


@st.cache_resource(max_entries=8, show_spinner=False)
def listed(folder: Path, mark: str, level: int | None) -> pd.DataFrame:
    """Give the issue ledger of a level."""
    return issue_ledger(whole(folder, mark), level)


@st.cache_resource(max_entries=32, show_spinner=False)
def mapped(
    folder: Path, mark: str, level: int | None, *, weights: Weights, layers: tuple[str, ...], lang: str
) -> dict[str, Any]:
    """Give the map of a level, shaded by the ranking where there are grids; no layers means all."""
    ws = whole(folder, mark)
    base = ranked(folder, mark, level) if ws.levels else None
    found = base.reweighed(dict(weights)) if base and weights else base
    return payload(ws, layers or None, ranking=found, level=level, lang=lang, link=link(ws))


@st.cache_resource(max_entries=16, show_spinner=False)
def ground(folder: Path, mark: str, layers: tuple[str, ...], lang: str) -> dict[str, Any]:
    """Give the map of a workspace without any ranking, for something else to be laid over."""
    ws = whole(folder, mark)
    return payload(ws, layers, lang=lang, link=link(ws))


@st.cache_resource(max_entries=4, show_spinner=False)
def arranged(folder: Path, mark: str) -> Setting | DataError:  # noqa: ARG001 (the mark parts edits)
    """Read a workspace that files are to come to; the error if it has faults, kept until the files change."""
    try:
        return setting_of(folder)
    except DataError as error:
        return error


@st.cache_resource(max_entries=8, show_spinner=False)
def changed(folder: Path, mark: str) -> tuple[Problem, ...]:  # noqa: ARG001 (the mark parts edits)
    """Tell how the layers differ from what the last intake wrote, read once for each state of the files."""
    return tuple(changes(folder))


def confirmed(folder: Path, mark: str) -> None:
    """Note that the layers are meant to be as they are, and open them anew.

    Raises:
        DataError: they are damaged.
    """
    confirm(folder)
    opened.clear(folder, mark)
    changed.clear(folder, mark)


def rasters(folder: Path, mark: str) -> tuple[tuple[Stored, ...], tuple[Problem, ...]]:
    """Give the rasters of a workspace, and all that is wrong with them."""
    ws = whole(folder, mark)
    return rasters_of(folder, Setting(folder, ws.manifest, ws.tables))


def whole(folder: Path, mark: str) -> Workspace:
    """Give an opened workspace.

    Raises:
        ManifestError, DataError: it cannot be opened.
    """
    found = opened(folder, mark)
    if isinstance(found, DataError):
        raise type(found)(found.problems)
    return found
