"""Readiness as plain JSON values, for ``guatu rank --json``."""

from typing import Any

from reports.answers import number, whole
from reports.priority import Ranking
from reports.readiness.conditions import CONDITIONS
from reports.readiness.matrix import need_and_readiness

NUMBERS = ("consent_percent", "funds_percent", "cost_yuan", "works", "managed_percent", "readiness_percent")


def readiness_answer(ranking: Ranking) -> dict[str, Any]:
    """Give the conditions and, for each ranked grid, what is met, known and how ready it is; under ``readiness``."""
    found = need_and_readiness(ranking)
    conditions = [
        {
            "key": one.key,
            "title": one.title._asdict(),
            "status": one.status,
            "missing": one.missing._asdict() if one.missing else None,
        }
        for one in found.readiness.conditions
    ]
    grids = [
        {
            "grid_id": str(grid_id),
            **{key: number(row[key]) for key in NUMBERS},
            "conditions": {key: _truth(row[f"{key}_met"]) for key in CONDITIONS},
            "met": whole(row["met"]),
            "known": whole(row["known"]),
            "quadrant": row["quadrant"],
        }
        for grid_id, row in found.grids.iterrows()
    ]
    lines = {"need_from": number(found.need_from), "ready_from": found.ready_from}
    return {"readiness": {**lines, "conditions": conditions, "grids": grids}}


def _truth(value: object) -> bool | None:
    return None if number(value) is None else bool(value)
