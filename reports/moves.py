"""What would move a grid in a ranking: the smallest change of one measure, or that none is enough."""

import math
from dataclasses import dataclass

from geo.text import Text
from layers.schema import Grids
from reports.criteria import Criterion
from reports.priority import Ranking

MOST_DIGITS = 9
DUST = 1e-6
"""Part of the last digit shown that does not count when a number is rounded away."""
STEP = 1e-9
"""Points by which a score must pass its neighbour's to take its place."""


@dataclass(frozen=True)
class Change:
    """The smallest change of one measure that moves a grid past its neighbour in the ranking."""

    direction: str
    criterion: Criterion
    value: float
    needed: float
    passes: str

    @property
    def sentence(self) -> Text:
        """The change in words."""
        words = {
            "up": Text(
                "若{what}由 {a} 变为 {b}\u00a0{unit}，名次将越过 {other}。",
                "If {what} went from {a} to {b}\u00a0{unit}, it would pass {other}.",
            ),
            "down": Text(
                "若{what}由 {a} 变为 {b}\u00a0{unit}，名次将落到 {other} 之后。",
                "If {what} went from {a} to {b}\u00a0{unit}, it would fall behind {other}.",
            ),
        }
        return self.said(words[self.direction], other=self.passes)

    def said(self, words: Text, **more: object) -> Text:
        """Put the measure, both values and the unit into a sentence with the fields what, a, b and unit."""
        now, then = _apart(self.value, self.needed)
        return words.format(what=self.criterion.title, a=now, b=then, unit=self.criterion.unit, **more)


