"""What a photo says of itself against what the issue says: when it was taken, and where."""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from geo.conversion import transformer
from geo.errors import Problem
from geo.findings import value_found
from geo.text import Text
from layers.photos.faults import photo_problem
from layers.photos.photo import Photo
from layers.photos.roles import Role
from layers.standards import policy

_DEGREES = "EPSG:4326"


class Subject(NamedTuple):
    """The issue that a photo is evidence for; times naive and local, the point in metres of the workspace."""

    issue_id: str
    reported_at: datetime
    fixed_at: datetime | None = None
    x_m: float | None = None
    y_m: float | None = None
    grid_id: str | None = None


class Spot(NamedTuple):
    """Where a photo was taken, in metres of the workspace; ``grid_id``: the finest grid there, None outside all."""

    x_m: float
    y_m: float
    grid_id: str | None = None


class _Found(NamedTuple):
    code: str
    words: Text


def metres(photo: Photo, crs: str) -> tuple[float, float] | None:
    """Give east and north of where a photo was taken in a workspace's CRS ("EPSG:n"); None if it says no place.

    Raises:
        CrsError: no conversion of known accuracy.
    """
    if photo.lon is None or photo.lat is None:
        return None
    x, y = transformer(_DEGREES, crs).transform(photo.lon, photo.lat)
    return (float(x), float(y)) if np.isfinite([x, y]).all() else None


def local_time(photo: Photo, zone_minutes: int | None = None) -> datetime | None:
    """Give when a photo was taken by the clocks of the workspace.

    Args:
        photo: a kept photo.
        zone_minutes: of the workspace's clocks from UTC; None: the phone's clock is taken as it is.
    """
    if photo.taken_at is None or photo.offset_minutes is None or zone_minutes is None:
        return photo.taken_at
    return photo.taken_at + timedelta(minutes=zone_minutes - photo.offset_minutes)


def checked(
    photo: Photo,
    issue: Subject,
    *,
    role: Role,
    as_of: datetime,
    spot: Spot | None = None,
    zone_minutes: int | None = None,
    folder: Path | None = None,
) -> tuple[Problem, ...]:
    """Say what should be told about a photo as evidence for an issue; none of it refuses the photo.

    Args:
        photo: a kept photo.
        issue: what it is evidence for.
        role: which moment it is to show.
        as_of: now, naive local.
        spot: where it was taken (``metres`` and the grid there); None if it says no place.
        zone_minutes: see ``local_time``.
        folder: the workspace, for its own policy: ``photo_far_m``, ``photo_old_days``, ``photo_clock_minutes``.

    Returns:
        Warnings, what was found in the file first; each names the issue and the role.
    """
    rules = policy(folder)
    taken = local_time(photo, zone_minutes)
    told = [*_untold(photo), *_times(taken, issue, role, as_of, rules=rules), *_places(photo, issue, spot, rules)]
    by_file = [one._replace(row=issue.issue_id, column=str(role)) for one in photo.problems()]
    by_issue = [
        photo_problem(one.code, photo.name, found=one.words, row=issue.issue_id, column=str(role)) for one in told
    ]
    return (*by_file, *by_issue)


def _untold(photo: Photo) -> Iterator[_Found]:
    """Tell what the photo does not say; chat programs take it out."""
    broken = set(photo.findings)
    if photo.lon is None and photo.taken_at is None:
        if not broken & {"photo_exif_broken", "photo_place_broken", "photo_time_broken"}:
            yield _Found("photo_no_exif", Text("没有拍摄时间和地点", "neither time nor place"))
    elif photo.lon is None and "photo_place_broken" not in broken:
        yield _Found("photo_no_place", Text("没有拍摄地点", "no place"))
    elif photo.taken_at is None and "photo_time_broken" not in broken:
        yield _Found("photo_no_time", Text("没有拍摄时间", "no time"))


def _times(
    taken: datetime | None, issue: Subject, role: Role, as_of: datetime, *, rules: Mapping[str, float]
) -> Iterator[_Found]:
    if taken is None:
        return
    slack = timedelta(minutes=rules["photo_clock_minutes"])
    at = value_found(taken)
    if taken > as_of + slack:
        yield _Found("photo_future", Text("拍摄于 {at}", "taken at {at}").format(at=at))
        return
    early = issue.reported_at - taken
    words = Text("拍摄于 {at}，上报于 {other}", "taken at {at}, reported at {other}")
    if role == Role.BEFORE:
        if early > timedelta(days=rules["photo_old_days"]):
            yield _Found("photo_old", words.format(at=at, other=value_found(issue.reported_at)))
        if issue.fixed_at is not None and taken > issue.fixed_at + slack:
            words = Text("拍摄于 {at}，整改于 {other}", "taken at {at}, fixed at {other}")
            yield _Found("photo_after_fix", words.format(at=at, other=value_found(issue.fixed_at)))
    elif early > slack:
        yield _Found("photo_before_report", words.format(at=at, other=value_found(issue.reported_at)))


def _places(photo: Photo, issue: Subject, spot: Spot | None, rules: Mapping[str, float]) -> Iterator[_Found]:
    """Compare places; how sure the phone was of its own is added to what is allowed."""
    if spot is None:
        return
    if issue.x_m is not None and issue.y_m is not None:
        away = math.hypot(spot.x_m - issue.x_m, spot.y_m - issue.y_m)
        if away > rules["photo_far_m"] + (photo.accuracy_m or 0.0):
            words = Text(f"距问题点位 {away:,.0f} 米", f"{away:,.0f} m from the issue")
            yield _Found("photo_far", words)
    if issue.grid_id is not None and spot.grid_id != issue.grid_id:
        grid = Text("网格之外", "outside every grid") if spot.grid_id is None else Text.same(spot.grid_id)
        yield _Found(
            "photo_other_grid",
            Text("{grid}，问题在 {own}", "{grid}; the issue is in {own}").format(grid=grid, own=issue.grid_id),
        )
