"""Why a grid stands where it stands: its parts, a sentence, and what would move it."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.text import Text, counted, listed
from layers.schema import Grids
from reports.criteria import Criterion
from reports.measures import STATUS_WORDS
from reports.priority import Ranking

MAIN_PARTS = 3
MOST_DIGITS = 9
DUST = 1e-6
"""Part of the last digit shown that does not count when a number is rounded away."""
STEP = 1e-9
"""Points by which a score must pass its neighbour's to take its place."""


@dataclass(frozen=True)
class Part:
    """One criterion's share of a score: points out of at most ``limit``, from the measured value."""

    criterion: Criterion
    value: float | None
    points: float | None
    limit: float
    status: str
    denominator: Text
    note: Text | None


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
        now, then = _apart(self.value, self.needed)
        return words[self.direction].format(
            what=self.criterion.title,
            a=now,
            b=then,
            unit=self.criterion.unit,
            other=self.passes,
        )


def _apart(value: float, needed: float) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to tell them apart, the second rounded away from the first."""
    for digits in range(1, MOST_DIGITS):
        scale = 10.0**digits
        away = (math.ceil(needed * scale - DUST) if needed > value else math.floor(needed * scale + DUST)) / scale
        now, then = f"{value:,.{digits}f}", f"{away:,.{digits}f}"
        if now != then:
            return now, then
    return f"{value!r}", f"{needed!r}"


@dataclass(frozen=True)
class Explanation:
    """All that is said of one grid's place; ``sentence`` is built from the other fields."""

    grid_id: str
    name: str
    rank: int | None
    score: float | None
    parts: tuple[Part, ...]
    sentence: Text
    changes: tuple[Change, ...]


def explain(ranking: Ranking, grid_id: str) -> Explanation:
    """Explain the place of one grid.

    Raises:
        KeyError: no such grid in the ranking.
    """
    row: dict[str, Any] = dict(ranking.grids.loc[grid_id])
    parts = _parts(ranking, grid_id)
    ranked = bool(row["enough_data"])
    return Explanation(
        grid_id,
        str(row[Grids.name]),
        int(row["rank"]) if ranked else None,
        float(row["score"]) if ranked else None,
        parts,
        _sentence(ranking, row, parts),
        changes(ranking, grid_id) if ranked else (),
    )


def _parts(ranking: Ranking, grid_id: str) -> tuple[Part, ...]:
    limits = _limits(ranking, grid_id)
    found = []
    for criterion in ranking.criteria.items:
        if not criterion.weight > 0:
            continue
        measured = ranking.measures.by_key[criterion.key]
        points = ranking.parts.loc[grid_id].get(criterion.key, np.nan)
        found.append(
            Part(
                criterion,
                _known(measured.by_grid.loc[grid_id]),
                _known(points),
                limits.get(criterion.key, 0.0),
                measured.status,
                measured.denominator,
                measured.missing or measured.note,
            )
        )
    return tuple(sorted(found, key=lambda p: -(p.points if p.points is not None else -1.0)))


def _known(value: object) -> float | None:
    number = float(value)  # type: ignore[arg-type]
    return None if np.isnan(number) else number


def _limits(ranking: Ranking, grid_id: str) -> dict[str, float]:
    """Most points that each criterion could give this grid: its weight among those with data."""
    known = ranking.utility.loc[grid_id].notna()
    weights = {c.key: c.weight for c in ranking.used if known[c.key]}
    total = sum(weights.values())
    return {key: 100 * weight / total for key, weight in weights.items()} if total else {}


def _sentence(ranking: Ranking, row: dict[str, Any], parts: tuple[Part, ...]) -> Text:
    level = ranking.ws.manifest.level_words(ranking.level)
    tail = _lacking(ranking, parts)
    if not row["enough_data"]:
        head = Text("「{name}」{why}，不参加排名。", "{name} is not ranked: {why}.").format(
            name=row[Grids.name], why=_why_not(ranking, row)
        )
        return Text(head.zh + tail.zh, f"{head.en} {tail.en}".strip())
    main = [p for p in parts if p.points][:MAIN_PARTS]
    reasons = (
        listed([_reason(p) for p in main])
        if main
        else Text("各项均处于最好标杆", "every measure is at its best goalpost")
    )
    place = Text(
        "「{name}」在 {n} 个{level}中排第 {rank}，需求 {score} 分。主要原因：{reasons}。",
        "{name} ranks {rank} of {n} ({level}) with {score} points of need. Main reasons: {reasons}.",
    ).format(
        name=row[Grids.name],
        n=int(ranking.grids["enough_data"].sum()),
        level=level,
        rank=int(row["rank"]),
        score=f"{row['score']:.1f}",
        reasons=reasons,
    )
    sure = _certainty(int(row["rank_low"]), int(row["rank_high"]))
    return Text(place.zh + sure.zh + tail.zh, " ".join(filter(None, (place.en, sure.en, tail.en))))


