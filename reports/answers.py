"""Results as plain JSON values, the shapes that the command line promises."""

import math
from difflib import get_close_matches
from typing import Any

import pandas as pd

from geo.errors import DataError, Problem
from geo.text import Text
from layers import Workspace
from layers.schema import Grids
from reports.explanation import Explanation
from reports.priority import Ranking, caution

Answer = dict[str, Any]
MOST_AT_ONCE = 10
"""Things of the immediate list that a terminal shows; a page and JSON have all."""
MOST_NEAR = 5
"""Grids that are suggested for one that does not exist."""


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
        "found": problem.found._asdict(),
        "expected": problem.expected._asdict(),
        "remedy": problem.remedy._asdict(),
    }


def check_answer(problems: tuple[Problem, ...], ws: Workspace | None) -> Answer:
    """Give the answer of ``guatu check``."""
    layers = {} if ws is None else {key: len(ws[key]) for key in ws.tables}
    return {"problems": [problem_answer(p) for p in problems], "layers": layers}


def check_lines(problems: tuple[Problem, ...], ws: Workspace | None, lang: str) -> list[str]:
    """Give the lines of ``guatu check``: the problems, then the number of things in each layer."""
    lines = [f"[{p.severity}] {p.code}: {p.line(lang)}" for p in problems]
    return lines + ([f"{key}: {len(ws[key]):,}" for key in ws.tables] if ws else [])


def rank_answer(ranking: Ranking) -> Answer:
    """Give the answer of ``guatu rank``, grids in the order of their rank."""
    warned = caution(ranking)
    return {
        "workspace": ranking.ws.name,
        "level": ranking.level,
        "as_of": ranking.ws.manifest.as_of.isoformat(),
        "inputs": ranking.ws.digest,
        "method": ranking.method,
        "normalisation": ranking.normalisation,
        "weights_from": ranking.weights_from,
        "draws": ranking.draws,
        "seed": ranking.seed,
        "criteria": [_criterion_answer(ranking, k) for k in range(len(ranking.criteria.items))],
        "grids": [_grid_answer(ranking, str(grid_id)) for grid_id in ranking.ordered().index],
        "weight_with_data": ranking.weight_with_data,
        "caution": warned._asdict() if warned else None,
        "notices": [notice._asdict() for notice in ranking.notices],
        "immediate": _immediate_answer(ranking.immediate),
        "unlocated": ranking.unlocated,
    }


def rank_lines(ranking: Ranking) -> list[str]:
    """Give the lines of ``guatu rank``, one a grid in the order of their rank."""
    return [
        f"{row.rank:4.0f}  {row.score:5.1f}  [{row.rank_low:.0f}-{row.rank_high:.0f}]  {grid_id}  {row.name_}"
        if row.enough_data
        else f"   –      –           {grid_id}  {row.name_}"
        for grid_id, row in ((r.Index, r) for r in ranking.ordered().rename(columns={"name": "name_"}).itertuples())
    ]


def immediate_lines(ranking: Ranking, lang: str) -> list[str]:
    """Give the immediate list for a terminal: how many things, then each with its place; first of all."""
    todo = ranking.immediate
    head = Text("立即处理 {n} 项，先于任何排名", "{n} things to do at once, before any ranking").format(n=len(todo))
    what = todo["what_zh"] if lang == "zh" else todo["what_en"]
    rows = zip(what, todo["thing_id"], todo["grid_id"], strict=True)
    shown = [f"   !  {words}  {thing}  {'' if pd.isna(grid) else grid}".rstrip() for words, thing, grid in rows]
    more = Text("      另有 {n} 项", "      and {n} more").format(n=f"{len(shown) - MOST_AT_ONCE:,}")
    tail = [more.in_(lang)] if len(shown) > MOST_AT_ONCE else []
    return [head.in_(lang), *shown[:MOST_AT_ONCE], *tail]


