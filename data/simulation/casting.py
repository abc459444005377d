"""Casting: which issue gets which story, drawn by lot with a seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator

from data.simulation.steps import ANY, PLAIN, QUICK, REST, SLOW, STORIES, TAILS, WORKS

PAIRS, PARTED, NEAR_M, NEAR_DAYS = 10, 3, 120.0, 6
"""Duplicates, how many of them are parted again, and how near in place and time they are."""
CONTESTS = 5
FORK_DAY, MERGE_DAY = 11, 14
"""Days of the month on which a second machine works apart, and on which its records come in."""


@dataclass(frozen=True)
class Part:
    """What happens to an issue: its steps and whether a tail follows; of a duplicate the head."""

    steps: str
    has_tail: bool
    head: str | None = None
    is_contested: bool = False


def cast(
    records: Sequence[Mapping[str, Any]], genres: Mapping[str, str], start: datetime, dice: Generator
) -> dict[str, Part]:
    """Give each issue its part.

    Args:
        records: the issues, in order.
        genres: "quick", "slow" or "works", by issue.
        start: of the month.
        dice: seeded.
    """
    found: dict[str, Part] = {}
    free = [str(records[at]["issue_id"]) for at in dice.permutation(len(records))]
    reported = {str(one["issue_id"]): one["reported_at"] for one in records}

    def take(name: str, part: Part) -> None:
        found[name] = part
        free.remove(name)

    early, late = start + timedelta(days=FORK_DAY - 7), start + timedelta(days=FORK_DAY - 2, hours=12)
    apart = [one for one in free if genres[one] == SLOW and early <= reported[one] < late]
    for name in apart[:CONTESTS]:
        take(name, Part("accept reply safe assign", has_tail=False, is_contested=True))
    for number, (head, member) in enumerate(_pairs(records, set(free), genres)[:PAIRS]):
        take(head, Part(PLAIN, has_tail=True))
        steps = f"fuse unfuse {PLAIN}" if number < PARTED else "fuse"
        take(member, Part(steps, has_tail=number < PARTED, head=head))
    for steps, genre, count, has_tail in STORIES:
        fit = [one for one in free if genres[one] == genre or (genre == ANY and genres[one] != WORKS)]
        in_time = start + timedelta(days=_days_for(steps, has_tail=has_tail or genre == WORKS))
        for name in [one for one in fit if reported[one] < in_time][:count]:
            take(name, Part(steps, has_tail))
    for name in free.copy():
        take(name, Part(REST.get(genres[name], PLAIN), has_tail=genres[name] != WORKS))
    return found


def _days_for(steps: str, *, has_tail: bool) -> int:
    """Give the day of the month before which a story has to begin, so that it comes to its point."""
    if "reopen" in steps or "climb" in steps:
        return 12
    return 22 if has_tail or "defer" in steps else 31


def tail(dice: Generator) -> str:
    """Draw how a story goes on after the issue is fixed."""
    drawn, total = float(dice.random()), 0.0
    for steps, share in TAILS.items():
        total += share
        if drawn < total:
            return steps
    return next(iter(TAILS))


def genre(limit: timedelta | None, *, is_quick: bool) -> str:
    """Tell of which kind an issue is by the time that its type gives."""
    return WORKS if limit is None else QUICK if is_quick else SLOW


def _pairs(records: Sequence[Mapping[str, Any]], free: set[str], genres: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give pairs of issues of one type that lie near each other in place and time, the nearest first; each once."""
    table = pd.DataFrame([one for one in records if one["issue_id"] in free and genres[one["issue_id"]] != WORKS])
    x, y, type_ = (table[name].to_numpy() for name in ("x_m", "y_m", "issue_type"))
    time = table["reported_at"].to_numpy().astype("datetime64[s]")
    away = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    gap = (time[None, :] - time[:, None]) / np.timedelta64(1, "D")
    near = (type_[:, None] == type_[None, :]) & (away <= NEAR_M) & (gap > 0) & (gap <= NEAR_DAYS)
    first, second = np.nonzero(near)
    order = np.lexsort((second, first, np.round(away[first, second], 3)))
    ids, used, found = table["issue_id"].to_numpy(), set[str](), []
    for at in order:
        head, member = str(ids[first[at]]), str(ids[second[at]])
        if not {head, member} & used:
            used |= {head, member}
            found.append((head, member))
    return found
