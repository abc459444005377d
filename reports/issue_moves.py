"""The fewest issues, closed or newly reported, that take a grid out of the first places or into them.

Exact, by search. A score depends on the open issues of a grid only through how many are open, overdue and dated, and
through the sum of their severity. Among issues that are overdue, only dated, or undated, closing the most severe is
never worse; so every best choice takes the first a, b and c of three sorted lists. All a and b are tried, c is
bisected: with a and b fixed, each further one closed lowers the score.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.measure import hectares, rate, shares
from geo.text import Text, counted, listed
from layers import ISSUES
from layers.schema import Issues
from layers.standards import issue_types
from reports.measures import Ground, Measured
from reports.priority import Ranking

Floats = NDArray[np.float64]
KEYS = (
    "severity_per_100_households",
    "open_issues_per_100_households",
    "open_issues_per_ha",
    "open_share_pct",
    "overdue_share_pct",
)
"""Measures that follow from issues."""
LEVEL = 1e-9  # points that count as level, as ranks round them away


@dataclass(frozen=True)
class IssueChange:
    """The fewest issues that move a grid.

    ``direction`` is "out" (closed) or "in" (reported); ``count`` how many; ``by_type`` how many of each code of an
    issue type; ``issue_ids`` which ones to close (empty for "in"); ``score`` what the grid has after. ``alone`` gives
    for each type how many of it alone would do, None where no number would.
    """

    direction: str
    count: int
    by_type: Mapping[str, int]
    issue_ids: tuple[str, ...]
    score: float
    alone: Mapping[str, int | None]


@dataclass(frozen=True)
class _Place:
    """What the score of one grid is made of: its issues, its people and ground, and all its other needs."""

    ranking: Ranking
    grid_id: str
    homes: float
    hectares: float
    known: int
    issues: pd.DataFrame
    covered: bool

    def scores(self, severity: Floats, is_open: Floats, reported: Floats, dated: Floats, overdue: Floats) -> Floats:  # noqa: PLR0917 (one count each)
        """Give the score, 0 to 100, for counts of issues; NaN where the grid would have too little data."""
        rules = self.ranking.measures.policy
        homes = self.homes if self.homes >= rules["rate_min_households"] else np.nan
        enough = [np.where(cases >= rules["rate_min_cases"], cases, np.nan) for cases in (reported, dated)]
        values = dict(
            zip(
                KEYS,
                (
                    rate(severity, homes),
                    rate(is_open, homes),
                    shares(is_open, self.hectares),
                    rate(is_open, enough[0]),
                    rate(overdue, enough[1]),
                ),
                strict=True,
            )
        )
        total, weight, every = (np.zeros(severity.shape) for _ in range(3))
        here = self.ranking.utility.columns
        for one in (one for one in self.ranking.criteria.items if one.weight > 0):
            if one.key in values and self.covered:
                need = np.clip((values[one.key] - one.best) / (one.worst - one.best), 0.0, 1.0)
            elif one.key in here:
                need = np.full(severity.shape, float(self.ranking.utility[one.key][self.grid_id]))
            else:
                continue
            known = ~np.isnan(need)
            total += np.where(known, one.weight * need, 0.0)
            weight += np.where(known, one.weight, 0.0)
            # A measure that no grid had before counts from the moment that this one has it.
            every += one.weight if one.key in here else np.where(known, one.weight, 0.0)
        least = 1 - rules["not_enough_data_weight_share"]
        good = (weight > 0) & (weight / every >= least - LEVEL)
        return np.where(good, 100 * total / np.where(weight > 0, weight, 1.0), np.nan)

    def closed(self, severity: Floats, dated: Floats, overdue: Floats, count: Floats) -> Floats:
        """Give the score after closing so many issues with so much severity."""
        now = self.issues
        return self.scores(
            now["severity"].sum() - severity,
            len(now) - count,
            np.full(count.shape, float(self.known)),
            now["dated"].sum() - dated,
            now["overdue"].sum() - overdue,
        )


def can_move(ranking: Ranking) -> bool:
    """Say whether issues move scores here: fixed goalposts, issues, and more of them is never better."""
    used = [one for one in ranking.used if one.key in KEYS]
    return (
        ranking.criteria.normalisation == "goalposts"
        and ISSUES in ranking.ws
        and bool(used)
        and all(one.worst > one.best for one in used)
    )


def last_score(ranking: Ranking, grid_id: str, first: int) -> float | None:
    """Give the score that a grid needs to be among the first: that of the last of them; None if all others fit."""
    scores = ranking.grids.loc[ranking.grids["enough_data"], "score"].drop(grid_id)
    return float(scores.nlargest(first).iloc[-1]) if len(scores) >= first else None


def fewest_closed(ranking: Ranking, grid_id: str, first: int) -> IssueChange | None:
    """Find the fewest open issues of a grid whose closing takes it out of the first places.

    Returns:
        None where even ``explain_most_issues`` closed, or all there are, leave it among them.
    """
    wanted = last_score(ranking, grid_id, first)
    if wanted is None or not can_move(ranking):
        return None
    place = _place(ranking, grid_id)
    found = _search(place, place.issues, wanted)
    if found is None:
        return None
    rows, score = found
    alone = {
        str(code): None if (one := _search(place, some, wanted)) is None else len(one[0])
        for code, some in place.issues.groupby("type", sort=True)
    }
    by_type = dict(sorted(Counter(rows["type"]).items(), key=lambda one: (-one[1], one[0])))
    return IssueChange("out", len(rows), by_type, tuple(map(str, rows.index)), score, alone)


def fewest_reported(ranking: Ranking, grid_id: str, first: int) -> IssueChange | None:
    """Find the fewest new issues, within their limits, that bring a grid into the first places.

    A new issue has the usual severity of its type and is not overdue; types are those that the workspace knows. As
    new issues differ only in severity, no mixture of types needs fewer than the best type alone.

    Returns:
        None where even ``explain_most_issues`` of any type do not.
    """
    wanted = last_score(ranking, grid_id, first)
    if wanted is None or not can_move(ranking):
        return None
    place, ws = _place(ranking, grid_id), ranking.ws
    number = np.arange(1, int(ranking.measures.policy["explain_most_issues"]) + 1, dtype=float)
    dated = bool(ws[ISSUES][Issues.due_at].notna().any())
    now, known = place.issues, sorted(ws[ISSUES][Issues.issue_type].dropna().unique())
    usual = issue_types(ws.folder)["severity"]
    alone: dict[str, int | None] = {}
    after: dict[str, float] = {}
    for code in known:
        scores = place.scores(
            now["severity"].sum() + number * float(usual[code]),
            len(now) + number,
            place.known + number,
            now["dated"].sum() + number * dated,
            np.full(number.shape, float(now["overdue"].sum())),
        )
        enters = np.flatnonzero(scores >= wanted - LEVEL)
        alone[str(code)] = int(number[enters[0]]) if len(enters) else None
        after[str(code)] = float(scores[enters[0]]) if len(enters) else np.nan
    can = {code: count for code, count in alone.items() if count is not None}
    if not can:
        return None
    best = min(can, key=lambda code: (can[code], code))
    return IssueChange("in", can[best], {best: can[best]}, (), after[best], alone)


def _place(ranking: Ranking, grid_id: str) -> _Place:
    ws, level = ranking.ws, ranking.level
    at = int(ws.grids(level).index.get_loc(grid_id))
    table, standing = ws[ISSUES], ws.standing
    typed = table[Issues.issue_type].notna().to_numpy()
    here = (ws.codes(ISSUES, level) == at) & (typed if typed.any() else ~typed)
    mine = here & standing["is_open"].to_numpy(dtype=bool)
    rows = pd.DataFrame(
        {
            "severity": table[Issues.severity].to_numpy(dtype=float, na_value=1.0)[mine],
            "dated": table[Issues.due_at].notna().to_numpy()[mine],
            "overdue": standing["is_overdue"].to_numpy(dtype=bool)[mine],
            "type": table[Issues.issue_type].fillna("").astype("str").to_numpy()[mine],
        },
        index=table.index[mine],
    )
    rows.index.name = "issue_id"
    homes = ranking.measures.households
    people = Measured(homes, "ready", Text("户数", "households"))
    ground = Ground(ws, level, ranking.measures.policy, people, people)
    area = float(hectares(ws.grids(level).geometry.area).item(at))
    ordered = rows.reset_index().sort_values(["severity", "type", "issue_id"], ascending=[False, True, True])
    known = int((here & standing["is_known"].to_numpy(dtype=bool)).sum())
    covered = bool(ground.known(ISSUES)[at])
    return _Place(ranking, grid_id, float(homes[grid_id]), area, known, ordered.set_index("issue_id"), covered)


def _search(place: _Place, some: pd.DataFrame, wanted: float) -> tuple[pd.DataFrame, float] | None:
    """Find the fewest of some issues whose closing brings the score below; give them and the score after."""
    most = int(place.ranking.measures.policy["explain_most_issues"])
    late, due = some["overdue"].to_numpy(dtype=bool), some["dated"].to_numpy(dtype=bool)
    parts = [some[mask].head(most) for mask in (late, due & ~late, ~due & ~late)]
    gone = [np.concatenate([[0.0], part["severity"].cumsum().to_numpy(dtype=float)]) for part in parts]
    a, b = np.meshgrid(np.arange(len(gone[0])), np.arange(len(gone[1])), indexing="ij")
    late_dated = np.concatenate([[0.0], parts[0]["dated"].cumsum().to_numpy(dtype=float)])

    def score(c: NDArray[np.int64]) -> Floats:
        severity = gone[0][a] + gone[1][b] + gone[2][c]
        return place.closed(severity, late_dated[a] + b, a.astype(float), (a + b + c).astype(float))

    # Unknown scores stay unknown for any c, which changes no denominator that can run out.
    low, high = np.zeros(a.shape, dtype=np.int64), np.full(a.shape, len(gone[2]) - 1, dtype=np.int64)
    good = score(high) < wanted - LEVEL
    while (low < high).any():
        middle = (low + high) // 2
        below = score(middle) < wanted - LEVEL
        low, high = np.where(below, low, np.minimum(middle + 1, high)), np.where(below, middle, high)
    count = np.where(good & (a + b + high <= most), a + b + high, np.iinfo(np.int64).max)
    if not (count < np.iinfo(np.int64).max).any():
        return None
    least = np.flatnonzero(count.ravel() == count.min())[-1]  # of equals, the one that closes most overdue issues
    taken = [part.head(int(n.ravel()[least])) for part, n in zip(parts, (a, b, high), strict=True)]
    return pd.concat(taken), float(score(high).ravel()[least])


def issue_sentence(change: IssueChange, first: int, words: Mapping[str, Text]) -> Text:
    """Say what the issues would do; ``words`` are those of the types by code."""
    some = listed(
        [
            Text("{what} {n} 件", "{n} of {what}").format(what=words.get(code, Text.same(code)), n=f"{n:,}")
            for code, n in change.by_type.items()
        ]
    )
    more = ("issue", "issues") if change.direction == "out" else ("more issue", "more issues")
    many = Text(f"{change.count:,}", counted(change.count, *more))
    said = {
        "out": Text(
            "最少办结 {many} 件（{some}），将退出前 {k} 名。",
            "Closing {many} at least ({some}) would take it out of the first {k}.",
        ),
        "in": Text(
            "最少再新增 {many} 件（{some}），将进入前 {k} 名。",
            "At least {many} ({some}) would bring it into the first {k}.",
        ),
    }
    return said[change.direction].format(many=many, some=some, k=first)
