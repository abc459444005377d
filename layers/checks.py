"""What is wrong or doubtful in the tables of a workspace: dates, types, references, places, its own standards."""

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from geo.errors import DataError, Problem
from geo.findings import rows_found, value_found
from geo.text import Text, counted, listed
from layers.catalog import ISSUES
from layers.manifest import Manifest
from layers.places import PLACES
from layers.problems import problem, problems_of_rows
from layers.reading import LAYERS_FILE
from layers.schema import Duties, Issues
from layers.standard_tables import TABLES
from layers.standards import issue_types, shipped_digests, standard

SOME_ROWS, SOME_TYPES = 3, 8
"""Ids and types that a count names; the others are only counted."""


def issue_problems(issues: pd.DataFrame, manifest: Manifest, known: pd.Series) -> list[Problem]:
    """List doubtful dates and types of the issues; ``known`` is what ``has_known_type`` says of them."""
    place = f"{LAYERS_FILE}:{ISSUES.key}"
    reported, closed = issues[Issues.reported_at], issues[Issues.closed_at]
    early = issues.index[np.flatnonzero((closed < reported).to_numpy())]  # neither holds where a date is lacking
    late = issues.index[np.flatnonzero((reported > manifest.as_of).to_numpy())]
    problems = _counted("closed_before_reported", place, early, Issues.closed_at)
    problems += _counted("reported_in_future", place, late, Issues.reported_at)
    used = issues[Issues.issue_type]
    unknown = used.iloc[np.flatnonzero(~known.to_numpy())]
    problems += problems_of_rows(
        "unknown_type", place, [(i, value_found(v)) for i, v in unknown.items()], column=Issues.issue_type
    )
    return problems + _unmapped_problems(issues[Issues.source_type].array[used.isna().to_numpy()], place)


def _unmapped_problems(source: ExtensionArray, place: str) -> list[Problem]:
    """Count the issues without a type by their type in the source, the largest first."""
    if not len(source):
        return []
    counts = pd.Series(source).value_counts(dropna=False)
    named = [
        Text("{name} {n:,} 行", "{name} ({n:,})").format(name=value_found(name), n=n)
        for name, n in counts.head(SOME_TYPES).items()
    ]
    rest = len(counts) - len(named)
    if rest:
        named.append(Text(f"另有 {rest:,} 类", f"{rest:,} more"))
    types = Text(f"{len(counts):,} 类", counted(len(counts), "type", "types"))
    words = Text("{rows}，{types}：{named}", "{rows} of {types}: {named}")
    found = words.format(rows=rows_found(len(source)), types=types, named=listed(named))
    return [problem("unmapped_type", place, column=Issues.source_type, found=found)]


def has_known_type(issues: pd.DataFrame, folder: Path) -> pd.Series:
    """Tell which issues have a type of ``issue_types.csv`` or none at all."""
    used = issues[Issues.issue_type]
    return used.isna() | used.isin(issue_types(folder).index)


def standards_problems(folder: Path) -> list[Problem]:
    """List the faults of a workspace's own tables, used or not, and files that are none; criteria are read later."""
    own = sorted(path for path in (folder / "standards").glob("[!.]*") if path.is_file())
    problems: list[Problem] = []
    for path in own:
        if path.suffix == ".csv" and (path.stem in TABLES or path.stem.endswith("_types")):
            try:
                standard(path.stem, folder)
            except DataError as error:
                problems += error.problems
        elif path.name not in shipped_digests():
            problems.append(problem("unknown_standard", f"standards/{path.name}", found=Text.same(path.name)))
    return list(dict.fromkeys(problems))  # a fault in one table comes again with each that refers to it


def _counted(code: str, place: str, ids: pd.Index, column: str) -> list[Problem]:
    if not len(ids):
        return []
    some = listed([Text.same(one) for one in ids[:SOME_ROWS]])
    if len(ids) > SOME_ROWS:
        some = Text(f"{some.zh} 等", ", ".join([*map(str, ids[:SOME_ROWS]), "…"]))
    found = Text("{rows}：{some}", "{rows}: {some}").format(rows=rows_found(len(ids)), some=some)
    return [problem(code, place, column=column, found=found)]


def reference_problems(tables: Mapping[str, pd.DataFrame], spoilt: Collection[str] = ()) -> list[Problem]:
    """List duties that name a thing that is not there.

    Args:
        tables: the tables by layer key.
        spoilt: files of layers that lost rows for faults of their own; what was set aside is not missed again.
    """
    duties = tables.get("duties")
    if duties is None:
        return []
    wrong: list[tuple[object, Text]] = []
    for key, rows in duties.groupby(Duties.layer, sort=True):
        there = tables[str(key)].index if key in tables else pd.Index([])
        lost = rows[~rows[Duties.thing_id].isin(there)] if f"{LAYERS_FILE}:{key}" not in spoilt else rows[:0]
        wrong += [(i, Text.same(f"{key} {thing}")) for i, thing in lost[Duties.thing_id].items()]
    return problems_of_rows("unknown_reference", f"{LAYERS_FILE}:duties", wrong, column=Duties.thing_id)


def place_problems(places: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Count the things that lie in no grid, by layer and reason, at each level."""
    problems: list[Problem] = []
    for key, where in places.items():
        file, total = f"{LAYERS_FILE}:{key}", len(where)
        levels = [str(column) for column in where if str(column).startswith("level_")]
        default = where["place"].to_numpy() == PLACES.index("default_point")
        astray = ~default & ~np.isnan(where["x_m"].to_numpy())
        counts = {column: int((astray & (where[column].to_numpy() < 0)).sum()) for column in levels}
        if any(counts.values()):
            problems.append(problem("outside", file, found=_outside_found(counts, total)))
        if default.any():
            spots = where[["x_m", "y_m"]].iloc[np.flatnonzero(default)].drop_duplicates()
            at = "; ".join(f"({p.x_m:.1f}, {p.y_m:.1f})" for p in spots.itertuples())
            rows = int(default.sum())
            words = Text(
                "{rows}，占全部 {all:,} 行的 {share:.1%}，位于 {at}", "{rows} of {all:,} ({share:.1%}) at {at}"
            )
            found = words.format(rows=rows_found(rows), all=total, share=rows / total, at=at)
            problems.append(problem("default_point", file, found=found))
    return problems


def _outside_found(counts: Mapping[str, int], total: int) -> Text:
    """Count what lies in no grid, level by level where the levels differ."""
    if len(set(counts.values())) == 1:
        rows = rows_found(next(iter(counts.values())))
        return Text("{rows}，共 {all:,} 行", "{rows} of {all:,}").format(rows=rows, all=total)
    words = Text("第 {level} 级 {rows}", "{rows} at level {level}")
    each = [words.format(level=key.removeprefix("level_"), rows=rows_found(n)) for key, n in counts.items() if n]
    return Text("{rows}，共 {all:,} 行", "{rows}, of {all:,} in all").format(rows=listed(each), all=total)
