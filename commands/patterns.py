"""The verbs that look for patterns: hot spots of grids and points, and trends by month."""

import argparse

from commands.options import AS_OF, LEVEL, WORKSPACE, positive
from commands.verb import Done, Option, Say, Verb
from geo.text import Text
from layers import Workspace, open_workspace
from reports.patterns import Asked, hot_spots, months, point_groups, sequence, surface, usual
from reports.patterns.answers import (
    hot_spots_answer,
    hot_spots_lines,
    months_answer,
    months_lines,
    points_answer,
)
from reports.patterns.asked import PERS, STATES
from reports.patterns.density import method as surface_method
from reports.patterns.groups import method as groups_method
from reports.patterns.succession import method as sequence_method

SEED = Asked().seed


def _asked(options: argparse.Namespace, ws: Workspace) -> Asked:
    per = options.per or (usual(ws, options.level) if ws.levels else "none")
    return Asked(kind=options.type, state=options.state, per=per, level=options.level, seed=options.seed)


def find_hot_spots(options: argparse.Namespace, say: Say) -> Done:
    """Judge the grids, and with ``--points`` the places of the issues themselves."""
    ws = open_workspace(options.folder, as_of=options.as_of)
    asked = _asked(options, ws)
    pattern = hot_spots(ws, asked)
    answer, lines = hot_spots_answer(pattern), hot_spots_lines(pattern, options.lang)
    if options.points:
        say(Text("计算密度、聚集与时空邻近……", "density, groups and nearness in time…"))
        dense, groups, knox = surface(ws, asked), point_groups(ws, asked), sequence(ws, asked)
        answer["points"] = points_answer(asked, dense, groups, knox)
        said = (surface_method(dense) if dense else []) + groups_method(groups)
        lines += [one.in_(options.lang) for one in [*said, knox.why or sequence_method(knox)[0]]]
    return Done(answer, lines)


def find_trends(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (verbs are called alike)
    """Judge the months of each grid."""
    ws = open_workspace(options.folder, as_of=options.as_of)
    found = months(ws, _asked(options, ws))
    return Done(months_answer(found), months_lines(found, options.lang))


TYPE = Option(("--type",), Text("问题类别代码，缺省为全部", "code of an issue type; default all"), {"metavar": "TYPE"})
STATE = Option(
    ("--state",),
    Text("计哪些问题：全部上报、未办结、已超期", "which issues: all reported, open, overdue"),
    {"choices": list(STATES), "default": "reported"},
)
PER = Option(
    ("--per",),
    Text(
        "分母：户数、居民、面积，或不作比率；缺省为有数据的最好一种",
        "denominator: households, residents, area, or none; default the best that is known",
    ),
    {"choices": list(PERS)},
)
SEEDED = Option(
    ("--seed",),
    Text("置换检验的随机种子", "seed of the permutations"),
    {"type": positive, "default": SEED, "metavar": "N"},
)
POINTS = Option(
    ("--points",),
    Text("另算密度、点聚集与时空邻近", "also density, groups of points, and nearness in space and time"),
    {"action": "store_true"},
)
VERBS = {
    "hotspots": Verb(
        Text(
            "判断哪些网格的问题确实偏多：比率及精确区间、经验贝叶斯收缩、Gi* 热点与局部 Moran 异常（错误发现率校正）。网格太少时只描述。",
            "Tells which grids really have more issues: rates with exact intervals, empirical Bayes, hot spots (Gi*) and "
            "outliers (local Moran) with false-discovery control. Too few grids are described only.",
        ),
        (WORKSPACE, TYPE, STATE, PER, LEVEL, POINTS, AS_OF, SEEDED),
        ("hotspots huolong", "hotspots huolong --type GARBAGE --per residents --json"),
        find_hot_spots,
    ),
    "trends": Verb(
        Text(
            "逐月判断各网格的上报是升是降（Mann-Kendall、Sen 斜率），哪些热点是新的、加剧的、消退的。月数不足时不作判断。",
            "Tells month by month where reports rise or fall (Mann-Kendall, Sen's slope) and which hot spots are new, "
            "growing or fading. Too few months say nothing.",
        ),
        (WORKSPACE, TYPE, STATE, PER, LEVEL, AS_OF, SEEDED),
        ("trends huolong", "trends huolong --type GARBAGE --json"),
        find_trends,
    ),
}