def _apart(value: float, needed: float) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to tell them apart, the second rounded away from the first."""
    for digits in range(1, MOST_DIGITS):
        scale = 10.0**digits
        away = (math.ceil(needed * scale - DUST) if needed > value else math.floor(needed * scale + DUST)) / scale
        now, then = f"{value:,.{digits}f}", f"{away:,.{digits}f}"
        if now != then:
            return now, then
    return f"{value!r}", f"{needed!r}"


def _told(most: float, gap: float) -> tuple[str, str]:
    """Write two numbers of points, rounded as scores are, with as many digits as it takes to tell them apart."""
    for digits in range(1, MOST_DIGITS):
        said = f"{most:,.{digits}f}", f"{gap:,.{digits}f}"
        if said[0] != said[1]:
            return said
    return f"{most!r}", f"{gap!r}"


def limits(ranking: Ranking, grid_id: str) -> dict[str, float]:
    """Give the most points that each criterion could give this grid: its weight among those with data."""
    known = ranking.utility.loc[grid_id].notna()
    weights = {c.key: c.weight for c in ranking.used if known[c.key]}
    total = sum(weights.values())
    return {key: 100 * weight / total for key, weight in weights.items()} if total else {}


def changes(ranking: Ranking, grid_id: str) -> tuple[Change, ...]:
    """Find the smallest change of a single measure that moves a grid one place up and one down.

    Only with fixed goalposts, where the score of one grid does not depend on the others. Among the
    criteria the one whose value moves by the smallest part of its goalpost range is given; a
    measure at its goalpost cannot move further. The order of tied grids stays as it is.
    """
    if ranking.criteria.normalisation != "goalposts":
        return ()
    own = ranking.total[grid_id]
    found = [one_measure(ranking, grid_id, other, score - own) for other, score in _neighbours(ranking, grid_id)]
    return tuple(c for c in found if c is not None)


def moves(ranking: Ranking, grid_id: str) -> tuple[Text, ...]:
    """Say what would move a ranked grid past its neighbours.

    Where no single measure is enough, this is said, with the points that it takes and the most that
    one measure can give.
    """
    if ranking.criteria.normalisation != "goalposts":
        return (
            Text(
                "采用极差标准化或指数化名次时，一个网格的得分随其他网格而变，因此不列出单项变化。",
                "With min-max or exponential ranks the score of a grid depends on the others, so no single change is named.",
            ),
        )
    own = ranking.total[grid_id]
    said = []
    for other, score in _neighbours(ranking, grid_id):
        change = one_measure(ranking, grid_id, other, score - own)
        said.append(change.sentence if change else _stuck(ranking, grid_id, other, score - own))
    return tuple(said)


def _neighbours(ranking: Ranking, grid_id: str) -> list[tuple[str, float]]:
    """Give the grids next above and next below with their scores, where there are any."""
    scores = ranking.grids.loc[ranking.grids["enough_data"], "score"]
    own = scores[grid_id]
    above, below = scores[scores > own], scores[scores < own]
    found = [(above.idxmin(), above.min())] if len(above) else []
    return found + ([(below.idxmax(), below.max())] if len(below) else [])


def _stuck(ranking: Ranking, grid_id: str, other: str, points: float) -> Text:
    words = {
        "up": Text(
            "单改任何一项都越不过 {other}：还差 {points} 分，一项最多再加 {most} 分。",
            "No single measure can move it past {other}: it lacks {points} points, and one measure adds {most} at most.",
        ),
        "down": Text(
            "单改任何一项都不会落到 {other} 之后：领先 {points} 分，一项最多减少 {most} 分。",
            "No single measure can move it behind {other}: it leads by {points} points, and one measure takes {most} at most.",
        ),
    }
    most, lacks = _told(_most(ranking, grid_id, points), abs(points))
    name = ranking.grids[Grids.name][other]
    return words["up" if points > 0 else "down"].format(other=name, points=lacks, most=most)


def shut(ranking: Ranking, grid_id: str, points: float, first: int) -> Text:
    """Say that no single measure brings a grid across the line of the first places, and by how much it misses."""
    words = {
        "up": Text(
            "单改任何一项都进不了前 {k} 名：还差 {points} 分，一项最多再加 {most} 分。",
            "No single measure can bring it into the first {k}: it lacks {points} points, and one measure adds {most} at most.",
        ),
        "down": Text(
            "单改任何一项都不会使它退出前 {k} 名：领先 {points} 分，一项最多减少 {most} 分。",
            "No single measure can take it out of the first {k}: it leads by {points} points, and one measure takes {most} at most.",
        ),
    }
    most, lacks = _told(_most(ranking, grid_id, points), abs(points))
    return words["up" if points > 0 else "down"].format(k=first, points=lacks, most=most)


def _most(ranking: Ranking, grid_id: str, points: float) -> float:
    """Give the most points that one measure alone can add (or take, if ``points`` is negative)."""
    need = {key: float(column[grid_id]) for key, column in ranking.utility.items()}
    left = {key: 1 - share if points > 0 else share for key, share in need.items()}
    return max(limit * left[key] for key, limit in limits(ranking, grid_id).items())


def one_measure(ranking: Ranking, grid_id: str, other: str, points: float) -> Change | None:
    """Find the smallest change of one measure that gives a grid so many points (or takes them) and passes another."""
    most = limits(ranking, grid_id)
    utility = {key: float(column[grid_id]) for key, column in ranking.utility.items()}
    direction = "up" if points > 0 else "down"
    step = points + (STEP if direction == "up" else -STEP)
    best: tuple[float, Change] | None = None
    for criterion in ranking.used:
        limit = most.get(criterion.key, 0.0)
        wanted = utility[criterion.key] + step / limit if limit else -1.0
        if not 0.0 <= wanted <= 1.0:
            continue
        value = float(ranking.measures.table[criterion.key][grid_id])
        needed = criterion.best + wanted * (criterion.worst - criterion.best)
        # Measured from the value, which may lie beyond its goalpost, not from the points it gives.
        moved = abs((needed - value) / (criterion.worst - criterion.best))
        if best is None or moved < best[0]:
            best = moved, Change(direction, criterion, value, float(needed), str(ranking.grids[Grids.name][other]))
    return None if best is None else best[1]
