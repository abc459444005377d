"""Results as plain JSON values, the shapes that the command line promises."""

import math
from typing import Any

import pandas as pd

from geo.errors import Problem
from layers import Workspace
from layers.schema import Grids
from reports.explanation import Explanation
from reports.priority import Ranking

Answer = dict[str, Any]


def number(value: object) -> float | int | None:
    """Give a number as JSON knows it: NaN and missing become null, whole floats stay floats."""
    if value is None or value is pd.NA:
        return None
    if isinstance(value, int):
        return value
    found = float(value)  # type: ignore[arg-type]
    return None if math.isnan(found) else found


def whole(value: object) -> int | None:
    """Give a rank or count as an integer or null."""
    found = number(value)
    return None if found is None else int(found)


def problem_answer(problem: Problem) -> Answer:
    """Give one problem."""
    return {
        **problem._asdict(),
        "expected": problem.expected._asdict(),
        "remedy": problem.remedy._asdict(),
    }


def check_answer(problems: tuple[Problem, ...], ws: Workspace | None) -> Answer:
    """Give the answer of ``guatu check``."""
    layers = {} if ws is None else {key: len(ws[key]) for key in ws.tables}
    return {"problems": [problem_answer(p) for p in problems], "layers": layers}


def rank_answer(ranking: Ranking) -> Answer:
    """Give the answer of ``guatu rank``, grids in the order of their rank."""
    return {
        "workspace": ranking.ws.name,
        "level": ranking.level,
        "as_of": ranking.ws.manifest.as_of.isoformat(),
        "inputs": ranking.ws.digest,
        "method": ranking.method,
        "normalisation": ranking.criteria.normalisation,
        "draws": ranking.draws,
        "seed": ranking.seed,
        "criteria": [_criterion_answer(ranking, k) for k in range(len(ranking.criteria.items))],
        "grids": [_grid_answer(ranking, str(grid_id)) for grid_id in ranking.ordered().index],
        "immediate": _immediate_answer(ranking.immediate),
        "unlocated": ranking.unlocated,
    }


def _criterion_answer(ranking: Ranking, position: int) -> Answer:
    criterion = ranking.criteria.items[position]
    measured = ranking.measures.by_key[criterion.key]
    return {
        "key": criterion.key,
        "weight": criterion.weight,
        "worse": criterion.worse,
        "best": criterion.best,
        "worst": criterion.worst,
        "status": measured.status,
        "denominator": measured.denominator._asdict(),
        "missing": measured.missing._asdict() if measured.missing else None,
    }


def _grid_answer(ranking: Ranking, grid_id: str) -> Answer:
    row = ranking.grids.loc[grid_id]
    return {
        "grid_id": grid_id,
        "name": str(row[Grids.name]),
        "rank": whole(row["rank"]),
        "score": number(row["score"]),
        "parts": {str(k): number(v) for k, v in ranking.parts.loc[grid_id].items()},
        "rank_low": whole(row["rank_low"]),
        "rank_high": whole(row["rank_high"]),
        "share_top5": number(row["share_top5"]),
        "weight_used": number(row["weight_used"]),
        "enough_data": bool(row["enough_data"]),
        "measures": {str(k): number(v) for k, v in ranking.measures.table.loc[grid_id].items()},
    }


def _immediate_answer(todo: pd.DataFrame) -> list[Answer]:
    since = todo["since"].astype("datetime64[us]").dt.strftime("%Y-%m-%dT%H:%M:%S")
    rows = todo.assign(since=since).astype(object)
    return [{str(k): v for k, v in row.items()} for row in rows.where(rows.notna(), None).to_dict("records")]


def explain_answer(found: Explanation) -> Answer:
    """Give the answer of ``guatu explain``."""
    return {
        "grid_id": found.grid_id,
        "name": found.name,
        "rank": found.rank,
        "score": found.score,
        "sentence": found.sentence._asdict(),
        "parts": [
            {
                "key": p.criterion.key,
                "title": p.criterion.title._asdict(),
                "value": p.value,
                "unit": p.criterion.unit._asdict(),
                "points": p.points,
                "limit": p.limit,
                "status": p.status,
            }
            for p in found.parts
        ],
        "changes": [
            {
                "direction": c.direction,
                "key": c.criterion.key,
                "value": c.value,
                "needed": c.needed,
                "passes": c.passes,
                "sentence": c.sentence._asdict(),
            }
            for c in found.changes
        ],
    }
