"""The patterns as plain JSON values and as lines for a terminal."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from geo.pattern.autocorrelation import Autocorrelation
from geo.text import Text
from layers.schema import Grids
from reports.answers import Answer, number, whole
from reports.patterns import by_month, density, groups, succession, words
from reports.patterns.asked import Asked, asked_words
from reports.patterns.counting import Counted
from reports.patterns.judgement import Pattern

MOST_LINES = 15
"""Grids or groups that a terminal shows; the JSON has all."""


def asked_answer(counts: Counted) -> Answer:
    """Give what was counted, over what, and what takes no part."""
    asked, ws = counts.asked, counts.ws
    return {
        "workspace": ws.name,
        "level": counts.level,
        "as_of": ws.manifest.as_of.isoformat(),
        "inputs": ws.digest,
        "type": asked.kind,
        "state": asked.state,
        "per": asked.per,
        "denominator": {"status": counts.people.status, **counts.people.denominator._asdict()},
        "left_out": counts.left_out,
        "seed": asked.seed,
    }


def texts(found: list[Text]) -> list[dict[str, str]]:
    """Give texts in both languages."""
    return [one._asdict() for one in found]


def meta_answer(meta: Mapping[str, Any]) -> Answer:
    """Give what a result tells of how it was made."""
    return {
        "method": meta["method"],
        "source": meta["source"],
        "parameters": {key: number(one) if isinstance(one, float) else one for key, one in meta["parameters"].items()},
        "conventions": texts(list(meta["conventions"])),
        "seed": meta["seed"],
        "warnings": texts(list(meta["warnings"])),
    }


def hot_spots_answer(pattern: Pattern) -> Answer:
    """Give the answer of ``guatu hotspots``: every grid, the whole, cautions and method."""
    return {
        **asked_answer(pattern.counts),
        "described_only": pattern.described_only,
        "verdict": texts(words.verdict(pattern)),
        "cautions": texts(words.cautions(pattern)),
        "method": texts(words.method(pattern)),
        "moran": _whole(pattern.moran),
        "geary": _whole(pattern.geary),
        "neighbours": meta_answer(pattern.neighbours.meta),
        "islands": pattern.islands,
        "grids": [_grid(pattern, str(one)) for one in pattern.grids.index],
    }


def _whole(one: Autocorrelation) -> Answer:
    keys = ("value", "expected", "variance", "z", "p", "p_permuted", "n")
    return {**{key: number(getattr(one, key)) for key in keys}, "meta": meta_answer(one.meta)}


def _grid(pattern: Pattern, grid_id: str) -> Answer:
    row = pattern.grids.loc[grid_id]
    keys = ("base", "raw", "low", "high", "smoothed", "local", "z", "p", "q", "local_moran", "local_p", "local_q")
    return {
        "grid_id": grid_id,
        "name": str(row[Grids.name]),
        "issues": whole(row["events"]),
        **{key: number(row[key]) for key in keys},
        **{key: str(row[key]) or None for key in ("heat", "quadrant", "outlier", "verdict")},
        "is_small": bool(row["is_small"]),
    }


def hot_spots_lines(pattern: Pattern, lang: str) -> list[str]:
    """Give the lines of ``guatu hotspots``: what was found, the grids with the highest rates, cautions."""
    table = pattern.grids.sort_values(["smoothed", "name"], ascending=[False, True], kind="stable")
    unit = words.unit(pattern).in_(lang)
    lines = [f"{words.title(pattern).in_(lang)}", *(one.in_(lang) for one in words.verdict(pattern))]
    for grid_id, row in table.head(MOST_LINES).iterrows():
        said = words.VERDICTS[str(row["verdict"])].in_(lang)
        if np.isfinite(row["raw"]):
            ends = f"[{row['low']:.1f} – {row['high']:.1f}]"
            lines.append(f"{row['raw']:9.1f} {ends:>18}  {row['smoothed']:8.1f}  {grid_id}  {row['name']}  {said}")
    head = Text("比率 [95% 区间] 收缩后（{unit}），前 {n} 个", "rate [95 % interval] smoothed ({unit}), first {n}")
    lines.insert(1 + len(words.verdict(pattern)), head.format(unit=unit, n=min(MOST_LINES, len(table))).in_(lang))
    return [*lines, *(one.in_(lang) for one in words.cautions(pattern) + words.method(pattern))]


def months_answer(found: by_month.Months) -> Answer:
    """Give the answer of ``guatu trends``: months, the whole, every grid."""
    city = found.city
    keys = ("tau", "z", "p", "q", "slope", "slope_low", "slope_high")
    return {
        **asked_answer(found.counts),
        "months": [f"{one:%Y-%m}" for one in found.series.columns],
        "left_out_months": found.dropped._asdict() if found.dropped else None,
        "cautions": texts(by_month.cautions(found)),
        "method": texts(by_month.method(found)),
        "meta": meta_answer(city.meta),
        "whole": {
            "issues": [int(n) for n in found.whole["issues"]],
            **{key: number(getattr(city, key)[0]) for key in ("z", "p", "slope", "slope_low", "slope_high")},
        },
        "grids": [
            {
                "grid_id": str(grid_id),
                "name": str(row["name"]),
                "issues": whole(row["events"]),
                **{key: number(row[key]) for key in keys},
                "trend": str(row["trend"]),
                "category": str(row["category"]) or None,
                "by_month": [whole(one) for one in counts],
            }
            for (grid_id, row), counts in zip(found.grids.iterrows(), found.series.to_numpy(), strict=True)
        ],
    }


def months_lines(found: by_month.Months, lang: str) -> list[str]:
    """Give the lines of ``guatu trends``."""
    lines = [
        asked_words(found.counts.ws, found.counts.asked).in_(lang),
        *(one.in_(lang) for one in by_month.verdict(found)),
    ]
    shown = found.grids[
        found.grids["trend"].isin(["rising", "falling"]) | ~found.grids["category"].isin(["", "no pattern"])
    ]
    for grid_id, row in shown.head(MOST_LINES).iterrows():
        parts = [by_month.TRENDS[str(row["trend"])].in_(lang), by_month.category_words(str(row["category"])).in_(lang)]
        lines.append(f"{grid_id}  {row['name']}  {' · '.join(part for part in parts if part)}")
    return [*lines, *(one.in_(lang) for one in by_month.cautions(found) + by_month.method(found))]


def groups_answer(found: groups.PointGroups) -> list[Answer]:
    """Give the groups of points, largest first."""
    return [
        {
            "issues": int(row["issues"]),
            "open": int(row["open"]),
            "extent_m": number(row["extent_m"]),
            "span_days": number(row["span_days"]),
            "type": row["kind"] if isinstance(row["kind"], str) else None,
            "type_share": number(row["kind_share"]),
            "grid_id": str(row["grid_id"]) if isinstance(row["grid_id"], str) else None,
            "is_long": bool(row["is_long"]),
            "x_m": number(row["x_m"]),
            "y_m": number(row["y_m"]),
        }
        for _, row in found.table.iterrows()
    ]


def points_answer(
    asked: Asked, dense: density.Surface | None, found: groups.PointGroups, knox: succession.Sequence
) -> Answer:
    """Give what the points tell: density in bands, groups, nearness in space and time."""
    bands = [] if dense is None else [{"low": a, "high": b, "area_m2": area.area} for a, b, area in dense.bands]
    return {
        "density": None
        if dense is None
        else {
            "bandwidth_m": dense.bandwidth_m,
            "peak_per_km2": dense.peak,
            "bands": bands,
            "meta": meta_answer(dense.grid.meta),
        },
        "groups": {
            "reach_m": found.reach_m,
            "least_points": found.least_points,
            "points": found.points,
            "inside": found.inside,
            "groups": groups_answer(found),
        },
        "knox": {
            "permutations": knox.permutations,
            "seed": asked.seed,
            "why_not": knox.why._asdict() if knox.why else None,
            "table": [{key: number(one) for key, one in row.items()} for row in knox.table.to_dict("records")],
        },
    }