def _lacking(ranking: Ranking, parts: tuple[Part, ...]) -> Text:
    """Say which measures this grid lacks, and how many the whole workspace lacks."""
    absent = [p.criterion for p in parts if p.value is None]
    here = [c.title for c in absent if c in ranking.used]
    nowhere = len(absent) - len(here)
    lacking = Text(
        "本网格数据不足而未计入：{what}；其权重分给其余各项。",
        "Not counted here for lack of data: {what}; their weight went to the others.",
    )
    tail = lacking.format(what=listed(here)) if here else Text("", "")
    if nowhere:
        more = Text(
            f"本工作区另有 {nowhere} 项指标没有数据。",
            f"{counted(nowhere, 'measure has', 'measures have')} no data in this workspace.",
        )
        tail = Text(tail.zh + more.zh, f"{tail.en} {more.en}".strip())
    return tail


def _why_not(ranking: Ranking, row: dict[str, Any]) -> Text:
    if not row["peopled"]:
        return Text("户数过少", "too few households")
    if not ranking.utility.notna().to_numpy().any() and ranking.notices:
        return Text("各项指标在所有网格都相同", "every measure is the same in all grids")
    return Text("资料不足", "not enough data")


def _certainty(low: int, high: int) -> Text:
    if low == high:
        return Text(f"权重变动时，名次仍多为第 {low}。", f"With other weights it mostly stays at rank {low}.")
    return Text(f"权重变动时，名次多在第 {low} 至 {high} 位。", f"With other weights it mostly ranks {low} to {high}.")


def _reason(part: Part) -> Text:
    value = f"{part.value:,.1f}"
    words = Text("{title} {value}\u00a0{unit}（{points} 分）", "{title} {value}\u00a0{unit} ({points} points)")
    if part.status in ("proxy", "partial"):
        words = Text(
            "{title} {value}\u00a0{unit}（{points} 分，{status}）",
            "{title} {value}\u00a0{unit} ({points} points, {status})",
        )
    unit = part.criterion.unit
    return words.format(
        title=part.criterion.title,
        value=value,
        unit=unit,
        points=f"{part.points:.1f}",
        status=STATUS_WORDS[part.status],
    )


def changes(ranking: Ranking, grid_id: str) -> tuple[Change, ...]:
    """Find the smallest change of a single measure that moves a grid one place up and one down.

    Only with fixed goalposts, where the score of one grid does not depend on the others. Among the
    criteria the one whose value moves by the smallest part of its goalpost range is given; a
    measure at its goalpost cannot move further. The order of tied grids stays as it is.
    """
    if ranking.criteria.normalisation != "goalposts":
        return ()
    scores = ranking.grids.loc[ranking.grids["enough_data"], "score"]
    own = scores[grid_id]
    above, below = scores[scores > own], scores[scores < own]
    found = []
    if len(above):
        found.append(_smallest(ranking, grid_id, above.idxmin(), above.min() - own))
    if len(below):
        found.append(_smallest(ranking, grid_id, below.idxmax(), below.max() - own))
    return tuple(c for c in found if c is not None)


def _smallest(ranking: Ranking, grid_id: str, other: str, points: float) -> Change | None:
    limits = _limits(ranking, grid_id)
    utility = {key: float(column[grid_id]) for key, column in ranking.utility.items()}
    direction = "up" if points > 0 else "down"
    step = points + (STEP if direction == "up" else -STEP)
    best: tuple[float, Change] | None = None
    for criterion in ranking.used:
        limit = limits.get(criterion.key, 0.0)
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
