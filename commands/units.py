"""Ranking and explaining other units than grids on the command line: ``--of estates|buildings|streets|LAYER|FILE``."""

import argparse
from typing import Any

from commands.verb import Done, Option, UsageError
from commands.weighing import criteria_of
from geo.text import Text
from layers.workspace import open_workspace
from reports.answers import immediate_lines, rank_answer, rank_lines
from reports.priority import conventions
from reports.units import UnitRanking, rank_units

OF = Option(
    ("--of",),
    Text(
        "不排网格，改排 estates 小区、buildings 楼栋、streets 街巷、某图层，或一个面或线文件",
        "rank these instead of grids: estates, buildings, streets, a layer, or a file of polygons or lines",
    ),
    {"metavar": "UNITS"},
)
NO_LEVEL = Text("--level 是网格层级，不与 --of 同用", "--level is a level of grids and does not go with --of")
OUTSIDE = Text("{n} 件已知问题不属于任何{unit}", "{n} known issues belong to no {unit}")


def ranked_units(options: argparse.Namespace) -> UnitRanking:
    """Rank the units of ``--of``.

    Raises:
        DataError: the workspace does not open, or has no such units.
        CriteriaError: the weights cannot be used.
        UsageError: a grid level beside units.
    """
    if options.level is not None:
        raise UsageError(NO_LEVEL)
    ws = open_workspace(options.folder, as_of=options.as_of)
    return rank_units(ws, options.of, criteria=criteria_of(options, ws), draws=options.draws)


def rank_of(options: argparse.Namespace) -> Done:
    """Give the answer of ``guatu rank --of``."""
    found, lang = ranked_units(options), options.lang
    ranking = found.ranking
    answer: dict[str, Any] = {
        **rank_answer(ranking),
        "of": options.of,
        "unit": found.units.words._asdict(),
        "reach_m": found.units.reach_m,
        "left_out": {key: why._asdict() for key, why in found.left_out.items()},
        "unit_notices": [one._asdict() for one in found.notices],
    }
    tail = [OUTSIDE.format(n=f"{found.outside:,}", unit=found.units.words), *found.notices]
    titles = {one.key: one.title for one in ranking.criteria.items}
    tail += [
        Text(f"{titles[key].zh}：{why.zh}", f"{titles[key].en}: {why.en}")
        for key, why in found.left_out.items()
        if key in titles
    ]
    return Done(
        answer,
        [
            *immediate_lines(ranking, lang),
            *rank_lines(ranking),
            *(one.in_(lang) for one in tail),
            conventions(ranking).in_(lang),
        ],
    )
