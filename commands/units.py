"""Ranking and explaining other units than grids on the command line: ``--of estates|buildings|streets|LAYER|FILE``."""

import argparse
from typing import Any

from commands.verb import Option, UsageError
from commands.weighing import criteria_of
from geo.text import Lang, Text
from layers.workspace import open_workspace
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


def units_answer(found: UnitRanking, of: str) -> dict[str, Any]:
    """Give what a ranking of other units says more than one of grids."""
    return {
        "of": of,
        "unit": found.units.words._asdict(),
        "reach_m": found.units.reach_m,
        "left_out": {key: why._asdict() for key, why in found.left_out.items()},
        "unit_notices": [one._asdict() for one in found.notices],
    }


def units_lines(found: UnitRanking, lang: Lang) -> list[str]:
    """Say which issues belong to no unit, and which measures mean nothing for such units."""
    titles = {one.key: one.title for one in found.ranking.criteria.items}
    outside = OUTSIDE.format(n=f"{found.outside:,}", unit=found.units.words)
    left_out = [
        Text(f"{titles[key].zh}：{why.zh}", f"{titles[key].en}: {why.en}")
        for key, why in found.left_out.items()
        if key in titles
    ]
    return [one.in_(lang) for one in (outside, *found.notices, *left_out)]
