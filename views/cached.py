"""What was computed for a workspace, shared by all sessions.

The only module that caches. An opened workspace is frozen, so all sessions share one; everything is kept
by folder and by the stamp of its files, so a changed file opens it anew, and no table is ever hashed or
copied.
"""

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from geo.errors import DataError, ManifestError, Problem
from layers import Workspace, open_workspace
from layers.intake import damage
from layers.intake.look import Setting, setting_of
from layers.intake.places.gazetteer import Gazetteer, gazetteer
from layers.intake.rasters.stored import Stored, rasters_of
from layers.ledger.acting.apart import kept_apart
from layers.ledger.acting.rising import rise
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger
from layers.living import living_mark
from layers.manifest import read_manifest
from layers.standards import policy
from layers.succession import in_present_grids
from reports.ledger_table import issue_ledger
from reports.priority import Ranking, rank
from reports.progress import Period, Rules, breach_list, changes, figures, suggestions
from reports.wall import in_level
from reports.webmap.payload import payload
from views.routes import link


class Mark(NamedTuple):
    """What parts one state of a folder from another: its files and its ledger, and the moment that is shown."""

    files: str
    as_of: datetime | None = None


_QUARTER_HOUR_S = 900
Weights = tuple[tuple[str, float], ...]


@st.cache_resource(max_entries=8, show_spinner=False)
def opened(folder: Path, mark: Mark) -> Workspace | DataError:
    """Open a workspace; the error if it cannot be opened, kept like a workspace until the files change."""
    try:
        return open_workspace(folder, set_aside=True, as_of=mark.as_of)
    except DataError as error:
        return error


@st.cache_resource(max_entries=16, show_spinner=False)
def ranked(folder: Path, mark: Mark, level: int | None) -> Ranking:
    """Rank a level with the weights of the workspace."""
    return rank(whole(folder, mark), level=level)


@st.cache_resource(max_entries=8, show_spinner=False)
def listed(folder: Path, mark: Mark, level: int | None) -> pd.DataFrame:
    """Give the issue ledger of a level."""
    return issue_ledger(whole(folder, mark), level)


@st.cache_resource(max_entries=32, show_spinner=False)
def mapped(
    folder: Path, mark: Mark, level: int | None, *, weights: Weights, layers: tuple[str, ...], lang: str
) -> dict[str, Any]:
    """Give the map of a level, shaded by the ranking where there are grids; no layers means all."""
    ws = whole(folder, mark)
    base = ranked(folder, mark, level) if ws.levels else None
    found = base.reweighed(dict(weights)) if base and weights else base
    return payload(ws, layers or None, ranking=found, level=level, lang=lang, link=link(ws))


@st.cache_resource(max_entries=16, show_spinner=False)
def ground(folder: Path, mark: Mark, layers: tuple[str, ...], lang: str, *, public: bool = False) -> dict[str, Any]:
    """Give the map of a workspace without any ranking, for something else to be laid over."""
    ws = whole(folder, mark)
    return payload(ws, layers, lang=lang, public=public, link=link(ws, public=public))


@st.cache_resource(max_entries=4, show_spinner=False)
def arranged(folder: Path, mark: Mark) -> Setting | DataError:  # noqa: ARG001 (the mark parts edits)
    """Read a workspace that files are to come to; the error if it has faults, kept until the files change."""
    try:
        return setting_of(folder)
    except DataError as error:
        return error


@st.cache_resource(max_entries=8, show_spinner=False)
def changed(folder: Path, mark: Mark) -> tuple[Problem, ...]:  # noqa: ARG001 (the mark parts edits)
    """Tell how the layers differ from what the last intake wrote, read once for each state of the files."""
    return tuple(damage.changes(folder))


def confirmed(folder: Path, mark: Mark) -> None:
    """Note that the layers are meant to be as they are, and open them anew.

    Raises:
        DataError: they are damaged.
    """
    damage.confirm(folder)
    opened.clear(folder, mark)
    changed.clear(folder, mark)


