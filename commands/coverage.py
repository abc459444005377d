"""The verb about coverage: who is within reach of a service, on foot and in a straight line."""

import argparse

from commands.options import AS_OF, LEVEL, WORKSPACE, positive
from commands.verb import Done, Option, Say, UsageError, Verb
from geo.text import Text
from layers.workspace import open_workspace
from reports.service.coverage import coverage, metres_limit, minutes_limit, standard_limit
from reports.service.coverage_answer import coverage_answer, coverage_lines
from reports.service.served import distances_of


def show_coverage(options: argparse.Namespace, say: Say) -> Done:
    """Measure the coverage of a service.

    Raises:
        UsageError: metres and minutes together.
        DataError: no such service, pace or level.
    """
    if options.metres and options.minutes:
        raise UsageError(Text("--metres 和 --minutes 只能选一个", "choose one of --metres and --minutes"))
    ws = open_workspace(options.folder, as_of=options.as_of)
    if options.level is not None:
        ws.grids(options.level)
    say(Text("正在计算距离", "measuring distances"))
    measured = distances_of(ws, options.of)
    limit = standard_limit(measured)
    if options.metres:
        limit = metres_limit(measured, options.metres)
    if options.minutes:
        limit = minutes_limit(ws, measured, options.minutes, options.pace)
    found = coverage(measured, limit)
    on_foot = not options.straight
    answer = coverage_answer(ws, found, level=options.level, on_foot=on_foot)
    return Done(answer, coverage_lines(ws, found, options.lang, on_foot=on_foot))


OF = Option(
    ("--of",),
    Text(
        "服务：toilets、parks（按规模 300/500 m）、parking，以及 standards/services.csv 中的其他服务",
        "the service: toilets, parks (by size, 300 and 500 m), parking, or another of standards/services.csv",
    ),
    {"default": "toilets", "metavar": "SERVICE"},
)
METRES = Option(
    ("--metres",), Text("限值，米；缺省为标准值", "the limit in metres; default that of the standard"),
    {"type": positive, "metavar": "N"},
)  # fmt: skip
MINUTES = Option(
    ("--minutes",), Text("限值，步行分钟", "the limit in minutes of walking"), {"type": positive, "metavar": "N"}
)
PACE = Option(
    ("--pace",),
    Text("步速：adult 成年人，elderly 老年人", "the pace: adult or elderly"),
    {"default": "adult", "metavar": "PACE"},
)
STRAIGHT = Option(
    ("--straight",),
    Text("未覆盖清单按直线距离列出", "list as not served what the straight line does not reach"),
    {"action": "store_true"},
)
VERBS = {
    "coverage": Verb(
        Text(
            "覆盖：多少建筑、户、居民和建筑面积在限值以内，步行（沿街巷、不穿铁路等屏障）和直线并列，"
            "各网格、各小区、未覆盖清单，以及直线多算了多少。正好等于限值算覆盖。",
            "Coverage: how many buildings, households, residents and how much floor area lie within a limit, on foot (along "
            "the streets, over no railway or other barrier) and in a straight line beside it; by grid and housing estate, "
            "with what is not served and how far the straight line is too high. Exactly on the limit is served.",
        ),
        (WORKSPACE, OF, METRES, MINUTES, PACE, STRAIGHT, LEVEL, AS_OF),
        (
            "coverage huolong --of toilets",
            "coverage huolong --of parks --lang zh",
            "coverage huolong --of health --minutes 10 --pace elderly",
        ),
        show_coverage,
    )
}
