"""Coverage as one JSON document and as lines for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.text import Text
from layers import Workspace
from reports.service.coverage import (
    UNKNOWN,
    Coverage,
    circle_error,
    estate_table,
    grid_table,
    pace_of,
    parts_table,
    step_table,
    unserved,
    whole_table,
)
from reports.service.coverage_words import (
    circle_words,
    denominator_words,
    left_out,
    limit_words,
    method_words,
    pace_words,
    source_words,
)
from reports.service.places import COUNTED
from reports.service.served import ON_FOOT, STRAIGHT

LINE = Text(
    "{name}：步行 {foot}（已知 {known} / {total}），直线 {straight}（全部已知 {sure}）",
    "{name}: on foot {foot} (known {known} of {total}), straight line {straight} (of all known, {sure})",
)
HEAD = Text("{service}，{limit}，{way}", "{service}, {limit}, {way}")
SHARE, NONE = Text("{p:.1f}%", "{p:.1f} %"), Text("未知", "unknown")
LONELY = Text("未覆盖：{n} 处；最远：{far}", "not served: {n}; the farthest: {far}")
MOST = 5


def coverage_answer(ws: Workspace, found: Coverage, *, level: int | None, on_foot: bool) -> dict[str, Any]:
    """Give the coverage as one JSON document; ``level`` None is the finest."""
    first = next(iter(_known(found)))
    grids = grid_table(ws, found, ws.finest if level is None else level, first) if ws.levels else None
    answer: dict[str, Any] = {
        "way": "on_foot" if on_foot else "straight_line",
        "whole": _rows(whole_table(found), "of"),
        "counted": first,
        "grids": [] if grids is None else _rows(grids, "grid_id"),
        "estates": _rows(estate_table(ws, found, first), "estate_id"),
        "steps": _steps(ws, found, first),
        "parts": _rows(parts_table(found), "part"),
        "circle": _plain(circle_error(found)._asdict()),
        "unserved": _rows(unserved(ws, found, on_foot=on_foot, level=level), "id"),
        "not_known_on_foot": int((found.foot == UNKNOWN).sum()),
        "left_out": [one._asdict() for one in left_out(found.distances)],
        "conventions": _plain(dict(conventions(ws, found))),
    }
    return answer


def coverage_lines(ws: Workspace, found: Coverage, lang: str, *, on_foot: bool) -> list[str]:
    """Give the coverage as lines for a person."""
    way = ON_FOOT if on_foot else STRAIGHT
    head = HEAD.format(service=found.distances.service.title, limit=limit_words(ws, found), way=way)
    lines = [head, source_words(found.distances)]
    for key, row in whole_table(found).iterrows():
        lines.append(
            LINE.format(
                name=COUNTED[str(key)],
                foot=_share(row["foot_percent"]),
                straight=_share(row["straight_percent"]),
                known=f"{row['known']:,.0f}",
                total=f"{row['total']:,.0f}",
                sure=f"{row['known_straight']:,.0f}",
            )
        )
    table = unserved(ws, found, on_foot=on_foot)
    if len(table):
        far = "、".join(table["name"].head(MOST)) if lang == "zh" else ", ".join(table["name"].head(MOST))
        lines.append(LONELY.format(n=f"{len(table):,}", far=far))
    told = circle_words(found)
    lines += [told] if told else []
    lines += [*left_out(found.distances), *method_words(found.distances), *denominator_words(found)]
    return [one.in_(lang) for one in lines]


def _share(percent: float) -> Text:
    return NONE if np.isnan(percent) else SHARE.format(p=percent)


def _known(found: Coverage) -> list[str]:
    return [key for key, amount in found.places.amounts.items() if amount.known]


def _steps(ws: Workspace, found: Coverage, counted: str) -> list[dict[str, Any]]:
    table = step_table(ws, found.distances, counted, list(pace_words(ws)))
    return _rows(table.reset_index(), None)


def _rows(table: pd.DataFrame, key: str | None) -> list[dict[str, Any]]:
    """Give the rows of a table; numbers that are not known, or infinite, are null."""
    named = table if key is None else table.rename_axis(key).reset_index()
    rows = [{str(name): value for name, value in row.items()} for row in named.to_dict("records")]
    return [_plain(row) for row in rows]


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _value(one) for key, one in values.items()}


def _value(one: object) -> object:
    if isinstance(one, Mapping):
        return _plain(one)
    if isinstance(one, str | bool) or one is None:
        return one
    if isinstance(one, Sequence):
        return [_value(each) for each in one]
    if isinstance(one, np.generic):
        one = one.item()
    if isinstance(one, float):
        return round(one, 6) if np.isfinite(one) else None
    return one if isinstance(one, int) else str(one)


def conventions(ws: Workspace, found: Coverage) -> Mapping[str, object]:
    """Give method, limits, denominators and counts, for files and the command line."""
    foot = found.distances.foot[0].meta
    places = found.places
    return {
        "service": found.distances.service.key,
        "limits_m": {p.key: m for p, m in zip(found.distances.service.classes, found.limit.metres, strict=True)},
        "minutes": found.limit.minutes,
        "pace": found.limit.pace,
        "pace_m_per_s": pace_of(ws, found.limit.pace) if found.limit.pace else None,
        "rim": "distance <= limit is served",
        "known": "streets and things on record at least as far as the limit",
        "places": "buildings" if places.are_buildings else "sample points of the ground",
        "denominators": {key: one.status for key, one in places.amounts.items()},
        "things": {
            p.key: len(t.row) for p, t in zip(found.distances.service.classes, found.distances.things, strict=True)
        },
        "things_off_streets": foot.get("things_off_streets", 0),
        "snap_m": found.distances.streets.snap_m,
        "network": dict(found.distances.streets.meta),
        "as_of": ws.manifest.as_of.isoformat(),
        "seed": None,
    }