def rasters(folder: Path, mark: Mark) -> tuple[tuple[Stored, ...], tuple[Problem, ...]]:
    """Give the rasters of a workspace, and all that is wrong with them."""
    ws = whole(folder, mark)
    return rasters_of(folder, Setting(folder, ws.manifest, ws.tables))


def whole(folder: Path, mark: Mark) -> Workspace:
    """Give an opened workspace.

    Raises:
        ManifestError, DataError: it cannot be opened.
    """
    found = opened(folder, mark)
    if isinstance(found, DataError):
        raise type(found)(found.problems)
    return found


@st.cache_resource(max_entries=16, show_spinner=False)
def ledger_of(folder: Path, url: str | None) -> Ledger:
    """Open a ledger, once for all sessions."""
    return open_ledger(folder, url)


def ledger_mark(folder: Path, files: str) -> str:
    """Give a mark that changes whenever the ledger may have been written, also by others in a database; cheap; ``files`` is the stamp of the folder."""
    url = _url(folder, files)
    return living_mark(folder) if url is None else "|".join(ledger_of(folder, url).ends())


@st.cache_resource(max_entries=16, show_spinner=False)
def _url(folder: Path, mark: str) -> str | None:  # noqa: ARG001 (the mark parts edits)
    """Give the address of a ledger in a database; None for one in a file, or in a workspace that does not open."""
    try:
        return read_manifest(folder).ledger
    except ManifestError:
        return None


@st.cache_resource(max_entries=16, ttl=_QUARTER_HOUR_S, show_spinner=False)
def raised(folder: Path, url: str | None) -> tuple[Problem, ...]:
    """Let rise what had its time, once in a quarter of an hour for all sessions; give why it could not."""
    try:
        rise(ledger_of(folder, url), datetime.now().replace(microsecond=0))  # noqa: DTZ005 (naive local time)
    except DataError as error:
        return tuple(error.problems)
    return ()


@st.cache_resource(max_entries=16, show_spinner=False)
def standing(folder: Path, mark: Mark, level: int | None, as_of: datetime | None) -> pd.DataFrame:
    """Give where the issues of a ledger stand at a moment, each with its grid of a level."""
    ws = whole(folder, mark)
    found = ledger_of(folder, ws.manifest.ledger).cases(as_of)
    return in_present_grids(found, ws) if level is None else in_level(found, ws, level)


@st.cache_resource(max_entries=4, show_spinner=False)
def places(folder: Path, mark: Mark) -> Gazetteer:
    """Give the places that a workspace knows by name."""
    return gazetteer(whole(folder, mark).tables, folder=folder)


@st.cache_resource(max_entries=32, show_spinner=False)
def figures_of(
    folder: Path, mark: Mark, level: int | None, *, period: Period, by: str | None, rules: Rules
) -> pd.DataFrame:
    """Give the statistics of a period, of all cases or by grid of a level, person and so on."""
    return figures(standing(folder, mark, level, period.clock), period, by=by, rules=rules, folder=folder)


@st.cache_resource(max_entries=16, show_spinner=False)
def changes_of(folder: Path, mark: Mark, *, period: Period, rules: Rules) -> pd.DataFrame:
    """Compare a period with the one before and with that of the year before."""
    return changes(lambda moment: standing(folder, mark, None, moment), period, rules=rules, folder=folder)


@st.cache_resource(max_entries=8, show_spinner=False)
def at_risk(folder: Path, mark: Mark, as_of: datetime) -> pd.DataFrame:
    """Give the open cases with their chance to miss the deadline."""
    return breach_list(standing(folder, mark, None, as_of), as_of)


@st.cache_resource(max_entries=8, show_spinner=False)
def alike(folder: Path, mark: Mark, as_of: datetime) -> pd.DataFrame:
    """Suggest pairs of cases that may be one, without those that somebody has parted."""
    cases, rules = standing(folder, mark, None, as_of), policy(folder)
    ledger = ledger_of(folder, whole(folder, mark).manifest.ledger)
    return suggestions(
        cases,
        as_of=as_of,
        max_distance_m=rules["duplicate_max_m"],
        max_hours=rules["duplicate_max_hours"],
        kept_apart=kept_apart(ledger.log(), as_of),
        folder=folder,
    )
