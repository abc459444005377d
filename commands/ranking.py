"""The verbs that rank the grids and explain a rank."""

import argparse

from commands.options import AS_OF, CRITERIA, LEVEL, WORKSPACE, positive
from commands.units import OF, rank_of, ranked_units
from commands.verb import Done, Option, Say, Verb
from commands.weighing import AHP, PRESET, criteria_of
from geo.text import Text
from layers.workspace import open_workspace
from reports import explain, rank
from reports.answers import explain_answer, explain_lines, grid_named, immediate_lines, rank_answer, rank_lines
from reports.priority import FIRST, Ranking, conventions
from reports.readiness.answer import readiness_answer


def ranked(options: argparse.Namespace, *, draws: int | None = None) -> Ranking:
    """Open the workspace of ``options.folder`` and rank it as ``--level`` and ``--criteria`` say.

    Raises:
        DataError: the workspace does not open, or has no such level.
        CriteriaError: the file of criteria cannot be used.
    """
    ws = open_workspace(options.folder, as_of=options.as_of)
    return rank(ws, level=options.level, criteria=criteria_of(options, ws), draws=draws)


def rank_grids(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (verbs are called alike)
    """Rank the grids of a workspace."""
    if options.of:
        return rank_of(options)
    ranking = ranked(options, draws=options.draws)
    now = immediate_lines(ranking, options.lang)
    return Done(
        {**rank_answer(ranking), **readiness_answer(ranking)},
        [*now, *rank_lines(ranking), conventions(ranking).in_(options.lang)],
    )


def explain_grid(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001
    """Explain the place of one grid."""
    ranking = ranked_units(options).ranking if options.of else ranked(options, draws=options.draws)
    found = explain(ranking, grid_named(ranking, options.grid_id), first=options.first)
    return Done(explain_answer(found), explain_lines(found, options.lang))


METHOD = Option(("--method",), Text("方法", "method"), {"choices": ["weighted_sum"], "default": "weighted_sum"})
DRAWS = Option(
    ("--draws",),
    Text("随机权重组数，缺省见政策表", "random weightings; default as in the policy table"),
    {"type": positive, "metavar": "N"},
)
PLACES = Option(
    ("--first",),
    Text("进入或退出前几名，缺省 5", "the first places that it might enter or leave; default 5"),
    {"type": positive, "default": FIRST, "metavar": "K"},
)
VERBS = {
    "rank": Verb(
        Text(
            "按需求给网格排名：名次、得分、权重变动时的名次区间。末行写明方法、种子和日期。",
            "Ranks the grids by need: rank, score and the range of ranks that other weights would give. "
            "The last line states method, seed and date.",
        ),
        (WORKSPACE, LEVEL, OF, CRITERIA, AHP, PRESET, AS_OF, METHOD, DRAWS),
        ("rank huolong", "rank huolong --of estates", "rank huolong --level 1 --json"),
        rank_grids,
    ),
    "explain": Verb(
        Text(
            "说明一个网格的名次：一句话、各项得分、最小的哪项变化会使它升降一位，以及最少办结或新增几件问题会使它退出或进入前几名。",
            "Explains the place of a grid: a sentence, points by criterion, the smallest change that moves it "
            "up or down, and the fewest issues, closed or reported, that move it out of or into the first places.",
        ),
        (
            WORKSPACE,
            AS_OF,
            Option(("grid_id",), Text("网格编号或名称", "grid id or name"), {"metavar": "GRID_ID"}),
            LEVEL,
            OF,
            CRITERIA,
            AHP,
            PRESET,
            METHOD,
            DRAWS,
            PLACES,
        ),
        ("explain huolong HL-03-01", "explain huolong HL-03-01 --lang zh", "explain huolong HL-01-03 --json"),
        explain_grid,
    ),
}