def _criterion_answer(ranking: Ranking, position: int) -> Answer:
    criterion = ranking.criteria.items[position]
    measured = ranking.measures.by_key[criterion.key]
    fixed = ranking.criteria.normalisation == "goalposts"
    return {
        "key": criterion.key,
        "weight": criterion.weight,
        "worse": criterion.worse,
        "best": criterion.best if fixed else None,
        "worst": criterion.worst if fixed else None,
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


def grid_named(ranking: Ranking, wanted: str) -> str:
    """Give the id of the grid with this id or, if no other bears it, this name.

    Raises:
        DataError: no such grid at the level of the ranking, or several of this name; names the level that has
            it, or the ids and names that are spelt nearest.
    """
    names = ranking.grids[Grids.name]
    if wanted in names.index:
        return wanted
    alike = names[names == wanted]
    if len(alike) == 1:
        return str(alike.index[0])
    raise DataError([_no_grid(ranking, wanted, alike)])


def _no_grid(ranking: Ranking, wanted: str, alike: pd.Series) -> Problem:
    names = ranking.grids[Grids.name]
    remedy = Text("用 guatu rank 查看编号，或用 --level 换层级", "see the ids with guatu rank, or change --level")
    if len(alike):
        ids = ", ".join(alike.index)
        expected = Text(
            f"编号，这个名称有 {len(alike)} 个网格：{ids}", f"an id, {len(alike)} grids bear this name: {ids}"
        )
        remedy = Text("改写编号", "give the id instead")
    elif level := _other_level(ranking, wanted):
        words = ranking.ws.manifest.level_words(level)
        expected = Text(
            "{level} 级的网格，该网格在第 {n} 级", "a grid of level {level}; this one is of level {n}"
        ).format(level=ranking.level, n=level)
        remedy = Text("加上 --level {n}（{words}）", "add --level {n} ({words})").format(n=level, words=words)
    else:
        expected = _spelt_like(names, wanted)
    return Problem("no_grid", "error", ranking.ws.name, None, "grid_id", Text.same(wanted), expected, remedy)


def _other_level(ranking: Ranking, wanted: str) -> int | None:
    """Give another level of the workspace that has a grid of this id or name."""
    for level in ranking.ws.levels:
        names = ranking.ws.grids(level)[Grids.name]
        if level != ranking.level and (wanted in names.index or (names == wanted).any()):
            return level
    return None


def _spelt_like(names: pd.Series, wanted: str) -> Text:
    """Name the grids whose ids or names hold a word or are spelt most like it; the first ones if none is."""
    texts = {str(grid_id): str(name) for grid_id, name in names.items()}
    spelt = {word.casefold(): grid_id for grid_id, name in texts.items() for word in (name, grid_id)}
    word = wanted.strip().casefold()
    close = [one for one in spelt if word and word in one] + get_close_matches(word, spelt, n=MOST_NEAR, cutoff=0.5)
    words = Text("该层级的网格编号或名称，最接近的有：{some}", "a grid id or name of this level; nearest: {some}")
    if not close:
        words = Text("该层级的网格编号或名称，如 {some}", "a grid id or name of this level, such as {some}")
    found = list(dict.fromkeys([spelt[one] for one in close] or texts))[:MOST_NEAR]
    shown = [f"{grid_id} {texts[grid_id]}" for grid_id in found]
    return words.format(some=Text("、".join(shown), ", ".join(shown)))


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
        "moves": [move._asdict() for move in found.moves],
        "first": _first_answer(found),
    }


def _first_answer(found: Explanation) -> Answer | None:
    """Give the smallest changes that move a grid across the line of the first places."""
    line = found.first
    if line is None:
        return None
    one, some = line.measure, line.issues
    measure = None if one is None else {"key": one.criterion.key, "value": one.value, "needed": one.needed}
    issues = None
    if some is not None:
        which = {"issue_ids": list(some.issue_ids), "by_type": dict(some.by_type), "alone": dict(some.alone)}
        issues = {"direction": some.direction, "count": some.count, "score": some.score, **which}
    said = [words._asdict() for words in line.sentences]
    return {"first": line.first, "inside": line.inside, "measure": measure, "issues": issues, "sentences": said}


def explain_lines(found: Explanation, lang: str) -> list[str]:
    """Give the lines of ``guatu explain``: the sentence, points by criterion, what would change the rank or that nothing would."""
    lines = [found.sentence.in_(lang)]
    for part in found.parts:
        points = "–" if part.points is None else f"{part.points:5.1f}"
        value = "–" if part.value is None else f"{part.value:,.1f} {part.criterion.unit.in_(lang)}"
        lines.append(f"{points:>6} / {part.limit:4.1f}  {part.criterion.title.in_(lang)}: {value}")
    issues = found.first.by_issues if found.first else ()
    return lines + [move.in_(lang) for move in (*found.moves, *issues)]
