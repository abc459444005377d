"""Why a grid stands where it stands: its parts, a sentence, and what would move it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.text import Text, counted, listed
from layers.schema import Grids
from reports.criteria import Criterion
from reports.first_places import FirstPlaces, first_places
from reports.measures import STATUS_WORDS
from reports.moves import Change, changes, limits, moves
from reports.priority import FIRST, Ranking

MAIN_PARTS = 3


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
class Explanation:
    """All that is said of one grid's place.

    ``sentence`` is built from the other fields; ``moves`` says what one measure can do, ``first`` also what issues can.
    """

    grid_id: str
    name: str
    rank: int | None
    score: float | None
    parts: tuple[Part, ...]
    sentence: Text
    changes: tuple[Change, ...]
    moves: tuple[Text, ...]
    first: FirstPlaces | None


def explain(ranking: Ranking, grid_id: str, *, first: int = FIRST) -> Explanation:
    """Explain the place of one grid; ``first`` places are those that it might enter or leave.

    Raises:
        KeyError: no such grid in the ranking.
    """
    row: dict[str, Any] = dict(ranking.grids.loc[grid_id])
    parts = _parts(ranking, grid_id)
    ranked = bool(row["enough_data"])
    line = first_places(ranking, grid_id, first) if ranked else None
    return Explanation(
        grid_id,
        str(row[Grids.name]),
        int(row["rank"]) if ranked else None,
        float(row["score"]) if ranked else None,
        parts,
        _sentence(ranking, row, parts),
        changes(ranking, grid_id) if ranked else (),
        _moves(ranking, grid_id, line) if ranked else (),
        line,
    )


def _moves(ranking: Ranking, grid_id: str, line: FirstPlaces | None) -> tuple[Text, ...]:
    """Say what one measure can do: past the neighbours, and across the line where some grids lie beyond it."""
    across = line.by_measure if line and ranking.grids["enough_data"].sum() > line.first else None
    return (*moves(ranking, grid_id), *([across] if across else []))


def _parts(ranking: Ranking, grid_id: str) -> tuple[Part, ...]:
    most = limits(ranking, grid_id)
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
                most.get(criterion.key, 0.0),
                measured.status,
                measured.denominator,
                measured.missing or measured.note,
            )
        )
    return tuple(sorted(found, key=lambda p: -(p.points if p.points is not None else -1.0)))


def _known(value: object) -> float | None:
    number = float(value)  # type: ignore[arg-type]
    return None if np.isnan(number) else number


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
