"""What was computed for a workspace, shared by all sessions.

The only module that caches. An opened workspace is frozen, so all sessions share one; everything is kept
by folder and by the stamp of its files, so a changed file opens it anew, and no table is ever hashed or
copied.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from geo.errors import DataError, ManifestError, Problem
from layers import Workspace, open_workspace
from layers.catalog import STREETS
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
from layers.store import stamp
from layers.succession import in_present_grids
from reports.gridworks.audit import GridAudit, audit
from reports.gridworks.plan import Plan
from reports.gridworks.redraw import Redraw, redraw
from reports.gridworks.workload import Workload, workload
from reports.health.complete_community import CompleteCommunity, complete_community
from reports.health.examination import Health, health_check
from reports.health.fire_lane import Lanes, fire_lanes
from reports.health.thresholds import Asked
from reports.ledger_table import issue_ledger
from reports.patterns import Asked, hot_spots, months, point_groups, sequence, surface
from reports.priority import Ranking, rank
from reports.progress import Period, Rules, breach_list, changes, figures, suggestions
from reports.rasters.by_kind import figures_by_grid
from reports.rasters.figures import RasterFigures
from reports.rasters.kinds import Held, raster_held, rasters_held
from reports.rasters.overlay import overlay
from reports.rasters.ponding import WET, PondingFinding, ponding_finding, water_only
from reports.rasters.tables import shade_series
from reports.service.coverage import Limit, coverage
from reports.service.coverage_map import Drawing, drawing
from reports.service.equity import SupplyEquity, supply_equity
from reports.service.parking import ParkingBalance, parking_balance
from reports.service.served import Distances, distances_of
from reports.service.streets import Streets, streets_of
from reports.service.supply import Supply, supply
from reports.service.supply_map import supply_map
from reports.wall import in_level
from reports.webmap.payload import payload
from views.routes import link


class Mark(NamedTuple):
    """What parts one state of a folder from another: its files and its ledger, and the moment that is shown."""

    files: str
    as_of: datetime | None = None


_QUARTER_HOUR_S = 900
Weights = tuple[tuple[str, float], ...]
PATTERNS: Mapping[str, Callable[[Workspace, Asked], Any]] = {
    "grids": hot_spots, "density": surface, "groups": point_groups, "sequence": sequence, "months": months,
}  # fmt: skip
"""What is computed for the page of hot spots, each for itself."""


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


def ledger_mark(folder: Path) -> str:
    """Give a mark that changes whenever the ledger may have been written, also by others in a database; cheap."""
    url = _url(folder, stamp(folder))
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


@st.cache_resource(max_entries=8, show_spinner=False)
def looked_over(folder: Path, mark: Mark) -> GridAudit:
    """Give the audit of the grids of a workspace."""
    return audit(whole(folder, mark))


@st.cache_resource(max_entries=16, show_spinner=False)
def workload_of(folder: Path, mark: Mark, level: int | None) -> Workload:
    """Give the workload of the grids of a level."""
    return workload(whole(folder, mark), level)


@st.cache_resource(max_entries=8, show_spinner=False)
def redrawn(folder: Path, mark: Mark, plan: Plan) -> Redraw:
    """Carry a plan of redrawing through on paper.

    Raises:
        PartitionError: it cannot be done; why.
    """
    return redraw(whole(folder, mark), plan)


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
def checked(folder: Path, mark: Mark, level: int | None, *, profile: str, own: tuple[tuple[str, Asked], ...]) -> Health:
    """Check the health of a level against a profile."""
    return health_check(whole(folder, mark), profile=profile, level=level, own=dict(own))


@st.cache_resource(max_entries=8, show_spinner=False)
def community(
    folder: Path, mark: Mark, level: int | None, *, profile: str, own: tuple[tuple[str, Asked], ...]
) -> CompleteCommunity:
    """Answer the items of the complete community."""
    return complete_community(checked(folder, mark, level, profile=profile, own=own).check)


@st.cache_resource(max_entries=4, show_spinner=False)
def lanes(
    folder: Path, mark: Mark, level: int | None, *, profile: str, own: tuple[tuple[str, Asked], ...]
) -> Lanes | None:
    """Test the fire lanes; None without streets, or in a profile that asks nothing of them."""
    check = checked(folder, mark, level, profile=profile, own=own).check
    return fire_lanes(check) if STREETS in check.ws and "R-FIRE" in check.thresholds else None


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


def pattern_of(folder: Path, mark: Mark, part: str, asked: Asked) -> Any:  # noqa: ANN401 (one kind of result a part)
    """Give one part of the patterns of issues: a key of ``PATTERNS``."""
    return PATTERNS[part](whole(folder, mark), asked)


@st.cache_resource(max_entries=8, show_spinner=False)
def rasters_in(folder: Path, mark: Mark) -> tuple[Held, ...]:
    """List the rasters of a workspace with what each holds."""
    return rasters_held(whole(folder, mark))


@st.cache_resource(max_entries=24, show_spinner=False)
def raster_figures(folder: Path, mark: Mark, level: int | None, name: str) -> RasterFigures:
    """Give the figures of a raster by grid."""
    ws = whole(folder, mark)
    return figures_by_grid(ws, raster_held(ws, name), level)


@st.cache_resource(max_entries=12, show_spinner=False)
def raster_picture(folder: Path, mark: Mark, name: str) -> dict[str, Any] | None:
    """Give a raster as a picture for the map."""
    ws = whole(folder, mark)
    return overlay(ws, raster_held(ws, name))


@st.cache_resource(max_entries=24, show_spinner=False)
def raster_map(folder: Path, mark: Mark, level: int, *, name: str, figure: str, lang: str) -> dict[str, Any]:
    """Give the map of a level, shaded by a figure of a raster."""
    ws = whole(folder, mark)
    shade = shade_series(raster_figures(folder, mark, level, name), figure)
    wet = raster_held(ws, name).kind in WET
    made = payload(ws, ("issues",) if wet else (), shade=shade, level=level, lang=lang, link=link(ws))
    return water_only(ws, made)


@st.cache_resource(max_entries=8, show_spinner=False)
def ponding(folder: Path, mark: Mark, name: str) -> PondingFinding:
    """Compare the hollows of a raster of heights with water issues."""
    ws = whole(folder, mark)
    return ponding_finding(ws, raster_held(ws, name))
