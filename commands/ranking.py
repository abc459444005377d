"""The verbs that rank the grids and explain a rank."""

import argparse
from typing import Any

from commands.options import AS_OF, CRITERIA, LEVEL, WORKSPACE, positive, refused
from commands.units import OF, ranked_units, units_answer, units_lines
from commands.verb import Done, Option, Say, UsageError, Verb
from commands.weighing import AHP, PRESET, criteria_of
from geo.errors import CriteriaError
from geo.text import Text
from layers.workspace import open_workspace
from reports import explain, rank
from reports.answers import explain_answer, explain_lines, grid_named, immediate_lines, rank_answer, rank_lines
from reports.priority import FIRST, Ranking
from reports.readiness.answer import readiness_answer
from reports.rivals import certificate, ranked_by, rivals
from reports.rivals.answers import certificate_answer, methods_answer, rivals_lines
from reports.rivals.by_method import METHODS, SOURCES, checked_normalisation, conventions_of

MANY_PAIRS = Text(
    "PROMETHEE 两两比较，最多 {most} 个单位；这里有 {n} 个，请用其他方法",
    "PROMETHEE compares every pair, of at most {most} units; here are {n}: take another method",
)
MANY_UNITS = Text(
    "{n} 个单位多于 {most} 个，不作多方法并列和稳健性证书。",
    "{n} units are more than {most}: no methods side by side and no certificate.",
)


def ranked(options: argparse.Namespace, *, draws: int | None = None) -> Ranking:
    """Open the workspace of ``options.folder`` and rank it as ``--level`` and ``--criteria`` say.

    Raises:
        DataError: the workspace does not open, or has no such level.
        CriteriaError: the file of criteria cannot be used.
    """
    ws = open_workspace(options.folder, as_of=options.as_of)
    return rank(ws, level=options.level, criteria=criteria_of(options, ws), draws=draws)


def rank_grids(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (verbs are called alike)
    """Rank the grids, or other units, by the wanted method, with the other methods and the certificate beside it."""
    units = ranked_units(options) if options.of else None
    given = units.ranking if units else ranked(options, draws=options.draws)
    base, ranking = _by_method(options, given)
    side, firm = _side_by_side(options, base)
    answer = {**rank_answer(ranking), **side}
    if units is None:
        answer = {**rank_answer(ranking), **readiness_answer(ranking), **side}
    notices = [words.in_(options.lang) for words in ranking.notices]
    lines = [*immediate_lines(ranking, options.lang), *rank_lines(ranking), *notices, *firm]
    if units is not None:
        answer, lines = {**answer, **units_answer(units, options.of)}, [*lines, *units_lines(units, options.lang)]
    return Done(answer, [*dict.fromkeys(lines), conventions_of(ranking).in_(options.lang)])


def _by_method(options: argparse.Namespace, given: Ranking) -> tuple[Ranking, Ranking]:
    """Give the weighted sum with the wanted weights, and the wanted method on the same weights.

    Raises:
        UsageError: a method without the normalisation that it needs, or one that compares too many pairs.
    """
    most = int(given.measures.policy["promethee_most_units"])
    if options.method == "promethee" and len(given.grids) > most:
        raise UsageError(MANY_PAIRS.format(n=f"{len(given.grids):,}", most=f"{most:,}"))
    try:
        checked_normalisation(options.method, options.normalisation)
    except CriteriaError as error:
        raise UsageError(error.problems[0].expected) from error
    house = options.normalisation if options.method == "weighted_sum" else None
    base = ranked_by(given, "weighted_sum", normalisation=house, weights=options.weights)
    return base, ranked_by(base, options.method, normalisation=options.normalisation)


def _side_by_side(options: argparse.Namespace, base: Ranking) -> tuple[dict[str, Any], list[str]]:
    """Give the methods side by side and the certificate, as answer and as lines; for very many units neither."""
    most = int(base.measures.policy["certificate_most_units"])
    if len(base.grids) > most:
        return {}, [MANY_UNITS.format(n=f"{len(base.grids):,}", most=f"{most:,}").in_(options.lang)]
    side, firm = rivals(base), certificate(base, box=options.box, draws=options.draws)
    answer = {"methods": methods_answer(side), "certificate": certificate_answer(firm)}
    return answer, rivals_lines(side, firm, options.lang)


def share(word: str) -> float:
    """Read a share above 0 up to 1."""
    try:
        found = float(word)
    except ValueError:
        found = 0.0
    if not 0 < found <= 1:
        raise refused(Text("{word} 不是 0 到 1 的比例", "{word} is no share from 0 to 1"), word=word)
    return found


def explain_grid(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001
    """Explain the place of one grid."""
    ranking = ranked_units(options).ranking if options.of else ranked(options, draws=options.draws)
    found = explain(ranking, grid_named(ranking, options.grid_id), first=options.first)
    return Done(explain_answer(found), explain_lines(found, options.lang))


METHOD = Option(("--method",), Text("方法", "method"), {"choices": METHODS, "default": "weighted_sum"})
NORMALISATION = Option(
    ("--normalisation",),
    Text(
        "归一化：加权求和为 goalposts 或 minmax，TOPSIS 必须写明 vector 或 minmax",
        "normalisation: goalposts or minmax for the weighted sum; TOPSIS needs vector or minmax to be named",
    ),
    {"choices": ["goalposts", "minmax", "vector"]},
)
WEIGHTS = Option(
    ("--weights",),
    Text("权重来源：给定、熵权法或 CRITIC", "weights: as given, or from the data by entropy or CRITIC"),
    {"choices": SOURCES, "default": "user"},
)
BOX = Option(
    ("--box",),
    Text(
        "稳健性证书中各权重可浮动的比例，缺省见政策表",
        "share by which each weight may differ in the certificate; default as in the policy table",
    ),
    {"type": share, "metavar": "SHARE"},
)
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
            "按需求给网格排名：名次、得分、权重变动时的名次区间；并列出其他方法是否一致，以及名次有多可靠。"
            "末行写明方法、种子和日期。",
            "Ranks the grids by need: rank, score and the range of ranks that other weights would give; says whether "
            "other methods agree and how firm the ranks are. The last line states method, seed and date.",
        ),
        (WORKSPACE, LEVEL, OF, CRITERIA, AHP, PRESET, AS_OF, METHOD, NORMALISATION, WEIGHTS, BOX, DRAWS),
        (
            "rank huolong",
            "rank huolong --of estates",
            "rank huolong --level 1 --json",
            "rank huolong --method topsis --normalisation vector --lang en",
        ),
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
            Option(METHOD.names, METHOD.words, {"choices": ["weighted_sum"], "default": "weighted_sum"}),
            DRAWS,
            PLACES,
        ),
        ("explain huolong HL-03-01", "explain huolong HL-03-01 --lang zh", "explain huolong HL-01-03 --json"),
        explain_grid,
    ),
}
